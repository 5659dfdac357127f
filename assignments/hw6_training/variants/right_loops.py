# %% [markdown]
# Writes every sum as a plain loop over samples, units and inputs.

# %% grade_id="standardize"
def standardize(X_train, X):
    N, D = X_train.shape
    out = np.zeros(X.shape)
    for d in range(D):
        mu = sum(X_train[n, d] for n in range(N)) / N
        s = (sum((X_train[n, d] - mu) ** 2 for n in range(N)) / N) ** 0.5
        if s == 0:
            s = 1
        for n in range(len(X)):
            out[n, d] = (X[n, d] - mu) / s
    return out


# %% grade_id="init_weights"
def init_weights(sizes, kind, rng):
    Ws = []
    for l in range(1, len(sizes)):
        W = np.zeros((sizes[l], sizes[l - 1]))
        if kind == "small_normal":
            sd = 0.01
        elif kind == "xavier":
            sd = (2 / (sizes[l] + sizes[l - 1])) ** 0.5
        elif kind == "he":
            sd = (2 / sizes[l - 1]) ** 0.5
        if kind != "zeros":
            for i in range(sizes[l]):
                for j in range(sizes[l - 1]):
                    W[i, j] = rng.normal(0, sd)
        Ws.append(W)
    return Ws


# %% grade_id="minibatches"
def minibatches(N, B, rng):
    order = list(range(N))
    for i in range(N - 1, 0, -1):  # Fisher-Yates
        j = int(rng.integers(i + 1))
        order[i], order[j] = order[j], order[i]
    batch = []
    for n in order:
        batch.append(n)
        if len(batch) == B:
            yield np.array(batch)
            batch = []
    if batch:
        yield np.array(batch)


# %% grade_id="sgd_epoch"
import math


def sgd_epoch(params, data, batches, lr):
    W1, b1, W2, b2 = [p.copy() for p in params]
    X, T = data
    H, D = W1.shape
    K = len(b2)
    losses = []
    for batch in batches:
        B = len(batch)
        dW1, db1, dW2, db2 = np.zeros((H, D)), np.zeros(H), np.zeros((K, H)), np.zeros(K)
        loss = 0
        for n in batch:
            x = X[n].tolist()
            a = []
            for h in range(H):
                row = W1[h].tolist()
                z = b1[h]
                for d in range(D):
                    z += row[d] * x[d]
                a.append(math.tanh(z))
            dy = []
            for k in range(K):
                y = b2[k]
                for h in range(H):
                    y += W2[k, h] * a[h]
                loss += 0.5 * (y - T[n, k]) ** 2 / B
                dy.append((y - T[n, k]) / B)
            for h in range(H):
                da = 0
                for k in range(K):
                    dW2[k, h] += dy[k] * a[h]
                    da += dy[k] * W2[k, h]
                dz = da * (1 - a[h] ** 2)
                db1[h] += dz
                for d in range(D):
                    dW1[h, d] += dz * x[d]
            for k in range(K):
                db2[k] += dy[k]
        losses.append(loss)
        W1, b1, W2, b2 = W1 - lr * dW1, b1 - lr * db1, W2 - lr * dW2, b2 - lr * db2
    return [W1, b1, W2, b2], sum(losses) / len(losses)


# %% grade_id="lr_schedule"
def lr_schedule(kind, r, c):
    if kind == "constant":
        return c
    else:
        return c / r


# %% grade_id="l2_penalty"
def l2_penalty(Ws, lam, bs=None):
    total = 0
    grads = []
    for W in Ws:
        g = np.zeros(W.shape)
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                total += lam * W[i, j] ** 2
                g[i, j] = 2 * lam * W[i, j]
        grads.append(g)
    if bs is not None:
        for b in bs:
            g = np.zeros(b.shape)
            for i in range(len(b)):
                total += lam * b[i] ** 2
                g[i] = 2 * lam * b[i]
            grads.append(g)
    return total, grads


# %% grade_id="dropout"
def dropout(A, p, rng, train):
    N, M = A.shape
    out, mask = np.zeros((N, M)), np.zeros((N, M))
    for n in range(N):
        for m in range(M):
            if not train:
                out[n, m] = A[n, m]
                mask[n, m] = 1
            elif rng.random() >= p:
                out[n, m] = A[n, m] / (1 - p)
                mask[n, m] = 1
    return out, mask


# %% grade_id="early_stopping"
class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        self.history = []
        self.best = None

    def update(self, v, params):
        if all(v < old for old in self.history):
            self.best = params
        self.history.append(v)
        where = 0
        for k in range(len(self.history)):
            if self.history[k] < self.history[where]:
                where = k
        if len(self.history) - 1 - where >= self.patience:
            return True
        return False


# %% grade_id="train_disc"
def train_disc(seed):
    rng = np.random.default_rng(seed)
    X, T = disc(2000, rng)
    W1, b1 = rng.normal(size=(12, 2)), np.zeros(12)
    w2, b2 = rng.normal(size=12) / 3, 0.0
    for epoch in range(16):
        for batch in minibatches(2000, 25, rng):
            A = np.tanh(X[batch] @ W1.T + b1)
            e = (A @ w2 + b2 - T[batch, 0]) / len(batch)
            D = np.outer(e, w2) * (1 - A * A)
            rate = 0.4 * (1 - epoch / 16)
            w2 = w2 - rate * e @ A
            b2 = b2 - rate * e.sum()
            W1 = W1 - rate * D.T @ X[batch]
            b1 = b1 - rate * D.sum(0)
    return [W1, b1, w2[None], np.array([b2])]
