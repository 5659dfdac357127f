"""The sizes of a network's gradients by layer, on a logarithmic axis, with the ratio of first to last in words."""

import numpy as np
import pytest

from coursekit.figures import gradient_sizes
from coursekit.figures.gradient_sizes import ratio, whole_decades

SIZES = {"sigmoid": [1e-6, 1e-3, 1.0], "tanh": [0.5, 0.8, 1.0, 0.25]}


def test_lines_hold_the_sizes_over_layers_from_one():
    axes = gradient_sizes(SIZES).axes[0]
    for line, (name, sizes) in zip(axes.lines, SIZES.items(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), sizes)
        np.testing.assert_array_equal(line.get_xdata(), np.arange(1, len(sizes) + 1))
        assert line.get_label().startswith(name)
    assert axes.get_yscale() == "log"
    assert [t.get_text() for t in axes.get_xticklabels()] == ["1", "2", "3", "4"]


def test_the_legend_gives_the_ratio_of_first_to_last():
    texts = [t.get_text() for t in gradient_sizes(SIZES).legends[0].get_texts()]
    assert texts == ["sigmoid: first / last = 1e-06", "tanh: first / last = 2"]


def test_ratios_are_read_without_needless_digits():
    assert [ratio(np.array([first, 1.0])) for first in (117.5, 9.6, 0.62, 4.9e-7)] == ["118", "10", "0.6", "5e-07"]


def test_the_axis_spans_whole_decades():
    assert gradient_sizes(SIZES).axes[0].get_ylim() == pytest.approx((1e-6, 10))
    assert whole_decades(np.array([0.2, 0.6])) == pytest.approx((0.1, 1))


def test_networks_differ_in_more_than_colour():
    lines = gradient_sizes(SIZES).axes[0].lines
    assert len({line.get_marker() for line in lines}) == len({line.get_linestyle() for line in lines}) == 2


def test_labels_stay_inside_and_off_the_lines():
    figure = gradient_sizes(SIZES, title="Ten hidden layers")
    figure.draw_without_rendering()
    axes, legend = figure.axes[0], figure.legends[0]
    boxes = [part.get_window_extent() for part in (axes.title, axes.xaxis.label, axes.yaxis.label, legend)]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not legend.get_window_extent().overlaps(axes.get_window_extent())


@pytest.mark.parametrize("sizes", [[1.0, 0.0], [1.0, -2.0], [1.0, np.nan], [], [[1.0]]])
def test_what_a_logarithm_cannot_show_is_refused(sizes):
    with pytest.raises(ValueError, match="one positive size for each layer"):
        gradient_sizes({"relu": sizes})


def test_an_empty_figure_is_refused():
    with pytest.raises(ValueError, match="at least one network"):
        gradient_sizes({})
