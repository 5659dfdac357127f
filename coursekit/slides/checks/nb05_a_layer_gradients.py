"""Checks of lecture NB05, first half: what the chain rule makes of one layer, and of layers on one another."""

from functools import reduce

import numpy as np

from coursekit.check.numeric import numeric_gradient, numeric_jacobian
from coursekit.engine import (
    MLP,
    affine_map,
    affine_vjp,
    backward,
    forward,
    half_squared_error,
    jacobian,
    jacobian_parameters,
    tanh,
    vjp,
)
from coursekit.engine.arrays import Array
from coursekit.slides.row_checks import Statement, agree, row_check


def tanh_layer(seed: int = 1, *, D: int = 3, N: int = 4) -> tuple[Array, Array, Array]:
    """One input row and the parameters of a layer of tanh units: X (1, D), W (N, D), b (N,)."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((1, D)), rng.standard_normal((N, D)), rng.standard_normal(N)


def loss_of(h: Array) -> float:
    """The loss of one row of outputs, against targets 0, 1, 2, ..."""
    return half_squared_error(h[None], np.arange(float(len(h)))[None])


def loss_gradient(h: Array) -> Array:
    """The gradient of that loss by the engine's rule, for one row."""
    gradient: Array = half_squared_error.gradient(h[None], np.arange(float(len(h)))[None])[0]
    return gradient


@row_check("EECS545-C19")
def nested_layers() -> None:
    """A deep network applies its layers to one another, the first innermost."""
    rng = np.random.default_rng(2)
    net = MLP([3, 5, 4, 2], activation=tanh, output=tanh).initialize(rng)
    X = rng.standard_normal((6, 3))
    nested = reduce(lambda A, layer: np.tanh(A @ layer[0].T + layer[1]), zip(net.Ws, net.bs, strict=True), X)
    agree(net(X), nested)


@row_check("EECS545-E10")
def chain_rule_of_a_layer() -> None:
    """The gradient by an input adds up, over all outputs, the loss's slope times the output's slope."""
    X, W, b = tanh_layer()
    layer = (affine_map(W, b), tanh)
    h, J = np.tanh(X[0] @ W.T + b), jacobian(layer, X)[0]
    g = loss_gradient(h)
    numeric = numeric_gradient(lambda x: loss_of(np.tanh(W @ x + b)), X[0]).gradient
    agree([sum(J[i, k] * g[i] for i in range(4)) for k in range(3)], numeric)
    agree(J.T @ g, numeric)
    agree(vjp(layer, X, g[None])[0], numeric)


@row_check("EECS545-E11")
def gradient_by_the_output() -> None:
    """The gradient of the loss by N outputs has N entries a sample, and N columns in a batch."""
    X, W, b = tanh_layer()
    h = np.tanh(X[0] @ W.T + b)
    agree(loss_gradient(h), numeric_gradient(loss_of, h).gradient)
    batch, targets = np.stack([h, -h, 2 * h]), np.zeros((3, 4))
    agree(half_squared_error.gradient(batch, targets, "sum"), np.stack([h, -h, 2 * h]))


def _by_parameters(X: Array, W: Array, b: Array) -> Array:
    by = jacobian_parameters(X, [W], [b], [tanh], 1)
    return np.hstack([by.W[0], by.b[0]])


def _of_parameters(theta: Array, x: Array, D: int, N: int) -> Array:
    """The outputs of a tanh layer as a function of all its parameters in one vector, weights row by row first."""
    h: Array = np.tanh(theta[: N * D].reshape(N, D) @ x + theta[N * D :])
    return h


@row_check("EECS545-E12", printed={"EECS545-E12": lambda X, W, b: np.eye(len(W))})
def jacobian_by_the_parameters(by_parameters: Statement = _by_parameters) -> None:
    """The Jacobian of N outputs by M parameters has N rows and M columns, entry i, j being dh_i / dtheta_j."""
    X, W, b = tanh_layer()
    theta = np.concatenate([W.ravel(), b])
    agree(by_parameters(X, W, b), numeric_jacobian(lambda theta: _of_parameters(theta, X[0], 3, 4), theta))


@row_check("EECS545-E13")
def gradient_by_the_parameters() -> None:
    """The gradient of the loss by M parameters has M entries: the layer's Jacobian, transposed, times the one above."""
    X, W, b = tanh_layer()
    theta = np.concatenate([W.ravel(), b])
    numeric = numeric_gradient(lambda theta: loss_of(_of_parameters(theta, X[0], 3, 4)), theta).gradient
    run = forward(X, [W], [b], [tanh])
    gradients = backward(loss_gradient(run.A[1][0])[None], run, [W], [tanh])
    agree(np.concatenate([gradients.dWs[0].ravel(), gradients.dbs[0]]), numeric)
    agree(_by_parameters(X, W, b).T @ loss_gradient(run.A[1][0]), numeric)


@row_check("EECS545-E14", printed={"EECS545-E14": lambda X, W, b: np.eye(X.shape[1])})
def jacobian_by_the_input(
    by_input: Statement = lambda X, W, b: jacobian((affine_map(W, b), tanh), X)[0],
) -> None:
    """The Jacobian of N outputs by D inputs has N rows and D columns, entry i, j being dh_i / dx_j."""
    X, W, b = tanh_layer()
    agree(by_input(X, W, b), numeric_jacobian(lambda x: np.tanh(W @ x + b), X[0]))


@row_check("EECS545-E15")
def gradient_by_the_input() -> None:
    """The gradient of the loss by D inputs has D entries."""
    X, W, b = tanh_layer()
    run = forward(X, [W], [b], [tanh])
    gradients = backward(loss_gradient(run.A[1][0])[None], run, [W], [tanh])
    agree(gradients.dX, numeric_gradient(lambda x: loss_of(np.tanh(W @ x + b)), X[0]).gradient[None])


@row_check("EECS545-C21")
def gradients_from_the_one_above() -> None:
    """The gradient by a layer's output is all it takes for the gradients by its parameters and by its input."""
    X, W, b = tanh_layer()
    above = np.array([[0.5, -2.0, 1.0, 3.0]])
    Z = X @ W.T + b
    dX, dW, db = affine_vjp(tanh.vjp(above, Z, np.tanh(Z)), X, W)
    agree(dX, numeric_gradient(lambda X: (above * np.tanh(X @ W.T + b)).sum(), X).gradient)
    agree(dW, numeric_gradient(lambda W: (above * np.tanh(X @ W.T + b)).sum(), W).gradient)
    agree(db, numeric_gradient(lambda b: (above * np.tanh(X @ W.T + b)).sum(), b).gradient)


@row_check("EECS545-C22")
def recursion_to_the_lowest_layer() -> None:
    """The same step from layer to layer, from the top down, yields every gradient of a deep network."""
    rng = np.random.default_rng(3)
    net = MLP([3, 5, 4, 2], activation=tanh).initialize(rng)
    X, Y = rng.standard_normal((6, 3)), rng.standard_normal((6, 2))
    run = net.forward(X)
    dA, dWs, dbs = half_squared_error.gradient(run.A[-1], Y), {}, {}
    for layer in (2, 1, 0):
        dZ = net.activations[layer].vjp(dA, run.Z[layer], run.A[layer + 1])
        dA, dWs[layer], dbs[layer] = affine_vjp(dZ, run.A[layer], net.Ws[layer])

    def loss(theta: Array) -> float:
        other = MLP([3, 5, 4, 2], activation=tanh)
        other.parameters.flat[...] = theta
        return half_squared_error(other(X), Y)

    flat = np.concatenate([np.append(dWs[layer], dbs[layer]) for layer in range(3)])
    agree(flat, numeric_gradient(loss, net.parameters.flat).gradient)
    agree(dA, numeric_gradient(lambda X: half_squared_error(net(X), Y), X).gradient)


@row_check("EECS545-F13")
def arrows_of_a_layer() -> None:
    """One gradient comes into a layer from above, one leaves it downwards, and those of its parameters stay.

    The last add up over the samples; the others keep one row for each of them.
    """
    _, W, b = tanh_layer()
    rng = np.random.default_rng(4)
    X, above = rng.standard_normal((6, 3)), rng.standard_normal((6, 4))
    run = forward(X, [W], [b], [tanh])
    arrows = backward(above, run, [W], [tanh])
    slopes = 1 - run.A[1] ** 2
    agree(arrows.dX, [(above[n] * slopes[n]) @ W for n in range(6)])
    agree(arrows.dWs[0], sum(np.outer(above[n] * slopes[n], X[n]) for n in range(6)))
    agree(arrows.dbs[0], sum(above[n] * slopes[n] for n in range(6)))
