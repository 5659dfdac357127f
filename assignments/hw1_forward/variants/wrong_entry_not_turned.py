# %% [markdown] fails={"test_affine": "entry_not_turned"}
# Believes the matrix printed in CSC561 (row E32) and puts w_12 where w_21 belongs.

# %% grade_id="affine"
def affine(X, W, b):
    W = W.copy()
    if W.shape[0] > 1 and W.shape[1] > 1:
        W[0, 1] = W[1, 0]
    return X @ W.T + b
