"""The student version of an assignment, made by nbgrader itself."""

from nbgrader.apps.api import NbGraderAPI

from coursekit.errors import UsageError
from coursekit.grading.course import Course


def release(course: Course, assignment: str) -> None:
    """Generate release/ASSIGNMENT from source/ASSIGNMENT and enter it into the gradebook.

    Raises UsageError with nbgrader's own words where it refuses.
    """
    made = NbGraderAPI(course.directory, parent=course.app, log_level="CRITICAL").generate_assignment(assignment)
    if not made["success"]:
        detail = (made.get("error") or made.get("log") or "no reason given").strip().splitlines()[-1]
        raise UsageError(f"nbgrader could not generate {assignment}: {detail}")
