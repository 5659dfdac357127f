"""An HTML fragment of a student's as a page of the instructor's may hold it: it runs nothing and covers nothing."""

import re
from collections.abc import Callable, Set
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

import nh3
import tinycss2

TAGS = (nh3.ALLOWED_TAGS | {"tfoot", "section", "input"}) - {"area", "map"}
ATTRIBUTES = {
    "*": {"class", "id", "style", "title", "align", "dir", "lang"},
    "a": {"href", "target"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan", "valign"},
    "th": {"colspan", "rowspan", "scope", "valign"},
}
STYLE_ATTRIBUTES = {"style": {"scoped", "type"}}
# An input is a box of a task list, whatever the student wrote.
FORCED = {"input": {"type": "checkbox", "disabled": ""}}
# What colours and sizes an element where it stands; nothing that moves it over others or loads a file.
PROPERTIES = {
    *("color", "background-color", "opacity", "font-family", "font-size", "font-style", "font-weight"),
    *("text-align", "text-decoration", "vertical-align", "white-space", "line-height", "overflow-x"),
    *("width", "max-width", "min-width", "height", "max-height", "min-height", "table-layout"),
    *("border-collapse", "border-spacing", "border-radius"),
    *(
        f"{box}{side}{part}"
        for side in ("", "-top", "-right", "-bottom", "-left")
        for box, part in (("padding", ""), *(("border", part) for part in ("", "-color", "-style", "-width")))
    ),
}
# The classes of pandas' tables, of highlighted code and of Markdown. The page's own would be styled and scripted.
CLASS = re.compile(
    r"dataframe|data|(?:row|col|level)\d+|blank|index_name|(?:row|col)_heading|row_trim|col_trim"
    r"|highlight|hl-\w+|language-[\w+-]+|anchor-link|task-list-item(?:-checkbox)?|[a-z][a-z0-9]{0,2}"
)
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# Characters up to which a fragment is kept in mind: reports of tests are shorter.
COMMON = 20_000
STYLER_ID = re.compile(r"T_\w+")
# A link to a file beside the notebook would open it with the rights of the page.
LINK = re.compile(r"(?:https?://|mailto:|#).*", re.DOTALL | re.IGNORECASE)
IMAGE = re.compile(
    r"https?://.*|data:image/(?:png|jpeg|gif|webp|svg\+xml)[;,].*|(?:\./)?\w(?:[\w ()%-]|[./](?!\.))*",
    re.DOTALL | re.IGNORECASE,
)
# Macros of MathJax that link, name, style or mark an element of the page, and the harmless uses of them.
MACRO = re.compile(
    r"\\(?:href(?![A-Za-z])(?!\s*\{\s*https?://)|bbox(?![A-Za-z])(?!\s*\[[\w., ]*\])|unicode(?=\s*\[)"
    r"|(?:class|cssId|style|data|mmlToken|html[A-Z][A-Za-z]*)(?![A-Za-z]))"
)
STYLE = re.compile(r'<style(?: scoped| type="text/css")?>([^<]*)</style>')
SELECTOR = re.compile(r"(?:\.dataframe|#T_\w+)(?![\w-])")
# HTML in which every reader finds the same tags.
PLAIN = re.compile(
    r"""(?:[^<\0]++|<(?![A-Za-z/!?])|</?[A-Za-z][A-Za-z0-9]*+"""
    r"""(?:\s++[A-Za-z][A-Za-z0-9-]*+(?:="[^"<>\0]*+"|='[^'<>\0]*+')?+)*+\s*+/?>)*+"""
)


def safe_html(fragment: str, reserved: Set[str] = frozenset()) -> str:
    """The fragment itself where it is safe, else what is left of it without scripts, forms, frames and foreign styles.

    Tables, images, lists, details and text stay, in the colours and sizes given. ``reserved`` are ids that a heading
    may not take, for the page looks its own elements up by them.
    """
    return _recent(fragment, frozenset(reserved)) if len(fragment) <= COMMON else _safe(fragment, reserved)


@lru_cache(maxsize=512)
def _recent(fragment: str, reserved: Set[str]) -> str:
    """Most of what the tests of a class report is the same in many submissions."""
    return _safe(fragment, reserved)


def _safe(fragment: str, reserved: Set[str]) -> str:
    fragment = fragment.encode("utf-8", "replace").decode("utf-8")
    styles = STYLE_ATTRIBUTES if _styles_are_local(fragment) else {}
    cleaned = nh3.clean(
        fragment,
        tags=TAGS | styles.keys(),
        clean_content_tags={"script", "style"} - styles.keys(),
        attributes=ATTRIBUTES | styles,
        attribute_filter=_attribute_filter(reserved),
        set_tag_attribute_values=FORCED,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
    )
    cleaned = without_macros(cleaned)
    return fragment if PLAIN.fullmatch(fragment) and _tokens(fragment) == _tokens(cleaned) else cleaned


def without_macros(tex: str) -> str:
    r"""TeX in which the macros that reach into the page, such as ``\href`` with a script, are words."""
    return MACRO.sub(lambda macro: rf"\text{{{macro[0][1:]}}}", tex)


def _attribute_filter(reserved: Set[str]) -> Callable[[str, str, str], str | None]:
    def keep(tag: str, attribute: str, value: str) -> str | None:
        match attribute:
            case "class":
                return " ".join(name for name in value.split() if CLASS.fullmatch(name)) or None
            case "style":
                return _safe_style(value)
            case "id":
                allowed = value not in reserved and (tag in HEADINGS or STYLER_ID.fullmatch(value))
            case "href":
                allowed = LINK.fullmatch(value)
            case "src":
                allowed = IMAGE.fullmatch(value)
            case "target":
                allowed = value == "_blank"
            case _:
                allowed = True
        return value if allowed else None

    return keep


def _styles_are_local(fragment: str) -> bool:
    """Do all style elements speak of pandas' tables only?"""
    sheets = STYLE.findall(fragment)
    return len(sheets) == len(re.findall("<style", fragment, re.IGNORECASE)) and all(map(_is_local, sheets))


def _is_local(sheet: str) -> bool:
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            return False
        selectors: list[list[Any]] = [[]]
        for token in rule.prelude:
            if token == ",":
                selectors.append([])
            else:
                selectors[-1].append(token)
        if not all(SELECTOR.match(tinycss2.serialize(selector).strip()) for selector in selectors):
            return False
        if not all(map(_is_safe, _lines(rule.content))):
            return False
    return True


@lru_cache(maxsize=1024)
def _safe_style(value: str) -> str | None:
    lines = _lines(value)
    if all(map(_is_safe, lines)):
        return value
    return tinycss2.serialize([line for line in lines if _is_safe(line)]) or None


def _lines(declarations: Any) -> list[Any]:
    found: list[Any] = tinycss2.parse_blocks_contents(declarations, skip_comments=True, skip_whitespace=True)
    return found


def _is_safe(line: Any) -> bool:
    return line.type == "declaration" and line.lower_name in PROPERTIES


class _Tokens(HTMLParser):
    """The tags, attributes and texts of a fragment, however they are written; a tbody may go without saying."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "tbody" or attrs:
            self.found.append(("start", tag, sorted((name, value or "") for name, value in attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag != "tbody":
            self.found.append(("end", tag))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] == "text":
            data = self.found.pop()[1] + data
        self.found.append(("text", data))


def _tokens(fragment: str) -> list[Any]:
    reader = _Tokens()
    reader.feed(fragment)
    reader.close()
    return reader.found
