"""A class as tests/benchmarks/class_of_1000.py makes it, but small: attackers do not disturb anyone else's work."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

STUDENTS = 30
SCRIPT = Path(__file__).parents[1] / "benchmarks" / "class_of_1000.py"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a class of 30 with three attackers was like."""
    spec = importlib.util.spec_from_file_location("class_of_1000", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    course = tmp_path_factory.mktemp("large") / "course"
    handed_in = benchmark.make(course, STUDENTS, honest=False)
    assert len(handed_in.hostile) == 3
    return benchmark.run(course, handed_in)


def test_honest_work_has_its_score_and_no_attack_gains(figures: Any) -> None:
    assert figures.wrong == []


def test_no_process_and_no_file_is_left(figures: Any) -> None:
    assert (figures.processes, figures.files) == ([], [])
