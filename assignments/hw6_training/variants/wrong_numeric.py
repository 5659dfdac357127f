# %% [markdown] fails={"test_sgd_epoch": "timeout", "test_l2_penalty": "timeout"}
# Measures the slopes of the loss and of the penalty one coordinate after the other.

# %% grade_id="sgd_epoch"
def loss_of(params, X, T):
    W1, b1, W2, b2 = params
    Y = np.tanh(X @ W1.T + b1) @ W2.T + b2
    return 0.5 * np.sum((Y - T) ** 2) / len(X)


def slopes(f, x, h=1e-5):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        up = f()
        x[i] = old - h
        down = f()
        x[i] = old
        g[i] = (up - down) / (2 * h)
    return g


def sgd_epoch(params, data, batches, lr):
    params = [p.copy() for p in params]
    losses = []
    for batch in batches:
        f = lambda: loss_of(params, data[0][batch], data[1][batch])
        losses.append(f())
        grads = [slopes(f, p) for p in params]
        params = [p - lr * g for p, g in zip(params, grads)]
    return params, np.mean(losses)


# %% grade_id="l2_penalty"
def l2_penalty(Ws, lam, bs=None):
    arrays = [V.copy() for V in Ws] + [b.copy() for b in bs or []]
    f = lambda: lam * sum(np.sum(V**2) for V in arrays)
    return f(), [slopes(f, V) for V in arrays]


# %% grade_id="train_disc"
def train_disc(seed):
    rng = np.random.default_rng(seed)
    X, T = disc(2000, rng)
    W1, b1, W2, b2 = rng.normal(size=(16, 2)), np.zeros(16), rng.normal(size=(1, 16)) / 3, np.zeros(1)
    for epoch in range(12):
        for batch in np.split(rng.permutation(2000), 100):
            A = np.tanh(X[batch] @ W1.T + b1)
            E = (A @ W2.T + b2 - T[batch]) / len(batch)
            D = E @ W2 * (1 - A**2)
            rate = 0.3 * (1 - epoch / 12)
            W1, b1, W2, b2 = W1 - rate * D.T @ X[batch], b1 - rate * D.sum(0), W2 - rate * E.T @ A, b2 - rate * E.sum(0)
    return [W1, b1, W2, b2]
