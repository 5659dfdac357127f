"""The gradebook of a run: what nbgrader's steps ask for one by one is read once a submission."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy import event

from coursekit.grading.course import Course
from coursekit.grading.grade import grade
from coursekit.grading.session import OneGradebook

ASSIGNMENT = NOTEBOOK = "hw0_small"
TESTS, SOLUTIONS = ("test_double", "test_root"), ("double", "root")


@pytest.fixture
def session(course: Course, hand_in: Callable[..., Path]) -> Iterator[OneGradebook]:
    """The session of a course with one graded submission."""
    hand_in("ada")
    assert [graded.error for graded in grade(course, ASSIGNMENT).graded] == [""]
    with course.session() as gradebook:
        yield gradebook


def _queries(gradebook: OneGradebook, ask: Callable[[], object]) -> int:
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(gradebook.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(gradebook.engine, "before_cursor_execute", note)
    return len(statements)


def _ask_for_everything(gradebook: OneGradebook) -> list[object]:
    found = [gradebook.find_source_cell(name, NOTEBOOK, ASSIGNMENT).source for name in (*TESTS, *SOLUTIONS)]
    found += [gradebook.find_graded_cell(name, NOTEBOOK, ASSIGNMENT).max_score for name in TESTS]
    found += [gradebook.find_grade(name, NOTEBOOK, ASSIGNMENT, "ada").auto_score for name in TESTS]
    found += [gradebook.find_comment(name, NOTEBOOK, ASSIGNMENT, "ada").auto_comment for name in SOLUTIONS]
    found.append(gradebook.find_submission(ASSIGNMENT, "ada").id)
    found.append(gradebook.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "ada").id)
    return found


def test_what_was_read_is_not_asked_for_again(session: OneGradebook) -> None:
    assert _queries(session, lambda: _ask_for_everything(session)) > 0
    assert _queries(session, lambda: _ask_for_everything(session)) == 0


def test_the_rows_are_those_that_nbgrader_finds(session: OneGradebook, course: Course) -> None:
    with Gradebook(course.directory.db_url, course.directory.course_id) as stock:
        assert _ask_for_everything(session) == _ask_for_everything(stock)
        for gradebook in (session, stock):
            for ask in (
                lambda gradebook=gradebook: gradebook.find_source_cell("none", NOTEBOOK, ASSIGNMENT),
                lambda gradebook=gradebook: gradebook.find_graded_cell("double", NOTEBOOK, ASSIGNMENT),
                lambda gradebook=gradebook: gradebook.find_grade("test_double", NOTEBOOK, ASSIGNMENT, "bob"),
                lambda gradebook=gradebook: gradebook.find_comment("test_double", NOTEBOOK, ASSIGNMENT, "ada"),
                lambda gradebook=gradebook: gradebook.find_notebook("none", ASSIGNMENT),
                lambda gradebook=gradebook: gradebook.find_submission(ASSIGNMENT, "bob"),
                lambda gradebook=gradebook: gradebook.find_submission_notebook("none", ASSIGNMENT, "ada"),
            ):
                with pytest.raises(MissingEntry):
                    ask()


@pytest.mark.parametrize("forget", [OneGradebook.save, OneGradebook.undo])
def test_after_a_submission_what_others_wrote_is_seen(
    session: OneGradebook, course: Course, forget: Callable[[OneGradebook], None]
) -> None:
    grade_before = session.find_grade("test_double", NOTEBOOK, ASSIGNMENT, "ada")
    assert grade_before.manual_score is None
    forget(session)
    with Gradebook(course.directory.db_url, course.directory.course_id) as others:
        others.find_grade("test_double", NOTEBOOK, ASSIGNMENT, "ada").manual_score = 1.5
        others.db.commit()
    assert session.find_grade("test_double", NOTEBOOK, ASSIGNMENT, "ada").manual_score == 1.5
