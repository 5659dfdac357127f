# %% [markdown] fails={"test_jvp": null, "test_vjp": null}
# Multiplies the layers' Jacobians into one matrix first and uses that for both products.

# %% grade_id="jvp"
def whole(x, Ws, bs, act):
    J = np.eye(len(x)) if len(Ws) == 1 else None
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        layer = slope[:, None] * W
        J = layer if J is None else layer @ J
    return Ws[-1] @ J


def jvp(x, v, Ws, bs, act):
    return whole(x, Ws, bs, act) @ v


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    return u @ whole(x, Ws, bs, act)
