"""Checks of lecture NB03, first part: units, layers and networks as matrix products, and their notation."""

import math

import numpy as np

from coursekit.check.numeric import numeric_gradient
from coursekit.engine import (
    MLP,
    Map,
    ShapeError,
    affine,
    affine_augmented,
    affine_map,
    affine_vjp,
    augment,
    compose,
    forward,
    sigmoid,
    tanh,
    trace,
)
from coursekit.engine.arrays import Array
from coursekit.slides.examples import Scalar, logistic, random_batch, random_net
from coursekit.slides.row_checks import Statement, agree, hold, row_check


def same(z: float) -> float:
    """The identity of a number."""
    return z


def sums_by_hand(X: Array, W: Array, b: Array) -> Array:
    """The weighted sum of every unit for every sample, one product at a time."""
    D, M = len(X[0]), len(b)
    return np.array([[math.fsum([*(W[m, d] * x[d] for d in range(D)), b[m]]) for m in range(M)] for x in X])


def layers_by_hand(net: MLP, X: Array, hidden: Scalar = math.tanh, output: Scalar = same) -> list[Array]:
    """The outputs of all layers, the input first, unit by unit."""
    values = [X]
    for layer in range(len(net.Ws)):
        f = output if layer == len(net.Ws) - 1 else hidden
        values.append(np.vectorize(f)(sums_by_hand(values[-1], net.Ws[layer], net.bs[layer])))
    return values


def layers_of(net: MLP) -> list[Map]:
    """Each layer of a network as one map."""
    parts = zip(net.Ws, net.bs, net.activations, strict=True)
    return [compose(affine_map(W, b), activation) for W, b, activation in parts]


@row_check("CEE616-C1", printed={"CEE616-C1": lambda X, W, b: tanh(affine(X, W[:1], b[:1]))})
def layer_as_a_map(layer: Statement = lambda X, W, b: tanh(affine(X, W, b))) -> None:
    """Layer l as a whole takes x_l to x_{l+1}; a single unit gives one entry of it."""
    net = random_net([4, 8, 6, 4, 2], output=tanh)
    values = layers_by_hand(net, random_batch(4), output=math.tanh)
    for below, W, b, above in zip(values[:-1], net.Ws, net.bs, values[1:], strict=True):
        agree(layer(below, W, b), above)


@row_check("CEE616-E01")
def network_as_one_function() -> None:
    """The whole network is one function of four numbers with two values."""
    net, X = random_net([4, 8, 6, 4, 2]), random_batch(4)
    agree(net(X).shape, (6, 2))
    agree(net(X), layers_by_hand(net, X)[-1])


@row_check("CEE616-E02")
def composition_of_layers() -> None:
    """The network is the composition of its four layers."""
    net, X = random_net([4, 8, 6, 4, 2]), random_batch(4)
    agree(compose(*layers_of(net))(X), layers_by_hand(net, X)[-1])


@row_check("CEE616-E03")
def nested_layers() -> None:
    """The first layer stands innermost; in the other order the layers do not even fit."""
    net, X = random_net([4, 8, 6, 4, 2]), random_batch(4)
    f_1, f_2, f_3, f_4 = layers_of(net)
    agree(f_4(f_3(f_2(f_1(X)))), layers_by_hand(net, X)[-1])
    try:
        f_1(f_2(f_3(f_4(X))))
    except ShapeError:
        return
    hold(False, "the last layer does not take the input")


@row_check("CEE616-U1")
def domains_of_layers() -> None:
    """The layers lead from 4 numbers to 8, 6, 4 and 2, each from the output of the one before."""
    net, x = random_net([4, 8, 6, 4, 2]), random_batch(4, N=1)
    values = trace(tuple(layers_of(net)), x)
    agree([value.size for value in values], [4, 8, 6, 4, 2])
    for value, found in zip(values, layers_by_hand(net, x), strict=True):
        agree(value, found)


def _written_out(w: Array, a: Array) -> float:
    m = len(a)
    return float(w[0] * a[m - 1] + w[1] * a[2] + sum(w[i] * a[i] for i in range(2, m)))


@row_check("CEE697M-E11", printed={"CEE697M-E11": _written_out})
def neuron_from_neurons(weighted_sum: Statement = lambda w, a: sum(w[i] * a[i] for i in range(len(a)))) -> None:
    """A new neuron is the sigmoid of all m neurons below, each times the weight of the same number, plus the bias."""
    net, a = random_net([5, 1], output=sigmoid), random_batch(5, N=1)
    agree(logistic(weighted_sum(net.Ws[0][0], a[0]) + net.bs[0][0]), net(a)[0, 0])


@row_check("CEE697M-C39")
def neuron_of_a_layer() -> None:
    """The fourth activation of layer 1 belongs to the fourth row of the first weight matrix; layer 0 is the input."""
    net, X = random_net([3, 5, 2], activation=sigmoid), random_batch(3)
    fourth = [logistic(math.fsum(net.Ws[0][3] * x) + net.bs[0][3]) for x in X]
    agree(net.forward(X).A[1][:, 3], fourth)


def change_of_sums(net: MLP, X: Array, layer: int, name: str, index: tuple[int, ...], step: float) -> Array:
    """How the pre-activations of a layer change when one parameter does."""
    before = net.forward(X).Z[layer - 1].copy()
    net.parameters[f"{name}{layer}"][index] += step
    return net.forward(X).Z[layer - 1] - before


@row_check("CEE697M-C40")
def weight_to_from() -> None:
    """The weight 2, 3 of layer 2 brings neuron 3 of layer 1 to neuron 2 of layer 2, and to no other."""
    X, net = random_batch(3), random_net([3, 5, 4])
    expected = np.zeros((6, 4))
    expected[:, 1] = 0.3 * layers_by_hand(net, X)[1][:, 2]
    agree(change_of_sums(net, X, 2, "W", (1, 2), 0.3), expected)


@row_check("CSC561-C4", printed={"CSC561-C4": lambda i, j: (i - 1, j - 1)})
def weight_from_to(place: Statement = lambda i, j: (j - 1, i - 1)) -> None:
    """The weight i, j of layer k leads from unit i of the layer below to unit j: row j, column i of the matrix."""
    for k, i, j in ((1, 2, 3), (2, 4, 2), (2, 1, 3)):
        X, net = random_batch(3), random_net([3, 4, 4])
        expected = np.zeros((6, 4))
        expected[:, j - 1] = 0.3 * layers_by_hand(net, X)[k - 1][:, i - 1]
        agree(change_of_sums(net, X, k, "W", place(i, j), 0.3), expected)


@row_check("CSC561-C5")
def bias_of_a_unit() -> None:
    """The bias j of layer k shifts the sum of unit j by as much as it changes, for every input, and no other sum."""
    for k, j in ((1, 5), (2, 2), (2, 4)):
        expected = np.zeros((6, 5 if k == 1 else 4))
        expected[:, j - 1] = -0.7
        agree(change_of_sums(random_net([3, 5, 4]), random_batch(3), k, "b", (j - 1,), -0.7), expected)


@row_check("CEE697M-E12", "CSC561-C3")
def input_as_layer_zero() -> None:
    """The input of D numbers is the activation of layer 0, from which layer 1 is computed like any other."""
    net, X = random_net([5, 3, 2]), random_batch(5)
    A = net.forward(X).A
    agree(A[0].shape, (6, 5))
    agree(np.tanh(sums_by_hand(A[0], net.Ws[0], net.bs[0])), layers_by_hand(net, X)[1])
    agree(len(A) - 1, len(net.Ws))


@row_check("CSC561-E03")
def first_and_last_layer() -> None:
    """Entry i of layer 0 is input i, entry i of layer N is output i."""
    net, X = random_net([3, 5, 4, 2], output=sigmoid), random_batch(3)
    A = net.forward(X).A
    outputs = layers_by_hand(net, X, output=logistic)[3]
    for n in range(6):
        agree([A[0][n, i] for i in range(3)], X[n])
        agree([A[3][n, i] for i in range(2)], outputs[n])


@row_check("CEE697M-E13", printed={"CEE697M-E13": lambda M: range(M + 1)})
def layer_in_matrix_form(bias_indices: Statement = lambda M: range(1, M + 1)) -> None:
    """A layer of M units on D inputs is sigma(W a + b) with W of M by D and the M biases b_1, ..., b_M."""
    X, W = random_batch(3), random_net([3, 4]).Ws[0]
    b = np.array([0.4 * m - 1 for m in bias_indices(4)])
    found = [[logistic(sum(W[m, d] * x[d] for d in range(3)) + 0.4 * (m + 1) - 1) for m in range(4)] for x in X]
    agree(sigmoid(affine(X, W, b)), found)


@row_check("CEE697M-C42")
def rows_of_the_weight_matrix() -> None:
    """The weight matrix has one row for each neuron of its layer: two neurons, two rows, whatever the inputs."""
    for D in (1, 3, 5):
        net, X = random_net([D, 2, 1]), random_batch(D)
        agree(net.Ws[0].shape, (2, D))
        agree(net.forward(X).A[1], [[math.tanh(net.Ws[0][m] @ x + net.bs[0][m]) for m in (0, 1)] for x in X])


def _shared_weights(W: Array, b: Array, x: Array, m: int) -> float:
    return float(sum(W[0, d] * x[d] + b[d] for d in range(len(x))))


@row_check("CEE697M-U1", printed={"CEE697M-U1": _shared_weights})
def hidden_unit(
    weighted_sum: Statement = lambda W, b, x, m: sum(W[m, d] * x[d] for d in range(len(x))) + b[m],
) -> None:
    """Hidden unit m has its own row of weights, its own bias, and a value for every observation n."""
    net, X = random_net([3, 5, 1], activation=sigmoid), random_batch(3)
    W, b = net.Ws[0], net.bs[0]
    agree([[logistic(weighted_sum(W, b, x, m)) for m in range(5)] for x in X], net.forward(X).A[1])


@row_check("CEE697M-U2")
def regression_output() -> None:
    """The prediction for observation n is the weighted sum of its M hidden activations plus one bias."""
    net, X = random_net([3, 5, 1], activation=sigmoid), random_batch(3)
    hidden = layers_by_hand(net, X, hidden=logistic)[1]
    w, b = net.Ws[1], net.bs[1]
    agree(net(X)[:, 0], [sum(w[0, m] * hidden[n, m] for m in range(5)) + b[0] for n in range(6)])


@row_check("CSC561-C6")
def bias_as_a_weight() -> None:
    """With a constant input 1 in front, the biases are the first column of the weights, in value and in gradient."""
    X, dZ, net = random_batch(3), random_batch(4, seed=4), random_net([3, 4])
    extended = np.column_stack([net.bs[0], net.Ws[0]])
    agree(affine_augmented(X, extended), sums_by_hand(X, net.Ws[0], net.bs[0]))
    numeric = numeric_gradient(lambda Wb: np.sum(dZ * (X @ Wb[:, 1:].T + Wb[:, 0])), extended).gradient
    agree(affine_vjp(dZ, augment(X), extended).dW, numeric)


@row_check("CSC561-E31")
def vectors_of_a_layer() -> None:
    """The pre-activations, outputs and biases of layer k are vectors of D_k entries, one for each unit."""
    net, x = random_net([3, 5, 4, 2]), random_batch(3, N=1)
    run, values = net.forward(x), layers_by_hand(net, x)
    for k, D_k in ((1, 5), (2, 4), (3, 2)):
        agree([run.Z[k - 1][0].size, run.A[k][0].size, net.bs[k - 1].size], [D_k, D_k, D_k])
        agree(run.A[k][0], [values[k][0, j] for j in range(D_k)])


@row_check("CSC561-E32", printed={"CSC561-E32": lambda w, j, i: w[0, 1] if (j, i) == (0, 1) else w[i, j]})
def matrix_of_weights(entry: Statement = lambda w, j, i: w[i, j]) -> None:
    """Row j of the matrix of layer k holds the weights into unit j: its entry i is the weight from i to j."""
    w, b, Y = random_batch(4, N=3, seed=5), np.array([0.1, -0.2, 0.3, 0.4]), random_batch(3)
    W = np.array([[entry(w, j, i) for i in range(3)] for j in range(4)])
    agree(affine(Y, W, b), [[sum(w[i, j] * y[i] for i in range(3)) + b[j] for j in range(4)] for y in Y])


@row_check("CSC561-C25")
def layer_in_vector_notation() -> None:
    """All of a layer's sums, outputs, weights and biases go into one vector or matrix each; a batch stacks samples."""
    net, X = random_net([3, 5, 4]), random_batch(3)
    run = net.forward(X)
    for k, D in enumerate([(5, 3), (4, 5)]):
        agree(net.Ws[k].shape, D)
        for n in range(6):
            agree(run.Z[k][n], net.Ws[k] @ run.A[k][n] + net.bs[k])
            agree(run.A[k + 1][n], [math.tanh(z) if k == 0 else z for z in run.Z[k][n]])


def three_layers() -> tuple[MLP, Array]:
    """A network of layers tanh, tanh and sigmoid, and one input."""
    return random_net([3, 5, 4, 2], output=sigmoid), random_batch(3, N=1)


@row_check("CSC561-E33")
def first_layer() -> None:
    """The output of layer 1 is f_1(W_1 x + b_1)."""
    net, X = three_layers()
    (W_1, _, _), (b_1, _, _) = net.Ws, net.bs
    agree(net.forward(X).A[1][0], np.tanh(W_1 @ X[0] + b_1))


@row_check("CSC561-E34")
def second_layer() -> None:
    """The output of layer 2 is f_2(W_2 f_1(W_1 x + b_1) + b_2)."""
    net, X = three_layers()
    (W_1, W_2, _), (b_1, b_2, _) = net.Ws, net.bs
    agree(net.forward(X).A[2][0], np.tanh(W_2 @ np.tanh(W_1 @ X[0] + b_1) + b_2))


@row_check("CSC561-E35")
def last_sum() -> None:
    """The last pre-activation is W_N f_{N-1}(...) + b_N."""
    net, X = three_layers()
    (W_1, W_2, W_3), (b_1, b_2, b_3) = net.Ws, net.bs
    agree(net.forward(X).Z[2][0], W_3 @ np.tanh(W_2 @ np.tanh(W_1 @ X[0] + b_1) + b_2) + b_3)


@row_check("CSC561-E36")
def nested_network() -> None:
    """The output of the network is f_N(W_N f_{N-1}(... f_1(W_1 x + b_1) ...) + b_N)."""
    net, X = three_layers()
    (W_1, W_2, W_3), (b_1, b_2, b_3) = net.Ws, net.bs
    z = W_3 @ np.tanh(W_2 @ np.tanh(W_1 @ X[0] + b_1) + b_2) + b_3
    agree(net(X)[0], 1 / (1 + np.exp(-z)))


@row_check("CSC561-A5")
def forward_loop() -> None:
    """Layer after layer, y becomes f(W y + b); the loop ends with the output of the network."""
    net, X = three_layers()
    y = X[0]
    for k, f in enumerate((math.tanh, math.tanh, logistic)):
        z = [sum(net.Ws[k][j, i] * y[i] for i in range(len(y))) + net.bs[k][j] for j in range(len(net.bs[k]))]
        y = np.array([f(entry) for entry in z])
    agree(forward(X, net.Ws, net.bs, net.activations).A[-1][0], y)
