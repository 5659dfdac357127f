# %% [markdown] fails={"test_softmax": "unnormalised"}
# Takes the exponentials for the probabilities.

# %% grade_id="softmax"
def softmax(Z):
    return np.exp(Z)
