# %% [markdown] fails={"test_n_neurons": "bias_units_counted"}
# Counts the hidden bias unit as the slide CEE697M-C23 does, seven neurons for 3-4-2.

# %% grade_id="n_neurons"
def n_neurons(sizes):
    return sum(n + 1 for n in sizes[1:-1]) + sizes[-1]
