# %% [markdown] fails={"test_chain_grads": "timeout", "test_chain_step": "timeout"}
# Measures every gradient of the chain by central differences, one parameter after the other.

# %% grade_id="chain_grads"
def chain_cost(x, y, w, b, act, out):
    a = x
    for k in range(len(w)):
        a = PHI[out if k == len(w) - 1 else act](w[k] * a + b[k])
    return (a - y) ** 2


def chain_grads(x, y, w, b, act, out):
    h = 1e-5
    dw, db = np.zeros(len(w)), np.zeros(len(w))
    for k in range(len(w)):
        e = np.zeros(len(w))
        e[k] = h
        dw[k] = (chain_cost(x, y, w + e, b, act, out) - chain_cost(x, y, w - e, b, act, out)) / (2 * h)
        db[k] = (chain_cost(x, y, w, b + e, act, out) - chain_cost(x, y, w, b - e, act, out)) / (2 * h)
    return dw, db


# %% grade_id="chain_step"
def chain_step(y, z, a, w, b, act, out, lr):
    dw, db = chain_grads(a[0], y, w, b, act, out)
    return w - lr * dw, b - lr * db
