# %% [markdown] fails={"test_layer_jacs": "mutated"}
# Scales the weights it was given and returns them as Jacobians.

# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        W *= slope[:, None]
    return Ws
