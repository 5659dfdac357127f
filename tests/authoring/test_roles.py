"""A source that could not be graded as written is refused with file and line."""

from pathlib import Path

import pytest

from coursekit.authoring import assignments
from coursekit.errors import UsageError

GOOD = (Path(__file__).parents[1] / "data/assignments/hw0_small/hw0_small.py").read_text(encoding="utf-8")

CASES = {
    "duplicate grade id": (
        'grade_id="root"',
        'grade_id="double"',
        "line 35: grade_id 'double' is already used in line 10",
    ),
    "no grade id": ('grade_id="root" role', "role", "a solution cell needs a grade_id"),
    "strange grade id": ('grade_id="root"', 'grade_id="ro ot"', "letters, digits"),
    "unknown role": ('role="setup"', 'role="set-up"', "role must be one of setup, solution, test, explain"),
    "points differ": ("points=3", "points=4", r"check.score\(3\) and points=4 differ"),
    "no points": (" points=3", "", "a test cell needs points above 0"),
    "points of a bool": ("points=3", "points=true", "a test cell needs points above 0"),
    "other last line": (
        '="double(3) kept secret")\n        ### END HIDDEN TESTS\ns\n',
        '="double(3)")\n        ### END HIDDEN TESTS\nprint(s)\n',
        "must end in a line with `s` alone",
    ),
    "hidden last line": (
        "### END HIDDEN TESTS\ns\n\n# %% [markdown]",
        "### END HIDDEN TESTS\ns;\n\n# %% [markdown]",
        "a semicolon hides the last line",
    ),
    "no markers": (
        "    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
        "    return 2 * x",
        "line 10: a solution cell needs ### BEGIN SOLUTION",
    ),
    "marker not ended": ("    return 2 * x\n    ### END SOLUTION", "    return 2 * x", "needs ### BEGIN SOLUTION"),
    "hidden test elsewhere": (
        "# %% [markdown]\n# Now the root.",
        "# %%\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS",
        "a hidden test stands in a cell without role",
    ),
    "hidden test in set-up": (
        "import math",
        "import math\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS",
        "a hidden test stands in a cell without role",
    ),
    "hidden test not ended": (
        "        ### END HIDDEN TESTS\ns\n\n# %% [markdown]",
        "s\n\n# %% [markdown]",
        "must alternate",
    ),
    "solution elsewhere": (
        "import math",
        "import math\n### BEGIN SOLUTION\n### END SOLUTION",
        "a solution stands in a cell without role",
    ),
    "import outside a test": (
        "import math",
        "import math\nfrom coursekit import engine",
        "only test cells import coursekit",
    ),
    "parts do not add up": (
        's.part(2, "small")',
        's.part(3, "small")',
        "the parts are worth 4 points together, but the cell 3",
    ),
    "broken test": ("with check.score(3) as s:", "with check.score(3) as s", "is not valid Python"),
    "no score block": ("with check.score(3) as s:", "with open('x') as s:", "exactly one `with check.score"),
}


@pytest.mark.parametrize(("old", "new", "message"), CASES.values(), ids=CASES.keys())
def test_a_faulty_source_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    script = tmp_path / "hw0_small.py"
    script.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UsageError, match=message) as caught:
        assignments.build(script)
    assert str(caught.value).startswith(f"{script}, line ")


def test_parts_in_a_loop_are_counted_when_they_run(tmp_path: Path) -> None:
    looped = '    for _ in range(2):\n        with s.part(1, "small"):\n            check.value(double(2.0), 4.0)'
    old = '    with s.part(2, "small"):\n        check.value(double(2.0), 4.0, name="double(2)")'
    assert old in GOOD
    script = tmp_path / "hw0_small.py"
    script.write_text(GOOD.replace(old, looped, 1), encoding="utf-8")
    assert assignments.points(assignments.build(script)) == {"test_double": 3, "test_root": 2}


def test_roles_become_the_metadata_of_nbgrader(assignment_root: Path) -> None:
    notebook = assignments.build(assignment_root / "hw0_small" / "hw0_small.py")
    marks = {cell.id: cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata}
    assert list(marks) == ["setup", "double", "test_double", "root", "test_root"]
    assert (marks["setup"].locked, marks["setup"].solution, marks["setup"].grade) == (True, False, False)
    assert (marks["double"].locked, marks["double"].solution, marks["double"].grade) == (False, True, False)
    assert (marks["test_double"].locked, marks["test_double"].grade, marks["test_double"].points) == (True, True, 3)
    assert not any("role" in cell.metadata or "points" in cell.metadata for cell in notebook.cells)
    assert assignments.points(notebook) == {"test_double": 3, "test_root": 2}
