"""What the doctor says: findings, and checks that end in one whatever happens."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Fine; could be better; or: do not grade before this is mended."""

    FINE = "fine"
    ADVICE = "advice"
    UNSAFE = "unsafe"


class Finding(NamedTuple):
    """One thing that was looked at, what was found, and what to do about it."""

    state: State
    what: str
    found: str
    fix: str = ""


def fine(what: str, found: str) -> Finding:
    """Nothing to do."""
    return Finding(State.FINE, what, found)


def advice(what: str, found: str, fix: str) -> Finding:
    """Something could be better."""
    return Finding(State.ADVICE, what, found, fix)


def unsafe(what: str, found: str, fix: str) -> Finding:
    """Marks, secrets or the instructor's files are at risk, or nothing can be graded."""
    return Finding(State.UNSAFE, what, found, fix)


def attempt(what: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """The findings of a check; one that breaks is itself a finding, and unsafe, as nobody knows what it would say."""
    try:
        return list(check())
    except (Exception, SystemExit) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        return [unsafe(what, f"this could not be checked ({reason})", "mend what the message names, and ask again")]
