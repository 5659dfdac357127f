# %% [markdown] fails={"test_minibatches": "with_replacement"}
# Draws every batch anew from all samples.

# %% grade_id="minibatches"
def minibatches(N, B, rng):
    return [rng.integers(N, size=min(B, N - start)) for start in range(0, N, B)]
