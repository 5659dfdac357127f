"""Penalties: what is added to the loss so that weights stay small (l2) or become zero (l1).

    l2  lambda * sum of w^2     gradient 2 lambda w         pulls in proportion to the weight (weight decay)
    l1  lambda * sum of |w|     gradient lambda sign(w)     pulls equally hard at every weight

There is no 1/2 in l2: torch's ``weight_decay`` is 2 lambda. Biases are left alone unless asked for, since a penalised
bias drags the predictions of data with a large offset towards 0.
"""

from collections.abc import Callable
from math import inf
from typing import NamedTuple

import numpy as np

from coursekit.engine.arrays import Array
from coursekit.engine.errors import ShapeError
from coursekit.engine.params import Parameters


class Penalty(NamedTuple):
    """A penalty of a given strength (lambda) on the weights, and on the biases too if ``biases``.

    ``total(w)`` -> float and ``slope(w)`` -> new array of w's shape belong to one array and to strength 1. Biases are
    the parameters whose names begin with b. Source: CEE616-E46, CEE616-C34.
    """

    name: str
    strength: float
    biases: bool
    total: Callable[[Array], float]
    slope: Callable[[Array], Array]

    def value(self, parameters: Parameters) -> float:
        """What the penalty adds to the loss: strength times the sum over the penalised parameters."""
        return self.strength * sum(self.total(parameters[name]) for name in self._penalised(parameters))

    def add_gradient(self, parameters: Parameters, gradient: Parameters) -> None:
        """Add the penalty's gradient to that of the loss, in place, one array after the other.

        Raises ShapeError where the gradient has other names or shapes than the parameters.
        """
        if gradient.shapes != parameters.shapes:
            raise ShapeError(
                f"gradient must have the names and shapes of parameters, {parameters.shapes}, but has {gradient.shapes}"
            )
        for name in self._penalised(parameters):
            slope, total = self.slope(parameters[name]), gradient[name]
            slope *= self.strength
            total += slope

    def _penalised(self, parameters: Parameters) -> list[str]:
        return [name for name in parameters.shapes if self.biases or not name.startswith("b")]


def l1(strength: float, *, biases: bool = False) -> Penalty:
    """lambda * sum |w|, gradient lambda * sign(w) with 0 at 0: it compresses the model by driving weights to zero.

    ``strength`` is lambda. Raises ValueError where it is negative or not finite. Source: CEE616-C35.
    """
    return Penalty("l1", _checked("strength", strength), biases, _sum_of_sizes, np.sign)


def l2(strength: float, *, biases: bool = False) -> Penalty:
    """lambda * sum w^2, gradient 2 * lambda * w: weight decay, where torch's weight_decay is 2 * lambda.

    ``strength`` is lambda. Raises ValueError where it is negative or not finite. Source: CEE616-E46.
    """
    return Penalty("l2", _checked("strength", strength), biases, _sum_of_squares, _twice)


def soft_threshold(w: Array, threshold: float, *, out: Array | None = None) -> Array:
    """Each weight moved towards 0 by the threshold, and exactly 0 where it would pass 0: the proximal step of l1.

    w any shape -> the same shape; ``out`` may be w itself. After a step of length lr on the loss alone the threshold
    is lr * lambda; a step along the sign of w only jumps to and fro over 0. Raises ValueError for a threshold that is
    negative or not finite. Source: CEE616-C35; Parikh and Boyd 2014, Proximal Algorithms, section 6.5.2.
    """
    threshold = min(_checked("threshold", threshold), float(np.finfo(w.dtype).max))
    return np.subtract(w, np.clip(w, -threshold, threshold), out=out)


def _sum_of_sizes(w: Array) -> float:
    return float(np.abs(w).sum())


def _sum_of_squares(w: Array) -> float:
    return float(np.vdot(w, w))


def _twice(w: Array) -> Array:
    return w + w


def _checked(name: str, number: float) -> float:
    if not 0 <= number < inf:
        raise ValueError(f"{name} must be a finite number that is not negative, but is {number}")
    return float(number)
