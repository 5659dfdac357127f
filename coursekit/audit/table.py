"""Audits as a table in the terminal."""

from rich.table import Table
from rich.text import Text

from coursekit.audit.audit import Report


def table(reports: list[Report]) -> Table:
    """One line a check; the faults themselves are not in it, as their paths would be broken."""
    drawn = Table(title="Audit")
    drawn.add_column("assignment", no_wrap=True)
    drawn.add_column("check", no_wrap=True)
    drawn.add_column("result", no_wrap=True)
    drawn.add_column("detail", overflow="fold", ratio=1)
    for report in reports:
        for number, finding in enumerate(report.findings):
            result = Text("passed", "green") if finding.passed else Text(f"{len(finding.faults)} at fault", "red")
            drawn.add_row("" if number else report.assignment, finding.check, result, Text(finding.detail))
        drawn.add_row("", "", "", Text(f"{report.seconds:.0f} s", "dim"), end_section=True)
    return drawn
