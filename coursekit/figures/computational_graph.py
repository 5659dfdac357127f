"""A whole network as a line of variables: values to the right above, gradients back to the left below."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from numpy.typing import NDArray

from coursekit.engine import MLP, backward
from coursekit.figures.style import BACKWARD, FORWARD, INK, MUTED, PANEL, arrow, house_style, new_drawing, shape_label

Array = NDArray[np.floating[Any]]

BOX, GAP, MARGIN, HEIGHT = 0.84, 0.56, 0.2, 3.7
VALUES, GRADIENTS, PARAMETERS = 2.92, 1.4, 0.35


class Station(NamedTuple):
    """A variable on the way: its symbol, value and gradient, the local derivative on the edge that leads to it, and
    the gradients of the parameters that act on that edge."""

    symbol: str
    value: Array
    gradient: Array
    edge: str
    parameters: tuple[tuple[str, Array], ...] = ()


def stations(net: MLP, X: Array, Y: Array) -> list[Station]:
    """The variables of a network from X to the loss, with their gradients. X (N, n_0), Y (N, n_L).

    Raises ShapeError where the shapes do not conform. Source: CSC561-F20.
    """
    run = net.forward(X)
    dY = net.loss.gradient(run.A[-1], Y)
    gradients = backward(dY, run, net.Ws, net.activations, input_gradient=False)
    line = [Station("X", X, gradients.dZs[0] @ net.Ws[0], "")]
    for layer in range(1, net.L + 1):
        dW, db, dZ = gradients.dWs[layer - 1], gradients.dbs[layer - 1], gradients.dZs[layer - 1]
        dA = gradients.dAs[layer - 1]
        kept = ((f"dW^{{({layer})}}", dW), (f"db^{{({layer})}}", db))
        line.append(Station(f"Z^{{({layer})}}", run.Z[layer - 1], dZ, f"W^{{({layer})}}", kept))
        line.append(Station(f"A^{{({layer})}}", run.A[layer], dA, f"J_{{\\varphi_{layer}}}"))
    loss = np.array(net.loss(run.A[-1], Y))
    line.append(Station("\\mathcal{L}", loss, np.array(1.0), "J_\\ell"))
    return line


@house_style()
def computational_graph(net: MLP, X: Array, Y: Array, *, steps: int | None = None) -> Figure:
    """The network at a batch: values and shapes above, gradients below, local derivatives on the edges.

    ``steps``: how many backward steps from the loss have been taken, all if None; gradients further down are not
    drawn yet. X (N, n_0), Y (N, n_L). Raises ShapeError where shapes do not conform, ValueError for steps below 0.
    Source: CSC561-F20, CSC561-F21.
    """
    line = stations(net, X, Y)
    taken = len(line) - 1 if steps is None else steps
    if taken < 0:
        raise ValueError(f"steps must be 0 or more, but is {steps}")
    width = 2 * MARGIN + len(line) * BOX + (len(line) - 1) * GAP
    figure, axes = new_drawing(width, HEIGHT)
    axes.text(
        MARGIN, HEIGHT - 0.2, "forward: values, with the local derivative on each edge", va="center", color=FORWARD
    )
    axes.text(
        MARGIN, GRADIENTS + 0.58, "backward: gradients, made with the same derivatives", va="center", color=BACKWARD
    )
    for place, station in enumerate(line):
        left = MARGIN + place * (BOX + GAP)
        reached = place >= len(line) - 1 - taken
        _box(axes, left, VALUES, f"${station.symbol}$", station.value, FORWARD)
        if reached:
            _box(axes, left, GRADIENTS, f"$d{station.symbol}$", station.gradient, BACKWARD)
            for row, (symbol, gradient) in enumerate(station.parameters):
                _kept(axes, left + BOX / 2, row, symbol, gradient)
        if place:
            arrow(axes, (left - GAP, VALUES), (left, VALUES), FORWARD)
            axes.text(left - GAP / 2, VALUES + 0.2, f"${station.edge}$", ha="center", color=FORWARD, fontsize=9.5)
            if place >= len(line) - taken:
                arrow(axes, (left, GRADIENTS), (left - GAP, GRADIENTS), BACKWARD)
                axes.text(
                    left - GAP / 2, GRADIENTS + 0.2, f"${station.edge}$", ha="center", color=BACKWARD, fontsize=9.5
                )
    return figure


def _box(axes: Axes, left: float, y: float, text: str, value: Array, color: str) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (left, y - 0.36), BOX, 0.72, boxstyle="round,pad=0,rounding_size=0.1", facecolor=PANEL, edgecolor=color
        )
    )
    axes.text(left + BOX / 2, y + 0.14, text, ha="center", va="center", fontsize=12, color=INK)
    size = f"{float(value):.3f}" if value.ndim == 0 else shape_label(value.shape)
    axes.text(left + BOX / 2, y - 0.18, size, ha="center", va="center", fontsize=8.5, color=MUTED)


def _kept(axes: Axes, x: float, row: int, symbol: str, gradient: Array) -> None:
    if row == 0:
        arrow(axes, (x, GRADIENTS - 0.36), (x, PARAMETERS + 0.36), BACKWARD)
    axes.text(
        x,
        PARAMETERS + 0.2 - 0.27 * row,
        f"${symbol}$  {shape_label(gradient.shape)}",
        ha="center",
        va="center",
        fontsize=9.5,
        color=BACKWARD,
    )
