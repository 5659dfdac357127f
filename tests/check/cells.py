"""Code as IPython runs it: each cell a file of its own, whose lines a traceback can quote."""

import linecache
from typing import Any


def run_cell(number: int, source: str, names: dict[str, Any]) -> None:
    """Execute ``source`` as cell ``number`` in the namespace ``names``."""
    path = f"<ipython-input-{number}-0123456789ab>"
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
    exec(compile(source, path, "exec"), names)
