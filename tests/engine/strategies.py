"""What the engine's tests share: sizes that cannot be confused, every map there is, and differences as a reference.

Central differences with step 1e-5 are off by about 1e-10 (step squared) and 1e-11 (rounding) for numbers of size one;
``AGREE`` leaves two orders of magnitude above that.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from coursekit.engine import Map, affine_map, compose, identity, relu, sigmoid, softmax, tanh
from coursekit.engine.activations import gelu, heaviside, leaky_relu, log_softmax, maximum, softplus
from coursekit.engine.units import max_units, product_units

STEP = 1e-5
AGREE = 1e-7

quick = settings(deadline=None, derandomize=True, max_examples=15, suppress_health_check=[HealthCheck.filter_too_much])

generators = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@st.composite
def different_sizes(draw: Any, count: int) -> tuple[int, ...]:
    """``count`` different primes; the first, the batch, is sometimes 1."""
    sizes = draw(st.permutations([2, 3, 5, 7, 11]))[:count]
    return (draw(st.sampled_from([sizes[0], 1])), *sizes[1:])


def away_from_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers of either sign whose size is between 0.1 and 2, so that no difference steps over the kink of relu."""
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.1, 2, shape)


def _affine(rng: np.random.Generator, D: int, M: int, dtype: type = np.float64, *, bias: bool = True) -> Map:
    W = rng.standard_normal((M, D)).astype(dtype)
    return affine_map(W, rng.standard_normal(M).astype(dtype) if bias else None)


SQUARE: dict[str, Map] = {
    "identity": identity,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "leaky relu": leaky_relu(),
    "steep leaky relu": leaky_relu(0.3),
    "heaviside": heaviside,
    "softplus": softplus,
    "gelu": gelu,
    "softmax": softmax,
    "log softmax": log_softmax,
}


def table(rng: np.random.Generator, D: int, M: int) -> np.ndarray:
    """Indices of M units with three inputs each: one input shared by all, one squared in the first unit, one free."""
    indices = rng.integers(D, size=(M, 3))
    indices[:, 0] = D - 1
    indices[0] = [D - 1, 0, 0]
    return indices


# name -> (rng, D, M, dtype) -> a map of D inputs; relu comes first in its chain, where its inputs are known.
EVERY_MAP: dict[str, Callable[..., Map]] = {
    **{name: (lambda rng, D, M, dtype=np.float64, f=f: f) for name, f in SQUARE.items()},
    "max": lambda rng, D, M, dtype=np.float64: maximum,
    "product units": lambda rng, D, M, dtype=np.float64: product_units(table(rng, D, M)),
    "max units": lambda rng, D, M, dtype=np.float64: max_units(table(rng, D, M)),
    "max of a chain": lambda rng, D, M, dtype=np.float64: compose(tanh, product_units(table(rng, D, M)), maximum),
    "affine": _affine,
    "affine without bias": lambda rng, D, M, dtype=np.float64: _affine(rng, D, M, dtype, bias=False),
    "chain of one": lambda rng, D, M, dtype=np.float64: compose(sigmoid),
    "relu chain": lambda rng, D, M, dtype=np.float64: compose(relu, _affine(rng, D, M, dtype), sigmoid),
    "classifier": lambda rng, D, M, dtype=np.float64: compose(
        _affine(rng, D, 13, dtype), tanh, _affine(rng, 13, M, dtype), softmax
    ),
    "chain of chains": lambda rng, D, M, dtype=np.float64: compose(
        compose(softmax, _affine(rng, D, M, dtype)), compose(identity, tanh)
    ),
}


def one_hot_rows(n: int, size: int, index: int) -> np.ndarray:
    """n rows that are 1 at ``index`` and 0 elsewhere."""
    rows = np.zeros((n, size))
    rows[:, index] = 1
    return rows


def numeric_jacobian(f: Callable[[np.ndarray], np.ndarray], Z: np.ndarray) -> np.ndarray:
    """The whole Jacobian of a batch function by central differences: (N, M) from (N, D) -> (N, M, N, D)."""
    columns = []
    for index in np.ndindex(Z.shape):
        above, below = Z.copy(), Z.copy()
        above[index] += STEP
        below[index] -= STEP
        columns.append((f(above) - f(below)) / (above[index] - below[index]))
    J = np.stack(columns, axis=-1)
    return J.reshape(*J.shape[:-1], *Z.shape)


def numeric_gradient(f: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
    """The gradient of a scalar function of one array, by central differences."""
    return numeric_jacobian(lambda z: np.array([f(z)]), x)[0]


def agree(got: np.ndarray, reference: np.ndarray) -> bool:
    """Same shape, and every entry within AGREE of the reference, relative to its largest entry where that exceeds 1."""
    scale = max(1.0, float(np.abs(reference).max(initial=0)))
    return got.shape == reference.shape and bool((np.abs(got - reference) <= AGREE * scale).all())
