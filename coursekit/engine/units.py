"""Units that do not add up their inputs: products and maxima of chosen inputs.

Both take indices of shape (M, P): row m names the P inputs of unit m. An input may feed several units, and may appear
in one unit more than once; all its contributions are added.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.engine.arrays import Array, require_batch
from coursekit.engine.errors import ShapeError
from coursekit.engine.maps import Map, nowhere

Indices = NDArray[np.integer[Any]]


def _indices(given: Indices | Sequence[Sequence[int]]) -> Indices:
    try:
        indices = np.array(given)
    except ValueError:
        raise ShapeError(
            "indices must have the shape (units, inputs of a unit), but their rows differ in length"
        ) from None
    if indices.ndim != 2 or indices.size == 0:
        raise ShapeError(
            f"indices must have the shape (units, inputs of a unit), both at least 1, but have shape {indices.shape}"
        )
    if not np.issubdtype(indices.dtype, np.integer):
        raise ValueError(f"indices must be integers that count inputs from 0, but have dtype {indices.dtype}")
    if indices.min() < 0:
        raise ValueError(f"indices count inputs from 0, but the smallest is {indices.min()}")
    return indices


def _of_chosen_inputs(
    name: str,
    indices: Indices,
    value: Callable[[Array, Array | None], Array],
    partials: Callable[[Array], Array],
    kink: Callable[[Array], NDArray[np.bool_]],
    source: str,
) -> Map:
    """A map from a unit's value and its partial derivatives, both functions of the chosen inputs (N, M, P)."""
    of_every_sample: Any = (slice(None), indices)
    of_every_sample_and_unit: Any = (slice(None), np.arange(len(indices))[:, None], indices)

    def fn(Z: Array, /, out: Array | None = None) -> Array:
        require_batch("Z", Z)
        if indices.max() >= Z.shape[1]:
            raise ShapeError(
                f"indices reach input {indices.max()}, but Z of shape {Z.shape} has inputs 0 to {Z.shape[1] - 1}"
            )
        return value(Z[:, indices], out)

    def vjp(G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
        shares = G[:, :, None] * partials(Z[:, indices])
        if out is None:
            out = np.empty_like(Z)
        out.fill(0)
        np.add.at(out, of_every_sample, shares)
        return out

    def jvp(V: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
        change: Array = np.sum(partials(Z[:, indices]) * V[:, indices], axis=-1, out=out)
        return change

    def jacobian(Z: Array, A: Array) -> Array:
        J = np.zeros((len(Z), len(indices), Z.shape[1]), Z.dtype)
        np.add.at(J, of_every_sample_and_unit, partials(Z[:, indices]))
        return J

    return Map(name, fn, vjp, jvp, jacobian, kink, None, source)


def _product(chosen: Array, out: Array | None) -> Array:
    product: Array = np.prod(chosen, axis=-1, out=out)
    return product


def products_of_the_others(chosen: Array) -> Array:
    """For each entry, the product of all others along the last axis, without a division, so that zeros do no harm.

    chosen (..., P) -> (..., P). Source: CSC561-E25, CSC561-E26.
    """
    others = np.ones_like(chosen)
    np.cumprod(chosen[..., :-1], axis=-1, out=others[..., 1:])
    others[..., :-1] *= np.cumprod(chosen[..., :0:-1], axis=-1)[..., ::-1]
    return others


def product_units(indices: Indices | Sequence[Sequence[int]]) -> Map:
    """Multiplicative units z_m = prod_p x[indices[m, p]], as a map.

    indices (M, P), counted from 0. X (N, D) -> (N, M). Raises ShapeError where the indices are not a table of that
    shape or reach beyond the inputs, ValueError where they are negative or not integers.
    Source: CSC561-E23, CSC561-E25, CSC561-E26.
    """
    table = _indices(indices)
    source = "CSC561-E23, CSC561-E25, CSC561-E26, CSC561-C16"
    return _of_chosen_inputs("product", table, _product, products_of_the_others, nowhere, source)


def _largest(chosen: Array, out: Array | None) -> Array:
    largest: Array = np.max(chosen, axis=-1, out=out)
    return largest


def _first_largest(chosen: Array) -> Array:
    first = np.arange(chosen.shape[-1]) == chosen.argmax(axis=-1, keepdims=True)
    partials: Array = first.astype(chosen.dtype)
    return partials


def max_units(indices: Indices | Sequence[Sequence[int]]) -> Map:
    """Units z_m = max_p x[indices[m, p]], as a map; of tied inputs the first in the unit's row gets the gradient.

    indices (M, P), counted from 0; a group with fewer inputs repeats one of them. X (N, D) -> (N, M). Raises ShapeError
    where the indices are not a table of that shape or reach beyond the inputs, ValueError where they are negative or
    not integers. Source: CSC561-C15, CSC561-C20, CSC561-C22.
    """
    table = _indices(indices)

    def tied(Z: Array) -> NDArray[np.bool_]:
        """Inputs that share the first place in a unit with another input; an input is not tied with itself."""
        chosen = Z[:, table]
        winner = np.take_along_axis(table[None], chosen.argmax(axis=-1, keepdims=True), axis=-1)
        first_place = chosen == chosen.max(axis=-1, keepdims=True)
        shared = (first_place & (table != winner)).any(axis=-1, keepdims=True)
        mask = nowhere(Z)
        np.logical_or.at(mask.T, table, (first_place & shared).transpose(1, 2, 0))
        return mask

    return _of_chosen_inputs("max", table, _largest, _first_largest, tied, "CSC561-C15, CSC561-C20, CSC561-C22")
