"""Composition: the values on the way, and one Jacobian by either order of multiplication."""

import numpy as np
import pytest
from hypothesis import given

from coursekit.engine import ShapeError, affine_map, compose, jacobian, relu, sigmoid, softmax, tanh
from coursekit.engine.chain import jvp, trace, vjp

from .strategies import agree, away_from_zero, different_sizes, generators, numeric_jacobian, quick


def network(sizes, rng):
    """relu, affine, tanh, affine, softmax: no two widths alike, and relu where its input is known."""
    N, D, H, M = sizes
    first = affine_map(rng.standard_normal((H, D)), rng.standard_normal(H))
    second = affine_map(rng.standard_normal((M, H)))
    return (relu, first, tanh, second, softmax), away_from_zero(rng, (N, D))


@quick
@given(different_sizes(4), generators)
def test_trace_holds_the_input_and_every_value_after_it(sizes, rng):
    maps, X = network(sizes, rng)
    values = trace(maps, X)
    assert len(values) == len(maps) + 1
    assert values[0] is X
    for f, before, after in zip(maps, values[:-1], values[1:], strict=True):
        np.testing.assert_array_equal(f(before), after)


@quick
@given(different_sizes(4), generators)
def test_the_value_of_a_composition_is_the_last_of_its_trace(sizes, rng):
    maps, X = network(sizes, rng)
    np.testing.assert_array_equal(compose(*maps)(X), trace(maps, X)[-1])


@quick
@given(different_sizes(4), generators)
def test_every_mode_gives_the_same_jacobian(sizes, rng):
    maps, X = network(sizes, rng)
    J = jacobian(maps, X, "reverse")
    np.testing.assert_allclose(jacobian(maps, X, "forward"), J, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(jacobian(maps, X, "auto"), J, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])
@quick
@given(sizes=different_sizes(4), rng=generators)
def test_the_jacobian_agrees_with_differences(mode, sizes, rng):
    maps, X = network(sizes, rng)
    J = numeric_jacobian(compose(*maps).fn, X)
    assert agree(jacobian(maps, X, mode), np.stack([J[n, :, n] for n in range(len(X))]))


@pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])
def test_the_jacobian_of_one_map_is_its_own(mode):
    X = np.array([[0.3, -0.5, 1.0]])
    np.testing.assert_array_equal(jacobian((tanh,), X, mode), tanh.jacobian(X, tanh(X)))


def test_the_jacobian_is_the_product_of_the_parts_in_order():
    rng = np.random.default_rng(1)
    W, U = rng.standard_normal((5, 3)), rng.standard_normal((7, 5))
    J = jacobian((affine_map(W), affine_map(U)), rng.standard_normal((2, 3)))
    np.testing.assert_allclose(J, np.stack([U @ W] * 2), rtol=1e-13)


@pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])
def test_the_jacobian_keeps_float32(mode):
    assert jacobian((sigmoid, tanh, softmax), np.ones((2, 3), np.float32), mode).dtype == np.float32


def test_composition_is_associative():
    X = np.array([[0.3, -0.5, 1.0]])
    A = compose(compose(sigmoid, tanh), softmax)
    B = compose(sigmoid, compose(tanh, softmax))
    np.testing.assert_array_equal(A(X), B(X))
    np.testing.assert_allclose(A.vjp(X, X, A(X)), B.vjp(X, X, B(X)), rtol=1e-14)


def test_a_composition_is_named_after_its_parts_in_order():
    assert compose(sigmoid, tanh, softmax).name == "sigmoid -> tanh -> softmax"


def test_another_mode_is_refused_by_name():
    with pytest.raises(ValueError, match='"forward", "reverse" or "auto", but is \'sideways\''):
        jacobian((tanh,), np.ones((1, 2)), "sideways")


def test_a_composition_of_nothing_is_refused():
    with pytest.raises(ShapeError, match="at least one map"):
        compose()


def test_a_jacobian_needs_a_map():
    with pytest.raises(ShapeError, match="at least one map"):
        jacobian((), np.ones((2, 3)))


@quick
@given(different_sizes(4), generators)
def test_jvp_is_the_jacobian_times_v_and_vjp_is_u_times_the_jacobian(sizes, rng):
    maps, X = network(sizes, rng)
    J = jacobian(maps, X)
    V, U = rng.standard_normal(X.shape), rng.standard_normal((len(X), J.shape[1]))
    np.testing.assert_allclose(jvp(maps, X, V), np.einsum("nmd,nd->nm", J, V), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(vjp(maps, X, U), np.einsum("nm,nmd->nd", U, J), rtol=1e-10, atol=1e-12)


@quick
@given(different_sizes(4), generators)
def test_the_adjoint_identity_of_the_two_products(sizes, rng):
    maps, X = network(sizes, rng)
    V, U = rng.standard_normal(X.shape), rng.standard_normal((len(X), sizes[-1]))
    np.testing.assert_allclose((U * jvp(maps, X, V)).sum(1), (vjp(maps, X, U) * V).sum(1), rtol=1e-10, atol=1e-12)


def test_one_hot_seeds_pick_a_row_or_a_column():
    rng = np.random.default_rng(2)
    maps, X = network((2, 3, 5, 7), rng)
    J = jacobian(maps, X)
    U, V = np.zeros((2, 7)), np.zeros((2, 3))
    U[:, 4] = V[:, 1] = 1
    np.testing.assert_allclose(vjp(maps, X, U), J[:, 4], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(jvp(maps, X, V), J[:, :, 1], rtol=1e-12, atol=1e-15)


def test_the_products_name_the_shape_they_expect():
    maps, X = network((2, 3, 5, 7), np.random.default_rng(3))
    with pytest.raises(ShapeError, match=r"V must have the shape of X, \(2, 3\), but has shape \(2, 7\)"):
        jvp(maps, X, np.ones((2, 7)))
    with pytest.raises(ShapeError, match=r"U must have the shape of the chain's output, \(2, 7\), but has .* \(2, 3\)"):
        vjp(maps, X, np.ones((2, 3)))
    with pytest.raises(ShapeError, match="jvp needs at least one map"):
        jvp((), X, X)
    with pytest.raises(ShapeError, match="vjp needs at least one map"):
        vjp((), X, X)
    with pytest.raises(ShapeError, match="one sample per row"):
        vjp(maps, X[0], np.ones(7))


def test_no_argument_is_changed():
    maps, X = network((2, 3, 5, 7), np.random.default_rng(4))
    U, V = np.ones((2, 7)), np.ones((2, 3))
    kept = [X.copy(), U.copy(), V.copy()]
    vjp(maps, X, U)
    jvp(maps, X, V)
    for mode in ("forward", "reverse", "auto"):
        jacobian(maps, X, mode)
    for array, before in zip((X, U, V), kept, strict=True):
        np.testing.assert_array_equal(array, before)
