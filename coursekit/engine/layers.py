"""Layers with parameters: the affine map Z = X W^T + b and its derivative rules.

The weight W has the shape (out, in), so that row m holds the weights into unit m, as in all four decks.
"""

from typing import NamedTuple

import numpy as np

from coursekit.engine.arrays import Array, column_sum, require_batch, require_floats, require_same_shape
from coursekit.engine.errors import ShapeError
from coursekit.engine.maps import Map, nowhere


class AffineGradients(NamedTuple):
    """What an affine layer sends down and keeps: dX (N, D), dW (M, D), db (M,)."""

    dX: Array
    dW: Array
    db: Array


def _require_conforming(X: Array, W: Array, b: Array | None = None) -> None:
    require_batch("X", X)
    require_floats("W", W)
    if W.ndim != 2 or X.shape[1] != W.shape[1]:
        raise ShapeError(
            f"W must have the shape (out, in) = (M, {X.shape[1]}) for X of shape {X.shape}, but has shape {W.shape}"
        )
    if b is not None and b.shape != W.shape[:1]:
        raise ShapeError(
            f"b must have one entry per row of W, shape {W.shape[:1]} for W of shape {W.shape}, but has shape {b.shape}"
        )


def affine(X: Array, W: Array, b: Array | None = None, *, out: Array | None = None) -> Array:
    """Z = X W^T + b.

    X (N, D), W (M, D), b (M,) or None for no bias -> Z (N, M). Raises ShapeError naming both shapes.
    Source: CEE697M-E06, CEE697M-E13, EECS545-E44.
    """
    try:
        Z: Array = X.dot(W.T, out=out)
    except (AttributeError, TypeError, ValueError):
        _require_conforming(X, W, b)
        raise
    if Z.ndim != 2 or Z.dtype.kind != "f" or (b is not None and b.shape != Z.shape[1:]):
        _require_conforming(X, W, b)
    if b is not None:
        Z += b
    return Z


def affine_vjp(
    dZ: Array,
    X: Array,
    W: Array,
    *,
    dX: Array | None = None,
    dW: Array | None = None,
    db: Array | None = None,
) -> AffineGradients:
    """The three gradients of an affine layer from the gradient of its output.

    dZ (N, M), X (N, D), W (M, D) -> dX = dZ W (N, D), dW = dZ^T X (M, D), db = column sums of dZ (M,).
    Buffers given as dX, dW, db are filled and returned. Raises ShapeError naming both shapes.
    Source: EECS545-E45, EECS545-E46, CSC561-E49, CSC561-E53, CSC561-E54.
    """
    _require_conforming(X, W)
    if dZ.shape != (len(X), len(W)):
        raise ShapeError(f"dZ must have the shape of the layer's output, {(len(X), len(W))}, but has shape {dZ.shape}")
    dW, db = affine_vjp_parameters(dZ, X, dW=dW, db=db)
    return AffineGradients(dZ.dot(W, out=dX), dW, db)


def affine_vjp_parameters(
    dZ: Array, X: Array, *, dW: Array | None = None, db: Array | None = None
) -> tuple[Array, Array]:
    """The gradients dW and db alone, which need no W: for a first layer, whose input nobody differentiates.

    Shapes and buffers as in ``affine_vjp``. Raises ShapeError naming both shapes.
    Source: EECS545-E45, CSC561-E53, CSC561-E54.
    """
    if X.ndim != 2 or dZ.ndim != 2 or len(X) != len(dZ):
        raise ShapeError(f"dZ and X must be batches of equally many rows, but have shapes {dZ.shape} and {X.shape}")
    return dZ.T.dot(X, out=dW), column_sum(dZ, out=db)


def affine_jvp(
    X: Array, W: Array, *, VX: Array | None = None, VW: Array | None = None, Vb: Array | None = None
) -> Array:
    """The change of Z = X W^T + b for small changes of its three variables.

    VX (N, D), VW (M, D), Vb (M,), None for a variable that is held fixed -> VZ (N, M).
    Raises ShapeError naming both shapes. Source: CEE616-E11, CSC561-E45.
    """
    _require_conforming(X, W)
    VZ = np.zeros((len(X), len(W)), X.dtype)
    if VX is not None:
        require_same_shape("VX", VX, "X", X)
        VZ += affine(VX, W)
    if VW is not None:
        require_same_shape("VW", VW, "W", W)
        VZ += affine(X, VW)
    if Vb is not None:
        if Vb.shape != W.shape[:1]:
            raise ShapeError(f"Vb must have the shape of b, {W.shape[:1]}, but has shape {Vb.shape}")
        VZ += Vb
    return VZ


def augment(X: Array) -> Array:
    """X with a column of ones in front, so that the bias becomes a weight like the others.

    X (N, D) -> (N, D + 1). Raises ShapeError where X is not a batch. Source: CSC561-C6.
    """
    require_batch("X", X)
    return np.hstack([np.ones((len(X), 1), X.dtype), X])


def affine_augmented(X: Array, Wb: Array, *, out: Array | None = None) -> Array:
    """Z = [1 | X] [b | W]^T, the affine layer as one matrix product.

    X (N, D), Wb (M, D + 1) with the biases in column 0 -> Z (N, M). Its gradient [db | dW] is the dW that
    ``affine_vjp(dZ, augment(X), Wb)`` returns. Raises ShapeError naming both shapes. Source: CSC561-C6.
    """
    require_batch("X", X)
    if Wb.ndim != 2 or Wb.shape[1] != X.shape[1] + 1:
        raise ShapeError(
            f"Wb = [b | W] must have the shape (M, D + 1) = (M, {X.shape[1] + 1}) for X of shape {X.shape}, "
            f"but has shape {Wb.shape}"
        )
    return np.dot(augment(X), Wb.T, out=out)


def affine_jacobian_parameters(X: Array, M: int) -> Array:
    """The Jacobian of one row of Z with respect to the row-major vec of W: kron(I_M, x^T).

    X (N, D) and M outputs -> (N, M, M*D). The Jacobian with respect to X is W, with respect to b the identity.
    Source: CEE616-E28, CEE616-E33.
    """
    require_batch("X", X)
    N, D = X.shape
    J = np.zeros((N, M, M, D), X.dtype)
    outputs = np.arange(M)
    J[:, outputs, outputs] = X[:, None]
    return J.reshape(N, M, M * D)


def affine_map(W: Array, b: Array | None = None) -> Map:
    """An affine layer with its parameters held fixed, as a map of X alone; its Jacobian is W.

    W (M, D), b (M,) or None. Source: CSC561-E42.
    """

    def fn(Z: Array, /, out: Array | None = None) -> Array:
        return affine(Z, W, b, out=out)

    def vjp(G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
        return np.dot(G, W, out=out)

    def jvp(V: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
        return np.dot(V, W.T, out=out)

    def jacobian(Z: Array, A: Array) -> Array:
        return np.broadcast_to(W, (len(Z), *W.shape))

    return Map("affine", fn, vjp, jvp, jacobian, nowhere, None, "CSC561-E42", matrix=W)
