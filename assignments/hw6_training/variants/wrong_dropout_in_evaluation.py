# %% [markdown] fails={"test_dropout": "dropout_in_evaluation"}
# Drops units in evaluation too.

# %% grade_id="dropout"
def dropout(A, p, rng, train):
    mask = rng.random(A.shape) >= p
    return A * mask / (1 - p), mask
