"""A student's function that several parts judge is called once, and what happened then counts in each of them."""

import numpy as np
import pytest

from coursekit import check


def test_every_part_gets_the_result_of_one_call() -> None:
    calls = []

    @check.once
    def answer() -> int:
        calls.append(1)
        return 3

    with check.score(2) as s:
        for name in ("first", "second"):
            with s.part(1, name):
                check.value(answer(), 3)
    assert float(s) == 2
    assert len(calls) == 1


def test_nothing_is_called_before_it_is_asked_for() -> None:
    calls: list[int] = []
    check.once(lambda: calls.append(1))
    assert calls == []


def test_an_error_costs_every_part_that_needs_the_answer_and_no_other() -> None:
    calls = []

    @check.once
    def answer() -> int:
        calls.append(1)
        raise ZeroDivisionError("division by zero")

    with check.score(3) as s:
        for name in ("first", "second"):
            with s.part(1, name):
                check.value(answer(), 3)
        with s.part(1, "other"):
            check.value(1, 1)
    assert float(s) == 1
    assert len(calls) == 1
    assert [len(part.failures) for part in s.parts] == [1, 1, 0]


def test_a_changed_input_costs_every_part_that_needs_the_answer() -> None:
    X = np.ones(3)

    @check.once
    def answer() -> float:
        with check.unchanged(X=X):
            X[0] = 5
        return 1.0

    with check.score(2) as s:
        for name in ("first", "second"):
            with s.part(1, name):
                check.value(answer(), 1)
    assert float(s) == 0
    assert [part.failures[0].code for part in s.parts] == ["mutated", "mutated"]


def test_a_slow_answer_is_waited_for_once() -> None:
    calls = []

    @check.once
    def answer() -> None:
        calls.append(1)
        with check.time_limit(0.05, "f"):
            while True:
                pass

    with check.score(2) as s:
        for name in ("first", "second"):
            with s.part(1, name):
                answer()
    assert float(s) == 0
    assert len(calls) == 1


def test_an_interrupt_is_not_kept() -> None:
    @check.once
    def answer() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answer()
