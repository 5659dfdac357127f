"""A network as a chain of maps: values and layers in turn, and below each layer the parameters that feed it."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from coursekit.engine import mlp_shapes
from coursekit.figures.style import FORWARD, GREEN, INK, MUTED, PANEL, arrow, house_style, new_drawing, shape_label

RADIUS, BOX, GAP, MARGIN, LINE, PARAMETERS, HEIGHT = 0.27, 0.62, 0.34, 0.3, 1.95, 0.98, 2.65


def parameter_lines(sizes: Sequence[int], layer: int) -> list[str]:
    """What stands at the parameters of a layer: the shapes of W and b, and how many numbers they are.

    Raises ShapeError for widths below 1.
    """
    shapes = mlp_shapes(sizes)
    (fan_out, fan_in), bias = shapes[f"W{layer}"], shapes[f"b{layer}"]
    return [f"W {fan_out}×{fan_in}", f"b {shape_label(bias)}", f"{fan_out * fan_in + fan_out} numbers"]


@house_style()
def layer_chain(sizes: Sequence[int]) -> Figure:
    """Values as circles x_1 to x_{L+1} with their widths, layers as boxes f_l, and parameters theta_l below each box.

    ``sizes`` [n_0, ..., n_L]; the last value is called o. Raises ShapeError for widths below 1. Source: CEE616-F2.
    """
    L = len(mlp_shapes(sizes)) // 2
    step = 2 * RADIUS + BOX + 2 * GAP
    figure, axes = new_drawing(max(2 * MARGIN + 2 * RADIUS + L * step, 4.0), HEIGHT)
    left = (figure.get_figwidth() - L * step) / 2
    for layer, width in enumerate(sizes):
        x = left + layer * step
        axes.add_patch(Circle((x, LINE), RADIUS, facecolor=PANEL, edgecolor=FORWARD))
        _text(axes, x, LINE, f"$x_{{{layer + 1}}}$" if layer < L else "$o$", 12, INK)
        _text(axes, x, LINE + RADIUS + 0.17, f"{width} values", 8.5, MUTED)
        if layer == L:
            continue
        edge = x + RADIUS + GAP
        middle = edge + BOX / 2
        corner = (edge, LINE - BOX / 2)
        axes.add_patch(FancyBboxPatch(corner, BOX, BOX, boxstyle="round,pad=0,rounding_size=0.08", facecolor=PANEL))
        _text(axes, middle, LINE, f"$f_{{{layer + 1}}}$", 12, INK)
        arrow(axes, (x + RADIUS, LINE), (edge, LINE), FORWARD)
        arrow(axes, (edge + BOX, LINE), (edge + BOX + GAP, LINE), FORWARD)
        arrow(axes, (middle, PARAMETERS + 0.15), (middle, LINE - BOX / 2), GREEN)
        _text(axes, middle, PARAMETERS, f"$\\theta_{{{layer + 1}}}$", 12, GREEN)
        for row, line in enumerate(parameter_lines(sizes, layer + 1)):
            _text(axes, middle, PARAMETERS - 0.28 - 0.2 * row, line, 8.5, MUTED)
    return figure


def _text(axes: Axes, x: float, y: float, text: str, size: float, color: str) -> None:
    axes.text(x, y, text, ha="center", va="center", fontsize=size, color=color)
