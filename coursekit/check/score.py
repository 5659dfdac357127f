"""Score blocks: what a test cell of an assignment consists of.

nbgrader takes a number as the cell's last output for partial credit, and gives 0 for anything on stderr. So a block
ends in a plain float between 0 and its points, and what the student's code warns about or writes to stderr becomes a
message. Nothing a student's function does, raising included, stops the cell.
"""

import io
import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from coursekit.check import report
from coursekit.check.culprit import describe_exception
from coursekit.check.hints import LADDER, rungs
from coursekit.check.streams import captured_stderr
from coursekit.check.verdict import Verdict, wrong

# Lines of what a student's code printed that are shown above the report.
PRINTED = 40


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

    ``float(s)`` is points * passed / available, less the price of the hints, between 0 and points. Where an error ended
    the block early, what was not reached counts as lost, which can be known only where the weights add up to the
    points. As the last line of a cell it shows itself as that float in text, as a total in HTML, and as codes in
    application/vnd.coursekit.check+json.
    """

    def __init__(self, points: float, hints: int = 0, hint_price: float = 0.0) -> None:
        if not (math.isfinite(points) and points > 0):
            raise ValueError(f"a score block needs a positive number of points, but got {points!r}")
        if not (isinstance(hints, int) and 0 <= hints <= 3):
            raise ValueError(f"hints must be 0, 1, 2 or 3, but is {hints!r}")
        if not 0 <= hint_price < math.inf:
            raise ValueError(f"hint_price must be a finite number that is not negative, but is {hint_price!r}")
        self.points = float(points)
        self.hints, self.hint_price = hints, float(hint_price)
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

    @property
    def failures(self) -> list[Verdict]:
        """All failed checks of the block and its parts."""
        return [*self.gates, *(verdict for part in self.parts for verdict in part.failures)]

    def __float__(self) -> float:
        available = sum(part.weight for part in self.parts)
        if self.aborted is not None:
            if available > self.points * (1 + 1e-9):
                return 0.0
            available = self.points
        if self.gates or not available:
            return 0.0
        earned = sum(part.weight for part in self.parts if part.passed)
        return min(max(self.points * (earned / available) - self.hints * self.hint_price, 0.0), self.points)

    def __enter__(self) -> "Score":
        self._open = ExitStack()
        self._stderr = self._open.enter_context(captured_stderr())
        self._stdout = self._open.enter_context(redirect_stdout(io.StringIO()))
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
        printed = self._stdout.getvalue().splitlines()
        if printed:
            print("\n".join([*printed[:PRINTED], *(["..."] if len(printed) > PRINTED else [])]))
            lines = "1 line" if len(printed) == 1 else f"{len(printed)} lines"
            self.notes.append(f"Your code printed {lines} here, which costs no points.")
        LADDER.set(self.failures, shown=self.hints, price=self.hint_price)
        self.notes.extend(rungs(self.failures, self.hints))
        report.show({"text/plain": report.as_text(self), "text/html": report.as_html(self)})
        return True

    def __repr__(self) -> str:
        return repr(float(self))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "text/plain": repr(self),
            "text/html": report.total_as_html(self),
            "application/vnd.coursekit.check+json": report.as_codes(self),
        }


def score(points: float, *, hints: int = 0, hint_price: float = 0.0) -> Score:
    """A score block worth ``points``: ``with check.score(4) as s: ...`` and then ``s`` as the last line of the cell.

    ``hints``: how many of the three hints to show with each failed check; each costs ``hint_price`` points. Without a
    price a student asks for them with ``check.hint()``. Leaving the block shows what each part found; nothing goes to
    stderr. Raises ValueError unless points is positive, hints is 0 to 3 and the price not negative.
    """
    return Score(points, hints, hint_price)


def record(verdict: Verdict) -> Verdict:
    """Add a verdict to the innermost score block or part that is open, if any, and return it."""
    if _receivers:
        _receivers[-1](verdict)
    return verdict


@contextmanager
def collected(verdicts: list[Verdict]) -> Iterator[None]:
    """Take the verdicts of the block into this list, and into no score block or part."""
    _receivers.append(verdicts.append)
    try:
        yield
    finally:
        _receivers.pop()


_receivers: list[Callable[[Verdict], None]] = []
