"""The page of results as an instructor sees it: in a browser, offline, by day and by night, on a narrow screen too."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from coursekit.grading.page import write_page
from coursekit.grading.report import Cell, ClassReport, Row

EVIL = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"


def _row(student: str, status: str, scores: dict[str, float], findings: dict[str, list[str]], late: float = 0.0) -> Row:
    reason = "hw.ipynb is not JSON" if status == "needs review" else ""
    return Row(student, "Some Body", status, reason, scores, sum(scores.values()), late, findings, 1.0)


REPORT = ClassReport(
    "hw4_layers",
    [Cell("test_affine_backward", 10), Cell("test_act_backward", 6)],
    [
        _row("s001", "graded", {"test_affine_backward": 10, "test_act_backward": 6}, {}),
        _row("s002", "graded", {"test_affine_backward": 6, "test_act_backward": 0}, {"test_affine_backward": [EVIL]}),
        _row("s003", "needs review", {"test_affine_backward": 0, "test_act_backward": 0}, {}, late=90_000),
        Row("s004", "Absent", "nothing handed in", "", {}, None, 0.0, {}, 0.0),
    ],
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(REPORT, tmp_path_factory.mktemp("page") / "results.html")


def _open(browser: Browser, path: Path, **options: object) -> tuple[Page, list[str]]:
    page = browser.new_page(**options)  # type: ignore[arg-type]
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto(path.as_uri())
    return page, seen


def test_it_asks_for_nothing_and_runs_nothing(browser: Browser, path: Path) -> None:
    page, seen = _open(browser, path)
    assert seen == [path.as_uri()]
    assert page.title() == "hw4_layers: results"
    page.close()


def test_it_shows_points_reasons_and_what_a_student_wrote_as_text(browser: Browser, path: Path) -> None:
    page, _ = _open(browser, path)
    page.locator("details", has_text="s002").locator("summary").click()
    text = page.inner_text("body")
    for expected in ("s001", "16.0", "needs review", "hw.ipynb is not JSON", "1 d late", "nothing handed in", EVIL):
        assert expected in text
    page.close()


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_it_follows_the_reader_into_the_dark(browser: Browser, path: Path, scheme: str, dark: bool) -> None:
    page, _ = _open(browser, path, color_scheme=scheme)
    script = "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number)"
    background = page.evaluate(script)
    ink = page.evaluate(script.replace("backgroundColor", "color"))
    assert (sum(background) < sum(ink)) is dark
    assert abs(sum(background) - sum(ink)) > 400
    page.close()


@pytest.mark.parametrize("width", [1200, 420])
def test_nothing_is_cut_off(browser: Browser, path: Path, width: int) -> None:
    page, _ = _open(browser, path, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
