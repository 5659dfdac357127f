"""Checks of lecture NB03, second part: the output layer, softmax units, and what a network is made of."""

import math

import numpy as np

from coursekit.check.numeric import numeric_gradient, numeric_jacobian
from coursekit.engine import (
    MLP,
    Map,
    affine,
    cross_entropy,
    cross_entropy_from_logits,
    half_squared_error,
    identity,
    jacobian,
    log_softmax,
    n_parameters,
    relu,
    sigmoid,
    softmax,
    tanh,
)
from coursekit.engine.arrays import Array
from coursekit.slides.examples import Scalar, logistic, random_batch, random_net
from coursekit.slides.row_checks import Statement, agree, hold, row_check


def two_layers(net: MLP, X: Array, hidden: Scalar = math.tanh) -> Array:
    """The sums of the output layer above one hidden layer, without the engine."""
    values: Array = np.vectorize(hidden)(X @ net.Ws[0].T + net.bs[0]) @ net.Ws[1].T + net.bs[1]
    return values


def flat_numeric_gradient(net: MLP, X: Array, Y: Array) -> Array:
    """The gradient of a network's loss by its flat parameters, by differences."""
    twin = MLP(net.sizes, activation=net.activations[0], output=net.activations[-1], loss=net.loss)

    def loss(theta: Array) -> float:
        twin.parameters.flat[:] = theta
        return twin.loss(twin(X), Y)

    return numeric_gradient(loss, net.parameters.flat).gradient


@row_check("CEE697M-C46")
def identity_output() -> None:
    """The output unit hands on its sum: its slope is 1 everywhere, and the network is affine in the last layer."""
    net, X = random_net([3, 5, 1]), random_batch(3)
    run = net.forward(X)
    agree(numeric_jacobian(lambda z: net.activations[-1](z[:, None])[:, 0], run.Z[-1][:, 0]), np.eye(6))
    agree(run.A[-1], two_layers(net, X))


def _head(task: str) -> Map:
    return {"regression": identity, "classification": softmax}[task]


@row_check("CEE697M-C14", printed={"CEE697M-C14": lambda task: identity})
def output_by_task(head: Statement = _head) -> None:
    """For regression the output units have no activation and no bound; for classes they end in a softmax."""
    X = random_batch(3)
    regression = random_net([3, 5, 2], output=head("regression"))
    regression.Ws[1][:] *= 1000
    hold(np.abs(regression(X)).max() > 100, "a regression can predict any number")
    classes = random_net([3, 5, 2], output=head("classification"))
    agree(classes(X).sum(axis=1), np.ones(6))
    for net, loss, Y in (
        (regression, half_squared_error, random_batch(2, seed=3)),
        (classes, cross_entropy, np.eye(2)[[0, 1, 1, 0, 1, 0]]),
    ):
        net.loss = loss
        agree(net.loss_and_gradient(X, Y)[1], flat_numeric_gradient(net, X, Y), within=1e-6)


@row_check("EECS545-E06")
def softmax_total_input() -> None:
    """Every output k has a total input of its own, from its own weight vector and its own bias."""
    X = random_batch(4)
    vectors = [np.array([0.5, -1.0, 2.0, 0.1]), np.array([1.0, 0.0, -0.5, 3.0]), np.array([0.2, 0.4, 0.6, 0.8])]
    biases = np.array([0.1, -0.2, 0.3])
    found = [[biases[k] + sum(x[i] * vectors[k][i] for i in range(4)) for k in range(3)] for x in X]
    agree(affine(X, np.array(vectors), biases), found)


@row_check("EECS545-E07", printed={"EECS545-E07": lambda j, k: j == k})
def softmax_neuron(depends: Statement = lambda j, k: True) -> None:
    """A softmax output is its exponential over the sum of all, so that it depends on the total inputs of all units."""
    Z = random_batch(4, N=3)
    agree(softmax(Z), [[math.exp(z) / sum(math.exp(other) for other in row) for z in row] for row in Z])
    agree(softmax(np.array([[1000.0, 1000.0 - math.log(3), -1000.0]])), [[0.75, 0.25, 0.0]])
    for z in Z:
        slopes = numeric_jacobian(lambda z: softmax(z[None])[0], z)
        agree([[depends(j, k) for k in range(4)] for j in range(4)], np.abs(slopes) > 1e-4)


@row_check("EECS545-C14")
def softmax_sums_to_one() -> None:
    """The softmax outputs of one sample are positive and add up to one, for moderate and for extreme inputs."""
    for Z in (random_batch(5), 300 * random_batch(5)):
        agree([math.fsum(row) for row in softmax(Z)], np.ones(6), within=1e-12)
        hold(softmax(Z).min() >= 0, "no softmax output is negative")
    hold(softmax(random_batch(5)).min() > 0, "softmax outputs are positive")


@row_check("EECS545-C15")
def softmax_derivative() -> None:
    """The softmax Jacobian is diag(h) - h h^T, of rank K - 1; after a cross-entropy it leaves p - y."""
    Z, Y = random_batch(4), np.eye(4)[[0, 1, 2, 3, 1, 0]]
    slopes = jacobian((softmax,), Z)
    for z, J in zip(Z, slopes, strict=True):
        h = np.array([math.exp(entry) for entry in z]) / sum(math.exp(entry) for entry in z)
        agree(J, np.diag(h) - np.outer(h, h))
        agree(J, numeric_jacobian(lambda z: np.exp(z) / np.exp(z).sum(), z))
        agree(np.linalg.matrix_rank(J), 3)
    numeric = numeric_gradient(lambda Z: -np.sum(Y * log_softmax(Z)), Z).gradient
    agree(cross_entropy_from_logits.gradient(Z, Y, "sum"), numeric)
    agree(softmax(Z) - Y, numeric)


@row_check("EECS545-C16")
def softmax_of_two() -> None:
    """With two classes the softmax is the logistic function of the difference of the two total inputs."""
    Z = random_batch(2)
    agree(softmax(Z)[:, 0], [logistic(z_1 - z_2) for z_1, z_2 in Z], within=1e-15)
    agree(softmax(Z)[:, 1], [logistic(z_2 - z_1) for z_1, z_2 in Z], within=1e-15)


@row_check("EECS545-C17")
def connectivity_and_activations() -> None:
    """The widths fix how many parameters there are; widths, parameters and activations fix what is computed."""
    X = random_batch(3)
    agree([n_parameters([3, 4, 2]), n_parameters([3, 2, 4, 2])], [16 + 10, 8 + 12 + 10])
    functions = ((tanh, math.tanh), (sigmoid, logistic), (relu, lambda z: max(z, 0.0)))
    outputs = []
    for activation, by_hand in functions:
        net = random_net([3, 4, 2], activation=activation)
        outputs.append(net(X))
        agree(net(X), two_layers(net, X, by_hand))
    hold(np.abs(outputs[0] - outputs[1]).max() > 0.1, "another activation makes another function")


@row_check("EECS545-C18")
def sigmoid_hidden_softmax_output() -> None:
    """Sigmoid units below a softmax give class probabilities, and a gradient that differences confirm."""
    net, X = random_net([3, 5, 4], activation=sigmoid, output=softmax), random_batch(3)
    powers = np.exp(two_layers(net, X, logistic))
    agree(net(X), powers / powers.sum(axis=1, keepdims=True))
    agree(net(X).sum(axis=1), np.ones(6))
    net.loss, Y = cross_entropy, np.eye(4)[[0, 1, 2, 3, 1, 0]]
    agree(net.loss_and_gradient(X, Y)[1], flat_numeric_gradient(net, X, Y))
