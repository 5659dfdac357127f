# %% [markdown]
# Adds up one sample after the other in columns, as on the slides, and divides by the number at the end.

# %% grade_id="sgd_epoch"
def sgd_epoch(params, data, batches, lr):
    W1, b1, W2, b2 = params
    X, T = data
    losses = []
    for batch in batches:
        total = [np.zeros_like(p) for p in (W1, b1, W2, b2)]
        loss = 0.0
        for n in batch:
            x, t = X[n], T[n]
            a = np.tanh(W1 @ x + b1)
            u2 = W2 @ a + b2 - t
            u1 = (W2.T @ u2) * (1 - a**2)
            for entry, slope in zip(total, (np.outer(u1, x), u1, np.outer(u2, a), u2)):
                entry += slope
            loss += u2 @ u2 / 2
        W1, b1, W2, b2 = [p - lr / len(batch) * g for p, g in zip((W1, b1, W2, b2), total)]
        losses.append(loss / len(batch))
    return [W1, b1, W2, b2], np.mean(losses)


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


# %% grade_id="dropout"
def dropout(A, p, rng, train):
    keep = rng.binomial(1, 1 - p, size=A.shape) if train else np.ones(A.shape, dtype=int)
    return np.where(keep, A / (1 - p) if train else A, 0.0), keep
