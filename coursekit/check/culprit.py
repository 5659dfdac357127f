"""An exception of the student's code as one sentence that points at the student's line, never at the test's."""

import linecache
import traceback

from coursekit.check.limits import TimeLimitExceeded


def describe_exception(error: BaseException) -> tuple[str, str]:
    """Code and sentence for what was raised in a score block."""
    if isinstance(error, TimeLimitExceeded):
        return "timeout", f"{error}: compute the result with whole arrays, and propagate instead of differencing."
    kind = type(error).__name__
    try:
        text = str(error)
    except Exception:
        text = ""
    said = f"{kind}: {text}" if text else kind
    if isinstance(error, NameError) and getattr(error, "name", None):
        said += ". Was the cell that defines it run?"
    return "raised", f"Your code raised {said}{_students_line(error)}"


def _students_line(error: BaseException) -> str:
    """Where the student's own code was when it raised: the last frame of a function that was written in a cell."""
    frames = list(traceback.walk_tb(error.__traceback__))
    for frame, number in reversed(frames):
        name, path = frame.f_code.co_name, frame.f_code.co_filename
        if name != "<module>" and ("ipykernel" in path or "ipython-input" in path or path.startswith("<cell")):
            line = linecache.getline(path, number).strip()
            return f", in {name}, line {number}: {line}" if line else f", in {name}, line {number}"
    return ""
