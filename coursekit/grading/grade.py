"""A class, one submission after the other: sanitize, run, record. What is done stays, what is missing is made up."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from nbgrader.preprocessors import Execute
from nbgrader.utils import find_all_files

from coursekit.grading import record, sanitize, submissions
from coursekit.grading.course import Course
from coursekit.grading.ledger import Ledger, Result, Status
from coursekit.grading.run import Policy, run
from coursekit.grading.submissions import Submission, Unreadable


class Graded(NamedTuple):
    """One submission of the class: its result, and whether it was recorded by an earlier run."""

    submission: Submission
    result: Result | None
    kept: bool = False
    error: str = ""


def grade(course: Course, assignment: str, students: Sequence[str] = ()) -> Iterator[Graded]:
    """Grade every submission that is not done yet, and yield all of them, one by one, as they are done.

    A submission that cannot be graded is recorded with a reason; one that could not be recorded is yielded with the
    error and no result. Raises UsageError, before anything is written, for an unknown assignment or student.
    """
    course.require_assignment(assignment)
    course.due_date(assignment)
    found = submissions.find(course, assignment, students)
    return _grade_all(course, assignment, found)


def _grade_all(course: Course, assignment: str, found: list[Submission]) -> Iterator[Graded]:
    course.update_gradebook(assignment)
    ledger = Ledger(course.root)
    done = ledger.results(assignment)
    release = _release(course, assignment)
    for submission in found:
        content_hash = submission.content_hash(release)
        earlier = done.get(submission.student)
        if earlier is not None and _agrees(course, earlier, content_hash):
            yield Graded(submission, earlier, kept=True)
            continue
        try:
            result = _grade_one(course, submission, content_hash)
            ledger.write(result)
        except Exception as error:
            yield Graded(submission, None, error=f"{type(error).__name__}: {error}")
        else:
            yield Graded(submission, result)


def _agrees(course: Course, earlier: Result, content_hash: str) -> bool:
    score = record.automatic_score(course, earlier.assignment, earlier.student)
    return earlier.content_hash == content_hash and score is not None and abs(score[0] - earlier.score) < 1e-9


def _release(course: Course, assignment: str) -> str:
    """A hash of the assignment as the gradebook has it: a changed test makes every submission undone."""
    digest = hashlib.sha256()
    with course.gradebook() as gradebook:
        for notebook in sorted(gradebook.find_assignment(assignment).notebooks, key=lambda notebook: notebook.name):
            for cell in notebook.source_cells:
                digest.update(f"{notebook.name}\0{cell.name}\0{cell.checksum}\0".encode())
    return digest.hexdigest()


def _grade_one(course: Course, submission: Submission, content_hash: str) -> Result:
    record.open_submission(course, submission)
    with course.gradebook() as gradebook:
        names = sorted(notebook.name for notebook in gradebook.find_assignment(submission.assignment).notebooks)
    files = _files(course, submission)
    record.lay_out(course, submission, files)
    policy = Policy(cell_seconds=_cell_seconds(course), files=files)
    seconds = {"sanitize": 0.0, "run": 0.0, "record": 0.0}
    remarks: list[str] = []
    codes = {}
    status: Status = "graded"
    isolation = "not run"
    for name in names:
        started = time.perf_counter()
        try:
            raw = submissions.read_notebook(submission, name)
            clean = sanitize.sanitize(course, submission, name, raw)
        except Unreadable as problem:
            record.save_zero(course, submission, name, str(problem))
            remarks.append(str(problem))
            status = "needs review"
            continue
        sanitized = time.perf_counter()
        outcome = run(clean.notebook, policy)
        record_from = time.perf_counter()
        record.save_scores(course, submission, name, outcome.notebook)
        if outcome.needs_review:
            record.mark_for_review(course, submission, name)
            status = "needs review"
        remarks += clean.remarks + outcome.remarks
        codes.update(outcome.codes)
        isolation = outcome.isolation
        seconds["sanitize"] += sanitized - started
        seconds["run"] += outcome.seconds
        seconds["record"] += time.perf_counter() - record_from
    scores = record.automatic_score(course, submission.assignment, submission.student)
    if scores is None:
        raise RuntimeError("the gradebook has no automatic score for a test cell that was run")
    return Result(
        assignment=submission.assignment,
        student=submission.student,
        status=status,
        reason="; ".join(remarks),
        content_hash=content_hash,
        score=scores[0],
        max_score=scores[1],
        isolation=isolation,
        seconds={stage: round(value, 3) for stage, value in seconds.items()},
        codes=codes,
    )


def _files(course: Course, submission: Submission) -> dict[str, bytes]:
    """The files beside the notebooks: the student's own, overwritten by those that the assignment ships."""
    files = {
        str(path.relative_to(submission.folder)): path.read_bytes()
        for path in submission.files
        if path.suffix != ".ipynb" and path.name != "timestamp.txt"
    }
    source = Path(course.directory.format_path(course.directory.source_directory, ".", submission.assignment))
    keep = set(course.autograde.exclude_overwriting.get(submission.assignment, []))
    for found in find_all_files(str(source), [*course.directory.ignore, "*.ipynb"]):
        name = str(Path(found).relative_to(source))
        if name not in keep:
            files[name] = Path(found).read_bytes()
    return files


def _cell_seconds(course: Course) -> int:
    return int(Execute(parent=course.app).timeout)
