"""Known mistakes: what each of them makes of an answer, and how it is said.

``check.gradient(dZ, loss, at=Z, name="dZ", explain=check.bugs.activation(G, Z, engine.tanh))`` names the mistake that
gives just this dZ. For every other answer, array or number, ``check.bugs.answers`` takes what the mistakes give.
"""

from coursekit.check.bugs.explain import (
    Explain,
    Explanation,
    activation,
    affine,
    answers,
    cross_entropy,
    half_squared_error,
    network,
    softmax,
)
from coursekit.check.bugs.mutants import Network

__all__ = [
    "Explain",
    "Explanation",
    "Network",
    "activation",
    "affine",
    "answers",
    "cross_entropy",
    "half_squared_error",
    "network",
    "softmax",
]
