"""The six assignments in a real JupyterLab: they open as released, and the Validate button judges an answer."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from servers import TOKEN, jupyter_server

from coursekit.authoring import assignments, course
from coursekit.grading.course import Course
from coursekit.grading.release import release

ROOT = Path(__file__).parents[2] / "assignments"
SCRIPTS = {script.stem: script for script in assignments.find(ROOT)}


class Desk(NamedTuple):
    """A student's folder with every assignment as released and, in ``answered``, with right answers."""

    folder: Path
    url: str


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    directory = tmp_path_factory.mktemp("classroom") / "course"
    course.init(directory, ROOT)
    opened = Course.here(directory)
    folder = tmp_path_factory.mktemp("desk")
    (folder / "answered").mkdir()
    for name, script in SCRIPTS.items():
        release(opened, name)
        released = nbformat.read(directory / "release" / name / f"{name}.ipynb", as_version=4)
        nbformat.write(released, folder / f"{name}.ipynb")
        right = next(variant for variant in assignments.variants(script) if variant.name.startswith("right_"))
        answered = assignments.hand_in(released, assignments.build(script), right)
        nbformat.write(answered, folder / "answered" / f"{name}.ipynb")
    with jupyter_server(folder, tmp_path_factory.mktemp("home")) as url:
        yield Desk(folder, url)


@pytest.fixture(scope="module")
def student(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1300, "height": 900})
    yield opened
    opened.close()


def _open(student: BrowserContext, desk: Desk, path: str) -> Page:
    page = student.new_page()
    page.goto(f"{desk.url}/lab/tree/{path}?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    return page


def _stop_kernels(desk: Desk) -> None:
    sessions = f"{desk.url}/api/sessions"
    with urllib.request.urlopen(f"{sessions}?token={TOKEN}") as answer:
        for session in json.load(answer):
            urllib.request.urlopen(
                urllib.request.Request(f"{sessions}/{session['id']}?token={TOKEN}", method="DELETE")
            ).close()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_released_notebook_opens_and_a_right_answer_validates(name: str, student: BrowserContext, desk: Desk) -> None:
    nbformat.validate(nbformat.read(desk.folder / f"{name}.ipynb", as_version=4))
    page = _open(student, desk, f"{name}.ipynb")
    assert page.locator(".jp-Dialog").count() == 0
    assert page.locator(".jp-Notebook h1").first.inner_text().startswith(f"Homework {name[2]}")
    page.close()

    page = _open(student, desk, f"answered/{name}.ipynb")
    page.locator(".validate-button").click()
    page.wait_for_selector(".jp-Dialog", timeout=90_000)
    assert "Success! Your notebook passes all the tests." in page.locator(".jp-Dialog").inner_text()
    page.close()
    _stop_kernels(desk)
