"""A lecture's notebook is built from its script, and any drift between the two is found."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coursekit.authoring import lectures
from coursekit.errors import UsageError

SCRIPT = """# %% [markdown] slides=["CEE616-E15"]
# Text.

# %%
x = 1
x

# %% tags=["raises-exception"]
1 / 0
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    script = tmp_path_factory.mktemp("lectures") / "01_topic.py"
    script.write_text(SCRIPT, encoding="utf-8")
    lectures.build(script)
    return script


@pytest.fixture
def script(built: Path, tmp_path: Path) -> Path:
    for path in (built, lectures.notebook_path(built)):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path / built.name


def test_a_built_lecture_has_no_drift(script: Path) -> None:
    assert lectures.drift(script) == []


def test_outputs_are_kept_and_nothing_that_changes_between_builds(script: Path) -> None:
    cells = nbformat.read(lectures.notebook_path(script), as_version=4).cells
    assert cells[1].outputs[0].data["text/plain"] == "1"
    assert cells[2].outputs[0].traceback == ["ZeroDivisionError: division by zero"]
    assert all("execution" not in cell.metadata for cell in cells)


def _source(cells: list[Any]) -> None:
    cells[1].source = "x = 2"


def _type(cells: list[Any]) -> None:
    cells[0].cell_type = "raw"


def _metadata(cells: list[Any]) -> None:
    cells[0].metadata["slides"] = []


def _id(cells: list[Any]) -> None:
    cells[0]["id"] = "other"


def _count(cells: list[Any]) -> None:
    cells[1].execution_count = None


def _missing(cells: list[Any]) -> None:
    cells.pop()


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (_source, "the source differs"),
        (_type, "the cell type differs"),
        (_metadata, "the metadata differs"),
        (_id, "the id differs"),
        (_count, "was not executed in order"),
        (_missing, "has 2 cells, its script 3"),
    ],
)
def test_drift_is_found(script: Path, change: Callable[[list[Any]], None], finding: str) -> None:
    path = lectures.notebook_path(script)
    notebook = nbformat.read(path, as_version=4)
    change(notebook.cells)
    nbformat.write(notebook, path)
    assert any(finding in line for line in lectures.drift(script))


def test_a_changed_script_is_drift(script: Path) -> None:
    script.write_text(SCRIPT.replace("Text", "Other text"), encoding="utf-8")
    assert any("the source differs" in line and "line 1 of the script" in line for line in lectures.drift(script))


def test_a_missing_notebook_is_drift(script: Path) -> None:
    lectures.notebook_path(script).unlink()
    assert "run `coursekit build`" in lectures.drift(script)[0]


def test_a_cell_that_raises_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    script = tmp_path / "01_topic.py"
    script.write_text("# %%\nx = 1\n\n# %%\nundefined\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"01_topic.py, line 4: the cell raised NameError"):
        lectures.build(script)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["01_topic.py"]
