"""The folder through which nbgrader exchanges assignments with students."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from nbgrader.exchange.default import Exchange

from coursekit.grading.course import Course
from coursekit.grading.doctor.findings import Finding, advice, fine

EVERYONE = stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO


def check(course: Course) -> Iterator[Finding]:
    """Does it exist, can students write to it, and can they do no more than that?"""
    root = Path(Exchange(coursedir=course.directory, parent=course.app).root)
    what = "exchange"
    if not root.is_dir():
        fix = f"mkdir -p {root} && chmod 1777 {root}, or name another as c.Exchange.root"
        yield advice(what, f"{root} is no folder: nothing can be released or collected", fix)
        return
    mode = stat.S_IMODE(root.stat().st_mode)
    if not os.access(root, os.W_OK | os.X_OK):
        yield advice(what, f"{root} (mode {mode:04o}) cannot be written to", f"have its owner run chmod 1777 {root}")
    elif root.resolve().is_relative_to(course.root):
        yield advice(
            what,
            f"{root} lies in the course directory, which is closed to students: good for trying it out alone",
            "on a server that students share, set c.Exchange.root to a folder outside of it; else leave it",
        )
    elif mode & EVERYONE != EVERYONE:
        yield advice(
            what, f"{root} has mode {mode:04o}: students cannot fetch or submit by nbgrader", f"chmod 1777 {root}"
        )
    elif not mode & stat.S_ISVTX:
        found = f"{root} has mode {mode:04o}: a student can put a folder of his own in the place of this course's"
        yield advice(what, found, f"chmod 1777 {root}: then only its owner can move a folder away")
    else:
        yield fine(what, f"{root}, mode {mode:04o}")
