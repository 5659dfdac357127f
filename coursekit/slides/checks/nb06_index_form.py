"""Checks of lecture NB06, second half: one and two hidden layers and the steps of the sweep, written with indices."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from coursekit.check.numeric import numeric_gradient
from coursekit.engine import (
    Gradients,
    InfluenceGraph,
    Loss,
    Map,
    Pass,
    affine_augmented,
    affine_vjp,
    augment,
    backward,
    forward,
    half_squared_error,
    identity,
    loss_factor,
    sigmoid,
    squared_error,
    total_derivatives,
)
from coursekit.engine.arrays import Array
from coursekit.slides.row_checks import Statement, agree, hold, row_check


class Example(NamedTuple):
    """A network, one input x (D,) and its target y (K,); layer l = 1..L has the entry l - 1."""

    x: Array
    y: Array
    Ws: list[Array]
    bs: list[Array]
    maps: list[Map]


def example(*sizes: int, output: Map = identity) -> Example:
    """A network of logistic units with the given widths, its last layer with ``output``, and one observation."""
    rng = np.random.default_rng(sum(sizes))
    Ws: list[Array] = [2 * rng.standard_normal((M, D)) for D, M in pairwise(sizes)]
    bs: list[Array] = [rng.standard_normal(M) for M in sizes[1:]]
    maps = [sigmoid] * (len(Ws) - 1) + [output]
    return Example(rng.standard_normal(sizes[0]), np.arange(2.0, 2.0 + sizes[-1]), Ws, bs, maps)


# Two inputs, hidden layers of three and four units, and one output.
ONE_HIDDEN, TWO_HIDDEN = example(2, 3, 1), example(2, 3, 4, 1)
# N = 3 layers of four, three and two units, logistic ones to the end.
CLASSIFIER = example(2, 4, 3, 2, output=sigmoid)


def logistic(z: Array) -> Array:
    """1 / (1 + e^-z)."""
    h: Array = 1 / (1 + np.exp(-z))
    return h


def logistic_slope(z: Array) -> Array:
    """The derivative of the logistic function."""
    slope: Array = logistic(z) * logistic(-z)
    return slope


def loss_above(h: Array, layer: int, net: Example) -> float:
    """The squared error of what the layers above make of h = h^(l), without the engine; l = 0 starts from x."""
    for W, b, f in zip(net.Ws[layer:], net.bs[layer:], net.maps[layer:], strict=True):
        z = W @ h + b
        h = logistic(z) if f is sigmoid else z
    return float(((h - net.y) ** 2).sum())


def _loss_of_weight(W: Array, layer: int, net: Example) -> float:
    return loss_above(net.x, 0, net._replace(Ws=[*net.Ws[: layer - 1], W, *net.Ws[layer:]]))


def _loss_of_bias(b: Array, layer: int, net: Example) -> float:
    return loss_above(net.x, 0, net._replace(bs=[*net.bs[: layer - 1], b, *net.bs[layer:]]))


def _loss_of_sum(z: Array, layer: int, net: Example) -> float:
    return loss_above(logistic(z) if net.maps[layer - 1] is sigmoid else z, layer, net)


def by(of: Callable[..., float], at: Array, layer: int, net: Example) -> Array:
    """The derivatives of the loss by one variable of a layer, by differences."""
    return numeric_gradient(partial(of, layer=layer, net=net), at).gradient


def by_weight(net: Example, layer: int) -> Array:
    """The derivatives of the loss by the weights of layer l = 1..L, by differences."""
    return by(_loss_of_weight, net.Ws[layer - 1], layer, net)


def by_bias(net: Example, layer: int) -> Array:
    """The derivatives of the loss by the biases of layer l = 1..L, by differences."""
    return by(_loss_of_bias, net.bs[layer - 1], layer, net)


def swept(net: Example) -> tuple[Pass, Gradients]:
    """The engine's forward and backward sweep."""
    run = forward(net.x[None], net.Ws, net.bs, net.maps)
    return run, backward(squared_error.gradient(run.A[-1], net.y[None]), run, net.Ws, net.maps)


@row_check("EECS545-E16", "EECS545-E24")
def first_hidden_layer() -> None:
    """Each unit of the first hidden layer takes the activation of its weighted sum of the inputs and its bias."""
    for net in (ONE_HIDDEN, TWO_HIDDEN):
        z = [sum(net.Ws[0][j, i] * net.x[i] for i in range(2)) + net.bs[0][j] for j in range(3)]
        agree(swept(net)[0].A[1][0], logistic(np.array(z)), within=1e-14)


def _sum_over_hidden_units(theta: Array, h: Array, c: float, D: int) -> float:
    return float(sum(theta[j] * h[j] for j in range(len(h))) + c)


def _sum_over_inputs(theta: Array, h: Array, c: float, D: int) -> Array:
    """The sum as printed, over the wrong index: j is left free."""
    terms: Array = np.sum([theta * h for i in range(D)], axis=0) + c
    return terms


@row_check("EECS545-E17", "EECS545-E26", printed={"EECS545-E17": _sum_over_inputs, "EECS545-E26": _sum_over_inputs})
def linear_output(output: Statement = _sum_over_hidden_units) -> None:
    """The prediction is one number, the weighted sum of the last hidden layer's outputs plus a constant."""
    for net in (ONE_HIDDEN, TWO_HIDDEN):
        run, _ = swept(net)
        agree(output(net.Ws[-1][0], run.A[-2][0], float(net.bs[-1][0]), len(net.x)), run.A[-1][0, 0])


LOSSES: dict[Literal["se", "half_se"], Loss] = {"se": squared_error, "half_se": half_squared_error}


@row_check("EECS545-E18", printed={"EECS545-E18": lambda kind: 2})
def squared_error_without_a_half(factor: Statement = lambda kind: {"se": 2, "half_se": 1}[kind]) -> None:
    """The loss is the squared residual; its slope is twice the residual, and once where a deck has the factor 1/2."""
    prediction, target = np.array([[0.5]]), np.array([[3.0]])
    agree([squared_error(prediction, target), half_squared_error(prediction, target)], [6.25, 3.125])
    for kind, loss in LOSSES.items():
        slope = numeric_gradient(partial(loss.fn, target=target), prediction).gradient
        agree(factor(kind) * (prediction - target), slope)
        agree(loss_factor(kind, N=1, K=1), slope[0, 0] / -2.5)


def check_diagram(net: Example) -> InfluenceGraph:
    """The network as a diagram whose labels are partial derivatives: sweeping it gives every gradient of the engine."""
    run, gradients = swept(net)
    edges = [(f"h{len(net.Ws)}_0", "loss", 2 * float(run.A[-1][0, 0] - net.y[0]))]
    for layer, W in enumerate(net.Ws, start=1):
        slope = logistic_slope(run.Z[layer - 1][0]) if net.maps[layer - 1] is sigmoid else np.ones(len(W))
        for j, i in np.ndindex(W.shape):
            edges.append((f"h{layer - 1}_{i}", f"h{layer}_{j}", float(slope[j] * W[j, i])))
    graph = InfluenceGraph(edges)
    totals = total_derivatives(graph, "loss")
    for layer in range(1, len(net.Ws) + 1):
        agree([totals[f"h{layer}_{j}"] for j in range(len(net.bs[layer - 1]))], gradients.dAs[layer - 1][0])
    agree([totals["h0_0"], totals["h0_1"]], by(loss_above, net.x, 0, net))
    return graph


@row_check("EECS545-F14")
def diagram_of_one_hidden_layer() -> None:
    """Two inputs, three hidden units and an output: every input acts through every hidden unit."""
    graph = check_diagram(ONE_HIDDEN)
    agree([len(graph.nodes), len(graph.edges)], [2 + 3 + 1 + 1, 2 * 3 + 3 + 1])


@row_check("EECS545-F15")
def diagram_of_two_hidden_layers() -> None:
    """With a second hidden layer of four units each unit of the first acts through all four."""
    graph = check_diagram(TWO_HIDDEN)
    agree([len(graph.nodes), len(graph.edges)], [2 + 3 + 4 + 1 + 1, 2 * 3 + 3 * 4 + 4 + 1])
    hold(graph.into("h2_3")[2].source == "h1_2", "the last unit of one layer is joined to the last of the other")


@row_check("EECS545-E19", "EECS545-E27")
def gradient_by_the_prediction() -> None:
    """The loss's derivative by the prediction is twice the residual."""
    for net in (ONE_HIDDEN, TWO_HIDDEN):
        run, gradients = swept(net)
        prediction = run.A[-1][0]
        numeric = by(loss_above, prediction, len(net.Ws), net)
        agree(2 * (prediction - net.y), numeric)
        agree(gradients.dAs[-1][0], numeric)


@row_check("EECS545-E20", "EECS545-E28")
def gradient_by_the_output_weights() -> None:
    """By each output weight: the output of its hidden unit times the derivative by the prediction."""
    for net in (ONE_HIDDEN, TWO_HIDDEN):
        run, gradients = swept(net)
        numeric = by_weight(net, len(net.Ws))[0]
        agree([h * 2 * (run.A[-1][0, 0] - net.y[0]) for h in run.A[-2][0]], numeric)
        agree(gradients.dWs[-1][0], numeric)


@row_check("EECS545-E21", "EECS545-E29")
def gradient_by_the_last_hidden_units() -> None:
    """By each unit of the last hidden layer: its output weight times the derivative by the prediction."""
    for net in (ONE_HIDDEN, TWO_HIDDEN):
        run, gradients = swept(net)
        numeric = by(loss_above, run.A[-2][0], len(net.Ws) - 1, net)
        agree([theta * 2 * (run.A[-1][0, 0] - net.y[0]) for theta in net.Ws[-1][0]], numeric)
        agree(gradients.dAs[-2][0], numeric)


@row_check("EECS545-E22", "EECS545-E32")
def gradient_by_the_first_weights() -> None:
    """By the weight from input i to unit j: the slope of unit j, times input i, times the derivative by unit j."""
    for net in (ONE_HIDDEN, TWO_HIDDEN):
        run, gradients = swept(net)
        slope, dh = logistic_slope(run.Z[0][0]), by(loss_above, run.A[1][0], 1, net)
        numeric = by_weight(net, 1)
        agree([[slope[j] * net.x[i] * dh[j] for i in range(2)] for j in range(3)], numeric)
        agree(gradients.dWs[0], numeric)


@row_check("EECS545-E23", printed={"EECS545-E23": lambda z: np.full_like(z, logistic_slope(z)[0])})
def slope_of_each_unit(slope: Statement = logistic_slope) -> None:
    """Each unit has a slope of its own, taken at its own weighted sum."""
    run, _ = swept(ONE_HIDDEN)
    numeric = [numeric_gradient(lambda z: float(logistic(z)), z).gradient for z in run.Z[0][0]]
    agree(slope(run.Z[0][0]), numeric)
    agree(np.diagonal(sigmoid.jacobian(run.Z[0], run.A[1])[0]), numeric)


def by_weights_and_biases(weights: list[Array], biases: list[Array]) -> Array:
    """The gradients of all parameters in one vector."""
    return np.concatenate([gradient.ravel() for gradient in weights + biases])


def _by_weights_alone(weights: list[Array], biases: list[Array]) -> Array:
    """The gradients for which the slides have a formula."""
    return np.concatenate([gradient.ravel() for gradient in weights])


def check_all_gradients(net: Example, listed: Statement) -> None:
    """The list of gradients, with dL/db = f' dL/dh in each layer, is complete and agrees with differences."""
    run, gradients = swept(net)
    slopes = [logistic_slope(Z[0]) for Z in run.Z[:-1]] + [np.ones(1)]
    biases = [slope * dh[0] for slope, dh in zip(slopes, gradients.dAs, strict=True)]
    layers = range(1, len(net.Ws) + 1)
    numeric = [by_weight(net, layer) for layer in layers] + [by_bias(net, layer) for layer in layers]
    everything = np.concatenate([gradient.ravel() for gradient in numeric])
    agree(listed(gradients.dWs, biases), everything)
    agree(by_weights_and_biases(gradients.dWs, gradients.dbs), everything)


@row_check("EECS545-C23", printed={"EECS545-C23": _by_weights_alone})
def gradients_of_all_parameters(listed: Statement = by_weights_and_biases) -> None:
    """The chain rule gives a gradient for every parameter, also for the biases of hidden layer and output."""
    check_all_gradients(ONE_HIDDEN, listed)


@row_check("EECS545-E25", "EECS545-E33")
def second_hidden_layer() -> None:
    """Each unit of the second hidden layer sums the outputs of the first by its weights, and its bias."""
    net = TWO_HIDDEN
    run, _ = swept(net)
    h = logistic(net.Ws[0] @ net.x + net.bs[0])
    z = [sum(h[i] * net.Ws[1][j, i] for i in range(3)) + net.bs[1][j] for j in range(4)]
    agree(run.Z[1][0], z, within=1e-14)
    agree(run.A[2][0], logistic(np.array(z)), within=1e-14)


@row_check(
    "EECS545-E30",
    printed={"EECS545-E30": lambda slope, h, dh: [[slope[j] * h[i] * dh[i] for i in (0, 1, 2)] for j in range(4)]},
)
def gradient_by_the_second_weights(
    by_weights: Statement = lambda slope, h, dh: [[slope[j] * h[i] * dh[j] for i in (0, 1, 2)] for j in range(4)],
) -> None:
    """By the weight from unit i to unit j of layer 2: slope of j, times output of i, times the derivative by j."""
    net = TWO_HIDDEN
    run, gradients = swept(net)
    slope, dh = logistic_slope(run.Z[1][0]), by(loss_above, run.A[2][0], 2, net)
    agree(by_weights(slope, run.A[1][0], dh), by_weight(net, 2))
    agree(gradients.dWs[1], by_weight(net, 2))


def sum_over_the_units_above(slope: Array, W: Array, dh: Array) -> Array:
    """For each unit i the sum over j of f'(z_j) w_ji dL/dh_j."""
    return np.array([sum(slope[j] * W[j, i] * dh[j] for j in range(len(W))) for i in range(W.shape[1])])


def _sum_over_the_free_index(slope: Array, W: Array, dh: Array) -> Array:
    """The sum as printed, over i with dL/dh_i: j is left free."""
    return np.array([sum(slope[j] * W[j, i] * dh[i] for i in range(W.shape[1])) for j in range(len(W))])


@row_check("EECS545-E31", printed={"EECS545-E31": _sum_over_the_free_index})
def gradient_by_the_first_hidden_units(by_units: Statement = sum_over_the_units_above) -> None:
    """By unit i of the first hidden layer: a sum over all units j of the second, through which it acts."""
    for net in (example(2, 3, 3, 1), TWO_HIDDEN):
        run, gradients = swept(net)
        slope, dh = logistic_slope(run.Z[1][0]), by(loss_above, run.A[2][0], 2, net)
        numeric = by(loss_above, run.A[1][0], 1, net)
        agree(by_units(slope, net.Ws[1], dh), numeric)
        agree(gradients.dAs[0][0], numeric)


@row_check("EECS545-E34", printed={"EECS545-E34": _by_weights_alone})
def first_sums_and_all_gradients(listed: Statement = by_weights_and_biases) -> None:
    """With the sums of the first hidden layer everything is there for all gradients, those of the biases too."""
    net = TWO_HIDDEN
    z = [sum(net.x[k] * net.Ws[0][i, k] for k in range(2)) + net.bs[0][i] for i in range(3)]
    agree(swept(net)[0].Z[0][0], z, within=1e-14)
    check_all_gradients(net, listed)


def check_sum_gradient(k: int) -> None:
    """By the sum of each unit of layer k: the slope of the unit times the derivative by its output."""
    net = CLASSIFIER
    run, gradients = swept(net)
    numeric = by(_loss_of_sum, run.Z[k - 1][0], k, net)
    slope, by_y = logistic_slope(run.Z[k - 1][0]), by(loss_above, run.A[k][0], k, net)
    agree([slope[i] * by_y[i] for i in range(len(by_y))], numeric)
    agree(gradients.dZs[k - 1][0], numeric)


def check_weight_gradient(k: int) -> None:
    """By the weight from unit i to unit j of layer k: the output of i times the derivative by the sum of j."""
    net = CLASSIFIER
    run, gradients = swept(net)
    y, by_z, numeric = run.A[k - 1][0], by(_loss_of_sum, run.Z[k - 1][0], k, net), by_weight(net, k)
    for i, j in np.ndindex(len(y), len(by_z)):
        agree(y[i] * by_z[j], numeric[j, i])
    agree(gradients.dWs[k - 1], numeric)


def check_bias_gradient(k: int) -> None:
    """The bias is the weight of a unit with the constant output 1: column 0 of the augmented weight's gradient."""
    net = CLASSIFIER
    run, gradients = swept(net)
    Wb, y = np.hstack([net.bs[k - 1][:, None], net.Ws[k - 1]]), run.A[k - 1]
    agree(affine_augmented(y, Wb), run.Z[k - 1])
    extended = affine_vjp(gradients.dZs[k - 1], augment(y), Wb).dW
    agree(extended[:, 0], by_bias(net, k))
    agree(extended[:, 1:], by_weight(net, k))


def check_output_gradient(k: int) -> None:
    """By the output of a unit of layer k: over all units of layer k + 1, weights times derivatives by sums add up."""
    net = CLASSIFIER
    run, gradients = swept(net)
    by_z, numeric = by(_loss_of_sum, run.Z[k][0], k + 1, net), by(loss_above, run.A[k][0], k, net)
    agree([sum(net.Ws[k][j, i] * by_z[j] for j in range(len(by_z))) for i in range(len(numeric))], numeric)
    agree(gradients.dAs[k - 1][0], numeric)
    Wb = np.hstack([net.bs[k][:, None], net.Ws[k]])
    agree(affine_vjp(gradients.dZs[k], augment(run.A[k]), Wb).dX[0, 1:], numeric)


@row_check("CSC561-F11")
def gradient_by_the_output_sums() -> None:
    """At the output layer N the derivative by a sum is the unit's slope times the derivative by its output."""
    check_sum_gradient(3)


@row_check("CSC561-E14")
def gradient_by_weights_into_the_output() -> None:
    """By a weight into layer N: the output below it times the derivative by the sum above it."""
    check_weight_gradient(3)


@row_check("CSC561-C13")
def bias_as_a_weight() -> None:
    """By a bias of layer N: the same product with the constant 1 as the output below."""
    check_bias_gradient(3)


@row_check("CSC561-E15")
def gradient_by_outputs_of_layer_below() -> None:
    """By an output of layer N - 1: weights times derivatives, over all units of layer N; the bias unit 0 has none."""
    check_output_gradient(2)


@row_check("CSC561-E16", "CSC561-E19")
def gradient_by_sums_of_hidden_layers() -> None:
    """The rule for the sums again, at the layers N - 1 and N - 2."""
    check_sum_gradient(2)
    check_sum_gradient(1)


@row_check("CSC561-E17")
def gradient_by_weights_of_layer_below() -> None:
    """The rule for the weights again, at layer N - 1, with the constant 1 for the biases."""
    check_weight_gradient(2)
    check_bias_gradient(2)


@row_check("CSC561-E18")
def gradient_by_outputs_two_layers_below() -> None:
    """The rule for the outputs again, at layer N - 2."""
    check_output_gradient(1)
