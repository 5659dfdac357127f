"""Checks of lecture NB04: losses of a batch, and gradient descent on them."""

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from coursekit.check.numeric import numeric_gradient
from coursekit.engine import (
    MLP,
    History,
    Loss,
    Map,
    ShapeError,
    cross_entropy,
    cross_entropy_from_logits,
    fit,
    gradient_descent,
    half_squared_error,
    identity,
    loss_and_gradients,
    loss_factor,
    minibatches,
    sigmoid,
    softmax,
    squared_error,
    tanh,
)
from coursekit.engine.arrays import Array
from coursekit.slides.row_checks import Statement, agree, hold, row_check


def problem(K: int = 2, N: int = 12) -> tuple[Array, Array]:
    """Inputs (N, 3) and targets (N, K) of a regression without noise."""
    X = np.random.default_rng(1).standard_normal((N, 3))
    return X, np.sin(X @ np.arange(1, 3 * K + 1).reshape(3, K) / 4)


def labels(N: int = 12) -> Array:
    """One-hot rows of three classes."""
    return np.eye(3)[np.arange(N) * 7 % 5 % 3]


def random_net(*, K: int = 2, output: Map = identity, loss: Loss = half_squared_error) -> MLP:
    """A network with five hidden units and K outputs, all of its parameters random."""
    net = MLP([3, 5, K], activation=tanh, output=output, loss=loss)
    net.parameters.flat[:] = np.random.default_rng(2).standard_normal(len(net.parameters)) / 2
    return net


def predictions(theta: Array, X: Array, K: int = 2) -> Array:
    """The outputs of such a network, from its flat parameters W1, b1, W2, b2, without the engine."""
    W_1, b_1, W_2, b_2 = np.split(theta, np.cumsum([15, 5, 5 * K]))
    outputs: Array = np.tanh(X @ W_1.reshape(5, 3).T + b_1) @ W_2.reshape(K, 5).T + b_2
    return outputs


def mean_half_squares(theta: Array, X: Array, Y: Array) -> float:
    """The mean over the samples of half the squared error of such a network."""
    return float(((predictions(theta, X) - Y) ** 2).sum() / 2 / len(X))


def slopes_of_loss(theta: Array, X: Array, Y: Array) -> Array:
    """The gradient of that loss by all parameters, by differences."""
    return numeric_gradient(lambda theta: mean_half_squares(theta, X, Y), theta).gradient


def descend(net: MLP, X: Array, Y: Array, lr: float, steps: int = 1) -> History:
    """Train by gradient descent on the whole batch."""
    return fit(net, X, Y, optimizer=gradient_descent, lr=lr, epochs=steps)


@row_check("CEE697M-E14", printed={"CEE697M-E14": lambda eta, N: eta})
def sum_of_squared_errors(same_step: Statement = lambda eta, N: 2 * N * eta) -> None:
    """The squared errors add up over outputs and samples; the mean half loss takes the same step with 2 N times eta."""
    X, Y = problem()
    net = random_net()
    F = net(X)
    agree(squared_error(F, Y, "sum"), sum((Y[n, k] - F[n, k]) ** 2 for k in range(2) for n in range(12)))
    agree(squared_error(F, Y, "sum"), 12 * 2 * squared_error(F, Y, "mean_entries"))
    agree(squared_error.gradient(F, Y, "sum"), numeric_gradient(lambda F: ((Y - F) ** 2).sum(), F).gradient)
    agree(2 * (F - Y), squared_error.gradient(F, Y, "sum"))
    eta = 0.01
    for N in (4, 12):
        step = eta * squared_error.gradient(F[:N], Y[:N], "sum")
        agree(same_step(eta, N) * half_squared_error.gradient(F[:N], Y[:N]), step)
        agree(same_step(eta, N), eta * loss_factor("sse", N, 2) / loss_factor("half_se", N, 2))


@row_check("CEE697M-E15")
def squared_error_of_one_output() -> None:
    """With one output the loss is the sum over samples; targets without their column are refused, not broadcast."""
    X, Y = problem(K=1)
    F = random_net(K=1)(X)
    agree(squared_error(F, Y, "sum"), math.fsum((y - f) ** 2 for y, f in zip(Y[:, 0], F[:, 0], strict=True)))
    hold(abs(((Y[:, 0] - F) ** 2).sum() - squared_error(F, Y, "sum")) > 1, "the broadcast sum has N^2 terms")
    try:
        squared_error(F, Y[:, 0], "sum")
    except ShapeError:
        return
    hold(False, "a target of shape (N,) is refused")


@row_check("CEE697M-E16", printed={"CEE697M-E16": lambda cross_entropy: cross_entropy})
def cross_entropy_of_classes(deviance: Statement = lambda cross_entropy: 2 * cross_entropy) -> None:
    """The cross-entropy is minus the log-likelihood of the true classes; the deviance is twice as much."""
    X, Y = problem()[0], labels()
    logits = random_net(K=3)(X)
    P = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    likelihood = math.prod(float(P[n, Y[n].argmax()]) for n in range(12))
    agree(cross_entropy(softmax(logits), Y, "sum"), -math.log(likelihood))
    agree(deviance(cross_entropy_from_logits(logits, Y, "sum")), -2 * math.log(likelihood))
    slopes = numeric_gradient(lambda Z: np.sum(Y * (np.log(np.exp(Z).sum(axis=1, keepdims=True)) - Z)), logits)
    agree(cross_entropy_from_logits.gradient(logits, Y, "sum"), slopes.gradient)
    agree(P - Y, slopes.gradient)


@cache
def trained(lr: float, steps: int = 300) -> tuple[float, ...]:
    """The losses while such a network is trained with small steps."""
    return tuple(descend(random_net(), *problem(), lr, steps).loss)


@row_check("CEE697M-C47")
def training_by_descent() -> None:
    """Training chooses weights and biases so that the loss falls, with small steps at each of them."""
    losses = np.array(trained(0.1))
    X, Y = problem()
    agree(losses[0], mean_half_squares(random_net().parameters.flat, X, Y))
    hold(bool((np.diff(losses) < 0).all()), "every small step lowers the loss")
    hold(losses[-1] < losses[0] / 4, "training lowers the loss")


@row_check("CEE697M-E17")
def descent_step() -> None:
    """The new weight is the old one minus the learning rate times its slope; the loss falls by eta times |slope|^2."""
    X, Y = problem()
    for eta in (1e-2, 1e-3):
        net = random_net()
        old = net.parameters.flat.copy()
        slopes = slopes_of_loss(old, X, Y)
        descend(net, X, Y, eta)
        agree(net.parameters.flat, old - eta * slopes)
        fall = mean_half_squares(old, X, Y) - mean_half_squares(net.parameters.flat, X, Y)
        agree(fall / (eta * np.sum(slopes**2)), 1, within=20 * eta)


@row_check("CEE697M-C48")
def gradients_by_backpropagation() -> None:
    """Backpropagation gives every derivative of the loss that differences show."""
    X, Y = problem()
    net = random_net()
    agree(net.loss_and_gradient(X, Y)[1], slopes_of_loss(net.parameters.flat, X, Y))


def cost_of_chain(theta: Array, x: float = 0.7, y: float = 2.0) -> float:
    """(a - y)^2 / 2 for a chain of four neurons with parameters w1, b1, ..., w4, b4, the last without activation."""
    a = x
    for layer in range(4):
        z = float(theta[2 * layer]) * a + float(theta[2 * layer + 1])
        a = math.tanh(z) if layer < 3 else z
    return (a - y) ** 2 / 2


def chain_after(r: int, *, eta: float = 0.05) -> MLP:
    """The chain of four neurons after r steps of gradient descent."""
    chain = MLP([1, 1, 1, 1, 1], activation=tanh)
    chain.parameters.flat[:] = [0.9, 0.2, -1.1, 0.3, 1.3, -0.2, 0.8, 0.1]
    if r:
        descend(chain, np.array([[0.7]]), np.array([[2.0]]), eta, r)
    return chain


def agree_after_step(name: str, r: int, *, eta: float = 0.05) -> None:
    """One parameter of the chain at step r + 1 is that at step r minus eta times the slope of the cost there."""
    before, after = chain_after(r, eta=eta), chain_after(r + 1, eta=eta)
    position = list(before.parameters.shapes).index(name)
    slope = numeric_gradient(cost_of_chain, before.parameters.flat).gradient[position]
    hold(abs(eta * slope) > 1e-4, "the step is long enough to be seen")
    agree(after.parameters[name].item(), before.parameters[name].item() - eta * slope, within=1e-8)


@row_check("CEE697M-E25", "CEE697M-E46")
def step_of_the_last_weight() -> None:
    """The last weight steps against its own slope, from r to r + 1 as from 0 to 1."""
    for r in (0, 3):
        agree_after_step("W4", r)


@row_check("CEE697M-E26", "CEE697M-E47")
def step_of_the_last_bias() -> None:
    """The last bias steps against its own slope, from r to r + 1 as from 0 to 1."""
    for r in (0, 3):
        agree_after_step("b4", r)


@row_check("CEE697M-E37", "CEE697M-E50")
def step_of_the_weight_before() -> None:
    """The weight of the layer before steps against its slope at the old parameters, those of layer L among them."""
    for r in (0, 3):
        agree_after_step("W3", r)


@row_check("CEE697M-E38", "CEE697M-E51")
def step_of_the_bias_before() -> None:
    """The bias of the layer before steps against its slope at the old parameters, those of layer L among them."""
    for r in (0, 3):
        agree_after_step("b3", r)


@row_check("CEE697M-E55")
def step_of_a_weight_two_layers_down() -> None:
    """The weight of layer L - 2 steps against its slope at the initial parameters of all layers."""
    agree_after_step("W2", 0)


@row_check("CEE697M-E56")
def step_of_a_bias_two_layers_down() -> None:
    """The bias of layer L - 2 steps against its slope at the initial parameters of all layers."""
    agree_after_step("b2", 0)


@row_check("CEE697M-E59")
def step_of_the_first_weight() -> None:
    """The first weight steps against its slope at the initial parameters of all layers."""
    agree_after_step("W1", 0)


@row_check("CEE697M-E60")
def step_of_the_first_bias() -> None:
    """The first bias steps against its slope at the initial parameters of all layers."""
    agree_after_step("b1", 0)


@row_check("EECS545-A1")
def minibatch_training() -> None:
    """Each iteration draws a mini-batch, predicts, takes the loss and its gradient, and steps; the loss falls."""
    X, Y = problem()
    net, theta = random_net(), random_net().parameters.flat.copy()
    fit(net, X, Y, optimizer=gradient_descent, lr=0.1, epochs=1, batch_size=5, rng=np.random.default_rng(3))
    batches = list(minibatches(12, 5, np.random.default_rng(3)))
    agree(np.sort(np.concatenate(batches)), np.arange(12))
    agree([len(batch) for batch in batches], [5, 5, 2])
    for batch in batches:
        theta -= 0.1 * slopes_of_loss(theta, X[batch], Y[batch])
    agree(net.parameters.flat, theta)
    rng = np.random.default_rng(4)
    losses = fit(net, X, Y, optimizer=gradient_descent, lr=0.1, epochs=100, batch_size=5, rng=rng).loss
    hold(losses[-1] < losses[0] / 2, "the loss falls")


@row_check("EECS545-E08")
def prediction() -> None:
    """The prediction is the network's function of the inputs with the present parameters, K numbers a sample."""
    X, _ = problem()
    net = random_net()
    agree(net(X).shape, (12, 2))
    agree(net(X), predictions(net.parameters.flat, X))
    net.parameters.flat[:] *= -0.5
    agree(net(X), predictions(net.parameters.flat, X))


@row_check("EECS545-E09")
def step_of_all_parameters() -> None:
    """All parameters step together, as one vector, against the gradient of the loss, twice in a row."""
    X, Y = problem()
    net, theta, alpha = random_net(), random_net().parameters.flat.copy(), 0.2
    for _ in range(2):
        theta = theta - alpha * slopes_of_loss(theta, X, Y)
    descend(net, X, Y, alpha, 2)
    agree(net.parameters.flat, theta)


@row_check("CSC561-C1")
def training_pairs() -> None:
    """A training set is T pairs: shuffled together the loss stays, apart it changes; each input needs its target."""
    X, d = problem()
    net = random_net()
    order = np.random.default_rng(5).permutation(12)
    agree(net.loss(net(X[order]), d[order]), mean_half_squares(net.parameters.flat, X, d))
    hold(abs(net.loss(net(X[order]), d) - net.loss(net(X), d)) > 1e-2, "a target belongs to its own input")
    try:
        descend(net, X, d[:-1], 0.1)
    except ShapeError:
        return
    hold(False, "there are as many targets as inputs")


@row_check("CSC561-E01")
def output_of_an_instance() -> None:
    """The output for instance i depends on instance i and the parameters alone, in a batch as on its own."""
    X, _ = problem()
    net = random_net(output=sigmoid)
    outputs = net(X)
    for i in range(12):
        agree(outputs[i], 1 / (1 + np.exp(-predictions(net.parameters.flat, X[i : i + 1])[0])))
        agree(net(X[i : i + 1])[0], outputs[i])


def divergences(net: MLP, X: Array, d: Array, divergence: Callable[[Array, Array], float]) -> list[float]:
    """The divergence of each instance, which passes through the network on its own."""
    return [divergence(net(x[None])[0], target) for x, target in zip(X, d, strict=True)]


@row_check("CSC561-E02", "CSC561-E04")
def mean_divergence() -> None:
    """The loss is the mean of the divergences of the T instances, whatever the divergence is."""
    X, d = problem()
    net = random_net()
    halves = divergences(net, X, d, lambda Y, d: float(sum((Y - d) ** 2) / 2))
    agree(net.loss(net(X), d), sum(halves) / 12)
    classes = random_net(K=3, output=softmax, loss=cross_entropy)
    logs = divergences(classes, X, labels(), lambda Y, d: -math.log(Y[d.argmax()]))
    agree(classes.loss(classes(X), labels()), sum(logs) / 12)


@row_check("CSC561-C2")
def minimum_by_descent() -> None:
    """Gradient descent on all weights and biases lowers the loss, for a single layer down to least squares."""
    X, d = problem()
    layer = MLP([3, 2])
    losses = descend(layer, X, d, 0.3, 1200).loss
    best = np.linalg.lstsq(np.column_stack([np.ones(12), X]), d, rcond=None)[0]
    agree(np.column_stack([layer.bs[0], layer.Ws[0]]), best.T, within=1e-6)
    hold(bool((np.diff(losses[:20]) < 0).all()), "each step lowers the loss")
    hold(trained(0.1)[-1] < trained(0.1)[0] / 4, "the loss of a deeper network falls too")


def simultaneous(net: MLP, X: Array, d: Array, eta: float) -> None:
    """One step of all layers, their gradients taken before any of them moves."""
    _, gradients = loss_and_gradients(X, d, net.Ws, net.bs, net.activations, net.loss)
    for W, b, dW, db in zip(net.Ws, net.bs, gradients.dWs, gradients.dbs, strict=True):
        W -= eta * dW
        b -= eta * db


def one_after_the_other(net: MLP, X: Array, d: Array, eta: float) -> None:
    """One step layer by layer, each with a gradient that sees the layers already moved."""
    for layer in range(net.L):
        _, gradients = loss_and_gradients(X, d, net.Ws, net.bs, net.activations, net.loss)
        net.Ws[layer] -= eta * gradients.dWs[layer]
        net.bs[layer] -= eta * gradients.dbs[layer]


@row_check("CSC561-A1", printed={"CSC561-A1": one_after_the_other})
def sweeps_of_descent(sweep: Statement = simultaneous) -> None:
    """A sweep moves every weight and bias by its derivative at the old parameters, until the loss has converged."""
    X, d = problem()
    net, eta = random_net(), 0.1
    old = net.parameters.flat.copy()
    sweep(net, X, d, eta)
    agree(net.parameters.flat, old - eta * slopes_of_loss(old, X, d))
    layer, losses = MLP([3, 2]), [math.inf]
    while (loss := layer.loss(layer(X), d)) < losses[-1] - 1e-12 and len(losses) < 2000:
        losses.append(loss)
        sweep(layer, X, d, 0.3)
    best = np.linalg.lstsq(np.column_stack([np.ones(12), X]), d, rcond=None)[1]
    agree(losses[-1], best.sum() / 2 / 12, within=1e-8)


@row_check("CSC561-E05")
def step_of_one_weight() -> None:
    """The weight from unit i to unit j of layer k moves against the derivative of the loss by it alone."""
    X, d = problem()
    eta = 0.2
    for k, i, j in ((1, 3, 2), (2, 5, 1), (2, 1, 2)):
        net, moved = random_net(), random_net()
        start = float(net.Ws[k - 1][j - 1, i - 1])

        def loss(w: Array, k: int = k, i: int = i, j: int = j) -> float:
            net = random_net()
            net.Ws[k - 1][j - 1, i - 1] = w
            return mean_half_squares(net.parameters.flat, X, d)

        descend(moved, X, d, eta)
        agree(moved.Ws[k - 1][j - 1, i - 1], start - eta * float(numeric_gradient(loss, start).gradient))


@row_check("CSC561-E06", "CSC561-C7")
def mean_of_gradients() -> None:
    """The derivative of the mean loss is the mean of the derivatives for single instances, all that is needed."""
    X, d = problem()
    net = random_net()
    single = [net.loss_and_gradient(X[t : t + 1], d[t : t + 1])[1].copy() for t in range(12)]
    whole = net.loss_and_gradient(X, d)[1]
    agree(whole, sum(single) / 12, within=1e-12)
    agree(sum(single) / 12, slopes_of_loss(net.parameters.flat, X, d))
