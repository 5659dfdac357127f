# %% [markdown] fails={"test_sigmoid": null, "test_tanh_from_sigmoid": null, "test_relu": null, "test_softmax": null, "test_affine": null, "test_mlp_forward": null, "test_n_params": null, "test_n_neurons": null}
# Gives every function a result of the right shape and leaves the mathematics for later.

# %% grade_id="sigmoid"
def sigmoid(z):
    return np.full(z.shape, 0.5)


# %% grade_id="tanh_from_sigmoid"
def tanh_from_sigmoid(z):
    return np.zeros(z.shape)


# %% grade_id="relu"
def relu(z):
    return z


# %% grade_id="softmax"
def softmax(Z):
    return np.full(Z.shape, 1 / Z.shape[1])


# %% grade_id="affine"
def affine(X, W, b):
    return np.zeros((len(X), len(W)))


# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs = [np.zeros((len(X), len(W))) for W in Ws]
    return Zs[-1], Zs, [np.zeros(X.shape), *Zs]


# %% grade_id="n_params"
def n_params(sizes):
    return 0


# %% grade_id="n_neurons"
def n_neurons(sizes):
    return len(sizes)
