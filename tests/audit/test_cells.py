"""The cells that a test needs, and a test cell that ends at its first failure."""

from collections.abc import Callable
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook

from coursekit.audit.abridged import abridged
from coursekit.audit.needs import affected, excerpt, names, own_tests
from coursekit.audit.timing import halve_limits
from coursekit.authoring import assignments


def cell(source: str, grade_id: str, **marks: bool):
    made = new_code_cell(source)
    made.metadata["nbgrader"] = {"grade_id": grade_id, "grade": False, "solution": False, "locked": False, **marks}
    return made


NOTEBOOK = new_notebook(
    cells=[
        cell("import math", "setup", locked=True),
        cell("def f(x): return x", "f", solution=True),
        cell("helper = 1\nf(2)", "test_f", grade=True, locked=True),
        cell("def g(x): return f(x)", "g", solution=True),
        cell("def h(helper): return helper", "h", solution=True),
        cell("g(1)", "test_g", grade=True, locked=True),
        cell("h(helper)", "test_h", grade=True, locked=True),
    ]
)


def needed(test: str) -> list[str]:
    return [each.metadata.nbgrader.grade_id for each in excerpt(NOTEBOOK, test).cells]


def test_a_cell_takes_what_it_reads_and_does_not_bind() -> None:
    assert names("import math\ny = f(math.pi)\ndef g(x, k=w): return x + y + z") == (
        frozenset({"math", "y", "g"}),
        frozenset({"f", "w", "z"}),
    )


def test_an_excerpt_holds_what_a_test_needs_directly_or_not() -> None:
    assert needed("test_f") == ["setup", "f", "test_f"]
    assert needed("test_g") == ["setup", "f", "g", "test_g"]
    assert needed("test_h") == ["setup", "f", "test_f", "h", "test_h"]


def test_a_solution_is_judged_by_the_tests_below_it_that_use_it() -> None:
    assert own_tests(NOTEBOOK) == {"f": ["test_f"], "g": ["test_g"], "h": ["test_h"]}
    assert affected(NOTEBOOK, ["f"]) == ["test_f", "test_g", "test_h"]
    assert affected(NOTEBOOK, ["g"]) == ["test_g"]


class Checks:
    """Counts the statements that are reached; ``failures`` are those that were wrong."""

    def __init__(self) -> None:
        self.failures: list[int] = []
        self.reached: list[int] = []

    def __enter__(self) -> "Checks":
        return self

    def __exit__(self, *error: object) -> bool:
        return True

    part = __call__ = lambda self, *_: self

    def value(self, number: int, right: bool) -> None:
        self.reached.append(number)
        if not right:
            self.failures.append(number)


def test_an_abridged_cell_ends_at_its_first_failure_only() -> None:
    source = "with s() as s:\n    with s.part(1):\n        s.value(1, True)\n        for k in (2, 3):\n"
    source += "            s.value(k, k < {limit})\n    with s.part(1):\n        s.value(4, True)\ns"
    for limit, reached in ((3, [1, 2, 3]), (2, [1, 2]), (9, [1, 2, 3, 4])):
        checks = Checks()
        exec(abridged(source.format(limit=limit)), {"s": checks})
        assert checks.reached == reached


def test_halving_a_limit_leaves_everything_else(plant: Callable[..., Path]) -> None:
    script = plant(('    with s.part(2, "small"):', '    with check.time_limit(2.5), s.part(2, "small"):'))
    source = halve_limits(assignments.build(script)).cells[3].source
    assert "check.time_limit(2.5 / 2)" in source
    assert "check.value(double(2.0), 4.0, name='double(2)')" in source
