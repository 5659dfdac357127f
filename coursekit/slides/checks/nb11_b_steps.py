"""Checks of lecture NB11, second half: step sizes, scaling of inputs, initialisation, and other optimizers."""

import math

import numpy as np

from coursekit.engine import (
    MLP,
    c_over_r,
    constant,
    fit,
    gradient_descent,
    half_squared_error,
    lecun,
    one_over_r,
    small_normal,
    standardize,
    tanh,
    zeros,
)
from coursekit.engine.arrays import Array
from coursekit.engine.schedules import Schedule
from coursekit.slides.row_checks import Statement, agree, hold, row_check


def _descended(slope: Statement, schedule: Schedule, x: float, steps: int) -> float:
    """Where gradient descent on a function of one number ends, or infinity."""
    for r in range(1, steps + 1):
        x -= schedule(r) * slope(x)
        if abs(x) > 1e6:
            return math.inf
    return x


@row_check("CEE616-C27", printed={"CEE616-C27": lambda c, curvature, bounded: True})
def decaying_steps(
    arrives: Statement = lambda c, curvature, bounded: bounded and c * curvature >= 1,
) -> None:
    """Steps c/r add up without end while their squares do not; they arrive soon only if c suits a bounded curvature."""
    rates = [one_over_r()(r) for r in range(1, 100_001)]
    agree(sum(rates) - math.log(100_000), 0.5772, within=1e-3)
    agree(sum(rate**2 for rate in rates), math.pi**2 / 6, within=1e-4)
    for c, curvature in ((1.0, 0.1), (20.0, 0.1), (1.0, 1.0)):
        end = _descended(lambda x, mu=curvature: mu * x, c_over_r(c), 1.0, 20_000)
        agree(arrives(c, curvature, True), abs(end) < 1e-3)
    agree(_descended(lambda x: 0.1 * x, one_over_r(), 1.0, 20_000), 20_000**-0.1 / math.gamma(0.9), within=1e-3)
    agree(_descended(lambda x: 0.1 * x, constant(1.0), 1.0, 1000), 0, within=1e-40)
    quartic = _descended(lambda x: x**3, one_over_r(), 3.0, 100)
    agree(arrives(1.0, math.inf, False), abs(quartic) < 1e-3)


def _steps_to(X: Array, Y: Array, tolerance: float, limit: int) -> int:
    """Steps of descent, each as long as the curvature allows, until a linear network is that close to its best."""
    A = np.c_[X, np.ones(len(X))]
    best = np.linalg.lstsq(A, Y, rcond=None)[0]
    least = half_squared_error(A @ best, Y)
    lr = 1 / float(np.linalg.eigvalsh(A.T @ A / len(X)).max())
    losses = fit(MLP([X.shape[1], 1]), X, Y, optimizer=gradient_descent, lr=lr, epochs=limit).loss
    reached = np.flatnonzero(losses - least < tolerance)
    return int(reached[0]) if len(reached) else limit


@row_check("CEE616-C28")
def standardised_inputs() -> None:
    """Columns of mean 0 and deviation 1 make the problem round, so that descent needs far fewer steps."""
    rng = np.random.default_rng(1)
    X = rng.standard_normal((200, 2)) * np.array([1.0, 100.0]) + np.array([2.0, -50.0])
    Y = X @ np.array([[1.0], [0.01]]) + 0.5
    scaler = standardize(X[:150])
    Z = scaler.apply(X[:150])
    agree(Z.mean(axis=0), [0, 0], within=1e-12)
    agree(Z.std(axis=0), [1, 1], within=1e-12)
    agree(scaler.apply(X[150:]), (X[150:] - X[:150].mean(axis=0)) / X[:150].std(axis=0))
    conditions = [float(np.linalg.cond(A.T @ A)) for A in (X[:150], Z)]
    hold(conditions[0] > 1e3 * conditions[1], "the condition number falls by more than 1000")
    hold(_steps_to(X[:150], Y[:150], 1e-3, 4000) > 50 * _steps_to(Z, Y[:150], 1e-3, 4000), "fewer steps are needed")


def _trained_from(start: Statement, layers: int = 1) -> MLP:
    rng = np.random.default_rng(2)
    X = rng.standard_normal((40, 3))
    net = MLP([3, *[6] * layers, 1], activation=tanh).initialize(rng, start)
    fit(net, X, np.sin(X[:, :1] + X[:, 1:2]), optimizer=gradient_descent, lr=0.3, epochs=100)
    return net


def _all_equal(parameters: object, rng: object) -> None:
    parameters.flat[...] = 0.1  # type: ignore[attr-defined]


@row_check("CEE616-C29", printed={"CEE616-C29": lambda start: start in (zeros, _all_equal, small_normal)})
def initialisation(works: Statement = lambda start: start in (small_normal, lecun)) -> None:
    """Weights have to start random, or the hidden units stay equal; in deep nets their size has to suit the fan-in."""
    for start, initializer in (
        (zeros, zeros),
        (_all_equal, _all_equal),
        (small_normal, small_normal(0.1)),
        (lecun, lecun),
    ):
        W = _trained_from(initializer).Ws[0]
        agree(works(start), bool(np.linalg.matrix_rank(W, tol=1e-8) > 1))
    agree(_trained_from(zeros).Ws[0], np.zeros((6, 3)))
    X = np.random.default_rng(3).standard_normal((50, 30))
    sizes = []
    for initializer in (small_normal(0.01), lecun):
        deep = MLP([30] * 12, activation=tanh).initialize(np.random.default_rng(4), initializer)
        sizes.append(float(np.std(deep(X)) / np.std(X)))
    hold(sizes[0] < 1e-6 < 0.1 < sizes[1], "with small weights of one size the signal dies out in a deep network")


@row_check("CEE616-C30")
def nonconvex_cost() -> None:
    """Exchanging hidden units gives another minimum with the same cost, and between the two the cost is larger."""
    rng = np.random.default_rng(5)
    X = rng.standard_normal((30, 2))
    Y = np.sin(2 * X[:, :1]) * X[:, 1:2]
    net = MLP([2, 5, 1]).initialize(rng)
    fit(net, X, Y, optimizer=gradient_descent, lr=0.3, epochs=400)
    order = np.array([1, 2, 3, 4, 0])
    here = net.parameters.flat.copy()
    costs = [half_squared_error(net(X), Y)]
    net.Ws[0][...], net.bs[0][...], net.Ws[1][...] = net.Ws[0][order], net.bs[0][order], net.Ws[1][:, order]
    costs.append(half_squared_error(net(X), Y))
    net.parameters.flat[...] = (here + net.parameters.flat) / 2
    agree(costs[0], costs[1], within=1e-12)
    hold(half_squared_error(net(X), Y) > 2 * costs[0], "the cost at the midpoint exceeds that of both ends")


@row_check("CEE616-C31")
def conjugate_gradients() -> None:
    """On a long valley conjugate gradients need some twenty steps where descent with the best step needs thousands."""
    rng = np.random.default_rng(6)
    Q = np.linalg.qr(rng.standard_normal((20, 20)))[0]
    H = Q @ np.diag(np.geomspace(1, 1000, 20)) @ Q.T
    best = rng.standard_normal(20)

    x = np.zeros(20)
    residual = H @ best
    direction, steps = residual, 0
    while np.linalg.norm(x - best) > 1e-8 * np.linalg.norm(best):
        length = residual @ residual / (direction @ H @ direction)
        x = x + length * direction
        after = residual - length * (H @ direction)
        direction = after + after @ after / (residual @ residual) * direction
        residual, steps = after, steps + 1
    hold(steps <= 45, "conjugate gradients arrive in about as many steps as there are dimensions")

    theta, state = np.zeros(20), gradient_descent.init(np.zeros(20))
    for _ in range(1000):
        state = gradient_descent.update(theta, H @ (theta - best), state, 2 / 1001)
    hold(
        float(np.linalg.norm(theta - best)) > 1e-3 * float(np.linalg.norm(best)), "descent is far off after 1000 steps"
    )
