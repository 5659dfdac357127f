"""A layer as a box: values flow through it to the right, gradients to the left, and one gradient stays with it."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from numpy.typing import NDArray

from coursekit.figures.style import BACKWARD, FORWARD, INK, MUTED, PANEL, arrow, house_style, new_drawing, shape_label

Array = NDArray[np.floating[Any]]

WIDTH, HEIGHT, ARROW = 3.4, 1.5, 1.1
ENDS, BETWEEN, PARAMETERS, SPREAD = 1.4, 0.3, 1.0, 2.2


class Variable(NamedTuple):
    """What an arrow carries: a symbol in mathtext without dollar signs, its value, and its gradient of equal shape."""

    symbol: str
    value: Array
    gradient: Array


class LayerBox(NamedTuple):
    """A layer: its name, its two rules in mathtext, the variables at its ends and its own parameters."""

    name: str
    forward: str
    backward: str
    input: Variable
    output: Variable
    parameters: tuple[Variable, ...] = ()


@house_style()
def layer_box(*boxes: LayerBox) -> Figure:
    """Each layer as a box with its gradients: given from above, sent down, and kept for its parameters.

    Blue arrows carry values, vermillion ones gradients; every arrow names its symbol, shape and size (the largest
    entry). Raises ValueError where a gradient has not the shape of its variable or no box is given.
    Source: EECS545-F18, EECS545-F19.
    """
    if not boxes:
        raise ValueError("layer_box needs at least one layer")
    for box in boxes:
        for variable in (box.input, box.output, *box.parameters):
            if variable.value.shape != variable.gradient.shape:
                raise ValueError(
                    f"the gradient of {variable.symbol} must have its shape {variable.value.shape}, "
                    f"but has shape {variable.gradient.shape}"
                )
    below = PARAMETERS if any(box.parameters for box in boxes) else 0.0
    pitch = HEIGHT + below + BETWEEN
    figure, axes = new_drawing(2 * (ENDS + ARROW) + WIDTH, len(boxes) * pitch + BETWEEN)
    for position, box in enumerate(reversed(boxes)):
        _draw(axes, box, bottom=BETWEEN + position * pitch + below)
    return figure


def _draw(axes: Axes, box: LayerBox, *, bottom: float) -> None:
    left = ENDS + ARROW
    right, top = left + WIDTH, bottom + HEIGHT
    axes.add_patch(
        FancyBboxPatch(
            (left, bottom), WIDTH, HEIGHT, boxstyle="round,pad=0,rounding_size=0.12", facecolor=PANEL, edgecolor=INK
        )
    )
    middle = (left + right) / 2
    axes.text(middle, top - 0.28, box.name, ha="center", va="center", weight="bold", fontsize=11)
    axes.text(middle, bottom + 0.82, f"${box.forward}$", ha="center", va="center", color=FORWARD, fontsize=11)
    axes.text(middle, bottom + 0.36, f"${box.backward}$", ha="center", va="center", color=BACKWARD, fontsize=11)
    for start, end, variable in ((left - ARROW, left, box.input), (right, right + ARROW, box.output)):
        arrow(axes, (start, bottom + 1.1), (end, bottom + 1.1), FORWARD)
        arrow(axes, (end, bottom + 0.4), (start, bottom + 0.4), BACKWARD)
        outside, align = (start - 0.08, "right") if end == left else (end + 0.08, "left")
        _label(axes, outside, bottom + 1.1, variable.symbol, variable.value, FORWARD, align)
        _label(axes, outside, bottom + 0.4, f"d{variable.symbol}", variable.gradient, BACKWARD, align)
    for place, parameter in enumerate(box.parameters):
        x = middle + SPREAD * (place - (len(box.parameters) - 1) / 2)
        arrow(axes, (x - 0.12, bottom - 0.45), (x - 0.12, bottom), FORWARD)
        arrow(axes, (x + 0.12, bottom), (x + 0.12, bottom - 0.45), BACKWARD)
        _label(axes, x - 0.18, bottom - 0.68, parameter.symbol, parameter.value, FORWARD, "right")
        _label(axes, x + 0.12, bottom - 0.68, f"d{parameter.symbol}", parameter.gradient, BACKWARD, "left")


def _label(axes: Axes, x: float, y: float, symbol: str, value: Array, color: str, align: str) -> None:
    axes.text(x, y + 0.09, f"${symbol}$", ha=align, va="center", color=color, fontsize=12)
    largest = float(np.abs(value).max(initial=0))
    axes.text(
        x, y - 0.14, f"{shape_label(value.shape)}, max {largest:.2f}", ha=align, va="center", color=MUTED, fontsize=8
    )
