"""The command `coursekit audit`: a table or JSON, and an exit code; `coursekit new` says what it wrote."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from coursekit.cli import main


class Done(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """The command in this process, which has imported already what it needs."""

    def audit(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["coursekit", "audit", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return audit


def test_a_new_assignment_passes_its_audit(tmp_path: Path) -> None:
    def coursekit(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "coursekit", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)

    made = coursekit("new", "assignment", "hw7_rows", "--root", ".")
    assert made.stdout.splitlines()[-1] == "Next: coursekit audit hw7_rows"
    done = coursekit("audit", "--all", "--json", "--assignments", "assignments")
    (report,) = json.loads(done.stdout)
    assert [fault for finding in report["findings"] for fault in finding["faults"]] == []
    assert (report["assignment"], report["passed"], done.returncode) == ("hw7_rows", True, 0)


def test_a_fault_is_in_the_table_and_in_the_exit_code(
    audit: Callable[..., Done], plant: Callable[..., Path], tmp_path: Path
) -> None:
    plant(("Twice x, a number.", "Twice x."))
    done = audit("hw0_small", "--assignments", str(tmp_path))
    assert done.returncode == 1
    assert "1 at fault" in done.stdout
    assert f"{tmp_path}/hw0_small/hw0_small.py:11: the docstring of double" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name one assignment, or give --all"),
        (("hw0_small", "--all"), "name one assignment, or give --all"),
        (("hw9",), "holds no hw9; it has: hw0_small"),
    ],
)
def test_bad_input_is_one_sentence(
    audit: Callable[..., Done], plant: Callable[..., Path], tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    plant()
    done = audit(*arguments, "--assignments", str(tmp_path))
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_source_that_cannot_be_graded_is_named_with_its_line(
    audit: Callable[..., Done], plant: Callable[..., Path], tmp_path: Path
) -> None:
    plant(("points=2", "points=3"))
    done = audit("hw0_small", "--assignments", str(tmp_path))
    assert done.returncode == 2
    assert "hw0_small.py, line 43: check.score(2) and points=3 differ" in done.stderr
