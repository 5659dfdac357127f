"""Lines over the steps of a training run."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from coursekit.figures.style import house_style, new_figure

MARKERS = "osv^Dx"


@house_style()
def curves(series: Mapping[str, ArrayLike], *, x: str, y: str, title: str, log: bool = False) -> Figure:
    """One line for each named series (T,), told apart by colour and marker; ``log`` for a logarithmic height.

    Raises ValueError where there is no series. Source: CSC561-A6.
    """
    if not series:
        raise ValueError("a figure of curves needs at least one series")
    figure = new_figure(7.5, 3.4)
    axes = figure.add_subplot()
    for (name, heights), marker in zip(series.items(), MARKERS, strict=False):
        every = max(1, np.size(heights) // 10)
        axes.plot(heights, label=name, marker=marker, markersize=4, markevery=every)
    if log:
        axes.set_yscale("log")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_title(title)
    axes.legend()
    return figure
