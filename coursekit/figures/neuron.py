"""One neuron as a drawing with its numbers, and beside it the half of the plane in which it fires."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from numpy.typing import ArrayLike, NDArray

from coursekit.engine import Map, affine
from coursekit.figures.style import (
    BACKWARD,
    BLUE,
    CARD,
    FORWARD,
    INK,
    MUTED,
    ORANGE,
    PANEL,
    YELLOW,
    house_style,
    new_drawing,
)

Array = NDArray[np.float64]

DRAWING, PLANE, PITCH, LEAST = 5.3, 3.1, 0.75, 3.5
INPUT, SUM, BOX, OUTPUT, RADIUS, SIDE, FOOT = 0.75, 2.65, 3.4, 4.8, 0.27, 0.85, 0.95
MARGIN, RESOLUTION, REACH = 0.5, 121, 4.0


def fires(w: ArrayLike, b: float, points: ArrayLike) -> NDArray[np.bool_]:
    """Whether the weighted sum of each point (N, D) with weights (D,) and bias b is above 0: (N,)."""
    weights = np.asarray(w, dtype=np.float64)
    above: NDArray[np.bool_] = affine(np.asarray(points, dtype=np.float64), weights[None], np.array([b]))[:, 0] > 0
    return above


@house_style()
def neuron(
    x: ArrayLike,
    w: ArrayLike,
    b: float,
    activation: Map,
    *,
    points: ArrayLike | None = None,
    labels: ArrayLike | None = None,
) -> Figure:
    """A neuron with inputs x (D,), weights w (D,) and bias b: each number on its way to the output.

    Solid blue arrows excite, dashed vermillion ones inhibit, thicker ones more. With ``points`` (N, 2) and their
    ``labels`` (N,), 0 or 1, a second panel shows where the weighted sum is above 0 and rings the points on the wrong
    side. Raises ValueError where x and w differ in length or the panel does not have two inputs and a label a point.
    Source: CEE697M-F3.
    """
    signals, weights = np.atleast_1d(np.asarray(x, dtype=np.float64)), np.atleast_1d(np.asarray(w, dtype=np.float64))
    if signals.shape != weights.shape or signals.ndim != 1:
        raise ValueError(f"each input needs one weight, but x has shape {signals.shape} and w {weights.shape}")
    height = max(LEAST, FOOT + 0.6 + PITCH * len(weights))
    figure, axes = new_drawing(DRAWING + (0.0 if points is None else PLANE + 0.25), height)
    _draw_neuron(axes, signals, weights, float(b), activation, (height + FOOT - 0.6) / 2)
    if points is not None:
        places, wanted = np.asarray(points, dtype=np.float64), np.asarray(labels)
        if weights.shape != (2,) or places.ndim != 2 or places.shape[1] != 2:
            raise ValueError(f"a plane needs two inputs, but w has shape {weights.shape} and points {places.shape}")
        if wanted.shape != (len(places),) or not np.isin(wanted, (0, 1)).all():
            raise ValueError(f"labels must be 0 or 1 for each of the {len(places)} points")
        width, side = figure.get_figwidth(), PLANE - 0.75
        plane = figure.add_axes(((DRAWING + 0.65) / width, 0.65 / height, side / width, side / height))
        _draw_plane(plane, weights, float(b), places, wanted == 1)
    return figure


def _number(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}"


def _text(axes: Axes, x: float, y: float, text: str, size: float = 10, color: str = INK, **options: Any) -> None:
    axes.text(x, y, text, ha="center", va="center", fontsize=size, color=color, zorder=6, **options)


def _draw_neuron(axes: Axes, x: Array, w: Array, b: float, activation: Map, middle: float) -> None:
    D, top = len(w), axes.get_ylim()[1] - 0.25
    z = float(affine(x[None], w[None], np.array([b]))[0, 0])
    a = float(activation(np.array([z]))[0])
    largest = float(np.abs(w).max()) or 1.0
    for i, (signal, weight) in enumerate(zip(x, w, strict=True)):
        y = middle + PITCH * ((D - 1) / 2 - i)
        axes.add_patch(Circle((INPUT, y), RADIUS, facecolor=PANEL, edgecolor=INK, zorder=3))
        _text(axes, INPUT, y, _number(signal), 9)
        _text(axes, INPUT - 0.45, y, f"$x_{{{i + 1}}}$")
        color, style = (FORWARD, "-") if weight >= 0 else (BACKWARD, (0, (4, 2)))
        size = 0.8 + 3.0 * abs(float(weight)) / largest
        axes.plot([INPUT, SUM], [y, middle], color=color, linestyle=style, linewidth=size, zorder=1)
        box = {"facecolor": CARD, "edgecolor": "none", "pad": 1.0}
        _text(
            axes,
            (0.53 * INPUT + 0.47 * SUM),
            0.53 * y + 0.47 * middle,
            f"$w_{{{i + 1}}}$ = {_number(weight)}",
            8.5,
            color,
            bbox=box,
        )
    axes.add_patch(Circle((SUM, middle), 0.34, facecolor=PANEL, edgecolor=INK, zorder=3))
    _text(axes, SUM, middle, r"$\Sigma$", 15)
    axes.plot([SUM, SUM], [FOOT - 0.15, middle], color=MUTED, linewidth=1.5, zorder=1)
    axes.add_patch(Rectangle((SUM - 0.45, FOOT - 0.45), 0.9, 0.32, facecolor=PANEL, edgecolor=MUTED, zorder=3))
    _text(axes, SUM, FOOT - 0.29, f"$b$ = {_number(b)}", 9)
    axes.plot([SUM, OUTPUT], [middle, middle], color=INK, linewidth=1.8, zorder=1)
    _draw_box(axes, activation, z, middle)
    axes.add_patch(Circle((OUTPUT, middle), RADIUS, facecolor=PANEL, edgecolor=INK, zorder=3))
    _text(axes, OUTPUT, middle, _number(a), 9)
    _text(axes, BOX + SIDE / 2, middle - SIDE / 2 - 0.18, f"$z$ = {_number(z)}", 9)
    _text(axes, OUTPUT, middle - SIDE / 2 - 0.18, r"$a = \varphi(z)$", 9)
    heads = (
        (INPUT, "inputs"),
        ((INPUT + SUM) / 2, "weights"),
        (SUM, "sum"),
        (BOX + SIDE / 2, activation.name),
        (OUTPUT, "output"),
    )
    for place, head in heads:
        _text(axes, place, top, head, 9.5, MUTED)


def _draw_box(axes: Axes, activation: Map, z: float, middle: float) -> None:
    """The activation's curve in a small square, scaled to fit, with a dot where the neuron is now."""
    axes.add_patch(Rectangle((BOX, middle - SIDE / 2), SIDE, SIDE, facecolor=PANEL, edgecolor=INK, zorder=3))
    across = np.linspace(-REACH, REACH, 161)
    curve = activation(across)
    low, room = float(curve.min()), float(np.ptp(curve)) or 1.0
    here = float(np.clip(z, -REACH, REACH))
    now = float(activation(np.array([here]))[0])

    def place(z: Any, a: Any) -> tuple[Any, Any]:
        return BOX + SIDE * (0.5 + 0.45 * z / REACH), middle + SIDE * (0.84 * (a - low) / room - 0.42)

    axes.plot(*place(across, curve), color=INK, linewidth=1.8, zorder=4)
    axes.plot(*place(here, now), "o", color=ORANGE, markeredgecolor=INK, markersize=6, zorder=5)


def _draw_plane(axes: Axes, w: Array, b: float, points: Array, wanted: NDArray[np.bool_]) -> None:
    low, high = points.min(axis=0) - MARGIN, points.max(axis=0) + MARGIN
    across, up = (np.linspace(low[i], high[i], RESOLUTION) for i in (0, 1))
    z = w[0] * across[None, :] + w[1] * up[:, None] + b
    if z.max() > 0:
        axes.contourf(across, up, z, levels=[0, z.max()], colors=[YELLOW], alpha=0.35)
    if z.max() > 0 > z.min():
        axes.contour(across, up, z, levels=[0], colors=INK, linewidths=1.6)
    right = fires(w, b, points) == wanted
    for label, chosen, color, marker in (("wanted 0", ~wanted, BLUE, "o"), ("wanted 1", wanted, ORANGE, "^")):
        axes.plot(*points[chosen].T, marker, color=color, markersize=9, label=label, clip_on=False)
    axes.plot(*points[~right].T, "o", color=INK, markerfacecolor="none", markersize=17, label="wrong", clip_on=False)
    axes.set_title(f"shaded: the neuron fires\n{int(right.sum())} of {len(points)} right", fontsize=10)
    axes.set_xlabel("$x_1$", labelpad=1)
    axes.set_ylabel("$x_2$", labelpad=1)
    for axis, values in ((axes.xaxis, points[:, 0]), (axes.yaxis, points[:, 1])):
        if len(np.unique(values)) <= 4:
            axis.set_ticks(np.unique(values))
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    axes.tick_params(labelsize=8)
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.45, -0.12), ncols=3, fontsize=8.5, handletextpad=0.4, columnspacing=0.6
    )
