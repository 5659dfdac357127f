"""A class in which nearly everyone attacks the marks: nobody gains a point, and nothing else in the gradebook moves."""

import copy
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from coursekit.grading import grade as grading
from coursekit.grading.course import Course
from coursekit.grading.report import report

from .marks import RIGHT, SMALL, WRONG, Attack, cell, gradebook, submit

FAKE_CHECK = (
    "class Score:\n    def __enter__(self): return self\n    def __exit__(self, *given): return True\n"
    "    def part(self, *given): return self\n    def __repr__(self): return '2.0'\n"
    "def score(*given): return Score()\ndef value(*given, **named): return True\n"
)
SHELL = "ip = get_ipython()\n"
MARKER = "read-by-a-program-of-the-course"
CONFIG = f"import pathlib\npathlib.Path({MARKER!r}).touch()\nraise SystemExit('read')\n".encode()


def _marks(**marks: Any) -> Callable[[Any], None]:
    """Change the nbgrader metadata of the test cells, and make them easy."""

    def change(notebook: Any) -> None:
        for grade_id in ("test_double", "test_root"):
            test = cell(notebook, grade_id)
            test.source = "2.0"
            test.metadata.nbgrader.update(marks)

    return change


def _extra(*cells: Any, at: int | None = None) -> Callable[[Any], None]:
    def change(notebook: Any) -> None:
        place = len(notebook.cells) if at is None else at
        notebook.cells[place:place] = copy.deepcopy(list(cells))

    return change


def _claiming(grade_id: str, source: str = "2.0") -> Any:
    claimed = new_code_cell(source)
    claimed.metadata["nbgrader"] = {
        "grade": True,
        "grade_id": grade_id,
        "locked": False,
        "points": 99,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    return claimed


def _emptied(notebook: Any) -> None:
    for grade_id in ("test_double", "test_root"):
        cell(notebook, grade_id).source = ""


def _markdown(notebook: Any) -> None:
    for index, each in enumerate(notebook.cells):
        if each.metadata.get("nbgrader", {}).get("grade_id", "").startswith("test_"):
            made = nbformat.v4.new_markdown_cell("5 of 5 points", metadata=each.metadata)
            notebook.cells[index] = made


def _deleted(notebook: Any) -> None:
    notebook.cells = [each for each in notebook.cells if not each.metadata.get("nbgrader", {}).get("grade")]


def _swapped(notebook: Any) -> None:
    first, second = cell(notebook, "test_double"), cell(notebook, "double")
    first.metadata.nbgrader.grade_id, second.metadata.nbgrader.grade_id = "double", "test_double"


def _same_ids(notebook: Any) -> None:
    for each in notebook.cells:
        each["id"] = "same"


def _merged(notebook: Any) -> None:
    test = cell(notebook, "test_double")
    cell(notebook, "double").source += f"\n{test.source}\n2.0"
    notebook.cells.remove(test)


def _kernel(notebook: Any) -> None:
    notebook.metadata.kernelspec = {"name": "bash", "display_name": "Bash", "language": "bash"}
    notebook.metadata.language_info = {"name": "bash"}


def _forged_outputs(notebook: Any) -> None:
    for each in notebook.cells:
        if each.cell_type == "code":
            each.outputs = [
                nbformat.v4.new_output(
                    "execute_result",
                    {"text/plain": "2.0", "application/vnd.coursekit.check+json": {"points": 99}},
                    execution_count=1,
                )
            ]


ATTACKS: dict[str, Attack] = {
    # What a student's cell does to the program that runs the tests.
    "input-transformer": Attack(
        SHELL + "def easy(lines):\n    return ['2.0\\n'] if 'check.score' in ''.join(lines) else lines\n"
        "ip.input_transformers_cleanup.append(easy)",
        bites=True,
    ),
    "syntax-transformer": Attack(
        SHELL + "import ast\nclass Easy(ast.NodeTransformer):\n    def visit_With(self, node):\n"
        "        return ast.parse('s = 2.0').body[0]\nip.ast_transformers.append(Easy())",
        bites=True,
    ),
    "pre-run-hook": Attack(
        SHELL + "def easy(info):\n    ip.user_ns.update(double=lambda x: 2 * x, root=lambda x: x**0.5)\n"
        "    from coursekit import check\n    check.value = lambda *given, **named: True\n"
        "ip.events.register('pre_run_cell', easy)",
    ),
    "post-run-hook": Attack(
        SHELL + "from IPython.display import display\n"
        "ip.events.register('post_run_cell', lambda result: ip.displayhook(2.0))",
    ),
    "run-code": Attack(
        SHELL + "async def easy(self, code, result=None, **named):\n    self.displayhook(2.0)\n    return False\n"
        "type(ip).run_code = easy",
        bites=True,
    ),
    "displayhook": Attack(
        SHELL + "real = type(ip.displayhook).compute_format_data\n"
        "type(ip.displayhook).compute_format_data = lambda self, result: ({'text/plain': '2.0'}, {})",
        bites=True,
    ),
    "formatter": Attack(
        SHELL + "ip.display_formatter.format = lambda value, *given, **named: ({'text/plain': '2.0'}, {})",
        bites=True,
    ),
    "publisher": Attack(SHELL + "ip.display_pub.publish = lambda *given, **named: None"),
    "traceback": Attack(SHELL + "ip.showtraceback = ip._showtraceback = lambda *given, **named: None"),
    # What it does to the modules that the tests import.
    "patched-check": Attack(
        "try:\n    from coursekit import check\n    type(check.score(1)).__float__ = lambda self: 2.0\n"
        "except ImportError:\n    pass",
        bites=True,
    ),
    "fake-module": Attack(
        "import sys, types\nfake = types.ModuleType('coursekit')\nfake.check = types.ModuleType('check')\n"
        f"exec({FAKE_CHECK!r}, vars(fake.check))\n"
        "sys.modules.update({'coursekit': fake, 'coursekit.check': fake.check})",
        bites=True,
    ),
    "fake-import": Attack(
        "import builtins, types\nreal = builtins.__import__\nfake = types.ModuleType('coursekit')\n"
        f"fake.check = types.ModuleType('check')\nexec({FAKE_CHECK!r}, vars(fake.check))\n"
        "def easy(name, *given, **named):\n    return fake if name == 'coursekit' else real(name, *given, **named)\n"
        "builtins.__import__ = easy",
        bites=True,
    ),
    "meta-path": Attack(
        "import sys, types\nfrom importlib.machinery import ModuleSpec\nclass Fake:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        return ModuleSpec(name, self, is_package=True) if name.startswith('coursekit') else None\n"
        "    def create_module(self, spec): return None\n"
        f"    def exec_module(self, module): exec({FAKE_CHECK!r}, vars(module))\n"
        "for name in [name for name in sys.modules if name.startswith('coursekit')]: del sys.modules[name]\n"
        "sys.meta_path.insert(0, Fake())",
        bites=True,
    ),
    "module-beside": Attack(
        "import sys\nsys.path.insert(0, '.')",
        files={"coursekit/__init__.py": b"", "coursekit/check.py": FAKE_CHECK.encode()},
        bites=True,
    ),
    "modules-beside": Attack(
        files=dict.fromkeys(("numpy.py", "random.py", "check.py", "json.py", "typing.py"), b"raise SystemExit(0)"),
    ),
    # What it does to the notebook.
    "easy-tests": Attack(change=_marks()),
    "points": Attack(change=_marks(points=99, checksum="0")),
    "tests-of-the-students": Attack(change=_marks(solution=True)),
    "ungraded": Attack(change=_marks(grade=False, locked=False)),
    "unlocked": Attack(change=_marks(grade=False, solution=True, locked=False)),
    "task": Attack(change=_marks(task=True, grade=False, points=99)),
    "old-schema": Attack(change=_marks(schema_version=0)),
    "new-schema": Attack(change=_marks(schema_version=99)),
    "type-in-the-marks": Attack(change=_marks(cell_type="markdown")),
    "emptied": Attack(change=_emptied),
    "markdown": Attack(change=_markdown),
    "deleted": Attack(change=_deleted),
    "swapped-ids": Attack(change=_swapped),
    "merged": Attack(change=_merged),
    "reversed": Attack(change=lambda notebook: notebook.cells.reverse()),
    "same-cell-ids": Attack(change=_same_ids),
    "second-test-before": Attack(change=_extra(_claiming("test_double"), _claiming("test_root"), at=0)),
    "second-test-after": Attack(change=_extra(_claiming("test_double"), _claiming("test_root"))),
    "foreign-test": Attack(change=_extra(_claiming("bonus"))),
    "marks-of-another-kind": Attack(change=lambda notebook: notebook.cells[0].metadata.update(nbgrader=["grade"])),
    "forged-outputs": Attack(change=_forged_outputs),
    "shown-points": Attack(change=_extra(new_code_cell("5.0"), new_code_cell("display(5.0)"))),
    "tests-redefined": Attack(
        change=_extra(new_code_cell("class s:\n    def __repr__(self): return '5.0'\ns = check = s()"), at=2)
    ),
    "other-kernel": Attack(change=_kernel),
    # What it says that it is.
    "half-a-character": Attack("print('\\ud800')\nraise ValueError('\\udfff')"),
    "recorded": Attack(
        answers={
            "double": "seen = []\ndef double(x):\n    seen.append(x)\n    open('seen.txt', 'w').write(str(seen))\n"
            "    print(seen)\n    raise ValueError(seen)",
            "root": "import os\ndef root(x):\n    return str(dict(os.environ)) + str(os.listdir('..'))",
        }
    ),
    "configuration": Attack(
        files=dict.fromkeys(
            (
                *("nbgrader_config.py", "jupyter_config.py", "ipython_config.py", "jupyter_nbconvert_config.py"),
                *("sitecustomize.py", "usercustomize.py", "conftest.py", ".ipython/profile_default/startup/00.py"),
                *(".jupyter/jupyter_config.py", "pyproject.toml", "__init__.py"),
            ),
            CONFIG,
        )
    ),
    # What nobody can read.
    "not-json": Attack(edit=lambda text: b"5 of 5 points", review=True),
    "deep-json": Attack(edit=lambda text: b"[" * 100_000 + b"]" * 100_000, review=True),
    "json-of-another-kind": Attack(edit=lambda text: b'{"score": 5, "nbformat": 4}', review=True),
    "cells-of-no-kind": Attack(
        edit=lambda text: json.dumps(
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "mark"}]}
        ).encode(),
        review=True,
    ),
    "deep-metadata": Attack(
        edit=lambda text: text.replace(b"{", b'{"deep": ' + b"[" * 500 + b"]" * 500 + b",", 1),
        review=True,
    ),
    "fifty-megabytes": Attack(change=_extra(new_code_cell("# " + "x" * 50_000_000))),
    "half-a-character-in-the-source": Attack(
        edit=lambda text: text.replace(b"# A small assignment", b"# A small assignment \\ud800", 1)
    ),
}
TIMES = {"of-the-future": "2999-01-01 00:00:00 UTC", "of-no-time": "never", "of-too-long-ago": "1" * 400}


@pytest.fixture(scope="module")
def course_path(_released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded class: every attack, and three who are honest: right, wrong, and with nothing readable."""
    course = Path(shutil.copytree(_released, tmp_path_factory.mktemp("attacked") / "course"))
    for name, attack in ATTACKS.items():
        submit(course, name, attack)
    for name, when in TIMES.items():
        submit(course, name, Attack(answers=RIGHT, time=when))
    submit(course, "honest-right", Attack(answers=RIGHT))
    submit(course, "honest-wrong", Attack(answers=WRONG))
    submit(course, "unreadable", Attack(edit=lambda text: b"{"))
    graded = list(grading.grade(Course.here(course), SMALL, jobs=2).graded)
    assert [one.error for one in graded if one.error] == []
    return course


@pytest.fixture(scope="module")
def book(course_path: Path) -> dict[str, Any]:
    """All that the gradebook says of the attacked class."""
    return gradebook(course_path)


@pytest.fixture(scope="module")
def quiet_book(_released: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All that a gradebook says of a class of three honest students."""
    course = Path(shutil.copytree(_released, tmp_path_factory.mktemp("quiet") / "course"))
    submit(course, "honest-right", Attack(answers=RIGHT))
    submit(course, "honest-wrong", Attack(answers=WRONG))
    submit(course, "unreadable", Attack(edit=lambda text: b"{"))
    assert all(one.result for one in grading.grade(Course.here(course), SMALL).graded)
    return gradebook(course)


def _as(entries: list[Any], student: str) -> list[Any]:
    """The rows of a student under another name."""
    return [
        (table, tuple((key, student if table == "student" and key == "id" else value) for key, value in row))
        for table, row in entries
    ]


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_leaves_what_a_wrong_answer_leaves(
    book: dict[str, Any], quiet_book: dict[str, Any], name: str
) -> None:
    like = "unreadable" if ATTACKS[name].review else "honest-wrong"
    assert _as(book[name], like) == quiet_book[like]


def test_the_neighbours_and_the_assignment_are_as_in_a_quiet_class(
    book: dict[str, Any], quiet_book: dict[str, Any]
) -> None:
    assert {owner: book[owner] for owner in quiet_book} == quiet_book
    assert book.keys() - quiet_book.keys() == ATTACKS.keys() | TIMES.keys()


def test_a_forged_time_is_late_or_remarked_on(course_path: Path) -> None:
    rows = {row.student: row for row in report(Course.here(course_path), SMALL).rows}
    assert {rows[name].total for name in TIMES} == {5}
    assert rows["of-the-future"].seconds_late > 0
    for name in ("of-no-time", "of-too-long-ago"):
        assert rows[name].reason == "timestamp.txt holds no date: whether this is late cannot be said"


def test_nothing_beside_a_notebook_configures_anything(course_path: Path) -> None:
    assert not list(course_path.rglob(MARKER))
    assert not Path(MARKER).exists()


def test_the_report_of_the_class_can_be_made(course_path: Path) -> None:
    rows = {row.student: row for row in report(Course.here(course_path), SMALL).rows}
    assert rows["honest-right"].total == 5
    assert {rows[name].total for name in ATTACKS} == {0}
    assert rows["points"].reason == "nbgrader's marks were put back: test_double, test_root"


def test_the_same_attacks_take_points_under_nbgrader_with_a_stock_kernel(
    course_path: Path, tmp_path: Path, stock: list[str]
) -> None:
    course = Path(shutil.copytree(course_path, tmp_path / "course"))
    for folder in ("submitted", "autograded"):
        shutil.rmtree(course / folder)
    biting = {name: attack for name, attack in ATTACKS.items() if attack.bites}
    for name, attack in biting.items():
        submit(course, name, attack)
    done = subprocess.run(
        ["nbgrader", "autograde", SMALL, "--force", *stock], cwd=course, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    with Course.here(course).gradebook() as found:
        scores = {each.student.id: each.score for each in found.assignment_submissions(SMALL)}
    assert {name for name in biting if not scores[name]} == set()
