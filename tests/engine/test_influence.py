"""Influence graphs: one reverse sweep equals the sum over paths equals a difference of the expression itself."""

import numpy as np
import pytest
from hypothesis import given

from coursekit.engine.influence import InfluenceGraph, path_derivative, paths, total_derivative, total_derivatives

from .strategies import AGREE, STEP, generators, quick


class Expression:
    """A random expression: two inputs, then nodes that are sums, products or tanh of earlier ones."""

    def __init__(self, rng):
        self.parents = {"x0": (), "x1": ()}
        self.rules = {}
        for n in range(2, rng.integers(4, 9)):
            kind = rng.choice(["sum", "product", "tanh"])
            names = list(self.parents)
            # Drawn with replacement, so that y = x x and two edges between the same nodes occur.
            self.parents[f"x{n}"] = tuple(rng.choice(names, 1 if kind == "tanh" else 2).tolist())
            self.rules[f"x{n}"] = (kind, rng.uniform(-2, 2, 2))
        self.inputs = dict(zip(("x0", "x1"), rng.uniform(-1, 1, 2), strict=True))

    def values(self, **held):
        """Every value, with the nodes in ``held`` kept at the value given for them."""
        values = {}
        for node, parents in self.parents.items():
            p = [values[parent] for parent in parents]
            if node in held:
                values[node] = held[node]
            elif node in self.inputs:
                values[node] = self.inputs[node]
            else:
                kind, c = self.rules[node]
                values[node] = {"sum": c @ p if len(p) == 2 else 0, "product": np.prod(p), "tanh": np.tanh(p[0])}[kind]
        return values

    def graph(self):
        values, edges = self.values(), []
        for node, (kind, c) in self.rules.items():
            p = self.parents[node]
            # The derivative of a product by one factor is the other; reversed, the two values are just that.
            labels = {"sum": c, "product": [values[q] for q in p[::-1]], "tanh": [1 - values[node] ** 2]}[kind]
            edges += [(parent, node, float(label)) for parent, label in zip(p, labels, strict=True)]
        return InfluenceGraph(edges, self.parents)

    def difference(self, source, target):
        at = self.values()[source]
        above, below = (self.values(**{source: at + step})[target] for step in (STEP, -STEP))
        return (above - below) / (2 * STEP)


def brute_force_paths(graph, source, target):
    """Every path by following each edge from the source, without any pruning."""
    if source == target:
        return [()]
    return [
        (edge, *rest)
        for edge in graph.edges
        if edge.source == source
        for rest in brute_force_paths(graph, edge.target, target)
    ]


@quick
@given(generators)
def test_total_derivatives_agree_with_differences_of_the_expression(rng):
    expression = Expression(rng)
    graph = expression.graph()
    target = list(expression.parents)[-1]
    for source in expression.parents:
        numeric = expression.difference(source, target)
        assert abs(total_derivative(graph, source, target) - numeric) <= AGREE * max(1, abs(numeric))


@quick
@given(generators)
def test_total_derivatives_are_the_sums_over_all_paths(rng):
    graph = Expression(rng).graph()
    for source in graph.nodes:
        for target in graph.nodes:
            every = list(paths(graph, source, target))
            assert sorted(every) == sorted(brute_force_paths(graph, source, target))
            total = sum(path_derivative(path) for path in every)
            np.testing.assert_allclose(total_derivative(graph, source, target), total, rtol=1e-12, atol=1e-14)


@quick
@given(generators)
def test_the_order_of_the_edges_is_of_no_consequence(rng):
    graph = Expression(rng).graph()
    shuffled = InfluenceGraph([graph.edges[i] for i in rng.permutation(len(graph.edges))], graph.nodes)
    target = graph.nodes[-1]
    got, reference = total_derivatives(shuffled, target), total_derivatives(graph, target)
    assert got.keys() == reference.keys()
    for node, value in reference.items():
        np.testing.assert_allclose(got[node], value, rtol=1e-12, atol=1e-14)


def test_the_nodes_are_in_topological_order():
    graph = InfluenceGraph([("b", "c", 1.0), ("a", "b", 1.0), ("a", "c", 1.0)])
    assert graph.nodes == ("a", "b", "c")


def test_a_diamond_adds_its_two_paths():
    graph = InfluenceGraph([("x", "g", 2.0), ("x", "h", 3.0), ("g", "y", 5.0), ("h", "y", 7.0)])
    assert total_derivative(graph, "x", "y") == 2 * 5 + 3 * 7
    assert sorted(path_derivative(path) for path in paths(graph, "x", "y")) == [10, 21]
    assert total_derivative(graph, "y", "x") == 0
    assert total_derivatives(graph, "y") == {"x": 31, "g": 5, "h": 7, "y": 1}


@pytest.mark.parametrize("M", [1, 3, 5])
def test_fan_out_has_one_path_through_each_node_between(M):
    edges = [edge for i in range(M) for edge in (("x", f"g{i}", 1.0 + i), (f"g{i}", "y", 2.0))]
    graph = InfluenceGraph(edges)
    assert [[edge.target for edge in path] for path in paths(graph, "x", "y")] == [[f"g{i}", "y"] for i in range(M)]
    assert total_derivative(graph, "x", "y") == M * (M + 1)
    # Overwriting where the derivatives should be added leaves one path alone.
    assert (total_derivative(graph, "x", "y") == 2 * M) == (M == 1)


def test_two_edges_between_the_same_nodes_are_two_paths():
    graph = InfluenceGraph([("x", "y", 3.0), ("x", "y", 3.0)])
    assert total_derivative(graph, "x", "y") == 6
    assert len(list(paths(graph, "x", "y"))) == 2


def test_thirty_diamonds_are_one_short_sweep_though_they_have_a_billion_paths():
    edges = []
    for i in range(30):
        edges += [(f"x{i}", f"{way}{i}", 0.5) for way in "gh"]
        edges += [(f"{way}{i}", f"x{i + 1}", 1.0) for way in "gh"]
    graph = InfluenceGraph(edges)
    assert total_derivative(graph, "x0", "x30") == 1
    assert len(next(paths(graph, "x0", "x30"))) == 60
    assert list(paths(graph, "x30", "x0")) == []
    # Nor are the many paths into the target walked where none of them comes from the source.
    behind = InfluenceGraph([*graph.edges, ("s", "x30", 4.0)])
    assert list(paths(behind, "s", "x30")) == [(("s", "x30", 4.0),)]


def test_a_long_chain_needs_no_recursion():
    graph = InfluenceGraph([(f"x{i}", f"x{i + 1}", 1.0) for i in range(3000)])
    assert total_derivative(graph, "x0", "x3000") == 1
    assert len(next(paths(graph, "x0", "x3000"))) == 3000


def test_a_node_by_itself_has_derivative_one_and_the_empty_path():
    graph = InfluenceGraph([], ["x"])
    assert total_derivative(graph, "x", "x") == 1
    assert list(paths(graph, "x", "x")) == [()]
    assert path_derivative(()) == 1


def test_nodes_that_do_not_touch_have_derivative_zero():
    graph = InfluenceGraph([("x", "y", 2.0)], ["x", "y", "b"])
    assert total_derivative(graph, "b", "y") == 0
    assert list(paths(graph, "b", "y")) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda graph: total_derivative(graph, "q", "y"),
        lambda graph: total_derivative(graph, "x", "q"),
        lambda graph: total_derivatives(graph, "q"),
        lambda graph: paths(graph, "q", "y"),
        lambda graph: paths(graph, "x", "q"),
        lambda graph: graph.into("q"),
        lambda graph: InfluenceGraph([("x", "q", 1.0)], ["x", "y"]),
    ],
)
def test_an_unknown_node_is_refused_by_name(ask):
    graph = InfluenceGraph([("x", "y", 1.0)])
    with pytest.raises(ValueError, match=r"^unknown node 'q': the graph has the nodes x, y$"):
        ask(graph)


def test_a_cycle_is_refused_and_written_out():
    edges = [("x", "a", 1.0), ("a", "b", 1.0), ("b", "c", 1.0), ("c", "a", 1.0)]
    with pytest.raises(ValueError, match=r"^an influence graph has no cycle, but this one has a -> b -> c -> a$"):
        InfluenceGraph(edges)
    with pytest.raises(ValueError, match=r"but this one has x -> x$"):
        InfluenceGraph([("x", "x", 1.0)])
