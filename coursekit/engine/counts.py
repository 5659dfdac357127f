"""What a network of given widths holds and what its Jacobian costs, from the widths [n_0, ..., n_L] alone."""

from collections.abc import Sequence
from math import prod

from coursekit.engine.modes import Mode, require_mode, sweep_multiply_adds
from coursekit.engine.params import mlp_shapes


def n_neurons(sizes: Sequence[int]) -> int:
    """The number of units that compute something, n_1 + ... + n_L: neither inputs nor bias nodes are neurons.

    Raises ShapeError for widths below 1. Source: CEE697M-C23, CEE697M-C26.
    """
    return sum(prod(shape) for name, shape in mlp_shapes(sizes).items() if name.startswith("b"))


def n_parameters(sizes: Sequence[int]) -> int:
    """The number of weights and biases, the sum of n_l (n_{l-1} + 1); M (D + 2) + 1 for the widths [D, M, 1].

    Raises ShapeError for widths below 1. Source: CEE697M-C24, CEE697M-C27, CEE697M-C45, CEE616-F1.
    """
    return sum(prod(shape) for shape in mlp_shapes(sizes).values())


def n_passes(sizes: Sequence[int], mode: Mode) -> int:
    """The number of products that make a whole Jacobian: one per input in forward mode, one per output in reverse.

    Raises ShapeError for widths below 1, ValueError for another mode. Source: CEE616-C6.
    """
    require_mode(mode)
    mlp_shapes(sizes)
    return sizes[0] if mode == "forward" else sizes[-1]


def multiply_adds(sizes: Sequence[int], mode: Mode, *, charge_seed: bool = True) -> int:
    """Multiply-adds of the Jacobian of a chain of dense layers; activations and the forward pass are not counted.

    ``charge_seed`` counts the product of the first one-hot seeds with a layer as well; without it that product is a
    mere choice of a row or column. Raises ShapeError for widths below 1, ValueError for another mode.
    Source: CEE616-C7, CEE616-C9, CEE616-C11, CEE616-E13, CEE616-E14.
    """
    require_mode(mode)
    weights = [prod(shape) for name, shape in mlp_shapes(sizes).items() if name.startswith("W")]
    return sweep_multiply_adds(weights, sizes[0], sizes[-1], mode, charge_seed=charge_seed)
