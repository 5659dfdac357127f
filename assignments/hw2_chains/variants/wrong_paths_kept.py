# %% [markdown] fails={"test_path_sum": "unsummed"}
# Returns the product along each path and never adds them.

# %% grade_id="path_sum"
def path_sum(dl_dz, dz_dx):
    return dl_dz * dz_dx
