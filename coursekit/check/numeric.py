"""The numeric oracle: central differences at two steps, with an error bar for every entry.

    D(h) = (f(x + h e_i) - f(x - h e_i)) / 2h = df/dx_i + O(h^2)

Halving h divides the error by four, so D(h/2) + (D(h/2) - D(h))/3 is exact to the next order (Richardson), and the
difference of the two shows how far to trust it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]

EPSILON = float(np.finfo(np.float64).eps)
LARGEST = 20_000
FLOOR = 1e-9


class Estimate(NamedTuple):
    """A numeric gradient: ``gradient`` and its error ``bar`` in the shape of x, ``kink`` marks entries without one.

    ``low`` and ``high`` are the smaller and the larger of the slopes to the left and to the right, the ends of the
    interval of subgradients at a kink; minus and plus infinity where f jumps. ``value`` is f(x) itself.
    """

    gradient: Float64
    bar: Float64
    kink: NDArray[np.bool_]
    value: float
    low: Float64
    high: Float64


def numeric_gradient(f: Callable[[Any], Any], at: Any, *, pattern: Callable[[Any], Any] | None = None) -> Estimate:
    """The gradient of a scalar function by central differences at two steps, in float64, on a copy.

    ``f``: array of the shape of ``at`` -> one number; ``at`` may have any shape, also (). Four evaluations an entry.
    An entry is a kink where the one-sided slopes do not close in on each other as the step is halved, or where
    ``pattern``, such as which units are active, changes from one side to the other.
    Raises TypeError where f does not return one number, ValueError where ``at`` has more than 20,000 entries or f is
    not finite. Source: CEE697M-E16.
    """
    start = np.array(at, dtype=np.float64)
    if start.size > LARGEST:
        raise ValueError(
            f"central differences take four evaluations for each of {start.size:,} entries; "
            f"check a smaller case (at most {LARGEST:,} entries)"
        )
    x = start.copy()
    value = _as_number(f(x))
    _require_intact(x, start)
    h = EPSILON ** (1 / 3) * np.maximum(1.0, np.abs(start))
    entries = np.stack([start + h, start - h, start + h / 2, start - h / 2])
    results = np.empty_like(entries)
    changes = np.zeros(x.shape, dtype=bool)
    for index in np.ndindex(x.shape):
        for step in range(4):
            x[index] = entries[(step, *index)]
            results[(step, *index)] = _as_number(f(x))
        x[index] = start[index]
        changes[index] = pattern is not None and _changes(pattern, x, index, float(h[index]))
    _require_intact(x, start)
    return _estimate(start, h, entries, results, value, changes)


def _estimate(
    start: Float64, h: Float64, entries: Float64, results: Float64, value: float, changes: NDArray[np.bool_]
) -> Estimate:
    """What four evaluations an entry say: ``results`` at ``entries``, each (4, ...): + h, - h, + h/2, - h/2."""
    (above, below, halfway_above, halfway_below), (up, down, half_up, half_down) = entries, results
    # What was added to x is h only to rounding, so divide by what it really was.
    coarse = (up - down) / (above - below)
    fine = (half_up - half_down) / (halfway_above - halfway_below)
    largest = np.maximum(abs(value), np.maximum(np.abs(up), np.abs(down)))
    rounding = 4 * EPSILON * (largest + np.abs(fine) * np.maximum(1.0, np.abs(start))) / h
    # The jump between one-sided slopes is h f'' on a smooth function and stays where there is a kink.
    jump_far = (up - 2 * value + down) / h
    jump_near = (half_up - 2 * value + half_down) / (h / 2)
    negligible = 1e-4 * (np.abs(fine) + np.abs(jump_near)) + 10 * rounding + FLOOR * max(1.0, abs(value))
    kink = (np.abs(jump_far - 2 * jump_near) > negligible) | changes
    right = (up - value) / (above - start), (half_up - value) / (halfway_above - start)
    left = (value - down) / (start - below), (value - half_down) / (start - halfway_below)
    # Each one-sided slope is extrapolated to step 0, and trusted no further than its own change.
    low = np.minimum(*(2 * near - far - np.abs(near - far) for far, near in (right, left))) - rounding
    high = np.maximum(*(2 * near - far + np.abs(near - far) for far, near in (right, left))) + rounding
    # Where the slopes grow as the step shrinks, f jumps, and no slope is wrong.
    jumps = np.abs(jump_near) > 1.5 * np.abs(jump_far) + negligible
    low, high = np.where(jumps, -np.inf, low), np.where(jumps, np.inf, high)
    return Estimate(fine + (fine - coarse) / 3, np.abs(fine - coarse) + rounding, kink, value, low, high)


def _changes(pattern: Callable[[Any], Any], x: Float64, index: tuple[int, ...], h: float) -> bool:
    """Does the pattern differ between both sides of an entry?"""
    centre = float(x[index])
    x[index] = centre + h
    above = np.array(pattern(x))
    x[index] = centre - h
    below = np.array(pattern(x))
    x[index] = centre
    return not np.array_equal(above, below)


def numeric_jacobian(f: Callable[[Any], Any], at: Any) -> Float64:
    """The Jacobian of a function of one vector by central differences with one Richardson step, in float64.

    ``f``: (D,) -> (M,); ``at`` (D,) -> (M, D), outputs by inputs. Four evaluations a column.
    """
    x = np.array(at, dtype=np.float64)
    columns = []
    for j in range(len(x)):
        h = EPSILON ** (1 / 5) * max(1.0, abs(float(x[j])))
        coarse, fine = (_slope(f, x, j, step) for step in (h, h / 2))
        columns.append(fine + (fine - coarse) / 3)
    return np.stack(columns, axis=-1)


def _slope(f: Callable[[Any], Any], x: Float64, j: int, h: float) -> Float64:
    above, below = x.copy(), x.copy()
    above[j] += h
    below[j] -= h
    slope: Float64 = (np.asarray(f(above)) - np.asarray(f(below))) / (above[j] - below[j])
    return slope


def _require_intact(x: Float64, start: Float64) -> None:
    if not np.array_equal(x, start):
        raise ValueError("the function that was differenced changed its argument; let it work on a copy")


def _as_number(result: Any) -> float:
    number = np.asarray(result)
    if number.size != 1 or number.dtype.kind not in "fiub":
        raise TypeError(
            f"the function to difference must return one number, but returned {type(result).__name__} "
            f"of shape {number.shape}"
        )
    scalar = float(number.reshape(()))
    if not np.isfinite(scalar):
        raise ValueError(f"the function to difference must be finite near the point, but returned {scalar}")
    return scalar
