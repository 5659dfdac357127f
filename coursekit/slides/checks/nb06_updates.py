"""Checks of lecture NB06: what the two sweeps need of each other, in which order they run, and when weights change."""

from functools import partial
from itertools import pairwise

import numpy as np

from coursekit.check.numeric import numeric_gradient
from coursekit.engine import (
    MLP,
    Gradients,
    InfluenceGraph,
    Parameters,
    Pass,
    ShapeError,
    affine_vjp_parameters,
    backward,
    forward,
    identity,
    mlp_shapes,
    sigmoid,
    squared_error,
    tanh,
    total_derivatives,
)
from coursekit.engine.arrays import Array
from coursekit.slides.row_checks import Statement, agree, hold, row_check

ETA = 0.05


def logistic(z: Array) -> Array:
    """1 / (1 + e^-z)."""
    a: Array = 1 / (1 + np.exp(-z))
    return a


def regression(*sizes: int) -> tuple[MLP, Array, Array]:
    """A network of logistic units with an identity output, one observation, and a target no logistic unit reaches."""
    rng = np.random.default_rng(len(sizes))
    net = MLP(sizes, activation=sigmoid, loss=squared_error)
    net.parameters.flat[...] = 2 * rng.standard_normal(len(net.parameters))
    return net, rng.standard_normal((1, sizes[0])), np.full((1, sizes[-1]), 3.0)


def cost(theta: Array, sizes: list[int], x: Array, y: Array) -> float:
    """The squared error as a function of all parameters in one vector, without the engine."""
    a, start = x, 0
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
        W = theta[start : start + fan_in * fan_out].reshape(fan_out, fan_in)
        start += fan_in * fan_out + fan_out
        z = W @ a + theta[start - fan_out : start]
        a = logistic(z) if layer < len(sizes) - 1 else z
    return float(((a - y) ** 2).sum())


def numeric_gradients(net: MLP, X: Array, Y: Array) -> Parameters:
    """The cost's derivatives by all parameters of one observation, by differences."""
    gradient = numeric_gradient(partial(cost, sizes=net.sizes, x=X[0], y=Y[0]), net.parameters.flat).gradient
    return Parameters(mlp_shapes(net.sizes), gradient)


def swept(net: MLP, X: Array, Y: Array) -> tuple[Pass, Array, Gradients]:
    """The engine's forward sweep, the gradient by the output, and the backward sweep."""
    run = net.forward(X)
    dY = squared_error.gradient(run.A[-1], Y)
    return run, dY, backward(dY, run, net.Ws, net.activations)


@row_check("CEE697M-A1", printed={"CEE697M-A1": lambda iteration: True})
def training_loop(initialised_at: Statement = lambda iteration: iteration == 0) -> None:
    """Weights are set once; then forward, cost, backward and update repeat until the cost is small."""
    X = np.linspace(-1, 1, 8)[:, None]
    Y, net = np.tanh(2 * X), MLP([1, 4, 1], activation=tanh)
    costs = []
    for iteration in range(300):
        if initialised_at(iteration):
            net.initialize(np.random.default_rng(3))
        before = net.parameters.flat.copy()
        value, gradient = net.loss_and_gradient(X, Y)
        agree(net.parameters.flat, before, within=0)
        net.parameters.flat[...] -= 0.3 * gradient
        costs.append(value)
    hold(costs[0] > 0.05 and costs[-1] < 0.005, "the cost becomes small")


@row_check(
    "CEE697M-E18",
    "CEE697M-E61",
    printed={"CEE697M-E18": lambda L: [sigmoid] * L, "CEE697M-E61": lambda L: [sigmoid] * L},
)
def layer_by_layer(activations: Statement = lambda L: [sigmoid] * (L - 1) + [identity]) -> None:
    """Each layer is the activation of its affine map; for regression the last one has none."""
    net, X, _ = regression(3, 4, 2, 2)
    run = forward(X, net.Ws, net.bs, activations(net.L))
    a = X[0]
    for layer, (W, b) in enumerate(zip(net.Ws, net.bs, strict=True), start=1):
        z = np.array([sum(W[j, i] * a[i] for i in range(len(a))) + b[j] for j in range(len(b))])
        a = z if layer == net.L else logistic(z)
        agree(run.A[layer][0], a, within=1e-14)


def all_gradients_first(net: MLP, X: Array, Y: Array) -> Array:
    """The parameters after one iteration: every gradient at the old weights, then every update."""
    new: Array = net.parameters.flat - ETA * net.loss_and_gradient(X, Y)[1]
    return new


def _updated_on_the_way(net: MLP, X: Array, Y: Array) -> Array:
    """The same for the list as printed: a layer is updated before the gradients below it are computed."""
    run, dA, _ = swept(net, X, Y)
    new = Parameters(net.parameters.shapes, net.parameters.flat.copy())
    for layer in range(net.L, 0, -1):
        dZ = dA * (1 if layer == net.L else run.A[layer] * (1 - run.A[layer]))
        new[f"W{layer}"] -= ETA * dZ.T @ run.A[layer - 1]
        new[f"b{layer}"] -= ETA * dZ[0]
        dA = dZ @ new[f"W{layer}"]
    return new.flat


@row_check("CEE697M-A2", printed={"CEE697M-A2": _updated_on_the_way})
def update_after_the_backward_sweep(iterate: Statement = all_gradients_first) -> None:
    """One iteration moves each parameter against its gradient at the old weights, those of the layers above too."""
    for sizes in ((1, 1, 1, 1), (2, 3, 3, 1)):
        net, X, Y = regression(*sizes)
        agree(iterate(net, X, Y), net.parameters.flat - ETA * numeric_gradients(net, X, Y).flat)


def weight_of_the_forward_pass(old: float, new: float) -> float:
    """Of the two weights of the output layer, the one with which the activations were computed."""
    return old


def _weight_after_the_update(old: float, new: float) -> float:
    return new


def chain_to_the_second_layer(weight: Statement) -> tuple[float, float]:
    """The products down to weight and bias of layer 2 of 3, one neuron each, after layer 3 has been updated."""
    net, X, Y = regression(1, 1, 1, 1)
    run, dY, gradients = swept(net, X, Y)
    old = float(net.Ws[2][0, 0])
    new = old - ETA * float(gradients.dWs[2][0, 0])
    slope = float(run.A[2][0, 0] * (1 - run.A[2][0, 0]))
    by_bias = float(dY[0, 0]) * 1 * weight(old, new) * slope
    return by_bias * float(run.A[1][0, 0]), by_bias


@row_check("CEE697M-E48", printed={"CEE697M-E48": _weight_after_the_update})
def hidden_weight_gradient_after_an_update(weight: Statement = weight_of_the_forward_pass) -> None:
    """The product for a hidden weight holds the old weight of the layer above, though that is updated already."""
    numeric = numeric_gradients(*regression(1, 1, 1, 1))
    agree(chain_to_the_second_layer(weight)[0], numeric["W2"][0, 0])


@row_check("CEE697M-E49", printed={"CEE697M-E49": _weight_after_the_update})
def hidden_bias_gradient_after_an_update(weight: Statement = weight_of_the_forward_pass) -> None:
    """The product for a hidden bias holds the old weight of the layer above as well."""
    numeric = numeric_gradients(*regression(1, 1, 1, 1))
    agree(chain_to_the_second_layer(weight)[1], numeric["b2"][0])


@row_check("CEE697M-A3")
def cost_falls_at_every_iteration() -> None:
    """Forward, cost, backward and update, repeated with short steps, lower the cost each time, until it is small."""
    net, X, Y = regression(1, 1, 1, 1)
    slope = float((numeric_gradients(net, X, Y).flat ** 2).sum())
    costs = []
    for _ in range(80):
        costs.append(cost(net.parameters.flat, net.sizes, X[0], Y[0]))
        net.parameters.flat[...] = all_gradients_first(net, X, Y)
    hold(0.5 < (costs[0] - costs[1]) / (ETA * slope) < 1.5, "the first step gains eta times the squared slope")
    hold(all(later < earlier for earlier, later in pairwise(costs)), "the cost falls")
    hold(costs[-1] < 1e-3 * costs[0], "the cost becomes small")


@row_check("CSC561-F10")
def network_with_its_divergence() -> None:
    """The diagram of a network for one input ends in one node, the divergence, which every parameter reaches."""
    net, X, Y = regression(2, 3, 2)
    run, dY, _ = swept(net, X, Y)
    edges = [(f"y2_{j}", "Div", float(dY[0, j])) for j in range(2)]
    for k, W in enumerate(net.Ws, start=1):
        y, slopes = run.A[k - 1][0], net.activations[k - 1].jacobian(run.Z[k - 1], run.A[k])[0]
        for j, i in np.ndindex(W.shape):
            edges += [(f"y{k - 1}_{i}", f"z{k}_{j}", float(W[j, i])), (f"W{k}_{j}{i}", f"z{k}_{j}", float(y[i]))]
        for j in range(len(W)):
            edges += [(f"b{k}_{j}", f"z{k}_{j}", 1.0), (f"z{k}_{j}", f"y{k}_{j}", float(slopes[j, j]))]
    graph = InfluenceGraph(edges)
    agree(set(graph.nodes) - {edge.source for edge in graph.edges} == {"Div"}, True)
    totals, numeric = total_derivatives(graph, "Div"), numeric_gradients(net, X, Y)
    for k in (1, 2):
        W, b = numeric[f"W{k}"], numeric[f"b{k}"]
        agree([totals[f"W{k}_{j}{i}"] for j, i in np.ndindex(W.shape)], W.ravel())
        agree([totals[f"b{k}_{j}"] for j in range(len(b))], b)


def _refused(net: MLP, dY: Array, run: Pass) -> bool:
    try:
        backward(dY, run, net.Ws, net.activations)
    except ShapeError:
        return True
    return False


@row_check("CSC561-C11")
def forward_sweep_first() -> None:
    """The backward sweep reads the outputs of the forward one: none without it, other gradients from other outputs."""
    net, X, Y = regression(2, 3, 2)
    run, dY, gradients = swept(net, X, Y)
    agree([_refused(net, dY, Pass([], [])), _refused(net, dY, run)], [True, False])
    other = Pass(run.Z, [run.A[0], 2 * run.A[1], run.A[2]])
    changed = backward(dY, other, net.Ws, net.activations)
    agree(changed.dWs[1], 2 * numeric_gradients(net, X, Y)["W2"])
    hold(np.abs(changed.dWs[0] - gradients.dWs[0]).max() > 0.01, "the layer below has another slope")


def _cost_with(value: Array, kind: str, k: int, *, net: MLP, x: Array, y: Array) -> float:
    """The cost where the output Y, the sum Z or the weight W of layer k is ``value``, without the engine."""
    a: Array = x
    for layer, (W, b) in enumerate(zip(net.Ws, net.bs, strict=True), start=1):
        z: Array = (value if (kind, k) == ("W", layer) else W) @ a + b
        z = value if (kind, k) == ("Z", layer) else z
        a = z if layer == net.L else logistic(z)
        a = value if (kind, k) == ("Y", layer) else a
    return float(((a - y) ** 2).sum())


def gradients_one_by_one(order: list[str], net: MLP, run: Pass, dY: Array) -> dict[str, Array]:
    """The gradients in the given order, each by one rule of the engine from those that are there already."""
    found: dict[str, Array] = {}
    for kind, k in ((event[0], int(event[1])) for event in order):
        if kind == "Y":
            found[f"Y{k}"] = dY if k == net.L else found[f"Z{k + 1}"] @ net.Ws[k]
        elif kind == "Z":
            found[f"Z{k}"] = net.activations[k - 1].vjp(found[f"Y{k}"], run.Z[k - 1], run.A[k])
        else:
            found[f"W{k}"] = affine_vjp_parameters(found[f"Z{k}"], run.A[k - 1])[0]
    return found


@row_check("CSC561-A2")
def order_of_the_backward_sweep() -> None:
    """From the output down each layer gives the gradients by its output, its sums and its weights, in this order."""
    net, X, Y = regression(2, 4, 3, 2)
    run, dY, swept_down = swept(net, X, Y)
    order = ["Y3", "Z3", "W3", "Y2", "Z2", "W2", "Y1", "Z1", "W1"]
    found = gradients_one_by_one(order, net, run, dY)
    for kind, values, all_at_once in (
        ("Y", [A[0] for A in run.A[1:]], swept_down.dAs),
        ("Z", [Z[0] for Z in run.Z], swept_down.dZs),
        ("W", net.Ws, swept_down.dWs),
    ):
        for k, value in enumerate(values, start=1):
            numeric = numeric_gradient(partial(_cost_with, kind=kind, k=k, net=net, x=X[0], y=Y[0]), value).gradient
            agree(found[f"{kind}{k}"].reshape(value.shape), numeric)
            agree(all_at_once[k - 1].reshape(value.shape), numeric)


@row_check("CSC561-C12", printed={"CSC561-C12": lambda N: N})
def gradient_below_the_output_layer(layer: Statement = lambda N: N - 1) -> None:
    """What follows the weights of layer N is the gradient by the output of layer N - 1, one entry for each unit."""
    for sizes in ((2, 3, 3, 3), (2, 4, 3, 2)):
        net, X, Y = regression(*sizes)
        run, _, gradients = swept(net, X, Y)
        k = layer(net.L)
        numeric = numeric_gradient(partial(_cost_with, kind="Y", k=k, net=net, x=X[0], y=Y[0]), run.A[k][0]).gradient
        agree(gradients.dZs[-1][0] @ net.Ws[-1], numeric)
