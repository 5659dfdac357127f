"""The clock that a student's code is timed by: the wall's, or that of the process which runs it.

In a notebook both run in one process, and the wall's clock is the one that everybody knows. A judge knows how long the
student's process has computed, which does not depend on what else the machine does.
"""

import time
from collections.abc import Callable

# How much longer than its processor time code may take on a busy machine, or asleep.
PATIENCE = 10


class Stopwatch:
    """Runs from the moment that it is made."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()
        self._used = processor() if processor is not None else 0.0

    def over(self, seconds: float) -> bool:
        """Has the student's code had this many seconds?"""
        passed = time.perf_counter() - self._begun
        if processor is None:
            return passed >= seconds
        return passed >= seconds and (processor() - self._used >= seconds or passed >= PATIENCE * seconds)


# Seconds that the process of the student's code has computed, where that is another one.
processor: Callable[[], float] | None = None
