# %% [markdown] fails={"test_num_grad": "zero", "test_linearize": "zero", "test_loss_factors": null, "test_path_sum": null, "test_chain_forward": "zero", "test_chain_grads": "zero", "test_chain_step": null}
# Gives every function a result of the right shape and leaves the mathematics for later.

# %% grade_id="num_grad"
def num_grad(f, x, h):
    return np.zeros(x.shape)


# %% grade_id="linearize"
def linearize(f, x):
    value = f(x)
    return value, np.zeros((len(value), len(x)))


# %% grade_id="loss_factors"
def loss_factors(kind, N, K):
    return 1.0


# %% grade_id="path_sum"
def path_sum(dl_dz, dz_dx):
    return 0.0


# %% grade_id="chain_forward"
def chain_forward(x, w, b, act, out):
    return np.zeros(len(w)), np.zeros(len(w) + 1)


# %% grade_id="chain_grads"
def chain_grads(x, y, w, b, act, out):
    return np.zeros(len(w)), np.zeros(len(w))


# %% grade_id="chain_step"
def chain_step(y, z, a, w, b, act, out, lr):
    return w.copy(), b.copy()
