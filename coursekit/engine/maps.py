"""What a differentiable map is: a function on batches with its derivative rules beside it.

A map takes a batch Z of shape (N, D) to a batch A of shape (N, M), row by row. Its Jacobian at one row has
the shape (M, D), outputs by inputs. Neither product below ever builds that matrix unless it must:

    vjp(G, Z, A)   rows g^T J   (N, M) -> (N, D)   what backpropagation sends down
    jvp(V, Z, A)   rows J v     (N, D) -> (N, M)   what a small change of the input does to the output

Both take the output A = fn(Z) as well, because many derivatives are cheapest in terms of it.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from coursekit.engine.arrays import Array, require_floats


class Function(Protocol):
    """A = fn(Z): one batch in, one batch out; ``out`` may be Z itself."""

    def __call__(self, Z: Array, /, out: Array | None = None) -> Array: ...


class Derivative(Protocol):
    """d(Z, A): the derivative of an elementwise map at each entry, from its input and output."""

    def __call__(self, Z: Array, A: Array, /, out: Array | None = None) -> Array: ...


class Product(Protocol):
    """A product with the Jacobian from the left (vjp) or from the right (jvp), row by row."""

    def __call__(self, G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array: ...


class Map(NamedTuple):
    """One differentiable map, all its rules side by side.

    ``fn(Z)``, ``vjp(G, Z, A)``, ``jvp(V, Z, A)`` and ``jacobian(Z, A)`` (N, M, D) work on batches.
    ``kink(Z)`` marks the entries at which the map has no derivative; the rules return the house's choice there.
    ``derivative(Z, A)`` exists where the map acts on each entry alone, and is None elsewhere.
    ``matrix`` (M, D) is the Jacobian of a map for which it is the same at every Z. ``source`` names the slide rows.
    """

    name: str
    fn: Function
    vjp: Product
    jvp: Product
    jacobian: Callable[[Array, Array], Array]
    kink: Callable[[Array], NDArray[np.bool_]]
    derivative: Derivative | None = None
    source: str = ""
    matrix: Array | None = None

    def __call__(self, Z: Array) -> Array:
        """The map's value, so that a map is used like the function it is. Raises ValueError unless Z holds floats."""
        require_floats("Z", Z)
        return self.fn(Z)


def nowhere(Z: Array) -> NDArray[np.bool_]:
    """The kink mask of a smooth map: False everywhere."""
    return np.zeros(Z.shape, dtype=bool)


def elementwise(
    name: str,
    fn: Function,
    derivative: Derivative,
    *,
    kink: Callable[[Array], NDArray[np.bool_]] = nowhere,
    source: str = "",
) -> Map:
    """A map that acts on each entry alone, from the function and its derivative d(Z, A).

    Its Jacobian is diagonal, so vjp and jvp are the same elementwise product with the derivative.
    """

    def product(G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
        D = derivative(Z, A, out=None if out is G else out)
        return np.multiply(G, D, out=out)

    def jacobian(Z: Array, A: Array) -> Array:
        return derivative(Z, A)[..., None] * np.eye(Z.shape[-1], dtype=Z.dtype)

    return Map(name, fn, product, product, jacobian, kink, derivative, source)
