# %% [markdown] fails={"test_num_jac": "one_sided"}
# Takes a step up only and subtracts f at x itself.

# %% grade_id="num_jac"
def num_jac(f, x, h):
    return np.stack([(f(x + e) - f(x)) / h for e in h * np.eye(len(x))], axis=1)
