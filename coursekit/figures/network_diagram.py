"""A network as circles and lines: a circle for each unit, a line for each weight, and the counts of both."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from numpy.typing import NDArray

from coursekit.engine import MLP, n_neurons, n_parameters
from coursekit.figures.style import BACKWARD, CARD, FORWARD, INK, MUTED, PANEL, house_style, new_drawing

Array = NDArray[np.floating[Any]]
Line = tuple[tuple[float, float], tuple[float, float]]

RADIUS, SPLIT, MARGIN, HEAD, FOOT, LEAST, WIDEST = 0.25, 0.85, 0.65, 0.6, 0.62, 5.6, 7.6
MOST, FIRST, LAST = 10, 4, 2
KEY = "solid blue: positive, dashed orange: negative, thicker: larger"


class Unit(NamedTuple):
    """Where a unit stands: layers from 0, units from 1 as on slides; unit 0 is the bias node of its layer."""

    layer: int
    unit: int
    x: float
    y: float


def counts(sizes: Sequence[int]) -> str:
    """The caption: how many neurons, weights, biases and parameters widths [n_0, ..., n_L] make."""
    biases, total = n_neurons(sizes), n_parameters(sizes)
    return f"{biases} neurons, {total - biases} weights + {biases} biases = {total} parameters"


def shown(width: int) -> list[int]:
    """The units of a layer that are drawn, from 1: all of them, or the first and last few of a wide layer."""
    units = list(range(1, width + 1))
    return units if width <= MOST else units[:FIRST] + units[-LAST:]


def layout(sizes: Sequence[int], *, bias_nodes: bool, pitch: float = 0.66, gap: float = 2.1) -> list[Unit]:
    """Every node that is drawn, each layer centred around height 0 and its bias node, if any, below it."""
    placed = []
    for layer, width in enumerate(sizes):
        slots = len(shown(width)) + (width > MOST)
        for place, unit in enumerate(shown(width)):
            slot = place + (width > MOST and place >= FIRST)
            placed.append(Unit(layer, unit, layer * gap, ((slots - 1) / 2 - slot) * pitch))
        if bias_nodes and layer < len(sizes) - 1:
            placed.append(Unit(layer, 0, layer * gap, ((slots - 1) / 2 - slots) * pitch))
    return placed


@house_style()
def network_diagram(
    sizes: Sequence[int],
    *,
    bias_nodes: bool = False,
    net: MLP | None = None,
    values: Sequence[Array] | None = None,
    symbol: str = "",
    marked: Mapping[tuple[int, int, int], str] | None = None,
    split: bool = False,
) -> Figure:
    """A network of widths [n_0, ..., n_L] from left to right; of layers wider than ten only some units are drawn.

    ``bias_nodes``: a square with the constant 1 below every layer but the last. ``net``: lines solid blue for positive
    and dashed orange for negative weights of this network, thicker for larger ones, with numbers where they fit.
    ``values`` [(n_l,)] for the first layers: numbers in their circles; layers above are dashed. ``symbol``: a letter
    for the units instead. ``marked``: labels of edges (layer, to, from) in mathtext without dollar signs, units from 1,
    and 0 for a bias node. ``split``: each neuron as its sum z and its activation.
    Raises ShapeError for widths below 1, ValueError where net or values have other widths and for an edge that is not
    drawn. Source: CEE697M-F2, CEE697M-F4, CEE697M-F5, CEE697M-F10, CSC561-F1, CSC561-F8, CSC561-F9, CSC561-F18.
    """
    caption = counts(sizes) + ("" if bias_nodes else ", biases not drawn")
    if net is not None and net.sizes != list(sizes):
        raise ValueError(f"the network has the widths {net.sizes}, but the drawing {list(sizes)}")
    known = len(sizes) if values is None else len(values)
    if values is not None and [v.shape for v in values] != [(n,) for n in sizes[:known]]:
        raise ValueError(f"values are vectors of the widths {list(sizes)}, not of shapes {[v.shape for v in values]}")
    pitch, gap = (0.66, 2.1) if net is None and not marked else (0.9, 2.6)
    gap = min(gap, WIDEST / (len(sizes) - 1))
    placed = layout(sizes, bias_nodes=bias_nodes, pitch=pitch, gap=gap + SPLIT * split)
    top, bottom = max(node.y for node in placed), min(node.y for node in placed)
    width = 2 * MARGIN + placed[-1].x + SPLIT * split
    foot = FOOT + 0.2 * (net is not None)
    figure, axes = new_drawing(max(width, LEAST), HEAD + top - bottom + 2 * RADIUS + foot)
    right, up = (figure.get_figwidth() - width) / 2 + MARGIN, foot + RADIUS - bottom
    placed = [node._replace(x=node.x + right, y=node.y + up) for node in placed]

    labels = dict(marked or {})
    largest = float(np.abs(net.parameters.flat).max()) or 1.0 if net is not None else 1.0
    for source in placed:
        targets = [node for node in placed if node.layer == source.layer + 1 and node.unit]
        along = 1 / (1 + len(targets))
        fits = along * gap > RADIUS + 0.3 and along * pitch > 0.165
        for target in targets:
            out = source.x + SPLIT * (split and source.layer > 0 and source.unit > 0)
            line = ((out, source.y), (target.x, target.y))
            label = labels.pop((target.layer, target.unit, source.unit), None)
            weight = None if net is None else _weight(net, source, target)
            share = None if weight is None or label is not None else weight / largest
            _edge(axes, line, share, thick=label is not None, faint=target.layer >= known)
            if label is not None:
                _label(axes, line, 1 / 3, f"${label}$", 10.5)
            elif weight is not None and fits:
                _label(axes, line, along, f"{weight:+.2f}", 7.5)
    if labels:
        raise ValueError(f"marked edges are (layer, to, from), and {next(iter(labels))} is not an edge of this drawing")

    for node in placed:
        text = f"${symbol}^{{({node.layer})}}_{{{node.unit}}}$" if symbol else ""
        if values is not None:
            text = f"{round(float(values[node.layer][node.unit - 1]), 2) + 0.0:.2f}" if node.layer < known else ""
        out = node.x
        if split and node.layer and node.unit:
            out += SPLIT
            _edge(axes, ((node.x, node.y), (out, node.y)), None, thick=True, faint=False)
            _text(axes, node.x + SPLIT / 2, node.y + 0.17, f"$\\varphi_{node.layer}$", 9, INK)
            _node(axes, node, node.x, f"$z^{{({node.layer})}}_{{{node.unit}}}$", waiting=node.layer >= known)
        _node(axes, node, out, text, waiting=node.layer >= known)
    names = ["input", *(f"hidden {layer}" for layer in range(1, len(sizes) - 1)), "output"]
    for layer, (name, n) in enumerate(zip(names, sizes, strict=True)):
        column = [node for node in placed if node.layer == layer and node.unit]
        x = column[0].x + SPLIT / 2 * (split and layer > 0)
        _text(axes, x, figure.get_figheight() - 0.24, f"{name}: {n}", 10, MUTED)
        if n > MOST:
            _text(axes, x, (column[FIRST - 1].y + column[FIRST].y) / 2, "⋮", 16, INK)
    _text(axes, figure.get_figwidth() / 2, foot - 0.37, caption, 10, INK)
    if net is not None:
        _text(axes, figure.get_figwidth() / 2, 0.2, KEY, 8.5, MUTED)
    return figure


def _weight(net: MLP, source: Unit, target: Unit) -> float:
    if not source.unit:
        return float(net.bs[source.layer][target.unit - 1])
    return float(net.Ws[source.layer][target.unit - 1, source.unit - 1])


def _text(axes: Axes, x: float, y: float, text: str, size: float, color: str) -> None:
    axes.text(x, y, text, ha="center", va="center", fontsize=size, color=color, zorder=4)


def _edge(axes: Axes, line: Line, share: float | None, *, thick: bool, faint: bool) -> None:
    """A line, coloured by its share of the largest weight, if any."""
    color, width = (INK, 2.0) if thick else (MUTED, 0.7)
    if share is not None:
        color, width = FORWARD if share >= 0 else BACKWARD, 0.5 + 2.5 * abs(share)
    style = "-" if share is None or share >= 0 else (0, (4, 2))
    axes.plot(*zip(*line, strict=True), color=color, linewidth=width, linestyle=style, alpha=0.25 if faint else 0.9)


def _label(axes: Axes, line: Line, along: float, text: str, size: float) -> None:
    (x0, y0), (x1, y1) = line
    box = {"facecolor": CARD, "edgecolor": "none", "pad": 0.6}
    place = x0 + along * (x1 - x0), y0 + along * (y1 - y0)
    axes.text(*place, text, ha="center", va="center", fontsize=size, bbox=box, zorder=3)


def _node(axes: Axes, node: Unit, x: float, text: str, *, waiting: bool) -> None:
    if not node.unit:
        side = 1.5 * RADIUS
        corner = (x - side / 2, node.y - side / 2)
        axes.add_patch(Rectangle(corner, side, side, facecolor=CARD, edgecolor=MUTED, zorder=3))
        _text(axes, x, node.y, "1", 9, MUTED)
        return
    color = MUTED if waiting else INK if node.layer else FORWARD
    style = "--" if waiting else "-"
    circle = Circle((x, node.y), RADIUS, facecolor=PANEL, edgecolor=color, linestyle=style, linewidth=1.3, zorder=3)
    axes.add_patch(circle)
    _text(axes, x, node.y, text, 9 if "$" in text else 8, INK)
