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
def test_a_variant_loses_exactly_where_it_must(script: Path, name: str, graded: dict[tuple[Path, str], Any]) -> None:
    got = graded[script, name].result().points
    full = assignments.points(_built(script))
    lost = {cell for cell, score in got.items() if score < full[cell]}
    assert lost == set(_variants(script)[name].fails)
    if name == "wrong_nothing":
        assert sum(got.values()) == 0


# What the report of a wrong solution says, where one mistake explains it.
NAMED = {
    "wrong_base_case_missing": {"test_mlp_loss_and_grads": "start_of_ones"},
    "wrong_bias_averaged": {"test_affine_backward": "bias_mean", "test_mlp_loss_and_grads": "bias_mean"},
    "wrong_bias_forgotten": {"test_affine_backward": "zero", "test_mlp_loss_and_grads": "zero"},
    "wrong_bias_not_summed": {"test_affine_backward": "unsummed"},
    "wrong_column_major": {"test_translation": "permuted"},
    "wrong_cross_entropy_sign": {"test_softmax_ce": "sign"},
    "wrong_derivative_at_activation": {"test_mlp_loss_and_grads": "derivative_at_activation"},
    "wrong_derivative_at_output": {"test_act_backward": "derivative_of_z"},
    "wrong_derivative_dropped": {"test_mlp_loss_and_grads": "derivative_dropped"},
    "wrong_factor_two": {"test_half_se": "factor"},
    "wrong_half_in_gradient": {"test_half_se": "factor"},
    "wrong_in_place": {"test_act_backward": "mutated", "test_half_se": "mutated"},
    "wrong_last_layer_missing": {"test_mlp_loss_and_grads": "zero"},
    "wrong_mean_over_outputs": {"test_half_se": "mean_over_outputs", "test_softmax_ce": "mean_over_outputs"},
    "wrong_mean_twice": {"test_mlp_loss_and_grads": "mean_twice"},
    "wrong_none": {"test_affine_backward": "results", "test_act_backward": "none"},
    "wrong_output_derivative": {"test_mlp_loss_and_grads": "output_derivative"},
    "wrong_previous_sample": {"test_mlp_loss_and_grads": "sample_index"},
    "wrong_relu_mask_of_gradient": {"test_act_backward": "relu_mask_of_gradient"},
    "wrong_row_times_column": {"test_mlp_loss_and_grads": "outer_for_elementwise"},
    "wrong_softmax_elementwise": {"test_softmax_backward": "softmax_diagonal"},
    "wrong_softmax_sum_over_batch": {"test_softmax_backward": "softmax_total"},
    "wrong_sum_for_mean": {"test_half_se": "sum_for_mean", "test_softmax_ce": "sum_for_mean"},
    "wrong_transposed_dW": {"test_affine_backward": "transposed"},
    "wrong_unstable_softmax": {"test_softmax_ce": "not_finite"},
    "wrong_updated_too_early": {"test_mlp_loss_and_grads": "updated_early"},
    "wrong_weights_stepped": {"test_mlp_loss_and_grads": "mutated"},
}


@pytest.mark.parametrize("name", NAMED)
def test_a_wrong_solution_of_hw4_is_told_its_mistake(name: str, graded: dict[tuple[Path, str], Any]) -> None:
    codes = graded[ROOT / "hw4_layers" / "hw4_layers.py", name].result().codes
    assert {cell: code for cell, code in NAMED[name].items() if code not in codes[cell]} == {}


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
