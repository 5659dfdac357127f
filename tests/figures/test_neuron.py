"""The neuron, its half-plane and the nerve cell: numbers, sides of the line, and words that can be read."""

import numpy as np
import pytest

from coursekit import engine
from coursekit.figures import nerve_cell, neuron
from coursekit.figures.nerve_cell import PARTS, branches
from coursekit.figures.neuron import fires

CORNERS, LABELS = engine.xor()
XOR = LABELS[:, 0]


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts if text.get_text()]


def assert_readable(figure):
    """No word is cut off, and no two words overlap."""
    figure.draw_without_rendering()
    labels = [text for axes in figure.axes for text in axes.texts]
    for axes in figure.axes[1:]:
        labels += [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels()]
        labels += axes.get_legend().get_texts()
    boxes = [label.get_window_extent() for label in labels if label.get_text()]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_every_number_of_the_neuron_is_written():
    found = texts(neuron([0.5, -1.0, 2.0], [1.5, 0.3, -0.4], 0.2, engine.sigmoid))
    z = 0.75 - 0.3 - 0.8 + 0.2
    for number in (
        "0.50",
        "-1.00",
        "2.00",
        "$w_{3}$ = -0.40",
        "$b$ = 0.20",
        "$z$ = -0.15",
        f"{1 / (1 + np.exp(-z)):.2f}",
    ):
        assert number in found
    assert "sigmoid" in found


def test_inhibition_is_dashed_and_larger_weights_are_thicker():
    axes = neuron([1.0, 1.0], [0.5, -2.0], 0.0, engine.tanh).axes[0]
    excites, inhibits = axes.lines[:2]
    assert (excites.get_linestyle(), inhibits.get_linestyle()) == ("-", "--")
    assert inhibits.get_linewidth() > excites.get_linewidth()


def test_the_line_is_the_one_where_the_sum_is_zero():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.0]])
    np.testing.assert_array_equal(fires([1, 1], -0.5, points), [False, True, False])
    np.testing.assert_array_equal(fires([0, 0], 1, points), [True] * 3)


@pytest.mark.parametrize(
    ("w", "b", "wrong"),
    [((1, 1), -0.5, [[1, 1]]), ((0, 0), -1, [[0, 1], [1, 0]]), ((-2, -2), 1, [[0, 0], [0, 1], [1, 0]])],
)
def test_points_on_the_wrong_side_are_ringed_and_counted(w, b, wrong):
    plane = neuron([0, 0], w, b, engine.heaviside, points=CORNERS, labels=XOR).axes[1]
    (ring,) = (line for line in plane.lines if line.get_label() == "wrong")
    np.testing.assert_array_equal(np.sort(ring.get_xydata(), axis=0), np.sort(np.array(wrong, float), axis=0))
    assert plane.get_title().endswith(f"{4 - len(wrong)} of 4 right")


@pytest.mark.parametrize("bias", [-9.0, 0.0, 9.0])
def test_the_words_can_be_read(bias):
    assert_readable(neuron([1, 0], [-1.5, 2.25], bias, engine.relu, points=CORNERS, labels=XOR))
    assert_readable(neuron([1.0] * 5, [-1.0, 0.0, 1.0, 2.0, -3.0], bias, engine.tanh))


def test_a_neuron_can_have_one_input():
    assert "$w_{1}$ = 0.00" in texts(neuron([2.0], [0.0], 1.0, engine.heaviside))


@pytest.mark.parametrize(
    ("x", "w", "options", "message"),
    [
        ([1, 2], [1], {}, "needs one weight"),
        ([1, 2, 3], [1, 2, 3], {"points": CORNERS, "labels": XOR}, "two inputs"),
        ([1, 2], [1, 2], {"points": CORNERS, "labels": XOR[:3]}, "each of the 4 points"),
        ([1, 2], [1, 2], {"points": CORNERS}, "each of the 4 points"),
        ([1, 2], [1, 2], {"points": CORNERS, "labels": XOR + 1}, "0 or 1"),
    ],
)
def test_what_does_not_fit_is_refused(x, w, options, message):
    with pytest.raises(ValueError, match=message):
        neuron(x, w, 0.0, engine.tanh, **options)


def test_the_nerve_cell_names_its_parts():
    figure = nerve_cell()
    found = " ".join(texts(figure))
    assert all(part in found and model in found for part, model in PARTS.items())
    for part in ("dendrite", "soma", "axon", "synapse"):
        assert part in found
    assert_readable(figure)


def test_a_tree_forks_in_two_at_each_level():
    twigs = branches((0, 0), 0.0, 1.0, depth=3)
    assert len(twigs) == 1 + 2 + 4
    assert {start for start, _ in twigs[1:]} <= {end for _, end in twigs}
