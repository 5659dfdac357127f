"""What a student wrote, in the browser of who grades it: it runs nothing, asks for nothing and covers nothing."""

import base64
import copy
import importlib.util
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import nbformat
import pytest
from jinja2 import Environment, FileSystemLoader
from nbconvert.exporters import HTMLExporter
from nbgrader.apps.api import NbGraderAPI
from nbgrader.server_extensions.formgrader import handlers
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, Route
from servers import TOKEN, jupyter_server

from coursekit.grading import grade as grading
from coursekit.grading.course import Course

ASSIGNMENT = "hw0_small"
PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
        "0000000049454e44ae426082"
    )
).decode()


class Payload(NamedTuple):
    """One attack: a Markdown cell or the forms of an output. ``stopped`` says who stops it without any cleaning."""

    name: str
    markdown: str | None = None
    data: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    attachments: dict[str, Any] | None = None
    stopped: str = ""

    @property
    def cell(self) -> Any:
        """The cell as it is handed in."""
        if self.markdown is not None:
            cell = nbformat.v4.new_markdown_cell(self.markdown)
            if self.attachments:
                cell["attachments"] = self.attachments
            return cell
        shown = f"display({self.data!r}, raw=True, metadata={self.metadata or {}!r})"
        return nbformat.v4.new_code_cell(f"from IPython.display import display\n{shown}")

    @property
    def shown(self) -> Any:
        """The cell as a kernel leaves it."""
        cell = self.cell
        if self.data is not None:
            cell.outputs = [nbformat.v4.new_output("display_data", data=self.data, metadata=self.metadata or {})]
        return cell


def run(name: str) -> str:
    """A script whose running is seen as a request."""
    return f"new Image().src='http://pwned.invalid/{name}'"


def ask(name: str) -> str:
    return f"http://pwned.invalid/{name}"


def html(name: str, fragment: str, stopped: str = "") -> Payload:
    return Payload(name, data={"text/html": fragment, "text/plain": "plain"}, stopped=stopped)


def markdown(name: str, source: str, **options: Any) -> Payload:
    return Payload(name, markdown=source, **options)


def svg(name: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" onload="{run(name)}"><script>{run(name)}</script></svg>'


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


PAYLOADS = [
    markdown("md-script", f"text <script>{run('md-script')}</script>"),
    markdown("md-onerror", f'<img src="x" onerror="{run("md-onerror")}">'),
    markdown("md-link", f"[a](<javascript:{run('md-link')}>)"),
    markdown("md-entity-link", f'<a href="java&#115;cript&colon;{run("md-entity-link")}">a</a>'),
    markdown("md-data-frame", f'<iframe src="data:text/html,<script>{run("md-data-frame")}</script>"></iframe>'),
    markdown("md-mermaid", f'```mermaid\n</pre><img src="x" onerror="{run("md-mermaid")}">\n```'),
    markdown("md-title", f'# T <svg onload="{run("md-title")}">'),
    markdown(
        "md-file",
        "[my notes](notes.html)",
        stopped="the course's configuration, which gives files that were handed in a sandbox; tried below without it",
    ),
    markdown("md-tex", rf"$$\href{{javascript:{run('md-tex')}}}{{x}}$$"),
    markdown(
        "md-attachment",
        "![a](attachment:a.png)",
        attachments={"a.png": {f'x" onerror="{run("md-attachment")}" y="': "AAAA"}},
        stopped="mistune, which quotes the address",
    ),
    markdown(
        "md-attached-svg",
        "![a](attachment:a.svg)",
        attachments={"a.svg": {"image/svg+xml": encoded(svg("md-attached-svg"))}},
        stopped="the browser: an image runs nothing",
    ),
    html("script", f"<script>{run('script')}</script>"),
    html("onload", f'<svg onload="{run("onload")}"></svg>'),
    html("details", f'<details open ontoggle="{run("details")}"><summary>s</summary></details>'),
    html("frame", f'<iframe srcdoc="<script>{run("frame")}</script>"></iframe>'),
    html("animate", f'<svg><animate onbegin="{run("animate")}" attributeName="x" dur="1s"/></svg>'),
    html("object", f'<object data="data:text/html,<script>{run("object")}</script>"></object>'),
    html(
        "mathml",
        f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror={run("m")}&gt;">',
        stopped="nbconvert's way through BeautifulSoup",
    ),
    html("style-import", f"<style>@import url({ask('style-import')});</style>"),
    html("style-url", f"<style>body {{ background: url({ask('style-url')}) }}</style>"),
    html("style-attribute", f'<p style="background: url({ask("style-attribute")})">p</p>'),
    html("sheet", f'<link rel="stylesheet" href="{ask("sheet")}">'),
    html("refresh", f'<meta http-equiv="refresh" content="0; url={ask("refresh")}">'),
    html("form", f'<form action="{ask("form")}"><button class="press">Resolve</button></form>'),
    html("base", f'<base href="{ask("base")}/"><img src="x.png">'),
    html("data-link", f'<a href="#" onclick="{run("data-link")}">a</a>'),
    html("tex-in-html", rf"<p>&#36;&#36;\href{{javascript:{run('tex-in-html')}}}{{x}}&#36;&#36;</p>"),
    Payload("javascript", data={"application/javascript": run("javascript"), "text/plain": "plain"}),
    Payload("markdown-output", data={"text/markdown": f'<img src="x" onerror="{run("markdown-output")}">'}),
    Payload("latex-output", data={"text/latex": rf"$$\href{{javascript:{run('latex-output')}}}{{x}}$$"}),
    Payload("svg-output", data={"image/svg+xml": svg("svg-output")}, stopped="nbconvert, which shows it as an image"),
    Payload("width", data={"image/png": PIXEL}, metadata={"width": f"1 onload=fetch('{ask('width')}')"}),
    Payload(
        "isolated",
        data={"text/html": f"<script>{run('isolated')}</script>"},
        metadata={"text/html": {"isolated": True}},
    ),
    Payload(
        "traceback", data={"text/plain": f"<script>{run('traceback')}</script>"}, stopped="nbconvert, which escapes it"
    ),
]

HONEST_TABLE = """<div>
<style scoped>
    .dataframe thead th {
        text-align: right;
    }
</style>
<table border="1" class="dataframe">
  <thead>
    <tr style="text-align: right;">
      <th></th>
      <th>loss</th>
    </tr>
  </thead>
  <tbody>
    <tr>
      <th>0</th>
      <td>0.25</td>
    </tr>
  </tbody>
</table>
</div>"""
HONEST = [
    nbformat.v4.new_markdown_cell(
        "# My answer\n\nThe *loss* is $$L = y^2 < 3$$ as [here](https://example.org/a?b=1&c=2)."
    ),
    nbformat.v4.new_code_cell(
        "from IPython.display import display\n"
        f"display({{'text/html': {HONEST_TABLE!r}, 'text/plain': 'table'}}, raw=True)\n"
        f"display({{'image/png': {PIXEL!r}, 'text/plain': 'figure'}}, raw=True, "
        "metadata={'image/png': {'width': 40, 'height': 30}, 'alt': 'a figure'})\n"
        f'display({{\'image/svg+xml\': \'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\'}}, raw=True)'
    ),
]
COVERS = [
    markdown("headings", "# test_double\n\n# double-comment"),
    markdown("overlay", '<div class="navbar" style="position: fixed; inset: 0; z-index: 9999">covers all</div>'),
    html("hidden", "<style>.score, .comment { display: none }</style><p>p</p>"),
]


class Classroom(NamedTuple):
    """A graded course, and the address of a Jupyter server in it."""

    course: Course
    url: str

    def notebook(self, step: str, student: str) -> Any:
        """A student's notebook at a step."""
        return nbformat.read(self.course.path(step, student, ASSIGNMENT) / f"{ASSIGNMENT}.ipynb", as_version=4)

    def page(self, student: str) -> str:
        """The address of a student's page for manual grading."""
        with self.course.gradebook() as gradebook:
            found = gradebook.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, student)
            return f"{self.url}/formgrader/submissions/{found.id}/"


def _hand_in(course_path: Path, student: str, cells: list[Any], *, first: bool = False) -> None:
    notebook = nbformat.read(course_path / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    added = copy.deepcopy(cells)
    notebook.cells = [*added, *notebook.cells] if first else [*notebook.cells, *added]
    folder = course_path / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{ASSIGNMENT}.ipynb")


@pytest.fixture(scope="module")
def graded(_released: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = Path(shutil.copytree(_released, tmp_path_factory.mktemp("classroom") / "course"))
    _hand_in(root, "evil", [payload.cell for payload in PAYLOADS])
    (root / "submitted" / "evil" / ASSIGNMENT / "notes.html").write_text(f"<script>{run('md-file')}</script>")
    _hand_in(root, "covers", [trick.cell for trick in COVERS], first=True)
    _hand_in(root, "honest", HONEST)
    course = Course.here(root)
    results = list(grading.grade(course, ASSIGNMENT).graded)
    assert [result.error for result in results] == ["", "", ""]
    made = NbGraderAPI(course.directory, parent=course.app).generate_feedback(ASSIGNMENT)
    assert made["success"], made
    return course


@pytest.fixture(scope="module")
def classroom(graded: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    with jupyter_server(graded.root, tmp_path_factory.mktemp("home")) as url:
        yield Classroom(graded, url)


MATHJAX = Path(str(importlib.util.find_spec("sphinx-mathjax-offline").origin)).parent / "static" / "mathjax"  # type: ignore[union-attr]


def _context(browser: Browser, *, mathjax: bool = True, scripts: str = "") -> BrowserContext:
    """An instructor, logged in and with no other network; of the page's own scripts those whose address holds a word.

    MathJax is there without its extension that makes links safe.
    """
    opened = browser.new_context(extra_http_headers={"Authorization": f"token {TOKEN}"})

    def answer(route: Route) -> None:
        address = route.request.url
        if "/mathjax/" in address and mathjax:
            name = address.split("?")[0].split("/2.7.7/")[-1]
            route.fulfill(path=MATHJAX / ("tex-chtml-full.js" if name == "latest.js" else name))
        else:
            route.abort()

    def foreign(address: str) -> bool:
        own = address.startswith("http://127.0.0.1") and (scripts in address or "/static/" not in address)
        return address.startswith("http") and not own

    opened.route(foreign, answer)
    return opened


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests that need the whole page."""
    opened = _context(browser)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def unprotected(browser: Browser) -> Iterator[dict[bool, BrowserContext]]:
    """For payloads that run: of the page's own scripts jQuery, and MathJax where it is asked for."""
    opened = {mathjax: _context(browser, mathjax=mathjax, scripts="jquery.min") for mathjax in (False, True)}
    yield opened
    for each in opened.values():
        each.close()


@contextmanager
def _seen(context: BrowserContext) -> Iterator[list[str]]:
    """What the scripts of payloads ask for inside the block; its pages are closed behind it."""
    seen: list[str] = []

    def look(request: Request) -> None:
        if "pwned.invalid" in request.url:
            seen.append(request.url)

    context.on("request", look)
    try:
        yield seen
    finally:
        context.remove_listener("request", look)
        for page in context.pages:
            page.close()


def _press_everything(page: Page) -> None:
    """Follow the links that a submission brought, web addresses excepted, and send its forms."""
    page.evaluate(
        """() => { for (const a of document.querySelectorAll("#notebook-container a, #notebook-container form button"))
            if (!/^(https?:|#.)/.test(a.getAttribute("href") ?? "")) a.click() }"""
    )


def _exporter(**options: Any) -> HTMLExporter:
    return HTMLExporter(template_name="formgrade", extra_template_basedirs=[handlers.template_path], **options)


def _as_page(exporter: HTMLExporter, notebook: Any) -> str:
    names = ["assignment_id", "notebook_id", "submission_id", "base_url", "student", "last_name", "first_name"]
    resources = {**dict.fromkeys(names, ""), "index": 0, "total": 1, "notebook_path": ""}
    page: str = exporter.from_notebook_node(notebook, resources=resources)[0]
    return page


def _open(context: BrowserContext, classroom: Classroom, student: str, body: str | None = None) -> Page:
    """The page for grading a student; ``body`` in place of what the server would send."""
    page = context.new_page()
    if body is not None:
        page.route(classroom.page(student), lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(classroom.page(student))
    return page


@pytest.mark.parametrize("payload", PAYLOADS, ids=[payload.name for payload in PAYLOADS])
def test_without_this_package_the_payload_runs(
    unprotected: dict[bool, BrowserContext], classroom: Classroom, payload: Payload
) -> None:
    notebook = nbformat.v4.new_notebook(cells=[payload.shown])
    context = unprotected["tex" in payload.name]
    with _seen(context) as seen:
        page = _open(context, classroom, "evil", _as_page(_exporter(), notebook))
        if "tex" in payload.name:
            page.wait_for_selector("mjx-container")
        page.wait_for_timeout(20)
        if not seen:
            try:
                _press_everything(page)
            except Error as error:
                # The payload may take the page away at this very moment.
                if "navigation" not in error.message:
                    raise
        deadline = time.monotonic() + (0.3 if payload.stopped else 10)
        while not seen and time.monotonic() < deadline:
            page.wait_for_timeout(20)
    assert bool(seen) is not bool(payload.stopped)


def _nothing_runs(page: Page, seen: list[str]) -> None:
    page.wait_for_selector("mjx-container")
    address = page.url
    _press_everything(page)
    page.wait_for_timeout(1000)
    assert seen == []
    assert page.url.split("#")[0] == address
    assert "display({'text/html'" in page.inner_text("#notebook-container")


def test_nothing_runs_in_manual_grading(context: BrowserContext, classroom: Classroom) -> None:
    with _seen(context) as seen:
        _nothing_runs(_open(context, classroom, "evil"), seen)


def test_nothing_runs_of_what_was_recorded_where_only_nbgrader_shows_it(
    context: BrowserContext, classroom: Classroom
) -> None:
    body = _as_page(_exporter(), classroom.notebook("autograded", "evil"))
    with _seen(context) as seen:
        _nothing_runs(_open(context, classroom, "evil", body), seen)


def test_nothing_runs_of_what_nbgrader_recorded_where_the_course_shows_it(
    context: BrowserContext, classroom: Classroom
) -> None:
    notebook = nbformat.v4.new_notebook(cells=[payload.shown for payload in PAYLOADS])
    configured = _exporter(**classroom.course.app.config.HTMLExporter)
    with _seen(context) as seen:
        _nothing_runs(_open(context, classroom, "evil", _as_page(configured, notebook)), seen)


@pytest.mark.parametrize("how", ["file", "server"])
def test_nothing_runs_in_feedback(context: BrowserContext, classroom: Classroom, how: str) -> None:
    path = classroom.course.path("feedback", "evil", ASSIGNMENT) / f"{ASSIGNMENT}.html"
    served = f"{classroom.url}/files/{path.relative_to(classroom.course.root)}"
    with _seen(context) as seen:
        page = context.new_page()
        page.goto(path.as_uri() if how == "file" else served)
        _nothing_runs(page, seen)


FORM = """() => ["double", "root"].flatMap((name) => [`test_${name}`, `${name}-comment`]).map((id) => {
    const found = document.getElementById(id)
    found.scrollIntoView({block: "center"})
    const box = found.getBoundingClientRect()
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === found && found.tagName
})"""


@pytest.mark.parametrize("trick", range(len(COVERS)))
def test_without_this_package_the_form_is_covered(context: BrowserContext, classroom: Classroom, trick: int) -> None:
    notebook = classroom.notebook("autograded", "honest")
    notebook.cells.insert(1, COVERS[trick].shown)
    with _seen(context):
        page = _open(context, classroom, "honest", _as_page(_exporter(), notebook))
        assert page.evaluate(FORM) != ["INPUT", "TEXTAREA"] * 2


def test_nothing_covers_the_form_of_manual_grading(context: BrowserContext, classroom: Classroom) -> None:
    with _seen(context):
        page = _open(context, classroom, "covers")
        assert page.evaluate(FORM) == ["INPUT", "TEXTAREA"] * 2
        page.fill("#test_double", "1.5")
        with page.expect_response(lambda response: response.request.method == "PUT" and response.ok):
            page.press("#test_double", "Tab")


@pytest.mark.parametrize("where", ["manual grading", "feedback"])
def test_an_honest_notebook_is_shown_as_it_was_written(
    context: BrowserContext, classroom: Classroom, where: str
) -> None:
    if where == "feedback":
        page = context.new_page()
        page.goto((classroom.course.path("feedback", "honest", ASSIGNMENT) / f"{ASSIGNMENT}.html").as_uri())
    else:
        page = _open(context, classroom, "honest")
    page.wait_for_selector("mjx-container")
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    assert page.locator("h1#My-answer").count() == 1
    assert page.locator("em", has_text="loss").count() == 1
    assert page.locator("a[href='https://example.org/a?b=1&c=2']").count() == 1
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.dataframe thead th:last-child')).textAlign") == "right"
    )
    assert page.locator(".dataframe td", has_text="0.25").count() == 1
    sizes = "[...document.images].map((image) => [image.getAttribute('width'), image.naturalWidth])"
    assert page.evaluate(sizes) == [["40", 1], [None, 9]]
    assert page.locator("table td", has_text="large").count() == 1


def test_the_file_that_was_handed_in_stays_as_it_is(classroom: Classroom) -> None:
    sources = [cell.source for cell in classroom.notebook("submitted", "evil").cells]
    assert all(payload.cell.source in sources for payload in PAYLOADS)
    honest = classroom.notebook("autograded", "honest").cells[-len(HONEST) :]
    assert [cell.source for cell in honest] == [cell.source for cell in HONEST]
    assert honest[1].outputs[0].data["text/html"] == HONEST_TABLE


# Pages of the formgrader that show a part of their address, and their templates.
LINKS = {
    "manage_students/{}": "manage_students_assignments",
    "manage_students/honest/{}": "manage_students_notebook_submissions",
    "gradebook/{}": "gradebook_notebooks",
    "manage_submissions/{}": "manage_submissions",
}


@pytest.mark.parametrize(("link", "template"), LINKS.items())
def test_a_script_in_a_link_to_the_formgrader_runs_only_without_this_package(
    context: BrowserContext, classroom: Classroom, link: str, template: str
) -> None:
    script = f'";{run(template)};"'
    address = f"{classroom.url}/formgrader/{link.format(quote(script, safe=''))}"
    environment = Environment(loader=FileSystemLoader([handlers.template_path]))
    ids = dict.fromkeys(("student_id", "assignment_id", "notebook_id"), script)
    unescaped = environment.get_template(f"{template}.tpl").render(base_url=classroom.url, **ids)
    with _seen(context) as seen:
        page = context.new_page()
        with page.expect_response(address) as refused, suppress(Error):
            page.goto(address)
        page.wait_for_timeout(300)
        assert refused.value.status == 404
        assert set(seen) == {address}
        bare = context.new_page()
        bare.route(address, lambda route: route.fulfill(body=unescaped, content_type="text/html"))
        with bare.expect_request("http://pwned.invalid/**"):
            bare.goto(address)


def test_ordinary_names_still_have_their_pages(context: BrowserContext, classroom: Classroom) -> None:
    with _seen(context):
        page = context.new_page()
        for link in LINKS:
            answer = page.goto(f"{classroom.url}/formgrader/{link.format(ASSIGNMENT)}")
            assert answer is not None
            assert answer.status == 200


def test_a_page_that_was_handed_in_runs_only_without_this_package(
    context: BrowserContext, classroom: Classroom
) -> None:
    address = f"{classroom.page('evil')}notes.html"

    def without_policy(route: Route) -> None:
        answer = route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
        route.fulfill(response=answer, headers=headers)

    with _seen(context) as seen:
        page = context.new_page()
        answer = page.goto(address)
        page.wait_for_timeout(300)
        assert answer is not None
        assert "pwned.invalid" in answer.text()
        assert seen == []
        bare = context.new_page()
        bare.route(address, without_policy)
        with bare.expect_request("http://pwned.invalid/**"):
            bare.goto(address)
