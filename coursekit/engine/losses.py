"""Losses: one number for a batch of predictions, and its gradient in the shape of the predictions.

``reduction="mean"`` averages over the N samples and ``"sum"`` adds them up; both add the K entries of one sample.
``"mean_entries"`` averages over all N * K entries. The gradient carries the same factor, so that a mean loss puts 1/N
into the backward pass once. The decks' conventions are, with their factors in ``loss_factor``:

    half_se   half_squared_error, "mean"      se    squared_error, "mean"
    sse       squared_error, "sum"            mse   squared_error, "mean_entries"
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from coursekit.engine.activations import softmax
from coursekit.engine.arrays import Array, require_batch, row_max, row_sum
from coursekit.engine.errors import ShapeError

Reduction = Literal["mean", "sum", "mean_entries"]


class Loss(NamedTuple):
    """A loss with its gradient rule.

    ``fn(prediction, target, reduction)`` -> float; ``gradient(...)`` -> array of the prediction's shape (N, K).
    Both raise ShapeError where the shapes differ. ``together`` is there for losses whose value and gradient share most
    of their work. ``source`` names the slide rows.
    """

    name: str
    fn: Callable[..., float]
    gradient: Callable[..., Array]
    source: str = ""
    together: Callable[..., tuple[float, Array]] | None = None

    def __call__(self, prediction: Array, target: Array, reduction: Reduction = "mean") -> float:
        """The loss of the batch."""
        return self.fn(prediction, target, reduction)

    def value_and_gradient(
        self, prediction: Array, target: Array, reduction: Reduction = "mean", *, out: Array | None = None
    ) -> tuple[float, Array]:
        """The loss of the batch and its gradient, which is written to ``out`` if that is given."""
        if self.together is not None:
            return self.together(prediction, target, reduction, out=out)
        return self.fn(prediction, target, reduction), self.gradient(prediction, target, reduction, out=out)


def _weight(shape: tuple[int, ...], reduction: Reduction) -> float:
    if reduction == "mean":
        return 1 / shape[0]
    if reduction == "sum":
        return 1.0
    if reduction == "mean_entries":
        return 1 / (shape[0] * shape[1])
    raise ValueError(f'reduction must be "mean", "sum" or "mean_entries", but is {reduction!r}')


def _require_pair(prediction: Array, target: Array) -> None:
    require_batch("prediction", prediction)
    if target.shape != prediction.shape:
        hint = "; write target[:, None]" if (*target.shape, 1) == prediction.shape else ""
        raise ShapeError(
            f"target must have the shape of prediction, {prediction.shape}, but has shape {target.shape}{hint}"
        )
    if prediction.size == 0:
        raise ValueError(
            f"a loss needs at least one sample with one entry, but the batch is empty: its shape is {prediction.shape}"
        )


def _require_classes(prediction: Array, target: Array) -> None:
    N = len(prediction)
    if target.shape != prediction.shape and prediction.ndim == 2 and target.shape in ((N,), (N, 1)):
        raise ShapeError(
            f"target must have the shape of prediction, {prediction.shape}, but has shape {target.shape}; "
            f"write labels as one-hot rows: np.eye({prediction.shape[1]})[labels]"
        )
    _require_pair(prediction, target)
    if prediction.shape[1] < 2:
        raise ShapeError(
            f"cross-entropy needs one column per class, two or more, but prediction has shape {prediction.shape}; "
            "with two classes the columns belong to both"
        )


def _half_squared_error(prediction: Array, target: Array, reduction: Reduction = "mean") -> float:
    _require_pair(prediction, target)
    residual = (prediction - target).ravel()
    return float(0.5 * np.dot(residual, residual) * _weight(target.shape, reduction))


def _half_squared_error_gradient(
    prediction: Array, target: Array, reduction: Reduction = "mean", *, out: Array | None = None
) -> Array:
    _require_pair(prediction, target)
    gradient: Array = np.subtract(prediction, target, out=out, dtype=prediction.dtype)
    gradient *= _weight(target.shape, reduction)
    return gradient


def _squared_error(prediction: Array, target: Array, reduction: Reduction = "mean") -> float:
    return 2 * _half_squared_error(prediction, target, reduction)


def _squared_error_gradient(
    prediction: Array, target: Array, reduction: Reduction = "mean", *, out: Array | None = None
) -> Array:
    gradient = _half_squared_error_gradient(prediction, target, reduction, out=out)
    gradient *= 2
    return gradient


def _absolute_error(prediction: Array, target: Array, reduction: Reduction = "mean") -> float:
    _require_pair(prediction, target)
    return float(np.abs(prediction - target).sum() * _weight(target.shape, reduction))


def _absolute_error_gradient(
    prediction: Array, target: Array, reduction: Reduction = "mean", *, out: Array | None = None
) -> Array:
    """The sign of the residual; 0 at 0, where no derivative exists."""
    _require_pair(prediction, target)
    gradient: Array = np.subtract(prediction, target, out=out, dtype=prediction.dtype)
    np.sign(gradient, out=gradient)
    gradient *= _weight(target.shape, reduction)
    return gradient


def huber(delta: float = 1.0) -> Loss:
    """Half the squared residual up to delta, beyond it a straight line of slope delta: outliers pull no harder.

    A loss like the others. 0 < delta < infinity, otherwise ValueError. Source: CEE616-T1, CEE697M-T1.
    """
    if not 0 < delta < np.inf:
        raise ValueError(f"delta must be a positive number, but is {delta}")
    delta = float(delta)

    def fn(prediction: Array, target: Array, reduction: Reduction = "mean") -> float:
        _require_pair(prediction, target)
        size = np.abs(prediction - target)
        near = np.minimum(size, delta)
        return float(np.sum(near * (size - near / 2)) * _weight(target.shape, reduction))

    def gradient(prediction: Array, target: Array, reduction: Reduction = "mean", *, out: Array | None = None) -> Array:
        _require_pair(prediction, target)
        slope: Array = np.subtract(prediction, target, out=out, dtype=prediction.dtype)
        np.clip(slope, -delta, delta, out=slope)
        slope *= _weight(target.shape, reduction)
        return slope

    return Loss("huber", fn, gradient, source="CEE616-T1, CEE697M-T1")


def _no_smaller_than_tiny(P: Array, out: Array | None = None) -> Array:
    """P held above the smallest normal number of its dtype, so that neither log nor 1/p overflows."""
    return np.maximum(P, np.finfo(P.dtype).tiny, out=out)


def _cross_entropy(P: Array, target: Array, reduction: Reduction = "mean") -> float:
    _require_classes(P, target)
    total = np.sum(target * np.log(_no_smaller_than_tiny(P)))
    return float(0 - total * _weight(target.shape, reduction))


def _cross_entropy_gradient(
    P: Array, target: Array, reduction: Reduction = "mean", *, out: Array | None = None
) -> Array:
    """-t / p."""
    _require_classes(P, target)
    gradient = _no_smaller_than_tiny(P, out)
    np.divide(target, gradient, out=gradient, dtype=P.dtype)
    gradient *= -_weight(target.shape, reduction)
    return gradient


def log_sum_exp(Z: Array) -> Array:
    """log sum_k e^z_k of each row, after a shift by its maximum. Z (N, K) -> (N, 1). Source: EECS545-E38."""
    top = row_max(Z)
    rest: Array = np.log(row_sum(np.exp(Z - top)))[..., None]
    return top + rest


def _cross_entropy_from_logits(logits: Array, target: Array, reduction: Reduction = "mean") -> float:
    _require_classes(logits, target)
    total = np.sum(target * (log_sum_exp(logits) - logits))
    return float(total * _weight(target.shape, reduction))


def _cross_entropy_from_logits_gradient(
    logits: Array, target: Array, reduction: Reduction = "mean", *, out: Array | None = None
) -> Array:
    _require_classes(logits, target)
    gradient = softmax.fn(logits, out=out)
    gradient *= row_sum(target)[:, None]
    gradient -= target
    gradient *= _weight(target.shape, reduction)
    return gradient


def _cross_entropy_from_logits_together(
    logits: Array, target: Array, reduction: Reduction = "mean", *, out: Array | None = None
) -> tuple[float, Array]:
    """log sum_k e^z_k - t.z and its gradient from one pass over the exponentials."""
    _require_classes(logits, target)
    gradient: Array = np.subtract(logits, row_max(logits), out=out)
    agreement = np.vdot(target, gradient)
    np.exp(gradient, out=gradient)
    sums = row_sum(gradient)
    mass = row_sum(target)
    weight = _weight(target.shape, reduction)
    loss = float((mass.dot(np.log(sums)) - agreement) * weight)
    gradient *= (mass / sums)[:, None]
    gradient -= target
    gradient *= weight
    return loss, gradient


half_squared_error = Loss(
    "half_squared_error",
    _half_squared_error,
    _half_squared_error_gradient,
    source="CEE616-E15, CEE616-E20, CEE616-E26",
)
squared_error = Loss(
    "squared_error",
    _squared_error,
    _squared_error_gradient,
    source="CEE697M-E14, CEE697M-E15, CEE697M-E22, EECS545-E18",
)
absolute_error = Loss("absolute_error", _absolute_error, _absolute_error_gradient, source="CEE616-T1, CEE697M-T1")
cross_entropy = Loss(
    "cross_entropy", _cross_entropy, _cross_entropy_gradient, source="CEE616-E48, CEE697M-E16, EECS545-E37"
)
cross_entropy_from_logits = Loss(
    "cross_entropy_from_logits",
    _cross_entropy_from_logits,
    _cross_entropy_from_logits_gradient,
    source="CEE616-E48, EECS545-E38, EECS545-E39",
    together=_cross_entropy_from_logits_together,
)


def loss_factor(kind: Literal["half_se", "se", "sse", "mse"], N: int, K: int) -> float:
    """How many times the plain residual, prediction - target, the gradient of a named convention is.

    For N samples of K entries: half_se 1/N, se 2/N, sse 2, mse 2/(N K). The plain residual is the gradient of
    half_squared_error with "sum"; the quotient of two factors converts a learning rate from one convention to another.
    Raises ValueError for another name, or N or K below 1. Source: CEE616-E15, CEE697M-E14, EECS545-E18, CEE616-T1.
    """
    if N < 1 or K < 1:
        raise ValueError(f"N and K must be at least 1, but are {N} and {K}")
    factors = {"half_se": 1 / N, "se": 2 / N, "sse": 2.0, "mse": 2 / (N * K)}
    if kind not in factors:
        raise ValueError(f"kind must be one of {', '.join(factors)}, but is {kind!r}")
    return factors[kind]
