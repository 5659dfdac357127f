# %% [markdown]
# Writes one helper that runs forward and keeps everything, and builds all exercises on it.

# %% grade_id="num_jac"
def central(f, x, direction, h):
    """Slope of f at x along a direction."""
    return (np.asarray(f(x + h * direction)) - np.asarray(f(x - h * direction))) / (2 * h)


def num_jac(f, x, h):
    D = x.shape[0]
    columns = []
    for j in range(D):
        e = np.zeros(D)
        e[j] = 1.0
        columns.append(central(f, x, e, h))
    return np.transpose(columns)


# %% grade_id="layer_jacs"
class Trace:
    """What a forward pass leaves behind."""

    def __init__(self, x, Ws, bs, act):
        self.Ws = Ws
        self.a, self.slopes = [x], []
        for l, (W, b) in enumerate(zip(Ws, bs)):
            z = W @ self.a[-1] + b
            a, slope = activation(z, act) if l < len(Ws) - 1 else (z, np.ones(len(z)))
            self.a.append(a)
            self.slopes.append(slope)

    def jacobian(self, l):
        return self.slopes[l].reshape(-1, 1) * self.Ws[l]


def layer_jacs(x, Ws, bs, act):
    trace = Trace(x, Ws, bs, act)
    return [trace.jacobian(l) for l in range(len(Ws))]


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    for J in layer_jacs(x, Ws, bs, act):
        v = J @ v
    return v


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    for J in layer_jacs(x, Ws, bs, act)[::-1]:
        u = u @ J
    return u


# %% grade_id="both_modes"
def collect(product, n):
    return np.array([product(one_hot) for one_hot in np.eye(n)])


def jac_fwd(jvp, D):
    return collect(jvp, D).T


def jac_rev(vjp, M):
    return collect(vjp, M)


# %% grade_id="macs"
def costs(sizes):
    return [sizes[k] * sizes[k + 1] for k in range(len(sizes) - 1)]


def macs(sizes, mode, free_seed):
    if mode == "reverse":
        return macs(sizes[::-1], "forward", free_seed)
    layers = costs(sizes)
    if free_seed:
        layers.pop(0)
    return sum(layers) * sizes[0]


# %% grade_id="affine_jac_theta"
def affine_jac_theta(x, M):
    D = len(x)
    J = np.zeros((M, M * D))
    for i in range(M):
        J[i, i * D : (i + 1) * D] = x
    return J
