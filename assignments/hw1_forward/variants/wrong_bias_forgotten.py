# %% [markdown] fails={"test_affine": "bias_forgotten", "test_mlp_forward": "bias_forgotten", "test_n_params": "biases_forgotten"}
# Has never heard of biases.

# %% grade_id="affine"
def affine(X, W, b):
    return X @ W.T


# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs, As = [], [X]
    for k, W in enumerate(Ws):
        Zs.append(As[-1] @ W.T)
        As.append(out(Zs[-1]) if k == len(Ws) - 1 else act(Zs[-1]))
    return As[-1], Zs, As


# %% grade_id="n_params"
def n_params(sizes):
    return sum(a * b for a, b in zip(sizes, sizes[1:]))
