# %% [markdown] fails={"test_n_params": "bias_per_layer"}
# Counts one bias for each layer, because the drawing has one bias square for each.

# %% grade_id="n_params"
def n_params(sizes):
    total = 0
    for k in range(1, len(sizes)):
        total += sizes[k - 1] * sizes[k] + 1
    return total
