"""Standardisation of inputs: mean 0 and standard deviation 1 in every column, measured on the training data alone."""

from typing import NamedTuple

import numpy as np

from coursekit.engine.arrays import Array, require_batch
from coursekit.engine.errors import ShapeError


def _floating(X: Array) -> Array:
    X = np.asarray(X)
    return X if np.issubdtype(X.dtype, np.floating) else X.astype(np.float64)


class Standardizer(NamedTuple):
    """The columns' mean (D,) and scale (D,) of the training data, for every batch that comes after.

    Source: CEE616-C28.
    """

    mean: Array
    scale: Array

    def _checked(self, name: str, X: Array) -> Array:
        X = _floating(X)
        require_batch(name, X)
        if X.shape[1:] != self.mean.shape:
            raise ShapeError(
                f"{name} must have the {len(self.mean)} columns of the training data, but has shape {X.shape}"
            )
        return X

    def apply(self, X: Array) -> Array:
        """(X - mean) / scale, column by column. X (N, D) -> (N, D). Raises ShapeError for another D."""
        X = self._checked("X", X)
        Z: Array = np.subtract(X, self.mean, dtype=X.dtype)
        return np.divide(Z, self.scale, out=Z, dtype=X.dtype)

    def undo(self, Z: Array) -> Array:
        """Z * scale + mean, the way back. Z (N, D) -> (N, D). Raises ShapeError for another D."""
        Z = self._checked("Z", Z)
        X: Array = np.multiply(Z, self.scale, dtype=Z.dtype)
        return np.add(X, self.mean, out=X, dtype=Z.dtype)


def standardize(X_train: Array) -> Standardizer:
    """Measure mean and standard deviation (over N, not N - 1) of each column; a constant column keeps the scale 1.

    X_train (N, D) -> Standardizer. Raises ShapeError where it is not a batch, ValueError where it is empty or holds
    NaN or infinity. Source: CEE616-C28.
    """
    X = _floating(X_train)
    require_batch("X_train", X)
    if X.size == 0:
        raise ValueError(f"X_train must have at least one sample and one column, but has shape {X.shape}")
    bad = np.argwhere(~np.isfinite(X))
    if len(bad):
        row, column = bad[0]
        raise ValueError(
            f"X_train must hold finite numbers only, but {len(bad)} of {X.size} entries are NaN or infinite, the first "
            f"is {X[row, column]} in row {row}, column {column}; remove or fill these samples first"
        )
    constant = np.equal(X, X[0]).all(axis=0)
    mean = np.where(constant, X[0], X.mean(axis=0, dtype=np.float64))
    centred = X - mean
    size = np.abs(centred).max(axis=0)
    size[size == 0] = 1
    # Divided by its size first, no column's square overflows or vanishes.
    scale = (size * np.sqrt(np.mean((centred / size) ** 2, axis=0))).astype(X.dtype)
    scale[scale == 0] = 1
    return Standardizer(mean.astype(X.dtype), scale)
