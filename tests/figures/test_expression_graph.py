"""The expression graph: every value has its place, and every arrow and gradient its number."""

import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from coursekit.figures import Operation, expression_graph
from coursekit.figures.expression_graph import places

NEURON = [
    Operation("w", "", (), (), -1.5, -1.0412),
    Operation("x", "", (), (), 0.8, 1.9523),
    Operation("p", "×", ("w", "x"), (0.8, -1.5), -1.2, -1.3015),
    Operation("b", "", (), (), 0.4, -1.3015),
    Operation("z", "+", ("p", "b"), (1, 1), -0.8, -1.3015),
    Operation("a", "tanh", ("z",), (0.559,), -0.664, -2.3281),
    Operation("c", "", (), (), -0.5, None),
    Operation("r", "+", ("a", "c"), (1, 1), -1.164, -2.3281),
    Operation("L", "×", ("r", "r"), (-1.164, -1.164), 1.355, 1.0),
]
FORK = [
    Operation("t", "", (), (), 0.5),
    Operation("s", "×", ("t", "t"), (0.5, 0.5), 0.25),
    Operation("h", "tanh", ("s",), (0.94,), 0.245),
    Operation("y", "+", ("s", "h"), (1, 1), 0.495),
]


def test_arrows_lead_to_the_right_and_inputs_stand_before_their_first_use():
    place = places(NEURON)
    assert all(place[parent][0] < place[step.name][0] for step in NEURON for parent in step.parents)
    assert {name: place[name][0] for name in "wxbc"} == {"w": 0, "x": 0, "b": 1, "c": 3}


def test_values_of_one_column_are_at_least_a_row_apart():
    for program in (NEURON, FORK):
        place = list(places(program).values())
        apart = [abs(row - other) for i, (c, row) in enumerate(place) for d, other in place[:i] if c == d]
        assert all(distance >= 1 - 1e-9 for distance in apart)


def test_the_first_factor_stands_above_the_second():
    place = places(NEURON)
    assert place["w"][1] > place["x"][1]
    assert place["p"][1] > place["b"][1]


def test_every_value_is_a_box_and_every_use_an_arrow_with_its_derivative():
    axes = expression_graph(NEURON).axes[0]
    assert sum(isinstance(patch, FancyBboxPatch) for patch in axes.patches) == 9
    assert sum(isinstance(patch, FancyArrowPatch) for patch in axes.patches) == 9
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("-1.164") == 3
    assert {"$w$", "$p$   ×", "$a$   tanh", "-1.200", "+0.559", "$dL/dx$ = +1.952"} <= set(texts)


def test_a_gradient_that_is_not_known_is_not_drawn():
    texts = [text.get_text() for text in expression_graph(NEURON).axes[0].texts]
    assert not any("dL/dc" in text for text in texts)
    assert sum("dL/d" in text for text in texts) == 8


def test_both_arrows_of_a_square_can_be_seen():
    axes = expression_graph(FORK).axes[0]
    labels = [text.get_position() for text in axes.texts if text.get_text() == "+0.500"]
    assert len(labels) == 2
    assert abs(labels[0][1] - labels[1][1]) > 0.15


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ([], "at least one operation"),
        ([NEURON[0], NEURON[0]], "two values have the name 'w'"),
        ([NEURON[2]], "p is made from 'w', which does not come before it"),
        ([NEURON[0], Operation("y", "tanh", ("w",), (), 0.1)], "y has 1 parents, but 0 local derivatives"),
    ],
)
def test_bad_programs_are_told_in_a_sentence(program, message):
    with pytest.raises(ValueError, match=message):
        expression_graph(program)


@pytest.mark.parametrize("program", [NEURON, FORK])
def test_labels_stay_inside_and_apart(program):
    figure = expression_graph(program)
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_the_places_do_not_depend_on_the_values():
    moved = [step._replace(value=7.0, gradient=None) for step in NEURON]
    assert places(moved) == places(NEURON)
    assert np.isfinite([row for _, row in places(NEURON).values()]).all()
