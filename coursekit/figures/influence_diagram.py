"""An influence graph drawn from left to right: every arrow carries its local derivative."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch

from coursekit.engine import Edge, InfluenceGraph, path_derivative
from coursekit.figures.style import BACKWARD, CARD, FORWARD, INK, MUTED, PANEL, house_style, new_drawing

RADIUS, COLUMN, CLEAR, ROW, NOTE, MARGIN, CAPTION = 0.37, 2.2, 0.83, 1.0, 0.19, 0.85, 0.45


class Arrow(NamedTuple):
    """An edge, how far it is bent (0 is straight, below 0 upwards), and where on it its label stands (0 to 1)."""

    edge: Edge
    bend: float
    label: float


def columns(graph: InfluenceGraph) -> list[list[str]]:
    """The nodes by depth, the length of the longest path that leads to them; in each column as the edges name them."""
    depth: dict[str, int] = {}
    for node in graph.nodes:
        depth[node] = max((depth[edge.source] + 1 for edge in graph.into(node)), default=0)
    named = list(dict.fromkeys([end for edge in graph.edges for end in edge[:2]] + list(graph.nodes)))
    return [[node for node in named if depth[node] == level] for level in range(max(depth.values(), default=-1) + 1)]


def arrows(graph: InfluenceGraph) -> list[Arrow]:
    """Every edge with its bend: edges between the same nodes part from each other, and one over a column makes way."""
    levels = columns(graph)
    depth = {node: level for level, nodes in enumerate(levels) for node in nodes}
    drawn = []
    for edge in graph.edges:
        alike = [other for other in graph.edges if other[:2] == edge[:2]]
        place = next(i for i, other in enumerate(alike) if other is edge)
        skipped = depth[edge.target] - depth[edge.source] - 1
        bend = 0.5 * (place - (len(alike) - 1) / 2) - 0.32 * (skipped > 0)
        from_many_to = len(levels[depth[edge.target]]) if len(levels[depth[edge.source]]) > 1 else 1
        drawn.append(Arrow(edge, bend, 1 / (from_many_to + 1)))
    return drawn


def signed(number: float, decimals: int = 3) -> str:
    """A number with its sign, as it is set in print: −0.700, +0.430."""
    return f"{round(number, decimals) + 0.0:+.{decimals}f}".replace("-", "−")


@house_style()
def influence_diagram(
    graph: InfluenceGraph,
    *,
    values: Mapping[str, float] | None = None,
    predicted: Mapping[str, float] | None = None,
    true: Mapping[str, float] | None = None,
    totals: Mapping[str, float] | None = None,
    of: str = "y",
    path: Iterable[Edge] = (),
) -> Figure:
    """The graph by depth; each arrow with its local derivative, each node with its name and, if given, its value.

    ``predicted`` and ``true``: the change of each node after a step, as the labels foretell it and as it is.
    ``totals``: the total derivative of the node ``of`` by each node. ``path``: edges of the graph to draw thick, all
    others dashed, with the product of their labels below. Node names are mathtext without dollar signs.
    Raises ValueError for a graph without nodes and for a node or an edge that is not in the graph.
    Source: CSC561-F2, CSC561-F3, CSC561-F4, CSC561-F5, CSC561-F6.
    """
    if not graph.nodes:
        raise ValueError("an influence diagram needs at least one node")
    kinds = [
        ("predicted ", predicted, FORWARD),
        ("true ", true, INK),
        (f"$d{of}/d•$ = ", totals, BACKWARD),
    ]
    notes = [(words, numbers, color) for words, numbers, color in kinds if numbers is not None]
    for numbers in (values, *(numbers for _, numbers, _ in notes)):
        for node in numbers or {}:
            graph.require(node)
    thick = tuple(path)
    for edge in thick:
        if edge not in graph.edges:
            raise ValueError(f"the path has the edge {edge.source} -> {edge.target}, which is not in the graph")

    levels, drawn = columns(graph), arrows(graph)
    tallest = max(map(len, levels))
    pitch = ROW + NOTE * len(notes)
    edge_room = RADIUS + 0.15 + 0.25 * any(arrow.bend for arrow in drawn)
    below, above = edge_room + NOTE * len(notes), edge_room + NOTE * len(notes) * (tallest > 1)
    gaps = [max(COLUMN, CLEAR * (len(b) + 1) if len(a) > 1 else 0) for a, b in pairwise(levels)]
    width = max(4.5, 2 * MARGIN + sum(gaps))
    caption, half = CAPTION * bool(thick), (tallest - 1) * pitch / 2
    figure, axes = new_drawing(width, caption + below + 2 * half + above)
    left, middle = (width - sum(gaps)) / 2, caption + below + half
    centre = {
        node: (left + sum(gaps[:level]), middle + pitch * ((len(nodes) - 1) / 2 - row))
        for level, nodes in enumerate(levels)
        for row, node in enumerate(nodes)
    }
    for arrow in drawn:
        _arrow(axes, arrow, centre, "thick" if arrow.edge in thick else "faint" if thick else "plain")
    for node, (x, y) in centre.items():
        _node(axes, node, x, y, (values or {}).get(node))
        shown = [
            (words.replace("•", node) + signed(numbers[node], 4), color)
            for words, numbers, color in notes
            if node in numbers
        ]
        upper = y > middle + 0.01
        for line, (text, color) in enumerate(reversed(shown) if upper else shown):
            distance = RADIUS + 0.15 + NOTE * line
            _text(axes, x, y + distance if upper else y - distance, text, color, 8.5)
    if thick:
        product = " × ".join(f"({signed(edge.derivative)})" for edge in thick)
        _text(axes, width / 2, 0.22, f"thick path: {product} = {signed(path_derivative(thick), 4)}", INK, 9.5)
    return figure


def _arrow(axes: Axes, arrow: Arrow, centre: Mapping[str, tuple[float, float]], look: str) -> None:
    (x0, y0), (x1, y1) = centre[arrow.edge.source], centre[arrow.edge.target]
    color = MUTED if look == "faint" else FORWARD
    axes.add_patch(
        FancyArrowPatch(
            (x0, y0),
            (x1, y1),
            connectionstyle=f"arc3,rad={arrow.bend}",
            arrowstyle="-|>",
            mutation_scale=14,
            shrinkA=RADIUS * 72,
            shrinkB=RADIUS * 72,
            color=color,
            linewidth=3 if look == "thick" else 1.5,
            linestyle=(0, (4, 3)) if look == "faint" else "solid",
        )
    )
    # A point of the quadratic curve that arc3 draws, whose control point stands off the middle by the bend.
    t = arrow.label
    cx, cy = (x0 + x1) / 2 + arrow.bend * (y1 - y0), (y0 + y1) / 2 - arrow.bend * (x1 - x0)
    x, y = ((1 - t) ** 2 * a + 2 * t * (1 - t) * c + t**2 * b for a, c, b in ((x0, cx, x1), (y0, cy, y1)))
    _text(axes, x, y, signed(arrow.edge.derivative), color, 9)


def _node(axes: Axes, name: str, x: float, y: float, value: float | None) -> None:
    axes.add_patch(Circle((x, y), RADIUS, facecolor=PANEL, edgecolor=INK, linewidth=1.3, zorder=3))
    lifted = 0.0 if value is None else 0.1
    axes.text(x, y + lifted, f"${name}$", ha="center", va="center", fontsize=13, zorder=4)
    if value is not None:
        axes.text(x, y - 0.15, signed(value).lstrip("+"), ha="center", va="center", fontsize=8.5, color=MUTED, zorder=4)


def _text(axes: Axes, x: float, y: float, text: str, color: str, size: float) -> None:
    """A text on a small patch of the card's colour, so that an arrow below it does not strike it through."""
    patch = {"facecolor": CARD, "edgecolor": "none", "pad": 1.5}
    axes.text(x, y, text, ha="center", va="center", color=color, fontsize=size, bbox=patch, zorder=5)
