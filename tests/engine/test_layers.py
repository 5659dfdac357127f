"""The affine layer: three gradients, three directions, a Jacobian in its weights, and errors that name both shapes."""

import numpy as np
import pytest
from hypothesis import given

from coursekit.engine import ShapeError, affine, affine_jacobian_parameters, affine_jvp, affine_map, affine_vjp
from coursekit.engine.layers import affine_augmented, augment

from .strategies import agree, different_sizes, generators, numeric_gradient, numeric_jacobian, quick


def layer(sizes, rng, dtype=np.float64):
    N, D, M = sizes
    return [rng.standard_normal(shape).astype(dtype) for shape in ((N, D), (M, D), (M,), (N, M))]


@quick
@given(different_sizes(3), generators)
def test_every_output_is_a_weighted_sum_plus_its_bias(sizes, rng):
    X, W, b, _ = layer(sizes, rng)
    expected = [[sum(w * x for w, x in zip(W[m], row, strict=True)) + b[m] for m in range(len(W))] for row in X]
    np.testing.assert_allclose(affine(X, W, b), expected, rtol=1e-12, atol=1e-13)


def test_no_bias_is_a_bias_of_zero():
    X, W, b, _ = layer((3, 5, 7), np.random.default_rng(1))
    np.testing.assert_array_equal(affine(X, W), affine(X, W, np.zeros_like(b)))


@pytest.mark.parametrize("which", ["dX", "dW", "db"])
@quick
@given(sizes=different_sizes(3), rng=generators)
def test_each_gradient_agrees_with_differences(which, sizes, rng):
    X, W, b, dZ = layer(sizes, rng)
    variables = {"X": X, "W": W, "b": b}

    def weighted_output(changed):
        return float((dZ * affine(**{**variables, which[1]: changed})).sum())

    assert agree(getattr(affine_vjp(dZ, X, W), which), numeric_gradient(weighted_output, variables[which[1]]))


@pytest.mark.parametrize("which", ["X", "W", "b"])
@quick
@given(sizes=different_sizes(3), rng=generators)
def test_each_direction_agrees_with_differences(which, sizes, rng):
    X, W, b, _ = layer(sizes, rng)
    variables = {"X": X, "W": W, "b": b}
    V = rng.standard_normal(variables[which].shape)

    def output(changed):
        return affine(**{**variables, which: changed})

    J = numeric_jacobian(output, variables[which])
    assert agree(affine_jvp(X, W, **{"V" + which: V}), np.tensordot(J, V, axes=V.ndim))


@quick
@given(different_sizes(3), generators)
def test_the_gradients_are_adjoint_to_the_directions(sizes, rng):
    X, W, b, dZ = layer(sizes, rng)
    VX, VW, Vb = (rng.standard_normal(a.shape) for a in (X, W, b))
    dX, dW, db = affine_vjp(dZ, X, W)
    left = (dZ * affine_jvp(X, W, VX=VX, VW=VW, Vb=Vb)).sum()
    assert left == pytest.approx((dX * VX).sum() + (dW * VW).sum() + (db * Vb).sum(), rel=1e-10, abs=1e-11)


@quick
@given(different_sizes(3), generators)
def test_the_three_directions_add_up(sizes, rng):
    X, W, b, _ = layer(sizes, rng)
    V = {name: rng.standard_normal(a.shape) for name, a in (("VX", X), ("VW", W), ("Vb", b))}
    parts = sum(affine_jvp(X, W, **{name: v}) for name, v in V.items())
    np.testing.assert_allclose(affine_jvp(X, W, **V), parts, rtol=1e-12, atol=1e-12)


def test_all_directions_held_fixed_change_nothing():
    X, W, _, dZ = layer((3, 5, 7), np.random.default_rng(2))
    np.testing.assert_array_equal(affine_jvp(X, W), np.zeros_like(dZ))


@quick
@given(different_sizes(3), generators)
def test_jacobian_in_the_weights_is_a_kronecker_product(sizes, rng):
    X, W, _, _ = layer(sizes, rng)
    M = len(W)
    expected = np.stack([np.kron(np.eye(M), x[None]) for x in X])
    np.testing.assert_array_equal(affine_jacobian_parameters(X, M), expected)


@quick
@given(different_sizes(3), generators)
def test_jacobian_in_the_weights_times_their_vec_is_the_output(sizes, rng):
    X, W, _, _ = layer(sizes, rng)
    np.testing.assert_allclose(affine_jacobian_parameters(X, len(W)) @ W.ravel(), affine(X, W), rtol=1e-12, atol=1e-12)


def test_jacobian_of_the_map_is_its_weight_matrix():
    X, W, b, Z = layer((3, 5, 7), np.random.default_rng(3))
    np.testing.assert_array_equal(affine_map(W, b).jacobian(X, Z), np.stack([W] * 3))


@quick
@given(different_sizes(3), generators)
def test_the_augmented_product_is_the_affine_layer(sizes, rng):
    X, W, b, _ = layer(sizes, rng)
    np.testing.assert_allclose(affine_augmented(X, np.column_stack([b, W])), affine(X, W, b), rtol=1e-13, atol=1e-13)


@quick
@given(different_sizes(3), generators)
def test_the_augmented_gradient_is_db_beside_dw(sizes, rng):
    X, W, b, dZ = layer(sizes, rng)
    expected = affine_vjp(dZ, X, W)
    got = affine_vjp(dZ, augment(X), np.column_stack([b, W]))
    np.testing.assert_allclose(got.dW, np.column_stack([expected.db, expected.dW]), rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(got.dX[:, 1:], expected.dX, rtol=1e-13, atol=1e-13)


def test_augment_puts_ones_in_front():
    np.testing.assert_array_equal(augment(np.array([[2.0, 3.0], [4.0, 5.0]])), [[1, 2, 3], [1, 4, 5]])


def test_gradient_buffers_are_filled_and_returned():
    X, W, b, dZ = layer((3, 5, 7), np.random.default_rng(4))
    buffers = {"dX": np.full_like(X, np.nan), "dW": np.full_like(W, np.nan), "db": np.full_like(b, np.nan)}
    got = affine_vjp(dZ, X, W, **buffers)
    for name, fresh in affine_vjp(dZ, X, W)._asdict().items():
        assert getattr(got, name) is buffers[name]
        np.testing.assert_array_equal(buffers[name], fresh)


def test_output_buffer_is_filled_and_returned():
    X, W, b, Z = layer((3, 5, 7), np.random.default_rng(6))
    expected = affine(X, W, b)
    assert affine(X, W, b, out=Z) is Z
    np.testing.assert_array_equal(Z, expected)
    Z.fill(np.nan)
    assert affine_augmented(X, np.column_stack([b, W]), out=Z) is Z
    np.testing.assert_allclose(Z, expected, rtol=1e-13, atol=1e-13)


def test_a_square_layer_may_write_over_its_input():
    X, W, b, _ = layer((3, 5, 5), np.random.default_rng(7))
    expected = affine(X, W, b)
    assert affine(X, W, b, out=X) is X
    np.testing.assert_allclose(X, expected, rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_rule_keeps_the_dtype(dtype):
    X, W, b, dZ = layer((3, 5, 7), np.random.default_rng(8), dtype)
    results = [affine(X, W, b), *affine_vjp(dZ, X, W), affine_jvp(X, W, VX=X, VW=W, Vb=b)]
    results += [affine_jacobian_parameters(X, 2), augment(X), affine_augmented(X, np.column_stack([b, W]))]
    assert {result.dtype for result in results} == {np.dtype(dtype)}


def test_no_rule_changes_its_arguments():
    arrays = layer((3, 5, 7), np.random.default_rng(9))
    before = [array.copy() for array in arrays]
    X, W, b, dZ = arrays
    affine(X, W, b), affine_vjp(dZ, X, W), affine_jvp(X, W, VX=X, VW=W, Vb=b)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


X, W, b, DZ = (np.ones(shape) for shape in ((3, 5), (7, 5), (7,), (3, 7)))
MISFITS = {
    "a single sample": (lambda: affine(X[0], W, b), ["X", "(N, D)", "(5,)", "X[None]"]),
    "W transposed": (lambda: affine(X, W.T, b), ["W", "(3, 5)", "(5, 7)", "(out, in)"]),
    "W not a matrix": (lambda: affine(X, W[0], b), ["W", "(3, 5)", "(5,)"]),
    "b of the inputs": (lambda: affine(X, W, X[0]), ["b", "(7,)", "(7, 5)", "(5,)"]),
    "b with a second axis": (lambda: affine(X, W, b[None]), ["b", "(7,)", "(1, 7)"]),
    "dZ transposed": (lambda: affine_vjp(DZ.T, X, W), ["dZ", "(3, 7)", "(7, 3)"]),
    "dZ of one sample": (lambda: affine_vjp(DZ[0], X, W), ["dZ", "(3, 7)", "(7,)"]),
    "vjp of a misfit layer": (lambda: affine_vjp(DZ, X, W.T), ["W", "(3, 5)", "(5, 7)"]),
    "jvp with VX transposed": (lambda: affine_jvp(X, W, VX=X.T), ["(5, 3)"]),
    "jvp with VX of another batch": (lambda: affine_jvp(X, W, VX=np.ones((2, 5))), ["VX", "(3, 5)", "(2, 5)"]),
    "jvp with one row for all": (lambda: affine_jvp(X, W, VX=np.ones((1, 5))), ["VX", "(3, 5)", "(1, 5)"]),
    "jvp with VW of another layer": (lambda: affine_jvp(X, W, VW=np.ones((2, 5))), ["VW", "(7, 5)", "(2, 5)"]),
    "jvp with one unit for all": (lambda: affine_jvp(X, W, VW=np.ones((1, 5))), ["VW", "(7, 5)", "(1, 5)"]),
    "jvp with a misfit Vb": (lambda: affine_jvp(X, W, Vb=np.ones(5)), ["Vb", "(7,)", "(5,)"]),
    "Jacobian of one sample": (lambda: affine_jacobian_parameters(X[0], 2), ["X", "(N, D)", "(5,)"]),
    "augmented without a column for b": (
        lambda: affine_augmented(X, W),
        ["Wb", "[b | W]", "(M, 6)", "(3, 5)", "(7, 5)"],
    ),
    "augmented with a vector": (lambda: affine_augmented(X, b), ["Wb", "(M, 6)", "(7,)"]),
    "augmented with one sample": (lambda: affine_augmented(X[0], W), ["X", "(N, D)", "(5,)"]),
    "augment one sample": (lambda: augment(X[0]), ["X", "(N, D)", "(5,)"]),
    "the map of a misfit batch": (lambda: affine_map(W, b)(X.T), ["W", "(5, 3)", "(7, 5)"]),
}


@pytest.mark.parametrize(("call", "words"), MISFITS.values(), ids=MISFITS)
def test_a_misfit_is_a_shape_error_that_names_both_shapes(call, words):
    with pytest.raises(ShapeError) as caught:
        call()
    assert [word for word in words if word not in str(caught.value)] == []
