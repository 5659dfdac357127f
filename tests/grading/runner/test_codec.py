"""Values cross as they are, nothing else does, and no bytes can make the reader do more than refuse them."""

import struct
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from coursekit.grading.runner import codec

NUMBERS = st.sampled_from("?bhiqBHIQefdFD")
ARRAYS = hnp.arrays(NUMBERS.map(np.dtype), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(10**300), 10**300)
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary()
)
VALUES = st.recursive(
    PLAIN | ARRAYS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return repr(a) == repr(b)


@given(VALUES)
def test_values_come_back_as_they_were(value):
    assert same(codec.decode(codec.encode(value)), value)


@pytest.mark.parametrize(
    "value",
    [
        np.float32(0.1),
        np.int8(-3),
        np.bool_(True),
        np.complex64(1j),
        slice(1, None, 2),
        {1, 2},
        float,
        np.float64,
        type,
    ],
    ids=str,
)
def test_numpy_numbers_and_a_few_types_cross(value):
    if value is type:
        with pytest.raises(codec.Unsendable, match="a type cannot cross"):
            codec.encode(value)
    else:
        back = codec.decode(codec.encode(value))
        assert (type(back), back) == (type(value), value)


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_a_generator_goes_on_where_it_was(bits):
    rng = np.random.Generator(bits(7))
    rng.normal(size=3)
    again = codec.decode(codec.encode(rng))
    assert np.array_equal(again.normal(size=5), rng.normal(size=5))


def cyclic():
    value = []
    value.append(value)
    return value


class Sly(np.ndarray):
    pass


@pytest.mark.parametrize(
    "value",
    [object(), print, np.array(["a"]), np.array([None]), np.zeros(2).view(Sly), 1 << 9000, cyclic(), Exception("x")],
    ids=["object", "function", "strings", "objects", "subclass", "huge", "cyclic", "exception"],
)
def test_anything_else_is_refused(value):
    with pytest.raises(codec.Unsendable):
        codec.encode(value)


@settings(max_examples=300)
@given(VALUES, st.data())
def test_damaged_bytes_are_refused_or_read_as_another_value(value, data):
    good = bytearray(codec.encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    with suppress(codec.Malformed):
        codec.decode(bytes(good))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(data):
    with suppress(codec.Malformed):
        codec.decode(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"l" + struct.pack("!Q", 1 << 60),
        b"a" + struct.pack("!BBQ", 3, 1, 0x7F) + b"<f8" + bytes(8),
        b"a" + struct.pack("!BBQQ", 3, 2, 0, 1 << 63) + b"<f8",
        b"a" + struct.pack("!BB", 3, 65) + bytes(8 * 65) + b"<f8" + bytes(8),
        b"a" + struct.pack("!BBQ", 2, 1, 1) + b"|O" + bytes(8),
        b"n" + struct.pack("!BBQ", 3, 1, 1) + b"<f8" + bytes(8),
        b"l" + struct.pack("!Q", 1) * 1 + b"l" * 1,
        (b"l" + struct.pack("!Q", 1)) * 100 + b"N",
        b"y" + struct.pack("!Q", 6) + b"object" + b"N",
        codec.encode(1) + codec.encode(2),
    ],
    ids=[
        "nothing",
        "a long list",
        "a short array",
        "a huge axis",
        "many axes",
        "objects",
        "no number",
        "no end",
        "deep",
        "more",
        "two values",
    ],
)
def test_lies_about_sizes_and_depth_are_refused(data):
    with pytest.raises(codec.Malformed):
        codec.decode(data)


def test_a_result_that_shares_memory_with_an_argument_is_a_view_of_it():
    here = np.arange(12.0).reshape(3, 4)
    there = codec.decode(codec.encode(here))
    for result in (lambda a: a, lambda a: a[1], lambda a: a.T, lambda a: a[::-1, ::2], lambda a: a.reshape(-1)):
        payload = codec.encode(result(there), shared=[there])
        back = codec.decode(payload, shared=[here])
        assert np.array_equal(back, result(here))
        assert np.shares_memory(back, here)
    assert not np.shares_memory(codec.decode(codec.encode(there.copy(), shared=[there]), shared=[here]), here)


@given(st.integers(-200, 200), st.integers(0, 9), st.integers(-80, 80))
def test_no_view_leaves_its_array(offset, length, step):
    here = np.arange(6.0)
    message = b"V" + struct.pack("!QQBBQ", 0, offset % (1 << 64), 3, 1, length % (1 << 64)) + b"<f8"
    message += codec.encode((step,))
    ends = (offset, offset + (length - 1) * step)
    inside = length > 0 and min(ends) >= 0 and max(ends) + 8 <= here.nbytes
    if inside:
        view = codec.decode(message, shared=[here])
        assert view.tobytes() in here.tobytes() * 2 or np.shares_memory(view, here)
    else:
        with pytest.raises(codec.Malformed):
            codec.decode(message, shared=[here])
