"""What a numeric check of a slide row is, and how to run one by the row's id.

A check tests the statement as it should read. Where the slide prints something else, the check takes the statement as
its argument, the right one by default, and the printed one stands beside it::

    @row_check("CEE616-E28", printed={"CEE616-E28": lambda x, M: x[None, :]})
    def affine_jacobian_by_its_weights(jacobian=lambda x, M: np.kron(np.eye(M), x[None, :])):
        ...
        agree(jacobian(x, M), numeric_jacobian(lambda w: w.reshape(W.shape) @ x, W.ravel()))

``verify("CEE616-E28")`` then passes, and ``verify_printed("CEE616-E28")`` runs the same lines on the printed statement.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple, TypeVar

import numpy as np

Statement = Callable[..., Any]
Verify = TypeVar("Verify", bound=Callable[..., None])


class Mismatch(AssertionError):
    """A statement does not hold; the message says what was stated and what was found."""


class RowCheck(NamedTuple):
    """One check: the rows it belongs to, the function that runs it, and what the slides print instead, by row id."""

    ids: tuple[str, ...]
    run: Callable[..., None]
    printed: Mapping[str, Statement]


_checks: dict[str, RowCheck] = {}


def row_check(*ids: str, printed: Mapping[str, Statement] | None = None) -> Callable[[Verify], Verify]:
    """Register a function as the check of these rows; several rows share one where they state the same thing.

    ``printed`` maps a row's id to the statement as its slide has it, in the form in which the function takes it.
    Raises ValueError for a row that already has a check and for a printed form of a row that is not named.
    """
    forms = dict(printed or {})
    if not forms.keys() <= set(ids):
        raise ValueError(f"printed forms belong to the rows {ids}, but were given for {sorted(forms)}")

    def register(run: Verify) -> Verify:
        for id in ids:
            if id in _checks:
                raise ValueError(f"{id} has two checks: {_checks[id].run.__name__} and {run.__name__}")
            _checks[id] = RowCheck(ids, run, forms)
        return run

    return register


@cache
def _load() -> None:
    package = import_module("coursekit.slides.checks")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")


def checked() -> dict[str, RowCheck]:
    """Every check by row id."""
    _load()
    return dict(_checks)


def verify(id: str) -> None:
    """Run the check of a row; raises Mismatch where the statement does not hold, KeyError where it has no check."""
    _check_of(id).run()


def verify_printed(id: str) -> None:
    """Run the check of a row on what its slide prints: an error is what one expects, Mismatch or one of numpy.

    Raises KeyError where the row has no check or no printed form of its own.
    """
    check = _check_of(id)
    if id not in check.printed:
        raise KeyError(f"the slide row {id} prints what is checked; there is no other form to run")
    check.run(check.printed[id])


def _check_of(id: str) -> RowCheck:
    known = checked()
    if id not in known:
        raise KeyError(f"the slide row {id!r} has no numeric check")
    return known[id]


def agree(stated: Any, found: Any, *, within: float = 1e-7) -> None:
    """Raise Mismatch unless both have one shape and differ by at most ``within`` times the largest entry, or 1."""
    left, right = np.asarray(stated, dtype=float), np.asarray(found, dtype=float)
    if left.shape != right.shape:
        raise Mismatch(f"stated is an array of shape {left.shape}, found one of shape {right.shape}")
    scale = max(1.0, float(np.abs(right).max(initial=0)))
    distance = float(np.abs(left - right).max(initial=0))
    if not distance <= within * scale:
        raise Mismatch(f"stated {_brief(left)}, found {_brief(right)}: they differ by {distance:.3g}")


def hold(condition: bool, statement: str) -> None:
    """Raise Mismatch with the statement, written as it should be, unless the condition is true."""
    if not condition:
        raise Mismatch(f"it does not hold that {statement}")


def _brief(array: Any) -> str:
    text: str = np.array2string(array, precision=6, threshold=6, edgeitems=2)
    return " ".join(text.split())
