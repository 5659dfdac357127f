"""An IPython shell in this process whose cells leave nbformat outputs: no kernel, no sockets, no history file."""

import io
import os
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Instance, Type
from traitlets.config import Config

from coursekit.grading.runner.transformers import Transformers

Emit = Callable[[dict[str, Any]], None]

FLUSH_BYTES, FLUSH_SECONDS = 8192, 0.05
SCRIPTS = ("bash", "sh", "script", "perl", "ruby", "python", "python2", "python3", "pypy", "sx", "system", "!")
NO_SHELL = "shell commands cannot be used while a notebook is graded"


class OutputPublisher(DisplayPublisher):  # type: ignore[misc]
    """What ``display`` shows becomes an output of the cell."""

    def publish(
        self, data: Any, metadata: Any = None, source: Any = None, *, transient: Any = None, **kwargs: Any
    ) -> None:
        """Emit display data; an update carries the id of the display that it replaces."""
        output = {"output_type": "display_data", "data": dict(data), "metadata": dict(metadata or {})}
        display_id = (transient or {}).get("display_id")
        self.shell.emit({**output, "display_id": display_id, "update": bool(kwargs.get("update"))})

    def clear_output(self, wait: bool = False) -> None:
        """Ask for the outputs so far to be dropped, at once or when the next one comes."""
        self.shell.emit({"output_type": "clear_output", "wait": bool(wait)})


class OutputHook(DisplayHook):  # type: ignore[misc]
    """The value of a cell's last expression becomes its execute_result."""

    def write_output_prompt(self) -> None:
        """There is no terminal for a prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Emit the result in all its forms."""
        self.shell.emit(
            {
                "output_type": "execute_result",
                "data": dict(format_dict),
                "metadata": dict(md_dict or {}),
                "execution_count": self.shell.execution_count,
            }
        )

    def finish_displayhook(self) -> None:
        """There is no terminal to flush."""
        self._is_active = False


class NotebookShell(InteractiveShell):  # type: ignore[misc]
    """A shell that hands every output to ``emit``."""

    display_pub_class = Type(OutputPublisher)
    displayhook_class = Type(OutputHook)
    input_transformer_manager = Instance(Transformers, ())

    emit: Emit = staticmethod(lambda output: None)

    @classmethod
    def make(cls) -> "NotebookShell":
        """The shell of this process, without history and without shell commands."""
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.cache_size = 0
        if InteractiveShell.initialized():
            type(InteractiveShell.instance()).clear_instance()
        shell: NotebookShell = cls.instance(config=config)
        for name in SCRIPTS:
            if name in shell.magics_manager.magics["cell"]:
                shell.magics_manager.magics["cell"][name] = _refuse_script
        return shell

    def should_run_async(
        self, raw_cell: str, *, transformed_cell: Any = None, preprocessing_exc_tuple: Any = None
    ) -> bool:
        """Has the cell an ``await`` outside of functions? Where the word is missing, it is not compiled to know."""
        if not any(word in (transformed_cell or "") for word in ("await", "async")):
            return False
        return bool(
            super().should_run_async(
                raw_cell, transformed_cell=transformed_cell, preprocessing_exc_tuple=preprocessing_exc_tuple
            )
        )

    def system(self, cmd: str) -> None:
        """Refuse shell commands with a clear error."""
        raise RuntimeError(NO_SHELL)

    system_raw = system_piped = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> None:
        """Refuse shell commands with a clear error."""
        raise RuntimeError(NO_SHELL)

    def ask_exit(self) -> None:
        """A cell that says exit ends itself, not the process."""

    def enable_gui(self, gui: Any = None) -> None:
        """There are no windows."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        try:
            text = str(evalue)
        except Exception:
            text = "<an exception whose text cannot be read>"
        self.emit({"output_type": "error", "ename": etype.__name__, "evalue": text, "traceback": list(stb)})

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Show a traceback; where IPython cannot format it, the plain one."""
        try:
            super().showtraceback(*args, **kwargs)
        except Exception:
            kind, value, _ = sys.exc_info()
            self._showtraceback(kind, value, traceback.format_exc().splitlines())

    def run(self, source: str, count: int) -> bool:
        """Run a cell as number ``count``; true if it ended without an error."""
        self.execution_count = count
        result = self.run_cell(source, store_history=True)
        self.flush_streams()
        return bool(result.success)

    def flush_streams(self) -> None:
        """Emit what was written so far."""
        for stream in (sys.stdout, sys.stderr):
            stream.flush()


class OutputStream(io.TextIOBase):
    """sys.stdout or sys.stderr of a cell, emitted in pieces."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, emit: Emit, descriptor: int) -> None:
        self.name, self._emit, self._descriptor = name, emit, descriptor
        self._pending: list[str] = []
        self._size = 0
        self._timer: threading.Timer | None = None
        self._lock = threading.RLock()
        self.other: OutputStream | None = None

    def write(self, text: str) -> int:
        """Take text; it is emitted after a moment, whatever the cell does meanwhile."""
        if not isinstance(text, str):
            raise TypeError(f"write() needs a string, but got {type(text).__name__}")
        if self.other is not None and self.other._pending:
            self.other.flush()
        with self._lock:
            self._pending.append(text)
            self._size += len(text)
            if self._size > FLUSH_BYTES:
                self.flush()
            elif self._timer is None:
                self._timer = threading.Timer(FLUSH_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()
        return len(text)

    def flush(self) -> None:
        """Emit what is pending."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._pending:
                text, self._pending, self._size = "".join(self._pending), [], 0
                self._emit({"output_type": "stream", "name": self.name, "text": text})

    def fileno(self) -> int:
        """The raw descriptor, for code that writes below Python."""
        return self._descriptor

    def isatty(self) -> bool:
        """It is no terminal."""
        return False

    def writable(self) -> bool:
        """It can be written to."""
        return True


def replace_streams(emit: Emit) -> Emit:
    """Make sys.stdout and sys.stderr emit what is written to them; returns an ``emit`` for every other output.

    What was written before an output comes before it.
    """
    streams = OutputStream("stdout", emit, 1), OutputStream("stderr", emit, 2)
    streams[0].other, streams[1].other = streams[1], streams[0]
    for stream in streams:
        setattr(sys, stream.name, stream)
        setattr(sys, f"__{stream.name}__", stream)

    def in_order(output: dict[str, Any]) -> None:
        for stream in streams:
            stream.flush()
        emit(output)

    return in_order


class RawOutput:
    """What is written to descriptors 1 and 2 below Python, kept in a file each and read after a cell."""

    def __init__(self) -> None:
        self._files = {descriptor: tempfile.TemporaryFile() for descriptor in (1, 2)}  # noqa: SIM115
        self._read = dict.fromkeys(self._files, 0)
        for descriptor, file in self._files.items():
            os.dup2(file.fileno(), descriptor)
            os.lseek(descriptor, 0, os.SEEK_SET)

    def drain(self, emit: Emit, limit: int) -> None:
        """Emit what was written since the last time, at most ``limit`` bytes of each."""
        for descriptor, name in ((1, "stdout"), (2, "stderr")):
            size = os.fstat(descriptor).st_size
            if size > self._read[descriptor]:
                content = os.pread(
                    self._files[descriptor].fileno(), min(size - self._read[descriptor], limit), self._read[descriptor]
                )
                self._read[descriptor] = size
                emit({"output_type": "stream", "name": name, "text": content.decode("utf-8", "replace")})


def no_input(prompt: object = "") -> str:
    """Stands for input() while a notebook is graded."""
    raise StdinNotImplementedError("input() cannot be used while a notebook is graded: nobody is there to answer")


def _refuse_script(line: str, cell: str = "") -> None:
    raise RuntimeError(NO_SHELL)
