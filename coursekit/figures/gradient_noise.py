"""How much a mini-batch gradient scatters: its variance against the batch size, foretold and measured."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from coursekit.figures.style import BLUE, INK, VERMILLION, house_style, new_figure

Array = NDArray[np.floating[Any]]

WITH, WITHOUT = "with replacement", "without replacement"
FORMULAS = {WITH: r"$v\,/\,B$", WITHOUT: r"$v\,/\,B\,\cdot\,(N-B)/(N-1)$"}
LOOKS = {WITH: (BLUE, "-", "o"), WITHOUT: (VERMILLION, "--", "s")}


class Foretold(NamedTuple):
    """The batch sizes (S,), the variance of one sample's gradient, and by the way of drawing that of a batch's (S,)."""

    sizes: NDArray[np.intp]
    single: float
    variances: Mapping[str, Array]


def variance(gradients: ArrayLike) -> float:
    """The mean squared distance of gradients (M, P) from their mean: the variances of all entries, added up.

    Raises ValueError for another shape.
    """
    rows = np.asarray(gradients, dtype=np.float64)
    if rows.ndim != 2 or rows.size == 0:
        raise ValueError(f"gradients must have the shape (M, P), but have {rows.shape}")
    return float(((rows - rows.mean(axis=0)) ** 2).sum(axis=1).mean())


def foretold(singles: ArrayLike, sizes: Iterable[int]) -> Foretold:
    """The variance of the mean gradient of B of N samples, drawn with and without replacement.

    singles (N, P): the gradient of each sample alone, with the variance v. Foretold is v / B with replacement and
    v / B * (N - B) / (N - 1) without. Raises ValueError for singles that are not (N, P) with N > 1 and for sizes that
    do not rise within 1..N. Source: CEE616-C24.
    """
    v, N = variance(singles), len(np.asarray(singles))
    B = np.asarray(list(sizes), dtype=np.intp)
    if N < 2:
        raise ValueError("a variance needs the gradients of two samples or more, but singles has one row")
    if B.size == 0 or B[0] < 1 or B[-1] > N or (np.diff(B) <= 0).any():
        raise ValueError(f"batch sizes must rise from 1 or more to at most N = {N}, but are {B.tolist()}")
    return Foretold(B, v, {WITH: v / B, WITHOUT: v / B * (N - B) / (N - 1)})


@house_style()
def gradient_noise(
    singles: ArrayLike,
    sizes: Iterable[int],
    measured: Mapping[str, ArrayLike],
    *,
    title: str = "Variance of the mini-batch gradient",
) -> Figure:
    """Lines for the variances foretold and rings for those measured, against the batch size, on logarithmic axes.

    singles (N, P): the gradient of each sample alone. ``measured``: variances (S,), one for each size, of batches drawn
    "with replacement", "without replacement" or both. A variance of 0, that of the whole batch, has no place on such
    an axis and is named in words. Raises ValueError as ``foretold`` does, and for measured ones of another name,
    number or sign. Source: CEE616-C24.
    """
    expected = foretold(singles, sizes)
    N = len(np.asarray(singles))
    if not measured:
        raise ValueError("a figure of gradient noise needs measured variances of at least one way of drawing")
    figure = new_figure(7.5, 4.2)
    axes = figure.add_subplot()
    for way, given in measured.items():
        if way not in LOOKS:
            raise ValueError(f"batches are drawn {WITH!r} or {WITHOUT!r}, but measured has {way!r}")
        color, dashes, marker = LOOKS[way]
        heights = np.asarray(given, dtype=np.float64)
        line = expected.variances[way]
        if heights.shape != line.shape or not (heights >= 0).all():
            raise ValueError(f"variances {way} must be {line.size} numbers, none below 0, but are {heights}")
        seen = line > 0
        axes.plot(
            expected.sizes[seen],
            line[seen],
            color=color,
            linestyle=dashes,
            label=f"{way}, foretold: {FORMULAS[way]}",
        )
        axes.plot(
            expected.sizes[seen],
            heights[seen],
            color=color,
            linestyle="",
            marker=marker,
            markersize=8,
            markerfacecolor="none",
            markeredgewidth=1.8,
            label=f"{way}, measured",
        )
        if not seen.all():
            words = f"B = N = {N} without replacement:\nfull gradient, variance 0"
            axes.text(0.98, 0.97, words, transform=axes.transAxes, ha="right", va="top", fontsize=9, color=INK)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(expected.sizes, [str(B) for B in expected.sizes])
    axes.minorticks_off()
    axes.set_xlabel("batch size B")
    axes.set_ylabel("variance of the gradient")
    axes.set_title(title)
    axes.legend(loc="lower left", fontsize=9)
    return figure
