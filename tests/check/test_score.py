"""Score blocks: whatever happens inside, a plain float between 0 and the points, and silence on stderr."""

import logging
import math
import sys
import traceback
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit import check
from coursekit.check import Verdict
from coursekit.check.score import record
from coursekit.check.verdict import wrong

quick = settings(deadline=None, derandomize=True, max_examples=100)
weights = st.floats(1e-3, 1e3)


def passes():
    check.value(1.0, 1.0)


def fails():
    check.value(2.0, 1.0)


def block(points=4, weight_1=3, weight_2=1, first=passes, second=passes, before=None, between=None):
    """A block of two parts with code in it, before it and between."""
    with check.score(points) as s:
        if before:
            before()
        with s.part(weight_1, "first"):
            first()
        if between:
            between()
        with s.part(weight_2, "second"):
            second()
    return s


@quick
@given(weights, st.lists(st.tuples(weights, st.booleans()), min_size=1, max_size=5))
def test_the_value_is_the_passed_share_of_the_points_as_a_plain_float(points, parts):
    with check.score(np.float64(points)) as s:
        for weight, good in parts:
            with s.part(np.float64(weight), "part"):
                (passes if good else fails)()
    share = sum(weight for weight, good in parts if good) / sum(weight for weight, _ in parts)
    assert type(float(s)) is float
    assert type(s.__float__()) is float
    assert 0 <= float(s) <= points
    assert float(s) == pytest.approx(points * share)


@quick
@given(weights, weights, weights)
def test_all_parts_passed_are_exactly_all_points(points, weight_1, weight_2):
    assert float(block(points, weight_1, weight_2)) == points


@quick
@given(weights, weights)
def test_the_text_of_a_block_is_its_value(points, weight):
    s = block(points, weight, second=fails)
    assert float(repr(s)) == float(s)


BAD_ANSWERS = [math.nan, np.float64("nan"), -1.0, math.inf, None, "1", True + 1, [1.0], np.float64(-3), object()]


@pytest.mark.parametrize("answer", BAD_ANSWERS, ids=repr)
def test_a_bad_answer_earns_zero(answer):
    assert float(block(first=lambda: check.value(answer, 1.0), second=fails)) == 0.0


def deep():
    return deep()


def raises(error):
    def code():
        raise error

    return code


RAISED = {
    "an error": raises(ValueError("x")),
    "a failed assertion": raises(AssertionError()),
    "sys.exit": lambda: sys.exit(0),
    "GeneratorExit": raises(GeneratorExit()),
    "endless recursion": deep,
    "StopIteration": raises(StopIteration()),
}


@pytest.mark.parametrize("code", RAISED.values(), ids=RAISED)
def test_what_the_students_code_raises_costs_its_part_alone(code):
    s = block(first=code)
    assert float(s) == 1.0
    assert s.parts[0].failures[0].code == "raised"


def test_a_part_that_passed_before_it_raised_is_not_earned():
    assert float(block(first=lambda: (passes(), sys.exit()))) == 1.0


@pytest.mark.parametrize("place", ["first", "between"])
def test_an_interrupt_of_the_person_at_the_keyboard_goes_on(place):
    with pytest.raises(KeyboardInterrupt):
        block(**{place: raises(KeyboardInterrupt())})


def test_after_an_interrupt_stderr_filters_and_recording_are_as_before():
    stderr, filters = sys.stderr, warnings.filters[:]
    with check.score(1) as outer, outer.part(1, "outer") as part:
        with pytest.raises(KeyboardInterrupt):
            block(first=raises(KeyboardInterrupt()))
        passes()
    assert sys.stderr is stderr
    assert warnings.filters == filters
    assert [verdict.code for verdict in part.verdicts] == ["ok"]


@pytest.mark.parametrize("code", [passes, fails, sys.exit, lambda: warnings.warn("x", stacklevel=1)])
def test_after_a_block_stderr_and_filters_are_as_before(code):
    stderr, filters = sys.stderr, warnings.filters[:]
    block(first=code)
    assert sys.stderr is stderr
    assert warnings.filters == filters


def warns():
    np.log(np.zeros(2))
    passes()


def test_a_warning_costs_nothing_and_becomes_a_note():
    s = block(first=warns)
    assert float(s) == 4.0
    (note,) = s.notes
    assert note.startswith("Your code gave a warning, which costs no points. RuntimeWarning: divide by zero")


@pytest.mark.parametrize("action", ["error", "ignore", "once"])
def test_a_warning_is_a_note_whatever_filter_the_student_has_set(action):
    with warnings.catch_warnings():
        warnings.simplefilter(action)
        s = block(first=warns)
    assert float(s) == 4.0
    assert len(s.notes) == 1


def test_a_warning_given_twice_is_one_note():
    assert len(block(first=warns, second=warns).notes) == 1


def writes_to_stderr():
    print("first line\nlast line", file=sys.stderr)
    passes()


def prints_a_traceback():
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        traceback.print_exc()
    passes()


def logs():
    logging.getLogger("student").warning("careful")
    passes()


@pytest.mark.parametrize("code", [writes_to_stderr, prints_a_traceback, logs, warns, sys.exit, deep, fails])
@pytest.mark.parametrize("place", ["before", "first", "between"])
def test_nothing_ever_reaches_stderr(capsys, code, place):
    block(**{place: code})
    assert capsys.readouterr().err == ""


def test_a_log_handler_from_an_earlier_cell_does_not_reach_stderr(capsys):
    handler = logging.StreamHandler()
    logging.getLogger("student").addHandler(handler)
    try:
        block(first=logs)
    finally:
        logging.getLogger("student").removeHandler(handler)
    assert capsys.readouterr().err == ""


def test_what_is_written_to_stderr_costs_nothing_and_its_last_line_is_a_note():
    s = block(first=writes_to_stderr)
    assert float(s) == 4.0
    assert s.notes == ["Your code wrote to stderr, which costs no points: last line"]


def test_text_that_no_encoding_can_write_does_not_stop_the_cell(capsys):
    assert float(block(first=raises(ValueError("\ud800")))) == 1.0


def gate_passes():
    check.shape(np.ones(2), (2,))


def gate_fails():
    check.shape(np.ones(2), (3,))


def test_a_part_with_nothing_but_passed_gates_earns_nothing():
    assert float(block(first=gate_passes)) == 1.0


def test_a_part_with_no_check_at_all_earns_nothing():
    assert float(block(first=lambda: None)) == 1.0


def test_a_failed_gate_costs_its_part_although_the_value_is_right():
    assert float(block(first=lambda: (gate_fails(), passes()))) == 1.0


def test_a_passed_gate_beside_a_right_value_costs_nothing():
    assert float(block(first=lambda: (gate_passes(), passes()))) == 4.0


@pytest.mark.parametrize("place", ["before", "between"])
def test_a_failed_gate_outside_every_part_costs_the_block(place):
    s = block(**{place: gate_fails})
    assert float(s) == 0.0
    assert [gate.code for gate in s.gates] == ["shape"]


@pytest.mark.parametrize("code", [passes, gate_passes])
def test_a_passed_check_outside_every_part_earns_nothing(code):
    assert float(block(first=fails, second=fails, between=code)) == 0.0


def test_one_failed_check_among_passed_ones_costs_the_part():
    assert float(block(first=lambda: (passes(), fails(), passes()))) == 1.0


def test_an_undecidable_check_is_not_earned():
    assert float(block(first=lambda: check.gradient([0.0], lambda x: float(x[0] > 0), at=[0.0]))) == 1.0


def test_a_check_belongs_to_the_part_that_is_open():
    s = block(first=lambda: (passes(), passes()), second=fails)
    assert [[v.code for v in part.verdicts] for part in s.parts] == [["ok", "ok"], ["value"]]


def test_an_error_between_parts_loses_those_that_were_not_reached():
    s = block(between=raises(ValueError("x")))
    assert float(s) == 3.0
    assert s.aborted.code == "raised"


@pytest.mark.parametrize(("points", "parts"), [(4, (3, 1)), (3.3, (1.1, 2.2))])
def test_an_error_after_the_last_part_loses_nothing_but_is_told(points, parts):
    with check.score(points) as s:
        for weight in parts:
            with s.part(weight, "part"):
                passes()
        raise ValueError("late")
    assert float(s) == points
    assert s.aborted.code == "raised"


def test_an_error_before_every_part_loses_all_points():
    assert float(block(before=raises(ValueError("x")))) == 0.0


def test_an_error_between_parts_never_leaves_full_points_whatever_the_weights():
    assert float(block(points=1, weight_1=3, weight_2=1, between=raises(ValueError("x")))) < 1.0


def test_a_part_that_was_announced_but_never_entered_is_lost():
    with check.score(4) as s:
        with s.part(1, "first"):
            passes()
        s.part(3, "second")
    assert float(s) == 1.0


def test_a_block_that_was_never_entered_or_has_no_part_is_worth_nothing():
    never = check.score(4)
    with check.score(4) as empty:
        passes()
    assert float(never) == float(empty) == 0.0


def test_a_part_is_not_earned_before_it_ends():
    with check.score(1) as s:
        with s.part(1, "first") as part:
            passes()
            assert not part.passed
        assert part.passed


@pytest.mark.parametrize("points", [0, -1, math.nan, math.inf])
def test_a_block_needs_a_positive_number_of_points(points):
    with pytest.raises(ValueError, match=f"positive number of points, but got {points}"):
        check.score(points)


@pytest.mark.parametrize("weight", [0, -1, math.nan, math.inf])
def test_a_part_needs_a_positive_weight_and_is_named(weight):
    with pytest.raises(ValueError, match=f"positive weight, but 'dW' got {weight}"):
        check.score(1).part(weight, "dW")


def test_outside_a_block_a_check_returns_its_verdict_and_records_nothing():
    s = block()
    after = [len(part.verdicts) for part in s.parts]
    verdict = check.value(2.0, 1.0)
    assert isinstance(verdict, Verdict)
    assert not verdict
    assert repr(verdict).startswith("wrong: ")
    assert [len(part.verdicts) for part in s.parts] == after
    assert s.gates == []


def test_inside_a_part_a_check_returns_its_verdict_as_well():
    with check.score(1) as s, s.part(1, "first") as part:
        verdict = check.value(2.0, 1.0)
    assert part.verdicts == [verdict]


def test_a_block_inside_a_part_keeps_its_checks_to_itself():
    with check.score(1) as outer, outer.part(1, "outer") as part:
        block(first=fails)
        passes()
    assert float(outer) == 1.0
    assert len(part.verdicts) == 1


def test_record_hands_back_what_it_was_given():
    verdict = wrong("dW", "sign", "dW has the wrong sign.")
    assert record(verdict) is verdict


def test_what_is_printed_is_shown_once_and_noted(capsys):
    with check.score(1) as s, s.part(1, "the value"):
        for number in range(100):
            print("line", number)
        check.value(1.0, 1.0)
    text = capsys.readouterr().out
    assert float(s) == 1
    assert text.count("line 39") == 1
    assert "line 40" not in text
    assert text.index("line 0") < text.index("1 of 1 points")
    assert "Your code printed 100 lines here, which costs no points." in text
