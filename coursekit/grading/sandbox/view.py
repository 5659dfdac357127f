"""What a student's process sees of the file system: the system's libraries, Python, and nothing else."""

import os
import site
import sys
from functools import cache
from pathlib import Path

import coursekit
from coursekit.grading.sandbox import kernel

# Where a student's process writes; a name that no system has.
WORKSPACE = "/student-workspace"
# Shows the same folder to code that writes to /tmp by name, unless Python itself is installed below it.
TEMPORARY = "/tmp"
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/nix/store")
SETTINGS = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/alternatives")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
# A folder that every Linux has and nothing that is shown lies in: the new root is put together on top of it.
BASE = "/sys"


@cache
def readable() -> list[str]:
    """The paths that a student's process may read, outermost first; a path inside another is not repeated."""
    python = [sys.prefix, sys.base_prefix, sys.exec_prefix, *site.getsitepackages()]
    if site.ENABLE_USER_SITE:
        python.append(site.getusersitepackages())
    found: list[str] = []
    for path in sorted({*map(os.path.abspath, (*SYSTEM, *SETTINGS, *python))}, key=len):
        if os.path.exists(path) and not any(_inside(path, outer) for outer in found):
            found.append(path)
    return found


def hidden(shown: list[str]) -> list[str]:
    """Folders inside the shown paths that are kept back: this package, and where the instructor stands."""
    package = str(Path(coursekit.__file__).resolve().parent)
    here = os.getcwd()
    folders = [path for path in (package, here) if any(_inside(path, outer) for outer in shown)]
    if here in shown or here == "/":
        raise OSError(f"{here} is a folder that students' code must read; work in another one")
    return folders


@cache
def has_temporary() -> bool:
    """Is TEMPORARY free for the workspace?"""
    return not any(_inside(path, TEMPORARY) for path in readable())


@cache
def carved() -> list[str]:
    """The readable paths in pieces, so that what is hidden lies in none of them."""
    pieces = readable()
    for secret in hidden(pieces):
        pieces = [piece for path in pieces for piece in _without(path, secret)]
    return pieces


def enter() -> None:
    """Make this process see only that, in a mount namespace of its own. Raises OSError."""
    shown = readable()
    kept_back = hidden(shown)
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", BASE, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=1m,mode=755")
    for path in shown:
        _show(path)
    for path in kept_back:
        kernel.mount("tmpfs", BASE + path, "tmpfs", kernel.MS_RDONLY, "size=4k,mode=755")
    for path in DEVICES:
        _show(path, devices=True)
    for name in (WORKSPACE, TEMPORARY):
        os.makedirs(BASE + name, exist_ok=True)
    os.chdir(BASE)
    kernel.pivot_root_here()
    kernel.mount("none", "/", None, kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID)


def _show(path: str, *, devices: bool = False) -> None:
    target = BASE + path
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path) and not devices:
        os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.mkdir(target)
    else:
        os.close(os.open(target, os.O_CREAT))
    kernel.mount(path, target, None, kernel.MS_BIND | kernel.MS_REC)
    kernel.seal(target, devices=devices)


def _without(path: str, secret: str) -> list[str]:
    if not _inside(secret, path):
        return [path]
    if path == secret:
        return []
    return [piece for name in os.listdir(path) for piece in _without(os.path.join(path, name), secret)]


def _inside(path: str, outer: str) -> bool:
    return os.path.commonpath([path, outer]) == outer
