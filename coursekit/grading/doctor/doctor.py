"""All checks, in the order in which a person would ask."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.grading.doctor import disk, isolation, permissions, repository, versions
from coursekit.grading.doctor.findings import Finding, attempt, fine, unsafe
from coursekit.grading.sandbox.levels import LANDLOCK
from coursekit.grading.settings import find_root

if TYPE_CHECKING:
    from coursekit.grading.course import Course


def examine(start: Path) -> list[Finding]:
    """What is to be said of this system, and of the course that contains ``start`` where there is one."""
    system = [*attempt("versions", versions.check), *attempt("programs", versions.check_programs)]
    root = find_root(start)
    minimum = LANDLOCK
    of_course = [fine("course directory", "none here: its configuration, permissions and exchange were left out")]
    if root is not None:
        course, of_course = _opened(root)
        of_course += attempt("permissions", partial(permissions.check, root))
        if course is not None:
            minimum = course.settings.minimum_isolation
            of_course += attempt("exchange", partial(_exchange, course))
        of_course += attempt("git", partial(repository.check, root))
    isolated = attempt("isolation", partial(isolation.check, minimum))
    return [*system, *isolated, *attempt("disk", partial(disk.check, root)), *of_course]


def _opened(root: Path) -> tuple["Course | None", list[Finding]]:
    # nbgrader is imported here alone, so that its absence is a finding, too.
    try:
        from coursekit.grading.doctor.configuration import open_course
    except ImportError as error:
        return None, [unsafe("course directory", f"it cannot be opened ({error})", "pip install 'coursekit[grade]'")]
    return open_course(root)


def _exchange(course: "Course") -> list[Finding]:
    from coursekit.grading.doctor import exchange

    return list(exchange.check(course))
