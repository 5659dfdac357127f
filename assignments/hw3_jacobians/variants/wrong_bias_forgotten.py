# %% [markdown] fails={"test_layer_jacs": "wrong", "test_jvp": "wrong", "test_vjp": "wrong"}
# Leaves the biases out of the forward pass, because they have no place in a Jacobian.

# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    Js = []
    for W in Ws[:-1]:
        x, slope = activation(W @ x, act)
        Js.append(slope[:, None] * W)
    return Js + [Ws[-1]]


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    for W in Ws[:-1]:
        x, slope = activation(W @ x, act)
        v = slope * (W @ v)
    return Ws[-1] @ v


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    slopes = []
    for W in Ws[:-1]:
        x, slope = activation(W @ x, act)
        slopes.append(slope)
    u = u @ Ws[-1]
    for l in reversed(range(len(slopes))):
        u = (u * slopes[l]) @ Ws[l]
    return u
