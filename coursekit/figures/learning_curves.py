"""Error or loss against epochs or training set size, with the spread over seeds and a marked best place."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from coursekit.figures.style import INK, house_style, new_figure

Array = NDArray[np.floating[Any]]

MARKERS = "osv^Dx"
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))


def spread(runs: ArrayLike) -> tuple[Array, Array, Array]:
    """The middle (median), lowest and highest of several runs (S, T), place by place: three arrays (T,).

    One run (T,) is its own middle. Raises ValueError for an array of another kind.
    """
    heights = np.atleast_2d(np.asarray(runs, dtype=np.float64))
    if heights.ndim != 2 or heights.size == 0:
        raise ValueError(f"runs must have the shape (T,) or (S, T), but have {np.shape(runs)}")
    return np.median(heights, axis=0), heights.min(axis=0), heights.max(axis=0)


@house_style()
def learning_curves(
    series: Mapping[str, ArrayLike],
    *,
    at: ArrayLike | None = None,
    x: str,
    y: str,
    title: str,
    best: float | None = None,
    points: tuple[ArrayLike, ArrayLike] | None = None,
    log_x: bool = False,
    log_y: bool = False,
) -> Figure:
    """One line for each named series, the median over its runs, in a band from the lowest run to the highest.

    A series is one run (T,) or several, one for each seed (S, T); ``at`` (T,) are the places on the x axis, the epochs
    1..T if None. ``best``: the place to mark with an upright line, such as the best epoch. ``points``: the
    places and heights (P,) of data that the lines were fitted to. Raises ValueError where there is no series, where
    lengths differ, or where a logarithmic axis would have to show 0 or less.
    Source: CEE616-C32, CEE616-C33, EECS545-C31.
    """
    if not series:
        raise ValueError("a figure of learning curves needs at least one series")
    lines = {name: spread(runs) for name, runs in series.items()}
    T = len(next(iter(lines.values()))[0])
    places = np.arange(1, T + 1) if at is None else np.asarray(at, dtype=np.float64)
    for name, (middle, low, _) in lines.items():
        if places.shape != middle.shape:
            raise ValueError(f"the series {name} has {len(middle)} places, but the x axis has {places.size}")
        if log_y and not (low > 0).all():
            raise ValueError(f"a logarithmic axis cannot show the values of {name} that are 0 or less")
    if log_x and not (places > 0).all():
        raise ValueError("a logarithmic axis cannot show places that are 0 or less")
    dots = None if points is None else tuple(np.ravel(np.asarray(values, dtype=np.float64)) for values in points)
    if dots is not None and dots[0].size != dots[1].size:
        raise ValueError(f"points needs as many places as heights, but has {dots[0].size} and {dots[1].size}")
    figure = new_figure(7.5, 3.8)
    axes = figure.add_subplot()
    every = max(1, T // 10)
    for (name, (middle, low, high)), marker, dashes in zip(lines.items(), MARKERS, LINES, strict=False):
        (line,) = axes.plot(
            places, middle, label=name, linestyle=dashes, marker=marker, markersize=4.5, markevery=every
        )
        if (high > low).any():
            axes.fill_between(places, low, high, color=line.get_color(), alpha=0.18, linewidth=0)
    if dots is not None:
        axes.plot(*dots, color=INK, linestyle="", marker="+", markersize=8, label="data")
    if best is not None:
        axes.axvline(best, color=INK, linewidth=1.2, linestyle=(0, (2, 2)), label=f"best: {best:g}")
    if log_x:
        axes.set_xscale("log")
        axes.set_xticks(places, [f"{place:g}" for place in places])
        axes.minorticks_off()
    if log_y:
        axes.set_yscale("log")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_title(title)
    axes.legend()
    return figure
