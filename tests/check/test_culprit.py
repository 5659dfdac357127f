"""What is raised becomes one sentence that points at the student's line, never at the test's."""

import pytest

from coursekit import check
from coursekit.check.culprit import describe_exception
from coursekit.check.limits import TimeLimitExceeded

from .cells import run_cell

STUDENT = """\
def forward(x):
    y = x + 1
    return y / 0

def outer(x):
    return forward(x)

class Bad(Exception):
    def __str__(self):
        raise RuntimeError
"""
TEST = """\
def secret(x):
    return forward(x).shape

with check.score(1) as s:
    with s.part(1, "forward"):
        {call}
"""


def raised(call, student=STUDENT):
    """Code and sentence for what ``call`` raises in a test cell, after the student's cell."""
    names = {"check": check}
    run_cell(1, student, names)
    run_cell(2, TEST.format(call=call), names)
    (verdict,) = names["s"].parts[0].failures
    return verdict.code, verdict.message


def test_the_students_line_is_quoted_with_its_function():
    code, message = raised("forward(1)")
    assert code == "raised"
    assert message == "Your code raised ZeroDivisionError: division by zero, in forward, line 3: return y / 0"


def test_the_innermost_line_of_the_student_is_named():
    assert "in forward, line 3" in raised("outer(1)")[1]


def test_an_error_inside_a_library_points_at_the_students_call():
    student = "import json\n\ndef forward(x):\n    return json.loads('{')\n"
    assert raised("forward(1)", student)[1].endswith("in forward, line 4: return json.loads('{')")


def test_a_student_function_called_by_a_function_of_the_test_is_still_named():
    assert "in forward, line 3" in raised("secret(1)")[1]


def test_a_line_of_the_test_is_never_quoted():
    message = raised("1 / 0")[1]
    assert message == "Your code raised ZeroDivisionError: division by zero"


def test_a_line_of_a_function_of_the_test_is_never_quoted():
    message = raised("secret(1)", "def forward(x):\n    return None\n")[1]
    assert "AttributeError" in message
    assert "secret" not in message
    assert "forward(x).shape" not in message


def test_a_missing_name_asks_for_the_cell_that_defines_it():
    message = raised("backward(1)")[1]
    assert "NameError: name 'backward' is not defined. Was the cell that defines it run?" in message


def test_a_function_that_is_not_written_yet_is_named():
    student = "def forward(x):\n    raise NotImplementedError\n"
    assert raised("forward(1)", student) == (
        "not_written",
        "forward is not written yet: it still raises NotImplementedError.",
    )


def test_a_missing_attribute_does_not_ask_for_a_cell():
    assert "Was the cell" not in describe_exception(AttributeError("no attribute 'shape'", name="shape"))[1]


def test_an_exception_that_cannot_be_written_is_named_by_its_kind():
    student = STUDENT + "\ndef forward(x):\n    raise Bad\n"
    assert raised("forward(1)", student)[1].startswith("Your code raised Bad, in forward")


@pytest.mark.parametrize("error", [SystemExit(3), RecursionError("too deep"), MemoryError(), NotImplementedError()])
def test_any_exception_is_one_sentence_with_its_kind(error):
    code, message = describe_exception(error)
    assert code == "raised"
    assert message.startswith(f"Your code raised {type(error).__name__}")


def test_a_timeout_says_what_to_do():
    code, message = describe_exception(TimeLimitExceeded("your code took longer than the limit of 2 s"))
    assert code == "timeout"
    assert message.startswith("your code took longer than the limit of 2 s: compute")
