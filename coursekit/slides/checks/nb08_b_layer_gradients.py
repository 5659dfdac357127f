"""Checks of lecture NB08, second part: the gradients of an affine layer and of three activations, as layer boxes."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from coursekit.check.numeric import numeric_gradient
from coursekit.engine import (
    MLP,
    Map,
    affine,
    affine_jacobian_parameters,
    affine_map,
    affine_vjp,
    backward,
    forward,
    half_squared_error,
    jacobian,
    relu,
    sigmoid,
    squared_error,
    tanh,
    vjp,
)
from coursekit.engine.arrays import Array
from coursekit.slides.row_checks import Statement, agree, hold, row_check

# Inputs of the activations; none of them is 0, where the ReLU has no slope.
INPUTS = np.array([-2.0, -0.3, 0.2, 0.9, 3.0])
FROM_ABOVE = np.array([1.5, -0.7, 2.0, 0.4, -1.0])


def affine_layer(seed: int = 1, *, D: int = 3, M: int = 4) -> tuple[Array, Array, Array, Array]:
    """An input x (D,), W (M, D), b (M,) and the gradient of the loss by the layer's output, g (M,)."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal(D), rng.standard_normal((M, D)), rng.standard_normal(M), rng.standard_normal(M)


def sent_down(f: Map, x: Array, g: Array) -> Array:
    """The gradient by the input of one map from that by its output, by the engine's rule, for one vector."""
    below: Array = vjp((f,), x[None], g[None])[0]
    return below


def weighted_sum(f: Callable[[Array], Array], g: Array, x: Array) -> float:
    """A loss whose gradient by f(x) is g."""
    return float(sum(g_i * h_i for g_i, h_i in zip(g, f(x), strict=True)))


def numeric_below(f: Callable[[Array], Array], x: Array, g: Array) -> Array:
    """The gradient by the input from that by the output, by differences."""
    return numeric_gradient(partial(weighted_sum, f, g), x).gradient


def by_entries(h: Callable[[float], float], x: Array) -> Array:
    """A function of one number at every entry."""
    return np.array([h(float(entry)) for entry in x])


@row_check("EECS545-A2")
def sweep_from_the_output() -> None:
    """From the gradient by the output, layer by layer and top down, to all gradients by parameters and inputs."""
    rng = np.random.default_rng(2)
    net = MLP([3, 5, 4, 2]).initialize(rng)
    X, Y = rng.standard_normal((4, 3)), rng.standard_normal((4, 2))
    run = net.forward(X)
    sweep = backward(half_squared_error.gradient(run.A[-1], Y), run, net.Ws, net.activations)

    def loss(theta: Array) -> float:
        other = MLP(net.sizes)
        other.parameters.flat[...] = theta
        return half_squared_error(other(X), Y)

    by_layer = [np.append(dW, db) for dW, db in zip(sweep.dWs, sweep.dbs, strict=True)]
    agree(np.concatenate(by_layer), numeric_gradient(loss, net.parameters.flat).gradient)
    agree(sweep.dX, numeric_gradient(lambda X: half_squared_error(net(X), Y), X).gradient)


@row_check("EECS545-E41", printed={"EECS545-E41": lambda prediction, target: target})
def gradient_by_the_prediction(variable: Statement = lambda prediction, target: prediction) -> None:
    """The sweep starts with one derivative per output of the network, by the prediction and not by the target."""
    prediction, target = np.array([[0.5, -1.0, 2.0]]), np.array([[0.0, 1.0, 1.5]])
    at = variable(prediction, target)
    other = target if at is prediction else prediction
    numeric = numeric_gradient(lambda at: sum((at[0, i] - other[0, i]) ** 2 for i in range(3)), at).gradient
    agree(squared_error.gradient(prediction, target), numeric)


@row_check("EECS545-E42", printed={"EECS545-E42": lambda by_W, g: by_W.T @ g})
def gradient_by_the_weights(
    gradient: Statement = lambda by_W, g: (by_W.reshape(len(g), -1).T @ g).reshape(by_W.shape[1:]),
) -> None:
    """The gradient by W is the transposed Jacobian times the one above once W is written as a vector, row by row."""
    x, W, b, g = affine_layer()
    by_W = affine_jacobian_parameters(x[None], 4)[0].reshape(4, 4, 3)
    agree(gradient(by_W, g), numeric_gradient(lambda W: weighted_sum(lambda x: W @ x + b, g, x), W).gradient)
    agree(gradient(by_W, g), affine_vjp(g[None], x[None], W).dW)


@row_check("EECS545-E43")
def gradient_by_the_input() -> None:
    """The gradient by a layer's input is the transposed Jacobian times the gradient by its output."""
    x, W, b, g = affine_layer()
    layer = (affine_map(W, b), tanh)
    numeric = numeric_below(lambda x: np.tanh(W @ x + b), x, g)
    agree(jacobian(layer, x[None])[0].T @ g, numeric)
    agree(vjp(layer, x[None], g[None])[0], numeric)


@row_check("EECS545-F18")
def layer_box() -> None:
    """One gradient enters a layer's box from above, one leaves it below, and one each stays with W and with b."""
    x, W, b, g = affine_layer()
    run = forward(x[None], [W], [b], [tanh])
    box = backward(g[None], run, [W], [tanh])
    agree(box.dX[0] if box.dX is not None else (), numeric_below(lambda x: np.tanh(W @ x + b), x, g))
    agree(box.dWs[0], numeric_gradient(lambda W: weighted_sum(lambda x: np.tanh(W @ x + b), g, x), W).gradient)
    agree(box.dbs[0], numeric_gradient(lambda b: weighted_sum(lambda x: np.tanh(W @ x + b), g, x), b).gradient)


@row_check("EECS545-E44")
def affine_layer_by_entries() -> None:
    """Output i of an affine layer is the sum of w_ij x_j over all inputs j, plus b_i; the first index is the output."""
    x, W, b, _ = affine_layer()
    agree(affine(x[None], W, b)[0], [sum(W[i, j] * x[j] for j in range(3)) + b[i] for i in range(4)])


@row_check("EECS545-E45", printed={"EECS545-E45": lambda g, x: np.outer(g, x).ravel()})
def gradient_of_the_parameters(gradient: Statement = lambda g, x: np.append(np.outer(g, x), g)) -> None:
    """The gradient by w_ij is x_j times that by h_i, all together an outer product; that by b is the one above."""
    x, W, b, g = affine_layer()

    def loss(theta: Array) -> float:
        return weighted_sum(lambda x: theta[:12].reshape(4, 3) @ x + theta[12:], g, x)

    numeric = numeric_gradient(loss, np.append(W, b)).gradient
    agree(gradient(g, x), numeric)
    _, dW, db = affine_vjp(g[None], x[None], W)
    agree(np.append(dW, db), numeric)
    agree(dW, [[g[i] * x[j] for j in range(3)] for i in range(4)])


@row_check(
    "EECS545-E46",
    printed={"EECS545-E46": lambda W, g: [sum(W[i, j] * g[i] for j in range(3)) for i in range(4)]},
)
def gradient_of_the_input(
    gradient: Statement = lambda W, g: [sum(W[i, j] * g[i] for i in range(4)) for j in range(3)],
) -> None:
    """The derivative by x_j sums w_ij times the one by h_i over all outputs i: W^T times the gradient above."""
    x, W, b, g = affine_layer()
    numeric = numeric_below(lambda x: W @ x + b, x, g)
    agree(gradient(W, g), numeric)
    agree(affine_vjp(g[None], x[None], W).dX[0], numeric)


@row_check("EECS545-C27", printed={"EECS545-C27": np.ascontiguousarray})
def columns_and_rows(to_rows: Statement = np.transpose) -> None:
    """A vector per column becomes a vector per row by a transpose; in which order memory holds it is another matter."""
    _, W, b, _ = affine_layer()
    X = np.random.default_rng(3).standard_normal((6, 3))
    columns = np.asfortranarray(W @ X.T + b[:, None])
    agree(to_rows(columns), affine(X, W, b), within=1e-13)
    agree(affine(np.asfortranarray(X), W, b), affine(X, W, b), within=1e-13)


@row_check("EECS545-C28")
def several_samples_at_once() -> None:
    """For a batch the same formulas hold with matrices: dW and db add up over the samples, dX has a row for each."""
    _, W, _, _ = affine_layer()
    rng = np.random.default_rng(4)
    X, G = rng.standard_normal((6, 3)), rng.standard_normal((6, 4))
    dX, dW, db = affine_vjp(G, X, W)
    agree(dW, sum(np.outer(G[n], X[n]) for n in range(6)), within=1e-13)
    agree(db, sum(G[n] for n in range(6)), within=1e-13)
    agree(dX, [W.T @ G[n] for n in range(6)], within=1e-13)


@row_check("EECS545-E47")
def sigmoid_value() -> None:
    """The sigmoid is 1 / (1 + e^-x) of every entry."""
    agree(sigmoid(INPUTS[None])[0], by_entries(lambda x: 1 / (1 + math.exp(-x)), INPUTS))


@row_check("EECS545-E48")
def sigmoid_slope() -> None:
    """Through a sigmoid a derivative is multiplied by h (1 - h), number by number."""
    for x, g in zip(INPUTS, FROM_ABOVE, strict=True):
        h = 1 / (1 + math.exp(-x))
        below = sent_down(sigmoid, np.array([x]), np.array([g]))
        agree(below, [g * h * (1 - h)])
        agree(below, numeric_below(lambda x: 1 / (1 + np.exp(-x)), np.array([x]), np.array([g])), within=1e-8)


@row_check("EECS545-E49")
def sigmoid_gradient() -> None:
    """Through a layer of sigmoids a gradient is multiplied by h and by 1 - h, vector by vector."""
    h = 1 / (1 + np.exp(-INPUTS))
    agree(sent_down(sigmoid, INPUTS, FROM_ABOVE), FROM_ABOVE * h * (1 - h), within=1e-14)
    agree(np.diag(h * (1 - h)).T @ FROM_ABOVE, numeric_below(lambda x: 1 / (1 + np.exp(-x)), INPUTS, FROM_ABOVE))


@row_check("EECS545-E50")
def tanh_value() -> None:
    """The hyperbolic tangent is (e^x - e^-x) / (e^x + e^-x) of every entry."""
    ratio = by_entries(lambda x: (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x)), INPUTS)
    agree(tanh(INPUTS[None])[0], ratio)


@row_check("EECS545-E51")
def tanh_slope() -> None:
    """Through a tanh a derivative is multiplied by 1 - h^2, number by number."""
    for x, g in zip(INPUTS, FROM_ABOVE, strict=True):
        below = sent_down(tanh, np.array([x]), np.array([g]))
        agree(below, [g * (1 - math.tanh(x) ** 2)])
        agree(below, numeric_below(np.tanh, np.array([x]), np.array([g])), within=1e-8)


@row_check("EECS545-E52")
def tanh_gradient() -> None:
    """Through a layer of tanh units a gradient is multiplied by 1 - h h, vector by vector."""
    h = np.tanh(INPUTS)
    agree(sent_down(tanh, INPUTS, FROM_ABOVE), FROM_ABOVE * (1 - h * h), within=1e-14)
    agree(np.diag(1 - h * h).T @ FROM_ABOVE, numeric_below(np.tanh, INPUTS, FROM_ABOVE))


@row_check("EECS545-E53")
def relu_value() -> None:
    """The ReLU is the larger of x and 0, entry by entry."""
    agree(relu(INPUTS[None])[0], by_entries(lambda x: x if x > 0 else 0.0, INPUTS))


@row_check("EECS545-E54", printed={"EECS545-E54": lambda x: 1.0 if x > 0 else 0.0 if x < 0 else math.nan})
def relu_slope(slope: Statement = lambda x: 1.0 if x > 0 else 0.0) -> None:
    """A ReLU passes a derivative on where its input is positive, else 0; at 0, where it has no slope, the house says 0.

    Any number from 0 to 1 would do there: the slope from the left is 0, that from the right 1.
    """
    for x, g in [*zip(INPUTS, FROM_ABOVE, strict=True), (0.0, 2.5)]:
        agree(sent_down(relu, np.array([x]), np.array([g])), [g * slope(x)])
    agree(sent_down(relu, INPUTS, FROM_ABOVE), numeric_below(lambda x: np.maximum(x, 0), INPUTS, FROM_ABOVE))
    hold(bool(relu.kink(np.zeros((1, 1))).all()), "the slope at 0 is marked as a choice")
    agree(numeric_gradient(lambda x: max(float(x[0]), 0.0), np.zeros(1)).gradient, [0.5])


@row_check("EECS545-F19")
def activation_boxes() -> None:
    """Each practice box sends h up and a gradient of the same size down."""
    functions: dict[Map, Callable[[Array], Array]] = {
        sigmoid: lambda x: 1 / (1 + np.exp(-x)),
        tanh: np.tanh,
        relu: lambda x: np.maximum(x, 0),
    }
    unit_weights, no_biases = np.eye(5), np.zeros(5)
    for activation, f in functions.items():
        run = forward(INPUTS[None], [unit_weights], [no_biases], [activation])
        box = backward(FROM_ABOVE[None], run, [unit_weights], [activation])
        agree(run.A[-1][0], f(INPUTS))
        agree(box.dZs[0][0], numeric_below(f, INPUTS, FROM_ABOVE))
        agree(box.dZs[0].shape, run.A[-1].shape)
