"""Runners behind each kind of wall, and what an attacker would like to reach: a course, a home, a process."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import coursekit
from coursekit.grading.sandbox.levels import LANDLOCK, NAMESPACES

from .machine import Walled

SECRET = "not for students"
VALUABLES = (
    "gradebook.db",
    "course_secret",
    "nbgrader_config.py",
    "source/hw1/hw1.ipynb",
    "submitted/bob/hw1/hw1.ipynb",
    "home/.ssh/id_ed25519",
)


@pytest.fixture(scope="session", params=[NAMESPACES, LANDLOCK])
def walled(request: pytest.FixtureRequest) -> Iterator[Walled]:
    """A runner at each level that protects."""
    started = Walled(request.param)
    yield started
    started.runner.close()


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course and a home in which every file is worth an attack."""
    folder = tmp_path_factory.mktemp("valuables")
    for name in VALUABLES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SECRET)
    return folder


@pytest.fixture(scope="session")
def bystander() -> Iterator[int]:
    """A process of the same user that does nothing."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process.pid
    process.kill()
    process.wait()


@pytest.fixture(scope="session")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Sockets of this process that wait to be spoken to, by kind."""
    folder = tmp_path_factory.mktemp("sockets")
    stream, datagram = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    abstract, tcp = socket.socket(socket.AF_UNIX), socket.create_server(("127.0.0.1", 0))
    stream.bind(str(folder / "stream"))
    datagram.bind(str(folder / "datagram"))
    abstract.bind(f"\0coursekit-{os.getpid()}")
    for sock in (stream, abstract):
        sock.listen(16)
    yield {
        "stream": str(folder / "stream"),
        "datagram": str(folder / "datagram"),
        "abstract": f"\0coursekit-{os.getpid()}",
        "port": tcp.getsockname()[1],
    }
    for sock in (stream, datagram, abstract, tcp):
        sock.close()


@pytest.fixture(scope="session")
def targets(course: Path, bystander: int, listener: dict[str, Any]) -> dict[str, Any]:
    """What the attacks know of this machine."""
    return {
        "course": str(course),
        "secret": SECRET,
        "package": str(Path(coursekit.__file__).parent),
        "tests": str(Path(__file__).parent),
        "site": str(Path(os.__file__).parent),
        "bystander": bystander,
        **listener,
    }
