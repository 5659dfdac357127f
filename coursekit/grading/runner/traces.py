"""Can a cell leave traces in the process that runs it, which the tests of the next notebook would meet there?

Told from its text and on the safe side: what is not known to leave none may leave some.
"""

import ast
from functools import lru_cache

from coursekit.grading.runner.names import CELLS, tree

# Modules whose functions change nothing for good; numpy's do, but for a few.
QUIET = ("collections", "coursekit.check", "coursekit.engine", "functools", "itertools", "math")
NUMPY = "numpy"
# With these a cell may do anything.
ANYTHING = (
    *("breakpoint", "compile", "delattr", "eval", "exec", "exit", "get_ipython", "globals", "input", "locals", "open"),
    *("quit", "setattr", "vars"),
)
SETTINGS = ("seed", "set_printoptions", "set_state", "set_string_function", "setbufsize", "seterr", "seterrcall")
# What numpy.random has for a test that draws from a generator of its own.
OWN_GENERATOR = ("default_rng", "Generator", "SeedSequence")


@lru_cache(maxsize=CELLS)
def may_leave_traces(source: str) -> bool:
    """Can running this cell change more than its own names?"""
    nodes = list(ast.walk(tree(source)))
    imports = [alias for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    numpys = {"np", NUMPY} | {alias.asname or NUMPY for alias in imports if alias.name == NUMPY}
    read = {id(node.value): node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return any(_may_leave_traces(node, numpys, read) for node in nodes)


def _may_leave_traces(node: ast.AST, numpys: set[str], read: dict[int, str]) -> bool:
    """Can this node by itself? ``numpys`` are the names of numpy, ``read`` has the attribute that is read of a node."""
    if isinstance(node, ast.Import):
        return any(alias.name not in (*QUIET, NUMPY) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        whole = [f"{node.module}.{alias.name}" for alias in node.names]
        return node.level > 0 or (node.module not in QUIET and not all(name in QUIET for name in whole))
    if isinstance(node, ast.Name):
        return node.id in ANYTHING or node.id.startswith("__") or (node.id in numpys and id(node) not in read)
    if isinstance(node, ast.Attribute):
        of_numpy = isinstance(node.value, ast.Name) and node.value.id in numpys
        shared = of_numpy and node.attr == "random" and read.get(id(node)) not in OWN_GENERATOR
        return shared or not isinstance(node.ctx, ast.Load) or node.attr.startswith("__") or node.attr in SETTINGS
    return isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load) and not _is_of_own(node)


def _is_of_own(node: ast.expr) -> bool:
    """Is it an entry of something that has a name of its own?"""
    while isinstance(node, ast.Subscript):
        node = node.value
    return isinstance(node, ast.Name)
