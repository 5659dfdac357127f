"""Running many notebooks of an assignment, a few at a time, apart from this process."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

from nbgrader.utils import determine_grade

from coursekit.grading.run import Outcome, Policy, run
from coursekit.grading.runner.client import Runner, runner
from coursekit.grading.runner.marks import is_test
from coursekit.grading.runner.names import Bound

# Seconds that a cell may run, as in the configuration of a new course.
CELL_SECONDS = 10
JOBS = 2
# Other work on the machine may make a run slow: what fails in time may be run so often.
TRIES = 3


class Graded(NamedTuple):
    """Of each test cell, by its grade_id: the points that nbgrader gives, and the codes of the mistakes found."""

    points: dict[str, float]
    codes: dict[str, set[str]]
    outcome: Outcome


def graded(notebook: Any, bound: Bound, cell_seconds: int = CELL_SECONDS, secret: str = "") -> Graded:
    """Run a notebook and grade its test cells."""
    policy = Policy(cell_seconds=cell_seconds, names=bound.listed(), imports=bound.imports, secret=secret)
    outcome = run(notebook, policy)
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in outcome.notebook.cells if is_test(cell)}
    codes = {
        name: {code for part in outcome.codes[name]["parts"] for code in part["codes"]}
        if name in outcome.codes
        else set()
        for name in cells
    }
    return Graded({name: float(determine_grade(cell)[0]) for name, cell in cells.items()}, codes, outcome)


@contextmanager
def workers(jobs: int = JOBS) -> Iterator[ThreadPoolExecutor]:
    """Threads that each have a runner of their own; what has not begun at the end of the block is dropped."""
    runners: list[Runner] = []
    pool = ThreadPoolExecutor(jobs, "audit", initializer=lambda: runners.append(runner()))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
        for used in runners:
            used.close()
