"""A test sees a student's functions, values and objects from outside, as if they were in its own process."""

import time

import pytest

from .notebooks import errors, grade_cell, passed, text


@pytest.mark.parametrize(
    ("student", "test"),
    [
        ("def answer(x):\n    return 2 * x", "assert answer(21) == 42"),
        ("answer = lambda *a, k=1: (a, k)", "assert answer(1, 2, k=3) == ((1, 2), 3)"),
        (
            "import numpy as np\nanswer = np.arange(6.0).reshape(2, 3)",
            "assert answer.shape == (2, 3) and answer.sum() == 15",
        ),
        ("answer = {'a': [1, (2.5, None)], 'b': 'x'}", "assert answer == {'a': [1, (2.5, None)], 'b': 'x'}"),
        ("import numpy as np\nanswer = np.tanh", "assert answer(0.0) == 0.0"),
        ("def answer(f, x):\n    return f(f(x))", "assert answer(lambda v: v + 1, 40) == 42"),
        ("def answer(f):\n    return lambda x: f(x) * 2", "assert answer(lambda v: v + 1)(20) == 42"),
        ("def answer():\n    yield from (1, 2)", "assert list(answer()) == [1, 2]"),
        (
            "def answer(x):\n    raise KeyError('no')",
            "try:\n    answer(1)\n    assert False\nexcept KeyError as e:\n    assert 'no' in str(e)",
        ),
    ],
    ids=["function", "lambda", "array", "nested", "ufunc", "callback", "closure", "generator", "exception"],
)
def test_values_functions_and_exceptions_cross(judge, student, test):
    outcome = judge(student, test)
    assert passed(outcome), errors(outcome)


NODE = """
class answer:
    made = 0
    def __init__(self, value, parents=()):
        self.value, self.parents, self.grad = value, parents, 0.0
        type(self).made += 1
    def __add__(self, other):
        return answer(self.value + getattr(other, 'value', other), (self, other))
    def __radd__(self, other):
        return self + other
    def __matmul__(self, other):
        return answer(self.value @ other.value, (self, other))
    def __getitem__(self, key):
        return self.value[key]
    def __len__(self):
        return len(self.value)
"""


def test_an_instance_is_used_through_its_own_methods(judge):
    test = (
        "import numpy as np\na, b = answer(np.ones((2, 2))), answer(np.eye(2))\nc = a @ b\n"
        "assert isinstance(c, answer) and not isinstance(1.0, answer)\nassert c.parents[0] is a and c.parents[1] is b\n"
        "assert np.array_equal((c + 1).value, np.full((2, 2), 2.0))\nassert np.array_equal((1 + c).value, (c + 1).value)\n"
        "c.grad = np.ones(3)\nassert c.grad.sum() == 3\nassert len(c) == 2 and c[0, 1] == 1\n"
        "assert len({a, b, c, a}) == 3\nassert answer.made == 6\n"
    )
    outcome = judge(NODE, test)
    assert passed(outcome), errors(outcome)


@pytest.mark.parametrize(
    "use",
    ["a == b", "a != b", "bool(a)", "a < b", "float(a)", "np.asarray(a)", "np.allclose(a, a)", "if a: pass", "int(a)"],
)
def test_an_object_cannot_decide_a_test(judge, use):
    outcome = judge(NODE, f"import numpy as np\na, b = answer(1.0), answer(2.0)\n{use}")
    assert "TypeError: an object of the student's (answer)" in errors(outcome)[0]


def test_a_changed_argument_is_seen_and_shared_memory_too(judge):
    student = "def answer(X, Ws, rng):\n    X += 1\n    Ws[0][:] = 7\n    Ws.append('more')\n    rng.normal()\n    return X[0]"
    test = (
        "import numpy as np\nX, Ws, rng, other = np.zeros((2, 3)), [np.ones(2)], np.random.default_rng(1), np.random.default_rng(1)\n"
        "row = answer(X, Ws, rng)\nother.normal()\nassert (X == 1).all() and (Ws[0] == 7).all() and Ws[1] == 'more'\n"
        "assert rng.normal() == other.normal()\nassert np.shares_memory(row, X)"
    )
    outcome = judge(student, test)
    assert passed(outcome), errors(outcome)


def test_what_a_function_prints_and_warns_comes_with_the_test(judge):
    student = "import warnings\ndef answer():\n    print('inside')\n    warnings.warn('careful', RuntimeWarning)"
    test = (
        "import warnings\nwith warnings.catch_warnings(record=True) as caught:\n    warnings.simplefilter('always')\n    answer()\n"
        "assert [(w.category, str(w.message)) for w in caught] == [(RuntimeWarning, 'careful')]"
    )
    outcome = judge(student, test)
    assert passed(outcome), errors(outcome)
    assert text(outcome.notebook.cells[-1]) == "inside\n"


def test_nothing_a_test_writes_to_stderr_is_a_failure(judge):
    outcome = judge(
        "import sys\ndef answer():\n    print('!', file=sys.stderr)",
        "answer()\nimport sys\nprint('?', file=sys.stderr)",
    )
    assert [output.name for output in outcome.notebook.cells[-1].outputs] == ["stdout"]


def test_a_test_sees_the_names_of_the_solution_only(judge):
    student = "def answer():\n    return 1\ndef len(x):\n    return 99\nabs = len"
    outcome = judge(student, "assert len([1]) == 1 and abs(-1) == 1 and answer() == 1")
    assert passed(outcome), errors(outcome)


def test_what_a_student_takes_away_is_gone(judge):
    assert "NameError" in errors(judge(["answer = 1", "del answer"], "answer"))[0]


def test_a_locked_cell_runs_on_both_sides(run_cells):
    locked = grade_cell("base = 10\ndef helper(x):\n    return x + base", "given", points=0)
    outcome = run_cells(
        locked,
        "def answer(x):\n    return helper(x)",
        grade_cell("assert answer(1) == helper(1) == 11", "t"),
        names=("answer",),
    )
    assert passed(outcome), errors(outcome)


def test_the_instructors_imports_are_the_tests_own(run_cells):
    outcome = run_cells(
        "import math as np\nanswer = 1",
        grade_cell("assert np.ones(2).sum() == 2", "t"),
        names=("answer",),
        imports={"np": "import numpy as np"},
    )
    assert passed(outcome), errors(outcome)


def test_a_call_that_does_not_end_fails_alone(judge):
    student = "def answer(x):\n    while x: pass\n    return x"
    test = (
        "from coursekit import check\nwith check.score(2) as s:\n"
        "    with s.part(1, 'slow'), check.time_limit(0.3):\n        answer(1)\n"
        "    with s.part(1, 'quick'):\n        check.value(answer(0), 0.0)\ns"
    )
    started = time.monotonic()
    outcome = judge(student, test)
    assert outcome.codes["test_answer"]["points"] == 1
    assert outcome.codes["test_answer"]["parts"][0]["codes"] == ["timeout"]
    assert time.monotonic() - started < 3


IN_TIME = (
    "from coursekit import check\nwith check.score(1) as s:\n    with s.part(1, 'quick'), check.time_limit(0.2):\n"
    "        check.value(answer(1), 1.0)\ns"
)


def test_a_call_is_timed_by_the_processor_and_not_by_the_wall(judge):
    """So a busy machine costs nobody a mark; what only waits has ten times as long."""
    student = "import time\ndef answer(x):\n    time.sleep({})\n    return x"
    assert judge(student.format(0.6), IN_TIME).codes["test_answer"]["points"] == 1
    started = time.monotonic()
    waited = judge(student.format(30), IN_TIME)
    assert waited.codes["test_answer"]["parts"][0]["codes"] == ["timeout"]
    assert 2 <= time.monotonic() - started < 10


def test_cells_that_are_run_again_count_for_no_call(judge):
    """The first call is stopped with its process, whose successor runs the student's slow cell again before the next."""
    busy = "import time\nwhile time.process_time() < begun + 0.5: pass"
    student = [
        "import time\nbegun = time.process_time()",
        busy,
        "def answer(x):\n    while x == 2: pass\n    return x",
    ]
    test = IN_TIME.replace("answer(1)", "answer(2)").rsplit("\n", 1)[0]
    test += "\n    with s.part(1, 'next'), check.time_limit(0.2):\n        check.value(answer(1), 1.0)\ns"
    outcome = judge(student, test.replace("check.score(1)", "check.score(2)"))
    assert outcome.codes["test_answer"]["points"] == 1


def test_a_call_that_ends_the_process_fails_alone(judge):
    student = "import os\ndef answer(x):\n    if x: os._exit(1)\n    return x"
    test = (
        "try:\n    answer(1)\n    assert False\nexcept RuntimeError as e:\n    assert 'ended its process' in str(e)\n"
        "assert answer(0) == 0"
    )
    outcome = judge(student, test)
    assert passed(outcome), errors(outcome)
    assert outcome.remarks == ["cell test_answer: the student's code ended its process"]


def test_files_that_a_student_writes_can_be_tested(judge):
    outcome = judge("answer = 1\nopen('report.csv', 'w').write('a,b')", "assert open('report.csv').read() == 'a,b'")
    assert passed(outcome), errors(outcome)


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        ("import inspect\nassert 'return' in inspect.getsource(answer)", "reads the source"),
        ("assert answer.__code__.co_argcount == 0", "looks into"),
        ("assert 'answer' in get_ipython().user_ns", "uses get_ipython"),
        ("assert In[1]", "reads the history"),
    ],
)
def test_a_test_that_needs_the_students_process_says_so(judge, test, reason):
    student = "def answer():\n    return 1"
    refused = judge(student, test)
    assert refused.needs_review
    assert f"cell test_answer cannot be judged from outside the student's process: it {reason}" in refused.remarks[0]
    allowed = judge(student, test, judge_inside=True)
    assert passed(allowed), errors(allowed)
    assert not allowed.needs_review


def test_magics_in_a_test_are_no_reason_to_refuse(judge):
    assert passed(judge("answer = 1", "%matplotlib inline\nassert answer == 1"))


def test_what_is_not_written_yet_is_called_so_when_a_callback_needs_it(judge):
    student = "def inner(x):\n    raise NotImplementedError\ndef answer(f):\n    return f(1)"
    test = (
        "from coursekit import check\nwith check.score(1) as s, s.part(1, 'all'):\n"
        "    check.value(answer(lambda x: inner(x)), 1.0)\ns"
    )
    part = judge(student, test, names=("answer", "inner")).codes["test_answer"]["parts"][0]
    assert part["codes"] == ["not_written"]
    assert part["messages"] == ["inner is not written yet: it still raises NotImplementedError."]


@pytest.mark.parametrize(
    ("raised", "caught"),
    [
        ("KeyError('k')", "KeyError"),
        ("np.linalg.LinAlgError('singular')", "np.linalg.LinAlgError"),
        ("type('Own', (ValueError,), {})('own')", "ValueError"),
        ("type('Own', (Exception,), {})('own')", "Exception"),
    ],
)
def test_a_student_can_catch_what_a_callback_raises(judge, raised, caught):
    student = (
        "import numpy as np\ndef answer(f):\n    try:\n        return f()\n"
        f"    except {caught} as error:\n        return type(error).__name__"
    )
    test = f"import numpy as np\ndef f():\n    raise {raised}\nassert answer(f) == {caught}.__name__"
    outcome = judge(student, test)
    assert passed(outcome), errors(outcome)
