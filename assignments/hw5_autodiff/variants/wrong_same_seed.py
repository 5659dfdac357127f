# %% [markdown] fails={"test_train_xor": "value"}
# Ignores the seed and returns the same network for all of them.

# %% grade_id="train_xor"
XOR_INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_TARGETS = np.array([[0.0], [1.0], [1.0], [0.0]])


def train_xor(seed):
    """Train a network with tanh in its hidden layers on XOR.

    seed: an integer. Returns a list of pairs W (n_l, n_{l-1}), b (n_l,) of arrays, layer 1 first.
    """
    rng = np.random.default_rng(7)
    W1, b1, W2, b2 = 2 * rng.normal(size=(32, 2)), 2 * rng.normal(size=32), np.zeros((1, 32)), np.zeros(1)
    while True:
        A = np.tanh(XOR_INPUTS @ W1.T + b1)
        error = A @ W2.T + b2 - XOR_TARGETS
        if np.sum(error**2) < 0.04:
            return [(W1, b1), (W2, b2)]
        dZ = error @ W2 * (1 - A**2)
        W2, b2 = W2 - 0.02 * error.T @ A, b2 - 0.02 * error.sum(axis=0)
        W1, b1 = W1 - 0.02 * dZ.T @ XOR_INPUTS, b1 - 0.02 * dZ.sum(axis=0)
