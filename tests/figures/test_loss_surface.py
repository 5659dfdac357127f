"""The landscape has the heights of the loss, the paths are those given, and nothing stands outside of the figure."""

import numpy as np
import pytest

from coursekit.figures import loss_surface
from coursekit.figures.loss_surface import drawn, inside, surface

GOAL = np.array([1.0, -2.0])
WINDOW = ((-4.0, 4.0), (-5.0, 3.0))


def bowl(places):
    return 0.5 * ((places - GOAL) ** 2 * [1.0, 4.0]).sum(axis=1)


def path(rate, steps=20):
    places = [np.array([-3.0, 2.0])]
    for _ in range(steps):
        places.append(places[-1] - rate * (places[-1] - GOAL) * [1.0, 4.0])
    return np.array(places)


PATHS = {"short": path(0.05), "good": path(0.3), "wild": path(0.6)}


def draw(paths=PATHS, **changes):
    return loss_surface(bowl, paths, **{"x": "w", "y": "b", "title": "t", "window": WINDOW, **changes})


def test_the_surface_holds_the_loss_rows_by_y():
    seen = surface(bowl, PATHS, WINDOW)
    for i, j in ((0, 0), (3, 150), (160, 7)):
        assert seen.heights[i, j] == pytest.approx(bowl(np.array([[seen.x[j], seen.y[i]]]))[0])
    assert (seen.x[0], seen.x[-1], seen.y[0], seen.y[-1]) == (-4, 4, -5, 3)
    assert (np.diff(seen.levels) > 0).all()
    assert (np.diff(np.diff(seen.levels)) > 0).all(), "levels lie closer together near the lowest place"
    assert seen.heights.min() < seen.levels[0] < seen.levels[-1] < seen.heights.max()


def test_without_a_window_all_paths_lie_within_a_margin():
    seen = surface(bowl, {"a": PATHS["short"], "b": PATHS["good"]})
    for given in ("short", "good"):
        assert inside(PATHS[given], seen).all()
    assert seen.x[0] < -3 < seen.x[-1]
    still = surface(bowl, {"a": np.zeros((3, 2))})
    assert (still.x[0], still.x[-1]) == (-1, 1)


def test_every_step_is_on_its_line_and_the_ends_are_marked():
    axes = draw().axes[0]
    named = {line.get_label().split(":")[0]: line for line in axes.lines if ":" in line.get_label()}
    np.testing.assert_allclose(named["good"].get_xydata(), PATHS["good"])
    starts = [line for line in axes.lines if line.get_marker() == "o" and len(line.get_xydata()) == 1]
    stars = [line for line in axes.lines if line.get_marker() == "*"]
    assert len(starts) == 3
    np.testing.assert_allclose(starts[0].get_xydata(), [[-3, 2]])
    np.testing.assert_allclose([star.get_xydata()[0] for star in stars], [PATHS["short"][-1], PATHS["good"][-1]])
    assert "start" in [text.get_text() for text in axes.texts]


def test_the_legend_gives_steps_and_losses_and_names_who_leaves():
    words = [text.get_text() for text in draw(minimum=GOAL).legends[0].get_texts()]
    first, last = bowl(PATHS["good"][[0, -1]])
    assert words[1] == f"good: 20 steps, loss {first:.3g} → {last:.3g}"
    assert words[2].endswith(", ends outside")
    assert "outside" not in words[0] + words[1]
    assert words[3] == "lowest point"


def test_paths_are_told_apart_by_colour_marker_and_line():
    lines = [line for line in draw().axes[0].lines if ":" in line.get_label()]
    assert len({line.get_color() for line in lines}) == len({line.get_marker() for line in lines}) == 3
    assert len({line.get_linestyle() for line in lines}) == 3
    widths = [line.get_linewidth() for line in lines]
    assert widths == sorted(widths, reverse=True), "a later path lies on an equal earlier one without hiding it"
    assert len(set(widths)) == 3


def test_a_path_that_flies_away_is_drawn_up_to_the_edge_and_no_further():
    far = np.vstack([PATHS["good"][:3], [[1e60, 1e60]], [[-1e90, 1.0]]])
    seen = surface(bowl, {"far": far}, WINDOW)
    kept = drawn(far, seen)
    assert len(kept) == 4
    np.testing.assert_array_equal(kept[:3], far[:3])
    assert not inside(kept[3:], seen)[0]
    assert np.abs(kept).max() < 1e3
    turn = (kept[3] - kept[2]) / np.abs(kept[3] - kept[2]).max()
    np.testing.assert_allclose(turn, [1, 1])
    draw({"far": far}).draw_without_rendering()
    np.testing.assert_array_equal(drawn(PATHS["good"], seen), PATHS["good"])
    wild = drawn(PATHS["wild"], seen)
    np.testing.assert_array_equal(wild[:-1], PATHS["wild"][: len(wild) - 1])


def test_a_loss_too_large_to_be_a_number_is_called_infinite():
    words = draw({"far": [[0.0, 0.0], [1e200, 0.0]]}).legends[0].get_texts()[0].get_text()
    assert words.endswith("→ inf, ends outside")


def test_one_scale_for_both_axes_if_asked():
    assert draw(square=True).axes[0].get_aspect() == 1
    assert draw().axes[0].get_aspect() == "auto"


def test_labels_stay_inside_and_apart():
    figure = draw(
        {f"a rather long name of an optimizer, learning rate 0.{i}": path(0.3) for i in range(3)}, minimum=GOAL
    )
    figure.draw_without_rendering()
    axes = figure.axes[0]
    words = [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels()]
    texts = [t for t in [*words, *figure.legends[0].get_texts()] if t.get_text()]
    boxes = [text.get_window_extent() for text in texts]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize(
    ("paths", "changes", "words"),
    [
        ({}, {}, "at least one path"),
        ({"a": np.zeros((4, 3))}, {}, r"'a' must have the shape \(T, 2\), but has \(4, 3\)"),
        ({"a": np.zeros((0, 2))}, {}, "shape"),
        ({"a": [[0.0, np.inf]]}, {}, "not finite"),
        (PATHS, {"window": ((1, 1), (0, 2))}, "each from below to"),
    ],
)
def test_bad_paths_and_windows_are_refused(paths, changes, words):
    with pytest.raises(ValueError, match=words):
        draw(paths, **changes)


def test_a_loss_of_another_shape_or_without_end_is_refused():
    with pytest.raises(ValueError, match="loss must return"):
        loss_surface(lambda places: 1.0, PATHS, x="w", y="b", title="t", window=WINDOW)
    with pytest.raises(ValueError, match="not finite everywhere"):
        loss_surface(lambda places: np.full(len(places), np.nan), PATHS, x="w", y="b", title="t", window=WINDOW)
