"""The page of errata: every erratum once in its class, and what may be damage of the text apart from them."""

import re

import pytest

from coursekit import slides
from coursekit.slides.errata_page import CLASSES, EXTRACTION, markdown

PAGE = markdown()
SECTIONS = {
    title: re.findall(r"^\| ([A-Z0-9]+-[A-Z]\d+)", body, flags=re.MULTILINE)
    for title, body in re.findall(r"^## (.+?) \(\d+\)\n(.*?)(?=^## |\Z)", PAGE, flags=re.MULTILINE | re.DOTALL)
}
ERRATA = [row for row in slides.rows() if row.erratum]


@pytest.mark.parametrize("kind", CLASSES)
def test_a_class_has_its_errata_in_the_order_of_the_map(kind):
    assert SECTIONS[CLASSES[kind][0]] == [row.id for row in ERRATA if row.erratum.kind == kind]


def test_every_erratum_is_classed_and_extraction_stands_apart():
    assert {row.erratum.kind for row in ERRATA} == {*CLASSES, "extraction"}
    assert SECTIONS[EXTRACTION[0]] == [row.id for row in ERRATA if row.erratum.extraction]
    assert all(row.erratum.extraction for row in ERRATA if row.erratum.kind == "extraction")


def test_each_row_says_what_is_printed_and_what_is_right():
    assert [row.id for row in ERRATA if not (row.erratum.printed and row.erratum.right)] == []
    assert {row.erratum.evidence for row in ERRATA} == {"computed", "read"}


def test_a_bar_in_a_formula_does_not_end_its_cell():
    rows = [line for line in PAGE.splitlines() if re.match(r"\| [A-Z]", line)]
    assert {line.count("|") for line in rows} == {5}


def test_refuted_is_said_of_the_rows_whose_printed_form_fails():
    printed = {id for id, check in slides.checked().items() if id in check.printed}
    outside = [line for line in PAGE.split(EXTRACTION[0])[0].splitlines() if line.endswith("refuted |")]
    expected = [row.id for row in ERRATA if row.id in printed and row.erratum.kind != "extraction"]
    assert sorted(line.split()[1] for line in outside) == sorted(expected)
