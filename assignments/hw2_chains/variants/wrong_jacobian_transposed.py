# %% [markdown] fails={"test_linearize": "transposed"}
# Stacks the columns of the Jacobian as rows.

# %% grade_id="linearize"
def linearize(f, x):
    h = 1e-5
    return f(x), np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))])
