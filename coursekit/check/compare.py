"""The checks that earn points: a gradient against central differences, a value against a reference, a statement.

And one that can only cost them, of a shape.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.check.answers import as_numbers, position
from coursekit.check.bugs.catalogue import BUGS, BUGS_OF_VALUES
from coursekit.check.bugs.explain import Explain, Explanation
from coursekit.check.directions import slopes_along_directions
from coursekit.check.numeric import FLOOR, LARGEST, Estimate, Float64
from coursekit.check.recalled import recalled_gradient
from coursekit.check.score import record
from coursekit.check.signatures import Comparison, diagnose_number, diagnose_ratio, diagnose_shape, diagnose_values
from coursekit.check.verdict import Verdict, Worst, correct, wrong

TOLERANCE = 1e-5
UNDECIDED = 1e-3
NOT_GIVEN = object()


def gradient(
    got: Any,
    loss: Callable[[Any], Any],
    *,
    at: Any,
    name: str = "the gradient",
    value: Any = NOT_GIVEN,
    batch: int | None = None,
    explain: Explain | None = None,
    tolerance: float = TOLERANCE,
) -> Verdict:
    """Is ``got`` the gradient of ``loss`` at the array ``at``?

    got: array of the shape of ``at``; loss: a reference of the instructor's, array -> one number, evaluated four times
    an entry (see numeric_gradient) or, above 20,000 entries, along random directions. ``value``: the forward value that
    came with the gradient; it must equal loss(at), because a wrong forward pass agrees with its own gradient.
    ``batch``: N, which lets the sentence name a factor 1/N. ``explain`` knows what mistakes give on these data, such as
    ``bugs.activation(...)``, and names the one that fits.
    An entry may differ by ``tolerance`` of the largest entry, its own error bar, and 1e-9 max(1, |loss|); at a kink
    every slope between those of both sides is right. Undecidable where the error bar exceeds the gradient.
    Returns a Verdict and adds it to the score block around it. Source: CEE616-E24, CSC561-C33.
    """
    large = np.size(at) > LARGEST
    estimate = None if large else recalled_gradient(loss, at)
    if value is not NOT_GIVEN:
        expected = float(loss(np.array(at, dtype=np.float64))) if estimate is None else estimate.value
        forward = _compare_values(value, np.float64(expected), f"the value that came with {name}", batch, tolerance)
        if not forward:
            return record(forward)
    with np.errstate(all="ignore"):
        if estimate is None:
            return record(_compare_slopes(got, loss, np.asarray(at, dtype=np.float64), name, batch, tolerance))
        return record(_compare_gradient(got, estimate, name, batch, explain, tolerance))


def _compare_slopes(
    got: Any, loss: Callable[[Any], Any], at: Float64, name: str, batch: int | None, tolerance: float
) -> Verdict:
    """The verdict for a gradient with too many entries to difference, from slopes along random directions."""
    numbers = as_numbers(got, name)
    if isinstance(numbers, Verdict):
        return numbers
    if numbers.shape != at.shape:
        return wrong(name, "shape", f"{name} must have shape {at.shape}, but has {numbers.shape}.")
    slopes = slopes_along_directions(loss, numbers, at, tolerance=tolerance, rng=np.random.default_rng(at.size))
    allowed = tolerance * slopes.size + slopes.bar + FLOOR
    if bool((np.abs(slopes.analytic - slopes.numeric) <= allowed).all()):
        if slopes.missed > UNDECIDED and max(slopes.size, float(np.linalg.norm(numbers))) > FLOOR:
            return Verdict(name, "undecidable", "noise", f"{name} cannot be checked: rounding hides the gradient here.")
        return correct(name, f"{name} agrees with the slopes along {len(slopes.numeric)} random directions.")
    case = Comparison(slopes.analytic, slopes.numeric, float(allowed.max()), batch)
    ratio = diagnose_ratio(name, case)
    if ratio is not None:
        return wrong(name, *ratio)
    off = float(np.sqrt(np.mean((slopes.analytic - slopes.numeric) ** 2))) / max(slopes.size, FLOOR)
    return wrong(name, "wrong", f"{name} is wrong: it is off by about {off:.2g} of the length of the right gradient.")


def _compare_gradient(
    got: Any, estimate: Estimate, name: str, batch: int | None, explain: Explain | None, tolerance: float
) -> Verdict:
    numbers = as_numbers(got, name)
    if isinstance(numbers, Verdict):
        return numbers
    expected = estimate.gradient
    counted = ~estimate.kink
    scale = float(np.abs(expected[counted]).max(initial=0))
    floor = FLOOR * max(1.0, abs(estimate.value))
    case = Comparison(numbers, expected, tolerance * scale + float(estimate.bar[counted].max(initial=0)) + floor, batch)
    if numbers.shape != expected.shape:
        return wrong(name, *diagnose_shape(name, case))
    if scale > floor and bool((estimate.bar[counted] > scale).all()):
        return Verdict(name, "undecidable", "noise", f"{name} cannot be checked: rounding hides the gradient here.")
    allowed = tolerance * scale + estimate.bar + floor
    if expected.size and np.isinf(estimate.low).all():
        return Verdict(name, "undecidable", "kink", f"{name} cannot be checked: the loss jumps at every entry.")
    nearest = np.where(counted, expected, np.clip(numbers, estimate.low, estimate.high))
    near = np.abs(numbers - nearest) <= allowed
    if bool(near.all()):
        return correct(name, f"{name} agrees with central differences.")
    if bool(near[counted].all()):
        return _beyond_the_kink(name, numbers, estimate, near)
    visible = case._replace(got=np.where(counted, numbers, 0), expected=np.where(counted, expected, 0))
    return _wrong_values(name, visible, _explanation(name, visible, numbers, explain))


def _beyond_the_kink(name: str, numbers: Float64, estimate: Estimate, near: NDArray[np.bool_]) -> Verdict:
    index = tuple(int(i) for i in np.argwhere(~near)[0])
    low, high = estimate.low[index], estimate.high[index]
    message = (
        f"{name} is {numbers[index]:.6g} at {position(index)}, where the loss has a kink: "
        f"any slope from {low:.6g} to {high:.6g} is right there."
    )
    return wrong(name, "kink", message)


def _wrong_values(name: str, case: Comparison, explanation: Explanation) -> Verdict:
    """The verdict for an array of the right shape with wrong values."""
    return wrong(name, *explanation, worst=_worst(case), got=case.got, expected=case.expected)


def _explanation(name: str, case: Comparison, numbers: Float64, explain: Explain | None) -> Explanation:
    """Why an answer of the right shape is wrong: the mistake that gives it, or else its signature."""
    found = explain(name, numbers) if explain is not None and numbers.any() else None
    if found is not None:
        return found
    diagnose = diagnose_values if case.got.ndim or case.is_gradient else diagnose_number
    code, sentence = diagnose(name, case)
    known = (BUGS if case.is_gradient else BUGS_OF_VALUES).get(code)
    return Explanation(code, sentence, known.hints if known else ())


def _worst(case: Comparison) -> Worst:
    off = np.abs(case.got - case.expected)
    index = tuple(int(i) for i in np.unravel_index(np.argmax(off), off.shape))
    scale = float(np.abs(case.expected).max(initial=0)) or 1.0
    expected = float(case.expected[index])
    return Worst(index, float(off[index]) / scale, float(case.got[index]) / expected if expected else None)


def value(
    got: Any,
    expected: Any,
    *,
    name: str = "the value",
    batch: int | None = None,
    explain: Explain | None = None,
    tolerance: float = TOLERANCE,
    reveal: bool = True,
) -> Verdict:
    """Is ``got`` equal to a reference value?

    got, expected: numbers or arrays of one shape. An entry may differ by ``tolerance`` of the largest expected entry
    and by 1e-9. ``batch``: N, which lets the sentence name a factor 1/N; ``explain`` knows what mistakes give, such as
    ``bugs.answers(...)``, and names the one that fits. Where the right number is what one should find, ``reveal=False``
    keeps it back.
    Returns a Verdict and adds it to the score block around it.
    """
    with np.errstate(all="ignore"):
        reference = np.asarray(expected, dtype=np.float64)
        verdict = _compare_values(got, reference, name, batch, tolerance, explain, reveal)
    return record(verdict)


def _compare_values(
    got: Any,
    expected: Float64 | np.float64,
    name: str,
    batch: int | None,
    tolerance: float,
    explain: Explain | None = None,
    reveal: bool = True,
) -> Verdict:
    numbers = as_numbers(got, name)
    if isinstance(numbers, Verdict):
        return numbers
    reference = np.asarray(expected)
    allowed = tolerance * float(np.abs(reference).max(initial=0)) + FLOOR
    case = Comparison(numbers, reference, allowed, batch, reveal, is_gradient=False)
    if numbers.shape != reference.shape:
        return wrong(name, *diagnose_shape(name, case))
    if case.same(numbers, reference):
        return correct(name, f"{name} is right.")
    explanation = _explanation(name, case, numbers, explain)
    return _wrong_values(name, case, explanation) if numbers.ndim else wrong(name, *explanation)


def true(condition: bool, code: str, sentence: str, *, name: str = "the answer") -> Verdict:
    """Does a statement hold that compares no numbers, such as that two calls draw different ones?

    condition: True or False; code and sentence: what is wrong where it is False. Hints come from the catalogue where it
    has the code; ``name`` stands in front of them.
    Returns a Verdict and adds it to the score block around it. Raises TypeError where the condition is neither.
    """
    if not isinstance(condition, (bool, np.bool_)):
        raise TypeError(f"the condition of check.true must be True or False, but is a {type(condition).__name__}")
    if condition:
        return record(correct(name, f"{name} is right."))
    return record(wrong(name, code, sentence, BUGS[code].hints if code in BUGS else ()))


def shape(got: Any, expected: tuple[int, ...], *, name: str = "the result") -> Verdict:
    """Has ``got`` the shape ``expected``? A gate: it can cost points, never earn them.

    got: an array or number; expected: a tuple. Returns a Verdict and adds it to the score block around it.
    """
    numbers = as_numbers(got, name)
    if isinstance(numbers, Verdict):
        return record(Verdict(numbers.name, numbers.status, numbers.code, numbers.message, gate=True))
    if numbers.shape == expected:
        return record(correct(name, f"{name} has shape {expected}.", gate=True))
    message = f"{name} must have shape {expected}, but has {numbers.shape}."
    return record(wrong(name, "shape", message, gate=True))
