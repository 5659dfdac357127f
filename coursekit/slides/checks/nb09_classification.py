"""Checks of lecture NB09: classifiers, from the softmax and the cross-entropy to activations of whole vectors."""

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
    affine_vjp,
    augment,
    cross_entropy,
    cross_entropy_from_logits,
    forward,
    jacobian,
    log_softmax,
    log_sum_exp,
    loss_and_gradients,
    max_units,
    n_parameters,
    path_derivative,
    paths,
    relu,
    sigmoid,
    softmax,
    tanh,
    vjp,
)
from coursekit.engine.arrays import Array
from coursekit.slides.row_checks import Statement, agree, hold, row_check


def shares(a: Array) -> Array:
    """e^a_c over the sum of all e^a_c, number by number."""
    exponentials = [math.exp(a_c) for a_c in a]
    return np.array([exponential / math.fsum(exponentials) for exponential in exponentials])


def one_layer() -> tuple[Array, Array, Array]:
    """Three inputs, the weights and biases of four units."""
    rng = np.random.default_rng(4)
    return rng.standard_normal(3), rng.standard_normal((4, 3)) / 2, rng.standard_normal(4) / 2


def on_one_row(f: Map) -> Callable[[Array], Array]:
    """The same map for one vector in place of a batch."""
    return lambda z: f(z[None])[0]


def clusters(K: int, *, each: int = 10) -> tuple[Array, Array]:
    """K groups of points around a circle and their one-hot rows."""
    angles = 2 * np.pi * np.arange(K) / K
    centres = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    labels = np.repeat(np.arange(K), each)
    X = centres[labels] + 0.2 * np.random.default_rng(0).standard_normal((len(labels), 2))
    return X, np.eye(K)[labels]


def descend(net: MLP, X: Array, Y: Array, *, lr: float, steps: int) -> float:
    """The loss after so many steps of gradient descent on the whole batch."""
    for _ in range(steps):
        net.parameters.flat -= lr * net.loss_and_gradient(X, Y)[1]
    return net.loss(net(X), Y)


@row_check("CEE616-C37", "CEE697M-C51")
def shared_trunk() -> None:
    """A classifier has the input and hidden layers of a regression network; only its last layer is another."""
    rng = np.random.default_rng(1)
    regression = MLP([5, 8, 6, 1], activation=relu).initialize(rng)
    classifier = MLP([5, 8, 6, 3], activation=relu, loss=cross_entropy_from_logits)
    trunk = 5 * 8 + 8 + 8 * 6 + 6
    classifier.parameters.flat[:trunk] = regression.parameters.flat[:trunk]
    X = rng.standard_normal((4, 5))
    hidden = np.maximum(np.maximum(X @ regression.Ws[0].T, 0) @ regression.Ws[1].T, 0)
    agree(classifier.forward(X).A[2], hidden)
    agree(regression.forward(X).A[2], hidden)
    agree([n_parameters(net.sizes) - trunk for net in (regression, classifier)], [7, 21])


@row_check(
    "CEE616-C38",
    "CEE697M-C52",
    printed={"CEE616-C38": lambda labels: labels[0], "CEE697M-C52": lambda labels: labels[0]},
)
def one_output_per_class(width: Statement = lambda labels: len(set(labels))) -> None:
    """A classifier has as many outputs as there are classes, whatever these are called."""
    names = (4, 7, 9)
    X, Y = clusters(3)
    labels = [names[c] for c in Y.argmax(axis=1)]
    net = MLP([2, width(labels)], loss=cross_entropy_from_logits)
    descend(net, X, Y, lr=0.5, steps=50)
    agree([names[c] for c in net(X).argmax(axis=1)], labels)


def _one_component(a: Array, c: int) -> float:
    return float(softmax(a[None, c : c + 1])[0, 0])


@row_check(
    "CEE616-E47",
    "CEE697M-E65",
    "EECS545-E36",
    printed={"CEE616-E47": _one_component, "CEE697M-E65": _one_component},
)
def softmax_output(output: Statement = lambda a, c: np.exp(a[c]) / np.exp(a).sum()) -> None:
    """The softmax turns a whole vector into positive shares of 1; the one of a number by itself would always be 1."""
    agree([output(np.log([1.0, 2.0, 5.0]), c) for c in range(3)], [1 / 8, 2 / 8, 5 / 8])
    a = np.array([0.4, -1.3, 2.1, 0.9])
    o = np.array([output(a, c) for c in range(4)])
    agree(softmax(a[None])[0], o)
    agree(softmax(a[None] + 1000)[0], o)
    agree(softmax(np.array([[1000.0, -1000.0]])), [[1, 0]])
    agree(jacobian((softmax,), a[None])[0], numeric_jacobian(lambda a: [output(a, c) for c in range(4)], a))
    agree(np.diag(o) - np.outer(o, o), numeric_jacobian(shares, a))


@row_check("CEE616-C39", "CEE697M-C53")
def unnormalised_log_probabilities() -> None:
    """What goes into the softmax are log-probabilities up to one common constant; differences are log odds."""
    p = [0.2, 0.3, 0.5]
    a = np.array([[math.log(p_c) + 7 for p_c in p]])
    agree(softmax(a)[0], p, within=1e-12)
    agree(log_sum_exp(a), [[7]], within=1e-12)
    agree(log_softmax(a)[0], [math.log(p_c) for p_c in p], within=1e-12)
    agree(a[0, 2] - a[0, 0], math.log(0.5 / 0.2), within=1e-12)


def _softmax_of_each_by_itself(y: Array, a: Array) -> float:
    return -math.fsum(y[c] * math.log(_one_component(a, c)) for c in range(len(a)))


def _softmax_of_all(y: Array, a: Array) -> float:
    return -math.fsum(y[c] * math.log(softmax(a[None])[0, c]) for c in range(len(a)))


@row_check("CEE616-E48", printed={"CEE616-E48": _softmax_of_each_by_itself})
def categorical_cross_entropy(loss: Statement = _softmax_of_all) -> None:
    """The categorical cross-entropy of one sample is minus the log-probability given to its class."""
    a, y = np.array([0.4, -1.3, 2.1]), np.array([0.0, 1.0, 0.0])
    agree(loss(y, a), -math.log(shares(a)[1]))
    agree(loss(y, a), cross_entropy(softmax(a[None]), y[None]))
    gradient = cross_entropy_from_logits.gradient(a[None], y[None])[0]
    agree(gradient, numeric_gradient(lambda a: loss(y, a), a).gradient)
    agree(gradient, shares(a) - y)
    agree(cross_entropy_from_logits(np.array([[1000.0, -1000.0, 0.0]]), y[None]), 2000)


@row_check("CEE616-C40")
def negative_log_likelihood() -> None:
    """The cross-entropy of labelled samples is minus the log of the probability of all the labels together."""
    rng = np.random.default_rng(2)
    logits, labels = rng.standard_normal((6, 4)), rng.integers(4, size=6)
    likelihood = math.prod(float(shares(a)[c]) for a, c in zip(logits, labels, strict=True))
    Y = np.eye(4)[labels]
    agree(cross_entropy_from_logits(logits, Y, "sum"), -math.log(likelihood))
    agree(cross_entropy(softmax(logits), Y), -math.log(likelihood) / 6)


@row_check("CEE697M-C54")
def classification_loss() -> None:
    """With the mean cross-entropy after a softmax, a batch sends (p - y) / N back to its logits."""
    rng = np.random.default_rng(3)
    net = MLP([3, 5, 4], loss=cross_entropy_from_logits).initialize(rng)
    X, Y = rng.standard_normal((6, 3)), np.eye(4)[rng.integers(4, size=6)]

    def loss(Z: Array) -> float:
        return -sum(math.log(shares(z) @ y) for z, y in zip(Z, Y, strict=True)) / 6

    logits = net(X)
    returned = loss_and_gradients(X, Y, net.Ws, net.bs, net.activations, net.loss)[1].dZs[-1]
    agree(returned, numeric_gradient(loss, logits).gradient)
    agree(returned, [(shares(z) - y) / 6 for z, y in zip(logits, Y, strict=True)])


@row_check("EECS545-E35")
def hidden_units() -> None:
    """Unit j adds up its weighted inputs and its bias and applies f; all units at once are a matrix product."""
    x, W, b = one_layer()
    by_hand = [math.tanh(math.fsum(W[j, i] * x[i] for i in range(3)) + b[j]) for j in range(4)]
    agree(forward(x[None], [W], [b], [tanh]).A[-1][0], by_hand)


@row_check("EECS545-E37", printed={"EECS545-E37": lambda y, p: y @ np.log(p)})
def sign_of_the_cross_entropy(loss: Statement = lambda y, p: -(y @ np.log(p))) -> None:
    """With its minus sign the cross-entropy is never negative, and the better the prediction the smaller it is."""
    y = np.array([0.0, 1.0, 0.0])
    good, poor = np.array([0.1, 0.8, 0.1]), np.array([0.5, 0.2, 0.3])
    agree([loss(y, p) for p in (good, poor)], [math.log(10 / 8), math.log(5)])
    agree([cross_entropy(p[None], y[None]) for p in (good, poor)], [loss(y, p) for p in (good, poor)])
    hold(0 <= loss(y, good) < loss(y, poor), "the loss is positive and smaller for the better prediction")


@row_check("EECS545-F16")
def classification_network() -> None:
    """Each input is joined to every unit and each unit, by the softmax, to every probability: D K + K^2 edges."""
    x, W, b = one_layer()
    h = np.tanh(W @ x + b)
    units = jacobian((affine_map(W, b), tanh), x[None])[0]
    outputs = jacobian((softmax,), h[None])[0]
    below = [(f"x_{i}", f"h_{j}", float(units[j, i])) for j, i in np.argwhere(units)]
    graph = InfluenceGraph([*below, *((f"h_{j}", f"p_{k}", float(outputs[k, j])) for k, j in np.argwhere(outputs))])
    routes = list(paths(graph, "x_1", "p_2"))
    agree([len(graph.nodes), len(graph.edges), len(routes)], [3 + 4 + 4, 12 + 16, 4])
    agree(n_parameters([3, 4]), 12 + 4)
    numeric = numeric_jacobian(lambda x: shares(np.tanh(W @ x + b)), x)
    agree(sum(path_derivative(route) for route in routes), numeric[2, 1])


def _with_an_output_layer(K: int) -> MLP:
    return MLP([2, K, K], activation=sigmoid, loss=cross_entropy_from_logits)


def _softmax_on_the_hidden_units(K: int) -> MLP:
    return MLP([2, K], output=sigmoid, loss=cross_entropy_from_logits)


@row_check("EECS545-C24", printed={"EECS545-C24": _softmax_on_the_hidden_units})
def output_layer(network: Statement = _with_an_output_layer) -> None:
    """A softmax on sigmoid units cannot become certain; with an affine layer in between the loss falls further."""
    for K, largest in ((2, 0.731), (10, 0.232)):
        corners = np.indices((2,) * K).reshape(K, -1).T.astype(float)
        agree(softmax(corners).max(), largest, within=5e-4)
    X, Y = clusters(3)
    floor = math.log(1 + (3 - 1) / math.e)
    squashed = _softmax_on_the_hidden_units(3).initialize(np.random.default_rng(5))
    hold(floor < descend(squashed, X, Y, lr=2.0, steps=300) < 1.1 * floor, "squashed logits end just above the floor")
    stated = network(3).initialize(np.random.default_rng(5))
    hold(descend(stated, X, Y, lr=2.0, steps=300) < floor / 4, "the loss falls far below log(1 + (K - 1) / e)")


@row_check(
    "EECS545-E38", printed={"EECS545-E38": lambda y, h: math.log(sum(math.exp(h_k) for h_k in h)) - float(y @ h)}
)
def cross_entropy_of_logits(
    loss: Statement = lambda y, h: float(y.sum()) * math.log(sum(math.exp(h_k) for h_k in h)) - float(y @ h),
) -> None:
    """In the cross-entropy the log of the sum counts as often as the targets add up to, once for a one-hot target."""
    h = np.array([0.4, -1.3, 2.1])
    for y in np.array([[0.0, 1.0, 0.0], [0.2, 0.3, 0.5], [1.0, 0.0, 1.0]]):
        by_hand = -sum(y_i * math.log(p_i) for y_i, p_i in zip(y, shares(h), strict=True))
        agree(loss(y, h), by_hand, within=1e-12)
        agree(cross_entropy_from_logits(h[None], y[None]), by_hand, within=1e-12)


@row_check("EECS545-E39")
def gradient_by_the_logits() -> None:
    """The loss's slope by logit j is p_j - y_j, and these add up to 0; targets of sum s make it s p_j - y_j."""
    h = np.array([0.4, -1.3, 2.1])
    for y, total in (([0.0, 1.0, 0.0], 1.0), ([0.2, 0.3, 0.5], 1.0), ([1.0, 0.0, 1.0], 2.0)):
        target = np.array(y)
        gradient = cross_entropy_from_logits.gradient(h[None], target[None])[0]
        agree(gradient, numeric_gradient(partial(_softmax_of_all, target), h).gradient)
        agree(gradient, total * shares(h) - target)
        agree(gradient.sum(), 0)


@row_check("EECS545-E40", printed={"EECS545-E40": lambda slopes, x, dh: np.outer(slopes * dh, [0, *x])})
def gradient_by_weights_and_bias(
    gradient: Statement = lambda slopes, x, dh: np.outer(slopes * dh, [1, *x]),
) -> None:
    """The gradient by a weight is f' of its unit times its input times what comes back; the bias has the input 1."""
    x, W, b = one_layer()
    y = np.array([0.0, 0.0, 1.0, 0.0])
    h = np.tanh(W @ x + b)
    stated = gradient(1 - h**2, x, shares(h) - y)
    dZ = vjp((tanh,), x[None] @ W.T + b, cross_entropy_from_logits.gradient(h[None], y[None]))
    Wb = np.hstack([b[:, None], W])
    agree(stated, affine_vjp(dZ, augment(x[None]), Wb).dW)
    agree(stated, numeric_gradient(lambda Wb: -math.log(shares(np.tanh(Wb @ [1, *x])) @ y), Wb).gradient)


def _moved(f: Callable[[Array], Array], z: Array) -> Array:
    """For each input, a row that says which outputs change when it alone is moved."""
    return np.array([np.abs(f(z + 0.1 * step) - f(z)) > 1e-9 for step in np.eye(len(z))])


@row_check("CSC561-F12")
def influence_of_an_activation() -> None:
    """A scalar activation joins M inputs to M outputs by M edges, a vector activation by M^2."""
    z = np.array([0.4, -1.3, 2.1, 0.9, -0.2])
    for f, edges in ((sigmoid, 5), (softmax, 25)):
        J = jacobian((f,), z[None])[0]
        agree(np.count_nonzero(J), edges)
        agree((J != 0).T, _moved(on_one_row(f), z))


ABOVE = np.array([[0.8, -0.5, 1.1, 0.3], [-1.2, 0.7, 0.4, -0.9], [0.5, 1.3, -0.6, 0.2]])
Z = np.array([0.4, -1.3, 2.1, 0.9])


def _loss_above(y: Array) -> float:
    """A loss of a layer's outputs through one more affine layer and a softmax."""
    return -math.log(shares(ABOVE @ y)[1])


def _slope_above(y: Array) -> Array:
    """The gradient of that loss by y, by the engine's rules."""
    gradient: Array = vjp((affine_map(ABOVE), log_softmax), y[None], np.array([[0.0, -1.0, 0.0]]))[0]
    return gradient


@row_check("CSC561-E20")
def scalar_activation() -> None:
    """Below a scalar activation, the derivative by z_i is that by y_i times the slope of y_i at z_i."""
    y = np.array([1 / (1 + math.exp(-z)) for z in Z])
    dy = _slope_above(y)
    numeric = numeric_gradient(lambda z: _loss_above(1 / (1 + np.exp(-z))), Z).gradient
    agree([dy[i] * y[i] * (1 - y[i]) for i in range(4)], numeric)
    agree(vjp((sigmoid,), Z[None], dy[None])[0], numeric)


@row_check("CSC561-C14")
def elementwise_product() -> None:
    """To multiply by the diagonal Jacobian of a scalar activation is to multiply entry by entry, to the last bit."""
    G = np.random.default_rng(6).standard_normal((3, 4))
    Zs = np.stack([Z, 2 * Z, -Z])
    for f in (sigmoid, tanh, relu):
        J = jacobian((f,), Zs)
        agree(vjp((f,), Zs, G), [g @ J_n for g, J_n in zip(G, J, strict=True)], within=0)
        agree(vjp((f,), Zs, G), G * [np.diag(numeric_jacobian(on_one_row(f), z)) for z in Zs])


@row_check("CSC561-E21")
def vector_activation() -> None:
    """Below a vector activation, the derivative by z_i adds up over all outputs; that of output i alone is wrong."""
    y = shares(Z)
    dy, J = _slope_above(y), jacobian((softmax,), Z[None])[0]
    numeric = numeric_gradient(lambda z: _loss_above(shares(z)), Z).gradient
    agree([sum(dy[j] * J[j, i] for j in range(4)) for i in range(4)], numeric)
    agree(vjp((softmax,), Z[None], dy[None])[0], numeric)
    hold(bool((np.abs(dy * np.diag(J) - numeric) > 0.15 * np.abs(numeric)).all()), "every sum needs its other terms")


@row_check("CSC561-E22")
def scalar_activation_has_a_diagonal_jacobian() -> None:
    """Output j of a scalar activation does not depend on input i: the general sum has one term left."""
    for f in (sigmoid, tanh, relu):
        numeric = numeric_jacobian(on_one_row(f), Z)
        agree(numeric - np.diag(np.diag(numeric)), np.zeros((4, 4)), within=1e-12)
        agree(jacobian((f,), Z[None])[0], numeric)


def _half_squares(f: Map, target: Array, z: Array) -> float:
    return float(((f(z[None])[0] - target) ** 2).sum() / 2)


@row_check("CSC561-C15")
def activation_with_fewer_outputs() -> None:
    """The sum over the outputs is the same rule where an activation has fewer outputs than inputs, or more."""
    halves = max_units([[0, 1], [2, 3]])
    triples = max_units([[0, 1], [1, 2], [2, 3], [0, 3], [0, 2], [1, 3]])
    for f, M in ((halves, 2), (triples, 6)):
        target = np.linspace(-1, 1, M)
        J, dy = jacobian((f,), Z[None])[0], f(Z[None])[0] - target
        agree(J.shape, (M, 4))
        numeric = numeric_gradient(partial(_half_squares, f, target), Z).gradient
        agree([sum(dy[j] * J[j, i] for j in range(M)) for i in range(4)], numeric)
        agree(vjp((f,), Z[None], dy[None])[0], numeric)
