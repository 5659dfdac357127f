"""The sweeps of either mode: what is shared by the samples, what is counted, and which mode is the cheaper."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from coursekit.engine import Map, affine_map, compose, jacobian, sigmoid, softmax, tanh
from coursekit.engine.modes import Step, cheaper_mode, forward_sweep, reverse_sweep, sweep_multiply_adds

from .strategies import EVERY_MAP, agree, away_from_zero, different_sizes, generators, numeric_jacobian, quick


def dense(sizes, rng):
    """A chain of affine maps of these widths."""
    return tuple(affine_map(rng.standard_normal((M, D))) for D, M in pairwise(sizes))


def steps_of(maps, X):
    steps = []
    for f in maps:
        steps.append(Step(f, X, f(X)))
        X = steps[-1].after
    return steps


@pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])
@pytest.mark.parametrize("middle", EVERY_MAP)
@quick
@given(sizes=different_sizes(3), rng=generators)
def test_every_map_is_carried_between_two_others(middle, mode, sizes, rng):
    N, D, M = sizes
    f = EVERY_MAP[middle](rng, D, M)
    X = away_from_zero(rng, (N, D))
    last = affine_map(rng.standard_normal((4, f(X).shape[1])))
    # relu stands first, where its inputs are known to be away from zero.
    maps = (tanh, f, last) if "relu" not in middle else (f, tanh, last)
    J = numeric_jacobian(compose(*maps).fn, X)
    assert agree(jacobian(maps, X, mode), np.stack([J[n, :, n] for n in range(N)]))


@pytest.mark.parametrize("sweep", [forward_sweep, reverse_sweep])
def test_a_chain_of_affine_maps_has_one_jacobian_for_all_samples(sweep):
    rng = np.random.default_rng(5)
    W, U, V = rng.standard_normal((5, 3)), rng.standard_normal((7, 5)), rng.standard_normal((2, 7))
    J = sweep(steps_of((affine_map(W), affine_map(U), affine_map(V)), rng.standard_normal((11, 3))))
    assert J.shape == (11, 2, 3)
    assert J.strides[0] == 0
    np.testing.assert_allclose(J[10], V @ U @ W, rtol=1e-13)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("N", [1, 2, 3])
def test_a_map_whose_jacobian_differs_by_sample_is_not_taken_for_a_constant_one(N, mode):
    X = np.random.default_rng(6).standard_normal((N, 3))
    maps = (sigmoid, softmax, compose(tanh, softmax), softmax)
    J = numeric_jacobian(compose(*maps).fn, X)
    assert agree(jacobian(maps, X, mode), np.stack([J[n, :, n] for n in range(N)]))


@pytest.mark.parametrize("sweep", [forward_sweep, reverse_sweep])
def test_a_jacobian_that_is_a_view_for_one_sample_is_not_taken_for_a_constant_one(sweep):
    def view(Z, A):
        J = softmax.jacobian(Z, A)
        return np.broadcast_to(J, J.shape)

    X = np.random.default_rng(10).standard_normal((3, 4))
    viewed = softmax._replace(jacobian=view)
    assert view(X[:1], softmax(X[:1])).strides[0] == 0
    expected = sweep(steps_of((softmax, softmax, softmax), X))
    np.testing.assert_allclose(sweep(steps_of((viewed, viewed, viewed), X)), expected, rtol=1e-12)


@pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])
def test_an_empty_batch_has_an_empty_jacobian(mode):
    maps = (affine_map(np.ones((5, 3))), tanh, affine_map(np.ones((5, 5))), sigmoid, affine_map(np.ones((7, 5))))
    assert jacobian(maps, np.ones((0, 3)), mode).shape == (0, 7, 3)


class Products:
    """Wraps a map and counts the rows that its products are asked for."""

    def __init__(self, f: Map) -> None:
        self.rows = 0

        def counted(rule):
            def product(G, Z, A, /, out=None):
                self.rows += len(G)
                return rule(G, Z, A, out=out)

            return product

        # Without its matrix the map is carried by its own rules.
        self.map = f._replace(vjp=counted(f.vjp), jvp=counted(f.jvp), matrix=None)


@pytest.mark.parametrize(("D", "M"), [(4, 2), (2, 7)])
def test_forward_takes_one_product_per_input_and_reverse_one_per_output(D, M):
    rng = np.random.default_rng(7)
    first, middle, last = (Products(f) for f in dense((D, 5, 3, M), rng))
    steps = steps_of((first.map, middle.map, last.map), rng.standard_normal((1, D)))
    forward_sweep(steps)
    assert (first.rows, middle.rows, last.rows) == (0, D, D)
    reverse_sweep(steps)
    assert (first.rows, middle.rows, last.rows) == (M, D + M, D)


def test_the_counts_of_a_sweep():
    products = [2, 30, 500]
    assert sweep_multiply_adds(products, 3, 7, "forward", charge_seed=True) == 3 * 532
    assert sweep_multiply_adds(products, 3, 7, "forward", charge_seed=False) == 3 * 530
    assert sweep_multiply_adds(products, 3, 7, "reverse", charge_seed=True) == 7 * 532
    assert sweep_multiply_adds(products, 3, 7, "reverse", charge_seed=False) == 7 * 32


@pytest.mark.parametrize(
    ("sizes", "mode"),
    [
        ((4, 8, 6, 4, 2), "reverse"),
        ((2, 8, 6, 4, 7), "forward"),
        ((3, 1, 1, 10, 4), "reverse"),
        ((4, 10, 1, 1, 3), "forward"),
        ((5, 3), "reverse"),
    ],
)
def test_the_cheaper_mode_counts_free_seeds_and_not_only_inputs_and_outputs(sizes, mode):
    rng = np.random.default_rng(8)
    assert cheaper_mode(steps_of(dense(sizes, rng), rng.standard_normal((1, sizes[0])))) == mode


def test_an_elementwise_map_costs_its_width_alone():
    rng = np.random.default_rng(9)
    first, second, third = dense((3, 1, 10, 4), rng)
    steps = steps_of((first, second, tanh, third), rng.standard_normal((1, 3)))
    # Forward 3 (10 + 10 + 40) = 180, reverse 4 (3 + 10 + 10) = 92; a tanh of 100 would make it 450 and 452.
    assert cheaper_mode(steps) == "reverse"
