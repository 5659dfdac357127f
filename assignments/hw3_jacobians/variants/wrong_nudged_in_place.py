# %% [markdown] fails={"test_num_jac": "mutated"}
# Moves the entries of x itself and takes the steps back, which leaves rounding errors.

# %% grade_id="num_jac"
def num_jac(f, x, h):
    columns = []
    for j in range(len(x)):
        x[j] += h
        up = f(x)
        x[j] -= 2 * h
        down = f(x)
        x[j] += h
        columns.append((up - down) / (2 * h))
    return np.stack(columns, axis=1)
