"""Reproducible data for tests: a generator seeded from the names of the assignment and the test cell."""

import hashlib
import hmac

import numpy as np

PUBLIC_KEY = b"coursekit public seed"


def rng(*names: str) -> np.random.Generator:
    """A generator that always draws the same numbers for the same names, and unrelated ones for others.

    ``check.rng("hw4_layers", "affine_backward")``. The seed is an HMAC of the names under a public key.
    """
    message = "\0".join(names).encode()
    digest = hmac.new(PUBLIC_KEY, message, hashlib.sha256).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))
