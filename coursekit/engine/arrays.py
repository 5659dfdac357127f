"""The array type of the engine, the checks of shape that its functions share, and sums and maxima of rows."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.engine.errors import ShapeError

Array = NDArray[np.floating[Any]]


def require_floats(name: str, X: Array) -> None:
    """Raise ValueError unless X is a numpy array of floats."""
    if not isinstance(X, np.ndarray):
        raise ValueError(
            f"{name} must be a numpy array of floats, but is a {type(X).__name__}; use np.array(..., float)"
        )
    if X.dtype.kind != "f":
        raise ValueError(f"{name} must hold floats, but has dtype {X.dtype}; use {name}.astype(float)")


def require_batch(name: str, X: Array) -> None:
    """Raise ValueError unless X is a numpy array of floats, ShapeError unless it has one sample per row."""
    if not isinstance(X, np.ndarray) or X.dtype.kind != "f":
        require_floats(name, X)
    if X.ndim != 2:
        raise ShapeError(
            f"{name} must be a batch with one sample per row, shape (N, D), but has shape {X.shape}; "
            f"write {name}[None] for a single sample"
        )


def require_same_shape(name: str, X: Array, other: str, Y: Array) -> None:
    """Raise ShapeError unless both arrays have the same shape."""
    if X.shape != Y.shape:
        raise ShapeError(f"{name} must have the shape of {other}, {Y.shape}, but has shape {X.shape}")


def require_samples(X: Array, Y: Array) -> None:
    """Raise ShapeError or ValueError unless X and Y are batches of finite floats, one or more rows in both alike."""
    for name, given in (("X", X), ("Y", Y)):
        require_batch(name, given)
        if not np.isfinite(given).all():
            raise ValueError(f"{name} must be finite, but {int((~np.isfinite(given)).sum())} entries are nan or inf")
    if len(X) != len(Y):
        raise ShapeError(f"X and Y must have equally many rows, but have {len(X)} and {len(Y)}")
    if len(X) == 0:
        raise ValueError("there must be at least one sample, but X has no rows")


# numpy finds the maxima of shorter rows faster along the first axis of a transposed copy.
SHORT_ROW = 64


def row_max(Z: Array) -> Array:
    """The largest entry of each row, (..., K) -> (..., 1)."""
    if Z.shape[-1] > SHORT_ROW:
        largest: Array = Z.max(axis=-1, keepdims=True)
        return largest
    largest = np.maximum.reduce(np.ascontiguousarray(Z.T))
    return largest.T[..., None]


def row_sum(Z: Array) -> Array:
    """The sum of each row, (..., K) -> (...), as a product with ones."""
    sums: Array = Z.dot(ones(Z.shape[-1], Z.dtype))
    return sums


def column_sum(Z: Array, *, out: Array | None = None) -> Array:
    """The sum of each column, (N, K) -> (K,), as a product with ones: faster than a sum along the first axis."""
    sums: Array = ones(len(Z), Z.dtype).dot(Z, out=out)
    return sums


@lru_cache(maxsize=64)
def ones(n: int, dtype: np.dtype[Any]) -> Array:
    """Read-only ones (n,) to add up rows and columns with."""
    vector = np.ones(n, dtype)
    vector.flags.writeable = False
    return vector


@lru_cache(maxsize=8)
def zero(dtype: np.dtype[Any]) -> Array:
    """0 as an array (), with which numpy compares small arrays in half the time that a Python number takes."""
    number = np.zeros((), dtype)
    number.flags.writeable = False
    return number
