"""A warmed interpreter that forks a child for each notebook, and ends it.

It has imported what a first cell, a first figure and a first traceback import, and it holds nothing that a student may
not see: it knows no assignment, no test and no course.
"""

import gc
import os
import socket
from typing import Any, NamedTuple

from coursekit.grading.runner import child, codec, frames
from coursekit.grading.runner.blocked import block
from coursekit.grading.runner.processes import descriptors_of, end_with_parent, reap, stay_on
from coursekit.grading.runner.shell import NotebookShell
from coursekit.grading.sandbox import wall
from coursekit.grading.sandbox.levels import NAMESPACES

LIMIT = 1 << 16
WARM_UP = (
    "import numpy as np\nimport matplotlib.pyplot as plt\nplt.plot([1, 2], label='$x^2$')\nplt.legend()\nplt.show()",
    "from IPython.display import display\ndisplay(np.eye(2))\n{'a': [1, 2.5]}",
    "import asyncio\nawait asyncio.sleep(0)",
    "def f(x):\n    return np.ones(3) @ np.ones(x)\nf(4)",
    "%matplotlib inline",
    "this is no python",
)


class Child(NamedTuple):
    """A forked child, the judge's end of its socket, and the limits under which it runs."""

    pid: int
    sock: socket.socket
    settings: dict[str, Any]


def main(sock: socket.socket, shell: NotebookShell) -> None:
    """Say how high the wall is, then serve one judge after the other.

    A judge asks ("fork", settings, processor) or ("end", pid), the server when a judge is done ("end all",).
    """
    end_with_parent()
    around = wall.build()
    end_with_parent()
    frames.send(sock, codec.encode((around.level, around.reason)))
    # Once for all children: to look at every module's name would copy much of a child's memory.
    block()
    gc.freeze()
    gc.enable()
    spare: Child | None = None
    living: set[int] = set()
    while True:
        try:
            message = codec.decode(frames.receive(sock, LIMIT))
        except frames.Closed:
            break
        if message[0] == "fork":
            _, settings, processor = message
            if spare is None or spare.settings != settings:
                _discard(spare)
                spare = _fork(shell, around, settings)
            # What goes back and forth between a judge and a child is much cheaper on one processor.
            stay_on({processor}, spare.pid)
            _hand_over(sock, spare)
            living.add(spare.pid)
            # The next one wants the same, and gets ready while this one works.
            spare = _fork(shell, around, settings) if around.level == NAMESPACES else None
            continue
        for pid in [message[1]] if message[0] == "end" else list(living):
            if pid in living:
                living.discard(pid)
                reap(pid)
        frames.send(sock, codec.encode("done"))
    _discard(spare)
    for pid in living:
        reap(pid)


def warm_shell() -> NotebookShell:
    """A shell that has shown a figure, a traceback and an await once, and remembers nothing of it."""
    shell = NotebookShell.make()
    for source in WARM_UP:
        shell.run(source, 1)
    _close_event_loop()
    import matplotlib.pyplot as plt

    plt.close("all")
    shell.reset(new_session=True)
    return shell


def _close_event_loop() -> None:
    """A cached event loop holds descriptors that a child must not share."""
    from IPython.core import async_helpers

    if async_helpers._asyncio_event_loop is not None:
        async_helpers._asyncio_event_loop.close()
        async_helpers._asyncio_event_loop = None


def _fork(shell: NotebookShell, around: wall.Wall, settings: dict[str, Any]) -> Child:
    ours, childs = socket.socketpair()
    pid = wall.fork(around)
    if pid == 0:
        status = 1
        try:
            ours.close()
            child.main(childs, shell, around, settings)
            status = 0
        finally:
            os._exit(status)
    childs.close()
    return Child(pid, ours, settings)


def _hand_over(sock: socket.socket, forked: Child) -> None:
    frames.send(sock, codec.encode(forked.pid))
    known = descriptors_of(forked.pid)
    socket.send_fds(sock, [b"."], [forked.sock.fileno(), *known])
    forked.sock.close()
    for descriptor in known:
        os.close(descriptor)


def _discard(spare: Child | None) -> None:
    if spare is not None:
        spare.sock.close()
        reap(spare.pid)
