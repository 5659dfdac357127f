"""What the tests of several rooms share: a small assignment, and a course in which it is released."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from coursekit.authoring import course as course_directory
from coursekit.grading.course import Course
from coursekit.grading.release import release

ROOT = Path(__file__).resolve().parents[1]
SMALL = "hw0_small"

# The programs of this environment come first, as they do under make.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


@pytest.fixture(scope="session")
def assignment_root() -> Path:
    """The folder of assignments that only tests use."""
    return ROOT / "tests" / "data" / "assignments"


@pytest.fixture(scope="session")
def _released(assignment_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("course") / "released"
    course_directory.init(directory, assignment_root, due_dates={SMALL: "2026-01-31 23:59 UTC"})
    release(Course.here(directory), SMALL)
    return directory


@pytest.fixture
def course_path(_released: Path, tmp_path: Path) -> Path:
    """A course directory of its own for one test, the small assignment released, nothing handed in."""
    return Path(shutil.copytree(_released, tmp_path / "course"))
