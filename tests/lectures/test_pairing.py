"""Either form of a lecture can be edited in JupyterLab: jupytext carries the change to the other."""

import os
import shutil
import subprocess
from pathlib import Path

import nbformat

from coursekit.authoring import lectures, percent

ROOT = Path(__file__).parents[2]


def _jupytext(*arguments: str | Path, cwd: Path) -> None:
    done = subprocess.run(["jupytext", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_a_change_of_the_notebook_reaches_the_script(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "lectures", tmp_path / "lectures"))
    script = lectures.find(folder)[0]
    path = lectures.notebook_path(script)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\n\nA line of my own."
    nbformat.write(notebook, path)
    newer = script.stat().st_mtime + 10
    os.utime(path, (newer, newer))
    _jupytext("--sync", path.name, cwd=folder)
    read = percent.read(script).notebook.cells
    assert [cell.source for cell in read] == [cell.source for cell in notebook.cells]
    assert [cell.metadata for cell in read] == [cell.metadata for cell in notebook.cells]


def test_an_assignment_saved_from_a_notebook_stays_a_source(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "assignments", tmp_path / "assignments")) / "hw4_layers"
    before = percent.read(folder / "hw4_layers.py").notebook.cells
    _jupytext("--to", "ipynb", "hw4_layers.py", cwd=folder)
    _jupytext("--to", "py:percent", "hw4_layers.ipynb", cwd=folder)
    after = percent.read(folder / "hw4_layers.py").notebook.cells
    assert [(cell.source, cell.metadata) for cell in after] == [(cell.source, cell.metadata) for cell in before]
