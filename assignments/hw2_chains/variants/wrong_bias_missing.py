# %% [markdown] fails={"test_chain_forward": "bias_forgotten"}
# Forgets the bias in the sum of each neuron.

# %% grade_id="chain_forward"
def chain_forward(x, w, b, act, out):
    L = len(w)
    z = np.zeros(L)
    a = np.zeros(L + 1)
    a[0] = x
    for k in range(L):
        z[k] = w[k] * a[k]
        a[k + 1] = PHI[out if k == L - 1 else act](z[k])
    return z, a
