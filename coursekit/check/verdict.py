"""What a check found: one verdict per tensor, a sentence for the student, a code for the class report."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["correct", "wrong", "undecidable"]


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check; true exactly where it found the answer correct.

    ``name`` of the tensor as the student knows it; ``code`` a machine-readable word such as ``sign`` or ``transposed``
    (``ok`` where correct); ``message`` one sentence; ``gate`` marks checks that can cost points but never earn them.
    """

    name: str
    status: Status
    code: str
    message: str
    gate: bool = False

    def __bool__(self) -> bool:
        return self.status == "correct"

    def __repr__(self) -> str:
        return f"{self.status}: {self.message}"


def correct(name: str, message: str, *, gate: bool = False) -> Verdict:
    """A verdict that found nothing wrong."""
    return Verdict(name, "correct", "ok", message, gate)


def wrong(name: str, code: str, message: str, *, gate: bool = False) -> Verdict:
    """A verdict that found a mistake."""
    return Verdict(name, "wrong", code, message, gate)
