"""Lines through a kink: those that stay below the curve, those that do not, and the interval that parts them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit.figures.style import GREEN, INK, MUTED, VERMILLION, house_style, new_figure

Array = NDArray[np.floating[Any]]
Curve = Callable[[Array], Array]

STEPS = 200
TOLERANCE = 1e-9
# The least distance of two labels, as a share of the height of the plot.
APART = 0.065


def supporting_slopes(f: Curve, *, at: float = 0.0, reach: float = 2.0) -> tuple[float, float]:
    """The smallest and the largest slope of a line through the curve at a point that is nowhere above the curve.

    f: (R,) -> (R,); looked at within ``reach`` on both sides. For a convex f these are the slopes from the left and
    from the right; where no line stays below, the first is larger than the second. Raises ValueError for a reach that
    is not positive and for values that are not finite. Source: CSC561-E27, CSC561-C19, CSC561-C21.
    """
    if not 0 < reach < np.inf:
        raise ValueError(f"reach must be a positive number, but is {reach}")
    steps = reach * np.arange(1, STEPS + 1) / STEPS
    centre = np.asarray(f(np.array([at])))[0]
    right, left = np.asarray(f(at + steps)), np.asarray(f(at - steps))
    if not (np.isfinite(centre) and np.isfinite(right).all() and np.isfinite(left).all()):
        raise ValueError(f"the curve must be finite within {reach} of {at}")
    return float(((centre - left) / steps).max()), float(((right - centre) / steps).min())


@house_style()
def subgradients(
    f: Curve, slopes: Sequence[float], *, at: float = 0.0, reach: float = 2.0, title: str = "Lines through the kink"
) -> Figure:
    """A curve f: (R,) -> (R,) with lines of these slopes through its point at ``at``, and the slopes on a line below.

    A line that stays below the curve is solid and has a dot, one that rises above it is dashed and has a cross; the
    bar is the interval of all slopes that stay below. Raises ValueError where no slope is given, one is not finite, or
    the curve or the reach is none. Source: CSC561-F14, CSC561-E27, CSC561-C19, CSC561-C21.
    """
    given = sorted(set(map(float, slopes)))
    if not given or not np.isfinite(given).all():
        raise ValueError(f"slopes must be finite numbers, at least one, but are {list(slopes)}")
    low, high = supporting_slopes(f, at=at, reach=reach)
    below = {slope: low - TOLERANCE <= slope <= high + TOLERANCE for slope in given}
    figure = new_figure(7.5, 4.8)
    curve, line = figure.subplots(2, 1, height_ratios=[4, 1])
    _lines(curve, f, below, at, reach)
    curve.set_title(title)
    _interval(line, below, low, high)
    return figure


def _words(supports: bool, slopes: Sequence[float]) -> str:
    return f"{'below the curve' if supports else 'rises above it'}: " + ", ".join(f"{slope:g}" for slope in slopes)


def _lines(axes: Axes, f: Curve, below: dict[float, bool], at: float, reach: float) -> None:
    z = at + reach * np.arange(-STEPS, STEPS + 1) / STEPS
    height = float(np.asarray(f(np.array([at])))[0])
    axes.plot(z, f(z), color=INK, linewidth=4, alpha=0.85, label="the curve", zorder=2)
    for supports, color, look in ((True, GREEN, "solid"), (False, VERMILLION, (0, (4, 2)))):
        group = [slope for slope, stays in below.items() if stays is supports]
        for place, slope in enumerate(group):
            words = _words(supports, group) if place == 0 else "_"
            axes.plot(z, height + slope * (z - at), color=color, linestyle=look, linewidth=1.8, label=words, zorder=3)
    axes.plot(at, height, "o", color=INK, markersize=8, zorder=4)
    axes.margins(x=0)
    axes.set_xlabel("z")
    axes.legend(loc="upper center", fontsize=9)
    bottom, top = axes.get_ylim()
    label = -np.inf
    for slope, stays in below.items():
        label = max(height + slope * reach, label + APART * (top - bottom))
        axes.annotate(
            f"{slope:g}",
            (at + reach, label),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=GREEN if stays else VERMILLION,
            fontsize=9,
        )


def _interval(axes: Axes, below: dict[float, bool], low: float, high: float) -> None:
    axes.axhline(0, color=MUTED, linewidth=1, zorder=1)
    if low <= high + TOLERANCE:
        axes.plot([low, high], [0, 0], color=GREEN, linewidth=8, alpha=0.45, solid_capstyle="round", zorder=2)
        middle = round(low, 6) + 0.0, round(high, 6) + 0.0
        words = f"slopes that stay below: from {middle[0]:g} to {middle[1]:g}"
        if middle[0] == middle[1]:
            words = f"slopes that stay below: {middle[0]:g} alone"
    else:
        words = "no slope stays below the curve"
    axes.set_title(words, fontsize=10)
    for slope, stays in below.items():
        axes.plot(slope, 0, "o" if stays else "X", color=GREEN if stays else VERMILLION, markersize=9, zorder=3)
    ends = [*below, low, high] if low <= high else list(below)
    room = 0.1 * max(max(ends) - min(ends), 1)
    axes.set_xlim(min(ends) - room, max(ends) + room)
    axes.set_ylim(-1, 1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("slope")
