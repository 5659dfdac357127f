# %% [markdown] fails={"test_affine_jac_theta": "rounded"}
# Fills an array of integers, which drops the decimals.

# %% grade_id="affine_jac_theta"
def affine_jac_theta(x, M):
    D = len(x)
    J = np.zeros((M, M * D), dtype=int)
    for i in range(M):
        J[i, i * D : (i + 1) * D] = x
    return J
