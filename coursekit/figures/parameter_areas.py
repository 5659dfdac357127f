"""The parameters of each layer as an area: a row for each unit, a column for each weight and one for the bias."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit.engine import mlp_shapes
from coursekit.figures.style import BACKWARD, FORWARD, INK, MUTED, PANEL, house_style, new_drawing

LARGEST, COLUMN, GAP, MARGIN, HEAD, FOOT = 2.2, 1.55, 0.2, 0.25, 0.35, 0.95
KEY = "filled: before, outline: after, at one scale; width: inputs + 1, height: units"


def areas(sizes: Sequence[int]) -> list[tuple[int, int]]:
    """For each layer of widths [n_0, ..., n_L] its numbers of rows and columns, n_l and n_(l-1) + 1.

    Raises ShapeError for widths below 1.
    """
    shapes = mlp_shapes(sizes)
    return [(shapes[f"W{layer}"][0], shapes[f"W{layer}"][1] + 1) for layer in range(1, len(sizes))]


@house_style()
def parameter_areas(before: Sequence[int], after: Sequence[int]) -> Figure:
    """The parameters of two networks as rectangles at one scale, those of ``before`` filled, ``after`` outlined.

    ``before`` and ``after``: widths [n_0, ..., n_L] of two networks with equally many layers. A rectangle has n_l rows
    and n_(l-1) + 1 columns, so its area is the number of parameters of layer l. Raises ValueError where the numbers
    of layers differ, ShapeError for widths below 1. Source: CEE616-F1, CEE697M-C24.
    """
    if len(before) != len(after):
        layers = len(before) - 1, len(after) - 1
        raise ValueError(f"both networks need equally many layers, but they have {layers[0]} and {layers[1]}")
    pairs = list(zip(areas(before), areas(after), strict=True))
    inch = LARGEST / max(side for pair in pairs for area in pair for side in area)
    widths = [max(COLUMN, inch * max(small[1], large[1])) for small, large in pairs]
    tallest = inch * max(rows for pair in pairs for rows, _ in pair)
    figure, axes = new_drawing(2 * MARGIN + sum(widths) + GAP * (len(pairs) - 1), HEAD + tallest + FOOT)
    left = MARGIN
    for layer, (width, pair) in enumerate(zip(widths, pairs, strict=True), start=1):
        corner = left + (width - inch * max(columns for _, columns in pair)) / 2
        for (rows, columns), face, edge in ((pair[1], PANEL, FORWARD), (pair[0], BACKWARD, BACKWARD)):
            sides = columns * inch, rows * inch
            axes.add_patch(Rectangle((corner, FOOT), *sides, linewidth=1.3, facecolor=face, edgecolor=edge))
        lines = [f"{rows}×{columns} = {rows * columns}" for rows, columns in pair]
        for height, text, size, color in (
            (FOOT + tallest + 0.18, f"layer {layer}", 10, MUTED),
            (FOOT - 0.2, f"before {lines[0]}", 9, INK),
            (FOOT - 0.4, f"after {lines[1]}", 9, INK),
        ):
            axes.text(left + width / 2, height, text, ha="center", va="center", fontsize=size, color=color)
        left += width + GAP
    axes.text(figure.get_figwidth() / 2, 0.2, KEY, ha="center", va="center", fontsize=8.5, color=MUTED)
    return figure
