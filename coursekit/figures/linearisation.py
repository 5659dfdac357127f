"""A function with its tangent, and how fast the error of the tangent shrinks with the step."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from coursekit.figures.style import BACKWARD, FORWARD, INK, MUTED, house_style, new_figure

Array = NDArray[np.floating[Any]]
ROUNDING = 1e-14


def linear_errors(f: Callable[[Array], ArrayLike], *, at: float, slope: float, steps: ArrayLike) -> Array:
    """How far the true change of f is from slope times step, without sign. steps (S,) -> (S,).

    ``f`` takes an array and works on each of its entries. Source: CSC561-E07.
    """
    dx = np.asarray(steps, dtype=np.float64)
    here = np.asarray(f(np.array([at])), dtype=np.float64)
    there = np.asarray(f(at + dx), dtype=np.float64)
    errors: Array = np.abs(there - here - slope * dx)
    return errors


@house_style()
def linearisation(
    f: Callable[[Array], ArrayLike], *, at: float, slope: float, step: float, halvings: int = 6, name: str = "f(x)"
) -> Figure:
    """Left f and its tangent at a point, with the error after a step; right that error as the step is halved.

    ``f`` works on each entry of an array; both axes on the right are logarithmic, with a dashed line along which half
    the step leaves a quarter of the error. Raises ValueError where the step is 0 or there is no halving.
    Source: CSC561-E07, CSC561-E10.
    """
    if step == 0:
        raise ValueError("the step must not be 0: there would be no change to predict")
    if halvings < 1:
        raise ValueError(f"halvings must be 1 or more, but is {halvings}")
    figure = new_figure(8.2, 3.5)
    curve, decay = figure.subplots(1, 2, width_ratios=(1.15, 1))

    x = at + np.linspace(-1.2, 1.35, 200) * abs(step) * np.sign(step)
    here, there = (float(value) for value in np.asarray(f(np.array([at, at + step]))))
    curve.plot(x, np.asarray(f(x)), color=FORWARD, label=name)
    curve.plot(x, here + slope * (x - at), color=BACKWARD, linestyle="--", label="tangent")
    curve.plot([at], [here], "o", color=INK)
    curve.plot([at + step] * 2, [there, here + slope * step], color=INK, linewidth=3, label="error of the tangent")
    curve.axvline(at + step, color=MUTED, linewidth=0.8, linestyle=":")
    curve.set_xlabel("x")
    curve.set_ylabel(name)
    curve.set_title(f"from x = {at:g}, a step of {step:g}")
    curve.legend(fontsize=9)

    steps = step / 2.0 ** np.arange(halvings + 1)
    errors = linear_errors(f, at=at, slope=slope, steps=steps)
    decay.set_title("error when the step is halved")
    decay.set_xlabel("size of the step")
    decay.set_ylabel("error of the tangent")
    if errors.max() <= ROUNDING * max(1.0, abs(here), abs(there)):
        decay.text(0.5, 0.5, "no error: a straight line", ha="center", va="center", transform=decay.transAxes)
        decay.set_xticks([])
        decay.set_yticks([])
        return figure
    sizes = np.abs(steps)
    decay.loglog(sizes, errors, "o", color=INK, label="measured")
    decay.loglog(sizes, errors[-1] * (sizes / sizes[-1]) ** 2, "--", color=MUTED, label="a quarter for each half")
    decay.set_xticks(sizes[::2], [f"{size:.3g}" for size in sizes[::2]])
    decay.minorticks_off()
    decay.legend(fontsize=9)
    return figure
