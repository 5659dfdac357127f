"""What the gradient check said about each tensor under each change: green, red, or stopped by an error."""

from collections.abc import Mapping

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit.figures.style import GREEN, MUTED, VERMILLION, YELLOW, house_style, new_drawing

COLORS = {"correct": GREEN, "wrong": VERMILLION, "error": YELLOW}
WORDS = {"correct": "right", "wrong": "wrong", "error": "raises"}
LEFT, TOP, WIDTH, ROW = 3.3, 0.5, 0.72, 0.36


@house_style()
def verdict_grid(verdicts: Mapping[str, Mapping[str, str]]) -> Figure:
    """One row for each change, one column for each tensor; the word stands in the cell beside its colour.

    ``verdicts[change][tensor]`` is "correct", "wrong" or "error"; every row has the same tensors.
    Raises ValueError for another word or an empty table.
    """
    if not verdicts:
        raise ValueError("a grid of verdicts needs at least one row")
    unknown = {word for row in verdicts.values() for word in row.values()} - COLORS.keys()
    if unknown:
        raise ValueError(f'a verdict is "correct", "wrong" or "error", but the table has {sorted(unknown)}')
    tensors = list(next(iter(verdicts.values())))
    height = TOP + ROW * len(verdicts) + 0.15
    figure, axes = new_drawing(LEFT + WIDTH * len(tensors) + 0.15, height)
    for c, tensor in enumerate(tensors):
        axes.text(LEFT + (c + 0.5) * WIDTH, height - TOP / 2, tensor, ha="center", va="center", weight="bold")
    for r, (change, row) in enumerate(verdicts.items()):
        bottom = height - TOP - (r + 1) * ROW
        axes.text(LEFT - 0.15, bottom + ROW / 2, change, ha="right", va="center")
        for c, tensor in enumerate(tensors):
            word = row[tensor]
            box = Rectangle(
                (LEFT + c * WIDTH, bottom),
                WIDTH - 0.04,
                ROW - 0.04,
                facecolor=COLORS[word],
                edgecolor=MUTED,
                alpha=0.35,
            )
            axes.add_patch(box)
            axes.text(
                LEFT + (c + 0.5) * WIDTH - 0.02,
                bottom + ROW / 2 - 0.02,
                WORDS[word],
                ha="center",
                va="center",
                fontsize=9,
                weight="normal" if word == "correct" else "bold",
            )
    return figure
