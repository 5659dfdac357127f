"""What a student's cell leaves behind is what a kernel would have left, and its limits hold."""

import re
import time

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from coursekit.grading.runner.transformers import Transformers

from .notebooks import errors, text


def kinds(cell):
    return [output.output_type for output in cell.outputs]


def test_streams_results_displays_and_errors_come_in_their_order(run_cells):
    source = (
        "import sys\nfrom IPython.display import display\nprint('one')\nprint('two', file=sys.stderr)\n"
        "display([3])\nprint('four')\n5"
    )
    (cell,) = run_cells(source).notebook.cells
    assert kinds(cell) == ["stream", "stream", "display_data", "stream", "execute_result"]
    assert [output.get("text", "") for output in cell.outputs[:2]] == ["one\n", "two\n"]
    assert cell.outputs[2].data["text/plain"] == "[3]"
    assert (cell.outputs[-1].data["text/plain"], cell.outputs[-1].execution_count, cell.execution_count) == ("5", 1, 1)


def test_an_error_ends_its_cell_and_no_other(run_cells):
    first, second = run_cells("x = 1\n1 / 0\nx = 2", "x").notebook.cells
    assert first.outputs[0].ename == "ZeroDivisionError"
    assert "1 / 0" in re.sub(r"\x1b\[[\d;]*m", "", "".join(first.outputs[0].traceback))
    assert second.outputs[0].data["text/plain"] == "1"


def test_what_is_written_below_python_is_seen(run_cells):
    (cell,) = run_cells("import os\nos.write(1, b'raw\\n')\nos.write(2, b'err\\n');").notebook.cells
    assert "raw\n" in text(cell)
    assert "err\n" in text(cell, "stderr")


def test_a_figure_is_a_png(run_cells):
    (cell,) = run_cells("import matplotlib.pyplot as plt\nplt.plot([1, 2]);").notebook.cells
    assert cell.outputs[-1].output_type == "display_data"
    assert cell.outputs[-1].data["image/png"].startswith("iVBOR")


def test_await_magics_and_rich_results_work(run_cells):
    cells = run_cells(
        "import asyncio\nawait asyncio.sleep(0)\n1",
        "%timeit -n1 -r1 1",
        "%%capture caught\nprint('hidden')",
        "class H:\n    def _repr_html_(self): return '<b>h</b>'\nH()",
    ).notebook.cells
    assert errors(run_cells("%matplotlib inline")) == []
    assert cells[0].outputs[0].data["text/plain"] == "1"
    assert "per loop" in text(cells[1])
    assert cells[2].outputs == []
    assert cells[3].outputs[0].data["text/html"] == "<b>h</b>"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "x = 1",
        "\n\nx = 1\n",
        "    x = 1\n    print(x)",
        ">>> x = 1\n>>> print(x)",
        "x = 1\n...\ny = 2",
        "x = 1\nx?",
        "y = 7\nprint(\n  y\n  %y\n)",
        "text = 'a\\\n%time'",
        'text = """\n%time\n!ls\n"""',
        "names = %who_ls",
        "files = !ls",
        "%%time\nx = 1",
        "x = 1\n%time x",
        "!ls",
        "await x",
        "x = 1; \\\ny = 2",
    ],
)
def test_a_cell_is_read_as_ipython_reads_it(source):
    assert Transformers().transform_cell(source) == TransformerManager().transform_cell(source)


def test_a_students_own_transformer_sees_every_line(run_cells):
    set_up = (
        "def louder(lines):\n    return [line.replace('one', 'ONE') for line in lines]\n"
        "get_ipython().input_transformer_manager.cleanup_transforms.append(louder)"
    )
    assert text(run_cells(set_up, "x = 'one'\nprint(x)").notebook.cells[1]) == "ONE\n"


def test_a_display_can_be_updated_and_cleared(run_cells):
    source = (
        "from IPython.display import display, clear_output\nprint('gone')\nclear_output()\n"
        "shown = display('old', display_id=True)\nshown.update('new')"
    )
    (cell,) = run_cells(source).notebook.cells
    assert [output.data["text/plain"] for output in cell.outputs] == ["'new'"]


@pytest.mark.parametrize("source", ["!ls", "x = !ls", "%%bash\nls", "%sx ls", "%system ls"])
def test_shell_commands_fail_clearly(run_cells, source):
    (error,) = errors(run_cells(source))
    assert "shell commands cannot be used while a notebook is graded" in error


def test_input_fails_clearly(run_cells):
    assert errors(run_cells("name = input('your name? ')")) == [
        "StdinNotImplementedError: input() cannot be used while a notebook is graded: nobody is there to answer"
    ]


@pytest.mark.parametrize("package", ["coursekit", "coursekit.engine", "torch", "jax", "autograd"])
def test_what_would_do_the_students_work_cannot_be_imported(run_cells, package):
    name = package.partition(".")[0]
    assert errors(run_cells(f"import {package}")) == [
        f"ImportError: {name} cannot be imported while a notebook is graded: use numpy and Python alone"
    ]


def test_random_numbers_differ_from_run_to_run(run_cells):
    source = "import random, numpy as np\nprint(random.random(), np.random.rand())"
    assert text(run_cells(source).notebook.cells[0]) != text(run_cells(source).notebook.cells[0])


def test_files_lie_beside_the_notebook_and_what_is_written_stays_there(run_cells):
    cells = run_cells(
        "open('out.txt', 'w').write(open('data/in.txt').read() * 2);",
        "open('out.txt').read()",
        files={"data/in.txt": b"ab"},
    ).notebook.cells
    assert cells[1].outputs[0].data["text/plain"] == "'abab'"


def test_a_cell_that_does_not_end_is_left_out_of_what_is_run_again(run_cells):
    started = time.monotonic()
    outcome = run_cells("x = 1", "print('on')\nx = 2\nwhile True: pass", "x", cell_seconds=1)
    cells = outcome.notebook.cells
    assert text(cells[1]) == "on\n"
    assert cells[1].outputs[-1].ename == "CellTimeoutError"
    assert cells[2].outputs[0].data["text/plain"] == "1"
    assert outcome.remarks == ["a cell of the student's ran longer than 1 s"]
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "loop",
    [
        "while True:\n    try:\n        time.sleep(9)\n    except BaseException: pass",
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass",
        "while True:\n    print('.', end='', flush=True)\n    time.sleep(0.05)",
    ],
    ids=["catches everything", "blocks signals", "drips"],
)
def test_no_cell_outlives_its_time(run_cells, loop):
    outcome = run_cells(f"import time, signal\n{loop}", "1 + 1", cell_seconds=1)
    assert outcome.notebook.cells[0].outputs[-1].ename == "CellTimeoutError"
    assert outcome.notebook.cells[1].outputs[0].data["text/plain"] == "2"


def test_a_cell_that_ends_its_process_does_not_end_the_notebook(run_cells):
    outcome = run_cells("x = 1", "import os\nos._exit(0)", "x")
    assert outcome.notebook.cells[1].outputs[-1].ename == "CellDied"
    assert outcome.notebook.cells[2].outputs[0].data["text/plain"] == "1"


def test_a_flood_of_output_is_cut_off(run_cells):
    outcome = run_cells("while True: print('x' * 1000)", "1", output_bytes=100_000)
    assert outcome.notebook.cells[0].outputs[-1].ename == "TooMuchOutput"
    assert len(text(outcome.notebook.cells[0])) <= 100_000
    assert outcome.notebook.cells[1].outputs[0].data["text/plain"] == "1"


def test_memory_is_limited(run_cells):
    outcome = run_cells("import numpy as np\nbig = np.ones(1 << 29)", "1", memory_bytes=2 << 30)
    assert "MemoryError" in errors(outcome)[0]


def test_a_notebook_has_a_limit_of_its_own(run_cells):
    outcome = run_cells(*["while True: pass"] * 3, "1", cell_seconds=1, notebook_seconds=2)
    assert [cell.outputs[-1].ename for cell in outcome.notebook.cells] == [
        "CellTimeoutError",
        "CellTimeoutError",
        "NotRun",
        "NotRun",
    ]
