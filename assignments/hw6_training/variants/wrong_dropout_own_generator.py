# %% [markdown] fails={"test_dropout": "own_generator"}
# Starts a generator with a fixed seed in every call.

# %% grade_id="dropout"
def dropout(A, p, rng, train):
    if not train:
        return A, np.ones(A.shape)
    mask = np.random.default_rng(0).random(A.shape) >= p
    return A * mask / (1 - p), mask
