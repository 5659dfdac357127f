"""How well students' code is kept apart here, whether that is enough, and which setting of the system would help."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from coursekit.grading.doctor.findings import Finding, advice, fine, unsafe
from coursekit.grading.runner import client
from coursekit.grading.sandbox.levels import LANDLOCK, LEVELS, LIMITS, NAMESPACES, NONE, at_least
from coursekit.grading.sandbox.wall import HIGHEST

SETTINGS = Path("/proc/sys")
SECURITY_MODULES = Path("/sys/kernel/security/lsm")
CONTAINER_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))


def check(minimum: str) -> Iterator[Finding]:
    """The level reached, and ``minimum``, the level that the configuration asks for."""
    level, reason = client.wall()
    found = f"{level}: {LEVELS[level]}" + (f" ({reason})" if reason else "")
    if level == NAMESPACES:
        yield fine("isolation", found)
    elif level == LANDLOCK:
        yield advice("isolation", found, remedy(level))
    else:
        yield unsafe("isolation", found, remedy(level))
    yield _minimum(level, minimum)
    if level == LIMITS and _setting("kernel/yama/ptrace_scope") == 0:
        yield unsafe(
            "ptrace",
            "kernel.yama.ptrace_scope is 0: at this level a student's code can read the memory of what judges it",
            "sudo sysctl -w kernel.yama.ptrace_scope=1",
        )


def remedy(level: str) -> str:
    """What would raise the level on this system."""
    if level == NONE or sys.platform != "linux":
        return "grade on Linux; a virtual machine with Linux will do"
    if HIGHEST in os.environ:
        return f"unset {HIGHEST}, which holds the level down for tests"
    root = os.geteuid() == 0
    for name, blocks, wanted in (
        ("kernel/apparmor_restrict_unprivileged_userns", 1, 0),
        ("kernel/unprivileged_userns_clone", 0, 1),
    ):
        if not root and _setting(name) == blocks:
            return _switch(name, wanted)
    if _setting("user/max_user_namespaces") == 0:
        return _switch("user/max_user_namespaces", 10_000)
    if any(mark.exists() for mark in CONTAINER_MARKS):
        return (
            "start the container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined, "
            "and grade in it as a user other than root"
        )
    if root:
        return "grade as a user other than root: root lacks the right to make namespaces here (CAP_SYS_ADMIN)"
    if level == LIMITS and "landlock" not in _security_modules():
        return "start a kernel of 5.13 or newer with landlock in its lsm= list, or grade on another machine"
    return "grade on another machine, or in a virtual machine with a current Linux"


def _minimum(level: str, minimum: str) -> Finding:
    what = "minimum_isolation"
    if not at_least(level, minimum):
        return unsafe(
            what,
            f"{minimum!r} is asked for, and this system reaches {level!r}: nothing is graded here",
            f"raise the level, see isolation; {minimum!r} can be lowered in nbgrader_config.py at your own risk",
        )
    if at_least(minimum, LANDLOCK):
        return fine(what, f"{minimum!r}, and it is met")
    found = f"{minimum!r}: it would be graded even where a student's code can read and change your files"
    fix = f"c.CourseKit.minimum_isolation = {LANDLOCK!r} in nbgrader_config.py"
    return advice(what, found, fix)


def _switch(name: str, wanted: int) -> str:
    setting = name.replace("/", ".")
    return (
        f"sudo sysctl -w {setting}={wanted}; to keep it, write {setting}={wanted} into a file in /etc/sysctl.d. "
        "It holds for all programs of this machine"
    )


def _setting(name: str) -> int | None:
    """A setting of the kernel, None where it has none of this name."""
    try:
        return int((SETTINGS / name).read_text())
    except (OSError, ValueError):
        return None


def _security_modules() -> str:
    try:
        return SECURITY_MODULES.read_text()
    except OSError:
        return ""
