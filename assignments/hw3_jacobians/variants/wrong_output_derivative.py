# %% [markdown] fails={"test_layer_jacs": "output_derivative", "test_jvp": "output_derivative", "test_vjp": "output_derivative"}
# Gives the last layer an activation like all the others.

# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    Js = []
    for W, b in zip(Ws, bs):
        x, slope = activation(W @ x + b, act)
        Js.append(slope[:, None] * W)
    return Js


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    for W, b in zip(Ws, bs):
        x, slope = activation(W @ x + b, act)
        v = slope * (W @ v)
    return v


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    slopes = []
    for W, b in zip(Ws, bs):
        x, slope = activation(W @ x + b, act)
        slopes.append(slope)
    for W, slope in zip(Ws[::-1], slopes[::-1]):
        u = (u * slope) @ W
    return u
