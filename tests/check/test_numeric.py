"""The numeric oracle: exact on known functions, an honest bar, kinks marked where they are and nowhere else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.check import numeric_gradient

H = np.finfo(np.float64).eps ** (1 / 3)  # the wider of the two steps, for points of size one or less
many = settings(deadline=None, derandomize=True, max_examples=200)
sizes_of_one = st.floats(-3, 3)

KNOWN = {
    "a constant": (lambda x: 3.0, lambda x: np.zeros_like(x)),
    "a sum": (lambda x: x.sum(), lambda x: np.ones_like(x)),
    "a square": (lambda x: (x**2).sum(), lambda x: 2 * x),
    "sine": (lambda x: np.sin(x).sum(), np.cos),
    "an exponential": (lambda x: np.exp(x).sum(), np.exp),
    "a product": (np.prod, lambda x: np.prod(x) / x),
    "log-sum-exp": (lambda x: np.log(np.exp(x).sum()), lambda x: np.exp(x) / np.exp(x).sum()),
}
SMOOTH = {
    "tanh(50x)": (lambda x: np.tanh(50 * x), [-1, -0.1, -1e-3, 0, 1e-6, 0.01, 0.3, 100]),
    "sigmoid(200x)": (lambda x: 0.5 + np.tanh(100 * x) / 2, [-0.1, -0.01, 0, 1e-6, 0.05, 3]),
    "x**9": (lambda x: x**9, [-10, -1, -0.1, 0, 0.1, 1, 100]),
    "x**9 close to zero": (lambda x: x**9, [-1e-3, -1e-5, 1e-7, 1e-6, 1e-5]),
    "x**4": (lambda x: x**4, [-1, -1e-3, 0, 1e-6, 1e-5, 2]),
    "exp": (np.exp, [-700, -20, 0, 1, 30, 300, 700]),
    "sqrt far from zero": (np.sqrt, [0.1, 1, 1e6]),
    "half a square": (lambda x: x * x / 2, [-1e-9, 0, 1e-9, 1e9]),
}


@pytest.mark.parametrize(("f", "slope"), KNOWN.values(), ids=KNOWN)
@pytest.mark.parametrize("shape", [(), (1,), (5,), (3, 2), (2, 3, 2)])
def test_known_gradients_to_nine_digits_in_any_shape(f, slope, shape):
    x = np.random.default_rng(1).uniform(0.5, 1.5, shape)
    estimate = numeric_gradient(f, x)
    np.testing.assert_allclose(estimate.gradient, slope(x), rtol=1e-9, atol=1e-9)
    assert estimate.gradient.shape == estimate.bar.shape == estimate.kink.shape == shape
    assert estimate.value == pytest.approx(float(f(x)))


@many
@given(st.integers(0, 2**32 - 1))
def test_the_bar_holds_the_error_on_smooth_positive_functions(seed):
    rng = np.random.default_rng(seed)
    a, w, p, x = rng.uniform(-2, 2, (4, 5))
    exact = np.exp(a * np.sin(w * x + p)) * a * w * np.cos(w * x + p)
    estimate = numeric_gradient(lambda z: np.exp(a * np.sin(w * z + p)).sum(), x)
    assert (np.abs(estimate.gradient - exact) <= estimate.bar).all()


@many
@given(sizes_of_one.filter(lambda c: abs(c) > 0.1), st.floats(-1e-3, 1e-3))
def test_the_bar_holds_the_error_where_the_function_is_close_to_zero(c, distance):
    estimate = numeric_gradient(lambda x: 1000 * (x - c), c + distance)
    assert abs(estimate.gradient - 1000) <= estimate.bar


@many
@given(st.floats(0.3, 3))
def test_the_bar_holds_the_error_where_the_function_passes_through_zero(w):
    x = np.pi / w
    estimate = numeric_gradient(lambda z: np.sin(w * z), x)
    assert abs(estimate.gradient - w * np.cos(w * x)) <= estimate.bar


@many
@given(st.floats(-3, 3), st.floats(-3, 3))
def test_the_bar_is_small_on_smooth_functions(w, x):
    assert numeric_gradient(lambda z: np.sin(w * z), x).bar <= 1e-8


def test_the_bar_grows_with_the_noise_of_the_function():
    assert numeric_gradient(lambda x: np.float32(np.sin(x)), 1.0).bar > 1e-4


def test_the_bar_grows_with_the_rounding_of_a_large_offset():
    assert numeric_gradient(lambda x: 1e9 + x, 1.0).bar >= 0.1


@many
@given(st.floats(-1.2, 1.2))
def test_beside_a_kink_the_entry_is_marked_or_its_bar_holds_the_error(distance):
    estimate = numeric_gradient(lambda x: np.maximum(x - distance * H, 0), 0.0)
    exact = 1.0 if distance < 0 else 0.0
    assert estimate.kink or abs(estimate.gradient - exact) <= estimate.bar


@pytest.mark.parametrize("f", [np.abs, lambda x: np.maximum(x, 0), lambda x: -np.abs(x) + np.sin(x)])
@pytest.mark.parametrize("distance", [0, 0.1, -0.2, 0.45, -0.55, 0.8, -0.9])
def test_a_kink_within_a_step_is_marked(f, distance):
    assert numeric_gradient(f, distance * H).kink


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_a_kink_is_marked_at_any_scale_of_the_loss(scale):
    assert numeric_gradient(lambda x: scale * np.abs(x), 0.0).kink


@pytest.mark.parametrize("f", [np.abs, lambda x: np.maximum(x, 0)])
@pytest.mark.parametrize("x", [-1, -2 * H, 2 * H, 1e-4, 1])
def test_away_from_a_kink_nothing_is_marked(f, x):
    assert not numeric_gradient(f, x).kink


@pytest.mark.parametrize(("f", "points"), SMOOTH.values(), ids=SMOOTH)
def test_a_smooth_function_has_no_kink_however_steep(f, points):
    assert [x for x in points if numeric_gradient(f, x).kink] == []


def test_only_the_entries_at_a_kink_are_marked():
    estimate = numeric_gradient(lambda x: np.abs(x).sum(), np.array([1.0, 0.0, -2.0]))
    np.testing.assert_array_equal(estimate.kink, [False, True, False])
    np.testing.assert_allclose(estimate.gradient[[0, 2]], [1, -1], rtol=1e-9)


def test_an_empty_array_has_an_empty_gradient():
    estimate = numeric_gradient(lambda x: 3.0, np.zeros((0, 4)))
    assert estimate.gradient.shape == (0, 4)
    assert estimate.value == 3.0


def test_the_point_is_never_changed():
    x = np.array([1.0, 2.0])
    numeric_gradient(lambda z: z.sum(), x)
    np.testing.assert_array_equal(x, [1, 2])


def test_float32_points_are_differenced_in_float64():
    estimate = numeric_gradient(lambda x: np.sin(x).sum(), np.ones(3, np.float32))
    np.testing.assert_allclose(estimate.gradient, np.cos(1), rtol=1e-9)


def test_a_whole_number_of_any_kind_of_array_counts_as_one_number():
    assert numeric_gradient(lambda x: np.array([[x.sum()]]), np.ones(2)).value == 2


@pytest.mark.parametrize("size", [1, 2, 300])
def test_a_function_that_changes_its_argument_is_told_so(size):
    def doubles(x):
        x *= 2
        return float(x.sum())

    with pytest.raises(ValueError, match="changed its argument"):
        numeric_gradient(doubles, np.ones(size))


RETURNED = {
    "an array": (lambda x: x, r"one number, but returned ndarray of shape \(2,\)"),
    "nothing": (lambda x: None, "one number, but returned NoneType"),
    "text": (lambda x: "1.0", "one number, but returned str"),
    "a complex number": (lambda x: 1j, "one number, but returned complex"),
    "an empty array": (lambda x: x[:0], r"one number, but returned ndarray of shape \(0,\)"),
}


@pytest.mark.parametrize(("f", "message"), RETURNED.values(), ids=RETURNED)
def test_anything_but_one_number_is_a_type_error_that_says_what_came(f, message):
    with pytest.raises(TypeError, match=message):
        numeric_gradient(f, np.ones(2))


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_a_function_that_is_not_finite_is_refused_with_its_value(number):
    with pytest.raises(ValueError, match=f"must be finite near the point, but returned {number}"):
        numeric_gradient(lambda x: number, np.ones(2))


def test_too_many_entries_are_refused_before_any_work():
    with pytest.raises(ValueError, match="20,001 entries"):
        numeric_gradient(pytest.fail, np.ones(20_001))


def test_as_many_entries_as_the_message_allows_are_accepted():
    assert numeric_gradient(lambda x: 1.0, np.ones(20_000)).gradient.shape == (20_000,)


def test_an_entry_costs_four_evaluations():
    calls = []
    numeric_gradient(lambda x: calls.append(0) or x.sum(), np.ones(5))
    assert len(calls) == 1 + 4 * 5


def test_the_interval_at_a_kink_is_that_of_the_slopes_of_both_sides():
    estimate = numeric_gradient(lambda x: np.maximum(x, 0).sum() + 2 * x.sum(), np.array([0.0, 1.0, -1.0]))
    np.testing.assert_allclose(estimate.low, [2, 3, 2], atol=1e-9)
    np.testing.assert_allclose(estimate.high, [3, 3, 2], atol=1e-9)


def test_a_jump_has_no_interval():
    estimate = numeric_gradient(lambda x: float(x[0] > 0) + x[1], np.zeros(2))
    assert np.isinf(estimate.low).tolist() == [True, False]
    assert estimate.kink.tolist() == [True, False]


def test_a_pattern_that_changes_marks_a_kink_too_weak_to_see():
    def f(x):
        return 1e-13 * np.abs(x).sum() + x.sum()

    at = np.array([0.0, 1.0])
    assert not numeric_gradient(f, at).kink.any()
    assert numeric_gradient(f, at, pattern=lambda x: x > 0).kink.tolist() == [True, False]
