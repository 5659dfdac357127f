"""What the tests of several rooms share: a small assignment, and a course in which it is released."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from nbgrader.converters import Autograde

from coursekit.authoring import course as course_directory
from coursekit.grading.course import Course
from coursekit.grading.release import release

STOCK_STEPS = Autograde.class_traits()["autograde_preprocessors"].default_args[0]
ROOT = Path(__file__).resolve().parents[1]
SMALL = "hw0_small"

# The programs of this environment come first, as they do under make.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


@pytest.fixture(scope="session")
def stock() -> list[str]:
    """Options with which `nbgrader autograde` runs its own kernel in a course that is set up for another runner."""
    steps = [step if isinstance(step, str) else f"{step.__module__}.{step.__name__}" for step in STOCK_STEPS]
    return [f"--Autograde.autograde_preprocessors={step}" for step in steps]


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
