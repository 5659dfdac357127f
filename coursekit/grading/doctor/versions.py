"""The programs that grading stands on, and combinations that are known to be bad."""

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from coursekit.grading.doctor.findings import Finding, advice, fine, unsafe

PACKAGES = ("coursekit", "numpy", "nbgrader", "jupyterlab", "IPython", "nbconvert", "nh3")
PROGRAMS = {"alembic": "nbgrader makes a gradebook with it", "jupyter": "the formgrader runs in it"}
# The steps that are put in the place of nbgrader's, and the comparison with it, were written for these.
NBGRADER = (0, 9)
SLOW_JSONSCHEMA = (4, 25)


def check() -> Iterator[Finding]:
    """Python, the packages and the system."""
    found = {package: _version(package) for package in PACKAGES}
    present = [f"{package} {version}" for package, version in found.items() if version]
    yield fine("versions", ", ".join([f"Python {platform.python_version()}", *present]))
    yield fine("platform", f"{platform.system()} {platform.release()}, {platform.machine()}")
    missing = [package for package, version in found.items() if not version]
    if missing:
        yield unsafe("packages", f"not installed: {', '.join(missing)}", "pip install 'coursekit[grade]'")
    nbgrader = found["nbgrader"]
    if nbgrader and _parts(nbgrader) != NBGRADER:
        yield advice(
            "nbgrader", f"{nbgrader}; coursekit is tested with 0.9 alone", "pip install 'nbgrader>=0.9.5,<0.10'"
        )
    jsonschema = _version("jsonschema")
    if jsonschema and _parts(jsonschema) >= SLOW_JSONSCHEMA:
        yield advice(
            "jsonschema",
            f"{jsonschema}: from 4.25 on each nbgrader command starts two seconds later",
            "pip install 'jsonschema>=4.18,<4.25'",
        )


def check_programs() -> Iterator[Finding]:
    """What nbgrader and the instructor call by name."""
    beside = Path(sys.executable).parent
    for program, purpose in PROGRAMS.items():
        path = shutil.which(program)
        if path:
            yield fine(program, path)
        elif os.access(beside / program, os.X_OK):
            yield advice(
                program,
                f"not on PATH: coursekit finds it in {beside}, other commands do not ({purpose})",
                f'export PATH="{beside}:$PATH", or activate the environment',
            )
        else:
            yield advice(program, f"not installed: {purpose}", "pip install 'coursekit[grade]'")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _parts(version: str) -> tuple[int, ...]:
    """The first two numbers of a version."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])
