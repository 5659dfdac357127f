"""Submissions per second of `nbgrader autograde` with its stock kernel and of `coursekit grade`, one after the other.

Whole commands, gradebook included, on a class that hands in hw4_layers: right and wrong variants in turn. The commands
take turns over several rounds; printed are the median seconds a submission, the ratio to nbgrader, where the time of a
submission goes, and how soon after a request a first cell is done.
"""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import nbformat
from nbgrader.converters import Autograde

from coursekit import demo
from coursekit.authoring import assignments
from coursekit.grading.course import Course
from coursekit.grading.ledger import Ledger
from coursekit.grading.release import release
from coursekit.grading.run import Policy, request
from coursekit.grading.runner.client import opened

ROOT = Path(__file__).parents[2]
STUDENTS, ROUNDS = 40, 2
STEPS = [
    f"{step.__module__}.{step.__name__}" for step in Autograde.class_traits()["autograde_preprocessors"].default_args[0]
]
OPTIONS = [f"--Autograde.autograde_preprocessors={step}" for step in STEPS]
COMMANDS = {
    "nbgrader autograde": ["nbgrader", "autograde", demo.ASSIGNMENT, "--force", *OPTIONS],
    "coursekit grade -j 1": ["coursekit", "grade", demo.ASSIGNMENT, "-j", "1"],
    "coursekit grade -j 2": ["coursekit", "grade", demo.ASSIGNMENT, "-j", "2"],
}


def make_class(course: Path) -> int:
    """A course whose students have all handed in a notebook; returns their number."""
    demo.make_course(course, ROOT / "assignments")
    release(Course.here(course), demo.ASSIGNMENT)
    demo.hand_in_class(course, ROOT / "assignments", STUDENTS)
    broken = [path for path in course.glob("submitted/*/*/*.ipynb") if not _is_notebook(path)]
    for path in broken:
        shutil.rmtree(path.parents[1])
    return STUDENTS - len(broken)


def _is_notebook(path: Path) -> bool:
    try:
        nbformat.read(path, as_version=4)
    except Exception:
        return False
    return True


def seconds(command: list[str], course: Path) -> float:
    """Wall time of a whole command that grades the class anew."""
    (course / "coursekit.db").unlink(missing_ok=True)
    shutil.rmtree(course / "autograded", ignore_errors=True)
    started = time.perf_counter()
    subprocess.run(command, cwd=course, capture_output=True, check=True)
    return time.perf_counter() - started


def first_cells(count: int) -> list[float]:
    """Seconds from a request to the end of its first cell, in a runner that is warm."""
    notebook = assignments.build(ROOT / "assignments" / demo.ASSIGNMENT / f"{demo.ASSIGNMENT}.py")
    (runner,) = opened()
    asked = request(nbformat.v4.new_notebook(cells=notebook.cells[:2]), Policy())
    found = [runner.run(asked)["first_cell"] for _ in range(count + 1)][1:]
    runner.close()
    return found


def main() -> None:
    """Make the class, grade it in turns, print the figures."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        number = make_class(course)
        taken: dict[str, list[float]] = defaultdict(list)
        for _ in range(ROUNDS):
            for name, command in COMMANDS.items():
                taken[name].append(seconds(command, course) / number)
        results = Ledger(course).results(demo.ASSIGNMENT).values()
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {number} submissions")
    slowest = statistics.median(taken["nbgrader autograde"])
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:22} {median:6.3f} s a submission, {slowest / median:5.1f} times as many a second")
    stages = {stage: [result.seconds[stage] for result in results] for stage in ("sanitize", "run", "record")}
    for stage, times in stages.items():
        print(f"  {stage:20} {statistics.median(times):6.3f} s a submission (median), {sum(times):6.1f} s in all")
    print(f"first cell done        {1000 * statistics.median(first_cells(20)):6.1f} ms after the request (median)")


if __name__ == "__main__":
    main()
