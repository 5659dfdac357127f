"""The form that all lectures share: a question, 75 minutes in class, boxes, exercises, and a check of itself."""

import re
from pathlib import Path

import nbformat
import pytest

from coursekit import slides
from coursekit.slides.errata_page import CLASSES

FOLDER = Path(__file__).parents[2] / "lectures"
LECTURES = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))
KINDS = {*CLASSES, "extraction"}

pytestmark = pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)


def notebook(path):
    return nbformat.read(path, as_version=4)


def prose(path):
    return "\n\n".join(cell.source for cell in notebook(path).cells if cell.cell_type == "markdown")


def code(path):
    return [cell for cell in notebook(path).cells if cell.cell_type == "code"]


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_it_asks_a_question_and_takes_a_guess_before_it_answers(path):
    cells = notebook(path).cells
    assert cells[0].source.startswith(f"# {int(path.stem[:2])} · ")
    assert "**Question of the day.**" in cells[0].source
    assert re.match(r"my_guess = 0  # \S", cells[1].source)
    assert any("my_guess" in cell.source for cell in code(path)[1:])


def test_the_sections_in_class_take_75_minutes_and_are_all_there(path):
    table = re.findall(r"^\| (\d+) \| (.+?) \| (at home, )?(\d+) \|$", prose(path), flags=re.MULTILINE)
    assert sum(int(minutes) for _, _, home, minutes in table if not home) == 75
    headings = re.findall(r"^## (\d+) · (.+)$", prose(path), flags=re.MULTILINE)
    assert headings == [(number, title) for number, title, _, _ in table]


def test_symbols_are_translated_and_books_are_named(path):
    text = prose(path)
    assert "Translation box" in text
    closing = text[text.rindex("**To read.**") :]
    assert "chapter" in closing


def test_it_has_an_interactive_that_begins_with_what_can_be_changed(path):
    found = [cell for cell in code(path) if "interactive" in cell.metadata.get("tags", [])]
    assert found
    assert [cell.source for cell in found if not re.match(r"[a-z][a-z0-9_, ]* = ", cell.source)] == []


def test_exercises_have_a_difficulty_minutes_and_hints(path):
    text = prose(path)
    exercises = re.findall(r"^\*\*(\d+) · .+?\*\* \((★+), (\d+) minutes\)", text, flags=re.MULTILINE)
    assert [int(number) for number, _, _ in exercises] == list(range(1, len(exercises) + 1))
    assert len(exercises) >= 4
    assert text.count("<details>") == text.count("</details>") >= len(exercises)


def test_the_self_check_covers_every_row_and_passes(path):
    lecture = f"NB{path.stem[:2]}"
    shown = [printed(cell) for cell in code(path) if f'slides.self_check("{lecture}")' in cell.source]
    assert shown == [f"{slides.self_check(lecture)}\n"]


def test_errata_are_classed_in_the_words_of_the_map(path):
    lecture = f"NB{path.stem[:2]}"
    kinds = {row.id: row.erratum.kind for row in slides.rows() if row.lecture == lecture and row.erratum}
    listed = re.findall(r"^\| ([A-Z0-9, -]+?) \| (\w+) \|", prose(path), flags=re.MULTILINE)
    said = {id: kind for ids, kind in listed for id in ids.split(", ") if id in kinds}
    assert {kind for _, kind in said.items()} <= KINDS
    assert said == kinds
