"""Every numeric check of the map, by row id: it holds, and what the slide misprints fails it."""

import pytest

from coursekit import slides
from coursekit.engine import ShapeError
from coursekit.slides.row_checks import Mismatch, agree, hold, row_check

CHECKS = slides.checked()


@pytest.mark.parametrize("id", CHECKS)
def test_statement_holds(id):
    slides.verify(id)


@pytest.mark.parametrize("id", [id for id, check in CHECKS.items() if id in check.printed])
def test_printed_form_fails(id):
    with pytest.raises((Mismatch, ShapeError, ValueError)):
        slides.verify_printed(id)


def test_every_checkable_row_has_a_check_and_the_others_say_why():
    assert CHECKS.keys() == {row.id for row in slides.rows() if row.checkable}
    assert all(bool(row.reason) != row.checkable for row in slides.rows())
    assert len(CHECKS) >= 450


def test_every_computed_erratum_has_its_printed_form():
    computed = {row.id for row in slides.rows() if row.erratum and row.erratum.evidence == "computed"}
    assert computed - {id for id, check in CHECKS.items() if id in check.printed} == set()


def test_every_check_lies_in_the_module_of_its_lecture():
    modules = {id: check.run.__module__.rpartition(".")[2] for id, check in CHECKS.items()}
    assert [id for id, module in modules.items() if not module.startswith(slides.row(id).lecture.lower())] == []


def test_a_row_takes_one_check():
    with pytest.raises(ValueError, match="CSC561-E53 has two checks"):
        row_check("CSC561-E53")(lambda: None)


def test_a_printed_form_belongs_to_a_named_row():
    with pytest.raises(ValueError, match="CSC561-E99"):
        row_check("CSC561-X1", printed={"CSC561-E99": lambda: None})


def test_a_row_without_a_check_says_so():
    with pytest.raises(KeyError, match=r"CEE697M-C57.*no numeric check"):
        slides.verify("CEE697M-C57")


def test_agree_compares_shapes_before_values():
    with pytest.raises(Mismatch, match=r"\(3,\).*\(3, 1\)"):
        agree([1.0, 2.0, 3.0], [[1.0], [2.0], [3.0]])


@pytest.mark.parametrize("stated", [[1.0, 2.001], [1.0, float("nan")]])
def test_agree_refuses_what_is_off(stated):
    with pytest.raises(Mismatch, match="differ by"):
        agree(stated, [1.0, 2.0])


def test_hold_repeats_the_statement():
    with pytest.raises(Mismatch, match="it does not hold that water is dry"):
        hold(False, "water is dry")
