"""Checks of lecture NB03, third part: how many layers, neurons, edges and parameters the drawn networks have."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from coursekit.check.numeric import numeric_jacobian
from coursekit.engine import (
    MLP,
    InfluenceGraph,
    Map,
    affine_map,
    compose,
    forward,
    heaviside,
    identity,
    jacobian,
    mlp_shapes,
    n_neurons,
    n_parameters,
    paths,
    tanh,
    total_derivative,
)
from coursekit.engine.arrays import Array
from coursekit.slides.row_checks import Statement, agree, hold, row_check

BIAS = "bias"


def random_net(sizes: Sequence[int], *, activation: Map = tanh) -> MLP:
    """A network whose weights and biases are all random."""
    net = MLP(sizes, activation=activation)
    net.parameters.flat[:] = np.random.default_rng(1).standard_normal(len(net.parameters))
    return net


def random_batch(D: int, N: int = 6) -> Array:
    """A batch of N samples of D numbers, X (N, D)."""
    return np.random.default_rng(2).standard_normal((N, D))


def unit(layer: int, i: int) -> str:
    """The node of unit i of a layer, both as the slides count them: layer 0 is the input, units begin at 1."""
    return f"a{layer}_{i}"


def drawing(net: MLP, *, biases: bool = True) -> InfluenceGraph:
    """The network as it is drawn: an edge for every weight that differs from 0, and one bias node for each layer."""
    edges: list[tuple[str, str, float]] = []
    for layer, (W, b) in enumerate(zip(net.Ws, net.bs, strict=True), start=1):
        for (i, j), w in np.ndenumerate(W):
            edges += [(unit(layer - 1, j + 1), unit(layer, i + 1), float(w))] * bool(w)
        edges += [(f"{BIAS}{layer}", unit(layer, i + 1), float(c)) for i, c in enumerate(b) if biases]
    return InfluenceGraph(edges)


def bias_nodes(graph: InfluenceGraph) -> list[str]:
    """The nodes that stand for the constant input 1 of a layer."""
    return [node for node in graph.nodes if node.startswith(BIAS)]


def computing_nodes(graph: InfluenceGraph) -> list[str]:
    """The nodes that something goes into: the neurons."""
    return [node for node in graph.nodes if graph.into(node)]


def without_cycle(edges: Iterable[tuple[str, str, float]]) -> bool:
    """Do these edges make an influence graph?"""
    try:
        InfluenceGraph(edges)
    except ValueError:
        return False
    return True


@row_check("CEE616-F1")
def dense_network() -> None:
    """The dense network 4-8-6-4-2 has 112 edges and, with its biases, 132 parameters; it maps four numbers to two."""
    net = random_net([4, 8, 6, 4, 2])
    agree(np.array([W.shape for W in net.Ws]), [(8, 4), (6, 8), (4, 6), (2, 4)])
    agree([W.size for W in net.Ws], [32, 48, 24, 8])
    agree(len(drawing(net, biases=False).edges), 112)
    agree(n_parameters(net.sizes), 132)
    agree(net(random_batch(4)).shape, (6, 2))


def computational_graph(L: int) -> InfluenceGraph:
    """x_1 -> f_1 -> x_2 -> ... -> f_L -> x_{L+1}, where each f_l has an arrow from its parameters too."""
    edges = [
        edge
        for l in range(1, L + 1)
        for edge in ((f"x_{l}", f"f_{l}", 1.0), (f"theta_{l}", f"f_{l}", 1.0), (f"f_{l}", f"x_{l + 1}", 1.0))
    ]
    return InfluenceGraph(edges)


@row_check("CEE616-F2")
def graph_of_layers() -> None:
    """Five values, four layers and four groups of parameters; each group acts on its own layer and those after it."""
    graph, net, X = computational_graph(4), random_net([4, 8, 6, 4, 2]), random_batch(4)
    agree([sum(node.startswith(kind) for node in graph.nodes) for kind in ("x_", "f_", "theta_")], [5, 4, 4])
    agree([node for node in graph.nodes if node[0] == "f"] == ["f_1", "f_2", "f_3", "f_4"], True)
    agree([W.size + b.size for W, b in zip(net.Ws, net.bs, strict=True)], [40, 54, 28, 10])
    for l in range(1, 5):
        moved = random_net(net.sizes)
        moved.Ws[l - 1][:] += 0.1
        changed = [bool(np.any(a != b)) for a, b in zip(net.forward(X).A, moved.forward(X).A, strict=True)]
        agree(changed, [total_derivative(graph, f"theta_{l}", f"x_{k}") != 0 for k in range(1, 6)])


@row_check("CEE697M-C8", printed={"CEE697M-C8": lambda recurrent: True})
def acyclic_network(acyclic: Statement = lambda recurrent: not recurrent) -> None:
    """A feed-forward network has no cycle; one that feeds its output back has, until it is unrolled in time."""
    forward_edges = drawing(random_net([3, 4, 2])).edges
    feedback = (unit(2, 1), unit(1, 1), 0.5)
    agree(without_cycle(forward_edges), acyclic(False))
    agree(without_cycle([*forward_edges, feedback]), acyclic(True))
    agree(without_cycle([*forward_edges, (unit(2, 1), "a1_1 a step later", 0.5)]), True)


@row_check("CEE697M-C9")
def layers_of_units() -> None:
    """Units stand in layers: each layer hears the one just below, so that none of its units moves another."""
    net, X = random_net([3, 5, 4, 2]), random_batch(3)
    agree([A.shape[1] for A in net.forward(X).A], [3, 5, 4, 2])
    for layer in (1, 2, 3):
        moved = random_net(net.sizes)
        moved.bs[layer - 1][0] += 0.5
        units = [np.any(a != b, axis=0) for a, b in zip(net.forward(X).A, moved.forward(X).A, strict=True)]
        agree([int(moves.sum()) for moves in units], [*[0] * layer, 1, *net.sizes[layer + 1 :]])


@row_check("CEE697M-C10")
def fully_connected() -> None:
    """In a fully connected network each layer has n_l n_{l-1} weights, and every input moves every output."""
    net, X = random_net([4, 5, 3]), random_batch(4, N=1)
    agree([np.count_nonzero(W) for W in net.Ws], [5 * 4, 3 * 5])
    slopes = numeric_jacobian(lambda x: net(x[None])[0], X[0])
    chain = [compose(affine_map(W, b), f) for W, b, f in zip(net.Ws, net.bs, net.activations, strict=True)]
    agree(jacobian(tuple(chain), X)[0], slopes)
    hold(np.abs(slopes).min() > 1e-3, "the Jacobian has no entry that is zero by structure")
    agree([sum(1 for _ in paths(drawing(net), unit(0, i), unit(2, k))) for i in (1, 4) for k in (1, 3)], [5] * 4)


@row_check("CEE697M-C11", printed={"CEE697M-C11": lambda n_hidden: n_hidden >= 2})
def multilayer_perceptron(is_multilayer: Statement = lambda n_hidden: n_hidden >= 1) -> None:
    """One hidden layer is enough for a multilayer perceptron: with it the network computes exclusive-or."""
    X, Y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])
    either, both = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([-0.5, -1.5])
    copy, none, difference = np.eye(2), np.zeros(2), (np.array([[1.0, -1.0]]), np.zeros(1))
    for n_hidden, Ws, bs in (
        (1, [either, difference[0]], [both, difference[1]]),
        (2, [either, copy, difference[0]], [both, none, difference[1]]),
    ):
        output = forward(X, Ws, bs, [heaviside] * n_hidden + [identity]).A[-1]
        agree(np.array_equal(output[:, 0], Y), is_multilayer(n_hidden))
    best = np.linalg.lstsq(np.column_stack([np.ones(4), X]), Y, rcond=None)[0]
    agree(np.allclose(affine_map(best[None, 1:], best[:1])(X)[:, 0], Y), is_multilayer(0))


@row_check("CEE697M-C13")
def number_of_layers() -> None:
    """A network of N layers has N - 1 hidden ones and the output: the input is not counted."""
    for hidden in ([], [4], [4, 3], [5, 5, 5]):
        net = MLP([3, *hidden, 2])
        agree([net.L, len(net.forward(random_batch(3)).Z)], [len(hidden) + 1, len(hidden) + 1])


@row_check("CEE697M-F2", "EECS545-F11")
def drawn_network() -> None:
    """A drawing of input, hidden and output layers has a node for each unit and an edge for each weight."""
    net = random_net([4, 5, 3], activation=identity)
    graph = drawing(net, biases=False)
    agree([len(graph.nodes), len(computing_nodes(graph))], [4 + 5 + 3, n_neurons(net.sizes)])
    agree(len(graph.edges), 4 * 5 + 5 * 3)
    agree([len(graph.into(unit(0, 1))), len(graph.into(unit(1, 1))), len(graph.into(unit(2, 1)))], [0, 4, 5])


@row_check("CEE697M-F4")
def drawing_of_two_layers() -> None:
    """The network 3-4-2 is drawn with two bias nodes and 26 edges."""
    graph = drawing(random_net([3, 4, 2]))
    agree([len(graph.edges), len(bias_nodes(graph)), len(graph.nodes)], [26, 2, 3 + 4 + 2 + 2])
    agree(n_parameters([3, 4, 2]), len(graph.edges))


@row_check("CEE697M-C22")
def two_layers() -> None:
    """The network 3-4-2 has two layers, one of them hidden; its input is none."""
    net = MLP([3, 4, 2])
    agree([net.L, len(net.Ws), len(net.sizes[1:-1])], [2, 2, 1])


@row_check("CEE697M-C23", printed={"CEE697M-C23": lambda sizes: 7})
def neurons_of_two_layers(neurons: Statement = n_neurons) -> None:
    """The network 3-4-2 has six neurons, four hidden and two outputs: inputs and bias nodes compute nothing."""
    agree(neurons([3, 4, 2]), 4 + 2)
    agree(neurons([3, 4, 2]), len(computing_nodes(drawing(random_net([3, 4, 2])))))


@row_check("CEE697M-C24")
def parameters_of_two_layers() -> None:
    """The network 3-4-2 has 4 x 4 + 5 x 2 = 26 parameters, 20 weights and 6 biases."""
    net = MLP([3, 4, 2])
    agree([n_parameters(net.sizes), len(net.parameters)], [4 * 4 + 5 * 2, 26])
    agree([sum(W.size for W in net.Ws), sum(b.size for b in net.bs)], [20, 6])


@row_check("CEE697M-F5")
def drawing_of_three_layers() -> None:
    """The network 3-4-3-2 is drawn with three bias nodes and 39 edges."""
    graph = drawing(random_net([3, 4, 3, 2]))
    agree([len(graph.edges), len(bias_nodes(graph)), len(graph.nodes)], [39, 3, 3 + 4 + 3 + 2 + 3])


@row_check("CEE697M-C25")
def three_layers() -> None:
    """The network 3-4-3-2 has three layers, two of them hidden."""
    net = MLP([3, 4, 3, 2])
    agree([net.L, len(net.Ws), len(net.sizes[1:-1])], [3, 3, 2])


@row_check("CEE697M-C26")
def neurons_of_three_layers() -> None:
    """The network 3-4-3-2 has nine neurons."""
    agree(n_neurons([3, 4, 3, 2]), 4 + 3 + 2)
    agree(len(computing_nodes(drawing(random_net([3, 4, 3, 2])))), 9)


@row_check("CEE697M-C27", printed={"CEE697M-C27": n_parameters})
def parameters_of_three_layers(weights: Statement = lambda sizes: sum(n * m for n, m in pairwise(sizes))) -> None:
    """Of the 39 parameters of the network 3-4-3-2 only 30 are weights; nine edges come from bias nodes."""
    net = random_net([3, 4, 3, 2])
    agree(n_parameters(net.sizes), 4 * 4 + 5 * 3 + 4 * 2)
    agree(n_parameters(net.sizes), 39)
    from_bias = [edge for edge in drawing(net).edges if edge.source in bias_nodes(drawing(net))]
    agree([weights(net.sizes), len(from_bias)], [39 - 9, 9])


def slope_of_unit(net: MLP, layer: int, j: int) -> Array:
    """How much each sum of a layer changes when unit j of the layer below changes by one."""
    X = random_batch(net.sizes[layer - 1], N=1)
    moved = X.copy()
    moved[0, j - 1] += 1
    upper = net.Ws[layer - 1 :], net.bs[layer - 1 :], net.activations[layer - 1 :]
    slopes: Array = (forward(moved, *upper).Z[0] - forward(X, *upper).Z[0])[0]
    return slopes


@row_check("CEE697M-F10")
def labels_to_from() -> None:
    """The edge from unit j to unit i of layer l bears the weight i, j."""
    net = random_net([3, 4, 2])
    for edge in drawing(net, biases=False).edges:
        layer, i = (int(number) for number in edge.target[1:].split("_"))
        j = int(edge.source.partition("_")[2])
        agree(net.parameters[f"W{layer}"][i - 1, j - 1], slope_of_unit(net, layer, j)[i - 1])


@row_check("CSC561-F1")
def labels_from_to() -> None:
    """With the unit it comes from first, the weight i, j of layer k is how unit i moves the sum of unit j."""
    net = random_net([2, 3, 4, 2], activation=identity)
    graph = drawing(net, biases=False)
    for k, i, j in ((1, 2, 3), (2, 3, 1), (3, 4, 2)):
        agree(total_derivative(graph, unit(k - 1, i), unit(k, j)), slope_of_unit(net, k, i)[j - 1])
    whole = numeric_jacobian(lambda x: net(x[None])[0], np.array([0.3, -0.8]))
    agree([[total_derivative(graph, unit(0, i), unit(3, j)) for i in (1, 2)] for j in (1, 2)], whole)


@row_check("CEE697M-F11")
def network_with_two_outputs() -> None:
    """A small network with two outputs gives two numbers for each sample, each from an own row of weights."""
    net, X = random_net([3, 2, 2]), random_batch(3)
    hidden = np.tanh(X @ net.Ws[0].T + net.bs[0])
    agree(net(X), np.column_stack([hidden @ net.Ws[1][k] + net.bs[1][k] for k in (0, 1)]))


@row_check("CEE697M-C43")
def hidden_and_output_layer() -> None:
    """A hidden layer and an output layer make two layers."""
    agree([MLP([3, 2, 2]).L, len(mlp_shapes([3, 2, 2]))], [2, 4])


@row_check("CEE697M-F12")
def regression_network() -> None:
    """D inputs, M hidden units and one output without a bound: one number for each sample."""
    net, X = random_net([5, 3, 1]), random_batch(5)
    agree(net(X), np.tanh(X @ net.Ws[0].T + net.bs[0]) @ net.Ws[1].T + net.bs[1])
    agree([len(drawing(net).into(unit(1, 1))), len(drawing(net).into(unit(2, 1)))], [5 + 1, 3 + 1])


@row_check("CEE697M-C44")
def widths_of_a_regression() -> None:
    """D counts the inputs and M the hidden units: the first weight matrix is M by D, the second 1 by M."""
    D, M = 5, 3
    net = MLP([D, M, 1])
    agree(np.array([W.shape for W in net.Ws]), [(M, D), (1, M)])
    agree([A.shape[1] for A in net.forward(random_batch(D)).A], [D, M, 1])


@row_check("CEE697M-C45", printed={"CEE697M-C45": lambda D, M: (M * (D + 1), D + 1)})
def parameters_of_a_regression(count: Statement = lambda D, M: (M * (D + 1), M + 1)) -> None:
    """D inputs and M hidden units take M (D + 1) weights and M + 1 biases, M (D + 2) + 1 in all."""
    for D, M in ((5, 3), (2, 7), (1, 1)):
        net = MLP([D, M, 1])
        weights, biases = count(D, M)
        agree([weights, biases], [sum(W.size for W in net.Ws), sum(b.size for b in net.bs)])
        agree(n_parameters([D, M, 1]), M * (D + 2) + 1)
    agree([*count(5, 3), n_parameters([5, 3, 1])], [18, 4, 22])


@row_check("CSC561-F7")
def two_input_network() -> None:
    """The tiny network has two input nodes, into which nothing goes, and takes samples of two numbers."""
    net = random_net([2, 3, 2])
    graph = drawing(net, biases=False)
    agree([len(graph.nodes) - len(computing_nodes(graph)), net(random_batch(2)).shape[1]], [2, 2])


def split_drawing(net: MLP, x: Array) -> InfluenceGraph:
    """Each unit as two nodes, its sum z and its output y; labels are weights below and slopes of tanh between."""
    run = net.forward(x[None])
    edges: list[tuple[str, str, float]] = []
    for k, W in enumerate(net.Ws, start=1):
        edges += [(f"y{k - 1}_{i}", f"z{k}_{j}", float(w)) for (j, i), w in np.ndenumerate(W)]
        slope = 1 - np.tanh(run.Z[k - 1][0]) ** 2 if k < net.L else np.ones(len(W))
        edges += [(f"z{k}_{j}", f"y{k}_{j}", float(slope[j])) for j in range(len(W))]
    return InfluenceGraph(edges)


@row_check("CSC561-F8")
def sum_and_activation_apart() -> None:
    """Drawn as a sum and an activation of it, a unit is two nodes, and the influence of the inputs is the same."""
    net, x = random_net([2, 3, 2]), np.array([0.4, -0.6])
    graph, run = split_drawing(net, x), net.forward(x[None])
    agree([len(graph.nodes), len(graph.edges)], [2 + 2 * (3 + 2), 2 * 3 + 3 * 2 + 3 + 2])
    agree(run.A[1], np.tanh(x @ net.Ws[0].T + net.bs[0])[None])
    slopes = numeric_jacobian(lambda x: net(x[None])[0], x)
    agree([[total_derivative(graph, f"y0_{i}", f"y2_{j}") for i in (0, 1)] for j in (0, 1)], slopes)


@row_check("CSC561-F9")
def every_weight_drawn() -> None:
    """With a bias node for each layer, there are as many edges as parameters: 9 into the hidden units, 8 to the end."""
    net = random_net([2, 3, 2])
    graph = drawing(net)
    agree([len(graph.edges), n_parameters(net.sizes)], [9 + 8, 9 + 8])
    agree(np.sort([edge.derivative for edge in graph.edges]), np.sort(net.parameters.flat))


@row_check("CSC561-F17")
def layer_as_blocks() -> None:
    """In the picture of a layer the block W_k has D_k rows and D_{k-1} columns, so that it takes y_{k-1} to z_k."""
    net, x = random_net([3, 5, 2]), random_batch(3, N=1)
    shapes, run = mlp_shapes(net.sizes), net.forward(x)
    agree([*shapes["W1"], *shapes["W2"]], [5, 3, 2, 5])
    for k in (1, 2):
        agree(net.parameters[f"W{k}"] @ run.A[k - 1][0] + net.parameters[f"b{k}"], run.Z[k - 1][0])


@row_check("CSC561-F18")
def network_layer_by_layer() -> None:
    """Each picture adds one layer: the outputs of the first k do not depend on what comes above them."""
    net, X = random_net([3, 5, 4, 2]), random_batch(3)
    A, y = net.forward(X).A, X
    for k in (1, 2, 3):
        z = np.einsum("ni,ji->nj", y, net.Ws[k - 1]) + net.bs[k - 1]
        y = np.tanh(z) if k < 3 else z
        agree(A[k], y)
        agree(forward(X, net.Ws[:k], net.bs[:k], net.activations[:k]).A[-1], y)
