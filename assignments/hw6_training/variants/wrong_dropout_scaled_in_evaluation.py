# %% [markdown] fails={"test_dropout": "dropout_unscaled"}
# Leaves training unscaled and multiplies by 1 - p in evaluation, as in the first paper on dropout.

# %% grade_id="dropout"
def dropout(A, p, rng, train):
    if not train:
        return A * (1 - p), np.ones(A.shape)
    mask = rng.random(A.shape) >= p
    return A * mask, mask
