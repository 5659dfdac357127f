# %% [markdown]
# Cuts the work into small helper functions and walks through the network by recursion.

# %% grade_id="sigmoid"
def one_over_one_plus(e):
    return 1 / (1 + e)


def sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, one_over_one_plus(small), small * one_over_one_plus(small))


# %% grade_id="relu"
def relu(z):
    result = z.copy()
    result[result < 0] = 0
    return result


# %% grade_id="softmax"
def softmax_of_row(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


def softmax(Z):
    return np.apply_along_axis(softmax_of_row, 1, Z)


# %% grade_id="affine"
def unit(X, w, bias):
    return X @ w + bias


def affine(X, W, b):
    return np.stack([unit(X, W[m], b[m]) for m in range(len(b))], axis=1)


# %% grade_id="mlp_forward"
def rest_of_network(A, Ws, bs, act, out):
    Z = affine(A, Ws[0], bs[0])
    if len(Ws) == 1:
        return [Z], [A, out(Z)]
    Zs, As = rest_of_network(act(Z), Ws[1:], bs[1:], act, out)
    return [Z] + Zs, [A] + As


def mlp_forward(X, Ws, bs, act, out):
    Zs, As = rest_of_network(X, Ws, bs, act, out)
    return As[-1], Zs, As


# %% grade_id="n_params"
def n_params(sizes):
    if len(sizes) == 1:
        return 0
    return sizes[1] * (sizes[0] + 1) + n_params(sizes[1:])


# %% grade_id="n_neurons"
def n_neurons(sizes):
    first, *others = sizes
    return sum(others)
