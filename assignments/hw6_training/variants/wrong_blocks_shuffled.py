# %% [markdown] fails={"test_minibatches": "not_shuffled"}
# Shuffles the batches, but not the samples.

# %% grade_id="minibatches"
def minibatches(N, B, rng):
    batches = [np.arange(start, min(start + B, N)) for start in range(0, N, B)]
    return [batches[k] for k in rng.permutation(len(batches))]
