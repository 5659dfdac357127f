# %% [markdown] fails={"test_num_jac": "none", "test_layer_jacs": "results", "test_jvp": "none", "test_vjp": "none", "test_both_modes": "none", "test_macs": "none", "test_affine_jac_theta": "none"}
# Prints the results, or nothing yet, and returns none of them.

# %% grade_id="num_jac"
def num_jac(f, x, h):
    for e in h * np.eye(len(x)):
        print((f(x + e) - f(x - e)) / (2 * h))


# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    print(Ws[-1])


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    pass


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    pass


# %% grade_id="both_modes"
def jac_fwd(jvp, D):
    for e in np.eye(D):
        print(jvp(e))


def jac_rev(vjp, M):
    for e in np.eye(M):
        print(vjp(e))


# %% grade_id="macs"
def macs(sizes, mode, free_seed):
    print(sum(a * b for a, b in zip(sizes, sizes[1:])))


# %% grade_id="affine_jac_theta"
def affine_jac_theta(x, M):
    print(np.kron(np.eye(M), x))
