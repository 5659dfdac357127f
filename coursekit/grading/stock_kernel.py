"""A notebook in a stock Jupyter kernel, student's code and tests in one process: where there is nothing better."""

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from nbgrader.utils import setenv


class SilentKernelManager(AsyncKernelManager):  # type: ignore[misc]
    """Starts kernels whose own words, such as what a socket library says at exit, stay off the terminal.

    What cells write is not concerned: that travels in messages.
    """

    async def start_kernel(self, **options: Any) -> None:
        """Start the kernel without the terminal's standard error."""
        await super().start_kernel(**{"stderr": subprocess.DEVNULL, **options})


def run_in_kernel(notebook: Any, files: Mapping[str, bytes], cell_seconds: int) -> tuple[list[str], bool]:
    """Run every cell of a notebook in place, in a folder of its own; returns remarks, and whether to look at it.

    A cell that fails or exceeds its time is marked and the rest goes on. Where the kernel dies, every cell that did not
    run is marked as failed, so that it earns nothing. Raises RuntimeError where no kernel could be started.
    """
    remarks: list[str] = []
    died = False
    with tempfile.TemporaryDirectory(prefix="coursekit-run-") as folder:
        _lay_out(Path(folder), files)
        with setenv(NBGRADER_EXECUTION="autograde", PYTHONDONTWRITEBYTECODE="1"):
            try:
                executor = Execute(timeout=cell_seconds, kernel_manager_class=SilentKernelManager)
                executor.preprocess(notebook, {"metadata": {"path": folder}})
            except Exception as error:
                if not any(map(_started, notebook.cells)):
                    raise RuntimeError(f"no kernel could be started: {error}") from error
                died = True
    if died:
        remarks.append(f"the kernel died in {_mark_unrun(notebook)}; cells from there on earn nothing")
    remarks += [f"{_name(cell)} ran longer than {cell_seconds} s" for cell in notebook.cells if _timed_out(cell)]
    return remarks, died


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
