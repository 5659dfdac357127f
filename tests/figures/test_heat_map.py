"""Heat maps and gradient reports: the numbers on them are the numbers that were given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from coursekit import check
from coursekit.figures import gradient_report, heat_map, verdict_report
from coursekit.figures.style import GREEN, MUTED, VERMILLION

MATRIX = np.array([[1.0, -2.0, 0.0], [0.5, 0.25, -0.001]])


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_cells_hold_the_matrix_and_its_numbers():
    axes = heat_map(MATRIX, title="J", rows="output", columns="input").axes[0]
    np.testing.assert_array_equal(axes.images[0].get_array(), MATRIX)
    assert texts(axes) == ["1.00", "-2.00", "0.00", "0.50", "0.25", "0.00"]
    assert (axes.get_title(), axes.get_ylabel(), axes.get_xlabel()) == ("J", "output", "input")


def test_zero_is_in_the_middle_of_the_colours():
    assert heat_map(MATRIX, title="J").axes[0].images[0].get_clim() == (-2, 2)


def test_a_matrix_of_zeros_has_colours_too():
    assert heat_map(np.zeros((2, 2)), title="J").axes[0].images[0].get_clim() == (-1, 1)


def test_blocks_are_framed():
    assert len(heat_map(np.eye(4), title="J", blocks=2).axes[0].patches) == 2
    assert len(heat_map(np.eye(4), title="J").axes[0].patches) == 0


def test_large_matrices_carry_no_numbers():
    assert texts(heat_map(np.eye(10), title="J").axes[0]) == []


def test_a_heat_map_needs_two_axes():
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        heat_map(np.ones(3), title="J")


def frames(axes):
    """Corner, width and height of each frame that is drawn, and how many cells are veiled."""
    framed = [patch for patch in axes.patches if not patch.get_fill()]
    boxes = [(*patch.get_xy(), patch.get_width(), patch.get_height()) for patch in framed]
    return boxes, len(axes.patches) - len(framed)


def test_a_chosen_row_or_column_is_framed_and_the_rest_fades():
    assert frames(heat_map(MATRIX, title="J").axes[0]) == ([], 0)
    assert frames(heat_map(MATRIX, title="J", row=1).axes[0]) == ([(-0.5, 0.5, 3, 1)], 3)
    assert frames(heat_map(MATRIX, title="J", column=0).axes[0]) == ([(-0.5, -0.5, 1, 2)], 4)
    assert frames(heat_map(MATRIX, title="J", row=0, column=2).axes[0])[1] == 2


def test_a_chosen_row_keeps_its_numbers_strong_and_its_index_bold():
    axes = heat_map(MATRIX, title="J", row=1).axes[0]
    faded = [text.get_text() for text in axes.texts if to_hex(text.get_color()).upper() == MUTED]
    assert faded == ["1.00", "-2.00", "0.00"]
    assert [label.get_weight() for label in axes.get_yticklabels()] == ["normal", "bold"]
    assert [label.get_weight() for label in axes.get_xticklabels()] == ["normal"] * 3


@pytest.mark.parametrize(
    ("place", "sentence"), [({"row": 2}, "rows 0 to 1, but row 2"), ({"column": -1}, "columns 0 to 2, but column -1")]
)
def test_a_chosen_row_or_column_must_exist(place, sentence):
    with pytest.raises(ValueError, match=sentence):
        heat_map(MATRIX, title="J", **place)


def test_a_report_shows_got_expected_and_difference():
    got, expected, difference, _ = gradient_report(MATRIX + 0.5, MATRIX, name="dW").axes
    np.testing.assert_array_equal(got.images[0].get_array(), MATRIX + 0.5)
    np.testing.assert_array_equal(expected.images[0].get_array(), MATRIX)
    np.testing.assert_allclose(difference.images[0].get_array(), 0.5)
    assert got.images[0].get_clim() == expected.images[0].get_clim() == (-2, 2)
    assert difference.get_title() == "difference, up to 0.5"
    assert to_hex(difference.title.get_color()).upper() == VERMILLION


def test_agreement_is_said_and_green():
    difference = gradient_report(MATRIX + 1e-9, MATRIX, name="dW").axes[2]
    assert difference.get_title() == "difference: none"
    assert to_hex(difference.title.get_color()).upper() == GREEN


def test_a_vector_is_a_row():
    assert gradient_report(np.ones(3), np.ones(3), name="db").axes[0].get_title() == "db, got  (1×3)"


def test_shapes_that_differ_are_told_and_not_subtracted():
    panel = gradient_report(MATRIX.T, MATRIX, name="dW").axes[2]
    assert panel.get_title() == "no difference"
    assert len(panel.images) == 0
    assert "shapes" in panel.texts[0].get_text()


def test_a_failed_check_draws_its_own_report():
    verdict = check.gradient(-MATRIX, lambda W: np.sum(MATRIX * W), at=np.zeros_like(MATRIX), name="dW")
    got, expected, *_ = verdict_report(verdict).axes
    assert got.get_title().startswith("dW, got")
    np.testing.assert_allclose(got.images[0].get_array(), -MATRIX)
    np.testing.assert_allclose(expected.images[0].get_array(), MATRIX, atol=1e-9)


def test_a_check_that_compared_no_arrays_has_nothing_to_draw():
    with pytest.raises(ValueError, match="nothing to draw: the check of dW compared no arrays"):
        verdict_report(check.gradient(None, lambda W: 0.0, at=np.zeros(2), name="dW"))
