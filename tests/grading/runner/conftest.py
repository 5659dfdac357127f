"""Notebooks made of a few cells, run apart."""

from collections.abc import Callable, Sequence
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.grading.run import Outcome, Policy, run

from .notebooks import grade_cell


@pytest.fixture(scope="session")
def run_cells() -> Callable[..., Outcome]:
    """Run a notebook of these cells, sources or cells, under a policy of these settings."""

    def run_cells(*cells: Any, **settings: Any) -> Outcome:
        made = [new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
        notebook = new_notebook(cells=made)
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        return run(nbformat.from_dict(notebook), Policy(**{"cell_seconds": 20, **settings}))

    return run_cells


@pytest.fixture(scope="session")
def judge(run_cells: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Run a student's cells, then one test; the test sees the names that the solution defines."""

    def judge(students: str | Sequence[str], test: str, names: Sequence[str] = ("answer",), **settings: Any) -> Outcome:
        sources = [students] if isinstance(students, str) else list(students)
        return run_cells(*sources, grade_cell(test, "test_answer"), names=tuple(names), **settings)

    return judge
