# %% [markdown] fails={"test_minibatches": "shuffled_once"}
# Shuffles with a fixed seed, so every epoch has the same order.

# %% grade_id="minibatches"
def minibatches(N, B, rng):
    order = np.random.default_rng(0).permutation(N)
    return [order[start : start + B] for start in range(0, N, B)]
