"""A bomb of memory, threads, files or words goes off behind the wall, within its limits, and the notebook goes on."""

import time
from pathlib import Path

import pytest

from .machine import error, text

MEMORY, WORKSPACE, OUTPUT = 1 << 30, 8 << 20, 1 << 20
SMALL = {
    "memory_bytes": MEMORY,
    "file_bytes": 4 << 20,
    "workspace_bytes": WORKSPACE,
    "output_bytes": OUTPUT,
    "cell_seconds": 5,
}
# What a bomb ends with: at its limit, with its process, or with its time.
ENDS = {"MemoryError", "OSError", "RuntimeError", "CellDied", "CellTimeoutError", "TooMuchOutput", "error"}
BOMBS = {
    "lists": "x = [0]\nwhile True: x = x + x",
    "text": "x = 'x' * (1 << 20)\nwhile True: x += x",
    "arrays": "import numpy as np\nkept = []\nwhile True: kept.append(np.ones(1 << 20))",
    "maps": "import mmap\nkept = []\nwhile True: kept.append(mmap.mmap(-1, 1 << 26))",
    "shared maps": "import mmap\nkept = []\nwhile True: kept.append(mmap.mmap(-1, 1 << 26, mmap.MAP_SHARED))",
    "a number": "10 ** 10 ** 10 if False else 1 << (1 << 34)",
    "threads": "import threading, time\nthreading.stack_size(1 << 16)\n"
    "for _ in range(100_000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    "threads of the system's size": "import threading, time\n"
    "for _ in range(100_000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    "open files": "kept = []\nwhile True: kept.append(open('f', 'w'))",
    "pipes": "import os\nkept = []\nwhile True: kept.append(os.pipe())",
    "one large file": "with open('large', 'wb') as file:\n    while True: file.write(bytes(1 << 20))",
    "a sparse file": "with open('sparse', 'wb') as file: file.truncate(1 << 40)",
    "what is written below Python": "import os\nwhile True: os.write(1, bytes(1 << 16))",
}
DISK = {
    "many files": "for number in range(1000):\n    with open(f'f{number}', 'wb') as file: file.write(bytes(1 << 20))",
    "empty files": "for number in range(1_000_000): open(f'f{number}', 'w').close()",
    "folders": "import os\nfor number in range(1_000_000): os.mkdir(f'd{number}')",
    "folders in folders": "import os\nfor number in range(1_000_000):\n    os.mkdir('d')\n    os.chdir('d')",
    "removed files": "import os\nkept = []\nfor number in range(200):\n    kept.append(open('large', 'wb'))\n"
    "    kept[-1].write(bytes(1 << 20))\n    kept[-1].flush()\n    os.remove('large')",
}


def memory_of(walled) -> int:
    """Bytes that the runner's processes hold for themselves."""
    held = 0
    for pid in walled.processes():
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            held += 1024 * int(line.split()[1]) if line.startswith("Private_Dirty:") else 0
    return held


@pytest.mark.parametrize("name", [*BOMBS, *DISK])
def test_a_bomb_goes_off_inside(walled, name):
    started = time.monotonic()
    first, second = walled.cells({**BOMBS, **DISK}[name], "1 + 1", **SMALL)
    assert error(first) in ENDS
    assert text(second).endswith("2")
    assert walled.left() == 0
    assert time.monotonic() - started < 15


LOOPS = {
    "interrupts": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    "every exception": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "a slow drip": "import time\nwhile True:\n    print('.', end='', flush=True)\n    time.sleep(0.01)",
    "a sleep": "import time\ntime.sleep(1000)",
    "a regular expression": "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')",
    "a lock": "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
    "a burn of all threads": "import threading\ndef burn():\n    while True: pass\n"
    "for _ in range(8): threading.Thread(target=burn).start()\nburn()",
}


def test_no_loop_outlives_its_time(walled):
    started = time.monotonic()
    *loops, last = walled.cells(*LOOPS.values(), "print('on')", cell_seconds=1)
    assert dict(zip(LOOPS, map(error, loops), strict=True)) == dict.fromkeys(LOOPS, "CellTimeoutError")
    assert text(last) == "on\n"
    assert walled.left() == 0
    assert time.monotonic() - started < 3 * len(LOOPS)


FLOODS = {
    "lines": "while True: print('x' * 1000)",
    "one text": "print('x' * (1 << 26))",
    "errors": "import sys\nwhile True: print('x' * 1000, file=sys.stderr)",
    "displays": "from IPython.display import display\nwhile True: display('x' * 1000)",
    "a result": "'x' * (1 << 26)",
    "a traceback": "raise ValueError('x' * (1 << 26))",
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_cut_off(walled, name):
    first, second = walled.cells(FLOODS[name], "print('on')", **SMALL)
    assert error(first) == "TooMuchOutput"
    assert len(str(first.outputs)) < 2 * OUTPUT
    assert text(second) == "on\n"


def test_memory_is_given_back(walled):
    assert walled.left() == 0
    before = memory_of(walled)
    walled.cells("import numpy as np\nkept = [np.ones(1 << 20) for _ in range(40)]", **SMALL)
    assert walled.left() == 0
    assert memory_of(walled) - before < 64 << 20
