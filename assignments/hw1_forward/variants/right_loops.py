# %% [markdown]
# Writes every formula entry by entry with plain loops.

# %% grade_id="sigmoid"
import math


def sigmoid(z):
    result = np.zeros(z.shape)
    for index in np.ndindex(*z.shape):
        if z[index] >= 0:
            result[index] = 1 / (1 + math.exp(-z[index]))
        else:
            e = math.exp(z[index])
            result[index] = e / (1 + e)
    return result


# %% grade_id="tanh_from_sigmoid"
def tanh_from_sigmoid(z):
    result = np.zeros(z.shape)
    for index in np.ndindex(*z.shape):
        result[index] = 2 * sigmoid(np.array([2 * z[index]]))[0] - 1
    return result


# %% grade_id="relu"
def relu(z):
    result = np.zeros(z.shape)
    for index in np.ndindex(*z.shape):
        if z[index] > 0:
            result[index] = z[index]
    return result


# %% grade_id="softmax"
def softmax(Z):
    N, K = Z.shape
    P = np.zeros((N, K))
    for n in range(N):
        top = max(Z[n])
        total = 0.0
        for k in range(K):
            total += math.exp(Z[n, k] - top)
        for k in range(K):
            P[n, k] = math.exp(Z[n, k] - top) / total
    return P


# %% grade_id="affine"
def affine(X, W, b):
    N, D = X.shape
    M = len(W)
    Z = np.zeros((N, M))
    for n in range(N):
        for m in range(M):
            Z[n, m] = b[m]
            for d in range(D):
                Z[n, m] += W[m, d] * X[n, d]
    return Z


# %% grade_id="mlp_forward"
def mlp_forward(X, Ws, bs, act, out):
    Zs = []
    As = [X]
    A = X
    for l in range(len(Ws)):
        Z = affine(A, Ws[l], bs[l])
        A = np.zeros(Z.shape)
        for n in range(len(Z)):
            if l == len(Ws) - 1:
                A[n] = out(Z[n : n + 1])[0]
            else:
                for m in range(Z.shape[1]):
                    A[n, m] = act(Z[n, m])
        Zs.append(Z)
        As.append(A)
    return A, Zs, As


# %% grade_id="n_params"
def n_params(sizes):
    total = 0
    for l in range(1, len(sizes)):
        for unit in range(sizes[l]):
            total += sizes[l - 1]
            total += 1
    return total


# %% grade_id="n_neurons"
def n_neurons(sizes):
    total = 0
    for l in range(1, len(sizes)):
        total += sizes[l]
    return total
