"""How well students' code is kept apart is probed, asked for, recorded and shown."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from coursekit.errors import UsageError
from coursekit.grading import grade as grading
from coursekit.grading import run as running
from coursekit.grading.course import Course
from coursekit.grading.ledger import Ledger
from coursekit.grading.page import write_page
from coursekit.grading.report import report
from coursekit.grading.runner import client
from coursekit.grading.sandbox.levels import LEVELS, at_least
from coursekit.grading.table import table

ASSIGNMENT = "hw0_small"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that is not Linux."""
    for module in (running, client):
        monkeypatch.setattr(module, "can_isolate", lambda: False)


def _configure(course_path: Path, line: str) -> Course:
    config = course_path / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.CourseKit.{line}\n")
    return Course.here(course_path)


def _shown(course: Course) -> str:
    console = Console(width=120, record=True)
    console.print(table(report(course, ASSIGNMENT), 120))
    return " ".join(console.export_text().split())


def test_levels_are_in_order() -> None:
    assert list(LEVELS) == ["namespaces", "landlock", "limits", "none"]
    assert at_least("namespaces", "landlock")
    assert at_least("limits", "limits")
    assert not at_least("none", "limits")


def test_the_level_is_recorded_and_shown(course: Course, course_path: Path, hand_in: Callable[..., Path]) -> None:
    hand_in("right")
    list(grading.grade(course, ASSIGNMENT).graded)
    assert Ledger(course_path).results(ASSIGNMENT)["right"].isolation == "namespaces"
    assert "a file system, processes and a network of their own" in _shown(course)
    page = write_page(report(course, ASSIGNMENT), course_path / "page.html").read_text()
    assert "a network of their own, and limits (namespaces)" in page


@pytest.mark.usefixtures("elsewhere")
def test_no_isolation_is_refused_before_anything_is_written(
    course: Course, course_path: Path, hand_in: Callable[..., Path]
) -> None:
    hand_in("right")
    before = sorted(course_path.rglob("*"))
    with pytest.raises(UsageError, match=r"at the level 'none' here \(only Linux has the means\)"):
        grading.grade(course, ASSIGNMENT)
    assert sorted(course_path.rglob("*")) == before


@pytest.mark.usefixtures("elsewhere")
def test_no_isolation_is_used_where_it_is_allowed_and_said(course_path: Path, hand_in: Callable[..., Path]) -> None:
    hand_in("right")
    hand_in("half", double="def double(x):\n    return x**2")
    hand_in("slow", root="import time\ndef root(x):\n    time.sleep(60)")
    course = _configure(course_path, "minimum_isolation = 'none'; c.CourseKit.limits = {'*': {'cell_seconds': 3}}")
    list(grading.grade(course, ASSIGNMENT).graded)
    results = Ledger(course_path).results(ASSIGNMENT)
    assert {student: result.score for student, result in results.items()} == {"right": 5, "half": 4, "slow": 3}
    assert {result.isolation for result in results.values()} == {"none"}
    assert "Students' code ran with no isolation (none)." in _shown(course)


def test_a_runner_below_the_minimum_runs_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(client, "wall", lambda: ("limits", "no namespaces (unshare: Operation not permitted)"))
    from coursekit.grading import prepare
    from coursekit.grading.settings import CourseKit

    monkeypatch.setattr(prepare, "wall", client.wall)
    with pytest.raises(UsageError, match="Operation not permitted"):
        prepare.require_isolation(CourseKit())
    prepare.require_isolation(CourseKit(minimum_isolation="limits"))


def test_limits_are_an_assignments_own(course_path: Path, hand_in: Callable[..., Path]) -> None:
    hand_in("slow", double="import time\ndef double(x):\n    time.sleep(30)")
    course = _configure(
        course_path, f"limits = {{'*': {{'cell_seconds': 900}}, '{ASSIGNMENT}': {{'cell_seconds': 1}}}}"
    )
    list(grading.grade(course, ASSIGNMENT).graded)
    result = Ledger(course_path).results(ASSIGNMENT)["slow"]
    assert result.score == 2
    assert "cell test_double ran longer than 1 s" in result.reason


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("limits = {'*': {'seconds': 3}}", "c.CourseKit.limits has 'seconds'; the limits are cell_seconds"),
        ("limits = {'*': {'cell_seconds': 0}}", "cell_seconds must be a positive integer, but is 0"),
    ],
)
def test_a_limit_that_is_none_is_refused(course_path: Path, line: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        grading.grade(_configure(course_path, line), ASSIGNMENT)


def test_nothing_of_the_folder_a_runner_starts_in_is_imported(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('imported from the working directory')")
    code = "from coursekit.grading.run import Policy, run; import nbformat; "
    code += "print(run(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('1 + 1')]), Policy()).isolation)"
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "namespaces\n", done.stderr
