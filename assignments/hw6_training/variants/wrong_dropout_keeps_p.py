# %% [markdown] fails={"test_dropout": "mask_reversed"}
# Keeps with the probability p what should be dropped with it.

# %% grade_id="dropout"
def dropout(A, p, rng, train):
    if not train:
        return A, np.ones(A.shape)
    mask = rng.random(A.shape) < p
    return A * mask / (1 - p), mask
