"""Small things about processes that the standard library leaves to the system."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def can_isolate() -> bool:
    """Can a student's code run in a process apart from its tests on this system?"""
    return sys.platform == "linux"


def end_with_parent() -> None:
    """Be killed when the parent ends, however it ends."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def processor_here() -> int:
    """The number of the processor that runs this process now."""
    number: int = _libc.sched_getcpu()
    return number


def stay_on(processors: set[int], pid: int = 0) -> None:
    """Keep a process, by default this one, on processors, where the system allows that: it saves time and no more."""
    with suppress(OSError):
        os.sched_setaffinity(pid, processors)


def descriptors_of(pid: int) -> list[int]:
    """A descriptor by which another process may know this child, or none where the system has no such descriptors."""
    with suppress(OSError):
        return [os.pidfd_open(pid)]
    return []


def processor_clock(descriptor: int) -> int | None:
    """The clock of the processor time of a descriptor's process, for time.clock_gettime; None where it has ended.

    A process has another number in each process namespace: the system says which is ours. Its clock has the number that
    clock_getcpuclockid(3) makes of that.
    """
    lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text(encoding="ascii").splitlines()
    (pid,) = (int(line.partition(":")[2]) for line in lines if line.startswith("Pid:"))
    return ~pid << 3 | 2 if pid > 0 else None


def elapsed_on(clock: int) -> Callable[[], float]:
    """A function of the seconds that a clock goes on from now; none where its process has ended."""

    def now() -> float:
        try:
            return time.clock_gettime(clock)
        except OSError:
            return 0.0

    begun = now()
    return lambda: max(now() - begun, 0.0)


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
