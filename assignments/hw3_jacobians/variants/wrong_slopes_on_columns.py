# %% [markdown] fails={"test_layer_jacs": "raised"}
# Multiplies the slopes along the rows of W, where each row needs one slope.

# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    Js = []
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        Js.append(W * slope)
    return Js + [Ws[-1]]
