# %% [markdown]
# Multiplies all local derivatives at once with numpy: running products instead of a backward loop.

# %% grade_id="num_grad"
def num_grad(f, x, h):
    E = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([f(x + e) - f(x - e) for e in E]).reshape(x.shape) / (2 * h)


# %% grade_id="linearize"
def linearize(f, x):
    h = 1e-5
    E = h * np.eye(x.size)
    return f(x), (np.array([f(x + e) for e in E]) - np.array([f(x - e) for e in E])).T / (2 * h)


# %% grade_id="loss_factors"
def loss_factors(kind, N, K):
    over = dict(half_se=2 * N, se=N, sse=1, mse=N * K)
    return np.float64(2) / over[kind]


# %% grade_id="path_sum"
def path_sum(dl_dz, dz_dx):
    return np.einsum("i,i->", dl_dz, dz_dx)


# %% grade_id="chain_grads"
def chain_grads(x, y, w, b, act, out):
    z, a = chain_forward(x, w, b, act, out)
    slopes = np.append(SLOPE[act](a[1:-1]), SLOPE[out](a[-1]))
    passed = np.append(slopes[:-1] * w[1:], 2 * (a[-1] - y) * slopes[-1])
    dz = np.cumprod(passed[::-1])[::-1]
    return dz * a[:-1], dz


# %% grade_id="chain_step"
def chain_step(y, z, a, w, b, act, out, lr):
    slopes = np.append(SLOPE[act](a[1:-1]), SLOPE[out](a[-1]))
    dz = np.cumprod(np.append(slopes[:-1] * w[1:], 2 * (a[-1] - y) * slopes[-1])[::-1])[::-1]
    return w - lr * dz * a[:-1], b - lr * dz
