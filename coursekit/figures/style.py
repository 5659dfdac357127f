"""The one look of all figures: an opaque light card, legible in a light and in a dark notebook, in safe colours."""

from collections.abc import Iterator
from contextlib import contextmanager

from cycler import cycler
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.typing import ColorType

# The palette of Okabe and Ito, which readers with any colour vision can tell apart.
BLACK = "#000000"
ORANGE = "#E69F00"
SKY_BLUE = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"

FORWARD = BLUE
BACKWARD = VERMILLION
INK = "#222222"
MUTED = "#666666"
CARD = "#FBFAF7"
PANEL = "#FFFFFF"
DIVERGING = "RdBu_r"
DPI = 110

HOUSE = {
    "figure.facecolor": CARD,
    "figure.dpi": DPI,
    "savefig.facecolor": CARD,
    "axes.facecolor": PANEL,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=[BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY_BLUE]),
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "mathtext.fontset": "dejavusans",
    "legend.frameon": False,
    "lines.linewidth": 2,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
}


@contextmanager
def house_style() -> Iterator[None]:
    """matplotlib's defaults with the house's look, whatever the reader's own settings; restored at the end."""
    with style.context(HOUSE, after_reset=True):
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty Figure of this size in inches, laid out so that no label is cut off."""
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor=CARD)
    figure.set_layout_engine("constrained", w_pad=0.1, h_pad=0.1)
    return figure


def new_drawing(width: float, height: float) -> tuple[Figure, Axes]:
    """A Figure filled by one Axes without ticks, whose units are inches: for diagrams."""
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor=CARD)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_axis_off()
    return figure, axes


def arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], color: ColorType) -> None:
    """A straight arrow between two points."""
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 1.8, "shrinkA": 0, "shrinkB": 0},
    )


def shape_label(shape: tuple[int, ...]) -> str:
    """A shape as it is read: 5×3, and 'a number' for ()."""
    if len(shape) == 1:
        return f"({shape[0]},)"
    return "×".join(map(str, shape)) or "a number"
