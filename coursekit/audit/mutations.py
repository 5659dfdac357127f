"""Ways to spoil a solution as students do: each mutation rewrites one node of its syntax tree.

A mutation is a function of a node and of where it stands; it yields the nodes that may stand there instead.
"""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

Number = (int, float)
Node = TypeVar("Node", bound=ast.AST)

OTHER_FUNCTION = {
    "max": "min",
    "maximum": "minimum",
    "argmax": "argmin",
    "zeros": "ones",
    "zeros_like": "ones_like",
    "sin": "cos",
    "any": "all",
}
OTHER_FUNCTION |= {other: name for name, other in OTHER_FUNCTION.items()}
DROPPED_CALLS = {"exp", "log", "log1p", "expm1", "sqrt", "square", "abs", "tanh", "reversed", "sorted", "cumsum"}
COPIES = {"copy", "array", "list", "deepcopy"}
ORDER_DOES_NOT_MATTER = {"maximum", "minimum", "max", "min", "add", "multiply", "logaddexp", "isclose", "allclose"}
PRODUCTS = {"dot", "matmul", "outer"}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


class Where(NamedTuple):
    """Where a node stands: the nodes around it, from the nearest outwards, and names of the function that it is in.

    ``counters`` are the variables of its loops, ``bound_before`` everything that has a value when the node is reached.
    """

    node: ast.AST
    around: tuple[ast.AST, ...]
    counters: frozenset[str]
    bound_before: frozenset[str]

    @property
    def parent(self) -> ast.AST:
        """The node right around."""
        return self.around[0]

    @property
    def counts(self) -> bool:
        """Is it part of an index, a range or an axis, whose numbers have mutations of their own?"""
        for inner, outer in zip((self.node, *self.around), self.around, strict=False):
            if isinstance(outer, ast.Subscript) and inner is outer.slice:
                return True
            if isinstance(outer, ast.keyword) and outer.arg == "axis":
                return True
            if isinstance(outer, ast.Call):
                return called(outer) == "range"
        return False


Mutation = Callable[[ast.AST, Where], Iterator[ast.AST]]
ORDER_SWAPPED = "order swapped"
MUTATIONS: dict[str, Mutation] = {}


def mutation(name: str) -> Callable[[Mutation], Mutation]:
    """Register a mutation under the name by which a solution's comment may declare it equivalent."""

    def register(function: Mutation) -> Mutation:
        MUTATIONS[name] = function
        return function

    return register


@mutation("transpose dropped")
def _transpose(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    if isinstance(node, ast.Call) and called(node) in ("transpose", "swapaxes"):
        yield from _subject(node)


@mutation("sign flipped")
def _sign(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if where.counts:
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, (ast.Add, ast.Sub)):
        yield _with(node, op=ast.Sub() if isinstance(node.op, ast.Add) else ast.Add())


@mutation("factor two")
def _factor_two(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    returned = isinstance(where.parent, ast.Return) or (
        isinstance(where.parent, ast.Tuple) and len(where.around) > 1 and isinstance(where.around[1], ast.Return)
    )
    if returned and isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Subscript)):
        yield ast.BinOp(ast.Constant(2), ast.Mult(), node)


@mutation("mean for sum")
def _mean(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.Attribute) and node.attr == "sum" and isinstance(where.parent, ast.Call):
        yield _with(node, attr="mean")


@mutation("sum for mean")
def _sum(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.Attribute) and node.attr == "mean" and isinstance(where.parent, ast.Call):
        yield _with(node, attr="sum")


@mutation("axis changed")
def _axis(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.keyword) and node.arg == "axis" and isinstance(_number(node.value), int):
        yield _with(node, value=ast.Constant(1 if _number(node.value) in (0, -2) else 0))


@mutation("axis dropped")
def _no_axis(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    yield from _without_keyword(node, "axis")


@mutation("keepdims dropped")
def _keepdims(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    yield from _without_keyword(node, "keepdims")


@mutation("factor dropped")
def _factor(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        yield node.left
        yield node.right


@mutation("division dropped")
def _division(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Div, ast.FloorDiv)):
        yield node.left


@mutation("power dropped")
def _power(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        yield node.left


@mutation("term dropped")
def _term(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)) and not where.counts:
        yield node.left


@mutation("operands swapped")
def _operands(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.MatMult, ast.Sub, ast.Div)) and not where.counts:
        squared = isinstance(where.parent, ast.BinOp) and isinstance(where.parent.op, ast.Pow)
        absolute = isinstance(where.parent, ast.Call) and called(where.parent) in ("abs", "square")
        if not (isinstance(node.op, ast.Sub) and (squared or absolute)):
            yield _with(node, left=node.right, right=node.left)
    if isinstance(node, ast.Call) and called(node) in PRODUCTS and len(node.args) == 2:
        yield _with(node, args=node.args[::-1])


@mutation("product entry by entry")
def _entrywise(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield _with(node, op=ast.Mult())


@mutation("a for z")
def _a_for_z(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for old, new in ("az", "za", "AZ", "ZA"):
            if re.fullmatch(f"d?{old}s?[0-9]?|{old}_.*", node.id):
                other = node.id.replace(old, new, 1)
                if other in where.bound_before:
                    yield ast.Name(other, ast.Load())


@mutation("off by one")
def _off_by_one(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and called(node) == "range":
        for i, argument in enumerate(node.args):
            for by in (-1, 1):
                yield _with(node, args=[*node.args[:i], _shifted(argument, by), *node.args[i + 1 :]])
    if not isinstance(node, ast.expr):
        return
    indexes = isinstance(where.parent, ast.Subscript) and node is where.parent.slice
    indexes |= (
        isinstance(where.parent, ast.Tuple)
        and len(where.around) > 1
        and isinstance(where.around[1], ast.Subscript)
        and where.parent is where.around[1].slice
    )
    bounds = isinstance(where.parent, ast.Slice) and node is not where.parent.step
    counts = isinstance(node, ast.Name) and node.id in where.counters
    if (indexes or bounds) and (counts or _is_count(node)):
        yield _shifted(node, -1)
        yield _shifted(node, 1)


@mutation("bound dropped")
def _bound(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.Slice):
        for field in ("lower", "upper"):
            if getattr(node, field) is not None:
                yield _with(node, **{field: None})


@mutation("copy dropped")
def _copy(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and called(node) in COPIES:
        yield from _subject(node)


@mutation("in place")
def _in_place(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.BinOp):
        left = node.value.left
        if isinstance(left, ast.Name) and left.id == node.targets[0].id:
            yield ast.AugAssign(node.targets[0], node.value.op, node.value.right)


@mutation("accumulation dropped")
def _accumulation(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value)


@mutation("statement removed")
def _statement(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, (ast.AugAssign, ast.For, ast.While, ast.Continue, ast.Break)) or (
        isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    ):
        yield ast.Pass()
    if isinstance(node, ast.Assign):
        targets = [name for target in node.targets for name in _targets(target)]
        if all(name is None or name in where.bound_before for name in targets):
            yield ast.Pass()


@mutation("condition always true")
def _always(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.If) and not _raises(node):
        yield _with(node, test=ast.Constant(True))
    if isinstance(node, ast.IfExp):
        yield node.body
    if isinstance(node, ast.comprehension) and node.ifs:
        yield _with(node, ifs=[])


@mutation("condition never true")
def _never(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.If) and not _raises(node):
        yield _with(node, test=ast.Constant(False))
    if isinstance(node, ast.IfExp):
        yield node.orelse


@mutation("comparison changed")
def _comparison(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            yield _with(node, ops=[other()])


@mutation("condition changed")
def _boolean(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand


@mutation("constant changed")
def _constant(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if where.counts or not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return
    if isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        yield _literal(node.value - 1)
    elif isinstance(node.value, float):
        yield ast.Constant(2 * node.value if abs(node.value) > 1e-6 else 0.0)


@mutation("argument replaced")
def _argument(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Call) or called(node) == "range":
        return
    for i, argument in enumerate(node.args):
        for other in node.args:
            if isinstance(argument, ast.Name) and isinstance(other, ast.Name) and argument.id != other.id:
                yield _with(node, args=[*node.args[:i], other, *node.args[i + 1 :]])


@mutation("arguments swapped")
def _arguments(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Call) or called(node) in ORDER_DOES_NOT_MATTER or called(node) == "range":
        return
    for i in range(len(node.args) - 1):
        if not any(isinstance(argument, (ast.Starred, ast.Constant)) for argument in node.args[i : i + 2]):
            yield _with(node, args=[*node.args[:i], node.args[i + 1], node.args[i], *node.args[i + 2 :]])


@mutation("call dropped")
def _call(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and called(node) in DROPPED_CALLS:
        yield from _subject(node)


@mutation("other function")
def _function(node: ast.AST, where: Where) -> Iterator[ast.AST]:
    if not isinstance(where.parent, ast.Call) or node is not where.parent.func:
        return
    if isinstance(node, ast.Attribute) and node.attr in OTHER_FUNCTION:
        yield _with(node, attr=OTHER_FUNCTION[node.attr])
    if isinstance(node, ast.Name) and node.id in OTHER_FUNCTION:
        yield ast.Name(OTHER_FUNCTION[node.id], ast.Load())


def called(call: ast.Call) -> str:
    """The last part of the name that is called: "sum" in ``np.sum(x)`` and in ``x.sum()``."""
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def depends(first: ast.stmt, second: ast.stmt) -> bool:
    """Does either statement read or change what the other one changes?"""
    changes = [
        {_root(node) for node in ast.walk(statement) if _is_changed(node)} - {None} for statement in (first, second)
    ]
    mentions = [
        {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)} for statement in (first, second)
    ]
    return bool(changes[0] & mentions[1] or changes[1] & mentions[0])


def _is_changed(node: ast.AST) -> bool:
    method = (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("append", "insert")
    )
    return method or isinstance(getattr(node, "ctx", None), ast.Store)


def _root(node: ast.AST) -> str | None:
    """The variable at the bottom of ``x``, ``x[i]``, ``x.y`` or ``x.append(...)``."""
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _targets(target: ast.expr) -> Iterator[str | None]:
    """The names that an assignment binds, None for an entry of something that exists already."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _targets(element)
    else:
        yield target.id if isinstance(target, ast.Name) else None


def _subject(call: ast.Call) -> Iterator[ast.AST]:
    """What a call is about: the object of a method, else the first argument."""
    function = call.func
    if isinstance(function, ast.Attribute) and not call.args:
        yield function.value
    elif call.args and not isinstance(call.args[0], ast.Starred):
        yield call.args[0]


def _raises(node: ast.If) -> bool:
    return any(isinstance(statement, (ast.Raise, ast.Assert)) for statement in [*node.body, *node.orelse])


def _without_keyword(node: ast.AST, name: str) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and any(keyword.arg == name for keyword in node.keywords):
        yield _with(node, keywords=[keyword for keyword in node.keywords if keyword.arg != name])


def _number(node: ast.expr) -> int | float | None:
    """The number that is written here, with its sign, None where something else is."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _number(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.Constant) and isinstance(node.value, Number) and not isinstance(node.value, bool):
        return node.value
    return None


def _is_count(node: ast.expr) -> bool:
    """Is it a whole number, or something plus or minus one?"""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        return isinstance(_number(node.right), int)
    return isinstance(_number(node), int)


def _literal(value: int) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def _shifted(node: ast.expr, by: int) -> ast.expr:
    """``node + by``, as a person would write it."""
    value = _number(node)
    if isinstance(value, int):
        return _literal(value + by)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        number = _number(node.right)
        if isinstance(number, int):
            total = by + (number if isinstance(node.op, ast.Add) else -number)
            return node.left if total == 0 else _shifted(node.left, total)
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(abs(by)))


def _with(node: Node, **fields: object) -> Node:
    """A copy of a node with other fields."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed
