"""Stage 1: make a submitted notebook the instructor's again wherever it is not the student's to change."""

import hashlib
import json
from typing import Any, NamedTuple

import nbformat
from nbgrader.nbgraderformat import SCHEMA_VERSION
from nbgrader.preprocessors import CheckCellMetadata, OverwriteCells

from coursekit.grading.course import Course
from coursekit.grading.submissions import Submission, Unreadable

# Metadata of notebooks that nbgrader has found in order: most of a class hand in the same.
_checked: set[str] = set()


class Sanitized(NamedTuple):
    """A notebook ready to run, and the remarks about what had to be mended."""

    notebook: Any
    remarks: list[str]


def resources(course: Course, submission: Submission, notebook: str) -> dict[str, Any]:
    """What nbgrader's preprocessors need to know about a notebook."""
    return {
        "unique_key": notebook,
        "output_files_dir": f"{notebook}_files",
        "metadata": {},
        "nbgrader": {
            "student": submission.student,
            "assignment": submission.assignment,
            "notebook": notebook,
            "db_url": course.directory.db_url,
        },
    }


def sanitize(course: Course, submission: Submission, name: str, notebook: Any) -> Sanitized:
    """Run nbgrader's own sanitizing on a submitted notebook, after putting deleted cells back.

    Raises Unreadable where the notebook's nbgrader metadata cannot be made sense of.
    """
    needed = resources(course, submission, name)
    try:
        with course.gradebook() as gradebook:
            source = gradebook.find_notebook(name, submission.assignment)
            remarks = [
                *_disown_cells(source, notebook),
                *_restore_marks(source, notebook),
                *_restore_cells(course, source, notebook),
            ]
        for preprocessor in course.autograde.sanitize_preprocessors:
            if preprocessor is CheckCellMetadata and _fingerprint(notebook) in _checked:
                continue
            notebook, needed = preprocessor(parent=course.app)(notebook, needed)
        _checked.add(_fingerprint(notebook))
    except Exception as error:
        detail = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Unreadable(f"{name}.ipynb has nbgrader metadata that cannot be repaired: {detail}") from error
    return Sanitized(notebook, remarks)


def _fingerprint(notebook: Any) -> str:
    """All that CheckCellMetadata looks at."""
    marks = [(cell.cell_type, cell.metadata.get("nbgrader")) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(marks, sort_keys=True).encode()).hexdigest()


def _disown_cells(source: Any, notebook: Any) -> list[str]:
    """Take nbgrader's marks off copies of the release's cells, the last one excepted, and off cells that it lacks."""
    unclaimed = {cell.name for cell in source.source_cells}
    disowned = []
    for cell in reversed(notebook.cells):
        if "nbgrader" in cell.metadata:
            grade_id = _grade_id(cell)
            if grade_id in unclaimed:
                unclaimed.remove(grade_id)
            else:
                del cell.metadata["nbgrader"]
                disowned.append(str(grade_id))
    return [f"copied or foreign cells are not graded: {', '.join(reversed(disowned))}"] if disowned else []


def _restore_marks(source: Any, notebook: Any) -> list[str]:
    """Give every cell of the release the marks that it was released with; say which had others."""
    released = {cell.name: cell for cell in source.source_cells}
    worth = {cell.name: cell.max_score for cell in [*source.grade_cells, *source.task_cells]}
    graded, solutions, tasks = (
        {cell.name for cell in cells} for cells in (source.grade_cells, source.solution_cells, source.task_cells)
    )
    changed = []
    for cell in notebook.cells:
        name = _grade_id(cell)
        if name in released:
            marks = {
                "grade": name in graded,
                "solution": name in solutions,
                "task": name in tasks,
                "locked": bool(released[name].locked),
                **({"points": worth[name]} if name in worth else {}),
            }
            given = cell.metadata["nbgrader"]
            if any(given.get(mark, False) != value for mark, value in marks.items()):
                changed.append(name)
            cell.metadata["nbgrader"] = nbformat.from_dict(
                {
                    **marks,
                    "grade_id": name,
                    "schema_version": SCHEMA_VERSION,
                    "cell_type": released[name].cell_type,
                    "checksum": released[name].checksum,
                }
            )
    return [f"nbgrader's marks were put back: {', '.join(changed)}"] if changed else []


def _restore_cells(course: Course, source: Any, notebook: Any) -> list[str]:
    """Put back, in its place, every cell of the release that the student deleted; say which."""
    present = {_grade_id(cell) for cell in notebook.cells}
    worth = {cell.name: cell.max_score for cell in source.grade_cells}
    solutions = {cell.name for cell in source.solution_cells}
    tasks = {cell.name for cell in source.task_cells}
    transform = OverwriteCells(parent=course.app, missing_cell_notification="").missing_cell_transform
    missing, after = [], -1
    for cell in source.source_cells:
        if cell.name not in present:
            missing.append(cell.name)
            after += 1
            notebook.cells.insert(after, _cell_of_release(cell, worth, solutions, tasks, transform))
        else:
            after = next(index for index, held in enumerate(notebook.cells) if _grade_id(held) == cell.name)
    return [f"cells deleted by the student were put back: {', '.join(missing)}"] if missing else []


def _grade_id(cell: Any) -> Any:
    marks = cell.metadata.get("nbgrader")
    return marks.get("grade_id") if isinstance(marks, dict) else None


def _cell_of_release(cell: Any, worth: dict[str, float], solutions: set[str], tasks: set[str], transform: Any) -> Any:
    made = transform(cell, worth.get(cell.name, 0), is_solution=cell.name in solutions, is_task=cell.name in tasks)
    restored = nbformat.from_dict(made)
    marks = restored.metadata.nbgrader
    if cell.name not in worth:
        marks["grade"] = False
        marks.pop("points", None)
    restored.source = cell.source
    restored["id"] = nbformat.v4.new_code_cell().id
    return restored
