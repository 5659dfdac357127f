"""What one judge found, the next knows: gradients of the test's own functions, never those of a student's."""

from collections.abc import Callable

from coursekit.grading.run import Outcome

COUNT = """
import numpy as np
from coursekit import check

calls = []

def loss(x):
    calls.append(x)
    return {loss}

at = np.arange({number}, {number} + 3.0)
verdict = check.gradient(answer({argument}), loss, at=at)
print(len(calls), bool(verdict))
"""


def _printed(outcome: Outcome) -> str:
    cell = outcome.notebook.cells[-1]
    assert [output.output_type for output in cell.outputs] == ["stream"], cell.outputs
    return str(cell.outputs[0].text).strip()


def test_a_gradient_is_found_by_the_first_judge_for_all(judge: Callable[..., Outcome]) -> None:
    test = COUNT.format(loss="float((x**3).sum())", number=71, argument="at")
    printed = [_printed(judge(f"def answer(x): return {answer}", test)) for answer in ("3 * x**2", "x", "3 * x * x")]
    assert printed == ["16 True", "3 False", "3 True"]


def test_a_students_function_is_differenced_each_time(judge: Callable[..., Outcome]) -> None:
    """The first student's function could be right wherever it is recognised, and wrong elsewhere."""
    test = COUNT.format(loss="float(answer(x).sum())", number=72, argument="at")
    printed = [_printed(judge("def answer(x): return x**2 / 2", test)) for _ in range(2)]
    assert printed == ["16 False", "16 False"]


def test_a_students_numbers_make_a_function_of_their_own(judge: Callable[..., Outcome]) -> None:
    test = COUNT.format(loss="float(x @ weights)", number=73, argument="at").replace(
        "calls = []", "weights, calls = answer(0), []"
    )
    for weights in ("[1.0, 2.0, 3.0]", "[1.0, 2.0, 3.5]"):
        outcome = judge(f"import numpy as np\ndef answer(x): return np.array({weights})", test)
        assert _printed(outcome) == "16 True"
