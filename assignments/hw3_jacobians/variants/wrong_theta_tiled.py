# %% [markdown] fails={"test_affine_jac_theta": "block_repeated"}
# Lets every output feel the weights of all rows.

# %% grade_id="affine_jac_theta"
def affine_jac_theta(x, M):
    return np.tile(x, (M, M))
