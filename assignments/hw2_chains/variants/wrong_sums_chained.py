# %% [markdown] fails={"test_chain_forward": "activation_missing"}
# Hands the sum z to the next neuron instead of its activation.

# %% grade_id="chain_forward"
def chain_forward(x, w, b, act, out):
    L = len(w)
    z = np.zeros(L)
    a = np.zeros(L + 1)
    a[0] = x
    for k in range(L):
        z[k] = w[k] * (z[k - 1] if k else x) + b[k]
        a[k + 1] = PHI[out if k == L - 1 else act](z[k])
    return z, a
