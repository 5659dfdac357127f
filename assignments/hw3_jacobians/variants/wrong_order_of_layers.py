# %% [markdown] fails={"test_layer_jacs": "shape"}
# Lists the Jacobians in the order of the product, the last layer first.

# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    Js = []
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        Js.insert(0, slope[:, None] * W)
    return [Ws[-1]] + Js
