# %% [markdown] fails={"test_sgd_epoch": "loss_of_last_batch"}
# Returns the loss of the last batch instead of the mean over all.

# %% grade_id="sgd_epoch"
def sgd_epoch(params, data, batches, lr):
    W1, b1, W2, b2 = params
    losses = []
    for batch in batches:
        X, T = data[0][batch], data[1][batch]
        A = np.tanh(X @ W1.T + b1)
        Y = A @ W2.T + b2
        losses.append(0.5 * np.sum((Y - T) ** 2) / len(batch))
        dY = (Y - T) / len(batch)
        dZ = dY @ W2 * (1 - A**2)
        dW1, db1, dW2, db2 = dZ.T @ X, dZ.sum(axis=0), dY.T @ A, dY.sum(axis=0)
        W1 = W1 - lr * dW1
        b1 = b1 - lr * db1
        W2 = W2 - lr * dW2
        b2 = b2 - lr * db2
    return [W1, b1, W2, b2], losses[-1]


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
