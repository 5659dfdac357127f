# %% [markdown] fails={"test_num_grad": null}
# Goes through x with one index, as if every array were a vector.

# %% grade_id="num_grad"
def num_grad(f, x, h):
    g = np.zeros(len(x))
    for i in range(len(x)):
        up = np.array(x, dtype=float)
        down = np.array(x, dtype=float)
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g
