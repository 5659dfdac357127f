"""Requests over a socket in both directions: while one end waits for an answer, it serves what the other end asks.

A message is a tuple that begins with its kind: ("note", ...) wants no answer, ("ask", ...) wants one, and
("answer", value) or ("failed", ...) is the answer to the latest request that has none yet.
"""

import socket
import threading
from collections.abc import Callable
from typing import Any

from coursekit.grading.runner import codec, frames

NESTING = 40


class Failed(Exception):
    """The other end could not do what was asked; ``details`` is what it says of that."""

    def __init__(self, details: Any) -> None:
        super().__init__("the other process could not do what was asked")
        self.details = details


class Peer:
    """One end of a conversation. ``serve`` answers requests, ``note`` takes what wants no answer."""

    def __init__(
        self,
        sock: socket.socket,
        limit: int,
        serve: Callable[[Any], Any],
        note: Callable[[Any], None],
        refer: codec.Refer = codec.refuse,
        resolve: codec.Resolve = codec.no_references,
    ) -> None:
        self.sock, self.limit = sock, limit
        self.serve, self.note = serve, note
        self.refer, self.resolve = refer, resolve
        self.depth = 0
        self._sending = threading.Lock()

    def tell(self, *message: Any) -> None:
        """Send what wants no answer."""
        self._send(("note", message))

    def ask(self, *message: Any) -> Any:
        """Send a request and return its answer. Raises Failed, Closed, Malformed, TooLarge or TimeoutError."""
        if self.depth >= NESTING:
            raise RecursionError("the processes have asked each other back and forth too often")
        self._send(("ask", message))
        while True:
            kind, content = self.receive()
            if kind == "answer":
                return content
            if kind == "failed":
                raise Failed(content)
            self._take(kind, content)

    def listen(self) -> None:
        """Serve the other end until it closes the conversation."""
        while True:
            try:
                kind, content = self.receive()
            except frames.Closed:
                return
            self._take(kind, content)

    def receive(self) -> tuple[str, Any]:
        """The next message. Raises Malformed for what is none."""
        message = codec.decode(frames.receive(self.sock, self.limit), self.resolve)
        if type(message) is not tuple or len(message) != 2 or type(message[0]) is not str:
            raise codec.Malformed("a message is a kind and its content")
        return message

    def _take(self, kind: str, content: Any) -> None:
        if kind == "note":
            self.note(content)
        elif kind == "ask":
            self.depth += 1
            try:
                reply = ("answer", self.serve(content))
            except Failed as failure:
                reply = ("failed", failure.details)
            finally:
                self.depth -= 1
            self._send(reply)
        else:
            raise codec.Malformed(f"there was no request for this {kind}")

    def _send(self, message: tuple[str, Any]) -> None:
        payload = codec.pieces(message, self.refer)
        with self._sending:
            frames.send(self.sock, *payload)
