# %% [markdown] fails={"test_sigmoid": "rounded", "test_softmax": "rounded"}
# Rounds the probabilities to three digits, as in the worked example.

# %% grade_id="sigmoid"
def sigmoid(z):
    return np.round(np.exp(-np.logaddexp(0, -z)), 3)


# %% grade_id="tanh_from_sigmoid"
def tanh_from_sigmoid(z):
    return np.tanh(z)


# %% grade_id="softmax"
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return (E / E.sum(axis=1, keepdims=True)).round(3)
