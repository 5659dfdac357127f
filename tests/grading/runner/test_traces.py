"""Which cells are known to leave no traces: those of the assignments, and none that sets anything for good."""

from pathlib import Path

import pytest

from coursekit.authoring import assignments
from coursekit.grading.runner.marks import is_locked
from coursekit.grading.runner.traces import may_leave_traces

ROOT = Path(__file__).parents[3] / "assignments"
QUIET = [
    "x = np.ones(3)\nx[1] = 2\ngrid[0][1] = x",
    "from itertools import pairwise\nfrom coursekit import check, engine\nfrom coursekit.check import score",
    "import numpy\ndata = numpy.random.default_rng(0)\ndata.random(3)",
    "import numpy as npy\nwith npy.errstate(all='ignore'):\n    assert npy.linalg.norm(answer(2)) > 0",
    "class Table:\n    rows = 3\n\ndel rows",
    "def count():\n    global total\n    total = 1",
    "this is no python",
]
LOUD = [
    "import os",
    "import operator\noperator.setitem(engine.table, 'a', 1)",
    "import numpy.random",
    "import coursekit.memory",
    "from numpy import seterr",
    "from coursekit import memory",
    "from . import helper",
    "import matplotlib.pyplot as plt",
    "np.dot = None",
    "del np.linalg.inv",
    "engine.layers.affine = answer",
    "Table.rows += 1",
    "np.random.seed(0)",
    "import numpy as npy\nnpy.random.rand(3)",
    "draw = np.random",
    "other = np",
    "np.seterr(all='raise')",
    "np.set_printoptions(precision=2)",
    "np.linalg.__dict__['inv'] = None",
    "names(np)[0] = 1",
    "engine.table['a'] = 1",
    "setattr(engine, 'sigmoid', 1)",
    "exec('x = 1')",
    "__builtins__['sum'] = None",
    "get_ipython().ast_transformers.append(1)",
    "%matplotlib inline",
    "open('x', 'w').close()",
]


@pytest.mark.parametrize("source", QUIET)
def test_a_cell_that_binds_names_leaves_none(source: str) -> None:
    assert not may_leave_traces(source)


@pytest.mark.parametrize("source", LOUD)
def test_a_cell_that_could_change_what_others_use_may_leave_some(source: str) -> None:
    assert may_leave_traces(source)


@pytest.mark.parametrize("script", assignments.find(ROOT), ids=lambda script: script.stem)
def test_the_cells_of_the_assignments_leave_none(script: Path) -> None:
    cells = [cell for cell in assignments.build(script).cells if cell.cell_type == "code" and is_locked(cell)]
    assert cells
    assert [cell.source for cell in cells if may_leave_traces(cell.source)] == []
