"""Checks of lecture NB05, second half: the chain rule of numbers, of influence graphs and of vectors."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from coursekit.check.numeric import numeric_gradient, numeric_jacobian
from coursekit.engine import (
    MLP,
    InfluenceGraph,
    Map,
    affine_map,
    compose,
    cross_entropy_from_logits,
    forward,
    half_squared_error,
    jacobian,
    jvp,
    loss_and_gradients,
    path_derivative,
    paths,
    relu,
    sigmoid,
    softmax,
    tanh,
    total_derivative,
    total_derivatives,
    vjp,
)
from coursekit.engine.arrays import Array
from coursekit.slides.row_checks import Statement, agree, hold, row_check

# The largest |tanh''|, 4 / (3 sqrt 3).
TANH_BEND = 0.7699
# The largest |sigmoid'| and |sigmoid''|, 1/4 and 1 / (6 sqrt 3).
SIGMOID_SLOPE, SIGMOID_BEND = 0.25, 0.0963


def tanh_layer(seed: int = 1, *, D: int = 3, N: int = 4) -> tuple[Array, Array, Array]:
    """One input row and the parameters of a layer of tanh units: X (1, D), W (N, D), b (N,)."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((1, D)), rng.standard_normal((N, D)), rng.standard_normal(N)


def slope(f: Map, x: float) -> float:
    """The derivative of an elementwise map at one number, by the engine's rule."""
    return float(jacobian((f,), np.array([[x]]))[0, 0, 0])


def value(f: Map, x: float) -> float:
    """The value of a map of one number."""
    return float(f(np.array([[x]]))[0, 0])


def difference(f: Callable[[float], float], x: float) -> float:
    """The derivative of a function of one number, by differences."""
    return float(numeric_jacobian(lambda x: np.array([f(float(x[0]))]), np.array([x]))[0, 0])


def error_ratio(f: Callable[[Array], Array], x: Array, dx: Array, linear: Callable[[Array], Array]) -> float:
    """How many times smaller the error of a linear estimate of the change becomes when the step is halved."""
    whole, half = (float(np.linalg.norm(f(x + step) - f(x) - linear(step))) for step in (dx, dx / 2))
    return whole / half


@row_check("CSC561-E07")
def small_change() -> None:
    """A small change of x changes y by the derivative times as much; halving it leaves a quarter of the error."""
    dy_dx = slope(sigmoid, 0.7)
    ratio = error_ratio(lambda x: sigmoid(x[None])[0], np.array([0.7]), np.array([0.02]), lambda dx: dy_dx * dx)
    hold(3.9 < ratio < 4.1, "the error falls by 4 when the step is halved")


@row_check("CSC561-F2")
def influence() -> None:
    """An arrow from x to y is an influence in one direction, as strong as the derivative."""
    graph = InfluenceGraph([("x", "y", slope(tanh, 0.4))])
    agree(total_derivative(graph, "x", "y"), difference(math.tanh, 0.4))
    agree(total_derivative(graph, "y", "x"), 0)


@row_check("CSC561-C8")
def labelled_edge() -> None:
    """The change on a node times the label of its edge is the change at the other end, exactly for a straight line."""
    graph = InfluenceGraph([("x", "y", slope(tanh, 0.4))])
    label = graph.edges[0].derivative
    for dx in (1e-4, -2e-4):
        agree(label * dx, math.tanh(0.4 + dx) - math.tanh(0.4), within=TANH_BEND * dx**2)
        agree(label * dx, jvp((tanh,), np.array([[0.4]]), np.array([[dx]]))[0, 0], within=1e-15)
    line = affine_map(np.array([[-3.0]]), np.array([1.0]))
    agree(slope(line, 0.4) * 5.0, value(line, 5.4) - value(line, 0.4))


def _unit_of_three() -> tuple[tuple[Map, ...], Array]:
    X, W, b = tanh_layer(5, D=3, N=1)
    return (affine_map(W, b), sigmoid), X


@row_check("CSC561-E08")
def small_changes_of_several_inputs() -> None:
    """Small changes of several inputs change y by the sum of partial derivatives times changes, to first order."""
    unit, X = _unit_of_three()
    partials = jacobian(unit, X)[0, 0]

    def y(x: Array) -> Array:
        return compose(*unit)(x[None]).ravel()

    def linear(dx: Array) -> Array:
        return np.array([sum(partials[i] * dx[i] for i in range(3))])

    ratio = error_ratio(y, X[0], np.array([0.01, -0.02, 0.015]), linear)
    hold(3.8 < ratio < 4.2, "the error falls by 4 when all steps are halved")


@row_check("CSC561-F3")
def several_influences() -> None:
    """Where several inputs influence y, the labels of their arrows times their changes add up."""
    unit, X = _unit_of_three()
    labels = jacobian(unit, X)[0, 0]
    graph = InfluenceGraph([(f"x_{i}", "y", float(labels[i])) for i in range(3)])
    dx = np.array([0.3, -0.5, 0.2])
    total = sum(edge.derivative * dx[int(edge.source[-1])] for edge in graph.into("y"))
    agree(len(graph.into("y")), 3)
    agree(total, numeric_gradient(lambda t: sigmoid(unit[0](X + t * dx))[0, 0], 0.0).gradient)


@row_check("CSC561-E09")
def chain_rule() -> None:
    """The derivative of a function of a function is the product of both, the outer one taken at the inner value."""
    x = 0.6
    product = slope(sigmoid, math.tanh(x)) * slope(tanh, x)
    agree(product, difference(lambda x: 1 / (1 + math.exp(-math.tanh(x))), x), within=1e-8)
    agree(jacobian((tanh, sigmoid), np.array([[x]]))[0, 0, 0], product)


@row_check("CSC561-E10", printed={"CSC561-E10": lambda second_order: 0 * second_order})
def change_through_a_chain(remainder: Statement = lambda second_order: second_order) -> None:
    """The change at the end of a chain is the product of derivatives times the change of x, up to its square."""
    x, product = 0.6, slope(sigmoid, math.tanh(0.6)) * slope(tanh, 0.6)
    for dx in (0.1, -0.1, 0.01):
        dy = value(sigmoid, math.tanh(x + dx)) - value(sigmoid, math.tanh(x))
        bend = SIGMOID_BEND + SIGMOID_SLOPE * TANH_BEND
        hold(abs(dy - product * dx) <= remainder(bend / 2 * dx**2), "the change is linear but for the square of dx")


@row_check("CSC561-F4")
def chained_influence() -> None:
    """Along a path the labels multiply."""
    x = 0.6
    graph = InfluenceGraph([("x", "g", slope(tanh, x)), ("g", "y", slope(sigmoid, math.tanh(x)))])
    (path,) = paths(graph, "x", "y")
    agree([edge.target for edge in path] == ["g", "y"], True)
    agree(path_derivative(path), difference(lambda x: 1 / (1 + math.exp(-math.tanh(x))), x))


SPREAD, SHIFT, MIX = np.array([1.2, -0.7, 2.0]), np.array([0.1, 0.4, -0.3]), np.array([0.8, -1.5, 0.6])


def of_several(g: Array) -> float:
    """f(g_1, g_2, g_3), a sigmoid of a weighted sum."""
    return 1 / (1 + math.exp(-float(MIX @ g)))


def intermediate(x: float) -> Array:
    """The three functions of x: g_i(x) = tanh(s_i x + c_i)."""
    g: Array = np.tanh(SPREAD * x + SHIFT)
    return g


def fan_out(x: float) -> InfluenceGraph:
    """The diagram x -> g_1, g_2, g_3 -> y, its labels from the engine's rules."""
    inner = jacobian((affine_map(SPREAD[:, None], SHIFT), tanh), np.array([[x]]))[0, :, 0]
    outer = jacobian((affine_map(MIX[None]), sigmoid), intermediate(x)[None])[0, 0]
    below = [("x", f"g_{i}", float(inner[i])) for i in range(3)]
    return InfluenceGraph(below + [(f"g_{i}", "y", float(outer[i])) for i in range(3)])


@row_check("CSC561-E11")
def function_of_several_functions() -> None:
    """A function of M functions of x is a network with one input and M hidden units."""
    run = forward(np.array([[0.6]]), [SPREAD[:, None], MIX[None]], [SHIFT, np.zeros(1)], [tanh, sigmoid])
    g = [math.tanh(1.2 * 0.6 + 0.1), math.tanh(-0.7 * 0.6 + 0.4), math.tanh(2.0 * 0.6 - 0.3)]
    agree(run.A[-1][0, 0], 1 / (1 + math.exp(-(0.8 * g[0] - 1.5 * g[1] + 0.6 * g[2]))))


@row_check("CSC561-C9")
def influence_through_every_function() -> None:
    """With all other intermediate functions frozen, x acts through one of them alone; these parts make up the whole."""
    x, graph = 0.6, fan_out(0.6)

    def through(i: int, t: float) -> float:
        return of_several(np.where(np.arange(3) == i, intermediate(t), intermediate(x)))

    parts = [difference(partial(through, i), x) for i in range(3)]
    agree([path_derivative(path) for path in paths(graph, "x", "y")], parts)
    agree(sum(parts), difference(lambda x: of_several(intermediate(x)), x))


@row_check("CSC561-F5", "CSC561-F6")
def fan_out_diagram() -> None:
    """In the diagram with M functions in between there are M paths, whose products add up to the derivative."""
    graph = fan_out(-0.2)
    routes = list(paths(graph, "x", "y"))
    agree([len(routes), len(graph.edges), len(graph.nodes)], [3, 6, 5])
    agree(sum(path_derivative(route) for route in routes), difference(lambda x: of_several(intermediate(x)), -0.2))


@row_check("CSC561-E12")
def gradient_through_one_function() -> None:
    """The derivative of a loss by z is its derivative by y = f(z) times that of y by z."""
    z, target = np.array([[0.6]]), np.array([[0.2]])
    returned = vjp((sigmoid,), z, half_squared_error.gradient(sigmoid(z), target))[0, 0]
    agree(returned, difference(lambda z: (1 / (1 + math.exp(-z)) - 0.2) ** 2 / 2, 0.6), within=1e-8)


@row_check("CSC561-E13")
def gradients_accumulate() -> None:
    """The derivative of a loss by x adds up what comes back from every function of x; the last one alone is wrong."""
    graph = fan_out(0.6)
    totals = total_derivatives(graph, "y")
    numeric = difference(lambda x: of_several(intermediate(x)), 0.6)
    returned = [totals[edge.target] * edge.derivative for edge in graph.edges if edge.source == "x"]
    agree(sum(returned), numeric, within=1e-8)
    agree(totals["x"], numeric, within=1e-8)
    hold(abs(returned[-1] - numeric) > 0.01, "to overwrite in place of adding gives another number")


@row_check("CSC561-C10")
def derivative_by_one_weight() -> None:
    """For one instance, the derivative by the weight from unit i to unit j of layer k is what moving it alone shows."""
    rng = np.random.default_rng(6)
    net = MLP([3, 5, 4, 2], activation=sigmoid, loss=cross_entropy_from_logits).initialize(rng)
    X, d = rng.standard_normal((1, 3)), np.array([[0.0, 1.0]])
    gradients = loss_and_gradients(X, d, net.Ws, net.bs, net.activations, net.loss)[1]
    for k, i, j in ((1, 2, 5), (2, 5, 1), (3, 4, 2)):

        def divergence(w: float, k: int = k, i: int = i, j: int = j) -> float:
            Ws = [W.copy() for W in net.Ws]
            Ws[k - 1][j - 1, i - 1] = w
            return net.loss(forward(X, Ws, net.bs, net.activations).A[-1], d)

        agree(gradients.dWs[k - 1][j - 1, i - 1], difference(divergence, float(net.Ws[k - 1][j - 1, i - 1])))


@row_check("CSC561-E37")
def vector_function() -> None:
    """A function of D numbers with M values takes a vector of D entries to one of M."""
    X, W, b = tanh_layer(7, D=3, N=5)
    by_hand = [math.tanh(b[m] + sum(W[m, j] * X[0, j] for j in range(3))) for m in range(5)]
    agree(forward(X, [W], [b], [tanh]).A[-1][0], by_hand)


@row_check("CSC561-E38", "CSC561-C26")
def jacobian_of_a_vector_function() -> None:
    """The derivative of a vector by a vector is the matrix whose entry i, j is dy_i / dz_j, outputs by inputs."""
    X, W, b = tanh_layer(7, D=3, N=5)
    agree(jacobian((affine_map(W, b), tanh), X)[0], numeric_jacobian(lambda z: np.tanh(W @ z + b), X[0]))
    agree(jacobian((softmax,), X)[0], numeric_jacobian(lambda z: np.exp(z) / np.exp(z).sum(), X[0]))


@row_check("CSC561-E39", printed={"CSC561-E39": lambda second_order: 0 * second_order})
def change_of_a_vector(remainder: Statement = lambda second_order: second_order) -> None:
    """A small change of a vector changes its function by the Jacobian times it, up to its square."""
    X, W, b = tanh_layer(8)
    J = jacobian((affine_map(W, b), tanh), X)[0]
    for size in (0.1, 0.01):
        dz = size * np.array([1.0, -0.5, 0.8])
        dy = np.tanh(W @ (X[0] + dz) + b) - np.tanh(W @ X[0] + b)
        second_order = TANH_BEND / 2 * (W @ dz) ** 2
        within = np.abs(dy - J @ dz) <= remainder(second_order)
        hold(bool(within.all()), "the change is linear but for the square of dz")


def _two_layers(D: int, H: int, M: int) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(9)
    return rng.standard_normal((1, D)), rng.standard_normal((H, D)), rng.standard_normal((M, H))


def _both_layers(W_1: Array, W_2: Array, x: Array) -> Array:
    y: Array = np.tanh(W_2 @ np.tanh(W_1 @ x))
    return y


@row_check("CSC561-C29")
def order_of_jacobians() -> None:
    """The outer Jacobian stands on the left; the other order has no meaning or, for square ones, another value."""
    for M, fits in ((2, False), (3, True)):
        X, W_1, W_2 = _two_layers(3, 3 if fits else 4, M)
        inner = jacobian((affine_map(W_1), tanh), X)[0]
        outer = jacobian((affine_map(W_2), tanh), np.tanh(X @ W_1.T))[0]
        numeric = numeric_jacobian(partial(_both_layers, W_1, W_2), X[0])
        agree(outer @ inner, numeric)
        agree(inner.shape[1] == outer.shape[0], fits)
        if fits:
            hold(np.abs(inner @ outer - numeric).max() > 0.1, "the swapped product is another matrix")


@row_check("CSC561-E44")
def chain_rule_of_jacobians() -> None:
    """The Jacobian of a composition is the product of those of its parts, each taken where its part acts."""
    X, W_1, W_2 = _two_layers(3, 4, 2)
    chain = (affine_map(W_1), tanh, affine_map(W_2), relu)
    z = np.tanh(W_1 @ X[0])
    product = np.diag(W_2 @ z > 0) @ W_2 @ np.diag(1 - z**2) @ W_1
    agree(jacobian(chain, X)[0], product)
    agree(product, numeric_jacobian(lambda x: np.maximum(W_2 @ np.tanh(W_1 @ x), 0), X[0]))


@row_check("CSC561-E45", printed={"CSC561-E45": lambda second_order: 0 * second_order})
def change_through_a_chain_of_vectors(remainder: Statement = lambda second_order: second_order) -> None:
    """A small change goes through a chain of vectors by one Jacobian after the other, up to its square."""
    X, W_1, W_2 = _two_layers(3, 4, 2)
    chain = (affine_map(W_1), tanh, affine_map(W_2), tanh)
    for size in (0.1, 0.01):
        dx = size * np.array([1.0, -0.5, 0.8])
        dz = np.tanh(W_1 @ (X[0] + dx)) - np.tanh(W_1 @ X[0])
        dy = np.tanh(W_2 @ np.tanh(W_1 @ (X[0] + dx))) - np.tanh(W_2 @ np.tanh(W_1 @ X[0]))
        of_z = TANH_BEND / 2 * (W_1 @ dx) ** 2
        of_y = TANH_BEND / 2 * (W_2 @ dz) ** 2 + np.abs(W_2) @ of_z
        for parts, change, second_order in ((2, dz, of_z), (4, dy, of_y)):
            linear = jvp(chain[:parts], X, dx[None])[0]
            within = np.abs(change - linear) <= remainder(second_order)
            hold(bool(within.all()), "each change is linear but for the square of dx")
