"""What goes to stderr while a block runs, caught wherever it was aimed at the same stream."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr


@contextmanager
def captured_stderr() -> Iterator[io.StringIO]:
    """Catch everything written to sys.stderr, also through a reference from before, as log handlers keep one."""
    caught = io.StringIO()
    streams = [stream for stream in (sys.stderr, sys.__stderr__) if stream is not None]
    before = [vars(stream).get("write") for stream in streams]
    for stream in streams:
        stream.write = caught.write  # type: ignore[method-assign]
    try:
        with redirect_stderr(caught):
            yield caught
    finally:
        for stream, write in zip(streams, before, strict=True):
            vars(stream).pop("write", None)
            if write is not None:
                stream.write = write  # type: ignore[method-assign]
