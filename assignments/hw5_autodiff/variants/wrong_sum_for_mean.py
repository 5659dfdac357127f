# %% [markdown] fails={"test_mlp_loss": "sum_for_mean"}
# Adds the samples where the loss takes their mean.

# %% grade_id="mlp_loss"
def mlp_loss(layers, X, T, tanh):
    """The mean over the samples of half the squared error of a network, on nodes or on arrays.

    layers: list of pairs W (n_l, n_{l-1}), b (n_l,), nodes or arrays; X (N, n_0), T (N, n_L), arrays;
    tanh: function of a node or an array, used in all layers but the last.
    Returns a node with one entry, or a number.
    """
    A = X
    for W, b in layers[:-1]:
        A = tanh(A @ W.T + b)
    W, b = layers[-1]
    error = A @ W.T + b - T
    return (error * error).sum() * 0.5
