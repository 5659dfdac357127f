"""Checks of lecture NB11, first half: batch, online and mini-batch learning, sums and means over the samples."""

from functools import cache
from itertools import combinations

import numpy as np

from coursekit.check.numeric import numeric_gradient
from coursekit.engine import (
    MLP,
    fit,
    gradient_descent,
    half_squared_error,
    loss_and_gradients,
    minibatches,
    sgd,
    tanh,
)
from coursekit.engine.arrays import Array
from coursekit.engine.training import Indices
from coursekit.slides.row_checks import Statement, agree, hold, row_check

LR = 0.1


def problem(N: int = 12) -> tuple[Array, Array]:
    """Inputs (N, 3) and targets (N, 2) of a regression without noise."""
    X = np.random.default_rng(1).standard_normal((N, 3))
    return X, np.sin(X @ np.arange(1.0, 7).reshape(3, 2) / 4)


def random_net() -> MLP:
    """A network 3-4-2 with random parameters."""
    net = MLP([3, 4, 2], activation=tanh)
    net.parameters.flat[:] = np.random.default_rng(2).standard_normal(len(net.parameters)) / 2
    return net


def slopes(X: Array, Y: Array) -> Array:
    """The flat gradient of that network's mean loss by the engine."""
    return random_net().loss_and_gradient(X, Y)[1].copy()


def per_sample(X: Array, Y: Array) -> Array:
    """The gradient of each sample alone, (N, P)."""
    return np.array([slopes(X[n : n + 1], Y[n : n + 1]) for n in range(len(X))])


def numeric_slopes(X: Array, Y: Array) -> Array:
    """The flat gradient of the mean loss by differences."""
    net = random_net()
    theta = net.parameters.flat

    def loss(at: Array) -> float:
        theta[:] = at
        return half_squared_error(net(X), Y)

    return numeric_gradient(loss, theta.copy()).gradient


@cache
def line(N: int = 60, noise: float = 0.3) -> tuple[Array, Array, Array, float]:
    """A noisy linear regression: X (N, 3), Y (N, 1), the least-squares weights and bias (4,), and their loss."""
    rng = np.random.default_rng(3)
    X = rng.standard_normal((N, 3))
    Y = X @ np.array([[1.0], [-2.0], [0.5]]) + noise * rng.standard_normal((N, 1))
    A = np.c_[X, np.ones(N)]
    best = np.linalg.lstsq(A, Y, rcond=None)[0]
    return X, Y, best[:, 0], half_squared_error(A @ best, Y)


def gap(net: MLP) -> float:
    """How far a linear network is above the least loss of that regression."""
    X, Y, _, least = line()
    return half_squared_error(net(X), Y) - least


@row_check("CEE616-E42", printed={"CEE616-E42": lambda derivative: derivative.reshape(1, -1)})
def batch_step(as_gradient: Statement = lambda derivative: derivative.reshape(1, -1).T[:, 0]) -> None:
    """A step of batch learning goes against the mean of the samples' gradients, in the shape of the parameters."""
    X, Y = problem()
    agree(per_sample(X, Y).mean(axis=0), numeric_slopes(X, Y))
    net = random_net()
    before = net.parameters.flat.copy()
    fit(net, X, Y, optimizer=gradient_descent, lr=LR, epochs=1)
    step = LR * as_gradient(numeric_slopes(X, Y))
    agree(before.shape, (before - step).shape)
    agree(before - step, net.parameters.flat)


@row_check("CEE616-C17", "CSC561-A3")
def average_of_single_passes() -> None:
    """Passing one sample at a time and averaging their gradients gives the gradient of the whole batch."""
    X, Y = problem()
    agree(per_sample(X, Y).mean(axis=0), slopes(X, Y), within=1e-12)
    agree(LR * per_sample(X, Y).mean(axis=0), LR * numeric_slopes(X, Y))


@row_check("CEE616-C18")
def epoch_is_a_sweep() -> None:
    """In one epoch every sample is used exactly once, in an order of its own."""
    for size in (1, 5, 12):
        rng = np.random.default_rng(4)
        orders = [np.concatenate(list(minibatches(12, size, rng))) for _ in range(3)]
        agree(np.sort(orders), np.tile(np.arange(12), (3, 1)))
        hold(len({tuple(order.tolist()) for order in orders}) == 3, "each epoch has another order")


@row_check("CEE616-C19")
def one_update_an_epoch() -> None:
    """Batch learning makes one update in an epoch."""
    X, Y = problem()
    for epochs in (1, 7):
        agree(fit(random_net(), X, Y, optimizer=gradient_descent, lr=LR, epochs=epochs).steps, epochs)


@row_check("CEE616-C20")
def several_epochs() -> None:
    """One batch step leaves most of the error; many steps shorter than 2 / curvature fall steadily to the optimum."""
    X, Y, _, least = line()
    once = MLP([3, 1])
    fit(once, X, Y, optimizer=gradient_descent, lr=0.3, epochs=1)
    hold(gap(once) + least > 5 * least, "after one step the loss is far above the optimum")
    A = np.c_[X, np.ones(len(X))]
    curvature = float(np.linalg.eigvalsh(A.T @ A / len(X)).max())
    often = MLP([3, 1])
    losses = fit(often, X, Y, optimizer=gradient_descent, lr=1 / curvature, epochs=200).loss
    hold(bool((np.diff(losses[losses - least > 1e-12]) < 0).all()), "the loss falls in every epoch")
    agree(gap(often), 0, within=1e-6)


@row_check("CEE616-E43", "CEE616-C23")
def stochastic_step() -> None:
    """The gradient of one random sample is the full gradient on average, but scatters about it."""
    X, Y = problem()
    singles = per_sample(X, Y)
    agree(singles.mean(axis=0), numeric_slopes(X, Y))
    hold(float(singles.var(axis=0).sum()) > 0.1 * float((singles.mean(axis=0) ** 2).sum()), "single gradients scatter")
    steps = []
    for n in range(len(X)):
        net = random_net()
        before = net.parameters.flat.copy()
        fit(net, X[n : n + 1], Y[n : n + 1], optimizer=sgd, lr=LR, epochs=1)
        steps.append(before - net.parameters.flat)
    agree(np.mean(steps, axis=0), LR * slopes(X, Y), within=1e-12)


def _missed_by_a_sweep(N: int) -> float:
    drawn = np.concatenate(list(minibatches(N, 1, np.random.default_rng(5))))
    return 1 - len(set(drawn.tolist())) / N


@row_check("CEE616-C21", printed={"CEE616-C21": lambda N: (1 - 1 / N) ** N})
def updates_of_online_learning(missed: Statement = lambda N: 0.0) -> None:
    """Online learning makes N updates an epoch and leaves no sample out; draws with replacement would miss 37 %."""
    X, Y = problem()
    for size, steps in ((1, 12), (5, 3), (12, 1)):
        rng = np.random.default_rng(4)
        agree(fit(random_net(), X, Y, optimizer=sgd, lr=LR, epochs=2, batch_size=size, rng=rng).steps, 2 * steps)
    agree(missed(400), _missed_by_a_sweep(400), within=0.01)
    rng = np.random.default_rng(6)
    replaced = np.mean([1 - len(np.unique(rng.integers(400, size=400))) / 400 for _ in range(50)])
    agree((1 - 1 / 400) ** 400, replaced, within=0.01)


@row_check("CEE616-C22")
def online_learning() -> None:
    """Learning sample by sample is stochastic descent: the same samples one by one give the same network."""
    X, Y = problem()
    swept, fed = random_net(), random_net()
    fit(swept, X, Y, optimizer=sgd, lr=LR, epochs=1, batch_size=1, rng=np.random.default_rng(7))
    for n in np.concatenate(list(minibatches(12, 1, np.random.default_rng(7)))):
        gradient = fed.loss_and_gradient(X[n : n + 1], Y[n : n + 1])[1]
        fed.parameters.flat[:] -= LR * gradient
    agree(swept.parameters.flat, fed.parameters.flat, within=1e-12)


def _fresh_batches(rng: np.random.Generator, epochs: int) -> list[Indices]:
    return [batch for _ in range(epochs) for batch in minibatches(60, 8, rng)]


def _one_batch_for_ever(rng: np.random.Generator, epochs: int) -> list[Indices]:
    return [next(iter(minibatches(60, 8, rng)))] * (8 * epochs)


@row_check("CEE616-A2", printed={"CEE616-A2": _one_batch_for_ever})
def minibatch_loop(batches: Statement = _fresh_batches) -> None:
    """Batches part the samples; drawn anew for every step they lead to the optimum of all data, not of one batch."""
    sizes = [len(batch) for batch in minibatches(60, 8, np.random.default_rng(8))]
    agree(sizes, [8] * 7 + [4])
    X, Y, _, _ = line()
    net = MLP([3, 1])
    theta = net.parameters.flat
    for batch in batches(np.random.default_rng(8), 60):
        theta -= 0.05 * net.loss_and_gradient(X[batch], Y[batch])[1]
    hold(gap(net) < 2e-3, "the loss on all data comes close to its optimum")


@row_check("CEE616-E45", printed={"CEE616-E45": lambda singles, batch, m: sum(singles[m] for _ in batch) / len(batch)})
def minibatch_gradient(
    mean: Statement = lambda singles, batch, m: sum(singles[n] for n in batch) / len(batch),
) -> None:
    """A batch's gradient is the mean of its samples' gradients; over all batches of one size it is the full one."""
    X, Y = problem(7)
    singles = per_sample(X, Y)
    batch = np.array([1, 4, 6])
    agree(mean(singles, batch, 0), slopes(X[batch], Y[batch]), within=1e-12)
    every = [slopes(X[list(chosen)], Y[list(chosen)]) for chosen in combinations(range(7), 3)]
    agree(np.mean(every, axis=0), slopes(X, Y), within=1e-12)


@row_check("CEE616-C24")
def steadier_batches() -> None:
    """The variance of a batch's gradient is that of one sample over B, times (N - B) / (N - 1) without replacement."""
    X, Y = problem()
    singles = per_sample(X, Y)
    variance = float(((singles - singles.mean(axis=0)) ** 2).sum(axis=1).mean())
    for B in (1, 4, 11):
        batches = np.array([singles[list(chosen)].mean(axis=0) for chosen in combinations(range(12), B)])
        scatter = float(((batches - singles.mean(axis=0)) ** 2).sum(axis=1).mean())
        agree(scatter, variance / B * (12 - B) / 11, within=1e-12)


@row_check("CEE616-C25")
def online_pays_off() -> None:
    """With many samples an epoch of small steps comes much closer to the optimum than its one batch step."""
    rng = np.random.default_rng(9)
    X = rng.standard_normal((5000, 4)) * np.array([1.0, 0.7, 0.4, 0.2])
    Y = X @ np.array([[1.0], [-1.0], [2.0], [3.0]]) + 0.1 * rng.standard_normal((5000, 1))
    A = np.c_[X, np.ones(len(X))]
    best = np.linalg.lstsq(A, Y, rcond=None)[0]
    least = half_squared_error(A @ best, Y)
    curvatures = np.linalg.eigvalsh(A.T @ A / len(X))

    def left(lr: float, batch_size: int | None) -> float:
        net = MLP([4, 1])
        fit(net, X, Y, optimizer=sgd, lr=lr, epochs=1, batch_size=batch_size, rng=np.random.default_rng(10))
        return half_squared_error(net(X), Y) - least

    batch_step = min(left(share / float(curvatures.max()), None) for share in (0.5, 1.0, 1.5, 2.0, 3.0))
    hold(10 * left(0.02, 1) < batch_step, "an epoch of single samples gains more than the best single batch step")


@row_check("CEE616-C26")
def usual_batch_sizes() -> None:
    """Batches of 32 make ceil(N / 32) updates an epoch, and one product serves all of a batch's samples."""
    X, Y = problem(100)
    for size, steps in ((16, 7), (32, 4)):
        rng = np.random.default_rng(11)
        agree(fit(random_net(), X, Y, optimizer=sgd, lr=LR, epochs=3, batch_size=size, rng=rng).steps, 3 * steps)
    net = random_net()
    agree(net(X[:32]), np.vstack([net(X[n : n + 1]) for n in range(32)]), within=1e-12)


@row_check("CSC561-E28", "CSC561-E29")
def loss_of_instances() -> None:
    """The loss and its gradient are means over the instances."""
    X, Y = problem()
    net = random_net()
    agree(
        half_squared_error(net(X), Y), np.mean([half_squared_error(net(X[n : n + 1]), Y[n : n + 1]) for n in range(12)])
    )
    agree(slopes(X, Y), sum(per_sample(X, Y)) / 12, within=1e-12)


@row_check("CSC561-C23", printed={"CSC561-C23": lambda divergences: sum(divergences)})
def mean_not_sum(total: Statement = lambda divergences: sum(divergences) / len(divergences)) -> None:
    """The formula divides by the number of instances; the sum is T times as large and wants a T times shorter step."""
    X, Y = problem()
    F = random_net()(X)
    agree(total([half_squared_error(F[n : n + 1], Y[n : n + 1]) for n in range(12)]), half_squared_error(F, Y))
    agree(half_squared_error(F, Y, "sum"), 12 * half_squared_error(F, Y))
    agree(half_squared_error.gradient(F, Y, "sum"), 12 * half_squared_error.gradient(F, Y))


@row_check("CSC561-E30", printed={"CSC561-E30": lambda nabla: nabla})
def transposed_update(as_step: Statement = lambda nabla: nabla.T) -> None:
    """The derivative by W, a row's, has to be transposed to step W; a gradient, as elsewhere, must not be."""
    X, Y = problem()
    net = random_net()
    gradients = loss_and_gradients(X, Y, net.Ws, net.bs, net.activations)[1]
    before = half_squared_error(net(X), Y)
    for W, dZ, A in zip(net.Ws, gradients.dZs, net.forward(X).A[:-1], strict=True):
        W -= LR * as_step(A.T @ dZ)
    hold(half_squared_error(net(X), Y) < before, "the loss decreases")


def _after_the_loop(dWs: list[Array]) -> Array:
    step: Array = LR * np.mean(dWs, axis=0)
    return step


def _inside_the_loop(dWs: list[Array]) -> Array:
    step: Array = LR * np.mean(np.cumsum(dWs, axis=0), axis=0)
    return step


@row_check("CSC561-A4", printed={"CSC561-A4": _inside_the_loop})
def accumulate_then_update(step: Statement = _after_the_loop) -> None:
    """Loss and derivatives are added up over the instances, and the one update with eta / T comes after them."""
    X, Y = problem()
    net = random_net()
    before = net.parameters.flat.copy()
    fit(net, X, Y, optimizer=gradient_descent, lr=LR, epochs=1)
    agree(before - step(list(per_sample(X, Y))), net.parameters.flat, within=1e-12)
