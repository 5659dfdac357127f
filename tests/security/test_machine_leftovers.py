"""What a submission leaves behind reaches neither the tests, nor the next submission, nor the instructor."""

import os
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import determine_grade

from .machine import error, graded, text

HONEST = ("def answer(x):\n    return 2 * x", "print('figure')\nanswer(4)")
TEST = "assert answer(21) == 42\nassert answer(2) == 4"
# Each is written beside the notebook, and would have a say in a later Python, IPython, nbgrader or matplotlib.
CONFIGURATION = (
    "sitecustomize.py",
    "usercustomize.py",
    "evil.pth",
    "numpy.py",
    "random.py",
    "coursekit.py",
    "conftest.py",
    "matplotlibrc",
    "nbgrader_config.py",
    "jupyter_config.py",
    ".ipython/profile_default/startup/evil.py",
    ".jupyter/jupyter_config.py",
    ".config/matplotlib/matplotlibrc",
    ".local/lib/python3.11/site-packages/evil.pth",
)
# What the first of two submissions changes in its own process and folder, and the second looks for.
TRACES = {
    "a file": ("open('trace', 'w').write('x')", "import os\nos.path.exists('trace')"),
    "a temporary file": (
        "import tempfile\nopen(tempfile.gettempdir() + '/trace2', 'w').write('x')",
        "import os, tempfile\nos.path.exists(tempfile.gettempdir() + '/trace2')",
    ),
    "a variable": ("trace = 1", "'trace' in globals()"),
    "the environment": ("import os\nos.environ['TRACE'] = 'x'", "import os\n'TRACE' in os.environ"),
    "a module": ("import sys, types\nsys.modules['trace_evil'] = types", "import sys\n'trace_evil' in sys.modules"),
    "a patched library": ("import numpy\nnumpy.trace_evil = 1", "import numpy\nhasattr(numpy, 'trace_evil')"),
    "a builtin": ("import builtins\nbuiltins.trace_evil = 1", "import builtins\nhasattr(builtins, 'trace_evil')"),
    "a path": ("import sys\nsys.path.append('trace')", "import sys\n'trace' in sys.path"),
    "a hook": (
        "get_ipython().events.register('pre_run_cell', lambda info: None)",
        "bool([f for f in get_ipython().events.callbacks['pre_run_cell'] if f.__name__ == '<lambda>'])",
    ),
    "a mask": ("import os\nos.umask(0o777)", "import os\nos.umask(0o022) == 0o777"),
    "a name of the machine": (
        "import socket\ntry:\n    socket.sethostname('trace')\nexcept OSError:\n    pass",
        "import socket\nsocket.gethostname() == 'trace'",
    ),
    "a seed": ("import random\nrandom.seed(1)", "import random\nrandom.random() == 0.13436424411240122"),
    "an open file": (
        "import os\nkept = os.open('f', os.O_CREAT)",
        "import os\nany(map(os.path.exists, ('f', '/tmp/f')))",
    ),
}


def cleaned(cells):
    """Cells without what differs from run to run."""
    return [(cell.source, [{**output} for output in cell.outputs], cell.execution_count) for cell in cells]


def test_the_next_submission_finds_nothing(walled):
    first = walled.cells(*(cell for cell, _ in TRACES.values()))
    assert [error(cell) for cell in first] == [""] * len(TRACES)
    *within, _ = walled.cells(*(cell for pair in TRACES.values() for cell in pair), "0")
    found = {name: text(cell) for name, cell in zip(TRACES, within[1::2], strict=True)}
    assert [name for name, value in found.items() if "True" not in value] == ["a name of the machine"]
    after = walled.cells(*(cell for _, cell in TRACES.values()))
    assert {name: text(cell) for name, cell in zip(TRACES, after, strict=True)} == dict.fromkeys(TRACES, "False")


def test_memory_of_the_last_submission_is_not_seen(walled):
    token = "trace" + "-of-the-first"
    walled.cells(f"kept = [{token!r} * 1000 for _ in range(1000)]\nlen(kept)")
    source = (
        "import numpy as np, gc\npages = np.empty(1 << 24, dtype=np.uint8)\n"
        "print(bytes(reversed(b'tsrif-eht-fo-ecart')) in pages.tobytes(), any(type(o) is list and len(o) == 1000 and "
        "isinstance(o[0], str) and o[0][:6] == 'trace-' for o in gc.get_objects()))"
    )
    (cell,) = walled.cells(source)
    assert text(cell) == "False False\n"


@pytest.mark.parametrize("evil", ["import os\nos._exit(1)", "while True: pass", "import numpy\ndel numpy.ndarray"])
def test_an_honest_neighbour_has_the_same_result(walled, evil):
    settings = {"names": ("answer",), "cell_seconds": 2}
    alone = walled.cells(*HONEST, graded(TEST), **settings)
    walled.cells(evil, HONEST[0], graded(TEST), **settings)
    after = walled.cells(*HONEST, graded(TEST), **settings)
    assert cleaned(after) == cleaned(alone)
    assert determine_grade(after[-1])[0] == 1


def test_files_that_configure_something_configure_nothing_of_the_tests(walled):
    evil = "raise SystemExit('evil')"
    writing = (
        f"import os\nfor name in {CONFIGURATION}:\n    os.makedirs(os.path.dirname(name) or '.', exist_ok=True)\n"
        f"    open(name, 'w').write({evil!r})\ndef answer(x):\n    return 1"
    )
    test = "import random, numpy, coursekit.check\nassert numpy.ones(2).sum() == 2\nassert answer(21) == 42"
    *_, tested = walled.cells(writing, graded(test), names=("answer",))
    assert tested.outputs[-1].ename == "AssertionError"
    shipped = {name: evil.encode() for name in CONFIGURATION}
    right = "def answer(x):\n    return 2 * x"
    *_, tested = walled.cells(right, graded(test), names=("answer",), files=shipped)
    assert determine_grade(tested)[0] == 1


# Names and kinds of files that would lead out of a folder, or that no copy should wait for.
TRICKS = (
    "import os, socket\n"
    "os.symlink(targets, 'link')\nos.symlink('/', 'root')\nos.makedirs('a/b/c')\n"
    "os.symlink('..', 'a/up')\nos.symlink('itself', 'itself')\nopen('back\\\\slash', 'w').write('x')\n"
    "open('new\\nline', 'w').write('x')\nopen(b'\\xff', 'w').write('x')\nopen('x' * 255, 'w').write('x')\n"
    "try:\n    os.mkfifo('fifo')\nexcept PermissionError:\n    pass\n"
    "os.link('new\\nline', 'hard')\nopen('kept.txt', 'w').write('kept')\n"
)
# The same from a process that no longer runs the wall's own program: whatever a socket carries, it may say.
LIES = (
    "import gc, os\n"
    "lies = {'../out': b'x', '/tmp/coursekit-out': b'x', '': b'x', '.': b'x', '..': b'x', 'a\\0b': b'x',"
    " 'kept.txt': b'kept', 'kept.txt/below': b'x', 'x' * 5000: b'x', 'number': 1, 2: b'x', './../../out': b'x',"
    " targets + '/gradebook.db': b'x', 'link/x': b'x', 'd/' * 1500 + 'f': b'x'}\n"
    "for function in gc.get_objects():\n"
    "    if getattr(function, '__name__', '') == 'serve' and getattr(function, '__closure__', None):\n"
    "        for cell in function.__closure__:\n"
    "            if type(cell.cell_contents) is dict:\n"
    "                globals_of = function.__globals__\n"
    "                globals_of['changed_files'] = lambda known: lies\n"
)


@pytest.mark.parametrize("trick", ["files", "lies"])
def test_only_ordinary_files_come_back_and_only_beside_the_tests(walled, course, tmp_path, trick):
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    source = f"targets = {str(course)!r}\nanswer = lambda x: x\n" + (TRICKS if trick == "files" else LIES)
    test = (
        "import os\nassert open('kept.txt').read() == 'kept'\n"
        "assert not any(map(os.path.islink, os.listdir('.')))\n"
        "assert all(os.path.isfile(name) or os.path.isdir(name) for name in os.listdir('.'))\n"
        "print(os.path.realpath('..'))"
    )
    first, tested = walled.cells(source, graded(test), names=("answer",))
    assert (error(first), error(tested)) == ("", "")
    above = Path(text(tested).strip())
    assert above.name.startswith("coursekit-judge-")
    assert not above.exists()
    assert not (above.parent / "out").exists()
    assert not Path("/tmp/coursekit-out").exists()
    assert {path: path.read_bytes() for path in course.rglob("*") if path.is_file()} == before
    assert walled.left() == 0


def test_the_environment_holds_nothing_of_the_instructors(walled):
    os.environ["COURSEKIT_TEST_SECRET"] = "of the instructor"
    (cell,) = walled.cells("import os\nprint(sorted(os.environ))", secret="0" * 64)
    del os.environ["COURSEKIT_TEST_SECRET"]
    allowed = {"PATH", "LANG", "LC_ALL", "TZ", "MPLBACKEND", "HOME", "TMPDIR", "NBGRADER_EXECUTION"}
    allowed |= {"PYTHONDONTWRITEBYTECODE", "COLUMNS", "LINES", "MATPLOTLIBRC"}
    assert set(eval(text(cell))) <= allowed
    (cell,) = walled.cells(
        "import gc\nprint(any(type(o) is str and o == '0' * 64 for o in gc.get_objects()))", secret="0" * 64
    )
    assert text(cell) == "False\n"


def test_a_notebook_of_a_submission_is_not_run_as_one_of_the_instructors(walled):
    """A submission may bring a notebook as a file; it stays a file."""
    evil = nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])).encode()
    cells = walled.cells("import os\nos.listdir('.')", files={"other.ipynb": evil})
    assert text(cells[0]) == "['other.ipynb']"
