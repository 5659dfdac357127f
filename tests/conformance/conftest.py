"""The two courses, each graded twice, side by side."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from . import exercises, graders, survey


@pytest.fixture(scope="session")
def graded_twice(tmp_path_factory: pytest.TempPathFactory) -> dict[str, graders.Twice]:
    """The assignments by name."""
    courses = {exercises.NAME: graders.basics, survey.NAME: graders.two_parts}
    with ThreadPoolExecutor(len(courses)) as pool:
        running = {
            name: pool.submit(graders.grade_twice, name, write, tmp_path_factory.mktemp(name))
            for name, write in courses.items()
        }
        return {name: future.result() for name, future in running.items()}
