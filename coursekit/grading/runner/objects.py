"""The child's end: a student's objects by number, and what may be done to them from outside."""

import builtins
import operator
import sys
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from IPython.core.async_helpers import get_asyncio_loop

from coursekit.grading.runner import codec
from coursekit.grading.runner.codec import Reference
from coursekit.grading.runner.peer import Failed, Peer

TEXT = 2000
BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and_", "or_", "xor", "lshift", "rshift")
UNARY = ("neg", "pos", "abs", "invert")
EXCEPTIONS: dict[str, type[Exception]] = {
    **{
        name: kind
        for name, kind in vars(builtins).items()
        if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, Warning)
    },
    "LinAlgError": np.linalg.LinAlgError,
}


class Objects:
    """Every object of the student's that the judge holds a number of; they live as long as the child."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self.peer: Peer | None = None
        self._known: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._callbacks: dict[int, Callable[..., Any]] = {}
        self._operations: dict[str, Callable[..., Any]] = {
            "bind": self.bind,
            "call": self.call,
            "get": getattr,
            "set": setattr,
            "item": operator.getitem,
            "set item": operator.setitem,
            "delete item": operator.delitem,
            "length": len,
            "contains": operator.contains,
            "iterate": iter,
            "next": next,
            "await": lambda coroutine: get_asyncio_loop().run_until_complete(coroutine),
            "instance": lambda kind, value: isinstance(value, kind),
            "text": lambda value: repr(value)[:TEXT],
            "names": dir,
            **{name: getattr(operator, name) for name in (*BINARY, *UNARY)},
        }

    def refer(self, value: Any) -> Reference:
        """The number of an object, a new one where it has none yet."""
        callback = getattr(value, "coursekit_callback", None) if type(value) is type(_nothing) else None
        if type(callback) is int:
            return Reference("callback", callback, "")
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(self._known)
            self._known.append(value)
        kind = "class" if isinstance(value, type) else "function" if callable(value) else "object"
        name = getattr(value, "__name__", type(value).__name__)
        return Reference(kind, self._numbers[id(value)], name if type(name) is str else "")

    def resolve(self, reference: Reference) -> Any:
        """The object of a number, or a function that asks the judge to call its own."""
        if reference.kind != "callback":
            return self._known[reference.number]
        if reference.number not in self._callbacks:
            self._callbacks[reference.number] = self._callback(reference)
        return self._callbacks[reference.number]

    def serve(self, message: Any) -> Any:
        """Do what the judge asks; what the student's code raises is told as Failed."""
        operation, *arguments = message
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                return self._operations[operation](*arguments)
            except (SystemExit, Exception) as error:
                raise Failed(describe(error)) from None
            finally:
                for stream in (sys.stdout, sys.stderr):
                    stream.flush()
                for warning in caught:
                    text = str(warning.message)[:TEXT]
                    self.peer.tell("warning", warning.category.__name__, text)  # type: ignore[union-attr]

    def bind(self, names: list[str]) -> dict[str, Any]:
        """The values of the names that exist; one that cannot cross is left out."""
        found = {}
        for name in names:
            if name in self.namespace:
                try:
                    codec.encode(self.namespace[name], self.refer)
                except codec.Unsendable:
                    continue
                found[name] = self.namespace[name]
        return found

    def call(self, function: Any, blob: memoryview) -> tuple[codec.Pieces, codec.Pieces | None]:
        """Call with encoded arguments; returns the encoded result, and the arguments again where they have changed."""
        arrays: list[Any] = []
        positional, named = codec.decode(blob, self.resolve, arrays=arrays)
        result = function(*positional, **named)
        payload = codec.pieces(result, self.refer, shared=arrays)
        if codec.unchanged((positional, named), blob, self.refer):
            return payload, None
        return payload, codec.pieces((positional, named), self.refer)

    def _callback(self, reference: Reference) -> Callable[..., Any]:
        def callback(*positional: Any, **named: Any) -> Any:
            blob = codec.encode((positional, named), self.refer)
            try:
                answer = self.peer.ask("callback", reference.number, blob)  # type: ignore[union-attr]
            except Failed as failure:
                raise exception(failure.details) from None
            return codec.decode(answer, self.resolve)

        callback.__name__ = callback.__qualname__ = reference.name or "function"
        callback.coursekit_callback = reference.number  # type: ignore[attr-defined]
        return callback


def _nothing() -> None: ...


def describe(error: BaseException) -> dict[str, Any]:
    """An exception as plain values: the names of its classes, its text, and the student's line that raised it.

    One that came out of a test's function brings the line along, if it was a student's.
    """
    where = getattr(error, "student_frame", None)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if where is None and "ipython-input" in frame.filename:
            where = (frame.name, frame.lineno or 0, (frame.line or "").strip()[:TEXT])
    return told(error, where)


def told(error: BaseException, where: Any) -> dict[str, Any]:
    """An exception as plain values, with a line that is known already, or None."""
    try:
        text = str(error)[:TEXT]
    except Exception:
        text = ""
    missing = getattr(error, "name", None) if isinstance(error, NameError) else None
    return {
        "kinds": [kind.__name__ for kind in type(error).__mro__],
        "text": text,
        "where": where,
        "name": missing if type(missing) is str else None,
    }


def exception(details: Any, otherwise: type[Exception] = RuntimeError) -> Exception:
    """The exception that was described elsewhere: of a known class or else ``otherwise``, with its text and line."""
    given = details if type(details) is dict else {}
    kinds, text, where, name = (given.get(key) for key in ("kinds", "text", "where", "name"))
    shown = text if type(text) is str else ""
    known = (
        [EXCEPTIONS[kind] for kind in kinds if type(kind) is str and kind in EXCEPTIONS] if type(kinds) is list else []
    )
    first = kinds[0] if type(kinds) is list and kinds and type(kinds[0]) is str else ""
    try:
        error = known[0](shown) if known else otherwise(f"{first}: {shown}")
    except TypeError:
        error = otherwise(f"{first}: {shown}")
    if type(where) is tuple and tuple(map(type, where)) == (str, int, str):
        error.student_frame = where  # type: ignore[attr-defined]
    if isinstance(error, NameError) and type(name) is str:
        error.name = name
    return error
