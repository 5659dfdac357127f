"""Percent scripts as notebooks that are the same at every build.

A cell's id is its grade_id or a hash of its source and position; the metadata of jupytext is dropped; the kernel is
``python3``, as nbval and nbgrader expect.
"""

import hashlib
import re
from pathlib import Path
from typing import Any, NamedTuple

import jupytext

from coursekit.errors import UsageError

MARKER = re.compile(r"^# %%")

NOTEBOOK_METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class Source(NamedTuple):
    """A percent script: its notebook without outputs, and for each cell the line of its marker."""

    path: Path
    notebook: Any
    lines: list[int]

    def error(self, cell: int, message: str) -> UsageError:
        """An error that names file and line of a cell."""
        return UsageError(f"{self.path}, line {self.lines[cell]}: {message}")


def read(path: Path) -> Source:
    """Read a percent script. Raises UsageError where the file is missing or does not begin with a cell marker."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist: name a percent script") from None
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if MARKER.match(line)]
    first = next((number for number, line in enumerate(text.splitlines(), start=1) if line.strip()), 1)
    if not lines or lines[0] != first:
        raise UsageError(
            f"{path}, line {first}: a percent script begins with a cell marker, `# %%` or `# %% [markdown]`"
        )
    notebook = jupytext.reads(text, fmt="py:percent")
    notebook.metadata = dict(NOTEBOOK_METADATA)
    notebook.nbformat_minor = 5
    for position, cell in enumerate(notebook.cells):
        cell.metadata.pop("lines_to_next_cell", None)
        cell.source = cell.source.rstrip()
        cell["id"] = cell_id(cell, position)
    return Source(path, notebook, lines)


def cell_id(cell: Any, position: int) -> str:
    """The id of a cell: its grade_id, or a hash of its source and position."""
    grade_id = cell.metadata.get("grade_id")
    if grade_id is not None:
        return str(grade_id)
    return hashlib.sha256(f"{position}\0{cell.cell_type}\0{cell.source}".encode()).hexdigest()[:12]
