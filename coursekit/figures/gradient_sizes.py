"""How large the gradient of each layer's weights is, from the first layer to the last, on a logarithmic axis."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from coursekit.figures.style import house_style, new_figure

Array = NDArray[np.floating[Any]]

MARKERS = "osv^Dx"
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))


def ratio(sizes: Array) -> str:
    """The first of the sizes (L,) over the last, as it is read: 120, 0.6 or 5e-07."""
    quotient = sizes[0] / sizes[-1]
    return f"{quotient:.0f}" if quotient >= 9.5 else f"{quotient:.1g}"


def whole_decades(sizes: Array) -> tuple[float, float]:
    """The powers of ten below and above all sizes, so that equal sizes look equal."""
    return float(10 ** np.floor(np.log10(sizes.min()))), float(10 ** (np.floor(np.log10(sizes.max())) + 1))


@house_style()
def gradient_sizes(sizes: Mapping[str, ArrayLike], *, title: str = "Size of the gradient by layer") -> Figure:
    """One line for each named network: the sizes (L,) of its gradients, layer 1 (next to the input) on the left.

    The legend gives the ratio of the first layer to the last. Raises ValueError where there is no network or a size
    is not positive. Source: EECS545-C29.
    """
    if not sizes:
        raise ValueError("a figure of gradient sizes needs at least one network")
    figure = new_figure(7.5, 4.2)
    axes = figure.add_subplot()
    for (name, given), marker, dashes in zip(sizes.items(), MARKERS, LINES, strict=False):
        heights = np.asarray(given, dtype=np.float64)
        if heights.ndim != 1 or heights.size == 0 or not (heights > 0).all() or not np.isfinite(heights).all():
            raise ValueError(f"the gradients of {name} must be one positive size for each layer, but are {heights}")
        layers = np.arange(1, len(heights) + 1)
        label = f"{name}: first / last = {ratio(heights)}"
        axes.plot(layers, heights, label=label, linestyle=dashes, marker=marker, markersize=5)
    axes.set_yscale("log")
    axes.set_ylim(*whole_decades(np.concatenate([np.asarray(given) for given in sizes.values()])))
    axes.set_xticks(np.arange(1, max(np.size(given) for given in sizes.values()) + 1))
    axes.set_xlabel("layer (1 is next to the input)")
    axes.set_ylabel("norm of the weights' gradient")
    axes.set_title(title)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure
