# %% [markdown] fails={"test_num_grad": "mutated"}
# Moves the entries of x itself, forth and back.

# %% grade_id="num_grad"
def num_grad(f, x, h):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        down = f(x)
        x[i] += h
        g[i] = (up - down) / (2 * h)
    return g
