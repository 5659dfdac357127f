"""The level of a wall is what it says, can only be lowered, and holds for a user without privileges, too."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from coursekit.grading.runner.client import RunnerDied, opened
from coursekit.grading.sandbox import wall
from coursekit.grading.sandbox.levels import LANDLOCK, LIMITS

from .machine import NOBODY, ROOT, Walled

# What is tried once more as another user; each is a file beside this one.
SELECTION = ("test_machine_files.py", "test_machine_kernel.py")


def test_the_level_is_reported(walled):
    answer = walled.answer("1")
    assert answer["isolation"] == walled.level
    assert walled.runner.wall()[0] == walled.level


def test_nothing_runs_below_the_least_level(tmp_path):
    lowered = Walled(LIMITS)
    left = tmp_path / "left"
    try:
        answer = lowered.answer(f"open({str(left)!r}, 'w')", minimum_isolation=LANDLOCK)
        assert answer == {"refused": "isolation here is 'limits', but the least allowed is 'landlock'"}
        assert not left.exists()
        assert lowered.runner.wall() == (
            LIMITS,
            "no namespaces (COURSEKIT_WALL is limits), no landlock (COURSEKIT_WALL is limits)",
        )
        assert lowered.answer(f"open({str(left)!r}, 'w')", minimum_isolation=LIMITS)["isolation"] == LIMITS
        assert left.exists()
    finally:
        lowered.runner.close()


def test_a_level_that_there_is_not_is_no_level(monkeypatch):
    monkeypatch.setenv(wall.HIGHEST, "moat")
    with pytest.raises(RunnerDied):
        opened()[0].wall()


def test_a_students_process_cannot_name_a_level(walled):
    """The variable is the instructor's: it is read before there is a student's process, and that has it not."""
    (cell,) = walled.cells(
        "import os\nassert 'COURSEKIT_WALL' not in os.environ\nos.environ['COURSEKIT_WALL'] = 'none'"
    )
    assert cell.outputs == []
    assert walled.answer("1", minimum_isolation=walled.level)["isolation"] == walled.level


def python_for_others() -> str:
    """This Python, or one of the same version that another user may run."""
    name = f"python3.{sys.version_info.minor}"
    candidates = [
        sys.executable,
        *filter(None, (shutil.which(name, path=path) for path in ("/usr/local/bin", "/usr/bin"))),
    ]
    for candidate in candidates:
        try:
            subprocess.run([candidate, "-c", ""], check=True, capture_output=True, **other_user())
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    raise AssertionError(f"no {name} that an unprivileged user may run: {candidates}")


def other_user() -> dict[str, object]:
    """Who runs the selection: nobody where root runs the tests, otherwise the same user again."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if ROOT else {}


def run_selection(folder: str) -> subprocess.CompletedProcess[str]:
    """Run the tests of the selection as the other user, who may write to a folder."""
    os.chmod(folder, 0o777)
    root = Path(__file__).parents[2]
    packages = sysconfig.get_path("purelib")
    return subprocess.run(
        [
            python_for_others(),
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-o",
            "addopts=-q",
            f"--basetemp={folder}/tests",
        ]
        + [f"tests/security/{name}" for name in SELECTION],
        cwd=root,
        env={"PYTHONPATH": os.pathsep.join([str(root), packages]), "PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        **other_user(),
    )


def test_the_wall_holds_for_a_user_without_privileges():
    # Another user cannot reach what lies below the temporary folder of these tests.
    with tempfile.TemporaryDirectory() as folder:
        done = run_selection(folder)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
