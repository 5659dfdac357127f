"""The audit of one assignment: all checks, one after the other."""

import time
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, NamedTuple

from coursekit.audit import leaks, survivors, text, timing, variants
from coursekit.audit.finding import Finding
from coursekit.audit.running import JOBS
from coursekit.audit.subject import opened
from coursekit.grading.runner.client import start


class Report(NamedTuple):
    """The findings of an assignment and the seconds that they took."""

    assignment: str
    findings: list[Finding]
    seconds: float

    @property
    def passed(self) -> bool:
        """Is nothing at fault?"""
        return not self.faults

    @property
    def faults(self) -> list[str]:
        """All faults, in the order of the checks."""
        return [fault for finding in self.findings for fault in finding.faults]

    def as_data(self) -> dict[str, Any]:
        """The report as JSON has it."""
        findings = [{**finding._asdict(), "passed": finding.passed} for finding in self.findings]
        return {
            "assignment": self.assignment,
            "passed": self.passed,
            "seconds": round(self.seconds, 1),
            "findings": findings,
        }


def audit(script: Path, pool: Executor, wheel: leaks.Wheel | None = None) -> Report:
    """Audit the assignment of a percent script; ``wheel`` is what students install, None where there is none.

    Raises UsageError naming file and line where the source or a variant could not be graded as it is written.
    """
    started = time.perf_counter()
    start(JOBS)
    with opened(script) as subject:
        taken = timing.seconds(subject, pool)
        findings = [
            variants.solution(subject, pool),
            variants.variants(subject, pool),
            survivors.survivors(subject, pool, taken),
        ]
        timed = timing.timing(subject, pool, taken)
        # Grading, which is how feedback comes about, ends all runners.
        findings += [leaks.leaks(subject, wheel), timed, text.text(subject)]
    return Report(script.stem, findings, time.perf_counter() - started)
