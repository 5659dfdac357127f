"""Room for files, where a workspace is an ordinary folder that has no limit of its own."""

import math
import os
import signal
import time
from contextlib import suppress

from coursekit.grading.runner.processes import end_with_parent, keep_only

PAUSE = 0.05
BLOCK = 512


def guard(folder: str, room: int, files: int) -> None:
    """Have a second process end this one once its files take more than ``room`` bytes or are more than ``files``.

    Files that were removed and are still open count, and so does a folder that cannot be looked into as too much.
    """
    guarded = os.getpid()
    if os.fork():
        return
    try:
        end_with_parent()
        keep_only()
        while os.getppid() == guarded:
            if _too_much(folder, guarded, room, files):
                os.kill(guarded, signal.SIGKILL)
            time.sleep(PAUSE)
    finally:
        os._exit(0)


def _too_much(folder: str, pid: int, room: int, files: int) -> bool:
    used, count, folders = _removed(pid), 0, [folder]
    while folders and used <= room and count <= files:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    count += 1
                    used += BLOCK * entry.stat(follow_symlinks=False).st_blocks
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return True
    return used > room or count > files


def _removed(pid: int) -> float:
    """Bytes in files that a process holds open and no folder has."""
    used = 0
    with suppress(FileNotFoundError, ProcessLookupError):
        try:
            for name in os.listdir(f"/proc/{pid}/fd"):
                status = os.stat(f"/proc/{pid}/fd/{name}")
                used += 0 if status.st_nlink else BLOCK * status.st_blocks
        except PermissionError:
            return math.inf
    return used
