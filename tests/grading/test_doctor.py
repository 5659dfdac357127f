"""Each fault is planted, and the doctor names it, with what to do; a new course is fine."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from coursekit.authoring import course as course_directory
from coursekit.grading.doctor import disk, isolation, versions
from coursekit.grading.doctor.doctor import examine
from coursekit.grading.doctor.findings import Finding, State, attempt
from coursekit.grading.doctor.table import table, verdict
from coursekit.grading.runner import client
from coursekit.grading.sandbox import levels
from coursekit.grading.sandbox.wall import HIGHEST

FINE, ADVICE, UNSAFE = State.FINE, State.ADVICE, State.UNSAFE


@pytest.fixture
def fresh(assignment_root: Path, tmp_path: Path) -> Path:
    """A course as `coursekit init` leaves it."""
    directory = tmp_path / "autumn"
    course_directory.init(directory, assignment_root)
    return directory


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Pretend a system: the level that it reaches, and settings of its kernel."""

    def pretend(level: str, reason: str = "", root: bool = False, **settings: int) -> None:
        monkeypatch.setattr(client, "wall", lambda: (level, reason))
        monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr(isolation, "SETTINGS", tmp_path / "sys")
        monkeypatch.setattr(isolation, "CONTAINER_MARKS", ())
        monkeypatch.delenv(HIGHEST, raising=False)
        for name, value in settings.items():
            path = tmp_path / "sys" / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{value}\n")

    return pretend


@pytest.fixture(autouse=True)
def _best_system(on: Callable[..., None]) -> None:
    on(levels.NAMESPACES)


def _found(start: Path, what: str) -> Finding:
    """The only finding of a name."""
    found = [finding for finding in examine(start) if finding.what == what]
    assert len(found) == 1, found
    return found[0]


def _configure(course: Path, old: str, new: str) -> None:
    path = course / "nbgrader_config.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_new_course_is_fine(fresh: Path) -> None:
    doubtful = {finding.what for finding in examine(fresh / "source") if finding.state != FINE}
    assert doubtful == {"exchange"}


def test_the_command_in_a_new_course_and_outside_of_one(fresh: Path, tmp_path: Path) -> None:
    for where, what in ((fresh, "step RemoveScripts"), (tmp_path, "course directory")):
        started = time.monotonic()
        command = [sys.executable, "-m", "coursekit", "doctor", "--json"]
        done = subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=60)
        seconds = time.monotonic() - started
        report = json.loads(done.stdout)
        assert (done.returncode, report["safe"]) == (0, True), done.stdout + done.stderr
        assert what in {finding["what"] for finding in report["findings"]}
        # Three seconds on a machine that does nothing else.
        assert seconds < 15


def test_the_command_fails_where_grading_is_unsafe_and_says_why_in_a_table(fresh: Path) -> None:
    (fresh / "nbgrader_config.py").write_text("print('read')\nimport nothing_of_this_name\n")
    command = [sys.executable, "-m", "coursekit", "doctor"]
    done = subprocess.run(
        command, cwd=fresh, capture_output=True, text=True, timeout=60, env={**os.environ, "COLUMNS": "200"}
    )
    assert done.returncode == 1
    assert "ModuleNotFoundError" in done.stdout
    assert "read" not in done.stdout.splitlines()
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "Do not grade yet: 1 finding makes it unsafe."


def test_the_command_in_a_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"rmdir {gone}; {sys.executable} -m coursekit doctor"
    done = subprocess.run(["sh", "-c", script], cwd=gone, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].startswith("coursekit: the folder that this command runs in is gone")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("from pathlib import Path", "import nothing_of_this_name", "ModuleNotFoundError"),
        ("c = get_config()  # noqa: F821", "c = get_config(", "SyntaxError"),
        ("c = get_config()  # noqa: F821", "raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_a_configuration_that_stops_is_unsafe(fresh: Path, old: str, new: str, message: str) -> None:
    line = (fresh / "nbgrader_config.py").read_text(encoding="utf-8").splitlines().index(old) + 1
    _configure(fresh, old, new)
    found = _found(fresh, "nbgrader_config.py")
    assert found.state == UNSAFE
    assert message in found.found
    assert f"in line {line}" in found.found
    assert "shows hidden tests" in found.found


def test_a_setting_that_is_refused_is_unsafe(fresh: Path) -> None:
    _configure(fresh, "c.Execute.timeout = 10", "c.CourseKit.minimum_isolation = 'best'")
    found = _found(fresh, "nbgrader_config.py")
    assert found.state == UNSAFE
    assert "minimum_isolation" in found.found
    assert "best" in found.found


@pytest.mark.parametrize(
    ("old", "new", "what", "state", "message"),
    [
        ("    Execute,\n", "", "step Execute", UNSAFE, "missing from c.Autograde"),
        (
            "    Execute,\n",
            "    'nbgrader.preprocessors.Execute',\n",
            "step Execute",
            UNSAFE,
            "missing from c.Autograde",
        ),
        ("    SaveAutoGrades,\n    Assign", "    Assign", "step Execute", UNSAFE, "SaveAutoGrades does not come after"),
        ("[GetGrades, HideHiddenTests, ", "[GetGrades, ", "step HideHiddenTests", UNSAFE, "shows the hidden tests"),
        ("    RemoveScripts,\n", "", "step RemoveScripts", UNSAFE, "runs in your browser"),
        ("c.HTMLExporter.preprocessors = [RemoveScripts]", "", "step RemoveScripts", ADVICE, "another program graded"),
        ("formgrader.protect()", "", "formgrader", ADVICE, "a script that a link to it holds"),
    ],
)
def test_a_step_that_is_missing(fresh: Path, old: str, new: str, what: str, state: State, message: str) -> None:
    _configure(fresh, old, new)
    found = _found(fresh, what)
    assert found.state == state
    assert message in found.found
    assert found.fix


def test_steps_may_be_named_by_their_paths(fresh: Path) -> None:
    _configure(fresh, "    Execute,\n", "    'coursekit.grading.execute.Execute',\n")
    _configure(fresh, "[GetGrades, HideHiddenTests, ", "[GetGrades, 'coursekit.grading.feedback.HideHiddenTests', ")
    assert _found(fresh, "step Execute").state == FINE
    assert _found(fresh, "step HideHiddenTests").state == FINE


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o602, 0o644])
def test_a_secret_that_others_may_read_is_unsafe(fresh: Path, mode: int) -> None:
    (fresh / "course_secret").chmod(mode)
    found = _found(fresh, "course_secret")
    assert found.state == UNSAFE
    assert f"mode {mode:04o}" in found.found
    assert f"chmod 600 {fresh / 'course_secret'}" in found.fix


def test_a_secret_that_is_none_is_unsafe_and_one_that_is_missing_can_be_made(fresh: Path) -> None:
    path = fresh / "course_secret"
    path.write_text("short\n")
    assert _found(fresh, "course_secret").state == UNSAFE
    path.unlink()
    found = _found(fresh, "course_secret")
    assert found.state == ADVICE
    subprocess.run(found.fix, shell=True, check=True, env={**os.environ, "PATH": str(Path(sys.executable).parent)})
    assert _found(fresh, "course_secret").state == FINE


@pytest.mark.parametrize("name", ["source", "submitted", "autograded", "gradebook.db", "coursekit.db"])
@pytest.mark.parametrize("bits", [0o004, 0o002])
def test_what_others_can_read_or_change_is_unsafe(fresh: Path, name: str, bits: int) -> None:
    for path in fresh.iterdir():
        path.chmod(0o700 if path.is_dir() else 0o600)
    fresh.chmod(0o711)
    path = fresh / name
    if name.endswith(".db"):
        path.touch(mode=0o600)
    else:
        path.mkdir(mode=0o700, exist_ok=True)
    assert _found(fresh, "permissions").state == FINE
    path.chmod(path.stat().st_mode | bits)
    found = _found(fresh, "permissions")
    assert found.state == UNSAFE
    assert name in found.found
    fresh.chmod(0o700)
    assert _found(fresh, "permissions").state == FINE


def test_a_course_or_a_configuration_that_others_can_write_is_unsafe(fresh: Path) -> None:
    for path in fresh.iterdir():
        path.chmod(0o700 if path.is_dir() else 0o600)
    fresh.chmod(0o711)
    (fresh / "nbgrader_config.py").chmod(0o602)
    assert "nbgrader_config.py" in _found(fresh, "permissions").found
    fresh.chmod(0o703)
    assert "can put files into" in _found(fresh, "permissions").found


def test_a_configuration_among_the_submissions_is_named(fresh: Path) -> None:
    folder = fresh / "submitted" / "mallory" / "hw0_small"
    folder.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text("raise SystemExit('read')")
    found = _found(fresh, "submitted")
    assert found.state == ADVICE
    assert "mallory/hw0_small/nbgrader_config.py" in found.found
    assert _found(folder, "nbgrader_config.py").state == UNSAFE


def _exchange_at(course: Path, folder: Path) -> None:
    _configure(course, 'str(Path(__file__).resolve().parent / "exchange")', repr(str(folder)))


@pytest.mark.parametrize(
    ("mode", "state", "message"),
    [(0o1777, FINE, "mode 1777"), (0o777, ADVICE, "folder of his own"), (0o755, ADVICE, "cannot fetch or submit")],
)
def test_the_exchange_lets_everybody_in_and_nobody_replace_it(
    fresh: Path, tmp_path: Path, mode: int, state: State, message: str
) -> None:
    folder = tmp_path / "exchange"
    folder.mkdir()
    folder.chmod(mode)
    _exchange_at(fresh, folder)
    found = _found(fresh, "exchange")
    assert found.state == state
    assert message in found.found


def test_an_exchange_that_is_not_there_or_cannot_be_written_to(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "exchange"
    _exchange_at(fresh, folder)
    assert "is no folder" in _found(fresh, "exchange").found
    folder.mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "cannot be written to" in _found(fresh, "exchange").found


def test_git_must_not_take_secrets_along(fresh: Path) -> None:
    assert [finding for finding in examine(fresh) if finding.what == "git"] == []
    subprocess.run(["git", "init", "-q", str(fresh)], check=True)
    found = _found(fresh, "git")
    assert found.state == ADVICE
    assert "course_secret" in found.found
    subprocess.run(found.fix, shell=True, check=True)
    assert _found(fresh, "git").state == FINE
    subprocess.run(["git", "-C", str(fresh), "add", "-f", "course_secret"], check=True)
    found = _found(fresh, "git")
    assert found.state == ADVICE
    assert "course_secret would be pushed" in found.found


def test_without_git_it_says_what_to_ignore(fresh: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (fresh / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    found = _found(fresh, "git")
    assert found.state == ADVICE
    assert "course_secret" in found.fix


@pytest.mark.parametrize(
    ("level", "state"),
    [(levels.NAMESPACES, FINE), (levels.LANDLOCK, ADVICE), (levels.LIMITS, UNSAFE), (levels.NONE, UNSAFE)],
)
def test_the_level_that_is_reached(tmp_path: Path, on: Callable[..., None], level: str, state: State) -> None:
    on(level, "the reason")
    found = _found(tmp_path, "isolation")
    assert found.state == state
    assert found.found == f"{level}: {levels.LEVELS[level]} (the reason)"
    assert bool(found.fix) is (state != FINE)


@pytest.mark.parametrize(
    ("level", "minimum", "state"),
    [
        (levels.LANDLOCK, levels.NAMESPACES, UNSAFE),
        (levels.LIMITS, levels.LANDLOCK, UNSAFE),
        (levels.LANDLOCK, levels.LANDLOCK, FINE),
        (levels.NAMESPACES, levels.NAMESPACES, FINE),
        (levels.NAMESPACES, levels.LIMITS, ADVICE),
        (levels.NONE, levels.NONE, ADVICE),
    ],
)
def test_the_level_that_is_asked_for(
    fresh: Path, on: Callable[..., None], level: str, minimum: str, state: State
) -> None:
    on(level)
    _configure(fresh, "c.Execute.timeout = 10", f"c.CourseKit.minimum_isolation = {minimum!r}")
    found = _found(fresh, "minimum_isolation")
    assert found.state == state
    assert repr(minimum) in found.found


@pytest.mark.parametrize(
    ("settings", "root", "fix"),
    [
        ({"kernel__apparmor_restrict_unprivileged_userns": 1}, False, "apparmor_restrict_unprivileged_userns=0"),
        ({"kernel__apparmor_restrict_unprivileged_userns": 1}, True, "a user other than root"),
        ({"kernel__apparmor_restrict_unprivileged_userns": 0}, False, "another machine"),
        ({"kernel__unprivileged_userns_clone": 0}, False, "kernel.unprivileged_userns_clone=1"),
        ({"user__max_user_namespaces": 0}, False, "user.max_user_namespaces=10000"),
    ],
)
def test_what_would_raise_the_level(
    tmp_path: Path, on: Callable[..., None], settings: dict[str, Any], root: bool, fix: str
) -> None:
    on(levels.LANDLOCK, root=root, **settings)
    assert fix in _found(tmp_path, "isolation").fix


def test_in_a_container_it_names_the_container_s_switches(
    tmp_path: Path, on: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    on(levels.LANDLOCK, root=True)
    mark = tmp_path / ".dockerenv"
    mark.touch()
    monkeypatch.setattr(isolation, "CONTAINER_MARKS", (mark,))
    assert "--security-opt seccomp=unconfined" in _found(tmp_path, "isolation").fix


def test_a_level_that_is_held_down_can_be_let_go(
    fresh: Path, on: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    on(levels.LIMITS)
    monkeypatch.setenv(HIGHEST, levels.LIMITS)
    assert HIGHEST in _found(fresh, "isolation").fix


def test_without_landlock_it_names_the_kernel(
    tmp_path: Path, on: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    on(levels.LIMITS, kernel__yama__ptrace_scope=0)
    modules = tmp_path / "lsm"
    modules.write_text("lockdown,capability,yama,apparmor")
    monkeypatch.setattr(isolation, "SECURITY_MODULES", modules)
    assert "5.13" in _found(tmp_path, "isolation").fix
    assert _found(tmp_path, "ptrace").state == UNSAFE
    modules.write_text("lockdown,capability,landlock,yama,apparmor")
    assert "5.13" not in _found(tmp_path, "isolation").fix


@pytest.mark.parametrize(
    ("package", "version", "what", "state"),
    [
        ("jsonschema", "4.24.1", "jsonschema", None),
        ("jsonschema", "4.25.0", "jsonschema", ADVICE),
        ("nbgrader", "0.9.6", "nbgrader", None),
        ("nbgrader", "0.10.0", "nbgrader", ADVICE),
        ("nbgrader", "0.8.5", "nbgrader", ADVICE),
        ("nh3", None, "packages", UNSAFE),
    ],
)
def test_versions_that_are_known_to_be_bad(
    monkeypatch: pytest.MonkeyPatch, package: str, version: str | None, what: str, state: State | None
) -> None:
    installed = metadata.version

    def pretend(name: str) -> str:
        if name != package:
            return installed(name)
        if version is None:
            raise metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(metadata, "version", pretend)
    states = {finding.what: finding.state for finding in versions.check()}
    assert states.get(what) == state


def test_programs_that_are_not_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert {finding.state for finding in versions.check_programs()} == {FINE}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert all("not on PATH" in finding.found for finding in versions.check_programs())
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert [finding.found.partition(":")[0] for finding in versions.check_programs()] == ["not installed"] * 2


def test_a_disk_that_is_nearly_full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage._replace(free=disk.ENOUGH - 1))
    assert [finding.state for finding in disk.check(tmp_path)] == [ADVICE, ADVICE]
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage._replace(free=disk.ENOUGH))
    assert [finding.state for finding in disk.check(tmp_path)] == [FINE, FINE]


def test_a_disk_in_memory_is_called_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    monkeypatch.setattr(disk, "MOUNTS", mounts)
    course = tmp_path / "a course"
    course.mkdir()
    escaped = str(course).replace(" ", "\\040")
    for kind, in_memory in (("ext4", False), ("tmpfs", True)):
        mounts.write_text(f"dev / ext4 rw 0 0\nnone {escaped} {kind} rw 0 0\n")
        assert ("GiB memory free" in next(disk.check(course)).found) is in_memory


def test_a_check_that_breaks_is_a_finding() -> None:
    def breaks() -> list[Finding]:
        raise ValueError("two\nlines")

    (found,) = attempt("something", breaks)
    assert found.state == UNSAFE
    assert "ValueError: two lines" in found.found


def test_a_runner_that_cannot_start_is_unsafe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def died() -> tuple[str, str]:
        raise client.RunnerDied("no memory")

    monkeypatch.setattr(client, "wall", died)
    found = _found(tmp_path, "isolation")
    assert found.state == UNSAFE
    assert "no memory" in found.found


@pytest.mark.parametrize("width", [80, 160])
def test_the_table_has_the_worst_first_and_each_fix(width: int) -> None:
    findings = [Finding(FINE, "a", "good"), Finding(ADVICE, "b", "better", "do"), Finding(UNSAFE, "c", "bad", "mend")]
    console = Console(width=width, record=True, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    console.print(table(findings, width))
    text = console.export_text()
    assert text.index("unsafe") < text.index("advice") < text.index("fine")
    assert "mend" in text
    assert verdict(findings).startswith("Do not grade yet: 1 finding makes")
    assert verdict(findings[:2]) == "Nothing that was looked at makes grading unsafe."
