"""Stage 2: run a notebook with a student's code in it. The only stage that does.

``run`` is a function of a notebook and a policy alone: it knows no course, no gradebook and no student, and it can be
sent to another process or machine.
"""

import copy
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, setenv

CODES = "application/vnd.coursekit.check+json"


class SilentKernelManager(AsyncKernelManager):  # type: ignore[misc]
    """Starts kernels whose own words, such as what a socket library says at exit, stay off the terminal.

    What cells write is not concerned: that travels in messages.
    """

    async def start_kernel(self, **options: Any) -> None:
        """Start the kernel without the terminal's standard error."""
        await super().start_kernel(**{"stderr": subprocess.DEVNULL, **options})


@dataclass(frozen=True)
class Policy:
    """How a notebook is to be run: ``cell_seconds`` of wall time a cell, and the ``files`` that lie beside it."""

    cell_seconds: int = 30
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """A notebook with outputs, and what happened: remarks for the instructor, seconds, diagnosis codes of each test."""

    notebook: Any
    remarks: list[str]
    needs_review: bool
    seconds: float
    codes: dict[str, Any]
    isolation: str = "none"


def run(notebook: Any, policy: Policy) -> Outcome:
    """Run every cell in a stock kernel in a folder of its own, and return the notebook with its outputs.

    A cell that fails or exceeds its time is marked and the rest goes on. Where the kernel dies, every cell that did not
    run is marked as failed, so that it earns nothing. Nothing that a student's code does raises here; RuntimeError
    where no kernel could be started.
    """
    executed = copy.deepcopy(notebook)
    started = time.perf_counter()
    remarks: list[str] = []
    died = False
    with tempfile.TemporaryDirectory(prefix="coursekit-run-") as folder:
        _lay_out(Path(folder), policy.files)
        with setenv(NBGRADER_EXECUTION="autograde", PYTHONDONTWRITEBYTECODE="1"):
            try:
                executor = Execute(timeout=policy.cell_seconds, kernel_manager_class=SilentKernelManager)
                executor.preprocess(executed, {"metadata": {"path": folder}})
            except Exception as error:
                if not any(map(_started, executed.cells)):
                    raise RuntimeError(f"no kernel could be started: {error}") from error
                died = True
    if died:
        remarks.append(f"the kernel died in {_mark_unrun(executed)}; cells from there on earn nothing")
    remarks += [f"{_name(cell)} ran longer than {policy.cell_seconds} s" for cell in executed.cells if _timed_out(cell)]
    return Outcome(
        notebook=executed,
        remarks=remarks,
        needs_review=died,
        seconds=time.perf_counter() - started,
        codes=_codes(executed),
    )


def _lay_out(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _mark_unrun(notebook: Any) -> str:
    """Give every code cell without a finished run an error, as a cell without outputs would earn full points."""
    unrun = [cell for cell in notebook.cells if cell.cell_type == "code" and not _finished(cell)]
    for cell in unrun:
        cell.outputs = [
            *cell.get("outputs", []),
            new_output("error", ename="NotRun", evalue="the kernel died before this cell was done", traceback=[]),
        ]
    return _name(unrun[0]) if unrun else "its last cell"


def _started(cell: Any) -> bool:
    return "execution" in cell.metadata


def _finished(cell: Any) -> bool:
    return not cell.source.strip() or "shell.execute_reply" in cell.metadata.get("execution", {})


def _timed_out(cell: Any) -> bool:
    return any(
        output.output_type == "error" and output.ename in ("CellTimeoutError", "KeyboardInterrupt")
        for output in cell.get("outputs", [])
    )


def _name(cell: Any) -> str:
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    return f"cell {grade_id}" if grade_id else "a cell of the student's"


def _codes(notebook: Any) -> dict[str, Any]:
    """What the score blocks of the test cells reported, by grade_id."""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and is_grade(cell):
            for output in cell.get("outputs", []):
                if output.output_type == "execute_result" and CODES in output.get("data", {}):
                    found[cell.metadata.nbgrader["grade_id"]] = output["data"][CODES]
    return found
