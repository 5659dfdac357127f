# %% [markdown] fails={"test_num_jac": "wrong"}
# Nudges all inputs at once, so that every column is the sum of all.

# %% grade_id="num_jac"
def num_jac(f, x, h):
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return np.stack([slope] * len(x), axis=1)
