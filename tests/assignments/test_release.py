"""What students get of an assignment: it opens, it is worth nothing unanswered, and it gives nothing away."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.utils import determine_grade, is_grade, is_solution

from coursekit.authoring import assignments, course
from coursekit.authoring.roles import BEGIN_HIDDEN, BEGIN_SOLUTION, END_HIDDEN, END_SOLUTION
from coursekit.grading.course import Course
from coursekit.grading.release import release
from coursekit.grading.run import Policy, run

ROOT = Path(__file__).parents[2] / "assignments"
SCRIPTS = assignments.find(ROOT)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    directory = tmp_path_factory.mktemp("courses") / "course"
    course.init(directory, ROOT)
    opened = Course.here(directory)
    notebooks = {}
    for script in SCRIPTS:
        release(opened, script.stem)
        path = directory / "release" / script.stem / f"{script.stem}.ipynb"
        notebooks[script.stem] = nbformat.read(path, as_version=4)
    return notebooks


def _regions(text: str, begin: str, end: str) -> set[str]:
    """Lines that stand in a region, and nowhere outside one: what must not be given away."""
    inside = "\n".join(re.findall(f"{re.escape(begin)}(.*?){re.escape(end)}", text, re.DOTALL))
    outside = re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", "", text, flags=re.DOTALL)
    kept = {line.strip() for line in outside.splitlines()}
    return {line.strip() for line in inside.splitlines() if len(line.strip()) > 12} - kept


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_release_holds_no_solution_and_no_hidden_test(script: Path, released: dict[str, Any]) -> None:
    source = script.read_text(encoding="utf-8")
    secrets = _regions(source, BEGIN_SOLUTION, END_SOLUTION) | _regions(source, BEGIN_HIDDEN, END_HIDDEN)
    assert len(secrets) > 20
    lines = {line.strip() for cell in released[script.stem].cells for line in cell.source.splitlines()}
    assert secrets & lines == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_blank_release_is_worth_nothing_and_says_what_is_missing(script: Path, released: dict[str, Any]) -> None:
    outcome = run(released[script.stem], Policy(cell_seconds=30))
    grades = [determine_grade(cell)[0] for cell in outcome.notebook.cells if is_grade(cell) and not is_solution(cell)]
    assert grades == [0] * len(grades)
    for codes in outcome.codes.values():
        assert all(part["codes"] == ["not_written"] for part in codes["parts"])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_right_answers_pass_the_visible_tests(script: Path, released: dict[str, Any]) -> None:
    right = next(variant for variant in assignments.variants(script) if variant.name.startswith("right_"))
    outcome = run(assignments.hand_in(released[script.stem], assignments.build(script), right), Policy(cell_seconds=30))
    points = assignments.points(assignments.build(script))
    assert {cell: codes["points"] for cell, codes in outcome.codes.items()} == points
