# %% [markdown] fails={"test_chain_step": "mutated"}
# Steps the arrays it was given, and through them the caller's.

# %% grade_id="chain_step"
def chain_step(y, z, a, w, b, act, out, lr):
    L = len(w)
    new_w = w
    new_b = b
    da = 2 * (a[L] - y)
    for k in range(L - 1, -1, -1):
        slope = SLOPE[out if k == L - 1 else act](a[k + 1])
        dz = da * slope
        old = w[k]
        new_w[k] -= lr * dz * a[k]
        new_b[k] -= lr * dz
        da = dz * old
    return new_w, new_b
