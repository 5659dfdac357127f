"""One row for each statement of the four decks, read from map.csv beside this file."""

import csv
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import NamedTuple


class Erratum(NamedTuple):
    """Where a slide departs from what is right: what it prints, what it should print.

    ``kind`` is "wrong" as printed; "notation": symbols or shapes that disagree; "conditions": true under conditions
    that are not stated; "gap": something needed is missing; "typo"; "extraction": most likely damage from turning
    slides into text. ``extraction`` says what else may come from that, or is empty. ``evidence`` is "computed" where a
    number shows the erratum and "read" where it can only be read off the slide.
    """

    kind: str
    printed: str
    right: str
    extraction: str
    evidence: str


class Row(NamedTuple):
    """One statement of a deck.

    ``id`` such as "CSC561-E53"; ``lecture`` such as "NB08"; ``kind`` is equation, claim, figure, table or algorithm;
    ``number`` as printed, or empty; ``statement`` in LaTeX; ``code`` the functions that compute it, as dotted names;
    ``check`` says how it is tested by number; ``erratum`` is None where the slide is right as printed; ``checkable``
    says whether the statement can be tested by number and, where not, ``reason`` why.
    """

    id: str
    deck: str
    lecture: str
    section: str
    kind: str
    number: str
    statement: str
    code: tuple[str, ...]
    check: str
    erratum: Erratum | None
    checkable: bool
    reason: str


@cache
def _by_id() -> dict[str, Row]:
    text = files("coursekit.slides").joinpath("map.csv").read_text(encoding="utf-8")
    return {entry["id"]: _parse(entry) for entry in csv.DictReader(StringIO(text))}


def _parse(entry: dict[str, str]) -> Row:
    code = tuple(name for name in entry["code"].split(", ") if name)
    erratum = Erratum(
        entry["erratum"], *(entry.pop(column) for column in ("printed", "right", "extraction", "evidence"))
    )
    parsed = {"code": code, "erratum": erratum if erratum.kind else None, "checkable": entry["checkable"] == "yes"}
    return Row(**{**entry, **parsed})  # type: ignore[arg-type]


def rows() -> list[Row]:
    """All rows of the map, in the order of the decks."""
    return list(_by_id().values())


def row(id: str) -> Row:
    """The row with this id. Raises KeyError that names the nearest ids where there is none."""
    known = _by_id()
    if id not in known:
        nearest = ", ".join(get_close_matches(id, known, n=3, cutoff=0)) or "none"
        raise KeyError(f"no slide row has the id {id!r}; the nearest are {nearest}")
    return known[id]
