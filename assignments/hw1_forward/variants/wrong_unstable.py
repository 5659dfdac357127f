# %% [markdown] fails={"test_sigmoid": "not_finite", "test_tanh_from_sigmoid": "not_finite", "test_softmax": "not_finite"}
# Uses the forms of the slides that are right on paper and overflow in the computer.

# %% grade_id="sigmoid"
def sigmoid(z):
    return np.exp(z) / (1 + np.exp(z))


# %% grade_id="tanh_from_sigmoid"
def tanh_from_sigmoid(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


# %% grade_id="softmax"
def softmax(Z):
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)
