"""A numeric gradient that every submission of a class is compared with is found once for all of them."""

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from coursekit.check.numeric import LARGEST, Estimate, Float64, numeric_gradient
from coursekit.memory import memory

# Steps that tell two functions apart, on both sides, about as far as a difference reaches.
STEPS = (0, 1e-5, -1e-5)


def recalled_gradient(f: Callable[[Any], Any], at: Any) -> Estimate:
    """What ``numeric_gradient(f, at)`` gives, found anew only where no earlier judge found it. Raises as it does.

    Two functions count as one where they agree to the last bit at the point and at two points beside it, in a
    direction that is a secret of the judges. A function that asks a student's code is differenced each time.
    """
    if not memory.on:
        return numeric_gradient(f, at)
    asked = memory.asked
    key = _key(f, at)
    known = memory.recall(key) if key is not None and memory.asked == asked else None
    if known is not None:
        return Estimate(*known)
    estimate = numeric_gradient(f, at)
    if key is not None and memory.asked == asked:
        memory.keep(key, estimate)
    return estimate


@cache
def _lengths(salt: bytes) -> Float64:
    """Steps of both signs, none of them short: (LARGEST,) in [-1, -0.5] and [0.5, 1]."""
    rng = np.random.default_rng([*salt])
    lengths: Float64 = rng.choice([-1, 1], LARGEST) * rng.uniform(0.5, 1, LARGEST)
    return lengths


def _key(f: Callable[[Any], Any], at: Any) -> bytes | None:
    """What tells a function and a point from all others; None where the function has no number there."""
    start = np.array(at, dtype=np.float64)
    try:
        direction = _lengths(memory.salt)[: start.size].reshape(start.shape)
        with np.errstate(all="ignore"):
            values = np.array([f(start + step * direction) for step in STEPS], dtype=np.float64)
    except Exception:
        return None
    content = (memory.salt, repr(start.shape).encode(), start.tobytes(), values.tobytes())
    return hashlib.sha256(b"\0".join(content)).digest()
