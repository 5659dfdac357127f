# %% [markdown] fails={"test_num_jac": "half_distance"}
# Goes a step to both sides and divides by the length of one.

# %% grade_id="num_jac"
def num_jac(f, x, h):
    return np.stack([(f(x + e) - f(x - e)) / h for e in h * np.eye(len(x))], axis=1)
