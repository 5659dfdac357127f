"""Jacobians of a network's output by its parameters, one layer at a time: J_Z (I kron a^T) and J_Z."""

from collections.abc import Sequence
from typing import NamedTuple

from coursekit.engine.arrays import Array
from coursekit.engine.chain import jacobian
from coursekit.engine.layers import affine_map
from coursekit.engine.maps import Map
from coursekit.engine.mlp import forward


class ParameterJacobian(NamedTuple):
    """Of one layer: W (N, M, out*in) by the row-major vec of its weight, b (N, M, out) by its bias."""

    W: Array
    b: Array


def jacobian_parameters(
    X: Array, Ws: Sequence[Array], bs: Sequence[Array], activations: Sequence[Map], layer: int
) -> ParameterJacobian:
    """The Jacobian of the network's output by W and b of layer l = 1..L, at every row of X.

    X (N, n_0) -> ParameterJacobian. Above the layer it is the Jacobian by Z[l]; the Kronecker factor
    I kron a[l-1]^T is an outer product, and is never built. Raises ShapeError naming both shapes, ValueError for
    another layer. Source: CEE616-E28, CEE616-E33, CEE616-U3.
    """
    if not 1 <= layer <= len(Ws):
        raise ValueError(f"layer must be one of 1..{len(Ws)}, but is {layer}")
    run = forward(X, Ws, bs, activations)
    maps = [activations[layer - 1]]
    for W, b, activation in zip(Ws[layer:], bs[layer:], activations[layer:], strict=True):
        maps += [affine_map(W, b), activation]
    by_Z = jacobian(tuple(maps), run.Z[layer - 1], "auto")
    by_W = by_Z[..., None] * run.A[layer - 1][:, None, None]
    return ParameterJacobian(by_W.reshape(*by_Z.shape[:2], -1), by_Z)
