"""Schedules: their values by hand, what they add up to, and what they refuse."""

from itertools import pairwise
from math import inf, log, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.engine.schedules import c_over_r, constant, cosine, one_over_r, step_decay, warm_up

from .strategies import quick


def test_values_by_hand():
    assert [constant(0.3)(r) for r in (1, 2, 1000)] == [0.3, 0.3, 0.3]
    assert [one_over_r()(r) for r in (1, 2, 4)] == [1.0, 0.5, 0.25]
    assert [c_over_r(3)(r) for r in (1, 2, 4)] == [3.0, 1.5, 0.75]
    assert [step_decay(8, every=2)(r) for r in range(1, 8)] == [8, 8, 4, 4, 2, 2, 1]
    assert [cosine(2, steps=3)(r) for r in range(1, 6)] == pytest.approx([2, 1, 0, 0, 0], abs=1e-15)
    assert [cosine(2, steps=3, lowest=1)(r) for r in range(1, 5)] == pytest.approx([2, 1.5, 1, 1])
    assert [warm_up(constant(1), steps=4)(r) for r in range(1, 7)] == [0.25, 0.5, 0.75, 1, 1, 1]
    assert cosine(2, steps=1)(1) == 2


def test_one_over_r_adds_up_like_a_logarithm_and_its_squares_to_pi_squared_over_six():
    rates = [one_over_r()(r) for r in range(1, 100_001)]
    assert sum(rates) == pytest.approx(log(100_000) + 0.5772156649, abs=1e-5)
    assert sum(rate**2 for rate in rates) == pytest.approx(pi**2 / 6, abs=2e-5)


@quick
@given(st.integers(2, 50), st.floats(0.01, 10))
def test_cosine_falls_from_lr_to_the_lowest_and_is_symmetric(steps, lr):
    rates = [cosine(lr, steps=steps, lowest=lr / 10)(r) for r in range(1, steps + 1)]
    assert all(later < earlier for earlier, later in pairwise(rates))
    assert rates[0] == pytest.approx(lr)
    assert rates[-1] == pytest.approx(lr / 10)
    assert [a + b for a, b in zip(rates, reversed(rates), strict=True)] == pytest.approx([1.1 * lr] * steps)


@quick
@given(st.integers(1, 20), st.integers(1, 60))
def test_warm_up_never_exceeds_its_schedule_and_ends_with_it(steps, r):
    schedule = step_decay(1.0, every=7, factor=0.9)
    assert warm_up(schedule, steps=steps)(r) <= schedule(r)
    assert warm_up(schedule, steps=steps)(r + steps) == schedule(r + steps)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: constant(0), "lr must be a positive finite number, but is 0"),
        (lambda: constant(inf), "lr must be a positive finite number, but is inf"),
        (lambda: c_over_r(-1), "c must be a positive finite number, but is -1"),
        (lambda: step_decay(float("nan"), every=2), "lr must be a positive finite number, but is nan"),
        (lambda: step_decay(1, every=0), "every must be at least 1 step, but is 0"),
        (lambda: step_decay(1, every=2, factor=1.5), r"factor must be above 0 and at most 1, but is 1\.5"),
        (lambda: step_decay(1, every=2, factor=0), "factor must be above 0 and at most 1, but is 0"),
        (lambda: cosine(-1, steps=3), "lr must be a positive finite number, but is -1"),
        (lambda: cosine(1, steps=0), "steps must be at least 1 step, but is 0"),
        (lambda: cosine(1, steps=3, lowest=2), "lowest must be between 0 and lr = 1, but is 2"),
        (lambda: warm_up(constant(1), steps=0), "steps must be at least 1 step, but is 0"),
        (lambda: warm_up(0.1, steps=3), r"function of the step, such as constant\(0\.1\), but is 0\.1"),
        (lambda: one_over_r()(0), "steps count from 1, but the schedule was asked for step 0"),
        (lambda: warm_up(constant(1), steps=3)(0), "steps count from 1, but the schedule was asked for step 0"),
    ],
)
def test_what_makes_no_schedule_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
