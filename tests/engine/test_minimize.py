"""Conjugate gradients and L-BFGS through scipy: they reach known minima, keep dtypes, and explain what is missing."""

import sys
from typing import Any

import numpy as np
import pytest

from coursekit.engine import MLP, Divergence, ShapeError, l2, minimize
from coursekit.engine.losses import cross_entropy_from_logits

METHODS = ["cg", "l-bfgs"]


def _line(N: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((N, 3))
    return X, X @ np.array([[1.0], [-2.0], [0.5]]) + 0.3 + 0.1 * rng.standard_normal((N, 1))


def _least_squares(X: np.ndarray, Y: np.ndarray, strength: float = 0.0) -> np.ndarray:
    """Weights and bias that minimise the mean half squared error plus strength * sum of squared weights."""
    A = np.c_[X, np.ones(len(X))]
    ridge = 2 * strength * len(X) * np.diag([1.0, 1.0, 1.0, 0.0])
    return np.linalg.solve(A.T @ A + ridge, A.T @ Y[:, 0])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("strength", [0.0, 0.1])
def test_a_line_ends_at_the_least_squares_solution(method: Any, strength: float) -> None:
    X, Y = _line()
    net = MLP([3, 1])
    minimum = minimize(net, X, Y, method=method, penalty=l2(strength) if strength else None)
    np.testing.assert_allclose(net.parameters.flat, _least_squares(X, Y, strength), atol=1e-6)
    assert minimum.stopped == "converged"
    assert minimum.iterations == len(minimum.loss) - 1 < minimum.evaluations


@pytest.mark.parametrize("method", METHODS)
def test_the_loss_falls_and_is_that_of_the_network(method: Any) -> None:
    rng = np.random.default_rng(1)
    X = rng.uniform(-1, 1, (60, 1))
    net = MLP([1, 8, 1]).initialize(rng)
    minimum = minimize(net, X, np.sin(3 * X), method=method, iterations=60)
    assert (np.diff(minimum.loss) <= 0).all()
    assert minimum.loss[-1] < 0.01 * minimum.loss[0]
    assert minimum.loss[-1] == pytest.approx(net.loss(net(X), np.sin(3 * X)))


@pytest.mark.parametrize("method", METHODS)
def test_few_iterations_end_the_search(method: Any) -> None:
    X, Y = _line()
    minimum = minimize(MLP([3, 5, 1]).initialize(np.random.default_rng(0)), X, Y, method=method, iterations=2)
    assert (minimum.iterations, minimum.stopped) == (2, "all iterations done")


@pytest.mark.parametrize("method", METHODS)
def test_float32_stays_float32(method: Any) -> None:
    X, Y = _line()
    net = MLP([3, 1], dtype=np.float32)
    minimize(net, X, Y, method=method)
    assert net.parameters.flat.dtype == np.float32
    np.testing.assert_allclose(net.parameters.flat, _least_squares(X, Y), atol=1e-3)


def test_ctrl_c_keeps_the_last_iteration() -> None:
    X, Y = _line()
    calls = 0

    class Interrupting:
        def value(self, parameters: Any) -> float:
            nonlocal calls
            calls += 1
            if calls == 12:
                raise KeyboardInterrupt
            return 0.0

        def add_gradient(self, parameters: Any, gradient: Any) -> None:
            pass

    net = MLP([3, 6, 1]).initialize(np.random.default_rng(2))
    minimum = minimize(net, X, Y, penalty=Interrupting())
    assert minimum.stopped == "interrupted"
    assert minimum.iterations > 1
    assert net.loss(net(X), Y) == pytest.approx(minimum.loss[-1])


def test_without_scipy_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    X, Y = _line()
    net = MLP([3, 1])
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(ModuleNotFoundError, match=r"L-BFGS come with scipy: run pip install scipy$"):
        minimize(net, X, Y)
    assert not net.parameters.flat.any()


def test_a_start_without_a_finite_loss_is_refused() -> None:
    X, Y = _line()
    net = MLP([3, 1])
    net.parameters.flat[...] = 1e200
    with pytest.raises(Divergence, match="the loss is inf at the start"):
        minimize(net, X, Y)


def test_bad_input_is_refused() -> None:
    X, Y = _line()
    with pytest.raises(ValueError, match='"cg" or "l-bfgs", but is \'newton\''):
        minimize(MLP([3, 1]), X, Y, method="newton")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="iterations must be at least 1, but is 0"):
        minimize(MLP([3, 1]), X, Y, iterations=0)
    with pytest.raises(ShapeError, match="X must have 3 columns"):
        minimize(MLP([3, 1]), X[:, :2], Y)
    with pytest.raises(ShapeError, match="Y must have 2 columns"):
        minimize(MLP([3, 2], loss=cross_entropy_from_logits), X, Y)
    with pytest.raises(ValueError, match="X must be finite"):
        minimize(MLP([3, 1]), np.where(X > 0, np.nan, X), Y)
