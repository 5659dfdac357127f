"""The contract of every map: its four rules tell one story, and ``out`` and the dtype are respected."""

import re

import numpy as np
import pytest
from hypothesis import given

from coursekit.engine import elementwise
from coursekit.engine.maps import nowhere

from .strategies import (
    EVERY_MAP,
    SQUARE,
    agree,
    away_from_zero,
    different_sizes,
    generators,
    numeric_jacobian,
    one_hot_rows,
    quick,
)

every_map = pytest.mark.parametrize("make", EVERY_MAP.values(), ids=EVERY_MAP)
AS_WIDE = {name: make for name, make in EVERY_MAP.items() if name not in {"max", "max of a chain"}}
same_width = pytest.mark.parametrize("make", AS_WIDE.values(), ids=AS_WIDE)
square_map = pytest.mark.parametrize("f", SQUARE.values(), ids=SQUARE)


def at_random(make, sizes, rng, dtype=np.float64):
    """A map with a batch, its output, and vectors for both products."""
    N, D, M = sizes
    f = make(rng, D, M, dtype)
    Z = away_from_zero(rng, (N, D)).astype(dtype)
    A = f.fn(Z)
    return f, Z, A, rng.standard_normal(A.shape).astype(dtype), rng.standard_normal(Z.shape).astype(dtype)


def numeric_rows(f, Z):
    """The numeric Jacobian of each row with respect to itself: (N, M, D)."""
    J = numeric_jacobian(f.fn, Z)
    return np.stack([J[n, :, n] for n in range(len(Z))])


@every_map
@quick
@given(different_sizes(3), generators)
def test_vjp_and_jvp_are_adjoint_in_every_row(make, sizes, rng):
    f, Z, A, U, V = at_random(make, sizes, rng)
    np.testing.assert_allclose((U * f.jvp(V, Z, A)).sum(1), (f.vjp(U, Z, A) * V).sum(1), rtol=1e-12, atol=1e-12)


@every_map
@quick
@given(different_sizes(3), generators)
def test_vjp_is_the_product_with_the_numeric_jacobian_from_the_left(make, sizes, rng):
    f, Z, A, U, _ = at_random(make, sizes, rng)
    assert agree(f.vjp(U, Z, A), np.einsum("nm,nmd->nd", U, numeric_rows(f, Z)))


@every_map
@quick
@given(different_sizes(3), generators)
def test_jvp_is_the_product_with_the_numeric_jacobian_from_the_right(make, sizes, rng):
    f, Z, A, _, V = at_random(make, sizes, rng)
    assert agree(f.jvp(V, Z, A), np.einsum("nmd,nd->nm", numeric_rows(f, Z), V))


@every_map
@quick
@given(different_sizes(3), generators)
def test_jacobian_agrees_with_differences(make, sizes, rng):
    f, Z, A, _, _ = at_random(make, sizes, rng)
    assert agree(f.jacobian(Z, A), numeric_rows(f, Z))


@every_map
@quick
@given(different_sizes(3), generators)
def test_jacobian_rows_are_the_vjp_of_one_hot_rows(make, sizes, rng):
    f, Z, A, _, _ = at_random(make, sizes, rng)
    N, M = A.shape
    rows = [f.vjp(one_hot_rows(N, M, m), Z, A) for m in range(M)]
    np.testing.assert_allclose(f.jacobian(Z, A), np.stack(rows, axis=1), rtol=1e-12, atol=1e-13)


@every_map
@quick
@given(different_sizes(3), generators)
def test_jacobian_columns_are_the_jvp_of_one_hot_rows(make, sizes, rng):
    f, Z, A, _, _ = at_random(make, sizes, rng)
    N, D = Z.shape
    columns = [f.jvp(one_hot_rows(N, D, d), Z, A) for d in range(D)]
    np.testing.assert_allclose(f.jacobian(Z, A), np.stack(columns, axis=2), rtol=1e-12, atol=1e-13)


@every_map
@quick
@given(different_sizes(3), generators)
def test_no_row_of_a_batch_depends_on_another(make, sizes, rng):
    f, Z, A, _, _ = at_random(make, sizes, rng)
    alone = np.concatenate([f.fn(row[None]) for row in Z])
    np.testing.assert_allclose(A, alone, rtol=1e-12, atol=1e-14)


@every_map
@pytest.mark.parametrize("rule", ["vjp", "jvp"])
def test_products_fill_and_return_the_buffer_they_are_given(make, rule):
    f, Z, A, U, V = at_random(make, (3, 5, 7), np.random.default_rng(1))
    given_rows = U if rule == "vjp" else V
    fresh = getattr(f, rule)(given_rows, Z, A)
    buffer = np.full_like(fresh, np.nan)
    assert getattr(f, rule)(given_rows, Z, A, out=buffer) is buffer
    np.testing.assert_array_equal(buffer, fresh)


@every_map
def test_fn_fills_and_returns_the_buffer_it_is_given(make):
    f, Z, A, _, _ = at_random(make, (3, 5, 7), np.random.default_rng(2))
    buffer = np.full_like(A, np.nan)
    assert f.fn(Z, out=buffer) is buffer
    np.testing.assert_array_equal(buffer, A)


@same_width
def test_fn_may_write_over_its_own_input(make):
    f, Z, A, _, _ = at_random(make, (3, 5, 5), np.random.default_rng(3))
    assert f.fn(Z, out=Z) is Z
    np.testing.assert_allclose(Z, A, rtol=1e-15)


@same_width
@pytest.mark.parametrize("rule", ["vjp", "jvp"])
def test_products_may_write_over_the_rows_they_multiply(make, rule):
    f, Z, A, U, _ = at_random(make, (3, 5, 5), np.random.default_rng(4))
    fresh = getattr(f, rule)(U.copy(), Z, A)
    assert getattr(f, rule)(U, Z, A, out=U) is U
    np.testing.assert_allclose(U, fresh, rtol=1e-15)


@every_map
def test_no_rule_changes_its_arguments(make):
    f, Z, A, U, V = at_random(make, (3, 5, 7), np.random.default_rng(5))
    before = [array.copy() for array in (Z, A, U, V)]
    f.fn(Z), f.vjp(U, Z, A), f.jvp(V, Z, A), f.jacobian(Z, A), f.kink(Z)
    for array, copy in zip((Z, A, U, V), before, strict=True):
        np.testing.assert_array_equal(array, copy)


@every_map
def test_the_output_never_shares_memory_with_the_input(make):
    _f, Z, A, _, _ = at_random(make, (3, 5, 7), np.random.default_rng(10))
    assert not np.shares_memory(A, Z)


@every_map
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_rule_keeps_the_dtype(make, dtype):
    f, Z, A, U, V = at_random(make, (3, 5, 7), np.random.default_rng(6), dtype)
    assert {r.dtype for r in (A, f.vjp(U, Z, A), f.jvp(V, Z, A), f.jacobian(Z, A))} == {np.dtype(dtype)}


@every_map
def test_a_map_is_called_like_the_function_it_is(make):
    f, Z, A, _, _ = at_random(make, (3, 5, 7), np.random.default_rng(7))
    np.testing.assert_array_equal(f(Z), A)


@every_map
def test_every_map_names_itself_and_its_slides_or_paper(make):
    f = make(np.random.default_rng(8), 5, 7)
    assert f.name
    assert re.search(r"(CEE616|CEE697M|EECS545|CSC561)-[EC]\d\d|\w+ (et al\.|and \w+) \d{4}", f.source)


@square_map
def test_kink_mask_has_the_shape_of_the_input(f):
    mask = f.kink(np.ones((3, 5)))
    assert mask.shape == (3, 5)
    assert mask.dtype == bool


@square_map
def test_derivative_exists_exactly_where_the_map_acts_on_each_entry_alone(f):
    assert (f.derivative is None) == (f.name in {"softmax", "log_softmax"})


@pytest.mark.parametrize("f", [f for f in SQUARE.values() if f.derivative], ids=lambda f: f.name)
def test_derivative_fills_its_buffer_with_the_diagonal_of_the_jacobian(f):
    Z = away_from_zero(np.random.default_rng(9), (3, 5))
    A = f.fn(Z)
    buffer = np.full_like(Z, np.nan)
    assert f.derivative(Z, A, out=buffer) is buffer
    np.testing.assert_array_equal(buffer, f.jacobian(Z, A).diagonal(axis1=1, axis2=2))
    np.testing.assert_array_equal(buffer, f.derivative(Z, A))


def test_elementwise_makes_all_rules_from_a_function_and_its_derivative():
    cube = elementwise("cube", lambda Z, /, out=None: np.power(Z, 3, out=out), lambda Z, A, /, out=None: 3 * Z**2)
    Z = np.array([[1.0, -2.0, 3.0]])
    G = np.array([[1.0, 10.0, 100.0]])
    np.testing.assert_array_equal(cube.vjp(G, Z, cube.fn(Z)), [[3.0, 120.0, 2700.0]])
    np.testing.assert_array_equal(cube.jvp(G, Z, cube.fn(Z)), [[3.0, 120.0, 2700.0]])
    np.testing.assert_array_equal(cube.jacobian(Z, cube.fn(Z)), np.diag([3.0, 12.0, 27.0])[None])


def test_a_smooth_map_has_no_kink_even_at_zero():
    assert not nowhere(np.zeros((2, 3))).any()
