# %% [markdown] fails={"test_both_modes": "transposed"}
# Stacks what comes from the right as rows and what comes from the left as columns.

# %% grade_id="both_modes"
def jac_fwd(jvp, D):
    return np.stack([jvp(e) for e in np.eye(D)])


def jac_rev(vjp, M):
    return np.stack([vjp(e) for e in np.eye(M)], axis=1)
