"""Parameters as one flat vector with named views: what an optimizer steps on and what a slide writes are one memory."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import prod
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import DTypeLike

from coursekit.engine.arrays import Array, require_floats
from coursekit.engine.errors import ShapeError

Shapes = Mapping[str, tuple[int, ...]]


class Parameters:
    """A flat vector and, for each name, a view into it: changing either changes the other.

    ``flat`` (P,); ``params["W1"]`` has the shape given for ``W1``. Raises ShapeError where the flat vector does not
    have P entries, KeyError for an unknown name. Source: CEE616-C14, CEE616-E24.
    """

    def __init__(self, shapes: Shapes, flat: Array | None = None, *, dtype: DTypeLike = np.float64) -> None:
        total = sum(prod(shape) for shape in shapes.values())
        if flat is None:
            flat = np.zeros(total, dtype)
        require_floats("flat", flat)
        if flat.shape != (total,):
            raise ShapeError(f"the flat vector must have shape {(total,)} for {dict(shapes)}, but has {flat.shape}")
        self.shapes = dict(shapes)
        self.flat = flat
        self._views: dict[str, Array] = {}
        start = 0
        for name, shape in shapes.items():
            stop = start + prod(shape)
            self._views[name] = flat[start:stop].reshape(shape)
            start = stop

    def __getitem__(self, name: str) -> Array:
        """The view of this name."""
        return self._views[name]

    def __setitem__(self, name: str, value: Array) -> None:
        """Copy values into the view; raises ShapeError where the shapes differ."""
        if np.shape(value) != self.shapes[name]:
            raise ShapeError(f"{name} must have shape {self.shapes[name]}, but the value has {np.shape(value)}")
        self._views[name][...] = value

    def save(self, path: Path) -> None:
        """Write every named array to an .npz file, complete or not at all."""
        unfinished = path.with_name(path.name + ".part")
        with unfinished.open("wb") as file:
            np.savez(file, allow_pickle=False, **self._views)
        unfinished.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Parameters":
        """Read what ``save`` wrote; nothing in it is executed. Raises ValueError for another kind of file."""
        try:
            with np.load(path, allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
        except (BadZipFile, ValueError, EOFError, AttributeError):
            raise ValueError(
                f"{path} is not a file of parameters: expected the .npz that Parameters.save wrote"
            ) from None
        if not arrays or any(array.dtype.kind != "f" for array in arrays.values()):
            raise ValueError(f"{path} holds no parameters: expected named arrays of floats")
        flat = np.concatenate([array.ravel() for array in arrays.values()])
        return cls({name: array.shape for name, array in arrays.items()}, flat)

    def __repr__(self) -> str:
        parts = ", ".join(f"{name} {shape}" for name, shape in self.shapes.items())
        return f"Parameters({len(self.flat)}: {parts})"

    def __len__(self) -> int:
        """The number of parameters P."""
        return len(self.flat)


def mlp_shapes(sizes: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Names and shapes of an MLP's parameters: W1 (n_1, n_0), b1 (n_1,), W2 ...  Source: CEE697M-E13, CEE616-F1.

    ``sizes`` is [n_0, ..., n_L]; raises ShapeError where it has fewer than two entries or one below 1.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ShapeError(f"sizes must be two or more positive widths [n_0, ..., n_L], but are {list(sizes)}")
    shapes: dict[str, tuple[int, ...]] = {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
        shapes[f"W{layer}"] = (fan_out, fan_in)
        shapes[f"b{layer}"] = (fan_out,)
    return shapes
