"""The chain of layers: values and layers take turns, and each layer shows the parameters that are its own."""

import pytest
from matplotlib.patches import Circle, FancyBboxPatch

from coursekit.engine import ShapeError, n_parameters
from coursekit.figures import layer_chain
from coursekit.figures.layer_chain import parameter_lines

SIZES = [4, 8, 6, 4, 2]


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def test_the_parameters_of_the_layers_are_those_of_the_network():
    numbers = [int(parameter_lines(SIZES, layer)[-1].split()[0]) for layer in (1, 2, 3, 4)]
    assert numbers == [40, 54, 28, 10]
    assert sum(numbers) == n_parameters(SIZES)
    assert parameter_lines(SIZES, 2) == ["W 6×8", "b (6,)", "54 numbers"]


def test_values_and_layers_take_turns_from_left_to_right():
    found = texts(layer_chain(SIZES))
    symbols = [text for text in found if text.startswith(("$x", "$f", "$o"))]
    assert symbols == ["$x_{1}$", "$f_{1}$", "$x_{2}$", "$f_{2}$", "$x_{3}$", "$f_{3}$", "$x_{4}$", "$f_{4}$", "$o$"]
    assert [text for text in found if text.endswith("values")] == [f"{width} values" for width in SIZES]


def test_a_circle_for_each_value_a_box_for_each_layer_and_its_parameters_below():
    figure = layer_chain([3, 2, 1])
    patches = figure.axes[0].patches
    assert [sum(isinstance(patch, kind) for patch in patches) for kind in (Circle, FancyBboxPatch)] == [3, 2]
    place = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
    for layer in (1, 2):
        (x_box, y_box), (x_parameters, y_parameters) = place[f"$f_{{{layer}}}$"], place[f"$\\theta_{{{layer}}}$"]
        assert x_box == x_parameters
        assert y_box > y_parameters


@pytest.mark.parametrize("sizes", [SIZES, [1, 1], [784, 100, 10]])
def test_labels_stay_inside_and_apart(sizes):
    figure = layer_chain(sizes)
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    width, height = figure.bbox.size
    assert all(box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height for box in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_widths_below_one_are_refused():
    with pytest.raises(ShapeError, match="positive widths"):
        layer_chain([3, 0])
