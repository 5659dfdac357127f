"""A student's code starts no process or program, and reaches none but its own."""

import os
import platform
import time

import pytest

from coursekit.grading.sandbox.levels import NAMESPACES

from .machine import ROOT, Attack, behind, error, text, without

GONE = ("PermissionError", "ProcessLookupError", "FileNotFoundError")
WAIT = "\nif pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)"
SYSCALL = {"x86_64": {"clone": 56, "clone3": 435, "process_vm_readv": 310, "pidfd_open": 434, "kcmp": 312}}.get(
    platform.machine(), {"clone": 220, "clone3": 435, "process_vm_readv": 270, "pidfd_open": 434, "kcmp": 272}
)
THIRD = "targets['bystander']"

STARTING = {
    "fork": Attack("pid = os.fork()" + WAIT),
    "forkpty": Attack("pid, _ = os.forkpty()" + WAIT, ("PermissionError", "OSError", "FileNotFoundError")),
    "fork below Python": Attack("pid = check(libc.fork())" + WAIT),
    "vfork": Attack(
        "pid = check(libc.syscall(58) if os.uname().machine == 'x86_64' else libc.fork())" + WAIT, bites="none"
    ),
    "clone": Attack(f"pid = check(libc.syscall({SYSCALL['clone']}, 17, 0, 0, 0, 0))" + WAIT),
    "clone3": Attack(
        "arguments = (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17)\n"
        f"pid = check(libc.syscall({SYSCALL['clone3']}, arguments, 64))" + WAIT,
        ("OSError",),
    ),
    "execve in a thread": Attack("os.execv(sys.executable, [sys.executable, '-c', ''])", bites="none"),
    "execve from a file": Attack(
        "file = os.open(sys.executable, os.O_RDONLY)\nos.execve(file, ['x'], {})", ("PermissionError",), "none"
    ),
    "subprocess": Attack("subprocess.run(['true'], check=True)"),
    "posix_spawn": Attack("os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)"),
    "os.system": Attack("assert os.system('true') == 0", ("AssertionError",)),
    "os.popen": Attack("assert os.popen('echo 1').read() == '1\\n'"),
    "multiprocessing": Attack(
        "import multiprocessing\nprocess = multiprocessing.get_context('fork').Process(target=int)\n"
        "process.start()\nprocess.join()"
    ),
    "a pool of processes": Attack(
        "from concurrent.futures import ProcessPoolExecutor\n"
        "with ProcessPoolExecutor(1) as pool:\n    assert pool.submit(int).result() == 0",
        ("PermissionError", "OSError", "FileNotFoundError"),
    ),
    "a set-uid program": Attack("subprocess.run(['/usr/bin/passwd', '--status'], capture_output=True)", bites="none"),
}
REACHING = {
    "signal who grades": Attack("os.kill(targets['judge'], 0)", GONE),
    "signal a bystander": Attack(f"os.kill({THIRD}, 0)", GONE),
    "signal everybody": Attack("os.kill(-1, 0)", GONE),
    "signal a group": Attack(f"os.killpg(os.getpgid({THIRD}), 0)", GONE),
    "queue a signal": Attack(f"check(libc.sigqueue({THIRD}, 0, None))", GONE),
    "signal a thread": Attack("check(libc.tgkill(targets['judge'], targets['judge'], 0))", GONE),
    "open a process": Attack(f"check(libc.syscall({SYSCALL['pidfd_open']}, {THIRD}, 0))", GONE),
    "have a file signal a bystander": Attack(
        f"import fcntl\nread, write = os.pipe()\nfcntl.fcntl(read, fcntl.F_SETOWN, {THIRD})", GONE
    ),
    "have a socket signal a bystander": Attack(
        f"import fcntl, struct\npair = socket.socketpair()\nfcntl.ioctl(pair[0], 0x8901, struct.pack('i', {THIRD}))",
        (*GONE, "OSError"),
    ),
    "limit a bystander": Attack(f"import resource\nresource.prlimit({THIRD}, resource.RLIMIT_CORE, (0, 0))", GONE),
    "move a bystander to a core": Attack(f"os.sched_setaffinity({THIRD}, os.sched_getaffinity(0))", GONE),
    "slow a bystander": Attack(f"os.setpriority(os.PRIO_PROCESS, {THIRD}, 5)", GONE),
    "idle a bystander": Attack(f"os.sched_setscheduler({THIRD}, os.SCHED_BATCH, os.sched_param(0))", GONE),
    "trace a bystander": Attack(f"check(libc.ptrace(16, {THIRD}, 0, 0))\nos.waitpid({THIRD}, 0)", GONE, "none"),
    "be traced": Attack("check(libc.ptrace(0, 0, 0, 0))", bites="none"),
    "read a bystander's memory": Attack(
        "buffer = ctypes.create_string_buffer(8)\n"
        "here = (ctypes.c_uint64 * 2)(ctypes.addressof(buffer), 8)\nthere = (ctypes.c_uint64 * 2)(4096, 8)\n"
        f"check(libc.syscall({SYSCALL['process_vm_readv']}, {THIRD}, here, 1, there, 1, 0))",
        GONE,
        "none",
    ),
    "compare with a bystander": Attack(
        f"check(libc.syscall({SYSCALL['kcmp']}, os.getpid(), {THIRD}, 0, 0, 0) and -1)", GONE, "none"
    ),
    "outlive the parent": Attack("check(libc.prctl(1, 0))"),
}
ATTACKS = {**STARTING, **REACHING}


@pytest.fixture(scope="module")
def known(targets):
    return {**targets, "judge": os.getpid()}


@pytest.fixture(scope="module")
def ends(walled, known):
    return behind(walled, ATTACKS, known)


@pytest.fixture(scope="module")
def harm(known, tmp_path_factory):
    return without(ATTACKS, known, tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("name", ATTACKS)
def test_it_is_refused(ends, name):
    assert ends[name] in ATTACKS[name].refused


def test_what_can_succeed_without_a_wall_does(harm):
    assert len(harm) >= 20
    assert {name: end for name, end in harm.items() if end != "done"} == {}


def test_no_process_is_left(walled, ends):
    assert walled.left() == 0


def test_a_signal_ends_nobody(walled, bystander):
    first, second = walled.cells(f"import os, signal\nos.kill({bystander}, signal.SIGTERM)", "1")
    assert error(first) in GONE
    assert text(second) == "1"
    os.kill(bystander, 0)


LEAVING = {
    "a thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()",
    "a thread that talks": "import threading, time\ndef talk():\n    while True:\n        print('still here')\n"
    "        time.sleep(0.01)\nthreading.Thread(target=talk, daemon=True).start()",
    "at exit": "import atexit, time\natexit.register(time.sleep, 60)",
    "signals blocked": "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))",
    "signals ignored": "import signal\nfor number in (1, 2, 15):\n    signal.signal(number, signal.SIG_IGN)",
    "a timer": "import signal\nsignal.signal(signal.SIGALRM, lambda *_: None)\n"
    "signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)",
    "a session of its own": "import os\ntry:\n    os.setsid()\nexcept PermissionError:\n    pass",
}


@pytest.mark.parametrize("name", LEAVING)
def test_what_a_cell_leaves_running_ends_with_the_notebook(walled, name):
    started = time.monotonic()
    first, second = walled.cells(LEAVING[name], "print('next')")
    assert (error(first), error(second)) == ("", "")
    assert "next\n" in text(second)
    assert walled.left() == 0
    assert time.monotonic() - started < 5


DYING = {
    "exit": "import os\nos._exit(0)",
    "abort": "import os\nos.abort()",
    "null pointer": "import ctypes\nctypes.string_at(0)",
    "stack": "import sys\nsys.setrecursionlimit(10**9)\nnested = []\n"
    "for _ in range(200_000):\n    nested = [nested]\nrepr(nested)",
    "closed socket": "import os\nos.closerange(3, 256)",
    "foreign calls": "import ctypes, mmap\ncode = bytes.fromhex('b802000000cd80c3')\n"
    "page = mmap.mmap(-1, 4096, prot=7)\npage.write(code)\n"
    "ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()",
}
# A fork by the calls of 32 bits, in machine code, is there for one machine only.
DYING = {name: source for name, source in DYING.items() if name != "foreign calls" or platform.machine() == "x86_64"}


@pytest.mark.parametrize("name", DYING)
def test_a_cell_that_ends_its_process_ends_nothing_else(walled, name):
    first, second, third = walled.cells("kept = 1", DYING[name], "kept")
    assert error(first) == ""
    # From Python 3.12 on it is Python that stops a stack from growing.
    assert error(second) == "CellDied" or (name, error(second)) == ("stack", "RecursionError")
    assert text(third) == "1"
    assert walled.left() == 0


def test_no_file_of_the_runner_is_inherited(walled):
    source = (
        "import os, stat\nfor number in range(3, 256):\n    try:\n        mode = os.fstat(number).st_mode\n"
        "    except OSError:\n        continue\n    print(stat.filemode(mode)[0], end='')"
    )
    (cell,) = walled.cells(source)
    # The socket to the judge, and two files that hold what is written below Python.
    assert sorted(text(cell)) == ["-", "-", "s"]


def test_the_process_has_no_privileges(walled):
    source = (
        "import ctypes, os\nheader, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()\n"
        "libc = ctypes.CDLL(None)\nassert libc.capget(header, data) == 0\n"
        "print(list(data), libc.prctl(39, 0, 0, 0, 0))"
    )
    (cell,) = walled.cells(source)
    assert text(cell) == f"{[0] * 6} 1\n"


def test_numbers_of_processes_say_nothing(walled):
    """In namespaces of its own a child is the first process, and its user an ordinary one."""
    (cell,) = walled.cells("import os\nprint(os.getpid(), os.getppid(), os.getuid())")
    own = text(cell) == "1 0 1000\n"
    assert own == (walled.level == NAMESPACES)
    assert ROOT or not text(cell).endswith(" 0\n")
