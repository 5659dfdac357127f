"""What a check found: one verdict per tensor, a sentence for the student, a code for the class report."""

from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["correct", "wrong", "undecidable"]


@dataclass(frozen=True)
class Worst:
    """The worst entry of a tensor, its error in units of the largest right entry, and got / expected there.

    ``ratio`` is None where the right entry is 0.
    """

    index: tuple[int, ...]
    error: float
    ratio: float | None


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check; true exactly where it found the answer correct.

    ``name`` of the tensor as the student knows it; ``code`` a machine-readable word such as ``sign`` or ``transposed``
    (``ok`` where correct); ``message`` one sentence; ``gate`` marks checks that can cost points but never earn them.
    ``hints`` go on from the message, each plainer than the one before; ``worst`` says by how much the answer is off.
    Where two arrays were compared, they are ``got`` and ``expected``: ``figures.verdict_report`` draws them.
    """

    name: str
    status: Status
    code: str
    message: str
    gate: bool = False
    hints: tuple[str, ...] = ()
    worst: "Worst | None" = None
    got: Any = field(default=None, compare=False)
    expected: Any = field(default=None, compare=False)

    def __bool__(self) -> bool:
        return self.status == "correct"

    def __repr__(self) -> str:
        return f"{self.status}: {self.message}"


def correct(name: str, message: str, *, gate: bool = False) -> Verdict:
    """A verdict that found nothing wrong."""
    return Verdict(name, "correct", "ok", message, gate)


def wrong(
    name: str,
    code: str,
    message: str,
    hints: tuple[str, ...] = (),
    *,
    gate: bool = False,
    worst: Worst | None = None,
    got: Any = None,
    expected: Any = None,
) -> Verdict:
    """A verdict that found a mistake."""
    return Verdict(name, "wrong", code, message, gate, hints, worst, got, expected)
