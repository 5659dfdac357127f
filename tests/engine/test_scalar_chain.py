"""Networks of width one: the same numbers as an MLP of width one, and the factors that the slides write out."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.engine import ShapeError, backward, forward, identity, relu, sigmoid, softmax, tanh
from coursekit.engine.influence import InfluenceGraph, total_derivatives
from coursekit.engine.scalar_chain import (
    local_derivatives,
    n_local_derivatives,
    scalar_backward,
    scalar_forward,
    weight_factors,
)

from .strategies import agree, away_from_zero, generators, numeric_gradient, quick

depths = st.integers(1, 6)
hidden = st.sampled_from([tanh, sigmoid, identity])
outputs = st.sampled_from([identity, sigmoid, tanh])


def chain(L, rng, dtype=float):
    x, *rest = away_from_zero(rng, (2 * L + 1,)).astype(dtype)
    return float(x), np.array(rest[:L], dtype), np.array(rest[L:], dtype)


@quick
@given(depths, hidden, outputs, generators)
def test_the_chain_is_an_mlp_of_width_one(L, activation, output, rng):
    x, w, b = chain(L, rng)
    Ws, bs = [v.reshape(1, 1) for v in w], [v.reshape(1) for v in b]
    maps = [activation] * (L - 1) + [output]
    reference = forward(np.array([[x]]), Ws, bs, maps)
    run = scalar_forward(x, w, b, activation=activation, output=output)
    np.testing.assert_allclose(run.z, np.ravel(reference.Z), rtol=1e-13)
    np.testing.assert_allclose(run.a, np.ravel(reference.A), rtol=1e-13)
    expected = backward(np.array([[1.7]]), reference, Ws, maps)
    got = scalar_backward(1.7, run, w, activation=activation, output=output)
    np.testing.assert_allclose(got.dw, np.ravel(expected.dWs), rtol=1e-12)
    np.testing.assert_allclose(got.db, np.ravel(expected.dbs), rtol=1e-12)
    np.testing.assert_allclose(got.dz, np.ravel(expected.dZs), rtol=1e-12)
    np.testing.assert_allclose(got.da[0], expected.dX[0, 0], rtol=1e-12)
    assert got.da[-1] == 1.7


@quick
@given(depths, hidden, outputs, generators)
def test_gradients_agree_with_differences_of_the_squared_error(L, activation, output, rng):
    x, w, b = chain(L, rng)
    y = 0.3
    maps = {"activation": activation, "output": output}

    def cost(w, b):
        return float((scalar_forward(x, w, b, **maps).a[-1] - y) ** 2)

    run = scalar_forward(x, w, b, **maps)
    got = scalar_backward(2 * (run.a[-1] - y), run, w, **maps)
    assert agree(got.dw, numeric_gradient(lambda v: cost(v, b), w))
    assert agree(got.db, numeric_gradient(lambda v: cost(w, v), b))


@quick
@given(depths, hidden, outputs, generators)
def test_each_gradient_is_the_product_of_its_factors(L, activation, output, rng):
    x, w, b = chain(L, rng)
    maps = {"activation": activation, "output": output}
    run = scalar_forward(x, w, b, **maps)
    local = local_derivatives(run, w, **maps)
    got = scalar_backward(0.9, run, w, **maps)
    for layer in range(1, L + 1):
        factors = weight_factors(0.9, local, layer)
        assert len(factors) == 2 * (L - layer) + 3
        np.testing.assert_allclose(got.dw[layer - 1], np.prod(factors), rtol=1e-12)
        np.testing.assert_allclose(got.db[layer - 1], np.prod(factors[:-1]), rtol=1e-12)


@quick
@given(depths)
def test_counts_are_those_of_the_distinct_and_of_all_factors(L):
    w = np.arange(1.0, L + 1)
    local = local_derivatives(scalar_forward(0.5, w, w), w)
    lists = [weight_factors(1.0, local, layer) for layer in range(1, L + 1)]
    assert n_local_derivatives(L, shared=False) == sum(len(factors) for factors in lists)
    # One list is the prefix of the next up to its last factor, which is why sharing saves.
    for longer, shorter in pairwise(lists):
        assert longer[: len(shorter) - 1] == shorter[:-1]
    new = [len(lists[-1])] + [len(longer) - (len(shorter) - 1) for longer, shorter in pairwise(lists)]
    assert n_local_derivatives(L, shared=True) == sum(new)


def test_the_counts_of_the_slide():
    assert n_local_derivatives(3, shared=True) == 9
    assert n_local_derivatives(3, shared=False) == 15


@quick
@given(depths, generators)
def test_a_weight_gradient_is_its_bias_gradient_times_the_activation_below(L, rng):
    x, w, b = chain(L, rng)
    run = scalar_forward(x, w, b)
    got = scalar_backward(1.0, run, w)
    np.testing.assert_array_equal(got.dw, got.db * run.a[:-1])


@quick
@given(generators)
def test_the_logistic_derivative_printed_for_an_identity_output_shrinks_the_gradient(rng):
    x, w, b = chain(3, rng)
    run = scalar_forward(x, w, b)
    got = scalar_backward(2.0, run, w)
    assert got.db[-1] == 2.0
    z = run.z[-1:]
    printed = 2.0 * sigmoid.derivative(z, sigmoid(z))[0]
    assert printed <= got.db[-1] / 4


def test_already_updated_weights_give_another_gradient_below():
    x, w, b = chain(3, np.random.default_rng(1))
    run = scalar_forward(x, w, b)
    updated = w.copy()
    updated[-1] *= 1.5
    old, new = scalar_backward(1.0, run, w), scalar_backward(1.0, run, updated)
    np.testing.assert_allclose(new.dw[:2], old.dw[:2] * 1.5, rtol=1e-12)
    assert new.dw[2] == old.dw[2]


@quick
@given(depths, generators)
def test_the_local_derivatives_are_the_labels_of_an_influence_graph(L, rng):
    x, w, b = chain(L, rng)
    run = scalar_forward(x, w, b)
    local = local_derivatives(run, w)
    edges = [(f"a{L}", "C", 0.7)]
    for layer in range(1, L + 1):
        edges += [
            (f"z{layer}", f"a{layer}", local.da_dz[layer - 1]),
            (f"w{layer}", f"z{layer}", local.dz_dw[layer - 1]),
            (f"a{layer - 1}", f"z{layer}", local.dz_da[layer - 1]),
        ]
    totals = total_derivatives(InfluenceGraph(edges), "C")
    got = scalar_backward(0.7, run, w)
    np.testing.assert_allclose([totals[f"w{layer}"] for layer in range(1, L + 1)], got.dw, rtol=1e-12)
    np.testing.assert_allclose([totals[f"a{layer}"] for layer in range(L + 1)], got.da, rtol=1e-12)


def test_float32_is_kept_and_whole_numbers_become_floats():
    x, w, b = chain(3, np.random.default_rng(2), np.float32)
    run = scalar_forward(x, w, b)
    assert {v.dtype for v in (*run, *scalar_backward(1.0, run, w))} == {np.dtype(np.float32)}
    whole = np.array([1, -2])
    np.testing.assert_allclose(scalar_forward(0.5, whole, whole).a[-1], -2 * np.tanh(1.5) - 2)


def test_nothing_that_is_returned_shares_memory_with_the_weights_or_itself():
    x, w, b = chain(3, np.random.default_rng(3))
    run = scalar_forward(x, w, b)
    arrays = [w, b, *run, *local_derivatives(run, w), *scalar_backward(1.0, run, w)]
    assert not any(np.shares_memory(p, q) for i, p in enumerate(arrays) for q in arrays[:i])


def test_a_dead_relu_sends_nothing_down():
    run = scalar_forward(1.0, np.array([-1.0, 2.0]), np.zeros(2), activation=relu)
    got = scalar_backward(1.0, run, np.array([-1.0, 2.0]), activation=relu)
    np.testing.assert_array_equal(got.dw, [0, 0])
    np.testing.assert_array_equal(got.db, [0, 1])


@pytest.mark.parametrize("shapes", [((2,), (3,)), ((0,), (0,)), ((2, 1), (2, 1))])
def test_weights_and_biases_of_other_shapes_are_refused(shapes):
    with pytest.raises(ShapeError, match="vectors of one length L >= 1, but have shapes"):
        scalar_forward(1.0, np.ones(shapes[0]), np.ones(shapes[1]))


def test_what_is_no_layer_and_no_activation_of_one_neuron_is_refused():
    run = scalar_forward(1.0, np.ones(2), np.ones(2))
    with pytest.raises(ValueError, match="elementwise activation, but softmax is not"):
        scalar_backward(1.0, run, np.ones(2), output=softmax)
    for layer in (0, 3):
        with pytest.raises(ValueError, match=rf"one of 1\.\.2, but is {layer}"):
            weight_factors(1.0, local_derivatives(run, np.ones(2)), layer)
    with pytest.raises(ValueError, match="at least one layer, but L is 0"):
        n_local_derivatives(0, shared=True)
