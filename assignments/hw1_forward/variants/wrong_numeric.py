# %% [markdown] fails={"test_sigmoid": null, "test_tanh_from_sigmoid": null, "test_softmax": null}
# Sums twenty terms of the power series of the exponential, which is fine near 0 and useless far away.

# %% grade_id="sigmoid"
def exponential(z):
    total = term = np.ones(z.shape)
    for n in range(1, 20):
        term = term * z / n
        total = total + term
    return total


def sigmoid(z):
    return 1 / (1 + exponential(-z))


# %% grade_id="softmax"
def softmax(Z):
    E = exponential(Z)
    return E / E.sum(axis=1, keepdims=True)
