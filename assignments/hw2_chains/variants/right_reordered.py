# %% [markdown]
# Takes the slopes from z with other formulas, multiplies in another order, and measures one entry of J at a time.

# %% grade_id="num_grad"
def num_grad(f, x, h):
    v = x.astype(float).ravel()
    g = np.empty(v.size)
    for i in range(v.size):
        v[i] = x.flat[i] + h
        g[i] = f(v.reshape(x.shape).copy())
        v[i] = x.flat[i] - h
        g[i] -= f(v.reshape(x.shape).copy())
        v[i] = x.flat[i]
    return (0.5 / h * g).reshape(x.shape)


# %% grade_id="linearize"
def linearize(f, x):
    # one-sided, with the step that balances rounding and curvature
    value = f(x)
    h = 2e-8
    J = np.empty((len(value), len(x)))
    for d in range(len(x)):
        moved = x.copy()
        moved[d] += h
        J[:, d] = (f(moved) - value) / (moved[d] - x[d])
    return value, J


# %% grade_id="loss_factors"
def loss_factors(kind, N, K):
    scale = 0.5 if kind.startswith("half") else 1.0
    count = 1 if kind == "sse" else N * K if kind == "mse" else N
    return scale / count * 2


# %% grade_id="path_sum"
def path_sum(dl_dz, dz_dx):
    return float(np.inner(dz_dx[::-1], dl_dz[::-1]))


# %% grade_id="chain_forward"
def chain_forward(x, w, b, act, out):
    z, a = np.empty(len(w)), np.full(len(w) + 1, x)
    for l in range(1, len(w)):
        z[l - 1] = b[l - 1] + a[l - 1] * w[l - 1]
        a[l] = PHI[act](z[l - 1])
    z[-1] = b[-1] + a[-2] * w[-1]
    a[-1] = PHI[out](z[-1])
    return z, a


# %% grade_id="chain_grads"
def slope_at(name, z):
    if name == "identity":
        return np.ones_like(z)
    if name == "tanh":
        return 1 / np.cosh(z) ** 2
    return 1 / (2 + np.exp(z) + np.exp(-z))


def chain_grads(x, y, w, b, act, out):
    z, a = chain_forward(x, w, b, act, out)
    dw, db = np.zeros(len(w)), np.zeros(len(w))
    above = (a[-1] - y) * 2
    for l in range(len(w), 0, -1):
        above = slope_at(out if l == len(w) else act, z[l - 1]) * above
        db[l - 1] = above
        above = w[l - 1] * above
    dw[:] = a[:-1] * db
    return dw, db


# %% grade_id="chain_step"
def chain_step(y, z, a, w, b, act, out, lr):
    # one line moved: the old weight is read before it is overwritten in the copy
    w, b = w.copy(), b.copy()
    da = 2 * (a[-1] - y)
    for k in reversed(range(len(w))):
        dz = da * (SLOPE[out] if k == len(w) - 1 else SLOPE[act])(a[k + 1])
        da = w[k] * dz
        w[k] -= lr * dz * a[k]
        b[k] -= lr * dz
    return w, b
