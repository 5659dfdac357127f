"""The map of the decks in a terminal: one row with its check run, the rows of a deck, or what no number tests."""

from collections.abc import Callable, Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from coursekit.slides.map import Row, row, rows
from coursekit.slides.row_checks import Mismatch, checked, verify, verify_printed


def card(id: str) -> RenderableType:
    """One row with everything known about it; its numeric check is run now. Raises KeyError for an unknown id."""
    found = row(id.upper())
    lines = Table.grid(padding=(0, 2))
    lines.add_column(style="bold", no_wrap=True)
    lines.add_column(overflow="fold")
    printed_as = f" ({found.number})" if found.number else ""
    lines.add_row(found.id, Text(f"{found.kind}{printed_as} of {found.deck}, '{found.section}'"))
    lines.add_row("states", Text(found.statement))
    lines.add_row("lecture", Text(found.lecture))
    lines.add_row("code", Text(", ".join(found.code) or "none"))
    lines.add_row("check", Text(_outcome(found)))
    if found.erratum:
        kind = found.erratum.kind
        lines.add_row("erratum", Text("may come from text extraction" if kind == "extraction" else kind))
        lines.add_row("  printed", Text(found.erratum.printed))
        lines.add_row("  right", Text(found.erratum.right))
        if found.erratum.extraction:
            lines.add_row("  extraction", Text(found.erratum.extraction))
    return lines


def listing(deck: str) -> RenderableType:
    """The rows of a deck, a line each. Raises KeyError for an unknown deck, naming those there are."""
    mine = [row for row in rows() if row.deck == deck]
    if not mine:
        raise KeyError(f"no deck is called {deck!r}; the decks are {', '.join(_decks())}")
    return Group(_table(mine, "states", lambda row: row.statement), f"{len(mine)} rows")


def missing() -> RenderableType:
    """The rows that no numeric check tests, each with the reason."""
    without = [row for row in rows() if row.id not in checked()]
    summary = f"{len(rows()) - len(without)} of {len(rows())} rows have a numeric check"
    return Group(_table(without, "why not", lambda row: row.reason), summary)


def overview() -> RenderableType:
    """How many rows each deck has, how many of them are tested by number, and how many have an erratum."""
    drawn = Table()
    drawn.add_column("deck")
    for column in ("rows", "tested by number", "with an erratum"):
        drawn.add_column(column, justify="right")
    for deck in [*_decks(), ""]:
        mine = [row for row in rows() if deck in ("", row.deck)]
        tested = sum(row.id in checked() for row in mine)
        errata = sum(row.erratum is not None for row in mine)
        drawn.add_row(deck or "all", str(len(mine)), str(tested), str(errata))
    return drawn


def _outcome(found: Row) -> str:
    if found.id not in checked():
        return f"none: {found.reason}"
    try:
        verify(found.id)
    except Mismatch as mismatch:
        return f"{found.check}\nFAILS: {mismatch}"
    if found.id not in checked()[found.id].printed:
        return f"{found.check}\nholds"
    try:
        verify_printed(found.id)
    except Exception as refutation:
        reason = " ".join(str(refutation).split()) or type(refutation).__name__
        return f"{found.check}\nholds as it should read; as printed: {reason}"
    return f"{found.check}\nholds, and so does what is printed"


def _decks() -> list[str]:
    return list(dict.fromkeys(row.deck for row in rows()))


def _table(shown: Iterable[Row], column: str, text: Callable[[Row], str]) -> Table:
    drawn = Table(box=None, padding=(0, 1))
    drawn.add_column("id", no_wrap=True)
    drawn.add_column("lecture", no_wrap=True)
    drawn.add_column("kind", no_wrap=True)
    drawn.add_column(column, overflow="fold")
    for each in shown:
        drawn.add_row(each.id, each.lecture, each.kind, Text(text(each)))
    return drawn
