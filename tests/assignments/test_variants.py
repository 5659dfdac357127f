"""Every assignment is fair: right ways of solving it get full points, wrong ones lose where they must."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from nbgrader.utils import determine_grade, is_grade

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


def _scores(notebook: Any) -> dict[str, float]:
    """Run a notebook in a stock kernel and let nbgrader say what each test cell gets."""
    outcome = run(notebook, Policy(cell_seconds=CELL_SECONDS))
    assert not outcome.needs_review, outcome.remarks
    return {
        cell.metadata.nbgrader.grade_id: determine_grade(cell)[0] for cell in outcome.notebook.cells if is_grade(cell)
    }


def _notebook(script: Path, name: str) -> Any:
    return assignments.hand_in(_built(script), _built(script), _variants(script)[name])


@pytest.fixture(scope="session")
def scores() -> Iterator[dict[tuple[Path, str], Any]]:
    """The scores of every variant, two at a time, each in its own process as on a cluster."""
    with ProcessPoolExecutor(2) as pool:
        yield {case: pool.submit(_scores, _notebook(*case)) for case in _cases()}


@pytest.mark.parametrize(("script", "name"), list(_cases()), ids=lambda part: getattr(part, "stem", part))
def test_a_variant_loses_exactly_where_it_must(script: Path, name: str, scores: dict[tuple[Path, str], Any]) -> None:
    got = scores[script, name].result()
    full = assignments.points(_built(script))
    lost = {cell for cell, score in got.items() if score < full[cell]}
    assert lost == set(_variants(script)[name].fails)
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
    assert _scores(_built(script)) == assignments.points(_built(script))


def test_hw4_has_the_points_of_the_course_plan() -> None:
    points = assignments.points(_built(ROOT / "hw4_layers" / "hw4_layers.py"))
    assert sum(points.values()) == 40
    assert sorted(points.values()) == sorted([10, 6, 4, *[p for p in points.values() if p in (3, 5)], 10, 2])
