"""System calls that Python 3.11 has no function for. Each raises OSError that says which call failed."""

import ctypes
import os
import platform

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT = 0x1, 0x2, 0x4, 0x20
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MNT_DETACH = 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 0x1, 0x2, 0x4
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 4, 24, 38
CAPABILITY_VERSION = 0x20080522

# The numbers of system calls by machine; the newer ones are the same everywhere.
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
CAPSET = {"x86_64": 126, "aarch64": 91}
MOUNT_SETATTR = 442

libc = ctypes.CDLL(None, use_errno=True)


def system_call(what: str, number: int, *arguments: object) -> int:
    """A system call by number. Raises OSError."""
    return _checked(libc.syscall(ctypes.c_long(number), *arguments), what)


def unshare(flags: int) -> None:
    """Leave the namespaces that this process shares with its parent."""
    _checked(libc.unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    """Enter a namespace."""
    _checked(libc.setns(descriptor, kind), "setns")


def mount(source: str, target: str, kind: str | None = None, flags: int = 0, options: str | None = None) -> None:
    """Mount a file system, or with MS_BIND a file or folder a second time."""
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    result = libc.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3])
    _checked(result, f"mount of {target}")


def detach(target: str) -> None:
    """Take a mount away, at once for whoever looks, and for good when nobody uses it."""
    _checked(libc.umount2(os.fsencode(target), MNT_DETACH), f"umount of {target}")


def seal(target: str, *, devices: bool = False) -> None:
    """Make a mount and all below it read-only, without set-uid programs and, unless asked for, device files."""

    class Attributes(ctypes.Structure):
        _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "namespace")]

    flags = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | (0 if devices else MOUNT_ATTR_NODEV)
    attributes = Attributes(flags, 0, 0, 0)
    system_call(
        f"mount_setattr of {target}",
        MOUNT_SETATTR,
        ctypes.c_int(AT_FDCWD),
        os.fsencode(target),
        ctypes.c_uint(AT_RECURSIVE),
        ctypes.byref(attributes),
        ctypes.c_size_t(ctypes.sizeof(attributes)),
    )


def pivot_root_here() -> None:
    """Make the working directory the root, with nothing of the old one left."""
    system_call("pivot_root", PIVOT_ROOT[platform.machine()], b".", b".")
    detach(".")
    os.chdir("/")


def set_option(option: int, value: int) -> None:
    """An option of this process (prctl)."""
    _checked(libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl {option}")


def drop_capabilities() -> None:
    """Give up every privilege of this process, and the chance to get one back."""
    highest = 63
    for capability in range(highest + 1):
        if libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) == -1:
            break
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    system_call("capset", CAPSET[platform.machine()], header, none)
    set_option(PR_SET_NO_NEW_PRIVS, 1)


def _checked(result: int, what: str) -> int:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
