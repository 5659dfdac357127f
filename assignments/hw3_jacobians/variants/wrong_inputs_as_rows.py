# %% [markdown] fails={"test_num_jac": "transposed"}
# Returns the answers to the nudges as rows, inputs by outputs.

# %% grade_id="num_jac"
def num_jac(f, x, h):
    return np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))])
