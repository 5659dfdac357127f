"""One course graded twice: by nbgrader alone, and by `coursekit grade`."""

import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from . import exercises, survey

CONFIG = '''from pathlib import Path

from nbgrader.plugins import BasePlugin


class PointADay(BasePlugin):
    """A point for each day that a submission is late."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 86_400


c = get_config()
c.CourseDirectory.course_id = "conformance"
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.AssignLatePenalties.plugin_class = PointADay
c.Execute.timeout = 30
'''
SECONDS = 300


class Twice(NamedTuple):
    """An assignment in two copies of one course directory, graded, with feedback."""

    assignment: str
    stock: Path
    ours: Path


def run(course: Path, *command: str, codes: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
    """Run a command in a course directory. Raises AssertionError with its words where it ends with no such code."""
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode in codes, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done


def basics(course: Path) -> None:
    """Write the assignment of one notebook into a course directory, release it, and let the class hand in."""
    folder = _folder(course, "source", exercises.NAME)
    nbformat.write(exercises.source(), folder / f"{exercises.NOTEBOOK}.ipynb")
    (folder / "autotests.yml").write_text(exercises.AUTOTESTS, encoding="utf-8")
    _release(course, exercises.NAME, exercises.DUE)
    released = course / "release" / exercises.NAME / f"{exercises.NOTEBOOK}.ipynb"
    for student, change in {**exercises.HONEST, **exercises.DIFFERENT}.items():
        submitted = nbformat.read(released, as_version=4)
        change(submitted)
        folder = _folder(course, "submitted", student, exercises.NAME)
        nbformat.write(submitted, folder / f"{exercises.NOTEBOOK}.ipynb")
        (folder / "timestamp.txt").write_text("2026-01-31 20:00:00 UTC", encoding="utf-8")


def two_parts(course: Path) -> None:
    """The same for the assignment of two notebooks and files, for one student with marks given before."""
    folder = _folder(course, "source", survey.NAME)
    for name, notebook in survey.sources().items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    for name, text in survey.DATA.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _release(course, survey.NAME, survey.DUE)
    for student, hand_in in {**survey.HONEST, **survey.DIFFERENT}.items():
        hand_in(_folder(course, "submitted", student, survey.NAME), course / "release" / survey.NAME)
    with _gradebook(course) as gradebook:
        gradebook.add_student("extended", first_name="Ex", last_name="Tended", email="e@example.org")
        submission = gradebook.add_submission(survey.NAME, "extended", extension=timedelta(days=1))
        grade = gradebook.find_grade("read_rows", survey.FIRST, survey.NAME, "extended")
        grade.manual_score, grade.extra_credit = 1.25, 0.5
        gradebook.find_comment("read", survey.FIRST, survey.NAME, "extended").manual_comment = "Schön!"
        submission.notebooks[0].flagged = True
        gradebook.db.commit()


def grade_twice(assignment: str, write: Callable[[Path], None], folder: Path) -> Twice:
    """Make a course with ``write``, grade it both ways, and make nbgrader's feedback of both."""
    stock, ours = folder / "stock", folder / "ours"
    stock.mkdir()
    (stock / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    write(stock)
    shutil.copytree(stock, ours)
    run(ours, "coursekit", "grade", assignment, "-j", "1")
    # A copied cell ends nbgrader's run with an error; that student comes last.
    run(stock, "nbgrader", "autograde", assignment, codes=(1,) if assignment == exercises.NAME else (0,))
    for course in (stock, ours):
        run(course, "nbgrader", "generate_feedback", assignment)
    return Twice(assignment, stock, ours)


@contextmanager
def _gradebook(course: Path) -> Iterator[Gradebook]:
    with warnings.catch_warnings():
        # nbgrader's own way of building rows makes SQLAlchemy warn; nothing is lost by it.
        warnings.simplefilter("ignore", SAWarning)
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "conformance") as gradebook:
            yield gradebook


def _folder(course: Path, *parts: str) -> Path:
    folder = course.joinpath(*parts)
    folder.mkdir(parents=True)
    return folder


def _release(course: Path, assignment: str, due: str) -> None:
    run(course, "nbgrader", "generate_assignment", assignment)
    with _gradebook(course) as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=due)
