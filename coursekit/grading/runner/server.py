"""The process that forks a judge for each notebook it is sent."""

import gc
import json
import os
import socket
import tempfile
from pathlib import Path
from typing import Any

import nbformat

from coursekit.grading.runner import codec, frames, judge
from coursekit.grading.runner.files import remove
from coursekit.grading.runner.judges_shell import JudgesShell
from coursekit.grading.runner.processes import wait
from coursekit.grading.runner.shell import NotebookShell
from coursekit.memory import memory

LIMIT, WORDS = 1 << 30, 1 << 16
GRACE = 10


def main(sock: socket.socket, zygote: socket.socket) -> None:
    """Serve the client at the other end of ``sock`` until it is gone."""
    shell = JudgesShell.make()
    level, reason = codec.decode(frames.receive(zygote, WORDS))
    memory.on = True
    gc.freeze()
    gc.enable()
    while True:
        try:
            request = json.loads(bytes(frames.receive(sock, LIMIT)))
        except frames.Closed:
            return
        if "notebook" not in request:
            frames.send(sock, json.dumps({"level": level, "reason": reason}).encode())
            continue
        if not _serve(sock, zygote, level, shell, request):
            return
        frames.send(zygote, codec.encode(("end all",)))
        frames.receive(zygote, 1024)


def _serve(
    sock: socket.socket, zygote: socket.socket, level: str, shell: NotebookShell, request: dict[str, Any]
) -> bool:
    """Have a judge answer one request; false where it ended without an answer."""
    request["notebook"] = nbformat.from_dict(request["notebook"])
    judge.prepare(request)
    root = Path(tempfile.mkdtemp(prefix="coursekit-judge-"))
    try:
        return _judge(sock, zygote, level, shell, request, root)
    finally:
        # The judge has done so, unless it was killed.
        remove(root)


def _judge(
    sock: socket.socket,
    zygote: socket.socket,
    level: str,
    shell: NotebookShell,
    request: dict[str, Any],
    root: Path,
) -> bool:
    with os.fdopen(os.memfd_create("found"), "r+b") as found:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                answer = json.dumps(judge.run(request, shell, zygote, level, root)).encode()
                frames.send(sock, answer)
                found.write(codec.encode(memory.new))
                found.flush()
                status = 0
            finally:
                os._exit(status)
        if wait(pid, request["policy"]["notebook_seconds"] + GRACE) != 0:
            return False
        found.seek(0)
        memory.learn(codec.decode(found.read()))
        return True
