"""Starts the server that runs notebooks apart, one for each thread, and talks to it."""

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from typing import Any

from coursekit.grading.runner import frames
from coursekit.grading.runner.processes import can_isolate
from coursekit.grading.sandbox import levels

LIMIT = 1 << 30
PRELOAD = ("coursekit.check", "coursekit.engine")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_local = threading.local()
_open: set["Runner"] = set()
_ready: list["Runner"] = []


class RunnerDied(RuntimeError):
    """The server ended without an answer; a new one is started for the next notebook. ``stopped``: it was told to."""

    stopped = False


class Runner:
    """One server process and the conversation with it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.words = tempfile.TemporaryFile()  # noqa: SIM115
        environment = {
            **os.environ,
            **dict.fromkeys(THREADS, "1"),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, "-P", "-m", "coursekit.grading.runner.start", str(theirs.fileno()), *PRELOAD]
        self.process = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.words,
            env=environment,
            start_new_session=True,
        )
        theirs.close()
        self.sock = ours
        self.stopped = False

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """The judge's answer for one notebook. Raises RunnerDied."""
        try:
            frames.send(self.sock, json.dumps(request).encode())
            answer: dict[str, Any] = json.loads(frames.receive(self.sock, LIMIT))
        except (frames.Closed, ValueError) as error:
            self.close()
            died = RunnerDied(f"the process that judges this notebook ended ({self._last_words()})")
            died.stopped = self.stopped
            raise died from error
        return answer

    def wall(self) -> tuple[str, str]:
        """How well this runner keeps students' code apart, and why not better."""
        answer = self.run({})
        return answer["level"], answer["reason"]

    def _last_words(self) -> str:
        self.words.seek(0)
        lines = self.words.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "without a word"

    def close(self) -> None:
        """End the server."""
        self.sock.close()
        try:
            self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(number: int) -> None:
    """Have this many runners started, for threads that will soon need one, and do not wait for them."""
    if can_isolate():
        _ready.extend(_opened() for _ in range(number - len(_ready)))


def wall() -> tuple[str, str]:
    """How well students' code is kept apart on this system, and why not better."""
    if not can_isolate():
        return levels.NONE, "only Linux has the means"
    return (_ready[-1] if _ready else runner()).wall()


def runner() -> Runner:
    """The runner of this thread, one that was started before or a new one."""
    current: Runner | None = getattr(_local, "runner", None)
    while current is None or current.process.poll() is not None:
        current = _local.runner = _ready.pop() if _ready else _opened()
    return current


def _opened() -> Runner:
    opened = Runner()
    _open.add(opened)
    return opened


@atexit.register
def stop() -> None:
    """End all runners of this process; what they were running fails with RunnerDied."""
    _ready.clear()
    while _open:
        current = _open.pop()
        current.stopped = True
        current.process.kill()
