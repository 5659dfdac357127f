# %% [markdown]
# Takes the first layer off and calls itself for the rest of the network.

# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    if len(Ws) == 1:
        return [Ws[0] + 0.0]
    a, slope = activation(Ws[0].dot(x) + bs[0], act)
    return [slope[:, None] * Ws[0], *layer_jacs(a, Ws[1:], bs[1:], act)]


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    if len(Ws) == 1:
        return Ws[0] @ v
    a, slope = activation(Ws[0] @ x + bs[0], act)
    return jvp(a, slope * (Ws[0] @ v), Ws[1:], bs[1:], act)


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    if len(Ws) == 1:
        return u @ Ws[0]
    a, slope = activation(Ws[0] @ x + bs[0], act)
    return (vjp(a, u, Ws[1:], bs[1:], act) * slope) @ Ws[0]


# %% grade_id="both_modes"
def jac_fwd(jvp, D):
    if D == 1:
        return jvp(np.ones(1))[:, None]
    half = D // 2
    left = jac_fwd(lambda v: jvp(np.concatenate([v, np.zeros(D - half)])), half)
    right = jac_fwd(lambda v: jvp(np.concatenate([np.zeros(half), v])), D - half)
    return np.hstack([left, right])


def jac_rev(vjp, M):
    return np.array([vjp(np.roll(np.eye(1, M)[0], i)) for i in range(M)])


# %% grade_id="affine_jac_theta"
def affine_jac_theta(x, M):
    D = len(x)
    if M == 1:
        return x.reshape(1, D)
    above = affine_jac_theta(x, M - 1)
    return np.block([[above, np.zeros((M - 1, D))], [np.zeros((1, above.shape[1])), x[None]]])
