"""The command `coursekit`. Each room is imported only when its command runs, so that help answers at once."""

import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coursekit.errors import UsageError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from coursekit.grading.course import Course

app = typer.Typer(
    help="Teach and grade a course on how neural networks learn.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

new = typer.Typer(help="Write the beginning of an assignment or a lecture.", no_args_is_help=True)
app.add_typer(new, name="new")

CLONE = Path(__file__).resolve().parents[1]


def main() -> None:
    """Run the command; a UsageError becomes one sentence on stderr and exit code 2."""
    try:
        app()
    except UsageError as error:
        typer.echo(f"coursekit: {error}.", err=True)
        raise SystemExit(2) from None


@app.command()
def build(
    lecture: Annotated[
        list[Path] | None, typer.Argument(help="Scripts of lectures; by default all, and the assignments.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail where a notebook has drifted.")] = False,
    root: Annotated[Path, typer.Option(help="The clone with lectures/ and assignments/.")] = CLONE,
) -> None:
    """Execute the lectures' percent scripts into notebooks, and check the assignments' sources."""
    from coursekit.authoring import assignments, lectures

    for script in [] if lecture else assignments.find(root / "assignments"):
        total = sum(assignments.points(assignments.build(script)).values())
        written = len(assignments.variants(script))
        typer.echo(f"{script.stem}: {total:g} points, {written} variants")
    found: list[str] = []
    for script in lecture or lectures.find(root / "lectures"):
        if script.suffix != ".py" or not script.is_file():
            raise UsageError(f"{script} is not the script of a lecture: name a file such as lectures/05_chain_rule.py")
        if check:
            drift = lectures.drift(script)
            typer.echo(f"{script.stem}: {'drifted' if drift else 'as built'}")
            found += drift
        else:
            typer.echo(f"{script.stem}: executed into {lectures.build(script).name}")
    for line in found:
        typer.echo(line, err=True)
    if found:
        raise typer.Exit(1)


@app.command()
def audit(
    assignment: Annotated[str | None, typer.Argument(help="The assignment, such as hw4_layers.")] = None,
    all_of_them: Annotated[bool, typer.Option("--all", help="Audit every assignment of the folder.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    assignments: Annotated[
        Path | None, typer.Option(help="A folder of assignments; by default that of this clone.")
    ] = None,
) -> None:
    """Find out whether an assignment is fair: solution, variants, mutants, leaks, time and text. Exit code 1 if not."""
    from coursekit.audit import audit as room
    from coursekit.audit.leaks import build_wheel
    from coursekit.audit.running import workers

    scripts = _scripts(_assignment_root(assignments), assignment, all_of_them)
    wheel = build_wheel(CLONE)
    with workers() as pool:
        reports = [room.audit(script, pool, wheel) for script in scripts]
    if as_json:
        typer.echo(json.dumps([report.as_data() for report in reports], indent=2))
    else:
        from rich.console import Console

        from coursekit.audit.table import table

        Console().print(table(reports))
        for report in reports:
            for fault in report.faults:
                typer.echo(fault)
    raise typer.Exit(0 if all(report.passed for report in reports) else 1)


@new.command("assignment")
def new_assignment(
    name: Annotated[str, typer.Argument(help="Its name, such as hw7_convolution.")],
    root: Annotated[Path, typer.Option(help="The clone with lectures/ and assignments/.")] = CLONE,
) -> None:
    """Write an assignment with one small exercise, which passes `build` and `audit`."""
    from coursekit.authoring import scaffold

    _say_what_is_new(scaffold.assignment(root / "assignments", name), f"coursekit audit {name}")


@new.command("lecture")
def new_lecture(
    name: Annotated[str, typer.Argument(help="Number and topic, such as 13_convolution.")],
    root: Annotated[Path, typer.Option(help="The clone with lectures/ and assignments/.")] = CLONE,
) -> None:
    """Write a lecture in the form that all lectures have, which passes `build`."""
    from coursekit.authoring import scaffold

    written = scaffold.lecture(root / "lectures", name)
    _say_what_is_new(written, f"coursekit build {written[0]}")


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(help="The course directory to make; it must not exist.")],
    assignments: Annotated[
        Path | None, typer.Option(help="A folder of assignments; by default that of this clone.")
    ] = None,
) -> None:
    """Make a course directory in which coursekit and every nbgrader command work."""
    from coursekit.authoring import course

    names = course.init(directory, _assignment_root(assignments))
    typer.echo(f"{directory} is a course directory with {', '.join(names)}.")
    typer.echo(f"Next: cd {directory}, put your students into roster.csv, set due dates in nbgrader_config.py,")
    typer.echo(f"then nbgrader generate_assignment {names[0]}")


@app.command()
def grade(
    assignment: Annotated[str, typer.Argument(help="The assignment, such as hw4_layers.")],
    student: Annotated[list[str] | None, typer.Option(help="Grade only this student; may be repeated.")] = None,
    page: Annotated[Path | None, typer.Option(help="Write the page of results here.")] = None,
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", min=1, help="How many to run at a time; by default one a core.")
    ] = None,
    dask: Annotated[
        str | None, typer.Option(help="Run on the dask.distributed cluster whose scheduler has this address.")
    ] = None,
) -> None:
    """Grade what has been handed in, in a course directory. A second run makes up for what is missing."""
    here = jobs or os.cpu_count() or 1
    # What is imported is there to stay, and need not be searched for garbage, now or at each submission.
    gc.disable()
    if dask is None:
        # The runners warm up while nbgrader is imported.
        from coursekit.grading.runner import client

        client.start(here)

    from coursekit.grading.course import Course

    course = Course.here(Path.cwd())
    if dask is None:
        complete = _grade(course, assignment, student or [], page, here)
    else:
        from coursekit.grading.cluster import cluster

        with cluster(dask) as (pool, workers):
            complete = _grade(course, assignment, student or [], page, jobs or workers, pool)
    raise typer.Exit(0 if complete else 1)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Find out whether it is safe to grade here, and what would help. Exit code 1 if not."""
    # A runner warms up while the rest is looked at.
    from coursekit.grading.runner import client

    client.start(1)

    from coursekit.grading.doctor.doctor import examine
    from coursekit.grading.doctor.findings import State

    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise UsageError("the folder that this command runs in is gone: go to another one") from None
    findings = examine(here)
    safe = all(finding.state != State.UNSAFE for finding in findings)
    if as_json:
        typer.echo(json.dumps({"safe": safe, "findings": [finding._asdict() for finding in findings]}, indent=2))
    else:
        from rich.console import Console

        from coursekit.grading.doctor.table import table, verdict

        console = Console()
        console.print(table(findings, console.width))
        typer.echo(verdict(findings))
    raise typer.Exit(0 if safe else 1)


@app.command()
def demo(
    students: Annotated[int, typer.Option(min=5, max=500, help="How many students the class has.")] = 12,
    directory: Annotated[Path, typer.Option(help="The course directory to make; it must not exist.")] = Path(
        "demo-course"
    ),
    assignments: Annotated[
        Path | None, typer.Option(help="A folder of assignments; by default that of this clone.")
    ] = None,
) -> None:
    """Make a course with a made-up class that has handed in hw4_layers, and grade it."""
    from coursekit import demo as made_up

    root = _assignment_root(assignments)
    made_up.make_course(directory, root)

    from coursekit.grading.course import Course
    from coursekit.grading.release import release

    course = Course.here(directory)
    release(course, made_up.ASSIGNMENT)
    made_up.hand_in_class(directory, root, students)
    typer.echo(f"{directory} is a course; {students} students have handed in {made_up.ASSIGNMENT}.\n")
    page = directory / f"{made_up.ASSIGNMENT}-results.html"
    complete = _grade(course, made_up.ASSIGNMENT, [], page, os.cpu_count() or 1)
    absolute = str(Path(sys.executable).parent / "jupyter")
    jupyter = min(absolute, os.path.relpath(absolute, directory), key=len)
    typer.echo("\nIt is an ordinary nbgrader course. To open its formgrader, type")
    typer.echo(f"  cd {directory} && {jupyter} lab")
    typer.echo("and choose Nbgrader > Formgrader in JupyterLab's menu.")
    raise typer.Exit(0 if complete else 1)


@app.command()
def slides(
    id: Annotated[
        str | None, typer.Argument(help="A row, such as CSC561-E53: what it states, and its check run.")
    ] = None,
    deck: Annotated[str | None, typer.Option(help="List the rows of a deck, such as CSC561.")] = None,
    missing: Annotated[bool, typer.Option("--missing", help="List the rows that no number tests, and why.")] = False,
) -> None:
    """Look up a statement of the slide decks, its lecture, its numeric check and its erratum."""
    from rich.console import Console

    from coursekit.slides import lookup

    if sum((id is not None, deck is not None, missing)) > 1:
        raise UsageError("ask for one thing: a row's id, --deck or --missing")
    try:
        if id is not None:
            shown = lookup.card(id)
        elif deck is not None:
            shown = lookup.listing(deck)
        else:
            shown = lookup.missing() if missing else lookup.overview()
    except KeyError as error:
        raise UsageError(str(error.args[0])) from None
    Console().print(shown)


@app.command()
def lectures(
    directory: Annotated[Path, typer.Argument(help="Where to copy the notebooks to.")] = Path("lectures"),
) -> None:
    """Copy the lecture notebooks into a folder of your own, to open and change in JupyterLab."""
    from coursekit.authoring.handout import hand_out

    installed = Path(__file__).resolve().parent / "lectures"
    copies = hand_out(installed if installed.is_dir() else CLONE / "lectures", directory)
    typer.echo(f"{len(copies)} in {directory}. Next: jupyter lab {copies[0]}")


def _grade(
    course: "Course", assignment: str, students: list[str], page: Path | None, jobs: int, pool: "Executor | None" = None
) -> bool:
    """Grade with live progress, then show the class table; true if every submission has a recorded result."""
    from rich.console import Console

    from coursekit.grading import progress
    from coursekit.grading.page import write_page
    from coursekit.grading.report import report
    from coursekit.grading.table import table

    console = Console()
    gc.freeze()
    gc.enable()
    try:
        complete = progress.grade(course, assignment, students, console, jobs=jobs, pool=pool)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    results = report(course, assignment)
    console.print(table(results, console.width))
    if page is not None:
        console.print(f"Page of results: {write_page(results, page)}", soft_wrap=True)
    return complete


def _scripts(root: Path, name: str | None, all_of_them: bool) -> list[Path]:
    """The scripts to audit. Raises UsageError unless one known assignment is named, or all are asked for."""
    from coursekit.authoring import assignments

    if (name is None) != all_of_them:
        raise UsageError("name one assignment, or give --all")
    scripts = assignments.find(root)
    chosen = [script for script in scripts if all_of_them or script.stem == name]
    if not chosen:
        raise UsageError(f"{root} holds no {name}; it has: {', '.join(script.stem for script in scripts)}")
    return chosen


def _say_what_is_new(written: list[Path], then: str) -> None:
    for path in written:
        typer.echo(path)
    typer.echo(f"Next: {then}")


def _assignment_root(given: Path | None) -> Path:
    if given is not None:
        return given
    if not (CLONE / "assignments").is_dir():
        raise UsageError("coursekit runs outside of a clone, so name a folder of assignments: --assignments PATH")
    return CLONE / "assignments"
