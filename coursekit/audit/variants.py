"""Solution, blank release and variants: who gets full points, who loses, and whether the report says why."""

from concurrent.futures import Executor
from typing import Any

from coursekit.audit.abridged import abridged
from coursekit.audit.finding import Finding
from coursekit.audit.needs import affected
from coursekit.audit.running import TRIES, Graded, graded
from coursekit.audit.subject import Subject
from coursekit.authoring.assignments import Variant, hand_in
from coursekit.grading.runner.marks import is_test

# Secrets of made-up courses: the solution is right whatever the hidden data are.
SECRETS = tuple(digit * 64 for digit in "123")


def solution(subject: Subject, pool: Executor) -> Finding:
    """The solution gets full points, in courses with different secrets too, and the release gets none."""
    runs = [pool.submit(graded, subject.instructor, subject.bound, secret=secret) for secret in ("", *SECRETS)]
    blank = pool.submit(graded, subject.released, subject.bound)
    faults: list[str] = []
    for secret, run in zip(("the public seed", *SECRETS), runs, strict=True):
        faults += [
            f"{subject.at(subject.line(cell))}: the solution gets {got:g} of {subject.points[cell]:g} points in {cell} "
            f"with {'the secret ' if secret in SECRETS else ''}{secret[:15]}"
            for cell, got in run.result().points.items()
            if got < subject.points[cell]
        ]
        faults += [f"{subject.script}: the solution's run: {remark}" for remark in run.result().outcome.remarks]
    for cell, got in blank.result().points.items():
        if got > 0:
            faults.append(f"{subject.at(subject.line(cell))}: the blank release gets {got:g} points in {cell}")
    total = sum(subject.points.values())
    return Finding(
        "solution", f"{total:g} points with {len(runs)} seeds, the blank release {_sum(blank.result()):g}", faults
    )


def variants(subject: Subject, pool: Executor) -> Finding:
    """Right variants get full points; a wrong one loses where it says, nowhere else, and is told why."""
    # What loses much runs into many limits. It begins first, so that nothing is waited for in the end.
    slowest_first = sorted(subject.variants, key=lambda variant: -len(variant.fails))
    # Made here and not by the workers: two threads of Python 3.11 must not parse at the same time.
    notebooks = [_in_short(hand_in(subject.instructor, subject.instructor, each), each) for each in slowest_first]
    found = pool.map(lambda variant, notebook: _faults(subject, variant, notebook), slowest_first, notebooks)
    faults = sorted(fault for each in found for fault in each)
    right = sum(not variant.fails for variant in subject.variants)
    return Finding("variants", f"{right} right, {len(subject.variants) - right} wrong", faults)


def _faults(subject: Subject, variant: Variant, notebook: Any) -> list[str]:
    """What is not as the variant says, in each of a few runs."""
    found: list[str] = []
    for _ in range(TRIES):
        found = _differences(subject, variant, graded(notebook, subject.bound))
        if not found:
            break
    return found


def _differences(subject: Subject, variant: Variant, run: Graded) -> list[str]:
    path = subject.script.parent / "variants" / f"{variant.name}.py"
    lost = {cell for cell, got in run.points.items() if got < subject.points[cell]}
    found = [f"{path}:1: loses in {cell}, which `fails` does not name" for cell in sorted(lost - set(variant.fails))]
    found += [f"{path}:1: keeps full points in {cell}" for cell in sorted(set(variant.fails) - lost)]
    found += [
        f"{path}:1: {cell} must report {code!r}, but reports {', '.join(sorted(run.codes[cell])) or 'nothing'}"
        for cell, code in variant.fails.items()
        if code is not None and cell in lost and code not in run.codes[cell]
    ]
    return found


def _in_short(notebook: Any, variant: Variant) -> Any:
    """The variant without the test cells that need nothing of it: the solution's run has shown what they give.

    A test that need not name the mistake ends at the first one.
    """
    tests = affected(notebook, variant.cells)
    notebook.cells = [cell for cell in notebook.cells if not is_test(cell) or cell.metadata.nbgrader.grade_id in tests]
    for cell in filter(is_test, notebook.cells):
        if variant.fails.get(cell.metadata.nbgrader.grade_id) is None:
            cell.source = abridged(cell.source)
    return notebook


def _sum(run: Graded) -> float:
    return sum(run.points.values())
