# %% [markdown] fails={"test_minibatches": "samples_missed"}
# Leaves the last, shorter batch out.

# %% grade_id="minibatches"
def minibatches(N, B, rng):
    order = rng.permutation(N)
    return [order[k * B : (k + 1) * B] for k in range(N // B)]
