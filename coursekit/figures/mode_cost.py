"""What a whole Jacobian costs in forward and in reverse mode, layer by layer and in total."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit.engine import multiply_adds, n_passes
from coursekit.engine.modes import Mode
from coursekit.figures.style import BACKWARD, FORWARD, MUTED, house_style, new_figure

MODES: tuple[Mode, ...] = ("forward", "reverse")
LOOK = {"forward": {"color": FORWARD}, "reverse": {"color": BACKWARD, "hatch": "//"}}
SEEDS = {"forward": "columns", "reverse": "rows"}
BAR, LARGEST, FULL = 0.4, 8, 100_000


class ModeCost(NamedTuple):
    """Multiply-adds of one mode: ``layers`` one number for each layer from the input up, their sum ``total``.

    ``passes`` is the number of seeds, one per input in forward mode and one per output in reverse mode.
    """

    layers: tuple[int, ...]
    total: int
    passes: int


def mode_costs(sizes: Sequence[int], *, charge_seed: bool = True) -> dict[Mode, ModeCost]:
    """What the Jacobian of a chain of dense layers costs in each mode, layer by layer.

    ``charge_seed`` as in ``engine.multiply_adds``: without it the layer at which a mode starts is free. Raises
    ShapeError for widths below 1. Source: CEE616-C6, CEE616-C7, CEE616-C9.
    """
    costs: dict[Mode, ModeCost] = {}
    for mode, free in zip(MODES, (0, -1), strict=True):
        passes = n_passes(sizes, mode)
        layers = [passes * inputs * outputs for inputs, outputs in pairwise(sizes)]
        if not charge_seed:
            layers[free] = 0
        costs[mode] = ModeCost(tuple(layers), multiply_adds(sizes, mode, charge_seed=charge_seed), passes)
    return costs


def short(count: int) -> str:
    """A count as it is read: 56, 13,440 and, from 100,000 on, 1.02 M for millions and 5.48 G for thousands of those."""
    if count < FULL:
        return f"{count:,}"
    unit, letter = (1e6, "M") if count < 999_500_000 else (1e9, "G")
    return f"{count / unit:.3g} {letter}"


@house_style()
def mode_cost(sizes: Sequence[int], *, charge_seed: bool = True) -> Figure:
    """Multiply-adds of the Jacobian of a network of these widths, both modes side by side: per layer, and in total.

    ``sizes`` [n_0, ..., n_L] of at most 8 layers; ``charge_seed=False`` makes the first layer of each mode free.
    Raises ShapeError for widths below 1, ValueError for more layers. Source: CEE616-C7, CEE616-C9, CEE616-C11.
    """
    if len(sizes) > LARGEST + 1:
        raise ValueError(f"the figure shows at most {LARGEST} layers, but the widths make {len(sizes) - 1}")
    costs = mode_costs(sizes, charge_seed=charge_seed)
    L = len(sizes) - 1
    figure = new_figure(max(7.5, 4.2 + 1.05 * L), 3.6)
    by_layer, in_total = figure.subplots(1, 2, width_ratios=[max(L, 2.5), 1.6])
    for side, mode in enumerate(MODES):
        _, total, passes = costs[mode]
        label = f"{mode}: {passes:,} {SEEDS[mode] if passes > 1 else SEEDS[mode][:-1]}"
        places = np.arange(L) + (side - 0.5) * BAR
        by_layer.bar(places, costs[mode].layers, BAR, label=label, edgecolor="white", **LOOK[mode])
        for place, count in zip(places, costs[mode].layers, strict=True):
            _number(by_layer, float(place), count)
        in_total.bar(side, total, 0.7, edgecolor="white", **LOOK[mode])
        _number(in_total, side, total)
    shapes = [f"layer {k}\n{m}×{n}" for k, (n, m) in enumerate(pairwise(sizes), start=1)]
    by_layer.set_xticks(range(L), shapes)
    by_layer.set_ylabel("multiply-adds")
    by_layer.set_title("in each layer" if charge_seed else "in each layer, seeds free")
    in_total.set_xticks(range(2), MODES)
    in_total.set_title("in total")
    for axes in (by_layer, in_total):
        axes.tick_params(length=0)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_ylim(0, 1.15 * max(1, *(bar.get_height() for bar in axes.patches)))
    figure.suptitle(f"Jacobian of a network of widths {'-'.join(map(str, sizes))}", fontsize=12)
    figure.legend(*by_layer.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def _number(axes: Axes, place: float, count: int) -> None:
    """The count above its bar, or the word free."""
    axes.annotate(
        short(count) if count else "free",
        (place, count),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        fontsize=8.5,
        color="black" if count else MUTED,
    )
