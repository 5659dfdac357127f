"""Inverted dropout: what is kept and scaled, what is unbiased, and that evaluation leaves everything as it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.engine import ShapeError
from coursekit.engine.dropout import dropout, dropout_vjp

from .strategies import agree, different_sizes, generators, numeric_gradient, quick

rates = st.sampled_from([0.0, 0.2, 0.5, 0.9])


@quick
@given(different_sizes(2), generators, rates)
def test_kept_units_are_scaled_and_dropped_units_are_zero(shape, rng, p):
    A = rng.standard_normal(shape)
    out, mask = dropout(A, p, rng)
    assert mask.shape == A.shape
    assert mask.dtype == bool
    np.testing.assert_allclose(out, np.where(mask, A / (1 - p), 0), rtol=1e-15)


@quick
@given(different_sizes(2), generators, rates)
def test_vjp_agrees_with_differences_of_the_same_mask(shape, rng, p):
    A, G, seed = rng.standard_normal(shape), rng.standard_normal(shape), int(rng.integers(100))
    mask = dropout(A, p, np.random.default_rng(seed))[1]
    expected = numeric_gradient(lambda a: float((G * dropout(a, p, np.random.default_rng(seed))[0]).sum()), A)
    assert agree(dropout_vjp(G, mask, p), expected)


@quick
@given(different_sizes(2), generators, rates)
def test_vjp_is_adjoint_to_the_forward_pass(shape, rng, p):
    A, G = rng.standard_normal(shape), rng.standard_normal(shape)
    out, mask = dropout(A, p, rng)
    assert (G * out).sum() == pytest.approx((dropout_vjp(G, mask, p) * A).sum(), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_the_mean_over_20000_masks_is_the_input(p):
    """Each of 10 means has the standard deviation sqrt(p / (1 - p) / 20000); all are within 6 of them.

    For a fresh seed this would fail by chance less than once in 10^7 (10 normal tails of 2e-9); the seed is fixed.
    """
    N = 20_000
    A = np.tile(np.linspace(1, 2, 10), (N, 1))
    out, mask = dropout(A, p, np.random.default_rng(1))
    deviation = np.sqrt(p / (1 - p) / N)
    assert np.abs(out.mean(0) / A[0] - 1).max() < 6 * deviation
    assert np.abs(mask.mean(0) - (1 - p)).max() < 6 * np.sqrt(p * (1 - p) / N)
    assert np.abs(mask.mean(0) - (1 - p)).max() > 0


def test_units_and_samples_are_dropped_independently():
    """The 45 correlations between 10 units over 20000 samples are within 6 / sqrt(20000), by chance but for 1e-7."""
    mask = dropout(np.ones((20_000, 10)), 0.5, np.random.default_rng(2))[1]
    correlation = np.corrcoef(mask.T) - np.eye(10)
    assert np.abs(correlation).max() < 6 / np.sqrt(20_000)
    assert len(np.unique(mask, axis=0)) == 2**10


def test_the_same_seed_drops_the_same_units_in_either_precision():
    A = np.random.default_rng(3).standard_normal((5, 7))
    masks = [dropout(A.astype(dtype), 0.5, np.random.default_rng(4))[1] for dtype in (np.float32, np.float64)]
    np.testing.assert_array_equal(*masks)


def test_nothing_is_dropped_with_probability_zero():
    A = np.random.default_rng(5).standard_normal((5, 7))
    out, mask = dropout(A, 0, np.random.default_rng(6))
    assert mask.all()
    np.testing.assert_array_equal(out, A)


def test_evaluation_is_a_copy_draws_nothing_and_sends_the_gradient_on():
    A, G = np.random.default_rng(7).standard_normal((2, 5, 7))
    rng = np.random.default_rng(8)
    out, mask = dropout(A, 0.5, rng, train=False)
    assert mask is None
    assert not np.shares_memory(out, A)
    np.testing.assert_array_equal(out, A)
    np.testing.assert_array_equal(dropout_vjp(G, mask, 0.5), G)
    assert rng.random() == np.random.default_rng(8).random()


@pytest.mark.parametrize("train", [True, False])
def test_buffers_are_filled_and_may_be_the_arguments(train):
    A, G = np.random.default_rng(9).standard_normal((2, 5, 7))
    fresh, mask = dropout(A, 0.5, np.random.default_rng(10), train=train)
    fresh_gradient = dropout_vjp(G, mask, 0.5)
    assert dropout(A, 0.5, np.random.default_rng(10), train=train, out=A)[0] is A
    assert dropout_vjp(G, mask, 0.5, out=G) is G
    np.testing.assert_array_equal(A, fresh)
    np.testing.assert_array_equal(G, fresh_gradient)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_kept_and_the_arguments_are_not_changed(dtype):
    A = np.random.default_rng(11).standard_normal((5, 7)).astype(dtype)
    before = A.copy()
    out, mask = dropout(A, np.float64(0.5), np.random.default_rng(12))
    assert out.dtype == dropout_vjp(A, mask, np.float64(0.5)).dtype == dtype
    np.testing.assert_array_equal(A, before)


@pytest.mark.parametrize("p", [-0.1, 1, 1.5, np.nan])
@pytest.mark.parametrize("train", [True, False])
def test_another_probability_is_refused(p, train):
    A = np.ones((2, 3))
    with pytest.raises(ValueError, match=f"p, .* must be at least 0 and below 1, but is {p}"):
        dropout(A, p, np.random.default_rng(13), train=train)
    with pytest.raises(ValueError, match=f"p, .* must be at least 0 and below 1, but is {p}"):
        dropout_vjp(A, A > 0, p)


def test_a_single_sample_is_not_a_batch():
    with pytest.raises(ShapeError, match=r"A must be a batch .* \(3,\)"):
        dropout(np.ones(3), 0.5, np.random.default_rng(14))


def test_the_mask_of_another_layer_is_refused():
    with pytest.raises(ShapeError, match=r"mask must have the shape of G, \(2, 3\), but has shape \(1, 3\)"):
        dropout_vjp(np.ones((2, 3)), np.ones((1, 3), bool), 0.5)
