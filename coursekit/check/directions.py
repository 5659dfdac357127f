"""A gradient with too many entries to difference one by one: slopes along random directions.

For v with entries from N(0, 1) and an error e of the gradient, e.v is normal with standard deviation |e|. One direction
misses an error when e.v falls, by chance, below what rounding and tolerance allow; k independent ones all miss it with
the k-th power of that probability.
"""

from collections.abc import Callable
from math import ceil, log, pi, sqrt
from typing import Any, NamedTuple

import numpy as np

from coursekit.check.numeric import EPSILON, Float64

DETECTED = 1e-3
MISSED = 1e-9


class Slopes(NamedTuple):
    """Slopes along k directions: analytic from the gradient that came, numeric by differences with an error bar, (k,).

    ``size`` is the Euclidean length of the gradient, as the numeric slopes show it; ``missed`` bounds the probability
    that an error of DETECTED times the gradient's length stays within the tolerance in all of them.
    """

    analytic: Float64
    numeric: Float64
    bar: Float64
    size: float
    missed: float


def n_directions(tolerance: float, *, detected: float = DETECTED, missed: float = MISSED) -> int:
    """How many directions let an error of ``detected`` times the gradient's length pass less often than ``missed``.

    One direction accepts errors below ``tolerance`` times that length; a standard normal number is that small with
    probability at most sqrt(2 / pi) tolerance / detected. Raises ValueError unless 0 < tolerance < detected.
    """
    if not 0 < tolerance < detected:
        raise ValueError(f"tolerance must be positive and below {detected}, what is to be detected, but is {tolerance}")
    once = sqrt(2 / pi) * tolerance / detected
    return max(2, ceil(log(missed) / log(once)))


def slopes_along_directions(
    f: Callable[[Any], Any], gradient: Float64, at: Float64, *, tolerance: float, rng: np.random.Generator
) -> Slopes:
    """Compare a gradient with the slopes of a scalar function along as many random directions as it takes.

    ``f``: array of the shape of ``at`` -> one number, evaluated four times a direction; gradient of that shape.
    """
    count = n_directions(tolerance)
    x = np.array(at, dtype=np.float64)
    analytic, numeric, bar = np.empty(count), np.empty(count), np.empty(count)
    for k in range(count):
        v = rng.standard_normal(x.shape)
        h = EPSILON ** (1 / 3) * max(1.0, float(np.linalg.norm(x))) / float(np.linalg.norm(v))
        coarse, fine = ((float(f(x + step * v)) - float(f(x - step * v))) / (2 * step) for step in (h, h / 2))
        numeric[k] = fine + (fine - coarse) / 3
        bar[k] = abs(fine - coarse) + 4 * EPSILON * abs(float(f(x))) / h
        analytic[k] = float(np.vdot(gradient, v))
    size = float(np.sqrt(np.mean(numeric**2)))
    once = sqrt(2 / pi) * (tolerance + float(bar.max()) / max(size, 1e-300)) / DETECTED
    return Slopes(analytic, numeric, bar, size, min(1.0, once) ** count)
