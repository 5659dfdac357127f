"""What a forked child does: settle into its workspace, then run cells and serve the judge until it is ended."""

import builtins
import os
import random
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from coursekit.grading.runner import codec
from coursekit.grading.runner.files import changed_files, lay_out
from coursekit.grading.runner.objects import Objects, describe
from coursekit.grading.runner.peer import Failed, Peer
from coursekit.grading.runner.processes import end_with_parent, keep_only
from coursekit.grading.runner.shell import NotebookShell, RawOutput, no_input, replace_streams
from coursekit.grading.sandbox import wall


def main(sock: socket.socket, shell: NotebookShell, around: wall.Wall, settings: dict[str, Any]) -> None:
    """Serve the judge at the other end of ``sock`` from behind the wall; ``settings`` are the limits of the policy."""
    end_with_parent()
    keep_only(sock.fileno())
    os.setsid()
    folder = wall.enclose(around, settings)
    sys.path.insert(0, "")
    _clean_environment(folder)
    raw = RawOutput()
    builtins.input = no_input
    random.seed()
    np.random.seed()  # noqa: NPY002
    objects = Objects(shell.user_ns)
    known: dict[str, tuple[int, int]] = {}

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
        if message[0] in ("lay out", "files"):
            try:
                if message[0] == "files":
                    return changed_files(known)
                lay_out(Path.cwd(), message[1])
                changed_files(known)
                return None
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


def _clean_environment(folder: str) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ", "MPLBACKEND") if name in os.environ}
    os.environ.clear()
    tempfile.tempdir = None
    os.environ.update(kept, HOME=folder, TMPDIR=folder, NBGRADER_EXECUTION="autograde", PYTHONDONTWRITEBYTECODE="1")
