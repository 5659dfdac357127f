# %% [markdown] fails={"test_half_se": "sum_for_mean", "test_softmax_ce": "sum_for_mean"}
# Adds the samples up and never divides by their number.

# %% grade_id="half_se"
def half_se(Y, T):
    return 0.5 * np.sum((Y - T) ** 2), Y - T


# %% grade_id="softmax_ce"
def softmax_ce(Z, T):
    S = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(S)
    P /= P.sum(axis=1, keepdims=True)
    logP = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    return -np.sum(T * logP), P - T
