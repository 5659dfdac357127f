"""A matrix as coloured cells, zero in white, with its numbers where they fit."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from coursekit.figures.style import DIVERGING, INK, MUTED, PANEL, house_style, new_figure

NUMBERED = 60
VEIL = 0.75


def draw_matrix(axes: Axes, matrix: ArrayLike, *, limit: float, title: str, decimals: int = 2) -> ScalarMappable:
    """Draw a matrix (R, C) on axes with colours from -limit to limit; a vector (C,) is drawn as one row."""
    cells = np.atleast_2d(np.asarray(matrix, dtype=np.float64))
    R, C = cells.shape
    image = axes.imshow(cells, cmap=DIVERGING, vmin=-limit, vmax=limit, aspect="auto")
    axes.set_title(title)
    axes.set_xticks(range(C))
    axes.set_yticks(range(R))
    axes.tick_params(length=0, labelsize=8)
    axes.spines[:].set_visible(False)
    if cells.size <= NUMBERED:
        for (r, c), number in np.ndenumerate(cells):
            strong = abs(number) > 0.6 * limit
            axes.text(
                c,
                r,
                f"{round(number, decimals) + 0.0:.{decimals}f}",
                ha="center",
                va="center",
                fontsize=8,
                color="white" if strong else INK,
            )
    return image


@house_style()
def heat_map(
    matrix: ArrayLike,
    *,
    title: str,
    rows: str = "output",
    columns: str = "input",
    blocks: int | None = None,
    row: int | None = None,
    column: int | None = None,
) -> Figure:
    """A matrix (R, C), such as a Jacobian with outputs as rows and inputs as columns.

    ``blocks``: frame every group of this many columns, to show a block structure. ``row`` and ``column``, counted
    from 0: frame this one and let the others fade. Raises ValueError for a matrix without two axes and for a row or
    column that it does not have. Source: CSC561-E50, EECS545-E42, CEE616-F3, CEE616-C5.
    """
    cells = np.asarray(matrix, dtype=np.float64)
    if cells.ndim != 2:
        raise ValueError(f"a heat map needs a matrix with two axes, but the array has shape {cells.shape}")
    R, C = cells.shape
    figure = new_figure(min(8.5, 2.2 + 0.55 * C), 1.5 + 0.42 * R)
    axes = figure.add_subplot()
    limit = float(np.abs(cells).max(initial=0)) or 1.0
    image = draw_matrix(axes, cells, limit=limit, title=title)
    axes.set_xlabel(columns)
    axes.set_ylabel(rows)
    if blocks is not None:
        for start in range(0, C, blocks):
            axes.add_patch(Rectangle((start - 0.5, -0.5), blocks, R, fill=False, edgecolor=INK, linewidth=1.5))
    highlight(axes, (R, C), row, column)
    figure.colorbar(image, ax=axes, pad=0.02).ax.tick_params(labelsize=8)
    return figure


def highlight(axes: Axes, shape: tuple[int, int], row: int | None, column: int | None) -> None:
    """Frame one row, one column or both of a drawn matrix, and veil all other cells."""
    R, C = shape
    for name, place, size in (("row", row, R), ("column", column, C)):
        if place is not None and not 0 <= place < size:
            raise ValueError(f"the matrix has the {name}s 0 to {size - 1}, but {name} {place} was to be shown")
    if row is None and column is None:
        return
    for r, c in np.ndindex(R, C):
        if r != row and c != column:
            axes.add_patch(Rectangle((c - 0.5, r - 0.5), 1, 1, facecolor=PANEL, alpha=VEIL, linewidth=0))
    for text in axes.texts:
        if text.get_position()[1] != row and text.get_position()[0] != column:
            text.set_color(MUTED)
    if row is not None:
        _frame(axes, (-0.5, row - 0.5), C, 1)
        axes.get_yticklabels()[row].set_fontweight("bold")
    if column is not None:
        _frame(axes, (column - 0.5, -0.5), 1, R)
        axes.get_xticklabels()[column].set_fontweight("bold")


def _frame(axes: Axes, corner: tuple[float, float], width: float, height: float) -> None:
    axes.add_patch(Rectangle(corner, width, height, fill=False, edgecolor=INK, linewidth=2.5, clip_on=False, zorder=3))
