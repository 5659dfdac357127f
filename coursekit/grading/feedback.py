"""Feedback without secrets: what nbgrader would show of hidden tests is taken out of a student's page."""

from typing import Any

from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor

from coursekit.grading.runner.marks import is_test
from coursekit.grading.runner.outputs import BY_STUDENT


class HideHiddenTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Removes hidden tests from test cells, and what would quote them: tracebacks, and what the student's code showed.

    A function that prints its arguments would else print the data of hidden tests. A step of
    GenerateFeedback.preprocessors, before the page is made.
    """

    def preprocess_cell(self, cell: Any, resources: dict[str, Any], cell_index: int) -> tuple[Any, dict[str, Any]]:
        """Clean one cell; only automatically graded code cells change."""
        if is_test(cell):
            whole = cell.source
            cell, resources = ClearHiddenTests(parent=self.parent).preprocess_cell(cell, resources, cell_index)
            if cell.source != whole:
                cell.outputs = [output for output in cell.get("outputs", []) if not _is_students(output)]
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: the test stopped here"]
                    output.evalue = ""
        return cell, resources


def _is_students(output: Any) -> bool:
    return output.output_type == "stream" or all(output.metadata.get(key) == BY_STUDENT[key] for key in BY_STUDENT)
