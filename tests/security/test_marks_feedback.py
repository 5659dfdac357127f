"""What a student gets back: the demo's assignment, in which one writes down and prints whatever the tests hand over."""

import re
import subprocess
from pathlib import Path

import nbformat
import pytest

from coursekit import demo
from coursekit.authoring import assignments
from coursekit.grading import grade as grading
from coursekit.grading.course import Course
from coursekit.grading.release import release

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "assignments" / demo.ASSIGNMENT / f"{demo.ASSIGNMENT}.py"
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", re.DOTALL)
RECORDER = """def affine_backward(G, X, W):
    open("seen.txt", "a").write(f"{G} {X} {W}")
    print("seen:", G.tolist())
    from IPython.display import display
    display({"text/plain": f"shown: {G.tolist()}"}, raw=True)
    raise ValueError(f"seen {len(G)}")
"""


@pytest.fixture(scope="module")
def handed_back(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A graded course and the feedback of each student."""
    course = tmp_path_factory.mktemp("feedback") / "course"
    demo.make_course(course, ROOT / "assignments")
    release(Course.here(course), demo.ASSIGNMENT)
    released = nbformat.read(course / "release" / demo.ASSIGNMENT / f"{demo.ASSIGNMENT}.ipynb", as_version=4)
    known = {variant.name: variant for variant in assignments.variants(SCRIPT)}
    recorder = known["right_loops"]._replace(cells={"affine_backward": RECORDER})
    for student, variant in {"recorder": recorder, "wrong": known["wrong_mean_twice"]}.items():
        folder = course / "submitted" / student / demo.ASSIGNMENT
        folder.mkdir(parents=True)
        nbformat.write(
            assignments.hand_in(released, assignments.build(SCRIPT), variant), folder / f"{demo.ASSIGNMENT}.ipynb"
        )
    assert all(one.result for one in grading.grade(Course.here(course), demo.ASSIGNMENT).graded)
    made = subprocess.run(
        ["nbgrader", "generate_feedback", demo.ASSIGNMENT], cwd=course, capture_output=True, text=True, timeout=120
    )
    assert made.returncode == 0, made.stderr
    pages = {
        path.parents[1].name: re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8"))
        for path in course.glob("feedback/*/*/*.html")
    }
    assert pages.keys() == {"recorder", "wrong"}
    return course, pages


@pytest.mark.parametrize("student", ["recorder", "wrong"])
def test_no_line_of_a_hidden_test_and_no_secret_is_handed_back(
    handed_back: tuple[Path, dict[str, str]], student: str
) -> None:
    course, pages = handed_back
    page = pages[student]
    shown = (course / "release" / demo.ASSIGNMENT / f"{demo.ASSIGNMENT}.ipynb").read_text(encoding="utf-8")
    hidden = {line.strip() for part in HIDDEN.findall(SCRIPT.read_text(encoding="utf-8")) for line in part.splitlines()}
    lines = {line for line in hidden if len(line) > 20 and line.replace('"', '\\"') not in shown}
    assert len(lines) > 10
    assert [line for line in lines if line.replace('"', "&quot;") in page or line in page] == []
    assert "HIDDEN TESTS" not in page
    assert (course / "course_secret").read_text().strip() not in page


def test_what_was_written_down_stays_in_the_process_that_wrote_it(handed_back: tuple[Path, dict[str, str]]) -> None:
    course, _ = handed_back
    assert list(course.rglob("seen.txt")) == []


def test_what_a_function_shows_of_its_arguments_is_for_the_instructor_alone(
    handed_back: tuple[Path, dict[str, str]],
) -> None:
    course, pages = handed_back
    recorded = course / "autograded" / "recorder" / demo.ASSIGNMENT / f"{demo.ASSIGNMENT}.ipynb"
    outputs = [output for cell in nbformat.read(recorded, as_version=4).cells for output in cell.get("outputs", [])]
    assert sum("seen:" in output.get("text", "") for output in outputs) > 0
    assert sum("shown:" in output.get("data", {}).get("text/plain", "") for output in outputs) > 0
    assert "seen: [[" not in pages["recorder"]
    assert "shown: [[" not in pages["recorder"]
