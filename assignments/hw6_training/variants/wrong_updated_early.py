# %% [markdown] fails={"test_sgd_epoch": "updated_early"}
# Updates the output layer before the gradient of the hidden layer is taken, as the slide of CEE697M reads (A2).

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
        W2 = W2 - lr * dY.T @ A
        b2 = b2 - lr * dY.sum(axis=0)
        dZ = dY @ W2 * (1 - A**2)
        dW1, db1 = dZ.T @ X, dZ.sum(axis=0)
        W1 = W1 - lr * dW1
        b1 = b1 - lr * db1
    return [W1, b1, W2, b2], np.mean(losses)
