"""Activation functions: what a unit does with its weighted sum.

Each derivative is written in terms of the output ``A`` where that is cheaper than from the input ``Z``.
All of them stay finite and silent for arguments of any size.
"""

import numpy as np
from numpy.typing import NDArray

from coursekit.engine.arrays import Array
from coursekit.engine.maps import Map, elementwise, nowhere


def _identity(Z: Array, /, out: Array | None = None) -> Array:
    return np.positive(Z, out=out)


def _d_identity(Z: Array, A: Array, /, out: Array | None = None) -> Array:
    if out is None:
        return np.ones_like(A)
    out.fill(1)
    return out


def _sigmoid(Z: Array, /, out: Array | None = None) -> Array:
    """1 / (1 + e^-z); z is held above the point where e^-z would overflow, and the result there is below 1e-37."""
    lowest = 1 - np.log(np.finfo(Z.dtype).max)
    out = np.maximum(Z, lowest, out=out)
    np.negative(out, out=out)
    np.exp(out, out=out)
    out += 1
    return np.reciprocal(out, out=out)


def _d_sigmoid(Z: Array, A: Array, /, out: Array | None = None) -> Array:
    out = np.subtract(1, A, out=out)
    out *= A
    return out


def _tanh(Z: Array, /, out: Array | None = None) -> Array:
    return np.tanh(Z, out=out)


def _d_tanh(Z: Array, A: Array, /, out: Array | None = None) -> Array:
    out = np.multiply(A, A, out=out)
    return np.subtract(1, out, out=out)


def _relu(Z: Array, /, out: Array | None = None) -> Array:
    return np.maximum(Z, 0, out=out)


def _d_relu(Z: Array, A: Array, /, out: Array | None = None) -> Array:
    if out is None:
        out = np.empty_like(A)
    return np.greater(A, 0, out=out)


def _at_zero(Z: Array) -> NDArray[np.bool_]:
    return np.equal(Z, 0)


def _softmax(Z: Array, /, out: Array | None = None) -> Array:
    """e^z_k / sum_j e^z_j in each row, after a shift by the row's maximum, so that no exponential overflows."""
    out = np.subtract(Z, Z.max(axis=-1, keepdims=True), out=out)
    np.exp(out, out=out)
    out /= out.sum(axis=-1, keepdims=True)
    return out


def _softmax_product(G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
    """J g = p * (g - p.g) in each row; the Jacobian diag(p) - p p^T is symmetric, so one rule serves both modes."""
    out = np.subtract(G, (G * A).sum(axis=-1, keepdims=True), out=out)
    out *= A
    return out


def _softmax_jacobian(Z: Array, A: Array) -> Array:
    return A[..., None] * (np.eye(A.shape[-1], dtype=A.dtype) - A[..., None, :])


identity = elementwise("identity", _identity, _d_identity, source="EECS545-E01")
sigmoid = elementwise("sigmoid", _sigmoid, _d_sigmoid, source="CEE697M-E08, EECS545-E03, EECS545-E47, EECS545-E48")
tanh = elementwise("tanh", _tanh, _d_tanh, source="CEE697M-E09, EECS545-E04, EECS545-E50, EECS545-E51")
relu = elementwise("relu", _relu, _d_relu, kink=_at_zero, source="CEE697M-E10, EECS545-E02, EECS545-E53, EECS545-E54")
softmax = Map(
    "softmax",
    _softmax,
    vjp=_softmax_product,
    jvp=_softmax_product,
    jacobian=_softmax_jacobian,
    kink=nowhere,
    source="CEE616-E47, EECS545-E07, CSC561-E21, CSC561-E41",
)
