"""The map of the decks: complete, unique, and true where it names code."""

import csv
from importlib.resources import files
from pkgutil import resolve_name

import pytest

from coursekit import slides


def test_every_statement_of_the_decks_has_one_row():
    lines = files("coursekit.slides").joinpath("map.csv").read_text(encoding="utf-8").splitlines()
    ids = [entry["id"] for entry in csv.DictReader(lines)]
    assert len(ids) == len(set(ids)) == 471
    assert [row.id for row in slides.rows()] == ids


def test_lecture_8_has_sixty_rows_and_all_twelve_lectures_exist():
    lectures = [row.lecture for row in slides.rows()]
    assert lectures.count("NB08") == 60
    assert set(lectures) == {f"NB{n:02d}" for n in range(1, 13)}


def test_a_row_is_found_by_its_id():
    row = slides.row("CSC561-E53")
    assert (row.deck, row.lecture, row.kind) == ("CSC561", "NB08", "equation")
    assert (row.erratum.kind, row.erratum.evidence) == ("wrong", "computed")
    assert row.erratum.printed.startswith("$y_{t-1}")
    assert row.erratum.right.startswith("$y_{k-1}")
    assert row.code == ("coursekit.engine.affine_vjp",)


def test_an_unknown_id_names_the_nearest_ones():
    with pytest.raises(KeyError, match=r"CSC561-E530.*nearest are .*CSC561-E53"):
        slides.row("CSC561-E530")


def test_rows_cannot_be_changed_for_the_next_reader():
    slides.rows().clear()
    assert len(slides.rows()) == 471


def test_every_row_of_lecture_8_names_code():
    assert [row.id for row in slides.rows() if row.lecture == "NB08" and not row.code] == []


@pytest.mark.parametrize("name", sorted({name for row in slides.rows() for name in row.code}))
def test_named_code_exists(name):
    assert resolve_name(name) is not None
