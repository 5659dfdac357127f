"""A class: every submission is sanitized and recorded here, one by one, and run by whoever is free.

What is done stays, what is missing is made up. Only this process writes, and only whole submissions: the gradebook
first, then the result that says so.
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from typing import NamedTuple

from filelock import FileLock, Timeout

from coursekit.errors import UsageError
from coursekit.grading import record, submissions
from coursekit.grading.course import Course
from coursekit.grading.ledger import Ledger, Result, Status
from coursekit.grading.prepare import Assignment, Prepared, prepare, read_assignment, require_isolation
from coursekit.grading.run import Outcome
from coursekit.grading.runner.client import start, stop
from coursekit.grading.session import OneGradebook
from coursekit.grading.submissions import Submission

# How many submissions wait ready for each runner, so that none has to wait for this process.
AHEAD = 2


class Graded(NamedTuple):
    """One submission of the class: its result, and whether it was recorded by an earlier run."""

    submission: Submission
    result: Result | None
    kept: bool = False
    error: str = ""


class Class(NamedTuple):
    """The submissions that one run of ``grade`` looks at, and their results as they are done."""

    total: int
    graded: Iterator[Graded]


def grade(
    course: Course, name: str, students: Sequence[str] = (), *, jobs: int = 1, pool: Executor | None = None
) -> Class:
    """Grade every submission that is not done yet; all of them come, one by one, as they are done.

    ``jobs`` run at a time, in processes of this machine or wherever ``pool`` runs them. A submission that cannot be
    graded is recorded with a reason; one that could not be recorded comes with the error and no result. Raises
    UsageError, before anything is written, for an unknown assignment or student, or while another run is at work.
    """
    course.require_assignment(name)
    course.due_date(name)
    if pool is None:
        start(jobs)
    assignment = read_assignment(course, name)
    found = submissions.find(course, name, students)
    if pool is None:
        require_isolation(course.settings)
    return Class(len(found), _grade_all(course, assignment, found, jobs, pool))


def _grade_all(
    course: Course, assignment: Assignment, found: list[Submission], jobs: int, pool: Executor | None
) -> Iterator[Graded]:
    with _alone(course), course.session() as gradebook:
        course.update_gradebook(assignment.name)
        gradebook.save()
        ledger = Ledger(course.root)
        done = ledger.results(assignment.name)
        release = _release(course, assignment.name)
        undone: list[tuple[Submission, str]] = []
        for submission in found:
            try:
                content_hash = submission.content_hash(release)
            except OSError as error:
                yield Graded(submission, None, error=f"{type(error).__name__}: {error}")
                continue
            earlier = done.get(submission.student)
            if earlier is not None and _agrees(course, earlier, content_hash):
                yield Graded(submission, earlier, kept=True)
            else:
                undone.append((submission, content_hash))
        with _workers(jobs) if pool is None else nullcontext(pool) as workers:
            yield from _run_all(course, gradebook, ledger, assignment, undone, workers, jobs)


def _run_all(
    course: Course,
    gradebook: OneGradebook,
    ledger: Ledger,
    assignment: Assignment,
    undone: list[tuple[Submission, str]],
    pool: Executor,
    jobs: int,
) -> Iterator[Graded]:
    waiting = iter(undone)
    running: dict[Future[list[Outcome]], Prepared] = {}
    exhausted = False
    while running or not exhausted:
        while not exhausted and len(running) < AHEAD * jobs:
            submission, content_hash = next(waiting, (None, ""))
            if submission is None:
                exhausted = True
                break
            try:
                prepared = prepare(course, assignment, submission, content_hash)
            except Exception as error:
                yield Graded(submission, None, error=f"{type(error).__name__}: {error}")
                continue
            running[pool.submit(prepared.run)] = prepared
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            prepared = running.pop(future)
            try:
                result = _record(course, prepared, future.result())
                gradebook.save()
                ledger.write(result)
            except Exception as error:
                gradebook.undo()
                yield Graded(prepared.submission, None, error=f"{type(error).__name__}: {error}")
            else:
                yield Graded(prepared.submission, result)


@contextmanager
def _workers(jobs: int) -> Iterator[Executor]:
    """Threads that each drive a runner of their own; leaving the block ends what they are doing."""
    pool = ThreadPoolExecutor(jobs, "runner")
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        stop()


@contextmanager
def _alone(course: Course) -> Iterator[None]:
    """Hold the course's lock. Raises UsageError where another run has it."""
    lock = FileLock(course.root / ".coursekit.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UsageError("another run is grading in this course: wait for its end, or stop it, and try again") from None
    try:
        yield
    finally:
        lock.release()


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


def _record(course: Course, prepared: Prepared, outcomes: list[Outcome]) -> Result:
    """Enter a submission that was run into the gradebook and the autograded folder."""
    started = time.perf_counter()
    submission = prepared.submission
    record.open_submission(course, submission)
    record.lay_out(course, submission, prepared.files)
    status: Status = "needs review" if prepared.unreadable else "graded"
    remarks = [*prepared.unreadable.values(), *prepared.remarks]
    for name, reason in prepared.unreadable.items():
        record.save_zero(course, submission, name, reason)
    for task, outcome in zip(prepared.tasks, outcomes, strict=True):
        record.save_scores(course, submission, task.name, outcome.notebook)
        if outcome.needs_review:
            record.mark_for_review(course, submission, task.name)
            status = "needs review"
        remarks += outcome.remarks
    scores = record.automatic_score(course, submission.assignment, submission.student)
    if scores is None:
        raise RuntimeError("the gradebook has no automatic score for a test cell that was run")
    seconds = {
        "sanitize": prepared.seconds,
        "run": sum(outcome.seconds for outcome in outcomes),
        "record": time.perf_counter() - started,
    }
    return Result(
        assignment=submission.assignment,
        student=submission.student,
        status=status,
        reason="; ".join(remarks),
        content_hash=prepared.content_hash,
        score=scores[0],
        max_score=scores[1],
        isolation=outcomes[0].isolation if outcomes else "not run",
        seconds={stage: round(value, 3) for stage, value in seconds.items()},
        codes={cell: codes for outcome in outcomes for cell, codes in outcome.codes.items()},
    )
