"""File access limited by path, for systems that do not let this user make namespaces."""

import ctypes
import os
from collections.abc import Iterable
from contextlib import suppress

from coursekit.grading.sandbox import kernel

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
CREATE_VERSION, PATH_BENEATH = 1, 1
READ_FILE, READ_FOLDER, EXECUTE = 1 << 2, 1 << 3, 1 << 0
WRITE_FILE = 1 << 1
# All rights to files that the versions of landlock know, up to 5; the later ones do not concern files.
RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def version() -> int:
    """The version of landlock here. Raises OSError where there is none."""
    nothing = ctypes.c_void_p(None)
    return kernel.system_call("landlock", CREATE_RULESET, nothing, ctypes.c_size_t(0), ctypes.c_uint(CREATE_VERSION))


def restrict(listed: Iterable[str], readable: Iterable[str], writable: str) -> None:
    """Allow this process to list folders below ``listed``, to read files below ``readable``, to do anything below
    ``writable``, and nothing else to files.

    Raises OSError where landlock is missing.
    """
    rights = RIGHTS[min(version(), max(RIGHTS))]
    attributes = _Ruleset(rights)
    ruleset = kernel.system_call(
        "landlock",
        CREATE_RULESET,
        ctypes.byref(attributes),
        ctypes.c_size_t(ctypes.sizeof(attributes)),
        ctypes.c_uint(0),
    )
    for paths, allowed in ((listed, READ_FOLDER), (readable, READ_FILE | EXECUTE)):
        for path in paths:
            with suppress(FileNotFoundError):
                _allow(ruleset, path, allowed)
    for device in ("/dev/null", "/dev/zero"):
        _allow(ruleset, device, READ_FILE | WRITE_FILE)
    for device in ("/dev/random", "/dev/urandom"):
        _allow(ruleset, device, READ_FILE)
    _allow(ruleset, writable, rights)
    kernel.set_option(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.system_call("landlock", RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint(0))
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    if not os.path.isdir(path):
        rights &= READ_FILE | WRITE_FILE | EXECUTE
    if not rights:
        return
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _Beneath(rights, folder)
        kernel.system_call(
            f"landlock for {path}",
            ADD_RULE,
            ctypes.c_int(ruleset),
            ctypes.c_uint(PATH_BENEATH),
            ctypes.byref(rule),
            ctypes.c_uint(0),
        )
    finally:
        os.close(folder)
