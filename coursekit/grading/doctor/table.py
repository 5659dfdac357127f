"""What the doctor found, as a table in the terminal."""

from rich.table import Table
from rich.text import Text

from coursekit.grading.doctor.findings import Finding, State

COLOURS = {State.FINE: "green", State.ADVICE: "yellow", State.UNSAFE: "bold red"}
WORST_FIRST = list(reversed(State))
WIDE = 120


def table(findings: list[Finding], width: int = WIDE) -> Table:
    """One line a finding, the worst first. The fix has a column of its own where there is room, else a line."""
    wide = width >= WIDE
    drawn = Table(title="Is it safe to grade here?")
    drawn.add_column("state", no_wrap=True)
    drawn.add_column("what", no_wrap=True)
    drawn.add_column("found" if wide else "found, and → its fix", overflow="fold", ratio=3)
    if wide:
        drawn.add_column("fix", overflow="fold", ratio=2)
    for finding in sorted(findings, key=lambda finding: WORST_FIRST.index(finding.state)):
        cells = [Text(finding.state, COLOURS[finding.state]), Text(finding.what), Text(finding.found)]
        if wide:
            cells.append(Text(finding.fix))
        elif finding.fix:
            cells[-1].append(f"\n→ {finding.fix}", "bold")
        drawn.add_row(*cells)
    return drawn


def verdict(findings: list[Finding]) -> str:
    """The answer in one sentence."""
    found = sum(finding.state == State.UNSAFE for finding in findings)
    if not found:
        return "Nothing that was looked at makes grading unsafe."
    return f"Do not grade yet: {found} {'finding makes' if found == 1 else 'findings make'} it unsafe."
