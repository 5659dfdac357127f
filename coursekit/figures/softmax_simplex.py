"""Three probabilities as a point in a triangle, and how they answer to a change of the logits."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from coursekit.engine import jacobian, softmax
from coursekit.figures.heat_map import draw_matrix
from coursekit.figures.style import INK, MUTED, house_style, new_figure

Float64 = NDArray[np.float64]

# Class 0 at the top, then anticlockwise.
CORNERS = np.array([[0.5, sqrt(3) / 2], [0.0, 0.0], [1.0, 0.0]])
MARKERS = "os^Dvp"


class Mark(NamedTuple):
    """A point of the triangle: the names that fall on it, its probabilities (3,) and its place (2,)."""

    names: tuple[str, ...]
    p: Float64
    place: Float64


def marks(logits: Mapping[str, ArrayLike]) -> list[Mark]:
    """The softmax of each named triple of logits, as a point of the triangle; equal points are one mark.

    Raises ValueError where there is none, or one that is not three finite numbers. Source: CEE616-E47, CEE697M-E65.
    """
    if not logits:
        raise ValueError("a softmax triangle needs at least one triple of logits")
    found: list[Mark] = []
    for name, given in logits.items():
        z = np.asarray(given, dtype=np.float64)
        if z.shape != (3,) or not np.isfinite(z).all():
            raise ValueError(f"the logits {name!r} must be three finite numbers, but are {z.tolist()}")
        p = softmax(z[None])[0]
        same = next((n for n, mark in enumerate(found) if np.allclose(mark.p, p, rtol=0, atol=1e-9)), None)
        if same is None:
            found.append(Mark((name,), p, p @ CORNERS))
        else:
            found[same] = found[same]._replace(names=(*found[same].names, name))
    return found


@house_style()
def softmax_simplex(
    logits: Mapping[str, ArrayLike],
    *,
    at: str | None = None,
    path: ArrayLike | None = None,
    classes: Sequence[str] = ("class 0", "class 1", "class 2"),
) -> Figure:
    """The probabilities of named logits (3,) as points in the triangle, beside the Jacobian of the softmax at one.

    ``at``: the name of the point whose Jacobian is drawn, by default the last. ``path``: logits (T, 3) whose
    probabilities are joined by a line. Dashed lines part the regions in which each class is the most probable.
    Points that coincide share one marker and one entry of the legend. Raises ValueError for logits that are not three
    finite numbers, more than six different points, a name that is not given, and a number of classes other than 3.
    Source: CEE616-E47, CEE697M-E65, CSC561-E21.
    """
    points = marks(logits)
    if len(points) > len(MARKERS):
        raise ValueError(f"the triangle tells at most {len(MARKERS)} points apart, but there are {len(points)}")
    if len(classes) != 3:
        raise ValueError(f"the triangle has three classes, but {len(classes)} are named")
    chosen = list(logits)[-1] if at is None else at
    if chosen not in logits:
        raise ValueError(f"there are no logits named {chosen!r}: the names are {', '.join(logits)}")
    figure = new_figure(8.4, 4.1)
    triangle, matrix = figure.subplots(1, 2, width_ratios=[1.35, 1])
    _triangle(triangle, classes)
    if path is not None:
        line = np.asarray(path, dtype=np.float64)
        if line.ndim != 2 or line.shape[1] != 3:
            raise ValueError(f"a path must have shape (T, 3), but has shape {line.shape}")
        triangle.plot(*(softmax(line) @ CORNERS).T, color=MUTED, linewidth=1.5, zorder=2)
    for mark, marker in zip(points, MARKERS, strict=False):
        words = ", ".join(mark.names)
        triangle.plot(*mark.place, marker, markersize=9, markeredgecolor="white", label=words, zorder=3, clip_on=False)
    triangle.legend(loc="upper left", bbox_to_anchor=(-0.12, 1.02), fontsize=9, handletextpad=0.3, borderpad=0)
    z = np.asarray(logits[chosen], dtype=np.float64)[None]
    draw_matrix(matrix, jacobian((softmax,), z)[0], limit=0.25, title=f"Jacobian, {chosen}", decimals=3)
    matrix.set_box_aspect(1)
    matrix.set_xlabel("logit")
    matrix.set_ylabel("probability")
    return figure


def _triangle(axes: Axes, classes: Sequence[str]) -> None:
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(-0.16, 1.16)
    axes.set_ylim(-0.12, 1.0)
    axes.plot(*CORNERS[[0, 1, 2, 0]].T, color=INK, linewidth=1.3, zorder=1)
    centre = CORNERS.mean(axis=0)
    for a, b in ((0, 1), (1, 2), (2, 0)):
        axes.plot(*np.array([centre, (CORNERS[a] + CORNERS[b]) / 2]).T, "--", color=MUTED, linewidth=0.9, zorder=1)
    for (x, y), name, above in zip(CORNERS, classes, (True, False, False), strict=True):
        axes.text(x, y + (0.035 if above else -0.045), name, ha="center", va="bottom" if above else "top", fontsize=10)
