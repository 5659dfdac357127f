"""Handing out lectures copies notebooks and overwrites nothing."""

from pathlib import Path

import pytest

from coursekit.authoring.handout import hand_out
from coursekit.errors import UsageError


@pytest.fixture
def lectures(tmp_path: Path) -> Path:
    folder = tmp_path / "lectures"
    folder.mkdir()
    (folder / "01_first.ipynb").write_text("one")
    (folder / "01_first.py").write_text("source")
    return folder


def test_the_notebooks_are_copied(lectures: Path, tmp_path: Path) -> None:
    copies = hand_out(lectures, tmp_path / "mine")
    assert [copy.name for copy in copies] == ["01_first.ipynb"]
    assert copies[0].read_text() == "one"


def test_nothing_is_overwritten(lectures: Path, tmp_path: Path) -> None:
    (tmp_path / "01_first.ipynb").write_text("my notes")
    with pytest.raises(UsageError, match="already exists"):
        hand_out(lectures, tmp_path)
    assert (tmp_path / "01_first.ipynb").read_text() == "my notes"


def test_a_folder_without_notebooks_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no executed lecture"):
        hand_out(tmp_path, tmp_path / "mine")
