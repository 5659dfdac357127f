# %% [markdown] fails={"test_dropout": "value"}
# Drops whole samples.

# %% grade_id="dropout"
def dropout(A, p, rng, train):
    if not train:
        return A, np.ones(A.shape)
    mask = np.repeat(rng.random((len(A), 1)) >= p, A.shape[1], axis=1)
    return A * mask / (1 - p), mask
