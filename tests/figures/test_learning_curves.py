"""A learning curve is the median of its runs in a band from the lowest to the highest, with the best place marked."""

import numpy as np
import pytest

from coursekit.figures import learning_curves
from coursekit.figures.learning_curves import spread

RUNS = np.array([[4.0, 2.0, 1.0], [6.0, 3.0, 1.0], [9.0, 2.5, 1.0]])


def draw(series, **options):
    return learning_curves(series, x="epoch", y="loss", title="t", **options)


def test_the_spread_of_runs_and_of_a_single_one():
    middle, low, high = spread(RUNS)
    np.testing.assert_array_equal(middle, [6, 2.5, 1])
    np.testing.assert_array_equal(low, [4, 2, 1])
    np.testing.assert_array_equal(high, [9, 3, 1])
    for part in spread(RUNS[0]):
        np.testing.assert_array_equal(part, RUNS[0])


def test_lines_are_medians_over_epochs_from_one_and_differ_in_more_than_colour():
    axes = draw({"a": RUNS, "b": RUNS[0]}).axes[0]
    np.testing.assert_array_equal([line.get_ydata() for line in axes.lines], [[6, 2.5, 1], RUNS[0]])
    np.testing.assert_array_equal(axes.lines[0].get_xdata(), [1, 2, 3])
    assert len(axes.collections) == 1, "one band, none for a single run"
    assert axes.lines[0].get_marker() != axes.lines[1].get_marker()
    assert axes.lines[0].get_linestyle() != axes.lines[1].get_linestyle()
    assert [t.get_text() for t in axes.get_legend().get_texts()] == ["a", "b"]


def test_the_best_place_is_marked_and_named():
    axes = draw({"a": RUNS}, best=2).axes[0]
    assert list(axes.lines[-1].get_xdata()) == [2, 2]
    assert axes.get_legend().get_texts()[-1].get_text() == "best: 2"


def test_sizes_on_a_logarithmic_axis_are_named_where_they_stand():
    axes = draw({"a": RUNS}, at=[20, 200, 4000], log_x=True, log_y=True).axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert [t.get_text() for t in axes.get_xticklabels()] == ["20", "200", "4000"]


def test_labels_stay_inside():
    figure = draw({"training": RUNS, "validation": RUNS}, best=2, log_y=True)
    figure.draw_without_rendering()
    width, height = figure.bbox.size
    axes = figure.axes[0]
    boxes = [part.get_window_extent() for part in (axes.title, axes.xaxis.label, axes.yaxis.label, axes.get_legend())]
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="at least one series"):
        draw({})
    with pytest.raises(ValueError, match="b has 2 places, but the x axis has 3"):
        draw({"a": RUNS, "b": [1.0, 2.0]})
    with pytest.raises(ValueError, match="values of a that are 0 or less"):
        draw({"a": [1.0, 0.0]}, log_y=True)
    with pytest.raises(ValueError, match="places that are 0 or less"):
        draw({"a": [1.0, 2.0]}, at=[0, 1], log_x=True)
    with pytest.raises(ValueError, match=r"\(T,\) or \(S, T\)"):
        draw({"a": np.ones((2, 2, 2))})


def test_the_data_behind_the_lines_can_be_shown():
    curve = np.linspace(0, 1, 5)
    places, heights = np.array([[0.2], [0.7]]), np.array([[1.0], [-1.0]])
    figure = learning_curves({"fit": curve}, at=curve, x="x", y="y", title="t", points=(places, heights))
    dots = figure.axes[0].lines[-1]
    assert dots.get_label() == "data"
    assert dots.get_linestyle() == "None"
    np.testing.assert_array_equal(dots.get_xydata(), [[0.2, 1.0], [0.7, -1.0]])
    with pytest.raises(ValueError, match="as many places as heights, but has 2 and 1"):
        learning_curves({"fit": curve}, at=curve, x="x", y="y", title="t", points=(places, [1.0]))
