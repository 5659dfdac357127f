"""The outputs of one cell, collected from a process that is not trusted: what is no output of nbformat is dropped."""

import json
from typing import Any

from nbformat import NotebookNode, from_dict

# In the metadata of what a student's code shows while it is tested.
BY_STUDENT = {"coursekit": "shown by the student's code"}
FORMS = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg", "image/svg+xml")


class TooMuchOutput(Exception):
    """A cell has written more than its limit."""


class Outputs:
    """The outputs of a cell in order. Raises TooMuchOutput beyond ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit, self.size = limit, 0
        self.cells: list[dict[str, Any]] = []
        self._displays: dict[str, dict[str, Any]] = {}
        self._clear_first = False

    def add(self, message: Any) -> None:
        """Take one output as a shell emits it; anything else is ignored."""
        if type(message) is not dict:
            return
        kind = message.get("output_type")
        if kind == "clear_output":
            self._clear_first = True
            if not message.get("wait"):
                self._clear()
            return
        output = _CLEAN[kind](message) if kind in _CLEAN else None
        if output is None:
            return
        self.size += len(json.dumps(output))
        if self.size > self.limit:
            raise TooMuchOutput(f"the cell wrote more than {self.limit} bytes")
        display = message.get("display_id")
        if kind == "display_data" and type(display) is str:
            if message.get("update"):
                if display in self._displays:
                    self._displays[display].update(output)
                return
            self._displays[display] = output
        if self._clear_first:
            self._clear()
        self._append(output)

    def nodes(self) -> list[NotebookNode]:
        """The outputs as nbformat has them."""
        return [from_dict(output) for output in self.cells]

    def _clear(self) -> None:
        self.cells, self._clear_first = [], False

    def _append(self, output: dict[str, Any]) -> None:
        last = self.cells[-1] if self.cells else None
        if last and output["output_type"] == last["output_type"] == "stream" and output["name"] == last["name"]:
            last["text"] += output["text"]
        else:
            self.cells.append(output)


def readable(text: str) -> str:
    """A text that can be written to a file: half a surrogate pair, which no encoding has, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _text(value: Any) -> str:
    return readable(value) if type(value) is str else ""


def _stream(message: dict[str, Any]) -> dict[str, Any]:
    name = "stderr" if message.get("name") == "stderr" else "stdout"
    return {"output_type": "stream", "name": name, "text": _text(message.get("text"))}


def _error(message: dict[str, Any]) -> dict[str, Any]:
    lines = message.get("traceback")
    shown = [_text(line) for line in lines] if type(lines) is list else []
    return {
        "output_type": "error",
        "ename": _text(message.get("ename")),
        "evalue": _text(message.get("evalue")),
        "traceback": shown,
    }


def _data(message: dict[str, Any]) -> dict[str, Any]:
    data, metadata = message.get("data"), message.get("metadata")
    clean = {readable(key): value for key, value in data.items() if type(key) is str} if type(data) is dict else {}
    return {
        "output_type": "display_data",
        "data": {key: _form(key, value) for key, value in clean.items()},
        "metadata": _plain(metadata) if type(metadata) is dict else {},
    }


def _result(message: dict[str, Any]) -> dict[str, Any]:
    count = message.get("execution_count")
    return {**_data(message), "output_type": "execute_result", "execution_count": count if type(count) is int else None}


def _form(key: str, value: Any) -> Any:
    if key in FORMS or not key.endswith("json"):
        return _text(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    """What JSON can say of a value, and a text for the rest."""
    if type(value) is str:
        return readable(value)
    if value is None or type(value) in (bool, int, float):
        return value
    if type(value) is dict:
        return {readable(str(key)): _plain(entry) for key, entry in value.items()}
    if type(value) in (list, tuple):
        return [_plain(entry) for entry in value]
    return repr(type(value))


_CLEAN = {"stream": _stream, "error": _error, "display_data": _data, "execute_result": _result}
