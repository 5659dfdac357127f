"""Which names a test may see of a student's: those that the instructor's own solution defines."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from coursekit.grading.runner.transformers import Transformers

OWN = {
    "getsource": "reads the source of the student's functions",
    "getsourcelines": "reads the source of the student's functions",
    "__code__": "looks into the student's functions",
    "__globals__": "looks into the student's functions",
    "__closure__": "looks into the student's functions",
    "get_ipython": "uses get_ipython",
    "In": "reads the history of the cells",
    "Out": "reads the history of the cells",
}
# How many cells of the instructor's are kept in mind.
CELLS = 512
MAGICS = ("run_line_magic", "run_cell_magic")
# Magics whose cell is Python and binds its names as any other does.
PYTHON_MAGIC = re.compile(r"\A\s*%%(time|capture|prun)\b.*\n")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Under this name stand the imports that say ``*``.
STAR = "*"


class Bound(NamedTuple):
    """What the instructor's cells bind: ``names`` by definition or assignment, ``imports`` as statements by name."""

    names: frozenset[str] | None
    imports: dict[str, str]

    @classmethod
    def by(cls, sources: Iterable[str]) -> "Bound":
        """The names that these cells bind at their top level; None stands for any name at all."""
        names: set[str] = set()
        imports: dict[str, str] = {}
        for source in sources:
            for statement in tree(PYTHON_MAGIC.sub("", source, count=1)).body:
                for node in _at_top_level(statement):
                    if isinstance(node, (ast.Import, ast.ImportFrom)):
                        for alias in node.names:
                            name = alias.asname or alias.name.partition(".")[0]
                            one = type(node)(
                                **{**{field: getattr(node, field) for field in node._fields}, "names": [alias]}
                            )
                            earlier = f"{imports[STAR]}\n" if name == STAR and STAR in imports else ""
                            imports[name] = earlier + ast.unparse(one)
                    elif isinstance(node, DEFINITIONS):
                        names.add(node.name)
                    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                        names.add(node.id)
        return cls(frozenset(names), imports)

    def listed(self) -> tuple[str, ...] | None:
        """The names in order, as a policy has them."""
        return None if self.names is None else tuple(sorted(self.names))

    def among(self, used: frozenset[str]) -> list[str]:
        """Those of the names that a cell uses, all where that is not known."""
        if self.names is None:
            return sorted(used)
        return sorted(self.names & used if used else self.names)


@lru_cache(maxsize=CELLS)
def used_by(source: str) -> frozenset[str]:
    """The names that a cell mentions; empty where it may use any, as ``eval`` and ``globals`` do."""
    names = {node.id for node in ast.walk(tree(source)) if isinstance(node, ast.Name)}
    magics = "get_ipython" in names
    return frozenset() if magics or names & {"eval", "exec", "globals", "locals", "vars"} else frozenset(names)


@lru_cache(maxsize=CELLS)
def rebinds(source: str) -> frozenset[str]:
    """The names that a cell itself assigns, defines or deletes, outside of functions."""
    nodes = (node for statement in tree(source).body for node in _at_top_level(statement))
    return frozenset(name for node in nodes for name in _rebound(node))


class Sharing(ast.NodeTransformer):
    """Puts a call of ``CALL`` behind every statement that assigns, defines or deletes one of ``names``."""

    CALL = "__coursekit_share__"

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def visit(self, node: ast.AST) -> Any:
        """The statement and the calls that follow it, or the node as it is."""
        if not isinstance(node, DEFINITIONS):
            self.generic_visit(node)
        names = sorted(self.names.intersection(_rebound(node)))
        calls = [ast.parse(f"{self.CALL}({name!r})").body[0] for name in names]
        return [node, *calls] if calls else node


@lru_cache(maxsize=CELLS)
def cannot_judge(source: str) -> str:
    """Why a test must run inside the student's process, as the end of a sentence; empty where it need not."""
    allowed = set()
    nodes = list(ast.walk(tree(source)))
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in MAGICS and isinstance(node.value, ast.Call):
            allowed.add(id(node.value.func))
    for node in nodes:
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in OWN and id(node) not in allowed:
            return OWN[name]
    return ""


@lru_cache(maxsize=CELLS)
def transformed(source: str) -> str:
    """The cell as Python, its magics made into calls. Raises SyntaxError."""
    return str(Transformers().transform_cell(source))


@lru_cache(maxsize=CELLS)
def awaits(source: str) -> bool:
    """Has the cell, as Python, an ``await`` outside of functions?"""
    return any(isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)) for node in _at_top_level(tree(source)))


@lru_cache(maxsize=CELLS)
def tree(source: str) -> ast.Module:
    """The cell's syntax tree; an empty one where it is no Python."""
    try:
        return ast.parse(transformed(source))
    except SyntaxError:
        return ast.Module([], [])


def _rebound(node: ast.AST) -> Iterator[str]:
    """The names that a statement assigns, defines or deletes."""
    if isinstance(node, DEFINITIONS):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete)):
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
                yield part.id


def _at_top_level(statement: ast.AST) -> Iterator[ast.AST]:
    """A statement and what is in it, without the insides of functions, classes and comprehensions."""
    yield statement
    if isinstance(statement, (*DEFINITIONS, ast.Lambda)):
        return
    if isinstance(statement, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return
    for child in ast.iter_child_nodes(statement):
        yield from _at_top_level(child)
