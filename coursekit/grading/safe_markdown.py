"""A student's Markdown as a page of the instructor's may hold it, judged by the HTML that nbconvert makes of it."""

from collections.abc import Set
from functools import cache, lru_cache
from html import escape
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbgrader.utils import is_grade, is_solution, is_task

from coursekit.grading.safe_html import safe_html

# Rendering takes more than linear time; nobody reads a longer answer.
LONGEST = 100_000
PAGE_IDS = {"notebook", "notebook-container", "statusmessage", "toc", "help-dialog", "top"}


def safe_markdown(source: str, attachments: dict[str, Any], reserved: Set[str]) -> str:
    """The source itself where its HTML is safe, else that HTML made safe, on one line, which Markdown leaves alone.

    ``reserved`` are ids that a heading may not take. What cannot be rendered is shown as it was written.
    """
    return _safe(source, attachments, reserved) if attachments else _safe_text(source, reserved)


@lru_cache(maxsize=512)
def _safe_text(source: str, reserved: Set[str]) -> str:
    """Most cells of a class are the instructor's, and the same in every submission."""
    return _safe(source, {}, reserved)


def _safe(source: str, attachments: dict[str, Any], reserved: Set[str]) -> str:
    source = source.encode("utf-8", "replace").decode("utf-8")
    rendered = _render(source, attachments)
    if rendered is None:
        return _as_written(source)
    safe = safe_html(rendered, reserved)
    if safe == rendered:
        return source
    line = _one_line(safe)
    again = _render(line, {})
    return line if again is not None and safe_html(again, reserved) == again else _as_written(source)


def reserved_ids(notebook: Any) -> Set[str]:
    """The ids by which nbgrader's pages find their inputs for the graded cells of a notebook."""
    graded = [cell for cell in notebook.cells if is_grade(cell) or is_solution(cell) or is_task(cell)]
    names = [cell.metadata.nbgrader.get("grade_id") for cell in graded]
    return frozenset(PAGE_IDS) | {f"{name}{ending}" for name in names for ending in ("", "-comment", "_extra_credit")}


@cache
def _exporter() -> Any:
    return HTMLExporter()


def _render(source: str, attachments: dict[str, Any]) -> str | None:
    """The HTML of a source, None where it is too long, or makes the renderer fail as a missing attachment does."""
    if len(source) > LONGEST:
        return None
    try:
        rendered: str = _exporter().markdown2html({"cell": {"attachments": attachments}}, source)
    except Exception:
        return None
    return rendered


def _one_line(fragment: str) -> str:
    return f"<div>{fragment.strip()}</div>".replace("\n", "&#10;")


def _as_written(source: str) -> str:
    return _one_line(f"<pre>{escape(source)}</pre>")
