"""The variances foretold are those of all batches, and the figure shows what was measured beside them."""

from itertools import combinations, product

import numpy as np
import pytest

from coursekit.figures import gradient_noise
from coursekit.figures.gradient_noise import WITH, WITHOUT, foretold, variance

SINGLES = np.random.default_rng(1).normal(size=(6, 3)) * [1.0, 2.0, 0.1]
SIZES = [1, 2, 3, 6]
MEASURED = {WITH: [1.0, 0.5, 0.3, 0.2], WITHOUT: [1.1, 0.4, 0.2, 0.0]}


def test_the_variance_adds_up_the_entries():
    assert variance(SINGLES) == pytest.approx(SINGLES.var(axis=0).sum())
    assert variance([[1.0, 2.0]]) == 0


@pytest.mark.parametrize("B", [1, 2, 3])
def test_foretold_is_what_enumeration_finds(B):
    expected = foretold(SINGLES, [B])
    ways = {WITHOUT: combinations(range(6), B), WITH: product(range(6), repeat=B)}
    for way, batches in ways.items():
        every = np.array([SINGLES[list(batch)].mean(axis=0) for batch in batches])
        assert expected.variances[way][0] == pytest.approx(variance(every), rel=1e-12)


def test_the_whole_batch_has_no_noise_without_replacement():
    expected = foretold(SINGLES, SIZES)
    assert expected.variances[WITHOUT][-1] == 0
    assert expected.variances[WITH][-1] == pytest.approx(expected.single / 6)


def test_lines_are_foretold_and_marks_are_measured():
    axes = gradient_noise(SINGLES, SIZES, MEASURED).axes[0]
    expected = foretold(SINGLES, SIZES).variances
    lines = {line.get_label().split(":")[0]: line for line in axes.lines}
    np.testing.assert_allclose(lines[f"{WITH}, foretold"].get_ydata(), expected[WITH])
    np.testing.assert_allclose(lines[f"{WITHOUT}, foretold"].get_ydata(), expected[WITHOUT][:3])
    np.testing.assert_allclose(lines[f"{WITH}, measured"].get_xydata(), np.column_stack([SIZES, MEASURED[WITH]]))
    np.testing.assert_allclose(lines[f"{WITHOUT}, measured"].get_ydata(), MEASURED[WITHOUT][:3])
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2", "3", "6"]


def test_a_variance_of_zero_is_named_in_words():
    assert "B = N = 6" in gradient_noise(SINGLES, SIZES, MEASURED).axes[0].texts[0].get_text()
    assert not gradient_noise(SINGLES, SIZES, {WITH: MEASURED[WITH]}).axes[0].texts


def test_both_ways_are_told_apart_by_colour_line_and_marker():
    lines = gradient_noise(SINGLES, SIZES, MEASURED).axes[0].lines
    assert len({line.get_color() for line in lines}) == 2
    assert {line.get_linestyle() for line in lines} == {"-", "--", "None"}
    assert {line.get_marker() for line in lines} == {"None", "o", "s"}


def test_labels_stay_inside_and_apart():
    sizes = [1, 2, 4, 8, 16, 32, 64, 100]
    singles = np.random.default_rng(2).normal(size=(100, 2))
    expected = foretold(singles, sizes).variances
    figure = gradient_noise(singles, sizes, expected)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    words = [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels(), *axes.texts]
    words += axes.get_legend().get_texts()
    boxes = [text.get_window_extent() for text in words if text.get_text()]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    marks = axes.transData.transform([xy for line in axes.lines for xy in line.get_xydata()])
    covers = [axes.get_legend().get_window_extent(), axes.texts[0].get_window_extent()]
    assert not any(box.contains(*mark) for box in covers for mark in marks)


@pytest.mark.parametrize(
    ("singles", "sizes", "measured", "words"),
    [
        (SINGLES[0], SIZES, MEASURED, r"must have the shape \(M, P\)"),
        (SINGLES[:1], [1], {WITH: [1.0]}, "two samples or more"),
        (SINGLES, [0, 1], MEASURED, "at most N = 6, but are"),
        (SINGLES, [1, 7], MEASURED, "at most N = 6, but are"),
        (SINGLES, [2, 2], MEASURED, "must rise"),
        (SINGLES, [], MEASURED, "must rise"),
        (SINGLES, SIZES, {}, "at least one way of drawing"),
        (SINGLES, SIZES, {"by hand": [1.0] * 4}, "measured has 'by hand'"),
        (SINGLES, SIZES, {WITH: [1.0, 2.0]}, "must be 4 numbers"),
        (SINGLES, SIZES, {WITH: [1.0, 2.0, -1.0, 0.5]}, "none below 0"),
    ],
)
def test_bad_input_is_refused(singles, sizes, measured, words):
    with pytest.raises(ValueError, match=words):
        gradient_noise(singles, sizes, measured)
