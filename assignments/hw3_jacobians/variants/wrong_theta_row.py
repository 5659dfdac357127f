# %% [markdown] fails={"test_affine_jac_theta": "shape"}
# Copies the slide: the Jacobian of W x with respect to W is x transposed.

# %% grade_id="affine_jac_theta"
def affine_jac_theta(x, M):
    return x[None, :]
