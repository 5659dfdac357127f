"""Looking a row up in the terminal, as `coursekit slides` does."""

import subprocess
import sys

import pytest

from coursekit import slides


def run(*arguments, code=0):
    command = [sys.executable, "-m", "coursekit", "slides", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env={"COLUMNS": "150"}, timeout=60)
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def test_a_row_is_shown_with_its_check_run_on_both_forms():
    shown = run("csc561-e53")
    assert "CSC561-E53  equation of CSC561" in shown
    assert "holds as it should read; as printed: stated is an array of shape (4, 3)" in shown
    assert "$t$ counts instances" in shown


def test_a_row_without_number_says_why():
    assert "none: an equation number without a formula" in run("CEE616-E44")


def test_a_deck_is_listed_whole():
    shown = run("--deck", "CSC561")
    assert shown.rstrip().endswith("117 rows")
    assert all(row.id in shown for row in slides.rows() if row.deck == "CSC561")


def test_what_no_number_tests_is_listed_with_its_reason():
    shown = run("--missing")
    without = [row for row in slides.rows() if row.id not in slides.checked()]
    assert all(row.id in shown and row.reason in shown for row in without)
    assert f"{471 - len(without)} of 471 rows have a numeric check" in shown


def test_without_a_question_the_decks_are_summed_up():
    assert [line.split()[1::2] for line in run().splitlines() if " all " in line] == [["all", "471", "460", "180"]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["CSC561-E530"], "no slide row has the id 'CSC561-E530'; the nearest are CSC561-E53"),
        (["--deck", "CSC"], "no deck is called 'CSC'; the decks are CEE616, CEE697M, EECS545, CSC561"),
        (["CSC561-E53", "--missing"], "ask for one thing"),
    ],
)
def test_a_bad_question_gets_one_sentence(arguments, message):
    said = run(*arguments, code=2)
    assert said.startswith(f"coursekit: {message}")
    assert said.count("\n") == 1
