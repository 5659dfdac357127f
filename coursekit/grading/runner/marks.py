"""What nbgrader's metadata say of a cell. nbgrader itself takes longer to import than a notebook to grade."""

from typing import Any


def is_test(cell: Any) -> bool:
    """Is it a code cell that is graded by what it gives, and not by what the student wrote?"""
    return cell.cell_type == "code" and _mark(cell, "grade") and not _mark(cell, "solution")


def is_locked(cell: Any) -> bool:
    """Is the cell the instructor's, whatever a student makes of it?"""
    return not _mark(cell, "solution") and (_mark(cell, "grade") or _mark(cell, "locked"))


def _mark(cell: Any, name: str) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get(name, False))
