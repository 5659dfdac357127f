"""The small files that lie beside a notebook, on their way into a workspace and out of it."""

import os
import shutil
import subprocess
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

FILE_BYTES = 16 << 20
# Folders inside of each other: more than any honest notebook makes.
DEPTH = 32


def lay_out(folder: Path, files: dict[Any, Any], kept: Collection[str] = ()) -> None:
    """Write files, given by their paths relative to ``folder``.

    Left out is what would lie outside of it or very deep in it, what takes the place of one of ``kept``, and what no
    file can be called.
    """
    whole = folder.resolve()
    taken = {(folder / name).resolve() for name in kept}
    for name, content in files.items():
        if type(name) is not str or type(content) is not bytes or name.count(os.sep) > DEPTH:
            continue
        with suppress(OSError, ValueError):
            target = (folder / name).resolve()
            if target.is_relative_to(whole) and target not in taken:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)


def remove(folder: Path) -> None:
    """Remove a folder that a student's process has written to, however deep it is and whatever may not be read."""
    with suppress(OSError, RecursionError):
        shutil.rmtree(folder)
    if os.path.exists(folder):
        for command in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
            subprocess.run([*command, str(folder)], check=False, stdin=subprocess.DEVNULL, capture_output=True)


def changed_files(known: dict[str, tuple[int, int]]) -> dict[str, bytes]:
    """The ordinary files below the working directory that are new or differ from what is known, small ones only."""
    found = {}
    total = 0
    for folder, _, names in os.walk("."):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), ".")
            status = os.lstat(path)
            stamp = (status.st_mtime_ns, status.st_size)
            if not os.path.isfile(path) or os.path.islink(path) or known.get(path) == stamp:
                continue
            known[path] = stamp
            total += status.st_size
            if total <= FILE_BYTES:
                found[path] = Path(path).read_bytes()
    return found
