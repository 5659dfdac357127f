"""Variants: what they may say, and the notebook that a student would hand in."""

from pathlib import Path

import pytest

from coursekit.authoring import assignments
from coursekit.errors import UsageError


@pytest.fixture
def script(assignment_root: Path) -> Path:
    return assignment_root / "hw0_small" / "hw0_small.py"


def test_variants_carry_their_story_cells_and_failures(script: Path) -> None:
    right, wrong = assignments.variants(script)
    assert (right.name, right.fails, list(right.cells)) == ("right_sum", {}, ["double"])
    assert (wrong.name, wrong.fails) == ("wrong_square", {"test_double": None})
    assert wrong.story == "Squares: right for 2 alone."


def test_a_variant_replaces_its_cells_and_leaves_the_rest_to_the_instructor(script: Path) -> None:
    instructor = assignments.build(script)
    wrong = assignments.variants(script)[1]
    sources = {cell.id: cell.source for cell in assignments.hand_in(instructor, instructor, wrong).cells}
    assert "x**2" in sources["double"]
    assert "math.sqrt" in sources["root"]
    assert "### BEGIN SOLUTION" not in sources["root"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('# %% [markdown] fails={"test_triple": null}\n# x\n', "fails names 'test_triple', which is no test cell"),
        ('# %% [markdown] fails={"double": null}\n# x\n', "fails names 'double', which is no test cell"),
        ("# %% [markdown]\n# x\n", "a wrong_ variant names in `fails`"),
        ("# %%\nx = 1\n", "a variant begins with a markdown cell"),
        (
            '# %% [markdown] fails={"test_root": null}\n# x\n\n# %% grade_id="triple"\n1\n',
            "'triple' is no solution cell",
        ),
        (
            '# %% [markdown] fails={"test_root": null}\n# x\n\n# %% grade_id="test_root"\n1\n',
            "'test_root' is no solution cell",
        ),
    ],
)
def test_a_faulty_variant_is_refused(script: Path, tmp_path: Path, text: str, message: str) -> None:
    copy = tmp_path / "hw0_small" / "hw0_small.py"
    (copy.parent / "variants").mkdir(parents=True)
    copy.write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
    (copy.parent / "variants" / "wrong_x.py").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        assignments.variants(copy)


def test_a_folder_without_assignments_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no assignment"):
        assignments.find(tmp_path)
