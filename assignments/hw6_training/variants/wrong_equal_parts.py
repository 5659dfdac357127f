# %% [markdown] fails={"test_minibatches": "wrong"}
# Divides the samples into parts of nearly equal size instead of batches of B.

# %% grade_id="minibatches"
def minibatches(N, B, rng):
    return np.array_split(rng.permutation(N), -(-N // B))
