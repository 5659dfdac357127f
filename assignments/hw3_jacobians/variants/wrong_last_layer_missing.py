# %% [markdown] fails={"test_layer_jacs": "value", "test_jvp": "shape", "test_vjp": "raised"}
# Stops at the last hidden layer, because the last layer has no activation.

# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    Js = []
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        Js.append(slope[:, None] * W)
    return Js


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        v = slope * (W @ v)
    return v


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    slopes = []
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        slopes.append(slope)
    for l in reversed(range(len(slopes))):
        u = (u * slopes[l]) @ Ws[l]
    return u
