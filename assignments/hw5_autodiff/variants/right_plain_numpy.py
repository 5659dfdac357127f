# %% [markdown]
# Trains without the engine, measures every coordinate to find the bug, and folds the layers with reduce.

# %% grade_id="is_subgradient"
def is_subgradient(f, x, g):
    grid = np.linspace(-3, 3, 601)
    return min(f(grid) - f(x) - g * (grid - x)) >= -1e-9


# %% grade_id="mlp_loss"
from functools import reduce


def affine(A, layer):
    return A @ layer[0].T + layer[1]


def mlp_loss(layers, X, T, tanh):
    hidden = reduce(lambda A, layer: tanh(affine(A, layer)), layers[:-1], X)
    difference = T - affine(hidden, layers[-1])
    return (difference * difference * (1 / (2 * len(T)))).sum()


# %% grade_id="train_xor"
XOR_INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_TARGETS = np.array([[0.0], [1.0], [1.0], [0.0]])


def train_xor(seed):
    rng = np.random.default_rng(seed)
    W1, b1 = 2 * rng.normal(size=(20, 2)), rng.normal(size=20)
    W2, b2 = 0.1 * rng.normal(size=(1, 20)), np.zeros(1)
    for _ in range(20000):
        A = np.tanh(XOR_INPUTS @ W1.T + b1)
        E = A @ W2.T + b2 - XOR_TARGETS
        if np.abs(E).max() < 0.1:
            break
        dZ = E @ W2 * (1 - A**2)
        W2 = W2 - 0.05 * E.T @ A
        b2 = b2 - 0.05 * E.sum(axis=0)
        W1 = W1 - 0.05 * dZ.T @ XOR_INPUTS
        b1 = b1 - 0.05 * dZ.sum(axis=0)
    return [(W1, b1), (W2, b2)]


# %% grade_id="find_bug"
OPERATIONS = ("sigmoid", "tanh", "relu", "exp", "log", "softmax", "row_max", "row_product")


def find_bug(run):
    X = np.array([[0.6, 1.3, 0.9], [1.7, 0.8, 1.1]])
    G = np.array([[0.7, -1.2, 0.4], [-0.5, 0.9, 1.6]])
    for name in OPERATIONS:
        weights = G[:, :1] if name in ("row_max", "row_product") else G
        dX = run(name, X, weights)[1]
        slopes = np.zeros(X.shape)
        for index in np.ndindex(X.shape):
            up, down = X.copy(), X.copy()
            up[index] += 1e-6
            down[index] -= 1e-6
            slopes[index] = np.sum(weights * (run(name, up, weights)[0] - run(name, down, weights)[0])) / 2e-6
        if not np.allclose(dX, slopes, rtol=1e-4, atol=1e-6):
            return name
