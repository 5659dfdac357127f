"""An exception of the student's code as one sentence that points at the student's line, never at the test's."""

import linecache
import re
import traceback
from typing import NamedTuple

from coursekit.check.limits import TimeLimitExceeded


def describe_exception(error: BaseException) -> tuple[str, str]:
    """Code and sentence for what was raised in a score block."""
    if isinstance(error, TimeLimitExceeded):
        return "timeout", f"{error}: compute the result with whole arrays, and propagate instead of differencing."
    where = _students_frame(error)
    if isinstance(error, NotImplementedError) and where is not None:
        return "not_written", f"{where.function} is not written yet: it still raises NotImplementedError."
    if where is None and (misfit := _wrong_number_of_results(error)):
        return "results", misfit
    kind = type(error).__name__
    try:
        text = str(error)
    except Exception:
        text = ""
    said = f"{kind}: {text}" if text else kind
    if isinstance(error, NameError) and getattr(error, "name", None):
        said += ". Was the cell that defines it run?"
    place = f", in {where.function}, line {where.line}{where.text}" if where is not None else ""
    return "raised", f"Your code raised {said}{place}"


def _wrong_number_of_results(error: BaseException) -> str | None:
    """The sentence for a test that could not take a function's results apart, None for another error."""
    text = str(error)
    if isinstance(error, TypeError) and "NoneType" in text:
        return "Your code returned None where a result is expected: is a `return` missing?"
    counts = re.search(r"values to unpack \(expected (\d+)(?:, got (\d+))?\)", text)
    if isinstance(error, ValueError) and counts:
        came = counts[2] or "more"
        return f"Your code returned {came} results where {counts[1]} are expected."
    return None


class Frame(NamedTuple):
    """A function of the student's and the line in it that was running, with its text after a colon if it is known."""

    function: str
    line: int
    text: str


def _students_frame(error: BaseException) -> Frame | None:
    """The innermost frame of a function that was written in another notebook cell than the test's own.

    Where the student's code ran in another process, the exception brings it along as ``student_frame``.
    """
    if brought := getattr(error, "student_frame", None):
        function, number, text = brought
        return Frame(function, number, f": {text}" if text else "")
    frames = list(traceback.walk_tb(error.__traceback__))
    test_cell = frames[0][0].f_code.co_filename if frames else ""
    for frame, number in reversed(frames):
        function, path = frame.f_code.co_name, frame.f_code.co_filename
        if path != test_cell and ("ipykernel" in path or "ipython-input" in path):
            text = linecache.getline(path, number).strip()
            return Frame(function, number, f": {text}" if text else "")
    return None
