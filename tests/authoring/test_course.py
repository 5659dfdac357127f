"""A course directory appears complete or not at all, and is nbgrader's."""

from pathlib import Path

import nbformat
import pytest

from coursekit.authoring import course
from coursekit.errors import UsageError
from coursekit.grading.course import Course


def test_a_course_directory_has_what_nbgrader_needs(assignment_root: Path, tmp_path: Path) -> None:
    directory = tmp_path / "autumn"
    assert course.init(directory, assignment_root) == ["hw0_small"]
    assert (directory / "roster.csv").read_text(encoding="utf-8") == "id,first_name,last_name,email\n"
    notebook = nbformat.read(directory / "source/hw0_small/hw0_small.ipynb", as_version=4)
    assert "### BEGIN HIDDEN TESTS" in notebook.cells[3].source
    opened = Course.here(directory / "source")
    assert opened.root == directory
    assert opened.directory.course_id == "autumn"
    assert opened.directory.root == str(directory)


def test_only_its_owner_may_read_it(assignment_root: Path, tmp_path: Path) -> None:
    course.init(tmp_path / "autumn", assignment_root)
    assert (tmp_path / "autumn").stat().st_mode & 0o077 == 0


def test_an_existing_directory_is_left_as_it_is(assignment_root: Path, tmp_path: Path) -> None:
    (tmp_path / "autumn").mkdir()
    with pytest.raises(UsageError, match="already exists"):
        course.init(tmp_path / "autumn", assignment_root)
    assert list((tmp_path / "autumn").iterdir()) == []


def test_a_faulty_assignment_leaves_nothing_behind(assignment_root: Path, tmp_path: Path) -> None:
    broken = tmp_path / "assignments" / "hw0_small"
    broken.mkdir(parents=True)
    text = (assignment_root / "hw0_small/hw0_small.py").read_text(encoding="utf-8")
    (broken / "hw0_small.py").write_text(text.replace("points=3", "points=4"), encoding="utf-8")
    with pytest.raises(UsageError, match="differ"):
        course.init(tmp_path / "autumn", broken.parent)
    assert [path.name for path in tmp_path.iterdir()] == ["assignments"]


def test_data_files_come_along_and_variants_do_not(assignment_root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "assignments" / "hw0_small"
    (folder / "variants").mkdir(parents=True)
    (folder / "hw0_small.py").write_text((assignment_root / "hw0_small/hw0_small.py").read_text(encoding="utf-8"))
    (folder / "data.csv").write_text("1,2\n")
    course.init(tmp_path / "autumn", folder.parent)
    assert sorted(path.name for path in (tmp_path / "autumn/source/hw0_small").iterdir()) == [
        "data.csv",
        "hw0_small.ipynb",
    ]
