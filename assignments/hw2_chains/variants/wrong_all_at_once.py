# %% [markdown] fails={"test_num_grad": null}
# Moves all entries together and returns the one slope for each of them.

# %% grade_id="num_grad"
def num_grad(f, x, h):
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))
