"""A child that does not end is ended, and one that is put on a processor stays there."""

import os
import signal
import time

from coursekit.grading.runner.processes import processor_here, reap, stay_on, wait


def _forked(seconds: float, status: int) -> int:
    pid = os.fork()
    if pid == 0:
        time.sleep(seconds)
        os._exit(status)
    return pid


def test_a_child_that_ends_is_waited_for() -> None:
    assert os.waitstatus_to_exitcode(wait(_forked(0.05, 3), 10)) == 3


def test_a_child_that_takes_longer_is_killed_and_nothing_is_left_armed() -> None:
    handler = signal.getsignal(signal.SIGALRM)
    started = time.monotonic()
    assert os.waitstatus_to_exitcode(wait(_forked(60, 0), 0.1)) == -signal.SIGKILL
    assert time.monotonic() - started < 10
    assert signal.getsignal(signal.SIGALRM) is handler
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_a_process_stays_where_it_is_put() -> None:
    pid = _forked(60, 0)
    processor = processor_here()
    stay_on(processor, pid)
    assert os.sched_getaffinity(pid) == {processor}
    reap(pid)
    stay_on(processor, pid)
    stay_on(10_000)
    assert len(os.sched_getaffinity(0)) >= 1
