"""Seconds a submission takes under `nbgrader autograde` and under `coursekit grade`, interleaved in one run.

Whole commands, gradebook included, on the same submissions of hw4_layers in a course of its own; each pair grades one
student with one command and then with the other. Prints the median of each and the median ratio of the pairs.
"""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coursekit import demo
from coursekit.grading.course import Course
from coursekit.grading.release import release

ROOT = Path(__file__).parents[2]
STUDENTS = 8


def _seconds(command: list[str], cwd: Path) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=cwd, capture_output=True, check=True)
    return time.perf_counter() - started


def main() -> None:
    """Make the class, grade it both ways, print the figures."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        demo.make_course(course, ROOT / "assignments")
        release(Course.here(course), demo.ASSIGNMENT)
        students = demo.hand_in_class(course, ROOT / "assignments", STUDENTS)
        nbgrader, coursekit = [], []
        for student in students:
            if student.notebook is None:
                continue
            nbgrader.append(
                _seconds(["nbgrader", "autograde", demo.ASSIGNMENT, "--student", student.id, "--force"], course)
            )
            (course / "coursekit.db").unlink(missing_ok=True)
            shutil.rmtree(course / "autograded" / student.id, ignore_errors=True)
            coursekit.append(_seconds(["coursekit", "grade", demo.ASSIGNMENT, "--student", student.id], course))
    ratio = statistics.median(theirs / ours for theirs, ours in zip(nbgrader, coursekit, strict=True))
    print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {len(nbgrader)} submissions"
    )
    print(f"nbgrader autograde  {statistics.median(nbgrader):6.2f} s a submission, whole command")
    print(f"coursekit grade     {statistics.median(coursekit):6.2f} s a submission, whole command")
    print(f"ratio               {ratio:6.2f}")


if __name__ == "__main__":
    main()
