"""Starts runners: one warm interpreter becomes two processes for each, a zygote of children and a server of judges.

What judges know is imported only after the zygotes have been forked, so that no child can find it in its memory.
"""

import gc
import os
import signal
import socket
import sys
from importlib import import_module

from coursekit.grading.runner import zygote
from coursekit.grading.runner.processes import end_with_parent, keep_only, stay_on


def main(clients: list[socket.socket], preload: list[str]) -> None:
    """Serve the client at the other end of each socket until it is gone."""
    end_with_parent()
    # What is imported is there to stay, and need not be searched for garbage.
    gc.disable()
    shell = zygote.warm_shell()
    zygotes = []
    for _ in clients:
        ours, theirs = socket.socketpair()
        if os.fork() == 0:
            keep_only(theirs.fileno())
            zygote.main(theirs, shell)
            os._exit(0)
        theirs.close()
        zygotes.append(ours)
    server = import_module("coursekit.grading.runner.server")
    for name in preload:
        import_module(name)
    processors = sorted(os.sched_getaffinity(0))
    for number, (client, ours) in enumerate(zip(clients, zygotes, strict=True)):
        if os.fork() == 0:
            end_with_parent()
            keep_only(client.fileno(), ours.fileno())
            if len(clients) >= len(processors):
                stay_on({processors[number % len(processors)]})
            server.main(client, ours)
            os._exit(0)
    for sock in [*clients, *zygotes]:
        sock.close()
    for _ in [*clients, *zygotes]:
        os.wait()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    descriptors, preloaded = sys.argv[1].split(","), sys.argv[2:]
    main([socket.socket(fileno=int(descriptor)) for descriptor in descriptors], preloaded)
