# %% [markdown] fails={"test_path_sum": "paths_crossed"}
# Adds each kind of label on its own and multiplies the sums.

# %% grade_id="path_sum"
def path_sum(dl_dz, dz_dx):
    return dl_dz.sum() * dz_dx.sum()
