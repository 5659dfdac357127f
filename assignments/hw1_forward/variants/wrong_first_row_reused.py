# %% [markdown] fails={"test_affine": "first_row_reused"}
# Copies w_{1,d} from the slide CEE697M-U1, so every unit has the weights of the first.

# %% grade_id="affine"
def affine(X, W, b):
    N, D = X.shape
    M = len(W)
    Z = np.zeros((N, M))
    for n in range(N):
        for m in range(M):
            for d in range(D):
                Z[n, m] += W[0, d] * X[n, d]
            Z[n, m] += b[m]
    return Z
