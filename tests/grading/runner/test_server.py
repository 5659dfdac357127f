"""A judge that is busy for too long is ended; one that waits for a notebook may wait."""

import os
import signal
import socket
import time

import pytest

from coursekit.grading.runner.server import watched
from coursekit.grading.runner.sitting import BUSY, IDLE


def _judge(said: bytes, seconds: float) -> tuple[int, socket.socket]:
    """A process that says something and ends after some time, and the socket on which it is heard."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        theirs.send(said)
        time.sleep(seconds)
        os._exit(3)
    theirs.close()
    return pid, ours


@pytest.mark.parametrize(
    ("said", "ends"), [(b"", 3), (IDLE, 3), (BUSY, -signal.SIGKILL), (IDLE + BUSY, -signal.SIGKILL)]
)
def test_only_work_has_an_end(said: bytes, ends: int) -> None:
    pid, heard = _judge(said, 0.1 if said == b"" else 2)
    with heard:
        assert os.waitstatus_to_exitcode(watched(pid, heard, 0.5)) == ends
