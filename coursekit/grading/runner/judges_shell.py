"""The shell of the test cells, which are the same for every submission: what was read of them once is kept."""

import ast
import linecache
from functools import lru_cache
from types import CodeType
from typing import Any, NamedTuple

from IPython.core.async_helpers import _pseudo_sync_runner
from IPython.core.compilerop import code_name
from traitlets import Type

from coursekit.grading.runner.names import CELLS, awaits, transformed
from coursekit.grading.runner.shell import NotebookShell, OutputHook


class Compiled(NamedTuple):
    """A cell as it runs: its statements, its last expression, which is shown unless ``quiet``; ``name`` is its file."""

    name: str
    code: list[CodeType]
    quiet: bool


@lru_cache(maxsize=CELLS)
def compiled(source: str, count: int) -> Compiled | None:
    """A cell compiled as number ``count``; None where a shell has to look at it anew: it awaits, or is no Python."""
    try:
        text = transformed(source)
        tree = ast.parse(text)
        if awaits(source):
            return None
        name = code_name(text, count)
        lines = [f"{line}\n" for line in text.splitlines()]
        linecache.cache[name] = (len(text), None, lines, name)
        shown = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        code = [compile(tree, name, "exec", dont_inherit=True)]
        if shown is not None:
            code.append(compile(ast.Interactive([shown]), name, "single", dont_inherit=True))
    except (SyntaxError, ValueError):
        return None
    return Compiled(name, code, OutputHook.semicolon_at_end_of_expression(text))


class JudgesHook(OutputHook):
    """Knows from the compiled cell whether its result is to be shown."""

    silent = False

    def quiet(self) -> bool:
        """Does the cell end in a semicolon?"""
        return self.silent


class JudgesShell(NotebookShell):
    """A shell that runs cells as they were compiled for an earlier submission."""

    displayhook_class = Type(JudgesHook)

    def run(self, source: str, count: int) -> bool:
        """Run a cell as number ``count``; true if it ended without an error."""
        cell = compiled(source, count)
        if cell is None or self.ast_transformers:
            self.displayhook.silent = cell is not None and cell.quiet
            return super().run(source, count)
        self.execution_count = count
        self.compile._filename_map[cell.name] = count
        self.displayhook.silent = cell.quiet
        with self.display_trap:
            failed = any(_pseudo_sync_runner(self.run_code(code)) for code in cell.code)
        self.events.trigger("post_execute")
        self.flush_streams()
        return not failed

    def transform_cell(self, raw_cell: str) -> str:
        """The cell as Python."""
        return transformed(raw_cell)

    def should_run_async(
        self, raw_cell: str, *, transformed_cell: Any = None, preprocessing_exc_tuple: Any = None
    ) -> bool:
        """Has the cell an ``await`` outside of functions?"""
        return preprocessing_exc_tuple is None and awaits(raw_cell)
