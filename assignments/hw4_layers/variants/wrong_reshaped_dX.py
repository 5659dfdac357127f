# %% [markdown] fails={"test_affine_backward": null}
# Forgets that a column became a row: makes the shape of dX fit with reshape in place of a transpose.

# %% grade_id="affine_backward"
def affine_backward(G, X, W):
    dX = (W.T @ G.T).reshape(X.shape)
    dW = G.T @ X
    db = np.sum(G, axis=0)
    return dX, dW, db
