"""Data to learn from: small problems drawn from a seed, and the handwritten digits that scikit-learn ships.

Each returns a batch ``(X, Y)`` of float64 with one sample per row; Y has two axes too, (N, 1) for a number or for
one of two classes, 0 or 1.
"""

from importlib import import_module
from math import inf, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coursekit.engine.errors import ShapeError

Batch = tuple[NDArray[np.float64], NDArray[np.float64]]

# Area 2, half of the square's 4.
HALF_THE_SQUARE = sqrt(2 / pi)


def xor() -> Batch:
    """The four points of exclusive or, which no single line separates: X (4, 2), Y (4, 1), all 0 or 1.

    Source: CEE697M-C12, EECS545-C8.
    """
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return X, np.array([[0.0], [1.0], [1.0], [0.0]])


def disc(N: int, rng: np.random.Generator, radius: float = HALF_THE_SQUARE) -> Batch:
    """Points spread evenly over the square [-1, 1]^2, label 1 inside the disc about 0: X (N, 2), Y (N, 1).

    A line hardly does better than a guess, x1^2 + x2^2 alone decides. The usual disc covers half of the square.
    Raises ValueError for N below 1 or a radius outside of (0, 1]. Source: EECS545-C1, EECS545-C2, CEE697M-F15.
    """
    _require_samples(N)
    if not 0 < radius <= 1:
        raise ValueError(f"radius must be above 0 and at most 1, so that the disc fits the square, but is {radius}")
    X = rng.uniform(-1, 1, (N, 2))
    inside = np.square(X).sum(axis=1, keepdims=True) < radius**2
    return X, inside.astype(np.float64)


def two_moons(N: int, rng: np.random.Generator, noise: float = 0.1) -> Batch:
    """Two half circles of radius 1 that reach into each other, one class each, half of the points: X (N, 2), Y (N, 1).

    ``noise`` is the standard deviation added to each coordinate. Raises ValueError for N below 1 or negative noise.
    Source: the shape of scikit-learn's make_moons, at random angles.
    """
    _require_samples(N, noise)
    label = _balanced_labels(N, rng)
    angle = rng.uniform(0, pi, (N, 1))
    X = np.hstack([np.cos(angle), np.sin(angle)])
    X = np.where(label == 1, [1.0, 0.5] - X, X)
    return _blurred(X, noise, rng), label


def spirals(N: int, rng: np.random.Generator, turns: float = 1.5, noise: float = 0.02) -> Batch:
    """Two spirals from 0 out to radius 1, each the other turned by half a circle: X (N, 2), Y (N, 1).

    ``turns`` full circles each, half of the points in each class; ``noise`` is the standard deviation added to each
    coordinate, to be compared with 1 / (2 turns) between neighbouring arms. Raises ValueError for N below 1, for turns
    that are not positive or for negative noise. Source: EECS545-C4; Lang and Witbrock 1988.
    """
    _require_samples(N, noise)
    if not 0 < turns < inf:
        raise ValueError(f"turns must be a positive finite number, but is {turns}")
    label = _balanced_labels(N, rng)
    # The square root spreads the points evenly along the arms, which are longer outside.
    radius = np.sqrt(rng.random((N, 1)))
    angle = 2 * pi * turns * radius + pi * label
    return _blurred(radius * np.hstack([np.cos(angle), np.sin(angle)]), noise, rng), label


def noisy_sine(N: int, rng: np.random.Generator, noise: float = 0.1) -> Batch:
    """One period of sin x with noise on y, for regression: X (N, 1) within [-pi, pi], Y (N, 1).

    ``noise`` is the standard deviation added to Y. Raises ValueError for N below 1 or negative noise.
    Source: Bishop 2006, Pattern Recognition and Machine Learning, section 1.1.
    """
    _require_samples(N, noise)
    X = rng.uniform(-pi, pi, (N, 1))
    return X, _blurred(np.sin(X), noise, rng)


def digits() -> Batch:
    """1797 handwritten digits of 8 x 8 pixels, from 0 (white) to 1 (black), labels as one-hot rows: (N, 64), (N, 10).

    They are read from scikit-learn when called. Raises ModuleNotFoundError where that cannot be imported.
    Source: Alpaydin and Kaynak 1998, UCI Machine Learning Repository.
    """
    try:
        datasets = import_module("sklearn.datasets")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"the digits come with scikit-learn, which cannot be imported ({error}): run pip install scikit-learn",
            name=error.name,
        ) from None
    found = datasets.load_digits()
    return np.asarray(found.data, np.float64) / 16, one_hot(found.target, 10)


def one_hot(labels: ArrayLike, classes: int) -> NDArray[np.float64]:
    """Rows that are 1 in the column of their label and 0 elsewhere: labels (N,) in 0..classes-1 -> (N, classes).

    Raises ShapeError for another shape, ValueError for labels that are not integers or out of range.
    Source: CEE616-E48, EECS545-E37.
    """
    found = np.asarray(labels)
    if found.ndim != 1:
        hint = "; write labels[:, 0]" if found.ndim == 2 and found.shape[1] == 1 else ""
        raise ShapeError(f"labels must have shape (N,), one number per sample, but have shape {found.shape}{hint}")
    if found.dtype.kind not in "iu":
        raise ValueError(f"labels must be integers, but have dtype {found.dtype}; write labels.astype(int)")
    wrong = np.flatnonzero((found < 0) | (found >= classes))
    if len(wrong):
        raise ValueError(
            f"labels must be in 0..{classes - 1} for {classes} classes, but {len(wrong)} of {len(found)} are not, the "
            f"first is {found[wrong[0]]} at position {wrong[0]}"
        )
    rows = np.zeros((len(found), classes))
    rows[np.arange(len(found)), found] = 1
    return rows


def _require_samples(N: int, noise: float = 0) -> None:
    if N < 1:
        raise ValueError(f"N, the number of samples, must be at least 1, but is {N}")
    if not 0 <= noise < inf:
        raise ValueError(f"noise, a standard deviation, must be finite and not negative, but is {noise}")


def _balanced_labels(N: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """0 and 1 equally often, one 0 more for odd N, in random order (N, 1)."""
    return (rng.permutation(N)[:, None] % 2).astype(np.float64)


def _blurred(points: NDArray[np.float64], noise: float, rng: np.random.Generator) -> NDArray[np.float64]:
    return points + noise * rng.standard_normal(points.shape)
