"""Losses: one number for a batch of predictions, and its gradient in the shape of the predictions.

``reduction="mean"`` averages over the N samples and ``"sum"`` adds them up; the entries of one sample are always
added. The gradient carries the same factor, so that a mean loss puts 1/N into the backward pass once.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from coursekit.engine.activations import softmax
from coursekit.engine.arrays import Array, require_batch, require_same_shape

Reduction = Literal["mean", "sum"]


class Loss(NamedTuple):
    """A loss with its gradient rule.

    ``fn(prediction, target, reduction)`` -> float; ``gradient(...)`` -> array of the prediction's shape (N, K).
    Both raise ShapeError where the shapes differ. ``source`` names the slide rows.
    """

    name: str
    fn: Callable[..., float]
    gradient: Callable[..., Array]
    source: str = ""

    def __call__(self, prediction: Array, target: Array, reduction: Reduction = "mean") -> float:
        """The loss of the batch."""
        return self.fn(prediction, target, reduction)


def _weight(N: int, reduction: Reduction) -> float:
    if reduction == "mean":
        return 1 / N
    if reduction == "sum":
        return 1.0
    raise ValueError(f'reduction must be "mean" or "sum", but is {reduction!r}')


def _require_pair(prediction: Array, target: Array) -> None:
    require_batch("prediction", prediction)
    require_same_shape("target", target, "prediction", prediction)
    if len(prediction) == 0:
        raise ValueError("a loss needs at least one sample, but the batch is empty")


def _half_squared_error(prediction: Array, target: Array, reduction: Reduction = "mean") -> float:
    _require_pair(prediction, target)
    residual = (prediction - target).ravel()
    return float(0.5 * np.dot(residual, residual) * _weight(len(target), reduction))


def _half_squared_error_gradient(
    prediction: Array, target: Array, reduction: Reduction = "mean", *, out: Array | None = None
) -> Array:
    _require_pair(prediction, target)
    gradient: Array = np.subtract(prediction, target, out=out, dtype=prediction.dtype)
    gradient *= _weight(len(target), reduction)
    return gradient


def log_sum_exp(Z: Array) -> Array:
    """log sum_k e^z_k of each row, after a shift by its maximum. Z (N, K) -> (N, 1). Source: EECS545-E38."""
    top: Array = Z.max(axis=-1, keepdims=True)
    rest: Array = np.log(np.exp(Z - top).sum(axis=-1, keepdims=True))
    return top + rest


def _cross_entropy_from_logits(logits: Array, target: Array, reduction: Reduction = "mean") -> float:
    _require_pair(logits, target)
    total = np.sum(target * (log_sum_exp(logits) - logits))
    return float(total * _weight(len(target), reduction))


def _cross_entropy_from_logits_gradient(
    logits: Array, target: Array, reduction: Reduction = "mean", *, out: Array | None = None
) -> Array:
    _require_pair(logits, target)
    gradient = softmax.fn(logits, out=out)
    gradient *= target.sum(axis=-1, keepdims=True)
    gradient -= target
    gradient *= _weight(len(target), reduction)
    return gradient


half_squared_error = Loss(
    "half_squared_error",
    _half_squared_error,
    _half_squared_error_gradient,
    source="CEE616-E15, CEE616-E20, CEE616-E26",
)
cross_entropy_from_logits = Loss(
    "cross_entropy_from_logits",
    _cross_entropy_from_logits,
    _cross_entropy_from_logits_gradient,
    source="CEE616-E48, EECS545-E38, EECS545-E39",
)
