"""What a test can do in a stock kernel, where everything is in one process, and cannot do from outside.

In each case an honest answer earns its point in the one and nothing in the other, so an instructor should know of it.
"""

from typing import Any

import pytest
from nbgrader.utils import determine_grade

from coursekit.grading.run import Policy, run

from .cells import code, find, graded, notebook

ANSWERS = """from collections import Counter, defaultdict, namedtuple
from decimal import Decimal
from fractions import Fraction

class Point:
    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        return self.x == other.x

letters = Counter('aab')
half = Fraction(1, 2)
third = Decimal(3)
Size = namedtuple('Size', 'width height')
size = Size(3, 4)
steps, odd = range(0, 9, 2), frozenset({1, 3})
groups = defaultdict(list, {1: [2]})

def first(size):
    return size.width

def area(width, height=1):
    return width * height
"""
TESTS = {
    "equality of the student's own objects": "assert Point(1) == Point(1)",
    "equality of a number of another type": "assert third == Decimal(3)",
    "the type of an object": "assert type(Point(1)) is Point",
    "the signature of a function": "import inspect\nassert str(inspect.signature(area)) == '(width, height=1)'",
    "the source of a function": "import inspect\nassert 'width * height' in inspect.getsource(area)",
    "a module beside the notebook": "import beside\nassert beside.ONE == 1",
}
# The same, asked for what can cross.
INSTEAD = {
    "attributes": "assert Point(1).x == Point(1).x and isinstance(Point(1), Point)",
    "plain containers": "assert dict(letters) == {'a': 2, 'b': 1} and letters['a'] == 2",
    "parts of a number": "assert half.numerator / half.denominator == 0.5",
    "a container of the standard library": "assert letters == {'a': 2, 'b': 1} and letters['c'] == 0",
    "a fraction": "assert half == 0.5",
    "a named tuple": "assert size == (3, 4) and size.width == 3 and isinstance(size, Size) and first(size) == 3",
    "a range and a frozen set": "assert steps == range(0, 9, 2) and odd == {1, 3}",
    "a dict that makes missing values": "assert groups == {1: [2]} and groups[5] == []",
    "a call": "assert area(2) == 2 and area(width=2, height=3) == 6",
}


@pytest.fixture(scope="module")
def points() -> dict[str, tuple[float, float]]:
    """What each test gives the same answers: in a stock kernel, and from outside."""
    cells = [code(ANSWERS), *(graded(name, 1, source) for name, source in {**TESTS, **INSTEAD}.items())]
    given = notebook(
        *cells, graded("sets", 1, "told = 5"), code("heard = told"), graded("hears", 1, "assert heard == 5")
    )
    names = ("Point", "letters", "half", "third", "Size", "size", "first", "steps", "odd", "groups", "area", "heard")
    imports = {"beside": "import beside", "Decimal": "from decimal import Decimal"}
    files = {"beside.py": b"ONE = 1\n"}
    stock, ours = (
        run(given, Policy(stock=stock, names=names, imports=imports, files=files)).notebook for stock in (True, False)
    )
    return {name: (_points(stock, name), _points(ours, name)) for name in (*TESTS, *INSTEAD, "hears")}


def _points(executed: Any, grade_id: str) -> float:
    score, _ = determine_grade(find(executed, grade_id))
    assert score is not None
    return score


@pytest.mark.parametrize("name", TESTS)
def test_a_test_from_outside_cannot_ask_for(points: dict[str, tuple[float, float]], name: str) -> None:
    assert points[name] == (1, 0)


@pytest.mark.parametrize("name", INSTEAD)
def test_but_it_can_ask_for(points: dict[str, tuple[float, float]], name: str) -> None:
    assert points[name] == (1, 1)


def test_a_students_cell_does_not_see_what_a_test_defines(points: dict[str, tuple[float, float]]) -> None:
    assert points["hears"] == (1, 0)
