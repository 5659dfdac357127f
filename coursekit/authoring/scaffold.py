"""The beginning of an assignment or a lecture: small, complete, and fit for `build` and `audit`."""

import re
from importlib.resources import files
from pathlib import Path
from string import Template

from coursekit.errors import UsageError

ASSIGNMENT_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
LECTURE_NAME = re.compile(r"(\d\d)((?:_[a-z0-9]+)+)")
VARIANTS = ("right_loops", "wrong_columns")


def assignment(root: Path, name: str) -> list[Path]:
    """Write an assignment with one exercise, a question to explain and two variants; returns the files written.

    Raises UsageError where the name is unfit or something of this name exists.
    """
    if not ASSIGNMENT_NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for an assignment: use small letters, digits and _, as in hw7_convolution"
        )
    folder = root / name
    if folder.exists():
        raise UsageError(f"{folder} already exists and is left as it is; choose another name")
    texts = {folder / f"{name}.py": _filled("assignment", name=name, title=_title(name))}
    texts |= {folder / "variants" / f"{variant}.py": _filled(variant) for variant in VARIANTS}
    (folder / "variants").mkdir(parents=True)
    return _write(texts)


def lecture(root: Path, name: str) -> list[Path]:
    """Write the percent script of a lecture; returns the file written.

    Raises UsageError where the name is unfit, or where a lecture has this name or number.
    """
    fit = LECTURE_NAME.fullmatch(name)
    if fit is None:
        raise UsageError(f"{name!r} is no name for a lecture: use two digits, _ and a topic, as in 13_convolution")
    taken = sorted(root.glob(f"{fit[1]}_*.py"))
    if taken:
        raise UsageError(f"{taken[0]} already has the number {fit[1]} and is left as it is; choose another")
    root.mkdir(parents=True, exist_ok=True)
    return _write({root / f"{name}.py": _filled("lecture", number=str(int(fit[1])), title=_title(fit[2]))})


def _title(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()


def _filled(template: str, **words: str) -> str:
    text = files("coursekit.authoring").joinpath("templates", f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).safe_substitute(words)


def _write(texts: dict[Path, str]) -> list[Path]:
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)
