# %% [markdown] fails={"test_affine": "first_row_reused+bias_index"}
# Types CEE697M-U1 as it is printed, with both wrong indices and the bias inside the sum.

# %% grade_id="affine"
def affine(X, W, b):
    N, D = X.shape
    return np.array([[sum(W[0, d] * X[n, d] + b[d] for d in range(D)) for m in range(len(W))] for n in range(N)])
