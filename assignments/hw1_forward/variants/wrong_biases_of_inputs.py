# %% [markdown] fails={"test_n_params": "biases_of_inputs"}
# Believes the slide CEE697M-C45: D + 1 biases.

# %% grade_id="n_params"
def n_params(sizes):
    weights = sum(a * b for a, b in zip(sizes, sizes[1:]))
    return weights + sizes[0] + 1
