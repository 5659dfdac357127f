"""Stage 3: write what was run into the gradebook and the autograded folder, with nbgrader's own steps."""

import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import CheckCellMetadata, Execute
from nbgrader.utils import rmtree
from traitlets.utils.importstring import import_item

from coursekit.grading.course import Course
from coursekit.grading.remove_scripts import RemoveScripts, remove_scripts
from coursekit.grading.sanitize import resources
from coursekit.grading.submissions import Submission

# Done by others: when the notebook was sanitized, when it was run, and below.
DONE = (CheckCellMetadata, Execute, RemoveScripts)


def open_submission(course: Course, submission: Submission) -> None:
    """Make sure the gradebook has the student and the submission with its time of hand-in."""
    with course.gradebook() as gradebook:
        try:
            gradebook.find_student(submission.student)
        except MissingEntry:
            gradebook.add_student(submission.student)
        when = submission.timestamp
        fields = {} if when is None else {"timestamp": when}
        gradebook.update_or_create_submission(submission.assignment, submission.student, **fields)


def lay_out(course: Course, submission: Submission, files: dict[str, bytes]) -> Path:
    """Make the autograded folder anew with the files that lie beside the notebooks; returns it."""
    folder = course.path("autograded", submission.student, submission.assignment)
    if folder.exists():
        rmtree(str(folder))
    folder.mkdir(parents=True)
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        _set_permissions(course, target)
    timestamp = submission.folder / "timestamp.txt"
    if timestamp.is_file() and not timestamp.is_symlink():
        _set_permissions(course, Path(shutil.copyfile(timestamp, folder / "timestamp.txt")))
    return folder


def save_scores(course: Course, submission: Submission, name: str, notebook: Any) -> None:
    """Save the scores of an executed notebook, and write it to the autograded folder safe to show.

    The steps are those of `nbgrader autograde` that were not taken before.
    """
    needed = resources(course, submission, name)
    for step in course.autograde.autograde_preprocessors:
        preprocessor = import_item(step) if isinstance(step, str) else step
        if not issubclass(preprocessor, DONE):
            notebook, needed = preprocessor(parent=course.app)(notebook, needed)
    _write(course, submission, name, notebook)


def save_zero(course: Course, submission: Submission, name: str, reason: str) -> None:
    """Score a notebook that could not be graded 0, mark it for review, and leave a page that says why."""
    with course.gradebook() as gradebook:
        notebook = gradebook.find_submission_notebook(name, submission.assignment, submission.student)
        for grade in notebook.grades:
            grade.auto_score = 0
            grade.needs_manual_grade = True
        gradebook.db.commit()
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(f"**Not graded.** {reason}")])
    page.cells[0]["id"] = "not-graded"
    _write(course, submission, name, page)


def mark_for_review(course: Course, submission: Submission, name: str) -> None:
    """Ask the instructor to look at every grade of a notebook; the scores stay."""
    with course.gradebook() as gradebook:
        for grade in gradebook.find_submission_notebook(name, submission.assignment, submission.student).grades:
            grade.needs_manual_grade = True
        gradebook.db.commit()


def automatic_score(course: Course, assignment: str, student: str) -> tuple[float, float] | None:
    """The automatic score in the gradebook and the most that can be had; None where any is missing."""
    with course.gradebook() as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return None
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        automatic = [grade for grade in grades if not _is_manual(grade)]
        if any(grade.auto_score is None for grade in automatic):
            return None
        return sum(grade.auto_score for grade in automatic), sum(grade.cell.max_score for grade in automatic)


def _is_manual(grade: Any) -> bool:
    """A cell that only a person can grade: one that the student writes and is graded on."""
    solutions = {cell.name for cell in grade.notebook.notebook.solution_cells}
    return grade.cell.name in solutions or grade.cell.cell_type == "markdown"


def _write(course: Course, submission: Submission, name: str, notebook: Any) -> None:
    path = course.path("autograded", submission.student, submission.assignment) / f"{name}.ipynb"
    remove_scripts(notebook)
    nbformat.write(notebook, path)
    _set_permissions(course, path)


def _set_permissions(course: Course, path: Path) -> None:
    path.chmod(int(str(course.autograde.permissions), 8))
