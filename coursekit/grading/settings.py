"""What coursekit adds to nbgrader_config.py."""

import os
from pathlib import Path
from typing import Any

from traitlets import Dict, Enum, List, Unicode
from traitlets.config import Configurable

from coursekit.errors import UsageError
from coursekit.grading.sandbox.levels import LANDLOCK, LEVELS

CONFIG_FILE = "nbgrader_config.py"
LIMITS = ("cell_seconds", "notebook_seconds", "output_bytes", "memory_bytes")


class CourseKit(Configurable):  # type: ignore[misc]
    """The settings under ``c.CourseKit``."""

    due_dates = Dict(
        value_trait=Unicode(), help="When each assignment is due, such as '2030-01-31 23:59 UTC'; names are the keys."
    ).tag(config=True)
    judge_inside = List(
        trait=Unicode(),
        help="Assignments whose tests may run in the student's process where they cannot be judged from outside.",
    ).tag(config=True)
    limits = Dict(
        help="Limits of assignments by name, '*' for all: cell_seconds and notebook_seconds of wall time, output_bytes "
        "that one cell may print or show, memory_bytes of a student's process."
    ).tag(config=True)
    minimum_isolation = Enum(
        list(LEVELS),
        default_value=LANDLOCK,
        help="Grade only where students' code is kept apart at least so well: 'namespaces', 'landlock', 'limits' or "
        "'none'. With the last two it can read whatever the instructor can; `coursekit doctor` tells the level here.",
    ).tag(config=True)


def find_root(start: Path) -> Path | None:
    """The nearest folder with a configuration, from ``start`` upwards; None where there is none."""
    folders = [start.resolve(), *start.resolve().parents]
    return next((folder for folder in folders if os.path.isfile(folder / CONFIG_FILE)), None)


def limits(settings: CourseKit, assignment: str, cell_seconds: int) -> dict[str, Any]:
    """The limits of an assignment as configured, ``cell_seconds`` by default.

    Raises UsageError for a limit that is unknown or no positive integer.
    """
    found = {"cell_seconds": cell_seconds}
    for name in ("*", assignment):
        found.update(settings.limits.get(name, {}))
    for limit, value in found.items():
        if limit not in LIMITS:
            raise UsageError(f"c.CourseKit.limits has {limit!r}; the limits are {', '.join(LIMITS)}")
        if type(value) is not int or value < 1:
            raise UsageError(f"c.CourseKit.limits: {limit} must be a positive integer, but is {value!r}")
    return found
