"""The first thing a newcomer types: a class is graded, and nbgrader agrees with every mark of an honest student."""

import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.grading.course import Course
from coursekit.grading.ledger import Ledger

ASSIGNMENT = "hw4_layers"
STUDENTS = 12


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder in which the demo ran, and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "coursekit", "demo", "--students", str(STUDENTS)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return folder, done.stdout


def _scores(course: Course) -> dict[str, dict[str, float]]:
    with course.gradebook() as gradebook:
        return {
            submission.student.id: {
                grade.cell.name: grade.auto_score for notebook in submission.notebooks for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def test_everyone_has_a_result_and_the_instructor_a_next_step(ran: tuple[Path, str]) -> None:
    folder, printed = ran
    results = Ledger(folder / "demo-course").results(ASSIGNMENT)
    assert len(results) == STUDENTS
    assert sum(result.status == "needs review" for result in results.values()) == 1
    assert f"{STUDENTS} graded" in printed
    assert "jupyter lab" in printed
    page = (folder / "demo-course" / f"{ASSIGNMENT}-results.html").read_text(encoding="utf-8")
    for student in results:
        assert student in page


def test_right_ones_get_full_points_blank_and_do_nothing_none(ran: tuple[Path, str]) -> None:
    course = Course.here(ran[0] / "demo-course")
    with course.gradebook() as gradebook:
        names = {student.id: (student.first_name, student.last_name) for student in gradebook.students}
    scored = _scores(course)
    totals = {names[student]: sum(score or 0 for score in scores.values()) for student, scores in scored.items()}
    assert len(totals) == STUDENTS
    for (first, last), total in totals.items():
        if first in ("right", "late"):
            assert total == 40, last
        elif first == "wrong":
            assert 0 < total < 40, last
        else:
            assert total == 0, (first, last)
    assert {first for first, _ in totals} == {"right", "wrong", "late", "blank", "does", "half"}


def test_nbgrader_autograde_gives_every_honest_submission_the_same_scores(
    ran: tuple[Path, str], stock: list[str]
) -> None:
    course = Course.here(ran[0] / "demo-course")
    ours = _scores(course)
    results = Ledger(course.root).results(ASSIGNMENT)
    honest = {student for student, result in results.items() if result.status == "graded"}
    command = ["nbgrader", "autograde", ASSIGNMENT, "--force", *stock]
    printed = subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=600).stderr
    graded = {
        student
        for student in honest
        if f"Autograding {course.path('submitted', student, ASSIGNMENT)}" in printed
        or f"autograded/{student}/{ASSIGNMENT}/{ASSIGNMENT}.ipynb" in printed
    }
    assert graded == honest
    theirs = _scores(course)
    assert {student: theirs[student] for student in honest} == {student: ours[student] for student in honest}


def test_a_second_demo_leaves_the_first_as_it_is(ran: tuple[Path, str]) -> None:
    folder = ran[0]
    before = (folder / "demo-course" / "gradebook.db").read_bytes()
    command = [sys.executable, "-m", "coursekit", "demo"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr == (
        "coursekit: demo-course already exists and is left as it is; name a directory that does not exist.\n"
    )
    assert (folder / "demo-course" / "gradebook.db").read_bytes() == before
