"""Checks of lecture NB12, second half: difficulties of depth, recipes, and relatives of the network."""

from functools import cache
from itertools import pairwise

import numpy as np

from coursekit.check.numeric import numeric_gradient
from coursekit.engine import (
    MLP,
    Edge,
    InfluenceGraph,
    Map,
    absolute_error,
    adam,
    affine,
    affine_vjp,
    disc,
    fit,
    gradient_descent,
    he,
    huber,
    identity,
    lecun,
    loss_and_gradients,
    n_neurons,
    n_parameters,
    paths,
    relu,
    sigmoid,
    squared_error,
    tanh,
    xor,
)
from coursekit.engine.arrays import Array
from coursekit.engine.initializers import Initializer
from coursekit.slides.row_checks import Statement, agree, hold, row_check


def _slope_by_depth(phi: Map, initializer: Initializer) -> float:
    """The size of the lowest weight gradient of a network with ten hidden layers, in units of the topmost one."""
    net = MLP([20] * 11 + [5], activation=phi).initialize(np.random.default_rng(1), initializer)
    net.loss_and_gradient(*_batch())
    return float(np.linalg.norm(net.gradient["W1"]) / np.linalg.norm(net.gradient["W11"]))


def _batch() -> tuple[Array, Array]:
    rng = np.random.default_rng(2)
    return rng.standard_normal((50, 20)), rng.standard_normal((50, 5))


@row_check("EECS545-C29", printed={"EECS545-C29": lambda activation: True})
def diluted_gradients(dilutes: Statement = lambda activation: activation == "sigmoid") -> None:
    """Ten sigmoid layers shrink the gradient ten thousandfold, each to 1/4 or less; tanh and relu need not."""
    for phi, initializer in ((sigmoid, lecun), (tanh, lecun), (relu, he)):
        ratio = _slope_by_depth(phi, initializer)
        agree(dilutes(phi.name), ratio < 1e-4)
        hold(ratio < 10, "no gradient grows")
    net = MLP([20] * 11 + [5], activation=sigmoid).initialize(np.random.default_rng(1))
    gradients = loss_and_gradients(*_batch(), net.Ws, net.bs, net.activations)[1]
    for W, above, below in zip(net.Ws[1:], gradients.dZs[1:], gradients.dZs, strict=False):
        bound = 0.25 * np.linalg.norm(W, 2) * np.linalg.norm(above)
        hold(float(np.linalg.norm(below)) <= float(bound), "a sigmoid layer passes on at most |W| / 4 of the gradient")
    steep = MLP([20] * 11 + [5], activation=relu).initialize(np.random.default_rng(1), he)
    steep_dZs = loss_and_gradients(*_batch(), [3 * W for W in steep.Ws], steep.bs, steep.activations)[1].dZs
    hold(bool(np.linalg.norm(steep_dZs[0]) > 1e3 * np.linalg.norm(steep_dZs[-1])), "three times the weights explode")


@cache
def _failed_starts(hidden: int) -> float:
    """The share of 20 random starts that do not learn XOR with so many hidden relu units."""
    X, Y = xor()
    failed = 0
    for seed in range(20):
        net = MLP([2, hidden, 1], activation=relu).initialize(np.random.default_rng(seed))
        fit(net, X, Y, optimizer=gradient_descent, lr=0.2, epochs=1200)
        failed += squared_error(net(X), Y) > 0.02
    return failed / 20


@row_check("EECS545-C30", printed={"EECS545-C30": lambda hidden: True})
def poor_minima(common: Statement = lambda hidden: hidden < 4) -> None:
    """From most random starts two hidden units get stuck on XOR; with eight, hardly any start fails."""
    for hidden in (2, 8):
        agree(common(hidden), _failed_starts(hidden) > 0.4)


@row_check("CEE616-T1", "CEE697M-T1", printed={"CEE697M-T1": lambda N, K: 1.0})
def regression_recipe(sum_over_mean: Statement = lambda N, K: N * K) -> None:
    """A regression network ends in as many linear outputs as targets; its squared error is averaged, or made robust."""
    N, features, targets = 40, 6, 2
    rng = np.random.default_rng(3)
    net = MLP([features, 50, 50, targets], activation=relu, output=identity).initialize(rng, he)
    X, T = rng.standard_normal((N, features)), 5 * rng.standard_normal((N, targets))
    Y = 5 * net(X)
    agree(Y.shape, T.shape)
    hold(bool(Y.min() < -1 and Y.max() > 1), "a linear output takes both signs and exceeds 1")
    agree([f.name == "relu" for f in net.activations], [True, True, False])
    delta = 1.0
    for loss in (squared_error, absolute_error, huber(delta)):
        slopes = numeric_gradient(lambda at, loss=loss: loss(at, T, "mean_entries"), Y).gradient  # type: ignore[misc]
        agree(loss.gradient(Y, T, "mean_entries"), slopes, within=1e-6)
    agree(squared_error(Y, T, "sum"), sum_over_mean(N, targets) * squared_error(Y, T, "mean_entries"))
    outlier = T.copy()
    outlier[0, 0] += 1000
    pulls = [
        loss.gradient(Y, outlier, "sum")[0, 0] - loss.gradient(Y, T, "sum")[0, 0]
        for loss in (squared_error, huber(delta))
    ]
    agree(pulls[0], -2000)
    hold(abs(pulls[1]) <= 2 * delta, "the robust loss limits the pull of an outlier")


@row_check("CEE616-F5")
def regression_drawing() -> None:
    """The drawing has one node for each input and unit, and one edge for each weight."""
    sizes = [6, 50, 50, 2]
    agree(sizes[0] + n_neurons(sizes), sum(sizes))
    agree(n_parameters(sizes) - n_neurons(sizes), sum(a * b for a, b in pairwise(sizes)))


def _layer_graph(sizes: list[int]) -> InfluenceGraph:
    edges = [
        Edge(f"a{layer}_{i}", f"a{layer + 1}_{j}", 1.0)
        for layer, (fan_in, fan_out) in enumerate(pairwise(sizes))
        for i in range(fan_in)
        for j in range(fan_out)
    ]
    return InfluenceGraph(edges)


@row_check("CEE616-C41", "CEE697M-C55")
def feed_forward() -> None:
    """The graph of the network has no cycle: every path leads from layer to layer, up to the output, never back."""
    graph = _layer_graph([2, 3, 3, 1])
    found = list(paths(graph, "a0_0", "a3_0"))
    agree(len(found), 3 * 3)
    hold(all(len(path) == 3 for path in found), "each path passes every layer once")
    agree(len(list(paths(graph, "a3_0", "a0_0"))), 0)


@row_check("CEE616-C42", "CEE697M-C56")
def relatives() -> None:
    """A convolution is an affine layer with a Toeplitz matrix; a recurrent net is one whose layers share weights."""
    rng = np.random.default_rng(4)
    x, kernel = rng.standard_normal(9), rng.standard_normal(3)
    toeplitz = np.array([[kernel[j - i] if 0 <= j - i < 3 else 0.0 for j in range(9)] for i in range(7)])
    agree(affine(x[None], toeplitz)[0], np.correlate(x, kernel, "valid"), within=1e-12)

    steps, W, start = 4, rng.standard_normal((3, 3)) / 2, rng.standard_normal((1, 3))

    def unrolled(W: Array) -> list[Array]:
        states: list[Array] = [start]
        for _ in range(steps):
            states.append(tanh(affine(states[-1], W)))
        return states

    states = unrolled(W)
    G, dW = 2 * states[-1], np.zeros_like(W)
    for before, after in zip(states[-2::-1], states[:0:-1], strict=True):
        G, share, _ = affine_vjp(tanh.vjp(G, affine(before, W), after), before, W)
        dW += share
    agree(dW, numeric_gradient(lambda W: float((unrolled(W)[-1] ** 2).sum()), W).gradient)


@row_check("CEE697M-F15")
def playground() -> None:
    """A small network learns the disc; the boundary drawn is where its output on a grid passes one half."""
    X, Y = disc(300, np.random.default_rng(0))
    net = MLP([2, 16, 1], activation=tanh).initialize(np.random.default_rng(2))
    fit(net, X, Y, optimizer=adam(), lr=0.05, epochs=300)
    hold(float(((net(X) > 0.5) == (Y > 0.5)).mean()) > 0.95, "more than 95 % of the samples are on their side")
    axis = np.linspace(-1, 1, 41)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    radius = float(np.sqrt((X[Y[:, 0] > 0.5] ** 2).sum(axis=1).max()))
    inside = (grid**2).sum(axis=1) < radius**2
    hold(float(((net(grid)[:, 0] > 0.5) == inside).mean()) > 0.9, "the boundary is close to the circle")
