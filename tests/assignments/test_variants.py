"""The catalogue of right and wrong solutions is wide; `coursekit audit` grades each of them."""

from pathlib import Path

import pytest

from coursekit.authoring import assignments

ROOT = Path(__file__).parents[2] / "assignments"
SCRIPTS = assignments.find(ROOT)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_catalogue_of_variants_is_wide_enough(script: Path) -> None:
    names = [variant.name for variant in assignments.variants(script)]
    assert sum(name.startswith("right_") for name in names) >= 6
    assert sum(name.startswith("wrong_") for name in names) >= 12
    assert {"wrong_nothing", "wrong_numeric", "wrong_hard_coded"} <= set(names)


def test_the_six_assignments_are_worth_200_points() -> None:
    points = {script.stem: sum(assignments.points(assignments.build(script)).values()) for script in SCRIPTS}
    assert points == {
        "hw1_forward": 20,
        "hw2_chains": 25,
        "hw3_jacobians": 30,
        "hw4_layers": 40,
        "hw5_autodiff": 45,
        "hw6_training": 40,
    }
