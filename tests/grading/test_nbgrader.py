"""The course stays nbgrader's: its own commands work in it and give the same scores."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from coursekit.grading import grade as grading
from coursekit.grading.course import Course

ASSIGNMENT = "hw0_small"


def _nbgrader(course_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["nbgrader", *arguments], cwd=course_path, capture_output=True, text=True, timeout=300)


def _scores(course: Course) -> dict[str, dict[str, float]]:
    with course.gradebook() as gradebook:
        return {
            submission.student.id: {
                grade.cell.name: grade.auto_score for notebook in submission.notebooks for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def test_nbgrader_autograde_gives_the_same_scores(
    course: Course, course_path: Path, hand_in: Callable[..., Path], stock: list[str]
) -> None:
    hand_in("right")
    hand_in("half", double="def double(x):\n    return x**2")
    hand_in("none", double="def double(x):\n    raise NotImplementedError()", root="def root(x):\n    return None")
    list(grading.grade(course, ASSIGNMENT).graded)
    ours = _scores(course)
    for options in (stock, []):
        autograded = _nbgrader(course_path, "autograde", ASSIGNMENT, "--force", *options)
        assert autograded.returncode == 0, autograded.stderr
        assert _scores(course) == ours
    assert {student: sum(scores.values()) for student, scores in ours.items()} == {"half": 4, "none": 0, "right": 5}


def test_nbgrader_autograde_runs_submissions_apart_too(
    course: Course, course_path: Path, hand_in: Callable[..., Path], stock: list[str]
) -> None:
    course.update_gradebook(ASSIGNMENT)
    hand_in("cheat", double="from coursekit import check\ncheck.value = None\ndef double(x):\n    return 0")
    messages = {}
    for name, options in (("stock", stock), ("ours", [])):
        done = _nbgrader(course_path, "autograde", ASSIGNMENT, "--force", *options)
        assert done.returncode == 0, done.stderr
        messages[name] = (course_path / "autograded" / "cheat" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text()
    assert "cannot be imported while a notebook is graded" in messages["ours"]
    assert "cannot be imported" not in messages["stock"]


def test_feedback_made_by_nbgrader_shows_no_hidden_test(
    course: Course, course_path: Path, hand_in: Callable[..., Path]
) -> None:
    hand_in("half", double="def double(x):\n    return x + 2")
    list(grading.grade(course, ASSIGNMENT).graded)
    made = _nbgrader(course_path, "generate_feedback", ASSIGNMENT)
    assert made.returncode == 0, made.stderr
    page = (course_path / "feedback" / "half" / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert "double(1e6)" in page
    assert "HIDDEN TESTS" not in page
    assert "4.0" in page


def test_the_released_notebook_holds_no_solution_and_no_hidden_test(course_path: Path) -> None:
    text = (course_path / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8")
    assert "NotImplementedError" in text
    for secret in ("2 * x", "math.sqrt", "kept secret", "BEGIN SOLUTION", "HIDDEN TESTS"):
        assert secret not in text
