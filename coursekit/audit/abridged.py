"""A test cell that ends at its first failed check: the rest cannot give the points back, and takes its time."""

import ast
from typing import TypeVar

Block = TypeVar("Block", ast.With, ast.For, ast.If)


def abridged(source: str) -> str:
    """The cell with a way out before every statement inside its score block.

    What it earns is full points if and only if the whole cell would earn them.
    """
    tree = ast.parse(source)
    for block in tree.body:
        if isinstance(block, ast.With) and isinstance(block.items[0].optional_vars, ast.Name):
            way_out = ast.parse(f"if {block.items[0].optional_vars.id}.failures: raise AssertionError").body
            _WayOut(way_out).generic_visit(block)
    return ast.unparse(ast.fix_missing_locations(tree))


class _WayOut(ast.NodeTransformer):
    """Puts a way out before every statement of the blocks below a node, functions excepted."""

    def __init__(self, way_out: list[ast.stmt]) -> None:
        self.way_out = way_out

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """A function's own statements may run before the score block."""
        return node

    def _lead_out(self, node: Block) -> Block:
        self.generic_visit(node)
        node.body = [each for statement in node.body for each in (*self.way_out, statement)]
        return node

    visit_With = visit_For = visit_If = _lead_out
