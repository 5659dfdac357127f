"""Initializers: how large the weights are, that signals keep their size, and that equal units never part."""

from itertools import pairwise

import numpy as np
import pytest

from coursekit.engine import MLP, Parameters, ShapeError, fit, gradient_descent, mlp_shapes, relu, sigmoid, tanh
from coursekit.engine.initializers import he, lecun, small_normal, xavier, zeros

INITIALIZERS = {"zeros": zeros, "small": small_normal(), "xavier": xavier, "he": he, "lecun": lecun}
every = pytest.mark.parametrize("initialize", INITIALIZERS.values(), ids=INITIALIZERS)
every_random = pytest.mark.parametrize(
    "initialize", [f for f in INITIALIZERS.values() if f is not zeros], ids=[k for k in INITIALIZERS if k != "zeros"]
)
FAN_IN, FAN_OUT = 200, 300
NORMAL, UNIFORM = 3.0, 1.8


def drawn(initialize, sizes, seed=0, dtype=np.float64):
    parameters = Parameters(mlp_shapes(sizes), dtype=dtype)
    parameters.flat[...] = np.nan
    initialize(parameters, np.random.default_rng(seed))
    return parameters


@pytest.mark.parametrize(
    ("initialize", "variance", "kurtosis"),
    [
        (small_normal(), 1e-4, NORMAL),
        (small_normal(0.5), 0.25, NORMAL),
        (xavier, 2 / (FAN_IN + FAN_OUT), UNIFORM),
        (he, 2 / FAN_IN, NORMAL),
        (lecun, 1 / FAN_IN, NORMAL),
    ],
)
def test_mean_variance_and_shape_of_the_distribution(initialize, variance, kurtosis):
    """Of 60000 draws: the mean, the variance and the kurtosis within 6 of their standard deviations.

    These are sigma / sqrt(n), sigma^2 sqrt((kurtosis - 1) / n) and, at most, sqrt(24 / n), that of a normal sample.
    By chance each fails with 2e-9; the seed is fixed.
    """
    w = drawn(initialize, [FAN_IN, FAN_OUT])["W1"]
    assert abs(w.mean()) < 6 * np.sqrt(variance / w.size)
    assert abs(w.var() / variance - 1) < 6 * np.sqrt((kurtosis - 1) / w.size)
    assert abs((w**4).mean() / w.var() ** 2 - kurtosis) < 6 * np.sqrt(24 / w.size)


def test_xavier_fills_its_interval_and_no_more():
    """60000 draws leave the last thousandth at one end empty with probability e^-30."""
    w, end = drawn(xavier, [FAN_IN, FAN_OUT])["W1"], np.sqrt(6 / (FAN_IN + FAN_OUT))
    assert 0.999 * end < w.max() <= end
    assert -end <= w.min() < -0.999 * end


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_everything_is_filled_in_place_with_biases_zero(initialize, dtype):
    parameters = Parameters(mlp_shapes([3, 5, 2]), dtype=dtype)
    flat = parameters.flat
    flat[...] = np.nan
    initialize(parameters, np.random.default_rng(0))
    assert parameters.flat is flat
    assert flat.dtype == dtype
    assert np.isfinite(flat).all()
    for name in ("b1", "b2"):
        np.testing.assert_array_equal(parameters[name], 0)
    for name in ("W1", "W2"):
        assert parameters[name].any() == (initialize is not zeros)


@every_random
def test_the_seed_decides(initialize):
    first, again, other = (drawn(initialize, [3, 5, 2], seed).flat for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@every_random
def test_both_precisions_start_at_the_same_place(initialize):
    single, double = (drawn(initialize, [3, 5, 2], dtype=dtype).flat for dtype in (np.float32, np.float64))
    np.testing.assert_array_equal(single, double.astype(np.float32))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_lecun_draws_what_committed_notebooks_depend_on(dtype):
    """Layer by layer a standard normal matrix divided by sqrt(fan_in), and nothing else from the generator."""
    sizes, rng, used = [4, 8, 6, 2], np.random.default_rng(7), np.random.default_rng(7)
    parameters = Parameters(mlp_shapes(sizes), dtype=dtype)
    lecun(parameters, used)
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
        expected = (rng.standard_normal((fan_out, fan_in)) / np.sqrt(fan_in)).astype(dtype)
        np.testing.assert_array_equal(parameters[f"W{layer}"], expected)
    assert used.random() == rng.random()
    net = MLP(sizes, dtype=dtype).initialize(np.random.default_rng(7))
    np.testing.assert_array_equal(net.parameters.flat, parameters.flat)


def test_zeros_draw_nothing():
    used, fresh = np.random.default_rng(3), np.random.default_rng(3)
    zeros(Parameters(mlp_shapes([3, 2])), used)
    assert used.random() == fresh.random()


def kept(activation, initialize):
    """How many times as large the signal is after 20 layers of 256 units than it was, root mean square."""
    net = MLP([256] * 21, activation=activation, output=activation)
    initialize(net.parameters, np.random.default_rng(4))
    X = np.random.default_rng(5).standard_normal((50, 256))
    return np.sqrt(np.mean(net(X) ** 2) / np.mean(X**2))


def mean_field(activation, gain):
    """The same for infinitely wide layers: v <- E phi(z)^2, z from N(0, gain v), by Gauss-Hermite quadrature."""
    z, weight = np.polynomial.hermite_e.hermegauss(100)
    v = 1.0
    for _ in range(20):
        v = np.average(activation(np.sqrt(gain * v) * z) ** 2, weights=weight)
    return np.sqrt(v)


@pytest.mark.parametrize(
    ("activation", "initialize", "gain", "least"),
    [
        (tanh, xavier, 1, 0.1),
        (tanh, lecun, 1, 0.1),
        (relu, he, 2, 0.5),
        (relu, lecun, 1, 0),
        (tanh, small_normal(), 256e-4, 0),
        (relu, small_normal(), 256e-4, 0),
    ],
)
def test_a_signal_through_20_layers(activation, initialize, gain, least):
    """Within a factor of 2 of wide layers, ``gain`` being fan_in times the variance of a weight.

    The right initializer keeps the signal's size: tanh squashes it to 0.16, which is 1 / sqrt(2 * 20), relu with he
    leaves it. relu with lecun halves its power each time, to 2^-10 in size, and small weights lose it.
    """
    size = kept(activation, initialize)
    assert 0.5 < size / mean_field(activation, gain) < 2
    assert size > least
    assert least or size < 2e-3


def trained(initialize, activation):
    rng = np.random.default_rng(6)
    X = rng.standard_normal((20, 3))
    net = MLP([3, 5, 1], activation=activation)
    initialize(net.parameters, np.random.default_rng(7))
    fit(net, X, X[:, :1] * X[:, 1:2] + 1, optimizer=gradient_descent, lr=0.5, epochs=100)
    return net


def test_from_zeros_hidden_units_move_but_stay_equal():
    """With sigmoid the hidden outputs are 1/2, so that all weights get gradients: after 100 steps W1 has rank 1."""
    W = trained(zeros, sigmoid).Ws[0]
    assert np.abs(W).min() > 1e-3
    np.testing.assert_allclose(W, np.tile(W[0], (5, 1)), rtol=1e-12)
    assert np.linalg.matrix_rank(W) == 1


def test_from_zeros_a_tanh_network_never_moves_but_for_its_last_bias():
    net = trained(zeros, tanh)
    for name in ("W1", "b1", "W2"):
        np.testing.assert_array_equal(net.parameters[name], 0)
    assert net.parameters["b2"].all()


@every_random
def test_from_a_random_start_hidden_units_differ(initialize):
    W = trained(initialize, sigmoid).Ws[0]
    assert np.linalg.matrix_rank(W) == 3
    assert len(np.unique(W, axis=0)) == 5


@pytest.mark.parametrize("scale", [0, -1, np.nan, np.inf])
def test_another_scale_is_refused(scale):
    with pytest.raises(ValueError, match=f"scale must be a positive finite number, but is {scale}"):
        small_normal(scale)


@every_random
def test_a_weight_that_is_no_matrix_is_refused(initialize):
    with pytest.raises(ShapeError, match=r"W1 must be a weight matrix of shape \(fan_out, fan_in\), .* \(3,\)"):
        initialize(Parameters({"W1": (3,)}), np.random.default_rng(0))
