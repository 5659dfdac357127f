"""A small class that has handed in, and the means to add to it."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coursekit.grading.course import Course

ASSIGNMENT = "hw0_small"
RIGHT = {"double": "def double(x):\n    return 2 * x", "root": "def root(x):\n    return x**0.5"}


@pytest.fixture
def course(course_path: Path) -> Course:
    """A course with the small assignment released and nothing handed in."""
    return Course.here(course_path)


@pytest.fixture
def released(course_path: Path) -> Any:
    """The student version of the small assignment."""
    return nbformat.read(course_path / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)


@pytest.fixture
def hand_in(course_path: Path, released: Any) -> Callable[..., Path]:
    """Write a student's submission: answers by grade_id on top of the right ones, then a change of the notebook."""

    def write(student: str, change: Callable[[Any], None] = lambda notebook: None, **answers: str) -> Path:
        notebook = copy.deepcopy(released)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = {**RIGHT, **answers}[cell.metadata.nbgrader.grade_id]
        change(notebook)
        folder = course_path / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, folder / f"{ASSIGNMENT}.ipynb")
        (folder / "timestamp.txt").write_text("2026-01-31 20:00:00 UTC")
        return folder

    return write
