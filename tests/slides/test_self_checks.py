"""The self-check of a lecture runs every check of its rows and says what it found."""

import pytest

from coursekit import slides
from coursekit.slides import self_checks as module
from coursekit.slides.row_checks import Mismatch


@pytest.mark.parametrize("number", range(1, 13))
def test_every_lecture_passes_its_self_check(number):
    lecture = f"NB{number:02d}"
    found = slides.self_check(lecture)
    ids = [row.id for row in slides.rows() if row.lecture == lecture]
    assert found.failed == found.unrefuted == []
    assert sorted([*found.held, *(row.id for row in found.unchecked)]) == sorted(ids)


def test_a_statement_that_fails_and_a_misprint_that_passes_are_named(monkeypatch):
    def verify(id):
        if id == "CSC561-E53":
            raise Mismatch("not today")

    monkeypatch.setattr(module, "verify", verify)
    monkeypatch.setattr(module, "verify_printed", verify)
    found = slides.self_check("NB08")
    assert found.failed == found.refuted == ["CSC561-E53"]
    assert len(found.unrefuted) == 21
    assert "59 of 60 statements hold by number\n  do not hold: CSC561-E53\n" in str(found)
    assert "misprints that passed: CEE616-E15" in str(found)


def test_an_unknown_lecture_is_refused():
    with pytest.raises(ValueError, match="no lecture 'NB13': the lectures are NB01 to NB12"):
        slides.self_check("NB13")
