"""From the pattern of a wrong answer to the mistake that leaves it.

Each signature is a fact about two arrays, what came and what was expected; the first that holds is named. What only a
gradient can suffer is said of gradients alone.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from coursekit.check.answers import position
from coursekit.engine.arrays import Array

ZERO = "is zero everywhere, but the loss does change with its variable."
ZERO_VALUE = "is zero everywhere: is it ever filled in?"


class Comparison(NamedTuple):
    """A wrong answer beside the right one, the largest difference still allowed, and the batch size if it is known.

    ``reveal``: whether a sentence may say a right number; ``is_gradient``: whether it may speak of a loss.
    """

    got: Array
    expected: Array
    allowed: float
    batch: int | None
    reveal: bool = True
    is_gradient: bool = True

    @property
    def swap(self) -> str:
        """What to do about a transposed answer."""
        return "swap the two factors' roles" if self.is_gradient else "swap rows and columns"

    def same(self, a: Array, b: Array) -> bool:
        """Do the two agree to the allowed difference?"""
        return a.shape == b.shape and bool(np.all(np.abs(a - b) <= self.allowed))


def diagnose_shape(name: str, case: Comparison) -> tuple[str, str]:
    """Code and sentence for an answer of a wrong shape."""
    got, expected = case.got, case.expected
    needed = f"{name} must have shape {expected.shape}, but has {got.shape}"
    if case.same(got.T, expected):
        return "transposed", f"{needed}. It has the right values in transposed places: {case.swap}."
    if got.size == expected.size and case.same(got.reshape(expected.shape), expected):
        return "shape", f"{needed}. The values are right and in order: only the shape has to change."
    if got.ndim == expected.ndim + 1 and case.same(got.sum(axis=0), expected):
        parts = "samples" if case.is_gradient else "parts"
        return "unsummed", f"{needed}. Each of the {got.shape[0]} {parts} is right, but they still have to be added up."
    rule = " A gradient has the shape of the variable it belongs to." if case.is_gradient else ""
    return "shape", f"{needed}.{rule}"


def diagnose_values(name: str, case: Comparison) -> tuple[str, str]:
    """Code and sentence for an answer of the right shape with wrong values."""
    for code, sentence in _signatures(case):
        return code, f"{name} {sentence}"
    wrong = np.abs(case.got - case.expected) > case.allowed
    worst = np.unravel_index(np.argmax(np.abs(case.got - case.expected)), case.got.shape)
    at = f" at {position(worst)}" if case.got.ndim else ""
    right = f" where {case.expected[worst]:.6g} is right" if case.reveal else ""
    sentence = f"{name} is wrong in {int(wrong.sum())} of {wrong.size} entries; the worst{at} is {case.got[worst]:.6g}"
    return "wrong", f"{sentence}{right}."


def diagnose_ratio(name: str, case: Comparison) -> tuple[str, str] | None:
    """Code and sentence for numbers that are all the same multiple of the right ones, or None."""
    ratio = _constant_ratio(case)
    if ratio is None:
        return ("zero", f"{name} {ZERO}") if not case.got.any() else None
    named = next(_named_ratios(ratio, case), ("factor", f"is {ratio:.6g} times the right one in every entry."))
    return named[0], f"{name} {named[1]}"


def diagnose_number(name: str, case: Comparison) -> tuple[str, str]:
    """Code and sentence for a single wrong number."""
    got, expected = float(case.got), float(case.expected)
    sentence = f"{name} is {got:.6g}, " + (f"but {expected:.6g} is right" if case.reveal else "which is not right")
    if case.batch is not None and case.batch > 1 and case.same(case.got, case.expected * case.batch):
        return "sum_for_mean", f"{sentence}: it is a mean over {case.batch} samples, and yours is their sum."
    if expected.is_integer():
        return "value", f"{sentence}."
    if case.same(case.got, -case.expected):
        return "sign", f"{sentence}: the sign is wrong."
    if case.same(case.got, 2 * case.expected) or case.same(2 * case.got, case.expected):
        return "factor", f"{sentence}: a factor 2 is missing or too many."
    return "value", f"{sentence}."


def _signatures(case: Comparison) -> Iterator[tuple[str, str]]:
    got, expected = case.got, case.expected
    if not got.any():
        yield "zero", ZERO if case.is_gradient else ZERO_VALUE
    if np.array_equal(got, np.trunc(expected)) or any(np.array_equal(got, expected.round(k)) for k in range(4)):
        yield "rounded", "holds rounded numbers: is it stored in an array of integers, or rounded?"
    ratio = _constant_ratio(case)
    if ratio is not None:
        yield from _named_ratios(ratio, case)
        if got.size > 1:
            yield "factor", f"is {ratio:.6g} times the right one in every entry."
    if got.ndim == 2 and got.shape[0] == got.shape[1] and case.same(got.T, expected):
        yield "transposed", f"has the right values in transposed places: {case.swap}."
    if got.size > 2 and case.same(np.sort(got.ravel()), np.sort(expected.ravel())):
        yield "permuted", "has the right values in the wrong places: look at the order of axes or at a reshape."
    if (
        got.ndim == 2
        and len(got) > 1
        and case.batch in (None, len(got))
        and case.same(got, np.repeat(got[:1], len(got), axis=0))
    ):
        rows = "for every sample" if case.is_gradient else "throughout"
        yield "broadcast", f"has the same row {rows}: an axis was summed or averaged and then broadcast."


def _constant_ratio(case: Comparison) -> float | None:
    """The number c with got = c * expected in every entry, or None."""
    norm = float(np.vdot(case.expected, case.expected))
    if norm == 0:
        return None
    ratio = float(np.vdot(case.got, case.expected)) / norm
    fits = np.abs(case.got - ratio * case.expected) <= case.allowed * max(1.0, abs(ratio))
    return ratio if ratio and bool(fits.all()) else None


def _named_ratios(ratio: float, case: Comparison) -> Iterator[tuple[str, str]]:
    """The ratios that tell which factor is missing or too many, likeliest first."""
    batch = case.batch or 1
    outputs = case.expected.shape[1] if case.expected.ndim == 2 else 1

    def near(number: float) -> bool:
        return abs(ratio - number) <= 1e-4 * abs(number)

    if near(-1):
        yield "sign", "has the wrong sign: every entry is minus the right one."
    if batch > 1 and near(batch):
        mean = "the loss is a mean" if case.is_gradient else "it is a mean"
        yield "sum_for_mean", f"is {batch} times too large: {mean} over {batch} samples, so 1/N is missing."
    if batch > 1 and near(1 / batch):
        reason = "the 1/N of the loss is already in what came from above, so only add here"
        yield (
            "mean_twice",
            f"is {batch} times too small: {reason if case.is_gradient else 'it is divided by N once too often'}.",
        )
    if near(2):
        reason = ": the half in front of the square cancels the 2 of its derivative" if case.is_gradient else ""
        yield "factor", f"is twice the right one{reason}."
    if near(0.5):
        reason = ": a factor 2 is missing, or the half is counted twice" if case.is_gradient else ""
        yield "factor", f"is half the right one{reason}."
    if case.is_gradient and outputs > 1 and near(1 / outputs):
        yield (
            "mean_over_outputs",
            f"is {outputs} times too small: the mean is over samples only, the {outputs} outputs of each are added.",
        )
