"""Stage 2 alone: a function of a notebook and a policy."""

import pickle

import nbformat
import pytest

from coursekit.grading.run import Policy, run


def _notebook(*sources: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


def test_it_returns_a_new_notebook_and_leaves_the_given_one_alone() -> None:
    given = _notebook("1 + 1")
    outcome = run(given, Policy())
    assert given.cells[0].outputs == []
    assert outcome.notebook.cells[0].outputs[0].data["text/plain"] == "2"
    assert (outcome.remarks, outcome.needs_review, outcome.isolation) == ([], False, "namespaces")


def test_it_travels_to_another_process() -> None:
    policy = Policy(files={"data/two.txt": b"2"})
    assert pickle.loads(pickle.dumps(policy)) == policy
    outcome = run(_notebook("print(open('data/two.txt').read())"), policy)
    assert pickle.loads(pickle.dumps(outcome)) == outcome
    assert outcome.notebook.cells[0].outputs[0].text == "2\n"


def test_what_a_kernel_says_to_the_terminal_stays_off_it(capfd: pytest.CaptureFixture[str]) -> None:
    outcome = run(_notebook("import os\nos._exit(3)", "1"), Policy())
    assert [cell.outputs[0].output_type for cell in outcome.notebook.cells] == ["error", "execute_result"]
    assert capfd.readouterr().err == ""


def test_a_run_leaves_nothing_in_the_folder_it_was_called_from(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(_notebook("open('left.txt', 'w').write('x')"), Policy())
    assert list(tmp_path.iterdir()) == []
