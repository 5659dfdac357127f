"""Optimizers against textbook loops over single entries, and what they promise of memory, dtype and arguments."""

import tracemalloc
from math import sqrt

import numpy as np
import pytest

from coursekit.engine.optimizers import BLOCK, adam, adamw, gradient_descent, momentum, nesterov, rmsprop, sgd

LR = 0.05


def by_descent(theta, gradients):
    for g in gradients:
        theta -= LR * g
    return theta


def by_momentum(theta, gradients, beta=0.8):
    v = 0.0
    for g in gradients:
        v = beta * v + g
        theta -= LR * v
    return theta


def by_nesterov(theta, gradients, beta=0.8):
    v = 0.0
    for g in gradients:
        v = beta * v + g
        theta -= LR * (g + beta * v)
    return theta


def by_rmsprop(theta, gradients, decay=0.9, epsilon=1e-3):
    s = 0.0
    for g in gradients:
        s = decay * s + (1 - decay) * g**2
        theta -= LR * g / (sqrt(s) + epsilon)
    return theta


def by_adam(theta, gradients, beta1=0.7, beta2=0.95, epsilon=1e-3, decay=0.0):
    m = s = 0.0
    for t, g in enumerate(gradients, start=1):
        theta -= LR * decay * theta
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g**2
        theta -= LR * (m / (1 - beta1**t)) / (sqrt(s / (1 - beta2**t)) + epsilon)
    return theta


PAIRS = {
    "gradient_descent": (gradient_descent, by_descent),
    "sgd": (sgd, by_descent),
    "momentum": (momentum(0.8), by_momentum),
    "nesterov": (nesterov(0.8), by_nesterov),
    "rmsprop": (rmsprop(0.9, 1e-3), by_rmsprop),
    "adam": (adam(0.7, 0.95, 1e-3), by_adam),
    "adamw": (adamw(0.7, 0.95, 1e-3, weight_decay=0.3), lambda theta, gs: by_adam(theta, gs, decay=0.3)),
}
OPTIMIZERS = {name: optimizer for name, (optimizer, _) in PAIRS.items()}


def run(optimizer, theta, gradients):
    state = optimizer.init(theta)
    for gradient in gradients:
        state = optimizer.update(theta, gradient, state, LR)
    return theta


@pytest.mark.parametrize(("optimizer", "textbook"), PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("P", [1, 7, 2 * BLOCK + 5], ids=["one entry", "few", "several blocks"])
def test_fifty_steps_agree_with_the_textbook_loop(optimizer, textbook, P):
    rng = np.random.default_rng(0)
    theta = rng.standard_normal(P)
    gradients = list(rng.standard_normal((50, P)))
    watched = sorted({0, P // 2, P - 1, min(P, BLOCK) - 1, min(P - 1, BLOCK)})
    expected = [textbook(float(theta[i]), [float(g[i]) for g in gradients]) for i in watched]
    np.testing.assert_allclose(run(optimizer, theta, gradients)[watched], expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_theta_is_stepped_in_place_in_its_dtype_and_the_gradient_is_left_alone(optimizer, dtype):
    theta, gradient = np.ones(5, dtype), np.arange(5, dtype=dtype)
    state = optimizer.update(theta, gradient, optimizer.init(theta), LR)
    np.testing.assert_array_equal(gradient, np.arange(5))
    assert theta.dtype == dtype
    assert all(moment.dtype == dtype for moment in state.moments)
    assert (theta[1:] < 1).all()


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize(("dtype", "lr"), [(np.float64, LR), (np.float32, LR), (np.float32, np.float64(LR))])
def test_an_update_allocates_nothing_of_the_size_of_theta(optimizer, dtype, lr):
    theta = np.ones(100_000, dtype)
    gradient = np.ones_like(theta)
    state = optimizer.init(theta)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(3):
            state = optimizer.update(theta, gradient, state, lr)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak - before < 8_000


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_every_optimizer_has_its_name_and_a_source(optimizer):
    assert OPTIMIZERS[optimizer.name] is optimizer
    assert optimizer.source


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_two_runs_do_not_share_a_state(optimizer):
    gradients = list(np.random.default_rng(1).standard_normal((4, 3)))
    once = run(optimizer, np.zeros(3), gradients)
    np.testing.assert_array_equal(run(optimizer, np.zeros(3), gradients), once)


@pytest.mark.parametrize(
    "make",
    [
        lambda number: gradient_descent,
        lambda number: momentum(number(0.8)),
        lambda number: nesterov(number(0.8)),
        lambda number: rmsprop(number(0.9), number(1e-3)),
        lambda number: adam(number(0.7), number(0.95), number(1e-3)),
        lambda number: adamw(number(0.7), number(0.95), number(1e-3), weight_decay=number(0.3)),
    ],
    ids=["gradient_descent", "momentum", "nesterov", "rmsprop", "adam", "adamw"],
)
def test_numbers_of_numpys_step_float32_like_those_of_python(make):
    ends = []
    for number in (float, np.float64):
        rng = np.random.default_rng(2)
        optimizer, theta = make(number), rng.standard_normal(5000).astype(np.float32)
        state = optimizer.init(theta)
        for gradient in rng.standard_normal((20, 5000)).astype(np.float32):
            state = optimizer.update(theta, gradient, state, number(LR))
        ends.append(theta)
    np.testing.assert_array_equal(*ends)


@pytest.mark.parametrize("optimizer", [o for name, o in OPTIMIZERS.items() if name != "adamw"])
def test_a_narrow_valley_is_descended(optimizer):
    """f = (x^2 + 25 y^2) / 2 from (3, 1); steps in units of the gradient's size end within one of its length."""
    theta = np.array([3.0, 1.0])
    state = optimizer.init(theta)
    for _ in range(600):
        state = optimizer.update(theta, np.array([1.0, 25.0]) * theta, state, 0.02)
    assert np.abs(theta).max() < 0.02


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: momentum(1), "beta must be at least 0 and below 1, but is 1"),
        (lambda: nesterov(-0.1), r"beta must be at least 0 and below 1, but is -0\.1"),
        (lambda: rmsprop(decay=2), "decay must be at least 0 and below 1, but is 2"),
        (lambda: rmsprop(epsilon=0), "epsilon must be a positive finite number, but is 0"),
        (lambda: adam(beta1=1), "beta1 must be"),
        (lambda: adam(beta2=float("nan")), "beta2 must be .* but is nan"),
        (lambda: adam(epsilon=-1), "epsilon must be a positive finite number, but is -1"),
        (lambda: adamw(weight_decay=-1), "weight_decay must be a finite number that is not negative, but is -1"),
    ],
)
def test_what_makes_no_optimizer_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
