"""Stage 2: run a notebook with a student's code in it. The only stage that does.

``run`` is a function of a notebook and a policy alone: it knows no course, no gradebook and no student, and it can be
sent to another process or machine.
"""

import copy
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import nbformat

from coursekit.grading.runner.client import RunnerDied, runner
from coursekit.grading.runner.marks import is_test
from coursekit.grading.runner.processes import can_isolate
from coursekit.grading.sandbox import levels
from coursekit.grading.stock_kernel import run_in_kernel

CODES = "application/vnd.coursekit.check+json"


@dataclass(frozen=True)
class Policy:
    """How a notebook is to be run.

    ``cell_seconds`` and ``notebook_seconds`` of wall time; bytes that a cell may print, and that the student's process
    may use as memory, write to a file, keep in its workspace and send as one value. ``files`` lie beside the notebook;
    those ``shipped`` with the assignment are what tests read, whatever the student's code writes in their place.
    ``names`` are those of the student's that tests may use, None for any; ``imports`` the instructor's import
    statements by name. ``secret`` is the course's, for the data of hidden tests: the student's process never has it.
    ``judge_inside``: tests that cannot be judged from outside run in the student's process. ``minimum_isolation``: a
    level of ``sandbox.levels`` below which nothing is run. ``stock``: everything runs in one stock kernel, without
    isolation.
    """

    cell_seconds: int = 30
    notebook_seconds: int = 300
    output_bytes: int = 4 << 20
    memory_bytes: int = 4 << 30
    file_bytes: int = 256 << 20
    workspace_bytes: int = 256 << 20
    message_bytes: int = 512 << 20
    files: Mapping[str, bytes] = field(default_factory=dict)
    shipped: tuple[str, ...] = ()
    names: tuple[str, ...] | None = None
    imports: Mapping[str, str] = field(default_factory=dict)
    secret: str = field(default="", repr=False)
    judge_inside: bool = False
    minimum_isolation: str = levels.LANDLOCK
    stock: bool = field(default_factory=lambda: not can_isolate())


@dataclass(frozen=True)
class Outcome:
    """A notebook with outputs, and what happened: remarks for the instructor, seconds, diagnosis codes of each test."""

    notebook: Any
    remarks: list[str]
    needs_review: bool
    seconds: float
    codes: dict[str, Any]
    isolation: str


def run(notebook: Any, policy: Policy) -> Outcome:
    """Run every cell and return a copy of the notebook with its outputs.

    A cell that fails, ends its process or exceeds a limit is marked, and the rest goes on. Nothing that a student's
    code does raises here; RuntimeError where the runner or the kernel could not be started.
    """
    started = time.perf_counter()
    if policy.stock:
        executed = copy.deepcopy(notebook)
        remarks, needs_review = run_in_kernel(executed, policy.files, policy.cell_seconds)
        isolation = levels.NONE
    else:
        answer = _run_apart(notebook, policy)
        executed = nbformat.from_dict(answer["notebook"])
        remarks, needs_review = answer["remarks"], answer["needs_review"]
        isolation = answer["isolation"]
    return Outcome(executed, remarks, needs_review, time.perf_counter() - started, _codes(executed), isolation)


def request(notebook: Any, policy: Policy) -> dict[str, Any]:
    """What a runner is asked, as JSON has it."""
    files = {name: b64encode(content).decode() for name, content in policy.files.items()}
    return {"notebook": notebook, "policy": {**asdict(policy), "files": files}}


def _run_apart(notebook: Any, policy: Policy) -> dict[str, Any]:
    asked = request(notebook, policy)
    try:
        answer = runner().run(asked)
    except RunnerDied as died:
        if died.stopped:
            raise
        answer = runner().run(asked)
    if "refused" in answer:
        raise RuntimeError(answer["refused"])
    return answer


def _codes(notebook: Any) -> dict[str, Any]:
    """What the score blocks of the test cells reported, by grade_id."""
    found = {}
    for cell in notebook.cells:
        if is_test(cell):
            for output in cell.get("outputs", []):
                if output.output_type == "execute_result" and CODES in output.get("data", {}):
                    found[cell.metadata.nbgrader["grade_id"]] = output["data"][CODES]
    return found
