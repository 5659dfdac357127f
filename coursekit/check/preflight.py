"""Gates around a call of the student's code: what must hold whatever it computes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from coursekit.check.score import record
from coursekit.check.verdict import correct, wrong


@contextmanager
def unchanged(**arrays: Any) -> Iterator[None]:
    """A gate around a call: the named arrays must have the same values after it.

    ``with check.unchanged(X=X, W=W): dX, dW, db = affine_backward(G, X, W)``. Lists and dicts are taken entry by entry.
    Adds one Verdict for each name to the score block around it; a mutated input costs points, an intact one earns none.
    """
    before = {name: _copies(given) for name, given in arrays.items()}
    yield
    for name, given in arrays.items():
        after = _copies(given)
        same = len(after) == len(before[name]) and all(map(_identical, before[name], after))
        if same:
            record(correct(name, f"{name} is unchanged.", gate=True))
        else:
            message = f"{name} was changed by your code: work on a copy, or write to a new array instead of `+=`."
            record(wrong(name, "mutated", message, gate=True))


def _copies(given: Any) -> list[np.ndarray[Any, Any]]:
    if isinstance(given, Mapping):
        given = list(given.values())
    if isinstance(given, (list, tuple)):
        return [copy for entry in given for copy in _copies(entry)]
    return [np.array(given)]


def _identical(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> bool:
    return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
