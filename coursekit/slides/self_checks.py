"""The numeric checks of one lecture's rows, run at once and summed up in a few lines."""

from collections.abc import Sequence
from typing import NamedTuple

from coursekit.slides.map import Row, rows
from coursekit.slides.row_checks import Mismatch, checked, verify, verify_printed


class SelfCheck(NamedTuple):
    """What came of the checks of a lecture: statements that hold or fail, misprints refuted or not, and the rest.

    ``failed`` and ``unrefuted`` are empty where all is well; ``unchecked`` are the rows that no number can test.
    """

    lecture: str
    held: Sequence[str]
    failed: Sequence[str]
    refuted: Sequence[str]
    unrefuted: Sequence[str]
    unchecked: Sequence[Row]

    def __str__(self) -> str:
        total = len(self.held) + len(self.failed) + len(self.unchecked)
        lines = [f"{self.lecture}: {len(self.held)} of {total} statements hold by number"]
        if self.failed:
            lines.append(f"  do not hold: {', '.join(self.failed)}")
        if self.refuted:
            lines.append(f"  refuted as printed: {len(self.refuted)} ({', '.join(self.refuted)})")
        if self.unrefuted:
            lines.append(f"  misprints that passed: {', '.join(self.unrefuted)}")
        lines += [f"  no number tests {row.id}: {row.reason}" for row in self.unchecked]
        return "\n".join(lines)


def self_check(lecture: str) -> SelfCheck:
    """Run every numeric check of a lecture such as "NB05", and every misprint's. Raises ValueError for another name."""
    mine = [row for row in rows() if row.lecture == lecture]
    if not mine:
        known = sorted({row.lecture for row in rows()})
        raise ValueError(f"there is no lecture {lecture!r}: the lectures are {known[0]} to {known[-1]}")
    checks = checked()
    tested = [row.id for row in mine if row.id in checks]
    printed = [id for id in tested if id in checks[id].printed]
    held = [id for id in tested if _passes(id)]
    passed = [id for id in printed if _passes_as_printed(id)]
    return SelfCheck(
        lecture,
        held=held,
        failed=[id for id in tested if id not in held],
        refuted=[id for id in printed if id not in passed],
        unrefuted=passed,
        unchecked=[row for row in mine if row.id not in checks],
    )


def _passes(id: str) -> bool:
    try:
        verify(id)
    except Mismatch:
        return False
    return True


def _passes_as_printed(id: str) -> bool:
    try:
        verify_printed(id)
    except Exception:
        return False
    return True
