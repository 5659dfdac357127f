"""Reproducible data for tests: a generator seeded from the names of the assignment and the test cell."""

import hashlib
import hmac
import os

import numpy as np

PUBLIC_KEY = b"coursekit public seed"
# Set by whoever grades in a course that has a secret, in the process of the tests alone.
SECRET_VARIABLE = "COURSEKIT_SECRET"
HIDDEN = "hidden"


def rng(*names: str) -> np.random.Generator:
    """A generator that always draws the same numbers for the same names, and unrelated ones for others.

    ``check.rng("hw4_layers", "affine_backward")``. The seed is an HMAC of the names under a public key. If one of the
    names is "hidden", as in ``check.rng("hw4_layers", "affine_backward", "hidden")``, and a course with a secret is
    being graded, the key is that secret, so that nobody can draw the same numbers beforehand.
    """
    message = "\0".join(names).encode()
    digest = hmac.new(_key(names), message, hashlib.sha256).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def _key(names: tuple[str, ...]) -> bytes:
    secret = os.environ.get(SECRET_VARIABLE, "") if HIDDEN in names else ""
    return secret.encode() or PUBLIC_KEY
