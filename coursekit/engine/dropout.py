"""Inverted dropout: units are switched off at random in training, and nothing is left to do in evaluation."""

import numpy as np
from numpy.typing import NDArray

from coursekit.engine.arrays import Array, require_batch
from coursekit.engine.errors import ShapeError

Mask = NDArray[np.bool_]


def _require_probability(p: float) -> None:
    if not 0 <= p < 1:
        raise ValueError(f"p, the probability that a unit is dropped, must be at least 0 and below 1, but is {p}")


def _keep(X: Array, mask: Mask | None, p: float, out: Array | None) -> Array:
    if mask is None:
        return np.positive(X, out=out)
    out = np.multiply(X, mask, out=out)
    out *= 1 / (1 - float(p))
    return out


def dropout(
    A: Array, p: float, rng: np.random.Generator, *, train: bool = True, out: Array | None = None
) -> tuple[Array, Mask | None]:
    """A * mask / (1 - p) and the mask: each unit of each sample is dropped with probability p, the mean stays the same.

    A (N, M), 0 <= p < 1 -> (N, M) and mask (N, M), False where dropped. A dropped unit loses all its outgoing
    connections together. With ``train=False`` nothing is drawn: a copy of A, and None for the mask.
    Raises ValueError for another p, ShapeError where A is not a batch.
    Source: CEE616-C36; Srivastava et al. 2014, JMLR 15:1929.
    """
    _require_probability(p)
    require_batch("A", A)
    mask = rng.random(A.shape) >= p if train else None
    return _keep(A, mask, p, out), mask


def dropout_vjp(G: Array, mask: Mask | None, p: float, *, out: Array | None = None) -> Array:
    """The gradient with respect to A: G * mask / (1 - p) with the mask and p of the forward pass, G for no mask.

    G (N, M), mask (N, M) or None -> (N, M). The map is linear in A and diagonal, so this is its jvp as well.
    Raises ValueError for p outside [0, 1), ShapeError naming both shapes. Source: CEE616-C36.
    """
    _require_probability(p)
    require_batch("G", G)
    if mask is not None and mask.shape != G.shape:
        raise ShapeError(f"mask must have the shape of G, {G.shape}, but has shape {mask.shape}")
    return _keep(G, mask, p, out)
