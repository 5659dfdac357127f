"""Activations: identities from the slides, silence for arguments of any size, and relu's choice at zero."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.engine import relu, sigmoid, softmax, tanh
from coursekit.engine.activations import gelu, heaviside, leaky_relu, log_softmax, maximum, softplus

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


KINKED = {"relu", "leaky relu", "steep leaky relu", "heaviside"}


@pytest.mark.parametrize("name", SQUARE)
def test_kinks_are_at_zero_or_nowhere(name):
    expected = [[False, name in KINKED, False]]
    np.testing.assert_array_equal(SQUARE[name].kink(np.array([[-1.0, 0.0, 1.0]])), expected)


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
@pytest.mark.parametrize("f", [*SQUARE.values(), maximum], ids=[*SQUARE, "max"])
def test_huge_arguments_stay_finite_and_silent(f, dtype):
    Z = np.array(HUGE, dtype)
    with np.errstate(all="raise", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        A = f.fn(Z)
        results = [A, f.vjp(np.ones_like(A), Z, A), f.jvp(np.ones_like(Z), Z, A), f.jacobian(Z, A)]
    assert all(np.isfinite(result).all() for result in results)


@both_dtypes
def test_sigmoid_saturates_at_zero_and_one(dtype):
    low, high = sigmoid(np.array([[-1000, 1000]], dtype))[0]
    assert 0 <= low < 1e-37
    assert high == 1


@both_dtypes
def test_softmax_of_far_apart_logits_is_one_hot(dtype):
    np.testing.assert_array_equal(softmax(np.array([[1000, -1000, 0]], dtype)), [[1, 0, 0]])


ACROSS_ZERO = np.array([[-2.0, -1e-300, -0.0, 0.0, 1e-300, 2.0]])


def test_heaviside_fires_above_zero_and_sends_nothing_back():
    A = heaviside(ACROSS_ZERO)
    np.testing.assert_array_equal(A, [[0, 0, 0, 0, 1, 1]])
    np.testing.assert_array_equal(heaviside.vjp(np.full_like(A, 7.0), ACROSS_ZERO, A), np.zeros_like(A))


def test_leaky_relu_has_its_slope_up_to_and_at_zero():
    f = leaky_relu(0.25)
    A = f(ACROSS_ZERO)
    np.testing.assert_array_equal(A, [[-0.5, -0.25e-300, 0, 0, 1e-300, 2]])
    np.testing.assert_array_equal(f.derivative(ACROSS_ZERO, A), [[0.25, 0.25, 0.25, 0.25, 1, 1]])


def test_leaky_relu_with_slope_zero_is_relu():
    f = leaky_relu(0)
    np.testing.assert_array_equal(f(ACROSS_ZERO), relu(ACROSS_ZERO))
    np.testing.assert_array_equal(f.derivative(ACROSS_ZERO, ACROSS_ZERO), relu.derivative(ACROSS_ZERO, ACROSS_ZERO))


def test_leaky_relu_leaks_one_percent_unless_told():
    assert leaky_relu()(np.array([[-100.0]])).item() == -1


@both_dtypes
def test_leaky_relu_takes_numpys_numbers_as_its_slope(dtype):
    Z = np.ones((1, 1), dtype)
    f = leaky_relu(np.float64(0.5))
    assert f(Z).dtype == f.derivative(Z, Z).dtype == dtype


@pytest.mark.parametrize("slope", [-0.1, 1, math.nan, math.inf])
def test_another_slope_is_refused(slope):
    with pytest.raises(ValueError, match=f"slope must be at least 0 and below 1, but is {slope}"):
        leaky_relu(slope)


@quick
@given(moderate)
def test_softplus_is_the_log_of_one_plus_exp_and_its_slope_the_sigmoid(z):
    Z = np.array([[z]])
    A = softplus(Z)
    assert A.item() == pytest.approx(math.log1p(math.exp(z)), rel=1e-13, abs=0)
    assert softplus.derivative(Z, A).item() == pytest.approx(sigmoid(Z).item(), rel=1e-13, abs=0)


@both_dtypes
def test_softplus_is_logaddexp_with_zero(dtype):
    Z = np.linspace(-80, 80, 1001, dtype=dtype)[None]
    np.testing.assert_allclose(softplus(Z), np.logaddexp(Z, 0), rtol=4 * np.finfo(dtype).eps)


@both_dtypes
def test_softplus_is_relu_far_from_zero(dtype):
    Z = np.array([[-1000, 1000]], dtype)
    A = softplus(Z)
    np.testing.assert_array_equal(A, [[0, 1000]])
    np.testing.assert_array_equal(softplus.derivative(Z, A), [[0, 1]])


def test_gelu_is_its_published_approximation():
    Z = np.linspace(-6, 6, 241)[None]
    expected = 0.5 * Z * (1 + np.tanh(math.sqrt(2 / math.pi) * (Z + 0.044715 * Z**3)))
    np.testing.assert_allclose(gelu(Z), expected, rtol=0, atol=1e-15)


def test_gelu_is_within_5e_4_of_the_exact_one():
    Z = np.linspace(-6, 6, 2401)
    exact = [z * (1 + math.erf(z / math.sqrt(2))) / 2 for z in Z]
    assert 1e-4 < np.abs(gelu(Z[None])[0] - exact).max() < 5e-4


@both_dtypes
def test_gelu_is_relu_far_from_zero(dtype):
    Z = np.array([[-1e30, -1000, -31, -30, 30, 31, 1000, 1e30]], dtype)
    A = gelu(Z)
    np.testing.assert_allclose(A, relu(Z), rtol=0, atol=1e-35)
    np.testing.assert_allclose(gelu.derivative(Z, A), relu.derivative(Z, A), rtol=0, atol=1e-33)


@quick
@given(generators)
def test_log_softmax_is_the_log_of_softmax(rng):
    Z = 3 * rng.standard_normal((3, 5))
    np.testing.assert_allclose(log_softmax(Z), np.log(softmax(Z)), rtol=0, atol=1e-13)


@quick
@given(generators)
def test_differences_of_log_softmax_are_those_of_the_logits(rng):
    Z = rng.standard_normal((3, 5))
    np.testing.assert_allclose(np.diff(log_softmax(Z)), np.diff(Z), rtol=0, atol=1e-14)


@both_dtypes
def test_log_softmax_keeps_what_softmax_rounds_to_zero(dtype):
    np.testing.assert_array_equal(log_softmax(np.array([[1000, -1000, 0]], dtype)), [[0, -2000, -1000]])


TIED = np.array([[1.0, 3.0, 3.0, 2.0], [5.0, 4.0, 4.0, 0.0], [2.0, 2.0, 2.0, 2.0]])


def test_the_first_of_tied_maxima_gets_the_whole_gradient():
    A = maximum(TIED)
    np.testing.assert_array_equal(A, [[3], [5], [2]])
    expected = np.array([[0, 1, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]])
    np.testing.assert_array_equal(maximum.vjp(np.full_like(A, 7), TIED, A), 7 * expected)
    np.testing.assert_array_equal(maximum.jacobian(TIED, A)[:, 0], expected)
    V = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(maximum.jvp(V, TIED, A), [[1], [4], [8]])


def test_max_marks_the_entries_that_share_the_first_place():
    expected = [[False, True, True, False], [False] * 4, [True] * 4]
    np.testing.assert_array_equal(maximum.kink(TIED), expected)


def test_the_max_of_one_input_is_that_input_with_no_kink():
    Z = np.array([[3.0], [-2.0]])
    G = np.array([[7.0], [5.0]])
    assert not maximum.kink(Z).any()
    np.testing.assert_array_equal(maximum.vjp(G, Z, maximum(Z), out=G), [[7], [5]])
