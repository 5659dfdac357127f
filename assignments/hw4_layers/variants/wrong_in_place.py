# %% [markdown] fails={"test_act_backward": "mutated", "test_half_se": "mutated"}
# Saves memory by writing the results into the arrays it was given.

# %% grade_id="act_backward"
def act_backward(G, Z, name):
    if name == "sigmoid":
        A = 1 / (1 + np.exp(-Z))
        G *= A * (1 - A)
    elif name == "tanh":
        G *= 1 - np.tanh(Z) ** 2
    else:
        G[Z <= 0] = 0
    return G


# %% grade_id="half_se"
def half_se(Y, T):
    Y -= T
    loss = 0.5 * np.sum(Y**2) / len(Y)
    return loss, Y / len(Y)
