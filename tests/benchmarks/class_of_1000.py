"""A large class graded by one command: is it quick, does memory stay flat, is anything left behind, are marks right?

Every student hands in hw4_layers, right and wrong variants in turn; every tenth attacks instead, unless `--honest`.
Printed are submissions a second, the resident memory of the grading process as the class goes by, the processes and
files that it leaves, and the students with a wrong score.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from coursekit import demo
from coursekit.authoring import assignments
from coursekit.grading.course import Course
from coursekit.grading.ledger import Ledger
from coursekit.grading.release import release

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "assignments" / demo.ASSIGNMENT / f"{demo.ASSIGNMENT}.py"
MARKS = (100, 500, 1000)
LIMITS = "\nc.CourseKit.limits = {'*': {'cell_seconds': 3, 'memory_bytes': 1 << 30, 'output_bytes': 1 << 20}}\n"
HOSTILE = {
    "fork bomb": "import os\nwhile True:\n    os.fork()",
    "memory bomb": "held = []\nwhile True:\n    held.append(bytearray(50_000_000))",
    "endless loop": "while True:\n    pass",
    "sudden end": "import os\nos._exit(0)",
    "full disk": "for number in range(10_000):\n    open(f'{number}', 'wb').write(bytes(50_000_000))",
    "giant output": "while True:\n    print('x' * 1_000_000)",
    "gradebook reader": (
        "import glob\nfor found in glob.glob('../**/*.db', recursive=True):\n    print(open(found, 'rb').read())"
    ),
    "cheat": "import numpy as np\nnp.allclose = np.array_equal = lambda *given, **named: True\n"
    "get_ipython().displayhook(40.0)",
}


class Class(NamedTuple):
    """Who handed in what, by student: the name of a variant or of an attack."""

    honest: dict[str, str]
    hostile: dict[str, str]


class Figures(NamedTuple):
    """What a run of the class was like.

    ``memory`` is in MB after so many submissions. ``wrong`` are the students whose score is not that of the others with
    their program, or who gained by an attack.
    """

    number: int
    seconds: float
    memory: dict[int, float]
    processes: list[str]
    files: list[str]
    wrong: list[str]


def make(course: Path, number: int, *, honest: bool) -> Class:
    """A course in which ``number`` students have handed in."""
    demo.make_course(course, ROOT / "assignments")
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + LIMITS)
    release(Course.here(course), demo.ASSIGNMENT)
    released = nbformat.read(course / "release" / demo.ASSIGNMENT / f"{demo.ASSIGNMENT}.ipynb", as_version=4)
    instructor = assignments.build(SCRIPT)
    known = [variant for variant in assignments.variants(SCRIPT) if variant.name != "wrong_numeric"]
    texts = {variant.name: nbformat.writes(assignments.hand_in(released, instructor, variant)) for variant in known}
    attacks = {name: nbformat.writes(_attacking(released, code)) for name, code in HOSTILE.items()}
    handed_in = Class({}, {})
    variants, hostile = cycle(texts), cycle(attacks)
    for index in range(1, number + 1):
        attacker = index % 10 == 0 and not honest
        who, kinds, written = (handed_in.hostile, hostile, attacks) if attacker else (handed_in.honest, variants, texts)
        student = f"s{index:04d}"
        who[student] = next(kinds)
        folder = course / "submitted" / student / demo.ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{demo.ASSIGNMENT}.ipynb").write_text(written[who[student]], encoding="utf-8")
    return handed_in


def _attacking(released: Any, code: str) -> Any:
    """The released notebook with an attack before everything else."""
    notebook = nbformat.from_dict(released)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(code))
    return notebook


def run(course: Path, handed_in: Class) -> Figures:
    """Grade the class with two runners, and watch."""
    number = len(handed_in.honest) + len(handed_in.hostile)
    with tempfile.TemporaryDirectory(prefix="left-") as folder:
        environment = {**os.environ, "TMPDIR": folder}
        command = [sys.executable, "-m", "coursekit", "grade", demo.ASSIGNMENT, "-j", "2"]
        started = time.perf_counter()
        grading = subprocess.Popen(
            command, cwd=course, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        memory = _watch(grading, course, number)
        said, _ = grading.communicate()
        seconds = time.perf_counter() - started
        if grading.returncode:
            raise RuntimeError(said)
        files = [path.name for path in Path(folder).iterdir()]
        processes = _processes(folder)
    return Figures(number, seconds, memory, processes, files, _wrong(course, handed_in))


def _watch(grading: "subprocess.Popen[str]", course: Path, number: int) -> dict[int, float]:
    """Resident memory (MB) of a process when so many submissions are recorded."""
    awaited = [mark for mark in MARKS if mark < number] + [number]
    memory: dict[int, float] = {}
    while awaited and grading.poll() is None:
        done = sum(1 for _ in (course / "autograded").glob("*")) if (course / "autograded").is_dir() else 0
        if done >= awaited[0]:
            memory[awaited.pop(0)] = _resident(grading.pid)
        time.sleep(0.02)
    return memory


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def _processes(folder: str) -> list[str]:
    """The processes that were started with this folder for their temporary files."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"TMPDIR={folder}".encode() in entry.read_bytes():
                found.append(entry.parent.name)
        except OSError:
            continue
    return found


def _wrong(course: Path, handed_in: Class) -> list[str]:
    results = Ledger(course).results(demo.ASSIGNMENT)
    scores = {student: result.score for student, result in results.items()}
    usual: dict[str, float] = {}
    for kind in set(handed_in.honest.values()):
        same = Counter(scores.get(student) for student, name in handed_in.honest.items() if name == kind)
        usual[kind] = 40.0 if kind.startswith("right_") else same.most_common(1)[0][0] or 0.0
    honest = [student for student, kind in handed_in.honest.items() if scores.get(student) != usual[kind]]
    return honest + [student for student in handed_in.hostile if scores.get(student) != 0]


def main() -> None:
    """Make the class, grade it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", nargs="?", type=int, default=1000, help="how many hand in")
    parser.add_argument("--honest", action="store_true", help="nobody attacks")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        figures = run(course, make(course, options.number, honest=options.honest))
    print(f"{figures.number} submissions in {figures.seconds:.1f} s, {figures.number / figures.seconds:.2f} a second")
    for number, megabytes in figures.memory.items():
        print(f"resident memory after {number:4}: {megabytes:6.1f} MB")
    print(f"left behind: {len(figures.processes)} processes, {len(figures.files)} files {figures.files or ''}")
    print(f"wrong scores: {len(figures.wrong)} {figures.wrong or ''}")


if __name__ == "__main__":
    main()
