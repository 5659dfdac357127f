# %% [markdown]
# Casts everything to float32 at the door, as one does on a graphics card, and returns float32.

# %% grade_id="standardize"
def standardize(X_train, X):
    X_train, X = np.float32(X_train), np.float32(X)
    mu, sd = X_train.mean(axis=0), X_train.std(axis=0)
    sd[sd == 0] = 1
    return (X - mu) / sd


# %% grade_id="init_weights"
def init_weights(sizes, kind, rng):
    scale = {
        "zeros": lambda i, o: 0,
        "small_normal": lambda i, o: 0.01,
        "xavier": lambda i, o: np.sqrt(2 / (i + o)),
        "he": lambda i, o: np.sqrt(2 / i),
    }[kind]
    return [
        np.float32(scale(i, o)) * rng.standard_normal((o, i), dtype=np.float32) for i, o in zip(sizes[:-1], sizes[1:])
    ]


# %% grade_id="sgd_epoch"
def sgd_epoch(params, data, batches, lr):
    W1, b1, W2, b2 = (p.astype(np.float32) for p in params)
    X, T = (d.astype(np.float32) for d in data)
    lr = np.float32(lr)
    total = np.float32(0)
    for batch in batches:
        x, t = X[batch], T[batch]
        A = np.tanh(x @ W1.T + b1)
        R = A @ W2.T + b2 - t
        total += (R * R).sum() / np.float32(2 * len(batch))
        R = R / np.float32(len(batch))
        D = R @ W2 * (1 - A * A)
        W1, b1, W2, b2 = W1 - lr * (D.T @ x), b1 - lr * D.sum(0), W2 - lr * (R.T @ A), b2 - lr * R.sum(0)
    return [W1, b1, W2, b2], total / np.float32(len(batches) if hasattr(batches, "__len__") else 1)


# %% grade_id="l2_penalty"
def l2_penalty(Ws, lam, bs=None):
    arrays = [np.float32(V) for V in (Ws if bs is None else [*Ws, *bs])]
    lam = np.float32(lam)
    return lam * np.float32(sum((V * V).sum() for V in arrays)), [np.float32(2) * lam * V for V in arrays]


# %% grade_id="dropout"
def dropout(A, p, rng, train):
    A = A.astype(np.float32)
    if not train:
        return A, np.ones_like(A)
    mask = (rng.random(A.shape, dtype=np.float32) >= p).astype(np.float32)
    return A * (mask / np.float32(1 - p)), mask
