"""The map of the decks: every equation, algorithm, figure, table and claim, and the lecture it belongs to."""

from coursekit.slides.map import Row, row, rows

__all__ = ["Row", "row", "rows"]
