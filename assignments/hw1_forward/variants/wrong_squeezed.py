# %% [markdown] fails={"test_softmax": "shape", "test_affine": "shape"}
# Squeezes the result, so a batch of one sample loses its row.

# %% grade_id="softmax"
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.squeeze(E / E.sum(axis=1, keepdims=True))


# %% grade_id="affine"
def affine(X, W, b):
    return np.squeeze(X @ W.T + b)
