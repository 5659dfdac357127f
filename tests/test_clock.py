"""The clock by which a student's code is timed, in a notebook and by a judge."""

from collections.abc import Iterator

import pytest

from coursekit import clock


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, float]]:
    """The time of the wall and of the student's process, as a test sets them."""
    now = {"wall": 5.0, "student": 3.0}
    monkeypatch.setattr(clock.time, "perf_counter", lambda: now["wall"])
    return now


def test_in_a_notebook_the_wall_counts(times: dict[str, float]) -> None:
    watch = clock.Stopwatch()
    times["wall"] += 0.9
    assert not watch.over(1)
    times["wall"] += 0.2
    assert watch.over(1)


@pytest.mark.parametrize(
    ("wall", "student", "over"),
    [(1.5, 1.2, True), (1.5, 0.5, False), (9, 0.5, False), (11, 0.5, True), (0.5, 1.2, False)],
)
def test_for_a_judge_the_students_process_counts_and_its_patience(
    times: dict[str, float], monkeypatch: pytest.MonkeyPatch, wall: float, student: float, over: bool
) -> None:
    monkeypatch.setattr(clock, "processor", lambda: times["student"])
    watch = clock.Stopwatch()
    times["wall"] += wall
    times["student"] += student
    assert watch.over(1) is over
