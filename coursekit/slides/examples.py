"""The small networks and batches on which the rows of several lectures are checked."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from coursekit.engine import MLP, Map, identity, tanh
from coursekit.engine.arrays import Array

Scalar = Callable[[float], float]

# Widths of the two-layer example: D inputs, M1 hidden units, M outputs.
D, M1, M = 3, 4, 2


def logistic(z: float) -> float:
    """The logistic function from the standard library."""
    return 1 / (1 + math.exp(-z))


def random_net(sizes: list[int], *, activation: Map = tanh, output: Map = identity) -> MLP:
    """A network whose weights and biases are all random."""
    net = MLP(sizes, activation=activation, output=output)
    net.parameters.flat[:] = np.random.default_rng(1).standard_normal(len(net.parameters))
    return net


def random_batch(D: int, N: int = 6, seed: int = 2) -> Array:
    """A batch of N samples of D numbers, X (N, D)."""
    return np.random.default_rng(seed).standard_normal((N, D))


class TwoLayers(NamedTuple):
    """One sample of the network x1 -> x2 = W1 x1 -> x3 = tanh x2 -> x4 = W2 x3, without biases, and its target y."""

    W1: Array
    W2: Array
    x1: Array
    x2: Array
    x3: Array
    x4: Array
    y: Array


def two_layers(seed: int = 1) -> TwoLayers:
    """The two-layer example with weights, input and target drawn with this seed."""
    rng = np.random.default_rng(seed)
    W1, W2, x1, y = (rng.standard_normal(shape) for shape in ((M1, D), (M, M1), D, M))
    return TwoLayers(W1, W2, x1, W1 @ x1, np.tanh(W1 @ x1), W2 @ np.tanh(W1 @ x1), y)
