"""The array type of the engine and the checks of shape that its functions share."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.engine.errors import ShapeError

Array = NDArray[np.floating[Any]]


def require_batch(name: str, X: Array) -> None:
    """Raise ShapeError unless X is a batch: two axes, one sample per row."""
    if X.ndim != 2:
        raise ShapeError(
            f"{name} must be a batch with one sample per row, shape (N, D), but has shape {X.shape}; "
            f"write {name}[None] for a single sample"
        )


def require_same_shape(name: str, X: Array, other: str, Y: Array) -> None:
    """Raise ShapeError unless both arrays have the same shape."""
    if X.shape != Y.shape:
        raise ShapeError(f"{name} must have the shape of {other}, {Y.shape}, but has shape {X.shape}")
