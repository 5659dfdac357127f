"""The map of the decks: every equation, algorithm, figure, table and claim, its lecture and its numeric check."""

from coursekit.slides.map import Erratum, Row, row, rows
from coursekit.slides.row_checks import Mismatch, checked, verify, verify_printed
from coursekit.slides.self_checks import SelfCheck, self_check

__all__ = [
    "Erratum",
    "Mismatch",
    "Row",
    "SelfCheck",
    "checked",
    "row",
    "rows",
    "self_check",
    "verify",
    "verify_printed",
]
