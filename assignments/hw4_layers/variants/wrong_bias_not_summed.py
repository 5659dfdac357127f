# %% [markdown] fails={"test_affine_backward": "unsummed"}
# Takes the bias gradient of one sample from the slides and does not add it up over the batch.

# %% grade_id="affine_backward"
def affine_backward(G, X, W):
    dX = np.dot(G, W)
    dW = np.dot(G.T, X)
    db = G
    return dX, dW, db
