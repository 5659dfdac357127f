# %% [markdown] fails={"test_chain_grads": "sign", "test_chain_step": "sign"}
# Starts from target minus prediction.

# %% grade_id="chain_grads"
def chain_grads(x, y, w, b, act, out):
    L = len(w)
    a, z = [x], []
    for k in range(L):
        z.append(w[k] * a[k] + b[k])
        a.append(PHI[out if k == L - 1 else act](z[k]))
    dw = np.zeros(L)
    db = np.zeros(L)
    da = 2 * (y - a[L])
    for k in range(L - 1, -1, -1):
        slope = SLOPE[out if k == L - 1 else act](a[k + 1])
        dz = da * slope
        dw[k] = dz * a[k]
        db[k] = dz
        da = dz * w[k]
    return dw, db


# %% grade_id="chain_step"
def chain_step(y, z, a, w, b, act, out, lr):
    L = len(w)
    new_w = w.copy()
    new_b = b.copy()
    da = 2 * (y - a[L])
    for k in range(L - 1, -1, -1):
        slope = SLOPE[out if k == L - 1 else act](a[k + 1])
        dz = da * slope
        new_w[k] -= lr * dz * a[k]
        new_b[k] -= lr * dz
        da = dz * w[k]
    return new_w, new_b
