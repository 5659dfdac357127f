"""What a grader has written of one submission, as plain values: gradebook rows, files, notebooks and feedback."""

import html
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry

ANSI = re.compile(r"\x1b\[[0-9;]*m")
ADDRESS = re.compile(r"0x[0-9a-f]+")
WALL_TIME = re.compile(r"[\d.e+]+ (ns|[µμu]s|ms|s)\b")
CELL_FILE = re.compile(r"\((<ipython-input[^>]*>|\d+\.py), line")
STAND_INS = ((ANSI, ""), (ADDRESS, "0x0"), (WALL_TIME, "TIME"), (CELL_FILE, "(cell, line"))
TRACEBACK = re.compile(r'<div class="[^"]*output_error[^"]*">.*?</div>', re.DOTALL)
TAG = re.compile(r"<(script|style|head)\b.*?</\1>|<[^>]*>", re.DOTALL)


def grades(course: Path, assignment: str, student: str) -> Any:
    """Every score of every graded cell."""
    fields = ("auto_score", "manual_score", "extra_credit", "score", "max_score", "needs_manual_grade", "cell_type")
    return _rows(course, assignment, student, lambda notebook: notebook.grades, fields)


def comments(course: Path, assignment: str, student: str) -> Any:
    """Every comment, nbgrader's own and a person's."""
    return _rows(course, assignment, student, lambda notebook: notebook.comments, ("auto_comment", "manual_comment"))


def notebooks(course: Path, assignment: str, student: str) -> Any:
    """The row of each notebook, with its penalty and its sums."""
    fields = ("late_submission_penalty", "flagged", "score", "max_score", "code_score", "written_score", "task_score")
    more = ("needs_manual_grade", "failed_tests")
    return _rows(course, assignment, student, lambda notebook: [notebook], (*fields, *more))


def submission(course: Path, assignment: str, student: str) -> Any:
    """The row of the submission and of the student."""
    fields = ("timestamp", "extension", "duedate", "total_seconds_late", "score", "max_score", "needs_manual_grade")
    with closing(_gradebook(course)) as gradebook:
        try:
            found = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return None
        person = found.student
        return (
            {name: getattr(found, name) for name in fields},
            {name: getattr(person, name) for name in ("id", "first_name", "last_name", "email", "score")},
            sorted(notebook.name for notebook in found.notebooks),
        )


def files(course: Path, assignment: str, student: str) -> Any:
    """The files of the autograded folder that were handed in or belong to the assignment: permissions and content.

    A notebook's content is left to ``cells`` and ``outputs``.
    """
    folder = course / "autograded" / student / assignment
    origins = course / "submitted" / student / assignment, course / "source" / assignment
    return {
        str(path.relative_to(folder)): (
            oct(path.stat().st_mode & 0o777),
            b"" if path.suffix == ".ipynb" else path.read_bytes(),
        )
        for path in folder.rglob("*")
        if path.is_file() and any((origin / path.relative_to(folder)).is_file() for origin in origins)
    }


def cells(course: Path, assignment: str, student: str) -> Any:
    """Type, source, metadata and attachments of every cell, and the kernel; when a cell ran is left out."""
    return {
        name: (
            notebook.metadata.get("kernelspec"),
            {key: value for key, value in notebook.metadata.items() if key not in ("kernelspec", "language_info")},
            [
                (
                    cell.cell_type,
                    cell.source,
                    {key: value for key, value in cell.metadata.items() if key != "execution"},
                    cell.get("attachments"),
                    cell.get("execution_count"),
                )
                for cell in notebook.cells
            ],
        )
        for name, notebook in _autograded(course, assignment, student)
    }


def outputs(course: Path, assignment: str, student: str) -> Any:
    """The outputs of every code cell: of an error its name and text, as a traceback tells of the process it is from."""
    return {
        name: [_shown(cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]
        for name, notebook in _autograded(course, assignment, student)
    }


def feedback(course: Path, assignment: str, student: str) -> Any:
    """The words of the feedback pages, tracebacks left out."""
    folder = course / "feedback" / student / assignment
    return {path.name: _words(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.html"))}


ASPECTS = (grades, comments, notebooks, submission, files, cells, outputs, feedback)


def auto_scores(course: Path, assignment: str, student: str) -> dict[str, float | None]:
    """The automatic score of every graded cell."""
    rows = grades(course, assignment, student)
    return {cell: row["auto_score"] for (_, cell), row in rows.items()}


def _gradebook(course: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{course / 'gradebook.db'}", "conformance")


def _rows(
    course: Path, assignment: str, student: str, of: Callable[[Any], list[Any]], fields: tuple[str, ...]
) -> dict[tuple[str, str], dict[str, Any]]:
    with closing(_gradebook(course)) as gradebook:
        found = gradebook.find_submission(assignment, student)
        return {
            (notebook.name, row.name): {field: getattr(row, field) for field in fields}
            for notebook in found.notebooks
            for row in of(notebook)
        }


def _autograded(course: Path, assignment: str, student: str) -> list[tuple[str, Any]]:
    folder = course / "autograded" / student / assignment
    return [(path.stem, nbformat.read(path, as_version=4)) for path in sorted(folder.glob("*.ipynb"))]


def _shown(given: list[Any]) -> list[Any]:
    shown: list[Any] = []
    for output in given:
        if output.output_type == "stream":
            if shown and shown[-1][0] == output.name:
                shown[-1] = (output.name, shown[-1][1] + _stable(output.text))
            else:
                shown.append((output.name, _stable(output.text)))
        elif output.output_type == "error":
            shown.append(("error", output.ename, _stable(output.evalue)))
        else:
            data = {kind: _stable(value) for kind, value in output.data.items()}
            shown.append((output.output_type, data, output.metadata, output.get("execution_count")))
    return shown


def _stable(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    for pattern, stand_in in STAND_INS:
        text = pattern.sub(stand_in, text)
    return text


def _words(page: str) -> list[str]:
    text = html.unescape(TAG.sub(" ", TRACEBACK.sub(" ", page)))
    return [_stable(line).strip() for line in text.splitlines() if line.strip()]
