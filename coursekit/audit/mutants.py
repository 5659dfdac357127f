"""A solution with one mistake in it: all mutants of a solution cell, and the comments that declare some equivalent."""

import ast
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from coursekit.audit.mutations import MUTATIONS, ORDER_SWAPPED, Where, depends
from coursekit.authoring.roles import BEGIN_SOLUTION, END_SOLUTION

DECLARED = re.compile(r"# equivalent: ([a-z -]+): *([^#]*)")
LOOPS = (ast.For, ast.While)
SHOWN = 70


class Mutant(NamedTuple):
    """A solution cell with one rewrite: line in the cell (the first is 1), the mutation, old and new."""

    cell: str
    line: int
    mutation: str
    rewrite: str
    source: str


class Declaration(NamedTuple):
    """A comment ``# equivalent: mutation: why`` on a line of a cell (the first is 1)."""

    cell: str
    line: int
    mutation: str
    why: str


def mutants(grade_id: str, source: str) -> list[Mutant]:
    """All mutants of a solution cell, each once. Raises SyntaxError where the cell is no Python."""
    tree = ast.parse(source)
    lines = _solution_lines(source)
    seen = {ast.unparse(tree)}
    found = []
    for line, name, old, new, text in _rewrites(tree):
        if line in lines and text not in seen:
            seen.add(text)
            found.append(Mutant(grade_id, line, name, f"{_shown(old)} → {_shown(new)}", text))
    return found


def declarations(grade_id: str, source: str) -> list[Declaration]:
    """The rewrites that the comments of a cell declare to be equivalent."""
    return [
        Declaration(grade_id, number, name.strip(), why.strip())
        for number, line in enumerate(source.splitlines(), start=1)
        for name, why in DECLARED.findall(line)
    ]


def _solution_lines(source: str) -> set[int]:
    """The lines between the markers of the solution."""
    inside, found = False, set()
    for number, line in enumerate(source.splitlines(), start=1):
        if line.strip() in (BEGIN_SOLUTION, END_SOLUTION):
            inside = line.strip() == BEGIN_SOLUTION
        elif inside:
            found.add(number)
    return found


def _rewrites(tree: ast.Module) -> Iterator[tuple[int, str, Any, Any, str]]:
    """Line, mutation, old and new node, and the whole cell as it reads then, for every rewrite of the tree."""
    for node, line, around, put in list(_places(tree, 0, ())):
        where = Where(node, around, _counters(around), _bound_before(around, line))
        for name, mutation in MUTATIONS.items():
            for new in list(mutation(node, where)):
                put(new)
                text = ast.unparse(ast.fix_missing_locations(tree))
                put(node)
                yield line, name, node, new, text
    for loop in [node for node in ast.walk(tree) if isinstance(node, LOOPS)]:
        for i, (first, second) in enumerate(zip(loop.body, loop.body[1:], strict=False)):
            if depends(first, second) and not isinstance(second, (ast.Continue, ast.Break)):
                loop.body[i : i + 2] = [second, first]
                text = ast.unparse(tree)
                loop.body[i : i + 2] = [first, second]
                yield first.lineno, ORDER_SWAPPED, first, second, text


def _places(
    node: ast.AST, line: int, around: tuple[ast.AST, ...]
) -> Iterator[tuple[ast.AST, int, tuple[ast.AST, ...], Any]]:
    """Every node below one, with its line, the nodes around it, and a function that puts another in its place.

    What is raised or asserted, written in a text, annotated or a default is left alone.
    """
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        children = value if isinstance(value, list) else [value]
        for i, child in enumerate(children):
            if not isinstance(child, ast.AST) or isinstance(
                child, (ast.Raise, ast.Assert, ast.JoinedStr, ast.arguments)
            ):
                continue
            here = getattr(child, "lineno", line)
            yield child, here, (node, *around), _putter(node, field, i if isinstance(value, list) else None)
            yield from _places(child, here, (node, *around))


def _putter(parent: ast.AST, field: str, index: int | None) -> Any:
    def put(new: ast.AST) -> None:
        if index is None:
            setattr(parent, field, new)
        else:
            getattr(parent, field)[index] = new

    return put


def _counters(around: tuple[ast.AST, ...]) -> frozenset[str]:
    """The variables of the loops and comprehensions around."""
    found: set[str] = set()
    for node in around:
        targets = [node.target] if isinstance(node, ast.For) else []
        targets += [generator.target for generator in getattr(node, "generators", [])]
        found |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return frozenset(found)


def _bound_before(around: tuple[ast.AST, ...], line: int) -> frozenset[str]:
    """The names of the function around that have a value above a line: arguments, and what was assigned."""
    function = next((node for node in around if isinstance(node, (ast.FunctionDef, ast.Lambda))), None)
    if function is None:
        return frozenset()
    arguments = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    stored = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.lineno < line
    }
    return frozenset(arguments | stored)


def _shown(node: ast.AST) -> str:
    """A node in one short line."""
    if isinstance(node, ast.Pass):
        return "nothing"
    if isinstance(node, ast.comprehension):
        text = ast.unparse(ast.GeneratorExp(ast.Name("..."), [node]))
    elif isinstance(node, ast.Slice):
        text = f"[{ast.unparse(node)}]"
    else:
        text = ast.unparse(node)
    first, *rest = text.splitlines()
    return f"{first[:SHOWN]} ..." if rest or len(first) > SHOWN else first
