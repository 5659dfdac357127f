"""A student's objects as a test sees them: they do what they are asked in the child, and decide nothing here.

A function can be called, an instance used, a class instantiated and asked ``isinstance``. Comparisons, truth and
conversion to numbers are refused, so that no object can pretend to be a right answer: those need values. For the same
reason an object may not say as a number how far it is from a value of the test's: its difference is an object too.
"""

import builtins
import weakref
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Generator
from typing import Any, NoReturn

import numpy as np

from coursekit.grading.runner import codec, frames
from coursekit.grading.runner.codec import Reference
from coursekit.grading.runner.objects import BINARY, UNARY, exception, told
from coursekit.grading.runner.peer import Failed, Peer
from coursekit.memory import memory

WARNINGS: dict[str, type[Warning]] = {
    name: kind for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, Warning)
}
MAPPINGS = (dict, Counter, OrderedDict, defaultdict)
# The operations by which a test measures an answer against its own value, and what it then asks of the outcome.
MEASURES = ("sub", "truediv", "floordiv", "mod", "xor")
SUMMARIES = ("all", "any", "dot", "item", "max", "mean", "min", "prod", "ptp", "std", "sum", "tolist", "var")
# Longest name of a student's object in a remark.
NAME = 60


class StudentError(RuntimeError):
    """The student's code raised something that is no ordinary exception, or ended its process."""


class Link:
    """The judge's side of the conversation with one child after the other.

    ``revive`` returns the peer of a fresh child in which the student's cells have been run again. A child that was
    stopped in the middle of a call is never spoken to again. ``refused`` is told why an object gave no answer,
    ``unsendable`` why a value of the test's could not reach the child.
    """

    def __init__(
        self,
        revive: Callable[["Link"], Peer],
        abandon: Callable[[], None],
        refused: Callable[[str], None],
        unsendable: Callable[[str], None],
    ) -> None:
        self.revive, self.abandon = revive, abandon
        self.refused, self.unsendable = refused, unsendable
        self.peer: Peer | None = None
        self.generation = self.deaths = 0
        self.lost = False
        self._callbacks: list[Callable[..., Any]] = []
        self._places: dict[int, int] = {}
        self._proxies: weakref.WeakValueDictionary[int, StudentObject] = weakref.WeakValueDictionary()

    def ask(self, *message: Any) -> Any:
        """A request to the child, which is revived if need be. Raises what the student's code raised.

        Only the next value of an iterator may be none: elsewhere StopIteration would end a loop of the test's early.
        """
        try:
            return self.connected().ask(*message)
        except Failed as failure:
            raised = exception(failure.details, StudentError)
            if isinstance(raised, (StopIteration, StopAsyncIteration)) and message[0] != "next":
                raised = StudentError(f"your code raised {type(raised).__name__}")
            raise raised from None
        except (frames.Closed, codec.Malformed, frames.TooLarge, ConnectionError) as error:
            self.lose()
            self.deaths += 1
            raise StudentError(
                f"your code ended its process or broke its connection ({type(error).__name__})"
            ) from None
        except codec.Unsendable as error:
            self.unsendable(str(error))
            raise
        except BaseException:
            self.lose()
            raise

    def connected(self) -> Peer:
        """The peer of the child that lives now."""
        memory.asked += 1
        if self.peer is None:
            self.generation += 1
            self._proxies.clear()
            self.peer = self.revive(self)
        return self.peer

    def lose(self) -> None:
        """Give the child up."""
        self.lost, self.peer = True, None
        self.abandon()

    def bind(self, names: list[str]) -> dict[str, Any]:
        """The values of these names in the child; a function is a proxy that survives its child."""
        found = self.ask("bind", names)
        if type(found) is not dict:
            raise codec.Malformed("names are bound to values in a dict")
        values = {name: found[name] for name in names if name in found}
        for name, value in values.items():
            if isinstance(value, StudentObject):
                object.__setattr__(value, "_name", name)
        return values

    def call(self, function: "StudentObject", positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Call a student's function: arrays and containers that it changed are changed here too."""
        arrays: list[codec.Array] = []
        arguments = (positional, named)
        try:
            blob = codec.pieces(arguments, self.refer, arrays=arrays)
        except codec.Unsendable as error:
            self.unsendable(str(error))
            raise
        answer = self.ask("call", function, blob)
        if type(answer) is not tuple or len(answer) != 2 or type(answer[0]) is not memoryview:
            raise codec.Malformed("a call is answered by a result and its arguments")
        if type(answer[1]) is memoryview:
            _copy_back(arguments, codec.decode(answer[1], self.resolve))
        result = codec.decode(answer[0], self.resolve, shared=arrays)
        return self.measured(function, result) if function._measured else result

    def operate(self, operation: str, *operands: Any) -> Any:
        """Arithmetic in the child; what measures an object against a value of the test's must be an object."""
        theirs = [operand for operand in operands if isinstance(operand, StudentObject)]
        against = operation in MEASURES and len(theirs) < len(operands)
        result = self.ask(operation, *operands)
        return self.measured(theirs[0], result) if against or any(one._measured for one in theirs) else result

    def measured(self, origin: "StudentObject", result: Any) -> Any:
        """Mark an object as a measure of ``origin`` against a value of the test's. Raises TypeError for a plain value.

        None, as a method may return, says nothing and passes.
        """
        if isinstance(result, StudentObject):
            object.__setattr__(result, "_measured", True)
        elif result is not None:
            refuse(origin, "cannot say how far it is from a test's value: compare a number or array in it")
        return result

    def serve(self, message: Any) -> Any:
        """What a child may ask: to call a function that a test gave it."""
        if type(message) is not tuple or len(message) != 3 or message[0] != "callback":
            raise codec.Malformed("a child may ask for callbacks only")
        _, number, blob = message
        if type(number) is not int or not 0 <= number < len(self._callbacks) or type(blob) is not bytes:
            raise codec.Malformed("there is no such callback")
        try:
            positional, named = codec.decode(blob, self.resolve)
            return codec.encode(self._callbacks[number](*positional, **named), self.refer)
        except codec.Unsendable as error:
            self.unsendable(str(error))
            raise Failed(told(error, None)) from None
        except Exception as error:
            raise Failed(told(error, getattr(error, "student_frame", None))) from None

    def refer(self, value: Any) -> Reference | None:
        """What stands for an object of a test: the student's own by its number, a function as a callback."""
        if isinstance(value, StudentObject):
            return reference(value)
        if callable(value):
            if id(value) not in self._places:
                self._places[id(value)] = len(self._callbacks)
                self._callbacks.append(value)
            name = getattr(value, "__name__", "function")
            return Reference("callback", self._places[id(value)], name if isinstance(name, str) else "function")
        return None

    def resolve(self, found: Reference) -> Any:
        """The proxy of a number, one for each object, or the test's own callback coming back."""
        if found.kind == "callback":
            return self._callbacks[found.number]
        known = self._proxies.get(found.number)
        if known is not None:
            return known
        kind = _KINDS.get(found.kind)
        if kind is None:
            raise codec.Malformed("an object is a function, a class or another object")
        self._proxies[found.number] = proxy = kind(self, found)
        return proxy


class StudentObject:
    """Anything of a student's that is no plain value."""

    __slots__ = ("__weakref__", "_generation", "_link", "_measured", "_name", "_reference")

    # numpy leaves every operation with such an object to the object.
    __array_ufunc__ = None

    def __init__(self, link: Link, found: Reference) -> None:
        object.__setattr__(self, "_link", link)
        object.__setattr__(self, "_reference", found)
        object.__setattr__(self, "_generation", link.generation)
        object.__setattr__(self, "_name", "")
        object.__setattr__(self, "_measured", False)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(f"{reference(self).name} has no attribute {name} that a test may use")
        found = self._link.ask("get", self, name)
        return self._link.measured(self, found) if self._measured and name in SUMMARIES else found

    def __setattr__(self, name: str, value: Any) -> None:
        self._link.ask("set", self, name, value)

    def __getitem__(self, key: Any) -> Any:
        found = self._link.ask("item", self, key)
        return self._link.measured(self, found) if self._measured else found

    def __setitem__(self, key: Any, value: Any) -> None:
        self._link.ask("set item", self, key, value)

    def __delitem__(self, key: Any) -> None:
        self._link.ask("delete item", self, key)

    def __len__(self) -> int:
        length = self._link.ask("length", self)
        if type(length) is not int:
            raise TypeError("the length of a student's object is no integer")
        return length

    def __contains__(self, value: Any) -> bool:
        return self._link.ask("contains", self, value) is True

    def __iter__(self) -> Any:
        iterator = self._link.ask("iterate", self)
        while True:
            try:
                found = self._link.ask("next", iterator)
            except StopIteration:
                return
            yield self._link.measured(self, found) if self._measured else found

    def __next__(self) -> Any:
        return self._link.ask("next", self)

    def __await__(self) -> Generator[None, None, Any]:
        yield from ()
        return self._link.ask("await", self)

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        text = self._link.ask("text", self)
        return text if type(text) is str else f"<{reference(self).name}>"

    def __dir__(self) -> list[str]:
        names = self._link.ask("names", self)
        return [name for name in names if type(name) is str] if type(names) is list else []


class StudentFunction(StudentObject):
    """A student's function, or another object that can be called."""

    __slots__ = ()

    @property
    def __name__(self) -> str:
        return reference(self).name

    def __call__(self, *positional: Any, **named: Any) -> Any:
        return self._link.call(self, positional, named)


class StudentClass(StudentFunction):
    """A student's class: calling it makes an instance, and ``isinstance`` may be asked."""

    __slots__ = ()

    def __instancecheck__(self, value: Any) -> bool:
        theirs = isinstance(value, StudentObject) or codec.is_named_tuple(type(value))
        return theirs and self._link.ask("instance", self, value) is True


_KINDS = {"object": StudentObject, "function": StudentFunction, "class": StudentClass}


def reference(proxy: StudentObject) -> Reference:
    """The number of a proxy's object in the child that lives now. Raises StudentError for one lost with its child."""
    link: Link = proxy._link
    link.connected()
    if proxy._generation != link.generation:
        again = link.bind([proxy._name]).get(proxy._name) if proxy._name else None
        if not isinstance(again, StudentObject):
            raise StudentError("this object was lost when the code that made it had to be stopped")
        object.__setattr__(proxy, "_generation", link.generation)
        object.__setattr__(proxy, "_reference", again._reference)
    found: Reference = proxy._reference
    return found


def _copy_back(before: Any, after: Any) -> None:
    """Make arguments what the student's function made of them, in place."""
    if type(before) is not type(after):
        return
    if type(before) is np.ndarray:
        if before.shape == after.shape and before.dtype == after.dtype and before.flags.writeable:
            before[...] = after
    elif type(before) is np.random.Generator:
        before.bit_generator.state = after.bit_generator.state
    elif type(before) is set:
        before.clear()
        before.update(after)
    elif isinstance(before, tuple):
        for old, new in zip(before, after, strict=False):
            _copy_back(old, new)
    elif type(before) in (list, *MAPPINGS):
        _copy_back_container(before, after)


def _copy_back_container(before: Any, after: Any) -> None:
    keys = range(len(before)) if type(before) is list else list(before)
    same = len(before) == len(after) if type(before) is list else list(before) == list(after)
    if same:
        for key in keys:
            changeable = (np.ndarray, np.random.Generator, list, set, *MAPPINGS)
            if type(before[key]) in changeable and type(after[key]) is type(before[key]):
                changed = after[key]
                if type(changed) is np.ndarray and (changed.shape, changed.dtype) != (
                    before[key].shape,
                    before[key].dtype,
                ):
                    before[key] = changed
                else:
                    _copy_back(before[key], changed)
            else:
                before[key] = after[key]
    elif type(before) is list:
        before[:] = after
    else:
        before.clear()
        before.update(after)


def refuse(proxy: StudentObject, advice: str) -> NoReturn:
    """Raise the TypeError of a test that asks an object to decide, and let it be remarked on."""
    reason = f"an object of the student's ({proxy._reference.name[:NAME]}) {advice}"
    proxy._link.refused(reason)
    raise TypeError(reason)


def _refusing(name: str, advice: str) -> Callable[..., NoReturn]:
    def refusing(self: StudentObject, *others: Any, **options: Any) -> NoReturn:
        refuse(self, advice)

    refusing.__name__ = name
    return refusing


def _equip() -> None:
    """Arithmetic happens in the child; comparisons, truth and conversions are refused."""
    for name in BINARY:
        plain = name.rstrip("_")

        def forward(self: StudentObject, other: Any, _name: str = name) -> Any:
            return self._link.operate(_name, self, other)

        def backward(self: StudentObject, other: Any, _name: str = name) -> Any:
            return self._link.operate(_name, other, self)

        setattr(StudentObject, f"__{plain}__", forward)
        setattr(StudentObject, f"__r{plain}__", backward)
    for name in UNARY:

        def unary(self: StudentObject, _name: str = name) -> Any:
            return self._link.operate(_name, self)

        setattr(StudentObject, f"__{name}__", unary)
    for name in ("eq", "ne", "lt", "le", "gt", "ge"):
        setattr(StudentObject, f"__{name}__", _refusing(name, "cannot be compared: compare a number or array in it"))
    for name in ("bool", "int", "float", "complex", "index", "round"):
        setattr(StudentObject, f"__{name}__", _refusing(name, "is no number: a test needs a number or an array"))
    StudentObject.__array__ = _refusing("array", "is no array: a test needs a numpy array or numbers")  # type: ignore[attr-defined]


_equip()
