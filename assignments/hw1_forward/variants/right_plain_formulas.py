# %% [markdown]
# Types the formulas as they stand. The sigmoid overflows far below 0, where numpy warns and the result is right.

# %% grade_id="sigmoid"
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %% grade_id="tanh_from_sigmoid"
def tanh_from_sigmoid(z):
    return 2 / (1 + np.exp(-2 * z)) - 1


# %% grade_id="relu"
def relu(z):
    return z * (z > 0)


# %% grade_id="softmax"
def softmax(Z):
    shifted = (Z.T - Z.max(axis=1)).T
    return (np.exp(shifted).T / np.exp(shifted).sum(axis=1)).T


# %% grade_id="affine"
def affine(X, W, b):
    return np.dot(X, np.transpose(W)) + b[None, :]


# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs, As = [], [X]
    for W, b in zip(Ws[:-1], bs[:-1]):
        Zs.append(np.dot(As[-1], W.T) + b)
        As.append(act(Zs[-1]))
    Zs.append(np.dot(As[-1], Ws[-1].T) + bs[-1])
    As.append(out(Zs[-1]))
    return As[-1], Zs, As


# %% grade_id="n_params"
def n_params(sizes):
    weights = np.dot(sizes[:-1], sizes[1:])
    biases = np.sum(sizes[1:])
    return weights + biases


# %% grade_id="n_neurons"
def n_neurons(sizes):
    return np.sum(sizes) - sizes[0]
