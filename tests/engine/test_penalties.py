"""Penalties: their values and gradients, what they leave alone, and that l1 makes zeros where l2 only makes small."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.engine import MLP, Parameters, ShapeError, fit, gradient_descent, mlp_shapes
from coursekit.engine.penalties import l1, l2, soft_threshold

from .strategies import agree, away_from_zero, different_sizes, generators, numeric_gradient, quick

both = pytest.mark.parametrize("penalty", [l1, l2])
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])
SHAPES = mlp_shapes([3, 2, 5])


def drawn(rng, shapes=SHAPES, dtype=np.float64):
    size = len(Parameters(shapes))
    return Parameters(shapes, away_from_zero(rng, (size,)).astype(dtype))


def small(dtype=np.float64):
    """A network of one layer: weights 3, -4 and bias 10."""
    return Parameters(mlp_shapes([2, 1]), np.array([3.0, -4.0, 10.0], dtype))


@pytest.mark.parametrize(
    ("penalty", "biases", "value", "gradient"),
    [
        (l2, False, 0.5 * 25, [3, -4, 0]),
        (l2, True, 0.5 * 125, [3, -4, 10]),
        (l1, False, 0.5 * 7, [0.5, -0.5, 0]),
        (l1, True, 0.5 * 17, [0.5, -0.5, 0.5]),
    ],
)
def test_closed_forms_for_strength_one_half(penalty, biases, value, gradient):
    added = Parameters(mlp_shapes([2, 1]), np.ones(3))
    chosen = penalty(0.5, biases=biases)
    chosen.add_gradient(small(), added)
    assert chosen.value(small()) == value
    np.testing.assert_array_equal(added.flat, 1 + np.array(gradient))


@quick
@given(different_sizes(3), generators, st.sampled_from([l1, l2]), st.booleans(), st.sampled_from([0, 0.3, 2]))
def test_the_gradient_agrees_with_differences_of_the_value(sizes, rng, penalty, biases, strength):
    shapes = mlp_shapes(sizes)
    parameters, gradient = drawn(rng, shapes), Parameters(shapes)
    chosen = penalty(strength, biases=biases)
    chosen.add_gradient(parameters, gradient)
    numeric = numeric_gradient(lambda flat: chosen.value(Parameters(shapes, flat)), parameters.flat)
    assert agree(gradient.flat, numeric)


@quick
@given(generators, st.sampled_from([l1, l2]))
def test_it_is_added_to_what_is_there_and_parameters_stay(rng, penalty):
    parameters, gradient = drawn(rng), drawn(rng)
    before, there, alone = parameters.flat.copy(), gradient.flat.copy(), Parameters(SHAPES)
    flat = gradient.flat
    penalty(0.3).add_gradient(parameters, alone)
    penalty(0.3).add_gradient(parameters, gradient)
    assert gradient.flat is flat
    np.testing.assert_allclose(gradient.flat, there + alone.flat, rtol=1e-15)
    np.testing.assert_array_equal(parameters.flat, before)


@both
def test_biases_are_those_whose_names_begin_with_b(penalty):
    parameters = drawn(np.random.default_rng(1))
    gradients = {biases: Parameters(SHAPES) for biases in (False, True)}
    for biases, gradient in gradients.items():
        penalty(1, biases=biases).add_gradient(parameters, gradient)
    for name in SHAPES:
        assert gradients[True][name].all()
        assert gradients[False][name].any() == (name[0] == "W")


@both
def test_the_gradient_at_zero_is_zero(penalty):
    gradient = Parameters(SHAPES)
    penalty(3, biases=True).add_gradient(Parameters(SHAPES), gradient)
    assert penalty(3, biases=True).value(Parameters(SHAPES)) == 0
    np.testing.assert_array_equal(gradient.flat, 0)


@both
@both_dtypes
def test_dtypes_are_kept(penalty, dtype):
    gradient = Parameters(mlp_shapes([2, 1]), dtype=dtype)
    chosen = penalty(np.float64(0.5))
    chosen.add_gradient(small(dtype), gradient)
    assert gradient.flat.dtype == dtype
    assert type(chosen.value(small(dtype))) is float
    assert soft_threshold(small(dtype).flat, np.float64(0.5)).dtype == dtype


def test_a_step_shrinks_the_weights_and_then_follows_the_loss():
    """w <- w (1 - 2 lr lambda) - lr gradient, which is what weight decay of 2 lambda does; the loss reports both."""
    rng = np.random.default_rng(2)
    X, Y, lr, strength = rng.standard_normal((7, 3)), rng.standard_normal((7, 1)), 0.1, 0.4
    net = MLP([3, 2, 1]).initialize(rng)
    start = Parameters(net.parameters.shapes, net.parameters.flat.copy())
    loss, gradient = net.loss_and_gradient(X, Y)
    shrunk = np.concatenate(
        [start[name].ravel() * (1 - 2 * lr * strength if name[0] == "W" else 1) for name in start.shapes]
    )
    expected = shrunk - lr * gradient
    history = fit(net, X, Y, optimizer=gradient_descent, lr=lr, epochs=1, penalty=l2(strength))
    np.testing.assert_allclose(net.parameters.flat, expected, rtol=1e-14)
    assert history.loss[0] == pytest.approx(loss + strength * sum((W**2).sum() for W in (start["W1"], start["W2"])))


@both
@pytest.mark.parametrize("strength", [-0.1, np.nan, np.inf, -np.inf])
def test_another_strength_is_refused(penalty, strength):
    with pytest.raises(ValueError, match=f"strength must be a finite number that is not negative, but is {strength}"):
        penalty(strength)


@both
def test_the_gradient_of_another_network_is_refused(penalty):
    with pytest.raises(ShapeError, match=r"names and shapes of parameters, .*\(1, 2\).* but has .*\(2, 1\)"):
        penalty(1).add_gradient(small(), Parameters({"W1": (2, 1), "b1": (1,)}))


@quick
@given(generators, st.sampled_from([0.0, 0.3, 1.0, 5.0]))
def test_soft_threshold_minimises_half_squared_distance_plus_l1(rng, threshold):
    """At v: 0 is in v - w + threshold * [the subdifferential of |v|], the condition that has one solution."""
    w = rng.standard_normal(50)
    v = soft_threshold(w, threshold)
    moved = v != 0
    np.testing.assert_allclose((w - v)[moved], threshold * np.sign(v[moved]), rtol=1e-12, atol=1e-15)
    assert (np.abs(w[~moved]) <= threshold).all()


def test_soft_threshold_by_hand():
    w = np.array([[-3.0, -1.0, -0.5], [0.0, 1.0, 1.5]])
    np.testing.assert_array_equal(soft_threshold(w, 1), [[-2, 0, 0], [0, 0, 0.5]])
    assert soft_threshold(w, 1, out=w) is w
    np.testing.assert_array_equal(w, [[-2, 0, 0], [0, 0, 0.5]])


@both_dtypes
def test_a_threshold_above_every_number_leaves_nothing(dtype):
    np.testing.assert_array_equal(soft_threshold(np.array([-1e30, 1, 1e30], dtype), 1e300), 0)


@pytest.mark.parametrize("threshold", [-1, np.nan, np.inf])
def test_another_threshold_is_refused(threshold):
    with pytest.raises(ValueError, match=f"threshold must be a finite number .* but is {threshold}"):
        soft_threshold(np.ones(3), threshold)


def test_proximal_steps_of_l1_make_zeros_and_l2_makes_none():
    """3 useful of 20 features: at least 12 of the 17 others become exactly 0 with l1; the 3 useful ones stay."""
    rng = np.random.default_rng(3)
    X = rng.standard_normal((100, 20))
    Y = X[:, :3] @ np.array([[2.0], [-3.0], [1.5]]) + 0.5 * rng.standard_normal((100, 1))
    lr, strength = 0.1, 0.2

    sparse = MLP([20, 1])
    for _ in range(300):
        sparse.parameters.flat[...] -= lr * sparse.loss_and_gradient(X, Y)[1]
        soft_threshold(sparse.Ws[0], lr * strength, out=sparse.Ws[0])
    dense = MLP([20, 1])
    fit(dense, X, Y, optimizer=gradient_descent, lr=lr, epochs=300, penalty=l2(strength))

    assert (sparse.Ws[0] == 0).sum() >= 12
    assert (sparse.Ws[0][0, :3] != 0).all()
    assert (dense.Ws[0] != 0).all()
