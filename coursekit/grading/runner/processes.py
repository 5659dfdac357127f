"""Small things about processes that the standard library leaves to the system."""

import ctypes
import os
import signal
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1


def can_isolate() -> bool:
    """Can a student's code run in a process apart from its tests on this system?"""
    return sys.platform == "linux"


def end_with_parent() -> None:
    """Be killed when the parent ends, however it ends."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def processor_here() -> int:
    """The number of the processor that runs this process now."""
    number: int = ctypes.CDLL(None).sched_getcpu()
    return number


def stay_on(processor: int, pid: int = 0) -> None:
    """Keep a process, by default this one, on a processor, where the system allows that: it saves time and no more."""
    with suppress(OSError):
        os.sched_setaffinity(pid, {processor})


def keep_only(*descriptors: int) -> None:
    """Close every file descriptor but 0, 1, 2 and those named."""
    kept = sorted({0, 1, 2, *descriptors})
    for low, high in zip(kept, [*kept[1:], os.sysconf("SC_OPEN_MAX")], strict=True):
        os.closerange(low + 1, high)


def reap(pid: int) -> int:
    """Kill a child of this process, wait for it, and return its status."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]
