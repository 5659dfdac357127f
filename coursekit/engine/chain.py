"""Composition of maps, and the two orders in which the product of their Jacobians can be multiplied."""

from typing import Literal

import numpy as np

from coursekit.engine.arrays import Array
from coursekit.engine.errors import ShapeError
from coursekit.engine.maps import Map, nowhere


def trace(maps: tuple[Map, ...], X: Array) -> list[Array]:
    """All values along the chain: X, f_1(X), f_2(f_1(X)), ...  X (N, D) -> len(maps) + 1 arrays. Source: CEE616-U2."""
    values = [X]
    for f in maps:
        values.append(f.fn(values[-1]))
    return values


def compose(*maps: Map) -> Map:
    """The map x -> f_L(... f_2(f_1(x))), its rules made from those of its parts.

    Raises ShapeError where no map is given. Kinks inside the chain are not marked; ask the parts.
    Source: CEE616-E13, CEE616-E14, CSC561-E46.
    """
    if not maps:
        raise ShapeError("compose needs at least one map, but got none")

    def fn(Z: Array, /, out: Array | None = None) -> Array:
        value = trace(maps[:-1], Z)[-1]
        return maps[-1].fn(value, out=out)

    def vjp(G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
        values = trace(maps, Z)
        for f, before, after in zip(maps[::-1], values[-2::-1], values[:0:-1], strict=True):
            G = f.vjp(G, before, after)
        return G if out is None else np.positive(G, out=out)

    def jvp(V: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
        values = trace(maps, Z)
        for f, before, after in zip(maps, values[:-1], values[1:], strict=True):
            V = f.jvp(V, before, after)
        return V if out is None else np.positive(V, out=out)

    def full(Z: Array, A: Array) -> Array:
        return jacobian(maps, Z)

    name = " -> ".join(f.name for f in maps)
    return Map(name, fn, vjp, jvp, full, nowhere, None, "CEE616-E13, CEE616-E14")


def _rowwise(product: str, f: Map, rows: Array, before: Array, after: Array) -> Array:
    """Apply f's vjp or jvp to a stack of R rows per sample: rows (N, R, .) -> (N, R, .)."""
    N, R, _ = rows.shape
    rule = getattr(f, product)
    flat = rule(rows.reshape(N * R, -1), np.repeat(before, R, axis=0), np.repeat(after, R, axis=0))
    stacked: Array = flat.reshape(N, R, -1)
    return stacked


def jacobian(maps: tuple[Map, ...], X: Array, mode: Literal["forward", "reverse"] = "reverse") -> Array:
    """The Jacobian of a composition at every row of X. X (N, D) -> (N, M, D).

    ``"reverse"`` starts from the Jacobian of the last map and multiplies from the left (vector-Jacobian products,
    M rows); ``"forward"`` starts from that of the first and multiplies from the right (Jacobian-vector products,
    D columns). Both give the same numbers. Raises ValueError for another mode. Source: CEE616-E06, CEE616-E13,
    CEE616-E14.
    """
    if not maps:
        raise ShapeError("jacobian needs at least one map, but got none")
    values = trace(maps, X)
    steps = list(zip(maps, values[:-1], values[1:], strict=True))
    if mode == "reverse":
        f, before, after = steps[-1]
        J = f.jacobian(before, after)
        for f, before, after in steps[-2::-1]:
            J = _rowwise("vjp", f, J, before, after)
        return J
    if mode == "forward":
        f, before, after = steps[0]
        columns = f.jacobian(before, after).transpose(0, 2, 1)
        for f, before, after in steps[1:]:
            columns = _rowwise("jvp", f, columns, before, after)
        return columns.transpose(0, 2, 1)
    raise ValueError(f'mode must be "forward" or "reverse", but is {mode!r}')
