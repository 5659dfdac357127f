"""What a forked child does: settle into its workspace, then run cells and serve the judge until it is ended."""

import builtins
import os
import random
import resource
import socket
import sys
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any

import numpy as np

from coursekit.grading.runner import codec
from coursekit.grading.runner.objects import Objects, changed_files, describe
from coursekit.grading.runner.peer import Failed, Peer
from coursekit.grading.runner.processes import end_with_parent, keep_only
from coursekit.grading.runner.shell import NotebookShell, RawOutput, no_input, replace_streams

BLOCKED = ("coursekit", "torch", "jax", "jaxlib", "autograd")


class Blocked(MetaPathFinder):
    """Refuses the packages that would do a student's work."""

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> None:
        """Raise ImportError for a blocked package; leave every other name to the next finder."""
        package = name.partition(".")[0]
        if package in BLOCKED:
            raise ImportError(f"{package} cannot be imported while a notebook is graded: use numpy and Python alone")


def main(sock: socket.socket, shell: NotebookShell, settings: dict[str, Any]) -> None:
    """Serve the judge at the other end of ``sock``; ``settings`` are folder, output_bytes and memory_bytes."""
    end_with_parent()
    keep_only(sock.fileno())
    os.setsid()
    os.chdir(settings["folder"])
    sys.path.insert(0, "")
    _limit("RLIMIT_AS", settings["memory_bytes"])
    _limit("RLIMIT_FSIZE", settings["file_bytes"])
    _limit("RLIMIT_CORE", 0)
    raw = RawOutput()
    _clean_environment(settings["folder"])
    _forget_coursekit()
    builtins.input = no_input
    random.seed()
    np.random.seed()  # noqa: NPY002
    objects = Objects(shell.user_ns)
    known: dict[str, tuple[int, int]] = {}
    changed_files(known)

    def emit(output: dict[str, Any]) -> None:
        try:
            peer.tell("output", output)
        except codec.Unsendable:
            peer.tell("output", {**output, "data": {"text/plain": "<an output that cannot be shown>"}, "metadata": {}})

    def serve(message: Any) -> Any:
        if message[0] == "run":
            done = shell.run(message[1], message[2])
            raw.drain(emit, settings["output_bytes"])
            return done
        if message[0] == "files":
            try:
                return changed_files(known)
            except OSError as error:
                raise Failed(describe(error)) from None
        try:
            return objects.serve(message)
        finally:
            raw.drain(emit, settings["output_bytes"])

    peer = Peer(
        sock, settings["message_bytes"], serve, note=lambda _: None, refer=objects.refer, resolve=objects.resolve
    )
    objects.peer = peer
    shell.emit = replace_streams(emit)
    peer.listen()


def _limit(name: str, value: int) -> None:
    kind = getattr(resource, name)
    hard = resource.getrlimit(kind)[1]
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (bound, bound))


def _clean_environment(folder: str) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ", "MPLBACKEND") if name in os.environ}
    os.environ.clear()
    os.environ.update(kept, HOME=folder, TMPDIR=folder, NBGRADER_EXECUTION="autograde", PYTHONDONTWRITEBYTECODE="1")


def _forget_coursekit() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in BLOCKED]:
        del sys.modules[name]
    sys.meta_path.insert(0, Blocked())
