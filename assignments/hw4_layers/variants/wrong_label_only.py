# %% [markdown] fails={"test_softmax_ce": null}
# Takes the class with the largest share as the label, which is right for one-hot targets alone.

# %% grade_id="softmax_ce"
def softmax_ce(Z, T):
    N = len(Z)
    label = T.argmax(axis=1)
    S = Z - Z.max(axis=1, keepdims=True)
    logP = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    loss = -logP[np.arange(N), label].mean()
    dZ = np.exp(logP)
    dZ[np.arange(N), label] -= 1
    return loss, dZ / N
