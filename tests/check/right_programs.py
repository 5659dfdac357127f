"""Right backpropagation in many styles: every combination must be accepted."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

FORWARD: dict[str, tuple[Callable[[Any], Any], Callable[[Any, Any], Any]]] = {
    "tanh": (np.tanh, lambda Z, A: 1 - A * A),
    "sigmoid": (lambda Z: 1 / (1 + np.exp(-Z)), lambda Z, A: A * (1 - A)),
    "relu": (lambda Z: np.maximum(Z, 0), lambda Z, A: Z > 0),
}


def by_products(dZ: Any, A: Any) -> Any:
    return dZ.T @ A


def by_einsum(dZ: Any, A: Any) -> Any:
    return np.einsum("nm,nd->md", dZ, A)


def by_samples(dZ: Any, A: Any) -> Any:
    total = np.zeros((dZ.shape[1], A.shape[1]), dZ.dtype)
    for n in range(len(dZ)):
        total += np.outer(dZ[n], A[n])
    return total


def by_samples_backwards(dZ: Any, A: Any) -> Any:
    return sum(dZ[n][:, None] * A[n][None, :] for n in reversed(range(len(dZ))))


def by_entries(dZ: Any, A: Any) -> Any:
    return np.array([[np.dot(dZ[:, m], A[:, d]) for d in range(A.shape[1])] for m in range(dZ.shape[1])])


WEIGHTS = [by_products, by_einsum, by_samples, by_samples_backwards, by_entries]
DTYPES = [np.float64, np.float32]
RESULTS = ["lists", "tuples and dX"]


def program(
    hidden: str, loss: str, weights: Callable[[Any, Any], Any], dtype: type, results: str
) -> Callable[..., Any]:
    """A right function of X, T, Ws, bs in this style."""
    phi, dphi = FORWARD[hidden]

    def f(X: Any, T: Any, Ws: list[Any], bs: list[Any]) -> Any:
        X, T = X.astype(dtype), T.astype(dtype)
        Ws, bs = [W.astype(dtype) for W in Ws], [b.astype(dtype) for b in bs]
        Z: list[Any] = []
        A = [X]
        for l, (W, b) in enumerate(zip(Ws, bs, strict=True)):
            Z.append(np.dot(A[-1], W.T) + b)
            A.append(phi(Z[-1]) if l < len(Ws) - 1 else Z[-1])
        N = len(X)
        if loss == "half_squared_error":
            value, dZ = np.sum((A[-1] - T) ** 2) / 2 / N, (A[-1] - T) / N
        else:
            E = np.exp(A[-1] - A[-1].max(axis=1, keepdims=True))
            P = E / E.sum(axis=1, keepdims=True)
            value, dZ = -np.sum(T * np.log(P)) / N, (P - T) / N
        dWs: list[Any] = [None] * len(Ws)
        dbs: list[Any] = [None] * len(Ws)
        for l in reversed(range(len(Ws))):
            dWs[l], dbs[l] = weights(dZ, A[l]), dZ.sum(axis=0)
            dA = dZ @ Ws[l]
            if l:
                dZ = dA * dphi(Z[l - 1], A[l])
        return (float(value), dWs, dbs) if results == "lists" else (value, tuple(dWs), tuple(dbs), dA)

    return f


def styles() -> Iterator[tuple[str, str, Callable[[Any, Any], Any], type, str]]:
    """Every combination of activation, loss, way of adding up, precision and form of the result."""
    yield from product(FORWARD, ["half_squared_error", "cross_entropy_from_logits"], WEIGHTS, DTYPES, RESULTS)
