# %% [markdown]
# Casts everything to float32 at the door, as one does on a graphics card, and returns float32.

# %% grade_id="affine_backward"
def affine_backward(G, X, W):
    G, X, W = np.float32(G), np.float32(X), np.float32(W)
    return G @ W, G.T @ X, G.sum(0)


# %% grade_id="act_backward"
def act_backward(G, Z, name):
    G, Z = G.astype("float32"), Z.astype("float32")
    if name == "sigmoid":
        A = 1 / (1 + np.exp(-Z))
        return A * (1 - A) * G
    if name == "tanh":
        A = np.tanh(Z)
        return (1 - A * A) * G
    return np.where(Z > 0, G, np.float32(0))


# %% grade_id="softmax_backward"
def softmax_backward(G, P):
    G, P = np.float32(G), np.float32(P)
    return P * G - P * np.sum(P * G, axis=1, keepdims=True)


# %% grade_id="half_se"
def half_se(Y, T):
    R = np.float32(Y) - np.float32(T)
    return np.float32(0.5) * np.mean(np.sum(R * R, axis=1)), R / np.float32(len(R))


# %% grade_id="softmax_ce"
def softmax_ce(Z, T):
    Z, T = np.float32(Z), np.float32(T)
    Z = Z - Z.max(1, keepdims=True)
    logP = Z - np.log(np.exp(Z).sum(1, keepdims=True))
    return -(T * logP).sum(1).mean(), (np.exp(logP) - T) / np.float32(len(Z))


# %% grade_id="mlp_loss_and_grads"
def mlp_loss_and_grads(X, T, Ws, bs, act, loss):
    X, T = np.float32(X), np.float32(T)
    Ws, bs = [np.float32(W) for W in Ws], [np.float32(b) for b in bs]
    Z, A = [], [X]
    for W, b in zip(Ws, bs):
        Z.append(A[-1] @ W.T + b)
        if len(A) == len(Ws):
            A.append(Z[-1])
        elif act == "sigmoid":
            A.append(1 / (1 + np.exp(-Z[-1])))
        elif act == "tanh":
            A.append(np.tanh(Z[-1]))
        else:
            A.append(np.maximum(Z[-1], 0))
    value, dA = half_se(A[-1], T) if loss == "half_se" else softmax_ce(A[-1], T)
    dWs, dbs = [None] * len(Ws), [None] * len(Ws)
    for l in reversed(range(len(Ws))):
        dZ = dA if l == len(Ws) - 1 else act_backward(dA, Z[l], act)
        dWs[l], dbs[l], dA = dZ.T @ A[l], dZ.sum(0), dZ @ Ws[l]
    return value, dWs, dbs, dA


# %% grade_id="translation"
def to_csc561(dWs):
    return [np.float32(dW).T for dW in dWs]


def to_cee616_row(dW):
    return np.float32(dW).flatten()[None, :]
