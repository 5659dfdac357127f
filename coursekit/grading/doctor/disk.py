"""Room for what grading writes: the course directory and the folder for temporary files."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from coursekit.grading.doctor.findings import Finding, advice, fine

ENOUGH = 1 << 30
MOUNTS = Path("/proc/self/mounts")


def check(root: Path | None) -> Iterator[Finding]:
    """Free space of the course directory, where there is one, and of the folder for temporary files."""
    folders = {"temporary files": Path(tempfile.gettempdir())}
    if root is not None:
        folders = {"course directory": root, **folders}
    for purpose, folder in folders.items():
        what = f"disk for {purpose}"
        usage = shutil.disk_usage(folder)
        size = f" of {_size(usage.total)} memory" if _is_memory(folder) else ""
        found = f"{_size(usage.free)}{size} free for {folder}"
        if usage.free < ENOUGH:
            yield advice(what, found, f"make room for {_size(ENOUGH)}: a run stops where it cannot write")
        else:
            yield fine(what, found)


def _size(count: int) -> str:
    return f"{count / (1 << 30):.1f} GiB"


def _is_memory(folder: Path) -> bool:
    """Is it on a tmpfs, which is emptied when the machine starts anew and takes its room from memory?"""
    try:
        mounts = [line.split()[1:3] for line in MOUNTS.read_text().splitlines()]
    except OSError:
        return False
    kinds = {os.fsencode(point).decode("unicode_escape"): kind for point, kind in mounts}
    resolved = folder.resolve()
    return next((kinds[str(path)] for path in (resolved, *resolved.parents) if str(path) in kinds), "") == "tmpfs"
