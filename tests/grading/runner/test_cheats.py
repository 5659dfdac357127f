"""Ways to full points without a right answer: each takes them in a stock kernel, and gains nothing here."""

import pytest
from nbgrader.utils import determine_grade

from .notebooks import grade_cell

WRONG = "import numpy as np\ndef answer(x):\n    return x\n"
TEST = (
    "import numpy as np\n"
    "from numpy.testing import assert_allclose\n"
    "data = np.random.default_rng(0).normal(size=5)\n"
    "assert_allclose(answer(data.copy()), 2 * data)\n"
    "assert np.allclose(answer(data.copy()), 2 * data)\n"
    "assert (answer(3.0) == 6.0) is True or bool(answer(3.0) == 6.0)\n"
)

CHEATS = {
    "patched comparison": "import numpy as np, numpy.testing\nnp.allclose = lambda *a, **k: True\n"
    "numpy.testing.assert_allclose = lambda *a, **k: None\nanswer = lambda x: 6.0",
    "evil equality": "import numpy as np, numpy.testing\n"
    "class Evil(float):\n    __eq__ = __le__ = __ge__ = lambda s, o: True\n    __hash__ = None\n"
    "class Any(np.ndarray):\n    def __array_ufunc__(self, ufunc, method, *a, **k): return np.zeros(5)\n"
    "numpy.testing.assert_allclose = lambda *a, **k: None\nnp.allclose = lambda a, b: a == b or True\n"
    "def answer(x):\n    return Evil(6)",
    "syntax tree without asserts": WRONG + "import ast\n"
    "class Strip(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.Pass()\n"
    "    def visit_Expr(self, node): return ast.Pass()\n"
    "get_ipython().ast_transformers.append(Strip())",
    "input transformer": WRONG + "get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])",
    "cleanup transformer": WRONG + "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])",
    "replaced run_cell": WRONG + "ip = get_ipython()\nold = type(ip).run_cell_async\n"
    "type(ip).run_cell_async = lambda self, code, *a, **k: old(self, 'pass', *a, **{**k, 'transformed_cell': 'pass'})",
    "replaced traceback": WRONG + "ip = get_ipython()\nip.showtraceback = ip._showtraceback = lambda *a, **k: None\n"
    "type(ip)._showtraceback = lambda *a, **k: None",
    "patched builtins": WRONG
    + "import builtins, numpy as np, numpy.testing\nbuiltins.AssertionError = type('Q', (Exception,), {})\n"
    "builtins.bool = lambda x: True\nnumpy.testing.assert_allclose = lambda *a, **k: None\n"
    "np.allclose = lambda *a, **k: True\nanswer = lambda x: type('T', (), {'__eq__': lambda s, o: True})()",
    "frame walk": "import sys\ndef answer(x):\n    frame = sys._getframe(1)\n    found = frame.f_globals.get('data')\n"
    "    frame.f_globals['assert_allclose'] = lambda *a, **k: None\n    frame.f_globals['np'] = type('N', (), {'allclose': staticmethod(lambda *a: True)})\n"
    "    return 6.0",
    "collected objects": "import gc, types\ndef answer(x):\n    for o in gc.get_objects():\n"
    "        if isinstance(o, types.FunctionType) and o.__name__ in ('allclose', 'assert_allclose', '_assert_valid_refcount'):\n"
    "            o.__code__ = (lambda *a, **k: True).__code__\n    return 6.0",
    "fake module": "import sys, types\nimport numpy as np\nfake = types.ModuleType('numpy.testing')\nfake.assert_allclose = lambda *a, **k: None\n"
    "sys.modules['numpy.testing'] = fake\nnp.testing = fake\nnp.allclose = lambda *a, **k: True\nanswer = lambda x: 6.0",
    "import hook": "import sys, builtins\nreal = builtins.__import__\n"
    "def hook(name, *a, **k):\n    m = real(name, *a, **k)\n"
    "    if name.startswith('numpy'):\n        m.assert_allclose = lambda *a, **k: None\n        m.allclose = lambda *a, **k: True\n    return m\n"
    "builtins.__import__ = hook\nanswer = lambda x: 6.0",
    "event hook": WRONG + "ip = get_ipython()\n"
    "def stop(info):\n    ip.run_cell_async = None\n    import numpy as np, numpy.testing\n    numpy.testing.assert_allclose = lambda *a, **k: None\n"
    "    np.allclose = lambda *a, **k: True\n    ip.user_ns['answer'] = lambda x: 6.0\n    del ip.run_cell_async\n"
    "ip.events.register('pre_run_cell', stop)",
    "faked result": WRONG + "ip = get_ipython()\nold = type(ip).run_code\n"
    "async def fake(self, code, result=None, **k):\n    self.displayhook(1.0)\n    return False\ntype(ip).run_code = fake",
    "profile": "import sys\ndef answer(x):\n    def trace(frame, event, arg):\n"
    "        frame.f_globals['assert_allclose'] = lambda *a, **k: None\n        return None\n    sys.setprofile(trace)\n"
    "    import numpy as np\n    np.allclose = lambda *a: True\n    return 6.0",
    "changed questions": "def answer(x):\n    import numpy as np\n    if isinstance(x, np.ndarray):\n        x *= 0\n"
    "    np.testing.assert_allclose.__code__ = (lambda *a, **k: None).__code__\n"
    "    np.allclose.__wrapped__ = None\n    np.allclose = lambda *a: True\n    return 6.0",
}
# Those that work against this very test in a stock kernel; the others need another test to succeed.
BITES = {
    "patched comparison",
    "syntax tree without asserts",
    "input transformer",
    "cleanup transformer",
    "fake module",
    "import hook",
    "event hook",
    "faked result",
}


def points(outcome):
    return determine_grade(outcome.notebook.cells[-1])[0]


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_gains_nothing(run_cells, name):
    outcome = run_cells(CHEATS[name], grade_cell(TEST, "test_answer"), names=("answer",), cell_seconds=10)
    assert points(outcome) == 0
    assert not outcome.needs_review


@pytest.mark.parametrize("name", sorted(BITES))
def test_the_same_cheat_takes_all_points_in_a_stock_kernel(run_cells, name):
    assert points(run_cells(CHEATS[name], grade_cell(TEST, "test_answer"), stock=True)) == 1


def test_the_test_is_passed_by_a_right_answer(run_cells):
    right = "def answer(x):\n    return 2 * x"
    assert points(run_cells(right, grade_cell(TEST, "test_answer"), names=("answer",))) == 1


def test_a_result_shown_by_a_students_cell_is_no_mark(run_cells):
    shown = grade_cell("def answer(x):\n    return x\n1.0", "answer", solution=True)
    assert points(run_cells(shown, grade_cell(TEST, "test_answer"), names=("answer",))) == 0
