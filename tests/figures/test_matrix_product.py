"""Row times column: what is framed is what the entry needs, and the sum below gives the entry."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from coursekit.engine import ShapeError
from coursekit.figures import matrix_product
from coursekit.figures.matrix_product import YET_TO_COME, blocks, formula
from coursekit.figures.style import FORWARD

rng = np.random.default_rng(1)
X, W, b = rng.normal(size=(5, 4)).round(1), rng.normal(size=(3, 4)).round(1), rng.normal(size=3).round(1)
Z = X @ W.T + b


def used(part):
    return [tuple(place) for place in np.argwhere(part.used).tolist()]


def test_an_entry_needs_a_row_of_x_a_column_of_w_transposed_and_one_bias():
    of_X, of_W, of_b, of_Z = blocks(X, W, b, 2, 3)
    assert used(of_X) == [(1, d) for d in range(4)]
    assert used(of_W) == [(d, 2) for d in range(4)]
    assert used(of_b) == [(0, 2)]
    assert used(of_Z) == [(1, 2)]


def test_the_cells_hold_the_numbers_and_w_is_turned():
    of_X, of_W, of_b, of_Z = blocks(X, W, b, None, None)
    for part, matrix in ((of_X, X), (of_W, W.T), (of_b, b[None]), (of_Z, Z)):
        np.testing.assert_allclose(np.array(part.cells, dtype=float), matrix, atol=0.0051)
        assert part.used.all()


def test_a_sample_is_a_row_of_z_and_a_unit_a_column():
    assert used(blocks(X, W, b, 4, None)[3]) == [(3, m) for m in range(3)]
    assert used(blocks(X, W, b, None, 2)[3]) == [(n, 1) for n in range(5)]
    assert blocks(X, W, b, 4, None)[1].used.all()
    assert blocks(X, W, b, None, 2)[0].used.all()


@pytest.mark.parametrize(("sample", "unit"), [(1, 1), (2, 3), (5, 3)])
def test_z_fills_in_reading_order(sample, unit):
    cells = [cell for row in blocks(X, W, b, sample, unit)[3].cells for cell in row]
    done = (sample - 1) * 3 + unit
    assert YET_TO_COME not in cells[:done]
    assert cells[done:] == [YET_TO_COME] * (15 - done)


@pytest.mark.parametrize(("sample", "unit"), [(1, 1), (2, 3), (5, 2)])
def test_the_sum_below_the_picture_is_the_entry(sample, unit):
    numbers = [float(number) for number in re.findall(r"-?\d+\.\d\d", formula(X, W, b, sample, unit))]
    *factors, bias, total = numbers
    assert sum(a * c for a, c in zip(factors[::2], factors[1::2], strict=True)) + bias == pytest.approx(total)
    assert total == pytest.approx(Z[sample - 1, unit - 1], abs=0.0051)


def test_the_other_readings_name_what_they_compute():
    assert formula(X, W, b, 2, None).startswith("sample 2, all units")
    assert formula(X, W, b, None, 3).startswith("unit 3, all samples")
    assert "all 15 entries" in formula(X, W, b, None, None)


def test_used_cells_are_bold_and_framed():
    axes = matrix_product(X, W, b, sample=2, unit=3).axes[0]
    bold = [text.get_text() for text in axes.texts if text.get_weight() == "bold"]
    assert len(bold) == 4 + 4 + 1 + 1
    assert bold[-1] == f"{Z[1, 2]:.2f}"
    frames = [patch for patch in axes.patches if to_hex(patch.get_edgecolor()).upper() == FORWARD]
    ratios = [round(frame.get_width() / frame.get_height(), 3) for frame in frames]
    assert len(frames) == 4
    assert ratios[0] == pytest.approx(16 * ratios[1], rel=0.01)
    assert ratios[2] == ratios[3]


def test_titles_carry_the_shapes():
    texts = [text.get_text() for text in matrix_product(X, W, b).axes[0].texts]
    assert {"$X$  5×4", "$W^\\top$  4×3", "$b$  (3,)", "$Z$  5×3"} <= set(texts)


@pytest.mark.parametrize("chosen", [{"sample": 2, "unit": 3}, {"sample": 1}, {"unit": 1}, {}])
@pytest.mark.parametrize("D", [1, 4, 8])
def test_labels_stay_inside_and_apart(chosen, D):
    figure = matrix_product(-9.87 * np.ones((5, D)), 1.25 * np.ones((3, D)), -np.ones(3), **chosen)
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    width, height = figure.bbox.size
    assert all(box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height for box in boxes)
    assert not any(a.overlaps(c) for i, a in enumerate(boxes) for c in boxes[:i])


def test_what_does_not_fit_is_refused():
    with pytest.raises(ShapeError, match="W must have the shape"):
        matrix_product(X, W.T, b)
    with pytest.raises(ValueError, match="sample must be None or a number from 1 to 5, but is 6"):
        matrix_product(X, W, b, sample=6, unit=1)
    with pytest.raises(ValueError, match="unit must be None or a number from 1 to 3, but is 0"):
        matrix_product(X, W, b, unit=0)
    with pytest.raises(ValueError, match="room for 8 rows and columns, but these arrays have 9"):
        matrix_product(np.ones((9, 4)), W, b)
