"""A course directory under version control: what must not be pushed with it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from coursekit.grading import secret
from coursekit.grading.doctor.findings import Finding, advice, fine

PRIVATE = (secret.FILE, "gradebook.db", "coursekit.db", "submitted", "autograded", "feedback")
SECONDS = 2


def check(root: Path) -> Iterator[Finding]:
    """Does git leave out the secret, the marks and what students wrote? Nothing where the course is not in git."""
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return
    what = "git"
    try:
        tracked = _git(root, "ls-files", "--", *PRIVATE)
        ignored = _git(root, "check-ignore", "--", *PRIVATE)
    except (OSError, subprocess.SubprocessError) as error:
        yield advice(what, f"git gives no answer here ({error})", f"see that it ignores {', '.join(PRIVATE)}")
        return
    known = sorted({path.split("/")[0] for path in tracked})
    if known:
        found = f"{', '.join(known)} would be pushed: whoever can read the repository can read this"
        yield advice(what, found, f"git rm -r --cached {' '.join(known)}; make a new secret if it was pushed")
    missing = [name for name in PRIVATE if name not in ignored and name not in known]
    if missing:
        fix = f"printf '%s\\n' {' '.join(missing)} >> {root / '.gitignore'}"
        yield advice(what, f"the next `git add` could take {', '.join(missing)} along", fix)
    elif not known:
        yield fine(what, "it leaves out the secret, the gradebook and what students wrote")


def _git(root: Path, *arguments: str) -> list[str]:
    """The lines that git answers. Raises OSError without git, SubprocessError where it fails."""
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, timeout=SECONDS)
    if done.returncode > 1:
        raise subprocess.SubprocessError(done.stderr.strip().partition("\n")[0])
    return done.stdout.splitlines()
