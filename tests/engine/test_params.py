"""Parameters: one flat vector and named views that are the same memory."""

import numpy as np
import pytest

from coursekit.engine import Parameters, ShapeError, mlp_shapes

SHAPES = {"W1": (3, 2), "b1": (3,), "scale": (), "W2": (5, 3)}


def test_flat_holds_every_entry_once_in_the_order_of_the_names():
    parameters = Parameters(SHAPES, np.arange(25.0))
    assert len(parameters) == 25
    np.testing.assert_array_equal(parameters["W1"], np.arange(6.0).reshape(3, 2))
    np.testing.assert_array_equal(parameters["b1"], [6, 7, 8])
    assert parameters["scale"] == 9
    np.testing.assert_array_equal(parameters["W2"], np.arange(10.0, 25).reshape(5, 3))


@pytest.mark.parametrize("name", SHAPES)
def test_writing_to_a_view_writes_to_the_flat_vector(name):
    parameters = Parameters(SHAPES)
    parameters[name][...] = 7
    assert np.count_nonzero(parameters.flat == 7) == np.prod(SHAPES[name])


@pytest.mark.parametrize("name", SHAPES)
def test_writing_to_the_flat_vector_writes_to_every_view(name):
    parameters = Parameters(SHAPES)
    view = parameters[name]
    parameters.flat[:] = 7
    assert (view == 7).all()


def test_assignment_copies_into_the_view():
    parameters = Parameters(SHAPES)
    view, value = parameters["b1"], np.array([1.0, 2.0, 3.0])
    parameters["b1"] = value
    value[:] = 0
    np.testing.assert_array_equal(view, [1, 2, 3])


def test_in_place_arithmetic_reaches_the_flat_vector():
    parameters = Parameters(SHAPES)
    parameters["b1"] += 2
    assert parameters.flat.sum() == 6


def test_a_given_vector_is_used_and_not_copied():
    flat = np.zeros(25)
    Parameters(SHAPES, flat)["W2"][...] = 1
    assert flat.sum() == 15


def test_parameters_start_at_zero_in_the_dtype_asked_for():
    parameters = Parameters(SHAPES, dtype=np.float32)
    assert parameters["W1"].dtype == np.float32
    assert not parameters.flat.any()


def test_assignment_does_not_broadcast():
    with pytest.raises(ShapeError, match=r"W1 must have shape \(3, 2\), but the value has \(2,\)"):
        Parameters(SHAPES)["W1"] = np.ones(2)


def test_a_vector_of_another_length_is_refused_with_both_shapes():
    with pytest.raises(ShapeError, match=r"\(25,\).*but has \(24,\)"):
        Parameters(SHAPES, np.zeros(24))


@pytest.mark.parametrize("use", [lambda p: p["W9"], lambda p: p.__setitem__("W9", 1.0)], ids=["get", "set"])
def test_an_unknown_name_is_a_key_error(use):
    with pytest.raises(KeyError, match="W9"):
        use(Parameters(SHAPES))


def test_repr_shows_the_number_of_parameters_and_every_shape():
    assert repr(Parameters({"W1": (3, 2), "b1": (3,)})) == "Parameters(9: W1 (3, 2), b1 (3,))"


def test_shapes_of_an_mlp_are_out_by_in_layer_by_layer():
    assert list(mlp_shapes([2, 3, 5]).items()) == [("W1", (3, 2)), ("b1", (3,)), ("W2", (5, 3)), ("b2", (5,))]


def test_layers_of_one_unit_are_layers():
    assert list(mlp_shapes([1, 1]).values()) == [(1, 1), (1,)]


@pytest.mark.parametrize("sizes", [[], [4], [4, 0, 2], [4, -1]])
def test_widths_that_make_no_network_are_refused_and_named(sizes):
    with pytest.raises(ShapeError) as caught:
        mlp_shapes(sizes)
    assert str(sizes) in str(caught.value)


def test_parameters_survive_a_file(tmp_path):
    saved = Parameters(mlp_shapes([3, 4, 2]), dtype=np.float32)
    saved.flat[...] = np.random.default_rng(0).standard_normal(len(saved))
    saved.save(tmp_path / "net.npz")
    loaded = Parameters.load(tmp_path / "net.npz")
    assert loaded.shapes == saved.shapes
    assert loaded.flat.dtype == np.float32
    np.testing.assert_array_equal(loaded.flat, saved.flat)
    np.testing.assert_array_equal(loaded["W2"], saved["W2"])
    assert [path.name for path in tmp_path.iterdir()] == ["net.npz"]


def test_a_file_of_another_kind_is_refused_and_never_executed(tmp_path):
    path = tmp_path / "net.npz"
    for write in (
        lambda: path.write_bytes(b"not a zip file"),
        lambda: np.savez(path, W1=np.array([{"a": 1}], dtype=object)),
        lambda: np.savez(path, W1=np.array([1, 2])),
        lambda: np.savez(path),
    ):
        write()
        with pytest.raises(ValueError, match=r"net.npz (is not a file of|holds no) parameters"):
            Parameters.load(path)
