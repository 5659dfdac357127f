"""The command: help that answers at once, errors that are one sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

SMALL = "hw0_small"


def _run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coursekit", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)


def test_help_imports_no_room(tmp_path: Path) -> None:
    probe = (
        "import sys\nsys.argv = ['coursekit', '--help']\n"
        "from coursekit.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'matplotlib', 'nbgrader', 'nbformat', 'jupytext', 'distributed', 'ipywidgets', 'IPython'}\n"
        "print('IMPORTED', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert "IMPORTED []" in done.stdout
    for verb in ("build", "init", "grade", "demo", "lectures"):
        assert verb in done.stdout


def test_importing_coursekit_imports_nothing_else() -> None:
    probe = "import sys; before = set(sys.modules); import coursekit; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "['coursekit']"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("grade", SMALL), "is not in a course directory (no nbgrader_config.py here or above): go to one"),
        (("init", "course", "--assignments", "nowhere"), "nowhere holds no assignment"),
        (("demo", "--assignments", "nowhere"), "nowhere holds no hw4_layers"),
    ],
)
def test_bad_input_is_one_sentence_exit_code_2_and_nothing_written(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = _run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("grade", "hw9"), "there is no assignment 'hw9' in this course; the gradebook has: hw0_small"),
        (("grade", SMALL), "nobody has handed in hw0_small"),
        (("init", "source"), "source already exists and is left as it is"),
    ],
)
def test_bad_input_in_a_course_changes_nothing(course_path: Path, arguments: tuple[str, ...], message: str) -> None:
    before = {path: path.stat().st_mtime_ns for path in course_path.rglob("*") if path.is_file()}
    done = _run(*arguments, cwd=course_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert {path: path.stat().st_mtime_ns for path in course_path.rglob("*") if path.is_file()} == before


def test_a_source_with_duplicate_grade_ids_stops_init(assignment_root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "assignments" / SMALL
    folder.mkdir(parents=True)
    text = (assignment_root / SMALL / f"{SMALL}.py").read_text(encoding="utf-8")
    (folder / f"{SMALL}.py").write_text(text.replace('grade_id="root"', 'grade_id="double"'), encoding="utf-8")
    done = _run("init", "course", "--assignments", "assignments", cwd=tmp_path)
    assert done.returncode == 2
    assert "grade_id 'double' is already used in line" in done.stderr
    assert not (tmp_path / "course").exists()
