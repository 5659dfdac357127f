"""The regions are those of the classifier, every point has the marker of its class, and mistakes are counted."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from coursekit.figures import Plane, decision_boundary
from coursekit.figures.decision_boundary import RESOLUTION, regions
from coursekit.figures.style import BLUE, ORANGE

POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [1.0, 2.0]])
LABELS = np.array([0, 1, 0, 0])


def right_half(points):
    return (points[:, 0] > 0.5).astype(int)


PLANE = Plane(POINTS, right_half, "raw")


def scatters(axes):
    """The offsets of each group of points by its name in the legend."""
    return {
        group.get_label(): np.asarray(group.get_offsets()) for group in axes.collections if len(group.get_offsets())
    }


def test_the_regions_are_the_classes_of_a_grid_that_holds_all_points():
    across, up, classes = regions(PLANE)
    assert across[0] < 0 < 1 < across[-1]
    assert up[0] < 0 < 2 < up[-1]
    assert classes.shape == (RESOLUTION, RESOLUTION)
    np.testing.assert_array_equal(classes, np.tile(across > 0.5, (RESOLUTION, 1)))


def test_each_class_has_its_points_colour_and_name():
    axes = decision_boundary(PLANE, labels=LABELS, names=("left", "right")).axes[0]
    groups = scatters(axes)
    np.testing.assert_array_equal(groups["left"], POINTS[LABELS == 0])
    np.testing.assert_array_equal(groups["right"], POINTS[LABELS == 1])
    colors = [to_hex(g.get_facecolor()[0]).upper() for g in axes.collections if g.get_label() in ("left", "right")]
    assert colors == [BLUE, ORANGE]


def test_mistakes_are_ringed_and_counted():
    axes = decision_boundary(PLANE, labels=LABELS).axes[0]
    assert axes.get_title() == "raw\n1 of 4 points on the wrong side"
    np.testing.assert_array_equal(scatters(axes)["on the wrong side"], [[1, 2]])
    perfect = decision_boundary(PLANE, labels=np.array([0, 1, 0, 1])).axes[0]
    assert perfect.get_title().endswith("0 of 4 points on the wrong side")
    assert "on the wrong side" not in scatters(perfect)


def test_planes_stand_side_by_side_under_one_legend():
    squares = Plane(POINTS**2, None, "squares", "$x_1^2$", "$x_2^2$")
    figure = decision_boundary(PLANE, squares, labels=LABELS, names=("left", "right"))
    assert [axes.get_title() for axes in figure.axes] == ["raw\n1 of 4 points on the wrong side", "squares"]
    assert figure.axes[1].get_xlabel() == "$x_1^2$"
    np.testing.assert_array_equal(scatters(figure.axes[1])["left"], POINTS[LABELS == 0] ** 2)
    assert [t.get_text() for t in figure.legends[0].get_texts()] == ["left", "right", "on the wrong side"]


def test_one_region_draws_no_line():
    axes = decision_boundary(Plane(POINTS, lambda P: np.zeros(len(P), int), "all left"), labels=LABELS).axes[0]
    assert axes.get_title() == "all left\n1 of 4 points on the wrong side"


@pytest.mark.parametrize("planes", [1, 2])
def test_titles_and_legend_stay_inside_and_apart(planes):
    figure = decision_boundary(*[PLANE] * planes, labels=LABELS, names=("outside", "inside"))
    figure.draw_without_rendering()
    texts = [t for axes in figure.axes for t in (axes.title, axes.xaxis.label, axes.yaxis.label)]
    boxes = [t.get_window_extent() for t in [*texts, *figure.legends]]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="at least one plane"):
        decision_boundary(labels=LABELS)
    with pytest.raises(ValueError, match=r"0\.\.1"):
        decision_boundary(PLANE, labels=LABELS + 1)
    with pytest.raises(ValueError, match=r"4 labels need points .* \(3, 2\)"):
        decision_boundary(PLANE._replace(points=POINTS[:3]), labels=LABELS)
    with pytest.raises(ValueError, match="one class for each"):
        decision_boundary(PLANE._replace(classify=lambda P: P), labels=LABELS)
    with pytest.raises(ValueError, match="at most 4"):
        decision_boundary(PLANE, labels=LABELS, names="abcde")
    with pytest.raises(ValueError, match="without a classifier"):
        regions(PLANE._replace(classify=None))
