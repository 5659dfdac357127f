"""Training on all samples at once with the optimizers of scipy, which choose the length of each step themselves."""

from collections.abc import Callable
from importlib import import_module
from math import inf, isfinite
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coursekit.engine.arrays import Array
from coursekit.engine.mlp import MLP
from coursekit.engine.training import Divergence, Regularizer, objective, require_training_data

METHODS = {"cg": "CG", "l-bfgs": "L-BFGS-B"}
# Left to itself scipy's L-BFGS also ends where the loss hardly falls, and after 15000 evaluations.
OPTIONS = {"cg": {}, "l-bfgs": {"ftol": 0.0, "maxfun": inf}}


class Minimum(NamedTuple):
    """Where a minimisation ended: loss at the start and after each iteration (iterations + 1,), penalty included.

    ``evaluations`` counts how often loss and gradient were computed; ``stopped`` says why it ended.
    """

    loss: NDArray[np.float64]
    iterations: int
    evaluations: int
    stopped: str


def minimize(
    net: MLP,
    X: Array,
    Y: Array,
    *,
    method: Literal["cg", "l-bfgs"] = "l-bfgs",
    iterations: int = 200,
    tolerance: float = 1e-8,
    penalty: Regularizer | None = None,
) -> Minimum:
    """Train a network in place by nonlinear conjugate gradients ("cg") or by limited-memory BFGS ("l-bfgs").

    X (N, n_0), Y (N, n_L), floats without nan or inf. Ends where no entry of the gradient exceeds ``tolerance``, after
    so many iterations, where no step improves, or at Ctrl-C; the network has the parameters of the last iteration,
    also after an error.
    Raises ModuleNotFoundError where scipy is missing, ShapeError or ValueError before the first step, Divergence for a
    start whose loss is not finite. Source: CEE616-C31; Nocedal and Wright 2006, chapters 5.2 and 7.2.
    """
    if method not in METHODS:
        raise ValueError(f'method must be "cg" or "l-bfgs", but is {method!r}')
    if iterations < 1:
        raise ValueError(f"iterations must be at least 1, but is {iterations}")
    if not 0 <= tolerance < inf:
        raise ValueError(f"tolerance must be a finite number that is not negative, but is {tolerance}")
    require_training_data(net, X, Y)
    scipy_minimize = _scipy_minimize()
    theta = net.parameters.flat
    best = theta.astype(np.float64)
    losses: list[float] = []
    evaluations = 0

    def evaluate(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        nonlocal evaluations
        evaluations += 1
        theta[...] = at
        loss, gradient = objective(net, X, Y, penalty)
        return loss, gradient.astype(np.float64)

    def keep(intermediate_result: Any) -> None:
        # A line search that gives up may hand over its last trial, although the loss there is worse or nan.
        if not intermediate_result.fun <= losses[-1]:
            raise StopIteration
        best[...] = intermediate_result.x
        losses.append(float(intermediate_result.fun))

    options = {"maxiter": iterations, "gtol": tolerance, **OPTIONS[method]}
    with np.errstate(over="ignore", invalid="ignore"):
        losses.append(evaluate(best)[0])
        if not isfinite(losses[0]):
            raise Divergence(f"the loss is {losses[0]} at the start: choose smaller parameters or standardise X")
        try:
            result = scipy_minimize(
                evaluate, best.copy(), jac=True, method=METHODS[method], callback=keep, options=options
            )
            if result.fun <= losses[-1] and np.abs(result.jac).max() <= tolerance:
                stopped = "converged"
            else:
                stopped = "all iterations done" if len(losses) > iterations else "no step improves"
        except KeyboardInterrupt:
            stopped = "interrupted"
        finally:
            theta[...] = best
    return Minimum(np.array(losses), len(losses) - 1, evaluations, stopped)


def _scipy_minimize() -> Callable[..., Any]:
    try:
        found: Callable[..., Any] = import_module("scipy.optimize").minimize
    except ImportError:
        raise ModuleNotFoundError("conjugate gradients and L-BFGS come with scipy: run pip install scipy") from None
    return found
