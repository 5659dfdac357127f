"""The two orders in which the Jacobians of a chain are multiplied: forward from the input, reverse from the output.

Both start from the Jacobian of their first map, never from an identity, and carry a stack of rows (N, R, width):
R = M rows g^T J in reverse mode, R = D columns J v, kept as rows, in forward mode. A stack that is the same for
every sample stays one sample thick, (1, R, width), until a map makes the samples differ.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from coursekit.engine.arrays import Array
from coursekit.engine.maps import Map

Mode = Literal["forward", "reverse"]


class Step(NamedTuple):
    """One map of a chain with the values around it: before (N, D), after (N, M)."""

    f: Map
    before: Array
    after: Array


def require_mode(mode: str, *also: str) -> None:
    """Raise ValueError unless mode is "forward", "reverse" or one of the others allowed."""
    allowed = ["forward", "reverse", *also]
    if mode not in allowed:
        quoted = [f'"{name}"' for name in allowed]
        raise ValueError(f"mode must be {', '.join(quoted[:-1])} or {quoted[-1]}, but is {mode!r}")


def sweep_multiply_adds(products: Sequence[int], D: int, M: int, mode: Mode, *, charge_seed: bool) -> int:
    """Multiply-adds of a whole Jacobian, from those of one product with each map's Jacobian, first map first.

    Forward mode takes D such products with every map, reverse mode M; the map a sweep starts from is left out unless
    ``charge_seed``. Source: CEE616-C6, CEE616-C7, CEE616-C9.
    """
    if mode == "forward":
        return D * sum(products if charge_seed else products[1:])
    return M * sum(products if charge_seed else products[:-1])


def cheaper_mode(steps: Sequence[Step]) -> Mode:
    """The mode with fewer multiply-adds for these steps, reverse where they tie. Source: CEE616-C7, CEE616-C9.

    An elementwise map costs its width, any other map inputs times outputs; the seeds are free.
    """
    D, M = steps[0].before.shape[-1], steps[-1].after.shape[-1]
    products = [after.shape[-1] * (1 if f.derivative is not None else before.shape[-1]) for f, before, after in steps]
    forward = sweep_multiply_adds(products, D, M, "forward", charge_seed=False)
    reverse = sweep_multiply_adds(products, D, M, "reverse", charge_seed=False)
    return "forward" if forward < reverse else "reverse"


def forward_sweep(steps: Sequence[Step]) -> Array:
    """The Jacobian of the chain from the right, J_L (... (J_2 J_1)) -> (N, M, D). Source: CEE616-E13."""
    columns = _first(steps[0]).transpose(0, 2, 1)
    for step in steps[1:]:
        columns = _carry("jvp", step, columns)
    return _whole(columns, len(steps[0].before)).transpose(0, 2, 1)


def reverse_sweep(steps: Sequence[Step]) -> Array:
    """The Jacobian of the chain from the left, ((J_L J_{L-1}) ...) J_1 -> (N, M, D). Source: CEE616-E14."""
    rows = _first(steps[-1])
    for step in steps[-2::-1]:
        rows = _carry("vjp", step, rows)
    return _whole(rows, len(steps[0].before))


def _first(step: Step) -> Array:
    """The Jacobian that a sweep starts from, (N, M, D), or (1, M, D) where it is the same for every sample."""
    f, before, after = step
    return f.jacobian(before, after) if f.matrix is None else f.matrix[None]


def _whole(stack: Array, N: int) -> Array:
    return stack if len(stack) == N else np.broadcast_to(stack, (N, *stack.shape[1:]))


def _carry(product: Literal["vjp", "jvp"], step: Step, rows: Array) -> Array:
    """One product of every row of the stack with the Jacobian of this step: (N, R, .) -> (N, R, .)."""
    f, before, after = step
    if f.derivative is not None:
        scaled: Array = np.multiply(rows, f.derivative(before, after)[:, None])
        return scaled
    if f.matrix is not None:
        flat = rows.reshape(-1, rows.shape[-1])
        carried: Array = flat.dot(f.matrix if product == "vjp" else f.matrix.T)
        return carried.reshape(*rows.shape[:2], carried.shape[-1])
    R = rows.shape[1]
    flat = _whole(rows, len(before)).reshape(len(before) * R, rows.shape[-1])
    rule = f.vjp if product == "vjp" else f.jvp
    carried = rule(flat, np.repeat(before, R, axis=0), np.repeat(after, R, axis=0))
    return carried.reshape(len(before), R, carried.shape[-1])
