"""Messages over a stream socket: a length in eight bytes, then that many bytes."""

import socket
import struct

HEADER = struct.Struct("!Q")
CHUNK = 1 << 16


class Closed(ConnectionError):
    """The other end is gone."""


class TooLarge(ValueError):
    """A message announces more bytes than its receiver accepts."""


def send(sock: socket.socket, *pieces: bytes | bytearray | memoryview) -> None:
    """Send one message, given in pieces. Raises Closed where nobody listens any more."""
    try:
        small: list[bytes | bytearray | memoryview] = [HEADER.pack(sum(map(len, pieces)))]
        for piece in pieces:
            if len(piece) > CHUNK:
                sock.sendall(b"".join(small))
                sock.sendall(piece)
                small = []
            else:
                small.append(piece)
        sock.sendall(b"".join(small))
    except (BrokenPipeError, ConnectionResetError) as error:
        raise Closed("the other process is gone") from error


def receive(sock: socket.socket, limit: int) -> memoryview:
    """Receive one message of at most ``limit`` bytes. Raises Closed where there is none any more, or TooLarge."""
    (length,) = HEADER.unpack(_exactly(sock, HEADER.size))
    if length > limit:
        raise TooLarge(f"a message of {length} bytes is larger than the limit of {limit}")
    return _exactly(sock, length)


def _exactly(sock: socket.socket, length: int) -> memoryview:
    received, missing = [], length
    while missing:
        try:
            piece = sock.recv(missing, socket.MSG_WAITALL)
        except ConnectionResetError as error:
            raise Closed("the other process is gone") from error
        if not piece:
            raise Closed("the other process is gone")
        received.append(piece)
        missing -= len(piece)
    return memoryview(received[0] if len(received) == 1 else b"".join(received))
