# %% [markdown] fails={"test_relu": "mutated", "test_softmax": "mutated", "test_mlp_forward": "mutated", "test_n_params": "mutated", "test_n_neurons": "mutated"}
# Writes into the arrays and lists it is given.

# %% grade_id="relu"
def relu(z):
    z[z < 0] = 0
    return z


# %% grade_id="softmax"
def softmax(Z):
    Z -= Z.max(axis=1, keepdims=True)
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)


# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs, As = [], [X]
    last = Ws.pop()
    for W, b in zip(Ws, bs):
        Zs.append(As[-1] @ W.T + b)
        As.append(act(Zs[-1]))
    Zs.append(As[-1] @ last.T + bs[-1])
    As.append(out(Zs[-1]))
    return As[-1], Zs, As


# %% grade_id="n_params"
def n_params(sizes):
    total = 0
    below = sizes.pop(0)
    while sizes:
        total += sizes[0] * (below + 1)
        below = sizes.pop(0)
    return total


# %% grade_id="n_neurons"
def n_neurons(sizes):
    sizes[0] = 0
    return sum(sizes)
