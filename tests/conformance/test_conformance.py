"""`coursekit grade` writes what `nbgrader autograde` writes, but where it means to differ."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coursekit.grading.ledger import Ledger

from . import exercises, survey, written
from .graders import Twice

Graded = dict[str, Twice]
HONEST = [(module.NAME, student) for module in (exercises, survey) for student in module.HONEST]


def _both(graded: Graded, assignment: str, student: str, aspect: Callable[[Path, str, str], Any]) -> tuple[Any, Any]:
    twice = graded[assignment]
    return aspect(twice.stock, assignment, student), aspect(twice.ours, assignment, student)


@pytest.mark.parametrize("aspect", written.ASPECTS, ids=lambda aspect: aspect.__name__)
@pytest.mark.parametrize(("assignment", "student"), HONEST)
def test_both_graders_write_the_same(
    graded_twice: Graded, assignment: str, student: str, aspect: Callable[[Path, str, str], Any]
) -> None:
    stock, ours = _both(graded_twice, assignment, student, aspect)
    assert stock
    assert ours == stock


@pytest.mark.parametrize(
    ("assignment", "student", "score"),
    [
        ("basics", "right", 20.5),
        ("basics", "untouched", 1),
        ("basics", "tampering", 20.5),
        ("basics", "chatty", 20.5),
        ("basics", "old", 20.5),
        ("basics", "zoë_ß", 20.5),
        ("basics", "reordered", 19.5),
        ("survey", "in-time", 7),
        ("survey", "with-more", 7),
        ("survey", "files-lost", 7),
    ],
)
def test_the_class_is_what_it_says(graded_twice: Graded, assignment: str, student: str, score: float) -> None:
    scores = written.auto_scores(graded_twice[assignment].stock, assignment, student)
    assert sum(value or 0 for value in scores.values()) == score


def test_the_penalty_is_the_plugins_and_never_more_than_the_score(graded_twice: Graded) -> None:
    def penalties(student: str) -> list[float | None]:
        rows = written.notebooks(graded_twice[survey.NAME].ours, survey.NAME, student)
        return [row["late_submission_penalty"] for _, row in sorted(rows.items())]

    assert penalties("in-time") == [None, None]
    assert penalties("late") == [2, 2]
    assert penalties("very-late") == [4, 3]
    assert penalties("extended") == [1, 1]


def test_what_a_person_had_written_stays(graded_twice: Graded) -> None:
    ours = graded_twice[survey.NAME].ours
    grade = written.grades(ours, survey.NAME, "extended")[survey.FIRST, "read_rows"]
    assert (grade["auto_score"], grade["manual_score"], grade["extra_credit"]) == (2, 1.25, 0.5)
    assert grade["needs_manual_grade"]
    comment = written.comments(ours, survey.NAME, "extended")[survey.FIRST, "read"]
    assert comment["manual_comment"] == "Schön!"


# Where they differ, and why it is meant.


def _scores(graded: Graded, student: str, *cells: str) -> tuple[list[Any], list[Any]]:
    stock, ours = _both(graded, exercises.NAME, student, written.auto_scores)
    return [stock[cell] for cell in cells], [ours[cell] for cell in cells]


def _reason(graded: Graded, assignment: str, student: str) -> tuple[str, str]:
    result = Ledger(graded[assignment].ours).results(assignment)[student]
    return result.status, result.reason


def test_a_warning_costs_no_points(graded_twice: Graded) -> None:
    stock, ours = _scores(graded_twice, "warns", "cubes_values", "total_values")
    assert stock == [0, 0]
    assert ours == [1, 0.5]


def test_a_result_shown_by_the_students_function_is_no_mark(graded_twice: Graded) -> None:
    stock, ours = _scores(graded_twice, "fakes", "arrays_parts")
    assert stock == [3]
    assert ours == [0]


def test_a_deleted_test_is_put_back(graded_twice: Graded) -> None:
    stock, ours = _scores(graded_twice, "deletes", "cubes_values", "cubes_refuse")
    assert stock == [None, 1]
    assert ours == [1, 1]
    assert _reason(graded_twice, exercises.NAME, "deletes") == (
        "graded",
        "cells deleted by the student were put back: cubes_values",
    )


def test_an_empty_notebook_earns_nothing_instead_of_no_mark(graded_twice: Graded) -> None:
    stock, ours = _both(graded_twice, exercises.NAME, "empties", written.auto_scores)
    assert set(stock.values()) == {None}
    assert {score for cell, score in ours.items() if cell != "project"} == {0}
    assert ours["project"] is None


def test_a_copied_test_does_not_end_the_run(graded_twice: Graded) -> None:
    twice = graded_twice[exercises.NAME]
    left = twice.stock / "autograded" / "zz-copies" / exercises.NAME
    assert not left.exists()
    scores = written.auto_scores(twice.ours, exercises.NAME, "zz-copies")
    assert sum(score or 0 for score in scores.values()) == 20.5
    assert "copied or foreign cells are not graded: cubes_values" in _reason(graded_twice, exercises.NAME, "zz-copies")


def test_a_notebook_that_was_not_handed_in_is_marked_for_review(graded_twice: Graded) -> None:
    stock, ours = _both(graded_twice, survey.NAME, "half", written.grades)
    first = [key for key in stock if key[0] == survey.FIRST]
    assert {stock[key]["auto_score"] for key in first} == {ours[key]["auto_score"] for key in first} == {0}
    assert {stock[key]["needs_manual_grade"] for key in first} == {False}
    assert {ours[key]["needs_manual_grade"] for key in first} == {True}
    assert [stock[key] for key in stock if key not in first] == [ours[key] for key in ours if key not in first]
    reason = f"{survey.FIRST}.ipynb is missing; found no notebook in its place"
    assert _reason(graded_twice, survey.NAME, "half") == ("needs review", reason)
    page = graded_twice[survey.NAME].ours / "autograded" / "half" / survey.NAME / f"{survey.FIRST}.ipynb"
    assert reason in nbformat.read(page, as_version=4).cells[0].source


def test_files_that_a_run_writes_stay_out_of_the_autograded_folder(graded_twice: Graded) -> None:
    stock, ours = (
        course / "autograded" / "in-time" / survey.NAME / "out" / "mean.txt"
        for course in (graded_twice[survey.NAME].stock, graded_twice[survey.NAME].ours)
    )
    assert stock.read_text(encoding="utf-8") == "3.0\n"
    assert not ours.exists()
