"""Attacks on marks: what a student hands in, and everything that a gradebook says afterwards."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.grading.run import Outcome, Policy, run

SMALL = "hw0_small"
RIGHT = {"double": "def double(x):\n    return 2 * x", "root": "def root(x):\n    return x**0.5"}
WRONG = {"double": "def double(x):\n    return x", "root": "def root(x):\n    return x"}
TIME = "2026-01-31 20:00:00 UTC"
# What is new in every gradebook: where a row stands, not what it says.
PLACES = {"id", "cell_id", "notebook_id", "assignment_id", "base_cell_id"}


@dataclass(frozen=True)
class Attack:
    """A submission: ``first`` is a cell before all others, ``answers`` are by grade_id, ``change`` edits the notebook.

    ``edit`` makes what is written of the notebook's text, ``files`` lie beside it. ``bites``: a stock kernel gives it
    points that no answer earned. ``review``: nobody but a person can tell what it is worth.
    """

    first: str = ""
    answers: dict[str, str] = field(default_factory=lambda: dict(WRONG))
    change: Callable[[Any], Any] = lambda notebook: None
    files: dict[str, bytes] = field(default_factory=dict)
    edit: Callable[[bytes], bytes] = lambda text: text
    time: str = TIME
    bites: bool = False
    review: bool = False


def cell(notebook: Any, grade_id: str) -> Any:
    """The cell of this grade_id."""
    return next(each for each in notebook.cells if each.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def submit(course: Path, student: str, attack: Attack) -> None:
    """Write a submission of the small assignment that is released in a course directory."""
    notebook = nbformat.read(course / "release" / SMALL / f"{SMALL}.ipynb", as_version=4)
    for grade_id, source in attack.answers.items():
        cell(notebook, grade_id).source = source
    if attack.first:
        notebook.cells.insert(0, new_code_cell(attack.first))
    attack.change(notebook)
    folder = course / "submitted" / student / SMALL
    folder.mkdir(parents=True)
    path = folder / f"{SMALL}.ipynb"
    path.write_bytes(attack.edit(nbformat.writes(notebook).encode()))
    (folder / "timestamp.txt").write_text(attack.time)
    for name, content in attack.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def gradebook(course: Path) -> dict[str, Any]:
    """All that a gradebook says, without the places of its rows: by student, and "" for what belongs to none."""
    found: dict[str, Any] = {}
    with closing(sqlite3.connect(course / "gradebook.db")) as connection:
        connection.row_factory = sqlite3.Row
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')] for name in tables}
    submissions = {row["id"]: row["student_id"] for row in rows["submitted_assignment"]}
    notebooks = {row["id"]: submissions[row["assignment_id"]] for row in rows["submitted_notebook"]}
    cells = {row["id"]: row["name"] for row in rows["base_cell"]}
    for name, entries in rows.items():
        for row in entries:
            owner = row.get("student_id") or notebooks.get(row.get("notebook_id"))
            if name == "submitted_notebook":
                owner = submissions[row["assignment_id"]]
            if name == "student":
                owner = row["id"]
            kept = {key: str(value) for key, value in row.items() if key not in {*PLACES, "student_id"}}
            if row.get("cell_id") in cells:
                kept["cell"] = cells[row["cell_id"]]
            found.setdefault(owner or "", []).append((name, tuple(sorted(kept.items()))))
    return {owner: sorted(entries) for owner, entries in found.items()}


def graded_cell(source: str, grade_id: str) -> Any:
    """A test worth one point."""
    made = new_code_cell(source)
    made.metadata["nbgrader"] = {
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "points": 1,
        "grade_id": grade_id,
        "schema_version": 3,
        "cell_type": "code",
    }
    return made


def run_cells(*cells: Any, **policy: Any) -> Outcome:
    """Run a notebook of student's cells, given as sources, and tests; the tests see ``answer`` alone."""
    made = [new_code_cell(each) if isinstance(each, str) else each for each in cells]
    return run(nbformat.from_dict(new_notebook(cells=made)), Policy(**{"names": ("answer",), **policy}))
