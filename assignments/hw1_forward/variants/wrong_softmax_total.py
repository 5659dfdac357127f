# %% [markdown] fails={"test_softmax": "softmax_total"}
# Forgets the axis, so the whole batch adds up to 1.

# %% grade_id="softmax"
def softmax(Z):
    E = np.exp(Z - np.max(Z))
    return E / np.sum(E)
