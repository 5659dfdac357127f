"""Lines through a kink: the interval of supporting slopes is right, and each line is drawn as what it is."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from coursekit.figures import subgradients
from coursekit.figures.style import GREEN, VERMILLION
from coursekit.figures.subgradients import supporting_slopes


def relu(z):
    return np.maximum(z, 0)


def lines(figure):
    """The straight lines by slope: whether each is solid, and its colour."""
    return {
        round(float(np.diff(line.get_ydata()[[0, -1]])[0] / np.diff(line.get_xdata()[[0, -1]])[0]), 6): (
            line.get_linestyle() == "-",
            to_hex(line.get_color()).upper(),
        )
        for line in figure.axes[0].lines[1:]
        if len(line.get_xdata()) > 1
    }


@pytest.mark.parametrize(
    ("f", "at", "expected"),
    [
        (relu, 0.0, (0, 1)),
        (np.abs, 0.0, (-1, 1)),
        (lambda z: np.maximum(0.1 * z, z), 0.0, (0.1, 1)),
        (lambda z: np.maximum(z, 0.5), 0.5, (0, 1)),
        (relu, 1.0, (1, 1)),
        (lambda z: relu(z) - relu(-z), 0.0, (1, 1)),
    ],
)
def test_the_interval_reaches_from_the_left_slope_to_the_right_one(f, at, expected):
    np.testing.assert_allclose(supporting_slopes(f, at=at), expected, atol=1e-9)


def test_a_kink_that_points_up_has_no_supporting_slope():
    low, high = supporting_slopes(lambda z: -relu(z))
    assert low > high
    figure = subgradients(lambda z: -relu(z), [-1, -0.5, 0])
    assert figure.axes[1].get_title() == "no slope stays below the curve"
    assert not any(solid for solid, _ in lines(figure).values())


def test_a_smooth_curve_has_one_slope_up_to_the_grid():
    low, high = supporting_slopes(lambda z: z * z, at=0.5)
    assert low <= 1 <= high
    assert high - low < 0.03


def test_each_line_is_drawn_as_what_it_is():
    figure = subgradients(relu, [1.4, 0, 0.5, 1, -0.3])
    assert lines(figure) == {
        -0.3: (False, VERMILLION),
        0.0: (True, GREEN),
        0.5: (True, GREEN),
        1.0: (True, GREEN),
        1.4: (False, VERMILLION),
    }
    _, names = figure.axes[0].get_legend_handles_labels()
    assert names == ["the curve", "below the curve: 0, 0.5, 1", "rises above it: -0.3, 1.4"]


def test_lines_go_through_the_point_of_the_curve():
    figure = subgradients(lambda z: np.maximum(z, 0.5), [0.25], at=0.5, reach=1)
    line = figure.axes[0].lines[1]
    assert np.interp(0.5, line.get_xdata(), line.get_ydata()) == pytest.approx(0.5)
    assert line.get_xdata()[[0, -1]] == pytest.approx([-0.5, 1.5])


def test_the_slopes_stand_on_the_line_below_with_their_interval():
    bar, *marks = subgradients(relu, [-0.3, 0.5]).axes[1].lines[1:]
    assert bar.get_xdata() == pytest.approx([0, 1])
    assert [(float(mark.get_xdata()[0]), mark.get_marker()) for mark in marks] == [(-0.3, "X"), (0.5, "o")]


@pytest.mark.parametrize(("f", "words"), [(relu, "from 0 to 1"), (lambda z: 1 * z, "1 alone")])
def test_the_interval_is_told_in_words(f, words):
    assert subgradients(f, [0.5]).axes[1].get_title() == f"slopes that stay below: {words}"


@pytest.mark.parametrize(
    ("f", "slopes", "options", "message"),
    [
        (relu, [], {}, "at least one"),
        (relu, [np.nan], {}, "finite numbers"),
        (relu, [0.5], {"reach": 0}, "reach must be a positive number, but is 0"),
        (lambda z: np.where(z > 1, np.inf, z), [0.5], {}, "finite within 2.0 of 0.0"),
    ],
)
def test_bad_input_is_told_in_a_sentence(f, slopes, options, message):
    with pytest.raises(ValueError, match=message):
        subgradients(f, slopes, **options)


@pytest.mark.parametrize("slopes", [[-0.3, 0, 0.5, 1, 1.4], [0.4, 0.45, 0.5, 0.55], [-1.0, 2.5]])
def test_labels_stay_inside_and_apart(slopes):
    figure = subgradients(relu, slopes)
    figure.draw_without_rendering()
    curve, line = figure.axes
    texts = [*curve.texts, curve.title, line.title, curve.xaxis.label, line.xaxis.label]
    boxes = [text.get_window_extent() for text in texts]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
