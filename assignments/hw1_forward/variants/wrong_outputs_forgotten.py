# %% [markdown] fails={"test_n_params": null, "test_n_neurons": "outputs_forgotten"}
# Stops one layer too early in both counts.

# %% grade_id="n_params"
def n_params(sizes):
    return sum(sizes[k + 1] * (sizes[k] + 1) for k in range(len(sizes) - 2))


# %% grade_id="n_neurons"
def n_neurons(sizes):
    return sum(sizes[1:-1])
