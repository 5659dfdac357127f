"""Product and max units: inputs that are shared, squared, zero or tied, and errors that say what indices must be."""

import warnings

import numpy as np
import pytest
from hypothesis import given

from coursekit.engine import ShapeError
from coursekit.engine.activations import maximum
from coursekit.engine.units import max_units, product_units, products_of_the_others

from .strategies import agree, generators, numeric_jacobian, quick

both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])
both_kinds = pytest.mark.parametrize("make", [product_units, max_units])


def rows(f, Z):
    J = numeric_jacobian(f.fn, Z)
    return np.stack([J[n, :, n] for n in range(len(Z))])


def test_a_pair_sends_each_input_the_other():
    Z, G = np.array([[3.0, 5.0]]), np.array([[7.0]])
    f = product_units([[0, 1]])
    assert f(Z) == 15
    np.testing.assert_array_equal(f.vjp(G, Z, f(Z)), [[35, 21]])


def test_a_squared_input_counts_twice_and_a_cube_three_times():
    Z = np.array([[3.0, 5.0]])
    f = product_units([[0, 0, 0], [1, 1, 0]])
    np.testing.assert_array_equal(f(Z), [[27, 75]])
    np.testing.assert_array_equal(f.jacobian(Z, f(Z)), [[[27, 0], [25, 30]]])


def test_an_input_shared_by_two_units_receives_both_contributions():
    Z = np.array([[3.0, 5.0, 7.0]])
    f = product_units([[0, 1], [0, 2]])
    np.testing.assert_array_equal(f.vjp(np.array([[1.0, 10.0]]), Z, f(Z)), [[75, 3, 30]])


def test_an_input_that_feeds_no_unit_receives_zero():
    Z = np.ones((2, 3))
    f = product_units([[0, 2]])
    np.testing.assert_array_equal(f.vjp(np.ones((2, 1)), Z, f(Z), out=np.full_like(Z, np.nan)), [[1, 0, 1]] * 2)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [([0, 5, 7], [35, 0, 0]), ([0, 0, 7], [0, 0, 0]), ([0, 0, 0], [0, 0, 0]), ([2, 0, 7], [0, 14, 0])],
)
def test_inputs_of_zero_are_exact_and_silent(inputs, expected):
    Z = np.array([inputs], float)
    f = product_units([[0, 1, 2]])
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(f.vjp(np.ones((1, 1)), Z, f(Z)), [expected])


@quick
@given(generators)
def test_any_table_agrees_with_differences_even_with_zeros(rng):
    Z = rng.standard_normal((3, 5)) * rng.integers(2, size=(3, 5))
    f = product_units(rng.integers(5, size=(7, 4)))
    assert agree(f.jacobian(Z, f(Z)), rows(f, Z))
    G = rng.standard_normal((3, 7))
    assert agree(f.vjp(G, Z, f(Z)), np.einsum("nm,nmd->nd", G, rows(f, Z)))


@pytest.mark.parametrize("P", [1, 2, 3, 5])
def test_products_of_the_others_leave_out_one(P):
    chosen = np.random.default_rng(P).standard_normal((2, 3, P))
    expected = np.stack([np.delete(chosen, p, axis=-1).prod(axis=-1) for p in range(P)], axis=-1)
    np.testing.assert_allclose(products_of_the_others(chosen), expected, rtol=1e-14)


def test_a_gate_multiplies_two_halves():
    Z = np.array([[2.0, 3.0, 5.0, 7.0]])
    f = product_units([[0, 2], [1, 3]])
    np.testing.assert_array_equal(f(Z), [[10, 21]])
    np.testing.assert_array_equal(f.vjp(np.ones((1, 2)), Z, f(Z)), [[5, 7, 2, 3]])


@quick
@given(generators)
def test_max_units_over_all_inputs_are_the_max(rng):
    Z = rng.integers(4, size=(3, 5)).astype(float)
    f = max_units([range(5)])
    A = f(Z)
    np.testing.assert_array_equal(A, maximum(Z))
    np.testing.assert_array_equal(f.jacobian(Z, A), maximum.jacobian(Z, A))
    np.testing.assert_array_equal(f.kink(Z), maximum.kink(Z))


def test_max_units_of_all_pairs_add_up_what_a_winner_receives():
    Z = np.array([[3.0, 5.0, 4.0]])
    f = max_units([[0, 1], [0, 2], [1, 2]])
    np.testing.assert_array_equal(f(Z), [[5, 4, 5]])
    np.testing.assert_array_equal(f.vjp(np.array([[1.0, 10.0, 100.0]]), Z, f(Z)), [[0, 101, 10]])


def test_the_first_of_tied_inputs_in_the_units_own_order_wins():
    Z = np.array([[2.0, 2.0, 1.0]])
    f = max_units([[0, 1], [1, 0]])
    np.testing.assert_array_equal(f.jacobian(Z, f(Z)), [[[1, 0, 0], [0, 1, 0]]])
    np.testing.assert_array_equal(f.kink(Z), [[True, True, False]])


def test_an_input_repeated_to_fill_its_row_is_no_tie():
    Z = np.array([[2.0, 2.0, 1.0]])
    f = max_units([[0, 0], [1, 2]])
    np.testing.assert_array_equal(f.jacobian(Z, f(Z)), [[[1, 0, 0], [0, 1, 0]]])
    assert not f.kink(Z).any()


def test_products_have_no_kink():
    assert not product_units([[0, 0]]).kink(np.zeros((2, 3))).any()


@both_kinds
@both_dtypes
def test_huge_inputs_stay_finite_and_silent(make, dtype):
    Z = np.array([[1000, -1000, 0], [-1000, -1000, -1000], [1000, 1000, 1000]], dtype)
    f = make([[0, 1, 2], [0, 0, 1]])
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        A = f(Z)
        results = [A, f.vjp(np.ones_like(A), Z, A), f.jvp(np.ones_like(Z), Z, A), f.jacobian(Z, A)]
    assert all(np.isfinite(result).all() and result.dtype == dtype for result in results)


@both_kinds
def test_the_table_is_copied(make):
    table = np.array([[0, 1]])
    f, Z = make(table), np.array([[2.0, 3.0, 5.0]])
    before = f(Z)
    table[:] = 2
    np.testing.assert_array_equal(f(Z), before)


BAD_TABLES = {
    "one unit without its brackets": ([0, 1], ShapeError, ["indices", "(units, inputs of a unit)", "(2,)"]),
    "no units": (np.empty((0, 2), int), ShapeError, ["indices", "(0, 2)"]),
    "units without inputs": ([[], []], ShapeError, ["indices", "(2, 0)"]),
    "rows of different length": ([[0, 1], [2]], ShapeError, ["indices", "differ in length"]),
    "fractions": ([[0.0, 1.0]], ValueError, ["indices", "integers", "float64"]),
    "a mask": ([[True, False]], ValueError, ["indices", "integers", "bool"]),
    "counted from the end": ([[0, -1]], ValueError, ["indices", "from 0", "-1"]),
}


@both_kinds
@pytest.mark.parametrize(("table", "error", "words"), BAD_TABLES.values(), ids=BAD_TABLES)
def test_a_bad_table_is_refused_at_once(make, table, error, words):
    with pytest.raises(error) as caught:
        make(table)
    assert [word for word in words if word not in str(caught.value)] == []


@both_kinds
def test_indices_beyond_the_inputs_are_named(make):
    with pytest.raises(ShapeError, match=r"reach input 3, but Z of shape \(2, 3\) has inputs 0 to 2"):
        make([[0, 3]])(np.ones((2, 3)))


@both_kinds
def test_a_single_sample_is_not_a_batch(make):
    with pytest.raises(ShapeError, match=r"Z must be a batch .* \(3,\)"):
        make([[0, 1]])(np.ones(3))
