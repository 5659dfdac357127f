"""Does nbgrader_config.py say what keeps a course safe? nbgrader goes on with its defaults where it cannot be read."""

import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from nbconvert.exporters import HTMLExporter
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import Execute as StockExecute
from nbgrader.preprocessors import SaveAutoGrades
from traitlets.config.loader import PyFileConfigLoader
from traitlets.utils.importstring import import_item

from coursekit.grading import formgrader
from coursekit.grading.course import Course
from coursekit.grading.doctor.findings import Finding, advice, attempt, fine, unsafe
from coursekit.grading.execute import Execute
from coursekit.grading.feedback import HideHiddenTests
from coursekit.grading.remove_scripts import RemoveScripts
from coursekit.grading.settings import CONFIG_FILE

RENEW = "take its lines from the nbgrader_config.py of a new course (`coursekit init DIR`)"
FORGOTTEN = "nbgrader goes on with its defaults then: it runs students' code with your rights, and shows hidden tests"


def open_course(root: Path) -> tuple[Course | None, list[Finding]]:
    """The course as nbgrader sees it, None where its configuration cannot be used, and what is to be said of it."""
    with redirect_stdout(sys.stderr), mock.patch.object(formgrader, "protect") as protect:
        try:
            PyFileConfigLoader(CONFIG_FILE, path=str(root)).load_config()
        except (Exception, SystemExit) as error:
            found = f"it stops with {_described(error, root / CONFIG_FILE)}. {FORGOTTEN}"
            return None, [unsafe(CONFIG_FILE, found, f"mend it, or {RENEW}")]
        try:
            course = Course(root)
        except (Exception, SystemExit) as error:
            found = f"a setting in it is refused: {_cause(error)}"
            return None, [unsafe(CONFIG_FILE, found, "correct the setting that the message names")]
    readable = fine(CONFIG_FILE, f"{root / CONFIG_FILE} can be read")
    return course, [readable, *attempt("steps", partial(_steps, course)), _formgrader(protect.called)]


def _steps(course: Course) -> Iterator[Finding]:
    autograde = _classes(course.autograde.autograde_preprocessors)
    position = _position(autograde, Execute)
    what = "step Execute"
    if position is None or StockExecute in autograde:
        found = "missing from c.Autograde.autograde_preprocessors, or nbgrader's own stands there as well"
        yield unsafe(
            what, f"{found}: `nbgrader autograde` and the formgrader run students' code with your rights", RENEW
        )
    elif (saved := _position(autograde, SaveAutoGrades)) is None or saved < position:
        yield unsafe(what, "SaveAutoGrades does not come after it: the marks of this run are not recorded", RENEW)
    else:
        yield fine(what, "`nbgrader autograde` and the formgrader run students' code apart")

    feedback = _classes(GenerateFeedback(coursedir=course.directory, parent=course.app).preprocessors)
    what = "step HideHiddenTests"
    if _position(feedback, HideHiddenTests) is None:
        yield unsafe(what, "missing from c.GenerateFeedback.preprocessors: feedback shows the hidden tests", RENEW)
    else:
        yield fine(what, "feedback shows the visible tests only")

    what = "step RemoveScripts"
    if not autograde or not issubclass(autograde[-1], RemoveScripts):
        found = "not the last of c.Autograde.autograde_preprocessors: a student's script runs in your browser"
        yield unsafe(what, found, RENEW)
    elif _position(_classes(HTMLExporter(config=course.app.config).preprocessors), RemoveScripts) is None:
        found = "missing from c.HTMLExporter.preprocessors: notebooks that another program graded are shown as they are"
        yield advice(what, found, RENEW)
    else:
        yield fine(what, "no script of a student's runs in your browser")


def _formgrader(protected: bool) -> Finding:
    if protected:
        return fine("formgrader", "no script comes in by a link, and files that were handed in run nothing")
    return advice(
        "formgrader",
        "nbgrader runs a script that a link to it holds, and a web page that was handed in, with your rights",
        f"call coursekit.grading.formgrader.protect() in {CONFIG_FILE}, or open no link and no page of a student's",
    )


def _classes(steps: Sequence[Any]) -> list[type]:
    """Steps as classes; a configuration may name them or hold them."""
    found = [import_item(step) if isinstance(step, str) else step for step in steps]
    return [step if isinstance(step, type) else type(step) for step in found]


def _position(steps: Sequence[type], wanted: type) -> int | None:
    return next((place for place, step in enumerate(steps) if issubclass(step, wanted)), None)


def _described(error: BaseException, path: Path) -> str:
    """An error and the line of the file where it arose."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    return _cause(error) + (f" in line {line}" if line else "")


def _cause(error: BaseException) -> str:
    """An error in a line; where a program only gave up, the error that made it."""
    cause = error.__context__ if isinstance(error, SystemExit) and error.__context__ else error
    return " ".join(f"{type(cause).__name__}: {cause}".split())
