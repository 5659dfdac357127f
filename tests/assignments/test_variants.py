"""Every assignment is fair: right ways of solving it get full points, wrong ones lose where they must."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from nbgrader.utils import determine_grade, is_grade, is_solution

from coursekit.authoring import assignments
from coursekit.grading.run import Policy, run

ROOT = Path(__file__).parents[2] / "assignments"
SCRIPTS = assignments.find(ROOT)
CELL_SECONDS = 30


@cache
def _built(script: Path) -> Any:
    return assignments.build(script)


@cache
def _variants(script: Path) -> dict[str, assignments.Variant]:
    return {variant.name: variant for variant in assignments.variants(script)}


def _cases() -> Iterator[tuple[Path, str]]:
    for script in SCRIPTS:
        for name in _variants(script):
            yield script, name


class Graded(NamedTuple):
    """Of each test cell, by its grade_id: the points that nbgrader gives, and the codes of the mistakes found."""

    points: dict[str, float]
    codes: dict[str, set[str]]


def _graded(notebook: Any) -> Graded:
    """Run a notebook in a stock kernel."""
    outcome = run(notebook, Policy(cell_seconds=CELL_SECONDS))
    assert not outcome.needs_review, outcome.remarks
    cells = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in outcome.notebook.cells
        if is_grade(cell) and not is_solution(cell)
    }
    return Graded(
        {name: determine_grade(cell)[0] for name, cell in cells.items()},
        {name: _codes(cell) for name, cell in cells.items()},
    )


def _codes(cell: Any) -> set[str]:
    reports = [output.get("data", {}).get("application/vnd.coursekit.check+json") for output in cell.outputs]
    return {code for report in reports if report for part in report["parts"] for code in part["codes"]}


def _notebook(script: Path, name: str) -> Any:
    return assignments.hand_in(_built(script), _built(script), _variants(script)[name])


@pytest.fixture(scope="session")
def graded() -> Iterator[dict[tuple[Path, str], Any]]:
    """The points and codes of every variant, two at a time, each in its own process as on a cluster."""
    with ProcessPoolExecutor(2) as pool:
        yield {case: pool.submit(_graded, _notebook(*case)) for case in _cases()}


@pytest.mark.parametrize(("script", "name"), list(_cases()), ids=lambda part: getattr(part, "stem", part))
def test_a_variant_loses_exactly_where_it_must_and_is_told_why(
    script: Path, name: str, graded: dict[tuple[Path, str], Any]
) -> None:
    got, codes = graded[script, name].result()
    full = assignments.points(_built(script))
    lost = {cell for cell, score in got.items() if score < full[cell]}
    fails = _variants(script)[name].fails
    assert lost == set(fails)
    assert {cell: code for cell, code in fails.items() if code is not None and code not in codes[cell]} == {}
    if name == "wrong_nothing":
        assert sum(got.values()) == 0


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_catalogue_of_variants_is_wide_enough(script: Path) -> None:
    names = list(_variants(script))
    assert sum(name.startswith("right_") for name in names) >= 4
    assert sum(name.startswith("wrong_") for name in names) >= 10
    assert {"wrong_nothing", "wrong_numeric"} <= set(names)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_instructor_gets_full_points(script: Path) -> None:
    assert _graded(_built(script)).points == assignments.points(_built(script))


def test_hw4_has_the_points_of_the_course_plan() -> None:
    points = assignments.points(_built(ROOT / "hw4_layers" / "hw4_layers.py"))
    assert sum(points.values()) == 40
    assert sorted(points.values()) == sorted([10, 6, 4, *[p for p in points.values() if p in (3, 5)], 10, 2])
