"""Standardisation: mean 0 and deviation 1 on the training data, the training data's numbers on all others."""

import warnings

import numpy as np
import pytest
from hypothesis import given

from coursekit.engine import ShapeError
from coursekit.engine.scaling import standardize

from .strategies import generators, quick

both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def data(rng, N=7, D=5, dtype=np.float64):
    return (rng.standard_normal((N, D)) * 10.0 ** np.arange(-2, D - 2) + np.arange(D)).astype(dtype)


@quick
@given(generators)
def test_training_columns_have_mean_zero_and_deviation_one(rng):
    X = data(rng)
    Z = standardize(X).apply(X)
    np.testing.assert_allclose(Z.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(Z.std(0), 1, rtol=1e-12)


@quick
@given(generators)
def test_mean_and_scale_are_numpys(rng):
    X = data(rng)
    standardizer = standardize(X)
    np.testing.assert_allclose(standardizer.mean, X.mean(0), rtol=1e-13)
    np.testing.assert_allclose(standardizer.scale, X.std(0), rtol=1e-13)


@quick
@given(generators)
def test_undo_is_the_way_back(rng):
    standardizer, X = standardize(data(rng)), data(rng, N=3)
    np.testing.assert_allclose(standardizer.undo(standardizer.apply(X)), X, rtol=1e-12, atol=1e-12)


def test_other_data_are_measured_with_the_training_datas_rule():
    standardizer = standardize(np.array([[0.0, 10.0], [4.0, 30.0]]))
    np.testing.assert_array_equal(standardizer.apply(np.array([[6.0, 20.0]])), [[2, 0]])
    np.testing.assert_array_equal(standardizer.undo(np.array([[2.0, 0.0]])), [[6, 20]])


def test_it_makes_a_badly_scaled_problem_well_conditioned():
    X = np.random.default_rng(1).standard_normal((200, 2)) * [1, 100]
    Z = standardize(X).apply(X)
    assert np.linalg.cond(X.T @ X) > 1e3 * np.linalg.cond(Z.T @ Z)


@both_dtypes
@pytest.mark.parametrize("value", [0.0, 0.1, -1e30, 1 / 3])
def test_a_constant_column_keeps_scale_one_and_becomes_exactly_zero(value, dtype):
    X = np.column_stack([np.full(7, value), np.arange(7)]).astype(dtype)
    standardizer = standardize(X)
    assert standardizer.scale[0] == 1
    np.testing.assert_array_equal(standardizer.apply(X)[:, 0], 0)
    np.testing.assert_array_equal(standardizer.undo(standardizer.apply(X))[:, 0], X[:, 0])


def test_one_sample_has_only_constant_columns():
    X = np.array([[3.0, -2.0]])
    np.testing.assert_array_equal(standardize(X).scale, [1, 1])
    np.testing.assert_array_equal(standardize(X).apply(X), [[0, 0]])


@pytest.mark.parametrize("size", [1e-200, 1e-30, 1e30, 1e200])
def test_the_size_of_a_column_never_matters(size):
    X = np.random.default_rng(2).standard_normal((7, 3))
    with np.errstate(all="raise", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        Z = standardize(size * X).apply(size * X)
    np.testing.assert_allclose(Z, standardize(X).apply(X), rtol=1e-12)


@both_dtypes
def test_the_dtype_of_the_data_is_kept(dtype):
    rng = np.random.default_rng(3)
    standardizer = standardize(data(rng, dtype=dtype))
    assert standardizer.mean.dtype == standardizer.scale.dtype == dtype
    for other in (np.float32, np.float64):
        X = data(rng, dtype=other)
        assert standardizer.apply(X).dtype == standardizer.undo(X).dtype == other


def test_float32_is_summed_in_float64():
    X = np.full((1_000_001, 1), 0.1, np.float32)
    X[0] = 0.2
    assert standardize(X).mean[0] == pytest.approx(0.1, rel=1e-6)


def test_counts_are_data_too():
    X = np.array([[1, 2], [3, 6]])
    standardizer = standardize(X)
    np.testing.assert_array_equal(standardizer.mean, [2, 4])
    np.testing.assert_array_equal(standardizer.apply(X), [[-1, -1], [1, 1]])


def test_no_argument_is_changed():
    X = data(np.random.default_rng(4))
    before = X.copy()
    standardizer = standardize(X)
    standardizer.apply(X), standardizer.undo(X)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_counted_and_located(bad):
    X = np.ones((4, 3))
    X[2, 1] = X[3, 0] = bad
    with pytest.raises(ValueError, match=rf"finite .* 2 of 12 entries .* first is {bad} in row 2, column 1"):
        standardize(X)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_empty_data_are_refused(shape):
    with pytest.raises(
        ValueError, match=rf"at least one sample and one column, but has shape \({shape[0]}, {shape[1]}\)"
    ):
        standardize(np.ones(shape))


def test_an_empty_batch_may_follow():
    assert standardize(np.ones((2, 3))).apply(np.ones((0, 3))).shape == (0, 3)


def test_a_single_sample_is_not_a_batch():
    with pytest.raises(ShapeError, match=r"X_train must be a batch .* \(3,\)"):
        standardize(np.ones(3))


@pytest.mark.parametrize(("rule", "name"), [("apply", "X"), ("undo", "Z")])
def test_other_columns_are_refused(rule, name):
    standardizer = standardize(np.ones((2, 3)))
    with pytest.raises(ShapeError, match=rf"{name} must have the 3 columns of the training data, .* \(2, 1\)"):
        getattr(standardizer, rule)(np.ones((2, 1)))
    with pytest.raises(ShapeError, match=rf"{name} must be a batch .* \(3,\)"):
        getattr(standardizer, rule)(np.ones(3))
