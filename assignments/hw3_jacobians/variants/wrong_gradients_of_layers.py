# %% [markdown] fails={"test_layer_jacs": "shape"}
# Returns the transposed Jacobians, which the slide calls gradients.

# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    Js = []
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        Js.append(W.T * slope)
    return Js + [Ws[-1].T]
