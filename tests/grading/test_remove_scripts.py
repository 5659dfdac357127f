"""What may be shown of a submission: an honest notebook stays to the byte, a hostile one loses what is hostile."""

import copy
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coursekit.grading import grade as grading
from coursekit.grading.course import Course
from coursekit.grading.remove_scripts import remove_scripts
from coursekit.grading.safe_html import safe_html, without_macros
from coursekit.grading.safe_markdown import safe_markdown

ASSIGNMENT = "hw0_small"
LECTURES = sorted((Path(__file__).parents[2] / "lectures").glob("*.ipynb"))
PANDAS = """<div>
<style scoped>
    .dataframe tbody tr th:only-of-type {
        vertical-align: middle;
    }

    .dataframe thead th {
        text-align: right;
    }
</style>
<table border="1" class="dataframe">
  <thead>
    <tr style="text-align: right;">
      <th></th>
      <th>a &lt; b</th>
    </tr>
  </thead>
  <tbody>
    <tr>
      <th>0</th>
      <td>1 &amp; 2</td>
    </tr>
  </tbody>
</table>
<p>1 rows × 1 columns</p>
</div>"""
STYLER = """<style type="text/css">
#T_0c1_row0_col0, #T_0c1_row1_col0 {
  background-color: #ff0;
  color: #000000;
}
</style>
<table id="T_0c1"><thead><tr><th class="blank level0">&nbsp;</th>
<th id="T_0c1_level0_col0" class="col_heading level0 col0">a</th></tr></thead>
<tbody><tr><td id="T_0c1_row0_col0" class="data row0 col0">1</td></tr></tbody></table>"""
MARKDOWN = r"""# Title & more
Some *text* with $a<b$, $$x_1 * y_1 < 3$$, [a link](https://x.org/a?b=1&c=2) and <https://auto.link>.

- [x] done
- item `a<b`

| a | b |
|---|--:|
| 1 | 2 |

```python
def f(x): return x < 3 & 4
```

![fig](plot.png) ![a](attachment:b.png) <img src="https://a.b/c.png" width="100">

<details><summary>more</summary>"quoted"</details>

\begin{align} a &= b \\ c &< d \end{align}

$\href{https://a.b}{x}$, $\bbox[yellow]{y}$ and $\mathrm{class}$
"""


def _code(**output: Any) -> Any:
    cell = nbformat.v4.new_code_cell("1")
    cell.outputs = [nbformat.from_dict(output)]
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [cell]
    return notebook


def _shown(data: dict[str, Any], metadata: dict[str, Any] | None = None) -> Any:
    notebook = _code(output_type="display_data", data=data, metadata=metadata or {})
    remove_scripts(notebook)
    return notebook.cells[0].outputs[0]


@pytest.mark.parametrize("fragment", [PANDAS, STYLER, "a < b", "<b>bold</b> it&#x27;s<br/>", ""])
def test_honest_html_stays_to_the_byte(fragment: str) -> None:
    assert _shown({"text/html": fragment}).data == {"text/html": fragment}


def test_honest_markdown_stays_to_the_byte() -> None:
    attachments = {"b.png": {"image/png": "AAAA"}}
    assert safe_markdown(MARKDOWN, attachments, frozenset()) == MARKDOWN
    assert safe_markdown(MARKDOWN + "<script>1</script>", attachments, frozenset()) != MARKDOWN


@pytest.mark.parametrize("path", LECTURES, ids=[path.stem for path in LECTURES])
def test_the_lectures_with_all_their_outputs_stay_as_they_are(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    before = copy.deepcopy(notebook)
    remove_scripts(notebook)
    assert notebook == before


@pytest.mark.parametrize(
    ("fragment", "left"),
    [
        ("<script>1</script>text", "text"),
        ('<img src="x.png" onerror="1">', '<img src="x.png">'),
        ('<p style="color: red; position: fixed">t</p>', '<p style="color: red;">t</p>'),
        ('<p class="navbar-fixed-top data">t</p>', '<p class="data">t</p>'),
        ('<p id="test_root" name="score">t</p>', "<p>t</p>"),
        ("<style>body { color: red }</style>t", "t"),
        ("<style>.dataframe, .score { color: red }</style>t", "t"),
        ("<style>.dataframe { position: fixed }</style>t", "t"),
        ("<style>.dataframe { color: red } @import url(x)</style>t", "t"),
        ('<a href=" javascript:1">t</a>', "<a>t</a>"),
        ('<a href="notes.html">t</a>', "<a>t</a>"),
        ('<a href="//x.org">t</a>', "<a>t</a>"),
        ('<a data-link="x" target="_top" href="#t">t</a>', '<a href="#t">t</a>'),
        ('<img src="/logout">', "<img>"),
        ('<img src="a/../../logout">', "<img>"),
        ("t</div></div>", "t"),
        ("<!-- <b> -->t", "t"),
        ("<svg><style><img src=x onerror=1></style></svg>t", '<img src="x">t'),
        ("<div/>t", "<div>t</div>"),
        (r"$\href{javascript:1}{x}$ and &#92;cssId{a}{b}", r"$\text{href}{javascript:1}{x}$ and \text{cssId}{a}{b}"),
    ],
)
def test_hostile_html_loses_what_is_hostile(fragment: str, left: str) -> None:
    assert safe_html(fragment) == left
    assert safe_html(left) == left


TAGS = [
    "<p>",
    "</p>",
    "<table>",
    "<td>",
    "<svg>",
    "</svg>",
    "<math>",
    "<style>",
    "</style>",
    "<!--",
    "-->",
    "<title>",
    "<b/>",
]


def test_a_box_of_a_task_list_is_the_only_input() -> None:
    left = safe_html('<input type="text" name="score" value="9">')
    assert set(left.strip("<>").split()) == {"input", 'type="checkbox"', 'disabled=""'}


def test_what_is_left_is_safe_however_the_tags_are_nested() -> None:
    for tags in itertools.permutations(TAGS, 3):
        left = safe_html("".join(tags) + '<img title="--><a>" onerror=x src=y><a href=javascript:1>t</a>')
        assert re.search(r"<[^>]*(onerror|javascript)[^<]*>", left.replace('title="--&gt;&lt;a&gt;"', "")) is None
        assert safe_html(left) == left


@pytest.mark.parametrize(
    "macro",
    [
        r"\href{javascript:1}{x}",
        r"\let\a=\href",
        r"\class{score}{x}",
        r"\style{position:fixed}{x}",
        r"\cssId{a}{x}",
        r"\bbox[position:fixed]{x}",
        r"\unicode[a;b]{x}",
        r"\htmlStyle{a}{b}",
        r"\data{a}{b}",
        r"\mmlToken{a}[href=b]{c}",
    ],
)
def test_macros_that_reach_into_the_page_become_words(macro: str) -> None:
    assert without_macros(macro) == _shown({"text/latex": macro}).data["text/latex"] != macro
    assert without_macros(rf"\frac{{1}}{{2}} {macro}").startswith(r"\frac{1}{2} ")


def test_a_heading_does_not_take_the_id_of_a_grading_input() -> None:
    heading = "# test_root"
    assert safe_markdown(heading, {}, frozenset()) == heading
    assert "id=" not in safe_markdown(heading, {}, frozenset({"test_root"}))


@pytest.mark.parametrize("source", ["![x](attachment:gone.png)", "x" * 200_000, "<script>1</script>\ud800"])
def test_markdown_that_cannot_be_rendered_is_shown_as_it_was_written(source: str) -> None:
    shown = safe_markdown(source, {}, frozenset())
    assert shown.startswith("<div>")
    assert "<script" not in shown


def test_an_output_keeps_its_harmless_forms_only() -> None:
    data = {
        "application/javascript": "1",
        "application/vnd.jupyter.widget-view+json": {"model_id": "1"},
        "application/vnd.coursekit.check+json": {"points": 1},
        "text/html": {"<script>": 1},
        "image/png": 'x" onerror="1',
        "image/jpeg": "AAAA",
        "image/svg+xml": "<svg/>",
        "text/plain": "<b>",
    }
    kept = ("application/vnd.coursekit.check+json", "image/jpeg", "image/svg+xml", "text/plain")
    assert _shown(data).data == {form: data[form] for form in kept}


def test_html_that_shows_nothing_makes_room_for_the_text() -> None:
    assert _shown({"text/html": "<script>draw()</script>", "text/plain": "Figure"}).data == {"text/plain": "Figure"}


def test_the_size_of_an_image_is_a_size() -> None:
    honest = {"image/png": {"width": 30, "height": "50%"}, "alt": "a <figure>"}
    assert _shown({"image/png": "AAAA"}, honest).metadata == honest
    hostile = {"width": "1 onload=1", "image/png": {"height": "1 onload=1"}, "isolated": True, "filenames": {}}
    assert _shown({"image/png": "AAAA"}, hostile).metadata == {"image/png": {}}


def test_counts_languages_attachments_and_widgets_are_what_they_should_be() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1"), nbformat.v4.new_markdown_cell("t")])
    notebook.metadata.update(widgets={"application/vnd.jupyter.widget-state+json": {}}, language_info={"name": ["<b>"]})
    notebook.cells[0].execution_count = "<script>"
    notebook.cells[0].metadata.tags = ["fine", "<b>"]
    notebook.cells[1].attachments = {"a": {"text/html": "AAAA"}, "b": {"image/png": "AAAA"}, "c": {"image/png": '"'}}
    remove_scripts(notebook)
    assert notebook.metadata == {}
    assert (notebook.cells[0].execution_count, notebook.cells[0].metadata) == (None, {})
    assert notebook.cells[1].attachments == {"b": {"image/png": "AAAA"}}


def test_scores_and_reports_are_what_they_are_without_it(
    course: Course, course_path: Path, hand_in: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in("half", double="def double(x):\n    return x + 2", change=_add_script)
    graded = {}
    for name, cleaner in (("with", remove_scripts), ("without", lambda notebook: None)):
        monkeypatch.setattr("coursekit.grading.record.remove_scripts", cleaner)
        (result,) = list(grading.grade(course, ASSIGNMENT).graded)
        path = course_path / "autograded" / "half" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        graded[name] = (result.result, nbformat.read(path, as_version=4).cells)
        (course_path / "submitted" / "half" / ASSIGNMENT / "new.txt").write_text("so that it is graded again")
    (safe, safe_cells), (raw, raw_cells) = graded["with"], graded["without"]
    assert safe is not None
    assert raw is not None
    assert (safe.score, safe.codes) == (raw.score, raw.codes)
    assert [cell.metadata for cell in safe_cells] == [cell.metadata for cell in raw_cells]
    assert safe_cells[:-1] == raw_cells[:-1]
    assert "<script>" in raw_cells[-1].source
    assert "<script>" not in safe_cells[-1].source


def _add_script(notebook: Any) -> None:
    notebook.cells.append(nbformat.v4.new_markdown_cell("<script>1</script> text"))


def test_a_folder_that_would_be_read_as_html_is_left_out_and_named(
    course: Course, course_path: Path, hand_in: Callable[..., Path]
) -> None:
    hand_in("fine")
    hand_in('"><img src=x onerror=1>')
    errors = {graded.submission.student: graded.error for graded in grading.grade(course, ASSIGNMENT).graded}
    assert errors.pop("fine") == ""
    assert "rename the folder" in errors.popitem()[1]
    with course.gradebook() as gradebook:
        assert [student.id for student in gradebook.students] == ["fine"]


def test_the_name_of_a_file_in_a_reason_is_text(
    course: Course, course_path: Path, hand_in: Callable[..., Path]
) -> None:
    folder = hand_in("renamed")
    (folder / f"{ASSIGNMENT}.ipynb").rename(folder / "<img src=x onerror=1>.ipynb")
    list(grading.grade(course, ASSIGNMENT).graded)
    text = (course_path / "autograded" / "renamed" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text()
    assert "is missing" in text
    assert "onerror=1>" not in text
