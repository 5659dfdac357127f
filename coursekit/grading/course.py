"""The course directory that a command works in: its nbgrader configuration, gradebook, due dates and roster."""

import csv
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGrader
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from nbgrader.utils import parse_utc
from sqlalchemy.exc import SAWarning
from traitlets.config.loader import PyFileConfigLoader

from coursekit.errors import UsageError
from coursekit.grading.session import OneGradebook, one_gradebook
from coursekit.grading.settings import CONFIG_FILE, CourseKit, find_root, limits


class Course:
    """One course directory. ``root`` is where nbgrader_config.py stands; every path and setting is nbgrader's own.

    Raises UsageError where that file cannot be used: nbgrader would go on with its defaults.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        _put_environment_on_path()
        self.app = NbGrader()
        self.app.log_level = logging.CRITICAL
        with _working_directory(self.root):
            _require_configuration(self.root)
            self.app.initialize([], root=str(self.root))
        self.app.log.setLevel(logging.CRITICAL)
        self.directory = self.app.coursedir
        self.autograde = Autograde(coursedir=self.directory, parent=self.app)
        self.settings = CourseKit(parent=self.app)
        self._session: OneGradebook | None = None

    @classmethod
    def here(cls, start: Path) -> "Course":
        """The course directory that contains ``start``. Raises UsageError outside of one."""
        root = find_root(start)
        if root is not None:
            return cls(root)
        raise UsageError(
            f"{start.resolve()} is not in a course directory (no {CONFIG_FILE} here or above): "
            "go to one, or make one with `coursekit init DIR`"
        )

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        """An open gradebook, closed at the end of the block; inside of ``session``, the session's."""
        if self._session is not None:
            yield self._session
            return
        with warnings.catch_warnings():
            # nbgrader's own way of building rows makes SQLAlchemy warn; nothing is lost by it.
            warnings.simplefilter("ignore", SAWarning)
            with Gradebook(self.directory.db_url, self.directory.course_id) as gradebook:
                yield gradebook

    @contextmanager
    def session(self) -> Iterator[OneGradebook]:
        """One gradebook for everything in the block, nbgrader's own steps included; ``save`` commits what was done."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            with one_gradebook(self.directory.db_url, self.directory.course_id) as gradebook:
                self._session = gradebook
                try:
                    yield gradebook
                finally:
                    self._session = None

    def path(self, step: str, student: str, assignment: str) -> Path:
        """Where nbgrader keeps a student's assignment at a step: "submitted", "autograded" or "feedback"."""
        folder = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(folder, student, assignment))

    def require_assignment(self, name: str) -> None:
        """Raise UsageError unless the gradebook knows the assignment with its notebooks."""
        with self.gradebook() as gradebook:
            try:
                notebooks = gradebook.find_assignment(name).notebooks
            except MissingEntry:
                notebooks = []
            if notebooks:
                return
            known = [assignment.name for assignment in gradebook.assignments if assignment.notebooks]
        if (Path(self.directory.format_path(self.directory.source_directory, ".", name))).is_dir():
            raise UsageError(f"{name} is not in the gradebook yet: run `nbgrader generate_assignment {name}` first")
        listed = ", ".join(known) if known else "none yet"
        raise UsageError(f"there is no assignment {name!r} in this course; the gradebook has: {listed}")

    def due_date(self, assignment: str) -> datetime | None:
        """The due date of an assignment in UTC, if the configuration has one. Raises UsageError where it is no date."""
        text = self.settings.due_dates.get(assignment)
        if text is None:
            return None
        try:
            due: datetime = parse_utc(text)
        except (ValueError, OverflowError):
            raise UsageError(
                f"c.CourseKit.due_dates[{assignment!r}] must be a date such as '2030-01-31 23:59 UTC', but is {text!r}"
            ) from None
        return due

    def limits(self, assignment: str) -> dict[str, Any]:
        """The limits of an assignment. Raises UsageError for one that is unknown or no positive integer."""
        return limits(self.settings, assignment, int(Execute(parent=self.app).timeout))

    def update_gradebook(self, assignment: str) -> None:
        """Write the configured due date and the students of roster.csv into the gradebook."""
        due = self.due_date(assignment)
        students = list(self._roster())
        with self.gradebook() as gradebook:
            if due is not None and gradebook.find_assignment(assignment).duedate != due:
                gradebook.update_or_create_assignment(assignment, duedate=due)
            known = {student.id for student in gradebook.students}
            for student in students:
                if student["id"] not in known:
                    gradebook.add_student(student.pop("id"), **student)

    def _roster(self) -> Iterator[dict[str, str]]:
        path = self.root / "roster.csv"
        if not path.is_file():
            return
        with path.open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                if row.get("id"):
                    fields = ("id", "first_name", "last_name", "email")
                    yield {field: row[field] for field in fields if row.get(field)}


def _put_environment_on_path() -> None:
    """nbgrader calls `alembic` by name when it makes a gradebook, also where no environment was activated."""
    programs = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if programs not in paths:
        os.environ["PATH"] = os.pathsep.join([programs, *paths])


def _require_configuration(root: Path) -> None:
    try:
        PyFileConfigLoader(CONFIG_FILE, path=str(root)).load_config()
    except (Exception, SystemExit) as error:
        raise UsageError(
            f"{root / CONFIG_FILE} cannot be used ({type(error).__name__}: {error}): `coursekit doctor` names the line"
        ) from None


@contextmanager
def _working_directory(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
