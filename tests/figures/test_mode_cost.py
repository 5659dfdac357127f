"""The costs of both modes: the numbers above the bars are those of the products, layer by layer."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex

from coursekit.engine import multiply_adds
from coursekit.figures import mode_cost
from coursekit.figures.mode_cost import mode_costs, short
from coursekit.figures.style import BACKWARD, FORWARD

WIDTHS = [4, 8, 6, 4, 2]


def work_by_products(sizes, order, charge_seed):
    """Multiply-adds layer by layer, from the products of arrays that are really formed, one seed after the other."""
    layers = [np.ones((m, n)) for n, m in pairwise(sizes)]
    work = [0] * len(layers)
    upwards = order == "forward"
    ways = list(enumerate(layers)) if upwards else list(enumerate(layers))[::-1]
    for seed in np.eye(sizes[0] if upwards else sizes[-1]):
        for step, (layer, J) in enumerate(ways):
            work[layer] += J.size if charge_seed or step else 0
            seed = J @ seed if upwards else seed @ J
    return tuple(work)


@pytest.mark.parametrize("sizes", [WIDTHS, [3, 1, 1, 10, 4], [2, 7], [5, 3, 1]])
@pytest.mark.parametrize("charge_seed", [True, False])
def test_costs_are_those_of_the_products_one_seed_at_a_time(sizes, charge_seed):
    for mode, cost in mode_costs(sizes, charge_seed=charge_seed).items():
        assert cost.layers == work_by_products(sizes, mode, charge_seed)
        assert cost.total == sum(cost.layers) == multiply_adds(sizes, mode, charge_seed=charge_seed)
        assert cost.passes == (sizes[0] if mode == "forward" else sizes[-1])


def test_bars_and_numbers_are_the_costs():
    by_layer, in_total = mode_cost(WIDTHS).axes
    assert [bar.get_height() for bar in by_layer.patches] == [128, 192, 96, 32, 64, 96, 48, 16]
    assert [text.get_text() for text in by_layer.texts] == ["128", "192", "96", "32", "64", "96", "48", "16"]
    assert [bar.get_height() for bar in in_total.patches] == [448, 224]
    assert [text.get_text() for text in in_total.texts] == ["448", "224"]


def test_free_seeds_spare_each_mode_the_layer_where_it_starts():
    by_layer, in_total = mode_cost([3, 1, 1, 10, 4], charge_seed=False).axes
    assert [text.get_text() for text in by_layer.texts] == ["free", "3", "30", "120", "12", "4", "40", "free"]
    assert [text.get_text() for text in in_total.texts] == ["153", "56"]
    assert "seeds free" in by_layer.get_title()


def test_the_modes_differ_in_hatch_and_name_as_well_as_colour():
    by_layer, in_total = mode_cost(WIDTHS).axes
    forward, reverse = in_total.patches
    assert (to_hex(forward.get_facecolor()).upper(), to_hex(reverse.get_facecolor()).upper()) == (FORWARD, BACKWARD)
    assert (forward.get_hatch(), reverse.get_hatch()) == (None, "//")
    assert [label.get_text() for label in in_total.get_xticklabels()] == ["forward", "reverse"]
    assert by_layer.get_legend_handles_labels()[1] == ["forward: 4 columns", "reverse: 2 rows"]


def test_layers_are_named_with_the_shape_of_their_jacobian():
    labels = [label.get_text() for label in mode_cost([4, 8, 1]).axes[0].get_xticklabels()]
    assert labels == ["layer 1\n8×4", "layer 2\n1×8"]
    assert mode_cost([4, 8, 1]).axes[0].get_legend_handles_labels()[1][1] == "reverse: 1 row"


@pytest.mark.parametrize(
    ("sizes", "charge_seed"),
    [
        (WIDTHS, True),
        (WIDTHS, False),
        ([784, 128, 10], True),
        ([3, 3], False),
        ([784, 999, 999, 999, 999, 999, 999, 999, 784], True),
    ],
)
def test_no_number_or_label_overlaps_another_or_is_cut_off(sizes, charge_seed):
    figure = mode_cost(sizes, charge_seed=charge_seed)
    figure.draw_without_rendering()
    width, height = figure.bbox.size
    texts = [figure._suptitle, *figure.legends[0].get_texts()]
    for axes in figure.axes:
        texts += [*axes.texts, axes.title, axes.yaxis.label, *axes.get_xticklabels()]
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    assert all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height for box in boxes)
    assert [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])] == []


def test_counts_are_short():
    counts = [0, 56, 13_440, 99_999, 100_000, 1_016_320, 79_679_488, 999_499_999, 999_500_000, 5_480_000_000]
    words = ["0", "56", "13,440", "99,999", "0.1 M", "1.02 M", "79.7 M", "999 M", "1 G", "5.48 G"]
    assert [short(count) for count in counts] == words


def test_bad_widths_are_refused():
    with pytest.raises(ValueError, match="at most 8 layers, but the widths make 9"):
        mode_cost([2] * 10)
    with pytest.raises(ValueError, match=r"positive widths .* are \[3, 0, 2\]"):
        mode_cost([3, 0, 2])
    with pytest.raises(ValueError, match="two or more positive widths"):
        mode_cost([3])
