"""Checks of lecture NB02, second half: the activation functions, their curves and ranges, and how they train."""

import math
from collections.abc import Callable
from functools import cache, partial
from statistics import median

import numpy as np

from coursekit.check.numeric import numeric_gradient, numeric_jacobian
from coursekit.engine import (
    MLP,
    cross_entropy_from_logits,
    gelu,
    heaviside,
    leaky_relu,
    loss_and_gradients,
    relu,
    sigmoid,
    softplus,
    tanh,
)
from coursekit.engine.arrays import Array
from coursekit.engine.maps import Map
from coursekit.slides.row_checks import Statement, agree, hold, row_check

GRID = np.linspace(-20, 20, 161)


def values(activation: Map, z: Array) -> Array:
    """The curve of an activation over the points z (D,)."""
    curve: Array = activation(z[None])[0]
    return curve


def slopes(activation: Map, z: Array) -> Array:
    """The slope of an activation by the engine's rule, at the points z (D,)."""
    rule: Array = activation.vjp(np.ones((1, len(z))), z[None], activation(z[None]))[0]
    return rule


def numeric_slopes(f: Callable[[Array], Array], z: Array) -> Array:
    """The slope of a function of single numbers by differences, at the points z (D,)."""
    return np.diag(numeric_jacobian(f, z))


@row_check("CEE697M-F6")
def activation_panel() -> None:
    """Each curve of the panel has the value of its closed form, and the slope of that value, left and right of 0."""
    gauss = math.sqrt(2 / math.pi)
    closed: dict[Map, Callable[[float], float]] = {
        heaviside: lambda z: float(z > 0),
        sigmoid: lambda z: 1 / (1 + math.exp(-z)),
        tanh: math.tanh,
        relu: lambda z: max(0.0, z),
        leaky_relu(0.1): lambda z: z if z > 0 else 0.1 * z,
        softplus: lambda z: math.log(1 + math.exp(z)),
        gelu: lambda z: z / 2 * (1 + math.tanh(gauss * (z + 0.044715 * z**3))),
    }
    z = np.array([-3.0, -1.0, -0.5, 0.5, 1.0, 2.0])
    for activation, formula in closed.items():
        agree(values(activation, z), [formula(point) for point in z])
        agree(slopes(activation, z), [(formula(point + 1e-5) - formula(point - 1e-5)) / 2e-5 for point in z])


@row_check("CEE697M-E08")
def logistic_function() -> None:
    """The sigmoid is 1 / (1 + e^-x): one half at 0, its own mirror image, with slope s (1 - s) and without overflow."""
    agree(values(sigmoid, GRID), [1 / (1 + math.exp(-x)) for x in GRID], within=1e-14)
    agree(values(sigmoid, -GRID), 1 - values(sigmoid, GRID), within=1e-14)
    s = values(sigmoid, GRID)
    agree(numeric_slopes(partial(values, sigmoid), GRID), s * (1 - s), within=1e-8)
    agree(values(sigmoid, np.array([-1000.0, 0.0, 1000.0])), [0, 0.5, 1])


@row_check("CEE697M-C30", printed={"CEE697M-C30": lambda y: 0 <= y <= 1})
def range_of_the_sigmoid(reached: Statement = lambda y: 0 < y < 1) -> None:
    """The sigmoid comes as near to 0 and 1 as one likes and reaches neither; only rounding makes it 1 beyond 37."""
    x = np.linspace(-700, 700, 1401)
    above_0, below_1 = values(sigmoid, x), values(sigmoid, -x)
    agree(reached(0.0), above_0.min() <= 0)
    agree(reached(1.0), below_1.min() <= 0)
    for y in (1e-9, 0.3, 1 - 1e-9):
        agree(reached(y), values(sigmoid, np.array([-30.0]))[0] < y < values(sigmoid, np.array([30.0]))[0])
    agree(values(sigmoid, np.array([35.0, 38.0])) == 1, [False, True])


@row_check("CEE697M-F7", "EECS545-F9")
def sigmoid_curve() -> None:
    """The curve runs through 1/2 with slope 1/4, its steepest, and through 0.7311 and 0.8808 at 1 and 2."""
    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    agree(values(sigmoid, x), [0.11920292202, 0.26894142137, 0.5, 0.73105857863, 0.88079707798], within=1e-10)
    tangents = numeric_slopes(partial(values, sigmoid), x)
    agree(tangents[2], 0.25)
    agree(np.argmax(tangents), 2)


@row_check("CEE697M-C32", printed={"CEE697M-C32": lambda flaw: True})
def what_tanh_cures(cures: Statement = lambda flaw: flaw == "not centred") -> None:
    """In place of the sigmoid, tanh centres the outputs; it saturates as well, and sooner."""
    ends = np.array([-5.0, 5.0])
    tails = {unit: numeric_slopes(partial(values, unit), ends).max() for unit in (sigmoid, tanh)}
    means = {unit: abs(values(unit, GRID).mean()) for unit in (sigmoid, tanh)}
    agree([tails[sigmoid], tails[tanh]], [6.648e-3, 1.816e-4], within=1e-6)
    agree(cures("saturation"), tails[tanh] > tails[sigmoid])
    agree(cures("not centred"), means[tanh] < 0.01 * means[sigmoid])


@row_check("CEE697M-E09", "EECS545-E04")
def hyperbolic_tangent() -> None:
    """tanh is a quotient of exponentials and a stretched sigmoid; unlike the quotient it never overflows."""
    quotient = [(math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x)) for x in GRID]
    agree(values(tanh, GRID), quotient, within=1e-14)
    agree([2 / (1 + math.exp(-2 * x)) - 1 for x in GRID], values(tanh, GRID), within=1e-14)
    agree(numeric_slopes(np.tanh, GRID), slopes(tanh, GRID), within=1e-8)
    agree(values(tanh, np.array([-1000.0, 1000.0])), [-1, 1])


@row_check("CEE697M-C33", "EECS545-C12", printed={"CEE697M-C33": lambda y: -1 <= y <= 1})
def range_of_tanh(reached: Statement = lambda y: -1 < y < 1) -> None:
    """The hyperbolic tangent is bounded by -1 and 1 and reaches neither; only rounding makes it 1 beyond 19."""
    x = np.linspace(-350, 350, 701)
    above, below = 2 * values(sigmoid, 2 * x), 2 * values(sigmoid, -2 * x)
    agree(values(tanh, x), above - 1)
    agree(values(tanh, x), 1 - below)
    agree(reached(-1.0), above.min() <= 0)
    agree(reached(1.0), below.min() <= 0)
    for y in (-1 + 1e-9, 0.3, 1 - 1e-9):
        agree(reached(y), values(tanh, np.array([-18.0]))[0] < y < values(tanh, np.array([18.0]))[0])
    agree(values(tanh, np.array([17.5, 20.0])) == 1, [False, True])


@row_check("CEE697M-F8", "EECS545-F10")
def tanh_curve() -> None:
    """The curve runs through the origin with slope 1, its steepest, and through 0.4621 and 0.7616 at 1/2 and 1."""
    x = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    agree(values(tanh, x), [-0.76159415596, -0.46211715726, 0, 0.46211715726, 0.76159415596], within=1e-10)
    tangents = numeric_slopes(partial(values, tanh), x)
    agree(tangents[2], 1)
    agree(np.argmax(tangents), 2)


@row_check("CEE697M-C34")
def zero_centred_units() -> None:
    """tanh is odd, so its mean is 0 on symmetric inputs; above sigmoid units all weights of a unit move one way."""
    agree(values(tanh, -GRID), -values(tanh, GRID))
    agree([values(tanh, GRID).mean(), values(sigmoid, GRID).mean()], [0, 0.5])
    rng = np.random.default_rng(1)
    for activation, one_sign in ((sigmoid, True), (tanh, False)):
        net = MLP([3, 8, 4, 1], activation=activation).initialize(rng)
        X, Y = rng.standard_normal((1, 3)), rng.standard_normal((1, 1))
        dW = loss_and_gradients(X, Y, net.Ws, net.bs, net.activations)[1].dWs[1]
        agree([np.unique(np.sign(row)).size == 1 for row in dW], [one_sign] * 4)


@row_check("CEE697M-E10")
def rectifier() -> None:
    """The relu is the larger of 0 and x; it scales with its input, and its slope is 1 above 0, else 0 by house rule."""
    agree(values(relu, GRID), [max(0.0, x) for x in GRID])
    agree(values(relu, 3.5 * GRID), 3.5 * values(relu, GRID))
    agree(slopes(relu, np.array([-2.0, 0.0, 2.0])), [0, 0, 1])


@row_check("CEE697M-C35", "EECS545-E02")
def rectifier_by_cases() -> None:
    """The relu passes what is above 0 unchanged and cuts off the rest."""
    agree(values(relu, GRID), [z if z > 0 else 0 for z in GRID])


@row_check("CEE697M-F9", "EECS545-F8")
def rectifier_curve() -> None:
    """The curve is level left of 0 and rises with slope 1 right of it, with a kink between."""
    x = np.array([-2.0, -1.0, 1.0, 2.0])
    agree(values(relu, x), [0, 0, 1, 2])
    agree(numeric_slopes(partial(values, relu), x), [0, 0, 1, 1])
    agree(numeric_gradient(lambda x: values(relu, x).sum(), np.array([-1.0, 0.0, 1.0])).kink, [False, True, False])


def disc(seed: int) -> tuple[Array, Array]:
    """Points of a square, and as classes whether each lies in the disc that covers half of it."""
    X = np.random.default_rng(seed).uniform(-1, 1, (200, 2))
    inside = (X**2).sum(axis=1) < 2 / np.pi
    return X, np.stack([~inside, inside], axis=1).astype(float)


def _steps_to(net: MLP, X: Array, Y: Array, *, lr: float, loss: float) -> int:
    for step in range(3000):
        now, gradient = net.loss_and_gradient(X, Y)
        if now < loss:
            return step
        net.parameters.flat -= lr * gradient
    return 3000


@cache
def median_steps(task: str, activation: Map) -> float:
    """The median over three starts of the descent steps to a small training loss, all at one learning rate."""
    steps = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        if task == "disc":
            net = MLP([2, 32, 2], activation=activation, loss=cross_entropy_from_logits).initialize(rng)
            steps.append(_steps_to(net, *disc(0), lr=1.0, loss=0.15))
        else:
            x = np.linspace(-2, 2, 100)[:, None]
            net = MLP([1, 8, 1], activation=activation).initialize(rng)
            steps.append(_steps_to(net, x, np.tanh(1.5 * x), lr=0.3, loss=1e-3))
    return median(steps)


@row_check("CEE697M-C36", printed={"CEE697M-C36": lambda task: True})
def speed_of_relu_networks(relu_is_faster: Statement = lambda task: task == "disc") -> None:
    """A relu network classifies the disc before one with tanh or sigmoid units does, but fits a smooth curve later."""
    disc_steps = [median_steps("disc", activation) for activation in (relu, tanh, sigmoid)]
    hold(1.5 * disc_steps[1] < disc_steps[2], "the sigmoid takes half as many steps again as tanh on the disc")
    for task in ("disc", "smooth curve"):
        by_relu, by_tanh = median_steps(task, relu), median_steps(task, tanh)
        hold(max(by_relu, by_tanh) > 1.3 * min(by_relu, by_tanh), "the race is decided")
        agree(relu_is_faster(task), by_relu < by_tanh)


@row_check("CEE697M-C38")
def dead_units() -> None:
    """Sixty long steps leave many relu units at 0 on all data, where no gradient wakes them; short steps leave none."""
    X, Y = disc(0)
    X, Y = X + 0.5, 2 + 2 * Y[:, :1]
    shares = []
    for lr in (0.05, 1.0):
        net = MLP([2, 50, 1], activation=relu).initialize(np.random.default_rng(0))
        for _ in range(60):
            gradient = net.loss_and_gradient(X, Y)[1]
            net.parameters.flat -= lr * min(1.0, 5 / float(np.linalg.norm(gradient))) * gradient
        dead = (net.forward(X).A[1] == 0).all(axis=0)
        dWs = loss_and_gradients(X, Y, net.Ws, net.bs, net.activations)[1].dWs
        agree(dWs[0][dead], np.zeros((dead.sum(), 2)))
        agree(dWs[1][:, dead], np.zeros((1, dead.sum())))
        shares.append(dead.mean())
    hold(shares[0] < 0.05 and shares[1] > 0.2, "long steps kill a fifth of the units, short ones hardly any")


@row_check("EECS545-E03")
def two_forms_of_the_sigmoid() -> None:
    """Both quotients are the sigmoid; each overflows at one end, where the engine does not."""
    z = np.linspace(-30, 30, 121)
    agree(values(sigmoid, z), [math.exp(point) / (1 + math.exp(point)) for point in z], within=1e-14)
    agree(values(sigmoid, z), [1 / (1 + math.exp(-point)) for point in z], within=1e-14)
    with np.errstate(over="ignore", invalid="ignore"):
        hold(bool(np.isnan(np.exp(1000.0) / (1 + np.exp(1000.0)))), "the first quotient is not a number at 1000")
        hold(bool(np.isinf(np.exp(1000.0))), "the second quotient overflows on its way at -1000")
    agree(values(sigmoid, np.array([-1000.0, 1000.0])), [0, 1])


@row_check("EECS545-C10")
def smooth_and_bounded() -> None:
    """The sigmoid stays between 0 and 1 and has derivatives of each order, polynomials in the sigmoid itself."""
    z = np.linspace(-5, 5, 41)
    s = values(sigmoid, z)
    hold(bool(s.min() > 0 and s.max() < 1), "the sigmoid lies between 0 and 1")
    first, second, third = s * (1 - s), s * (1 - s) * (1 - 2 * s), s * (1 - s) * (1 - 6 * s + 6 * s**2)
    agree(slopes(sigmoid, z), first)
    agree(numeric_slopes(partial(slopes, sigmoid), z), second)
    agree(numeric_slopes(lambda z: slopes(sigmoid, z) * (1 - 2 * values(sigmoid, z)), z), third)


@row_check("EECS545-C11")
def derivative_from_the_output() -> None:
    """The slope of a sigmoid unit is h (1 - h), known from its output alone."""
    z = np.linspace(-8, 8, 33)
    h = values(sigmoid, z)
    agree(slopes(sigmoid, z), numeric_slopes(lambda z: 1 / (1 + np.exp(-z)), z), within=1e-8)
    agree(sigmoid.vjp(np.ones((1, 33)), np.full((1, 33), np.nan), h[None])[0], h * (1 - h))


@row_check("EECS545-C13", printed={"EECS545-C13": lambda z: True})
def slope_against_the_sigmoid(larger: Statement = lambda z: abs(z) < 1.66289) -> None:
    """tanh has four times the slope of the sigmoid at 0 and the larger one up to |z| = 1.66289, the smaller beyond."""
    z = np.array([-5, -2, -1.66290, -1.66288, -1, 0, 1, 1.66288, 1.66290, 3])
    by_tanh, by_sigmoid = (numeric_slopes(partial(values, unit), z) for unit in (tanh, sigmoid))
    agree(by_tanh[5] / by_sigmoid[5], 4)
    agree([larger(point) for point in z], by_tanh > by_sigmoid)


@row_check("EECS545-E05")
def sigmoid_and_tanh() -> None:
    """Each of the two curves is the other, stretched and shifted."""
    agree(values(sigmoid, GRID), [0.5 + 0.5 * math.tanh(z / 2) for z in GRID], within=1e-14)
    agree(values(tanh, GRID), 2 * values(sigmoid, 2 * GRID) - 1, within=1e-14)
