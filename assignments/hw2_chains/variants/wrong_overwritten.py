# %% [markdown] fails={"test_path_sum": "overwritten"}
# Writes = where += is meant, so that the last path is all that remains.

# %% grade_id="path_sum"
def path_sum(dl_dz, dz_dx):
    for i in range(len(dl_dz)):
        total = dl_dz[i] * dz_dx[i]
    return total
