"""The lectures as a student gets them: notebooks in a folder of one's own."""

import shutil
from pathlib import Path

from coursekit.errors import UsageError


def hand_out(lectures: Path, directory: Path) -> list[Path]:
    """Copy the executed lecture notebooks into a folder; returns the copies.

    Raises UsageError, before anything is copied, where there are none or a copy would overwrite a file.
    """
    notebooks = sorted(lectures.glob("[0-9][0-9]_*.ipynb"))
    if not notebooks:
        raise UsageError(f"{lectures} holds no executed lecture: run `coursekit build` first")
    targets = [directory / notebook.name for notebook in notebooks]
    for target in targets:
        if target.exists():
            raise UsageError(f"{target} already exists and is left as it is; name another folder")
    directory.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(notebook, target)) for notebook, target in zip(notebooks, targets, strict=True)]
