"""A nerve cell as a drawing, with the words of a model neuron beside those of biology."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from coursekit.figures.style import GREEN, INK, MUTED, ORANGE, SKY_BLUE, YELLOW, arrow, house_style, new_drawing

Point = tuple[float, float]

WIDTH, HEIGHT = 8.4, 3.3
BODY: Point = (2.5, 1.45)
PARTS = {
    "dendrites": "many inputs",
    "cell body (soma)": "their sum",
    "axon": "one output",
    "synapses": "weights",
}


def branches(start: Point, angle: float, length: float, depth: int, spread: float = 0.42) -> list[tuple[Point, Point]]:
    """The twigs of a tree that forks in two at each of ``depth`` levels, each twig 0.72 times as long as its stem."""
    end = (start[0] + length * float(np.cos(angle)), start[1] + length * float(np.sin(angle)))
    twigs = [(start, end)]
    if depth > 1:
        for turn in (-spread, spread):
            twigs += branches(end, angle + turn, 0.72 * length, depth - 1, spread)
    return twigs


@house_style()
def nerve_cell() -> Figure:
    """Dendrites, cell body, axon and synapses of one nerve cell, and the way of the signal from left to right.

    Source: CEE697M-F1.
    """
    figure, axes = new_drawing(WIDTH, HEIGHT)
    for angle in np.pi * np.array([0.78, 0.93, 1.08, 1.23]):
        root = (BODY[0] + 0.42 * float(np.cos(angle)), BODY[1] + 0.36 * float(np.sin(angle)))
        _tree(axes, root, float(angle), 0.52, GREEN, thick=4.2)
    axon = np.linspace(BODY[0] + 0.4, 6.1, 80)
    axes.plot(axon, BODY[1] + 0.07 * np.sin(2.2 * (axon - axon[0])), color=ORANGE, linewidth=4.5)
    hillock = (6.1, BODY[1] + 0.07 * float(np.sin(2.2 * (6.1 - axon[0]))))
    for angle in (-0.9, -0.45, 0.0, 0.45, 0.9):
        _tree(axes, hillock, angle, 0.72, ORANGE, thick=2.6, depth=1, ends=True)
    neighbour = np.linspace(-0.75, 0.75, 40)
    axes.plot(
        hillock[0] + 0.86 * np.cos(neighbour) + 0.06, hillock[1] + 0.95 * np.sin(neighbour), color=GREEN, linewidth=4.2
    )
    axes.text(7.2, hillock[1], "dendrite of the\nnext neuron", ha="left", va="center", fontsize=8.5, color=MUTED)
    axes.add_patch(Ellipse(BODY, 1.05, 0.92, facecolor=SKY_BLUE, edgecolor=INK, zorder=3))
    axes.add_patch(Ellipse(BODY, 0.32, 0.3, facecolor=YELLOW, edgecolor=INK, zorder=4))
    places = {name: (x, HEIGHT - 0.3) for name, x in zip(PARTS, (0.95, 2.95, 4.9, 7.2), strict=True)}
    ends = ((1.25, 1.95), (2.6, 1.93), (4.9, 1.55), (6.68, 1.98))
    aims = dict(zip(PARTS, ends, strict=True))
    for name, (x, y) in places.items():
        axes.text(x, y, name, ha="center", va="center", fontsize=11, weight="bold")
        axes.text(x, y - 0.22, f"in the model: {PARTS[name]}", ha="center", va="center", fontsize=8.5, color=MUTED)
        axes.plot([x, aims[name][0]], [y - 0.36, aims[name][1]], color=MUTED, linewidth=0.9, zorder=5)
    arrow(axes, (3.5, 0.65), (5.5, 0.65), INK)
    axes.text(4.5, 0.4, "way of the signal", ha="center", va="center", fontsize=9, color=MUTED)
    return figure


def _tree(
    axes: Axes,
    root: Point,
    angle: float,
    length: float,
    color: str,
    *,
    thick: float,
    depth: int = 3,
    ends: bool = False,
) -> None:
    """Twigs that grow thinner, with a knob at each last one if the tree ends in synapses."""
    for start, end in branches(root, angle, length, depth):
        size = float(np.hypot(end[0] - start[0], end[1] - start[1])) / length
        axes.plot(*zip(start, end, strict=True), color=color, linewidth=thick * size**1.5, solid_capstyle="round")
        if ends and size < 0.72 ** (depth - 1) + 1e-9:
            axes.plot(*end, "o", color=color, markeredgecolor=INK, markersize=8)
