# %% [markdown] fails={"test_chain_forward": "output_activation"}
# Gives the last neuron the activation of the hidden ones.

# %% grade_id="chain_forward"
def chain_forward(x, w, b, act, out):
    L = len(w)
    z = np.zeros(L)
    a = np.zeros(L + 1)
    a[0] = x
    for k in range(L):
        z[k] = w[k] * a[k] + b[k]
        a[k + 1] = PHI[act](z[k])
    return z, a
