# %% [markdown] fails={"test_n_params": "biases_of_inputs"}
# Gives a bias to each unit of the layer below instead of the layer it leads to.

# %% grade_id="n_params"
def n_params(sizes):
    return sum((m + 1) * d for d, m in zip(sizes, sizes[1:]))
