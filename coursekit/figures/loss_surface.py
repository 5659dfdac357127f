"""The contours of a loss of two parameters, with the paths of one or more optimizers from their start to their end."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import ArrayLike, NDArray

from coursekit.figures.style import (
    BLUE,
    CARD,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    VERMILLION,
    house_style,
    new_figure,
)

Array = NDArray[np.floating[Any]]
SurfaceOf = Callable[[Array], ArrayLike]
Window = tuple[tuple[float, float], tuple[float, float]]

COLORS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY_BLUE)
MARKERS = "osv^Dx"
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
RESOLUTION = 161
LEVELS = 12
MARGIN = 0.15
FAR = 20.0


class Surface(NamedTuple):
    """Places along both axes (R,), the loss at each pair of them (R, R), rows by y, and the levels of its contours."""

    x: Array
    y: Array
    heights: Array
    levels: Array


def surface(loss: SurfaceOf, paths: Mapping[str, ArrayLike], window: Window | None = None) -> Surface:
    """The loss over the window, or over a window that holds all paths with a margin.

    ``loss``: places (M, 2) -> (M,) numbers. The levels lie closer together near the lowest place, where paths end.
    Raises ValueError for paths that are not (T, 2) and finite, for a window without area and for a loss that is not
    (M,) and finite.
    """
    if not paths:
        raise ValueError("a loss surface needs at least one path")
    points = {name: np.asarray(path, dtype=np.float64) for name, path in paths.items()}
    for name, path in points.items():
        if path.ndim != 2 or path.shape[1] != 2 or len(path) == 0:
            raise ValueError(f"the path {name!r} must have the shape (T, 2), but has {path.shape}")
        if not np.isfinite(path).all():
            raise ValueError(f"the path {name!r} holds a number that is not finite: cut it off before that step")
    if window is None:
        every = np.concatenate(list(points.values()))
        low, high = every.min(axis=0), every.max(axis=0)
        pad = np.where(high > low, MARGIN * (high - low), 1.0)
        low, high = low - pad, high + pad
    else:
        low, high = np.array(window, dtype=np.float64).T
        if not (low < high).all():
            raise ValueError(f"a window is ((x from, to), (y from, to)), each from below to, but is {window}")
    x, y = np.linspace(low[0], high[0], RESOLUTION), np.linspace(low[1], high[1], RESOLUTION)
    places = np.column_stack([axis.ravel() for axis in np.meshgrid(x, y)])
    heights = np.asarray(loss(places), dtype=np.float64)
    if heights.shape != (len(places),):
        raise ValueError(f"loss must return ({len(places)},) numbers for {places.shape} places, not {heights.shape}")
    if not np.isfinite(heights).all():
        raise ValueError("the loss is not finite everywhere in the window")
    lowest, highest = heights.min(), heights.max()
    levels = lowest + (highest - lowest) * (np.arange(1, LEVELS + 1) / (LEVELS + 1)) ** 3
    return Surface(x, y, heights.reshape(RESOLUTION, RESOLUTION), levels)


def inside(points: Array, seen: Surface, *, around: float = 0.0) -> NDArray[np.bool_]:
    """Which of the points (T, 2) lie in the window, or within ``around`` times its size of it: (T,)."""
    low, high = np.array([seen.x[0], seen.y[0]]), np.array([seen.x[-1], seen.y[-1]])
    room = around * (high - low)
    return np.asarray(((points >= low - room) & (points <= high + room)).all(axis=1), dtype=np.bool_)


def drawn(path: Array, seen: Surface) -> Array:
    """The path (T, 2) up to its first point that is many windows away: from there on only its line leads out."""
    far = np.flatnonzero(~inside(path, seen, around=FAR))
    if not len(far):
        return path
    last = path[far[0]]
    if far[0]:
        # A point that is not too far to be drawn, on the line that leads to the next one.
        start = path[far[0] - 1]
        reach = FAR * max(np.ptp(seen.x), np.ptp(seen.y))
        last = start + (last - start) * min(1.0, reach / float(np.abs(last - start).max()))
    return np.vstack([path[: far[0]], last])


@house_style()
def loss_surface(
    loss: SurfaceOf,
    paths: Mapping[str, ArrayLike],
    *,
    x: str,
    y: str,
    title: str,
    window: Window | None = None,
    minimum: ArrayLike | None = None,
    square: bool = False,
) -> Figure:
    """Contours of a loss and the named paths (T, 2) of optimizers on it; every mark on a path is a step.

    A white ring is the start of a path, a filled star its end; the legend gives the loss at both. ``minimum`` (2,): a
    place to mark with a cross. ``square``: both axes to one scale, so that a gradient is upright on its contour.
    Paths drawn later are narrower, so that equal ones are all seen. Raises ValueError as ``surface`` does.
    Source: CEE616-E42, CEE616-E43, CEE697M-E17, CEE616-C31.
    """
    seen = surface(loss, paths, window)
    figure = new_figure(7.5, 4.6)
    axes = figure.add_subplot()
    lines = axes.contour(seen.x, seen.y, seen.heights, levels=seen.levels, colors=MUTED, linewidths=0.8, alpha=0.7)
    axes.clabel(lines, seen.levels[3::3], fontsize=8, fmt=FuncFormatter(lambda height, _: f"{height:.3g}"))
    for place, (name, given) in enumerate(paths.items()):
        _path(axes, place, name, np.asarray(given, dtype=np.float64), loss, seen, len(paths))
    if minimum is not None:
        (a, b) = np.asarray(minimum, dtype=np.float64)
        axes.plot([a], [b], "P", color=CARD, markeredgecolor=INK, markersize=10, linestyle="", label="lowest point")
    axes.set_xlim(seen.x[0], seen.x[-1])
    axes.set_ylim(seen.y[0], seen.y[-1])
    if square:
        axes.set_aspect("equal")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_title(title)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=1, fontsize=9)
    return figure


def _path(axes: Axes, place: int, name: str, path: Array, loss: SurfaceOf, seen: Surface, paths: int) -> None:
    with np.errstate(over="ignore"):
        first, last = (float(height) for height in np.asarray(loss(path[[0, -1]])))
    leaves = "" if inside(path[-1:], seen)[0] else ", ends outside"
    color, wide = COLORS[place % len(COLORS)], paths - 1 - place
    axes.plot(
        *drawn(path, seen).T,
        label=f"{name}: {len(path) - 1} steps, loss {first:.3g} → {last:.3g}{leaves}",
        color=color,
        linestyle=LINES[place % len(LINES)],
        linewidth=1.5 + 1.5 * wide,
        marker=MARKERS[place % len(MARKERS)],
        markersize=4 + 3 * wide,
        markerfacecolor="none" if wide else color,
        alpha=0.45 if wide else 1.0,
        zorder=3 + place,
    )
    axes.plot(*path[0], "o", markerfacecolor=CARD, markeredgecolor=INK, markersize=9, markeredgewidth=1.8, zorder=20)
    if not leaves:
        axes.plot(*path[-1], "*", color=color, markeredgecolor=INK, markersize=13, zorder=21)
    if place == 0 and inside(path[:1], seen)[0]:
        patch = {"facecolor": CARD, "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
        axes.annotate("start", path[0], (9, -14), textcoords="offset points", fontsize=9, bbox=patch, zorder=22)
