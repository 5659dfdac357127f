"""Wrong answers of any kind, arrays and numbers, are explained by the mistake of the catalogue that gives them."""

import numpy as np
import pytest

from coursekit import check
from coursekit.check.bugs.catalogue import (
    BUGS,
    BUGS_OF_VALUES,
    calls,
    counting,
    forward,
    gradients,
    jacobians,
    training,
)

RIGHT = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]])


def test_an_array_is_explained_by_the_first_mistake_that_gives_it():
    why = check.bugs.answers({"bias_forgotten": RIGHT - 1, "bias_repeated": RIGHT + 1, "bias_index": RIGHT + 1})
    verdict = check.value(RIGHT + 1, RIGHT, name="Z", explain=why)
    assert verdict.code == "bias_repeated"
    assert verdict.message == "Z has the bias once for every input: add it once, after the sum."
    assert verdict.hints == BUGS["bias_repeated"].hints


@pytest.mark.parametrize("got", [6.0, np.float32(6), np.array(6.0), 6])
def test_a_number_is_explained_before_its_ratio_is(got):
    why = check.bugs.answers({"overwritten": 6})
    assert check.value(got, 3.0, name="the sum", explain=why).code == "overwritten"
    assert check.value(got, 3.5, name="the sum", explain=why).code == "overwritten"
    assert check.value(got, 3.0, name="the sum").code == "value"
    assert check.value(-got, 3.0, name="the sum", explain=why).code == "value"


def test_a_zero_is_no_mistake_that_gives_zero_by_chance():
    assert check.value(0.0, 2.5, explain=check.bugs.answers({"overwritten": 0.0})).code == "value"
    assert check.value(0 * RIGHT, RIGHT, explain=check.bugs.answers({"overwritten": 0 * RIGHT})).code == "zero"


def test_one_mistake_may_give_several_answers():
    why = check.bugs.answers([("bias_units_counted", 7), ("bias_units_counted", 8), ("inputs_counted", 9)])
    codes = [check.value(got, 6, explain=why).code for got in (7, 8, 9, 10)]
    assert codes == ["bias_units_counted", "bias_units_counted", "inputs_counted", "value"]


def test_two_mistakes_at_once_are_both_said():
    verdict = check.value(
        RIGHT + 1, RIGHT, name="Z", explain=check.bugs.answers({"bias_index+unnormalised": RIGHT + 1})
    )
    assert verdict.code == "bias_index+unnormalised"
    first, second = (BUGS[code].sentence.format(name="Z") for code in ("bias_index", "unnormalised"))
    assert verdict.message == f"{first} And a second mistake: {second}"
    assert len(verdict.hints) == 3


def test_the_place_of_a_mistake_is_said():
    why = check.bugs.answers({"derivative_dropped": RIGHT + 1}, layer="layer 2")
    assert "of layer 2" in check.value(RIGHT + 1, RIGHT, name="J", explain=why).message


def test_what_mistakes_give_is_computed_only_where_an_answer_is_wrong():
    calls = []

    def wrong():
        calls.append(1)
        return {"unnormalised": np.exp(1000 * RIGHT), "softmax_alone": np.ones(RIGHT.shape)}

    why = check.bugs.answers(wrong)
    assert check.value(RIGHT, RIGHT, explain=why)
    assert calls == []
    assert check.value(np.ones(RIGHT.shape), RIGHT, explain=why).code == "softmax_alone"
    assert calls == [1]


@pytest.mark.parametrize("empty", [np.nan, np.inf])
def test_a_mistake_that_gives_no_finite_answer_explains_nothing(empty):
    why = check.bugs.answers({"unnormalised": np.full(RIGHT.shape, empty)})
    assert check.value(RIGHT + 0.5, RIGHT, explain=why).code == "wrong"


def test_another_shape_and_another_number_are_not_explained():
    why = check.bugs.answers({"one_sided": RIGHT + 1, "half_distance": 2 * RIGHT[:1]})
    assert check.value(RIGHT + 1.001, RIGHT, explain=why).code == "wrong"
    assert check.value(RIGHT + 1.00001, RIGHT, explain=why).code == "one_sided"
    exact = check.bugs.answers({"one_sided": RIGHT + 1}, tolerance=1e-9)
    assert check.value(RIGHT + 1.00001, RIGHT, explain=exact).code == "wrong"


def test_a_gradient_is_explained_as_well():
    why = check.bugs.answers({"lambda_missing": 2 * RIGHT})
    assert check.gradient(2 * RIGHT, lambda V: 0.3 * np.vdot(V, V), at=RIGHT, explain=why).code == "lambda_missing"


@pytest.mark.parametrize("wrong", [{"no_such_mistake": 1.0}, {"sign+no_such_mistake": 1.0}])
def test_a_code_that_the_catalogue_does_not_have_is_refused(wrong):
    with pytest.raises(ValueError, match="no_such_mistake"):
        check.bugs.answers(wrong)
    with pytest.raises(ValueError, match="no_such_mistake"):
        check.value(2.0, 3.0, explain=check.bugs.answers(lambda: wrong))


def test_no_code_stands_in_the_catalogue_twice():
    lists = [calls.CALLS, counting.COUNTING, forward.FORWARD, gradients.GRADIENTS, jacobians.JACOBIANS]
    codes = [bug.code for bugs in [*lists, training.TRAINING] for bug in bugs]
    assert len(set(codes)) == len(codes) == len(BUGS)


def test_what_is_said_of_values_speaks_of_no_loss_from_which_a_gradient_comes_down():
    for bug in BUGS_OF_VALUES.values():
        assert not {"dA", "dZ", "dY"} & set(" ".join([bug.sentence, *bug.hints[:2]]).replace(",", " ").split()), (
            bug.code
        )
