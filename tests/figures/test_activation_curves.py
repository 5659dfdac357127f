"""Activation curves: the lines are the engine's values and slopes, and a kink shows all slopes it could have."""

import numpy as np
import pytest

from coursekit import engine
from coursekit.figures import activation_curves
from coursekit.figures.activation_curves import profile


def named(axes, name):
    """The one line of this name, at the inputs where it is drawn."""
    (line,) = (line for line in axes.lines if line.get_label() == name)
    x, y = line.get_data()
    drawn = np.isfinite(y)
    return x[drawn], y[drawn]


def texts(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def test_values_on_the_left_and_slopes_on_the_right():
    left, right = activation_curves(engine.sigmoid, engine.tanh).axes
    z, values = named(left, "sigmoid")
    np.testing.assert_allclose(values, 1 / (1 + np.exp(-z)), rtol=1e-12)
    np.testing.assert_allclose(named(left, "tanh")[1], np.tanh(z))
    np.testing.assert_allclose(named(right, "tanh")[1], np.gradient(np.tanh(z), z), atol=3e-3)
    assert named(right, "sigmoid")[1].max() == 0.25


def test_a_kink_is_a_bar_from_one_slope_to_the_other():
    for activation, low in ((engine.relu, 0.0), (engine.leaky_relu(0.1), 0.1)):
        left, right = activation_curves(activation).axes
        (bar,) = (line for line in right.lines if line.get_linewidth() == 7)
        np.testing.assert_array_equal(bar.get_xdata(), [0, 0])
        np.testing.assert_allclose(bar.get_ydata(), [low, 1])
        name = activation.name.replace("_", " ")
        assert 0 not in named(right, name)[0]
        assert 0 in named(left, name)[0]


def test_a_jump_is_no_kink():
    (kink,) = profile(engine.heaviside, (-1, 1)).kinks
    assert kink.jumps
    assert kink.values == (0, 1)
    figure = activation_curves(engine.heaviside)
    assert texts(figure) == ["heaviside", "jump: no slope"]
    assert 0 not in named(figure.axes[0], "heaviside")[0]
    assert not [line for line in figure.axes[1].lines if line.get_linewidth() == 7]


def test_a_span_beside_the_kink_shows_none():
    assert profile(engine.relu, (0.5, 2)).kinks == ()
    assert texts(activation_curves(engine.relu, span=(0.5, 2))) == ["relu"]


def test_the_pale_band_covers_the_flat_part():
    figure = activation_curves(engine.sigmoid, span=(-6, 6), saturation=0.05)
    (band,) = (line for line in figure.axes[0].lines if line.get_linewidth() == 9)
    awake = band.get_xdata()[np.isnan(band.get_ydata())]
    assert abs(awake.max() - 2.887) < 0.02
    assert abs(awake.min() + 2.887) < 0.02
    assert texts(figure)[-1] == "saturated: slope below 0.05"


def test_marks_have_dots_and_a_tangent_of_the_right_slope():
    left, right = activation_curves(engine.tanh, marked=(1.0,)).axes
    dots = [[float(line.get_ydata()[0]) for line in axes.lines if line.get_marker() == "o"] for axes in (left, right)]
    np.testing.assert_allclose(dots, [[np.tanh(1)], [1 - np.tanh(1) ** 2]])
    (tangent,) = (line for line in left.lines if len(line.get_xdata()) == 2 and line.get_xdata()[0] not in (0, 1))
    (x0, x1), (y0, y1) = tangent.get_data()
    assert abs((y1 - y0) / (x1 - x0) - (1 - np.tanh(1) ** 2)) < 1e-9


def test_a_mark_on_a_kink_has_no_tangent():
    with_mark, without = (activation_curves(engine.relu, marked=marked).axes[0] for marked in ((0.0,), ()))
    assert len(with_mark.lines) - len(without.lines) == 2  # the dotted line and the dot


def test_curves_differ_in_more_than_colour():
    figure = activation_curves(engine.heaviside, engine.sigmoid, engine.tanh, engine.relu, engine.softplus, engine.gelu)
    styles = {str(line._unscaled_dash_pattern) for line in figure.axes[0].lines if not line.get_label().startswith("_")}
    assert len(styles) == 6


def test_all_words_are_inside_and_apart():
    figure = activation_curves(engine.relu, engine.tanh, engine.heaviside, marked=(-2, 2), saturation=0.1)
    figure.draw_without_rendering()
    labels = [text for legend in figure.legends for text in legend.get_texts()]
    for axes in figure.axes:
        labels += [axes.title, axes.xaxis.label, *axes.texts]
    boxes = [label.get_window_extent() for label in labels]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize(
    ("activations", "options", "message"),
    [
        ((), {}, "from one to 6"),
        ((engine.tanh,) * 7, {}, "there are 7"),
        ((engine.softmax,), {}, "more than one input"),
        ((engine.tanh,), {"span": (1, 1)}, "smaller to a larger"),
        ((engine.tanh,), {"marked": (9.0,)}, "9.0 does not"),
        ((engine.tanh,), {"saturation": 0.0}, "must be positive"),
    ],
)
def test_what_cannot_be_drawn_is_refused(activations, options, message):
    with pytest.raises(ValueError, match=message):
        activation_curves(*activations, **options)
