"""A class as it comes: honest work, accidents, and code that ends its own process. Everyone gets a result."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coursekit.grading import grade as grading
from coursekit.grading.course import Course
from coursekit.grading.ledger import Ledger, Result
from coursekit.grading.page import write_page
from coursekit.grading.report import report

ASSIGNMENT = "hw0_small"


def _results(course: Course) -> dict[str, Result]:
    graded = list(grading.grade(course, ASSIGNMENT).graded)
    assert all(one.error == "" for one in graded)
    return {one.submission.student: one.result for one in graded if one.result is not None}


def _gradebook(course: Course) -> dict[str, tuple[float, bool]]:
    with course.gradebook() as gradebook:
        return {
            submission.student.id: (submission.score, submission.needs_manual_grade)
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def test_honest_work_gets_its_points(course: Course, hand_in: Callable[..., Path]) -> None:
    hand_in("right")
    hand_in("half", double="def double(x):\n    return x**2")
    hand_in(
        "warns",
        double="def double(x):\n    import warnings, sys\n    warnings.warn('!')\n"
        "    print('!', file=sys.stderr)\n    return 2 * x",
    )
    hand_in("top", double="raise ValueError('a broken cell')")
    results = _results(course)
    assert {student: result.score for student, result in results.items()} == {
        "half": 4.0,
        "right": 5.0,
        "top": 2.0,
        "warns": 5.0,
    }
    assert {result.status for result in results.values()} == {"graded"}
    assert _gradebook(course) == {student: (result.score, False) for student, result in results.items()}
    part = results["half"].codes["test_double"]["parts"][1]
    assert part["codes"] == ["value", "value"]
    assert results["warns"].codes["test_double"]["notes"] == [
        "Your code gave a warning, which costs no points. UserWarning: !",
        "Your code wrote to stderr, which costs no points: !",
    ]


def test_accidents_are_recorded_with_a_reason(course: Course, course_path: Path, hand_in: Callable[..., Path]) -> None:
    def without_tests(notebook: Any) -> None:
        notebook.cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata and "test" not in cell.id]

    def twice(notebook: Any) -> None:
        copied, foreign = copy.deepcopy(notebook.cells[3]), copy.deepcopy(notebook.cells[3])
        copied["id"], foreign["id"] = "copied", "foreign"
        foreign.metadata.nbgrader.grade_id = "homework"
        notebook.cells += [copied, foreign]

    def weaker(notebook: Any) -> None:
        for cell in notebook.cells:
            if cell.id == "test_double":
                cell.source = "3.0"
                cell.metadata.nbgrader.points = 300

    hand_in("half-file").joinpath(f"{ASSIGNMENT}.ipynb").write_text('{"cells": [')
    hand_in("list").joinpath(f"{ASSIGNMENT}.ipynb").write_text("[1, 2]")
    old = hand_in("future") / f"{ASSIGNMENT}.ipynb"
    old.write_text(json.dumps({**json.loads(old.read_text()), "nbformat": 99}))
    empty = hand_in("nothing") / f"{ASSIGNMENT}.ipynb"
    empty.unlink()
    renamed = hand_in("renamed") / f"{ASSIGNMENT}.ipynb"
    renamed.rename(renamed.with_name("my solution.ipynb"))
    hand_in("no-tests", without_tests)
    hand_in("twice", twice)
    hand_in("weaker", weaker, double="def double(x):\n    return 0")
    results = _results(course)
    found = {student: (result.score, result.status) for student, result in results.items()}
    assert found == {
        "future": (0.0, "needs review"),
        "half-file": (0.0, "needs review"),
        "list": (0.0, "needs review"),
        "no-tests": (5.0, "graded"),
        "nothing": (0.0, "needs review"),
        "renamed": (0.0, "needs review"),
        "twice": (5.0, "graded"),
        "weaker": (2.0, "graded"),
    }
    reasons = {student: result.reason for student, result in results.items()}
    assert reasons["half-file"] == f"{ASSIGNMENT}.ipynb is not JSON, so it is no notebook: ask for it again"
    assert "has nbformat None where 4 is expected" in reasons["list"]
    assert "has nbformat 99 where 4 is expected" in reasons["future"]
    assert "is missing; found my solution.ipynb instead" in reasons["renamed"]
    assert "is missing; found no notebook" in reasons["nothing"]
    assert reasons["twice"] == "copied or foreign cells are not graded: test_double, homework"
    assert reasons["no-tests"] == "cells deleted by the student were put back: test_double, test_root"
    review = {student for student, (_, needed) in _gradebook(course).items() if needed}
    assert review == {"future", "half-file", "list", "nothing", "renamed"}
    page = nbformat.read(course_path / "autograded" / "list" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    assert reasons["list"] in page.cells[0].source


def test_code_that_ends_its_process_costs_what_it_answers_and_no_more(
    course: Course, hand_in: Callable[..., Path]
) -> None:
    hand_in("dies", root="import os\ndef root(x):\n    os._exit(0)")
    hand_in("first", lambda notebook: notebook.cells.insert(0, nbformat.v4.new_code_cell("import os; os._exit(0)")))
    hand_in("neighbour")
    results = _results(course)
    assert (results["dies"].score, results["dies"].status) == (3.0, "graded")
    assert results["dies"].reason == "cell test_root: the student's code ended its process"
    assert (results["first"].score, results["first"].status) == (5.0, "graded")
    assert results["first"].reason == "a cell of the student's ended the process it ran in"
    assert (results["neighbour"].score, results["neighbour"].status) == (5.0, "graded")


def test_a_cell_that_does_not_end_is_stopped_and_the_rest_counts(
    course: Course, course_path: Path, hand_in: Callable[..., Path]
) -> None:
    config = course_path / "nbgrader_config.py"
    config.write_text(config.read_text().replace("c.Execute.timeout = 10", "c.Execute.timeout = 1"))
    hand_in("slow", double="def double(x):\n    while True: pass")
    result = _results(Course.here(course_path))["slow"]
    assert (result.score, result.status) == (2.0, "graded")
    assert result.reason == "cell test_double ran longer than 1 s"


def test_a_second_run_changes_nothing_and_picks_up_what_is_new(
    course: Course, course_path: Path, hand_in: Callable[..., Path]
) -> None:
    hand_in("one")
    hand_in("two", double="def double(x):\n    return 0")
    before = _results(course)
    autograded = {path: path.stat().st_mtime_ns for path in (course_path / "autograded").rglob("*.ipynb")}
    hand_in("three")
    graded = {one.submission.student: one for one in grading.grade(course, ASSIGNMENT).graded}
    assert {student: one.kept for student, one in graded.items()} == {"one": True, "three": False, "two": True}
    assert {student: graded[student].result for student in before} == before
    assert {path: path.stat().st_mtime_ns for path in autograded} == autograded


def test_a_changed_submission_is_graded_again(course: Course, hand_in: Callable[..., Path]) -> None:
    hand_in("one", double="def double(x):\n    return 0")
    assert _results(course)["one"].score == 2.0
    hand_in("one")
    assert _results(course)["one"].score == 5.0
    assert _gradebook(course)["one"] == (5.0, False)


def test_a_result_that_the_gradebook_lost_is_made_up(course: Course, hand_in: Callable[..., Path]) -> None:
    hand_in("one")
    _results(course)
    with course.gradebook() as gradebook:
        gradebook.remove_submission(ASSIGNMENT, "one")
    (again,) = grading.grade(course, ASSIGNMENT).graded
    assert not again.kept
    assert _gradebook(course)["one"] == (5.0, False)


def test_a_mark_given_by_hand_stays(course: Course, hand_in: Callable[..., Path]) -> None:
    hand_in("one", double="def double(x):\n    return 0")
    _results(course)
    with course.gradebook() as gradebook:
        gradebook.find_grade("test_double", ASSIGNMENT, ASSIGNMENT, "one").manual_score = 2.5
        gradebook.db.commit()
    (again,) = grading.grade(course, ASSIGNMENT).graded
    assert again.kept
    assert _gradebook(course)["one"][0] == 4.5


def test_the_due_date_of_the_configuration_makes_a_submission_late(
    course: Course, course_path: Path, hand_in: Callable[..., Path]
) -> None:
    folder = hand_in("late")
    (folder / "timestamp.txt").write_text("2026-02-01 23:59:00 UTC")
    (course_path / "roster.csv").write_text("id,first_name,last_name,email\nlate,Some,Body,\nabsent,No,Body,\n")
    _results(course)
    absent, late = report(course, ASSIGNMENT).rows
    assert (late.name, late.seconds_late, late.total) == ("Some Body", 86400.0, 5.0)
    assert (absent.status, absent.total) == ("nothing handed in", None)


def test_data_files_lie_beside_the_notebook(course: Course, course_path: Path, hand_in: Callable[..., Path]) -> None:
    (course_path / "source" / ASSIGNMENT / "two.txt").write_text("2")
    folder = hand_in("one", double="def double(x):\n    return float(open('two.txt').read()) * x")
    (folder / "two.txt").write_text("200")
    assert _results(course)["one"].score == 5.0


def test_links_in_a_submission_are_not_followed(
    course: Course, course_path: Path, hand_in: Callable[..., Path]
) -> None:
    folder = hand_in("one", double="def double(x):\n    return len(open('secret').read())")
    (folder / "secret").symlink_to(course_path / "gradebook.db")
    assert _results(course)["one"].score == 2.0
    assert not (course_path / "autograded" / "one" / ASSIGNMENT / "secret").exists()


def test_the_page_is_complete_in_itself_and_escapes_what_students_wrote(
    course: Course, course_path: Path, tmp_path: Path, hand_in: Callable[..., Path]
) -> None:
    hand_in("one", double="def double(x):\n    raise ValueError('<script>alert(1)</script>')")
    _results(course)
    html = write_page(report(course, ASSIGNMENT), tmp_path / "results.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "://" not in html
    assert "prefers-color-scheme: dark" in html
    assert "double" in html
    assert "2.0" in html


def test_an_unknown_student_or_assignment_is_refused_before_anything_is_written(
    course: Course, course_path: Path, hand_in: Callable[..., Path]
) -> None:
    from coursekit.errors import UsageError

    hand_in("one")
    with pytest.raises(UsageError, match="there is no assignment 'hw9' in this course; the gradebook has: hw0_small"):
        grading.grade(course, "hw9")
    with pytest.raises(UsageError, match="'two' has not handed in hw0_small; 1 others have: one"):
        grading.grade(course, ASSIGNMENT, ["two"])
    assert not Ledger(course_path).path.exists()
    assert not (course_path / "autograded").exists()
