"""Limits that every system has: memory, processor time, files, processes and threads."""

import resource
from typing import Any

OPEN_FILES = 256
TASKS = 256


def restrict(settings: dict[str, Any], *, alone: bool = True) -> None:
    """Limit this process; ``settings`` has memory_bytes, file_bytes and notebook_seconds.

    ``alone``: its user has no other processes that would count as tasks.
    """
    limit("RLIMIT_AS", settings["memory_bytes"])
    limit("RLIMIT_FSIZE", settings["file_bytes"])
    limit("RLIMIT_CPU", settings["notebook_seconds"] + 1)
    limit("RLIMIT_NOFILE", OPEN_FILES)
    if alone:
        limit("RLIMIT_NPROC", TASKS)
    limit("RLIMIT_CORE", 0)
    limit("RLIMIT_MEMLOCK", 0)


def limit(name: str, value: int) -> None:
    """Set a limit of this process, never above what it may have."""
    kind = getattr(resource, name)
    hard = resource.getrlimit(kind)[1]
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (bound, bound))
