"""A judge hears the next notebook only where nothing of the last can reach it."""

from collections.abc import Callable

import pytest

from coursekit.grading.run import Outcome
from coursekit.grading.runner.sitting import NOTEBOOKS

from .notebooks import text

# A trace that cannot be told from the text: it counts how many notebooks the process of the judge has heard.
COUNT = "import numpy as np\nkinds = np.sctypeDict\nkinds[f'no kind {len(kinds)}'] = float\nprint(len(kinds))"
ANSWER = "def answer(x):\n    return x"


def _heard(outcome: Outcome) -> int:
    return int(text(outcome.notebook.cells[-1]))


@pytest.fixture
def first(judge: Callable[..., Outcome]) -> int:
    """What a fresh judge counts, who may hear the next notebook too."""
    judge(ANSWER, "import os")
    return _heard(judge(ANSWER, COUNT))


def test_a_judge_hears_one_notebook_after_the_other(judge: Callable[..., Outcome], first: int) -> None:
    assert [_heard(judge(ANSWER, COUNT)) for _ in range(3)] == [first + 1, first + 2, first + 3]


@pytest.mark.parametrize(
    ("students", "test", "settings"),
    [
        (ANSWER, "import os", {}),
        (ANSWER, "import numpy as np\nnp.dot = None", {}),
        (ANSWER, "assert answer(1) == 1", {"imports": {"os": "import os"}}),
        ("import os\ndef answer(x):\n    os._exit(1)", "answer(1)", {}),
        ("def answer(x):\n    while True: pass", "answer(1)", {"cell_seconds": 1}),
        (ANSWER, "while True: pass", {"cell_seconds": 1}),
        (ANSWER, "while True: print('a lot')", {"output_bytes": 1000}),
        ("import os\nos._exit(1)", "1", {}),
    ],
)
def test_after_traces_or_a_disturbance_comes_a_fresh_one(
    judge: Callable[..., Outcome], first: int, students: str, test: str, settings: dict[str, object]
) -> None:
    judge(students, test, **settings)
    assert _heard(judge(ANSWER, COUNT)) == first


def test_after_many_notebooks_comes_a_fresh_one_and_none_is_lost(judge: Callable[..., Outcome], first: int) -> None:
    heard = [_heard(judge(ANSWER, COUNT)) - first for _ in range(NOTEBOOKS + 1)]
    assert heard == [*range(1, NOTEBOOKS), 0, 1]


def test_other_limits_are_for_a_fresh_one(judge: Callable[..., Outcome], first: int) -> None:
    assert _heard(judge(ANSWER, COUNT, memory_bytes=3 << 30)) == first
    assert _heard(judge(ANSWER, COUNT, memory_bytes=3 << 30)) == first + 1


def test_nothing_of_a_notebook_is_there_for_the_next(judge: Callable[..., Outcome], first: int) -> None:
    judge("answer = 'of the first'", f"kept = answer\nanswer\n{COUNT}\n'a result'")
    for name in ("kept", "answer", "_"):
        outcome = judge("other = 1", f"{name}\n", names=("answer",))
        (output,) = outcome.notebook.cells[-1].outputs or [None]
        assert output is None or output.output_type == "error", output
    assert _heard(judge(ANSWER, COUNT)) > first


def test_each_student_is_warned_anew(judge: Callable[..., Outcome]) -> None:
    students = "import warnings\ndef answer(x):\n    warnings.warn('take care')\n    return x"
    shown = [text(judge(students, "answer(1)").notebook.cells[-1]) for _ in range(2)]
    assert "take care" in shown[0]
    assert shown[1] == shown[0]
