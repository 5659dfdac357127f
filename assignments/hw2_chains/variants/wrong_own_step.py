# %% [markdown] fails={"test_num_grad": null}
# Ignores the step h and uses a small one of its own.

# %% grade_id="num_grad"
def num_grad(f, x, h):
    h = 1e-5
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up = np.array(x, dtype=float)
        down = np.array(x, dtype=float)
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g
