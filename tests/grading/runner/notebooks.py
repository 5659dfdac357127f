"""Cells as the tests write them, and what became of each."""

from typing import Any

from nbformat.v4 import new_code_cell

from coursekit.grading.run import Outcome


def grade_cell(source: str, grade_id: str, *, points: float = 1, solution: bool = False, locked: bool = True) -> Any:
    """A cell with nbgrader's marks: a test, unless it is a solution or only locked."""
    cell = new_code_cell(source)
    cell.metadata["nbgrader"] = {
        "grade": not solution and points > 0,
        "solution": solution,
        "locked": locked and not solution,
        "grade_id": grade_id,
        "schema_version": 3,
        "task": False,
        "cell_type": "code",
        **({"points": points} if not solution and points > 0 else {}),
    }
    return cell


def passed(outcome: Outcome) -> bool:
    """Did the last cell, a test, end without an error?"""
    return all(output.output_type != "error" for output in outcome.notebook.cells[-1].outputs)


def errors(outcome: Outcome) -> list[str]:
    """Name and text of every error, in order."""
    return [
        f"{output.ename}: {output.evalue}"
        for cell in outcome.notebook.cells
        for output in cell.outputs
        if output.output_type == "error"
    ]


def text(cell: Any, name: str = "stdout") -> str:
    """What a cell wrote to a stream."""
    return "".join(output.text for output in cell.outputs if output.output_type == "stream" and output.name == name)
