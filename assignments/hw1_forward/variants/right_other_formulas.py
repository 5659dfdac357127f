# %% [markdown]
# Knows other ways: the sigmoid from tanh, softmax by logarithms, the bias as a weight, parameters from the matrices.

# %% grade_id="sigmoid"
def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(z / 2)


# %% grade_id="tanh_from_sigmoid"
def tanh_from_sigmoid(z):
    return sigmoid(2 * z) - sigmoid(-2 * z)


# %% grade_id="relu"
def relu(z):
    return (z + np.abs(z)) / 2


# %% grade_id="softmax"
def softmax(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))


# %% grade_id="affine"
def affine(X, W, b):
    ones = np.ones((len(X), 1))
    return np.hstack([ones, X]) @ np.column_stack([b, W]).T


# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    As = [X]
    Zs = []
    functions = [act] * (len(Ws) - 1) + [out]
    for W, b, phi in zip(Ws, bs, functions):
        Z = np.einsum("nd,md->nm", As[-1], W) + b
        Zs.append(Z)
        As.append(phi(Z))
    return As[-1], tuple(Zs), tuple(As)


# %% grade_id="n_params"
def n_params(sizes):
    return sum(np.zeros((m, d + 1)).size for d, m in zip(sizes, sizes[1:]))


# %% grade_id="n_neurons"
def n_neurons(sizes):
    return float(sum(sizes) - sizes[0])
