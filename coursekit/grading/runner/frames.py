"""Messages over a stream socket: a length in eight bytes, then that many bytes."""

import socket
import struct

HEADER = struct.Struct("!Q")
CHUNK = 1 << 20


class Closed(ConnectionError):
    """The other end is gone."""


class TooLarge(ValueError):
    """A message announces more bytes than its receiver accepts."""


def send(sock: socket.socket, payload: bytes | bytearray) -> None:
    """Send one message. Raises Closed where nobody listens any more."""
    try:
        sock.sendall(HEADER.pack(len(payload)))
        sock.sendall(payload)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise Closed("the other process is gone") from error


def receive(sock: socket.socket, limit: int) -> bytes:
    """Receive one message of at most ``limit`` bytes. Raises Closed where there is none any more, or TooLarge."""
    (length,) = HEADER.unpack(_exactly(sock, HEADER.size))
    if length > limit:
        raise TooLarge(f"a message of {length} bytes is larger than the limit of {limit}")
    return _exactly(sock, length)


def _exactly(sock: socket.socket, length: int) -> bytes:
    parts = []
    while length:
        try:
            part = sock.recv(min(length, CHUNK))
        except ConnectionResetError as error:
            raise Closed("the other process is gone") from error
        if not part:
            raise Closed("the other process is gone")
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
