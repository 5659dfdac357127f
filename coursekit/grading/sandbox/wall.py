"""Builds the wall around students' processes: once around the zygote, then closer around each child.

The zygote leaves the instructor's namespaces and sees Python alone. A child gets processes, mounts, network and shared
memory of its own and a workspace in memory, and gives up all privileges and most system calls. Where the system allows
no namespaces, landlock and the filter of system calls remain; where it allows neither, limits alone.
"""

import os
import tempfile
from collections.abc import Callable
from typing import Any, NamedTuple

from coursekit.grading.runner.processes import end_with_parent
from coursekit.grading.sandbox import kernel, landlock, levels, limits, quota, seccomp, view

# A variable of the environment that names the highest level to try, for tests of the others. It cannot raise a level,
# and what is below the minimum_isolation of a policy is refused as ever.
HIGHEST = "COURSEKIT_WALL"
NOBODY = 65534
INSIDE = 1000
OWN = kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS | kernel.CLONE_NEWNET
FILES = 4096
REASON_BYTES = 500
REHEARSAL = {"memory_bytes": 1 << 40, "file_bytes": 1 << 20, "notebook_seconds": 60, "workspace_bytes": 1 << 20}


class Wall(NamedTuple):
    """The level reached, why no better one was, and the zygote's own process namespace, an open file."""

    level: str
    reason: str = ""
    processes: int = -1


def build() -> Wall:
    """Put the best wall that the system allows around this process.

    Where there are namespaces the caller goes on in a child of the process that called, which waits for it. Raises
    ValueError where the environment names a level that there is not.
    """
    namespaces = _held_back(levels.NAMESPACES) or _attempt(_rehearse_namespaces)
    if not namespaces:
        return Wall(levels.NAMESPACES, processes=_enter_namespaces())
    reason = f"no namespaces ({namespaces})"
    # The folder is made and removed outside of the wall, from behind which it could not be.
    with tempfile.TemporaryDirectory() as folder:
        settings = {**REHEARSAL, "folder": folder}
        without = _held_back(levels.LANDLOCK) or _attempt(lambda: enclose(Wall(levels.LANDLOCK), settings))
    if not without:
        # Found out once, for all children.
        view.carved()
        return Wall(levels.LANDLOCK, reason)
    return Wall(levels.LIMITS, f"{reason}, no landlock ({without})")


def _held_back(level: str) -> str:
    """Why a level is not to be tried, nothing where it is."""
    highest = os.environ.get(HIGHEST, levels.NAMESPACES)
    if highest not in levels.LEVELS:
        raise ValueError(f"{HIGHEST} is {highest!r}; the levels are {', '.join(levels.LEVELS)}")
    return "" if levels.at_least(highest, level) else f"{HIGHEST} is {highest}"


def fork(wall: Wall) -> int:
    """Fork a child, the first process of a process namespace of its own where there are namespaces."""
    if wall.level != levels.NAMESPACES:
        return os.fork()
    kernel.unshare(kernel.CLONE_NEWPID)
    pid = os.fork()
    if pid:
        kernel.setns(wall.processes, kernel.CLONE_NEWPID)
    return pid


def enclose(wall: Wall, settings: dict[str, Any]) -> str:
    """Close the wall around this process, a student's child, for good; returns the folder that it may write to."""
    if wall.level == levels.NAMESPACES:
        folder = view.WORKSPACE
        kernel.unshare(OWN)
        options = f"size={settings['workspace_bytes']},nr_inodes={FILES},mode=700"
        kernel.mount("tmpfs", folder, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, options)
        if view.has_temporary():
            kernel.mount(folder, view.TEMPORARY, None, kernel.MS_BIND)
    else:
        folder = settings["folder"]
    os.chdir(folder)
    if wall.level == levels.LANDLOCK:
        quota.guard(folder, settings["workspace_bytes"], FILES)
    # Without a user namespace the other processes of the instructor's count as well.
    others = 0 if wall.level == levels.NAMESPACES else limits.tasks_of_user()
    limits.restrict_child(settings, others + limits.TASKS)
    if wall.level == levels.LANDLOCK:
        landlock.restrict(view.readable(), view.carved(), folder)
    if wall.level != levels.LIMITS:
        kernel.drop_capabilities()
        seccomp.restrict(unguarded=wall.level == levels.LANDLOCK)
    return folder


def _enter_namespaces() -> int:
    """Leave the instructor's namespaces; returns an open file of the process namespace that the caller then is in."""
    uid, gid = os.geteuid(), os.getegid()
    own = os.open(f"/proc/{os.getpid()}", os.O_RDONLY | os.O_DIRECTORY)
    if uid == 0:
        kernel.unshare(OWN)
        view.enter()
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        # Otherwise the files of this process in /proc still belong to root.
        kernel.set_option(kernel.PR_SET_DUMPABLE, 1)
        uid = gid = NOBODY
        kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS | kernel.CLONE_NEWPID)
        _map(own, uid, gid)
    else:
        kernel.unshare(kernel.CLONE_NEWUSER | OWN | kernel.CLONE_NEWPID)
        _map(own, uid, gid)
        view.enter()
    end_with_parent()
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1)
    processes = os.open("ns/pid_for_children", os.O_RDONLY, dir_fd=own)
    os.close(own)
    return processes


def _map(own: int, uid: int, gid: int) -> None:
    """Give this process an ordinary number in its user namespace."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{INSIDE} {uid} 1"), ("gid_map", f"{INSIDE} {gid} 1")):
        file = os.open(name, os.O_WRONLY, dir_fd=own)
        try:
            os.write(file, text.encode())
        finally:
            os.close(file)


def _attempt(rehearse: Callable[[], object]) -> str:
    """Do something in a process of its own; returns why it failed, nothing if it did not."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(read)
        try:
            rehearse()
            os.write(write, b"done")
        except Exception as error:
            os.write(write, f"{error}".encode()[:REASON_BYTES] or b"failed")
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as answers:
        answer = answers.read().decode("utf-8", "replace")
    os.wait()
    return "" if answer == "done" else answer or "the process ended"


def _rehearse_namespaces() -> None:
    wall = Wall(levels.NAMESPACES, processes=_enter_namespaces())
    if fork(wall) == 0:
        enclose(wall, REHEARSAL)
        return
    os.wait()
    os._exit(0)
