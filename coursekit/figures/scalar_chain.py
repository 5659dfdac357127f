"""A chain of single neurons as a line of nodes: values to the right above, the products back to the left below."""

from itertools import accumulate
from operator import mul
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from numpy.typing import ArrayLike

from coursekit.engine import Map, identity, local_derivatives, scalar_backward, scalar_forward, sigmoid
from coursekit.figures.style import BACKWARD, FORWARD, INK, MUTED, PANEL, arrow, house_style, new_drawing

BOX, GAP, TALL, MARGIN, HEIGHT, NO_STEP_YET = 0.88, 0.8, 0.8, 0.25, 4.45, 2.45
VALUES, PRODUCTS, KEPT = 3.48, 1.98, 1.12


class Node(NamedTuple):
    """A number on the way from x to the cost C.

    ``product``: the derivative of C by it as the sweep has it, ``exact``: as it is at the weights of the forward pass.
    ``edge`` names the local derivative towards C: ``factor`` as it was in the forward pass, ``used`` as the sweep
    multiplies it. ``kept``: at a sum z, name and value of the gradients of its weight and bias. ``weight``: at a sum z
    of a sweep that updates on the way, its weight before and after.
    """

    symbol: str
    value: float
    product: float
    exact: float
    edge: str = ""
    factor: float = 1.0
    used: float = 1.0
    kept: tuple[tuple[str, float], ...] = ()
    weight: tuple[float, float] | None = None


def chain_nodes(
    x: float,
    w: ArrayLike,
    b: ArrayLike,
    y: float,
    *,
    activation: Map = sigmoid,
    output: Map = identity,
    lr: float | None = None,
) -> list[Node]:
    """The nodes x, z1, a1, ..., zL, aL, C of a chain with C = (aL - y)^2. w (L,), b (L,).

    With ``lr`` each weight is replaced by w - lr dw as soon as its gradient is there, and the sweep goes on through the
    new one. Raises ShapeError unless w and b are vectors of one length.
    """
    old, b = np.asarray(w, dtype=float), np.asarray(b, dtype=float)
    run = scalar_forward(x, old, b, activation=activation, output=output)
    dC_da = 2 * (float(run.a[-1]) - y)
    local = local_derivatives(run, old, activation=activation, output=output)
    exact = scalar_backward(dC_da, run, old, activation=activation, output=output)

    nodes = [Node("C", (float(run.a[-1]) - y) ** 2, 1.0, 1.0)]
    edge, factor, used, product = "2(a-y)", dC_da, dC_da, dC_da
    for layer in range(len(old), 0, -1):
        i, name = layer - 1, f"^{{({layer})}}"
        nodes.append(Node(f"a{name}", float(run.a[layer]), product, float(exact.da[layer]), edge, factor, used))
        slope = float(local.da_dz[i])
        product *= slope
        gradient = product * float(local.dz_dw[i])
        factor = used = float(old[i])
        weight = None
        if lr is not None:
            used = factor - lr * gradient
            weight = factor, used
        kept = (f"dw{name}", gradient), (f"db{name}", product)
        sum_edge = f"\\varphi'(z{name})"
        z = float(run.z[i])
        nodes.append(Node(f"z{name}", z, product, float(exact.dz[i]), sum_edge, slope, slope, kept, weight))
        edge, product = f"w{name}", product * used
    nodes.append(Node("x", x, product, float(exact.da[0]), edge, factor, used))
    return nodes[::-1]


def number(value: float) -> str:
    """A number as it is set in print, with four decimals at most, or five digits if large: −0.5, 0.1875, 12345."""
    text = f"{value + 0.0:.4f}".rstrip("0").rstrip(".") if abs(value) < 1000 else f"{value:.5g}"
    return "0" if text == "-0" else text.replace("-", "−")


def caption(nodes: list[Node], steps: int) -> str:
    """The running product after a number of steps back from C: its factors in the order in which they came."""
    if not steps:
        return "no step back yet: the product starts with $dC$ = 1"
    factors = [node.used for node in reversed(nodes[-1 - steps : -1])]
    *_, product = accumulate(factors, mul)
    reached = nodes[-1 - steps]
    text = f"$d{reached.symbol}$ = " + " × ".join(f"({number(factor)})" for factor in factors)
    text += f" = {number(product)}" if steps > 1 else ""
    return text + (f",  with the old weights {number(reached.exact)}" if _differs(reached) else "")


@house_style()
def scalar_chain(
    x: float,
    w: ArrayLike,
    b: ArrayLike,
    y: float,
    *,
    activation: Map = sigmoid,
    output: Map = identity,
    steps: int | None = None,
    lr: float | None = None,
) -> Figure:
    """A chain of neurons with the cost C = (aL - y)^2: above, values and local derivatives; below, the products so far.

    w (L,), b (L,). ``steps``: how many backward steps from C have been taken, 2 L + 1 if None, which ends at x.
    ``lr``: each weight is updated in place, before the sweep passes it; where the new factor makes a wrong product, the
    true one stands below it. Raises ValueError for other numbers of steps, ShapeError unless w and b are vectors of one
    length. Source: CEE697M-F13, CEE697M-F14, CEE697M-A2, CEE697M-E64.
    """
    nodes = chain_nodes(x, w, b, y, activation=activation, output=output, lr=lr)
    last = len(nodes) - 1
    taken = last if steps is None else steps
    if not 0 <= taken <= last:
        raise ValueError(f"steps must be one of 0..{last}, but is {taken}")
    bottom = 0 if taken else NO_STEP_YET
    figure, axes = new_drawing(2 * MARGIN + len(nodes) * BOX + last * GAP, HEIGHT - bottom)
    axes.set_ylim(bottom, HEIGHT)
    _text(axes, MARGIN, HEIGHT - 0.22, "forward: values, on each edge its local derivative", FORWARD, ha="left")
    if taken:
        _text(axes, MARGIN, PRODUCTS + 0.74, "backward: the product of all factors so far", BACKWARD, ha="left")
    for place, node in enumerate(nodes):
        left = MARGIN + place * (BOX + GAP)
        _box(axes, left, VALUES, f"${node.symbol}$", [number(node.value)], FORWARD)
        if place < last:
            start, end, middle = left + BOX, left + BOX + GAP, left + BOX + GAP / 2
            arrow(axes, (start, VALUES), (end, VALUES), FORWARD)
            _text(axes, middle, VALUES + 0.2, f"${node.edge}$", FORWARD, size=9.5)
            _text(axes, middle, VALUES - 0.2, number(node.factor), FORWARD, size=9)
        if taken and place >= last - taken:
            wrong = [f"true {number(node.exact)}"] if _differs(node) else []
            _box(axes, left, PRODUCTS, f"$d{node.symbol}$", [number(node.product), *wrong], BACKWARD)
            _keep(axes, left + BOX / 2, node)
            if place < last:
                arrow(axes, (end, PRODUCTS), (start, PRODUCTS), BACKWARD)
                _text(axes, middle, PRODUCTS + 0.18, f"× {number(node.used)}", BACKWARD, size=9)
                if node.used != node.factor:
                    _text(axes, middle, PRODUCTS - 0.18, f"old {number(node.factor)}", MUTED, size=8)
    _text(axes, MARGIN, bottom + 0.2, caption(nodes, taken), INK, ha="left")
    return figure


def _differs(node: Node) -> bool:
    return not np.isclose(node.product, node.exact, rtol=1e-9, atol=0)


def _box(axes: Axes, left: float, y: float, symbol: str, lines: list[str], color: str) -> None:
    style = "round,pad=0,rounding_size=0.1"
    axes.add_patch(FancyBboxPatch((left, y - TALL / 2), BOX, TALL, boxstyle=style, facecolor=PANEL, edgecolor=color))
    _text(axes, left + BOX / 2, y + 0.19, symbol, INK, size=12)
    for row, line in enumerate(lines):
        _text(axes, left + BOX / 2, y - 0.09 - 0.19 * row, line, MUTED if row else INK, size=8 if row else 9)


def _keep(axes: Axes, x: float, node: Node) -> None:
    """The gradients that stay at a sum z, and its weight before and after an update on the way."""
    if not node.kept:
        return
    arrow(axes, (x, PRODUCTS - TALL / 2), (x, KEPT + 0.12), BACKWARD)
    lines = [f"${symbol}$ = {number(value)}" for symbol, value in node.kept]
    if node.weight is not None:
        lines.append(f"$w$: {number(node.weight[0])} → {number(node.weight[1])}")
    for row, line in enumerate(lines):
        _text(axes, x, KEPT - 0.23 * row, line, BACKWARD if row < len(node.kept) else MUTED, size=9.5)


def _text(axes: Axes, x: float, y: float, text: str, color: str, *, size: float = 10, ha: str = "center") -> None:
    axes.text(x, y, text, ha=ha, va="center", fontsize=size, color=color)
