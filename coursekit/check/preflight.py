"""Gates around a call of the student's code: what must hold whatever it computes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from coursekit.check.bugs.catalogue import BUGS
from coursekit.check.score import record
from coursekit.check.verdict import Verdict, correct, wrong
from coursekit.engine.arrays import Array


@contextmanager
def unchanged(**arrays: Any) -> Iterator[None]:
    """A gate around a call: the named arrays must have the same values after it.

    ``with check.unchanged(X=X, W=W): dX, dW, db = affine_backward(G, X, W)``. Lists and dicts are taken entry by entry.
    Adds one Verdict for each name to the score block around it; a mutated input costs points, an intact one earns none.
    """
    before = {name: [entry.copy() for entry in _flat(given)] for name, given in arrays.items()}
    yield
    for name, given in arrays.items():
        after = _flat(given)
        same = len(after) == len(before[name]) and all(map(_identical, before[name], after))
        if same:
            record(correct(name, f"{name} is unchanged.", gate=True))
        else:
            message = f"{name} was changed by your code: work on a copy, or write to a new array instead of `+=`."
            record(wrong(name, "mutated", message, gate=True))


def call(function: Callable[..., Any], /, **arrays: Any) -> Any:
    """Call a student's function on copies of these arrays, in this order, behind all gates, and return its result.

    Gates: the arguments are unchanged, a second call returns the same, and no array of the result shares memory with
    an argument. Each adds a Verdict to the score block around it. What the function raises is raised here.
    """
    given = {name: _copied(array) for name, array in arrays.items()}
    with unchanged(**given):
        result = function(*given.values())
    first = [np.copy(array) for array in _arrays(result)]
    shared = any(np.may_share_memory(one, two) for one in _arrays(result) for two in _arrays(list(given.values())))
    again = _arrays(function(*map(_copied, arrays.values())))
    record(_sharing(shared))
    record(repetition(first, again))
    return result


def _sharing(shared: bool) -> Verdict:
    if not shared:
        return correct("the result", "The result has memory of its own.", gate=True)
    message = "The result shares its memory with an argument: return a new array, or a later step changes both."
    return wrong("the result", "shared", message, gate=True)


def repetition(first: list[Array], again: list[Array]) -> Verdict:
    """A gate: does a second call return what the first did?"""
    alike = len(first) == len(again) and all(a.shape == b.shape for a, b in zip(first, again, strict=True))
    pairs = list(zip(first, again, strict=True)) if alike else []
    if alike and all(_same(a, b) for a, b in pairs):
        return correct("the result", "A second call returns the same.", gate=True)
    twice = alike and all(_same(a, b) or _same(2 * a, b) for a, b in pairs)
    bug = BUGS["accumulated" if twice else "not_repeatable"]
    return wrong("the result", bug.code, bug.sentence, bug.hints, gate=True)


def _same(a: Array, b: Array) -> bool:
    """Equal to what float32 sums in another order leave of the largest entry."""
    return np.allclose(a, b, rtol=0, atol=2e-5 * float(np.abs(a).max(initial=0)), equal_nan=True)


def _copied(given: Any) -> Any:
    """A deep copy of arrays in lists, anything else as it is."""
    if isinstance(given, np.ndarray):
        return given.copy()
    return [_copied(entry) for entry in given] if isinstance(given, list) else given


def _arrays(result: Any) -> list[Array]:
    """The arrays and numbers of a result, lists and tuples taken apart; what is no number is left out."""
    if isinstance(result, (list, tuple)):
        return [array for entry in result for array in _arrays(entry)]
    array = np.asarray(result)
    return [array] if array.dtype.kind in "fiub" else []


def _flat(given: Any) -> list[np.ndarray[Any, Any]]:
    """Arrays and numbers, lists, tuples and dicts taken apart."""
    if isinstance(given, Mapping):
        given = list(given.values())
    if isinstance(given, (list, tuple)):
        return [array for entry in given for array in _flat(entry)]
    return [np.asarray(given)]


def _identical(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> bool:
    """The same values of the same type; one NaN is like another."""
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.tobytes() == b.tobytes():
        return True
    return np.array_equal(a, b) or (a.dtype.kind in "fc" and np.array_equal(a, b, equal_nan=True))
