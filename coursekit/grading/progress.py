"""Grading with a live line in the terminal."""

import time
from collections.abc import Sequence
from concurrent.futures import Executor

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from coursekit.grading.course import Course
from coursekit.grading.grade import grade as grade_submissions


def grade(
    course: Course,
    assignment: str,
    students: Sequence[str],
    console: Console,
    *,
    jobs: int = 1,
    pool: Executor | None = None,
) -> bool:
    """Grade and show progress; true if every submission has a recorded result.

    Ctrl-C ends it after saying that nothing recorded is lost.
    """
    total, graded = grade_submissions(course, assignment, students, jobs=jobs, pool=pool)
    started = time.perf_counter()
    kept = failed = done = 0
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total, now="")
        try:
            for one in graded:
                done += 1
                kept += one.kept
                bar.update(task, advance=1, now=one.submission.student)
                if one.result is None:
                    failed += 1
                    bar.console.print(f"{one.submission.student}: not recorded: {one.error}", markup=False)
        except KeyboardInterrupt:
            bar.stop()
            console.print(
                f"Stopped after {done} of {total}. What is recorded stays; run the command again for the rest."
            )
            raise
    seconds = time.perf_counter() - started
    fresh = done - kept - failed
    console.print(f"{fresh} graded in {seconds:.1f} s, {kept} were done before, {failed} could not be recorded.")
    return failed == 0
