# %% [markdown]
# Writes every sum as a plain loop over samples, outputs and inputs, and softmax with its full Jacobian.

# %% grade_id="affine_backward"
def affine_backward(G, X, W):
    N, M = G.shape
    D = X.shape[1]
    dX = np.zeros((N, D))
    dW = np.zeros((M, D))
    db = np.zeros(M)
    for n in range(N):
        for m in range(M):
            db[m] += G[n, m]
            for d in range(D):
                dX[n, d] += G[n, m] * W[m, d]
                dW[m, d] += G[n, m] * X[n, d]
    return dX, dW, db


# %% grade_id="act_backward"
import math


def act_backward(G, Z, name):
    N, M = Z.shape
    dZ = np.zeros((N, M))
    for n in range(N):
        for m in range(M):
            z = Z[n, m]
            if name == "sigmoid":
                a = 1 / (1 + math.exp(-z))
                slope = a * (1 - a)
            elif name == "tanh":
                slope = 1 - math.tanh(z) ** 2
            else:
                slope = 1 if z > 0 else 0
            dZ[n, m] = G[n, m] * slope
    return dZ


# %% grade_id="softmax_backward"
def softmax_backward(G, P):
    N, K = P.shape
    dZ = np.zeros((N, K))
    for n in range(N):
        for i in range(K):
            for j in range(K):
                jacobian = P[n, i] * ((i == j) - P[n, j])
                dZ[n, j] += G[n, i] * jacobian
    return dZ


# %% grade_id="half_se"
def half_se(Y, T):
    N, K = Y.shape
    loss = 0.0
    dY = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            loss += 0.5 * (Y[n, k] - T[n, k]) ** 2 / N
            dY[n, k] = (Y[n, k] - T[n, k]) / N
    return loss, dY


# %% grade_id="softmax_ce"
def softmax_ce(Z, T):
    N, K = Z.shape
    loss = 0.0
    dZ = np.zeros((N, K))
    for n in range(N):
        top = max(Z[n])
        total = 0.0
        for k in range(K):
            total += math.exp(Z[n, k] - top)
        for k in range(K):
            log_p = Z[n, k] - top - math.log(total)
            loss -= T[n, k] * log_p / N
            dZ[n, k] = (math.exp(log_p) - T[n, k]) / N
    return loss, dZ


# %% grade_id="mlp_loss_and_grads"
def mlp_loss_and_grads(X, T, Ws, bs, act, loss):
    N = len(X)
    L = len(Ws)
    dWs = [np.zeros(W.shape) for W in Ws]
    dbs = [np.zeros(b.shape) for b in bs]
    dX = np.zeros(X.shape)
    total = 0.0
    for n in range(N):
        a = [list(X[n])]
        for l in range(L):
            out = []
            for m in range(Ws[l].shape[0]):
                z = bs[l][m]
                for d in range(Ws[l].shape[1]):
                    z += Ws[l][m, d] * a[l][d]
                if l < L - 1:
                    if act == "sigmoid":
                        z = 1 / (1 + math.exp(-z))
                    elif act == "tanh":
                        z = math.tanh(z)
                    elif z < 0:
                        z = 0.0
                out.append(z)
            a.append(out)
        value, delta = (half_se if loss == "half_se" else softmax_ce)(np.array([a[L]]), T[n : n + 1])
        total += value / N
        delta = [g / N for g in delta[0]]
        for l in reversed(range(L)):
            below = [0.0] * Ws[l].shape[1]
            for m in range(Ws[l].shape[0]):
                dbs[l][m] += delta[m]
                for d in range(Ws[l].shape[1]):
                    dWs[l][m, d] += delta[m] * a[l][d]
                    below[d] += delta[m] * Ws[l][m, d]
            if l == 0:
                dX[n] = below
            elif act == "sigmoid":
                delta = [g * h * (1 - h) for g, h in zip(below, a[l])]
            elif act == "tanh":
                delta = [g * (1 - h * h) for g, h in zip(below, a[l])]
            else:
                delta = [g if h > 0 else 0.0 for g, h in zip(below, a[l])]
    return total, dWs, dbs, dX


# %% grade_id="translation"
def to_csc561(dWs):
    result = []
    for dW in dWs:
        M, D = dW.shape
        new = np.zeros((D, M))
        for i in range(M):
            for j in range(D):
                new[j, i] = dW[i, j]
        result.append(new)
    return result


def to_cee616_row(dW):
    row = []
    for line in dW:
        row += list(line)
    return np.array([row])
