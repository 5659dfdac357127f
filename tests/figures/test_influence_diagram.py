"""Influence diagrams: the layout by depth, the labels on arrows and nodes, and nothing cut off or on top of another."""

import pytest
from matplotlib.patches import Circle, FancyArrowPatch

from coursekit.engine import Edge, InfluenceGraph, paths, total_derivatives
from coursekit.figures import influence_diagram
from coursekit.figures.influence_diagram import arrows, columns, signed

BELOW = [("x", "g_1", 0.8), ("x", "g_2", -0.7), ("x", "g_3", 0.43)]
ABOVE = [("g_1", "y", 0.2), ("g_2", "y", 0.3), ("g_3", "y", -0.15)]
FAN = InfluenceGraph(BELOW + ABOVE)
LAYERS = InfluenceGraph(
    [(f"x_{i}", f"z_{j}", i - j + 0.5) for i in (1, 2) for j in (1, 2, 3)]
    + [(f"z_{j}", f"y_{i}", j + i / 10) for j in (1, 2, 3) for i in (1, 2)]
)
STACK = InfluenceGraph(
    [("x", f"a_{i}", 0.1 * i) for i in (1, 2, 3)]
    + [(f"a_{i}", f"b_{j}", i - j + 0.5) for i in (1, 2, 3) for j in (1, 2, 3)]
    + [(f"b_{i}", "y", 0.2 * i) for i in (1, 2, 3)]
)
CHANGES = {"x": 0.1, "g_1": 0.08, "g_2": -0.07, "g_3": 0.043, "y": -0.0115}


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def lines(figure):
    return [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]


def test_nodes_stand_by_the_longest_path_that_leads_to_them():
    graph = InfluenceGraph([("x", "y", 1.0), ("x", "g", 2.0), ("g", "h", 3.0), ("h", "y", 4.0)])
    assert columns(graph) == [["x"], ["g"], ["h"], ["y"]]
    assert columns(FAN) == [["x"], ["g_1", "g_2", "g_3"], ["y"]]
    assert columns(LAYERS) == [["x_1", "x_2"], ["z_1", "z_2", "z_3"], ["y_1", "y_2"]]
    assert columns(InfluenceGraph([], ["a"])) == [["a"]]


def test_an_arrow_over_a_column_and_arrows_between_the_same_nodes_are_bent():
    shortcut = InfluenceGraph([("x", "g", 1.0), ("g", "y", 2.0), ("x", "y", 3.0)])
    bends = {arrow.edge[:2]: arrow.bend for arrow in arrows(shortcut)}
    assert bends[("x", "g")] == bends[("g", "y")] == 0
    assert bends[("x", "y")] < 0
    square = arrows(InfluenceGraph([("x", "y", 3.0), ("x", "y", 3.0)]))
    assert square[0].bend == -square[1].bend != 0


def test_every_arrow_carries_its_derivative_and_every_node_its_name_and_value():
    found = texts(influence_diagram(FAN, values={"x": 0.6, "g_2": -0.3}))
    assert found[:6] == ["+0.800", "−0.700", "+0.430", "+0.200", "+0.300", "−0.150"]
    assert sorted(found[6:]) == sorted(["$x$", "0.600", "$g_1$", "$g_2$", "−0.300", "$g_3$", "$y$"])


def test_changes_and_totals_stand_at_their_nodes():
    found = texts(influence_diagram(FAN, predicted=CHANGES, true={"y": -0.0002}))
    assert [text for text in found if text.startswith("predicted")] == [
        f"predicted {signed(CHANGES[node], 4)}" for node in ("x", "g_1", "g_2", "g_3", "y")
    ]
    assert [text for text in found if text.startswith("true")] == ["true −0.0002"]
    found = texts(influence_diagram(FAN, totals=total_derivatives(FAN, "y")))
    assert "$dy/dx$ = −0.1145" in found
    assert "$dy/dy$ = +1.0000" in found


def test_a_path_is_thick_and_whole_and_its_product_is_written_below():
    path = list(paths(FAN, "x", "y"))[1]
    figure = influence_diagram(FAN, path=path)
    assert "thick path: (−0.700) × (+0.300) = −0.2100" in texts(figure)
    looks = [(line.get_linewidth(), line.get_linestyle()) for line in lines(figure)]
    assert [width for width, _ in looks] == [1.5, 3, 1.5, 1.5, 3, 1.5]
    assert [look == "solid" or look == "-" for _, look in looks] == [False, True, False, False, True, False]
    assert {line.get_linewidth() for line in lines(influence_diagram(FAN))} == {1.5}


def test_a_number_that_rounds_to_zero_has_no_minus():
    assert signed(-0.00004, 4) == "+0.0000"
    assert signed(-0.7) == "−0.700"


@pytest.mark.parametrize(
    "figure",
    [
        influence_diagram(FAN, values=CHANGES, predicted=CHANGES, true=CHANGES, path=next(paths(FAN, "x", "y"))),
        influence_diagram(FAN, values=CHANGES, totals=total_derivatives(FAN, "y")),
        influence_diagram(STACK, totals=total_derivatives(STACK, "y")),
        influence_diagram(LAYERS, path=next(paths(LAYERS, "x_1", "y_2"))),
        influence_diagram(InfluenceGraph([("x", "g", 1.0), ("g", "y", 2.0), ("x", "y", 3.0)]), predicted={"g": 1.0}),
        influence_diagram(InfluenceGraph([("x", "y", 3.0), ("x", "y", 3.0)])),
    ],
    ids=["changes", "totals", "stack", "layers", "shortcut", "square"],
)
def test_labels_stay_inside_and_apart(figure):
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    width, height = figure.bbox.size
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    circles = [p.get_window_extent() for p in figure.axes[0].patches if isinstance(p, Circle)]
    outside = [b for b in boxes if not any(c.x0 < (b.x0 + b.x1) / 2 < c.x1 and c.y0 < b.y0 < c.y1 for c in circles)]
    assert not any(b.overlaps(c) for b in outside for c in circles)


def test_what_is_not_in_the_graph_is_refused():
    with pytest.raises(ValueError, match="unknown node 'h'"):
        influence_diagram(FAN, values={"h": 1.0})
    with pytest.raises(ValueError, match="x -> y, which is not in the graph"):
        influence_diagram(FAN, path=[Edge("x", "y", 1.0)])
    with pytest.raises(ValueError, match="at least one node"):
        influence_diagram(InfluenceGraph([]))
