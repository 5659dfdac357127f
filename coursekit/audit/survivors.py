"""Mutation testing: does a test cell notice every mistake in its own solution cell?"""

from concurrent.futures import Executor
from typing import Any

from coursekit.audit.abridged import abridged
from coursekit.audit.finding import Finding
from coursekit.audit.mutants import Declaration, Mutant, declarations, mutants
from coursekit.audit.needs import excerpt, own_tests
from coursekit.audit.running import graded
from coursekit.audit.subject import Subject, is_solution
from coursekit.errors import UsageError

# Of all mutants, how many may be declared equivalent.
MOST_DECLARED = 0.1
# A mutant may take so many times as long as the solution, and so many seconds more, before it is stopped.
SLOWER, SECONDS_MORE = 3, 3


def survivors(subject: Subject, pool: Executor, seconds: dict[str, float]) -> Finding:
    """Run every mutant of the solution against its own test cells; those with full points must be declared equivalent.

    ``seconds``: how long each test cell takes with the solution. Raises UsageError where a solution is no Python.
    """
    tests = own_tests(subject.instructor)
    excerpts = {test: excerpt(subject.instructor, test) for test in seconds}
    for short in excerpts.values():
        short.cells[-1].source = abridged(short.cells[-1].source)
    found: list[Mutant] = []
    declared: list[Declaration] = []
    faults: list[str] = []
    for cell in subject.instructor.cells:
        declared += declarations(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
        if not is_solution(cell):
            continue
        name = cell.metadata.nbgrader.grade_id
        line = subject.line(name)
        try:
            made = mutants(name, cell.source)
        except SyntaxError as error:
            raise UsageError(f"{subject.at(line + (error.lineno or 0))}: the solution is not valid Python") from None
        if made and not tests[name]:
            faults.append(f"{subject.at(line)}: no test cell uses what {name} defines")
        else:
            found += made
    alive = pool.map(lambda mutant: _survives(subject, mutant, tests, excerpts, seconds), found)
    living = [mutant for mutant, lives in zip(found, alive, strict=True) if lives]
    used = {_key(mutant) for mutant in living} & {_key(declaration) for declaration in declared}
    open_ones = [mutant for mutant in living if _key(mutant) not in used]
    faults += [
        f"{subject.at(subject.line(mutant.cell) + mutant.line)}: {mutant.mutation}: {mutant.rewrite} "
        f"keeps full points in {', '.join(tests[mutant.cell])}"
        for mutant in open_ones
    ]
    for declaration in declared:
        line = subject.line(declaration.cell) + declaration.line if declaration.cell else 1
        if not declaration.why:
            faults.append(f"{subject.at(line)}: say why {declaration.mutation!r} is equivalent, after a colon")
        if _key(declaration) not in used:
            faults.append(
                f"{subject.at(line)}: no surviving mutant {declaration.mutation!r} on this line; remove the comment"
            )
    count = len(living) - len(open_ones)
    if count > MOST_DECLARED * len(found):
        faults.append(f"{count} of {len(found)} mutants are declared equivalent; at most {MOST_DECLARED:.0%} may be")
    detail = f"{len(found) - len(living)} of {len(found)} killed, {count} equivalent, {len(open_ones)} survive"
    return Finding("mutants", detail, faults)


def _key(which: Mutant | Declaration) -> tuple[str, int, str]:
    return which.cell, which.line, which.mutation


def _survives(
    subject: Subject, mutant: Mutant, tests: dict[str, list[str]], excerpts: dict[str, Any], seconds: dict[str, float]
) -> bool:
    """Does every test cell of its own give this mutant full points?"""
    for test in tests[mutant.cell]:
        notebook = with_cell(excerpts[test], mutant.cell, mutant.source)
        limit = round(SLOWER * seconds[test] + SECONDS_MORE)
        if graded(notebook, subject.bound, cell_seconds=limit).points[test] < subject.points[test]:
            return False
    return True


def with_cell(notebook: Any, grade_id: str, source: str) -> Any:
    """The notebook with another source in one cell; the other cells are shared."""
    changed = [
        {**cell, "source": source} if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id else cell
        for cell in notebook.cells
    ]
    return {**notebook, "cells": changed}
