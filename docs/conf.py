"""The web page of the course: lectures as they were executed, errata from the map, and the reference of each room."""

import shutil
import sys
from pathlib import Path

from sphinx.application import Sphinx

from coursekit.slides import errata_page

DOCS = Path(__file__).parent
ROOMS = ("engine", "check", "figures", "slides")

sys.path.insert(0, str(DOCS))
import reference_page  # noqa: E402

for folder in ("lectures", "reference"):
    shutil.rmtree(DOCS / folder, ignore_errors=True)
    (DOCS / folder).mkdir()
for notebook in sorted((DOCS.parent / "lectures").glob("[0-9][0-9]_*.ipynb")):
    # Formulas in hints stand in raw HTML, which MathJax reads only where a class asks it to.
    text = notebook.read_text(encoding="utf-8").replace("<details>", "<details class='mathjax_process'>")
    (DOCS / "lectures" / notebook.name).write_text(text, encoding="utf-8")
for room in ROOMS:
    (DOCS / "reference" / f"{room}.md").write_text(reference_page.markdown(room), encoding="utf-8")
(DOCS / "errata.md").write_text(errata_page.markdown(), encoding="utf-8")

project = "coursekit"
author = "The coursekit developers"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.viewcode", "sphinx-mathjax-offline"]
exclude_patterns = ["images/*"]

nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath", "amsmath"]
mathjax3_config = {"tex": {"inlineMath": [["\\(", "\\)"], ["$", "$"]]}}

add_module_names = False
autodoc_typehints = "none"
autodoc_preserve_defaults = True

html_theme = "sphinx_book_theme"
html_title = "How neural networks learn"
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_toc_level": 1,
    "home_page_in_toc": True,
    "navbar_persistent": [],
}
html_static_path = ["course.css"]
html_css_files = ["course.css"]
html_show_sourcelink = False
html_copy_source = False


def setup(app: Sphinx) -> None:
    """Docstrings write absolute values with bars, which reStructuredText reads as substitutions."""
    app.connect("autodoc-process-docstring", _escape_bars)


def _escape_bars(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    lines[:] = [line.replace("|", r"\|") for line in lines]
