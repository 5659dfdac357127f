"""A run that is stopped, politely or not, loses nothing and repeats nothing that it had recorded."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from coursekit.grading.ledger import Ledger

ASSIGNMENT = "hw0_small"
COMMAND = [sys.executable, "-m", "coursekit", "grade", ASSIGNMENT, "-j", "1"]


def _start_and_wait_for(course_path: Path, student: str) -> subprocess.Popen[bytes]:
    """Start grading and return once this student is recorded."""
    process = subprocess.Popen(COMMAND, cwd=course_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 60
    while student not in Ledger(course_path).results(ASSIGNMENT):
        assert time.monotonic() < deadline, "the first submission was not recorded in a minute"
        assert process.poll() is None, process.stdout.read() if process.stdout else b""
        time.sleep(0.02)
    return process


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "Ctrl-C"])
def test_a_stopped_run_is_resumed(course_path: Path, hand_in: Callable[..., Path], how: signal.Signals) -> None:
    hand_in("a")
    hand_in("b", double="import time\ndef double(x):\n    time.sleep(1)\n    return 2 * x")
    hand_in("c")
    process = _start_and_wait_for(course_path, "a")
    time.sleep(0.5)
    os.kill(process.pid, how)
    output = process.communicate(timeout=60)[0].decode()
    first = Ledger(course_path).results(ASSIGNMENT)
    assert list(first) == ["a"]
    if how is signal.SIGINT:
        assert process.returncode == 130
        assert "Stopped after 1 of 3" in output
    again = subprocess.run(COMMAND, cwd=course_path, capture_output=True, text=True, timeout=120)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "2 graded" in again.stdout
    assert "1 were done before" in again.stdout
    results = Ledger(course_path).results(ASSIGNMENT)
    assert {student: result.score for student, result in results.items()} == {"a": 5.0, "b": 5.0, "c": 5.0}
    assert results["a"] == first["a"]
