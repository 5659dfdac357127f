# %% [markdown] fails={"test_softmax_ce": "sign"}
# Copies the cross-entropy from a slide that lost its minus sign.

# %% grade_id="softmax_ce"
def softmax_ce(Z, T):
    N = len(Z)
    S = Z - Z.max(axis=1, keepdims=True)
    logP = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    loss = np.sum(T * logP) / N
    dZ = (T - np.exp(logP)) / N
    return loss, dZ
