"""The kinds of cells that nbgrader knows, and answers put into a released notebook."""

from collections.abc import Callable, Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

Change = Callable[[NotebookNode], None]


def notebook(*cells: NotebookNode) -> NotebookNode:
    """A notebook of the stock Python kernel."""
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=list(cells), metadata={"kernelspec": kernelspec})


def prose(source: str) -> NotebookNode:
    """A markdown cell that nbgrader leaves alone."""
    return new_markdown_cell(source)


def code(source: str) -> NotebookNode:
    """A code cell that nbgrader leaves alone."""
    return new_code_cell(source)


def given(grade_id: str, source: str) -> NotebookNode:
    """A read-only code cell."""
    return _marked(new_code_cell(source), grade_id, locked=True)


def answer(grade_id: str, source: str) -> NotebookNode:
    """An autograded answer: its solution is what stands here."""
    return _marked(new_code_cell(f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"), grade_id, solution=True)


def graded(grade_id: str, points: float, source: str) -> NotebookNode:
    """Autograder tests."""
    return _marked(new_code_cell(source), grade_id, grade=True, locked=True, points=points)


def manual_code(grade_id: str, points: float, source: str) -> NotebookNode:
    """A code answer that a person grades."""
    return _marked(new_code_cell(source), grade_id, grade=True, solution=True, points=points)


def manual_text(grade_id: str, points: float, source: str) -> NotebookNode:
    """A written answer that a person grades."""
    return _marked(new_markdown_cell(source), grade_id, grade=True, solution=True, points=points)


def task(grade_id: str, points: float, source: str) -> NotebookNode:
    """A task, to be answered in cells of the student's own."""
    return _marked(new_markdown_cell(source), grade_id, locked=True, task=True, points=points)


def find(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """The cell with this id. Raises StopIteration where there is none."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def fill(notebook: NotebookNode, answers: Mapping[str, str]) -> None:
    """Write answers over the sources of the cells with these ids."""
    for grade_id, source in answers.items():
        find(notebook, grade_id).source = source


def _marked(cell: NotebookNode, grade_id: str, **marks: Any) -> NotebookNode:
    cell.metadata["nbgrader"] = {
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        **marks,
        "grade_id": grade_id,
        "cell_type": cell.cell_type,
        "schema_version": 3,
    }
    return cell
