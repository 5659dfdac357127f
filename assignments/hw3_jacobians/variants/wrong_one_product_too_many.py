# %% [markdown] fails={"test_both_modes": "value"}
# Asks once more than needed, to learn how long the answers are.

# %% grade_id="both_modes"
def jac_fwd(jvp, D):
    M = len(jvp(np.zeros(D)))
    J = np.zeros((M, D))
    for j in range(D):
        J[:, j] = jvp(np.eye(D)[j])
    return J


def jac_rev(vjp, M):
    D = len(vjp(np.zeros(M)))
    J = np.zeros((M, D))
    for i in range(M):
        J[i] = vjp(np.eye(M)[i])
    return J
