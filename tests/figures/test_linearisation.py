"""The tangent and its error: right numbers, a quarter for half the step, and no error on a straight line."""

import numpy as np
import pytest

from coursekit.figures import linearisation
from coursekit.figures.linearisation import linear_errors


def test_the_error_of_a_square_is_the_square_of_the_step():
    errors = linear_errors(np.square, at=1.5, slope=3.0, steps=[1.0, 0.5, -0.5])
    assert np.allclose(errors, [1.0, 0.25, 0.25])


def test_a_wrong_slope_is_only_halved():
    errors = linear_errors(np.square, at=1.5, slope=2.9, steps=[2e-3, 1e-3])
    assert 1.9 < errors[0] / errors[1] < 2.1


def test_the_curve_the_tangent_and_the_errors_are_drawn():
    figure = linearisation(np.square, at=1.0, slope=2.0, step=0.8, halvings=3)
    curve, tangent, point, gap = figure.axes[0].lines[:4]
    assert np.allclose(curve.get_ydata(), curve.get_xdata() ** 2)
    assert np.allclose(tangent.get_ydata(), 1 + 2 * (tangent.get_xdata() - 1))
    assert (point.get_xdata()[0], point.get_ydata()[0]) == (1, 1)
    assert np.allclose(gap.get_ydata(), [1.8**2, 2.6])
    measured, guide = figure.axes[1].lines
    assert np.allclose(measured.get_xdata(), [0.8, 0.4, 0.2, 0.1])
    assert np.allclose(measured.get_ydata(), [0.64, 0.16, 0.04, 0.01])
    assert np.allclose(guide.get_ydata(), measured.get_ydata())
    assert figure.axes[1].get_xscale() == figure.axes[1].get_yscale() == "log"


def test_a_step_may_go_down():
    figure = linearisation(np.square, at=1.0, slope=2.0, step=-0.8)
    assert (figure.axes[1].lines[0].get_xdata() > 0).all()
    assert figure.axes[0].lines[0].get_xdata().min() < 0.2


def test_a_straight_line_has_no_error():
    figure = linearisation(lambda x: 3 - 2 * x, at=1.0, slope=-2.0, step=0.8)
    assert [text.get_text() for text in figure.axes[1].texts] == ["no error: a straight line"]
    assert len(figure.axes[1].lines) == 0


def test_nothing_is_cut_off():
    figure = linearisation(np.tanh, at=0.4, slope=0.856, step=0.8, name="tanh x")
    figure.draw_without_rendering()
    width, height = figure.bbox.size
    texts = [text for axes in figure.axes for text in (axes.title, axes.xaxis.label, axes.yaxis.label)]
    assert all(text.get_text() for text in texts)
    texts += [text for axes in figure.axes for text in axes.get_legend().get_texts()]
    ticks = [label for label in figure.axes[1].get_xticklabels() if label.get_text()]
    boxes = [text.get_window_extent() for text in texts + ticks]
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    ticks = boxes[len(texts) :]
    assert not any(a.overlaps(b) for i, a in enumerate(ticks) for b in ticks[:i])


def test_a_step_of_nothing_is_refused():
    with pytest.raises(ValueError, match="step must not be 0"):
        linearisation(np.tanh, at=0.0, slope=1.0, step=0.0)
    with pytest.raises(ValueError, match="halvings must be 1 or more, but is 0"):
        linearisation(np.tanh, at=0.0, slope=1.0, step=1.0, halvings=0)
