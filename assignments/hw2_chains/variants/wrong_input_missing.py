# %% [markdown] fails={"test_chain_forward": "shape"}
# Leaves the input out of the list of activations.

# %% grade_id="chain_forward"
def chain_forward(x, w, b, act, out):
    L = len(w)
    z = np.zeros(L)
    a = np.zeros(L + 1)
    a[0] = x
    for k in range(L):
        z[k] = w[k] * a[k] + b[k]
        a[k + 1] = PHI[out if k == L - 1 else act](z[k])
    return z, a[1:]
