"""Explanations: which known mistake gives just the wrong array that a student returned, said in the student's terms."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np

from coursekit.check.answers import as_numbers
from coursekit.check.bugs import functions
from coursekit.check.bugs.catalogue import BUGS
from coursekit.check.bugs.matching import CLOSE, Given, match
from coursekit.check.bugs.mutants import Mutant, Network
from coursekit.check.verdict import Verdict
from coursekit.engine import Map
from coursekit.engine.arrays import Array


class Explanation(NamedTuple):
    """A code for the class report, a sentence for the student, and three further hints, each plainer than the last."""

    code: str
    sentence: str
    hints: tuple[str, ...]


# (name of the array, the array) -> its explanation, or None where no known mistake fits.
Explain = Callable[[str, Array], Explanation | None]


def affine(G: Array, X: Array, W: Array) -> dict[str, Explain]:
    """Explain a wrong dX, dW or db of Z = X W^T + b, by name.  G (N, M), X (N, D), W (M, D)."""
    return {name: _by_answers(wrong) for name, wrong in functions.affine(G, X, W).items()}


def activation(G: Array, Z: Array, phi: Map) -> Explain:
    """Explain a wrong dZ of A = phi(Z).  G (N, M), Z (N, M), phi elementwise."""
    return _by_answers(functions.activation(G, Z, phi))


def softmax(G: Array, P: Array) -> Explain:
    """Explain a wrong dZ of P = softmax(Z).  G (N, K), P (N, K)."""
    return _by_answers(functions.softmax_layer(G, P))


def half_squared_error(Y: Array, T: Array) -> Explain:
    """Explain a wrong dY of the mean half squared error.  Y (N, K), T (N, K)."""
    return _by_answers(functions.half_squared_error(Y, T))


def cross_entropy(Z: Array, T: Array) -> Explain:
    """Explain a wrong dZ of the mean cross-entropy of softmax(Z) with targets T.  Z (N, K), T (N, K)."""
    return _by_answers(functions.cross_entropy(Z, T))


def _by_answers(wrong: Mapping[str, Array]) -> Explain:
    """Explain an array by the first of these wrong answers that it equals; they are given by the code of their bug."""

    def explain(name: str, got: Array) -> Explanation | None:
        for code, array in wrong.items():
            tolerance = CLOSE * float(np.abs(array).max(initial=0))
            if array.shape == got.shape and bool((np.abs(got - array) <= tolerance).all()):
                return _explanation(name, [code], ["this layer"])
        return None

    return explain


def network(net: Network, dWs: Sequence[Any], dbs: Sequence[Any], dX: Any = None) -> dict[str, Explain]:
    """Explain each of a network's gradients together with all the others, by the names dW1, db1, ... and dX.

    dWs, dbs: what the student's function returned, layer 1 first; dX (N, n_0) or None. Empty where they are no lists of
    one array a layer.
    """
    if not all(isinstance(arrays, (list, tuple)) and len(arrays) == len(net.Ws) for arrays in (dWs, dbs)):
        return {}
    arrays = {f"dW{layer}": array for layer, array in enumerate(dWs, start=1)}
    arrays |= {f"db{layer}": array for layer, array in enumerate(dbs, start=1)}
    if dX is not None:
        arrays["dX"] = dX

    @cache
    def found() -> list[tuple[Mutant, ...]]:
        numbers = {name: as_numbers(array, name) for name, array in arrays.items()}
        return match(net, Given({name: array for name, array in numbers.items() if not isinstance(array, Verdict)}))

    def explain(array: str, name: str, got: Array) -> Explanation | None:
        return explained(array, found(), name)

    return {array: partial(explain, array) for array in arrays}


def explained(array: str, found: Sequence[tuple[Mutant, ...]], name: str = "") -> Explanation | None:
    """What ``match`` found, said of one array: one mistake, two that nothing tells apart, or two at once.

    ``array`` is its name here, such as dW1; ``name`` the student's, where that is another.
    """
    name = name or array
    if not found:
        return None
    if len(found[0]) == 1:
        by_code = {mutants[0].knob.code: mutants[0] for mutants in reversed(found)}
        return _explanation(name, list(by_code), [_place(mutant) for mutant in by_code.values()])
    pair = [mutant for mutant in found[0] if _touches(mutant, array)] or found[0]
    if len(pair) == 1:
        return _explanation(name, [pair[0].knob.code], [_place(pair[0])])
    sentences = [BUGS[mutant.knob.code].sentence.format(name=name, layer=_place(mutant)) for mutant in pair]
    return Explanation(
        "+".join(mutant.knob.code for mutant in pair),
        f"{sentences[0]} And a second mistake: {sentences[1]}",
        tuple(" ".join(both) for both in zip(*(BUGS[mutant.knob.code].hints for mutant in pair), strict=True)),
    )


def _explanation(name: str, codes: list[str], places: list[str]) -> Explanation:
    bugs = [BUGS[code] for code in codes]
    sentences = [bug.sentence.format(name=name, layer=place) for bug, place in zip(bugs, places, strict=True)]
    sentence = sentences[0] if len(bugs) == 1 else "Either " + " Or ".join(sentences)
    return Explanation("|".join(codes), sentence, bugs[0].hints)


def _touches(mutant: Mutant, array: str) -> bool:
    """Can this mistake show in this array?"""
    knob = mutant.knob.name
    kind = "db" if knob.startswith("db_") or knob == "penalty_on_biases" else "dW"
    if not knob.startswith(("dW_", "db_", "penalty_")):
        return True
    return array.startswith(kind) and mutant.layer in (0, int(array[2:]))


def _place(mutant: Mutant) -> str:
    if mutant.layer:
        return f"layer {mutant.layer}"
    return "every layer" if mutant.knob.name in ("updated_early", "weights_transposed") else "every hidden layer"
