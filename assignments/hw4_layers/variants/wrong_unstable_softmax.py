# %% [markdown] fails={"test_softmax_ce": "not_finite"}
# Takes exponentials of the logits as they are, which overflow at 1000.

# %% grade_id="softmax_ce"
def softmax_ce(Z, T):
    P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    loss = -np.sum(T * np.log(P)) / len(Z)
    return loss, (P - T) / len(Z)
