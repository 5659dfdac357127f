"""The class as a table in the terminal."""

from rich.table import Table
from rich.text import Text

from coursekit.grading.report import ClassReport, Row

DAY = 86_400


WIDE = 110


def table(report: ClassReport, width: int = WIDE) -> Table:
    """One line a student: who, points, how it went, and the first thing to know. A bar is drawn where there is room."""
    named = any(row.name for row in report.rows)
    title = f"{report.assignment} · {len(report.rows)} students · {report.max_score:g} points"
    if report.unread:
        title += f", {report.unread:g} of them wait for a person"
    drawn = Table(title=title, caption=report.isolation or None)
    drawn.add_column("student", no_wrap=True)
    if named:
        drawn.add_column("name", max_width=26)
    drawn.add_column("points", justify="right", no_wrap=True)
    if width >= WIDE:
        drawn.add_column("", no_wrap=True, width=10)
    drawn.add_column("what to know", overflow="fold", ratio=1)
    for row in report.rows:
        cells: list[str | Text] = [row.student]
        if named:
            cells.append(row.name)
        cells.append("–" if row.total is None else f"{row.total:.1f}")
        if width >= WIDE:
            cells.append(_bar(row.total, report.within_reach(row)))
        cells.append(_note(row))
        drawn.add_row(*cells)
    return drawn


def late(seconds: float) -> str:
    """How late, in the unit a person would use."""
    if seconds >= DAY:
        return f"{seconds / DAY:.0f} d late"
    if seconds >= 3600:
        return f"{seconds / 3600:.0f} h late"
    return f"{max(seconds / 60, 1):.0f} min late"


def _bar(total: float | None, most: float) -> Text:
    if total is None or not most:
        return Text("")
    share = total / most
    filled = int(10 * share)
    colour = "green" if share > 0.999 else "yellow" if share >= 0.5 else "red"
    return Text("█" * filled, style=colour) + Text("░" * (10 - filled), style="dim")


def _note(row: Row) -> Text:
    note = Text()
    if row.seconds_late:
        note.append(late(row.seconds_late) + ". ", style="magenta")
    if row.status != "graded":
        note.append(row.status + ". ", style="bold red")
    return note.append(row.reason or row.first_finding)
