# %% [markdown] fails={"test_dropout": "dropout_unscaled"}
# Drops units and leaves the others as they are.

# %% grade_id="dropout"
def dropout(A, p, rng, train):
    if not train:
        return A, np.ones(A.shape)
    mask = rng.random(A.shape) >= p
    return A * mask, mask
