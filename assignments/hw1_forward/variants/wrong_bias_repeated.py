# %% [markdown] fails={"test_affine": "bias_repeated"}
# Adds the bias inside the sum over the inputs, once for each of them.

# %% grade_id="affine"
def affine(X, W, b):
    N, D = X.shape
    Z = np.zeros((N, len(W)))
    for m in range(len(W)):
        for d in range(D):
            Z[:, m] += W[m, d] * X[:, d] + b[m]
    return Z
