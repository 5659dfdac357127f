"""Gradients too large to difference entry by entry: few random directions see what is wrong, and how likely not."""

import numpy as np
import pytest

from coursekit import check
from coursekit.check.directions import DETECTED, n_directions, slopes_along_directions

N = 30_000
rng = np.random.default_rng(0)
AT = rng.standard_normal(N)
C = rng.standard_normal(N)
RIGHT = C * np.cos(AT)


def loss(x):
    return float(np.vdot(C, np.sin(x)))


def test_the_number_of_directions_follows_from_the_chance_to_miss():
    """Simulated: an error of the stated size is missed as often as one direction's probability says, to the power k."""
    assert [n_directions(1e-5, missed=missed) for missed in (1e-4, 1e-9, 1e-20)] == [2, 5, 10]
    draws = np.abs(np.random.default_rng(1).standard_normal((200_000, 2))) * 0.1
    missed_once = (draws[:, 0] < 0.01).mean()
    assert missed_once == pytest.approx(np.sqrt(2 / np.pi) * 0.1, rel=0.05)
    assert (draws < 0.01).all(axis=1).mean() == pytest.approx(missed_once**2, rel=0.1)


@pytest.mark.parametrize("tolerance", [0.0, DETECTED, 1.0])
def test_a_tolerance_that_hides_everything_is_refused(tolerance):
    with pytest.raises(ValueError, match="tolerance must be positive and below"):
        n_directions(tolerance)


def test_a_right_gradient_agrees_and_says_along_how_many_directions():
    verdict = check.gradient(RIGHT, loss, at=AT, name="dW")
    assert verdict
    assert "5 random directions" in verdict.message


def test_the_slopes_are_those_of_the_function():
    slopes = slopes_along_directions(loss, RIGHT, AT, tolerance=1e-5, rng=np.random.default_rng(2))
    assert (np.abs(slopes.analytic - slopes.numeric) <= slopes.bar + 1e-6 * slopes.size).all()
    assert slopes.missed < 1e-8


@pytest.mark.parametrize(
    ("got", "code"),
    [
        (-RIGHT, "sign"),
        (2 * RIGHT, "factor"),
        (RIGHT * 7, "sum_for_mean"),
        (RIGHT / 7, "mean_twice"),
        (0 * RIGHT, "zero"),
        (RIGHT[::-1], "wrong"),
        (RIGHT + 2 * DETECTED * np.linalg.norm(RIGHT) * (np.arange(N) == 77), "wrong"),
        (RIGHT[:, None], "shape"),
        (None, "none"),
    ],
)
def test_what_is_wrong_is_found_and_ratios_are_named(got, code):
    verdict = check.gradient(got, loss, at=AT, name="dW", batch=7)
    assert (verdict.status, verdict.code) == ("wrong", code)


def test_a_forward_value_is_compared_first():
    assert check.gradient(RIGHT, loss, at=AT, value=loss(AT))
    assert check.gradient(RIGHT, loss, at=AT, value=loss(AT) + 1).code == "value"


def test_where_rounding_hides_the_gradient_nothing_is_said():
    verdict = check.gradient(1e-6 * RIGHT, lambda x: 1e9 + 1e-6 * loss(x), at=AT)
    assert (verdict.status, verdict.code) == ("undecidable", "noise")
