"""Score blocks: what a test cell of an assignment consists of.

nbgrader takes a number as the cell's last output for partial credit, and gives 0 for anything on stderr. So a block
ends in a plain float between 0 and its points, and what the student's code warns about or writes to stderr becomes a
message. Nothing a student's function does, raising included, stops the cell.
"""

import math
import sys
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from coursekit.check import report
from coursekit.check.culprit import describe_exception
from coursekit.check.streams import captured_stderr
from coursekit.check.verdict import Verdict, wrong


@dataclass
class Part:
    """One named part of a score block, worth ``weight`` points; a context manager that catches what is raised in it.

    It is passed if at least one check that can earn points was made and none failed.
    """

    weight: float
    name: str
    verdicts: list[Verdict] = field(default_factory=list)
    closed: bool = False

    @property
    def passed(self) -> bool:
        """Is the part earned?"""
        return self.closed and all(self.verdicts) and any(not verdict.gate for verdict in self.verdicts)

    @property
    def failures(self) -> list[Verdict]:
        """The verdicts that cost the part."""
        return [verdict for verdict in self.verdicts if not verdict]

    def __enter__(self) -> "Part":
        _receivers.append(self.verdicts.append)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        _receivers.pop()
        self.closed = True
        if error is None:
            return False
        if isinstance(error, KeyboardInterrupt):
            return False
        self.verdicts.append(wrong(self.name, *describe_exception(error)))
        return True


class Score:
    """The points of one test cell and the parts they come from; made by ``check.score``.

    ``float(s)`` is points * passed / available, between 0 and points. Where an error ended the block early, what was
    not reached counts as lost, which can be known only where the weights add up to the points. As the last line of a
    cell it shows itself as that float in text, as a total in HTML, and as codes in
    application/vnd.coursekit.check+json.
    """

    def __init__(self, points: float) -> None:
        if not (math.isfinite(points) and points > 0):
            raise ValueError(f"a score block needs a positive number of points, but got {points!r}")
        self.points = float(points)
        self.parts: list[Part] = []
        self.notes: list[str] = []
        self.aborted: Verdict | None = None
        self._loose: list[Verdict] = []

    def part(self, weight: float, name: str) -> Part:
        """A part of this block worth ``weight`` of its points: ``with s.part(3, "dW"): ...``."""
        if not (math.isfinite(weight) and weight > 0):
            raise ValueError(f"a part needs a positive weight, but {name!r} got {weight!r}")
        part = Part(float(weight), name)
        self.parts.append(part)
        return part

    @property
    def gates(self) -> list[Verdict]:
        """Failed checks made outside every part: they cost the whole block."""
        return [verdict for verdict in self._loose if not verdict]

    def __float__(self) -> float:
        available = sum(part.weight for part in self.parts)
        if self.aborted is not None:
            if available > self.points * (1 + 1e-9):
                return 0.0
            available = self.points
        if self.gates or not available:
            return 0.0
        earned = sum(part.weight for part in self.parts if part.passed)
        return min(max(self.points * (earned / available), 0.0), self.points)

    def __enter__(self) -> "Score":
        self._open = ExitStack()
        self._stderr = self._open.enter_context(captured_stderr())
        self._warnings = self._open.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        _receivers.append(self._loose.append)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        _receivers.pop()
        self._open.close()
        if isinstance(error, KeyboardInterrupt):
            return False
        if error is not None:
            self.aborted = wrong("the test cell", *describe_exception(error))
        seen = dict.fromkeys(f"{caught.category.__name__}: {caught.message}" for caught in self._warnings)
        self.notes.extend(f"Your code gave a warning, which costs no points. {text}" for text in seen)
        written = self._stderr.getvalue().strip()
        if written:
            self.notes.append(f"Your code wrote to stderr, which costs no points: {written.splitlines()[-1]}")
        _show({"text/plain": report.as_text(self), "text/html": report.as_html(self)})
        return True

    def __repr__(self) -> str:
        return repr(float(self))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "text/plain": repr(self),
            "text/html": report.total_as_html(self),
            "application/vnd.coursekit.check+json": report.as_codes(self),
        }


def score(points: float) -> Score:
    """A score block worth ``points``: ``with check.score(4) as s: ...`` and then ``s`` as the last line of the cell.

    Raises ValueError unless points is positive. Leaving the block shows what each part found; nothing goes to stderr.
    """
    return Score(points)


def record(verdict: Verdict) -> Verdict:
    """Add a verdict to the innermost score block or part that is open, if any, and return it."""
    if _receivers:
        _receivers[-1](verdict)
    return verdict


_receivers: list[Callable[[Verdict], None]] = []


def _show(bundle: dict[str, str]) -> None:
    """Show a report in the richest form there is: HTML in a notebook, text everywhere else."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display(bundle, raw=True)
    else:
        print(bundle["text/plain"])
