"""The grid of verdicts says in words what its colours say; curves draw the series that were given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from coursekit.figures import curves, verdict_grid
from coursekit.figures.style import GREEN, VERMILLION, YELLOW

TABLE = {"none": {"dW": "correct", "db": "correct"}, "E53": {"dW": "wrong", "db": "error"}}


def test_every_cell_has_its_word_and_its_colour():
    axes = verdict_grid(TABLE).axes[0]
    words = [text.get_text() for text in axes.texts]
    assert words == ["dW", "db", "none", "right", "right", "E53", "wrong", "raises"]
    assert [to_hex(cell.get_facecolor()).upper() for cell in axes.patches] == [GREEN, GREEN, VERMILLION, YELLOW]


def test_the_order_of_the_first_row_rules():
    swapped = {"none": TABLE["none"], "E53": {"db": "error", "dW": "wrong"}}
    assert [t.get_text() for t in verdict_grid(swapped).axes[0].texts][-2:] == ["wrong", "raises"]


def test_unknown_words_and_empty_tables_are_refused():
    with pytest.raises(ValueError, match="perhaps"):
        verdict_grid({"none": {"dW": "perhaps"}})
    with pytest.raises(ValueError, match="at least one row"):
        verdict_grid({})


def test_curves_hold_their_series_and_names():
    axes = curves({"a": [3.0, 1.0], "b": [2.0, 5.0]}, x="step", y="loss", title="t", log=True).axes[0]
    np.testing.assert_array_equal([line.get_ydata() for line in axes.lines], [[3, 1], [2, 5]])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b"]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()) == ("step", "loss", "log")
    assert len({line.get_color() for line in axes.lines}) == len({line.get_marker() for line in axes.lines}) == 2


def test_curves_need_a_series():
    with pytest.raises(ValueError, match="at least one series"):
        curves({}, x="x", y="y", title="t")
