"""A process that is put on a processor stays there, and another process sees how long it has computed."""

import os
import time

from coursekit.grading.runner.processes import (
    descriptors_of,
    elapsed_on,
    processor_clock,
    processor_here,
    reap,
    stay_on,
)


def test_a_process_stays_where_it_is_put() -> None:
    pid = os.fork()
    if pid == 0:
        time.sleep(60)
        os._exit(0)
    processor = processor_here()
    stay_on({processor}, pid)
    assert os.sched_getaffinity(pid) == {processor}
    reap(pid)
    stay_on({processor}, pid)
    stay_on({10_000})
    assert len(os.sched_getaffinity(0)) >= 1


def test_the_time_that_another_process_computes_is_seen() -> None:
    pid = os.fork()
    if pid == 0:
        while True:
            pass
    (descriptor,) = descriptors_of(pid)
    clock = processor_clock(descriptor)
    assert clock is not None
    elapsed = elapsed_on(clock)
    ends = time.monotonic() + 30
    while elapsed() < 0.1 and time.monotonic() < ends:
        time.sleep(0.01)
    assert elapsed() >= 0.1
    reap(pid)
    assert elapsed() == 0
    assert elapsed_on(clock)() == 0
    assert processor_clock(descriptor) is None
    os.close(descriptor)


def test_a_process_that_has_ended_has_no_descriptor() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    reap(pid)
    assert descriptors_of(pid) == []
