"""Optimizers: how a gradient becomes a step. Each is a pair ``init``, ``update`` on the flat parameter vector.

    state = optimizer.init(theta)                                once
    state = optimizer.update(theta, gradient, state, lr)         every step; changes theta, never the gradient

An update allocates nothing of theta's size. It works through long vectors block by block, so that what it has just
computed is still in the processor's cache when it is used.
"""

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from coursekit.engine.arrays import Array

BLOCK = 32_768


class Optimizer(NamedTuple):
    """An optimizer: ``init(theta)`` makes its state, ``update(theta, gradient, state, lr)`` steps theta in place.

    theta and gradient (P,) of one dtype; ``lr`` is the learning rate of this step; update returns the state for the
    next one. ``source`` names the slide rows or the paper.
    """

    name: str
    init: Callable[[Array], Any]
    update: Callable[[Array, Array, Any, float], Any]
    source: str = ""


class State:
    """How many steps were taken, vectors (P,) that remember earlier gradients, and room to compute in."""

    __slots__ = ("moments", "step", "work")

    def __init__(self, theta: Array, n_moments: int) -> None:
        self.step = 0
        self.moments = [np.zeros_like(theta) for _ in range(n_moments)]
        self.work = np.empty_like(theta[:BLOCK])


# (theta, gradient, moments, work, lr, step): steps one block of theta; all arrays have its length.
Rule = Callable[[Array, Array, Sequence[Array], Array, float, int], None]


def _optimizer(name: str, rule: Rule, *, n_moments: int, source: str) -> Optimizer:
    def init(theta: Array) -> State:
        return State(theta, n_moments)

    def update(theta: Array, gradient: Array, state: State, lr: float) -> State:
        state.step += 1
        lr = float(lr)  # a float64 of numpy's would make every float32 product a float64 one
        if len(theta) <= BLOCK:
            rule(theta, gradient, state.moments, state.work, lr, state.step)
            return state
        for start in range(0, len(theta), BLOCK):
            block = slice(start, start + BLOCK)
            part = theta[block]
            moments = [moment[block] for moment in state.moments]
            rule(part, gradient[block], moments, state.work[: len(part)], lr, state.step)
        return state

    return Optimizer(name, init, update, source)


def _descend(theta: Array, gradient: Array, moments: Sequence[Array], work: Array, lr: float, step: int) -> None:
    """theta <- theta - lr g."""
    np.multiply(gradient, lr, out=work)
    np.subtract(theta, work, out=theta)


gradient_descent = _optimizer("gradient_descent", _descend, n_moments=0, source="CEE616-E42, CSC561-E30")
sgd = gradient_descent._replace(name="sgd", source="CEE616-E43, CEE616-E45")


def momentum(beta: float = 0.9) -> Optimizer:
    """Gradient descent that keeps its speed: v <- beta v + g, theta <- theta - lr v.

    0 <= beta < 1, otherwise ValueError. Source: Polyak 1964, USSR Comput. Math. and Math. Phys. 4(5).
    """
    beta = _decay("beta", beta)

    def rule(theta: Array, gradient: Array, moments: Sequence[Array], work: Array, lr: float, step: int) -> None:
        (velocity,) = moments
        velocity *= beta
        velocity += gradient
        _descend(theta, velocity, (), work, lr, step)

    return _optimizer("momentum", rule, n_moments=1, source="Polyak 1964")


def nesterov(beta: float = 0.9) -> Optimizer:
    """Momentum that looks ahead: v <- beta v + g, theta <- theta - lr (g + beta v).

    0 <= beta < 1, otherwise ValueError. Source: Sutskever et al. 2013, ICML, eq. 3-4.
    """
    beta = _decay("beta", beta)

    def rule(theta: Array, gradient: Array, moments: Sequence[Array], work: Array, lr: float, step: int) -> None:
        (velocity,) = moments
        velocity *= beta
        velocity += gradient
        np.multiply(velocity, beta, out=work)
        work += gradient
        _descend(theta, work, (), work, lr, step)

    return _optimizer("nesterov", rule, n_moments=1, source="Sutskever et al. 2013")


def rmsprop(decay: float = 0.99, epsilon: float = 1e-8) -> Optimizer:
    """Each entry in units of its recent size: s <- decay s + (1 - decay) g^2, theta <- theta - lr g / (sqrt(s) + eps).

    0 <= decay < 1 and epsilon > 0, otherwise ValueError. Source: Tieleman and Hinton 2012, lecture 6.5.
    """
    decay = _decay("decay", decay)
    epsilon = _positive("epsilon", epsilon)

    def rule(theta: Array, gradient: Array, moments: Sequence[Array], work: Array, lr: float, step: int) -> None:
        (squares,) = moments
        _average_squares(squares, gradient, decay, work)
        np.sqrt(squares, out=work)
        work += epsilon
        np.divide(gradient, work, out=work)
        _descend(theta, work, (), work, lr, step)

    return _optimizer("rmsprop", rule, n_moments=1, source="Tieleman and Hinton 2012")


def adam(beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> Optimizer:
    """Momentum in units of recent size, both averages corrected for their start at zero.

        m <- beta1 m + (1 - beta1) g      s <- beta2 s + (1 - beta2) g^2
        theta <- theta - lr m' / (sqrt(s') + eps),  m' = m / (1 - beta1^t),  s' = s / (1 - beta2^t)

    Both betas in [0, 1) and epsilon > 0, otherwise ValueError. Source: Kingma and Ba 2015, arXiv:1412.6980.
    """
    return _optimizer("adam", _adam_rule(beta1, beta2, epsilon), n_moments=2, source="Kingma and Ba 2015")


def adamw(beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8, *, weight_decay: float = 0.01) -> Optimizer:
    """Adam after each parameter has shrunk by the factor 1 - lr * weight_decay, which the averages do not see.

    As ``adam``, and weight_decay >= 0, otherwise ValueError. Source: Loshchilov and Hutter 2019, arXiv:1711.05101.
    """
    if not 0 <= weight_decay < float("inf"):
        raise ValueError(f"weight_decay must be a finite number that is not negative, but is {weight_decay}")
    weight_decay = float(weight_decay)
    adam_rule = _adam_rule(beta1, beta2, epsilon)

    def rule(theta: Array, gradient: Array, moments: Sequence[Array], work: Array, lr: float, step: int) -> None:
        theta *= 1 - lr * weight_decay
        adam_rule(theta, gradient, moments, work, lr, step)

    return _optimizer("adamw", rule, n_moments=2, source="Loshchilov and Hutter 2019")


def _adam_rule(beta1: float, beta2: float, epsilon: float) -> Rule:
    beta1 = _decay("beta1", beta1)
    beta2 = _decay("beta2", beta2)
    epsilon = _positive("epsilon", epsilon)

    def rule(theta: Array, gradient: Array, moments: Sequence[Array], work: Array, lr: float, step: int) -> None:
        mean, squares = moments
        mean *= beta1
        np.multiply(gradient, 1 - beta1, out=work)
        mean += work
        _average_squares(squares, gradient, beta2, work)
        # Both corrections are numbers, so they go into lr and epsilon instead of into two vectors.
        correction = sqrt(1 - beta2**step)
        np.sqrt(squares, out=work)
        work += epsilon * correction
        np.divide(mean, work, out=work)
        _descend(theta, work, (), work, lr * correction / (1 - beta1**step), step)

    return rule


def _average_squares(squares: Array, gradient: Array, decay: float, work: Array) -> None:
    squares *= decay
    np.multiply(gradient, gradient, out=work)
    work *= 1 - decay
    squares += work


def _decay(name: str, number: float) -> float:
    if not 0 <= number < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, but is {number}")
    return float(number)


def _positive(name: str, number: float) -> float:
    if not 0 < number < float("inf"):
        raise ValueError(f"{name} must be a positive finite number, but is {number}")
    return float(number)
