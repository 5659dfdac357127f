"""The small assignment, sound or with a fault planted."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path

import pytest

from coursekit.audit.running import workers

SOUND = (('"""Twice x."""', '"""Twice x, a number."""'), ('of x."""', 'of x, a number above 0."""'))


@pytest.fixture(scope="session")
def pool() -> Iterator[Executor]:
    """Two threads that run notebooks."""
    with workers() as threads:
        yield threads


@pytest.fixture
def plant(tmp_path: Path, assignment_root: Path) -> Callable[..., Path]:
    """A copy of the small assignment with texts replaced; other files, by name, are written beside it."""

    def plant(*changes: tuple[str, str], **files: str) -> Path:
        folder = tmp_path / "hw0_small"
        shutil.copytree(assignment_root / "hw0_small", folder)
        script = folder / "hw0_small.py"
        text = script.read_text(encoding="utf-8")
        for old, new in (*SOUND, *changes):
            assert old in text
            text = text.replace(old, new, 1)
        script.write_text(text, encoding="utf-8")
        for name, content in files.items():
            place = folder / "variants" if name.startswith(("right_", "wrong_")) else folder
            (place / (f"{name}.py" if place.name == "variants" else name)).write_text(content, encoding="utf-8")
        return script

    return plant
