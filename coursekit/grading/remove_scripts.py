"""A submitted notebook made safe to show: on nbgrader's pages it runs in the instructor's name whatever it holds."""

import re
from collections.abc import Set
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

from coursekit.grading.runner.outputs import BY_STUDENT
from coursekit.grading.safe_html import safe_html, without_macros
from coursekit.grading.safe_markdown import reserved_ids, safe_markdown

IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
# Shown as text, as an image, or not at all.
HARMLESS = ("text/plain", "image/svg+xml", "application/json", "application/vnd.coursekit.check+json")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
LENGTH = re.compile(r"[0-9.]+(?:px|%)?")
NAME = re.compile(r"[\w.+-]+")
OUTPUT_KEYS = {
    "stream": ("name", "text"),
    "error": ("ename", "evalue", "traceback"),
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
}


class RemoveScripts(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes out of a notebook whatever could run, load or cover something on a page that shows it.

    The last step of Autograde.autograde_preprocessors, and a step of HTMLExporter.preprocessors. Scores and code are
    not touched, nor is anything that an ordinary notebook shows.
    """

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Clean the whole notebook in place."""
        remove_scripts(nb)
        return nb, resources


def remove_scripts(notebook: Any) -> None:
    """Clean the cells, outputs, attachments and metadata of a notebook in place."""
    reserved = reserved_ids(notebook)
    notebook.metadata.pop("widgets", None)
    language = notebook.metadata.get("language_info")
    if language is not None and not (isinstance(language, dict) and _is_name(language.get("name", "python"))):
        del notebook.metadata["language_info"]
    for cell in notebook.cells:
        _clean_metadata(cell)
        if cell.cell_type == "code":
            cell.execution_count = _count(cell.get("execution_count"))
            cell.outputs = [_output(output, reserved) for output in cell.outputs if output.output_type in OUTPUT_KEYS]
        elif cell.cell_type == "markdown":
            cell.source = safe_markdown(cell.source, cell.get("attachments", {}), reserved)
        else:
            cell.source = safe_html(cell.source, reserved)


def _clean_metadata(cell: Any) -> None:
    tags = cell.metadata.get("tags", [])
    if not (isinstance(tags, list) and all(map(_is_name, tags))):
        del cell.metadata["tags"]
    if not _is_text(cell.metadata.get("raw_mimetype", "")):
        del cell.metadata["raw_mimetype"]
    if "attachments" in cell:
        files = {name: _attachment(forms) for name, forms in cell.attachments.items()}
        cell.attachments = {name: forms for name, forms in files.items() if forms}
        if not cell.attachments:
            del cell["attachments"]


def _attachment(forms: Any) -> Any:
    images = (*IMAGES, "image/svg+xml")
    given = forms.items() if isinstance(forms, dict) else ()
    return {form: data for form, data in given if form in images and _is_text(data) and BASE64.fullmatch(data)}


def _output(output: Any, reserved: Set[str]) -> Any:
    kind = output.output_type
    for key in [key for key in output if key not in ("output_type", *OUTPUT_KEYS[kind])]:
        del output[key]
    if "execution_count" in output:
        output.execution_count = _count(output.execution_count)
    if "data" in output:
        output.data = _data(output.data, reserved)
        output.metadata = _sizes(output.get("metadata", {}))
    return output


def _data(data: Any, reserved: Set[str]) -> Any:
    """The forms of an output that are safe, or can be made so."""
    safe: dict[str, Any] = {}
    for form, content in data.items():
        if form.endswith("json"):
            if form in HARMLESS:
                safe[form] = content
        elif not _is_text(content):
            continue
        elif form == "text/html":
            safe[form] = safe_html(content, reserved)
        elif form == "text/markdown":
            safe[form] = safe_markdown(content, {}, reserved)
        elif form == "text/latex":
            safe[form] = without_macros(content)
        elif form in HARMLESS or (form in IMAGES and BASE64.fullmatch(content)):
            safe[form] = content
    if safe.get("text/html") != data.get("text/html") and len(safe) > 1 and not _shows(safe.get("text/html", "")):
        # A page takes the richest form; an empty one would hide the others.
        safe.pop("text/html", None)
    return type(data)(safe)


def _shows(fragment: str) -> bool:
    """Is there text or an image?"""
    return "<img" in fragment or bool(re.sub(r"<style.*?</style>|<[^>]*>", "", fragment, flags=re.DOTALL).strip())


def _sizes(metadata: Any) -> Any:
    """The size, the frame and the text alternative of images, at the top or for one form; and who showed it."""
    kept: dict[str, Any] = {}
    for name, value in metadata.items():
        if name in (*IMAGES, "image/svg+xml") and isinstance(value, dict):
            kept[name] = _sizes(value)
        elif (
            (name in ("width", "height") and _is_length(value))
            or (name in ("unconfined", "needs_background") and _is_plain(value))
            or (name == "alt" and _is_text(value))
            or BY_STUDENT.get(name) == value
        ):
            kept[name] = value
    return type(metadata)(kept)


def _count(value: Any) -> int | None:
    return value if type(value) is int else None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and NAME.fullmatch(value) is not None


def _is_length(value: Any) -> bool:
    return type(value) in (int, float) or (isinstance(value, str) and LENGTH.fullmatch(value) is not None)


def _is_plain(value: Any) -> bool:
    return isinstance(value, bool) or _is_name(value)
