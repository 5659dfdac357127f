"""Assignments: the instructor's notebook for nbgrader, and what a student would hand in who wrote a variant."""

import copy
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from coursekit.authoring import header, percent, roles
from coursekit.errors import UsageError


class Variant(NamedTuple):
    """A solution as a student might write it: ``cells`` by grade_id, and the test cells it must fail, none if right.

    ``fails`` maps their grade_ids to the code of the mistake that the report must name, None where it has no name.
    """

    name: str
    story: str
    cells: dict[str, str]
    fails: dict[str, str | None]


def find(root: Path) -> list[Path]:
    """The percent scripts of all assignments in a folder, each NAME/NAME.py. Raises UsageError where there is none."""
    scripts = [folder / f"{folder.name}.py" for folder in sorted(root.iterdir())] if root.is_dir() else []
    found = [script for script in scripts if script.is_file()]
    if not found:
        raise UsageError(f"{root} holds no assignment; expected folders NAME with a percent script NAME.py inside")
    return found


def build(script: Path) -> Any:
    """The instructor's notebook of an assignment, with nbgrader's metadata. Raises UsageError naming file and line."""
    source = percent.read(script)
    roles.validate(source)
    header.validate(source)
    notebook = source.notebook
    for cell in notebook.cells:
        role = cell.metadata.pop("role", None)
        grade_id = cell.metadata.pop("grade_id", None)
        points = cell.metadata.pop("points", None)
        if role is not None:
            cell.metadata["nbgrader"] = roles.nbgrader_metadata(grade_id, role, points)
    nbformat.validate(notebook)
    return notebook


def points(notebook: Any) -> dict[str, float]:
    """The points of each test cell of a built assignment, by grade_id."""
    cells = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    return {cell["grade_id"]: float(cell["points"]) for cell in cells if cell["grade"] and not cell["solution"]}


def variants(script: Path) -> list[Variant]:
    """All variants beside an assignment's script, right ones first. Raises UsageError naming file and line."""
    known = {cell.metadata.nbgrader["grade_id"]: cell for cell in build(script).cells if "nbgrader" in cell.metadata}
    return [_variant(path, known) for path in sorted((script.parent / "variants").glob("*.py"))]


def _variant(path: Path, known: dict[str, Any]) -> Variant:
    source = percent.read(path)
    story, *solutions = source.notebook.cells
    if story.cell_type != "markdown":
        raise source.error(0, "a variant begins with a markdown cell that says what this student did")
    fails = story.metadata.get("fails", {})
    if not isinstance(fails, dict):
        raise source.error(0, f'fails must be like {{"test_cell": "code or null"}}, but is {fails!r}')
    for grade_id in fails:
        if grade_id not in known or not known[grade_id].metadata.nbgrader["grade"]:
            raise source.error(0, f"fails names {grade_id!r}, which is no test cell of the assignment")
    cells: dict[str, str] = {}
    for index, cell in enumerate(solutions, start=1):
        grade_id = cell.metadata.get("grade_id")
        if grade_id not in known or not known[grade_id].metadata.nbgrader["solution"]:
            raise source.error(index, f"grade_id {grade_id!r} is no solution cell of the assignment")
        cells[grade_id] = cell.source
    if path.stem.startswith("right_") == bool(fails):
        raise source.error(0, "a right_ variant fails nothing, and a wrong_ variant names in `fails` what it must fail")
    return Variant(path.stem, story.source, cells, fails)


def hand_in(released: Any, instructor: Any, variant: Variant) -> Any:
    """The released notebook as a student hands it in who wrote the variant, and the rest as the instructor would."""
    solution = {
        cell.metadata.nbgrader["grade_id"]: _without_markers(cell.source)
        for cell in instructor.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            grade_id = marks["grade_id"]
            cell.source = variant.cells.get(grade_id, solution[grade_id])
    return notebook


def _without_markers(text: str) -> str:
    marks = (roles.BEGIN_SOLUTION, roles.END_SOLUTION)
    return "\n".join(line for line in text.splitlines() if line.strip() not in marks)
