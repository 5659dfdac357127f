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
# The answer of a judge that leaves a request to the next.
AGAIN = {"again": True}
PRELOAD = ("coursekit.check", "coursekit.engine")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_local = threading.local()
_started: set["_Start"] = set()
_ready: list["Runner"] = []


class RunnerDied(RuntimeError):
    """The server ended without an answer; a new one is started for the next notebook. ``stopped``: it was told to."""

    stopped = False


class _Start:
    """The process that runners come from, what it says at its end, and the runners that are still open."""

    def __init__(self, number: int) -> None:
        pairs = [socket.socketpair() for _ in range(number)]
        descriptors = [theirs.fileno() for _, theirs in pairs]
        self.words = tempfile.TemporaryFile()  # noqa: SIM115
        environment = {
            **os.environ,
            **dict.fromkeys(THREADS, "1"),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        served = ",".join(map(str, descriptors))
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "coursekit.grading.runner.start", served, *PRELOAD],
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.words,
            env=environment,
            start_new_session=True,
        )
        for _, theirs in pairs:
            theirs.close()
        self.runners = {Runner(self, ours) for ours, _ in pairs}

    def last_words(self) -> str:
        """The last line that it or one of its runners wrote."""
        self.words.seek(0)
        lines = self.words.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "without a word"

    def end(self) -> None:
        """Wait for the process, whose runners are all closed."""
        try:
            self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Runner:
    """One server process and the conversation with it."""

    def __init__(self, start: _Start, sock: socket.socket) -> None:
        self._start, self.sock = start, sock
        self.closed = self.stopped = False

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """The judge's answer for one notebook. Raises RunnerDied."""
        try:
            answer: dict[str, Any] = AGAIN
            while answer == AGAIN:
                frames.send(self.sock, json.dumps(request).encode())
                answer = json.loads(bytes(frames.receive(self.sock, LIMIT)))
        except (frames.Closed, ValueError) as error:
            self.close()
            died = RunnerDied(f"the process that judges this notebook ended ({self._start.last_words()})")
            died.stopped = self.stopped
            raise died from error
        return answer

    def wall(self) -> tuple[str, str]:
        """How well this runner keeps students' code apart, and why not better."""
        answer = self.run({})
        return answer["level"], answer["reason"]

    def close(self) -> None:
        """End the server."""
        self.closed = True
        self.sock.close()
        self._start.runners.discard(self)
        if not self._start.runners and self._start in _started:
            _started.discard(self._start)
            self._start.end()


def opened(number: int = 1) -> list[Runner]:
    """This many new runners; they share what they need to warm up."""
    start = _Start(number)
    _started.add(start)
    return list(start.runners)


def start(number: int) -> None:
    """Have this many runners started, for threads that will soon need one, and do not wait for them."""
    if can_isolate() and len(_ready) < number:
        _ready.extend(opened(number - len(_ready)))


def wall() -> tuple[str, str]:
    """How well students' code is kept apart on this system, and why not better."""
    if not can_isolate():
        return levels.NONE, "only Linux has the means"
    return (_ready[-1] if _ready else runner()).wall()


def runner() -> Runner:
    """The runner of this thread, one that was started before or a new one."""
    current: Runner | None = getattr(_local, "runner", None)
    while current is None or current.closed:
        current = _local.runner = _ready.pop() if _ready else opened()[0]
    return current


@atexit.register
def stop() -> None:
    """End all runners of this process; what they were running fails with RunnerDied."""
    _ready.clear()
    while _started:
        ended = _started.pop()
        for each in list(ended.runners):
            each.stopped = each.closed = True
        ended.process.kill()
