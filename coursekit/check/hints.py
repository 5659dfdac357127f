"""The ladder of hints below a failed check: one step more each time it is asked for."""

from coursekit.check.report import show
from coursekit.check.verdict import Verdict


class Ladder:
    """The failed checks of the last score block and how many hints of each were shown."""

    def __init__(self) -> None:
        self.verdicts: list[Verdict] = []
        self.shown = 0
        self.price = 0.0

    def set(self, verdicts: list[Verdict], *, shown: int, price: float) -> None:
        """Start again at the failed checks of a block that has just ended."""
        self.verdicts, self.shown, self.price = verdicts, shown, price

    def climb(self) -> list[str]:
        """The next hint of each failed check that still has one."""
        self.shown += 1
        return rungs(self.verdicts, self.shown, start=self.shown)


LADDER = Ladder()


def rungs(verdicts: list[Verdict], level: int, *, start: int = 1) -> list[str]:
    """The hints from ``start`` to ``level``, each once, with the name of the array they are about."""
    found: dict[str, str] = {}
    for number in range(start, level + 1):
        for verdict in verdicts:
            for hint in verdict.hints[number - 1 : number]:
                found.setdefault(hint, f"{verdict.name}, hint {number} of {len(verdict.hints)}: {hint}")
    return list(found.values())


def hint() -> None:
    """Show one hint more for each check that failed in the last score block: where to look, the rule, the line.

    Hints cost nothing unless the block has a price for them; then they are taken with its argument ``hints``.
    """
    if LADDER.price:
        lines = [f"Hints cost {LADDER.price:g} points each here: set the number of hints that the test cell reads."]
    elif not LADDER.verdicts:
        lines = ["Nothing failed in the last test cell that ran."]
    else:
        lines = LADDER.climb() or ["There are no further hints."]
    show({"text/plain": "\n".join(lines)})
