"""Attacks as cells: what each tries, how it ends behind the wall, and whether it does its harm without one."""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.grading.run import Policy, request
from coursekit.grading.runner.client import opened
from coursekit.grading.sandbox import wall

ROOT = os.geteuid() == 0
NOBODY = 65534
PATIENCE = 2
MARK = "COURSEKIT_TEST_MARK"
TARGETS = "targets.json"
# Every attack may use these. A call that fails raises, so a cell that ends without an error has done its harm.
PRELUDE = f"""
import ctypes, errno, json, os, signal, socket, subprocess, sys, threading, time
libc = ctypes.CDLL(None, use_errno=True)
targets = json.load(open({TARGETS!r}))
def check(result):
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
"""
# Each attack in a process of its own, so that what one does to itself spoils none of the others.
UNWALLED = """
import json, os, sys
prelude, *sources = json.load(sys.stdin)
ends = []
for source in sources:
    read, write = os.pipe()
    if os.fork() == 0:
        try:
            namespace = {"__name__": "__main__"}
            exec(prelude, namespace)
            exec(source, namespace)
            os.write(write, b"done")
        except Exception as error:
            os.write(write, type(error).__name__.encode())
        os._exit(0)
    os.close(write)
    with open(read) as answer:
        ends.append(answer.read())
    os.wait()
print("\\n" + json.dumps(ends))
"""


class Attack(NamedTuple):
    """A cell, the errors it may end with behind the wall, and who succeeds with it in a plain process.

    ``bites``: "all", "root", or "none" where a success would harm the machine or needs what not every machine has.
    """

    source: str
    refused: tuple[str, ...] = ("PermissionError",)
    bites: str = "all"


class Walled:
    """A runner of the best wall up to a level, and the processes that belong to it."""

    def __init__(self, level: str) -> None:
        self.mark = uuid.uuid4().hex
        kept = {name: os.environ.get(name) for name in (wall.HIGHEST, MARK)}
        os.environ |= {wall.HIGHEST: level, MARK: self.mark}
        try:
            (self.runner,) = opened()
        finally:
            for name, value in kept.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
        self.level = level
        self.end_judge()
        self.before = len(self.processes())

    def answer(self, *sources: Any, **settings: Any) -> dict[str, Any]:
        """What the runner answers for a notebook of these cells, with the notebook as nbformat has it."""
        cells = [new_code_cell(cell) if isinstance(cell, str) else cell for cell in sources]
        notebook = nbformat.from_dict(new_notebook(cells=cells))
        answer = self.runner.run(request(notebook, Policy(**{"cell_seconds": 10, **settings})))
        if "notebook" in answer:
            answer["notebook"] = nbformat.from_dict(answer["notebook"])
        return answer

    def cells(self, *sources: Any, **settings: Any) -> list[Any]:
        """The cells after the run."""
        return list(self.answer(*sources, **settings)["notebook"].cells)

    def processes(self) -> set[int]:
        """The runner's processes, and whatever they have left behind, by their first environment."""
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"{MARK}={self.mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found.add(int(folder.name))
            except OSError:
                continue
        return found

    def end_judge(self) -> None:
        """Have the judge go that would hear the next notebook; a spare child stays behind, which waits for it."""
        self.answer(graded("import os"))
        # The server answers this once it has ended what served the last notebook.
        self.runner.wall()

    def left(self) -> int:
        """How many more processes than at first are there a moment after an answer."""
        self.end_judge()
        ends = time.monotonic() + PATIENCE
        while (more := len(self.processes()) - self.before) and time.monotonic() < ends:
            time.sleep(0.01)
        return more


def graded(source: str) -> Any:
    """A test worth one point."""
    cell = new_code_cell(source)
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "locked": True, "grade_id": "test", "points": 1}
    cell.metadata["nbgrader"] |= {"schema_version": 3, "task": False, "cell_type": "code"}
    return cell


def error(cell: Any) -> str:
    """The name of the error that a cell ended with, empty where it did not."""
    return "".join(output.ename for output in cell.outputs[-1:] if output.output_type == "error")


def text(cell: Any) -> str:
    """What a cell wrote and showed."""
    streams = [output.get("text", "") for output in cell.outputs if output.output_type == "stream"]
    return "".join(streams + [output.data.get("text/plain", "") for output in cell.outputs if "data" in output])


def behind(walled: Walled, attacks: Mapping[str, Attack], targets: Mapping[str, Any]) -> dict[str, str]:
    """How each attack ends behind the wall, all in one notebook."""
    sources = [PRELUDE, *(attack.source for attack in attacks.values())]
    _, *cells = walled.cells(*sources, files={TARGETS: json.dumps(targets).encode()})
    return dict(zip(attacks, map(error, cells), strict=True))


def without(attacks: Mapping[str, Attack], targets: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """How those attacks that bite end in a plain process: "done", or an error."""
    biting = {name: attack for name, attack in attacks.items() if attack.bites in ("all", "root" if ROOT else "all")}
    (folder / TARGETS).write_text(json.dumps(targets))
    sources = json.dumps([PRELUDE, *(attack.source for attack in biting.values())])
    command = [sys.executable, "-c", UNWALLED]
    done = subprocess.run(command, cwd=folder, input=sources, capture_output=True, text=True, check=True, timeout=60)
    return dict(zip(biting, json.loads(done.stdout.splitlines()[-1]), strict=True))
