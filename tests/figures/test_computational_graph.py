"""The graph of a network: its stations hold the engine's arrays, and the sweep can be stopped on the way."""

import numpy as np
import pytest

from coursekit import check, engine
from coursekit.figures import computational_graph
from coursekit.figures.computational_graph import stations


@pytest.fixture
def case():
    rng = np.random.default_rng(3)
    net = engine.MLP([3, 4, 2]).initialize(rng)
    return net, rng.normal(size=(5, 3)), rng.normal(size=(5, 2))


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def test_the_line_of_variables_and_the_derivatives_on_its_edges(case):
    line = stations(*case)
    assert [station.symbol for station in line] == ["X", "Z^{(1)}", "A^{(1)}", "Z^{(2)}", "A^{(2)}", "\\mathcal{L}"]
    assert [station.edge for station in line[1:]] == [
        "W^{(1)}",
        "J_{\\varphi_1}",
        "W^{(2)}",
        "J_{\\varphi_2}",
        "J_\\ell",
    ]


def test_every_gradient_is_the_gradient_of_the_loss(case):
    net, X, Y = case
    line = stations(net, X, Y)
    W, b = net.Ws[1], net.bs[1]
    assert check.gradient(line[0].gradient, lambda T: net.loss(net(T), Y), at=X)
    assert check.gradient(line[1].gradient, lambda T: net.loss(engine.affine(np.tanh(T), W, b), Y), at=line[1].value)
    assert check.gradient(line[2].gradient, lambda T: net.loss(engine.affine(T, W, b), Y), at=line[2].value)
    assert check.gradient(line[4].gradient, lambda T: net.loss(T, Y), at=line[4].value)
    assert float(line[5].value) == net.loss(net(X), Y)


def test_the_kept_gradients_hang_at_their_layer(case):
    net, X, Y = case
    net.loss_and_gradient(X, Y)
    [(name, dW), (bias_name, db)] = stations(net, X, Y)[3].parameters
    assert (name, bias_name) == ("dW^{(2)}", "db^{(2)}")
    np.testing.assert_allclose(dW, net.gradient["W2"])
    np.testing.assert_allclose(db, net.gradient["b2"])


def test_the_full_figure_names_all_values_and_gradients_with_shapes(case):
    found = texts(computational_graph(*case))
    for symbol in ("$X$", "$dX$", "$Z^{(2)}$", "$dZ^{(2)}$", "$dW^{(1)}$  4×3", "$db^{(2)}$  (2,)", "5×4"):
        assert symbol in found
    assert found.count("$W^{(1)}$") == 2


def test_a_stopped_sweep_draws_only_what_it_reached(case):
    found = texts(computational_graph(*case, steps=2))
    assert {"$d\\mathcal{L}$", "$dA^{(2)}$", "$dZ^{(2)}$", "$dW^{(2)}$  2×4"} <= set(found)
    assert not {"$dA^{(1)}$", "$dX$", "$dW^{(1)}$  4×3"} & set(found)
    assert "$dA^{(2)}$" not in texts(computational_graph(*case, steps=0))


def test_more_steps_than_there_are_mean_all(case):
    assert texts(computational_graph(*case, steps=99)) == texts(computational_graph(*case))


def test_negative_steps_are_refused(case):
    with pytest.raises(ValueError, match="0 or more"):
        computational_graph(*case, steps=-1)


def test_labels_stay_inside_and_apart(case):
    figure = computational_graph(*case)
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
