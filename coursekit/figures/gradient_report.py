"""A gradient beside the one that was expected, and their difference: where a mistake sits is seen at a glance."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.check import Verdict
from coursekit.figures.heat_map import draw_matrix
from coursekit.figures.style import GREEN, INK, VERMILLION, house_style, new_figure, shape_label

NEGLIGIBLE = 1e-5


def verdict_report(verdict: Verdict) -> Figure:
    """The gradient report of a failed check: ``figures.verdict_report(s.failures[0])`` after a test cell.

    Raises ValueError for a verdict that compared no two arrays.
    """
    if verdict.got is None:
        raise ValueError(f"nothing to draw: the check of {verdict.name} compared no arrays ({verdict.message})")
    return gradient_report(verdict.got, verdict.expected, name=verdict.name)


@house_style()
def gradient_report(got: ArrayLike, expected: ArrayLike, *, name: str) -> Figure:
    """Heat maps of ``got`` and ``expected`` on one colour scale, and of got - expected on its own.

    Both are matrices or vectors; where the shapes differ the third panel says so. Source: CEE616-E39, CSC561-E53.
    """
    mine = np.atleast_2d(np.asarray(got, dtype=np.float64))
    right = np.atleast_2d(np.asarray(expected, dtype=np.float64))
    limit = float(max(np.abs(mine).max(initial=0), np.abs(right).max(initial=0))) or 1.0
    rows = max(len(mine), len(right))
    figure = new_figure(8.6, 1.5 + 0.36 * rows)
    left, middle, last = figure.subplots(1, 3)
    image = draw_matrix(left, mine, limit=limit, title=f"{name}, got  ({shape_label(mine.shape)})")
    draw_matrix(middle, right, limit=limit, title=f"expected  ({shape_label(right.shape)})")
    if mine.shape == right.shape:
        difference = mine - right
        worst = float(np.abs(difference).max(initial=0))
        agrees = worst <= NEGLIGIBLE * limit
        title = "difference: none" if agrees else f"difference, up to {worst:.2g}"
        draw_matrix(last, difference, limit=limit if agrees else worst, title=title)
        last.title.set_color(GREEN if agrees else VERMILLION)
    else:
        last.set_axis_off()
        last.set_title("no difference", color=VERMILLION)
        last.text(0.5, 0.5, "the shapes\nare not equal", ha="center", va="center", transform=last.transAxes, color=INK)
    figure.colorbar(image, ax=[left, middle], pad=0.02).ax.tick_params(labelsize=8)
    return figure
