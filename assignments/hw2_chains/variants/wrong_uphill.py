# %% [markdown] fails={"test_chain_step": "sign"}
# Adds the gradient, which climbs.

# %% grade_id="chain_step"
def chain_step(y, z, a, w, b, act, out, lr):
    L = len(w)
    new_w = w.copy()
    new_b = b.copy()
    da = 2 * (a[L] - y)
    for k in range(L - 1, -1, -1):
        slope = SLOPE[out if k == L - 1 else act](a[k + 1])
        dz = da * slope
        new_w[k] += lr * dz * a[k]
        new_b[k] += lr * dz
        da = dz * w[k]
    return new_w, new_b
