"""Checks of lecture NB01: from the linear model to features that are learned instead of designed."""

from collections.abc import Callable, Sequence
from functools import cache, reduce

import numpy as np
from numpy.typing import NDArray

from coursekit.check.numeric import numeric_gradient
from coursekit.engine import (
    MLP,
    affine,
    affine_augmented,
    affine_map,
    augment,
    compose,
    cross_entropy_from_logits,
    forward,
    half_squared_error,
    heaviside,
    jacobian,
    loss_and_gradients,
    n_parameters,
    relu,
    sigmoid,
    tanh,
    trace,
)
from coursekit.engine.arrays import Array
from coursekit.engine.maps import Map
from coursekit.slides.row_checks import Statement, agree, hold, row_check


def descend(net: MLP, X: Array, Y: Array, *, lr: float, steps: int) -> MLP:
    """The same network after so many steps of gradient descent on the whole batch."""
    for _ in range(steps):
        net.parameters.flat -= lr * net.loss_and_gradient(X, Y)[1]
    return net


def classifier(sizes: Sequence[int], X: Array, Y: Array, *, lr: float = 1.0, steps: int = 500) -> MLP:
    """A trained classifier with tanh units where it has hidden ones; logistic regression where it has none."""
    net = MLP(sizes, activation=tanh, loss=cross_entropy_from_logits)
    if net.L > 1:
        net.initialize(np.random.default_rng(0))
    return descend(net, X, Y, lr=lr, steps=steps)


def error_rate(net: MLP, X: Array, Y: Array) -> float:
    """The share of samples whose largest output is not their class."""
    return float(np.mean(net(X).argmax(axis=1) != Y.argmax(axis=1)))


def one_hot(is_second: NDArray[np.bool_]) -> Array:
    """Two columns, one per class."""
    return np.stack([~is_second, is_second], axis=1).astype(float)


def disc(N: int, seed: int) -> tuple[Array, Array]:
    """Points of a square, half of them in a disc around its centre; the second class is inside."""
    X = np.random.default_rng(seed).uniform(-1, 1, (N, 2))
    return X, one_hot((X**2).sum(axis=1) < 2 / np.pi)


@cache
def disc_network(*hidden: int) -> MLP:
    """A network with these hidden layers, trained on the raw coordinates of the disc."""
    return classifier([2, *hidden, 2], *disc(300, seed=0), steps=1500)


@row_check("CEE697M-E01", printed={"CEE697M-E01": lambda w, x, b: w @ x + np.full(x.shape, b)})
def linear_model(model: Statement = lambda w, x, b: w @ x + b) -> None:
    """A linear model gives one number; it changes by x with the weights and by 1 with the scalar bias."""
    rng = np.random.default_rng(1)
    w, x, b = rng.standard_normal(4), rng.standard_normal(4), 0.7
    agree(model(w, x, b), affine(x[None], w[None], np.array([b]))[0, 0])
    agree(numeric_gradient(lambda w: model(w, x, b), w).gradient, x)
    agree(numeric_gradient(lambda b: model(w, x, b), b).gradient, 1.0)


@row_check("CEE697M-E02")
def basis_expansion() -> None:
    """On the features x and x^2 a linear fit follows a parabola exactly; on x alone it explains none of it."""
    x = np.linspace(-1, 1, 41)[:, None]
    y = x**2
    for features, unexplained in ((np.hstack([x, x**2]), 0.0), (x, 1.0)):
        Wb = np.linalg.lstsq(augment(features), y)[0].T
        residual = y - affine_augmented(features, Wb)
        agree(residual.var() / y.var(), unexplained, within=1e-10)


@row_check("CEE697M-E03")
def adaptive_features() -> None:
    """A network with one hidden layer is a linear model on features with parameters of their own, learned as well."""
    rng = np.random.default_rng(2)
    net = MLP([3, 5, 2], activation=tanh).initialize(rng)
    X, Y = rng.standard_normal((6, 3)), rng.standard_normal((6, 2))
    (W_2, W), (b_2, b) = net.Ws, net.bs
    features = np.array([[np.tanh(W_2[j] @ x + b_2[j]) for j in range(5)] for x in X])
    agree(net(X), affine(features, W, b))
    gradients = loss_and_gradients(X, Y, net.Ws, net.bs, net.activations)[1]

    def loss(theta_2: Array) -> float:
        learned = np.tanh(X @ theta_2[:, :3].T + theta_2[:, 3])
        return half_squared_error(learned @ W.T + b, Y)

    stacked = np.hstack([gradients.dWs[0], gradients.dbs[0][:, None]])
    agree(stacked, numeric_gradient(loss, np.hstack([W_2, b_2[:, None]])).gradient)


def _each_on_the_output_below(layers: Sequence[Map], X: Array) -> Array:
    return reduce(lambda value, layer: layer(value), layers, X)


def _each_on_the_input(layers: Sequence[Map], X: Array) -> Array:
    return [layer(X) for layer in layers][-1]


@row_check("CEE697M-E04", printed={"CEE697M-E04": _each_on_the_input})
def recursive_features(network: Callable[[Sequence[Map], Array], Array] = _each_on_the_output_below) -> None:
    """A deep network applies its layers to one another: only the first of them sees the input."""
    rng = np.random.default_rng(3)
    net = MLP([3, 4, 5, 2], activation=sigmoid).initialize(rng)
    parts = zip(net.Ws, net.bs, net.activations, strict=True)
    layers = [compose(affine_map(W, b), activation) for W, b, activation in parts]
    X = rng.standard_normal((6, 3))
    agree(network(layers, X), net(X))


@row_check("CEE697M-C1")
def number_of_layers() -> None:
    """L layers of weights make a network of L layers, and the parameters of one act on it and those above only."""
    rng = np.random.default_rng(4)
    net = MLP([3, 4, 4, 4, 2], activation=tanh).initialize(rng)
    X = rng.standard_normal((5, 3))
    before = net.forward(X)
    agree([net.L, len(before.Z)], [4, 4])
    for layer in range(4):
        moved = [W + (k == layer) for k, W in enumerate(net.Ws)]
        after = forward(X, moved, net.bs, net.activations)
        agree([not np.allclose(was, now) for was, now in zip(before.Z, after.Z, strict=True)], np.arange(4) >= layer)


@row_check("EECS545-C1")
def representation_decides() -> None:
    """Logistic regression fails on the coordinates of a disc and succeeds on the squared radius."""
    (X, Y), (X_new, Y_new) = disc(300, seed=0), disc(1000, seed=1)
    raw = classifier([2, 2], X, Y)
    radial = classifier([1, 2], (X**2).sum(axis=1, keepdims=True), Y, lr=3.0, steps=1500)
    hold(error_rate(raw, X_new, Y_new) > 0.25, "logistic regression on the raw coordinates is wrong on a quarter")
    hold(
        error_rate(radial, (X_new**2).sum(axis=1, keepdims=True), Y_new) < 0.05,
        "logistic regression on the squared radius is right on 95 %",
    )


@row_check("EECS545-C2")
def features_learned_from_raw_inputs() -> None:
    """A hidden layer trained on the raw coordinates replaces the hand-made feature."""
    hold(error_rate(disc_network(16), *disc(1000, seed=1)) < 0.05, "a trained hidden layer is right on 95 %")


@row_check("EECS545-F1")
def feature_space() -> None:
    """In the plane of the squared coordinates a line separates the disc from its outside, in the input plane none."""
    X, Y = disc(200, seed=2)
    clear = np.abs((X**2).sum(axis=1) - 2 / np.pi) > 0.1
    X, inside = X[clear], Y[clear, 1]

    def fewest_errors(points: Array) -> int:
        w, fewest = np.zeros((1, 3)), len(points)
        for _ in range(3000):
            miss = inside - heaviside(affine_augmented(points, w))[:, 0]
            wrong = np.flatnonzero(miss)
            fewest = min(fewest, len(wrong))
            if not len(wrong):
                break
            w += miss[wrong[0]] * augment(points)[wrong[0]]
        return fewest

    hold(fewest_errors(X**2) == 0, "the perceptron makes no error in feature space")
    hold(fewest_errors(X) > 0.1 * len(X), "the perceptron makes errors in input space whatever its line")


BINS = 4


def edge_histogram(images: Array) -> Array:
    """How much gradient of each direction an image has: N images (N, S, S) -> (N, BINS), with nothing to learn."""
    down, right = np.gradient(images, axis=(1, 2))
    bins = np.floor(np.arctan2(down, right) % np.pi * (BINS / np.pi) + 0.5).astype(int) % BINS
    size = np.hypot(down, right)
    return np.stack([(size * (bins == k)).sum(axis=(1, 2)) for k in range(BINS)], axis=1)


def stripes(N: int, size: int, seed: int) -> tuple[Array, Array]:
    """Images with stripes of a random phase, upright in the first class and level in the second."""
    rng = np.random.default_rng(seed)
    level = np.arange(N) % 2 == 1
    wave = np.sin(np.pi / 4 * np.arange(size) + rng.uniform(0, 2 * np.pi, (N, 1)))
    images = np.repeat(wave[:, None, :], size, axis=1)
    images[level] = images[level].transpose(0, 2, 1)
    return images, one_hot(level)


@row_check("EECS545-F2")
def hand_crafted_pipeline() -> None:
    """A fixed feature step and then a learner: all parameters are in the learner, however large the image is."""
    for size in (8, 16):
        (images, Y), (new_images, Y_new) = stripes(200, size, seed=3), stripes(200, size, seed=4)
        learner = classifier([BINS, 2], edge_histogram(images) / size**2, Y)
        agree(len(learner.parameters), 2 * (BINS + 1))
        hold(
            error_rate(learner, edge_histogram(new_images) / size**2, Y_new) < 0.05,
            "a learner on the histogram of directions tells level stripes from upright ones",
        )
        on_pixels = classifier([size**2, 2], images.reshape(200, -1), Y, lr=0.1)
        agree(len(on_pixels.parameters), n_parameters([size**2, 2]))
        hold(
            error_rate(on_pixels, new_images.reshape(200, -1), Y_new) > 0.15,
            "the same learner on the pixels does not",
        )


@row_check("EECS545-F3")
def histogram_of_gradients() -> None:
    """A histogram of directions shares out the whole gradient; a ramp has one direction, a turn moves it along."""
    images = np.random.default_rng(5).standard_normal((3, 8, 8))
    down, right = np.gradient(images, axis=(1, 2))
    agree(edge_histogram(images).sum(axis=1), np.sqrt(down**2 + right**2).sum(axis=(1, 2)))
    ramp = np.broadcast_to(np.arange(8.0), (1, 8, 8))
    agree(edge_histogram(ramp), [[64, 0, 0, 0]])
    agree(edge_histogram(ramp.transpose(0, 2, 1)), [[0, 0, 64, 0]])


@row_check("EECS545-C4")
def levels_of_representation() -> None:
    """A linear read-out of a trained network does better on each level than on the one below."""
    (X, Y), (X_new, Y_new) = disc(300, seed=0), disc(1000, seed=1)
    net = disc_network(8, 8)
    losses = []
    for level, level_new in zip(net.forward(X).A[:3], net.forward(X_new).A[:3], strict=True):
        probe = classifier([level.shape[1], 2], level, Y)
        losses.append(probe.loss(probe(level_new), Y_new))
    hold(losses[0] > 1.3 * losses[1] > 1.69 * losses[2], "a linear probe's loss falls from level to level")


@row_check("EECS545-C5")
def reused_representation() -> None:
    """Features learned for the disc serve a new task, an ellipse, of which a linear model of the inputs knows nothing.

    The hidden layer stays as it is; only a new linear head is trained.
    """
    net = disc_network(16)
    (X, _), (X_new, _) = disc(300, seed=0), disc(1000, seed=1)
    Y, Y_new = (one_hot(points[:, 0] ** 2 + 2 * points[:, 1] ** 2 < 0.8) for points in (X, X_new))
    head = classifier([16, 2], net.forward(X).A[1], Y)
    plain = classifier([2, 2], X, Y)
    hold(
        4 * error_rate(head, net.forward(X_new).A[1], Y_new) < error_rate(plain, X_new, Y_new),
        "a new head on frozen features makes a quarter of the errors of one on the inputs",
    )


@row_check("EECS545-F4")
def feature_hierarchy() -> None:
    """Three layers make four levels, from pixels up; built of what lies below, each unit sees more of the image."""
    W = sum(np.eye(9, k=shift) for shift in (-1, 0, 1))
    layers = (affine_map(np.asarray(W)), relu) * 3
    pixels = np.random.default_rng(6).uniform(0.5, 1, (1, 9))
    agree(len(trace(layers, pixels)[::2]), 4)
    seen = [np.count_nonzero(jacobian(layers[: 2 * level], pixels)[0, 4]) for level in (1, 2, 3)]
    agree(seen, [3, 5, 7])
