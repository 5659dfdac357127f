"""Trying mutants on test cells: a few in one notebook, and once more alone whatever such a notebook does not settle."""

import json
import re
from concurrent.futures import Executor
from itertools import groupby
from typing import Any, NamedTuple

import nbformat

from coursekit.audit.abridged import abridged
from coursekit.audit.mutants import Mutant
from coursekit.audit.needs import excerpt, own_tests
from coursekit.audit.running import Graded, graded
from coursekit.audit.subject import Subject
from coursekit.grading.runner.marks import is_test

# Mutants in one notebook. Each notebook costs two processes, which take longer than most tests.
TOGETHER = 8
# A mutant may take so many times as long as the solution, and so many seconds more; alone it has so many times that.
SLOWER, SECONDS_MORE, ALONE = 2, 1, 3
TOO_LONG = re.compile(r"longer than (the limit of )?[\d.]+ s")


class Bench(NamedTuple):
    """What mutants are tried on: the test cells of each solution cell; of each test cell an excerpt and a limit."""

    subject: Subject
    tests: dict[str, list[str]]
    excerpts: dict[str, Any]
    limits: dict[str, int]

    @classmethod
    def of(cls, subject: Subject, seconds: dict[str, float]) -> "Bench":
        """``seconds``: how long each test cell takes with the solution."""
        excerpts = {test: excerpt(subject.instructor, test) for test in seconds}
        for short in excerpts.values():
            short.cells[-1].source = abridged(short.cells[-1].source)
        limits = {test: round(SLOWER * taken + SECONDS_MORE) for test, taken in seconds.items()}
        return cls(subject, own_tests(subject.instructor), excerpts, limits)


def living(bench: Bench, mutants: list[Mutant], pool: Executor) -> list[bool]:
    """Does a mutant keep full points in all of its test cells?

    One that only ran out of time among others is tried again alone, with more time: the machine may have been busy.
    """
    batches = [
        same[start : start + TOGETHER]
        for same in (list(group) for _, group in groupby(mutants, key=lambda mutant: mutant.cell))
        for start in range(0, len(same), TOGETHER)
    ]
    killed = {mutant for found in pool.map(lambda batch: _killed(bench, batch), batches) for mutant in found}
    doubtful = [mutant for mutant in mutants if mutant not in killed]
    alive = dict(zip(doubtful, pool.map(lambda mutant: _lives(bench, mutant), doubtful), strict=True))
    return [alive.get(mutant, False) for mutant in mutants]


def _killed(bench: Bench, batch: list[Mutant]) -> list[Mutant]:
    """Those of a batch that lose points in time. None if the solution, which is run last, is spoilt by one of them."""
    cell = batch[0].cell
    found: list[Mutant] = []
    for test in bench.tests[cell]:
        left = [mutant for mutant in batch if mutant not in found]
        run = _run(bench, test, cell, [*(mutant.source for mutant in left), None], bench.limits[test])
        *points, control = (run.points[_numbered(test, i)] for i in range(len(left) + 1))
        if control < bench.subject.points[test]:
            return []
        late = _late(run)
        found += [
            mutant
            for i, (mutant, got) in enumerate(zip(left, points, strict=True))
            if got < bench.subject.points[test] and _numbered(test, i) not in late
        ]
    return found


def _lives(bench: Bench, mutant: Mutant) -> bool:
    """Does every test cell of its own give this mutant full points?"""
    for test in bench.tests[mutant.cell]:
        run = _run(bench, test, mutant.cell, [mutant.source], ALONE * bench.limits[test])
        if run.points[_numbered(test, 0)] < bench.subject.points[test]:
            return False
    return True


def _run(bench: Bench, test: str, cell: str, sources: list[str | None], limit: int) -> Graded:
    """The excerpt of a test with each source in turn in place of a solution cell; None is the solution itself."""
    short = bench.excerpts[test]
    cells = []
    for i, source in enumerate(sources):
        for each in nbformat.from_dict(short.cells):
            grade_id = each.metadata.get("nbgrader", {}).get("grade_id")
            if grade_id == cell and source is not None:
                each.source = source
            if grade_id == test:
                each.metadata.nbgrader.grade_id = _numbered(test, i)
            cells.append(each)
    return graded({**short, "cells": cells}, bench.subject.bound, cell_seconds=limit)


def _numbered(test: str, number: int) -> str:
    return f"{test}-{number}"


def _late(run: Graded) -> set[str]:
    """The test cells that ended because a limit was over."""
    return {
        cell.metadata.nbgrader.grade_id
        for cell in run.outcome.notebook.cells
        if is_test(cell) and TOO_LONG.search(json.dumps(cell.outputs))
    }
