# %% [markdown] fails={"test_layer_jacs": "raised", "test_jvp": "raised", "test_vjp": "raised"}
# Computes every pre-activation from x and never moves on to the activation, which only a deep network shows.

# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    Js = []
    for W, b in zip(Ws[:-1], bs[:-1]):
        slope = activation(W @ x + b, act)[1]
        Js.append(slope[:, None] * W)
    return Js + [Ws[-1]]


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    for W, b in zip(Ws[:-1], bs[:-1]):
        slope = activation(W @ x + b, act)[1]
        v = slope * (W @ v)
    return Ws[-1] @ v


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    slopes = [activation(W @ x + b, act)[1] for W, b in zip(Ws[:-1], bs[:-1])]
    u = u @ Ws[-1]
    for l in reversed(range(len(slopes))):
        u = (u * slopes[l]) @ Ws[l]
    return u
