"""Right backpropagation, generated in many styles: none of them may be called wrong."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np

Arrays = list[Any]

ACTIVATION: dict[str, Callable[[Any], Any]] = {
    "tanh": np.tanh,
    "sigmoid": lambda Z: 1 / (1 + np.exp(-Z)),
    "relu": lambda Z: np.maximum(Z, 0),
}
# Each takes Z and A, and every form of it is right.
DERIVATIVES: dict[str, tuple[Callable[[Any, Any], Any], ...]] = {
    "tanh": (lambda Z, A: 1 - A * A, lambda Z, A: 1 - np.tanh(Z) ** 2, lambda Z, A: np.cosh(Z) ** -2),
    "sigmoid": (lambda Z, A: A * (1 - A), lambda Z, A: np.exp(-Z) / (1 + np.exp(-Z)) ** 2, lambda Z, A: A - A**2),
    "relu": (lambda Z, A: Z > 0, lambda Z, A: (A > 0) * 1, lambda Z, A: (1 + np.sign(Z)) / 2),
}
DEPTHS = {1: (4, 3), 2: (3, 7, 5), 3: (3, 7, 7, 5), 4: (3, 5, 5, 4, 2), 9: (3, 5, 5, 5, 5, 5, 5, 5, 5, 2)}
WAYS = ["samples", "products", "einsum", "columns", "closures", "bias inside"]
ORDERS = ["as given", "reversed", "shuffled"]


class Style(NamedTuple):
    """How a right program is written: every field is a habit that has no bearing on what it computes."""

    way: str
    dtype: type
    order: str
    inplace: bool
    container: Callable[[Arrays], Any]
    with_dX: bool
    hidden: str
    loss: str
    form: int
    depth: int
    strength: float

    @property
    def sizes(self) -> tuple[int, ...]:
        """Widths of a network of this depth."""
        return DEPTHS[self.depth]


def styles(count: int, seed: int = 0) -> list[Style]:
    """This many of all styles, drawn so that every depth and every way of writing comes up equally often."""
    rng = np.random.default_rng(seed)
    groups = [list(group) for group in (_styles(way, depth) for way, depth in product(WAYS, DEPTHS))]
    chosen: list[Style] = []
    while len(chosen) < count:
        chosen += [group.pop(int(rng.integers(len(group)))) for group in groups]
    return chosen[:count]


def _styles(way: str, depth: int) -> Iterator[Style]:
    """Every style of this way and depth; eight hidden layers are sigmoid, whose gradient vanishes."""
    habits = product(
        [np.float64, np.float32],
        ORDERS,
        [False, True],
        [list, tuple],
        [False, True],
        ["sigmoid"] if depth == 9 else ACTIVATION,
        ["half_squared_error", "cross_entropy_from_logits"],
        range(3),
        [depth],
        [0.0, 0.037],
    )
    for habit in habits:
        yield Style(way, *habit)


def program(style: Style) -> Callable[..., Any]:
    """A right function of X, T, Ws, bs, written in this style."""
    phi, dphi = ACTIVATION[style.hidden], DERIVATIVES[style.hidden][style.form]
    passes = {"samples": _samples, "closures": _closures, "columns": _columns, "bias inside": _bias_inside}

    def f(X: Any, T: Any, Ws: Arrays, bs: Arrays) -> Any:
        order = np.arange(len(X))
        if style.order == "reversed":
            order = order[::-1]
        if style.order == "shuffled":
            order = np.random.default_rng(len(X)).permutation(order)
        own, wanted = X.astype(style.dtype)[order], T.astype(style.dtype)[order]
        weights, biases = [W.astype(style.dtype) for W in Ws], [b.astype(style.dtype) for b in bs]
        value, dWs, dbs, dX = passes.get(style.way, _layers)(style, phi, dphi, own, wanted, weights, biases)
        value = value + style.strength * sum(np.sum(W * W) for W in weights)
        if style.inplace:
            for dW, W in zip(dWs, weights, strict=True):
                W *= 2 * style.strength
                dW += W
        else:
            dWs = [dW + 2 * style.strength * W for dW, W in zip(dWs, weights, strict=True)]
        back = np.empty_like(dX)
        back[order] = dX
        results = value, style.container(dWs), style.container(dbs), back
        return results if style.with_dX else results[:3]

    return f


def _loss(style: Style, Y: Any, T: Any, N: int) -> tuple[Any, Any]:
    """The loss of rows Y, divided by N, and its gradient."""
    if style.loss == "half_squared_error":
        return np.sum((Y - T) ** 2) / (2 * N), (Y - T) / N
    shifted = Y - Y.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(T * logs) / N, (np.exp(logs) - T) / N


def _layers(style: Style, phi: Any, dphi: Any, X: Any, T: Any, Ws: Arrays, bs: Arrays) -> Any:
    """Whole batches, with matrix products or einsum."""
    einsum = style.way == "einsum"
    Z: Arrays = []
    A = [X]
    for W, b in zip(Ws, bs, strict=True):
        Z.append((np.einsum("ni,oi->no", A[-1], W) if einsum else A[-1] @ W.T) + b)
        A.append(phi(Z[-1]) if len(Z) < len(Ws) else Z[-1])
    value, dZ = _loss(style, A[-1], T, len(X))
    dWs, dbs = [], []
    for k in reversed(range(len(Ws))):
        dWs.append(np.einsum("no,ni->oi", dZ, A[k]) if einsum else dZ.T @ A[k])
        dbs.append(np.einsum("no->o", dZ) if einsum else np.ones(len(X), style.dtype) @ dZ)
        dZ = np.einsum("no,oi->ni", dZ, Ws[k]) if einsum else dZ @ Ws[k]
        if k and style.inplace:
            dZ *= dphi(Z[k - 1], A[k])
        elif k:
            dZ = dZ * dphi(Z[k - 1], A[k])
    return value, dWs[::-1], dbs[::-1], dZ


def _samples(style: Style, phi: Any, dphi: Any, X: Any, T: Any, Ws: Arrays, bs: Arrays) -> Any:
    """One sample after the other, everything added up."""
    value = 0.0
    dWs, dbs = [np.zeros_like(W) for W in Ws], [np.zeros_like(b) for b in bs]
    dX = np.zeros_like(X)
    for n, (x, t) in enumerate(zip(X, T, strict=True)):
        z: Arrays = []
        a = [x]
        for W, b in zip(Ws, bs, strict=True):
            z.append(W @ a[-1] + b)
            a.append(phi(z[-1]) if len(z) < len(Ws) else z[-1])
        part, d = _loss(style, a[-1][None], t[None], len(X))
        value, d = value + part, d[0]
        for k in range(len(Ws) - 1, -1, -1):
            if style.inplace:
                dWs[k] += d[:, None] * a[k]
                dbs[k] += d
            else:
                dWs[k] = dWs[k] + np.outer(d, a[k])
                dbs[k] = d + dbs[k]
            d = d @ Ws[k]
            if k:
                d = d * dphi(z[k - 1], a[k])
        dX[n] = d
    return value, dWs, dbs, dX


def _columns(style: Style, phi: Any, dphi: Any, X: Any, T: Any, Ws: Arrays, bs: Arrays) -> Any:
    """Samples as columns, as in many books."""
    z: Arrays = []
    a = [X.T]
    for W, b in zip(Ws, bs, strict=True):
        z.append(W @ a[-1] + b.reshape(-1, 1))
        a.append(phi(z[-1]) if len(z) < len(Ws) else z[-1])
    value, delta = _loss(style, a[-1].T, T, len(X))
    delta = delta.T
    dWs, dbs = [], []
    for k in range(len(Ws))[::-1]:
        dWs.insert(0, delta @ a[k].T)
        dbs.insert(0, delta.sum(axis=1, keepdims=True)[:, 0])
        delta = Ws[k].T @ delta
        if k:
            delta = np.multiply(delta, dphi(z[k - 1], a[k]))
    return value, dWs, dbs, delta.T


def _closures(style: Style, phi: Any, dphi: Any, X: Any, T: Any, Ws: Arrays, bs: Arrays) -> Any:
    """Each layer leaves a function that knows its way back."""
    backs = []

    def affine(A: Any, W: Any, b: Any) -> Any:
        backs.append(lambda G: (G @ W, G.T @ A, G.sum(axis=0)))
        return A @ W.T + b

    def activate(Z: Any) -> Any:
        A = phi(Z)
        backs.append(lambda G: (G * dphi(Z, A),))
        return A

    A = X
    for k, (W, b) in enumerate(zip(Ws, bs, strict=True)):
        A = affine(activate(A) if k else A, W, b)
    value, G = _loss(style, A, T, len(X))
    found = []
    for back in reversed(backs):
        G, *more = back(G)
        if more:
            found.append(more)
    dWs, dbs = zip(*reversed(found), strict=True)
    return value, list(dWs), list(dbs), G


def _bias_inside(style: Style, phi: Any, dphi: Any, X: Any, T: Any, Ws: Arrays, bs: Arrays) -> Any:
    """The bias as one more column of W, and recursion instead of loops."""
    ones = np.ones((len(X), 1), style.dtype)

    def down(A: Any, k: int) -> tuple[Any, Any, Arrays, Arrays]:
        full, W = np.hstack([A, ones]), np.column_stack([Ws[k], bs[k]])
        Z = np.dot(full, W.T)
        if k == len(Ws) - 1:
            value, dZ = _loss(style, Z, T, len(X))
            dWs: Arrays = []
            dbs: Arrays = []
        else:
            H = phi(Z)
            value, dH, dWs, dbs = down(H, k + 1)
            dZ = dH * dphi(Z, H)
        both = np.dot(dZ.T, full)
        return value, np.dot(dZ, W)[:, :-1], [both[:, :-1], *dWs], [both[:, -1], *dbs]

    value, dX, dWs, dbs = down(X, 0)
    return value, dWs, dbs, dX
