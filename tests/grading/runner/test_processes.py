"""A process that is put on a processor stays there."""

import os
import time

from coursekit.grading.runner.processes import processor_here, reap, stay_on


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
