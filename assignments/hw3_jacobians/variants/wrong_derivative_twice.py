# %% [markdown] fails={"test_layer_jacs": "derivative_twice", "test_jvp": "derivative_twice", "test_vjp": "derivative_twice"}
# Multiplies by the slopes before the weights and again after them.

# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    Js = []
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        Js.append(slope[:, None] * (np.diag(slope) @ W))
    return Js + [Ws[-1]]


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        v = slope * (W @ v)
        v = v * slope
    return Ws[-1] @ v


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    slopes = []
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        slopes.append(slope)
    u = u @ Ws[-1]
    for l in reversed(range(len(slopes))):
        u = (u * slopes[l] ** 2) @ Ws[l]
    return u
