"""A filter of system calls: no new processes or programs, no sockets, no mounts, no memory outside of the limits.

Nor is any other process touched. Where landlock alone guards the files, the filter also guards what landlock does not
know: modes, owners, times and attributes of files.
"""

import ctypes
import errno
import os
import platform
import struct

from coursekit.grading.sandbox import kernel

SECCOMP_SET_MODE_FILTER = 1
SECCOMP = {"x86_64": 317, "aarch64": 277}
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE_THREAD = 0x00010000
AF_UNIX, SOCK_STREAM, SOCK_TYPES = 1, 1, 0xF
X32 = 0x40000000
F_SETOWN, F_SETSIG, F_SETOWN_EX = 8, 10, 15
FIOSETOWN, SIOCSPGRP = 0x8901, 0x8902
PR_SET_PDEATHSIG = 1

# Refused with EPERM: the number on x86_64 and on aarch64, None where that machine has no such call.
REFUSED: dict[str, tuple[int, int | None]] = {
    # other processes and programs
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "process_mrelease": (448, 448),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    # the network, and every other socket
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    # memory that counts for nobody, or that others can see
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # namespaces, mounts, special files
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "acct": (163, 89),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    # the kernel itself
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "syslog": (103, 116),
    "reboot": (169, 142),
    "personality": (135, 92),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    # the clock and the name of the machine
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
}
# Allowed where the first argument is this process.
OWN_PROCESS = {
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "prlimit64": (302, 261),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
}
# Refused for these values of an argument, by its position: the system would signal whom a file is said to belong to,
# or the process would outlive its parent.
REFUSED_VALUES: dict[str, tuple[tuple[int, int], int, tuple[int, ...]]] = {
    "fcntl": ((72, 25), 1, (F_SETOWN, F_SETSIG, F_SETOWN_EX)),
    "ioctl": ((16, 29), 1, (FIOSETOWN, SIOCSPGRP)),
    "prctl": ((157, 167), 0, (PR_SET_PDEATHSIG,)),
}
# What landlock lets pass does nothing, and says that it is done: programs that copy a file expect to set its mode.
UNGUARDED: dict[str, tuple[int, int | None]] = {
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchmodat": (268, 53),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
}
# A landlock before its third version does not know truncation: refused by path, and while opening for reading.
TRUNCATE = (76, 45)
OPENAT2 = 437
OPENS: dict[str, tuple[tuple[int, int | None], int]] = {"open": ((2, None), 1), "openat": ((257, 56), 2)}
CLONE = (56, 220)
CLONE3 = 435
SOCKETPAIR = (53, 199)

LOAD, EQUAL, AT_LEAST, HAS_BITS, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, ARGUMENT_BYTES = 0, 4, 16, 8
Line = tuple[int, int, int, int]


def _refuse(number: int) -> int:
    return 0x00050000 | number


def _argument(position: int) -> Line:
    """The lower half of an argument, which is all that the kernel reads of those that are looked at here."""
    return (LOAD, 0, 0, FIRST_ARGUMENT + ARGUMENT_BYTES * position)


def _call(number: int | None, lines: list[Line]) -> list[Line]:
    """Lines for one system call alone; each way through them ends in a return."""
    return [] if number is None else [(EQUAL, 0, len(lines), number), *lines]


def _program(machine: str, *, unguarded: bool) -> bytes:
    """The filter as the kernel reads it: instructions of a code, two jumps and a value."""
    column = 0 if machine == "x86_64" else 1
    allow, refuse = (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, _refuse(errno.EPERM))
    unknown, nothing = (RETURN, 0, 0, _refuse(errno.ENOSYS)), (RETURN, 0, 0, _refuse(0))
    lines = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, AUDIT_ARCH[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    if machine == "x86_64":
        lines += [(AT_LEAST, 0, 1, X32), unknown]
    lines += _call(CLONE3, [unknown])
    lines += _call(CLONE[column], [_argument(0), (HAS_BITS, 0, 1, CLONE_THREAD), allow, refuse])
    # An event loop has a pair of stream sockets; a datagram from one of a pair could be sent to anybody.
    stream = [_argument(1), (AND, 0, 0, SOCK_TYPES), (EQUAL, 0, 1, SOCK_STREAM), allow, refuse]
    lines += _call(SOCKETPAIR[column], [_argument(0), (EQUAL, 1, 0, AF_UNIX), refuse, *stream])
    for number in OWN_PROCESS.values():
        own = [_argument(0), (EQUAL, 1, 0, 0), (EQUAL, 0, 1, os.getpid()), allow, refuse]
        lines += _call(number[column], own)
    for number, position, values in REFUSED_VALUES.values():
        tests = [line for value in values for line in ((EQUAL, 0, 1, value), refuse)]
        lines += _call(number[column], [_argument(position), *tests, allow])
    if unguarded:
        for numbers in UNGUARDED.values():
            lines += _call(numbers[column], [nothing])
        lines += _call(TRUNCATE[column], [refuse]) + _call(OPENAT2, [unknown])
        for numbers, position in OPENS.values():
            flags = (AND, 0, 0, os.O_TRUNC | os.O_ACCMODE)
            reading = [_argument(position), flags, (EQUAL, 0, 1, os.O_TRUNC | os.O_RDONLY), refuse, allow]
            lines += _call(numbers[column], reading)
    for numbers in REFUSED.values():
        lines += _call(numbers[column], [refuse])
    lines.append(allow)
    return b"".join(struct.pack("HBBI", *line) for line in lines)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]


def restrict(*, unguarded: bool) -> None:
    """Install the filter for this process, for good; ``unguarded``: there are no mounts that guard the files.

    Raises OSError, or KeyError on a machine it has no numbers for.
    """
    machine = platform.machine()
    program = _program(machine, unguarded=unguarded)
    code = ctypes.create_string_buffer(program, len(program))

    described = _Program(len(program) // 8, ctypes.cast(code, ctypes.c_void_p))
    kernel.system_call(
        "seccomp",
        SECCOMP[machine],
        ctypes.c_uint(SECCOMP_SET_MODE_FILTER),
        ctypes.c_uint(0),
        ctypes.byref(described),
    )
