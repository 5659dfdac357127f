"""Which cells of an assignment a test cell needs, and which test cells judge a solution cell."""

import copy
import symtable
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from coursekit.audit.subject import is_solution
from coursekit.grading.runner.marks import is_test
from coursekit.grading.runner.names import transformed


class Names(NamedTuple):
    """The names that a cell binds at its outer level, and those that it takes from the cells above."""

    binds: frozenset[str]
    takes: frozenset[str]


@lru_cache(maxsize=1024)
def names(source: str) -> Names:
    """The names of a cell; none where it is no Python."""
    try:
        top = symtable.symtable(transformed(source), "cell", "exec")
    except SyntaxError:
        return Names(frozenset(), frozenset())
    binds = {name.get_name() for name in top.get_symbols() if name.is_assigned() or name.is_imported()}
    reads = {
        name.get_name()
        for table in _tables(top)
        for name in table.get_symbols()
        if name.is_referenced() and (table is top or name.is_global())
    }
    return Names(frozenset(binds), frozenset(reads - binds))


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def excerpt(notebook: Any, test: str) -> Any:
    """A notebook of a test cell and what it needs: set-up, and cells whose names it takes, directly or not."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    end = next(i for i, cell in enumerate(cells) if is_test(cell) and cell.metadata.nbgrader.grade_id == test)
    kept = [cells[end]]
    wanted = set(names(cells[end].source).takes)
    for cell in reversed(cells[:end]):
        found = names(cell.source)
        setup = cell.metadata.get("nbgrader", {}).get("locked", False) and not is_test(cell)
        if setup or found.binds & wanted:
            kept.insert(0, cell)
            wanted -= found.binds
            wanted |= found.takes
    short = copy.copy(notebook)
    short.cells = copy.deepcopy(kept)
    return short


def affected(notebook: Any, changed: Iterable[str]) -> list[str]:
    """The test cells that need one of these solution cells."""
    tests = [cell.metadata.nbgrader.grade_id for cell in notebook.cells if is_test(cell)]
    needed = {
        test: {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in excerpt(notebook, test).cells}
        for test in tests
    }
    return [test for test in tests if needed[test] & set(changed)]


def own_tests(notebook: Any) -> dict[str, list[str]]:
    """For each solution cell the test cells that judge it.

    They are those before the next solution cell that use its names, or else the first test below that does.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found: dict[str, list[str]] = {}
    for start, cell in enumerate(cells):
        if not is_solution(cell):
            continue
        binds = names(cell.source).binds
        next_solution = next((i for i in range(start + 1, len(cells)) if is_solution(cells[i])), len(cells))
        using = [i for i in range(start + 1, len(cells)) if is_test(cells[i]) and names(cells[i].source).takes & binds]
        own = [i for i in using if i < next_solution] or using[:1]
        found[cell.metadata.nbgrader.grade_id] = [cells[i].metadata.nbgrader.grade_id for i in own]
    return found
