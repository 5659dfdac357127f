"""Checks of lecture NB02, first half: what one neuron computes, and what neurons compute side by side and in a row."""

import math
from collections.abc import Sequence
from functools import cache, partial
from itertools import product

import numpy as np

from coursekit.check.numeric import numeric_gradient, numeric_jacobian
from coursekit.engine import (
    MLP,
    InfluenceGraph,
    affine,
    affine_map,
    affine_vjp,
    cross_entropy_from_logits,
    forward,
    heaviside,
    identity,
    jacobian,
    leaky_relu,
    loss_and_gradients,
    mlp_shapes,
    paths,
    relu,
    sigmoid,
    softplus,
    tanh,
    total_derivative,
)
from coursekit.engine.arrays import Array
from coursekit.engine.maps import Map
from coursekit.slides.row_checks import Statement, agree, hold, row_check

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([[0.0], [1.0], [1.0], [0.0]])


def logistic(z: float) -> float:
    """The logistic function from the standard library."""
    return 1 / (1 + math.exp(-z))


@cache
def xor_network(sizes: tuple[int, ...], activation: Map, seed: int = 0) -> MLP:
    """A network that was trained on exclusive-or for 3000 steps."""
    net = MLP(sizes, activation=activation, loss=cross_entropy_from_logits).initialize(np.random.default_rng(seed))
    Y = np.hstack([1 - XOR, XOR])
    for _ in range(3000):
        net.parameters.flat -= net.loss_and_gradient(CORNERS, Y)[1]
    return net


def weighted_sum(w: Array, x: Array) -> float:
    """The sum of products of two vectors, added exactly."""
    return math.fsum(weight * signal for weight, signal in zip(w, x, strict=True))


def share_right(net: MLP) -> float:
    """The share of the four corners that the network classifies as exclusive-or does."""
    return float(np.mean(net(CORNERS).argmax(axis=1) == XOR[:, 0]))


@row_check("CEE697M-C4", "CEE697M-C5")
def synapses_per_neuron() -> None:
    """86 billion neurons share 10^14 to 10^15 synapses: one to twelve thousand for each of them."""
    neurons = 86 * 10**9
    agree(8.6e10, neurons)
    agree(np.array([1e14, 1e15]) / neurons, [1163, 11628], within=1e-4)


@row_check("CEE697M-C6")
def many_inputs_one_output() -> None:
    """A unit maps n numbers to a single one that each of its inputs can move."""
    rng = np.random.default_rng(1)
    unit = MLP([5, 1], output=sigmoid).initialize(rng)
    slopes = numeric_jacobian(lambda x: unit(x[None])[0], rng.standard_normal(5))
    agree(slopes.shape, (1, 5))
    agree(np.count_nonzero(slopes), 5)


@row_check("CEE697M-C7")
def fan_out() -> None:
    """One activation reaches every unit of the next layer, each through a weight of its own."""
    rng = np.random.default_rng(2)
    A, W = rng.standard_normal((1, 4)), rng.standard_normal((6, 4))
    moved = A + 0.5 * np.eye(4)[2]
    reached = affine(moved, W) - affine(A, W)
    agree(reached[0], [0.5 * W[m, 2] for m in range(6)])
    agree(np.count_nonzero(reached), 6)


def _most_corners_right(sizes: Sequence[int]) -> float:
    """The best score on exclusive-or among step networks with weights of size one and biases around them."""
    choices: list[tuple[float, ...]] = []
    for name, shape in mlp_shapes(sizes).items():
        choices += [(-1.0, 1.0) if name.startswith("W") else (-1.5, -0.5, 0.5)] * math.prod(shape)
    net = MLP(sizes, activation=heaviside, output=heaviside)
    best = 0.0
    for flat in product(*choices):
        net.parameters.flat[...] = flat
        best = max(best, float(np.mean(net(CORNERS) == XOR)))
    return best


@row_check("CEE697M-C12", printed={"CEE697M-C12": lambda: [2, 2, 1]})
def single_layer_perceptron(sizes: Statement = lambda: [2, 1]) -> None:
    """A perceptron of a single layer has no hidden one and gets at most three of four cases of exclusive-or right."""
    rng = np.random.default_rng(3)
    half_planes = heaviside(affine(CORNERS, rng.standard_normal((20_000, 2)), rng.standard_normal(20_000)))
    agree((half_planes == XOR).mean(axis=0).max(), 0.75)
    agree(_most_corners_right(sizes()), 0.75)
    Ws = [np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([[1.0, 1.0]])]
    bs = [np.array([-0.5, 1.5]), np.array([-1.5])]
    agree(forward(CORNERS, Ws, bs, [heaviside, heaviside]).A[-1], XOR)


@row_check("CEE697M-F3")
def model_neuron() -> None:
    """A model neuron applies its activation to the weighted sum of its inputs and its bias."""
    x, w, b = [0.5, -1.0, 2.0], [1.5, 0.3, -0.4], 0.2
    total = math.fsum([0.75, -0.3, -0.8, 0.2])
    outputs = {tanh: math.tanh(total), sigmoid: logistic(total), relu: max(0.0, total), heaviside: 0.0}
    for activation, output in outputs.items():
        run = forward(np.array([x]), [np.array([w])], [np.array([b])], [activation])
        agree(run.A[-1], [[output]])


@row_check("CEE697M-C15")
def synaptic_strength() -> None:
    """Training changes the weights, each in proportion to the signal that came in, and so lowers the loss."""
    X, Y = np.array([[0.8, 0.0, -1.6]]), np.array([[1.0]])
    unit = MLP([3, 1], output=sigmoid).initialize(np.random.default_rng(4))
    before, gradient = unit.loss_and_gradient(X, Y)
    dW = gradient[:3]
    agree(dW / dW[0], [1, 0, -2])
    unit.parameters.flat -= gradient
    hold(unit.loss_and_gradient(X, Y)[0] < before, "a step on the weights lowers the loss")


def _unit(activation: Map, W: Array, b: Array, X: Array) -> Array:
    return forward(X, [W], [b], [activation]).A[-1]


@row_check("CEE697M-C16")
def excitation_and_inhibition() -> None:
    """Under an increasing activation the output rises with inputs of positive weight and falls with the others."""
    rng = np.random.default_rng(5)
    X, W, b = rng.standard_normal((1, 6)), rng.standard_normal((1, 6)), rng.standard_normal(1)
    for activation in (sigmoid, tanh, softplus, leaky_relu(0.1)):
        Z = affine(X, W, b)
        dZ = activation.vjp(np.ones((1, 1)), Z, activation(Z))
        numeric = numeric_gradient(partial(_unit, activation, W, b), X).gradient
        agree(affine_vjp(dZ, X, W).dX, numeric)
        agree(np.sign(numeric), np.sign(W))


@row_check("CEE697M-C17")
def summation_in_the_cell_body() -> None:
    """The signals w_i x_i arrive one by one and are added up."""
    rng = np.random.default_rng(6)
    x, w = rng.standard_normal(7), rng.standard_normal(7)
    body = 0.0
    for dendrite in range(7):
        body += w[dendrite] * x[dendrite]
    agree(affine(x[None], w[None])[0, 0], body, within=1e-12)


@row_check("CEE697M-C18", printed={"CEE697M-C18": lambda X, w, b, t: X * w + b > t})
def firing_threshold(fires: Statement = lambda X, w, b, t: (X * w).sum(axis=1) + b > t) -> None:
    """A neuron fires where its whole weighted sum exceeds t, as one with threshold 0 and bias b - t does."""
    rng = np.random.default_rng(7)
    X, w, (b, t) = rng.standard_normal((10_000, 3)), rng.standard_normal(3), rng.standard_normal(2)
    agree(fires(X, w, b, t), heaviside(affine(X, w[None], np.array([b - t])))[:, 0])


@row_check("CEE697M-C19", "CEE697M-C31")
def firing_rate() -> None:
    """As a firing rate does, the sigmoid rises from silence to a largest rate and is flat at both ends."""
    rate = sigmoid(np.linspace(-12, 12, 97)[None])[0]
    steps = np.diff(rate)
    hold(bool((steps > 0).all()), "the rate rises with the input")
    hold(bool(rate[0] < 1e-5 and rate[-1] > 1 - 1e-5), "the rate runs from nearly 0 to nearly 1")
    hold(bool(max(steps[0], steps[-1]) < 1e-3 * steps.max()), "the rate is flat at both ends")


@row_check("CEE697M-C21")
def bias() -> None:
    """The bias is the weighted sum of a neuron without input, and a threshold counts as a negative one."""
    rng = np.random.default_rng(8)
    W, b = rng.standard_normal((3, 4)), rng.standard_normal(3)
    agree(affine(np.zeros((2, 4)), W, b), [[b[0], b[1], b[2]]] * 2)
    x, t = rng.standard_normal(4), 0.8
    above = [sum(W[m] * x) > t for m in range(3)]
    agree(heaviside(affine(x[None], W, np.full(3, -t)))[0], above)


def _dense_network() -> tuple[MLP, Array]:
    rng = np.random.default_rng(9)
    net = MLP([3, 4, 5, 2], activation=tanh, output=tanh).initialize(rng)
    net.parameters.flat += 0.1 * rng.standard_normal(len(net.parameters))
    return net, rng.standard_normal((1, 3))


@row_check("CEE697M-E05", printed={"CEE697M-E05": lambda phi, W, b, z: phi(z)})
def output_of_a_layer(layer: Statement = lambda phi, W, b, z: phi(b + W @ z)) -> None:
    """A layer is the affine map and the activation together, not the activation alone."""
    net, X = _dense_network()
    z = X[0]
    for W, b, output in zip(net.Ws, net.bs, net.forward(X).A[1:], strict=True):
        z = layer(np.tanh, W, b, z)
        agree(z, output[0])


@row_check("CEE697M-E06", printed={"CEE697M-E06": lambda W, b, z: np.tanh(b + W @ z)})
def pre_activations(pre_activation: Statement = lambda W, b, z: b + W @ z) -> None:
    """The pre-activation is the weighted sum before the activation acts, one number a unit."""
    net, X = _dense_network()
    run = net.forward(X)
    for W, b, Z, below in zip(net.Ws, net.bs, run.Z, run.A[:-1], strict=True):
        agree(pre_activation(W, b, below[0]), Z[0])
        agree(Z[0], [bias + weighted_sum(row, below[0]) for row, bias in zip(W, b, strict=True)])


@row_check("CEE697M-E07", printed={"CEE697M-E07": lambda phi, a: a})
def activation_acts_elementwise(activated: Statement = lambda phi, a: np.array([phi(entry) for entry in a])) -> None:
    """The output of a layer is the activation of each of its pre-activations by itself."""
    net, X = _dense_network()
    run = net.forward(X)
    for Z, A in zip(run.Z, run.A[1:], strict=True):
        agree(activated(math.tanh, Z[0]), A[0])


@row_check("CEE697M-C28", printed={"CEE697M-C28": lambda Z: Z == 0})
def step_stops_the_error_signal(stops: Statement = lambda Z: np.full(Z.shape, True)) -> None:
    """The step function lets no error signal through at any input, for its slope is 0; the jump at 0 is not the reason.

    The relu also has a point without derivative, and half of its inputs let the signal through.
    """
    rng = np.random.default_rng(10)
    Z = rng.choice([-1, 1], (20, 4)) * rng.uniform(0.01, 2, (20, 4))
    h = 1e-3
    agree(stops(Z), (heaviside(Z + h) - heaviside(Z - h)) / (2 * h) == 0)
    agree(relu(Z + h) - relu(Z - h) == 0, Z < 0)
    X, Y = rng.standard_normal((20, 3)), rng.standard_normal((20, 2))
    net = MLP([3, 6, 6, 2], activation=heaviside).initialize(rng)
    dWs, dbs = loss_and_gradients(X, Y, net.Ws, net.bs, net.activations)[1][:2]
    agree([bool(np.any(dW)) for dW in dWs], [False, False, True])
    agree([bool(np.any(db)) for db in dbs], [False, False, True])


@row_check("CEE697M-C29")
def smooth_units_train() -> None:
    """With sigmoid units a network learns exclusive-or; with steps its hidden weights stay where they began."""
    rng = np.random.default_rng(11)
    Z = rng.standard_normal((1, 5))
    agree(sigmoid.jacobian(Z, sigmoid(Z))[0], numeric_jacobian(lambda z: sigmoid(z), Z[0]))
    start = MLP([2, 2, 2]).initialize(np.random.default_rng(0)).Ws[0]
    agree(xor_network((2, 2, 2), heaviside).Ws[0], start)
    trained = xor_network((2, 2, 2), sigmoid)
    hold(np.abs(trained.Ws[0] - start).min() > 0.5, "every hidden weight of sigmoid units moves")
    agree(share_right(trained), 1.0)


@row_check("EECS545-C6", printed={"EECS545-C6": lambda activation: True})
def layer_of_logistic_regressions(is_one: Statement = lambda activation: activation.name == "sigmoid") -> None:
    """A layer of sigmoid units is a set of logistic regressions on one input; a layer of other units is not."""
    rng = np.random.default_rng(12)
    X, W, b = rng.standard_normal((5, 3)), rng.standard_normal((4, 3)), rng.standard_normal(4)
    regressions = [[logistic(weighted_sum(W[k], x) + b[k]) for k in range(4)] for x in X]
    for activation in (sigmoid, tanh, relu):
        outputs = forward(X, [W], [b], [activation]).A[-1]
        agree(is_one(activation), np.allclose(outputs, regressions, rtol=0, atol=1e-14))


def influences(net: MLP, x: Array) -> InfluenceGraph:
    """One node for each input and unit, one edge for each weight, labelled by the weight times the unit's slope."""
    run = net.forward(x[None])
    edges = []
    for level, (W, activation) in enumerate(zip(net.Ws, net.activations, strict=True)):
        labels = jacobian((affine_map(W, net.bs[level]), activation), run.A[level])[0]
        edges += [(f"{level}.{i}", f"{level + 1}.{j}", float(labels[j, i])) for j, i in np.ndindex(*W.shape)]
    return InfluenceGraph(edges)


def _logistic_network(*sizes: int) -> tuple[MLP, Array]:
    rng = np.random.default_rng(13)
    net = MLP(sizes, activation=sigmoid, output=sigmoid).initialize(rng)
    return net, rng.standard_normal(sizes[0])


@row_check("EECS545-F5")
def parallel_logistic_units() -> None:
    """In the picture of a layer every one of D inputs has an edge to every one of K units: D K edges."""
    net, x = _logistic_network(3, 4)
    graph = influences(net, x)
    agree(len(graph.edges), 12)
    numeric = numeric_jacobian(lambda x: net(x[None])[0], x)
    agree([[total_derivative(graph, f"0.{i}", f"1.{j}") for i in range(3)] for j in range(4)], numeric)


@row_check("EECS545-C7")
def nobody_sets_the_hidden_values() -> None:
    """Hidden units may change places without any effect, and two trainings end with other features, equally right."""
    net = xor_network((2, 4, 2), sigmoid)
    order = [2, 0, 3, 1]
    (W_1, W_2), (b_1, b_2) = net.Ws, net.bs
    agree(forward(CORNERS, [W_1[order], W_2[:, order]], [b_1[order], b_2], net.activations).A[-1], net(CORNERS))
    other = xor_network((2, 4, 2), sigmoid, seed=1)
    agree([share_right(net), share_right(other)], [1, 1])
    features, others = (trained.forward(CORNERS).A[1] for trained in (net, other))
    apart = np.abs(features[:, :, None] - others[:, None, :]).max(axis=0).min(axis=1)
    hold(apart.max() > 0.2, "the second training has no feature like one of the first")


@row_check("EECS545-C8")
def criterion_shapes_the_hidden_units() -> None:
    """One logistic regression fails on exclusive-or; two levels succeed, though nobody gives targets to the first."""
    hold(share_right(xor_network((2, 2), sigmoid)) <= 0.75, "one logistic regression is right on three of four at most")
    agree(share_right(xor_network((2, 2, 2), sigmoid)), 1.0)


@row_check("EECS545-F6")
def stacked_logistic_units() -> None:
    """Two levels over D inputs have D H + H edges and H paths from each input; a third adds H H' edges."""
    for sizes, n_edges, n_paths in (((3, 4, 1), 16, 4), ((3, 4, 5, 1), 37, 20)):
        net, x = _logistic_network(*sizes)
        graph = influences(net, x)
        top = f"{len(sizes) - 1}.0"
        agree(len(graph.edges), n_edges)
        agree([len(list(paths(graph, f"0.{i}", top))) for i in range(3)], [n_paths] * 3)
        numeric = numeric_gradient(net, x[None]).gradient[0]
        agree([total_derivative(graph, f"0.{i}", top) for i in range(3)], numeric)


@row_check("EECS545-C9", printed={"EECS545-C9": lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, 0 * b_2)})
def linear_layers_compose(
    composed: Statement = lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, W_2 @ b_1 + b_2),
) -> None:
    """Layers without activation make one affine map, whose rank is at most the smallest width."""
    rng = np.random.default_rng(14)
    net = MLP([5, 2, 4], activation=identity).initialize(rng)
    for b in net.bs:
        b[...] = rng.standard_normal(b.shape)
    X = rng.standard_normal((6, 5))
    (W_1, W_2), (b_1, b_2) = net.Ws, net.bs
    agree(affine(X, *composed(W_1, b_1, W_2, b_2)), net(X), within=1e-12)
    agree(np.linalg.matrix_rank(numeric_jacobian(lambda x: net(x[None])[0], X[0]), tol=1e-6), 2)


@row_check("EECS545-F7")
def linear_neuron() -> None:
    """The output of a linear neuron against its total input is the line of slope 1 through the origin."""
    x, w = np.array([0.3, -1.2]), np.array([2.0, 0.5])
    outputs = [forward(x[None], [w[None]], [np.array([b])], [identity]).A[-1][0, 0] for b in (-2.0, -1.0, 0.0, 1.5)]
    agree(outputs, [-2.0, -1.0, 0.0, 1.5])
    agree(np.diff(outputs), [1.0, 1.0, 1.5])


@row_check("EECS545-E01")
def total_input() -> None:
    """The total input of a unit is its bias and the sum of its inputs times their weights."""
    rng = np.random.default_rng(15)
    X, W, b = rng.standard_normal((4, 3)), rng.standard_normal((2, 3)), rng.standard_normal(2)
    loops = [[b[j] + X[n, 0] * W[j, 0] + X[n, 1] * W[j, 1] + X[n, 2] * W[j, 2] for j in range(2)] for n in range(4)]
    agree(affine(X, W, b), loops)
