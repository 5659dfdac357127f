# %% [markdown] fails={"test_softmax": "not_finite"}
# Subtracts the maximum of the whole batch, so a row far below it becomes 0 divided by 0.

# %% grade_id="softmax"
def softmax(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=1, keepdims=True)
