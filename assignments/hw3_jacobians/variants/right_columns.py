# %% [markdown]
# Works with column vectors, as the slides do, and flattens the results at the end.

# %% grade_id="num_jac"
def num_jac(f, x, h):
    J = []
    for j in range(len(x)):
        e = np.zeros_like(x)
        e[j] = h
        J.append(np.reshape(f(x + e) - f(x - e), (-1, 1)) / (2 * h))
    return np.hstack(J)


# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    a = x.reshape(-1, 1)
    Js = []
    for l in range(len(Ws) - 1):
        a, slope = activation(Ws[l] @ a + bs[l][:, None], act)
        Js.append(slope * Ws[l])
    Js.append(Ws[-1])
    return tuple(Js)


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    a, da = x[:, None], v[:, None]
    for l in range(len(Ws) - 1):
        da = Ws[l] @ da
        a, slope = activation(Ws[l] @ a + bs[l][:, None], act)
        da = slope * da
    return (Ws[-1] @ da).ravel()


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    a, kept = x[:, None], []
    for l in range(len(Ws) - 1):
        a, slope = activation(Ws[l] @ a + bs[l][:, None], act)
        kept.append(slope)
    g = Ws[-1].T @ u[:, None]
    while kept:
        g = Ws[len(kept) - 1].T @ (kept.pop() * g)
    return g[:, 0]


# %% grade_id="both_modes"
def jac_fwd(jvp, D):
    return np.hstack([jvp(np.eye(D)[:, j])[:, None] for j in range(D)])


def jac_rev(vjp, M):
    return np.concatenate([vjp(np.eye(M)[:, i])[None] for i in range(M)])
