"""A course directory is opened with the settings that it has, or not at all."""

from pathlib import Path

import pytest

from coursekit.errors import UsageError
from coursekit.grading.course import Course


@pytest.mark.parametrize("line", ["import no_such_module", "c.NbGrader.mode = (", "raise SystemExit('stop')"])
def test_a_configuration_that_cannot_be_read_is_refused(course_path: Path, line: str) -> None:
    with (course_path / "nbgrader_config.py").open("a") as config:
        config.write(f"\n{line}\n")
    before = sorted(course_path.rglob("*"))
    with pytest.raises(UsageError, match=r"nbgrader_config.py cannot be used .*: `coursekit doctor` names the line"):
        Course.here(course_path)
    assert sorted(course_path.rglob("*")) == before
