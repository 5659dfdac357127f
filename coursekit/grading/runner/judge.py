"""One notebook: its cells in order, the student's in a child, the tests here.

Everything that a mark depends on happens in this process: it decides what is a test, runs it, collects its outputs, and
knows a student's functions only as proxies. A child that hangs or dies is replaced by a fresh one, in which the earlier
cells are run again, and the notebook goes on.
"""

import base64
import os
import signal
import socket
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from nbformat.v4 import new_output

from coursekit import clock
from coursekit.grading.runner import codec, frames
from coursekit.grading.runner.files import lay_out, remove
from coursekit.grading.runner.judges_shell import compiled
from coursekit.grading.runner.marks import is_locked, is_test
from coursekit.grading.runner.names import STAR, Bound, Sharing, cannot_judge, rebinds, used_by
from coursekit.grading.runner.outputs import BY_STUDENT, Outputs, TooMuchOutput, readable
from coursekit.grading.runner.peer import Peer
from coursekit.grading.runner.processes import elapsed_on, processor_clock
from coursekit.grading.runner.proxies import WARNINGS, Link
from coursekit.grading.runner.shell import NotebookShell
from coursekit.grading.sandbox.levels import NAMESPACES

REPEAT = 0.2
# What a child must know of the policy.
LIMITS = ("memory_bytes", "file_bytes", "workspace_bytes", "output_bytes", "message_bytes", "notebook_seconds")


class OutOfTime(BaseException):
    """The cell, or the whole notebook, has used up its time."""


class Ran(NamedTuple):
    """A cell that a fresh child must run again: its source and number."""

    source: str
    number: int


class Judge:
    """The run of one notebook under a policy: what ``client`` sends, the notebook as nbformat has it."""

    def __init__(
        self,
        request: dict[str, Any],
        shell: NotebookShell,
        zygote: socket.socket,
        level: str,
        root: Path,
        processor: int,
    ) -> None:
        self.notebook = request["notebook"]
        self.policy = request["policy"]
        names = self.policy["names"]
        self.bound = Bound(None if names is None else frozenset(names), self.policy["imports"])
        self.shell, self.zygote, self.level, self.processor = shell, zygote, level, processor
        self.link = Link(self._revive, self._abandon, self._refused, self._unsendable)
        self.history: list[Ran] = []
        self.remarks: list[str] = []
        self.needs_review = False
        self.test = self.refusal = self.cannot_send = ""
        self.expired = self.cut_short = False
        self.outputs = Outputs(self.policy["output_bytes"])
        self.ends = time.monotonic() + self.policy["notebook_seconds"]
        self.root = root
        self.child: int | None = None
        self.children = 0
        self.files = {path: base64.b64decode(content) for path, content in self.policy["files"].items()}
        self.first_cell = 0.0

    def run(self) -> dict[str, Any]:
        """Every code cell in order; returns the notebook with outputs, remarks, and whether a person should look."""
        started = time.perf_counter()
        folder = self._folder("tests")
        os.chdir(folder)
        lay_out(folder, self.files)
        if STAR in self.bound.imports:
            self._import(STAR)
        try:
            for count, cell in enumerate(filter(_to_run, self.notebook.cells), start=1):
                cell.execution_count = count
                cell.outputs = self._run_cell(cell, count)
                for output in cell.outputs:
                    if output.output_type == "execute_result":
                        output.execution_count = count
                self.first_cell = self.first_cell or time.perf_counter() - started
        finally:
            self._abandon()
            os.chdir("/")
            remove(self.root)
        return {
            "notebook": self.notebook,
            "remarks": self.remarks,
            "needs_review": self.needs_review,
            "isolation": self.level,
            "first_cell": self.first_cell,
        }

    def _run_cell(self, cell: Any, count: int) -> list[Any]:
        self.outputs = Outputs(self.policy["output_bytes"])
        if time.monotonic() > self.ends:
            return [
                _error("NotRun", f"the notebook had used up its {self.policy['notebook_seconds']} s before this cell")
            ]
        if is_test(cell):
            self._test(cell, count)
            return _without_stderr(self.outputs.nodes())
        self._students_cell(cell, count)
        if is_locked(cell):
            self._own_cell(cell, count)
        return self.outputs.nodes()

    def _students_cell(self, cell: Any, count: int) -> None:
        """Run a cell in the child. A cell that ends its child is left out of what a fresh one runs again."""
        problem = None
        try:
            with self._time_limit():
                self.link.ask("run", cell.source, count)
        except OutOfTime as error:
            problem = _error("CellTimeoutError", str(error))
            self.remarks.append(f"{_name(cell)} ran longer than {self.policy['cell_seconds']} s")
        except TooMuchOutput as error:
            problem = _error("TooMuchOutput", str(error))
            self.remarks.append(f"{_name(cell)}: {error}")
        except Exception as error:
            problem = _error("CellDied", f"the cell ended the process it ran in ({error})")
            self.remarks.append(f"{_name(cell)} ended the process it ran in")
        if problem is None:
            self.history.append(Ran(cell.source, count))
        else:
            self.link.lose()
            self.outputs.cells.append(problem)

    def _own_cell(self, cell: Any, count: int) -> None:
        """Run a locked cell here too, for what the tests use of it; its outputs are the child's."""
        kept, self.outputs = self.outputs, Outputs(self.policy["output_bytes"])
        try:
            self._bind(used_by(cell.source))
            with self._time_limit():
                self.shell.run(cell.source, count)
        except (OutOfTime, TooMuchOutput):
            self.cut_short = True
            self.remarks.append(f"{_name(cell)} could not be run beside the tests")
        finally:
            self.outputs = kept

    def _test(self, cell: Any, count: int) -> None:
        reason = cannot_judge(cell.source)
        if reason and not self.policy["judge_inside"]:
            self.needs_review = True
            self.remarks.append(f"{_name(cell)} cannot be judged from outside the student's process: it {reason}")
            self.outputs.cells.append(_error("CannotJudge", f"this test {reason}"))
            return
        if reason:
            self._students_cell(cell, count)
            return
        self.test, self.refusal, self.cannot_send = _name(cell), "", ""
        self.expired, deaths = False, self.link.deaths
        try:
            with self._time_limit():
                theirs = self._bind(used_by(cell.source))
                self._fetch_files()
                with self._sharing(rebinds(cell.source) & theirs):
                    self.shell.run(cell.source, count)
        except OutOfTime as error:
            self.outputs.cells.append(_error("CellTimeoutError", str(error)))
        except TooMuchOutput as error:
            self.cut_short = True
            self.outputs.cells.append(_error("TooMuchOutput", str(error)))
        finally:
            self.test = ""
        if self.refusal:
            self.remarks.append(f"{_name(cell)}: {self.refusal}")
        if self.cannot_send:
            self.outputs.cells = [_error("CannotJudge", f"this test gives the student's code {self.cannot_send}")]
        if self.expired:
            self.remarks.append(f"{_name(cell)} ran longer than {self.policy['cell_seconds']} s")
        if self.link.deaths > deaths:
            self.remarks.append(f"{_name(cell)}: the student's code ended its process")

    def _bind(self, used: frozenset[str]) -> frozenset[str]:
        """Put the student's values of the names a test uses into its namespace, and take away what is gone.

        Returns the names that there are.
        """
        namespace = self.shell.user_ns
        for name in self.bound.imports:
            if name in used and name not in namespace:
                self._import(name)
        names = self.bound.among(used)
        try:
            values = self.link.bind(names)
        except OutOfTime:
            raise
        except Exception:
            values = {}
        for name in names:
            if name in values:
                namespace[name] = values[name]
            else:
                namespace.pop(name, None)
        return frozenset(values)

    def _import(self, name: str) -> None:
        """Run an import of the instructor's; where it fails, the tests that need it say so."""
        with suppress(Exception):
            exec(self.bound.imports[name], self.shell.user_ns)

    @property
    def undisturbed(self) -> bool:
        """Has every cell been run to its end, in one child?"""
        return not self.cut_short and not self.link.lost

    @contextmanager
    def _sharing(self, names: frozenset[str]) -> Iterator[None]:
        """In the block, what a test does to these names of the student's is done in the child too.

        So a test can take a function away, or put another in its place, to see whether the student's code calls it.
        """
        if not names:
            yield
            return
        sharing = Sharing(names)
        self.shell.user_ns[Sharing.CALL] = self._share
        self.shell.ast_transformers.append(sharing)
        try:
            yield
        finally:
            self.shell.ast_transformers.remove(sharing)

    def _share(self, name: str) -> None:
        namespace = self.shell.user_ns
        with suppress(Exception):
            students_shell = self.link.bind(["get_ipython"])["get_ipython"]()
            if name in namespace:
                students_shell.push({name: namespace[name]})
            else:
                students_shell.del_var(name, by_name=True)

    def _fetch_files(self) -> None:
        """Bring what the student's code wrote beside the tests, which may read it; what the assignment ships stays."""
        try:
            found = self.link.ask("files")
        except OutOfTime:
            raise
        except Exception:
            return
        lay_out(Path.cwd(), found if type(found) is dict else {}, kept=self.policy["shipped"])

    @contextmanager
    def _time_limit(self) -> Iterator[None]:
        """Raise OutOfTime in the block when the cell's time, or what is left of the notebook's, is over."""
        seconds = max(0.01, min(self.policy["cell_seconds"], self.ends - time.monotonic()))

        def stop(signum: int, frame: FrameType | None) -> None:
            self.expired = self.cut_short = True
            raise OutOfTime(f"the cell ran longer than {seconds:.3g} s")

        previous = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)

    def _revive(self, link: Link) -> Peer:
        """A child of its own for this notebook, in which the cells so far have been run."""
        settings = {key: self.policy[key] for key in LIMITS}
        if self.level != NAMESPACES:
            settings["folder"] = str(self._folder(f"student-{self.children}"))
            self.children += 1
        frames.send(self.zygote, codec.encode(("fork", settings, self.processor)))
        self.child = codec.decode(frames.receive(self.zygote, 1024))
        _, (descriptor, *known), _, _ = socket.recv_fds(self.zygote, 1, 2)
        clocks = [processor_clock(other) for other in known]
        for other in known:
            os.close(other)
        peer = Peer(
            socket.socket(fileno=descriptor),
            self.policy["message_bytes"],
            link.serve,
            self._note,
            link.refer,
            link.resolve,
        )
        kept, self.outputs = self.outputs, Outputs(self.policy["output_bytes"] * (1 + len(self.history)))
        try:
            peer.ask("lay out", self.files)
            for ran in self.history:
                peer.ask("run", ran.source, ran.number)
        except BaseException:
            peer.sock.close()
            self._abandon()
            raise
        finally:
            self.outputs = kept
        clock.processor = next((elapsed_on(one) for one in clocks if one is not None), None)
        return peer

    def _abandon(self) -> None:
        """End the child."""
        if self.link.peer is not None:
            self.link.peer.sock.close()
            self.link.peer = None
        if self.child is not None:
            pid, self.child = self.child, None
            frames.send(self.zygote, codec.encode(("end", pid)))
            codec.decode(frames.receive(self.zygote, 1024))

    def _note(self, content: Any) -> None:
        """What the child says unasked: an output, or a warning of code that a test has called."""
        if type(content) is not tuple or not content:
            return
        if content[0] == "output" and len(content) == 2:
            self._take_output(content[1])
        elif content[0] == "warning" and len(content) == 3 and type(content[2]) is str:
            warnings.warn(content[2], WARNINGS.get(content[1], UserWarning), stacklevel=2)

    def _take_output(self, output: Any) -> None:
        """An output of a student's cell; what its functions print while a test runs goes through the test's streams.

        The result of a test, which nbgrader reads points from, is never the student's.
        """
        kind = output.get("output_type") if type(output) is dict else None
        if self.test and kind == "stream":
            stream = sys.stderr if output.get("name") == "stderr" else sys.stdout
            stream.write(output["text"] if type(output.get("text")) is str else "")
        elif self.test and kind in ("execute_result", "display_data"):
            metadata = output.get("metadata")
            marked = {**(metadata if type(metadata) is dict else {}), **BY_STUDENT}
            self.outputs.add({**output, "output_type": "display_data", "metadata": marked})
        else:
            self.outputs.add(output)

    def _refused(self, reason: str) -> None:
        """An object of the student's gave a test no answer: an instructor should know of the first in each test."""
        self.refusal = self.refusal or readable(reason)

    def _unsendable(self, reason: str) -> None:
        """A value of a test's cannot reach the student's code, which is no fault of the student's."""
        if not self.test or self.cannot_send:
            return
        self.cannot_send = f"a value that cannot reach it: {reason}"
        self.needs_review = True
        self.remarks.append(
            f"{self.test} cannot be judged from outside the student's process: it gives the student's code "
            f"{self.cannot_send}"
        )

    def _folder(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir()
        return folder


def prepare(request: dict[str, Any]) -> None:
    """Read the instructor's cells of a notebook once, for all judges that are forked from this process later."""
    for count, cell in enumerate(filter(_to_run, request["notebook"].cells), start=1):
        if is_test(cell):
            used_by(cell.source)
            rebinds(cell.source)
            cannot_judge(cell.source)
            compiled(cell.source, count)


def _to_run(cell: Any) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def _without_stderr(outputs: list[Any]) -> list[Any]:
    """What a test wrote to stderr as if it were stdout: nbgrader takes any stderr for a failure."""
    for output in outputs:
        if output.output_type == "stream":
            output.name = "stdout"
    return outputs


def _error(name: str, text: str) -> Any:
    shown = readable(text)
    return new_output("error", ename=name, evalue=shown, traceback=[shown])


def _name(cell: Any) -> str:
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    return f"cell {grade_id}" if grade_id else "a cell of the student's"
