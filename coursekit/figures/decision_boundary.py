"""The regions of a classifier over a plane, with the points of each class; planes stand side by side for comparison."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from coursekit.figures.style import BLUE, GREEN, INK, ORANGE, PURPLE, house_style, new_figure

Array = NDArray[np.floating[Any]]

COLORS = (BLUE, ORANGE, GREEN, PURPLE)
MARKERS = "o^sD"
RESOLUTION = 301
MARGIN = 0.06
# Areas of the markers: a few points are drawn large.
FEW, LARGE, SMALL = 20, 70, 15


class Plane(NamedTuple):
    """Points (N, 2) of a plane, a classifier of any points there, (M, 2) -> (M,) numbers of classes, and the words.

    The plane may be that of the raw inputs or one of features; without a classifier only the points are drawn.
    """

    points: Array
    classify: Callable[[Array], ArrayLike] | None
    title: str
    x: str = "$x_1$"
    y: str = "$x_2$"


def regions(plane: Plane) -> tuple[Array, Array, NDArray[np.intp]]:
    """Both axes (R,) of a grid around the points, a little wider than these, and the class at each place (R, R).

    Raises ValueError where the classifier is missing or does not return one class for each point.
    """
    if plane.classify is None:
        raise ValueError("a plane without a classifier has no regions")
    low, high = plane.points.min(axis=0), plane.points.max(axis=0)
    room = MARGIN * np.where(high > low, high - low, 1.0)
    across, up = np.linspace(low - room, high + room, RESOLUTION).T
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    classes = np.asarray(plane.classify(grid))
    if classes.shape != (len(grid),):
        raise ValueError(f"classify must give one class for each of {len(grid)} points, but gave {classes.shape}")
    return across, up, classes.reshape(RESOLUTION, RESOLUTION).astype(np.intp)


@house_style()
def decision_boundary(*planes: Plane, labels: ArrayLike, names: Sequence[str] = ("class 0", "class 1")) -> Figure:
    """Each plane with its regions in pale colours, a dark line between them, and the points of each class.

    ``labels`` (N,) are numbers from 0 on, the same points in every plane; ``names`` are those of the classes, at most
    four. Points in the region of another class are ringed and counted above the plane. Raises ValueError where there
    is no plane, or where points and labels do not fit. Source: EECS545-F1, CEE697M-F15.
    """
    if not planes:
        raise ValueError("decision_boundary needs at least one plane")
    classes = np.asarray(labels)
    if len(names) > len(COLORS):
        raise ValueError(f"at most {len(COLORS)} classes can be told apart, but there are {len(names)} names")
    if classes.ndim != 1 or classes.size == 0 or not np.isin(classes, np.arange(len(names))).all():
        raise ValueError(f"labels must be one number in 0..{len(names) - 1} for each point")
    for plane in planes:
        if plane.points.shape != (len(classes), 2):
            raise ValueError(f"{len(classes)} labels need points (N, 2), but there are points {plane.points.shape}")
    figure = new_figure(0.3 + 3.9 * len(planes), 4.7)
    for axes, plane in zip(np.atleast_1d(figure.subplots(1, len(planes))), planes, strict=True):
        _draw(axes, plane, classes, names)
    handles, texts = [], []
    for axes in figure.axes:
        for handle, text in zip(*axes.get_legend_handles_labels(), strict=True):
            if text not in texts:
                handles.append(handle)
                texts.append(text)
    figure.legend(handles, texts, loc="outside lower center", ncols=len(texts))
    return figure


def _draw(axes: Axes, plane: Plane, labels: NDArray[np.intp], names: Sequence[str]) -> None:
    title, wrong = plane.title, np.zeros(len(labels), dtype=bool)
    area = LARGE if len(labels) <= FEW else SMALL
    if plane.classify is not None:
        across, up, classes = regions(plane)
        colors = ListedColormap(COLORS[: len(names)])
        axes.pcolormesh(across, up, classes, cmap=colors, vmin=-0.5, vmax=len(names) - 0.5, alpha=0.16, shading="auto")
        between = np.arange(classes.min(), classes.max()) + 0.5
        if len(between):
            axes.contour(across, up, classes, levels=between, colors=INK, linewidths=1.4)
        wrong = np.asarray(plane.classify(plane.points)) != labels
        title = f"{title}\n{int(wrong.sum())} of {len(labels)} points on the wrong side"
    for number, name in enumerate(names):
        mine = plane.points[labels == number]
        look: dict[str, Any] = {"color": COLORS[number], "marker": MARKERS[number], "s": area, "linewidths": 0}
        axes.scatter(mine[:, 0], mine[:, 1], label=name, **look)
    if wrong.any():
        missed = plane.points[wrong]
        axes.scatter(
            missed[:, 0], missed[:, 1], s=3 * area, c="none", edgecolors=INK, linewidths=0.9, label="on the wrong side"
        )
    axes.set_title(title)
    axes.set_xlabel(plane.x)
    axes.set_ylabel(plane.y)
    axes.set_box_aspect(1)
    axes.margins(MARGIN)
