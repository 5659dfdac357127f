"""Parameters as areas: each rectangle is as large as its layer has parameters, at one scale for both networks."""

import pytest

from coursekit.engine import ShapeError, n_parameters
from coursekit.figures import parameter_areas
from coursekit.figures.parameter_areas import areas

NARROW, WIDE = [4, 8, 6, 4, 2], [4, 80, 60, 40, 2]


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_rows_are_units_and_columns_are_inputs_and_the_bias():
    assert areas(NARROW) == [(8, 5), (6, 9), (4, 7), (2, 5)]
    assert sum(rows * columns for rows, columns in areas(NARROW)) == n_parameters(NARROW)


def test_the_drawn_areas_are_in_proportion_to_the_parameters():
    patches = parameter_areas(NARROW, WIDE).axes[0].patches
    drawn = [patch.get_width() * patch.get_height() for patch in patches]
    after, before = drawn[::2], drawn[1::2]
    assert sum(after) / sum(before) == pytest.approx(n_parameters(WIDE) / n_parameters(NARROW))
    assert after[1] / before[1] == pytest.approx(90)


def test_both_rectangles_of_a_layer_start_in_one_corner_and_only_the_smaller_is_filled_with_colour():
    patches = parameter_areas(NARROW, WIDE).axes[0].patches
    for large, small in zip(patches[::2], patches[1::2], strict=True):
        assert large.get_xy() == small.get_xy()
        assert large.get_facecolor() != small.get_facecolor()
        assert large.get_zorder() == small.get_zorder()


def test_the_labels_count_and_are_inside_and_apart():
    figure = parameter_areas(NARROW, WIDE)
    found = texts(figure)
    assert [text for text in found if text.startswith("layer")] == [f"layer {layer}" for layer in (1, 2, 3, 4)]
    assert {"before 6×9 = 54", "after 60×81 = 4860"} <= set(found)
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_networks_that_cannot_be_compared_are_refused():
    with pytest.raises(ValueError, match="equally many layers, but they have 2 and 3"):
        parameter_areas([3, 4, 2], [3, 4, 3, 2])
    with pytest.raises(ShapeError):
        parameter_areas([3, 0, 2], [3, 4, 2])
