"""Limits that every system has: memory, processor time, files, processes and threads."""

import os
import resource
from contextlib import suppress
from typing import Any

OPEN_FILES = 256
TASKS = 256


def restrict(settings: dict[str, Any]) -> None:
    """Limit the memory and the files of this process; ``settings`` has memory_bytes and file_bytes."""
    limit("RLIMIT_AS", settings["memory_bytes"])
    limit("RLIMIT_FSIZE", settings["file_bytes"])
    limit("RLIMIT_NOFILE", OPEN_FILES)
    limit("RLIMIT_CORE", 0)
    limit("RLIMIT_MEMLOCK", 0)


def restrict_child(settings: dict[str, Any], tasks: int) -> None:
    """Limit this process, which runs one notebook, so that it ends after notebook_seconds as well.

    ``tasks``: how many processes and threads its user may have.
    """
    restrict(settings)
    limit("RLIMIT_CPU", settings["notebook_seconds"] + 1)
    limit("RLIMIT_NPROC", tasks)


def tasks_of_user() -> int:
    """How many processes and threads the user of this process has."""
    found = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):
            if os.stat(f"/proc/{name}").st_uid == os.geteuid():
                found += len(os.listdir(f"/proc/{name}/task"))
    return found


def limit(name: str, value: int) -> None:
    """Set a limit of this process, never above what it may have."""
    kind = getattr(resource, name)
    hard = resource.getrlimit(kind)[1]
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (bound, bound))
