"""Influence graphs: nodes are quantities, and an edge x -> y carries the local derivative of y by x.

A small change of a node times an edge's label is the change it makes at the other end, all else held fixed. The total
derivative adds the products of the labels over all paths; one sweep from the target does it without the paths.
"""

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from math import prod
from typing import NamedTuple


class Edge(NamedTuple):
    """An influence: a small change of ``source`` changes ``target`` by ``derivative`` times as much."""

    source: str
    target: str
    derivative: float


class InfluenceGraph:
    """Nodes in topological order, and the edges into each of them.

    ``edges`` are (source, target, derivative); two edges may join the same nodes, as in y = x x. ``nodes`` may list
    all nodes; without it they are those of the edges. Raises ValueError for a cycle, and for an edge to a node that is
    not listed. Source: CSC561-F2, CSC561-C8, CSC561-F3, CEE697M-C8.
    """

    def __init__(self, edges: Iterable[tuple[str, str, float]], nodes: Iterable[str] | None = None) -> None:
        self.edges = tuple(Edge(*edge) for edge in edges)
        ends = [end for edge in self.edges for end in edge[:2]]
        self._into: dict[str, list[Edge]] = {node: [] for node in (ends if nodes is None else nodes)}
        for end in ends:
            self.require(end)
        for edge in self.edges:
            self._into[edge.target].append(edge)
        sources = {node: [edge.source for edge in into] for node, into in self._into.items()}
        try:
            self.nodes = tuple(TopologicalSorter(sources).static_order())
        except CycleError as error:
            cycle = " -> ".join(error.args[1])
            raise ValueError(f"an influence graph has no cycle, but this one has {cycle}") from None

    def require(self, node: str) -> None:
        """Raise ValueError unless the graph has this node."""
        if node not in self._into:
            raise ValueError(f"unknown node {node!r}: the graph has the nodes {', '.join(self._into) or '(none)'}")

    def into(self, node: str) -> list[Edge]:
        """The edges that end in this node, in the order they were given; raises ValueError for an unknown node."""
        self.require(node)
        return list(self._into[node])


def total_derivatives(graph: InfluenceGraph, target: str) -> dict[str, float]:
    """The total derivative of the target by every node, by one sweep through the graph in reverse order.

    Each edge is used once; a node that does not influence the target has 0, the target itself 1.
    Raises ValueError for an unknown node. Source: CSC561-F5, CSC561-E46.
    """
    graph.require(target)
    totals = dict.fromkeys(graph.nodes, 0.0)
    totals[target] = 1.0
    for node in reversed(graph.nodes):
        for edge in graph.into(node):
            totals[edge.source] += totals[node] * edge.derivative
    return totals


def total_derivative(graph: InfluenceGraph, source: str, target: str) -> float:
    """d target / d source: the sum over all paths of the products of their labels, by reverse accumulation.

    Raises ValueError for an unknown node. Source: CSC561-E10, CSC561-F4, CSC561-F5.
    """
    graph.require(source)
    return total_derivatives(graph, target)[source]


def paths(graph: InfluenceGraph, source: str, target: str) -> Iterator[tuple[Edge, ...]]:
    """Every path from source to target, as the tuple of its edges; empty where the two are one node.

    There may be exponentially many. Raises ValueError for an unknown node. Source: CSC561-F5.
    """
    graph.require(source)
    graph.require(target)
    return _paths(graph, source, target)


def _paths(graph: InfluenceGraph, source: str, target: str) -> Iterator[tuple[Edge, ...]]:
    reached = {source}
    for node in graph.nodes:
        if any(edge.source in reached for edge in graph.into(node)):
            reached.add(node)
    unfinished: list[tuple[str, tuple[Edge, ...]]] = [(target, ())]
    while unfinished:
        node, path = unfinished.pop()
        if node == source:
            yield path
        elif node in reached:
            unfinished += [(edge.source, (edge, *path)) for edge in reversed(graph.into(node))]


def path_derivative(path: Iterable[Edge]) -> float:
    """The product of the labels along one path, 1 for the empty one. Source: CSC561-F4."""
    return prod((edge.derivative for edge in path), start=1.0)
