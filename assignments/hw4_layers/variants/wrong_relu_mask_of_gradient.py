# %% [markdown] fails={"test_act_backward": "relu_mask_of_gradient"}
# Lets ReLU's gradient through where the gradient itself is positive.

# %% grade_id="act_backward"
def act_backward(G, Z, name):
    if name == "relu":
        return np.maximum(G, 0)
    if name == "tanh":
        return G * (1 - np.tanh(Z) ** 2)
    S = 1 / (1 + np.exp(-Z))
    return G * S * (1 - S)
