"""The drawing of a network: a line for each weight, a circle for each unit, and counts that are the engine's."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, Rectangle

from coursekit.engine import MLP, ShapeError, n_neurons, n_parameters
from coursekit.figures import network_diagram
from coursekit.figures.network_diagram import MOST, counts, layout, shown
from coursekit.figures.style import BACKWARD, FORWARD


def random_net(*sizes):
    net = MLP(sizes)
    net.parameters.flat[:] = np.random.default_rng(1).normal(size=len(net.parameters))
    return net


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def kinds(figure):
    patches = figure.axes[0].patches
    return [sum(isinstance(patch, kind) for patch in patches) for kind in (Circle, Rectangle)]


def drawn_apart(figure):
    """Are all texts inside the figure and none on top of another?"""
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    width, height = figure.bbox.size
    inside = all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    return inside and not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize(("sizes", "bias_squares"), [((3, 4, 2), 2), ((3, 4, 3, 2), 3), ((2, 1), 1)])
def test_with_bias_nodes_there_is_a_line_for_each_parameter(sizes, bias_squares):
    figure = network_diagram(sizes, bias_nodes=True)
    assert len(figure.axes[0].lines) == n_parameters(sizes)
    assert kinds(figure) == [sum(sizes), bias_squares]


def test_without_bias_nodes_there_is_a_line_for_each_weight():
    figure = network_diagram([4, 8, 6, 4, 2])
    assert len(figure.axes[0].lines) == 112
    assert kinds(figure) == [24, 0]
    assert "20 neurons, 112 weights + 20 biases = 132 parameters, biases not drawn" in texts(figure)
    assert texts(figure)[:5] == ["input: 4", "hidden 1: 8", "hidden 2: 6", "hidden 3: 4", "output: 2"]


@pytest.mark.parametrize("sizes", [[3, 4, 2], [4, 80, 60, 40, 2], [1, 1]])
def test_the_caption_adds_up(sizes):
    neurons, weights, biases, total = (int(word) for word in counts(sizes).split() if word.isdigit())
    assert (neurons, total) == (n_neurons(sizes), n_parameters(sizes))
    assert neurons == biases
    assert weights + biases == total


def test_every_line_joins_neighbouring_layers():
    placed = layout([2, 3, 1], bias_nodes=True)
    at = {(round(node.x, 9), round(node.y, 9)): node for node in placed}
    assert len(at) == len(placed) == 2 + 3 + 1 + 2
    assert {node.layer for node in placed if not node.unit} == {0, 1}
    assert np.mean([node.y for node in placed if node.layer == 1 and node.unit]) == pytest.approx(0)


def test_of_a_wide_layer_some_units_are_drawn_and_all_are_counted():
    assert shown(MOST) == list(range(1, MOST + 1))
    assert shown(80) == [1, 2, 3, 4, 79, 80]
    figure = network_diagram([4, 80, 2])
    assert len(figure.axes[0].lines) == 4 * 6 + 6 * 2
    assert {"hidden 1: 80", "⋮", "82 neurons, 480 weights + 82 biases = 562 parameters, biases not drawn"} <= set(
        texts(figure)
    )


def test_the_sign_of_a_weight_shows_in_colour_and_style_and_its_size_in_width():
    net = random_net(2, 3, 2)
    lines = network_diagram([2, 3, 2], bias_nodes=True, net=net).axes[0].lines
    weights = np.concatenate([np.column_stack([W, b]).T.ravel() for W, b in zip(net.Ws, net.bs, strict=True)])
    assert [to_hex(line.get_color()).upper() for line in lines] == [FORWARD if w >= 0 else BACKWARD for w in weights]
    assert [line.get_linestyle() == "-" for line in lines] == [w >= 0 for w in weights]
    assert np.argsort([line.get_linewidth() for line in lines]).tolist() == np.argsort(np.abs(weights)).tolist()


def test_the_number_at_a_line_is_its_weight():
    net = random_net(2, 3, 2)
    figure = network_diagram([2, 3, 2], bias_nodes=True, net=net)
    numbers = [text for text in figure.axes[0].texts if text.get_text().startswith(("+", "-"))]
    assert sorted(text.get_text() for text in numbers) == sorted(f"{w:+.2f}" for w in net.parameters.flat)
    (x0, x1), (y0, y1) = figure.axes[0].lines[0].get_data()
    label = next(text for text in numbers if text.get_text() == f"{net.Ws[0][0, 0]:+.2f}")
    x, y = label.get_position()
    assert (x - x0) * (y1 - y0) == pytest.approx((y - y0) * (x1 - x0))


def test_numbers_are_left_out_where_they_do_not_fit():
    assert [text for text in texts(network_diagram([4, 2], net=random_net(4, 2))) if text[0] in "+-"]
    assert not [text for text in texts(network_diagram([4, 8, 6], net=random_net(4, 8, 6))) if text[0] in "+-"]


def test_marked_edges_are_thick_and_named():
    figure = network_diagram([3, 4, 2], symbol="a", marked={(2, 2, 3): "w_{2,3}", (1, 4, 0): "b_4"}, bias_nodes=True)
    assert {"$w_{2,3}$", "$b_4$", "$a^{(1)}_{4}$", "$a^{(0)}_{1}$"} <= set(texts(figure))
    assert sum(line.get_linewidth() == 2 for line in figure.axes[0].lines) == 2


def test_values_fill_the_first_layers_and_the_others_wait():
    values = [np.array([0.5, -1.25]), np.array([-0.001, 0.25, 1.0])]
    figure = network_diagram([2, 3, 2], values=values)
    assert texts(figure)[:5] == ["0.50", "-1.25", "0.00", "0.25", "1.00"]
    styles = [patch.get_linestyle() for patch in figure.axes[0].patches]
    assert styles == ["solid"] * 5 + ["dashed"] * 2 or styles == ["-"] * 5 + ["--"] * 2
    assert [line.get_alpha() for line in figure.axes[0].lines] == [0.9] * 6 + [0.25] * 6


def test_a_split_neuron_is_two_circles_and_a_line():
    figure = network_diagram([2, 3, 2], split=True, symbol="y")
    assert kinds(figure) == [2 + 2 * 5, 0]
    assert len(figure.axes[0].lines) == 12 + 5
    assert {"$z^{(2)}_{1}$", "$y^{(2)}_{1}$", "$y^{(0)}_{2}$", "$\\varphi_1$"} <= set(texts(figure))
    assert "$z^{(0)}_{1}$" not in texts(figure)


@pytest.mark.parametrize(
    "figure",
    [
        network_diagram([4, 8, 6, 4, 2]),
        network_diagram([3, 4, 3, 2], bias_nodes=True),
        network_diagram([4, 80, 60, 40, 2]),
        network_diagram([2, 3, 2], bias_nodes=True, net=random_net(2, 3, 2)),
        network_diagram([2, 3, 2], split=True, symbol="y"),
        network_diagram([3, 4, 2], symbol="a", marked={(1, 1, 1): "w^{(1)}_{1,1}", (2, 2, 3): "w^{(2)}_{2,3}"}),
        network_diagram([2, 1], values=[np.array([-10.25, 1.0])]),
    ],
    ids=["deep", "biases", "wide", "weights", "split", "marked", "values"],
)
def test_labels_stay_inside_and_apart(figure):
    assert drawn_apart(figure)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ShapeError, match="positive widths"):
        network_diagram([3, 0, 2])
    with pytest.raises(ValueError, match=r"network has the widths \[2, 3, 2\], but the drawing \[2, 3\]"):
        network_diagram([2, 3], net=random_net(2, 3, 2))
    with pytest.raises(ValueError, match=r"vectors of the widths \[2, 3\], not of shapes \[\(3,\)\]"):
        network_diagram([2, 3], values=[np.zeros(3)])
    with pytest.raises(ValueError, match=r"\(1, 4, 1\) is not an edge"):
        network_diagram([2, 3], marked={(1, 4, 1): "w"})
    with pytest.raises(ValueError, match=r"\(1, 1, 0\) is not an edge"):
        network_diagram([2, 3], marked={(1, 1, 0): "b_1"})
