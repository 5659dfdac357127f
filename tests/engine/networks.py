"""200 random networks that every peer of the engine differentiates: depth 1 to 6, all activations and losses."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from coursekit.engine import (
    Gradients,
    Loss,
    Map,
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

SEEDS = range(200)
SLOPE, DELTA = 0.1, 0.7
ACTIVATIONS = [identity, sigmoid, tanh, relu, leaky_relu(SLOPE), softplus, gelu, softmax, log_softmax]
LOSSES = [
    half_squared_error,
    squared_error,
    absolute_error,
    huber(DELTA),
    cross_entropy_from_logits,
    cross_entropy,
]


class Case(NamedTuple):
    """A network with a batch X (N, n_0) and targets T (N, n_L), all float64."""

    Ws: list[np.ndarray]
    bs: list[np.ndarray]
    X: np.ndarray
    T: np.ndarray
    activations: list[Map]
    loss: Loss

    def gradients(self) -> tuple[float, Gradients]:
        """The loss and the gradients that the engine computes."""
        return loss_and_gradients(self.X, self.T, self.Ws, self.bs, self.activations, self.loss)


def _targets(rng: np.random.Generator, N: int, K: int) -> np.ndarray:
    """Hard targets, or soft ones of mass one, or of any mass."""
    kind = rng.integers(3)
    if kind == 0:
        return np.eye(K)[rng.integers(K, size=N)]
    soft = rng.random((N, K))
    return soft / soft.sum(axis=1, keepdims=True) if kind == 1 else soft


def random_case(seed: int) -> Case:
    """The case of this seed; cross-entropy from probabilities follows a softmax."""
    rng = np.random.default_rng(seed)
    depth = int(rng.integers(1, 7))
    sizes = rng.integers(2, 9, size=depth + 1)
    N = int(rng.integers(1, 8))
    activations = [ACTIVATIONS[int(rng.integers(len(ACTIVATIONS)))] for _ in range(depth)]
    loss = LOSSES[seed % len(LOSSES)]
    if loss is cross_entropy:
        activations[-1] = softmax
    Ws = [rng.standard_normal((out, inn)) for inn, out in pairwise(sizes)]
    bs = [rng.standard_normal(out) for out in sizes[1:]]
    X = rng.standard_normal((N, sizes[0]))
    return Case(Ws, bs, X, _targets(rng, N, int(sizes[-1])), activations, loss)


def assert_gradients_agree(case: Case, value: float, dWs: list, dbs: list, dX: np.ndarray) -> None:
    """A peer's loss and gradients against the engine's, to 1e-10 of the largest entry."""
    ours, gradients = case.gradients()
    np.testing.assert_allclose(ours, value, rtol=1e-10)
    expected = [np.asarray(array) for array in (*dWs, *dbs, dX)]
    scale = max(1.0, *(float(np.abs(array).max()) for array in expected))
    for got, reference in zip([*gradients.dWs, *gradients.dbs, gradients.dX], expected, strict=True):
        np.testing.assert_allclose(got, reference, rtol=1e-10, atol=1e-10 * scale)
