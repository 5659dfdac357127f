"""What the process of a judge does: hear one notebook after the other, as long as none leaves traces for the next.

A fresh process is the safe way, and the slow one: it copies every page of memory that it touches. So a judge stays
where the instructor's cells are known to leave no traces, and every cell was run to its end in one child.
"""

import json
import os
import resource
import socket
import warnings
from pathlib import Path
from typing import Any

import nbformat

from coursekit.grading.runner import frames
from coursekit.grading.runner.client import AGAIN, LIMIT
from coursekit.grading.runner.judge import Judge
from coursekit.grading.runner.marks import is_locked
from coursekit.grading.runner.processes import end_with_parent, processor_here, stay_on
from coursekit.grading.runner.shell import NotebookShell, replace_streams
from coursekit.grading.runner.traces import may_leave_traces
from coursekit.grading.sandbox import limits
from coursekit.grading.sandbox.levels import at_least

SECRET_VARIABLE = "COURSEKIT_SECRET"
# A judge that has heard this many notebooks, or grown by this many kilobytes, makes place for a fresh one.
NOTEBOOKS, GROWN = 200, 256 << 10
# What a judge tells the process that watches it.
BUSY, IDLE = b"b", b"i"


class Sitting:
    """What the notebooks heard by one process share; ``room`` is the folder of the one that is heard now."""

    def __init__(self, shell: NotebookShell, zygote: socket.socket, wall: tuple[str, str], room: Path) -> None:
        self.shell, self.zygote, self.wall, self.room = shell, zygote, wall, room

    def hear(self, request: dict[str, Any], client: socket.socket, watch: socket.socket) -> None:
        """Answer this request of the client's, and those that follow, as long as no traces are left."""
        end_with_parent()
        limited = _limits(request)
        limits.restrict(request["policy"])
        allowed = os.sched_getaffinity(0)
        grown = GROWN + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        heard = 0
        while True:
            if _limits(request) != limited:
                frames.send(client, json.dumps(AGAIN).encode())
                return
            watch.send(BUSY)
            # Judge and child take turns: on one processor they need not wait for each other to wake up.
            processor = processor_here()
            stay_on({processor})
            judge = Judge(request, self.shell, self.zygote, self.wall[0], self.room, processor)
            frames.send(client, json.dumps(self._answer(judge)).encode())
            heard += 1
            if not (judge.undisturbed and leaves_no_traces(request)):
                return
            if heard == NOTEBOOKS or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > grown:
                return
            stay_on(allowed)
            watch.send(IDLE)
            next_request = receive(client, self.wall)
            if next_request is None:
                return
            request = next_request
            self.shell.reset(new_session=True)

    def _answer(self, judge: Judge) -> dict[str, Any]:
        """What a judge finds; refused where the wall is too low."""
        level, least = self.wall[0], judge.policy["minimum_isolation"]
        if not at_least(level, least):
            return {"refused": f"isolation here is {level!r}, but the least allowed is {least!r}"}
        self.room.mkdir(mode=0o700)
        os.environ["NBGRADER_EXECUTION"] = "autograde"
        os.environ[SECRET_VARIABLE] = judge.policy["secret"]
        self.shell.emit = replace_streams(lambda output: judge.outputs.add(output))
        # Every notebook is warned anew.
        with warnings.catch_warnings():
            return judge.run()


def receive(client: socket.socket, wall: tuple[str, str]) -> dict[str, Any] | None:
    """The client's next request for a notebook, or None where there will be none; how high the wall is, it is told."""
    while True:
        try:
            request: dict[str, Any] = json.loads(bytes(frames.receive(client, LIMIT)))
        except frames.Closed:
            return None
        if "notebook" in request:
            request["notebook"] = nbformat.from_dict(request["notebook"])
            return request
        frames.send(client, json.dumps({"level": wall[0], "reason": wall[1]}).encode())


def leaves_no_traces(request: dict[str, Any]) -> bool:
    """Are the instructor's cells and imports known to change nothing that another notebook's meet?"""
    cells = [cell.source for cell in request["notebook"].cells if cell.cell_type == "code" and is_locked(cell)]
    return not any(may_leave_traces(source) for source in [*cells, *request["policy"]["imports"].values()])


def _limits(request: dict[str, Any]) -> list[int]:
    """What of a policy holds for the process of the judge."""
    return [request["policy"][name] for name in ("memory_bytes", "file_bytes", "notebook_seconds")]
