# %% [markdown] fails={"test_macs": "free_seed_elsewhere"}
# Leaves out the last layer in forward mode and the first in reverse mode when the seed is free.

# %% grade_id="macs"
def macs(sizes, mode, free_seed):
    layers = [a * b for a, b in zip(sizes, sizes[1:])]
    if mode == "forward":
        return sizes[0] * sum(layers[:-1] if free_seed else layers)
    return sizes[-1] * sum(layers[1:] if free_seed else layers)
