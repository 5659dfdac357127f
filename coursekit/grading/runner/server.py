"""The process that forks judges, one after the other, and hands each what those before it found."""

import gc
import os
import secrets
import signal
import socket
import tempfile
from pathlib import Path
from typing import Any

from coursekit.grading.runner import codec, frames, judge
from coursekit.grading.runner.files import remove
from coursekit.grading.runner.judges_shell import JudgesShell
from coursekit.grading.runner.sitting import IDLE, Sitting, receive
from coursekit.memory import memory

WORDS = 1 << 16
GRACE = 10


def main(sock: socket.socket, zygote: socket.socket) -> None:
    """Serve the client at the other end of ``sock`` until it is gone."""
    shell = JudgesShell.make()
    level, reason = codec.decode(frames.receive(zygote, WORDS))
    memory.on = True
    gc.freeze()
    gc.enable()
    while True:
        request = receive(sock, (level, reason))
        if request is None:
            return
        judge.prepare(request)
        room = Path(tempfile.gettempdir()) / f"coursekit-judge-{secrets.token_hex(8)}"
        try:
            if not _judge(Sitting(shell, zygote, (level, reason), room), request, sock):
                return
        finally:
            # A judge has done so, unless it was killed.
            remove(room)
        frames.send(zygote, codec.encode(("end all",)))
        frames.receive(zygote, 1024)


def _judge(sitting: Sitting, request: dict[str, Any], sock: socket.socket) -> bool:
    """Have a judge answer a request, and the next ones if it can; false where it ended without an answer."""
    watch, judges = socket.socketpair()
    with watch, judges, os.fdopen(os.memfd_create("found"), "r+b") as found:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                sitting.hear(request, sock, judges)
                found.write(codec.encode(memory.new))
                found.flush()
                status = 0
            finally:
                os._exit(status)
        judges.close()
        if watched(pid, watch, request["policy"]["notebook_seconds"] + GRACE) != 0:
            return False
        found.seek(0)
        memory.learn(codec.decode(found.read()))
        return True


def watched(pid: int, watch: socket.socket, seconds: float) -> int:
    """Wait for a judge, which is killed if it is busy for longer with a notebook, and return its status."""
    watch.settimeout(seconds)
    try:
        while said := watch.recv(1):
            watch.settimeout(None if said == IDLE else seconds)
    except TimeoutError:
        os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]
