# %% [markdown] fails={"test_softmax": "softmax_axis"}
# Takes maximum and sum along axis 0, over the samples.

# %% grade_id="softmax"
def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)
