# %% [markdown] fails={"test_num_grad": "half_distance"}
# Divides the central difference by h instead of 2h.

# %% grade_id="num_grad"
def num_grad(f, x, h):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up = np.array(x, dtype=float)
        down = np.array(x, dtype=float)
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / h
    return g
