"""The probability triangle: points stand where their probabilities say, and the Jacobian beside it is theirs."""

import numpy as np
import pytest

from coursekit.figures import softmax_simplex
from coursekit.figures.softmax_simplex import CORNERS, marks

Z = np.array([2.0, 1.0, -1.0])


def points(figure):
    """Legend entries with the places of their markers."""
    handles, names = figure.axes[0].get_legend_handles_labels()
    return {name: line.get_xydata()[0] for line, name in zip(handles, names, strict=True)}


def cells(figure):
    return np.array([float(text.get_text()) for text in figure.axes[1].texts]).reshape(3, 3)


def test_equal_logits_stand_in_the_middle_and_a_large_one_in_its_corner():
    (middle,) = marks({"equal": [5.0, 5.0, 5.0]})
    np.testing.assert_allclose(middle.place, CORNERS.mean(axis=0))
    for k in range(3):
        (corner,) = marks({"sure": 50.0 * np.eye(3)[k]})
        np.testing.assert_allclose(corner.place, CORNERS[k], atol=1e-12)


def test_a_place_is_the_mean_of_the_corners_weighted_with_the_probabilities():
    (mark,) = marks({"shares": np.log([0.2, 0.3, 0.5])})
    np.testing.assert_allclose(mark.p, [0.2, 0.3, 0.5])
    np.testing.assert_allclose(mark.place, 0.2 * CORNERS[0] + 0.3 * CORNERS[1] + 0.5 * CORNERS[2])


def test_a_shift_stays_on_its_point_and_a_temperature_does_not():
    found = points(softmax_simplex({"shift 0": Z, "shift 7": Z + 7, "T = 2": Z / 2}))
    assert list(found) == ["shift 0, shift 7", "T = 2"]
    assert np.linalg.norm(found["shift 0, shift 7"] - found["T = 2"]) > 0.05


def test_the_jacobian_is_that_of_the_named_point():
    p = np.exp(Z) / np.exp(Z).sum()
    logits = {"warm": Z / 4, "plain": Z, "cold": 4 * Z}
    figure = softmax_simplex(logits, at="plain")
    np.testing.assert_allclose(figure.axes[1].images[0].get_array(), np.diag(p) - np.outer(p, p))
    np.testing.assert_allclose(cells(figure), np.diag(p) - np.outer(p, p), atol=5e-4)
    assert figure.axes[1].get_title() == "Jacobian, plain"
    assert softmax_simplex(logits).axes[1].get_title() == "Jacobian, cold"


def test_a_path_joins_the_probabilities():
    line = np.array([[0.0, 0.0, 0.0], [50.0, 0.0, 0.0]])
    drawn = [
        tuple(map(tuple, np.round(line.get_xydata(), 6))) for line in softmax_simplex({"z": Z}, path=line).axes[0].lines
    ]
    ends = tuple(map(tuple, np.round([CORNERS.mean(axis=0), CORNERS[0]], 6)))
    assert ends in drawn
    assert ends not in [
        tuple(map(tuple, np.round(line.get_xydata(), 6))) for line in softmax_simplex({"z": Z}).axes[0].lines
    ]


@pytest.mark.parametrize(
    ("logits", "options", "message"),
    [
        ({}, {}, "at least one"),
        ({"z": [1.0, 2.0]}, {}, "'z' must be three finite numbers"),
        ({"z": [1.0, 2.0, np.inf]}, {}, "'z' must be three finite numbers"),
        ({str(n): [n, 0, 0] for n in range(7)}, {}, "at most 6 points"),
        ({"z": Z}, {"at": "y"}, "no logits named 'y': the names are z"),
        ({"z": Z}, {"path": Z}, r"shape \(T, 3\), but has shape \(3,\)"),
        ({"z": Z}, {"classes": ("cat", "dog")}, "three classes, but 2"),
    ],
)
def test_bad_input_is_told_in_a_sentence(logits, options, message):
    with pytest.raises(ValueError, match=message):
        softmax_simplex(logits, **options)


def test_labels_stay_inside_and_off_each_other():
    logits = {f"temperature {T}": Z / T for T in (0.25, 0.5, 1, 2, 4, 16)}
    figure = softmax_simplex(logits, classes=("apple", "pear", "gooseberry"))
    figure.draw_without_rendering()
    triangle, matrix = figure.axes
    texts = [*triangle.texts, triangle.get_legend(), matrix.title, matrix.xaxis.label, matrix.yaxis.label]
    boxes = [text.get_window_extent() for text in texts]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    pixels = triangle.transData.transform(np.array(list(points(figure).values())))
    legend = triangle.get_legend().get_window_extent()
    assert not any(legend.contains(*pixel) for pixel in pixels)
