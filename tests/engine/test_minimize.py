"""Conjugate gradients and L-BFGS through scipy: they reach known minima, keep dtypes, and explain what is missing."""

import subprocess
import sys
from collections.abc import Callable
from math import inf, nan
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


class Added:
    """A penalty that is a function of how often it was asked, and has no gradient."""

    def __init__(self, value_at: Callable[[int], float]) -> None:
        self.value_at, self.asked = value_at, 0

    def value(self, parameters: Any) -> float:
        self.asked += 1
        return self.value_at(self.asked)

    def add_gradient(self, parameters: Any, gradient: Any) -> None:
        pass


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("tolerance", [1e-8, 0.9])
@pytest.mark.parametrize(
    "value_at",
    [float, lambda n: nan if n > 2 else 0.0, lambda n: inf if n > 2 else 0.0],
    ids=["worse", "nan", "inf"],
)
def test_no_step_to_a_worse_loss_is_kept(method: Any, tolerance: float, value_at: Callable[[int], float]) -> None:
    """Where every trial is worse than the start, scipy's line searches give up and may hand over the last one.

    With the larger tolerance the gradient is small enough there, but not at the start.
    """
    X, Y = _line()
    net = MLP([3, 1])
    minimum = minimize(net, X, Y, method=method, iterations=1, tolerance=tolerance, penalty=Added(value_at))
    assert minimum.stopped == "no step improves"
    assert len(minimum.loss) == 1
    assert minimum.evaluations > 2
    assert not net.parameters.flat.any()


@pytest.mark.parametrize("method", METHODS)
def test_a_gradient_above_the_tolerance_has_not_converged(method: Any) -> None:
    """In float32 the loss stops falling long before the gradient is that small."""
    rng = np.random.default_rng(1)
    X = rng.uniform(-1, 1, (60, 1)).astype(np.float32)
    Y = np.sin(3 * X)
    net = MLP([1, 8, 1], dtype=np.float32).initialize(rng)
    minimum = minimize(net, X, Y, method=method, iterations=3000, tolerance=1e-12)
    assert minimum.stopped == "no step improves"
    again = minimize(net, X, Y, method=method, tolerance=1.0)
    assert (again.iterations, again.stopped) == (0, "converged")


def test_many_evaluations_do_not_end_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scipy's own limit of 15000 is lifted; the options say so without a search as long as that."""
    import scipy.optimize

    given: dict[str, Any] = {}
    search = scipy.optimize.minimize

    def recorded(*arguments: Any, **named: Any) -> Any:
        given.update(named["options"])
        return search(*arguments, **named)

    monkeypatch.setattr(scipy.optimize, "minimize", recorded)
    X, Y = _line()
    assert minimize(MLP([3, 1]), X, Y).stopped == "converged"
    assert given["maxfun"] == inf


def test_an_error_on_the_way_keeps_the_last_iteration() -> None:
    X, Y = _line()
    trained = MLP([3, 6, 1]).initialize(np.random.default_rng(2))
    interrupted = MLP([3, 6, 1]).initialize(np.random.default_rng(2))

    def raising(error: type[BaseException]) -> Added:
        def value_at(asked: int) -> float:
            if asked == 12:
                raise error
            return 0.0

        return Added(value_at)

    minimize(interrupted, X, Y, penalty=raising(KeyboardInterrupt))
    with pytest.raises(ZeroDivisionError):
        minimize(trained, X, Y, penalty=raising(ZeroDivisionError))
    np.testing.assert_array_equal(trained.parameters.flat, interrupted.parameters.flat)


def test_ctrl_c_keeps_the_last_iteration() -> None:
    X, Y = _line()

    def interrupt(asked: int) -> float:
        if asked == 12:
            raise KeyboardInterrupt
        return 0.0

    net = MLP([3, 6, 1]).initialize(np.random.default_rng(2))
    minimum = minimize(net, X, Y, penalty=Added(interrupt))
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


def test_the_engine_alone_does_not_import_scipy() -> None:
    code = "import sys, coursekit.engine; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


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
    for tolerance in (-1.0, nan, inf):
        with pytest.raises(ValueError, match=f"tolerance must be a finite number .* but is {tolerance}"):
            minimize(MLP([3, 1]), X, Y, tolerance=tolerance)
    with pytest.raises(ShapeError, match="X must have 3 columns"):
        minimize(MLP([3, 1]), X[:, :2], Y)
    with pytest.raises(ShapeError, match="Y must have 2 columns"):
        minimize(MLP([3, 2], loss=cross_entropy_from_logits), X, Y)
    with pytest.raises(ValueError, match="X must be finite"):
        minimize(MLP([3, 1]), np.where(X > 0, np.nan, X), Y)
