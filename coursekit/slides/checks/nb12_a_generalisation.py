"""Checks of lecture NB12, first half: overfitting, early stopping, penalties and dropout."""

from functools import cache, partial
from itertools import product

import numpy as np

from coursekit.check.numeric import numeric_gradient
from coursekit.engine import (
    MLP,
    History,
    Parameters,
    adam,
    choose_penalty,
    dropout,
    dropout_vjp,
    fit,
    folds,
    gradient_descent,
    half_squared_error,
    l1,
    l2,
    soft_threshold,
    squared_error,
    tanh,
)
from coursekit.engine.arrays import Array
from coursekit.slides.row_checks import Statement, agree, hold, row_check


@cache
def overfitted() -> History:
    """Many steps of a wide network on 15 noisy points of a sine; validation is the sine itself."""
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (15, 1))
    Y = np.sin(3 * X) + 0.6 * rng.standard_normal((15, 1))
    grid = np.linspace(-1, 1, 100)[:, None]
    net = MLP([1, 50, 50, 1], activation=tanh).initialize(rng)
    return fit(net, X, Y, optimizer=adam(), lr=0.01, epochs=1500, validation=(grid, np.sin(3 * grid)))


@row_check("CEE616-C32", "CSC561-C35")
def overfitting() -> None:
    """Few noisy samples are learned by heart: the training loss keeps falling while the validation loss rises again."""
    history = overfitted()
    hold(history.loss[-1] < history.loss[history.best_epoch - 1], "the training loss falls on after the best epoch")
    hold(history.best_epoch < 500, "the best epoch comes long before the last")
    hold(history.validation[-1] > 1.5 * history.validation.min(), "the validation loss rises again")
    hold(history.validation[-1] - history.loss[-1] > 0.01, "a gap to the training loss remains")


def _stopped(watched: Array, patience: int) -> int:
    """The epoch, from 1, at which a watched loss has not improved for ``patience`` epochs; 0 if it always does."""
    best = 0
    for epoch, loss in enumerate(watched):
        if loss < watched[best]:
            best = epoch
        if epoch - best >= patience:
            return epoch + 1
    return 0


@row_check("CEE616-C33", printed={"CEE616-C33": lambda history: history.loss})
def early_stopping(watched: Statement = lambda history: history.validation) -> None:
    """Training ends when the validation loss has not improved for some epochs, and goes back to its best."""
    agree(_stopped(np.array([5, 4, 3, 3.1, 3.2, 3.3]), 2), 5)
    rng = np.random.default_rng(1)
    X, Y = rng.standard_normal((8, 3)), rng.standard_normal((8, 1))
    net = MLP([3, 6, 1]).initialize(rng)
    history = fit(net, X, Y, optimizer=gradient_descent, lr=0.3, epochs=60, validation=(X, -Y), patience=3)
    agree(_stopped(history.validation, 3), len(history.validation))
    agree(half_squared_error(net(X), -Y), history.validation.min())
    series = watched(overfitted())
    end = _stopped(series, 100)
    hold(0 < end < 1500, "what is watched ends the training before its last epoch")
    hold(overfitted().validation[end - 101] < 1.5 * overfitted().validation.min(), "it ends near the best epoch")


def _biases_free(w: Array, b: Array, strength: float) -> tuple[Array, Array]:
    return 2 * strength * w, np.zeros_like(b)


def _biases_too(w: Array, b: Array, strength: float) -> tuple[Array, Array]:
    return 2 * strength * w, 2 * strength * b


@row_check("CEE616-E46", printed={"CEE616-E46": _biases_too})
def weight_decay(pull: Statement = _biases_free) -> None:
    """The penalty adds 2 lambda w to the gradient of a weight; on a bias it would drag offset predictions to 0."""
    rng = np.random.default_rng(2)
    parameters = Parameters({"W1": (4, 3), "b1": (4,)}, rng.standard_normal(16))
    for biases in (False, True):
        penalty = l2(0.3, biases=biases)
        gradient = Parameters(parameters.shapes)
        penalty.add_gradient(parameters, gradient)

        def value(at: Array, penalty: object = penalty) -> float:
            return float(penalty.value(Parameters(parameters.shapes, at)))  # type: ignore[attr-defined]

        agree(gradient.flat, numeric_gradient(value, parameters.flat).gradient)
    X = rng.standard_normal((50, 1))
    Y = 0.5 * X + 100
    stated, fitted = MLP([1, 1]), MLP([1, 1])
    (W,), (b,) = stated.Ws, stated.bs
    for _ in range(400):
        stated.loss_and_gradient(X, Y)
        dW, db = pull(W, b, 0.5)
        W -= 0.1 * (stated.gradient["W1"] + dW)
        b -= 0.1 * (stated.gradient["b1"] + db)
    agree((stated(X) - Y).mean(), 0, within=0.1)
    fit(fitted, X, Y, optimizer=gradient_descent, lr=0.1, epochs=400, penalty=l2(0.5))
    agree(fitted.parameters.flat, stated.parameters.flat)
    shrunk = MLP([1, 1])
    start = shrunk.parameters.flat[...] = np.array([2.0, 3.0])
    slope = shrunk.loss_and_gradient(X, Y)[1].copy()
    fit(shrunk, X, Y, optimizer=gradient_descent, lr=0.1, epochs=1, penalty=l2(0.5))
    agree(shrunk.parameters.flat, start * np.array([1 - 2 * 0.1 * 0.5, 1]) - 0.1 * slope, within=1e-12)


@row_check("CEE616-C34")
def choice_of_lambda() -> None:
    """The folds part the samples, and the chosen lambda has the least mean validation loss."""
    parts = folds(23, 5, np.random.default_rng(3))
    agree(np.sort(np.concatenate([validation for _, validation in parts])), np.arange(23))
    hold(all(not set(train) & set(validation) for train, validation in parts), "no fold trains on its validation data")
    rng = np.random.default_rng(4)
    X = rng.standard_normal((30, 8))
    Y = X[:, :1] + 2 * rng.standard_normal((30, 1))
    A, grid, parts = np.c_[X, np.ones(30)], [0, 0.3, 4], folds(30, 5, np.random.default_rng(11))
    ridge = np.empty((3, 5))
    for (row, strength), (fold, (train, validation)) in product(enumerate(grid), enumerate(parts)):
        H = A[train].T @ A[train] / len(train) + 2 * strength * np.diag([1.0] * 8 + [0.0])
        w = np.linalg.solve(H, A[train].T @ Y[train] / len(train))
        ridge[row, fold] = ((A[validation] @ w - Y[validation]) ** 2).mean() / 2
    chosen = choose_penalty(
        partial(MLP, [8, 1]),
        X,
        Y,
        grid,
        k=5,
        rng=np.random.default_rng(11),
        optimizer=gradient_descent,
        lr=0.1,
        epochs=1500,
    )
    agree(chosen.validation, ridge, within=1e-5)
    agree(chosen.strength, grid[int(ridge.mean(axis=1).argmin())])
    hold(chosen.strength == 0.3, "some penalty is better than none and than too much")


@row_check("CEE616-C35")
def sparse_weights() -> None:
    """An l1 penalty makes the weights of useless inputs exactly zero; an l2 penalty makes none zero."""
    rng = np.random.default_rng(8)
    X = rng.standard_normal((60, 20))
    useful = np.r_[2.0, -1.5, 1.0, np.zeros(17)]
    y = X @ useful + 0.1 * rng.standard_normal(60)
    w: Array = np.zeros(20)
    for _ in range(500):
        w = soft_threshold(w - 0.3 * X.T @ (X @ w - y) / 60, 0.3 * 0.1)
    ridge = np.linalg.solve(X.T @ X / 60 + 2 * 0.1 * np.eye(20), X.T @ y / 60)
    slope = X.T @ (X @ w - y) / 60
    agree(slope[w != 0], -0.1 * np.sign(w[w != 0]))
    hold(bool((np.abs(slope[w == 0]) < 0.1).all()), "no zero weight would lower the penalised loss")
    hold(int((w == 0).sum()) >= 11, "at least 11 of the 17 useless weights are exactly zero")
    agree(np.flatnonzero(np.abs(w) > 0.5), [0, 1, 2])
    agree((ridge == 0).sum(), 0)
    parameters = Parameters({"W1": (1, 20)}, useful)
    gradient = Parameters(parameters.shapes)
    l1(0.1).add_gradient(parameters, gradient)
    agree(l1(0.1).value(parameters), 0.1 * 4.5)
    agree(gradient.flat, np.r_[0.1, -0.1, 0.1, np.zeros(17)])


@row_check("CEE616-C36", printed={"CEE616-C36": lambda kept, p: kept})
def inverted_dropout(scaled: Statement = lambda kept, p: kept / (1 - p)) -> None:
    """Each unit is dropped as a whole with probability p; the kept ones are scaled so that the mean stays the same."""
    p, rng = 0.3, np.random.default_rng(5)
    A = np.arange(1.0, 6)[None].repeat(20_000, axis=0)
    dropped, mask = dropout(A, p, rng)
    assert mask is not None
    agree(dropped, scaled(A * mask, p), within=1e-12)
    agree(dropped.mean(axis=0), A[0], within=0.03)
    agree(dropout(A, p, rng, train=False)[0], A)
    W = rng.standard_normal((3, 5))
    without = dropped[:1] @ (W * mask[0]).T
    agree(dropped[:1] @ W.T, without, within=1e-12)
    G = rng.standard_normal((2, 5))
    slopes = numeric_gradient(lambda at: float(np.sum(G * scaled(at * mask[:2], p))), A[:2]).gradient
    agree(dropout_vjp(G, mask[:2], p), slopes)


@row_check("EECS545-C32")
def few_labels() -> None:
    """With few labels of a simple target a deep network is worse than ridge regression."""
    hold(_test_errors(20, linear=True)[0] > 2 * _test_errors(20, linear=True)[1], "the shallow model is better")


@row_check("EECS545-C31", "EECS545-C33")
def many_labels() -> None:
    """With more labels of a curved target the test error falls; with many, backpropagation beats ridge regression."""
    errors = [_test_errors(n, linear=False) for n in (20, 200, 4000)]
    hold(errors[0][0] > 5 * errors[1][0] > 5 * errors[2][0], "the test error falls with the number of samples")
    hold(errors[2][0] < 0.2 * errors[2][1], "the network's error is less than a fifth of that of ridge regression")


def _curved(X: Array) -> Array:
    target: Array = np.sin(3 * X[:, :1]) * np.cos(2 * X[:, 1:2]) + X[:, 2:] ** 2
    return target


def _straight(X: Array) -> Array:
    target: Array = X @ np.array([[1.0], [-1.0], [0.5]])
    return target


@cache
def _test_errors(n: int, *, linear: bool) -> tuple[float, float]:
    """The test errors of a network with two hidden layers and of ridge regression, trained on n noisy samples."""
    rng = np.random.default_rng(5)
    target, noise = (_straight, 0.3) if linear else (_curved, 0.05)
    tests, X = rng.uniform(-1, 1, (500, 3)), rng.uniform(-1, 1, (n, 3))
    Y = target(X) + noise * rng.standard_normal((n, 1))
    net = MLP([3, 30, 30, 1], activation=tanh).initialize(rng)
    fit(net, X, Y, optimizer=adam(), lr=0.01, epochs=max(12, 16_000 // n), batch_size=20, rng=rng)
    A = np.c_[X, np.ones(n)]
    w = np.linalg.solve(A.T @ A + 0.1 * np.eye(4), A.T @ Y)
    ridge = np.c_[tests, np.ones(500)] @ w
    return squared_error(net(tests), target(tests)), squared_error(ridge, target(tests))
