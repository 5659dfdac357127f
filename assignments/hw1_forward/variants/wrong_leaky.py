# %% [markdown] fails={"test_relu": null}
# Lets a hundredth of the negative numbers through.

# %% grade_id="relu"
def relu(z):
    return np.maximum(z, 0.01 * z)
