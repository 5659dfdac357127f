# %% [markdown] fails={"test_num_grad": "one_sided", "test_linearize": null}
# Moves each entry to one side only, and divides by h.

# %% grade_id="num_grad"
def num_grad(f, x, h):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up = np.array(x, dtype=float)
        down = np.array(x, dtype=float)
        up[i] += h
        g[i] = (f(up) - f(down)) / h
    return g


# %% grade_id="linearize"
def linearize(f, x):
    h = 1e-3
    return f(x), np.stack([(f(x + e) - f(x)) / h for e in h * np.eye(len(x))], axis=1)
