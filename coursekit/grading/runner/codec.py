"""Values as bytes and back, for a reader who does not trust the writer.

What crosses: None, bool, int, float, complex, str, bytes, slice, range, tuple, list, dict, set, frozenset, Fraction,
Counter, OrderedDict, defaultdict, plain named tuples, numpy scalars, exact arrays of numbers, random generators by
their state, and the types in ``TYPES`` by name. Anything else, instances of subclasses included, is handed to
``refer``, which may stand a number in for it. Nothing is ever imported or called because the bytes say so.
"""

import math
import re
import struct
from collections import Counter, OrderedDict, defaultdict, namedtuple
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

DEPTH = 60
INTEGER_BYTES = 1024
# Bytes of an array up to which a copy is quicker than a view.
COPIED = 4096
SIZE, WORD, REAL, COMPLEX = map(struct.Struct, ("!Q", "!q", "!d", "!dd"))
# An array begins with the length of its dtype's name and the number of its axes, the shape, and the name.
DIMENSIONS = 64
SHAPES = [struct.Struct(f"!BB{axes}Q") for axes in range(DIMENSIONS + 1)]
NUMBERS = "biufc"
DTYPE = re.compile(rb"[<>|=][biufc]\d{1,2}")
GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
TYPES: dict[str, type] = {
    **{kind.__name__: kind for kind in (bool, int, float, complex, str, bytes, tuple, list, dict, set, object)},
    **{f"numpy.{name}": getattr(np, name) for name in ("ndarray", "generic", "floating", "integer", "bool_")},
    **{f"numpy.{size}": np.dtype(size).type for size in ("float16", "float32", "float64", "complex64", "complex128")},
    **{f"numpy.{sign}int{bits}": np.dtype(f"{sign}int{bits}").type for sign in ("", "u") for bits in (8, 16, 32, 64)},
}
NAMES = {kind: name for name, kind in TYPES.items()}
# What a class has that ``namedtuple`` or ``NamedTuple`` made, apart from its fields.
NAMED_TUPLE = frozenset(vars(namedtuple("Empty", ()))) | {"__annotations__", "__orig_bases__", "__replace__"}

Array = NDArray[Any]
Piece = bytes | bytearray | memoryview


class Pieces(list[Piece]):
    """A value whose bytes are known: inside another value it crosses as it is, and arrives as a view of its bytes."""


class Unsendable(ValueError):
    """A value that cannot cross: the message says which and why."""


class Malformed(ValueError):
    """Bytes that are no message of this codec."""


class Reference(NamedTuple):
    """What ``refer`` answers and ``resolve`` is asked: a kind, a number, and a name for people."""

    kind: str
    number: int
    name: str


Refer = Callable[[Any], Reference | None]
Resolve = Callable[[Reference], Any]


def refuse(value: Any) -> Reference | None:
    """The default of ``refer``: nothing but values crosses."""
    return None


def encode(
    value: Any, refer: Refer = refuse, arrays: list[Array] | None = None, shared: list[Array] | None = None
) -> bytes:
    """The bytes of a value. Raises Unsendable.

    ``arrays`` collects the arrays met, in order; an array that shares its memory with one of ``shared`` is sent as a
    view of that.
    """
    return b"".join(pieces(value, refer, arrays, shared))


def pieces(
    value: Any, refer: Refer = refuse, arrays: list[Array] | None = None, shared: list[Array] | None = None
) -> Pieces:
    """The bytes of a value as ``encode`` joins them; large ones are not copied and change with their array."""
    writer = _Writer(refer, [] if arrays is None else arrays, shared or [])
    writer.write(value, 0)
    return writer.out


def unchanged(value: Any, before: Piece, refer: Refer = refuse) -> bool:
    """Does a value still have the bytes that it had before? False also where it has become unsendable."""
    try:
        now = pieces(value, refer)
    except Unsendable:
        return False
    if sum(map(len, now)) != len(before):
        return False
    start, held = 0, memoryview(before)
    for piece in now:
        then = held[start : start + len(piece)]
        alike = then == piece if len(piece) <= COPIED else np.array_equal(_numbers(then), _numbers(piece))
        if not alike:
            return False
        start += len(piece)
    return True


def _numbers(piece: Piece) -> Array:
    return np.frombuffer(piece, np.uint8)


class _Writer:
    def __init__(self, refer: Refer, arrays: list[Array], shared: list[Array]) -> None:
        self.out = Pieces()
        self.refer, self.arrays, self.shared = refer, arrays, shared

    def write(self, value: Any, depth: int) -> None:
        if depth > DEPTH:
            raise Unsendable("a value is nested too deeply, or contains itself")
        kind = type(value)
        write = _WRITERS.get(kind)
        if write is not None:
            write(self, value, depth)
        elif is_named_tuple(kind):
            self.named_tuple(value, depth)
        elif kind in _SCALARS and value.dtype.kind in NUMBERS:
            self.out.append(b"n" + _header(value.dtype, ()) + value.tobytes())
        elif isinstance(value, type) and NAMES.get(value):
            self.text(b"y", NAMES[value].encode())
        else:
            self.reference(value, depth)

    def reference(self, value: Any, depth: int) -> None:
        reference = self.refer(value)
        if reference is None:
            raise Unsendable(f"a {type(value).__name__} cannot cross between the processes")
        self.out.append(b"h")
        for entry in (reference.kind, reference.number, reference.name):
            self.write(entry, depth + 1)

    def text(self, tag: bytes, content: bytes) -> None:
        self.out.append(tag + SIZE.pack(len(content)) + content)

    def pieces(self, value: Pieces, depth: int) -> None:
        self.out.append(b"p" + SIZE.pack(sum(map(len, value))))
        self.out += value

    def many(self, tag: bytes, entries: Any, depth: int) -> None:
        self.out.append(tag + SIZE.pack(len(entries)))
        for entry in entries:
            self.write(entry, depth + 1)

    def integer(self, value: int, depth: int) -> None:
        if -(1 << 63) <= value < 1 << 63:
            self.out.append(b"j" + WORD.pack(value))
            return
        size = value.bit_length() // 8 + 1
        if size > INTEGER_BYTES:
            raise Unsendable(f"an integer of {value.bit_length()} bits is too large to cross")
        self.text(b"i", value.to_bytes(size, "big", signed=True))

    def mapping(self, value: dict[Any, Any], depth: int) -> None:
        self.out.append(b"d" + SIZE.pack(len(value)))
        for key, entry in value.items():
            self.write(key, depth + 1)
            self.write(entry, depth + 1)

    def default_mapping(self, value: defaultdict[Any, Any], depth: int) -> None:
        factory = value.default_factory
        if factory is not None and not (isinstance(factory, type) and factory in NAMES):
            self.reference(value, depth)
            return
        self.out.append(b"D")
        self.write(factory, depth + 1)
        self.mapping(value, depth)

    def tagged_mapping(self, tag: bytes, value: dict[Any, Any], depth: int) -> None:
        self.out.append(tag)
        self.mapping(value, depth)

    def named_tuple(self, value: Any, depth: int) -> None:
        kind = type(value)
        _named_tuples[kind.__name__, kind._fields] = kind
        self.out.append(b"k")
        self.write((kind.__name__, kind._fields), depth + 1)
        self.many(b"t", value, depth)

    def array(self, value: Array, depth: int) -> None:
        if value.dtype.kind not in NUMBERS:
            raise Unsendable(f"an array of dtype {value.dtype} cannot cross, only numbers can")
        for index, original in enumerate(self.shared):
            if value is original:
                self.out.append(b"A" + SIZE.pack(index))
                return
            if not value.flags.owndata and original.flags.c_contiguous and _within(value, original):
                offset = value.__array_interface__["data"][0] - original.__array_interface__["data"][0]
                self.out.append(b"V" + SIZE.pack(index) + SIZE.pack(offset) + _header(value.dtype, value.shape))
                self.write(value.strides, depth + 1)
                return
        self.arrays.append(value)
        header = b"a" + _header(value.dtype, value.shape)
        if value.flags.c_contiguous and value.nbytes > COPIED:
            self.out += (header, value.reshape(-1).view(np.uint8).data)
        else:
            self.out.append(header + value.tobytes())

    def generator(self, value: np.random.Generator, depth: int) -> None:
        state = value.bit_generator.state
        if state["bit_generator"] not in GENERATORS:
            raise Unsendable(f"a generator of kind {state['bit_generator']} cannot cross")
        self.out.append(b"g")
        self.write(dict(state), depth + 1)


def _header(dtype: np.dtype[Any], shape: tuple[int, ...]) -> bytes:
    name = dtype.str.encode()
    return SHAPES[len(shape)].pack(len(name), len(shape), *shape) + name


def _within(view: Array, original: Array) -> bool:
    """Does all of a view's memory lie inside that of an array?"""
    if not view.size or not np.may_share_memory(view, original):
        return False
    low, high = np.lib.array_utils.byte_bounds(view)
    first, last = np.lib.array_utils.byte_bounds(original)
    return bool(first <= low and high <= last)


_SCALARS = frozenset(np.sctypeDict.values())
_WRITERS: dict[type, Callable[[_Writer, Any, int], None]] = {
    type(None): lambda writer, value, depth: writer.out.append(b"N"),
    bool: lambda writer, value, depth: writer.out.append(b"T" if value else b"F"),
    int: _Writer.integer,
    float: lambda writer, value, depth: writer.out.append(b"f" + REAL.pack(value)),
    complex: lambda writer, value, depth: writer.out.append(b"c" + COMPLEX.pack(value.real, value.imag)),
    str: lambda writer, value, depth: writer.text(b"s", value.encode("utf-8", "surrogatepass")),
    bytes: lambda writer, value, depth: writer.text(b"b", value),
    slice: lambda writer, value, depth: writer.many(b"z", (value.start, value.stop, value.step), depth),
    tuple: lambda writer, value, depth: writer.many(b"t", value, depth),
    list: lambda writer, value, depth: writer.many(b"l", value, depth),
    set: lambda writer, value, depth: writer.many(b"e", value, depth),
    frozenset: lambda writer, value, depth: writer.many(b"E", value, depth),
    range: lambda writer, value, depth: writer.many(b"r", (value.start, value.stop, value.step), depth),
    Fraction: lambda writer, value, depth: writer.many(b"q", (value.numerator, value.denominator), depth),
    Pieces: _Writer.pieces,
    dict: _Writer.mapping,
    Counter: lambda writer, value, depth: writer.tagged_mapping(b"C", value, depth),
    OrderedDict: lambda writer, value, depth: writer.tagged_mapping(b"O", value, depth),
    defaultdict: _Writer.default_mapping,
    np.ndarray: _Writer.array,
    np.random.Generator: _Writer.generator,
}


_named_tuples: dict[tuple[str, tuple[str, ...]], Any] = {}


def _fraction(numerator: Any, denominator: Any) -> Fraction:
    if type(numerator) is not int or type(denominator) is not int or denominator == 0:
        raise Malformed("a fraction is two integers, the second of them not 0")
    return Fraction(numerator, denominator)


def is_named_tuple(kind: type) -> bool:
    """Is this a class of named tuples that adds nothing to what ``namedtuple`` makes?"""
    if kind.__bases__ != (tuple,):
        return False
    members = vars(kind)
    fields = members.get("_fields")
    return (
        type(fields) is tuple
        and all(type(name) is str for name in fields)
        and members.keys() <= NAMED_TUPLE | {*fields}
    )


def _named_tuple(name: Any, fields: Any) -> Any:
    """The class of this name and these fields that was met before, or a new one."""
    if type(name) is not str or type(fields) is not tuple or not all(type(field) is str for field in fields):
        raise Malformed("a named tuple has a name and fields")
    if (name, fields) not in _named_tuples:
        _named_tuples[name, fields] = namedtuple(name, fields)
    return _named_tuples[name, fields]


def no_references(reference: Reference) -> Any:
    """The default of ``resolve``: a message that refers to anything is malformed."""
    raise Malformed("the message refers to an object where only values are expected")


def decode(
    data: Piece, resolve: Resolve = no_references, arrays: list[Array] | None = None, shared: list[Array] | None = None
) -> Any:
    """The value of some bytes. Raises Malformed, whatever the bytes are.

    ``arrays`` collects the arrays made, in order; views are views of ``shared``.
    """
    reader = _Reader(data, resolve, [] if arrays is None else arrays, shared or [])
    try:
        value = reader.read(0)
    except Malformed:
        raise
    except (ValueError, TypeError, OverflowError, KeyError, IndexError, MemoryError, struct.error) as error:
        raise Malformed(f"the message cannot be read: {type(error).__name__}") from error
    if reader.position != len(data):
        raise Malformed("the message is longer than its value")
    return value


class _Reader:
    def __init__(self, data: Piece, resolve: Resolve, arrays: list[Array], shared: list[Array]) -> None:
        self.data, self.position = memoryview(data), 0
        self.resolve, self.arrays, self.shared = resolve, arrays, shared

    def read(self, depth: int) -> Any:
        if depth > DEPTH + 1:
            raise Malformed("a value is nested too deeply")
        read = _READERS.get(self.data[self.position])
        if read is None:
            raise Malformed("the message has an unknown tag")
        self.position += 1
        return read(self, depth)

    def take(self, length: int) -> memoryview:
        if length > len(self.data) - self.position:
            raise Malformed("the message ends too early")
        start, self.position = self.position, self.position + length
        return self.data[start : self.position]

    def unpack(self, packed: struct.Struct) -> tuple[Any, ...]:
        start, self.position = self.position, self.position + packed.size
        return packed.unpack_from(self.data, start)

    def size(self) -> int:
        return int(self.unpack(SIZE)[0])

    def integer(self) -> int:
        return int.from_bytes(self.take(min(self.size(), INTEGER_BYTES)), "big", signed=True)

    def many(self, make: Callable[[list[Any]], Any], depth: int) -> Any:
        return make([self.read(depth + 1) for _ in range(self.count())])

    def count(self) -> int:
        """A number of entries, each of which takes a byte at least."""
        size = self.size()
        if size > len(self.data) - self.position:
            raise Malformed("the message announces more entries than it has")
        return size

    def mapping(self, depth: int) -> dict[Any, Any]:
        return {self.read(depth + 1): self.read(depth + 1) for _ in range(self.count())}

    def tagged_mapping(self, made: dict[Any, Any], depth: int) -> dict[Any, Any]:
        entries = self.read(depth + 1)
        if type(entries) is not dict:
            raise Malformed("a kind of dict is made from a dict")
        dict.update(made, entries) if type(made) is not OrderedDict else made.update(entries)
        return made

    def default_mapping(self, depth: int) -> dict[Any, Any]:
        factory = self.read(depth + 1)
        if factory is not None and not (isinstance(factory, type) and factory in NAMES):
            raise Malformed("what makes the missing values of a dict is a type")
        return self.tagged_mapping(defaultdict(factory), depth)

    def named_tuple(self, depth: int) -> Any:
        given, entries = self.read(depth + 1), self.read(depth + 1)
        if type(given) is not tuple or len(given) != 2 or type(entries) is not tuple:
            raise Malformed("a named tuple has a name, fields and entries")
        return _named_tuple(*given)._make(entries)

    def reference(self, depth: int) -> Any:
        kind, number, name = (self.read(depth + 1) for _ in range(3))
        if type(kind) is not str or type(number) is not int or type(name) is not str:
            raise Malformed("a reference is a kind, a number and a name")
        return self.resolve(Reference(kind, number, name))

    def header(self) -> tuple[np.dtype[Any], tuple[int, ...]]:
        """The dtype and the shape of an array."""
        axes = self.data[self.position + 1]
        if axes > DIMENSIONS:
            raise Malformed(f"an array has more than {DIMENSIONS} axes")
        length, _, *shape = self.unpack(SHAPES[axes])
        return _dtype(bytes(self.take(length))), tuple(shape)

    def numbers(self) -> Array:
        """An array that is a view of the message."""
        dtype, shape = self.header()
        length = math.prod(shape) * dtype.itemsize
        if length > len(self.data) - self.position:
            raise Malformed("an array's shape does not fit its bytes")
        start, self.position = self.position, self.position + length
        return np.ndarray(shape, dtype, self.data, start)

    def scalar(self) -> Any:
        number = self.numbers()
        if number.shape != ():
            raise Malformed("a number has no shape")
        return number[()]

    def array(self) -> Array:
        array = self.numbers().copy()
        self.arrays.append(array)
        return array

    def view(self, depth: int) -> Array:
        original, offset = self.shared[self.size()], self.size()
        dtype, shape = self.header()
        strides = self.read(depth + 1)
        if type(strides) is not tuple or not all(type(n) is int for n in strides) or len(strides) != len(shape):
            raise Malformed("strides are as many numbers as the shape has")
        low = offset + sum(min(0, (n - 1) * step) for n, step in zip(shape, strides, strict=True))
        high = offset + dtype.itemsize + sum(max(0, (n - 1) * step) for n, step in zip(shape, strides, strict=True))
        if 0 in shape or low < 0 or high > original.nbytes:
            raise Malformed("a view leaves its array")
        if not original.flags.c_contiguous:
            flat = np.ascontiguousarray(original)
            return np.ndarray(shape, dtype, flat, offset, strides).copy()
        return np.ndarray(shape, dtype, original, offset, strides)

    def generator(self, depth: int) -> np.random.Generator:
        state = self.read(depth + 1)
        if type(state) is not dict or state.get("bit_generator") not in GENERATORS:
            raise Malformed("a generator's state is not one of numpy's")
        bits = getattr(np.random, state["bit_generator"])(0)
        bits.state = state
        return np.random.Generator(bits)


@lru_cache(maxsize=64)
def _dtype(name: bytes) -> np.dtype[Any]:
    if not DTYPE.fullmatch(name):
        raise Malformed("an array has a dtype that is no number")
    return np.dtype(name.decode("ascii"))


_READERS: dict[int, Callable[[_Reader, int], Any]] = {
    ord(tag): read
    for tag, read in {
        "N": lambda reader, depth: None,
        "T": lambda reader, depth: True,
        "F": lambda reader, depth: False,
        "j": lambda reader, depth: reader.unpack(WORD)[0],
        "i": lambda reader, depth: reader.integer(),
        "f": lambda reader, depth: reader.unpack(REAL)[0],
        "c": lambda reader, depth: complex(*reader.unpack(COMPLEX)),
        "s": lambda reader, depth: str(reader.take(reader.size()), "utf-8", "surrogatepass"),
        "b": lambda reader, depth: bytes(reader.take(reader.size())),
        "p": lambda reader, depth: reader.take(reader.size()).toreadonly(),
        "t": lambda reader, depth: reader.many(tuple, depth),
        "l": lambda reader, depth: reader.many(list, depth),
        "e": lambda reader, depth: reader.many(set, depth),
        "E": lambda reader, depth: reader.many(frozenset, depth),
        "z": lambda reader, depth: reader.many(lambda ends: slice(*ends), depth),
        "r": lambda reader, depth: reader.many(lambda ends: range(*ends), depth),
        "q": lambda reader, depth: reader.many(lambda parts: _fraction(*parts), depth),
        "d": _Reader.mapping,
        "C": lambda reader, depth: reader.tagged_mapping(Counter(), depth),
        "O": lambda reader, depth: reader.tagged_mapping(OrderedDict(), depth),
        "D": _Reader.default_mapping,
        "k": _Reader.named_tuple,
        "n": lambda reader, depth: reader.scalar(),
        "a": lambda reader, depth: reader.array(),
        "A": lambda reader, depth: reader.shared[reader.size()],
        "V": _Reader.view,
        "g": _Reader.generator,
        "y": lambda reader, depth: TYPES[str(reader.take(reader.size()), "ascii")],
        "h": _Reader.reference,
    }.items()
}
