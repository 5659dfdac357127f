"""Counts from widths: the slides' numbers, the printed ones that are wrong, and counting by hand."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.engine import MLP, ShapeError
from coursekit.engine.counts import multiply_adds, n_neurons, n_parameters, n_passes

from .strategies import quick

widths = st.lists(st.integers(1, 6), min_size=2, max_size=6)


def counted_jacobian(sizes, mode, charge_seed):
    """The Jacobian of a chain of matrices by loops over numbers, and how many products of two numbers it took."""
    rng = np.random.default_rng(0)
    matrices = [rng.standard_normal((M, D)) for D, M in pairwise(sizes)]
    n = 0

    def product(P, Q):
        nonlocal n
        R = np.zeros((P.shape[0], Q.shape[1]))
        for i in range(P.shape[0]):
            for j in range(Q.shape[1]):
                for k in range(P.shape[1]):
                    R[i, j] += P[i, k] * Q[k, j]
                    n += 1
        return R

    if mode == "forward":
        J = product(matrices[0], np.eye(sizes[0])) if charge_seed else matrices[0]
        for W in matrices[1:]:
            J = product(W, J)
    else:
        J = product(np.eye(sizes[-1]), matrices[-1]) if charge_seed else matrices[-1]
        for W in matrices[-2::-1]:
            J = product(J, W)
    reference = np.linalg.multi_dot(matrices[::-1]) if len(matrices) > 1 else matrices[0]
    np.testing.assert_allclose(J, reference, rtol=1e-9, atol=1e-12)
    return n


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("charge_seed", [True, False])
@quick
@given(sizes=widths)
def test_multiply_adds_are_those_of_the_loops(mode, charge_seed, sizes):
    assert multiply_adds(sizes, mode, charge_seed=charge_seed) == counted_jacobian(sizes, mode, charge_seed)


@pytest.mark.parametrize(
    ("sizes", "charged", "free"),
    [
        ([4, 8, 6, 4, 2], (448, 224), (320, 208)),
        ([3, 1, 1, 10, 4], (162, 216), (153, 56)),
        ([4, 10, 1, 1, 3], (216, 162), (56, 153)),
    ],
)
def test_the_slides_networks(sizes, charged, free):
    assert (multiply_adds(sizes, "forward"), multiply_adds(sizes, "reverse")) == charged
    modes = ("forward", "reverse")
    assert tuple(multiply_adds(sizes, mode, charge_seed=False) for mode in modes) == free


@quick
@given(widths)
def test_with_charged_seeds_the_ratio_of_the_modes_is_that_of_outputs_to_inputs(sizes):
    assert multiply_adds(sizes, "reverse") * sizes[0] == multiply_adds(sizes, "forward") * sizes[-1]


@quick
@given(widths)
def test_turning_the_network_round_swaps_the_modes(sizes):
    for charge_seed in (True, False):
        assert multiply_adds(sizes, "forward", charge_seed=charge_seed) == multiply_adds(
            sizes[::-1], "reverse", charge_seed=charge_seed
        )


@pytest.mark.parametrize(("D", "M"), [(4, 2), (2, 7)])
def test_passes_are_not_swapped_as_the_slide_prints_them(D, M):
    assert n_passes([D, 5, M], "forward") == D != M
    assert n_passes([D, 5, M], "reverse") == M


@pytest.mark.parametrize(
    ("sizes", "parameters", "neurons", "printed"),
    [([3, 4, 2], 26, 6, 7), ([3, 4, 3, 2], 39, 9, 11), ([4, 8, 6, 4, 2], 132, 20, 23)],
)
def test_parameters_and_neurons_of_the_slides(sizes, parameters, neurons, printed):
    assert n_parameters(sizes) == parameters
    assert n_neurons(sizes) == neurons
    assert neurons + (len(sizes) - 2) == printed  # the hidden bias units counted along, as in the slide's 7


@quick
@given(widths)
def test_parameters_are_those_of_the_network(sizes):
    net = MLP(sizes)
    assert n_parameters(sizes) == len(net.parameters)
    assert n_neurons(sizes) == sum(len(b) for b in net.bs)


@quick
@given(st.integers(1, 30), st.integers(1, 30))
def test_one_hidden_layer_and_one_output(D, M):
    assert n_parameters([D, M, 1]) == M * (D + 2) + 1
    printed = M * (D + 1) + (D + 1)
    assert (n_parameters([D, M, 1]) == printed) == (D == M)


@pytest.mark.parametrize("count", [n_neurons, n_parameters])
@pytest.mark.parametrize("sizes", [[], [3], [3, 0, 2]])
def test_widths_that_are_no_network_are_refused(count, sizes):
    with pytest.raises(ShapeError, match="two or more positive widths"):
        count(sizes)
    with pytest.raises(ShapeError, match="two or more positive widths"):
        multiply_adds(sizes, "forward")
    with pytest.raises(ShapeError, match="two or more positive widths"):
        n_passes(sizes, "reverse")


@pytest.mark.parametrize("count", [multiply_adds, n_passes])
def test_another_mode_is_refused_by_name(count):
    with pytest.raises(ValueError, match='"forward" or "reverse", but is \'auto\''):
        count([3, 2], "auto")
