"""A network of width one: every quantity is a number, and every gradient a product along one chain.

    z[l] = w[l] a[l-1] + b[l]         C -> a[L] -> z[L] -> a[L-1] -> ... -> z[l] -> w[l]
    a[l] = phi_l(z[l])                3 factors for the last weight, 5 for the one before, 2 L + 1 for the first

Arrays are 0-based as in ``mlp``: ``w[l-1]`` and ``z[l-1]`` belong to layer l, and ``a[0]`` is x.
"""

from typing import NamedTuple

import numpy as np

from coursekit.engine.activations import identity, tanh
from coursekit.engine.arrays import Array
from coursekit.engine.errors import ShapeError
from coursekit.engine.maps import Map


class ScalarPass(NamedTuple):
    """A remembered forward pass: z (L,), a (L + 1,) with a[0] = x."""

    z: Array
    a: Array


class LocalDerivatives(NamedTuple):
    """The labels of the chain's edges, each (L,): da_dz = phi'(z), dz_dw = a of the layer below, dz_da = w."""

    da_dz: Array
    dz_dw: Array
    dz_da: Array


class ScalarGradients(NamedTuple):
    """Derivatives of the cost: dw, db, dz (L,) and da (L + 1,), whose first entry belongs to x."""

    dw: Array
    db: Array
    da: Array
    dz: Array


def scalar_forward(x: float, w: Array, b: Array, *, activation: Map = tanh, output: Map = identity) -> ScalarPass:
    """Run a chain of L neurons: ``activation`` in all of them but the last, which has ``output``.

    w (L,), b (L,) -> ScalarPass. Raises ShapeError unless w and b are vectors of one length.
    Source: CEE697M-E18, CEE697M-E20, CEE697M-E21, CEE697M-E39..E42.
    """
    if w.ndim != 1 or w.shape != b.shape or not len(w):
        raise ShapeError(f"w and b must be vectors of one length L >= 1, but have shapes {w.shape} and {b.shape}")
    L = len(w)
    dtype = np.result_type(w, b, np.float32)
    z, a = np.empty(L, dtype), np.empty(L + 1, dtype)
    a[0] = x
    for layer, f in enumerate(_maps(L, activation, output)):
        z[layer] = w[layer] * a[layer] + b[layer]
        f.fn(z[layer : layer + 1], out=a[layer + 1 : layer + 2])
    return ScalarPass(z, a)


def local_derivatives(run: ScalarPass, w: Array, *, activation: Map = tanh, output: Map = identity) -> LocalDerivatives:
    """Every label that the backward sweep multiplies, evaluated once. w (L,) -> LocalDerivatives of (L,).

    Raises ValueError for an activation that is not elementwise. Source: CEE697M-F14, CEE697M-E64.
    """
    z, a = run
    da_dz = np.empty_like(z)
    for layer, f in enumerate(_maps(len(w), activation, output)):
        if f.derivative is None:
            raise ValueError(f"a neuron needs an elementwise activation, but {f.name} is not")
        f.derivative(z[layer : layer + 1], a[layer + 1 : layer + 2], out=da_dz[layer : layer + 1])
    return LocalDerivatives(da_dz, a[:-1].copy(), w.copy())


def scalar_backward(
    dC_da: float, run: ScalarPass, w: Array, *, activation: Map = tanh, output: Map = identity
) -> ScalarGradients:
    """All gradients of the chain in one sweep from the output, each prefix of the products computed once.

    ``dC_da`` is the derivative of the cost by the output a[L], 2 (a[L] - y) for C = (a[L] - y)^2; w (L,) holds the
    weights of the forward pass, not updated ones. Raises ValueError for an activation that is not elementwise.
    Source: CEE697M-E23, CEE697M-E27, CEE697M-E32, CEE697M-E34, CEE697M-E57, CEE697M-E58.
    """
    local = local_derivatives(run, w, activation=activation, output=output)
    da, dz = np.empty_like(run.a), np.empty_like(run.z)
    da[-1] = dC_da
    for layer in reversed(range(len(w))):
        dz[layer] = da[layer + 1] * local.da_dz[layer]
        da[layer] = dz[layer] * local.dz_da[layer]
    return ScalarGradients(dz * local.dz_dw, dz.copy(), da, dz)


def weight_factors(dC_da: float, local: LocalDerivatives, layer: int) -> list[float]:
    """The 2 (L - l) + 3 factors of dC/dw of layer l = 1..L, from the cost down; their product is the gradient.

    The last factor is dz/dw; with 1 in its place the product is dC/db. Raises ValueError for another layer.
    Source: CEE697M-E19, CEE697M-E34, CEE697M-E52, CEE697M-E57, CEE697M-E62, CEE697M-E63, CEE697M-E64.
    """
    L = len(local.da_dz)
    if not 1 <= layer <= L:
        raise ValueError(f"layer must be one of 1..{L}, but is {layer}")
    factors = [float(dC_da)]
    for above in reversed(range(layer, L)):
        factors += [float(local.da_dz[above]), float(local.dz_da[above])]
    return [*factors, float(local.da_dz[layer - 1]), float(local.dz_dw[layer - 1])]


def n_local_derivatives(L: int, *, shared: bool) -> int:
    """Local derivatives evaluated for the gradients of all L weights of a chain: 9 shared or 15 not, for L = 3.

    Shared, each layer adds 3 new ones; one product at a time needs 3 + 5 + ... + (2 L + 1) = L (L + 2).
    Raises ValueError for L below 1. Source: CEE697M-E64.
    """
    if L < 1:
        raise ValueError(f"a chain has at least one layer, but L is {L}")
    return 3 * L if shared else L * (L + 2)


def _maps(L: int, activation: Map, output: Map) -> list[Map]:
    return [activation] * (L - 1) + [output]
