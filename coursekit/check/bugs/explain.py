"""Explanations: which known mistake gives just the wrong array that a student returned, said in the student's terms."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from coursekit.check.bugs.catalogue import BUGS
from coursekit.check.bugs.matching import CLOSE, Given, match
from coursekit.check.bugs.network import Mutant, Network
from coursekit.engine.arrays import Array


class Explanation(NamedTuple):
    """A code for the class report, a sentence for the student, and three further hints, each plainer than the last."""

    code: str
    sentence: str
    hints: tuple[str, ...]


# (name of the array, the array) -> its explanation, or None where no known mistake fits.
Explain = Callable[[str, Array], Explanation | None]


def by_functions(wrong: Mapping[str, Array]) -> Explain:
    """Explain an array by the first of these wrong answers that it equals; they are given by the code of their bug."""

    def explain(name: str, got: Array) -> Explanation | None:
        for code, array in wrong.items():
            tolerance = CLOSE * float(np.abs(array).max(initial=0))
            if array.shape == got.shape and bool((np.abs(got - array) <= tolerance).all()):
                return _explanation(name, [code], [""])
        return None

    return explain


def by_network(net: Network, arrays: Mapping[str, Array]) -> Explain:
    """Explain an array together with all the others of its network, given as dW1, db1, ... and dX."""
    found: list[tuple[Mutant, ...]] | None = None

    def explain(name: str, got: Array) -> Explanation | None:
        nonlocal found
        if found is None:
            found = match(net, Given(dict(arrays)))
        return explained(name, found)

    return explain


def explained(name: str, found: Sequence[tuple[Mutant, ...]]) -> Explanation | None:
    """What ``match`` found, said of one array: one mistake, two that nothing tells apart, or two at once."""
    if not found:
        return None
    if len(found[0]) == 1:
        by_code = {mutants[0].knob.code: mutants[0] for mutants in reversed(found)}
        return _explanation(name, list(by_code), [_place(mutant) for mutant in by_code.values()])
    pair = [mutant for mutant in found[0] if _touches(mutant, name)] or found[0]
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


def _touches(mutant: Mutant, name: str) -> bool:
    """Can this mistake show in the array of this name?"""
    knob = mutant.knob.name
    kind = "db" if knob.startswith("db_") or knob == "penalty_on_biases" else "dW"
    if not knob.startswith(("dW_", "db_", "penalty_")):
        return True
    return name.startswith(kind) and mutant.layer in (0, int(name[2:]))


def _place(mutant: Mutant) -> str:
    return f"layer {mutant.layer}" if mutant.layer else "every hidden layer"
