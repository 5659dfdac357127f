"""Explanations: which known mistake gives just the wrong array that a student returned, said in the student's terms."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
# Wrong answers by the code of their mistake; as pairs where one mistake gives several.
Answers = Mapping[str, Any] | Iterable[tuple[str, Any]]


def answers(wrong: Answers | Callable[[], Answers], *, layer: str = "this layer", tolerance: float = CLOSE) -> Explain:
    """Explain an answer by the first of these wrong ones that it equals, in the words of the catalogue.

    wrong: arrays or numbers by the code of the mistake that gives them, as a dict, or as pairs where one mistake gives
    several; or a function without arguments that returns them, which is called only where an answer is wrong. Two
    mistakes at once are joined by a plus: "first_row_reused+bias_index". ``layer`` says where they are made. An entry
    may differ by ``tolerance`` of the largest of the wrong answer, and one that is not finite explains nothing::

        why = check.bugs.answers({"bias_forgotten": X @ W.T, "bias_repeated": X @ W.T + D * b})
        check.value(got, X @ W.T + b, name="Z", explain=why)

    Raises ValueError for a code that the catalogue does not have.
    """
    given = wrong if callable(wrong) else _pairs(wrong)

    def explain(name: str, got: Array) -> Explanation | None:
        for code, answer in _pairs(given()) if callable(given) else given:
            array = np.asarray(answer, dtype=np.float64)
            allowed = tolerance * float(np.abs(array).max(initial=0))
            if array.shape == got.shape and np.isfinite(allowed) and bool((np.abs(got - array) <= allowed).all()):
                return _together(name, code.split("+"), [layer] * (code.count("+") + 1))
        return None

    return explain


def _pairs(wrong: Answers) -> list[tuple[str, Any]]:
    """The answers as pairs, each with a code that the catalogue has."""
    pairs = list(wrong.items() if isinstance(wrong, Mapping) else wrong)
    unknown = [code for code, _ in pairs if not BUGS.keys() >= set(code.split("+"))]
    if unknown:
        raise ValueError(f"the catalogue of mistakes has no {unknown[0]!r}: see coursekit/check/bugs/catalogue")
    return pairs


def affine(G: Array, X: Array, W: Array) -> dict[str, Explain]:
    """Explain a wrong dX, dW or db of Z = X W^T + b, by name.  G (N, M), X (N, D), W (M, D)."""
    return {name: answers(wrong) for name, wrong in functions.affine(G, X, W).items()}


def activation(G: Array, Z: Array, phi: Map) -> Explain:
    """Explain a wrong dZ of A = phi(Z).  G (N, M), Z (N, M), phi elementwise."""
    return answers(functions.activation(G, Z, phi))


def softmax(G: Array, P: Array) -> Explain:
    """Explain a wrong dZ of P = softmax(Z).  G (N, K), P (N, K)."""
    return answers(functions.softmax_layer(G, P))


def half_squared_error(Y: Array, T: Array) -> Explain:
    """Explain a wrong dY of the mean half squared error.  Y (N, K), T (N, K)."""
    return answers(functions.half_squared_error(Y, T))


def cross_entropy(Z: Array, T: Array) -> Explain:
    """Explain a wrong dZ of the mean cross-entropy of softmax(Z) with targets T.  Z (N, K), T (N, K)."""
    return answers(functions.cross_entropy(Z, T))


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
        return _either(name, list(by_code), [_place(mutant) for mutant in by_code.values()])
    pair = [mutant for mutant in found[0] if _touches(mutant, array)] or found[0]
    return _together(name, [mutant.knob.code for mutant in pair], [_place(mutant) for mutant in pair])


def _together(name: str, codes: Sequence[str], places: Sequence[str]) -> Explanation:
    """One mistake, or several that were made at once."""
    bugs = [BUGS[code] for code in codes]
    sentences = [bug.sentence.format(name=name, layer=place) for bug, place in zip(bugs, places, strict=True)]
    return Explanation(
        "+".join(codes),
        " And a second mistake: ".join(sentences),
        tuple(" ".join(both) for both in zip(*(bug.hints for bug in bugs), strict=True)),
    )


def _either(name: str, codes: list[str], places: list[str]) -> Explanation:
    """One mistake, or several that nothing tells apart."""
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
