# %% [markdown] fails={"test_sigmoid": null, "test_tanh_from_sigmoid": "sign"}
# Loses the minus sign in the exponent, and tanh inherits it.

# %% grade_id="sigmoid"
def sigmoid(z):
    return 1 / (1 + np.exp(z))


# %% grade_id="tanh_from_sigmoid"
def tanh_from_sigmoid(z):
    return 2 * sigmoid(2 * z) - 1
