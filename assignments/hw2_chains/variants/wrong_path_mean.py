# %% [markdown] fails={"test_path_sum": null}
# Averages over the paths.

# %% grade_id="path_sum"
def path_sum(dl_dz, dz_dx):
    return np.mean(dl_dz * dz_dx)
