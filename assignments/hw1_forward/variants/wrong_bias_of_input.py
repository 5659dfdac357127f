# %% [markdown] fails={"test_affine": "bias_index"}
# Copies b_d from the slide CEE697M-U1; after the inner loop d is the last input.

# %% grade_id="affine"
def affine(X, W, b):
    N, D = X.shape
    M = len(W)
    Z = np.zeros((N, M))
    for n in range(N):
        for m in range(M):
            for d in range(D):
                Z[n, m] += W[m, d] * X[n, d]
            Z[n, m] += b[d]
    return Z
