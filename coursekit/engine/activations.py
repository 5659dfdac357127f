"""Activation functions: what a unit does with its weighted sum.

Each derivative is written in terms of the output ``A`` where that is cheaper than from the input ``Z``.
All of them stay finite and silent for arguments of any size. Where a derivative does not exist the house takes the
one from the left: 0 for relu, the slope of the negative side for leaky relu; of tied maxima the first one wins.
"""

import math

import numpy as np
from numpy.typing import NDArray

from coursekit.engine.arrays import Array, row_max, row_sum, zero
from coursekit.engine.maps import Map, elementwise, nowhere


def _identity(Z: Array, /, out: Array | None = None) -> Array:
    return np.positive(Z, out=out)


def _d_identity(Z: Array, A: Array, /, out: Array | None = None) -> Array:
    if out is None:
        return np.ones_like(A)
    out.fill(1)
    return out


def _pass_on(G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
    return np.positive(G, out=out)


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
    return np.maximum(Z, zero(Z.dtype), out=out)


def _d_relu(Z: Array, A: Array, /, out: Array | None = None) -> Array:
    if out is None:
        out = np.empty_like(A)
    return np.greater(A, zero(A.dtype), out=out)


def _at_zero(Z: Array) -> NDArray[np.bool_]:
    return np.equal(Z, 0)


def _heaviside(Z: Array, /, out: Array | None = None) -> Array:
    """1 where z > 0, else 0: a neuron fires above its threshold, not at it."""
    if out is None:
        out = np.empty_like(Z)
    return np.greater(Z, 0, out=out)


def _d_heaviside(Z: Array, A: Array, /, out: Array | None = None) -> Array:
    """0 everywhere; also at the jump, where no derivative exists."""
    if out is None:
        return np.zeros_like(A)
    out.fill(0)
    return out


def leaky_relu(slope: float = 0.01) -> Map:
    """A map of (N, D) to (N, D): z where z > 0, else slope * z; its derivative at 0 is the slope, that from the left.

    0 <= slope < 1, otherwise ValueError. Source: CSC561-C20, CSC561-F15.
    """
    if not 0 <= slope < 1:
        raise ValueError(f"slope must be at least 0 and below 1, but is {slope}")
    slope = float(slope)

    def fn(Z: Array, /, out: Array | None = None) -> Array:
        A: Array = np.maximum(Z, slope * Z, out=out)
        return A

    def derivative(Z: Array, A: Array, /, out: Array | None = None) -> Array:
        out = _d_relu(Z, A, out=out)
        return np.maximum(out, slope, out=out)

    return elementwise("leaky_relu", fn, derivative, kink=_at_zero, source="CSC561-C20, CSC561-F15")


def _softplus(Z: Array, /, out: Array | None = None) -> Array:
    """log(1 + e^z) = max(z, 0) + log(1 + e^-|z|), a smooth relu; np.logaddexp computes the same, 8 times slower."""
    rest: Array = np.abs(Z)
    np.negative(rest, out=rest)
    np.exp(rest, out=rest)
    np.log1p(rest, out=rest)
    out = np.maximum(Z, 0, out=out)
    out += rest
    return out


def _d_softplus(Z: Array, A: Array, /, out: Array | None = None) -> Array:
    """sigmoid(z) = 1 - e^-a."""
    out = np.negative(A, out=out)
    np.expm1(out, out=out)
    return np.negative(out, out=out)


# Beyond this, z^3 could overflow while the sigmoid below has long been 0 or 1.
_GELU_END = 30.0
_GELU_SCALE = 2 * math.sqrt(2 / math.pi)
_GELU_CUBIC = 0.044715


def _gelu_gate(Z: Array) -> Array:
    """(1 + tanh u) / 2 = sigmoid(2 u) for u = sqrt(2 / pi) (z + 0.044715 z^3), Z within the ends."""
    gate = Z * Z
    gate *= _GELU_CUBIC
    gate += 1
    gate *= Z
    gate *= _GELU_SCALE
    return _sigmoid(gate, out=gate)


def _gelu(Z: Array, /, out: Array | None = None) -> Array:
    """The tanh approximation of z * Phi(z), Phi the normal distribution function; off by less than 5e-4."""
    gate = _gelu_gate(np.clip(Z, -_GELU_END, _GELU_END))
    out = np.maximum(Z, -_GELU_END, out=out)
    out *= gate
    return out


def _d_gelu(Z: Array, A: Array, /, out: Array | None = None) -> Array:
    """The exact derivative of the approximation: s + z s (1 - s) 2 u' with s = sigmoid(2 u)."""
    Z = np.clip(Z, -_GELU_END, _GELU_END)
    gate = _gelu_gate(Z)
    out = np.multiply(Z, Z, out=out)
    out *= 3 * _GELU_CUBIC
    out += 1
    out *= Z
    out *= _GELU_SCALE
    out *= 1 - gate
    out += 1
    out *= gate
    return out


def _softmax(Z: Array, /, out: Array | None = None) -> Array:
    """e^z_k / sum_j e^z_j in each row, after a shift by the row's maximum, so that no exponential overflows."""
    out = np.subtract(Z, row_max(Z), out=out)
    np.exp(out, out=out)
    out /= row_sum(out)[..., None]
    return out


def _softmax_product(G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
    """J g = p * (g - p.g) in each row; the Jacobian diag(p) - p p^T is symmetric, so one rule serves both modes."""
    out = np.subtract(G, row_sum(G * A)[..., None], out=out)
    out *= A
    return out


def _softmax_jacobian(Z: Array, A: Array) -> Array:
    return A[..., None] * (np.eye(A.shape[-1], dtype=A.dtype) - A[..., None, :])


def _log_softmax(Z: Array, /, out: Array | None = None) -> Array:
    """z_k - log sum_j e^z_j in each row, after a shift by the row's maximum."""
    out = np.subtract(Z, row_max(Z), out=out)
    out -= np.log(row_sum(np.exp(out)))[..., None]
    return out


def _log_softmax_vjp(G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
    """g - p sum(g) in each row, p = e^a."""
    share: Array = np.exp(A) * row_sum(G)[..., None]
    return np.subtract(G, share, out=out)


def _log_softmax_jvp(V: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
    """v - p.v in each row, p = e^a."""
    mean: Array = row_sum(np.exp(A) * V)[..., None]
    return np.subtract(V, mean, out=out)


def _log_softmax_jacobian(Z: Array, A: Array) -> Array:
    """I - 1 p^T."""
    return np.eye(A.shape[-1], dtype=A.dtype) - np.exp(A)[..., None, :]


def _max(Z: Array, /, out: Array | None = None) -> Array:
    largest: Array = np.max(Z, axis=-1, keepdims=True, out=out)
    return largest


def _first_largest(Z: Array) -> NDArray[np.bool_]:
    """True at the first of the largest entries of each row."""
    chosen: NDArray[np.bool_] = np.arange(Z.shape[-1]) == Z.argmax(axis=-1, keepdims=True)
    return chosen


def _max_vjp(G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
    """The whole of g goes to the first of the largest inputs."""
    product: Array = np.multiply(G, _first_largest(Z), out=out)
    return product


def _max_jvp(V: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
    chosen: Array = np.take_along_axis(V, Z.argmax(axis=-1, keepdims=True), axis=-1)
    return np.positive(chosen, out=out)


def _max_jacobian(Z: Array, A: Array) -> Array:
    return _first_largest(Z)[..., None, :].astype(Z.dtype)


def _tied_for_largest(Z: Array) -> NDArray[np.bool_]:
    largest = np.equal(Z, Z.max(axis=-1, keepdims=True))
    tied: NDArray[np.bool_] = largest & (largest.sum(axis=-1, keepdims=True) > 1)
    return tied


identity = elementwise("identity", _identity, _d_identity, source="EECS545-E01")._replace(vjp=_pass_on, jvp=_pass_on)
sigmoid = elementwise("sigmoid", _sigmoid, _d_sigmoid, source="CEE697M-E08, EECS545-E03, EECS545-E47, EECS545-E48")
tanh = elementwise("tanh", _tanh, _d_tanh, source="CEE697M-E09, EECS545-E04, EECS545-E50, EECS545-E51")
relu = elementwise("relu", _relu, _d_relu, kink=_at_zero, source="CEE697M-E10, EECS545-E02, EECS545-E53, EECS545-E54")
heaviside = elementwise(
    "heaviside", _heaviside, _d_heaviside, kink=_at_zero, source="CEE697M-C18, CEE697M-C28, CEE697M-C29"
)
softplus = elementwise("softplus", _softplus, _d_softplus, source="Dugas et al. 2000")
gelu = elementwise("gelu", _gelu, _d_gelu, source="Hendrycks and Gimpel 2016, arXiv:1606.08415")
softmax = Map(
    "softmax",
    _softmax,
    vjp=_softmax_product,
    jvp=_softmax_product,
    jacobian=_softmax_jacobian,
    kink=nowhere,
    source="CEE616-E47, EECS545-E07, CSC561-E21, CSC561-E41",
)
log_softmax = Map(
    "log_softmax",
    _log_softmax,
    vjp=_log_softmax_vjp,
    jvp=_log_softmax_jvp,
    jacobian=_log_softmax_jacobian,
    kink=nowhere,
    source="CEE616-C39, CEE697M-C53, EECS545-E38",
)
maximum = Map(
    "max",
    _max,
    vjp=_max_vjp,
    jvp=_max_jvp,
    jacobian=_max_jacobian,
    kink=_tied_for_largest,
    source="CSC561-C20, CSC561-C22",
)
