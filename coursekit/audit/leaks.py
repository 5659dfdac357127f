"""What must not be given away, and whether any page or file that a student can see gives it away."""

import html
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import nbformat
from nbgrader.apps.api import NbGraderAPI

from coursekit.audit.finding import Finding
from coursekit.audit.subject import Subject
from coursekit.authoring.assignments import hand_in
from coursekit.authoring.roles import BEGIN_HIDDEN, BEGIN_SOLUTION, END_HIDDEN, END_SOLUTION
from coursekit.errors import UsageError
from coursekit.grading.grade import grade

# A shorter line says nothing by itself.
SHORTEST = 12
# In a wheel, whose files have lines of their own, shorter ones may be alike by chance.
SHORTEST_IN_WHEEL = 40


class Wheel(NamedTuple):
    """The text of each file in a wheel, by its path."""

    texts: dict[str, str]


def leaks(subject: Subject, wheel: Wheel | None) -> Finding:
    """Look for lines of solutions and hidden tests in the release, the feedback and the wheel; None: there is none."""
    source = subject.script.read_text(encoding="utf-8")
    secret = secrets(source)
    folder = subject.course.root / "release" / subject.name
    shown = [(f"the release, {where}", line) for where, line in in_notebook(subject.released, secret)]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".ipynb":
            text = path.read_text(errors="replace")
            shown += [(f"the release, {path.name}", line) for line in _found(secret, [text])]
    pages = feedback(subject)
    for student, (page, submitted) in pages.items():
        shown += [(f"the feedback page of {student}", line) for line in _found(secret - submitted, [page])]
    packed = wheel.texts if wheel is not None else {}
    long = sorted(line for line in secret if len(line) > SHORTEST_IN_WHEEL)
    shown += [(f"the wheel, {name}", line) for name, text in packed.items() for line in long if line in text]
    written = [line.strip() for line in source.splitlines()]
    faults = [f"{subject.at(written.index(line) + 1)}: also in {place}: {line}" for place, line in shown]
    faults += [f"the wheel holds {name}" for name in packed if subject.name in name or "/variants/" in name]
    places = f"release, {len(pages)} feedback pages" + (f", {len(wheel.texts)} files of the wheel" if wheel else "")
    return Finding("leaks", f"{len(secret)} lines are kept secret from {places}", faults)


def secrets(source: str) -> set[str]:
    """Lines that stand in a solution or a hidden test, and nowhere outside of one."""
    inside, outside = "", source
    for begin, end in ((BEGIN_SOLUTION, END_SOLUTION), (BEGIN_HIDDEN, END_HIDDEN)):
        region = re.compile(f"{re.escape(begin)}(.*?){re.escape(end)}", re.DOTALL)
        inside += "\n".join(region.findall(source)) + "\n"
        outside = region.sub("", outside)
    return {line for line in _lines(inside) if len(line) > SHORTEST} - set(_lines(outside))


def in_notebook(notebook: Any, secret: set[str]) -> Iterator[tuple[str, str]]:
    """Where in a notebook, and which line: sources, outputs and metadata of every cell, and its own metadata."""
    for number, cell in enumerate(notebook.cells, start=1):
        for part in ("source", "outputs", "metadata", "attachments"):
            if part in cell:
                for line in _found(secret, _texts(cell[part])):
                    yield f"{part} of cell {number}", line
    for line in _found(secret, _texts(notebook.metadata)):
        yield "metadata", line


def feedback(subject: Subject) -> dict[str, tuple[str, set[str]]]:
    """The text of nbgrader's feedback page, and the lines handed in, for a blank and a wrong notebook."""
    wrong = [variant for variant in subject.variants if variant.fails]
    wrong = sorted(wrong, key=lambda variant: len(variant.fails))[-1:]
    notebooks = {"blank": subject.released}
    notebooks |= {variant.name: hand_in(subject.released, subject.instructor, variant) for variant in wrong}
    course = subject.course
    for student, notebook in notebooks.items():
        folder = course.root / "submitted" / student / subject.name
        folder.mkdir(parents=True)
        nbformat.write(nbformat.from_dict(notebook), folder / f"{subject.name}.ipynb")
    for done in grade(course, subject.name).graded:
        if done.result is None:
            raise UsageError(f"{subject.script}: {done.submission.student} could not be graded: {done.error}")
    pages = {}
    for student, notebook in notebooks.items():
        made = NbGraderAPI(course.directory, parent=course.app, log_level="CRITICAL").generate_feedback(
            subject.name, student
        )
        if not made["success"]:
            raise UsageError(f"{subject.script}: nbgrader could not make a feedback page: {made.get('error')}")
        page = course.path("feedback", student, subject.name) / f"{subject.name}.html"
        handed_in = {line for cell in notebook.cells for line in _lines(cell.source)}
        pages[student] = (_plain(page.read_text(encoding="utf-8")), handed_in)
    return pages


def build_wheel(clone: Path) -> Wheel | None:
    """The wheel of this clone, None outside of one. Raises UsageError where it cannot be built."""
    if not (clone / "pyproject.toml").is_file():
        return None
    with TemporaryDirectory(prefix="coursekit-wheel-") as folder:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        done = subprocess.run(command, cwd=clone, capture_output=True, text=True)
        if done.returncode:
            last = (done.stderr.strip() or "no reason given").splitlines()[-1]
            raise UsageError(f"the wheel could not be built ({last}): install coursekit[test]")
        (built,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(built) as archive:
            return Wheel({name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()})


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines())


def _found(secret: set[str], texts: Iterable[str]) -> list[str]:
    return sorted(secret & {line for text in texts for line in _lines(text)})


def _texts(value: Any) -> Iterator[str]:
    """All texts in a JSON value, and where one is itself HTML, what a reader sees of it."""
    if isinstance(value, str):
        yield value
        if "<" in value:
            yield _plain(value)
    elif isinstance(value, dict):
        for key, inside in value.items():
            yield str(key)
            yield from _texts(inside)
    elif isinstance(value, (list, tuple)):
        for inside in value:
            yield from _texts(inside)
    elif value is not None:
        yield json.dumps(value)


def _plain(page: str) -> str:
    """The text of an HTML page."""
    return html.unescape(re.sub(r"<[^>]*>", "", page))
