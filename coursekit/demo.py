"""A made-up class, graded: what `coursekit demo` shows to someone who has just cloned the repository.

Every submission is a real notebook, made from the variants of an assignment: ways to be right, ways to be wrong, and
the accidents of a real class.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from coursekit.authoring import assignments, course
from coursekit.errors import UsageError

ASSIGNMENT = "hw4_layers"
DUE = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
STAMP = "%Y-%m-%d %H:%M:%S %Z"


class Student(NamedTuple):
    """A student of the made-up class, named after what is handed in (None: nothing readable), and how late."""

    id: str
    first_name: str
    last_name: str
    notebook: Any
    late: timedelta = timedelta()


def make_course(directory: Path, assignment_root: Path) -> None:
    """Make a course directory for the demo. Raises UsageError where it exists or the assignment is missing."""
    if not (assignment_root / ASSIGNMENT / f"{ASSIGNMENT}.py").is_file():
        raise UsageError(
            f"{assignment_root} holds no {ASSIGNMENT}: run the demo in a clone, or name --assignments PATH"
        )
    course.init(directory, assignment_root, due_dates={ASSIGNMENT: DUE.strftime("%Y-%m-%d %H:%M UTC")})


def hand_in_class(directory: Path, assignment_root: Path, number: int) -> list[Student]:
    """Write ``number`` submissions of the released assignment and the roster; returns the students."""
    script = assignment_root / ASSIGNMENT / f"{ASSIGNMENT}.py"
    released = nbformat.read(directory / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    students = list(_class(script, released, number))
    with (directory / "roster.csv").open("w", newline="", encoding="utf-8") as file:
        roster = csv.writer(file)
        roster.writerow(["id", "first_name", "last_name", "email"])
        roster.writerows([student.id, student.first_name, student.last_name, ""] for student in students)
    for student in students:
        folder = directory / "submitted" / student.id / ASSIGNMENT
        folder.mkdir(parents=True)
        path = folder / f"{ASSIGNMENT}.ipynb"
        if student.notebook is None:
            path.write_text('{"cells": [{"cell_type": "code", "source": "def affine_back', encoding="utf-8")
        else:
            nbformat.write(student.notebook, path)
        handed_in = DUE - timedelta(hours=2) + student.late
        (folder / "timestamp.txt").write_text(handed_in.strftime(STAMP), encoding="utf-8")
    return students


def _class(script: Path, released: Any, number: int) -> Iterator[Student]:
    """Blank, late, unreadable and do-nothing first, then right and wrong variants in turn."""
    instructor = assignments.build(script)
    known = {variant.name: variant for variant in assignments.variants(script)}
    nothing = known.pop("wrong_nothing")
    right = [variant for name, variant in known.items() if name.startswith("right_")]
    wrong = [variant for name, variant in known.items() if name.startswith("wrong_")]
    first = right[0]

    def written(variant: assignments.Variant) -> Any:
        return assignments.hand_in(released, instructor, variant)

    accidents = [
        ("blank", "notebook", released, timedelta()),
        ("does", "nothing", written(nothing), timedelta()),
        ("late", _title(first), written(first), timedelta(days=3, hours=2)),
        ("half", "a file", None, timedelta()),
    ]
    turns = (variant for pair in zip(cycle(right), cycle(_spread(wrong, number)), strict=False) for variant in pair)
    for index in range(1, number + 1):
        student = f"s{index:03d}"
        if accidents and (index % 3 == 0 or number - index < len(accidents)):
            yield Student(student, *accidents.pop(0))
        else:
            variant = next(turns)
            kind = "right" if not variant.fails else "wrong"
            yield Student(student, kind, _title(variant), written(variant))


def _spread(wrong: list[assignments.Variant], number: int) -> list[assignments.Variant]:
    """Wrong variants for a class of this size, from the whole catalogue instead of its beginning."""
    stride = max(len(wrong) * 2 // number, 1)
    return wrong[stride // 2 :: stride]


def _title(variant: assignments.Variant) -> str:
    return variant.name.partition("_")[2].replace("_", " ")
