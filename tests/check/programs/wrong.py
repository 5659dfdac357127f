"""Wrong backpropagation as students hand it in: whole programs in plain numpy, each with its story.

Each takes X, T, Ws, bs. The codes are those that name the mistake; where there are several, each of them is right.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class Wrong(NamedTuple):
    """A wrong program, its story, the codes that name it, and the network that it was meant for."""

    story: str
    f: Callable[..., Any]
    codes: tuple[str, ...]
    hidden: str
    loss: str
    strength: float


WRONG: list[Wrong] = []

HALF, SOFTMAX = "half_squared_error", "cross_entropy_from_logits"


def student(story: str, *codes: str, hidden: str = "tanh", loss: str = HALF, strength: float = 0.0) -> Any:
    """Enter a student's function in the list of wrong programs."""

    def enter(f: Callable[..., Any]) -> Callable[..., Any]:
        WRONG.append(Wrong(story, f, codes, hidden, loss, strength))
        return f

    return enter


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@student("target minus prediction, and no minus for it", "sign")
def _(X, T, Ws, bs):
    acts = [X]
    for i, (W, b) in enumerate(zip(Ws, bs, strict=True)):
        z = acts[-1] @ W.T + b
        acts.append(z if i == len(Ws) - 1 else np.tanh(z))
    loss = ((T - acts[-1]) ** 2).sum() / 2 / len(X)
    delta = (T - acts[-1]) / len(X)
    dWs, dbs = [], []
    for i in range(len(Ws) - 1, -1, -1):
        dWs = [delta.T @ acts[i], *dWs]
        dbs = [delta.sum(0), *dbs]
        delta = delta @ Ws[i] * (1 - acts[i] ** 2)
    return loss, dWs, dbs


@student("the batch is summed, the loss is a mean", "sum_for_mean", hidden="sigmoid")
def _(X, T, Ws, bs):
    n = X.shape[0]
    h = [X]
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        h.append(sigmoid(np.dot(h[-1], W.T) + b))
    y = np.dot(h[-1], Ws[-1].T) + bs[-1]
    loss = np.sum(np.square(y - T)) / (2 * n)
    grad = y - T
    dW = [np.zeros_like(W) for W in Ws]
    db = [np.zeros_like(b) for b in bs]
    for layer in reversed(range(len(Ws))):
        dW[layer] = np.dot(grad.T, h[layer])
        db[layer] = np.sum(grad, axis=0)
        if layer > 0:
            grad = np.dot(grad, Ws[layer]) * h[layer] * (1 - h[layer])
    return loss, dW, db


@student("np.mean in the gradient of every layer although the loss has divided already", "mean_twice")
def _(X, T, Ws, bs):
    a = [X]
    for k in range(len(Ws)):
        z = np.einsum("ni,oi->no", a[k], Ws[k]) + bs[k]
        a.append(np.tanh(z) if k < len(Ws) - 1 else z)
    m = len(X)
    error = (a[-1] - T) / m
    loss = 0.5 * np.sum((a[-1] - T) ** 2) / m
    dWs = [None] * len(Ws)
    dbs = [None] * len(Ws)
    for k in range(len(Ws))[::-1]:
        dWs[k] = np.einsum("no,ni->oi", error, a[k]) / m
        dbs[k] = error.sum(axis=0)
        error = error @ Ws[k] * (1 - a[k] * a[k])
    return loss, dWs, dbs


@student("db with the mean over the batch", "bias_mean", hidden="relu")
def _(X, T, Ws, bs):
    outs, inp = [], X
    for W, b in zip(Ws, bs, strict=True):
        z = inp @ W.T + b
        outs.append((inp, z))
        inp = np.maximum(0, z)
    y = outs[-1][1]
    N = len(y)
    g = (y - T) / N
    result = []
    for j, (inp, z) in enumerate(reversed(outs)):
        if j > 0:
            g = g * (z > 0)
        result.append((g.T @ inp, np.mean(g, axis=0)))
        g = g @ Ws[len(Ws) - 1 - j]
    result.reverse()
    return 0.5 * np.sum((y - T) ** 2) / N, [r[0] for r in result], [r[1] for r in result]


@student("np.mean over all entries of the error", "mean_over_outputs")
def _(X, T, Ws, bs):
    def forward(x):
        cache = [x]
        for W, b in zip(Ws[:-1], bs[:-1], strict=True):
            cache.append(np.tanh(cache[-1].dot(W.T) + b))
        return cache, cache[-1].dot(Ws[-1].T) + bs[-1]

    cache, out = forward(X)
    loss = 0.5 * ((out - T) ** 2).sum(axis=1).mean()
    d = (out - T) / (out.shape[0] * out.shape[1])
    gW, gb = [], []
    for c, W in zip(cache[::-1], Ws[::-1], strict=True):
        gW.append(d.T.dot(c))
        gb.append(d.sum(axis=0))
        d = d.dot(W) * (1 - c**2)
    return loss, gW[::-1], gb[::-1]


@student("the exponent of the square comes down, and the half is gone", "factor")
def _(X, T, Ws, bs):
    loss = 0
    dWs = [0 * W for W in Ws]
    dbs = [0 * b for b in bs]
    for x, t in zip(X, T, strict=True):
        h = [x]
        for W, b in zip(Ws[:-1], bs[:-1], strict=True):
            h.append(np.tanh(W @ h[-1] + b))
        y = Ws[-1] @ h[-1] + bs[-1]
        loss += 0.5 * np.dot(y - t, y - t) / len(X)
        delta = 2 * (y - t) / len(X)
        for k in reversed(range(len(Ws))):
            dWs[k] = dWs[k] + np.outer(delta, h[k])
            dbs[k] = dbs[k] + delta
            delta = (1 - h[k] ** 2) * (Ws[k].T @ delta)
    return loss, dWs, dbs


@student("no derivative of tanh anywhere", "derivative_dropped")
def _(X, T, Ws, bs):
    W1, W2, W3 = Ws
    b1, b2, b3 = bs
    h1 = np.tanh(X @ W1.T + b1)
    h2 = np.tanh(h1 @ W2.T + b2)
    y = h2 @ W3.T + b3
    d3 = (y - T) / len(X)
    d2 = d3 @ W3
    d1 = d2 @ W2
    loss = np.sum((y - T) ** 2) / 2 / len(X)
    return loss, (d3.T @ h2, d2.T @ h1, d1.T @ X)[::-1], [d.sum(0) for d in (d1, d2, d3)]


@student("sigmoid'(a) with a function that expects z", "derivative_at_activation", hidden="sigmoid")
def _(X, T, Ws, bs):
    def prime(z):
        return sigmoid(z) * (1 - sigmoid(z))

    a = [X]
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        a.append(sigmoid(a[-1] @ W.T + b))
    y = a[-1] @ Ws[-1].T + bs[-1]
    delta = (y - T) / len(X)
    dWs, dbs = [], []
    for k in range(len(Ws), 0, -1):
        dWs.append(delta.T @ a[k - 1])
        dbs.append(delta.sum(axis=0))
        if k > 1:
            delta = delta @ Ws[k - 1] * prime(a[k - 1])
    return ((y - T) ** 2).sum() / (2 * len(X)), dWs[::-1], dbs[::-1]


@student("z (1 - z), with the z from before the sigmoid", "derivative_of_z", hidden="sigmoid", loss=SOFTMAX)
def _(X, T, Ws, bs):
    zs, a = [], [X]
    for W, b in zip(Ws, bs, strict=True):
        zs.append(a[-1] @ W.T + b)
        a.append(sigmoid(zs[-1]))
    p = softmax(zs[-1])
    loss = -np.mean(np.sum(T * np.log(p), axis=1))
    d = (p - T) / len(X)
    dWs, dbs = [], []
    for k in reversed(range(len(Ws))):
        dWs.insert(0, d.T @ a[k])
        dbs.insert(0, d.sum(0))
        if k > 0:
            d = d @ Ws[k] * zs[k - 1] * (1 - zs[k - 1])
    return loss, dWs, dbs


@student("the formula of the sigmoid in a tanh network", "derivative_formula")
def _(X, T, Ws, bs):
    def step(a, k):
        if k == len(Ws) - 1:
            y = a @ Ws[k].T + bs[k]
            d = (y - T) / len(X)
            return np.sum((y - T) ** 2) / (2 * len(X)), [d.T @ a], [d.sum(0)], d @ Ws[k]
        h = np.tanh(a @ Ws[k].T + bs[k])
        loss, dWs, dbs, dh = step(h, k + 1)
        dz = dh * h * (1 - h)
        return loss, [dz.T @ a, *dWs], [dz.sum(0), *dbs], dz @ Ws[k]

    return step(X, 0)


@student("the derivative in the cache and once more in the loop", "derivative_twice", hidden="sigmoid")
def _(X, T, Ws, bs):
    cache, a = [], X
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        s = sigmoid(a @ W.T + b)
        cache.append({"in": a, "out": s, "slope": s * (1 - s)})
        a = s
    cache.append({"in": a})
    y = a @ Ws[-1].T + bs[-1]
    g = (y - T) / len(X)
    dWs, dbs = [], []
    for layer, c in zip(range(len(Ws))[::-1], cache[::-1], strict=True):
        if "slope" in c:
            g = g * c["slope"] * c["out"] * (1 - c["out"])
        dWs.append(g.T @ c["in"])
        dbs.append(g.sum(axis=0))
        g = g @ Ws[layer]
    return 0.5 * np.sum((y - T) ** 2) / len(X), dWs[::-1], dbs[::-1]


@student("tanh' at the linear output", "output_derivative")
def _(X, T, Ws, bs):
    zs = []
    a = [X]
    for i in range(len(Ws)):
        zs.append(a[i] @ Ws[i].T + bs[i])
        a.append(np.tanh(zs[i]))
    y = zs[-1]
    loss = np.sum((y - T) ** 2) / (2 * len(X))
    dWs, dbs = [0] * len(Ws), [0] * len(Ws)
    d = (y - T) / len(X)
    for i in range(len(Ws) - 1, -1, -1):
        d = d * (1 - a[i + 1] ** 2)
        dWs[i], dbs[i] = d.T @ a[i], d.sum(axis=0)
        d = d @ Ws[i]
    return loss, dWs, dbs


@student("softmax' on top of p - t", "output_derivative", hidden="relu", loss=SOFTMAX)
def _(X, T, Ws, bs):
    hs = [X]
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        z = hs[-1] @ W.T + b
        hs.append(z * (z > 0))
    p = softmax(hs[-1] @ Ws[-1].T + bs[-1])
    loss = -(T * np.log(p)).sum() / len(X)
    d = np.zeros_like(p)
    for n in range(len(X)):
        J = np.diag(p[n]) - np.outer(p[n], p[n])
        d[n] = J @ (p[n] - T[n]) / len(X)
    dWs, dbs = [], []
    for h, W in zip(hs[::-1], Ws[::-1], strict=True):
        dWs.append(d.T @ h)
        dbs.append(d.sum(0))
        d = d @ W * (h > 0)
    return loss, dWs[::-1], dbs[::-1]


@student("the derivative of the output is the output", "target_forgotten", loss=SOFTMAX)
def _(X, T, Ws, bs):
    a = [X]
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        a.append(np.tanh(a[-1] @ W.T + b))
    p = softmax(a[-1] @ Ws[-1].T + bs[-1])
    loss = -np.einsum("nk,nk->", T, np.log(p)) / len(X)
    d = p / len(X)
    dWs, dbs = [], []
    for k in reversed(range(len(Ws))):
        dWs.append(np.einsum("no,ni->oi", d, a[k]))
        dbs.append(np.einsum("no->o", d))
        d = np.einsum("no,oi,ni->ni", d, Ws[k], 1 - a[k] ** 2)
    return loss, dWs[::-1], dbs[::-1]


@student("backward from ones, as torch does it with a scalar", "start_of_ones")
def _(X, T, Ws, bs):
    a = [X]
    for W, b in zip(Ws, bs, strict=True):
        a.append(np.tanh(a[-1] @ W.T + b))
    y = a[-2] @ Ws[-1].T + bs[-1]
    loss = 0.5 * np.sum((y - T) ** 2) / len(X)
    upstream = np.ones(y.shape)
    dWs, dbs = {}, {}
    for k in range(len(Ws) - 1, -1, -1):
        if k < len(Ws) - 1:
            upstream = upstream * (1 - a[k + 1] ** 2)
        dWs[k] = upstream.T @ a[k]
        dbs[k] = upstream.sum(axis=0)
        upstream = upstream @ Ws[k]
    return loss, [dWs[k] for k in range(len(Ws))], [dbs[k] for k in range(len(Ws))]


@student("gradient descent inside the backward loop", "updated_early", hidden="sigmoid")
def _(X, T, Ws, bs):
    Ws, bs = [W.copy() for W in Ws], [b.copy() for b in bs]
    a = [X]
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        a.append(sigmoid(a[-1] @ W.T + b))
    y = a[-1] @ Ws[-1].T + bs[-1]
    loss = ((y - T) ** 2).sum() / 2 / len(X)
    d = (y - T) / len(X)
    dWs, dbs = [], []
    for k in range(len(Ws) - 1, -1, -1):
        dW, db = d.T @ a[k], d.sum(axis=0)
        Ws[k] -= 0.2 * dW
        bs[k] -= 0.2 * db
        d = d @ Ws[k] * a[k] * (1 - a[k])
        dWs.insert(0, dW)
        dbs.insert(0, db)
    return loss, dWs, dbs


@student("mask of the gradient instead of the input", "relu_mask_of_gradient", hidden="relu")
def _(X, T, Ws, bs):
    a = [X]
    for i, (W, b) in enumerate(zip(Ws, bs, strict=True)):
        z = a[-1] @ W.T + b
        a.append(np.clip(z, 0, None) if i < len(Ws) - 1 else z)
    loss = np.sum((a[-1] - T) ** 2) / 2 / len(X)
    d = (a[-1] - T) / len(X)
    dWs, dbs = [], []
    for i in range(len(Ws))[::-1]:
        dWs.append(d.T @ a[i])
        dbs.append(d.sum(axis=0))
        d = d @ Ws[i]
        d[d <= 0] = 0
    return loss, dWs[::-1], dbs[::-1]


@student("back through W in columns, where it fits", "weights_transposed")
def _(X, T, Ws, bs):
    W1, W2, W3 = Ws
    b1, b2, b3 = bs
    h1 = np.tanh(W1 @ X.T + b1[:, None])
    h2 = np.tanh(W2 @ h1 + b2[:, None])
    y = W3 @ h2 + b3[:, None]
    m = X.shape[0]
    loss = 0.5 / m * np.sum((y - T.T) ** 2)
    d3 = (y - T.T) / m
    d2 = (W3.T @ d3) * (1 - h2**2)
    d1 = (W2 @ d2) * (1 - h1**2)
    return loss, [d1 @ X, d2 @ h1.T, d3 @ h2.T], [d1.sum(1), d2.sum(1), d3.sum(1)]


@student("A^T dZ wherever numpy does not complain", "transposed", "reshaped")
def _(X, T, Ws, bs):
    a = [X]
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        a.append(np.tanh(a[-1] @ W.T + b))
    y = a[-1] @ Ws[-1].T + bs[-1]
    d = (y - T) / len(X)
    dWs, dbs = [], []
    for k in range(len(Ws))[::-1]:
        g = a[k].T @ d
        if g.shape != Ws[k].shape:
            g = g.T
        dWs.append(g)
        dbs.append(d.sum(0))
        d = d @ Ws[k] * (1 - a[k] ** 2)
    return 0.5 * np.sum((y - T) ** 2) / len(X), dWs[::-1], dbs[::-1]


@student("A^T dZ in every layer, shapes not looked at", "transposed")
def _(X, T, Ws, bs):
    a = [X]
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        a.append(np.tanh(a[-1] @ W.T + b))
    y = a[-1] @ Ws[-1].T + bs[-1]
    d = (y - T) / len(X)
    dWs, dbs = [], []
    for k in range(len(Ws))[::-1]:
        dWs.append(a[k].T @ d)
        dbs.append(d.sum(0))
        d = d @ Ws[k] * (1 - a[k] ** 2)
    return 0.5 * np.sum((y - T) ** 2) / len(X), dWs[::-1], dbs[::-1]


@student("reshape to make the shapes agree", "reshaped", "reshaped|transposed", hidden="relu")
def _(X, T, Ws, bs):
    memory = []
    a = X
    for k in range(len(Ws)):
        z = a @ Ws[k].T + bs[k]
        memory.append((a, z))
        a = np.where(z > 0, z, 0)
    d = (z - T) / len(X)
    loss = np.sum((z - T) ** 2) / (2 * len(X))
    dWs, dbs = [], []
    while memory:
        a, z = memory.pop()
        W = Ws[len(memory)]
        if dWs:
            d = np.where(z > 0, d, 0)
        dWs.insert(0, np.reshape(a.T @ d, W.shape))
        dbs.insert(0, np.sum(d, 0))
        d = d @ W
    return loss, dWs, dbs


@student("Z where the activation belongs", "pre_activation", hidden="sigmoid", loss=SOFTMAX)
def _(X, T, Ws, bs):
    zs = [X]
    a = X
    slopes = [1]
    for W, b in zip(Ws, bs, strict=True):
        zs.append(a @ W.T + b)
        a = sigmoid(zs[-1])
        slopes.append(a * (1 - a))
    p = softmax(zs[-1])
    loss = -np.sum(T * np.log(p)) / len(X)
    d = (p - T) / len(X)
    dWs, dbs = [], []
    for k in range(len(Ws) - 1, -1, -1):
        dWs.append(d.T @ zs[k])
        dbs.append(d.sum(0))
        d = d @ Ws[k] * slopes[k]
    return loss, dWs[::-1], dbs[::-1]


@student("a2 for a1 in the middle", "wrong_layer", hidden="relu")
def _(X, T, Ws, bs):
    (W1, W2, W3), (b1, b2, b3) = Ws, bs
    a1 = np.maximum(X @ W1.T + b1, 0)
    a2 = np.maximum(a1 @ W2.T + b2, 0)
    a3 = a2 @ W3.T + b3
    dz3 = (a3 - T) / len(X)
    dz2 = dz3 @ W3 * (a2 > 0)
    dz1 = dz2 @ W2 * (a1 > 0)
    loss = 0.5 * np.sum((a3 - T) ** 2) / len(X)
    return loss, [dz1.T @ X, dz2.T @ a2, dz3.T @ a2], [dz1.sum(0), dz2.sum(0), dz3.sum(0)]


@student("= for += over the samples", "one_sample")
def _(X, T, Ws, bs):
    dWs, dbs = [np.zeros_like(W) for W in Ws], [np.zeros_like(b) for b in bs]
    loss = 0.0
    for i in range(len(X)):
        h = [X[i]]
        for W, b in zip(Ws[:-1], bs[:-1], strict=True):
            h.append(np.tanh(W @ h[-1] + b))
        y = Ws[-1] @ h[-1] + bs[-1]
        loss += ((y - T[i]) ** 2).sum() / 2 / len(X)
        d = (y - T[i]) / len(X)
        for k in range(len(Ws) - 1, -1, -1):
            dWs[k] = np.outer(d, h[k])
            dbs[k] = d
            d = Ws[k].T @ d * (1 - h[k] ** 2)
    return loss, dWs, dbs


@student("the index of the sample runs one ahead", "sample_index")
def _(X, T, Ws, bs):
    a = [X]
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        a.append(np.tanh(a[-1] @ W.T + b))
    y = a[-1] @ Ws[-1].T + bs[-1]
    N = len(X)
    d = (y - T) / N
    dWs, dbs = [], []
    for k in reversed(range(len(Ws))):
        dWs.append(sum(np.outer(d[n], a[k][n - 1]) for n in range(N)))
        dbs.append(sum(d))
        d = d @ Ws[k] * (1 - a[k] ** 2)
    return np.sum((y - T) ** 2) / 2 / N, dWs[::-1], dbs[::-1]


@student("the biases are never filled in", "zero", hidden="sigmoid", loss=SOFTMAX)
def _(X, T, Ws, bs):
    grads = {"W": [np.zeros(W.shape) for W in Ws], "b": [np.zeros(b.shape) for b in bs]}
    a = [X]
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        a.append(sigmoid(a[-1] @ W.T + b))
    p = softmax(a[-1] @ Ws[-1].T + bs[-1])
    d = (p - T) / len(T)
    for k in range(len(Ws) - 1, -1, -1):
        grads["W"][k] += d.T @ a[k]
        d = d @ Ws[k] * a[k] * (1 - a[k])
    return -np.sum(T * np.log(p)) / len(T), grads["W"], grads["b"]


@student("dW before the derivative", "derivative_late")
def _(X, T, Ws, bs):
    a = [X]
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        a.append(np.tanh(a[-1] @ W.T + b))
    y = a[-1] @ Ws[-1].T + bs[-1]
    da = (y - T) / len(X)
    dWs, dbs = [], []
    for k in range(len(Ws), 0, -1):
        dWs.append(da.T @ a[k - 1])
        dbs.append(da.sum(axis=0))
        dz = da if k == len(Ws) else da * (1 - a[k] ** 2)
        da = dz @ Ws[k - 1]
    return ((y - T) ** 2).sum() / (2 * len(X)), dWs[::-1], dbs[::-1]


@student("a product of vectors where entries should meet", "outer_for_elementwise")
def _(X, T, Ws, bs):
    loss = 0.0
    dWs, dbs = [np.zeros_like(W) for W in Ws], [np.zeros_like(b) for b in bs]
    for x, t in zip(X, T, strict=True):
        h = [x[:, None]]
        for W, b in zip(Ws[:-1], bs[:-1], strict=True):
            h.append(np.tanh(W @ h[-1] + b[:, None]))
        y = Ws[-1] @ h[-1] + bs[-1][:, None]
        d = (y - t[:, None]) / len(X)
        loss += 0.5 * np.sum((y - t[:, None]) ** 2) / len(X)
        for k in range(len(Ws) - 1, -1, -1):
            dWs[k] += d @ h[k].T
            dbs[k] += d[:, 0]
            if k > 0:
                jacobian = (Ws[k].T @ d) @ (1 - h[k] ** 2).T
                d = jacobian.sum(axis=1, keepdims=True)
    return loss, dWs, dbs


def _penalised(X, T, Ws, bs):
    """The loss with its penalty, and the gradients of the data alone."""
    a = [X]
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        a.append(np.tanh(a[-1] @ W.T + b))
    y = a[-1] @ Ws[-1].T + bs[-1]
    loss = 0.5 * np.sum((y - T) ** 2) / len(X) + 0.037 * sum(np.sum(W**2) for W in Ws)
    d = (y - T) / len(X)
    dWs, dbs = [], []
    for k in range(len(Ws) - 1, -1, -1):
        dWs.append(d.T @ a[k])
        dbs.append(d.sum(axis=0))
        d = d @ Ws[k] * (1 - a[k] ** 2)
    return loss, dWs[::-1], dbs[::-1]


@student("the penalty is in the loss only", "penalty_missing", strength=0.037)
def _(X, T, Ws, bs):
    return _penalised(X, T, Ws, bs)


@student("lambda W instead of 2 lambda W", "penalty_factor", strength=0.037)
def _(X, T, Ws, bs):
    loss, dWs, dbs = _penalised(X, T, Ws, bs)
    return loss, [dW + 0.037 * W for dW, W in zip(dWs, Ws, strict=True)], dbs


@student("the penalty divided by N like the rest", "penalty_factor", strength=0.037)
def _(X, T, Ws, bs):
    loss, dWs, dbs = _penalised(X, T, Ws, bs)
    for k, W in enumerate(Ws):
        dWs[k] += 2 * 0.037 * W / len(X)
    return loss, dWs, dbs


@student("one loop over all parameters adds the decay", "penalty_on_biases", strength=0.037)
def _(X, T, Ws, bs):
    loss, dWs, dbs = _penalised(X, T, Ws, bs)
    for grads, params in ((dWs, Ws), (dbs, bs)):
        for g, p in zip(grads, params, strict=True):
            g += 2 * 0.037 * p
    return loss, dWs, dbs


@student("lasso for ridge", "penalty_l1", strength=0.037)
def _(X, T, Ws, bs):
    loss, dWs, dbs = _penalised(X, T, Ws, bs)
    return loss, [dW + 0.037 * np.sign(W) for dW, W in zip(dWs, Ws, strict=True)], dbs


@student("the penalty of the last layer only", "penalty_missing", strength=0.037)
def _(X, T, Ws, bs):
    loss, dWs, dbs = _penalised(X, T, Ws, bs)
    dWs[-1] = dWs[-1] + 2 * 0.037 * Ws[-1]
    return loss, dWs, dbs


@student("normalized twice: the sign as well", "sign", "mean_twice")
def _(X, T, Ws, bs):
    loss, dWs, dbs = _penalised(X, T, Ws, bs)
    loss = loss - 0.037 * sum(np.sum(W**2) for W in Ws)
    return loss, [-dW / len(X) for dW in dWs], [-db / len(X) for db in dbs]


@student("dW cut to integers by the array it is stored in", "rounded")
def _(X, T, Ws, bs):
    dWs = [np.zeros(W.shape, dtype=int) for W in Ws]
    dbs = [np.zeros(b.shape) for b in bs]
    loss, found, biases = _penalised(X, T, Ws, bs)
    loss = loss - 0.037 * sum(np.sum(W**2) for W in Ws)
    for k in range(len(Ws)):
        dWs[k][:] = found[k]
        dbs[k][:] = biases[k]
    return loss, dWs, dbs


@student("rounded to two digits for the report", "rounded")
def _(X, T, Ws, bs):
    loss, dWs, dbs = _penalised(X, T, Ws, bs)
    loss = loss - 0.037 * sum(np.sum(W**2) for W in Ws)
    return loss, [np.round(dW, 2) for dW in dWs], [np.round(db, 2) for db in dbs]


@student("X standardized in place", "mutated")
def _(X, T, Ws, bs):
    loss, dWs, dbs = _penalised(X, T, Ws, bs)
    X -= X.mean(axis=0)
    X /= X.std(axis=0)
    return loss - 0.037 * sum(np.sum(W**2) for W in Ws), dWs, dbs


_kept: dict[tuple[int, ...], Any] = {}


@student("gradients in a global that is never set back", "accumulated")
def _(X, T, Ws, bs):
    loss, dWs, dbs = _penalised(X, T, Ws, bs)
    loss = loss - 0.037 * sum(np.sum(W**2) for W in Ws)
    old = _kept.pop("all", None)
    if old is not None:
        dWs = [a + b for a, b in zip(dWs, old[0], strict=True)]
        dbs = [a + b for a, b in zip(dbs, old[1], strict=True)]
    _kept["all"] = (dWs, dbs)
    return loss, dWs, dbs


@student("dropout with a new mask for the way back", "not_repeatable", hidden="relu")
def _(X, T, Ws, bs):
    a = [X]
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        a.append(np.maximum(a[-1] @ W.T + b, 0))
    y = a[-1] @ Ws[-1].T + bs[-1]
    d = (y - T) / len(X)
    dWs, dbs = [], []
    rng = np.random.default_rng()
    for k in range(len(Ws) - 1, -1, -1):
        dWs.append(d.T @ a[k])
        dbs.append(d.sum(axis=0))
        d = d @ Ws[k] * (a[k] > 0) * (rng.random(a[k].shape) < 0.8) / 0.8
    return np.sum((y - T) ** 2) / 2 / len(X), dWs[::-1], dbs[::-1]


@student("the bias left out of the forward pass, and its gradient with it", "value", "factor")
def _(X, T, Ws, bs):
    a = [X]
    for W in Ws[:-1]:
        a.append(np.tanh(a[-1] @ W.T))
    y = a[-1] @ Ws[-1].T
    d = (y - T) / len(X)
    dWs, dbs = [], []
    for k in range(len(Ws) - 1, -1, -1):
        dWs.append(d.T @ a[k])
        dbs.append(d.sum(axis=0))
        d = d @ Ws[k] * (1 - a[k] ** 2)
    return np.sum((y - T) ** 2) / 2 / len(X), dWs[::-1], dbs[::-1]
