# %% [markdown]
# Writes the layers as products with diagonal matrices and with einsum, and the rest with array tricks.

# %% grade_id="num_jac"
def num_jac(f, x, h):
    E = h * np.identity(x.size)
    plus = np.array([f(row) for row in x + E])
    minus = np.array([f(row) for row in x - E])
    return (plus - minus).T / (2 * h)


# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    Js = []
    for W, b in zip(Ws, bs):
        z = np.einsum("md,d->m", W, x) + b
        if len(Js) == len(Ws) - 1:
            Js.append(W.copy())
        else:
            x, slope = activation(z, act)
            Js.append(np.diag(slope) @ W)
    return Js


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    both = np.stack([x, v])
    for W, b in zip(Ws[:-1], bs[:-1]):
        z, dz = np.einsum("kd,md->km", both, W)
        a, slope = activation(z + b, act)
        both = np.stack([a, slope * dz])
    return np.einsum("d,md->m", both[1], Ws[-1])


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    L = len(Ws)
    slopes = [None] * (L - 1)
    for l in range(L - 1):
        x, slopes[l] = activation(Ws[l] @ x + bs[l], act)
    g = Ws[-1].T @ u
    for l in reversed(range(L - 1)):
        g = Ws[l].T @ (slopes[l] * g)
    return g


# %% grade_id="both_modes"
def jac_fwd(jvp, D):
    return np.column_stack([jvp(e) for e in np.eye(D)])


def jac_rev(vjp, M):
    return np.vstack([vjp(e) for e in np.eye(M)])


# %% grade_id="macs"
def macs(sizes, mode, free_seed):
    n = np.array(sizes)
    products = n[1:] * n[:-1]
    passes, seed = (n[0], products[0]) if mode == "forward" else (n[-1], products[-1])
    return passes * (products.sum() - (seed if free_seed else 0))


# %% grade_id="affine_jac_theta"
def affine_jac_theta(x, M):
    return np.einsum("ij,d->ijd", np.eye(M), x).reshape(M, -1)
