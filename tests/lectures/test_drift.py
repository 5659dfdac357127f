"""What is committed is what a build makes: no lecture's notebook has drifted from its script."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.authoring import lectures

ROOT = Path(__file__).parents[2]
SCRIPTS = lectures.find(ROOT / "lectures")


def _check(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coursekit", "build", "--check", "--root", str(root)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_no_lecture_has_drifted(script: Path) -> None:
    assert lectures.drift(script) == []


def test_build_check_fails_on_drift_and_says_where(tmp_path: Path) -> None:
    for room in ("lectures", "assignments"):
        shutil.copytree(ROOT / room, tmp_path / room)
    assert _check(tmp_path).returncode == 0
    script = tmp_path / "lectures" / SCRIPTS[0].name
    script.write_text(script.read_text(encoding="utf-8") + "\n# %%\n1 + 1\n", encoding="utf-8")
    before = lectures.notebook_path(script).read_bytes()
    drifted = _check(tmp_path)
    assert drifted.returncode == 1
    assert f"{script.stem}: drifted" in drifted.stdout
    assert "its script" in drifted.stderr
    assert lectures.notebook_path(script).read_bytes() == before
