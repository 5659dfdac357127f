# %% [markdown] fails={"test_num_grad": "none", "test_path_sum": "none", "test_chain_forward": "results"}
# Computes everything and returns nothing.

# %% grade_id="num_grad"
def num_grad(f, x, h):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up = np.array(x, dtype=float)
        down = np.array(x, dtype=float)
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (2 * h)


# %% grade_id="path_sum"
def path_sum(dl_dz, dz_dx):
    total = dl_dz @ dz_dx


# %% grade_id="chain_forward"
def chain_forward(x, w, b, act, out):
    L = len(w)
    z = np.zeros(L)
    a = np.zeros(L + 1)
    a[0] = x
    for k in range(L):
        z[k] = w[k] * a[k] + b[k]
        a[k + 1] = PHI[out if k == L - 1 else act](z[k])
