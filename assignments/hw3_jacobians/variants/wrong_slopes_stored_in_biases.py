# %% [markdown] fails={"test_vjp": "mutated"}
# Keeps the slopes for the way back in the arrays of the biases, which are free after the forward pass.

# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    for W, b in zip(Ws[:-1], bs[:-1]):
        x, b[:] = activation(W @ x + b, act)
    u = u @ Ws[-1]
    for l in reversed(range(len(Ws) - 1)):
        u = (u * bs[l]) @ Ws[l]
    return u
