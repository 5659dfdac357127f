"""What students handed in: the folders, what is in them, and a hash that changes when any of it does."""

import glob
import hashlib
import json
import os
import re
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbgrader.utils import parse_utc

from coursekit.errors import UsageError
from coursekit.grading.course import Course


class Submission(NamedTuple):
    """One student's folder for one assignment."""

    student: str
    assignment: str
    folder: Path

    @property
    def files(self) -> list[Path]:
        """Every ordinary file in the folder, sorted; links are not followed and checkpoints are left out."""
        return [
            path
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
            and not any(part.is_symlink() for part in [path, *path.parents] if part.is_relative_to(self.folder))
            and ".ipynb_checkpoints" not in path.parts
        ]

    @property
    def timestamp(self) -> datetime | None:
        """When it was handed in (UTC), as nbgrader's timestamp.txt says; None where there is no readable one."""
        path = self.folder / "timestamp.txt"
        try:
            when: datetime = parse_utc(path.read_text(encoding="utf-8").strip())
        except (OSError, ValueError, OverflowError):
            return None
        return when

    def content_hash(self, release: str) -> str:
        """A hash of every file's name and content and of the assignment's own version ``release``."""
        digest = hashlib.sha256(release.encode())
        for path in self.files:
            name = os.fsencode(path.relative_to(self.folder))
            content = path.read_bytes()
            digest.update(f"{len(name)}:{len(content)}:".encode() + name + content)
        return digest.hexdigest()


# nbgrader writes ids into its pages as they are, between quotes and in scripts.
UNSAFE = re.compile(r'[<>"\\\x00-\x1f]')
# Levels of lists and objects in a submitted notebook; one as Jupyter saves it has about ten.
DEPTH = 60


class Unreadable(Exception):
    """A submitted notebook that cannot be graded as it is; the message is for the instructor."""


def find(course: Course, assignment: str, students: Sequence[str] = ()) -> list[Submission]:
    """All submissions of an assignment, by student; or those of the students named.

    Raises UsageError where nobody handed in, or a student named did not.
    """
    step = course.directory.submitted_directory
    pattern = course.directory.format_path(step, "(?P<student>.*)", assignment, escape=True)
    found = []
    for folder in sorted(glob.glob(course.directory.format_path(step, "*", assignment))):
        match = re.fullmatch(pattern, folder)
        if match is not None and Path(folder).is_dir():
            found.append(Submission(match["student"], assignment, Path(folder)))
    if not found:
        raise UsageError(f"nobody has handed in {assignment}: expected folders {step}/STUDENT/{assignment}")
    known = {submission.student for submission in found}
    for student in students:
        if student not in known:
            raise UsageError(f"{student!r} has not handed in {assignment}; {len(known)} others have: {_some(known)}")
    return [submission for submission in found if not students or submission.student in students]


def check_student(submission: Submission) -> None:
    """Raise UsageError where the student's id, the folder's name, would be read as HTML or script."""
    if UNSAFE.search(submission.student):
        raise UsageError(
            f"the folder {submission.student!r} is no student's id, which holds no backslash and none of < > and "
            "the double quote: rename the folder"
        )


def check_timestamp(submission: Submission) -> list[str]:
    """A remark where there is a timestamp.txt that tells no time, as nobody can say then how late it is."""
    if (submission.folder / "timestamp.txt").exists() and submission.timestamp is None:
        return ["timestamp.txt holds no date: whether this is late cannot be said"]
    return []


def read_notebook(submission: Submission, name: str, expected: Collection[str]) -> Any:
    """The submitted notebook ``name``, one of those ``expected`` (without .ipynb).

    Raises Unreadable saying what is wrong with it.
    """
    path = submission.folder / f"{name}.ipynb"
    if path not in submission.files:
        others = [path.name for path in submission.files if path.suffix == ".ipynb" and path.stem not in expected]
        there = (
            f"found {', '.join(others)} instead: rename it and grade again"
            if others
            else "found no notebook in its place"
        )
        raise Unreadable(f"{name}.ipynb is missing; {there}")
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise Unreadable(f"{name}.ipynb is not JSON, so it is no notebook: ask for it again") from None
    if not _is_shallow(content):
        raise Unreadable(f"{name}.ipynb is nested deeper than {DEPTH} levels, as no notebook is: ask for it again")
    version = content.get("nbformat") if isinstance(content, dict) else None
    if version not in (3, 4):
        raise Unreadable(
            f"{name}.ipynb has nbformat {version!r} where 4 is expected: ask for a copy saved by JupyterLab"
        )
    try:
        text = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
        strictly: dict[str, Exception] = {}
        notebook = nbformat.reads(text, as_version=4, capture_validation_error=strictly)
        if strictly:
            nbformat.validate(notebook, relax_add_props=True)
    except Exception as error:
        detail = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Unreadable(f"{name}.ipynb is not a valid notebook: {detail}") from None
    return notebook


def _is_shallow(content: Any) -> bool:
    """Is JSON nested at most ``DEPTH`` levels deep?"""
    level = [content]
    for _ in range(DEPTH):
        lists = [list(value.values()) if isinstance(value, dict) else value for value in level]
        level = [value for values in lists for value in values if isinstance(value, (dict, list))]
        if not level:
            return True
    return False


def _some(names: set[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:5]) + (", ..." if len(listed) > 5 else "")
