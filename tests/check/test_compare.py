"""Verdicts: every kind of wrong answer is found, every right one accepted, at any scale."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit import check
from coursekit.check import gradient, shape, value
from coursekit.check.bugs.catalogue import BUGS
from coursekit.check.compare import _compare_gradient
from coursekit.check.numeric import Estimate
from coursekit.engine import affine, half_squared_error

N, D, M = 5, 3, 7
RNG = np.random.default_rng(1)
X, W, B, Y = (RNG.standard_normal(size) for size in ((N, D), (M, D), (M,), (N, M)))
DZ = (affine(X, W, B) - Y) / N
DW, DB = DZ.T @ X, DZ.sum(0)


def loss(changed):
    return half_squared_error(affine(X, changed, B), Y)


def loss_of_bias(changed):
    return half_squared_error(affine(X, W, changed), Y)


def scaled(factor):
    return lambda changed: factor * loss(changed)


WRONG = {
    "None": (None, "none"),
    "a string": ("0.5", "type"),
    "a dict": ({"dW": DW}, "type"),
    "a function": (loss, "type"),
    "a ragged list": ([[1.0, 2.0], [3.0]], "type"),
    "an array of objects": (DW.astype(object), "type"),
    "complex numbers": (DW + 0j, "type"),
    "nan": (np.where(np.arange(D) == 1, np.nan, DW), "not_finite"),
    "inf": (np.where(np.arange(D) == 1, np.inf, DW), "not_finite"),
    "a plain number": (1.0, "shape"),
    "an empty list": ([], "shape"),
    "one column too many": (np.ones((M, D + 1)), "shape"),
    "flat": (DW.ravel(), "shape"),
    "transposed": (DW.T, "transposed"),
    "not summed over the batch": (DZ[:, :, None] * X[:, None], "unsummed"),
    "cut to integers": (DW.astype(int) + 1, "wrong"),
    "minus": (-DW, "sign"),
    "twice": (2 * DW, "factor"),
    "half": (DW / 2, "factor"),
    "3.7 times": (3.7 * DW, "factor"),
    "a sum for a mean": (N * DW, "sum_for_mean"),
    "the mean twice": (DW / N, "mean_twice"),
    "zero": (np.zeros((M, D)), "zero"),
    "permuted": (DW[::-1], "permuted"),
    "one row for all, but units are no samples": (np.repeat(DW[:1], M, axis=0), "wrong"),
    "something else": (DW + RNG.standard_normal((M, D)), "wrong"),
    "one wrong entry": (DW + 1e-3 * np.eye(M, D), "wrong"),
}


@pytest.mark.parametrize(("got", "code"), WRONG.values(), ids=WRONG)
def test_a_wrong_gradient_is_wrong_and_its_code_says_how(got, code):
    verdict = gradient(got, loss, at=W, name="dW", batch=N)
    assert not verdict
    assert (verdict.status, verdict.code, verdict.name) == ("wrong", code, "dW")
    assert "dW" in verdict.message


RIGHT = {
    "as it is": DW,
    "a nested list": DW.tolist(),
    "float32": DW.astype(np.float32),
    "Fortran order": np.asfortranarray(DW),
    "a view": np.repeat(DW, 2, axis=1)[:, ::2],
    "read only": np.broadcast_to(DW, (M, D)),
    "off by rounding": DW * (1 + 1e-7),
}


@pytest.mark.parametrize("got", RIGHT.values(), ids=RIGHT)
def test_a_right_gradient_is_accepted_in_any_form(got):
    verdict = gradient(got, loss, at=W, name="dW", batch=N)
    assert verdict
    assert (verdict.status, verdict.code) == ("correct", "ok")


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1e6])
@settings(deadline=None, derandomize=True, max_examples=10)
@given(factor=st.sampled_from([3.5, 1.01, 0.5, -1, 0.0]))
def test_at_any_scale_the_right_gradient_passes_and_a_multiple_fails(scale, factor):
    assert gradient(scale * DW, scaled(scale), at=W)
    assert not gradient(factor * scale * DW, scaled(scale), at=W)


@pytest.mark.parametrize("got", [1e-12 * DW, np.zeros_like(DW)], ids=["exact", "rounded to zero"])
def test_a_vanishing_gradient_is_not_judged_by_its_relative_error(got):
    assert gradient(got, scaled(1e-12), at=W)


def test_where_the_gradient_vanishes_a_number_of_size_one_is_wrong():
    assert not gradient(DW, scaled(1e-12), at=W)


@pytest.mark.parametrize("size", [10, 1000])
@pytest.mark.parametrize(("error", "accepted"), [(0.5e-5, True), (2e-5, False)])
def test_the_tolerance_of_an_entry_does_not_grow_with_the_number_of_entries(size, error, accepted):
    x = np.linspace(1, 2, size)
    got = x.copy()
    got[size // 2] += error * x.max()
    assert bool(gradient(got, lambda z: (z**2).sum() / 2, at=x)) is accepted


def test_a_stricter_tolerance_is_obeyed():
    assert not gradient(DW * (1 + 1e-7), loss, at=W, tolerance=1e-8)


def test_a_forgotten_bias_gradient_is_found_inside_a_flat_vector():
    def loss_of_both(theta):
        return half_squared_error(affine(X, theta[: M * D].reshape(M, D), theta[M * D :]), Y)

    theta = np.concatenate([W.ravel(), B])
    assert gradient(np.concatenate([DW.ravel(), DB]), loss_of_both, at=theta)
    assert not gradient(np.concatenate([DW.ravel(), np.zeros(M)]), loss_of_both, at=theta)


def test_a_bias_gradient_averaged_over_the_batch_is_found():
    assert gradient(DB, loss_of_bias, at=B)
    assert gradient(DZ.mean(0), loss_of_bias, at=B, batch=N).code == "mean_twice"


def test_a_bias_gradient_that_is_not_summed_is_found():
    assert gradient(DZ, loss_of_bias, at=B).code == "unsummed"


def test_a_bias_gradient_with_its_batch_axis_kept_is_only_a_shape():
    verdict = gradient(DZ.sum(0, keepdims=True), loss_of_bias, at=B, name="db")
    assert verdict.code == "shape"
    assert "only the shape" in verdict.message


def test_a_scalar_gradient_is_checked():
    assert gradient(6.0, lambda x: x**2, at=3.0)
    assert gradient(-6.0, lambda x: x**2, at=3.0).code == "sign"


def test_a_wrong_forward_pass_with_its_own_right_gradient_is_found_by_its_value():
    constant, its_gradient = 1.0, np.zeros_like(W)
    verdict = gradient(its_gradient, lambda _: 1.0, at=W, name="dW")
    assert verdict  # the weakness: both are constant
    verdict = gradient(DW, loss, at=W, name="dW", value=constant)
    assert (verdict.status, verdict.code) == ("wrong", "value")
    assert "the value that came with dW" in verdict.message


def test_a_right_value_beside_a_right_gradient_is_accepted():
    assert gradient(DW, loss, at=W, value=np.float32(loss(W)))


@pytest.mark.parametrize(("forward", "code"), [(None, "none"), (np.nan, "not_finite"), ("1", "type"), (0.0, "value")])
def test_a_forward_value_that_is_no_number_fails_the_check(forward, code):
    assert gradient(DW, loss, at=W, value=forward).code == code


def at_a_kink(x):
    return np.abs(x).sum()


def test_at_a_kink_every_slope_between_those_of_both_sides_is_right():
    x = np.array([1.0, 0.0, -2.0])
    for choice in (-1.0, 0.0, 0.3, 1.0):
        assert gradient([1.0, choice, -1.0], at_a_kink, at=x)


@pytest.mark.parametrize("choice", [-1.01, 1.01, 5.0])
def test_beyond_the_slopes_of_both_sides_the_interval_is_named(choice):
    verdict = gradient([1.0, choice, -1.0], at_a_kink, at=np.array([1.0, 0.0, -2.0]), name="dx")
    assert (verdict.status, verdict.code) == ("wrong", "kink")
    assert "at [1], where the loss has a kink: any slope from -1 to 1 is right there" in verdict.message


def test_the_entries_beside_a_kink_still_count():
    verdict = gradient([1.0, 0.0, -0.5], at_a_kink, at=np.array([1.0, 0.0, -2.0]))
    assert verdict.status == "wrong"
    assert "at [2]" in verdict.message


def test_the_sign_is_still_named_beside_a_kink():
    assert gradient([-1.0, 0.7, 1.0], at_a_kink, at=np.array([1.0, 0.0, -2.0])).code == "sign"


def test_where_every_entry_is_a_kink_the_interval_decides():
    assert gradient([0.0, 1.0], at_a_kink, at=np.zeros(2))
    assert gradient([0.0, 1.5], at_a_kink, at=np.zeros(2)).code == "kink"


def test_where_the_loss_jumps_at_every_entry_nothing_can_be_said():
    verdict = gradient([0.0, 0.0], lambda x: float((x > 0).sum()), at=np.zeros(2))
    assert not verdict
    assert (verdict.status, verdict.code) == ("undecidable", "kink")


def test_where_rounding_exceeds_the_gradient_nothing_can_be_said():
    one = np.array([1.0])
    estimate = Estimate(one, 2 * one, np.array([False]), 0.0, one, one)
    verdict = _compare_gradient(np.array([1.0]), estimate, "dW", None, None, 1e-5)
    assert (verdict.status, verdict.code) == ("undecidable", "noise")


def test_a_flat_smooth_loss_is_decidable():
    assert gradient(np.zeros(3), lambda x: (x**4).sum(), at=np.zeros(3))


def test_an_empty_gradient_is_right_for_an_empty_variable():
    assert gradient(np.zeros((0, 3)), lambda x: 1.0, at=np.zeros((0, 3)))


@pytest.mark.parametrize("huge", [np.full(3, 1e308), np.array([1e308, -1e308, 1e308]), np.full((2, 3), 1.5e308)])
def test_a_huge_wrong_answer_is_judged_in_silence(huge):
    assert gradient(huge, lambda x: np.arange(3) @ x, at=np.ones(3)).status == "wrong"


def test_judging_never_changes_the_answer():
    got, kept = 2 * DW, 2 * DW
    gradient(got, loss, at=W)
    np.testing.assert_array_equal(got, kept)


@pytest.mark.parametrize("right", [2.5, 0.0, np.arange(6.0).reshape(2, 3), [1, 2], -1e6, 1e-6])
def test_a_right_value_is_accepted(right):
    assert value(right, right)
    assert value(np.float32(right), right)


VALUES = {
    "None": (None, 2.0, "none"),
    "nan": (np.nan, 2.0, "not_finite"),
    "a number beside it": (2.1, 2.0, "value"),
    "minus": (-2.0, 2.0, "value"),
    "an array for a number": ([2.0], 2.0, "shape"),
    "a number for an array": (1.0, [1.0, 1.0], "shape"),
    "broadcastable": ([[1.0, 1.0]], [1.0, 1.0], "shape"),
    "one wrong entry": ([1.0, 2.1], [1.0, 2.0], "wrong"),
    "all zero": ([0.0, 0.0], [1.0, 2.0], "zero"),
    "3.5 times at scale 1e-6": (3.5e-6, 1e-6, "value"),
}


@pytest.mark.parametrize(("got", "right", "code"), VALUES.values(), ids=VALUES)
def test_a_wrong_value_is_wrong_and_its_code_says_how(got, right, code):
    verdict = value(got, right, name="the loss")
    assert (verdict.status, verdict.code) == ("wrong", code)
    assert "the loss" in verdict.message


def test_a_wrong_number_is_shown_beside_the_right_one():
    assert value(2.25, 2.5, name="the loss").message == "the loss is 2.25, but 2.5 is right."


def test_a_right_shape_is_a_passed_gate():
    verdict = shape(DW, (M, D))
    assert verdict
    assert verdict.gate


def test_a_wrong_shape_names_both():
    verdict = shape(DW.T, (M, D), name="dW")
    assert (verdict.status, verdict.code, verdict.gate) == ("wrong", "shape", True)
    assert verdict.message == "dW must have shape (7, 3), but has (3, 7)."


@pytest.mark.parametrize(("got", "code"), [(None, "none"), ("abc", "type"), ([np.nan], "not_finite")])
def test_what_is_no_array_of_numbers_fails_the_gate_of_its_shape(got, code):
    verdict = shape(got, (1,))
    assert (bool(verdict), verdict.code, verdict.gate) == (False, code, True)


def test_a_right_number_can_be_kept_back() -> None:
    assert "12.5" in value(3.0, 12.5).message
    assert value(3.0, 12.5, reveal=False).message == "the value is 3, which is not right."
    kept = value(np.array([1.0, 2.0, 4.0]), np.array([1.5, 2.0, 3.0]), reveal=False)
    assert kept.message == "the value is wrong in 2 of 3 entries; the worst at [2] is 4."
    assert value(12.5, 12.5, reveal=False)


def test_a_statement_earns_its_part_where_it_holds():
    for condition, points in ((True, 1), (np.True_, 1), (False, 0), (np.bool_(False), 0)):
        with check.score(1) as s, s.part(1, "the order"):
            check.true(condition, "shuffled_once", "The second epoch has the order of the first.", name="the order")
        assert float(s) == points


def test_a_statement_that_does_not_hold_is_said_as_it_stands():
    verdict = check.true(False, "shuffled_once", "The second epoch has the order of the first.", name="the order")
    assert (verdict.status, verdict.code, verdict.name) == ("wrong", "shuffled_once", "the order")
    assert verdict.message == "The second epoch has the order of the first."
    assert verdict.hints == BUGS["shuffled_once"].hints
    assert check.true(False, "accuracy", "Too few points are on the right side.").hints == ()


@pytest.mark.parametrize("condition", [1, None, "yes", np.ones(2) > 0, object()])
def test_a_statement_must_be_true_or_false(condition):
    with pytest.raises(TypeError, match="True or False"):
        check.true(condition, "value", "This is no statement.")
