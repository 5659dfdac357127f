# %% [markdown] fails={"test_minibatches": "not_shuffled"}
# Cuts the samples into batches in the order in which they lie.

# %% grade_id="minibatches"
def minibatches(N, B, rng):
    order = np.arange(N)
    return [order[start : start + B] for start in range(0, N, B)]
