"""One open gradebook for a whole run, also for nbgrader's own steps, which would each open theirs."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from nbgrader.api import Gradebook, GradeCell, MissingEntry, Notebook, SolutionCell, SourceCell, TaskCell

STEPS = "nbgrader.preprocessors."
Key = tuple[str, ...]


class OneGradebook(Gradebook):  # type: ignore[misc]
    """A gradebook that stays open when a step closes it, and commits what a submission changed at once.

    What the steps commit cell by cell is there as a whole or not at all.

    What nbgrader's steps ask for cell by cell, in a query each time, is read once for all cells of a notebook.
    """

    def __init__(self, db_url: str, course_id: str) -> None:
        super().__init__(db_url, course_id)
        self._read: dict[Key, dict[str, Any]] = {}
        # What is pending is written before the next query, and when it is saved.
        self.db.commit = _save_later

    def find_notebook(self, name: str, assignment: str) -> Any:
        """A notebook of the source, its cells read with it. Raises MissingEntry."""
        return self._named(name, "notebook", assignment, name)

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> Any:
        """A cell of the source. Raises MissingEntry."""
        return self._named(name, "source cell", assignment, notebook)

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> Any:
        """A cell with points. Raises MissingEntry."""
        return self._named(name, "graded cell", assignment, notebook)

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Any:
        """The grade of a submitted cell. Raises MissingEntry."""
        return self._named(grade_cell, "grade", assignment, notebook, student)

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Any:
        """The comment on a submitted cell. Raises MissingEntry."""
        return self._named(solution_cell, "comment", assignment, notebook, student)

    def find_submission(self, assignment: str, student: str) -> Any:
        """What a student handed in, kept until the next student's is asked for. Raises MissingEntry."""
        key = ("submission", assignment)
        if student not in self._read.get(key, {}):
            self._read[key] = {student: super().find_submission(assignment, student)}
        return self._read[key][student]

    def find_submission_notebook(self, notebook: str, assignment: str, student: str) -> Any:
        """A notebook that a student handed in. Raises MissingEntry."""
        found = self._read.setdefault(("submitted notebook", assignment, student), {})
        if notebook not in found:
            found[notebook] = super().find_submission_notebook(notebook, assignment, student)
        return found[notebook]

    def _named(self, name: str, kind: str, assignment: str, notebook: str, *student: str) -> Any:
        key = (kind, assignment, notebook, *student)
        if key not in self._read:
            if student:
                self._read_submission(assignment, notebook, *student)
            else:
                self._read_source(assignment, notebook)
        if name not in self._read[key]:
            raise MissingEntry(f"there is no {kind} {name!r} in {'/'.join(key[1:])}")
        return self._read[key][name]

    def _read_source(self, assignment: str, notebook: str) -> None:
        found = super().find_notebook(notebook, assignment)

        def cells(kind: Any) -> dict[str, Any]:
            return {cell.name: cell for cell in self.db.query(kind).join(Notebook).filter(Notebook.id == found.id)}

        self._read["notebook", assignment, notebook] = {notebook: found}
        self._read["source cell", assignment, notebook] = cells(SourceCell)
        self._read["graded cell", assignment, notebook] = {**cells(GradeCell), **cells(TaskCell)}
        # Not asked for by name, but each comment is on one of them.
        self._read["solution cell", assignment, notebook] = cells(SolutionCell)

    def _read_submission(self, assignment: str, notebook: str, student: str) -> None:
        self.find_notebook(notebook, assignment)
        submitted = self.find_submission_notebook(notebook, assignment, student)
        self._read["grade", assignment, notebook, student] = {grade.name: grade for grade in submitted.grades}
        self._read["comment", assignment, notebook, student] = {each.name: each for each in submitted.comments}

    def close(self) -> None:
        """A step is done with it; the session is not."""

    def __enter__(self) -> "OneGradebook":
        return self

    def save(self) -> None:
        """Commit everything since the last time."""
        type(self.db).commit(self.db)
        self._read.clear()

    def undo(self) -> None:
        """Forget everything since the last time."""
        self.db.rollback()
        self._read.clear()

    def end(self) -> None:
        """Close the connection; what was not saved is lost."""
        super().close()


def _save_later() -> None: ...


@contextmanager
def one_gradebook(db_url: str, course_id: str) -> Iterator[OneGradebook]:
    """A gradebook that every step of nbgrader's uses inside the block."""
    gradebook = OneGradebook(db_url, course_id)

    def shared(*arguments: Any, **options: Any) -> OneGradebook:
        return gradebook

    with ExitStack() as patches:
        for name, module in list(sys.modules.items()):
            if name.startswith(STEPS) and getattr(module, "Gradebook", None) is Gradebook:
                patches.enter_context(mock.patch.object(module, "Gradebook", shared))
        try:
            yield gradebook
        finally:
            gradebook.end()
