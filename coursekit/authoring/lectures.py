"""Lectures: a percent script and, beside it, the executed notebook that students open."""

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from coursekit.authoring import percent
from coursekit.errors import UsageError

CELL_SECONDS = 120


def find(root: Path) -> list[Path]:
    """The percent scripts of all lectures in a folder. Raises UsageError where there is none."""
    scripts = sorted(root.glob("[0-9][0-9]_*.py")) if root.is_dir() else []
    if not scripts:
        raise UsageError(f"{root} holds no lecture; expected percent scripts NN_topic.py")
    return scripts


def build(script: Path) -> Path:
    """Execute a lecture and write its notebook beside it; returns the notebook's path.

    The notebook is written only if every cell ran. Raises UsageError naming file, line and exception otherwise.
    """
    source = percent.read(script)
    notebook = source.notebook
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(script.parent)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        index = next(i for i, cell in enumerate(notebook.cells) if _has_error(cell))
        raise source.error(index, f"the cell raised {error.ename}: {error.evalue}") from None
    _normalize(notebook)
    nbformat.validate(notebook)
    target = notebook_path(script)
    unfinished = target.with_suffix(".ipynb.part")
    nbformat.write(notebook, unfinished)
    unfinished.replace(target)
    return target


def drift(script: Path) -> list[str]:
    """How the notebook beside a lecture differs from its script, one sentence each; empty where it does not.

    Compared are sources, cell types, metadata, ids, and whether every code cell was executed in order.
    """
    source = percent.read(script)
    path = notebook_path(script)
    if not path.is_file():
        return [f"{path} is missing: run `coursekit build`"]
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        return [f"{path} is not a valid notebook ({type(error).__name__}): run `coursekit build`"]
    found = []
    if dict(notebook.metadata) != percent.NOTEBOOK_METADATA:
        found.append(f"{path}: the notebook's own metadata differ from what a build writes")
    if len(notebook.cells) != len(source.notebook.cells):
        found.append(f"{path} has {len(notebook.cells)} cells, its script {len(source.notebook.cells)}")
    executed = 0
    for index, (built, cell) in enumerate(zip(notebook.cells, source.notebook.cells, strict=False)):
        here = f"{path}, cell {index} (line {source.lines[index]} of the script)"
        parts = ("cell_type", "source", "id", "metadata")
        found += [
            f"{here}: the {part.replace('_', ' ')} differs" for part in parts if built.get(part) != cell.get(part)
        ]
        if built.cell_type == "code" and built.source.strip():
            executed += 1
            if built.execution_count != executed:
                found.append(f"{here}: was not executed in order (count {built.execution_count}, expected {executed})")
    return found


def notebook_path(script: Path) -> Path:
    """Where a lecture's notebook stands: beside its script."""
    return script.with_suffix(".ipynb")


def _has_error(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _normalize(notebook: Any) -> None:
    """Drop what differs between two executions of the same source: timings, versions, paths in tracebacks."""
    notebook.metadata = nbformat.from_dict(percent.NOTEBOOK_METADATA)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = [f"{output.ename}: {output.evalue}"]
