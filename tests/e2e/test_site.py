"""The web page of the course as a reader opens it: from a file, without a network, with no broken link."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
LECTURES = sorted(path.stem for path in (ROOT / "lectures").glob("[0-9][0-9]_*.ipynb"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    build = str(Path(sys.executable).with_name("sphinx-build"))
    command = [build, "-q", "-W", "--keep-going", "docs", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return target


class Links(HTMLParser):
    """The addresses that a page loads, those it links to, and the anchors it offers."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.linked: list[str] = []
        self.anchors: set[str] = {""}
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.anchors.add(str(given["id"]))
        if given.get("src"):
            self.loaded.append(str(given["src"]))
        if given.get("href"):
            (self.linked if tag == "a" else self.loaded).append(str(given["href"]))


def test_every_lecture_the_errata_and_the_reference_have_a_page(site: Path) -> None:
    pages = {str(path.relative_to(site).with_suffix("")) for path in site.rglob("*.html")}
    reference = {f"reference/{room}" for room in ("engine", "check", "figures", "slides")}
    assert {"index", "errata", *reference, *(f"lectures/{name}" for name in LECTURES)} <= pages
    index = (site / "index.html").read_text(encoding="utf-8")
    assert all(f'href="lectures/{name}.html"' in index for name in LECTURES)


def test_no_link_is_broken_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = {path: Links(path) for path in site.rglob("*.html") if path.parent.name != "_static"}
    broken = []
    for page, found in pages.items():
        assert [address for address in found.loaded if urlsplit(address).scheme not in ("", "data")] == []
        for address in {*found.loaded, *found.linked}:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            anchors = pages[target].anchors if target in pages and not parts.path.startswith("#") else {parts.fragment}
            if not target.is_file() or unquote(parts.fragment) not in anchors:
                broken.append(f"{page.relative_to(site)}: {address}")
    assert broken == []


@pytest.mark.parametrize("name", ["index", "errata", f"lectures/{LECTURES[0]}", f"lectures/{LECTURES[-1]}"])
def test_a_page_opens_offline_with_its_formulas_set(site: Path, browser: Browser, name: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((site / f"{name}.html").as_uri())
    if name != "index":
        page.wait_for_selector("mjx-container svg, mjx-container mjx-math")
        assert page.locator("[data-mjx-error]").count() == 0
        assert page.locator("img:not([alt]), img[alt='']").count() == 0
        assert page.locator("details", has_text="$").count() == 0
    assert [address for address in asked if urlsplit(address).scheme not in ("file", "data")] == []
    assert errors == []
    page.close()
