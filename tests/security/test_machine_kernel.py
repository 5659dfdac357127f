"""The kernel gives a student's code nothing: no namespace, no mount, no module, no clock, and no socket to anybody."""

import platform

import pytest

from coursekit.grading.sandbox import seccomp

from .machine import Attack, behind, without

COLUMN = 0 if platform.machine() == "x86_64" else 1
NUMBERS = {name: numbers[COLUMN] for name, numbers in seccomp.REFUSED.items() if numbers[COLUMN] is not None}
GONE = ("PermissionError", "OSError", "FileNotFoundError", "ConnectionRefusedError")


def call(name: str, *arguments: object) -> str:
    return f"check(libc.syscall({', '.join(map(str, (NUMBERS[name], *arguments)))}))"


KERNEL = {
    "a user namespace": Attack("check(libc.unshare(0x10000000))"),
    "another user namespace": Attack("check(libc.unshare(0x10000000 | 0x00020000))"),
    "a mount namespace": Attack("check(libc.unshare(0x00020000))", bites="root"),
    "an entry of another namespace": Attack(
        "check(libc.setns(os.open('/proc/self/ns/ipc', os.O_RDONLY), 0))", GONE, "root"
    ),
    "a new root": Attack("os.chroot('.')", bites="none"),
    "a mount": Attack("check(libc.mount(b'none', b'.', b'tmpfs', 0, None))", bites="none"),
    "a mount to be moved": Attack(call("fsopen", "b'tmpfs'", 0), bites="root"),
    "a tree to be opened": Attack(call("open_tree", -100, "b'.'", 0)),
    "a ring of requests": Attack(call("io_uring_setup", 1, "(ctypes.c_uint32 * 30)()"), bites="none"),
    "a program in the kernel": Attack(call("bpf", 0, "(ctypes.c_uint32 * 30)(2, 4, 4, 1)", 120), bites="none"),
    "a key": Attack(call("add_key", "b'user'", "b'coursekit'", "b'x'", 1, -3), bites="none"),
    "another personality": Attack(call("personality", "0x0040000")),
    "the counters of the processor": Attack(
        call("perf_event_open", "(ctypes.c_uint32 * 32)(1, 128)", 0, -1, -1, 0), bites="none"
    ),
    "faults of memory": Attack(call("userfaultfd", 1), bites="none"),
    "the clock": Attack("time.clock_settime(time.CLOCK_REALTIME, 0)", bites="none"),
    "the pace of the clock": Attack("check(libc.adjtimex((ctypes.c_long * 32)()))"),
    "the name of the machine": Attack("socket.sethostname('evil')", bites="none"),
    "a restart": Attack(call("reboot", 1, 2, 3), bites="none"),
    "memory with a name": Attack("os.memfd_create('evil')"),
    "memory of System V": Attack(call("shmget", 0, 4096, 0o1600)),
    "memory with a path": Attack(
        "from multiprocessing import shared_memory\nmemory = shared_memory.SharedMemory(create=True, size=4096)\n"
        "memory.close()\nmemory.unlink()",
        GONE,
    ),
    "a queue": Attack(call("msgget", 0, 0o1600)),
    "a semaphore": Attack(call("semget", 0, 1, 0o1600)),
    "a queue with a path": Attack(
        call("mq_open", "b'coursekit'", "0o102", "0o600", 0) + "\n" + call("mq_unlink", "b'coursekit'")
    ),
    "locked memory": Attack("page = ctypes.create_string_buffer(1 << 20)\ncheck(libc.mlock(page, 1 << 20))", GONE),
    "more memory": Attack(
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))",
        ("ValueError",),
    ),
}
NETWORK = {
    "a connection": Attack("socket.create_connection(('127.0.0.1', targets['port']), 5).close()", GONE),
    "a server": Attack("socket.create_server(('127.0.0.1', 0)).close()", GONE),
    "a datagram": Attack("socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()"),
    "the next protocol": Attack("socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).close()", bites="none"),
    "a raw socket": Attack("socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).close()", bites="root"),
    "packets": Attack("socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()", bites="none"),
    "the kernel's own socket": Attack("socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close()"),
    "the host of virtual machines": Attack("socket.socket(40, socket.SOCK_STREAM).close()", bites="none"),
    "a name's address": Attack("assert socket.gethostbyname('localhost')", (*GONE, "gaierror")),
    "a page": Attack(
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/', timeout=1)", ("URLError",), "none"
    ),
    "a socket with a path": Attack("one = socket.socket(socket.AF_UNIX)\none.connect(targets['stream'])", GONE),
    "a socket without a path": Attack("one = socket.socket(socket.AF_UNIX)\none.connect(targets['abstract'])", GONE),
    "a socket to be called": Attack("one = socket.socket(socket.AF_UNIX)\none.bind('socket')", GONE),
    "a pair that speaks to others": Attack(
        "one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\none.sendto(b'x', targets['datagram'])", GONE
    ),
    "a pair of another family": Attack("socket.socketpair(socket.AF_INET)", GONE, "none"),
}
ATTACKS = {**KERNEL, **NETWORK}


@pytest.fixture(scope="module")
def ends(walled, targets):
    return behind(walled, ATTACKS, targets)


@pytest.fixture(scope="module")
def harm(targets, tmp_path_factory):
    return without(ATTACKS, targets, tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("name", ATTACKS)
def test_it_is_refused(ends, name):
    assert ends[name] in ATTACKS[name].refused


def test_what_can_succeed_without_a_wall_does(harm):
    assert len(harm) >= 20
    assert {name: end for name, end in harm.items() if end != "done"} == {}


def test_every_call_of_the_list_is_refused(walled):
    """With arguments that are wrong for each: where the filter does not stand before it, a call says so otherwise."""
    source = (
        f"import ctypes, errno\nlibc = ctypes.CDLL(None, use_errno=True)\nfor name, number in {NUMBERS}.items():\n"
        "    wrong = [ctypes.c_long(-1)] * 6\n"
        "    if libc.syscall(ctypes.c_long(number), *wrong) != -1 or ctypes.get_errno() != errno.EPERM:\n"
        "        print(name, ctypes.get_errno())"
    )
    (cell,) = walled.cells(source)
    assert cell.outputs == []


def test_the_clock_of_the_test_is_not_the_students(walled):
    """A student's code may replace what tells it the time; the time limit of a cell does not ask it."""
    names = "'time', 'monotonic', 'perf_counter'"
    source = f"import time\nfor name in ({names}):\n    setattr(time, name, lambda: 0.0)\nwhile True: pass"
    (cell,) = walled.cells(source, cell_seconds=1)
    assert cell.outputs[-1].ename == "CellTimeoutError"
