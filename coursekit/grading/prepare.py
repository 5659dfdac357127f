"""A submission made ready to run: its notebooks sanitized, and the policy under which each of them runs."""

import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbgrader.utils import find_all_files, is_locked

from coursekit.errors import UsageError
from coursekit.grading import sanitize, secret, submissions
from coursekit.grading.course import Course
from coursekit.grading.run import Outcome, Policy, run
from coursekit.grading.runner.client import wall
from coursekit.grading.runner.names import Bound
from coursekit.grading.sandbox.levels import at_least
from coursekit.grading.settings import CourseKit
from coursekit.grading.submissions import Submission, Unreadable


class Assignment(NamedTuple):
    """What all submissions of an assignment share: names that the solution binds, files, limits, the secret."""

    name: str
    bound: dict[str, Bound]
    shipped: dict[str, bytes]
    limits: dict[str, Any]
    judge_inside: bool
    secret: str


class Task(NamedTuple):
    """One notebook to run; a function of this alone decides its outcome."""

    name: str
    notebook: Any
    policy: Policy

    def run(self) -> Outcome:
        """Run it, here or wherever this was sent."""
        return run(self.notebook, self.policy)


class Prepared(NamedTuple):
    """A submission ready to run: ``unreadable`` gives the reason for each notebook that is not among the tasks."""

    submission: Submission
    content_hash: str
    files: dict[str, bytes]
    tasks: list[Task]
    unreadable: dict[str, str]
    remarks: list[str]
    seconds: float

    def run(self) -> list[Outcome]:
        """Run all tasks, one after the other."""
        return [task.run() for task in self.tasks]


def read_assignment(course: Course, name: str) -> Assignment:
    """What the source of an assignment says."""
    with course.gradebook() as gradebook:
        notebooks = sorted(notebook.name for notebook in gradebook.find_assignment(name).notebooks)
    bound = {notebook: bound_by_source(course.directory, name, notebook) for notebook in notebooks}
    shipped = shipped_files(course.directory, name, course.autograde.exclude_overwriting.get(name, []))
    inside = name in course.settings.judge_inside
    return Assignment(name, bound, shipped, course.limits(name), inside, secret.read(course.root))


def require_isolation(settings: CourseKit) -> None:
    """Raise UsageError where students' code cannot be kept apart as well as the configuration asks for."""
    level, reason = wall()
    if not at_least(level, settings.minimum_isolation):
        raise UsageError(
            f"a student's code can only be kept apart at the level {level!r} here ({reason}), and nbgrader_config.py "
            f"asks for {settings.minimum_isolation!r}: `coursekit doctor` says what would help; to accept less, set "
            f"c.CourseKit.minimum_isolation = {level!r}"
        )


def prepare(course: Course, assignment: Assignment, submission: Submission, content_hash: str) -> Prepared:
    """Sanitize every notebook of a submission; nothing is written.

    Raises UsageError for a student's id that no page of nbgrader's shows safely.
    """
    started = time.perf_counter()
    submissions.check_student(submission)
    files = {**_own_files(course, submission), **assignment.shipped}
    tasks: list[Task] = []
    unreadable: dict[str, str] = {}
    remarks = submissions.check_timestamp(submission)
    for name, bound in assignment.bound.items():
        try:
            notebook = submissions.read_notebook(submission, name, assignment.bound)
            clean = sanitize.sanitize(course, submission, name, notebook)
        except Unreadable as problem:
            unreadable[name] = str(problem)
            continue
        remarks += clean.remarks
        policy = Policy(
            **assignment.limits,
            files=files,
            shipped=tuple(assignment.shipped),
            names=bound.listed(),
            imports=bound.imports,
            secret=assignment.secret,
            judge_inside=assignment.judge_inside,
            minimum_isolation=course.settings.minimum_isolation,
        )
        tasks.append(Task(name, clean.notebook, policy))
    seconds = time.perf_counter() - started
    return Prepared(submission, content_hash, files, tasks, unreadable, remarks, seconds)


def bound_by_source(directory: Any, assignment: str, name: str) -> Bound:
    """The names that the instructor's open cells bind, the solutions among them; any name where there is no source.

    ``directory`` is nbgrader's CourseDirectory.
    """
    path = Path(directory.format_path(directory.source_directory, ".", assignment)) / f"{name}.ipynb"
    if not path.is_file():
        return Bound(None, {})
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return Bound.by(cell.source for cell in cells if not is_locked(cell))


def shipped_files(directory: Any, assignment: str, kept: Collection[str]) -> dict[str, bytes]:
    """The files beside the notebooks of an assignment's source, without those of which the student's are ``kept``.

    ``directory`` is nbgrader's CourseDirectory.
    """
    source = Path(directory.format_path(directory.source_directory, ".", assignment))
    found = {
        str(Path(path).relative_to(source)): Path(path) for path in find_all_files(str(source), _ignored(directory))
    }
    return {name: path.read_bytes() for name, path in found.items() if name not in kept}


def _ignored(directory: Any) -> list[str]:
    return [*directory.ignore, "*.ipynb"]


def _own_files(course: Course, submission: Submission) -> dict[str, bytes]:
    """The student's files beside the notebooks."""
    own = {Path(found) for found in find_all_files(str(submission.folder), _ignored(course.directory))}
    return {
        str(path.relative_to(submission.folder)): path.read_bytes()
        for path in submission.files
        if path in own and path.name != "timestamp.txt"
    }
