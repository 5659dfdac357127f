"""One call of the student's function, judged in several parts."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from coursekit.check.limits import TimeLimitExceeded
from coursekit.check.score import collected, record
from coursekit.check.verdict import Verdict

Result = TypeVar("Result")


def once(function: Callable[[], Result]) -> Callable[[], Result]:
    """A function without arguments that runs at its first call, and later gives the same result or raises the same.

    Checks made while it ran count in every part that calls it: a mistake made once costs whatever rests on it, and a
    slow answer is waited for once::

        @check.once
        def answer():
            with check.unchanged(X=X), check.time_limit(2, "forward"):
                return forward(X)
    """
    results: list[Result] = []
    errors: list[BaseException] = []
    verdicts: list[Verdict] = []

    @wraps(function)
    def answer() -> Result:
        if not results and not errors:
            with collected(verdicts):
                try:
                    results.append(function())
                except (Exception, TimeLimitExceeded) as error:
                    errors.append(error)
        for verdict in verdicts:
            record(verdict)
        if errors:
            raise errors[0]
        return results[0]

    return answer
