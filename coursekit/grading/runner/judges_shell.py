"""The shell of the test cells, which are the same for every submission: what was read of them once is kept."""

from typing import Any

from coursekit.grading.runner.names import awaits, transformed
from coursekit.grading.runner.shell import NotebookShell


class JudgesShell(NotebookShell):
    """A shell that looks up how a cell reads as Python."""

    def transform_cell(self, raw_cell: str) -> str:
        """The cell as Python."""
        return transformed(raw_cell)

    def should_run_async(
        self, raw_cell: str, *, transformed_cell: Any = None, preprocessing_exc_tuple: Any = None
    ) -> bool:
        """Has the cell an ``await`` outside of functions?"""
        return preprocessing_exc_tuple is None and awaits(raw_cell)
