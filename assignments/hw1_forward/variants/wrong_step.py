# %% [markdown] fails={"test_relu": null}
# Takes ReLU for the step function.

# %% grade_id="relu"
def relu(z):
    return (z > 0).astype(float)
