"""Hidden data come from the course's secret: the tests have it, a student's code and a plain kernel do not."""

from concurrent.futures import Executor
from itertools import cycle
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.audit.running import graded
from coursekit.authoring import assignments, course
from coursekit.errors import UsageError
from coursekit.grading import secret
from coursekit.grading.run import Policy, run
from coursekit.grading.runner.names import Bound

LAYERS = Path(__file__).parents[2] / "assignments" / "hw4_layers" / "hw4_layers.py"
SECRETS = ["a" * 64, "b" * 64, "0123456789abcdef" * 4]
DRAW = "from coursekit import check\nprint(check.rng('hw', 'f', {names}).integers(2**60))"
SEARCH = """
import gc, os, pathlib, sys
wanted = 'c0ffee' * 4
found = [name for name, value in os.environ.items() if wanted in value]
for process in pathlib.Path('/proc').glob('[0-9]*'):
    try:
        found += [str(process)] if wanted.encode() in (process / 'environ').read_bytes() else []
    except OSError:
        pass
for module in list(sys.modules.values()):
    kept = list(vars(module).items())
    texts = [(name, str(value)) for name, value in kept if isinstance(value, (str, bytes)) and name != 'wanted']
    found += [name for name, text in texts if wanted in text]
for kept in gc.get_objects():
    values = kept.values() if type(kept) is dict else kept if type(kept) in (list, tuple) else ()
    inside = [value for value in list(values) if isinstance(value, str) and value is not wanted]
    found += [value for value in inside if wanted in value]
print(len(found))
"""


def test_cell(source: str):
    cell = new_code_cell(source)
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "locked": True, "grade_id": "test", "points": 1}
    return cell


def printed(*cells, **settings: str) -> list[str]:
    outcome = run(nbformat.from_dict(new_notebook(cells=list(cells))), Policy(cell_seconds=30, **settings))
    return "".join(output.text for cell in outcome.notebook.cells for output in cell.outputs).splitlines()


def drawn(names: str, **settings: str) -> str:
    return printed(test_cell(DRAW.format(names=names)), **settings)[0]


test_cell.__test__ = False


def test_the_same_secret_gives_the_same_hidden_data_and_another_gives_others() -> None:
    first, again, other, public = (
        drawn("'hidden'", **({"secret": s} if s else {})) for s in ("a" * 64, "a" * 64, "b" * 64, "")
    )
    assert first == again
    assert len({first, other, public}) == 3


def test_visible_data_and_a_plain_kernel_use_the_public_seed() -> None:
    assert drawn("'x'", secret="a" * 64) == drawn("'x'")
    assert drawn("'hidden'", secret="a" * 64, stock=True) == drawn("'hidden'")


def test_the_students_process_does_not_find_the_secret() -> None:
    planted = "import os\nos.environ['X'] = 'c0ffee' * 4"
    shown = "from coursekit import check\nimport os\nprint('c0ffee' * 4 in os.environ['COURSEKIT_SECRET'])"
    searched = new_code_cell(SEARCH)
    assert printed(searched, test_cell(shown), secret="c0ffee" * 10 + "cafe") == ["0", "True"]
    assert printed(new_code_cell(planted), searched) != ["0"]


def test_a_course_gets_a_secret_that_its_owner_alone_can_read(assignment_root: Path, tmp_path: Path) -> None:
    for name in ("spring", "autumn"):
        course.init(tmp_path / name, assignment_root)
    files = [tmp_path / name / secret.FILE for name in ("spring", "autumn")]
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600, 0o600]
    values = [secret.read(path.parent) for path in files]
    assert len(set(values)) == 2
    assert [len(value) for value in values] == [64, 64]


def test_a_release_does_not_hold_the_secret(course_path: Path) -> None:
    value = secret.read(course_path)
    others = [path for path in course_path.rglob("*") if path.is_file() and path.name != secret.FILE]
    assert any(path.is_relative_to(course_path / "release") for path in others)
    assert [path for path in others if value.encode() in path.read_bytes()] == []


def test_the_secret_stays_out_of_a_policy_that_is_printed() -> None:
    assert "a" * 64 not in repr(Policy(secret="a" * 64))


@pytest.mark.parametrize("text", ["", "a" * 63, "g" * 64, "é" * 64])
def test_a_file_that_holds_no_secret_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / secret.FILE).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        secret.read(tmp_path)


def test_a_course_without_the_file_has_no_secret(tmp_path: Path) -> None:
    assert secret.read(tmp_path) == ""


def test_right_variants_get_full_points_with_any_secret(pool: Executor) -> None:
    instructor = assignments.build(LAYERS)
    right = [variant for variant in assignments.variants(LAYERS) if not variant.fails]
    cases = list(zip(right, cycle(SECRETS), strict=False))

    def points(case: tuple[assignments.Variant, str]) -> dict[str, float]:
        notebook = assignments.hand_in(instructor, instructor, case[0])
        return graded(notebook, Bound(None, {}), secret=case[1]).points

    full = assignments.points(instructor)
    lost = {
        (case[0].name, case[1]): got for case, got in zip(cases, pool.map(points, cases), strict=True) if got != full
    }
    assert cases
    assert lost == {}
