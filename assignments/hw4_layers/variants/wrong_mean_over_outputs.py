# %% [markdown] fails={"test_half_se": "mean_over_outputs", "test_softmax_ce": "mean_over_outputs"}
# Averages with np.mean over samples and outputs at once.

# %% grade_id="half_se"
def half_se(Y, T):
    return np.mean((Y - T) ** 2) / 2, (Y - T) / Y.size


# %% grade_id="softmax_ce"
def softmax_ce(Z, T):
    S = Z - Z.max(axis=1, keepdims=True)
    logP = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    return -np.mean(T * logP), (np.exp(logP) - T) / Z.size
