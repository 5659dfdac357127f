# %% [markdown]
# Writes every product as plain loops over outputs and inputs.

# %% grade_id="num_jac"
def num_jac(f, x, h):
    J = None
    for j in range(len(x)):
        up, down = x.copy(), x.copy()
        up[j] += h
        down[j] -= h
        high, low = f(up), f(down)
        if J is None:
            J = np.zeros((len(high), len(x)))
        for i in range(len(high)):
            J[i, j] = (high[i] - low[i]) / (2 * h)
    return J


# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    a = list(x)
    Js = []
    for l in range(len(Ws)):
        W, b = Ws[l], bs[l]
        M, D = W.shape
        J = np.zeros((M, D))
        new = []
        for m in range(M):
            z = b[m]
            for d in range(D):
                z += W[m, d] * a[d]
            value, slope = activation(z, act) if l < len(Ws) - 1 else (z, 1.0)
            for d in range(D):
                J[m, d] = slope * W[m, d]
            new.append(value)
        a = new
        Js.append(J)
    return Js


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    a, da = x.tolist(), v.tolist()
    for l in range(len(Ws)):
        new_a, new_da = [], []
        for m, row in enumerate(Ws[l].tolist()):
            z, dz = float(bs[l][m]), 0.0
            for d in range(len(row)):
                z += row[d] * a[d]
                dz += row[d] * da[d]
            if l < len(Ws) - 1:
                z, slope = activation(z, act)
                dz *= slope
            new_a.append(z)
            new_da.append(dz)
        a, da = new_a, new_da
    return np.array(da)


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    L = len(Ws)
    a, slopes = x.tolist(), []
    for l in range(L - 1):
        new, slope = [], []
        for m, row in enumerate(Ws[l].tolist()):
            z = float(bs[l][m])
            for d in range(len(row)):
                z += row[d] * a[d]
            value, s = activation(z, act)
            new.append(value)
            slope.append(s)
        a = new
        slopes.append(slope)
    g = u.tolist()
    for l in range(L - 1, -1, -1):
        below = [0.0] * Ws[l].shape[1]
        for m, row in enumerate(Ws[l].tolist()):
            for d in range(len(row)):
                below[d] += g[m] * row[d]
        if l > 0:
            for d in range(len(below)):
                below[d] *= slopes[l - 1][d]
        g = below
    return np.array(g)


# %% grade_id="both_modes"
def jac_fwd(jvp, D):
    columns = []
    for j in range(D):
        v = np.zeros(D)
        v[j] = 1
        columns.append(jvp(v))
    M = len(columns[0])
    J = np.zeros((M, D))
    for i in range(M):
        for j in range(D):
            J[i, j] = columns[j][i]
    return J


def jac_rev(vjp, M):
    rows = []
    for i in range(M):
        u = np.zeros(M)
        u[i] = 1
        rows.append(vjp(u))
    return np.array(rows)


# %% grade_id="macs"
def macs(sizes, mode, free_seed):
    total = 0
    L = len(sizes) - 1
    for l in range(1, L + 1):
        cost = sizes[l] * sizes[l - 1]
        if mode == "forward":
            if free_seed and l == 1:
                cost = 0
            total += sizes[0] * cost
        else:
            if free_seed and l == L:
                cost = 0
            total += sizes[L] * cost
    return total


# %% grade_id="affine_jac_theta"
def affine_jac_theta(x, M):
    D = len(x)
    J = np.zeros((M, M * D))
    for i in range(M):
        for j in range(D):
            J[i, i * D + j] = x[j]
    return J
