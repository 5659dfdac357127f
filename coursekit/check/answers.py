"""What a student handed back, before any number is compared: is it there, is it numbers, is it finite."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.check.verdict import Verdict, wrong

LOOK_FOR = "look for an overflow, a logarithm of 0 or a division by 0."


def as_numbers(got: Any, name: str) -> NDArray[np.float64] | Verdict:
    """The answer as a float64 array, or the verdict that says why it is none."""
    if got is None:
        return wrong(name, "none", f"{name} is None: is a `return` missing, or the answer not stored?")
    try:
        array = np.asarray(got)
    except Exception:
        array = np.asarray(None)
    if array.dtype.kind == "c":
        return wrong(name, "type", f"{name} is complex; a gradient of a real loss is real.")
    if array.dtype.kind not in "fiub":
        what = "an array of objects" if isinstance(got, np.ndarray) else f"a {type(got).__name__}"
        return wrong(name, "type", f"{name} must be an array of numbers, but is {what}.")
    numbers = array.astype(np.float64)
    if numbers.ndim == 0 and not np.isfinite(numbers):
        return wrong(name, "not_finite", f"{name} is {numbers}: {LOOK_FOR}")
    if not np.isfinite(numbers).all():
        bad = np.argwhere(~np.isfinite(numbers))
        first = position(tuple(bad[0]))
        return wrong(
            name,
            "not_finite",
            f"{name} has {len(bad)} of {numbers.size} entries that are nan or inf (first at {first}): {LOOK_FOR}",
        )
    return numbers


def position(index: tuple[Any, ...]) -> str:
    """An index as a student writes it: [1, 2]."""
    return "[" + ", ".join(str(int(i)) for i in index) + "]"
