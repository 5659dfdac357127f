"""What a cell of an assignment is for, and the nbgrader metadata that says so.

``setup`` is locked code; ``solution`` is what the student writes; ``test`` is locked and graded; ``explain`` is a text
that the student writes and a person grades.
"""

import ast
import re
from typing import Any

from coursekit.authoring.percent import Source

ROLES = ("setup", "solution", "test", "explain")
VALID_ID = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


def nbgrader_metadata(grade_id: str, role: str, points: float | None) -> dict[str, Any]:
    """The metadata by which nbgrader knows a cell of this role."""
    metadata: dict[str, Any] = {
        "grade": role in ("test", "explain"),
        "grade_id": grade_id,
        "locked": role in ("setup", "test"),
        "schema_version": 3,
        "solution": role in ("solution", "explain"),
        "task": False,
    }
    if role in ("test", "explain"):
        metadata["points"] = points
    return metadata


def validate(source: Source) -> None:
    """Raise UsageError, naming file and line, at the first cell that could not be graded as it is written."""
    seen: dict[str, int] = {}
    for index, cell in enumerate(source.notebook.cells):
        role, grade_id = cell.metadata.get("role"), cell.metadata.get("grade_id")
        if role is None and grade_id is None:
            _require_plain(source, index)
            continue
        if role not in ROLES:
            raise source.error(index, f"role must be one of {', '.join(ROLES)}, but is {role!r}")
        if not isinstance(grade_id, str) or not VALID_ID.match(grade_id):
            raise source.error(
                index, f"a {role} cell needs a grade_id of letters, digits, _ and -, but has {grade_id!r}"
            )
        if grade_id in seen:
            raise source.error(
                index, f"grade_id {grade_id!r} is already used in line {source.lines[seen[grade_id]]}; choose another"
            )
        seen[grade_id] = index
        _require_role(source, index, role)


def _require_plain(source: Source, index: int) -> None:
    text = source.notebook.cells[index].source
    if BEGIN_SOLUTION in text:
        raise source.error(index, 'a solution stands in a cell without role="solution"')
    if BEGIN_HIDDEN in text:
        raise source.error(index, 'a hidden test stands in a cell without role="test"')
    _require_no_import(source, index)


def _require_role(source: Source, index: int, role: str) -> None:
    cell = source.notebook.cells[index]
    kind = "markdown" if role == "explain" else "code"
    if cell.cell_type != kind:
        raise source.error(index, f"a {role} cell must be a {kind} cell")
    if role in ("solution", "explain") and not _delimited(cell.source, BEGIN_SOLUTION, END_SOLUTION):
        raise source.error(index, f"a {role} cell needs {BEGIN_SOLUTION} and, below it, {END_SOLUTION}")
    if role not in ("solution", "explain") and BEGIN_SOLUTION in cell.source:
        raise source.error(index, 'a solution stands in a cell without role="solution"')
    if role != "test":
        if BEGIN_HIDDEN in cell.source:
            raise source.error(index, 'a hidden test stands in a cell without role="test"')
        if role == "explain":
            _require_points(source, index)
        elif "points" in cell.metadata:
            raise source.error(
                index, f"only test and explain cells have points, but this {role} cell has {cell.metadata['points']!r}"
            )
        _require_no_import(source, index)
        return
    if BEGIN_HIDDEN in cell.source and not _delimited(cell.source, BEGIN_HIDDEN, END_HIDDEN):
        raise source.error(index, f"{BEGIN_HIDDEN} and {END_HIDDEN} must alternate, each begun region ended")
    _require_score(source, index)


def _delimited(text: str, begin: str, end: str) -> bool:
    marks = re.findall(f"{re.escape(begin)}|{re.escape(end)}", text)
    return bool(marks) and len(marks) % 2 == 0 and marks == [begin, end] * (len(marks) // 2)


def _require_no_import(source: Source, index: int) -> None:
    cell = source.notebook.cells[index]
    if cell.cell_type == "code" and re.search(r"^\s*(import|from)\s+coursekit\b", cell.source, re.MULTILINE):
        raise source.error(index, "only test cells import coursekit: a student's code cannot while it is graded")


def _require_score(source: Source, index: int) -> None:
    """A test cell holds one `with check.score(points) as s:` and ends in `s`, so that nbgrader reads its points."""
    cell = source.notebook.cells[index]
    points = _require_points(source, index)
    try:
        body = ast.parse(cell.source).body
    except SyntaxError as error:
        raise source.error(index, f"the test cell is not valid Python: {error.msg}") from None
    blocks = [item for node in body if isinstance(node, ast.With) for item in node.items if _is_score(item)]
    if len(blocks) != 1 or not isinstance(blocks[0].optional_vars, ast.Name):
        raise source.error(index, "a test cell holds exactly one `with check.score(points) as s:` at its outer level")
    last = body[-1]
    name = blocks[0].optional_vars.id
    if not (isinstance(last, ast.Expr) and isinstance(last.value, ast.Name) and last.value.id == name):
        raise source.error(
            index, f"a test cell must end in a line with `{name}` alone: nbgrader reads the points from it"
        )
    if cell.source.rstrip().endswith(";"):
        raise source.error(index, f"a semicolon hides the last line `{name}` from nbgrader; remove it")
    call = blocks[0].context_expr
    declared = call.args[0].value if isinstance(call, ast.Call) and isinstance(call.args[0], ast.Constant) else None
    if declared != points:
        raise source.error(index, f"check.score({declared!r}) and points={points!r} differ; write the same number")
    weights = _weights(body)
    if None not in weights and sum(filter(None, weights)) != points:
        total = sum(filter(None, weights))
        raise source.error(index, f"the parts are worth {total:g} points together, but the cell {points:g}")


def _require_points(source: Source, index: int) -> float:
    metadata = source.notebook.cells[index].metadata
    points = metadata.get("points")
    if isinstance(points, bool) or not isinstance(points, (int, float)) or points <= 0:
        raise source.error(index, f"a {metadata['role']} cell needs points above 0, but has {points!r}")
    return points


def _number(node: ast.expr) -> float | None:
    """The number that is written here, None where something else is."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) else None


def _is_score(item: ast.withitem) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and _is_method(call, "score") and len(call.args) == 1


def _weights(body: list[ast.stmt]) -> list[float | None]:
    """What the parts are worth; None for one in a loop or a function, whose weight is known only when it runs."""
    module = ast.Module(body, [])
    repeated = (ast.For, ast.While, ast.FunctionDef, ast.Lambda, ast.ListComp, ast.GeneratorExp)
    inside = {id(node) for outer in ast.walk(module) if isinstance(outer, repeated) for node in ast.walk(outer)}
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call) and _is_method(node, "part") and node.args]
    return [None if id(call) in inside else _number(call.args[0]) for call in calls]


def _is_method(call: ast.Call, name: str) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == name
