"""Gradients of 200 random networks against HIPS autograd in float64 to 1e-10."""

from collections.abc import Callable
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from .networks import DELTA, SEEDS, SLOPE, assert_gradients_agree, random_case

ROOT_2_BY_PI = np.sqrt(2 / np.pi)


def logsumexp(z: Any) -> Any:
    top = anp.max(z, axis=1, keepdims=True)
    return top + anp.log(anp.sum(anp.exp(z - top), axis=1, keepdims=True))


# Each is restated for autograd from its formula, not from the engine's code.
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: anp.where(z > 0, z, SLOPE * z),
    "softplus": lambda z: anp.logaddexp(z, 0.0),
    "gelu": lambda z: z / 2 * (1 + anp.tanh(ROOT_2_BY_PI * (z + 0.044715 * z**3))),
    "softmax": lambda z: anp.exp(z - logsumexp(z)),
    "log_softmax": lambda z: z - logsumexp(z),
}
LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "half_squared_error": lambda y, t: anp.sum((y - t) ** 2) / 2 / len(t),
    "squared_error": lambda y, t: anp.sum((y - t) ** 2) / len(t),
    "absolute_error": lambda y, t: anp.sum(anp.abs(y - t)) / len(t),
    "huber": lambda y, t: (
        anp.sum(anp.where(anp.abs(y - t) < DELTA, (y - t) ** 2 / 2, DELTA * (anp.abs(y - t) - DELTA / 2))) / len(t)
    ),
    "cross_entropy_from_logits": lambda y, t: anp.sum(t * (logsumexp(y) - y)) / len(t),
    "cross_entropy": lambda y, t: -anp.sum(t * anp.log(y)) / len(t),
}


# autograd differentiates tanh through cosh squared, which overflows for large arguments; the engine's rule does not.
@pytest.mark.filterwarnings("ignore:overflow encountered in (cosh|square):RuntimeWarning")
@pytest.mark.parametrize("seed", SEEDS)
def test_all_gradients_of_a_random_network(seed: int) -> None:
    case = random_case(seed)
    activations = [ACTIVATIONS[f.name] for f in case.activations]

    def network(Ws: list[Any], bs: list[Any], X: Any) -> Any:
        A = X
        for W, b, activation in zip(Ws, bs, activations, strict=True):
            A = activation(anp.dot(A, W.T) + b)
        return LOSSES[case.loss.name](A, case.T)

    variables = case.Ws, case.bs, case.X
    dWs, dbs, dX = (autograd.grad(network, argument)(*variables) for argument in range(3))
    assert_gradients_agree(case, network(*variables), dWs, dbs, dX)
