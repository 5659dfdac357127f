"""Activation functions beside their slopes; a kink shows every slope that could be its own."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from coursekit.engine import Map
from coursekit.figures.style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PANEL,
    PURPLE,
    SKY_BLUE,
    VERMILLION,
    house_style,
    new_figure,
)

Array = NDArray[np.floating[Any]]

COLORS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY_BLUE)
STYLES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (6, 1.5, 1, 1.5)), (0, (1.5, 1.5)), (0, (9, 2, 2, 2)), (0, (3, 3)))
POINTS, ASIDE, TANGENT = 1201, 1e-9, 0.09


class Kink(NamedTuple):
    """An input without a derivative: the values and the slopes just left and just right of it."""

    z: float
    values: tuple[float, float]
    slopes: tuple[float, float]

    @property
    def jumps(self) -> bool:
        """Does the function itself jump here, so that no slope could be its own?"""
        return abs(self.values[1] - self.values[0]) > 1e-6


class Profile(NamedTuple):
    """Inputs, values and slopes (P,), the slopes nan at a kink and the values too where the function jumps there."""

    z: Array
    values: Array
    slopes: Array
    kinks: tuple[Kink, ...]


def at(activation: Map, z: Array) -> tuple[Array, Array]:
    """Values and slopes of an elementwise activation at inputs (P,), by the engine's rules; ValueError for others."""
    if activation.derivative is None:
        raise ValueError(f"{activation.name} has no curve: its outputs depend on more than one input")
    values = activation(z)
    return values, activation.derivative(z, values)


def profile(activation: Map, span: tuple[float, float]) -> Profile:
    """An activation over a span; kinks are looked for at 0 and at evenly spaced inputs.

    Raises ValueError for an activation that is not elementwise and for a span that is empty.
    """
    low, high = span
    if not low < high:
        raise ValueError(f"the span must run from a smaller to a larger input, but is {low} to {high}")
    z = np.linspace(low, high, POINTS)
    if low < 0 < high:
        z = np.union1d(z, [0.0])
    values, slopes = at(activation, z)
    kinks = []
    for place in np.flatnonzero(activation.kink(z)):
        around, beside = at(activation, z[place] + np.array([-ASIDE, ASIDE]))
        kink = Kink(float(z[place]), (around[0], around[1]), (beside[0], beside[1]))
        slopes[place] = np.nan
        if kink.jumps:
            values[place] = np.nan
        kinks.append(kink)
    return Profile(z, values, slopes, tuple(kinks))


@house_style()
def activation_curves(
    *activations: Map,
    span: tuple[float, float] = (-5.0, 5.0),
    height: tuple[float, float] | None = None,
    marked: tuple[float, ...] = (),
    saturation: float | None = None,
) -> Figure:
    """Activations on the left, their slopes on the right, told apart by colour and dashes.

    At a kink a vertical bar covers every slope between those of both sides; at a jump an arrow says that there is
    none. ``height``: the part of the values to show. ``marked``: inputs with a dot on every curve and a short tangent.
    ``saturation``: the parts of a curve whose slope is smaller than this get a broad pale band.
    Raises ValueError for no activation or more than six, one that is not elementwise, an empty span, marks outside of
    it, or a saturation that is not positive. Source: CEE697M-F6, CEE697M-F7, CEE697M-F8, CEE697M-F9, EECS545-F7.
    """
    if not 1 <= len(activations) <= len(COLORS):
        raise ValueError(f"from one to {len(COLORS)} activations can be told apart, but there are {len(activations)}")
    if saturation is not None and not saturation > 0:
        raise ValueError(
            f"saturation, the slope below which a unit hardly moves, must be positive, but is {saturation}"
        )
    outside = [z for z in marked if not span[0] <= z <= span[1]]
    if outside:
        raise ValueError(f"marked inputs must lie within {span}, but {outside[0]} does not")
    profiles = [profile(activation, span) for activation in activations]
    figure = new_figure(8.4, 3.7)
    left, right = figure.subplots(1, 2)
    names = [activation.name.replace("_", " ") for activation in activations]
    handles: list[Line2D | Patch] = []
    for name, curve, color, style in zip(names, profiles, COLORS, STYLES, strict=False):
        for axes, heights in ((left, curve.values), (right, curve.slopes)):
            if saturation is not None:
                flat = np.where(np.abs(curve.slopes) < saturation, heights, np.nan)
                axes.plot(curve.z, flat, color=color, linewidth=9, alpha=0.22, solid_capstyle="butt")
            axes.plot(curve.z, heights, color=color, linestyle=style, label=name)
        handles.append(Line2D([], [], color=color, linestyle=style, label=name))
    for axes in (left, right):
        axes.set_xlim(span)
        axes.axhline(0, color=MUTED, linewidth=0.7, zorder=0)
        axes.axvline(0, color=MUTED, linewidth=0.7, zorder=0)
        axes.set_xlabel("$z$")
    if height is not None:
        left.set_ylim(height)
    for curve, color in zip(profiles, COLORS, strict=False):
        for kink in curve.kinks:
            _draw_kink(left, right, kink, color)
    kinks = [kink for curve in profiles for kink in curve.kinks]
    if any(not kink.jumps for kink in kinks):
        handles.append(Line2D([], [], color=MUTED, linewidth=7, alpha=0.4, label="kink: any slope in between"))
    if any(kink.jumps for kink in kinks):
        handles.append(Line2D([], [], color=MUTED, marker="^", linestyle=":", label="jump: no slope"))
    if saturation is not None:
        handles.append(Patch(color=MUTED, alpha=0.22, label=f"saturated: slope below {saturation:g}"))
    for z in marked:
        _draw_mark(left, right, activations, z, (span[1] - span[0]) * TANGENT)
    left.set_title(r"output $\varphi(z)$", pad=18 if marked else 8)
    right.set_title(r"slope $\varphi'(z)$", pad=18 if marked else 8)
    figure.legend(handles=handles, loc="outside lower center", ncols=min(4, len(handles)), handlelength=3.2)
    return figure


def _draw_kink(left: Axes, right: Axes, kink: Kink, color: str) -> None:
    if not kink.jumps:
        right.plot([kink.z, kink.z], kink.slopes, color=color, linewidth=7, alpha=0.4, solid_capstyle="butt")
        return
    left.plot(kink.z, kink.values[0], "o", color=color, markersize=5)
    left.plot(kink.z, kink.values[1], "o", markerfacecolor=PANEL, markeredgecolor=color, markersize=5)
    top = max(1.0, right.get_ylim()[1])
    right.plot([kink.z, kink.z], [kink.slopes[0], 0.97 * top], color=color, linestyle=":", linewidth=1.5)
    right.plot(kink.z, 0.97 * top, "^", color=color, markersize=7)


def _draw_mark(left: Axes, right: Axes, activations: tuple[Map, ...], z: float, reach: float) -> None:
    for axes in (left, right):
        axes.axvline(z, color=INK, linestyle=":", linewidth=1)
        axes.annotate(
            f"{z:g}",
            (z, 1),
            (0, 3),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            size=8,
        )
    for activation, color in zip(activations, COLORS, strict=False):
        value, slope = (float(entry[0]) for entry in at(activation, np.array([float(z)])))
        if activation.kink(np.array([float(z)]))[0]:
            left.plot(z, value, "o", color=color, markersize=5)
            continue
        step = reach / np.hypot(1, slope)
        left.plot([z - step, z + step], [value - slope * step, value + slope * step], color=INK, linewidth=1)
        left.plot(z, value, "o", color=color, markersize=5)
        right.plot(z, slope, "o", color=color, markersize=5)
