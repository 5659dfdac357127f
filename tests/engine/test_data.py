"""Data: shapes, seeds, where the points lie, and what can and cannot be learned from them."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.engine import MLP, ShapeError, cross_entropy_from_logits, fit, momentum
from coursekit.engine.data import digits, disc, noisy_sine, one_hot, spirals, two_moons, xor

from .strategies import generators, quick

DRAWN = {"disc": disc, "two moons": two_moons, "spirals": spirals, "noisy sine": noisy_sine}
every = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
noisy = pytest.mark.parametrize("draw", [two_moons, spirals, noisy_sine])


def seeded(draw, N=200, seed=0, **options):
    return draw(N, np.random.default_rng(seed), **options)


def accuracy(sizes, features, labels, *, lr=0.3, epochs=200):
    """Of a classifier trained on one half of the data, measured on the other."""
    train, rest = slice(None, None, 2), slice(1, None, 2)
    targets = one_hot(labels[:, 0].astype(int), 2)
    net = MLP(sizes, loss=cross_entropy_from_logits).initialize(np.random.default_rng(1))
    rng = np.random.default_rng(2)
    fit(net, features[train], targets[train], optimizer=momentum(), lr=lr, epochs=epochs, batch_size=50, rng=rng)
    return (net(features[rest]).argmax(1) == labels[rest, 0]).mean()


def nearest_neighbour_accuracy(X, Y):
    distance = ((X[:, None] - X) ** 2).sum(-1)
    np.fill_diagonal(distance, np.inf)
    return (Y[distance.argmin(1)] == Y).mean()


def test_xor_is_one_where_the_inputs_differ():
    X, Y = xor()
    assert X.dtype == Y.dtype == np.float64
    assert sorted(map(tuple, X)) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    np.testing.assert_array_equal(Y, X[:, :1] != X[:, 1:])


@every
@pytest.mark.parametrize("N", [1, 2, 7])
def test_a_batch_has_two_axes_and_float64(draw, N):
    X, Y = seeded(draw, N)
    assert X.shape == (N, 1 if draw is noisy_sine else 2)
    assert Y.shape == (N, 1)
    assert X.dtype == Y.dtype == np.float64


@every
def test_the_seed_decides(draw):
    (X, Y), again, other = seeded(draw, seed=1), seeded(draw, seed=1), seeded(draw, seed=2)
    np.testing.assert_array_equal(X, again[0])
    np.testing.assert_array_equal(Y, again[1])
    assert not np.array_equal(X, other[0])


@pytest.mark.parametrize("draw", [two_moons, spirals])
@pytest.mark.parametrize("N", [1, 2, 100, 101])
def test_classes_are_balanced_and_in_random_order(draw, N):
    Y = seeded(draw, N)[1]
    assert Y.sum() == N // 2
    if N > 99:
        assert 0.3 < np.mean(Y[1:] == Y[:-1]) < 0.7


@noisy
def test_noise_blurs_the_same_points_by_its_standard_deviation(draw):
    """1000 or 2000 normal numbers: their deviation is within 6 / sqrt(2000) of 1, relatively."""
    clean, blurred = (seeded(draw, 1000, noise=noise) for noise in (0, 0.05))
    place = 1 if draw is noisy_sine else 0
    np.testing.assert_array_equal(clean[1 - place], blurred[1 - place])
    assert (blurred[place] - clean[place]).std() / 0.05 == pytest.approx(1, abs=6 / np.sqrt(2000))


@quick
@given(generators, st.sampled_from([0.2, 0.5, 1.0]))
def test_the_disc_is_what_lies_within_its_radius(rng, radius):
    X, Y = disc(500, rng, radius=radius)
    assert np.abs(X).max() <= 1
    np.testing.assert_array_equal(Y[:, 0] == 1, np.hypot(*X.T) < radius)


def test_points_fill_the_square_and_half_of_them_lie_in_the_disc():
    """Of 20000, within 6 standard deviations: the share 0.5 / sqrt(N), each quarter's share 0.43 / sqrt(N)."""
    X, Y = seeded(disc, 20_000)
    assert abs(Y.mean() - 0.5) < 3 / np.sqrt(20_000)
    for signs in ([1, 1], [1, -1], [-1, 1], [-1, -1]):
        assert abs((X * signs > 0).all(1).mean() - 0.25) < 2.6 / np.sqrt(20_000)


def test_the_disc_needs_a_feature_or_a_hidden_layer():
    """Slides EECS545-C1 and C2: no line tells the classes apart, a line in r^2 does, and so does a small network."""
    X, Y = seeded(disc, 2000)
    assert accuracy([2, 2], X, Y, epochs=30) < 0.75
    assert accuracy([1, 2], (X**2).sum(1, keepdims=True), Y, epochs=100) > 0.95
    assert accuracy([2, 16, 2], X, Y) > 0.95


def test_moons_are_half_circles_about_their_centres():
    X, Y = seeded(two_moons, 500, noise=0)
    for label, centre, side in ((0, [0, 0], 1), (1, [1, 0.5], -1)):
        from_centre = X[Y[:, 0] == label] - centre
        np.testing.assert_allclose(np.hypot(*from_centre.T), 1, rtol=1e-12)
        assert (side * from_centre[:, 1] >= -1e-12).all()


def test_moons_are_learned_by_a_hidden_layer_better_than_by_a_line():
    X, Y = seeded(two_moons, 600)
    assert accuracy([2, 2], X, Y, epochs=100) < 0.93
    assert accuracy([2, 16, 2], X, Y, epochs=150) > 0.97


@pytest.mark.parametrize("turns", [0.5, 1.5, 3])
def test_spirals_turn_with_the_radius_and_are_half_a_circle_apart(turns):
    X, Y = seeded(spirals, 500, turns=turns, noise=0)
    radius = np.hypot(*X.T)
    assert radius.max() <= 1
    phase = np.exp(1j * (np.arctan2(X[:, 1], X[:, 0]) - 2 * np.pi * turns * radius))
    np.testing.assert_allclose(phase, 1 - 2 * Y[:, 0], atol=1e-9)


def test_points_lie_evenly_along_the_arms():
    """The arms within radius 1/2 are about 1/4 of the length; of 20000 points within 6 standard deviations."""
    X = seeded(spirals, 20_000, noise=0)[0]
    assert abs((np.hypot(*X.T) < 0.5).mean() - 0.25) < 2.6 / np.sqrt(20_000)


def test_spirals_are_told_apart_by_neighbours_and_not_by_a_line():
    X, Y = seeded(spirals, 600)
    assert nearest_neighbour_accuracy(X, Y) > 0.97
    assert accuracy([2, 2], X, Y, epochs=30) < 0.75


def test_the_sine_without_noise_is_the_sine():
    X, Y = seeded(noisy_sine, 500, noise=0)
    np.testing.assert_array_equal(Y, np.sin(X))
    assert -np.pi <= X.min() < -3
    assert 3 < X.max() <= np.pi


@every
@pytest.mark.parametrize("N", [0, -1])
def test_no_samples_are_refused(draw, N):
    with pytest.raises(ValueError, match=f"N, the number of samples, must be at least 1, but is {N}"):
        seeded(draw, N)


@noisy
@pytest.mark.parametrize("noise", [-0.1, np.nan, np.inf])
def test_other_noise_is_refused_before_anything_is_drawn(draw, noise):
    used, fresh = np.random.default_rng(0), np.random.default_rng(0)
    with pytest.raises(ValueError, match=f"noise, .* must be finite and not negative, but is {noise}"):
        draw(5, used, noise=noise)
    assert used.random() == fresh.random()


@pytest.mark.parametrize("radius", [0, -1, 1.01, np.nan])
def test_a_disc_that_does_not_fit_is_refused(radius):
    with pytest.raises(ValueError, match=f"radius must be above 0 and at most 1, .* but is {radius}"):
        seeded(disc, radius=radius)


@pytest.mark.parametrize("turns", [0, -1, np.nan, np.inf])
def test_other_turns_are_refused(turns):
    with pytest.raises(ValueError, match=f"turns must be a positive finite number, but is {turns}"):
        seeded(spirals, turns=turns)


@quick
@given(st.lists(st.integers(0, 4), min_size=1), st.sampled_from([np.int64, np.uint8]))
def test_one_hot_rows_are_ones_in_the_column_of_the_label(labels, dtype):
    rows = one_hot(np.array(labels, dtype), 5)
    assert rows.shape == (len(labels), 5)
    assert rows.dtype == np.float64
    np.testing.assert_array_equal(rows, np.eye(5)[labels])


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        ([0, 3, 1, 4], ValueError, r"in 0\.\.2 for 3 classes, but 2 of 4 are not, the first is 3 at position 1"),
        ([0, -1], ValueError, r"1 of 2 are not, the first is -1 at position 1"),
        ([0.0, 1.0], ValueError, r"must be integers, but have dtype float64; write labels.astype\(int\)"),
        ([True, False], ValueError, "must be integers, but have dtype bool"),
        ([[0], [1]], ShapeError, r"must have shape \(N,\), .* have shape \(2, 1\); write labels\[:, 0\]"),
        ([[0, 1]], ShapeError, r"have shape \(1, 2\)$"),
    ],
)
def test_other_labels_are_refused(labels, error, message):
    with pytest.raises(error, match=message):
        one_hot(labels, 3)


def test_digits_are_scaled_and_their_labels_are_one_hot(monkeypatch):
    pixels = np.zeros((10, 64))
    pixels[:, 3] = np.arange(10)
    pixels[9, 5] = 16
    package, datasets = ModuleType("sklearn"), ModuleType("sklearn.datasets")
    datasets.load_digits = lambda: SimpleNamespace(data=pixels, target=np.arange(10)[::-1])
    monkeypatch.setitem(sys.modules, "sklearn", package)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", datasets)
    X, Y = digits()
    assert X.dtype == Y.dtype == np.float64
    np.testing.assert_array_equal(X[:, 3], np.arange(10) / 16)
    assert (X.min(), X.max(), X.shape) == (0, 1, (10, 64))
    np.testing.assert_array_equal(Y, np.eye(10)[::-1])


def test_without_scikit_learn_the_command_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delitem(sys.modules, "sklearn.datasets", raising=False)
    with pytest.raises(
        ModuleNotFoundError, match=r"^the digits come with scikit-learn, .*: run pip install scikit-learn$"
    ):
        digits()
