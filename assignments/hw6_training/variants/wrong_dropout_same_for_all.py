# %% [markdown] fails={"test_dropout": null}
# Drops the same units in every sample of the batch.

# %% grade_id="dropout"
def dropout(A, p, rng, train):
    if not train:
        return A, np.ones(A.shape)
    mask = np.repeat(rng.random((1, A.shape[1])) >= p, len(A), axis=0)
    return A * mask / (1 - p), mask
