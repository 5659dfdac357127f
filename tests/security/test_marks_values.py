"""Answers that are made to look right, whatever they are compared with: outside of the student's process none does.

Each stands before a test as a teacher writes it. Where the same answer takes the point in a stock kernel, that is shown
too, so that an attack which has become harmless by itself is noticed.
"""

from typing import Any

import pytest
from nbgrader.utils import determine_grade

from .marks import graded_cell, run_cells

EXPECTED = "import numpy as np\nx = np.array([1.5, -2.0, 4.0])\nwanted = 2 * x\n"
NUMBER = EXPECTED + "assert abs(answer(3.0) - 6.0) < 1e-9"
EQUAL = EXPECTED + "assert answer(3.0) == 6.0"
CLOSE = EXPECTED + "assert np.allclose(answer(x), wanted)"
ASSERT_CLOSE = EXPECTED + "got = answer(x)\nnp.testing.assert_allclose(got, wanted)"
ALL = EXPECTED + "assert (answer(x) == wanted).all()"
CONVERTED = EXPECTED + "assert np.array_equal(np.asarray(answer(x), dtype=float), wanted)"
LOOP = EXPECTED + "for got, right in zip(map(answer, x), wanted):\n    assert got == right"
YES = "lambda self, *others: True"
# Walks up the stack to the test, whose variables stand in its frame in a stock kernel.
PEEK = (
    "import sys\ndef peek(name):\n    frame = sys._getframe()\n    while frame and name not in frame.f_globals:\n"
    "        frame = frame.f_back\n    return frame.f_globals[name] if frame else None\n"
)
VALUES = "import numpy as np\n"

# What is answered, the test, and whether a stock kernel gives the point.
ATTACKS: dict[str, tuple[str, str, bool]] = {
    "equal to everything": (
        f"class Yes:\n    __eq__ = {YES}\ndef answer(x):\n    return Yes()",
        EQUAL,
        True,
    ),
    "float subclass": (
        "class Zero(float):\n    __sub__ = lambda self, other: 0.0\ndef answer(x):\n    return Zero(1)",
        NUMBER,
        True,
    ),
    "difference that is summed up": (
        (
            "class Near:\n    __sub__ = lambda self, other: self\n    max = lambda self: 0.0\n"
            "    __abs__ = lambda self: self\ndef answer(x):\n    return Near()"
        ),
        EXPECTED + "assert abs(answer(x) - wanted).max() < 1e-9",
        True,
    ),
    "difference that is gone through": (
        (
            "class Near:\n    __sub__ = __rsub__ = lambda self, other: self\n    __iter__ = lambda self: iter([0.0])\n"
            "    __array_ufunc__ = None\ndef answer(x):\n    return Near()"
        ),
        EXPECTED + "assert all(abs(each) < 1e-9 for each in wanted - answer(x))",
        True,
    ),
    "ratio": (
        "class Near:\n    __truediv__ = lambda self, other: 1.0\ndef answer(x):\n    return Near()",
        EXPECTED + "assert round(answer(3.0) / 6.0, 9) == 1",
        True,
    ),
    "int subclass": (f"class Yes(int):\n    __eq__ = {YES}\ndef answer(x):\n    return Yes(1)", EQUAL, True),
    "bool-like object": (
        (
            f"class Yes:\n    __bool__ = {YES}\n    __sub__ = __abs__ = __lt__ = lambda self, *o: self\n"
            "def answer(x):\n    return Yes()"
        ),
        NUMBER,
        True,
    ),
    "string subclass": (
        f"class Yes(str):\n    __eq__ = {YES}\ndef answer(x):\n    return Yes('no')",
        EXPECTED + "assert answer(3.0) == 'six'",
        True,
    ),
    "list subclass": (
        f"class Yes(list):\n    __eq__ = {YES}\ndef answer(x):\n    return Yes()",
        EXPECTED + "assert answer(3.0) == [6.0]",
        True,
    ),
    "dict subclass": (
        f"class Yes(dict):\n    __eq__ = {YES}\ndef answer(x):\n    return Yes()",
        EXPECTED + "assert answer(3.0) == {'W': 6.0}",
        True,
    ),
    "dict that lies about its entries": (
        (
            f"class Yes:\n    __eq__ = {YES}\nclass Lies(dict):\n    __getitem__ = lambda self, key: Yes()\n"
            "def answer(x):\n    return Lies()"
        ),
        EXPECTED + "assert answer(3.0)['W'] == 6.0",
        True,
    ),
    "tuple subclass": (
        f"class Yes(tuple):\n    __eq__ = {YES}\ndef answer(x):\n    return Yes()",
        EXPECTED + "assert answer(3.0) == (6.0, 1)",
        True,
    ),
    "named tuple with an own equality": (
        (
            f"from collections import namedtuple\nSize = namedtuple('Size', 'a b')\nSize.__eq__ = {YES}\n"
            "def answer(x):\n    return Size(0, 0)"
        ),
        EXPECTED + "assert answer(3.0) == (6.0, 1)",
        True,
    ),
    "set subclass": (
        f"class Yes(frozenset):\n    __eq__ = {YES}\ndef answer(x):\n    return Yes()",
        EXPECTED + "assert answer(3.0) == frozenset({6.0})",
        True,
    ),
    "counter subclass": (
        f"from collections import Counter\nclass Yes(Counter):\n    __eq__ = {YES}\ndef answer(x):\n    return Yes()",
        EXPECTED + "assert answer(3.0) == {'a': 2}",
        True,
    ),
    "fraction subclass": (
        (
            f"from fractions import Fraction\nclass Yes(Fraction):\n    __eq__ = {YES}\n"
            "def answer(x):\n    return Yes(1, 3)"
        ),
        EQUAL,
        True,
    ),
    "array subclass that answers for numpy": (
        VALUES + "class Yes(np.ndarray):\n    __array_function__ = lambda self, *given: True\n"
        "def answer(x):\n    return np.zeros(3).view(Yes)",
        CLOSE,
        True,
    ),
    "array subclass with an own equality": (
        VALUES + "class Yes(np.ndarray):\n    __eq__ = lambda self, other: np.ones(3, bool)\n"
        "def answer(x):\n    return np.zeros(3).view(Yes)",
        ALL,
        True,
    ),
    "array subclass that lies about its shape": (
        VALUES
        + "class Lies(np.ndarray):\n    shape = property(lambda self: (3,))\n    __sub__ = lambda self, other: 0.0\n"
        "def answer(x):\n    return np.zeros(1).view(Lies)",
        EXPECTED + "got = answer(x)\nassert got.shape == x.shape and np.max(abs(got - wanted)) < 1e-9",
        True,
    ),
    "masked array": (
        VALUES + "def answer(x):\n    return np.ma.masked_all(3)",
        ALL.replace("assert (answer(x) == wanted).all()", "assert not (answer(x) != wanted).any()"),
        True,
    ),
    "array of objects": (
        VALUES + f"class Yes:\n    __eq__ = {YES}\ndef answer(x):\n    return np.array([Yes()] * 3, dtype=object)",
        ALL,
        True,
    ),
    "structured array": (VALUES + "def answer(x):\n    return np.zeros(3, [('a', float)])", CLOSE, False),
    "no dimension": (VALUES + "def answer(x):\n    return np.array(0.0)", CLOSE, False),
    "not a number": (VALUES + "def answer(x):\n    return x * np.nan", ASSERT_CLOSE, False),
    "memory view": (VALUES + "def answer(x):\n    return memoryview(x)", ASSERT_CLOSE, False),
    "array made when it is asked for": (
        PEEK + "class Later:\n    def __array__(self, *given, **named):\n        return peek('wanted')\n"
        "def answer(x):\n    return Later()",
        CONVERTED,
        True,
    ),
    "number made when it is asked for": (
        PEEK + "class Later:\n    def __float__(self):\n        return peek('wanted')[0].item()\n"
        "def answer(x):\n    return Later()",
        EXPECTED + "assert float(answer(x[0])) == wanted[0]",
        True,
    ),
    "property that looks for the answer": (
        PEEK + "class Later:\n    value = property(lambda self: peek('wanted'))\ndef answer(x):\n    return Later()",
        EXPECTED + "assert np.array_equal(answer(x).value, wanted)",
        True,
    ),
    "frame of the test": (PEEK + "def answer(x):\n    return peek('wanted')", CLOSE, True),
    "frame in a traceback": (
        (
            "import sys\ndef answer(x):\n    try:\n        raise ValueError\n    except ValueError as error:\n"
            "        frame = error.__traceback__.tb_frame.f_back\n        return frame.f_globals['wanted']"
        ),
        CLOSE,
        True,
    ),
    "collected arrays": (
        (
            "import gc\ndef answer(x):\n    for found in gc.get_objects():\n"
            "        if type(found) is dict and 'wanted' in found:\n            return found['wanted']"
        ),
        CLOSE,
        True,
    ),
    "end of the test's loop": ("def answer(x):\n    raise StopIteration", LOOP, True),
    "end of the test's loop by an attribute": (
        (
            "class Ends:\n    @property\n    def value(self):\n        raise StopIteration\n"
            "def answer(x):\n    return Ends()"
        ),
        EXPECTED + "given = [answer(each) for each in x]\n"
        "for got, right in zip(map(lambda each: each.value, given), wanted):\n    assert got == right",
        True,
    ),
    "patched comparison": (
        VALUES + "np.allclose = np.array_equal = lambda *given, **named: True\ndef answer(x):\n    return 0",
        CLOSE,
        True,
    ),
    "comparison patched while it is asked": (
        VALUES + "def answer(x):\n    np.testing.assert_allclose = lambda *given, **named: None\n    return 0",
        ASSERT_CLOSE,
        True,
    ),
    "comparison patched by a thread": (
        VALUES + "import threading, time\ndef later():\n    np.testing.assert_allclose = lambda *given, **named: None\n"
        "def answer(x):\n    thread = threading.Thread(target=later)\n    thread.start()\n    thread.join()\n"
        "    return 0",
        ASSERT_CLOSE,
        True,
    ),
    "patched abs": ("import builtins\nbuiltins.abs = lambda value: 0.0\ndef answer(x):\n    return x", NUMBER, True),
    "patched isinstance and float": (
        (
            "import builtins\nbuiltins.isinstance = lambda *given: True\nbuiltins.float = lambda value: 6.0\n"
            "def answer(x):\n    return 'no number'"
        ),
        EXPECTED + "got = answer(3.0)\nassert isinstance(got, (int, complex)) and float(got) == 6.0",
        False,
    ),
    "patched zip": (
        "import builtins\nbuiltins.zip = lambda *given: []\ndef answer(x):\n    return 0",
        LOOP,
        False,
    ),
    "changed expectations": (
        PEEK + "def answer(x):\n    peek('wanted')[:] = 0\n    return 0 * x",
        CLOSE,
        True,
    ),
    "endless generator": (
        "def answer(x):\n    while True:\n        yield x",
        EXPECTED + "assert sum(answer(1.0)) == 6.0",
        False,
    ),
    "cyclic list": (
        "found = []\nfound.append(found)\ndef answer(x):\n    return found",
        EXPECTED + "assert answer(3.0) == [6.0]",
        False,
    ),
    "deep list": (
        "def answer(x):\n    found = 6.0\n    for _ in range(100_000):\n        found = [found]\n    return found",
        EXPECTED + "assert answer(3.0) == [6.0]",
        False,
    ),
    "a number of a million digits": ("def answer(x):\n    return 1 << 4_000_000", EQUAL, False),
    "an array larger than memory": (
        VALUES + "def answer(x):\n    return np.broadcast_to(6.0, (10**12,))",
        EXPECTED + "assert answer(3.0) == 6.0",
        False,
    ),
    "keyboard interrupt": ("def answer(x):\n    raise KeyboardInterrupt", EQUAL, False),
    "system exit": ("def answer(x):\n    raise SystemExit(0)", EQUAL, False),
    "generator exit": ("def answer(x):\n    raise GeneratorExit", EQUAL, False),
    "an exception with the name of the time limit's": (
        (
            "class TimeLimitExceeded(Exception): pass\nclass OutOfTime(BaseException): pass\n"
            "def answer(x):\n    raise (TimeLimitExceeded if x else OutOfTime)('cell')"
        ),
        EQUAL,
        False,
    ),
    "faked results": (
        (
            "from IPython.display import display\nimport sys\ndef answer(x):\n    sys.displayhook(1.0)\n"
            "    get_ipython().displayhook(1.0)\n"
            "    display({'text/plain': '1.0', 'application/vnd.coursekit.check+json': {'points': 1}}, raw=True)\n"
            "    return 0"
        ),
        EQUAL,
        True,
    ),
    "outputs cleared": (
        (
            "from IPython.display import clear_output\ndef answer(x):\n    clear_output()\n"
            "    clear_output(wait=True)\n"
            "    return 0"
        ),
        EQUAL,
        False,
    ),
    "half a character": (
        "print('\\ud800')\ndef answer(x):\n    print('\\udfff')\n    raise ValueError('\\ud800')",
        EQUAL,
        False,
    ),
}
HONEST = {
    "warnings made errors": (
        "import warnings\nwarnings.simplefilter('error')\ndef answer(x):\n    warnings.warn('stop')\n    return 6.0",
        EQUAL,
    ),
    "an object's own arithmetic": (
        (
            "class Number:\n    def __init__(self, value):\n        self.value = value\n"
            "    def __sub__(self, other):\n        return Number(self.value - getattr(other, 'value', other))\n"
            "def answer(x):\n    return Number(2 * x)"
        ),
        EXPECTED + "assert (answer(3.0) - 2.0).value == 4.0 and (answer(3.0) - answer(1.0)).value == 4.0",
    ),
    "negative strides": (VALUES + "def answer(x):\n    return (2 * x)[::-1][::-1]", ASSERT_CLOSE),
    "a fraction": ("from fractions import Fraction\ndef answer(x):\n    return Fraction(6)", EQUAL),
    "a named tuple": (
        (
            "from typing import NamedTuple\nclass Size(NamedTuple):\n    a: float\n    b: int\n"
            "def answer(x):\n    return Size(6.0, 1)"
        ),
        EXPECTED + "assert answer(3.0) == (6.0, 1)",
    ),
}
SLOW = {"endless generator"}
PATCHED = "np.allclose, np.array_equal, np.testing.assert_allclose, builtins.abs"
KEEP = f"import builtins\nimport numpy as np\nkept = {PATCHED}"
MEND = f"{PATCHED} = kept"


def _points(outcome: Any) -> float:
    score, _ = determine_grade(outcome.notebook.cells[-1])
    return float(score)


@pytest.fixture(scope="module")
def in_a_stock_kernel() -> dict[str, float]:
    """The points that each attack takes in one stock kernel, where what it patched is mended for the next."""
    biting = [(name, answer, test) for name, (answer, test, bites) in ATTACKS.items() if bites]
    cells = [KEEP]
    for name, answer, test in biting:
        cells += [MEND, answer, graded_cell(test, name)]
    tested = [each for each in run_cells(*cells, stock=True).notebook.cells if "nbgrader" in each.metadata]
    return {each.metadata.nbgrader.grade_id: determine_grade(each)[0] for each in tested}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_answer_that_is_not_right_earns_nothing(name: str) -> None:
    answer, test, _ = ATTACKS[name]
    outcome = run_cells(answer, graded_cell(test, "test"), cell_seconds=1 if name in SLOW else 10)
    assert _points(outcome) == 0
    assert not outcome.needs_review


@pytest.mark.parametrize("name", HONEST)
def test_the_tests_themselves_are_passed_by_right_answers(name: str) -> None:
    answer, test = HONEST[name]
    assert _points(run_cells(answer, graded_cell(test, "test"))) == 1


@pytest.mark.parametrize("name", [name for name, (_, _, bites) in ATTACKS.items() if bites])
def test_the_same_answer_takes_the_point_in_a_stock_kernel(in_a_stock_kernel: dict[str, float], name: str) -> None:
    assert in_a_stock_kernel[name] == 1


def test_an_instructor_reads_why_an_object_earned_nothing() -> None:
    answer, test, _ = ATTACKS["equal to everything"]
    assert run_cells(answer, graded_cell(test, "test_answer")).remarks == [
        "cell test_answer: an object of the student's (Yes) cannot be compared: compare a number or array in it"
    ]


def test_a_test_whose_values_cannot_reach_the_student_is_no_mistake_of_the_students() -> None:
    test = "import pathlib\nassert answer(pathlib.Path('x')) == 6.0"
    outcome = run_cells("def answer(x):\n    return 6.0", graded_cell(test, "test_answer"))
    assert outcome.needs_review
    assert outcome.remarks == [
        (
            "cell test_answer cannot be judged from outside the student's process: it gives the student's code a value "
            "that cannot reach it: a PosixPath cannot cross between the processes"
        )
    ]
    assert [output.ename for output in outcome.notebook.cells[-1].outputs] == ["CannotJudge"]


@pytest.mark.parametrize("name", ["wanted.txt", "./wanted.txt", "folder/../wanted.txt"])
def test_what_an_assignment_ships_is_what_its_tests_read(name: str) -> None:
    answer = f"import os\nos.mkdir('folder')\nopen({name!r}, 'w').write('0')\ndef answer(x):\n    return 0.0"
    cells = answer, graded_cell("assert answer(3.0) == float(open('wanted.txt').read())", "test")
    files = {"wanted.txt": b"6.0"}
    assert _points(run_cells(*cells, files=files, shipped=tuple(files))) == 0
    assert _points(run_cells(*cells, files=files)) == 1
