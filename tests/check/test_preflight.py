"""The gate around a call: a changed input is seen, an intact one earns nothing."""

import numpy as np
import pytest

from coursekit import check


def verdicts_of(change, **arrays):
    """What the gate records about arrays that ``change`` was called on."""
    with check.score(1) as s, s.part(1, "inputs") as part, check.unchanged(**arrays):
        change(*arrays.values())
    return part.verdicts


def nothing(*arrays):
    pass


def test_one_verdict_for_each_name_that_is_intact():
    found = verdicts_of(nothing, X=np.ones((3, 2)), W=np.ones(2))
    assert [(v.name, bool(v), v.gate) for v in found] == [("X", True, True), ("W", True, True)]


def test_only_the_changed_name_is_wrong():
    def add_to_second(X, W):
        W += 1

    found = verdicts_of(add_to_second, X=np.ones(3), W=np.ones(2))
    assert [(v.name, v.code) for v in found] == [("X", "ok"), ("W", "mutated")]
    assert "W was changed by your code" in found[1].message


def set_one_entry(X):
    X[-1] = 9


def reshape(X):
    X.shape = (2, 2)


@pytest.mark.parametrize("change", [set_one_entry, reshape])
def test_a_change_of_one_entry_or_of_the_shape_is_seen(change):
    assert verdicts_of(change, X=np.ones(4))[0].code == "mutated"


def test_a_nan_that_stays_is_no_change():
    assert verdicts_of(nothing, X=np.array([np.nan, 1.0]))[0]


def test_a_list_of_arrays_is_compared_entry_by_entry():
    def change_second(Ws):
        Ws[1][0, 0] = 5

    assert verdicts_of(change_second, Ws=[np.ones((2, 3)), np.ones((5, 2))])[0].code == "mutated"
    assert verdicts_of(nothing, Ws=[np.ones((2, 3)), np.ones((5, 2))])[0]


@pytest.mark.parametrize("change", [lambda Ws: Ws.append(np.ones(1)), lambda Ws: Ws.pop()])
def test_a_list_that_grows_or_shrinks_is_changed(change):
    assert verdicts_of(change, Ws=[np.ones(2), np.ones(3)])[0].code == "mutated"


def test_a_dict_of_arrays_is_compared_entry_by_entry():
    def change_one(params):
        params["W1"] += 1

    assert verdicts_of(change_one, params={"W1": np.ones(2), "b1": np.ones(1)})[0].code == "mutated"


def test_what_the_block_raises_goes_on():
    with pytest.raises(ZeroDivisionError), check.unchanged(X=np.ones(2)):
        1 / 0  # noqa: B018


A = np.arange(6.0).reshape(2, 3)


def called(function, **arrays):
    """The codes of the gates that a call did not pass, and its result."""
    with check.score(1) as s, s.part(1, "the call"):
        result = check.call(function, **(arrays or {"A": A}))
    return [verdict.code for verdict in s.failures if verdict.gate], result


def test_a_call_of_a_sound_function_passes_every_gate():
    codes, result = called(lambda A, W: (A @ W, [A.sum(), {"no": "array"}]), A=A, W=np.ones((3, 2)))
    assert codes == []
    np.testing.assert_array_equal(result[0], A @ np.ones((3, 2)))


def test_a_call_names_what_is_mutated_shared_or_not_repeatable():
    kept = np.zeros_like(A)

    def accumulates(A):
        kept[...] += A
        return kept.copy()

    def mutates(A):
        A += 1
        return A * 2

    draws = np.random.default_rng(0)
    assert called(accumulates)[0] == ["accumulated"]
    assert called(mutates)[0] == ["mutated"]
    assert called(lambda A: A[:, ::-1])[0] == ["shared"]
    assert called(lambda A: [A + draws.random()])[0] == ["not_repeatable"]


def test_a_call_leaves_the_arrays_of_the_test_alone():
    before = A.copy()
    called(lambda A: A.fill(7))
    np.testing.assert_array_equal(A, before)


def test_lists_of_arrays_are_copied_entry_by_entry():
    Ws = [np.ones((2, 2)), np.ones(2)]

    def steps(Ws):
        Ws[0][...] = 0
        return Ws[1] * 2

    assert called(steps, Ws=Ws)[0] == ["mutated"]
    assert Ws[0].all()
