"""A limit on the time of the student's code, which is stopped where it runs."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from coursekit.clock import Stopwatch

# Seconds after which code that caught the interruption is interrupted again.
REPEAT = 0.1


class TimeLimitExceeded(BaseException):
    """Raised inside code that ran longer than its limit; no ordinary `except Exception` holds it up."""


@contextmanager
def time_limit(seconds: float, what: str = "your code") -> Iterator[None]:
    """Stop the block after ``seconds`` with TimeLimitExceeded, which a score block turns into a message.

    The seconds are of wall time in a notebook; where a class is graded, they are of processor time of the student's
    process, with ten times as much wall time as a bound. Where the system has no interval timer, or outside the main
    thread, the block runs to its end and is judged then.
    """
    started, watch = time.perf_counter(), Stopwatch()
    sentence = f"{what} took longer than the limit of {seconds:g} s"

    def stop(signum: int, frame: FrameType | None) -> None:
        if watch.over(seconds):
            raise TimeLimitExceeded(sentence)

    can_interrupt = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if can_interrupt:
        previous = signal.signal(signal.SIGALRM, stop)
        outer, interval = signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT)
    try:
        yield
    finally:
        if can_interrupt:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
            if outer:
                left = outer - (time.perf_counter() - started)
                signal.setitimer(signal.ITIMER_REAL, max(left, 1e-6), interval)
    if watch.over(seconds):
        raise TimeLimitExceeded(sentence)
