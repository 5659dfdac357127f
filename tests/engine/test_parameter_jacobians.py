"""Jacobians by the parameters: differences, the Kronecker form, and the gradients of a backward pass."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from coursekit.engine import affine_jacobian_parameters, backward, forward, sigmoid, softmax, tanh
from coursekit.engine.parameter_jacobians import jacobian_parameters

from .strategies import agree, different_sizes, generators, numeric_jacobian, quick


def network(sizes, rng):
    """A batch X and three layers of widths that differ pairwise: tanh, sigmoid, softmax."""
    N, *widths = sizes
    Ws = [rng.standard_normal((M, D)) for D, M in pairwise(widths)]
    bs = [rng.standard_normal(len(W)) for W in Ws]
    return rng.standard_normal((N, widths[0])), Ws, bs, [tanh, sigmoid, softmax]


@quick
@given(different_sizes(5), generators)
def test_they_agree_with_differences_in_the_row_major_vec(sizes, rng):
    X, Ws, bs, maps = network(sizes, rng)
    for layer in (1, 2, 3):

        def by_W(W, layer=layer):
            return forward(X, [*Ws[: layer - 1], W, *Ws[layer:]], bs, maps).A[-1].ravel()

        def by_b(b, layer=layer):
            return forward(X, Ws, [*bs[: layer - 1], b, *bs[layer:]], maps).A[-1].ravel()

        J = jacobian_parameters(X, Ws, bs, maps, layer)
        W = Ws[layer - 1]
        assert agree(J.W, numeric_jacobian(by_W, W).reshape(len(X), -1, W.size))
        assert agree(J.b, numeric_jacobian(by_b, bs[layer - 1]).reshape(len(X), -1, len(W)))


@quick
@given(different_sizes(5), generators)
def test_they_are_the_kronecker_form_below_the_jacobian_by_z(sizes, rng):
    X, Ws, bs, maps = network(sizes, rng)
    run = forward(X, Ws, bs, maps)
    for layer in (1, 2, 3):
        J = jacobian_parameters(X, Ws, bs, maps, layer)
        kronecker = affine_jacobian_parameters(run.A[layer - 1], len(Ws[layer - 1]))
        np.testing.assert_allclose(J.W, J.b @ kronecker, rtol=1e-12, atol=1e-15)


@quick
@given(different_sizes(5), generators)
def test_a_backward_pass_is_the_row_times_them(sizes, rng):
    X, Ws, bs, maps = network(sizes, rng)
    U = rng.standard_normal((len(X), sizes[-1]))
    gradients = backward(U, forward(X, Ws, bs, maps), Ws, maps)
    for layer in (1, 2, 3):
        J = jacobian_parameters(X, Ws, bs, maps, layer)
        vec = np.einsum("nm,nmp->p", U, J.W)
        np.testing.assert_allclose(vec.reshape(Ws[layer - 1].shape), gradients.dWs[layer - 1], rtol=1e-10, atol=1e-13)
        db = np.einsum("nm,nmp->p", U, J.b)
        np.testing.assert_allclose(db, gradients.dbs[layer - 1], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("layer", [0, 4])
def test_another_layer_is_refused(layer):
    with pytest.raises(ValueError, match=rf"one of 1\.\.3, but is {layer}"):
        jacobian_parameters(*network((2, 3, 5, 7, 11), np.random.default_rng(0)), layer)
