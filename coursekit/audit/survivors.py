"""Mutation testing: does a test cell notice every mistake in its own solution cell?"""

from concurrent.futures import Executor

from coursekit.audit.finding import Finding
from coursekit.audit.mutants import Declaration, Mutant, declarations, mutants
from coursekit.audit.subject import Subject, is_solution
from coursekit.audit.trials import Bench, living
from coursekit.errors import UsageError

# Of all mutants, how many may be declared equivalent.
MOST_DECLARED = 0.1


def survivors(subject: Subject, pool: Executor, seconds: dict[str, float]) -> Finding:
    """Run every mutant of the solution against its own test cells; those with full points must be declared equivalent.

    ``seconds``: how long each test cell takes with the solution. Raises UsageError where a solution is no Python.
    """
    bench = Bench.of(subject, seconds)
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
        if made and not bench.tests[name]:
            faults.append(f"{subject.at(line)}: no test cell uses what {name} defines")
        else:
            found += made
    alive = [mutant for mutant, lives in zip(found, living(bench, found, pool), strict=True) if lives]
    used = {_key(mutant) for mutant in alive} & {_key(declaration) for declaration in declared}
    open_ones = [mutant for mutant in alive if _key(mutant) not in used]
    faults += [
        f"{subject.at(subject.line(mutant.cell) + mutant.line)}: {mutant.mutation}: {mutant.rewrite} "
        f"keeps full points in {', '.join(bench.tests[mutant.cell])}"
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
    count = len(alive) - len(open_ones)
    if count > MOST_DECLARED * len(found):
        faults.append(f"{count} of {len(found)} mutants are declared equivalent; at most {MOST_DECLARED:.0%} may be")
    detail = f"{len(found) - len(alive)} of {len(found)} killed, {count} equivalent, {len(open_ones)} survive"
    return Finding("mutants", detail, faults)


def _key(which: Mutant | Declaration) -> tuple[str, int, str]:
    return which.cell, which.line, which.mutation
