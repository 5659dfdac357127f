# %% [markdown] fails={"test_affine_backward": "transposed"}
# Copies the weight gradient of the CSC561 deck, which is the transpose of the shape of W.

# %% grade_id="affine_backward"
def affine_backward(G, X, W):
    dX = G @ W
    dW = X.T @ G
    db = G.sum(axis=0)
    return dX, dW, db
