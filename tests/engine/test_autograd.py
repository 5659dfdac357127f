"""Gradients of 200 random networks, with every activation and loss, against HIPS autograd in float64 to 1e-10."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from coursekit.engine import (
    absolute_error,
    cross_entropy,
    cross_entropy_from_logits,
    gelu,
    half_squared_error,
    huber,
    identity,
    leaky_relu,
    log_softmax,
    loss_and_gradients,
    relu,
    sigmoid,
    softmax,
    softplus,
    squared_error,
    tanh,
)

NETWORKS = 200
ROOT_2_BY_PI = np.sqrt(2 / np.pi)


def logsumexp(z: Any) -> Any:
    top = anp.max(z, axis=1, keepdims=True)
    return top + anp.log(anp.sum(anp.exp(z - top), axis=1, keepdims=True))


# Each activation restated for autograd from its formula, not from the engine's code.
ACTIVATIONS: list[tuple[Any, Callable[[Any], Any]]] = [
    (identity, lambda z: z),
    (sigmoid, lambda z: 1 / (1 + anp.exp(-z))),
    (tanh, anp.tanh),
    (relu, lambda z: anp.where(z > 0, z, 0.0)),
    (leaky_relu(0.1), lambda z: anp.where(z > 0, z, 0.1 * z)),
    (softplus, lambda z: anp.logaddexp(z, 0.0)),
    (gelu, lambda z: z / 2 * (1 + anp.tanh(ROOT_2_BY_PI * (z + 0.044715 * z**3)))),
    (softmax, lambda z: anp.exp(z - logsumexp(z))),
    (log_softmax, lambda z: z - logsumexp(z)),
]
LOSSES: list[tuple[Any, Callable[[Any, Any], Any]]] = [
    (half_squared_error, lambda y, t: anp.sum((y - t) ** 2) / 2 / len(t)),
    (squared_error, lambda y, t: anp.sum((y - t) ** 2) / len(t)),
    (absolute_error, lambda y, t: anp.sum(anp.abs(y - t)) / len(t)),
    (
        huber(0.7),
        lambda y, t: anp.sum(anp.where(anp.abs(y - t) < 0.7, (y - t) ** 2 / 2, 0.7 * (anp.abs(y - t) - 0.35))) / len(t),
    ),
    (cross_entropy_from_logits, lambda y, t: anp.sum(t * (logsumexp(y) - y)) / len(t)),
    (cross_entropy, lambda y, t: -anp.sum(t * anp.log(y)) / len(t)),
]


def _targets(rng: np.random.Generator, N: int, K: int) -> np.ndarray:
    """Hard targets, or soft ones of mass one, or of any mass."""
    kind = rng.integers(3)
    if kind == 0:
        return np.eye(K)[rng.integers(K, size=N)]
    soft = rng.random((N, K))
    return soft / soft.sum(axis=1, keepdims=True) if kind == 1 else soft


# autograd differentiates tanh through cosh squared, which overflows for large arguments; the engine's rule does not.
@pytest.mark.filterwarnings("ignore:overflow encountered in (cosh|square):RuntimeWarning")
@pytest.mark.parametrize("seed", range(NETWORKS))
def test_all_gradients_of_a_random_network(seed: int) -> None:
    rng = np.random.default_rng(seed)
    depth = int(rng.integers(1, 7))
    sizes = rng.integers(2, 9, size=depth + 1)
    N = int(rng.integers(1, 8))
    ours, theirs = zip(*(ACTIVATIONS[int(rng.integers(len(ACTIVATIONS)))] for _ in range(depth)), strict=True)
    loss, restated = LOSSES[seed % len(LOSSES)]
    if loss is cross_entropy:
        ours, theirs = (*ours[:-1], softmax), (*theirs[:-1], ACTIVATIONS[7][1])
    Ws = [rng.standard_normal((out, inn)) for inn, out in pairwise(sizes)]
    bs = [rng.standard_normal(out) for out in sizes[1:]]
    X, T = rng.standard_normal((N, sizes[0])), _targets(rng, N, int(sizes[-1]))

    def network(Ws: list[Any], bs: list[Any], X: Any) -> Any:
        A = X
        for W, b, activation in zip(Ws, bs, theirs, strict=True):
            A = activation(anp.dot(A, W.T) + b)
        return restated(A, T)

    value, gradients = loss_and_gradients(X, T, Ws, bs, ours, loss)
    dWs, dbs, dX = (autograd.grad(network, argument)(Ws, bs, X) for argument in range(3))
    assert value == pytest.approx(network(Ws, bs, X), rel=1e-10)
    scale = max(float(np.abs(array).max()) for array in [*dWs, *dbs, dX, np.ones(1)])
    for got, expected in zip([*gradients.dWs, *gradients.dbs, gradients.dX], [*dWs, *dbs, dX], strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-10 * scale)
