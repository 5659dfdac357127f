"""A score block as text for a plain kernel, as HTML for a notebook, and as codes for the class report."""

import os
import sys
from html import escape
from typing import TYPE_CHECKING, Any

from coursekit.check.verdict import Verdict

if TYPE_CHECKING:
    from coursekit.check.score import Part, Score

SHOWN = 3
# JupyterLab's colours, which follow its theme, or middle tones that are legible on black and white.
PASSED = '<b style="color:var(--jp-success-color1,#2e9e5b)">✓</b>'
FAILED = '<b style="color:var(--jp-error-color1,#d9483b)">✗</b>'
OFFER = "For a hint, run check.hint() in a cell of your own; run it again for the next one."
VISIBLE_ONLY = "These are the visible checks only; the hidden ones decide the points."


def as_text(score: "Score") -> str:
    """The report as plain text: the points, a line for each part, what went wrong below it."""
    lines = [_headline(score)]
    for part in score.parts:
        lines.append(f"  {'✓' if part.passed else '✗'} {part.name} ({part.weight:g})")
        lines += [f"      {message}" for message in _messages(part)]
    lines += [f"  ! {message}" for message in _block_messages(score)]
    lines += [f"  {OFFER}"] if _offers_hints(score) else []
    return "\n".join(lines)


def as_html(score: "Score") -> str:
    """The same report as an HTML fragment that takes its colours from the page, light or dark."""
    rows = "".join(
        f'<tr><td style="text-align:left;vertical-align:top;white-space:nowrap">{PASSED if part.passed else FAILED} '
        f"<b>{escape(part.name)}</b></td>"
        f'<td style="text-align:right;vertical-align:top">{part.weight:g}</td>'
        f'<td style="text-align:left;max-width:60em">{"<br>".join(map(escape, _messages(part)))}</td></tr>'
        for part in score.parts
    )
    notes = "".join(f"<p><b>!</b> {escape(message)}</p>" for message in _block_messages(score))
    offer = f"<p>{escape(OFFER)}</p>" if _offers_hints(score) else ""
    return f"<p><b>{escape(_headline(score))}</b></p><table>{rows}</table>{notes}{offer}"


def total_as_html(score: "Score") -> str:
    """The last line of a test cell in HTML: the points alone, the report stands above it."""
    return f"<b>{float(score):g}</b> of {score.points:g} points"


def as_codes(score: "Score") -> dict[str, Any]:
    """The report for machines: points and, for each part, its weight, whether it passed and what failed."""
    return {
        "points": float(score),
        "available": score.points,
        "parts": [
            {
                "name": part.name,
                "weight": part.weight,
                "passed": part.passed,
                "codes": [verdict.code for verdict in part.failures],
                "messages": _messages(part),
            }
            for part in score.parts
        ],
        "codes": [verdict.code for verdict in _block_failures(score)],
        "notes": _block_messages(score),
    }


def _headline(score: "Score") -> str:
    line = f"{float(score):g} of {score.points:g} points"
    return line if _is_graded() else f"{line}. {VISIBLE_ONLY}"


def _is_graded() -> bool:
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def _offers_hints(score: "Score") -> bool:
    """Can the student ask for a hint that was not shown yet, and for nothing?"""
    free = not score.hint_price and not _is_graded()
    return free and any(len(verdict.hints) > score.hints for verdict in score.failures)


def _messages(part: "Part") -> list[str]:
    first = {(verdict.name, verdict.code): verdict for verdict in reversed(part.failures)}
    kept = [verdict for verdict in part.failures if first[verdict.name, verdict.code] is verdict]
    messages = list(dict.fromkeys(_printable(verdict.message) for verdict in kept))
    if not messages and not part.passed:
        messages = ["Nothing was checked here."]
    left = len(messages) - SHOWN
    return messages[:SHOWN] + ([f"... and {left} more."] if left > 0 else [])


def _block_messages(score: "Score") -> list[str]:
    return [_printable(text) for text in [*(verdict.message for verdict in _block_failures(score)), *score.notes]]


def _block_failures(score: "Score") -> list[Verdict]:
    return score.gates if score.aborted is None else [*score.gates, score.aborted]


def _printable(text: str) -> str:
    """Text that any encoding can write: a student's message may hold half of a surrogate pair."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def show(bundle: dict[str, str]) -> None:
    """Show a report in the richest form there is: HTML in a notebook, text everywhere else."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display(bundle, raw=True)
    else:
        print(bundle["text/plain"])
