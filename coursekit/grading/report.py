"""What an instructor wants to know of a graded class: one row a student, one column a test cell."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbgrader.api import Assignment, Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy.orm import selectinload

from coursekit.grading.course import Course
from coursekit.grading.ledger import Ledger, Result
from coursekit.grading.sandbox.levels import LEVELS


@dataclass(frozen=True)
class Cell:
    """A test cell: its grade_id and the points it is worth."""

    name: str
    max_score: float

    @property
    def title(self) -> str:
        """The name of what it tests."""
        return self.name.removeprefix("test_")


@dataclass(frozen=True)
class Row:
    """One student: points by test cell (None where not graded), the total after late penalty, and what to know.

    ``findings`` are the sentences that the score blocks gave the student, by test cell; ``isolation`` the level at
    which the student's code was kept apart, empty where it was not run.
    """

    student: str
    name: str
    status: str
    reason: str
    scores: dict[str, float | None]
    total: float | None
    seconds_late: float
    findings: dict[str, list[str]]
    seconds: float
    isolation: str = ""

    @property
    def first_finding(self) -> str:
        """The first sentence about a mistake, or nothing."""
        return next((message for messages in self.findings.values() for message in messages), "")


@dataclass(frozen=True)
class ClassReport:
    """The results of one assignment for the whole class, students by id."""

    assignment: str
    cells: list[Cell]
    rows: list[Row]

    @property
    def max_score(self) -> float:
        """The points of the assignment."""
        return sum(cell.max_score for cell in self.cells)

    def within_reach(self, row: Row) -> float:
        """The points of the cells that are graded so far: some wait for a person."""
        graded = sum(cell.max_score for cell in self.cells if row.scores.get(cell.name) is not None)
        return graded or self.max_score

    @property
    def unread(self) -> float:
        """The points of the cells that wait for a person in some submission."""
        handed_in = [row for row in self.rows if row.total is not None]
        waiting = [cell for cell in self.cells if any(row.scores.get(cell.name) is None for row in handed_in)]
        return sum(cell.max_score for cell in waiting)

    @property
    def isolation(self) -> str:
        """How well the students' code was kept apart at worst, as a sentence; empty where none was run."""
        reached = [level for level in LEVELS if any(row.isolation == level for row in self.rows)]
        return f"Students' code ran with {LEVELS[reached[-1]]} ({reached[-1]})." if reached else ""


def report(course: Course, assignment: str) -> ClassReport:
    """Read the results of an assignment from the gradebook and coursekit.db."""
    results = Ledger(course.root).results(assignment)
    with course.gradebook() as gradebook:
        notebooks = sorted(gradebook.find_assignment(assignment).notebooks, key=lambda notebook: notebook.name)
        cells = [Cell(cell.name, cell.max_score) for notebook in notebooks for cell in _in_order(notebook)]
        submissions = _submissions(gradebook, assignment)
        rows = [_row(student, submissions.get(student.id), results.get(student.id)) for student in gradebook.students]
    return ClassReport(assignment, cells, sorted(rows, key=lambda row: row.student))


def _in_order(notebook: Any) -> Iterator[Any]:
    """The graded cells of a notebook as they stand in it."""
    graded = {cell.name: cell for cell in notebook.grade_cells}
    return (graded[cell.name] for cell in notebook.source_cells if cell.name in graded)


def _submissions(gradebook: Any, assignment: str) -> dict[str, Any]:
    """What was handed in, by student, with all that a row needs: asked for in one go, not student by student."""
    grades = selectinload(SubmittedAssignment.notebooks).selectinload(SubmittedNotebook.grades)
    found = gradebook.db.query(SubmittedAssignment).join(Assignment).filter(Assignment.name == assignment)
    return {one.student_id: one for one in found.options(grades.joinedload(Grade.cell))}


def _row(student: Any, submission: Any, result: Result | None) -> Row:
    name = " ".join(part for part in (student.first_name, student.last_name) if part)
    if submission is None:
        return Row(student.id, name, "nothing handed in", "", {}, None, 0.0, {}, 0.0)
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    scores = {grade.cell.name: None if _is_ungraded(grade) else grade.score for grade in grades}
    penalty = sum(notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks)
    return Row(
        student=student.id,
        name=name,
        status=result.status if result else "not graded",
        reason=result.reason if result else "",
        scores=scores,
        total=max(submission.score - penalty, 0.0),
        seconds_late=submission.total_seconds_late or 0.0,
        findings={cell: list(dict.fromkeys(_messages(codes))) for cell, codes in result.codes.items()}
        if result
        else {},
        seconds=sum(result.seconds.values()) if result else 0.0,
        isolation=result.isolation if result else "",
    )


def _is_ungraded(grade: Any) -> bool:
    """Does the cell wait for a person?"""
    return grade.auto_score is None and grade.manual_score is None


def _messages(codes: dict[str, Any]) -> Iterator[str]:
    for part in codes["parts"]:
        if not part["passed"]:
            yield from part["messages"]
    yield from codes["notes"]
