# %% [markdown] fails={"test_vjp": "raised"}
# Reads the stored slopes from the start of the list on the way back.

# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    slopes = []
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, slope = activation(W @ x + b, act)
        slopes.append(slope)
    u = u @ Ws[-1]
    for W, slope in zip(Ws[-2::-1], slopes):
        u = (u * slope) @ W
    return u
