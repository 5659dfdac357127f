# %% [markdown] fails={"test_tanh_from_sigmoid": null}
# Forgets the 2 inside the sigmoid.

# %% grade_id="tanh_from_sigmoid"
def tanh_from_sigmoid(z):
    return 2 / (1 + np.exp(-z)) - 1
