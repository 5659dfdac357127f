"""What `coursekit new` writes is fit for `build`, and never written over something."""

from pathlib import Path

import pytest

from coursekit.authoring import assignments, lectures, scaffold
from coursekit.errors import UsageError


def test_a_new_assignment_can_be_built_and_graded(tmp_path: Path) -> None:
    written = scaffold.assignment(tmp_path, "hw7_convolution")
    assert [path.name for path in written] == ["hw7_convolution.py", "right_loops.py", "wrong_columns.py"]
    (script,) = assignments.find(tmp_path)
    notebook = assignments.build(script)
    assert notebook.cells[0].source.startswith("# Hw7 convolution")
    assert assignments.points(notebook) == {"test_total_per_row": 3}
    assert 'check.rng("hw7_convolution", "total_per_row", "hidden")' in script.read_text(encoding="utf-8")
    assert [variant.name for variant in assignments.variants(script)] == ["right_loops", "wrong_columns"]


def test_a_new_lecture_can_be_built(tmp_path: Path) -> None:
    (script,) = scaffold.lecture(tmp_path, "13_long_memory")
    assert script.read_text(encoding="utf-8").startswith("# %% [markdown]\n# # 13 · Long memory\n")
    lectures.build(script)
    assert lectures.drift(script) == []


@pytest.mark.parametrize("name", ["", "hw7", "HW7_x", "hw7 x", "../hw7_x", "7_x", "hw7_x.py"])
def test_an_unfit_name_for_an_assignment_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is no name for an assignment"):
        scaffold.assignment(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "memory", "1_memory", "13-memory", "../13_memory", "13_Memory"])
def test_an_unfit_name_for_a_lecture_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is no name for a lecture"):
        scaffold.lecture(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_left_as_it_is(tmp_path: Path) -> None:
    scaffold.assignment(tmp_path, "hw7_x")
    scaffold.lecture(tmp_path, "13_x")
    before = {path: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.py")}
    with pytest.raises(UsageError, match="already exists"):
        scaffold.assignment(tmp_path, "hw7_x")
    with pytest.raises(UsageError, match="already has the number 13"):
        scaffold.lecture(tmp_path, "13_other")
    assert {path: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.py")} == before
