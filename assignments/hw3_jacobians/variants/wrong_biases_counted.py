# %% [markdown] fails={"test_macs": "value"}
# Adds a multiply-add for every bias.

# %% grade_id="macs"
def macs(sizes, mode, free_seed):
    layers = [(a + 1) * b for a, b in zip(sizes, sizes[1:])]
    if mode == "forward":
        return sizes[0] * sum(layers[1:] if free_seed else layers)
    return sizes[-1] * sum(layers[:-1] if free_seed else layers)
