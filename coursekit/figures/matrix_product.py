"""Row times column: how an entry of Z = X W^T + b comes about, and how the whole batch does."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from coursekit.engine import affine
from coursekit.figures.style import FORWARD, INK, MUTED, PANEL, SKY_BLUE, house_style, new_drawing, shape_label

Array = NDArray[np.floating[Any]]

CELL_WIDTH, CELL_HEIGHT, SIGN, MARGIN, HEAD, FOOT, LEAST, MOST = 0.5, 0.36, 0.4, 0.3, 0.5, 0.62, 5.6, 8
YET_TO_COME = "·"


class Block(NamedTuple):
    """One matrix of the picture: its name, its cells as text, and which of them take part (R, C)."""

    name: str
    cells: list[list[str]]
    used: NDArray[np.bool_]


def blocks(X: Array, W: Array, b: Array, sample: int | None, unit: int | None) -> tuple[Block, Block, Block, Block]:
    """X, W^T, b and Z with the cells marked that the chosen entries of Z need.

    X (N, D), W (M, D), b (M,); ``sample`` from 1 to N or None for all, ``unit`` from 1 to M or None for all. For one
    entry, Z shows what comes before it in reading order. Raises ShapeError where the arrays do not conform, ValueError
    for a sample or unit that is not there.
    """
    Z = affine(X, W, b)
    N, M = Z.shape
    for name, chosen, last in (("sample", sample, N), ("unit", unit, M)):
        if chosen is not None and not 1 <= chosen <= last:
            raise ValueError(f"{name} must be None or a number from 1 to {last}, but is {chosen}")
    in_row = np.array([sample in (None, n) for n in range(1, N + 1)])
    in_column = np.array([unit in (None, m) for m in range(1, M + 1)])
    results = _numbers(Z)
    if sample is not None and unit is not None:
        for place in range((sample - 1) * M + unit, N * M):
            results[place // M][place % M] = YET_TO_COME
    return (
        Block("X", _numbers(X), np.repeat(in_row[:, None], X.shape[1], axis=1)),
        Block("W^\\top", _numbers(W.T), np.repeat(in_column[None], X.shape[1], axis=0)),
        Block("b", _numbers(b[None]), in_column[None]),
        Block("Z", results, np.outer(in_row, in_column)),
    )


def formula(X: Array, W: Array, b: Array, sample: int | None, unit: int | None) -> str:
    """The line below the picture: the sum written out for one entry, or the product that gives a row, column or all."""
    if sample is None and unit is None:
        return f"all {len(X) * len(W)} entries at once: $Z = X\\,W^\\top + b$"
    if unit is None:
        return f"sample {sample}, all units: $z_{{{sample}}} = x_{{{sample}}}\\,W^\\top + b$"
    if sample is None:
        return f"unit {unit}, all samples: column {unit} of $Z$ is $X\\,w_{{{unit}}} + b_{{{unit}}}$"
    terms = [f"({x:.2f})({w:.2f})" for x, w in zip(X[sample - 1], W[unit - 1], strict=True)]
    total = float(affine(X[[sample - 1]], W[[unit - 1]], b[[unit - 1]])[0, 0])
    return f"$z_{{{sample},{unit}}}$ = {' + '.join(terms)} + ({b[unit - 1]:.2f}) = {round(total, 2) + 0.0:.2f}"


@house_style()
def matrix_product(X: Array, W: Array, b: Array, *, sample: int | None = None, unit: int | None = None) -> Figure:
    """The affine layer as matrices of numbers: X times W^T plus b is Z, with the chosen part framed and in bold.

    One entry of Z (both given), the row of one sample, the column of one unit, or the whole batch (None); both count
    from 1. X (N, D), W (M, D), b (M,). Raises ShapeError where the arrays do not conform, ValueError for a sample or
    unit that is not there and for more than eight rows or columns. Source: CEE697M-E13, CSC561-F17, CEE697M-U1.
    """
    parts = blocks(X, W, b, sample, unit)
    largest = max(*X.shape, *W.shape)
    if largest > MOST:
        raise ValueError(f"the picture has room for {MOST} rows and columns, but these arrays have {largest}")
    text = formula(X, W, b, sample, unit)
    rows = max(len(part.cells) for part in parts)
    content = sum(len(part.cells[0]) * CELL_WIDTH for part in parts) + 3 * SIGN
    width = max(2 * MARGIN + content, 0.088 * len(text.replace("$", "")) + 2 * MARGIN, LEAST)
    figure, axes = new_drawing(width, HEAD + rows * CELL_HEIGHT + FOOT)
    middle, x = FOOT + rows * CELL_HEIGHT / 2, (width - content) / 2
    for part, sign in zip(parts, ("", "×", "+", "="), strict=True):
        if sign:
            axes.text(x + SIGN / 2, middle, sign, ha="center", va="center", fontsize=15)
            x += SIGN
        _block(axes, part, x, middle)
        x += len(part.cells[0]) * CELL_WIDTH
    axes.text(width / 2, FOOT / 2 - 0.03, text, ha="center", va="center", fontsize=10.5, color=INK)
    return figure


def _numbers(matrix: Array) -> list[list[str]]:
    return [[f"{round(float(entry), 2) + 0.0:.2f}" for entry in row] for row in matrix]


def _block(axes: Axes, part: Block, left: float, middle: float) -> None:
    """The cells of a matrix, and a thick line around those that take part: they are always one rectangle."""
    R, C = part.used.shape
    top = middle + R * CELL_HEIGHT / 2
    title = f"${part.name}$  {shape_label((C,) if part.name == 'b' else (R, C))}"
    axes.text(left + C * CELL_WIDTH / 2, top + 0.2, title, ha="center", va="center", fontsize=11)
    for (r, c), used in np.ndenumerate(part.used):
        corner = (left + c * CELL_WIDTH, top - (r + 1) * CELL_HEIGHT)
        face = SKY_BLUE if used else PANEL
        cell = Rectangle(corner, CELL_WIDTH, CELL_HEIGHT, facecolor=face, alpha=0.4, edgecolor=MUTED, linewidth=0.5)
        axes.add_patch(cell)
        axes.text(
            corner[0] + CELL_WIDTH / 2,
            corner[1] + CELL_HEIGHT / 2,
            part.cells[r][c],
            ha="center",
            va="center",
            fontsize=9,
            weight="bold" if used else "normal",
            color=INK if used else MUTED,
        )
    rows, columns = (np.unique(places) for places in np.nonzero(part.used))
    corner = (left + columns[0] * CELL_WIDTH, top - (rows[-1] + 1) * CELL_HEIGHT)
    size = len(columns) * CELL_WIDTH, len(rows) * CELL_HEIGHT
    axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=FORWARD, linewidth=2))
