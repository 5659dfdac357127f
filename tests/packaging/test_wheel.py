"""The wheel, installed in an environment of its own, is the student's: lectures that run, and no answers."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("coursekit-*.whl")
    return built


def test_the_wheel_holds_the_lectures_and_no_answers(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        texts = {name: archive.read(name).decode("utf-8", errors="replace") for name in names}
    assert "coursekit/lectures/08_layerwise_backpropagation.ipynb" in names
    assert "coursekit/slides/map.csv" in names
    assert "coursekit/grading/templates/results.html" in names
    assert "coursekit/py.typed" in names
    assert not [
        name for name in names if re.search(r"hw\d|assignments/|variants/|tests/", name) and name.endswith(".ipynb")
    ]
    assert not [name for name in names if not name.startswith(("coursekit/", "coursekit-"))]
    answers = [
        line.strip()
        for script in (ROOT / "assignments").rglob("hw*.py")
        for region in re.findall(
            r"### BEGIN (?:SOLUTION|HIDDEN TESTS)(.*?)### END", script.read_text(encoding="utf-8"), re.DOTALL
        )
        for line in region.splitlines()
        if len(line.strip()) > 40
    ]
    assert len(answers) > 20
    given_away = {line for line in answers for name, text in texts.items() if line in text}
    assert given_away == set()


def test_lecture_08_runs_from_the_wheel_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    uv = Path(sys.executable).parent / "uv"
    environment = tmp_path / "environment"
    _run(uv, "venv", "--quiet", "--python", sys.executable, environment, cwd=tmp_path)
    python = environment / "bin" / "python"
    _run(
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        "--constraint",
        ROOT / "requirements.txt",
        wheel,
        cwd=tmp_path,
    )
    _run(python, "-m", "coursekit", "lectures", "mine", cwd=tmp_path)
    lecture = tmp_path / "mine" / "08_layerwise_backpropagation.ipynb"
    _run(python, "-m", "jupyter", "execute", "--inplace", lecture, cwd=tmp_path)
    ran = nbformat.read(lecture, as_version=4)
    kept = nbformat.read(ROOT / "lectures" / lecture.name, as_version=4)
    assert [_texts(cell) for cell in ran.cells] == [_texts(cell) for cell in kept.cells]
    where = "import coursekit, pathlib; print(pathlib.Path(coursekit.__file__).parents[1])"
    assert _run(python, "-c", where, cwd=tmp_path).strip().startswith(str(environment))
    assert (
        _run(python, "-c", "import importlib.util as u; print(u.find_spec('nbgrader'))", cwd=tmp_path).strip() == "None"
    )


def _texts(cell: nbformat.NotebookNode) -> str:
    """The plain text of a code cell's outputs in one piece, as a stream may arrive in several."""
    if cell.cell_type != "code" or "nbval-ignore-output" in cell.metadata.get("tags", []):
        return ""
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)
