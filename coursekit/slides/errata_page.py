"""The errata of the decks as a page in Markdown, made from the map."""

from coursekit.slides.map import Erratum, Row, rows
from coursekit.slides.row_checks import checked

CLASSES = {
    "wrong": ("Wrong as printed", "The statement fails as it stands; a small change makes it right."),
    "gap": ("Gaps", "Something that the reader needs is not on the slide."),
    "conditions": ("Conditions", "True, under conditions that the slide leaves out."),
    "notation": ("Notation", "Symbols, shapes or names that disagree within a deck or between decks."),
    "typo": ("Typos", "Slips of the pen."),
}
EXTRACTION = (
    "May come from text extraction",
    "Read in text taken from the slides, not on the slides: compare with the original before you call it an erratum.",
)
OPENING = """# Errata of the four decks

This course follows four university slide decks. Each of their statements was computed, and where a number or a shape
disagreed it was written down. The decks are careful work; anyone who checks {rows} statements one by one will find such
places in any text, this course included. Corrections of this page are welcome.

The third column says how an erratum was found. **computed**: the check of this row passes on the statement as it should
read; where it says **refuted**, the same check also fails on the statement as printed. **read**: it can be seen on the
slide, and no number is needed. Run a check yourself, for instance with `coursekit slides {example}`.
"""


def markdown() -> str:
    """The whole page: a section for each class, each row with what is printed, what is right and its check."""
    errata = [(row, row.erratum) for row in rows() if row.erratum]
    parts = [OPENING.format(rows=len(rows()), example="CSC561-E53")]
    for kind, (title, explanation) in CLASSES.items():
        chosen = [(row, erratum) for row, erratum in errata if erratum.kind == kind]
        lines = [_line(row, erratum) for row, erratum in chosen]
        parts.append(_section(title, explanation, "printed | right | how found", lines))
    from_text = [_line(row, erratum, doubt=True) for row, erratum in errata if erratum.extraction]
    parts.append(_section(*EXTRACTION, "in the text | right | what may be damaged", from_text))
    return "\n".join(parts)


def _section(title: str, explanation: str, columns: str, lines: list[str]) -> str:
    header = [f"## {title} ({len(lines)})", "", explanation, "", f"| row | {columns} |", "|---|---|---|---|"]
    return "\n".join([*header, *lines, ""])


def _line(row: Row, erratum: Erratum, *, doubt: bool = False) -> str:
    number = f" ({row.number})" if row.number else ""
    last = erratum.extraction if doubt else _how_found(row, erratum)
    cells = (f"{row.id}{number}", erratum.printed, erratum.right, last)
    return "| " + " | ".join(cell.replace("|", r"\vert ") for cell in cells) + " |"


def _how_found(row: Row, erratum: Erratum) -> str:
    refuted = row.id in checked() and row.id in checked()[row.id].printed
    return f"{erratum.evidence}, refuted" if refuted else erratum.evidence
