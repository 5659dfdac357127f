"""Composition of maps: the values along a chain, products with its Jacobian, and the Jacobian itself."""

from typing import Literal

import numpy as np

from coursekit.engine.arrays import Array, require_batch
from coursekit.engine.errors import ShapeError
from coursekit.engine.maps import Map, nowhere
from coursekit.engine.modes import Step, cheaper_mode, forward_sweep, require_mode, reverse_sweep


def trace(maps: tuple[Map, ...], X: Array) -> list[Array]:
    """All values along the chain: X, f_1(X), f_2(f_1(X)), ...  X (N, D) -> len(maps) + 1 arrays. Source: CEE616-U2."""
    values = [X]
    for f in maps:
        values.append(f.fn(values[-1]))
    return values


def _steps(maps: tuple[Map, ...], X: Array) -> list[Step]:
    values = trace(maps, X)
    return list(map(Step, maps, values, values[1:]))


def _require_maps(maps: tuple[Map, ...], caller: str) -> None:
    if not maps:
        raise ShapeError(f"{caller} needs at least one map, but got none")


def compose(*maps: Map) -> Map:
    """The map x -> f_L(... f_2(f_1(x))), its rules made from those of its parts.

    Raises ShapeError where no map is given. Kinks inside the chain are not marked; ask the parts.
    Source: CEE616-E13, CEE616-E14, CSC561-E46.
    """
    _require_maps(maps, "compose")

    def fn(Z: Array, /, out: Array | None = None) -> Array:
        value = trace(maps[:-1], Z)[-1]
        return maps[-1].fn(value, out=out)

    def from_the_left(G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
        G = vjp(maps, Z, G)
        return G if out is None else np.positive(G, out=out)

    def from_the_right(V: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
        V = jvp(maps, Z, V)
        return V if out is None else np.positive(V, out=out)

    def full(Z: Array, A: Array) -> Array:
        return jacobian(maps, Z, "auto")

    name = " -> ".join(f.name for f in maps)
    return Map(name, fn, from_the_left, from_the_right, full, nowhere, None, "CEE616-E13, CEE616-E14")


def jvp(maps: tuple[Map, ...], X: Array, V: Array) -> Array:
    """The change J v of a chain's output for a small change v of its input, carried beside the forward pass.

    X (N, D), V (N, D) -> (N, M); no value of the chain is stored. Raises ShapeError naming both shapes.
    Source: CEE616-E11, CEE616-E13, CEE616-C8.
    """
    _require_maps(maps, "jvp")
    require_batch("X", X)
    if V.shape != X.shape:
        raise ShapeError(f"V must have the shape of X, {X.shape}, but has shape {V.shape}")
    for f in maps:
        A = f.fn(X)
        V = f.jvp(V, X, A)
        X = A
    return V


def vjp(maps: tuple[Map, ...], X: Array, U: Array) -> Array:
    """The row u^T J of a chain, sent down through the remembered values from the output to the input.

    X (N, D), U (N, M) -> (N, D). Raises ShapeError naming both shapes. Source: CEE616-E09, CEE616-E14, CEE616-C10.
    """
    _require_maps(maps, "vjp")
    require_batch("X", X)
    steps = _steps(maps, X)
    output = steps[-1].after
    if U.shape != output.shape:
        raise ShapeError(f"U must have the shape of the chain's output, {output.shape}, but has shape {U.shape}")
    for f, before, after in reversed(steps):
        U = f.vjp(U, before, after)
    return U


def jacobian(maps: tuple[Map, ...], X: Array, mode: Literal["forward", "reverse", "auto"] = "reverse") -> Array:
    """The Jacobian of a composition at every row of X. X (N, D) -> (N, M, D).

    ``"reverse"`` starts from the Jacobian of the last map and multiplies from the left (vector-Jacobian products,
    M rows); ``"forward"`` starts from that of the first and multiplies from the right (Jacobian-vector products,
    D columns); ``"auto"`` takes the one with fewer multiply-adds. All give the same numbers; where the Jacobian is
    the same for every row, the result is a read-only view. Raises ValueError for another mode, ShapeError where no
    map is given. Source: CEE616-E06, CEE616-E13, CEE616-E14, CEE616-C7, CEE616-C9.
    """
    _require_maps(maps, "jacobian")
    require_batch("X", X)
    require_mode(mode, "auto")
    steps = _steps(maps, X)
    if mode == "auto":
        mode = cheaper_mode(steps)
    return forward_sweep(steps) if mode == "forward" else reverse_sweep(steps)
