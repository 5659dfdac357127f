"""An assignment as an audit sees it: its source, both notebooks, and the course in which it was released."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import nbformat

from coursekit.authoring import assignments, course, percent
from coursekit.grading.course import Course
from coursekit.grading.release import release
from coursekit.grading.runner.names import Bound


class Subject(NamedTuple):
    """``instructor`` and ``released`` are notebooks; ``bound`` are the names that tests may use of a student's."""

    script: Path
    source: percent.Source
    instructor: Any
    released: Any
    variants: list[assignments.Variant]
    bound: Bound
    course: Course

    @property
    def name(self) -> str:
        """The assignment's name."""
        return self.script.stem

    @property
    def points(self) -> dict[str, float]:
        """The points of each test cell."""
        return assignments.points(self.instructor)

    def line(self, grade_id: str) -> int:
        """The line of the script in which a cell's marker stands."""
        cells = self.source.notebook.cells
        return next(
            line
            for cell, line in zip(cells, self.source.lines, strict=True)
            if cell.metadata.get("grade_id") == grade_id
        )

    def at(self, line: int) -> str:
        """File and line, as an editor takes them."""
        return f"{self.script}:{line}"


@contextmanager
def opened(script: Path) -> Iterator[Subject]:
    """Build an assignment and release it in a course of its own, which is removed at the end of the block.

    Raises UsageError naming file and line where the source or a variant could not be graded as it is written.
    """
    instructor = assignments.build(script)
    variants = assignments.variants(script)
    bound = Bound.by(cell.source for cell in instructor.cells if is_students(cell))
    with TemporaryDirectory(prefix="coursekit-audit-") as folder:
        alone = Path(folder) / "assignments"
        shutil.copytree(script.parent, alone / script.stem)
        directory = Path(folder) / "course"
        course.init(directory, alone)
        made = Course.here(directory)
        release(made, script.stem)
        released = nbformat.read(directory / "release" / script.stem / f"{script.stem}.ipynb", as_version=4)
        yield Subject(script, percent.read(script), instructor, released, variants, bound, made)


def is_students(cell: Any) -> bool:
    """Is it a code cell that a student may change?"""
    return cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("locked", False)


def is_solution(cell: Any) -> bool:
    """Is it a code cell that a student writes?"""
    return cell.cell_type == "code" and bool(cell.metadata.get("nbgrader", {}).get("solution"))
