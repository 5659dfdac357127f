"""Initializers: where training starts. Random, so that hidden units differ; scaled, so that signals keep their size.

Each takes ``(parameters, rng)`` and fills the parameters in place, layer by layer: weights are drawn, biases are 0.
A weight matrix has the shape (fan_out, fan_in): what a unit feeds and what it is fed by.
"""

from collections.abc import Callable
from math import inf

import numpy as np

from coursekit.engine.arrays import Array
from coursekit.engine.errors import ShapeError
from coursekit.engine.params import Parameters

Initializer = Callable[[Parameters, np.random.Generator], None]


def zeros(parameters: Parameters, rng: np.random.Generator) -> None:
    """All weights and biases 0: hidden units start equal, get equal gradients and so stay equal; nothing is drawn.

    Source: CEE616-C29.
    """
    parameters.flat[...] = 0


def small_normal(scale: float = 0.01) -> Initializer:
    """An initializer with weights from N(0, scale^2) whatever the fan-in: in a deep network the signal dies out.

    Raises ValueError unless the scale is positive and finite. Source: CEE616-C29.
    """
    if not 0 < scale < inf:
        raise ValueError(f"scale must be a positive finite number, but is {scale}")

    def initialize(parameters: Parameters, rng: np.random.Generator) -> None:
        _fill(parameters, lambda fan_out, fan_in: scale * rng.standard_normal((fan_out, fan_in)))

    return initialize


def xavier(parameters: Parameters, rng: np.random.Generator) -> None:
    """Uniform weights within +-sqrt(6 / (fan_in + fan_out)), variance 2 / (fan_in + fan_out): the choice for tanh.

    A compromise between signals that keep their size upwards and gradients that keep theirs downwards.
    Raises ShapeError for weights that are no matrix. Source: CEE616-C29; Glorot and Bengio 2010, AISTATS, eq. 16.
    """

    def draw(fan_out: int, fan_in: int) -> Array:
        end = np.sqrt(6 / (fan_in + fan_out))
        return rng.uniform(-end, end, (fan_out, fan_in))

    _fill(parameters, draw)


def he(parameters: Parameters, rng: np.random.Generator) -> None:
    """Weights from N(0, 2 / fan_in), the choice for relu, which lets half of the signal's power pass.

    Raises ShapeError for weights that are no matrix. Source: CEE616-C29; He et al. 2015, arXiv:1502.01852, eq. 10.
    """
    _fill(parameters, lambda fan_out, fan_in: rng.standard_normal((fan_out, fan_in)) / np.sqrt(fan_in / 2))


def lecun(parameters: Parameters, rng: np.random.Generator) -> None:
    """Weights from N(0, 1 / fan_in): the weighted sum of inputs of variance 1 has variance 1.

    Raises ShapeError for weights that are no matrix. Source: CEE616-C29; LeCun et al. 1998, Efficient BackProp, 4.6.
    """
    _fill(parameters, lambda fan_out, fan_in: rng.standard_normal((fan_out, fan_in)) / np.sqrt(fan_in))


def _fill(parameters: Parameters, draw: Callable[[int, int], Array]) -> None:
    for name, shape in parameters.shapes.items():
        if name.startswith("b"):
            parameters[name][...] = 0
        elif len(shape) == 2:
            parameters[name][...] = draw(*shape)
        else:
            raise ShapeError(f"{name} must be a weight matrix of shape (fan_out, fan_in), but has shape {shape}")
