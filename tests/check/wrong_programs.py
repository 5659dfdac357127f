"""Backpropagation as students write it, and what goes wrong in it: a right program, a line of it, and the wrong line.

Four styles: lists and matrix products with tanh, a loop over samples, three layers written out with sigmoid and
cross-entropy, and helper functions with relu. Each takes X, T, Ws, bs and returns loss, dWs, dbs.
"""

from typing import NamedTuple

LISTS = """
def f(X, T, Ws, bs):
    N = len(X)
    A, Z = [X], []
    for W, b in zip(Ws[:-1], bs[:-1]):
        Z.append(A[-1] @ W.T + b)
        A.append(np.tanh(Z[-1]))
    Y = A[-1] @ Ws[-1].T + bs[-1]
    loss = 0.5 * np.sum((Y - T) ** 2) / N
    dZ = (Y - T) / N
    dWs, dbs = [], []
    for l in range(len(Ws) - 1, -1, -1):
        dWs.insert(0, dZ.T @ A[l])
        dbs.insert(0, dZ.sum(axis=0))
        if l > 0:
            dA = dZ @ Ws[l]
            dZ = dA * (1 - np.tanh(Z[l - 1]) ** 2)
    return loss, dWs, dbs
"""

SAMPLES = """
def f(X, T, Ws, bs):
    N, L = len(X), len(Ws)
    loss = 0.0
    dWs = [np.zeros(W.shape) for W in Ws]
    dbs = [np.zeros(b.shape) for b in bs]
    for n in range(N):
        acts, pres = [X[n]], []
        for l in range(L):
            pres.append(Ws[l] @ acts[l] + bs[l])
            acts.append(np.tanh(pres[l]) if l < L - 1 else pres[l])
        error = acts[-1] - T[n]
        loss += 0.5 * error @ error / N
        delta = error / N
        for l in reversed(range(L)):
            dWs[l] += np.outer(delta, acts[l])
            dbs[l] += delta
            back = Ws[l].T @ delta
            if l > 0:
                delta = back * (1 - acts[l] ** 2)
    return loss, dWs, dbs
"""

THREE_LAYERS = """
def f(X, T, Ws, bs):
    W1, W2, W3 = Ws
    b1, b2, b3 = bs
    m = X.shape[0]
    z1 = X.dot(W1.T) + b1
    h1 = 1 / (1 + np.exp(-z1))
    z2 = h1.dot(W2.T) + b2
    h2 = 1 / (1 + np.exp(-z2))
    z3 = h2.dot(W3.T) + b3
    e = np.exp(z3 - z3.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.sum(T * np.log(p)) / m
    d3 = (p - T) / m
    g3 = d3.T.dot(h2)
    d2 = d3.dot(W3) * h2 * (1 - h2)
    g2 = d2.T.dot(h1)
    d1 = d2.dot(W2) * h1 * (1 - h1)
    g1 = d1.T.dot(X)
    return loss, [g1, g2, g3], [d1.sum(0), d2.sum(0), d3.sum(0)]
"""

HELPERS = """
def relu(z):
    return np.where(z > 0, z, 0)

def relu_grad(upstream, z):
    return np.where(z > 0, upstream, 0)

def f(X, T, Ws, bs):
    values = [X]
    before = []
    for i in range(len(Ws)):
        before.append(np.einsum("nd,md->nm", values[i], Ws[i]) + bs[i])
        values.append(relu(before[i]) if i + 1 < len(Ws) else before[i])
    difference = values[-1] - T
    loss = (difference ** 2).sum() / (2 * len(X)) + 0.037 * sum((W ** 2).sum() for W in Ws)
    upstream = difference / len(X)
    dWs, dbs = [None] * len(Ws), [None] * len(Ws)
    for i in range(len(Ws))[::-1]:
        if i + 1 < len(Ws):
            upstream = relu_grad(upstream, before[i])
        dWs[i] = np.einsum("nm,nd->md", upstream, values[i]) + 2 * 0.037 * Ws[i]
        dbs[i] = np.einsum("nm->m", upstream)
        upstream = np.einsum("nm,md->nd", upstream, Ws[i])
    return loss, dWs, dbs
"""


class Wrong(NamedTuple):
    """A wrong program: its story, the right one, the line replaced, the student's line, and the codes that name it."""

    story: str
    program: str
    line: str
    instead: str
    codes: tuple[str, ...]

    @property
    def source(self) -> str:
        """The program as handed in."""
        assert self.program.count(self.line) == 1, self.story
        return self.program.replace(self.line, self.instead)


WRONG = [
    Wrong("target minus prediction", LISTS, "dZ = (Y - T) / N", "dZ = (T - Y) / N", ("sign",)),
    Wrong("no division by N", LISTS, "dZ = (Y - T) / N", "dZ = Y - T", ("sum_for_mean",)),
    Wrong("the 2 of the square kept", LISTS, "dZ = (Y - T) / N", "dZ = 2 * (Y - T) / N", ("factor",)),
    Wrong("mean over all entries", LISTS, "dZ = (Y - T) / N", "dZ = (Y - T) / Y.size", ("mean_over_outputs",)),
    Wrong("divided by N again for W", LISTS, "dZ.T @ A[l])", "dZ.T @ A[l] / N)", ("mean_twice",)),
    Wrong("mean for the biases", LISTS, "dZ.sum(axis=0)", "dZ.mean(axis=0)", ("bias_mean",)),
    Wrong("derivative forgotten", LISTS, "dZ = dA * (1 - np.tanh(Z[l - 1]) ** 2)", "dZ = dA", ("derivative_dropped",)),
    Wrong(
        "derivative of the output instead of the input",
        LISTS,
        "np.tanh(Z[l - 1]) ** 2",
        "np.tanh(A[l]) ** 2",
        ("derivative_at_activation",),
    ),
    Wrong(
        "the sigmoid's derivative for tanh",
        LISTS,
        "(1 - np.tanh(Z[l - 1]) ** 2)",
        "A[l] * (1 - A[l])",
        ("derivative_formula",),
    ),
    Wrong(
        "square of the derivative",
        LISTS,
        "(1 - np.tanh(Z[l - 1]) ** 2)",
        "(1 - A[l] ** 2) * (1 - A[l] ** 2)",
        ("derivative_twice",),
    ),
    Wrong(
        "derivative at the output layer too",
        LISTS,
        "(Y - T) / N\n",
        "(Y - T) / N * (1 - np.tanh(Y) ** 2)\n",
        ("output_derivative",),
    ),
    Wrong("the target left out", LISTS, "dZ = (Y - T) / N", "dZ = Y / N", ("target_forgotten",)),
    Wrong(
        "weights stepped inside the loop",
        LISTS,
        "        if l > 0:\n",
        "        Ws = [W - 0.5 * dWs[0] if k == l else W for k, W in enumerate(Ws)]\n        if l > 0:\n",
        ("updated_early",),
    ),
    Wrong(
        "reshape where a transpose is meant",
        LISTS,
        "dZ.T @ A[l])",
        "(A[l].T @ dZ).reshape(Ws[l].shape))",
        ("reshaped", "transposed"),
    ),
    Wrong(
        "pre-activation of the layer below",
        LISTS,
        "dZ.T @ A[l])",
        "dZ.T @ (Z[l - 1] if l else X))",
        ("pre_activation",),
    ),
    Wrong(
        "square weights transposed",
        LISTS,
        "dA = dZ @ Ws[l]",
        "dA = dZ @ (Ws[l].T if Ws[l].shape[0] == Ws[l].shape[1] else Ws[l])",
        ("weights_transposed",),
    ),
    Wrong(
        "gradient rounded to two digits",
        LISTS,
        "return loss, dWs, dbs",
        "return loss, [np.round(d, 2) for d in dWs], dbs",
        ("rounded", "wrong"),
    ),
    Wrong("overwritten in the loop over samples", SAMPLES, "dWs[l] += np.outer", "dWs[l] = np.outer", ("one_sample",)),
    Wrong("biases overwritten", SAMPLES, "dbs[l] += delta", "dbs[l] = delta", ("one_sample",)),
    Wrong("biases never touched", SAMPLES, "            dbs[l] += delta\n", "", ("zero",)),
    Wrong(
        "the derivative left out in one layer",
        SAMPLES,
        "delta = back * (1 - acts[l] ** 2)",
        "delta = back * (1 - acts[l] ** 2) if l > 1 else back",
        ("derivative_dropped",),
    ),
    Wrong("1/N twice", SAMPLES, "delta = error / N", "delta = error / N / N", ("mean_twice",)),
    Wrong("subtracted instead of added", SAMPLES, "dWs[l] += np.outer", "dWs[l] -= np.outer", ("sign",)),
    Wrong(
        "one tanh derivative too many",
        SAMPLES,
        "back * (1 - acts[l] ** 2)",
        "back * (1 - acts[l] ** 2) ** 2",
        ("derivative_twice",),
    ),
    Wrong("integer arrays", SAMPLES, "np.zeros(W.shape)", "np.zeros(W.shape).astype(int)", ("raised", "rounded")),
    Wrong(
        "softmax Jacobian once more",
        THREE_LAYERS,
        "d3 = (p - T) / m",
        "d3 = (p - T) / m\n    d3 = p * (d3 - (d3 * p).sum(axis=1, keepdims=True))",
        ("output_derivative",),
    ),
    Wrong("probabilities without targets", THREE_LAYERS, "d3 = (p - T) / m", "d3 = p / m", ("target_forgotten",)),
    Wrong(
        "no derivative in the first layer",
        THREE_LAYERS,
        "d1 = d2.dot(W2) * h1 * (1 - h1)",
        "d1 = d2.dot(W2)",
        ("derivative_dropped",),
    ),
    Wrong(
        "the wrong hidden output for the derivative",
        THREE_LAYERS,
        "h2 * (1 - h2)",
        "z2 * (1 - z2)",
        ("derivative_of_z",),
    ),
    Wrong("h2 for h1 in the middle", THREE_LAYERS, "g2 = d2.T.dot(h1)", "g2 = d2.T.dot(h2)", ("wrong_layer",)),
    Wrong(
        "middle gradient transposed", THREE_LAYERS, "g2 = d2.T.dot(h1)", "g2 = h1.T.dot(d2)", ("transposed", "reshaped")
    ),
    Wrong(
        "mean of the biases in all layers",
        THREE_LAYERS,
        "[d1.sum(0), d2.sum(0), d3.sum(0)]",
        "[d1.mean(0), d2.mean(0), d3.mean(0)]",
        ("bias_mean",),
    ),
    Wrong(
        "relu masked by the gradient",
        HELPERS,
        "np.where(z > 0, upstream, 0)",
        "np.where(upstream > 0, upstream, 0)",
        ("relu_mask_of_gradient",),
    ),
    Wrong(
        "relu's gradient passes everything",
        HELPERS,
        "np.where(z > 0, upstream, 0)",
        "upstream",
        ("derivative_dropped",),
    ),
    Wrong("penalty forgotten", HELPERS, " + 2 * 0.037 * Ws[i]", "", ("penalty_missing",)),
    Wrong("penalty without its 2", HELPERS, "+ 2 * 0.037 * Ws[i]", "+ 0.037 * Ws[i]", ("penalty_factor",)),
    Wrong("penalty of absolute values", HELPERS, "+ 2 * 0.037 * Ws[i]", "+ 0.037 * np.sign(Ws[i])", ("penalty_l1",)),
    Wrong(
        "penalty on the biases",
        HELPERS,
        'np.einsum("nm->m", upstream)',
        'np.einsum("nm->m", upstream) + 2 * 0.037 * bs[i]',
        ("penalty_on_biases",),
    ),
]
