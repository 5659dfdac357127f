# %% [markdown] fails={"test_dropout": "dropout_scaled_by_p"}
# Divides what is kept by p.

# %% grade_id="dropout"
def dropout(A, p, rng, train):
    if not train:
        return A, np.ones(A.shape)
    mask = rng.random(A.shape) >= p
    return A * mask / p if p else A, mask
