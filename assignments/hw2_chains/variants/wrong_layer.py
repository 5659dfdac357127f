# %% [markdown] fails={"test_chain_grads": null}
# Builds the gradient of each weight from the activation of its own neuron.

# %% grade_id="chain_grads"
def chain_grads(x, y, w, b, act, out):
    L = len(w)
    a, z = [x], []
    for k in range(L):
        z.append(w[k] * a[k] + b[k])
        a.append(PHI[out if k == L - 1 else act](z[k]))
    dw = np.zeros(L)
    db = np.zeros(L)
    da = 2 * (a[L] - y)
    for k in range(L - 1, -1, -1):
        slope = SLOPE[out if k == L - 1 else act](a[k + 1])
        dz = da * slope
        dw[k] = dz * a[k + 1]
        db[k] = dz
        da = dz * w[k]
    return dw, db
