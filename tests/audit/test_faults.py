"""A sound assignment passes every check; of each fault that is planted the audit names file, line and what it is."""

import json
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from coursekit.audit import leaks, survivors, text, timing, variants
from coursekit.audit.audit import audit
from coursekit.audit.finding import Finding
from coursekit.audit.subject import opened

Plant = Callable[..., Path]
QUICK = {"test_double": 0.1, "test_root": 0.1}
MANY = "    return (x / 2 + 2 * math.sqrt(x) - x / 2) / 2"
WRONG = (
    '# %% [markdown] fails={{"test_double": {code}}}\n# x\n\n'
    '# %% grade_id="double"\ndef double(x):\n    return {value}\n'
)
INTRODUCTION = "# Two functions, so"


def mutants_of(script: Path, pool: Executor) -> Finding:
    with opened(script) as subject:
        return survivors.survivors(subject, pool, QUICK)


def text_of(script: Path) -> Finding:
    with opened(script) as subject:
        return text.text(subject)


def test_a_sound_assignment_passes_every_check(plant: Plant, pool: Executor) -> None:
    report = audit(plant(), pool)
    assert [finding.faults for finding in report.findings] == [[]] * 6
    data = json.loads(json.dumps(report.as_data()))
    assert (data["assignment"], data["passed"]) == ("hw0_small", True)
    assert [finding["check"] for finding in data["findings"]] == [
        "solution",
        "variants",
        "mutants",
        "leaks",
        "time",
        "text",
    ]


def test_a_surviving_mutant_is_named_with_its_line(plant: Plant, pool: Executor) -> None:
    found = mutants_of(plant(("return math.sqrt(x)", "return math.sqrt(x) if x > 1 else x")), pool)
    assert any(
        fault.endswith("hw0_small.py:39: comparison changed: x > 1 → x >= 1 keeps full points in test_root")
        for fault in found.faults
    )
    assert not any("call dropped" in fault for fault in found.faults)


def test_a_declared_mutant_is_no_fault(plant: Plant, pool: Executor) -> None:
    adding = "    y = x\n    y = y + x  # equivalent: in place: numbers cannot change\n    return y"
    found = mutants_of(plant(("    return 2 * x", adding), ("    return math.sqrt(x)", MANY)), pool)
    assert found.faults == []
    assert "1 equivalent, 0 survive" in found.detail


def test_too_many_declared_mutants_are_a_fault(plant: Plant, pool: Executor) -> None:
    adding = "    y = x\n    y = y + x  # equivalent: in place: numbers cannot change\n    return y"
    (fault,) = mutants_of(plant(("    return 2 * x", adding)), pool).faults
    assert "mutants are declared equivalent; at most 10% may be" in fault


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("sign flipped: it is not there", "no surviving mutant 'sign flipped' on this line; remove the comment"),
        ("factor two:", "say why 'factor two' is equivalent"),
    ],
)
def test_a_declaration_must_be_used_and_say_why(plant: Plant, pool: Executor, comment: str, message: str) -> None:
    found = mutants_of(plant(("return 2 * x", f"return 2 * x  # equivalent: {comment}")), pool)
    assert any("hw0_small.py:14: " in fault and message in fault for fault in found.faults)


def test_a_mutant_that_runs_forever_is_stopped_and_counts_as_killed(plant: Plant, pool: Executor) -> None:
    loop = "    n = 0\n    while n < 1:\n        n += 1\n    return 2 * x"
    found = mutants_of(plant(("    return 2 * x", loop)), pool)
    assert not any("statement removed: n += 1" in fault for fault in found.faults)


def test_a_solution_without_a_test_is_named(plant: Plant, pool: Executor) -> None:
    found = mutants_of(plant(("double(2.0)", "4.0"), ("double(1e6)", "2e6"), ("double(3.0)", "6.0")), pool)
    assert any("hw0_small.py:10: no test cell uses what double defines" in fault for fault in found.faults)


def test_a_solution_that_fails_its_own_test_is_named(plant: Plant, pool: Executor) -> None:
    with opened(plant(("double(3.0), 6.0", "double(3.0), 7.0"))) as subject:
        found = variants.solution(subject, pool)
    assert "hw0_small.py:18: the solution gets 2 of 3 points in test_double with the public seed" in found.faults[0]
    assert len(found.faults) == 4


def test_a_test_that_a_blank_release_passes_is_named(plant: Plant, pool: Executor) -> None:
    with opened(plant(("root(9.0), 3.0", "3.0, 3.0"), ("root(16.0), 4.0", "4.0, 4.0"))) as subject:
        found = variants.solution(subject, pool)
    (fault,) = found.faults
    assert "the blank release gets 2 points in test_root" in fault


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("wrong_right", WRONG.format(code="null", value="2 * x"), "wrong_right.py:1: keeps full points in test_double"),
        (
            "wrong_cause",
            WRONG.format(code='"no_such_mistake"', value="3 * x"),
            "wrong_cause.py:1: test_double must report 'no_such_mistake', but reports",
        ),
        (
            "right_wrong",
            '# %% [markdown]\n# x\n\n# %% grade_id="root"\ndef root(x):\n    return x\n',
            "right_wrong.py:1: loses in test_root, which `fails` does not name",
        ),
    ],
)
def test_a_variant_that_is_not_what_it_says_is_named(
    plant: Plant, pool: Executor, name: str, source: str, message: str
) -> None:
    with opened(plant(**{name: source})) as subject:
        (fault,) = variants.variants(subject, pool).faults
    assert message in fault


def test_loops_without_time_to_spare_and_a_slow_solution_are_named(plant: Plant, pool: Executor) -> None:
    slow = '# %% [markdown]\n# x\n\n# %% grade_id="root"\nimport time\n'
    slow += "def root(x):\n    begun = time.process_time()\n    while time.process_time() < begun + 1.2: pass\n"
    slow += "    return x**0.5\n"
    limited = (
        "check.value(root(9.0)",
        "with check.time_limit(2):\n            root(9.0)\n        check.value(root(9.0)",
    )
    with opened(plant(limited, right_loops_slow=slow)) as subject:
        found = timing.timing(subject, pool, {**QUICK, "test_double": 11.0})
    assert len(found.faults) == 2
    assert "hw0_small.py:18: test_double takes 11.0 s with the solution; at most 10 s are allowed" in found.faults[0]
    assert "right_loops_slow.py:1: loses in test_root if every time limit is divided by 2" in found.faults[1]


def test_a_file_that_gives_a_hidden_test_away_is_named(plant: Plant) -> None:
    line = 'check.value(double(3.0), 6.0, name="double(3) kept secret")'
    with opened(plant(**{"notes.txt": f"see\n  {line}\n"})) as subject:
        wheel = leaks.Wheel({"coursekit/x.py": f"    {line}\n", "hw0_small.ipynb": "", "coursekit/y.py": "double(3.0)"})
        found = leaks.leaks(subject, wheel)
        number = 1 + next(n for n, text in enumerate(subject.script.read_text().splitlines()) if text.strip() == line)
        at = subject.at(number)
    assert found.faults == [
        f"{at}: also in the release, notes.txt: {line}",
        f"{at}: also in the wheel, coursekit/x.py: {line}",
        "the wheel holds hw0_small.ipynb",
    ]


LINE = "return secret_of(all_entries)"
OUTPUTS: dict[str, dict[str, Any]] = {
    "outputs": {"outputs": [new_output("stream", text=f"a\n{LINE}\n")]},
    "metadata": {"metadata": {"solution": [LINE]}},
    "source": {"source": f"# a\n    {LINE}"},
}


@pytest.mark.parametrize("part", OUTPUTS)
def test_a_leak_in_any_part_of_a_cell_is_found(part: str) -> None:
    clean, leaky = new_code_cell("x"), new_code_cell(**{"source": "x", **OUTPUTS[part]})
    assert list(leaks.in_notebook(new_notebook(cells=[clean, leaky]), {LINE})) == [(f"{part} of cell 2", LINE)]


def test_a_leak_behind_markup_is_found() -> None:
    shown = new_output("display_data", {"text/html": f"<pre>{LINE.replace('(', '<b>(</b>')}</pre>"})
    cells = [new_code_cell("x", outputs=[shown])]
    assert list(leaks.in_notebook(new_notebook(cells=cells), {LINE})) == [("outputs of cell 1", LINE)]


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("# ![](plot.png)\n#", "hw0_small.py:4: an image without alternative text"),
        ("# <img src='https://example.org/x.png'>\n#", "hw0_small.py:4: an image without alternative text"),
        ("# ### Deep\n#", "hw0_small.py:4: a heading of level 3 after level 1"),
        ("# # Twice\n#", "hw0_small.py:4: a heading of level 1 after level 1"),
        ("# [more](more.md)\n#", "hw0_small.py:4: the link more.md leads nowhere"),
        ("# [above](#Nowhere)\n#", "hw0_small.py:4: the link #Nowhere leads nowhere"),
        ("# `f[0](x)` and [more](more.md)\n#", "hw0_small.py:4: the link more.md leads nowhere"),
    ],
)
def test_a_fault_in_the_text_is_named(plant: Plant, new: str, message: str) -> None:
    found = text_of(plant((INTRODUCTION, f"{new} {INTRODUCTION}")))
    assert [fault for fault in found.faults if message in fault]


def test_sound_links_and_images_are_no_fault(plant: Plant) -> None:
    sound = "[a](data.csv) [b](#A-small-assignment) [c](https://example.org) ![a curve](data.csv) "
    sound += '`SLOPE["sigmoid"](a)` ``f[`](b)``'
    script = plant((INTRODUCTION, f"# {sound}\n{INTRODUCTION}"), **{"data.csv": "1"})
    assert text_of(script).faults == []


def test_an_argument_without_shape_or_kind_is_named(plant: Plant) -> None:
    (fault,) = text_of(plant(("Twice x, a number.", "Twice x."))).faults
    assert "hw0_small.py:11: the docstring of double does not give shape or kind of x" in fault
