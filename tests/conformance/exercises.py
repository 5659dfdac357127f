"""An assignment of one notebook with every kind of cell and test that nbgrader documents, and a class for it."""

import base64

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from .cells import Change, answer, code, fill, find, given, graded, manual_code, manual_text, notebook, prose, task

NAME = "basics"
NOTEBOOK = "exercises"
DUE = "2026-01-31 23:59 UTC"

AUTOTESTS = """
python3:
    setup: "from hashlib import sha1"
    hash: 'sha1({{snippet}}.encode("utf-8")+b"{{salt}}").hexdigest()'
    dispatch: "type({{snippet}})"
    normalize: "str({{snippet}})"
    check: 'assert {{snippet}} == "{{value}}", "{{message}}"'
    success: "print('All values are as expected.')"
    templates:
        default:
            - {test: "type({{snippet}})", fail: "{{snippet}} has another type"}
            - {test: "{{snippet}}", fail: "{{snippet}} has another value"}
        "<class 'float'>":
            - {test: "round({{snippet}}, 3)", fail: "{{snippet}} differs in the first three digits"}
        "<class 'dict'>":
            - {test: "sorted(map(str, {{snippet}}))", fail: "{{snippet}} has other keys"}
            - {test: "sorted(map(str, {{snippet}}.values()))", fail: "{{snippet}} has other values"}
"""

SETUP = """import math
import unittest
import numpy as np

LIMIT = 4

def close(a, b):
    return abs(a - b) < 1e-9
"""

VALUES = """count = 7
ratio = 0.125
word = 'Größe'
nothing = None
flag = True
pair = (1, 'b')
rows = [[1, 2], [3]]
table = {'a': [1, 2], 'b': {'c': 3.5}}
primes = {2, 3, 5}
phase = 1 + 2j
"""

CUBES = """def cubes(n):
    if n < 1:
        raise ValueError('n must be positive')
    return [i**3 for i in range(1, n + 1)]
"""

TOTAL = """def total(n):
    return sum(cubes(n))
"""

OBJECTS = """class Counter:
    made = 0

    def __init__(self, start=0):
        self.value = start
        type(self).made += 1

    def step(self, by=1):
        self.value += by
        return self

class Pair(Counter):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return (self.value, -self.value)[index]

def countdown(n):
    while n:
        yield n
        n -= 1

def scaled(factor):
    return lambda x: factor * x

twice = scaled(2)
"""

ARRAYS = """def standardise(X, *, axis=0):
    return (X - X.mean(axis=axis, keepdims=True)) / X.std(axis=axis, keepdims=True)

def clip_in_place(X, low, high):
    X[X < low] = low
    X[X > high] = high

grid = np.linspace(0, 1, LIMIT + 1)
"""

WORDS = """def longest(words):
    return max(words, key=len)

def lengths(words):
    return {word: len(word) for word in words}
"""

LATER = """import asyncio

async def later(value):
    await asyncio.sleep(0)
    return value

fetched = await later([1, 2, 3])
"""

RIGHT = {
    "values": VALUES,
    "cubes": CUBES,
    "total": TOTAL,
    "objects": OBJECTS,
    "arrays": ARRAYS,
    "words": WORDS,
    "later": LATER,
    "plot": "print('a sketch of the curve')",
    "essay": "Because $\\\\sum_i i^3 = (\\\\sum_i i)^2$, as one sees at once.",
}


def source() -> NotebookNode:
    """The instructor's notebook."""
    return notebook(
        prose("# Übungen\n\nValues, functions, objects and arrays: *première partie*, 第一部."),
        given("setup", SETUP),
        answer("values", VALUES),
        graded("values_plain", 2, "### AUTOTEST count; word; nothing; pair; rows; flag\n### AUTOTEST ratio; table\n"),
        graded("values_hashed", 1.5, "### HASHED AUTOTEST count + 1; word.upper(); phase\n### HASHED AUTOTEST primes"),
        graded(
            "values_types",
            1,
            "assert isinstance(count, int) and isinstance(word, str) and nothing is None and flag is True\n"
            "assert primes == {2, 3, 5} and table['b']['c'] == 3.5 and phase.imag == 2\n"
            "### BEGIN HIDDEN TESTS\nassert rows[1] == [3] and len(pair) == 2\n### END HIDDEN TESTS",
        ),
        code("from statistics import *\nfrom fractions import *"),
        code("%%time\nlarge = sum(range(1000))"),
        graded("open_cells", 1, "assert mean([large, 500]) == 250000 and Fraction(1, 2) + Fraction(1, 2) == 1"),
        prose("## Cubes"),
        answer("cubes", CUBES),
        code("cubes(3)"),
        graded("cubes_values", 1, "assert cubes(1) == [1]\nassert cubes(LIMIT) == [1, 8, 27, 64]"),
        graded(
            "cubes_refuse",
            1,
            "for wrong in (0, -3):\n    try:\n        cubes(wrong)\n    except ValueError as error:\n"
            "        assert 'positive' in str(error)\n    else:\n        raise AssertionError('nothing was raised')",
        ),
        answer("total", TOTAL),
        graded("total_values", 0.5, "assert [total(n) for n in (1, 2, 3)] == [1, 9, 36]"),
        graded(
            "total_calls_cubes",
            0.5,
            "kept = cubes\ndel cubes\ntry:\n    total(2)\nexcept NameError:\n    pass\n"
            "else:\n    raise AssertionError('total does not call cubes')\nfinally:\n    cubes = kept",
        ),
        graded(
            "total_calls_once",
            1,
            "kept, seen = cubes, []\n\ndef cubes(n):\n    seen.append(n)\n    return [10, 20]\n\n"
            "try:\n    assert total(5) == 30 and seen == [5]\nfinally:\n    cubes = kept\nassert total(2) == 9",
        ),
        prose("## Objects"),
        answer("objects", OBJECTS),
        graded(
            "objects_state",
            2,
            "counter = Counter(3)\nassert counter.step().step(by=2) is counter\nassert counter.value == 6\n"
            "counter.value = 0\nassert counter.step().value == 1\nassert isinstance(Pair(), Counter)\n"
            "assert len(Pair(4)) == 2 and Pair(4)[1] == -4 and list(Pair(1)) == [1, -1]\n"
            "assert (Counter.made, Pair.made) == (1, 5)",
        ),
        graded("objects_generators", 1, "assert list(countdown(3)) == [3, 2, 1]\nassert next(countdown(9)) == 9"),
        graded("objects_closures", 1, "assert twice(4) == 8\nassert scaled(3)(scaled(2)(1)) == 6 and callable(twice)"),
        prose("## Arrays"),
        answer("arrays", ARRAYS),
        graded(
            "arrays_parts",
            3,
            "X = np.arange(12.0).reshape(4, 3) ** 2\npoints = 0\ntry:\n"
            "    np.testing.assert_allclose(standardise(X).mean(axis=0), 0, atol=1e-9)\n    points += 1\n"
            "except Exception as error:\n    print(type(error).__name__)\n"
            "try:\n    np.testing.assert_allclose(standardise(X, axis=1).std(axis=1), 1)\n    points += 1.5\n"
            "except Exception as error:\n    print(type(error).__name__)\n"
            "if grid.shape == (LIMIT + 1,) and close(grid[1], 0.25):\n    points += 0.5\npoints",
        ),
        graded(
            "arrays_in_place",
            2,
            "class InPlace(unittest.TestCase):\n    def setUp(self):\n        self.X = np.array([-2.0, 0.5, 9.0])\n\n"
            "    def test_values(self):\n        self.assertIsNone(clip_in_place(self.X, 0, 1))\n"
            "        self.assertEqual(self.X.tolist(), [0.0, 0.5, 1.0])\n\n"
            "    def test_an_error(self):\n        with self.assertRaises(TypeError):\n            clip_in_place()\n\n"
            "import io\nsuite = unittest.defaultTestLoader.loadTestsFromTestCase(InPlace)\n"
            "result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)\nassert result.wasSuccessful()",
        ),
        prose("## Words, and a value that comes later"),
        answer("words", WORDS),
        graded(
            "words_any_language",
            1,
            "assert longest(['ß', 'naïve', '数学']) == 'naïve'\n"
            "assert lengths(['née', '数学', '🐍']) == {'née': 3, '数学': 2, '🐍': 1}",
        ),
        answer("later", LATER),
        graded("later_value", 1, "assert fetched == [1, 2, 3]\nassert await later('x') == 'x'"),
        prose("## For a person to read"),
        manual_code("plot", 3, "# draw something"),
        manual_text("essay", 4, "Your explanation."),
        task(
            "project", 5, "Try a function of your own below.\n\n### BEGIN MARK SCHEME\n5: it runs\n### END MARK SCHEME"
        ),
    )


def _with(**answers: str) -> Change:
    return lambda submitted: fill(submitted, {**RIGHT, **answers})


def _untouched(submitted: NotebookNode) -> None:
    """Handed in as it was released."""


def _wrong(submitted: NotebookNode) -> None:
    fill(
        submitted,
        {
            **RIGHT,
            "values": "count, ratio, word, nothing = 8, 0.1251, 'größe', 0\nflag, pair, rows = 1, [1, 'b'], []\n"
            "table, primes, phase = {}, {2, 3}, 1j",
            "cubes": "def cubes(n):\n    return [i**2 for i in range(n)]",
            "total": "def total(n):\n    return (n * (n + 1) // 2) ** 2",
            "objects": "class Counter:\n    pass\nclass Pair:\n    pass\ndef countdown(n):\n    return [n]\n"
            "twice = lambda x: x",
            "arrays": "def standardise(X):\n    return X\ngrid = [0, 1]\n"
            "def clip_in_place(X, low, high):\n    X = np.clip(X, low, high)",
            "words": "def longest(words):\n    return words[0]\nlengths = len",
        },
    )


def _raising(submitted: NotebookNode) -> None:
    fill(
        submitted,
        {
            **RIGHT,
            "values": "count = 7\nraise RuntimeError('stopped in the middle')\nratio = 1",
            "cubes": "def cubes(n:\n    return",
            "arrays": "def standardise(X, axis=0):\n    return X.no_such_thing\n1 / 0",
            "words": "def longest(words):\n    return words[99]\ndef lengths(words):\n    raise KeyError('née')",
            "later": "fetched = await missing()",
            "plot": "raise SystemExit('enough')",
        },
    )


def _tampering(submitted: NotebookNode) -> None:
    """Right, with read-only cells, tests, points, types and marks changed: all of it is undone."""
    fill(submitted, RIGHT)
    fill(submitted, {"setup": "LIMIT = 0", "cubes_values": "pass", "words_any_language": "1.0"})
    find(submitted, "setup").metadata.nbgrader["locked"] = False
    find(submitted, "cubes_refuse").metadata.nbgrader["points"] = 100
    find(submitted, "total_values").metadata.nbgrader["checksum"] = "0" * 32
    find(submitted, "essay").metadata.nbgrader["points"] = 50
    find(submitted, "later").metadata["tags"] = ["mine"]
    find(submitted, "later").metadata["collapsed"] = True
    submitted.metadata.kernelspec = {"name": "other", "display_name": "Other", "language": "python"}
    submitted.metadata["mine"] = {"note": "été"}
    for grade_id, kind in (("objects_generators", "markdown"), ("essay", "code")):
        _retype(find(submitted, grade_id), kind)


def _retype(cell: NotebookNode, kind: str) -> None:
    cell.cell_type = kind
    if kind == "code":
        cell.outputs, cell.execution_count = [], None
    else:
        del cell["outputs"], cell["execution_count"]


CHATTY = (
    "import sys\nprint('one', end=' ')\nprint('two')\nprint('a warning of mine', file=sys.stderr)",
    "from IPython.display import HTML, Markdown, clear_output, display, update_display\ndisplay(HTML('<b>bold</b>'))",
    "handle = display(Markdown('*before*'), display_id='one')\nupdate_display(Markdown('*after*'), display_id='one')",
    "print('never seen')\nclear_output()\nprint('seen')",
    "%%time\nhidden_total = sum(range(10))",
    "hidden_total / 7",
    "hidden_total;",
    "None",
    "class Shown:\n    def _repr_html_(self):\n        return '<i>shown</i>'\nShown()",
    "class Plain:\n    def __repr__(self):\n        return 'Plain()'\nPlain()",
    "{'key': [1, 2, 3]}, np.eye(2)",
    "",
    "   \n# only a comment",
)


def _chatty(submitted: NotebookNode) -> None:
    fill(submitted, {**RIGHT, "cubes": f"print('defining')\n{CUBES}\nprint(cubes(2))\ncubes(2)"})
    at = submitted.cells.index(find(submitted, "cubes"))
    submitted.cells[at:at] = [new_code_cell(source) for source in CHATTY]
    submitted.cells[0:0] = [
        new_markdown_cell("My notes, with a [link](https://example.org/)."),
        new_raw_cell("raw text"),
    ]


PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c63f8cfc0f01f0005000106"
        "5d5b4ac10000000049454e44ae426082"
    )
).decode()
FIGURE = "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots(figsize=(1, 1))\naxes.plot(grid)\nplt.show()"


def _drawing(submitted: NotebookNode) -> None:
    fill(submitted, {**RIGHT, "plot": FIGURE, "essay": "![one pixel](attachment:pixel.png)"})
    find(submitted, "essay")["attachments"] = {"pixel.png": {"image/png": PIXEL}}
    submitted.cells.append(
        new_code_cell(f"from IPython.display import Image\nfrom base64 import b64decode\nImage(b64decode({PIXEL!r}))")
    )
    submitted.cells.append(
        new_markdown_cell("My own function: ![again](attachment:p.png)", attachments={"p.png": {"image/png": PIXEL}})
    )


def _partial(submitted: NotebookNode) -> None:
    fill(submitted, RIGHT)
    fill(submitted, {"arrays": ARRAYS.replace("axis=axis, keepdims=True)) /", "axis=0, keepdims=True)) /")})
    fill(submitted, {"cubes": "def cubes(n):\n    return [i**3 for i in range(1, n + 1)]"})
    fill(submitted, {"objects": OBJECTS.replace("return 2\n", "return '2'\n")})


def _old(submitted: NotebookNode) -> None:
    """Saved by an old Jupyter: nbformat 4.4, without ids of cells."""
    fill(submitted, RIGHT)
    submitted.nbformat_minor = 4
    for cell in submitted.cells:
        cell.pop("id", None)


def _own_names(submitted: NotebookNode) -> None:
    fill(
        submitted,
        {
            **RIGHT,
            "words": "schlüssel = len\n\ndef longest(wörter):\n    beste = ''\n    for wort in wörter:\n"
            "        if schlüssel(wort) > schlüssel(beste):\n            beste = wort\n    return beste\n\n"
            "def lengths(λέξεις):\n    return dict(zip(λέξεις, map(schlüssel, λέξεις)))",
            "total": "_seen = []\n\ndef total(n):\n    _seen.append(n)\n    return sum(cubes(n))",
            "essay": "数学は楽しい。Так и есть. $\\\\alpha$",
        },
    )


def _reordered(submitted: NotebookNode) -> None:
    """Right, with the last test moved to the front, where nothing is defined yet."""
    fill(submitted, RIGHT)
    cell = find(submitted, "words_any_language")
    submitted.cells.remove(cell)
    submitted.cells.insert(2, cell)


# What honest students hand in: graded alike, whatever they did.
HONEST: dict[str, Change] = {
    "right": _with(),
    "untouched": _untouched,
    "wrong": _wrong,
    "raising": _raising,
    "tampering": _tampering,
    "chatty": _chatty,
    "drawing": _drawing,
    "partial": _partial,
    "old": _old,
    "zoë_ß": _own_names,
    "reordered": _reordered,
}


def _without_tests(submitted: NotebookNode) -> None:
    fill(submitted, RIGHT)
    submitted.cells.remove(find(submitted, "cubes_values"))


def _emptied(submitted: NotebookNode) -> None:
    submitted.cells.clear()


def _copying(submitted: NotebookNode) -> None:
    fill(submitted, RIGHT)
    twin = nbformat.from_dict({**find(submitted, "cubes_values"), "id": "twin", "source": "cubes_values = 0"})
    submitted.cells.insert(0, twin)


# Where the two graders differ, and mean to.
DIFFERENT: dict[str, Change] = {
    "warns": _with(cubes="import warnings\n\n" + CUBES.replace("    if", "    warnings.warn('slow')\n    if", 1)),
    "fakes": _with(
        arrays="def standardise(X, axis=0):\n    get_ipython().displayhook(3)\n    return X\n"
        "def clip_in_place(*given):\n    pass\ngrid = np.zeros(2)"
    ),
    "deletes": _without_tests,
    "empties": _emptied,
    "zz-copies": _copying,
}
