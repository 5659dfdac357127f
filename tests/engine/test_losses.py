"""Losses: values from their definitions, gradients against differences, and both reductions."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.engine import ShapeError, cross_entropy_from_logits, half_squared_error, softmax
from coursekit.engine.losses import log_sum_exp

from .strategies import agree, different_sizes, generators, numeric_gradient, quick

LOSSES = [half_squared_error, cross_entropy_from_logits]
both_losses = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
both_reductions = pytest.mark.parametrize("reduction", ["mean", "sum"])
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def hard(rng, shape):
    return np.eye(shape[1])[rng.integers(shape[1], size=shape[0])]


def soft(rng, shape):
    return rng.dirichlet(np.ones(shape[1]), size=shape[0])


def unnormalised(rng, shape):
    return rng.standard_normal(shape)


@both_losses
@both_reductions
@pytest.mark.parametrize("targets", [hard, soft, unnormalised], ids=lambda f: f.__name__)
@quick
@given(shape=different_sizes(2), rng=generators)
def test_gradient_agrees_with_differences(loss, reduction, targets, shape, rng):
    prediction, target = rng.standard_normal(shape), targets(rng, shape)
    expected = numeric_gradient(lambda P: loss(P, target, reduction), prediction)
    assert agree(loss.gradient(prediction, target, reduction), expected)


@both_losses
@quick
@given(different_sizes(2), generators)
def test_the_mean_is_the_sum_over_n_in_value_and_gradient(loss, shape, rng):
    prediction, target = rng.standard_normal(shape), soft(rng, shape)
    N = shape[0]
    assert loss(prediction, target, "sum") == pytest.approx(N * loss(prediction, target, "mean"), rel=1e-13)
    np.testing.assert_allclose(
        loss.gradient(prediction, target, "sum"), N * loss.gradient(prediction, target, "mean"), rtol=1e-13, atol=1e-15
    )


@both_losses
def test_the_mean_is_the_default(loss):
    rng = np.random.default_rng(1)
    prediction, target = rng.standard_normal((3, 5)), soft(rng, (3, 5))
    assert loss(prediction, target) == loss(prediction, target, "mean")
    np.testing.assert_array_equal(loss.gradient(prediction, target), loss.gradient(prediction, target, "mean"))


def test_half_squared_error_by_hand():
    prediction, target = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]]), np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    assert half_squared_error(prediction, target, "sum") == 7.0
    assert half_squared_error(prediction, target, "mean") == 3.5


@quick
@given(different_sizes(2), generators)
def test_cross_entropy_of_hard_targets_is_log_sum_exp_minus_the_true_logit(shape, rng):
    logits = rng.standard_normal(shape)
    labels = rng.integers(shape[1], size=shape[0])
    expected = np.log(np.exp(logits).sum(1)) - logits[np.arange(shape[0]), labels]
    assert cross_entropy_from_logits(logits, np.eye(shape[1])[labels], "sum") == pytest.approx(expected.sum())


@quick
@given(different_sizes(2), generators)
def test_cross_entropy_is_minus_the_target_times_log_softmax(shape, rng):
    logits, target = rng.standard_normal(shape), unnormalised(rng, shape)
    expected = -(target * np.log(softmax(logits))).sum()
    assert cross_entropy_from_logits(logits, target, "sum") == pytest.approx(expected, rel=1e-12, abs=1e-12)


@quick
@given(generators, st.floats(-500, 500))
def test_cross_entropy_does_not_see_a_shift_of_the_logits(rng, shift):
    logits, target = rng.standard_normal((3, 5)), soft(rng, (3, 5))
    assert cross_entropy_from_logits(logits + shift, target) == pytest.approx(cross_entropy_from_logits(logits, target))


@quick
@given(generators)
def test_cross_entropy_gradient_of_one_sample_is_softmax_minus_target(rng):
    logits, target = rng.standard_normal((1, 5)), hard(rng, (1, 5))
    np.testing.assert_allclose(
        cross_entropy_from_logits.gradient(logits, target), softmax(logits) - target, rtol=0, atol=1e-15
    )


@quick
@given(different_sizes(2), generators)
def test_log_sum_exp_is_the_log_of_the_sum_of_exponentials(shape, rng):
    Z = rng.standard_normal(shape)
    np.testing.assert_allclose(log_sum_exp(Z), np.log(np.exp(Z).sum(1, keepdims=True)), rtol=1e-13, atol=1e-13)


@both_dtypes
def test_cross_entropy_of_huge_logits_is_exact_and_silent(dtype):
    logits = np.array([[1000, -1000, 0], [-1000, 1000, 1000]], dtype)
    target = np.array([[0, 1, 0], [0, 1, 0]], dtype)
    with np.errstate(all="raise", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        value = cross_entropy_from_logits(logits, target, "sum")
        gradient = cross_entropy_from_logits.gradient(logits, target, "sum")
    assert value == pytest.approx(2000 + np.log(2), rel=1e-6)
    np.testing.assert_allclose(gradient, [[1, -1, 0], [0, -0.5, 0.5]], atol=1e-7)


@both_losses
def test_the_value_is_a_plain_float(loss):
    ones = np.ones((2, 3), np.float32)
    assert type(loss(ones, ones)) is float


@both_losses
@pytest.mark.parametrize("target_dtype", [np.float32, np.float64, np.int64])
def test_the_gradient_has_the_dtype_of_the_prediction(loss, target_dtype):
    target = np.eye(3, dtype=target_dtype)
    assert loss.gradient(np.ones((3, 3), np.float32), target).dtype == np.float32


@both_losses
def test_the_gradient_buffer_is_filled_and_returned(loss):
    rng = np.random.default_rng(2)
    prediction, target = rng.standard_normal((3, 5)), soft(rng, (3, 5))
    fresh = loss.gradient(prediction, target)
    buffer = np.full_like(fresh, np.nan)
    assert loss.gradient(prediction, target, out=buffer) is buffer
    np.testing.assert_array_equal(buffer, fresh)


@both_losses
def test_the_gradient_may_overwrite_the_prediction(loss):
    rng = np.random.default_rng(3)
    prediction, target = rng.standard_normal((3, 5)), soft(rng, (3, 5))
    fresh = loss.gradient(prediction, target)
    assert loss.gradient(prediction, target, out=prediction) is prediction
    np.testing.assert_array_equal(prediction, fresh)


@both_losses
def test_neither_rule_changes_its_arguments(loss):
    rng = np.random.default_rng(4)
    prediction, target = rng.standard_normal((3, 5)), soft(rng, (3, 5))
    copies = prediction.copy(), target.copy()
    loss(prediction, target), loss.gradient(prediction, target)
    np.testing.assert_array_equal(prediction, copies[0])
    np.testing.assert_array_equal(target, copies[1])


@both_losses
@pytest.mark.parametrize("rule", ["fn", "gradient"])
def test_shapes_that_differ_are_named_both(loss, rule):
    with pytest.raises(ShapeError, match=r"target must have the shape of prediction, \(3, 5\), but has shape \(3, 1\)"):
        getattr(loss, rule)(np.ones((3, 5)), np.ones((3, 1)))


@both_losses
@pytest.mark.parametrize("rule", ["fn", "gradient"])
def test_a_single_prediction_is_not_a_batch(loss, rule):
    with pytest.raises(ShapeError, match=r"prediction must be a batch .*\(N, D\), but has shape \(5,\)"):
        getattr(loss, rule)(np.ones(5), np.ones(5))


@both_losses
@pytest.mark.parametrize("rule", ["fn", "gradient"])
def test_an_empty_batch_has_no_loss(loss, rule):
    with pytest.raises(ValueError, match="at least one sample"):
        getattr(loss, rule)(np.ones((0, 5)), np.ones((0, 5)))


@both_losses
@pytest.mark.parametrize("rule", ["fn", "gradient"])
def test_another_reduction_is_refused_by_name(loss, rule):
    with pytest.raises(ValueError, match='"mean" or "sum", but is \'none\''):
        getattr(loss, rule)(np.ones((2, 3)), np.ones((2, 3)), "none")
