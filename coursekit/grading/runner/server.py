"""A process that has imported what tests import, and forks a judge for each notebook it is sent."""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
from importlib import import_module
from typing import Any

from coursekit.grading.runner import codec, frames, judge
from coursekit.grading.runner.judges_shell import JudgesShell
from coursekit.grading.runner.processes import end_with_parent, reap
from coursekit.grading.runner.shell import NotebookShell
from coursekit.grading.runner.zygote import warm_shell

LIMIT = 1 << 30
GRACE = 10
PAUSE = 0.002


def main(sock: socket.socket, preload: list[str]) -> None:
    """Serve the client at the other end of ``sock`` until it is gone."""
    end_with_parent()
    zygote = start_zygote()
    for name in preload:
        import_module(name)
    shell = warm_shell(JudgesShell)
    gc.freeze()
    while True:
        try:
            request = json.loads(frames.receive(sock, LIMIT))
        except frames.Closed:
            return
        if not _serve(sock, zygote, shell, request):
            return
        frames.send(zygote, codec.encode(("end all",)))
        frames.receive(zygote, 1024)


def start_zygote() -> socket.socket:
    """Start the process that forks children, in a clean interpreter of its own."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "coursekit.grading.runner.zygote", str(theirs.fileno())]
    subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()
    return ours


def _serve(sock: socket.socket, zygote: socket.socket, shell: NotebookShell, request: dict[str, Any]) -> bool:
    """Have a judge answer one request; false where it ended without an answer."""
    judge.prepare(request)
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            answer = json.dumps(judge.run(request, shell, zygote)).encode()
            frames.send(sock, answer)
            status = 0
        finally:
            os._exit(status)
    ends = time.monotonic() + request["policy"]["notebook_seconds"] + GRACE
    while time.monotonic() < ends:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(PAUSE)
    return reap(pid) == 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
