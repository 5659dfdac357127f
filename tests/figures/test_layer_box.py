"""The layer box: every arrow is named, with the shape and size of the array it carries."""

import numpy as np
import pytest

from coursekit.figures import LayerBox, Variable, layer_box

X = np.arange(6.0).reshape(2, 3)
H = np.ones((2, 4))
W = np.full((4, 3), -7.5)


def box(*parameters, input=None):
    return LayerBox(
        "affine", "H = X W^\\top", "dX = dH W", input or Variable("X", X, 2 * X), Variable("H", H, H), parameters
    )


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def test_every_variable_and_gradient_is_labelled_with_shape_and_largest_entry():
    found = texts(layer_box(box(Variable("W", W, W / 3))))
    labels = dict(zip(found[3::2], found[4::2], strict=True))
    assert found[:3] == ["affine", "$H = X W^\\top$", "$dX = dH W$"]
    assert labels == {
        "$X$": "2×3, max 5.00",
        "$dX$": "2×3, max 10.00",
        "$H$": "2×4, max 1.00",
        "$dH$": "2×4, max 1.00",
        "$W$": "4×3, max 7.50",
        "$dW$": "4×3, max 2.50",
    }


def test_one_panel_for_each_layer():
    figure = layer_box(box(), box(), box())
    assert texts(figure).count("affine") == 3
    assert len(figure.axes[0].patches) == 3


def test_labels_stay_inside_and_apart():
    figure = layer_box(box(Variable("W", W, W), Variable("b", W[:, 0], W[:, 0])))
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_a_gradient_has_the_shape_of_its_variable():
    with pytest.raises(ValueError, match=r"gradient of X .* \(2, 3\), but has shape \(3, 2\)"):
        layer_box(box(input=Variable("X", X, X.T)))


def test_an_empty_figure_is_refused():
    with pytest.raises(ValueError, match="at least one layer"):
        layer_box()
