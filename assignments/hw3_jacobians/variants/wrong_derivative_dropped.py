# %% [markdown] fails={"test_layer_jacs": "derivative_dropped", "test_jvp": "derivative_dropped", "test_vjp": "derivative_dropped"}
# Takes each layer's Jacobian to be its weights and forgets the activations.

# %% grade_id="layer_jacs"
def layer_jacs(x, Ws, bs, act):
    return list(Ws)


# %% grade_id="jvp"
def jvp(x, v, Ws, bs, act):
    for W in Ws:
        v = W @ v
    return v


# %% grade_id="vjp"
def vjp(x, u, Ws, bs, act):
    for W in Ws[::-1]:
        u = u @ W
    return u
