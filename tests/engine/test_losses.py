"""Losses: values from their definitions, gradients against differences, and both reductions."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.engine import ShapeError, cross_entropy_from_logits, half_squared_error, softmax
from coursekit.engine.losses import absolute_error, cross_entropy, huber, log_sum_exp, loss_factor, squared_error

from .strategies import agree, away_from_zero, different_sizes, generators, numeric_gradient, quick


def anything(rng, target):
    return rng.standard_normal(target.shape)


def off_target(rng, target):
    """Predictions whose residuals keep a distance from 0 and from 1, the joints of absolute error and huber."""
    residual = away_from_zero(rng, target.shape)
    return target + residual * np.where(np.abs(residual) > 1, 1.1, 0.9)


def probabilities(rng, target):
    P = rng.uniform(0.2, 1, target.shape)
    return P / P.sum(1, keepdims=True)


# Each loss with predictions that it is differentiable at.
LOSSES = {
    half_squared_error: anything,
    squared_error: anything,
    absolute_error: off_target,
    huber(): off_target,
    cross_entropy: probabilities,
    cross_entropy_from_logits: anything,
}
NAMES = ["half_squared_error", "squared_error", "absolute_error", "huber", "cross_entropy", "cross_entropy_from_logits"]
every_loss = pytest.mark.parametrize("loss", LOSSES, ids=NAMES)
every_reduction = pytest.mark.parametrize("reduction", ["mean", "sum", "mean_entries"])
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def hard(rng, shape):
    return np.eye(shape[1])[rng.integers(shape[1], size=shape[0])]


def soft(rng, shape):
    return rng.dirichlet(np.ones(shape[1]), size=shape[0])


def unnormalised(rng, shape):
    return rng.standard_normal(shape)


@every_loss
@every_reduction
@pytest.mark.parametrize("targets", [hard, soft, unnormalised], ids=lambda f: f.__name__)
@quick
@given(shape=different_sizes(2), rng=generators)
def test_gradient_agrees_with_differences(loss, reduction, targets, shape, rng):
    target = targets(rng, shape)
    prediction = LOSSES[loss](rng, target)
    expected = numeric_gradient(lambda P: loss(P, target, reduction), prediction)
    assert agree(loss.gradient(prediction, target, reduction), expected)


@every_loss
@quick
@given(different_sizes(2), generators)
def test_each_mean_is_the_sum_over_its_count_in_value_and_gradient(loss, shape, rng):
    target = soft(rng, shape)
    prediction = LOSSES[loss](rng, target)
    for reduction, count in {"mean": shape[0], "mean_entries": shape[0] * shape[1]}.items():
        total = count * loss(prediction, target, reduction)
        assert loss(prediction, target, "sum") == pytest.approx(total, rel=1e-13)
        gradient = count * loss.gradient(prediction, target, reduction)
        np.testing.assert_allclose(loss.gradient(prediction, target, "sum"), gradient, rtol=1e-13, atol=1e-15)


@every_loss
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


@every_loss
def test_the_value_is_a_plain_float(loss):
    ones = np.ones((2, 3), np.float32)
    assert type(loss(ones, ones)) is float


@every_loss
@pytest.mark.parametrize("target_dtype", [np.float32, np.float64, np.int64])
def test_the_gradient_has_the_dtype_of_the_prediction(loss, target_dtype):
    target = np.eye(3, dtype=target_dtype)
    assert loss.gradient(np.ones((3, 3), np.float32), target).dtype == np.float32


@every_loss
def test_the_gradient_buffer_is_filled_and_returned(loss):
    rng = np.random.default_rng(2)
    prediction, target = rng.standard_normal((3, 5)), soft(rng, (3, 5))
    fresh = loss.gradient(prediction, target)
    buffer = np.full_like(fresh, np.nan)
    assert loss.gradient(prediction, target, out=buffer) is buffer
    np.testing.assert_array_equal(buffer, fresh)


@every_loss
def test_the_gradient_may_overwrite_the_prediction(loss):
    rng = np.random.default_rng(3)
    prediction, target = rng.standard_normal((3, 5)), soft(rng, (3, 5))
    fresh = loss.gradient(prediction, target)
    assert loss.gradient(prediction, target, out=prediction) is prediction
    np.testing.assert_array_equal(prediction, fresh)


@every_loss
def test_every_loss_names_itself_and_its_slides(loss):
    assert loss.name in NAMES
    assert loss.source[:6] in {"CEE616", "CEE697", "EECS54"}


@every_loss
def test_neither_rule_changes_its_arguments(loss):
    rng = np.random.default_rng(4)
    prediction, target = rng.standard_normal((3, 5)), soft(rng, (3, 5))
    copies = prediction.copy(), target.copy()
    loss(prediction, target), loss.gradient(prediction, target)
    np.testing.assert_array_equal(prediction, copies[0])
    np.testing.assert_array_equal(target, copies[1])


@every_loss
@pytest.mark.parametrize("rule", ["fn", "gradient"])
def test_shapes_that_differ_are_named_both(loss, rule):
    with pytest.raises(ShapeError, match=r"target must have the shape of prediction, \(3, 5\), but has shape \(3, 1\)"):
        getattr(loss, rule)(np.ones((3, 5)), np.ones((3, 1)))


@every_loss
@pytest.mark.parametrize("rule", ["fn", "gradient"])
def test_a_single_prediction_is_not_a_batch(loss, rule):
    with pytest.raises(ShapeError, match=r"prediction must be a batch .*\(N, D\), but has shape \(5,\)"):
        getattr(loss, rule)(np.ones(5), np.ones(5))


@every_loss
@pytest.mark.parametrize("rule", ["fn", "gradient"])
def test_an_empty_batch_has_no_loss(loss, rule):
    with pytest.raises(ValueError, match="at least one sample"):
        getattr(loss, rule)(np.ones((0, 5)), np.ones((0, 5)))


@every_loss
@pytest.mark.parametrize("rule", ["fn", "gradient"])
def test_another_reduction_is_refused_by_name(loss, rule):
    with pytest.raises(ValueError, match='"mean", "sum" or "mean_entries", but is \'none\''):
        getattr(loss, rule)(np.ones((2, 3)), np.ones((2, 3)), "none")


@every_loss
@pytest.mark.parametrize("rule", ["fn", "gradient"])
def test_samples_without_entries_have_no_loss(loss, rule):
    with pytest.raises(ValueError, match=r"empty: its shape is \(3, 0\)"):
        getattr(loss, rule)(np.ones((3, 0)), np.ones((3, 0)))


@pytest.mark.parametrize("rule", ["fn", "gradient"])
def test_a_flat_target_is_told_how_to_become_a_column(rule):
    with pytest.raises(ShapeError, match=r"\(3, 1\), but has shape \(3,\); write target\[:, None\]"):
        getattr(half_squared_error, rule)(np.ones((3, 1)), np.ones(3))


both_cross_entropies = pytest.mark.parametrize("loss", [cross_entropy, cross_entropy_from_logits], ids=lambda f: f.name)


@both_cross_entropies
@pytest.mark.parametrize("rule", ["fn", "gradient"])
@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_labels_are_told_how_to_become_one_hot_rows(loss, rule, shape):
    with pytest.raises(ShapeError, match=r"\(3, 5\), but has shape .*np\.eye\(5\)\[labels\]"):
        getattr(loss, rule)(np.ones((3, 5)), np.ones(shape))


@both_cross_entropies
@pytest.mark.parametrize("rule", ["fn", "gradient"])
def test_another_number_of_classes_is_named(loss, rule):
    with pytest.raises(ShapeError, match=r"\(3, 5\), but has shape \(3, 4\)$"):
        getattr(loss, rule)(np.ones((3, 5)), np.ones((3, 4)))


@both_cross_entropies
@pytest.mark.parametrize("rule", ["fn", "gradient"])
def test_one_class_is_refused(loss, rule):
    with pytest.raises(ShapeError, match=r"two or more, but prediction has shape \(3, 1\)"):
        getattr(loss, rule)(np.ones((3, 1)), np.ones((3, 1)))


RESIDUALS = np.array([[3.0, -0.5, 0.0], [0.0, -4.0, 2.0]])


@pytest.mark.parametrize(
    ("loss", "total", "slopes"),
    [
        (squared_error, 29.25, [[6, -1, 0], [0, -8, 4]]),
        (absolute_error, 9.5, [[1, -1, 0], [0, -1, 1]]),
        (huber(), 7.625, [[1, -0.5, 0], [0, -1, 1]]),
        (huber(2.0), 12.125, [[2, -0.5, 0], [0, -2, 2]]),
    ],
    ids=["squared_error", "absolute_error", "huber", "huber of 2"],
)
def test_regression_losses_by_hand(loss, total, slopes):
    target = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert loss(target + RESIDUALS, target, "sum") == pytest.approx(total, rel=1e-15)
    np.testing.assert_array_equal(loss.gradient(target + RESIDUALS, target, "sum"), slopes)


def test_one_outlier_pulls_the_mse_by_its_size_and_huber_by_delta():
    prediction, target = np.array([[1000.0], [0.5]]), np.zeros((2, 1))
    assert squared_error.gradient(prediction, target)[0] == 1000
    assert huber(2.0).gradient(prediction, target)[0] == 1


@quick
@given(different_sizes(2), generators)
def test_huber_with_a_distant_joint_is_half_the_squared_error(shape, rng):
    prediction, target = rng.standard_normal(shape), rng.standard_normal(shape)
    assert huber(100)(prediction, target) == pytest.approx(half_squared_error(prediction, target), rel=1e-13)


@pytest.mark.parametrize("delta", [0, -1, np.nan, np.inf])
def test_another_delta_is_refused(delta):
    with pytest.raises(ValueError, match=f"delta must be a positive number, but is {delta}"):
        huber(delta)


@quick
@given(different_sizes(2), generators)
def test_cross_entropy_from_probabilities_is_that_from_logits(shape, rng):
    logits, target = rng.standard_normal(shape), soft(rng, shape)
    P = softmax(logits)
    assert cross_entropy(P, target) == pytest.approx(cross_entropy_from_logits(logits, target), rel=1e-12)
    np.testing.assert_allclose(
        softmax.vjp(cross_entropy.gradient(P, target), logits, P),
        cross_entropy_from_logits.gradient(logits, target),
        rtol=1e-11,
        atol=1e-14,
    )


@both_dtypes
def test_cross_entropy_of_a_probability_of_zero_is_finite_and_silent(dtype):
    P = np.array([[0, 1], [1, 0]], dtype)
    tiny = np.finfo(dtype).tiny
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        missed, found = cross_entropy(P, np.array([[1, 0], [1, 0]], dtype), "sum"), cross_entropy(P, P)
        gradient = cross_entropy.gradient(P, np.array([[1, 0], [1, 0]], dtype), "sum")
    assert missed == pytest.approx(-np.log(tiny))
    assert str(found) == "0.0"
    np.testing.assert_allclose(gradient, [[-1 / tiny, 0], [-1, 0]])


CONVENTIONS = {
    "half_se": (half_squared_error, "mean"),
    "se": (squared_error, "mean"),
    "sse": (squared_error, "sum"),
    "mse": (squared_error, "mean_entries"),
}


@pytest.mark.parametrize("kind", CONVENTIONS)
@quick
@given(shape=different_sizes(2), rng=generators)
def test_the_factor_of_a_convention_is_between_its_gradient_and_the_residual(kind, shape, rng):
    prediction, target = rng.standard_normal(shape), rng.standard_normal(shape)
    loss, reduction = CONVENTIONS[kind]
    np.testing.assert_allclose(
        loss.gradient(prediction, target, reduction),
        loss_factor(kind, *shape) * half_squared_error.gradient(prediction, target, "sum"),
        rtol=1e-14,
    )


def test_loss_factors_by_hand():
    assert [loss_factor(kind, 5, 2) for kind in CONVENTIONS] == [0.2, 0.4, 2.0, 0.2]


def test_another_convention_or_an_empty_batch_has_no_factor():
    with pytest.raises(ValueError, match="one of half_se, se, sse, mse, but is 'mae'"):
        loss_factor("mae", 5, 2)
    with pytest.raises(ValueError, match="at least 1, but are 0 and 2"):
        loss_factor("se", 0, 2)
    with pytest.raises(ValueError, match="at least 1, but are 5 and 0"):
        loss_factor("se", 5, 0)
