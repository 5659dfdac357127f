"""What a student reads: headings in order, images with a text, arguments with a shape, links that lead somewhere."""

import ast
import re
from pathlib import Path

from coursekit.audit.finding import Finding
from coursekit.audit.subject import Subject, is_solution

HEADING = re.compile(r"^(#{1,6}) +(.*?)\s*$")
IMAGE = re.compile(r"!\[(.*?)\]\(.*?\)")
TAG = re.compile(r"<img\b[^>]*>", re.IGNORECASE | re.DOTALL)
ALT = re.compile(r"""\balt=(?:"\s*[^"\s][^"]*"|'\s*[^'\s][^']*')""", re.IGNORECASE)
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
TARGET = re.compile(r"""<(?:a|img)\b[^>]*\b(?:href|src)=["']([^"']+)["']""", re.IGNORECASE)
ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def text(subject: Subject) -> Finding:
    """Look through all texts, and the docstrings of what students write."""
    faults: list[str] = []
    level = 0
    headings: set[str] = set()
    links: list[tuple[int, str]] = []
    for cell, marker in zip(subject.source.notebook.cells, subject.source.lines, strict=True):
        if cell.cell_type != "markdown":
            continue
        prose = FENCE.sub(lambda fence: re.sub(r"[^\n]", "", fence[0]), cell.source)
        for number, line in enumerate(prose.splitlines(), start=1):
            here = subject.at(marker + number)
            heading = HEADING.match(line)
            if heading:
                deeper = len(heading[1])
                if deeper > level + 1 or (deeper == 1) != (level == 0):
                    faults.append(
                        f"{here}: a heading of level {deeper} after {'none' if not level else f'level {level}'}"
                    )
                level = deeper
                headings.add(heading[2].replace(" ", "-"))
            faults += [
                f"{here}: an image without alternative text" for image in IMAGE.findall(line) if not image.strip()
            ]
            shown = CODE_SPAN.sub("", line)
            links += [(marker + number, found) for found in [*LINK.findall(shown), *TARGET.findall(shown)]]
        for tag in TAG.finditer(prose):
            if not ALT.search(tag[0]):
                line_of_tag = marker + 1 + prose[: tag.start()].count("\n")
                faults.append(f"{subject.at(line_of_tag)}: an image without alternative text")
    for where, link in links:
        if not _resolves(link, subject.script.parent, headings):
            faults.append(f"{subject.at(where)}: the link {link} leads nowhere")
    functions = arguments(subject)
    faults += functions[1]
    return Finding("text", f"{len(headings)} headings, {len(links)} links, {functions[0]} functions", faults)


def arguments(subject: Subject) -> tuple[int, list[str]]:
    """How many functions students write, and which of their arguments the docstring does not describe."""
    count = 0
    faults = []
    for cell in filter(is_solution, subject.instructor.cells):
        marker = subject.line(cell.metadata.nbgrader.grade_id)
        for function in [node for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)]:
            count += 1
            said = ast.get_docstring(function) or ""
            names = [
                argument.arg
                for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
            ]
            missing = [name for name in names if name != "self" and not _described(name, said)]
            if missing:
                faults.append(
                    f"{subject.at(marker + function.lineno)}: the docstring of {function.name} does not give shape or "
                    f"kind of {', '.join(missing)}; write `X (N, D)` or `name: what it is`"
                )
    return count, faults


def _described(name: str, docstring: str) -> bool:
    """Is the name, alone or in a list of names, followed by a shape, a colon or a comma and what it is?"""
    more = r"(?:(?:,| and|, and) \w+(?:\[[^\]]*\])?)*"
    return re.search(rf"\b{re.escape(name)}(?:\[[^\]]*\])?{more}(?: \(|:|, )", docstring) is not None


def _resolves(link: str, folder: Path, headings: set[str]) -> bool:
    if ELSEWHERE.match(link):
        return True
    path, _, anchor = link.partition("#")
    return (folder / path).exists() if path else anchor in headings
