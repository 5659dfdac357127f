# %% [markdown] fails={"test_n_params": null, "test_n_neurons": "inputs_counted"}
# Treats the inputs as neurons with a bias of their own.

# %% grade_id="n_params"
def n_params(sizes):
    return sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes)


# %% grade_id="n_neurons"
def n_neurons(sizes):
    return sum(sizes)
