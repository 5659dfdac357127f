"""A program as the graph of its operations: values to the right, gradients below, local derivatives on the arrows."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from coursekit.figures.style import BACKWARD, CARD, FORWARD, INK, MUTED, PANEL, house_style, new_drawing

WIDTH, HEIGHT, COLUMN, ROW, MARGIN = 0.86, 0.72, 1.75, 1.3, 0.62


class Operation(NamedTuple):
    """One value of a program: its name, the operation that made it ("" for an input), and the names it was made from.

    ``local`` are its derivatives by these parents, one for each; ``gradient`` is that of the result by it, or None
    where the backward sweep has not been there. Names are mathtext without dollar signs.
    """

    name: str
    operation: str
    parents: tuple[str, ...]
    local: tuple[float, ...]
    value: float
    gradient: float | None = None


def places(program: Sequence[Operation]) -> dict[str, tuple[int, float]]:
    """The column (from 0) and the height in rows of each value; inputs stand one column before their first use.

    Raises ValueError for an empty program, a name that appears twice, a parent that does not come before its use, and
    a number of local derivatives that is not that of the parents. Source: EECS545-F20.
    """
    if not program:
        raise ValueError("an expression graph needs at least one operation")
    column: dict[str, int] = {}
    for step in program:
        if step.name in column:
            raise ValueError(f"two values have the name {step.name!r}")
        if len(step.local) != len(step.parents):
            raise ValueError(f"{step.name} has {len(step.parents)} parents, but {len(step.local)} local derivatives")
        for parent in step.parents:
            if parent not in column:
                raise ValueError(f"{step.name} is made from {parent!r}, which does not come before it")
        column[step.name] = max((column[parent] + 1 for parent in step.parents), default=0)
    used = {step.name: [other for other in program if step.name in other.parents] for step in program}
    for step in program:
        if not step.parents and used[step.name]:
            column[step.name] = min(column[other.name] for other in used[step.name]) - 1
    height: dict[str, float] = {}
    for level in range(max(column.values()), -1, -1):
        wanted = {}
        for step in program:
            if column[step.name] == level:
                pulls = [height[other.name] + _pull(other.parents, step.name) for other in used[step.name]]
                wanted[step.name] = sum(pulls) / len(pulls) if pulls else 0.0
        height |= _apart(wanted)
    return {name: (column[name], height[name]) for name in column}


def _pull(parents: tuple[str, ...], name: str) -> float:
    """How far above its operation an operand wants to stand: the first of several highest, one used twice level."""
    own = [index for index, parent in enumerate(parents) if parent == name]
    return (len(parents) - 1) / 2 - sum(own) / len(own)


def _apart(wanted: dict[str, float]) -> dict[str, float]:
    """Heights at least one row apart, in the order that is wanted and with the same middle."""
    names = sorted(wanted, key=lambda name: -wanted[name])
    found: list[float] = []
    for name in names:
        found.append(min(wanted[name], found[-1] - 1) if found else wanted[name])
    shift = sum(wanted[name] - place for name, place in zip(names, found, strict=True)) / max(1, len(names))
    return {name: place + shift for name, place in zip(names, found, strict=True)}


@house_style()
def expression_graph(program: Sequence[Operation], *, of: str = "L") -> Figure:
    """A program as boxes with names, operations and values; arrows carry local derivatives, gradients stand below.

    ``program`` lists each value after those it was made from; ``of`` is what the result is called in the gradients.
    A value that is used twice by one operation has two arrows to it. Raises ValueError for an empty program, a name
    that appears twice, a parent that does not come before its use, and local derivatives that do not fit the parents.
    Source: EECS545-F20, EECS545-F12.
    """
    place = places(program)
    top, bottom = max(row for _, row in place.values()), min(row for _, row in place.values())
    last = max(column for column, _ in place.values())
    figure, axes = new_drawing(2 * MARGIN + WIDTH + last * COLUMN, (top - bottom) * ROW + HEIGHT + 0.85)
    centre = {
        name: (MARGIN + WIDTH / 2 + column * COLUMN, 0.55 + HEIGHT / 2 + (row - bottom) * ROW)
        for name, (column, row) in place.items()
    }
    for step in program:
        for index, (parent, local) in enumerate(zip(step.parents, step.local, strict=True)):
            twice = step.parents.count(parent) > 1
            skipped = place[step.name][0] - place[parent][0] > 1
            bend = 0.7 * (index - (len(step.parents) - 1) / 2) if twice else -0.35 * skipped
            _arrow(axes, centre[parent], centre[step.name], bend, local)
        _box(axes, step, *centre[step.name], of)
    return figure


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], bend: float, local: float) -> None:
    (x0, y0), (x1, y1) = (start[0] + WIDTH / 2, start[1]), (end[0] - WIDTH / 2, end[1])
    axes.add_patch(
        FancyArrowPatch(
            (x0, y0),
            (x1, y1),
            connectionstyle=f"arc3,rad={bend}",
            arrowstyle="-|>",
            mutation_scale=13,
            shrinkA=0,
            shrinkB=0,
            color=FORWARD,
            linewidth=1.5,
        )
    )
    # The middle of the quadratic curve that arc3 draws, whose control point stands off the middle by the bend.
    x, y = (x0 + x1) / 2 + bend * (y1 - y0) / 2, (y0 + y1) / 2 - bend * (x1 - x0) / 2
    patch = {"facecolor": CARD, "edgecolor": "none", "pad": 1.0}
    axes.text(x, y, f"{local:+.3f}", ha="center", va="center", color=FORWARD, fontsize=8.5, bbox=patch, zorder=5)


def _box(axes: Axes, step: Operation, x: float, y: float, of: str) -> None:
    corner = (x - WIDTH / 2, y - HEIGHT / 2)
    shape = "round,pad=0,rounding_size=0.1"
    axes.add_patch(FancyBboxPatch(corner, WIDTH, HEIGHT, boxstyle=shape, facecolor=PANEL, edgecolor=INK, zorder=3))
    title = f"${step.name}$" + (f"   {step.operation}" if step.operation else "")
    axes.text(x, y + 0.13, title, ha="center", va="center", fontsize=11, color=INK, zorder=4)
    axes.text(x, y - 0.17, f"{step.value:.3f}", ha="center", va="center", fontsize=8.5, color=MUTED, zorder=4)
    if step.gradient is not None:
        words = f"$d{of}/d{step.name}$ = {step.gradient:+.3f}"
        axes.text(x, y - HEIGHT / 2 - 0.17, words, ha="center", va="center", fontsize=8.5, color=BACKWARD, zorder=4)
