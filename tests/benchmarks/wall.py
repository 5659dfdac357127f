"""How long it takes to fork a student's process from a warm zygote, and to close the wall around it, at each level."""

import gc
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time

from coursekit.grading.runner import zygote
from coursekit.grading.sandbox import levels, wall

TIMES = 60
# Who began: behind the wall everybody has the same number.
USER = "COURSEKIT_BENCH_USER"
SECONDS = struct.Struct("dd")


def measure() -> None:
    """Fork and enclose children of this process; print the medians."""
    zygote.warm_shell()
    around = wall.build()
    gc.freeze()
    taken = [_one(around) for _ in range(TIMES)]
    forked, enclosed = (1000 * statistics.median(column) for column in zip(*taken, strict=True))
    who = "root" if os.environ[USER] == "0" else "a user without privileges"
    print(f"{around.level} as {who}: fork {forked:.2f} ms, wall {enclosed:.2f} ms (medians of {TIMES})", flush=True)


def _one(around: wall.Wall) -> tuple[float, ...]:
    settings = {**wall.REHEARSAL, "workspace_bytes": 256 << 20}
    if around.level != levels.NAMESPACES:
        settings["folder"] = tempfile.mkdtemp()
    read, write = os.pipe()
    before = time.perf_counter()
    pid = wall.fork(around)
    if pid == 0:
        forked = time.perf_counter()
        wall.enclose(around, settings)
        os.write(write, SECONDS.pack(forked - before, time.perf_counter() - forked))
        os._exit(0)
    taken = SECONDS.unpack(os.read(read, SECONDS.size))
    os.waitpid(pid, 0)
    for descriptor in (read, write):
        os.close(descriptor)
    if "folder" in settings:
        os.rmdir(settings["folder"])
    return taken


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure()
    else:
        for level in (levels.NAMESPACES, levels.LANDLOCK):
            environment = {**os.environ, wall.HIGHEST: level, USER: str(os.geteuid())}
            subprocess.run([sys.executable, "-P", __file__, "measure"], env=environment, check=True)
