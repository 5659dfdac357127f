# %% [markdown] fails={"test_num_grad": null}
# Copies x with its type, so that a step of 0.5 is lost where x holds whole numbers.

# %% grade_id="num_grad"
def num_grad(f, x, h):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up = x.copy()
        down = x.copy()
        up[i] = x[i] + h
        down[i] = x[i] - h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g
