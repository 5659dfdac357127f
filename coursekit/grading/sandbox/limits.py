"""Limits that every system has: memory, processor time, files, processes and threads."""

import os
import resource
from contextlib import suppress
from typing import Any

OPEN_FILES = 256
TASKS = 256


def restrict(settings: dict[str, Any], *, tasks: int | None) -> None:
    """Limit this process; ``settings`` has memory_bytes, file_bytes and notebook_seconds.

    ``tasks``: how many processes and threads its user may have, None for as many as the system allows.
    """
    limit("RLIMIT_AS", settings["memory_bytes"])
    limit("RLIMIT_FSIZE", settings["file_bytes"])
    limit("RLIMIT_CPU", settings["notebook_seconds"] + 1)
    limit("RLIMIT_NOFILE", OPEN_FILES)
    if tasks is not None:
        limit("RLIMIT_NPROC", tasks)
    limit("RLIMIT_CORE", 0)
    limit("RLIMIT_MEMLOCK", 0)


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
