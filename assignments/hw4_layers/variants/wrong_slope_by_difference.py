# %% [markdown] fails={"test_act_backward": null}
# Measures the slope of the activation by a difference quotient, which straddles the kink of ReLU near 0.

# %% grade_id="act_backward"
def act_backward(G, Z, name):
    if name == "sigmoid":
        f = lambda z: 1 / (1 + np.exp(-z))
    elif name == "tanh":
        f = np.tanh
    else:
        f = lambda z: np.maximum(0, z)
    h = 1e-5
    return G * (f(Z + h) - f(Z - h)) / (2 * h)
