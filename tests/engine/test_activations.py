"""Activations: identities from the slides, silence for arguments of any size, and relu's choice at zero."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.engine import relu, sigmoid, softmax, tanh

from .strategies import SQUARE, generators, quick

moderate = st.floats(-30, 30)
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])
HUGE = [[1000.0, -1000.0, 0.0], [-1000.0, -1000.0, -1000.0], [1000.0, 1000.0, 1000.0], [700.0, -90.0, 90.0]]


@quick
@given(st.lists(st.floats(-1000, 1000), min_size=1))
def test_sigmoid_is_a_shifted_and_halved_tanh(z):
    Z = np.array([z])
    np.testing.assert_allclose(sigmoid(Z), 0.5 + tanh(Z / 2) / 2, rtol=0, atol=1e-14)


@quick
@given(moderate)
def test_sigmoid_is_one_over_one_plus_exp_of_minus_z(z):
    assert sigmoid(np.array([[z]])).item() == pytest.approx(1 / (1 + np.exp(-z)), rel=1e-14)


@quick
@given(st.floats(-700, 700))
def test_sigmoid_of_minus_z_is_the_rest_to_one(z):
    assert sigmoid(np.array([[-z]])).item() == pytest.approx(1 - sigmoid(np.array([[z]])).item(), abs=1e-15)


def test_sigmoid_and_its_slope_at_zero():
    Z = np.zeros((1, 1))
    assert sigmoid(Z).item() == 0.5
    assert sigmoid.derivative(Z, sigmoid(Z)).item() == 0.25


def test_tanh_is_numpys():
    Z = np.linspace(-3, 3, 13)[None]
    np.testing.assert_array_equal(tanh(Z), np.tanh(Z))


def test_relu_keeps_positive_and_drops_negative_numbers():
    np.testing.assert_array_equal(relu(np.array([[-2.0, 0.0, 3.0]])), [[0.0, 0.0, 3.0]])


def test_relu_has_slope_zero_at_its_kink():
    Z = np.array([[-1e-300, -0.0, 0.0, 1e-300]])
    A = relu(Z)
    np.testing.assert_array_equal(relu.derivative(Z, A), [[0, 0, 0, 1]])
    np.testing.assert_array_equal(relu.vjp(np.full_like(Z, 7.0), Z, A), [[0, 0, 0, 7]])


def test_relu_marks_exactly_zero_as_its_kink():
    np.testing.assert_array_equal(relu.kink(np.array([[-1e-300, -0.0, 0.0, 1e-300]])), [[False, True, True, False]])


@pytest.mark.parametrize("name", sorted(set(SQUARE) - {"relu"}))
def test_only_relu_has_a_kink(name):
    assert not SQUARE[name].kink(np.array([[-1.0, 0.0, 1.0]])).any()


@quick
@given(st.tuples(moderate, moderate))
def test_softmax_of_two_is_the_sigmoid_of_their_difference(z):
    first, second = softmax(np.array([z]))[0]
    assert first == pytest.approx(sigmoid(np.array([[z[0] - z[1]]])).item(), abs=1e-15)
    assert second == pytest.approx(sigmoid(np.array([[z[1] - z[0]]])).item(), abs=1e-15)


@quick
@given(generators, st.floats(-500, 500))
def test_softmax_does_not_see_a_shift_of_its_row(rng, shift):
    Z = rng.standard_normal((3, 5))
    np.testing.assert_allclose(softmax(Z + shift), softmax(Z), rtol=1e-12)


@quick
@given(generators)
def test_softmax_rows_are_ratios_of_exponentials_that_sum_to_one(rng):
    Z = rng.standard_normal((3, 5))
    A = softmax(Z)
    np.testing.assert_allclose(A.sum(1), 1, rtol=1e-15)
    np.testing.assert_allclose(np.log(A[:, 1] / A[:, 0]), Z[:, 1] - Z[:, 0], rtol=0, atol=1e-14)


@quick
@given(generators)
def test_softmax_jacobian_sends_a_row_of_equal_numbers_to_zero(rng):
    Z = rng.standard_normal((3, 5))
    np.testing.assert_allclose(softmax.jvp(np.full_like(Z, 3.0), Z, softmax(Z)), 0, atol=1e-15)


@both_dtypes
@pytest.mark.parametrize("f", SQUARE.values(), ids=SQUARE)
def test_huge_arguments_stay_finite_and_silent(f, dtype):
    Z = np.array(HUGE, dtype)
    G = np.ones_like(Z)
    with np.errstate(all="raise", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        A = f.fn(Z)
        results = [A, f.vjp(G, Z, A), f.jvp(G, Z, A), f.jacobian(Z, A)]
    assert all(np.isfinite(result).all() for result in results)


@both_dtypes
def test_sigmoid_saturates_at_zero_and_one(dtype):
    low, high = sigmoid(np.array([[-1000, 1000]], dtype))[0]
    assert 0 <= low < 1e-37
    assert high == 1


@both_dtypes
def test_softmax_of_far_apart_logits_is_one_hot(dtype):
    np.testing.assert_array_equal(softmax(np.array([[1000, -1000, 0]], dtype)), [[1, 0, 0]])
