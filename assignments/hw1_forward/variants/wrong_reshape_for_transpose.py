# %% [markdown] fails={"test_affine": null}
# Makes the shapes fit with reshape where a transpose is needed.

# %% grade_id="affine"
def affine(X, W, b):
    M, D = W.shape
    return X @ W.reshape(D, M) + b
