"""Time: what each test cell takes with the solution, and whether plain loops fit the limits with room to spare."""

import ast
import copy
from concurrent.futures import Executor
from typing import Any

from coursekit.audit.finding import Finding
from coursekit.audit.needs import excerpt
from coursekit.audit.running import CELL_SECONDS, TRIES, Graded, graded
from coursekit.audit.subject import Subject
from coursekit.authoring.assignments import hand_in
from coursekit.grading.runner.marks import is_test

LOOPS = "right_loops"
SPARE = 2


def seconds(subject: Subject, pool: Executor) -> dict[str, float]:
    """Seconds of wall time that each test cell takes with the solution cells that it needs, the best of a few runs."""
    excerpts = {test: excerpt(subject.instructor, test) for test in subject.points}
    tests = list(subject.points) * TRIES
    taken: dict[str, float] = {}
    for test, run in zip(tests, pool.map(lambda test: graded(excerpts[test], subject.bound), tests), strict=True):
        taken[test] = min(run.outcome.seconds, taken.get(test, run.outcome.seconds))
    return taken


def timing(subject: Subject, pool: Executor, taken: dict[str, float]) -> Finding:
    """Every cell of the solution is done in time, and variants in plain loops in half of every limit."""
    faults = [
        f"{subject.at(subject.line(test))}: {test} takes {spent:.1f} s with the solution; at most {CELL_SECONDS} s "
        "are allowed"
        for test, spent in taken.items()
        if spent >= CELL_SECONDS
    ]
    halved = halve_limits(subject.instructor)
    loops = [variant for variant in subject.variants if variant.name.startswith(LOOPS)]
    for variant in loops:
        notebook = hand_in(halved, subject.instructor, variant)
        slow = set(subject.points)
        for _ in range(TRIES):
            run: Graded = pool.submit(graded, notebook, subject.bound, CELL_SECONDS // SPARE).result()
            slow &= {test for test, got in run.points.items() if got < subject.points[test]}
            if not slow:
                break
        path = subject.script.parent / "variants" / f"{variant.name}.py"
        faults += [f"{path}:1: loses in {test} if every time limit is divided by {SPARE}" for test in sorted(slow)]
    slowest = max(taken, key=lambda test: taken[test])
    spare = f", loops in 1/{SPARE} of every limit" if loops else ""
    return Finding("time", f"slowest is {slowest}, {taken[slowest]:.2f} s{spare}", faults)


def halve_limits(notebook: Any) -> Any:
    """The notebook with every ``time_limit`` in its test cells divided by the room to spare."""
    changed = copy.deepcopy(notebook)
    for cell in changed.cells:
        if is_test(cell):
            cell.source = ast.unparse(_Halve().visit(ast.parse(cell.source)))
    return changed


class _Halve(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "time_limit" and node.args:
            half = ast.BinOp(node.args[0], ast.Div(), ast.Constant(SPARE))
            node.args[0] = ast.copy_location(half, node.args[0])
        return ast.fix_missing_locations(node)
