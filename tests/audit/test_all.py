"""Every assignment of the course passes its audit."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_every_assignment_passes_its_audit() -> None:
    folder = ["--assignments", str(ROOT / "assignments")]
    command = [sys.executable, "-m", "coursekit", "audit", "--all", "--json", *folder]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout, done.stderr
    reports = json.loads(done.stdout)
    faults = [fault for report in reports for finding in report["findings"] for fault in finding["faults"]]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
    assert done.returncode == 0
    assert {report["assignment"] for report in reports} == {
        path.parent.name for path in ROOT.glob("assignments/*/hw*.py")
    }
