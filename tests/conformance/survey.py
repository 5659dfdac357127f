"""An assignment of two notebooks with data files, handed in early, late, in part and with more than was asked."""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from .cells import answer, code, fill, given, graded, manual_text, notebook, prose

NAME = "survey"
FIRST, SECOND = "part one", "zweiter Teil"
DUE = "2026-03-01 12:00:00 UTC"
DATA = {
    "données brutes.csv": "x,y\n1,2\n3,4\n",
    "data/deep/weights.txt": "0.5 1.5\n",
    "helpers.py": "def doubled(x):\n    return 2 * x\n",
    "pixel.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
}

READ = """import csv
from pathlib import Path

def rows(path='données brutes.csv'):
    with open(path, encoding='utf-8', newline='') as file:
        return [{key: int(value) for key, value in row.items()} for row in csv.DictReader(file)]

weights = [float(text) for text in Path('data', 'deep', 'weights.txt').read_text().split()]
"""
WRITE = """def save(values, path='out/mean.txt'):
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(f'{sum(values) / len(values)}\\n', encoding='utf-8')

save([row['y'] for row in rows()])
"""
USE = """from helpers import doubled
import helpers

def fourfold(x):
    return doubled(helpers.doubled(x))
"""
RIGHT = {"read": READ, "write": WRITE}


def sources() -> dict[str, NotebookNode]:
    """The instructor's notebooks by name."""
    first = notebook(
        prose("# Données\n\n![](pixel.svg)"),
        answer("read", READ),
        graded("read_rows", 2, "assert rows() == [{'x': 1, 'y': 2}, {'x': 3, 'y': 4}]\nassert weights == [0.5, 1.5]"),
        answer("write", WRITE),
        graded(
            "write_file",
            2,
            "from pathlib import Path\nassert Path('out/mean.txt').read_text(encoding='utf-8') == '3.0\\n'\n"
            "save([1, 2], 'out/other.txt')\n### BEGIN HIDDEN TESTS\nassert float(open('out/mean.txt').read()) == 3\n"
            "### END HIDDEN TESTS",
        ),
        manual_text("first_thoughts", 2, "What is missing?"),
    )
    second = notebook(
        given("start", "import os.path\nSTART = 10"),
        answer("use", USE),
        code("fourfold(START)"),
        graded("use_helpers", 3, "assert fourfold(START) == 40\nassert os.path.exists('helpers.py')"),
        manual_text("last_thoughts", 1, "Und jetzt?"),
    )
    return {FIRST: first, SECOND: second}


def _hand_in(folder: Path, released: Path, when: str | None, notebooks: tuple[str, ...] = (FIRST, SECOND)) -> None:
    shutil.copytree(released, folder, dirs_exist_ok=True)
    for name, answers in ((FIRST, {"read": READ, "write": WRITE}), (SECOND, {"use": USE})):
        path = folder / f"{name}.ipynb"
        if name not in notebooks:
            path.unlink()
            continue
        submitted = nbformat.read(path, as_version=4)
        fill(submitted, answers)
        nbformat.write(submitted, path)
    if when is not None:
        (folder / "timestamp.txt").write_text(f"{when}\n", encoding="utf-8")


def _in_time(folder: Path, released: Path) -> None:
    _hand_in(folder, released, "2026-03-01 11:00:00 UTC")


def _late(folder: Path, released: Path) -> None:
    _hand_in(folder, released, "2026-03-03 12:00:00 UTC")


def _very_late(folder: Path, released: Path) -> None:
    _hand_in(folder, released, "2026-04-01 12:00:00 UTC")


def _extended(folder: Path, released: Path) -> None:
    """Two days late, of which one is allowed, with marks and a comment given by a person before."""
    _hand_in(folder, released, "2026-03-03 12:00:00 UTC")


def _with_more(folder: Path, released: Path) -> None:
    """More files than asked, in folders too; those of the assignment changed, which are put back."""
    _hand_in(folder, released, None)
    (folder / "données brutes.csv").write_text("x,y\n9,9\n", encoding="utf-8")
    (folder / "helpers.py").write_text("def doubled(x):\n    return 0\n", encoding="utf-8")
    (folder / "mes notes (été).txt").write_text("rien", encoding="utf-8")
    for extra in ("more/deep/own.py", ".ipynb_checkpoints/old.txt", "__pycache__/own.pyc", "own.pyc", "more/a b.bin"):
        path = folder / extra
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x00\xff" * 10)
    nbformat.write(notebook(code("1 / 0")), folder / "scratch.ipynb")
    nbformat.write(notebook(code("1 / 0")), folder / "more" / "scratch.ipynb")


def _files_lost(folder: Path, released: Path) -> None:
    """The notebooks without the data, which the assignment brings."""
    _hand_in(folder, released, "2026-03-01 11:59:59 UTC")
    for name in DATA:
        (folder / name).unlink()


def _half(folder: Path, released: Path) -> None:
    _hand_in(folder, released, "2026-03-03 12:00:00 UTC", (SECOND,))


Student = Callable[[Path, Path], None]
HONEST: dict[str, Student] = {
    "in-time": _in_time,
    "late": _late,
    "very-late": _very_late,
    "extended": _extended,
    "with-more": _with_more,
    "files-lost": _files_lost,
}
DIFFERENT: dict[str, Student] = {"half": _half}
