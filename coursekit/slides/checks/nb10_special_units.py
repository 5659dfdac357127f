"""Checks of lecture NB10: backpropagation as local work on a graph, product units, and kinks."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from coursekit.check.numeric import numeric_gradient, numeric_jacobian
from coursekit.engine import (
    MLP,
    InfluenceGraph,
    Map,
    affine_map,
    affine_vjp,
    backward,
    compose,
    cross_entropy_from_logits,
    elementwise,
    forward,
    half_squared_error,
    jacobian,
    leaky_relu,
    local_derivatives,
    log_softmax,
    max_units,
    maximum,
    product_units,
    relu,
    scalar_backward,
    scalar_forward,
    sigmoid,
    softmax,
    tanh,
    total_derivatives,
    vjp,
)
from coursekit.engine.arrays import Array
from coursekit.slides.row_checks import Statement, agree, hold, row_check

STEPS = (0.5, 0.25, 0.0625)


def on_one_row(f: Map) -> Callable[[Array], Array]:
    """The same map for one vector in place of a batch."""
    return lambda z: f(z[None])[0]


def slope(f: Map, z: float) -> float:
    """The derivative of a map of one number, by the engine's rule."""
    return float(jacobian((f,), np.array([[float(z)]]))[0, 0, 0])


def value(f: Map, z: Any) -> float:
    """The value of a map of one number."""
    return float(f(np.reshape(float(z), (1, 1)))[0, 0])


def secant(f: Map, start: float, end: float) -> float:
    """The slope of the straight line between two points of the curve."""
    return (value(f, end) - value(f, start)) / (end - start)


def one_sided(f: Map, h: float) -> tuple[float, float]:
    """The secants from 0 to -h and to h."""
    return secant(f, -h, 0), secant(f, 0, h)


def affine_layer(D: int, M: int, seed: int) -> Map:
    """An affine layer with random parameters."""
    rng = np.random.default_rng(seed)
    return affine_map(rng.standard_normal((M, D)), rng.standard_normal(M))


@row_check("EECS545-C20")
def local_computation() -> None:
    """Each layer turns what comes back into what goes on by its own Jacobian; one after the other give the whole."""
    rng = np.random.default_rng(1)
    X = rng.standard_normal((3, 4))
    layers = [affine_layer(4, 5, 2), relu, tanh, sigmoid, softmax, log_softmax, maximum]
    layers += [product_units([[0, 1], [1, 3], [2, 2]]), max_units([[0, 1], [2, 3]])]
    for layer in layers:
        G = rng.standard_normal(layer(X).shape)
        products = [g @ numeric_jacobian(on_one_row(layer), x) for g, x in zip(G, X, strict=True)]
        agree(vjp((layer,), X, G), products)
    chain = (affine_layer(4, 5, 3), tanh, product_units([[0, 1], [1, 4], [2, 3]]), softmax)
    G = rng.standard_normal((3, 3))
    products = [g @ numeric_jacobian(on_one_row(compose(*chain)), x) for g, x in zip(G, X, strict=True)]
    agree(vjp(chain, X, G), products)


def _two_neurons() -> tuple[Array, Array, float, float]:
    """Weights and biases of a chain of two neurons, an input and a target."""
    return np.array([0.8, -1.4]), np.array([0.3, 0.1]), 0.6, 0.5


def _loss_of_two_neurons(values: Array) -> float:
    x, w_1, b_1, w_2, b_2 = values
    return float((w_2 * np.tanh(w_1 * x + b_1) + b_2 - _two_neurons()[3]) ** 2)


@row_check("EECS545-F12", "EECS545-F20")
def computational_graph() -> None:
    """A network is a graph without cycles, parameters among its nodes; one sweep in reverse gives all gradients."""
    w, b, x, y = _two_neurons()
    run = scalar_forward(x, w, b)
    local = local_derivatives(run, w)
    edges = [("a_2", "loss", 2 * (float(run.a[2]) - y))]
    for layer in (1, 2):
        below, z = "x" if layer == 1 else "a_1", f"z_{layer}"
        edges += [(below, z, local.dz_da[layer - 1]), (f"w_{layer}", z, local.dz_dw[layer - 1]), (f"b_{layer}", z, 1.0)]
        edges.append((z, f"a_{layer}", local.da_dz[layer - 1]))
    graph = InfluenceGraph(edges)
    agree([len(graph.nodes), len(graph.edges)], [10, 9])
    places = {node: place for place, node in enumerate(graph.nodes)}
    hold(all(places[edge.source] < places[edge.target] for edge in graph.edges), "every edge leads forward")
    totals = total_derivatives(graph, "loss")
    swept = [totals[node] for node in ("x", "w_1", "b_1", "w_2", "b_2")]
    numeric = numeric_gradient(_loss_of_two_neurons, np.array([x, w[0], b[0], w[1], b[1]])).gradient
    agree(swept, numeric)
    gradients = scalar_backward(2 * (float(run.a[2]) - y), run, w)
    agree([gradients.da[0], gradients.dw[0], gradients.db[0], gradients.dw[1], gradients.db[1]], numeric)


@row_check("EECS545-C25")
def stacked_blocks() -> None:
    """Blocks of layers stack like layers: however they are nested, the network and its derivatives are the same."""
    parts = [affine_layer(3, 5, 4), tanh, affine_layer(5, 4, 5), sigmoid, affine_layer(4, 2, 6), tanh]
    nested = compose(compose(*parts[:2]), compose(compose(*parts[2:4]), compose(*parts[4:])))
    X = np.random.default_rng(7).standard_normal((2, 3))
    A: Array = X
    for part in parts:
        A = part(A)
    agree(nested(X), A)
    agree(nested.jacobian(X, A), [numeric_jacobian(on_one_row(nested), x) for x in X])
    U = np.array([[1.0, -0.5], [0.3, 2.0]])
    agree(nested.vjp(U, X, A), vjp(tuple(parts), X, U), within=1e-14)


@row_check("EECS545-C26")
def gradients_at_every_depth() -> None:
    """Backpropagation gives the gradient by all parameters of a network of any depth."""
    rng = np.random.default_rng(8)
    X, Y = rng.standard_normal((4, 2)), np.eye(3)[[0, 2, 1, 1]]
    for depth in range(1, 9):
        net = MLP([2, *[3] * depth], activation=tanh, loss=cross_entropy_from_logits).initialize(rng)
        start = net.parameters.flat.copy()
        numeric = numeric_gradient(partial(_loss_at, net, X, Y), start).gradient
        net.parameters.flat[...] = start
        agree(net.loss_and_gradient(X, Y)[1] / np.abs(numeric).max(), numeric / np.abs(numeric).max())


def _loss_at(net: MLP, X: Array, Y: Array, flat: Array) -> float:
    net.parameters.flat[...] = flat
    return net.loss(net(X), Y)


@row_check("EECS545-F17")
def forward_and_backward_arrows() -> None:
    """Every arrow forward carries a layer's values; the one back beside it carries a gradient of the same shape."""
    rng = np.random.default_rng(9)
    net = MLP([3, 5, 4, 2], activation=tanh).initialize(rng)
    X, Y = rng.standard_normal((6, 3)), rng.standard_normal((6, 2))
    run = net.forward(X)
    gradients = backward(half_squared_error.gradient(run.A[-1], Y), run, net.Ws, net.activations)
    agree([A.shape for A in run.A], [(6, 3), (6, 5), (6, 4), (6, 2)])
    for layer, returned in enumerate([gradients.dX, *gradients.dAs]):
        agree(returned, numeric_gradient(partial(_loss_from, net, layer, Y), run.A[layer]).gradient)


def _loss_from(net: MLP, layer: int, Y: Array, A: Array) -> float:
    """The loss of a network whose values at one layer are given."""
    if layer < net.L:
        A = forward(A, net.Ws[layer:], net.bs[layer:], net.activations[layer:]).A[-1]
    return float(((A - Y) ** 2).sum() / 2 / len(Y))


Y_BELOW = np.array([0.7, -1.2, 2.0, 0.4])


@row_check("CSC561-E23")
def product_unit() -> None:
    """A product unit multiplies two outputs of the layer below; doubling one of them doubles it."""
    pairs = [[0, 2], [3, 1]]
    unit = product_units(pairs)
    agree(unit(Y_BELOW[None])[0], [0.7 * 2.0, 0.4 * -1.2])
    for j, doubled in ((0, [2, 1]), (1, [1, 2]), (2, [2, 1]), (3, [1, 2])):
        y = np.where(np.arange(4) == j, 2 * Y_BELOW, Y_BELOW)
        agree(unit(y[None])[0], np.array(doubled) * [1.4, -0.48])


@row_check("CSC561-C16")
def gate() -> None:
    """A gate multiplies where other units add: each factor gets back the other one times what arrives."""
    s, h, G = np.array([0.4, -2.0, 1.1]), np.array([1.5, -0.6, 0.9]), np.array([0.3, 1.0, -0.8])
    g = 1 / (1 + np.exp(-s))
    returned = vjp((product_units([[0, 3], [1, 4], [2, 5]]),), np.hstack([g, h])[None], G[None])[0]
    agree(returned, np.hstack([h * G, g * G]))
    agree(returned[3:], numeric_gradient(lambda h: G @ (g * h), h).gradient)
    behind_the_gate = vjp((sigmoid,), s[None], returned[None, :3])[0]
    agree(behind_the_gate, numeric_gradient(lambda s: G @ (h / (1 + np.exp(-s))), s).gradient)


@row_check("CSC561-F13")
def product_unit_diagram() -> None:
    """Two edges lead into a product unit; each is labelled with the output at the start of the other."""
    J = jacobian((product_units([[1, 2]]),), Y_BELOW[None])[0, 0]
    graph = InfluenceGraph([(f"y_{n}", "o", float(J[n])) for n in np.flatnonzero(J)])
    labels = {edge.source: edge.derivative for edge in graph.into("o")}
    hold(labels == {"y_1": 2.0, "y_2": -1.2}, "each edge carries the other output")


@row_check("CSC561-E24")
def gradient_by_a_product() -> None:
    """The derivative by a product unit adds up what its weights bring back from the layer above."""
    rng = np.random.default_rng(10)
    o, W, d = rng.standard_normal(3), rng.standard_normal((4, 3)), rng.standard_normal(4)
    dz = np.tanh(W @ o) - d
    dz *= 1 - np.tanh(W @ o) ** 2
    by_hand = [sum(W[j, i] * dz[j] for j in range(4)) for i in range(3)]
    agree(affine_vjp(dz[None], o[None], W).dX[0], by_hand)
    agree(by_hand, numeric_gradient(lambda o: ((np.tanh(W @ o) - d) ** 2).sum() / 2, o).gradient)


def _added_over_all_products(y: Array, pairs: Sequence[Sequence[int]], do: Array, n: int) -> float:
    """What input n gets back: from every place it has in a product, the other factor times what came to the product."""
    first = sum(do[i] * y[other] for i, (factor, other) in enumerate(pairs) if factor == n)
    second = sum(do[i] * y[other] for i, (other, factor) in enumerate(pairs) if factor == n)
    return float(first + second)


def _from_one_product(y: Array, pairs: Sequence[Sequence[int]], do: Array, n: int) -> float:
    """The other factor of the first product with input n, times what came to it."""
    i, other = next((i, j + l - n) for i, (j, l) in enumerate(pairs) if n in (j, l))
    return float(y[other] * do[i])


def _agrees_for_input(n: int, share: Statement, uses: Sequence[Sequence[Sequence[int]]]) -> None:
    for pairs in uses:
        unit, do = product_units(pairs), np.array([0.8, -0.3])[: len(pairs)]
        numeric = do @ numeric_jacobian(on_one_row(unit), Y_BELOW)
        agree(vjp((unit,), Y_BELOW[None], do[None])[0], numeric)
        agree(share(Y_BELOW, pairs, do, n), numeric[n])


@row_check("CSC561-E25", printed={"CSC561-E25": _from_one_product})
def gradient_by_the_first_factor(share: Statement = _added_over_all_products) -> None:
    """The first factor gets the second times what came to the product, added over all products it is part of."""
    _agrees_for_input(0, share, ([[0, 1]], [[0, 1], [0, 2]], [[0, 3], [2, 0]], [[0, 0]]))


@row_check("CSC561-E26", printed={"CSC561-E26": _from_one_product})
def gradient_by_the_second_factor(share: Statement = _added_over_all_products) -> None:
    """The second factor gets the first times what came to the product, added over all products it is part of."""
    _agrees_for_input(2, share, ([[1, 2]], [[1, 2], [0, 2]], [[3, 2], [2, 0]], [[2, 2]]))


@row_check("CSC561-E27", printed={"CSC561-E27": lambda change, alpha, dz: change == alpha * dz})
def subgradient(relation: Statement = lambda change, alpha, dz: change >= alpha * dz) -> None:
    """From the kink the curve rises at least as fast as a line whose slope is a subgradient; equality is one-sided."""
    for alpha in (0.0, 0.25, 0.5, 1.0):
        for dz in (*STEPS, *(-h for h in STEPS)):
            hold(relation(value(relu, dz) - value(relu, 0), alpha, dz), "the change is at least alpha times the step")
    agree([one_sided(relu, h) for h in STEPS], [(0, 1)] * 3)


@row_check("CSC561-C17")
def step_to_the_left() -> None:
    """From 0 a step to the left leaves the relu where it is, so its slope on that side is 0, the engine's choice."""
    agree([secant(relu, -h, 0) for h in STEPS], [0, 0, 0], within=0)
    agree(slope(relu, 0), 0, within=0)
    agree(slope(relu, -1e-9), 0, within=0)


@row_check("CSC561-C18")
def step_to_the_right() -> None:
    """From 0 a step to the right changes the relu by as much as the step, so its slope on that side is 1."""
    agree([secant(relu, 0, h) for h in STEPS], [1, 1, 1], within=0)
    agree(slope(relu, 1e-9), 1, within=0)


def relu_with_slope_at_zero(alpha: float) -> Map:
    """The relu with a chosen derivative at its kink."""

    def derivative(Z: Array, A: Array, /, out: Array | None = None) -> Array:
        D: Array = np.positive(np.where(Z == 0, alpha, Z > 0), out=out)
        return D

    return elementwise("relu", relu.fn, derivative)


@row_check("CSC561-C19", printed={"CSC561-C19": lambda alpha, alone: 0 <= alpha <= 1})
def slope_at_the_kink(acceptable: Statement = lambda alpha, alone: 0 <= alpha <= 1 if alone else alpha == 0.5) -> None:
    """Any slope from 0 to 1 is a subgradient of the relu by itself; within relu(z) - relu(-z) = z only 1/2 is right."""
    both_sides, subtract = affine_map(np.array([[1.0], [-1.0]])), affine_map(np.array([[1.0, -1.0]]))
    numeric = numeric_gradient(partial(value, compose(both_sides, relu, subtract)), 0.0).gradient
    for alpha in (-0.1, 0.0, 0.25, 0.5, 0.75, 1.0, 1.1):
        below = all(value(relu, z) >= alpha * z for z in (-1.0, -0.1, 0.1, 1.0))
        agree(acceptable(alpha, True), below)
        chained = slope(compose(both_sides, relu_with_slope_at_zero(alpha), subtract), 0)
        agree(chained, 2 * alpha)
        agree(acceptable(alpha, False), abs(chained - float(numeric)) < 1e-6)
    agree(slope(compose(both_sides, relu, subtract), 0), 0)


@row_check("CSC561-F14")
def rotating_tangent() -> None:
    """Lines through the kink turn from slope 0 to slope 1 as the ends of a secant move across it."""
    for alpha in (0.0, 0.1, 0.35, 0.5, 0.8, 1.0):
        for h in STEPS:
            agree(secant(relu, (alpha - 1) * h, alpha * h), alpha)


def _max_with(other: float) -> Map:
    """The larger of z and another, fixed number."""
    return compose(affine_map(np.array([[1.0], [0.0]]), np.array([0.0, other])), maximum)


@row_check("CSC561-C20")
def kinks() -> None:
    """Relu, leaky relu, randomised leaky relu and max have a kink, where the slopes of both sides differ."""
    random_slope = float(np.random.default_rng(11).uniform(1 / 8, 1 / 3))
    for f, left in (
        (relu, 0.0),
        (leaky_relu(0.01), 0.01),
        (leaky_relu(random_slope), random_slope),
        (_max_with(0), 0.0),
    ):
        for h in STEPS:
            agree(one_sided(f, h), (left, 1))
        agree(numeric_gradient(partial(value, f), 0.0).kink, True)
        agree([slope(f, -0.3), slope(f, 0.3)], [left, 1])
    ties = np.array([[1.0, 2.0, 2.0], [3.0, 1.0, 2.0]])
    agree(maximum.kink(ties), [[False, True, True], [False, False, False]])
    agree(relu.kink(np.array([[0.0, 0.1]])), [[True, False]])


def _has_a_subgradient(f: Map) -> bool:
    """Is there a slope, of many, whose line through the point at 0 stays below the curve?"""
    around = (-1.0, -0.1, 0.1, 1.0)
    return any(all(value(f, z) >= value(f, 0) + alpha * z for z in around) for alpha in np.linspace(-2, 2, 81))


@row_check("CSC561-C21", printed={"CSC561-C21": lambda convex: True})
def subgradient_or_secant(exists: Statement = lambda convex: convex) -> None:
    """A convex kink has subgradients, one that points up has none; there the engine still stays between both slopes."""
    upside_down = compose(relu, affine_map(np.array([[-1.0]])))
    for f in (relu, leaky_relu(0.125), upside_down):
        convex = value(f, 0) <= (value(f, -1) + value(f, 1)) / 2
        agree(exists(convex), _has_a_subgradient(f))
        left, right = one_sided(f, 0.25)
        hold(min(left, right) <= slope(f, 0) <= max(left, right), "the engine's slope lies between those of both sides")
        agree([secant(f, z, z + 0.25) for z in (-1, 0.5)], [slope(f, -1), slope(f, 0.5)])


@row_check("CSC561-F15")
def curves_with_kinks() -> None:
    """The curves of relu, leaky relu and the larger of two inputs are made of straight lines that meet at a kink."""
    Z = np.array([[-2.0], [-0.5], [0.0], [0.5], [2.0]])
    agree(relu(Z).ravel(), [0, 0, 0, 0.5, 2])
    agree(leaky_relu(0.1)(Z).ravel(), [-0.2, -0.05, 0, 0.5, 2])
    agree(_max_with(0.3)(Z).ravel(), [0.3, 0.3, 0.3, 0.5, 2])
    agree(maximum(np.array([[1.0, -3.0, 0.5], [-4.0, -3.0, -5.0]])), [[1], [-3]])


def _first_of_the_largest(z: Array) -> Array:
    weights: Array = np.eye(len(z))[z.argmax()]
    return weights


def _each_of_the_largest(z: Array) -> Array:
    weights: Array = (z == z.max()).astype(float)
    return weights


def _supports(weights: Array, z: Array) -> bool:
    """Does the maximum change by at least the weighted step, in every direction tried?"""
    directions = [*np.eye(len(z)), *-np.eye(len(z)), np.ones(len(z)), -np.ones(len(z))]
    return all((z + 0.1 * v).max() - z.max() >= 0.1 * weights @ v - 1e-12 for v in directions)


@row_check("CSC561-C22", printed={"CSC561-C22": _each_of_the_largest})
def gradient_of_the_maximum(weights: Statement = _first_of_the_largest) -> None:
    """The largest input of a maximum gets slope 1, the others 0; tied ones share a weight of 1 between them."""
    for largest_once in (np.array([0.3, 1.7, -0.4, 1.2]), np.array([-2.0, -0.5, -0.9, -3.0])):
        agree(weights(largest_once), numeric_gradient(np.max, largest_once).gradient)
    for tied in (np.array([0.3, 1.7, 1.7, 1.2]), np.ones(3)):
        hold(_supports(weights(tied), tied), "the weights of tied inputs are a subgradient")
        agree(weights(tied), jacobian((maximum,), tied[None])[0, 0])
        hold(_supports((tied == tied.max()) / np.sum(tied == tied.max()), tied), "equal shares are one as well")


@row_check("CSC561-F16")
def active_input() -> None:
    """Of the edges into a max unit only that from the largest input carries a change."""
    z = np.array([0.3, -0.8, 1.7, 1.2])
    returned = vjp((max_units([[0, 1, 2, 3]]),), z[None], np.array([[1.0]]))[0]
    moved = [(z + 0.1 * step).max() - z.max() for step in np.eye(4)]
    agree(0.1 * returned, moved)
    agree([np.count_nonzero(returned), returned.argmax()], [1, 2])
