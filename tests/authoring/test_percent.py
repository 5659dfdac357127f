"""Percent scripts become the same notebook at every build."""

from pathlib import Path

import pytest

from coursekit.authoring import percent
from coursekit.errors import UsageError

SCRIPT = """# %% [markdown] slides=["CEE616-E15"]
# Text with $x^2$.

# %% tags=["raises-exception"]
1 / 0

# %% grade_id="named"
x = 1
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "01_topic.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def test_cells_keep_type_source_and_metadata(script: Path) -> None:
    cells = percent.read(script).notebook.cells
    assert [cell.cell_type for cell in cells] == ["markdown", "code", "code"]
    assert [cell.source for cell in cells] == ["Text with $x^2$.", "1 / 0", "x = 1"]
    assert cells[0].metadata == {"slides": ["CEE616-E15"]}
    assert cells[1].metadata == {"tags": ["raises-exception"]}


def test_ids_are_the_grade_id_or_follow_from_source_and_position(script: Path) -> None:
    first = [cell.id for cell in percent.read(script).notebook.cells]
    assert first == [cell.id for cell in percent.read(script).notebook.cells]
    assert first[2] == "named"
    script.write_text(SCRIPT.replace("1 / 0", "2 / 0"), encoding="utf-8")
    second = [cell.id for cell in percent.read(script).notebook.cells]
    assert second[0] == first[0]
    assert second[1] != first[1]


def test_equal_cells_have_different_ids(script: Path) -> None:
    script.write_text("# %%\nx = 1\n\n# %%\nx = 1\n", encoding="utf-8")
    one, other = percent.read(script).notebook.cells
    assert one.id != other.id


def test_metadata_of_jupytext_is_dropped(script: Path) -> None:
    assert set(percent.read(script).notebook.metadata) == {"kernelspec", "language_info"}


def test_an_error_names_file_and_line(script: Path) -> None:
    assert str(percent.read(script).error(1, "why")) == f"{script}, line 4: why"


def test_text_above_the_first_marker_is_refused(script: Path) -> None:
    script.write_text("x = 1\n\n# %%\ny = 2\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"01_topic.py, line 1: a percent script begins with a cell marker"):
        percent.read(script)


def test_a_missing_script_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        percent.read(tmp_path / "none.py")
