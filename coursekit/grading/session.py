"""One open gradebook for a whole run, also for nbgrader's own steps, which would each open theirs."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from nbgrader.api import Gradebook

STEPS = "nbgrader.preprocessors."


class OneGradebook(Gradebook):  # type: ignore[misc]
    """A gradebook that stays open when a step closes it, and commits what a submission changed at once."""

    def close(self) -> None:
        """A step is done with it; the session is not."""

    def __enter__(self) -> "OneGradebook":
        return self

    def save(self) -> None:
        """Commit everything since the last time."""
        type(self.db).commit(self.db)

    def undo(self) -> None:
        """Forget everything since the last time."""
        self.db.rollback()

    def end(self) -> None:
        """Close the connection; what was not saved is lost."""
        super().close()


@contextmanager
def one_gradebook(db_url: str, course_id: str) -> Iterator[OneGradebook]:
    """A gradebook that every step of nbgrader's uses inside the block."""
    gradebook = OneGradebook(db_url, course_id)
    # What the steps commit cell by cell is committed once a submission: it is there as a whole or not at all.
    gradebook.db.commit = gradebook.db.flush

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
