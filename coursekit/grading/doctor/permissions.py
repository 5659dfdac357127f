"""Who else on this machine can read or change a course, and what lies in it that would run."""

import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from coursekit.errors import UsageError
from coursekit.grading import secret
from coursekit.grading.doctor.findings import Finding, advice, fine, unsafe
from coursekit.grading.settings import CONFIG_FILE

READ_OR_WRITE = stat.S_IROTH | stat.S_IWOTH
PRIVATE = ("source", "submitted", "autograded", "feedback", "gradebook.db", "coursekit.db")
# Jupyter, nbgrader or Python would run these for whoever starts them in that folder.
STARTED = (CONFIG_FILE, "jupyter_*config.*", "ipython_config.py", "sitecustomize.py", "usercustomize.py")
SHOWN = 3


def check(root: Path) -> Iterator[Finding]:
    """The secret, the course's folders, and configuration files among the submissions."""
    yield _secret(root)
    yield _folders(root)
    yield _handed_in(root / "submitted")


def _secret(root: Path) -> Finding:
    path = root / secret.FILE
    new = f"(umask 077; python -c 'import secrets; print(secrets.token_hex(32))' > {path})"
    try:
        held = secret.read(root)
    except UsageError as error:
        return unsafe(secret.FILE, str(error), f"read it as its owner, put the lost one back, or make a new one: {new}")
    if not held:
        return advice(secret.FILE, "there is none: anybody can draw the data of hidden tests", new)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        found = f"mode {mode:04o}: others can read or change it, and know the data of hidden tests"
        return unsafe(secret.FILE, found, f"chmod 600 {path}; if others could log in here, make a new one: {new}")
    return fine(secret.FILE, f"64 hexadecimal digits, mode {mode:04o}")


def _folders(root: Path) -> Finding:
    what = "permissions"
    mode = root.stat().st_mode
    if mode & stat.S_IWOTH:
        return unsafe(what, f"everyone on this machine can put files into {root}", f"chmod 700 {root}")
    if not mode & stat.S_IXOTH:
        return fine(what, f"{root} is closed to others (mode {stat.S_IMODE(mode):04o})")
    present = [root / name for name in PRIVATE if (root / name).exists()]
    open_ones = [path.name for path in present if path.stat().st_mode & READ_OR_WRITE]
    config = root / CONFIG_FILE
    if config.stat().st_mode & stat.S_IWOTH:
        open_ones.append(config.name)
    if open_ones:
        found = f"others on this machine can read or change {', '.join(open_ones)}"
        return unsafe(what, found, f"chmod 700 {root}; where others must pass through it, chmod -R o-rwx on these")
    return fine(what, f"others can enter {root}, but read nothing of students or tests")


def _handed_in(submitted: Path) -> Finding:
    what = "submitted"
    found = list(islice((path for pattern in STARTED for path in submitted.rglob(pattern)), SHOWN))
    if not found:
        return fine(what, "no configuration files among the submissions")
    named = ", ".join(str(path.relative_to(submitted)) for path in found)
    fix = "look who handed them in, and start neither nbgrader nor Jupyter in these folders"
    return advice(what, f"among the submissions are files that would run: {named}", fix)
