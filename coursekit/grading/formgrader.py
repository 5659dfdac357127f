"""Two doors of nbgrader's formgrader closed: scripts in the addresses of its pages, and pages that students hand in."""

import re
import sys
from typing import Any

from tornado.web import HTTPError, RequestHandler

HANDLERS = "nbgrader.server_extensions.formgrader.handlers"
# What ends a string or opens an element in a page that shows a part of its address unescaped.
HARMFUL = re.compile(r'["<>\\\x00-\x1f]')


def protect() -> None:
    """In the server of a formgrader, refuse addresses that hold markup, and run nothing that was handed in.

    nbgrader_config.py calls it, and nbgrader reads that file in its server. In any other process it does nothing.
    """
    handlers: Any = sys.modules.get(HANDLERS)
    if handlers is not None:
        handlers.BaseHandler.decode_argument = _decode_argument
        handlers.SubmissionFilesHandler.set_extra_headers = _in_a_sandbox


def _decode_argument(handler: RequestHandler, value: bytes, name: str | None = None) -> str:
    """Tornado's hook for each part of an address. Raises HTTPError 404, as no student or assignment is called so."""
    text = RequestHandler.decode_argument(handler, value, name)
    if HARMFUL.search(text):
        raise HTTPError(404)
    return text


def _in_a_sandbox(handler: RequestHandler, path: str) -> None:
    """Tornado's hook for each file: the browser gives it no scripts, and no part in the instructor's session."""
    handler.set_header("Content-Security-Policy", "sandbox")
