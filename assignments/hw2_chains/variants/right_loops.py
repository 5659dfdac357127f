# %% [markdown]
# Writes every sum and every index as a plain loop, with Python floats and math.

# %% grade_id="num_grad"
def num_grad(f, x, h):
    flat = [float(entry) for entry in x.ravel()]
    slopes = []
    for i in range(len(flat)):
        up = list(flat)
        down = list(flat)
        up[i] = up[i] + h
        down[i] = down[i] - h
        rise = f(np.array(up).reshape(x.shape)) - f(np.array(down).reshape(x.shape))
        slopes.append(rise / (2 * h))
    return np.array(slopes).reshape(x.shape)


# %% grade_id="linearize"
def linearize(f, x):
    value = f(x)
    M, D = len(value), len(x)
    h = 1e-4
    J = np.zeros((M, D))
    for d in range(D):
        up = x.copy()
        down = x.copy()
        up[d] += h
        down[d] -= h
        above = f(up)
        below = f(down)
        for m in range(M):
            J[m, d] = (above[m] - below[m]) / (2 * h)
    return value, J


# %% grade_id="loss_factors"
def loss_factors(kind, N, K):
    if kind == "half_se":
        return 1 / N
    elif kind == "se":
        return 2 / N
    elif kind == "sse":
        return 2
    else:
        return 2 / N / K


# %% grade_id="path_sum"
def path_sum(dl_dz, dz_dx):
    total = 0.0
    for i in range(len(dl_dz)):
        total += dl_dz[i] * dz_dx[i]
    return total


# %% grade_id="chain_forward"
import math


def apply(name, z):
    if name == "identity":
        return z
    if name == "tanh":
        return math.tanh(z)
    return 1 / (1 + math.exp(-z))


def chain_forward(x, w, b, act, out):
    z = []
    a = [x]
    for k in range(len(w)):
        z.append(float(w[k]) * a[k] + float(b[k]))
        if k == len(w) - 1:
            a.append(apply(out, z[k]))
        else:
            a.append(apply(act, z[k]))
    return z, a


# %% grade_id="chain_grads"
import math


def chain_grads(x, y, w, b, act, out):
    w = [float(entry) for entry in w]
    b = [float(entry) for entry in b]
    L = len(w)
    a = [x]
    slopes = []
    for k in range(L):
        z = w[k] * a[k] + b[k]
        name = out if k == L - 1 else act
        if name == "identity":
            a.append(z)
            slopes.append(1.0)
        elif name == "tanh":
            a.append(math.tanh(z))
            slopes.append(1 - a[-1] ** 2)
        else:
            a.append(1 / (1 + math.exp(-z)))
            slopes.append(a[-1] * (1 - a[-1]))
    dw = [0.0] * L
    db = [0.0] * L
    product = 2 * (a[L] - y)
    for k in range(L - 1, -1, -1):
        product = product * slopes[k]
        dw[k] = product * a[k]
        db[k] = product
        product = product * w[k]
    return dw, db


# %% grade_id="chain_step"
def chain_step(y, z, a, w, b, act, out, lr):
    L = len(w)
    new_w = w.copy()
    new_b = b.copy()
    da = 2 * (a[L] - y)
    for k in range(L - 1, -1, -1):
        slope = SLOPE[out if k == L - 1 else act](a[k + 1])
        dz = da * slope
        new_w[k] -= lr * dz * a[k]
        new_b[k] -= lr * dz
        da = dz * w[k]
    return new_w, new_b
