# %% [markdown] fails={"test_macs": "one_seed_free"}
# Subtracts the free product once, though every pass has it.

# %% grade_id="macs"
def macs(sizes, mode, free_seed):
    layers = [a * b for a, b in zip(sizes, sizes[1:])]
    if mode == "forward":
        return sizes[0] * sum(layers) - (layers[0] if free_seed else 0)
    return sizes[-1] * sum(layers) - (layers[-1] if free_seed else 0)
