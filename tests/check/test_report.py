"""The report: the same finding as text, HTML and codes; and what nbgrader reads from a real kernel."""

import warnings

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade

from coursekit import check
from coursekit.check.report import VISIBLE_ONLY, as_codes, as_html, as_text, total_as_html

CODES = "application/vnd.coursekit.check+json"
EVIL = "<script>alert('x')</script> & <img src=x>"


def example(message="boom", name="dW"):
    """A block worth 4 whose part of weight 3 raised."""
    with check.score(4) as s:
        with s.part(3, name):
            raise ValueError(message)
        with s.part(1, "db"):
            check.value(1, 1)
    return s


def many_failures(count):
    with check.score(1) as s, s.part(1, "dW"):
        for i in range(count):
            check.value(i + 1.0, 0.0, name=f"entry {i}")
    return s


def test_text_shows_points_parts_and_what_went_wrong():
    lines = as_text(example()).splitlines()
    assert lines[0].startswith("1 of 4 points")
    assert lines[1] == "  ✗ dW (3)"
    assert lines[2].startswith("      Your code raised ValueError: boom")
    assert lines[3] == "  ✓ db (1)"


def test_html_shows_the_same_as_the_text():
    html = as_html(example())
    for shown in ("1 of 4 points", "dW", "db", "Your code raised ValueError: boom", "✓", "✗"):
        assert shown in html


def test_a_plain_kernel_prints_the_text_when_the_block_ends(capsys):
    s = example()
    assert capsys.readouterr().out == as_text(s) + "\n"


def test_html_escapes_what_a_student_wrote():
    html = as_html(example(EVIL, name=EVIL))
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;") == 2


def test_html_escapes_notes_as_well():
    with check.score(1) as s:
        warnings.warn(EVIL, stacklevel=1)
    assert "<script" not in as_html(s)
    assert "&lt;script&gt;" in as_html(s)


def test_html_escapes_failed_gates_as_well():
    with check.score(1) as s:
        check.shape(None, (1,), name=EVIL)
    assert "<script" not in as_html(s)
    assert "&lt;script&gt;" in as_html(s)


@pytest.mark.parametrize("report", [as_text, as_html], ids=["text", "html"])
def test_at_most_three_failures_of_a_part_are_shown_and_the_rest_counted(report):
    shown = report(many_failures(5))
    assert [f"entry {i} " in shown for i in range(5)] == [True, True, True, False, False]
    assert "... and 2 more." in shown


def test_three_failures_are_shown_without_a_rest():
    assert "more." not in as_text(many_failures(3))


def test_the_same_message_is_shown_once():
    with check.score(1) as s, s.part(1, "dW"):
        check.value(2.0, 1.0)
        check.value(2.0, 1.0)
    assert as_text(s).count("is right.") == 1


def test_a_part_without_a_check_says_so():
    with check.score(1) as s, s.part(1, "dW"):
        pass
    assert "Nothing was checked here." in as_text(s)


@pytest.mark.parametrize("report", [as_text, as_html], ids=["text", "html"])
def test_the_student_is_told_that_more_is_checked_later(report, monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert VISIBLE_ONLY in report(example())


@pytest.mark.parametrize("report", [as_text, as_html], ids=["text", "html"])
def test_when_graded_nothing_is_said_about_visible_checks(report, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert "visible" not in report(example())


def test_validating_still_tells_the_student_that_more_is_checked_later(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert VISIBLE_ONLY in as_text(example())


def test_codes_hold_points_and_each_part_with_what_failed():
    codes = as_codes(example())
    assert (codes["points"], codes["available"]) == (1.0, 4.0)
    dW, db = codes["parts"]
    assert (dW["name"], dW["weight"], dW["passed"], dW["codes"]) == ("dW", 3.0, False, ["raised"])
    assert (db["name"], db["weight"], db["passed"], db["codes"], db["messages"]) == ("db", 1.0, True, [], [])


def test_codes_of_the_block_name_failed_gates_and_an_early_end():
    with check.score(1) as s:
        check.shape([1.0], (2,))
        raise ValueError("x")
    codes = as_codes(s)
    assert codes["codes"] == ["shape", "raised"]
    assert len(codes["notes"]) == 2


def test_an_early_end_is_shown_in_the_text():
    with check.score(1) as s:
        raise ValueError("too early")
    assert "too early" in as_text(s)


def test_the_last_line_is_a_number_in_text_and_the_points_in_html():
    s = example()
    bundle = s._repr_mimebundle_(include=None, exclude=None)
    assert bundle["text/plain"] == "1.0"
    assert bundle["text/html"] == total_as_html(s) == "<b>1</b> of 4 points"
    assert bundle[CODES] == as_codes(s)


STUDENT = """\
import logging, sys, warnings
warnings.simplefilter("error")
logging.basicConfig()

def double(x):
    return 2 * x

def noisy(x):
    print("noise", file=sys.stderr)
    warnings.warn("careful")
    return 2 * x

def logs(x):
    logging.warning("careful")
    return 2 * x

def broken(x):
    return x / 0

def leaves(x):
    sys.exit()

def evil(x):
    raise ValueError("<script>alert(1)</script>")
"""
TEST = """
from coursekit import check
with check.score(4) as s:
    with s.part(3, "first"):
        check.value({function}(3.0), 6.0)
    with s.part(1, "second"):
        check.value(double(2.0), 4.0)
s
"""
GRADES = {
    "double": 4.0,
    "noisy": 4.0,
    "logs": 4.0,
    "broken": 1.0,
    "leaves": 1.0,
    "evil": 1.0,
    "unwritable": 1.0,
    "missing": 1.0,
}


@pytest.fixture(scope="module")
def test_cells():
    """The test cells of a notebook that a real kernel has run, by the function they test."""

    def graded(function):
        nbgrader = {"grade": True, "solution": False, "points": 4, "grade_id": function, "schema_version": 3}
        return nbformat.v4.new_code_cell(TEST.format(function=function), metadata={"nbgrader": nbgrader})

    cells = [nbformat.v4.new_code_cell(STUDENT), *map(graded, GRADES)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    return dict(zip(GRADES, notebook.cells[1:], strict=True))


@pytest.mark.parametrize(("function", "points"), GRADES.items())
def test_nbgrader_reads_the_same_partial_credit_from_a_real_kernel(test_cells, function, points):
    assert determine_grade(test_cells[function]) == (points, 4.0)


@pytest.mark.parametrize("function", GRADES)
def test_a_real_kernel_shows_the_report_and_then_one_result_and_no_stream(test_cells, function):
    shown = [output.output_type for output in test_cells[function].outputs]
    assert shown == ["display_data", "execute_result"]


def test_a_real_kernel_carries_number_html_and_codes(test_cells):
    _, result = test_cells["broken"].outputs
    assert float(result.data["text/plain"]) == 1.0
    assert result.data["text/html"] == "<b>1</b> of 4 points"
    assert result.data[CODES]["parts"][0]["codes"] == ["raised"]


def test_a_real_kernel_points_at_the_students_line(test_cells):
    _, result = test_cells["broken"].outputs
    assert result.data[CODES]["parts"][0]["messages"] == [
        "Your code raised ZeroDivisionError: float division by zero, in broken, line 18: return x / 0"
    ]


def test_a_real_kernel_never_shows_markup_of_a_student(test_cells):
    report, result = test_cells["evil"].outputs
    assert "<script" not in report.data["text/html"] + result.data["text/html"]
    assert "&lt;script&gt;" in report.data["text/html"]
