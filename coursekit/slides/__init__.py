"""The map of the decks: every equation, algorithm, figure, table and claim, its lecture and its numeric check."""

from coursekit.slides.map import Row, row, rows
from coursekit.slides.row_checks import Mismatch, checked, verify, verify_printed

__all__ = ["Mismatch", "Row", "checked", "row", "rows", "verify", "verify_printed"]
