# %% [markdown]
# Puts each function into as few lines as possible, with comprehensions and reduce.

# %% grade_id="num_jac"
num_jac = lambda f, x, h: np.stack([(f(x + e) - f(x - e)) / h / 2 for e in np.diag(np.full(len(x), h))], axis=-1)


# %% grade_id="layer_jacs"
from functools import reduce


def run(x, Ws, bs, act):
    step = lambda done, layer: done + [activation(layer[0] @ done[-1][0] + layer[1], act)]
    return reduce(step, zip(Ws[:-1], bs[:-1]), [(x, None)])[1:]


def layer_jacs(x, Ws, bs, act):
    return [np.multiply(s[:, np.newaxis], W) for (_, s), W in zip(run(x, Ws, bs, act), Ws)] + [Ws[-1]]


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    hidden = zip(Ws, run(x, Ws, bs, act))
    return Ws[-1].dot(reduce(lambda da, layer: layer[1][1] * layer[0].dot(da), hidden, v))


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    slopes = [s for _, s in run(x, Ws, bs, act)]
    return reduce(lambda g, layer: (g * layer[1]).dot(layer[0]), list(zip(Ws, slopes))[::-1], u.dot(Ws[-1]))


# %% grade_id="both_modes"
jac_fwd = lambda jvp, D: np.transpose(list(map(jvp, np.eye(D))))
jac_rev = lambda vjp, M: np.array(list(map(vjp, np.eye(M))))


# %% grade_id="macs"
def macs(sizes, mode, free_seed):
    n = sizes if mode == "forward" else list(reversed(sizes))
    return sum(n[0] * p * q for p, q in list(zip(n, n[1:]))[int(free_seed) :])


# %% grade_id="affine_jac_theta"
def affine_jac_theta(x, M):
    return np.array([[xj if i == k else 0.0 for k in range(M) for xj in x] for i in range(M)])
