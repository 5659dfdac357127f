"""A course directory: what an instructor has, apart from this repository. Any nbgrader command works in it."""

import secrets
import shutil
import tempfile
from pathlib import Path

import nbformat

from coursekit.authoring import assignments
from coursekit.errors import UsageError

CONFIG = '''"""Configuration of this course: nbgrader reads it, and so does coursekit."""

from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor, CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    GetGrades,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
)

from coursekit.grading import formgrader
from coursekit.grading.execute import Execute
from coursekit.grading.feedback import HideHiddenTests
from coursekit.grading.remove_scripts import RemoveScripts

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = {course_id!r}
c.CourseDirectory.root = str(Path(__file__).resolve().parent)

# Where nbgrader exchanges files with students. This folder is for trying it out alone: on a shared server name one
# outside this directory, which only you may read, that exists and is writable by everyone (0777).
c.Exchange.root = str(Path(__file__).resolve().parent / "exchange")

# When each assignment is due. `coursekit grade` writes it into the gradebook.
c.CourseKit.due_dates = {{
{due_dates}
}}

# Seconds each cell of a submission may run.
c.Execute.timeout = 10

# `nbgrader autograde` and the formgrader's button run submissions as `coursekit grade` does: tests apart from the
# student's code, and what is written to autograded/ runs no script in the browser of who opens it.
c.Autograde.autograde_preprocessors = [
    Execute,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
    RemoveScripts,
]

# Feedback pages show the visible tests only, also when nbgrader makes them.
c.GenerateFeedback.preprocessors = [GetGrades, HideHiddenTests, CSSHTMLHeaderPreprocessor]

# The pages clean what they show once more, for a notebook that another program graded.
c.HTMLExporter.preprocessors = [RemoveScripts]

# In the formgrader: no script comes in by a link, and a web page that a student handed in runs nothing.
formgrader.protect()
'''

# Grading reads it; see coursekit.grading.secret.
SECRET_FILE = "course_secret"

ROSTER = "id,first_name,last_name,email\n"


def init(directory: Path, assignment_root: Path, *, due_dates: dict[str, str] | None = None) -> list[str]:
    """Make a course directory with the source notebooks of all assignments; returns the assignments' names.

    The directory appears complete or not at all, readable by its owner only. It gets a random secret of its own, from
    which the data of hidden tests are drawn. Raises UsageError where it exists.
    """
    if directory.exists():
        raise UsageError(f"{directory} already exists and is left as it is; name a directory that does not exist")
    scripts = assignments.find(assignment_root)
    notebooks = {script.stem: assignments.build(script) for script in scripts}
    parent = directory.resolve().parent
    parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=parent))
    try:
        for script in scripts:
            folder = unfinished / "source" / script.stem
            folder.mkdir(parents=True)
            nbformat.write(notebooks[script.stem], folder / f"{script.stem}.ipynb")
            _copy_data(script.parent, folder)
        (unfinished / "submitted").mkdir()
        exchange = unfinished / "exchange"
        exchange.mkdir()
        exchange.chmod(0o777)
        (unfinished / "roster.csv").write_text(ROSTER, encoding="utf-8")
        _write_secret(unfinished / SECRET_FILE)
        config = CONFIG.format(course_id=_course_id(directory), due_dates=_due_lines(list(notebooks), due_dates or {}))
        (unfinished / "nbgrader_config.py").write_text(config, encoding="utf-8")
        unfinished.rename(directory)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return list(notebooks)


def _write_secret(path: Path) -> None:
    path.touch(mode=0o600)
    path.write_text(secrets.token_hex(32) + "\n", encoding="ascii")


def _copy_data(folder: Path, target: Path) -> None:
    """Copy what an assignment ships beside its script, variants excepted."""
    for entry in sorted(folder.iterdir()):
        if entry.is_file() and entry.suffix != ".py":
            shutil.copy(entry, target / entry.name)


def _course_id(directory: Path) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in directory.resolve().name)


def _due_lines(names: list[str], due_dates: dict[str, str]) -> str:
    lines = []
    for name in names:
        if name in due_dates:
            lines.append(f'    "{name}": "{due_dates[name]}",')
        else:
            lines.append(f'    # "{name}": "2030-01-31 23:59 UTC",')
    return "\n".join(lines)
