"""The lectures against the map of the decks: every row in exactly one cell, every figure with a text alternative."""

import ast
from collections import Counter
from pathlib import Path

import jupytext
import pytest

from coursekit import figures, slides

LECTURES = sorted((Path(__file__).parents[2] / "lectures").glob("[0-9][0-9]_*.py"))
FIGURES = {name for name in figures.__all__ if name[0].islower() and name != "show"}


def cells(path):
    return jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells


def shown(path):
    return [id for cell in cells(path) for id in cell.metadata.get("slides", [])]


def calls(tree, names):
    """The calls figures.<name>(...) in a tree."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "figures"
        and node.func.attr in names
    ]


def alternatives(tree):
    """The text alternative of each figure shown, None where it is missing or no literal text."""
    texts = []
    for call in calls(tree, {"show"}):
        given = [keyword.value for keyword in call.keywords if keyword.arg == "alt"] + call.args[1:]
        literal = given and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str)
        texts.append(given[0].value if literal else None)
    return texts


def test_the_twelve_lectures_show_every_row_of_the_decks_once():
    assert [path.stem[:2] for path in LECTURES] == [f"{number:02d}" for number in range(1, 13)]
    found = Counter(id for path in LECTURES for id in shown(path))
    assert found == Counter(row.id for row in slides.rows())
    assert len(found) == 471


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_every_row_of_the_lecture_stands_in_exactly_one_cell(path):
    expected = Counter(row.id for row in slides.rows() if row.lecture == f"NB{path.stem[:2]}")
    found = Counter(shown(path))
    assert found - expected == Counter(), "unknown, of another lecture, or in two cells"
    assert expected - found == Counter(), "in no cell"


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_every_erratum_of_the_lecture_is_named_in_its_corner(path):
    text = "\n".join(cell.source for cell in cells(path) if cell.cell_type == "markdown")
    corner = text[text.index("Errata corner\n") :]
    errata = [row.id for row in slides.rows() if row.lecture == f"NB{path.stem[:2]}" and row.erratum]
    assert [id for id in errata if id not in corner] == []


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_every_figure_is_shown_with_a_text_alternative(path):
    for cell in cells(path):
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        texts = alternatives(tree)
        assert len(texts) == len(calls(tree, FIGURES)), f"a figure is made but not shown:\n{cell.source}"
        assert all(text and len(text) > 40 for text in texts), f"a figure without a text alternative:\n{cell.source}"


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_the_source_carries_no_notebook_header_and_no_cell_opens_with_a_rule(path):
    assert path.read_text(encoding="utf-8").startswith("# %% [markdown]\n# # ")
    assert [cell.source for cell in cells(path) if cell.cell_type == "markdown" and cell.source.startswith("---")] == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('figures.show(figures.curves({}), alt="a line")', ["a line"]),
        ("figures.show(figures.curves({}))", [None]),
        ("figures.show(figures.curves({}), alt=text)", [None]),
        ('figures.show(figures.curves({}), "a line")', ["a line"]),
    ],
)
def test_missing_alternatives_are_noticed(source, expected):
    assert alternatives(ast.parse(source)) == expected
