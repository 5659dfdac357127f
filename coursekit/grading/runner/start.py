"""Starts a runner: one warm interpreter becomes two processes, the zygote of the children and the server of the judges.

What judges know is imported only after the zygote has been forked, so that no child can find it in its memory.
"""

import os
import signal
import socket
import sys
from importlib import import_module

from coursekit.grading.runner import zygote
from coursekit.grading.runner.processes import end_with_parent, keep_only


def main(sock: socket.socket, preload: list[str]) -> None:
    """Serve the client at the other end of ``sock`` until it is gone."""
    end_with_parent()
    shell = zygote.warm_shell()
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        keep_only(theirs.fileno())
        zygote.main(theirs, shell)
        os._exit(0)
    theirs.close()
    server = import_module("coursekit.grading.runner.server")
    for name in preload:
        import_module(name)
    server.main(sock, ours)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
