# %% [markdown] fails={"test_affine_jac_theta": "read_by_columns"}
# Reads the weights column after column.

# %% grade_id="affine_jac_theta"
def affine_jac_theta(x, M):
    return np.kron(x, np.eye(M))
