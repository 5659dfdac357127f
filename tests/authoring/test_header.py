"""The table of points at the head of an assignment agrees with its cells."""

from pathlib import Path

import pytest

from coursekit.authoring import assignments
from coursekit.errors import UsageError

TITLE = "# # A small assignment\n"


def script(folder: Path, assignment_root: Path, table: str) -> Path:
    text = (assignment_root / "hw0_small" / "hw0_small.py").read_text(encoding="utf-8")
    path = folder / "hw0_small.py"
    path.write_text(text.replace(TITLE, f"{TITLE}#\n{table}#\n", 1), encoding="utf-8")
    return path


def table(*entries: str) -> str:
    rows = "".join(f"# | x | {entry} | 20 |\n" for entry in entries)
    return f"# | exercise | points | minutes |\n# |---|---|---|\n{rows}"


@pytest.mark.parametrize("entries", [("3", "2"), ("3 + 2", "**5**"), ("3", "2", "**5**"), ("2.5 + 2.5",)])
def test_a_table_that_adds_up_is_built(tmp_path: Path, assignment_root: Path, entries: tuple[str, ...]) -> None:
    notebook = assignments.build(script(tmp_path, assignment_root, table(*entries)))
    assert assignments.points(notebook) == {"test_double": 3, "test_root": 2}


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (("3", "3"), "the rows of the table add up to 6, but the cells are worth 5 points"),
        (("3", "2", "**6**"), "the rows of the table add up to 5, its total is 6, but the cells are worth 5 points"),
        (("3", "**5**"), "the rows of the table add up to 3, its total is 5, but the cells are worth 5 points"),
    ],
)
def test_a_table_that_does_not_add_up_is_refused(
    tmp_path: Path, assignment_root: Path, entries: tuple[str, ...], message: str
) -> None:
    path = script(tmp_path, assignment_root, table(*entries))
    with pytest.raises(UsageError) as caught:
        assignments.build(path)
    assert str(caught.value) == f"{path}, line 1: {message}"


def test_another_table_is_no_table_of_points(tmp_path: Path, assignment_root: Path) -> None:
    other = "# | name | value |\n# |---|---|\n# | a | 7 |\n"
    assert assignments.build(script(tmp_path, assignment_root, other)).cells
