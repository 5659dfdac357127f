"""Many at a time: the same results, one writer, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from distributed import Client, LocalCluster
from filelock import FileLock

from coursekit.grading import grade as grading
from coursekit.grading.course import Course
from coursekit.grading.ledger import Ledger

ASSIGNMENT = "hw0_small"
COMMAND = [sys.executable, "-m", "coursekit", "grade", ASSIGNMENT]
SLOW = "import time\ndef double(x):\n    time.sleep(0.5)\n    return 2 * x"
ANSWERS = {
    "right": {},
    "half": {"double": "def double(x):\n    return x**2"},
    "dies": {"root": "import os\ndef root(x):\n    os._exit(0)"},
    "slow": {"double": SLOW},
    "blank": {"double": "", "root": ""},
    "broken": {"double": "def double(x:"},
}
SCORES = {"right": 5.0, "half": 4.0, "dies": 3.0, "slow": 5.0, "blank": 0.0, "broken": 2.0}


@pytest.fixture
def handed_in(hand_in: Callable[..., Path]) -> None:
    for student, answers in ANSWERS.items():
        hand_in(student, **answers)


def _scores(course_path: Path) -> dict[str, float]:
    return {student: result.score for student, result in Ledger(course_path).results(ASSIGNMENT).items()}


@pytest.mark.usefixtures("handed_in")
@pytest.mark.parametrize("jobs", [1, 3])
def test_any_number_of_jobs_gives_the_same_results(course: Course, course_path: Path, jobs: int) -> None:
    total, graded = grading.grade(course, ASSIGNMENT, jobs=jobs)
    done = list(graded)
    assert total == len(done) == len(ANSWERS)
    assert [one.error for one in done if one.error] == []
    assert _scores(course_path) == SCORES
    assert {result.isolation for result in Ledger(course_path).results(ASSIGNMENT).values()} == {"namespaces"}


@pytest.mark.usefixtures("handed_in")
def test_a_second_run_at_once_says_so_and_leaves(course_path: Path) -> None:
    with FileLock(course_path / ".coursekit.lock"):
        second = subprocess.run(COMMAND, cwd=course_path, capture_output=True, text=True, timeout=60)
    assert second.returncode == 2
    assert "another run is grading in this course" in second.stderr
    assert second.stderr.count("\n") == 1
    assert not (course_path / "coursekit.db").exists()


@pytest.mark.usefixtures("handed_in")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "Ctrl-C"])
def test_no_process_outlives_the_run(course_path: Path, hand_in: Callable[..., Path], how: signal.Signals) -> None:
    hand_in("asleep", double="import time\ntime.sleep(3)\ndef double(x):\n    return 2 * x")
    process = subprocess.Popen([*COMMAND, "-j", "2"], cwd=course_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 60
    while "asleep" not in _scores(course_path) and len(_scores(course_path)) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    started = psutil.Process(process.pid).children(recursive=True)
    assert started
    os.kill(process.pid, how)
    process.communicate(timeout=30)
    _, alive = psutil.wait_procs(started, timeout=15)
    assert alive == []


@pytest.mark.usefixtures("handed_in")
def test_a_cluster_gives_the_same_results_also_when_a_worker_is_killed(
    course_path: Path, hand_in: Callable[..., Path]
) -> None:
    for number in range(6):
        hand_in(f"more{number}", double=SLOW)
    expected = {**SCORES, **{f"more{number}": 5.0 for number in range(6)}}
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        command = [*COMMAND, "--dask", cluster.scheduler_address]
        process = subprocess.Popen(command, cwd=course_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 90
        while len(_scores(course_path)) < 3:
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
        output = process.communicate(timeout=120)[0].decode()
    assert process.returncode == 0, output
    assert _scores(course_path) == expected
    assert f"{len(expected)} graded" in output
    again = subprocess.run(COMMAND, cwd=course_path, capture_output=True, text=True, timeout=120)
    assert f"{len(expected)} were done before" in again.stdout


def test_a_cluster_that_is_not_there_is_named(course_path: Path, hand_in: Callable[..., Path]) -> None:
    hand_in("right")
    done = subprocess.run(
        [*COMMAND, "--dask", "tcp://127.0.0.1:9"], cwd=course_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "no dask scheduler answers at tcp://127.0.0.1:9" in done.stderr
    assert done.stderr.count("\n") == 1
