# %% [markdown]
# Splits the work into helpers of its own, prints what it does, sends a warning, and returns lists and tuples.

# %% grade_id="num_grad"
def central(f, x, direction, h):
    return (f(x + h * direction) - f(x - h * direction)) / (h + h)


def num_grad(f, x, h):
    print("num_grad at", x)
    slopes = [central(f, x, np.eye(x.size)[i].reshape(x.shape), h) for i in range(x.size)]
    return np.reshape(slopes, x.shape)


# %% grade_id="linearize"
import warnings


def column(f, x, d):
    h = 1e-6
    e = np.zeros(len(x))
    e[d] = h
    return (f(x + e) - f(x - e)) / (2 * h)


def linearize(f, x):
    if len(x) == 1:
        warnings.warn("a function of one number")
    return [f(x), np.column_stack([column(f, x, d) for d in range(len(x))]).tolist()]


# %% grade_id="path_sum"
import math


def path_sum(dl_dz, dz_dx):
    return math.fsum(map(float.__mul__, dl_dz.tolist(), dz_dx.tolist()))


# %% grade_id="chain_forward"
class Neuron:
    def __init__(self, w, b, name):
        self.w, self.b, self.phi = w, b, PHI[name]

    def sum(self, a):
        return self.w * a + self.b


def neurons(w, b, act, out):
    names = [act for _ in w[1:]] + [out]
    return [Neuron(*three) for three in zip(w, b, names)]


def chain_forward(x, w, b, act, out):
    zs, activations = (), (x,)
    for neuron in neurons(w, b, act, out):
        z = neuron.sum(activations[-1])
        zs += (z,)
        activations += (neuron.phi(z),)
    return zs, activations


# %% grade_id="chain_grads"
def run(x, w, b, names):
    values = [x]
    for w_k, b_k, name in zip(w, b, names):
        values.append(PHI[name](w_k * values[-1] + b_k))
    return values


def sweep(da, values, w, names):
    for k in reversed(range(len(w))):
        dz = da * SLOPE[names[k]](values[k + 1])
        yield dz
        da = dz * w[k]


def chain_grads(x, y, w, b, act, out):
    names = [act] * (len(w) - 1) + [out]
    values = run(x, w, b, names)
    db = list(sweep(2 * (values[-1] - y), values, w, names))[::-1]
    dw = [dz * a for dz, a in zip(db, values)]
    return dw, db


# %% grade_id="chain_step"
def descend(parameter, gradient, lr):
    return [p - lr * g for p, g in zip(parameter, gradient)]


def chain_step(y, z, a, w, b, act, out, lr):
    names = [act] * (len(w) - 1) + [out]
    db = list(sweep(2 * (a[-1] - y), a, w, names))[::-1]
    dw = [dz * below for dz, below in zip(db, a)]
    return descend(w, dw, lr), descend(b, db, lr)
