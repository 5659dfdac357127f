"""Sentences: the mistake behind a wrong gradient is named only where it explains every entry."""

import numpy as np
import pytest

from coursekit import check
from coursekit.check.signatures import Comparison, diagnose_shape, diagnose_values

SQUARE = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0], [64.0, 128.0, 256.0]])


def values(got, expected=SQUARE, batch=None, allowed=1e-6):
    return diagnose_values("dW", Comparison(np.asarray(got, float), np.asarray(expected, float), allowed, batch))


def shapes(got, expected=SQUARE[:2]):
    return diagnose_shape("dW", Comparison(np.asarray(got, float), np.asarray(expected, float), 1e-6, None))


VALUES = {
    "zero": (0 * SQUARE, None, "zero", "zero everywhere"),
    "sign": (-SQUARE, None, "sign", "wrong sign"),
    "sign before the batch": (-SQUARE, 3, "sign", "wrong sign"),
    "twice": (2 * SQUARE, None, "factor", "twice the right one"),
    "half": (SQUARE / 2, None, "factor", "half the right one"),
    "batch": (11 * SQUARE, 11, "sum_for_mean", "11 times too large: the loss is a mean over 11 samples"),
    "one over batch": (SQUARE / 11, 11, "mean_twice", "11 times too small"),
    "batch of two": (2 * SQUARE, 2, "sum_for_mean", "2 times too large"),
    "half of a batch of two": (SQUARE / 2, 2, "mean_twice", "2 times too small"),
    "eleven without a batch": (11 * SQUARE, None, "factor", "11 times the right one"),
    "another factor": (-0.3 * SQUARE, 11, "factor", "-0.3 times the right one"),
    "square transposed": (SQUARE.T, None, "transposed", "transposed places"),
    "rows swapped": (SQUARE[::-1], None, "permuted", "wrong places"),
    "one row": (np.repeat(SQUARE[1:2], 3, 0), None, "broadcast", "same row for every sample"),
}


@pytest.mark.parametrize(("got", "batch", "code", "words"), VALUES.values(), ids=VALUES)
def test_each_mistake_in_the_values_is_named(got, batch, code, words):
    found, sentence = values(got, batch=batch)
    assert found == code
    assert words in sentence
    assert sentence.startswith("dW ")


def test_a_batch_of_one_never_explains_a_factor():
    assert values(-SQUARE, batch=1)[0] == "sign"
    assert values(2 * SQUARE, batch=1)[0] == "factor"


def test_a_factor_is_named_although_it_enlarges_the_rounding():
    noise = 5e-3 * np.array([1, -1, 1])
    assert values(11 * SQUARE + noise, batch=11, allowed=1e-3)[0] == "sum_for_mean"


@pytest.mark.parametrize("factor", [-1.001, 2.001, 0.501, 11.01, 1 / 11.01])
def test_a_factor_close_to_a_known_one_is_not_explained_by_it(factor):
    code, sentence = values(factor * SQUARE, batch=11)
    assert code == "factor"
    assert f"{factor:.6g} times the right one" in sentence


@pytest.mark.parametrize(("rows", "code"), [(1, "wrong"), (2, "broadcast")])
def test_one_row_for_all_needs_more_than_one_row(rows, code):
    assert values(np.repeat([[5.0, 7.0, 1.0]], rows, axis=0), SQUARE[:rows])[0] == code


@pytest.mark.parametrize("factor", [-1, 2, 0.5, 11])
def test_a_factor_with_one_entry_off_is_no_factor(factor):
    got = factor * SQUARE
    got[1, 2] += 0.01
    assert values(got, batch=11)[0] == "wrong"


def test_a_transposed_answer_with_one_entry_off_is_not_transposed():
    got = SQUARE.T.copy()
    got[0, 2] += 0.01
    assert values(got)[0] == "wrong"


def test_an_unexplained_answer_counts_its_wrong_entries_and_shows_the_worst():
    got = SQUARE.copy()
    got[0, 1] += 0.5
    got[2, 0] -= 3
    sentence = values(got)[1]
    assert sentence == "dW is wrong in 2 of 9 entries; the worst at [2, 0] is 61 where 64 is right."


def test_a_single_number_has_no_position():
    assert values(5.0, 0.0)[1] == "dW is wrong in 1 of 1 entries; the worst is 5 where 0 is right."


def test_two_swapped_entries_are_not_called_a_permutation_of_axes():
    assert values([1.0, 2.0], [2.0, 1.0])[0] == "wrong"


def test_where_nothing_but_zero_is_right_no_ratio_is_named():
    assert values(np.ones(3), np.zeros(3))[0] == "wrong"


SHAPES = {
    "transposed": (SQUARE[:2].T, "transposed", "transposed places"),
    "unsummed": (
        np.stack([SQUARE[:2] / 4] * 4),
        "unsummed",
        "the 4 samples is right, but they still have to be added up",
    ),
    "flat": (SQUARE[:2].ravel(), "shape", "only the shape has to change"),
    "an axis of one in front": (SQUARE[None, :2], "shape", "only the shape has to change"),
    "an axis of one behind": (SQUARE[:2, :, None], "shape", "only the shape has to change"),
    "transposed with wrong values": (SQUARE[:2].T + 1, "shape", "the shape of the variable"),
    "unsummed with wrong values": (np.stack([SQUARE[:2]] * 4), "shape", "the shape of the variable"),
    "another size": (SQUARE, "shape", "the shape of the variable"),
    "a number": (3.0, "shape", "the shape of the variable"),
}


@pytest.mark.parametrize(("got", "code", "words"), SHAPES.values(), ids=SHAPES)
def test_each_mistake_in_the_shape_is_named(got, code, words):
    found, sentence = shapes(got)
    assert found == code
    assert words in sentence


@pytest.mark.parametrize("got", [SQUARE[:2].T, SQUARE, np.ones(5)])
def test_a_sentence_about_a_shape_names_both_shapes(got):
    assert f"dW must have shape (2, 3), but has {got.shape}" in shapes(got)[1]


@pytest.mark.parametrize(
    ("got", "batch", "code", "sentence"),
    [
        (0 * SQUARE, None, "zero", "J is zero everywhere: is it ever filled in?"),
        (2 * SQUARE, None, "factor", "J is twice the right one."),
        (SQUARE / 2, None, "factor", "J is half the right one."),
        (SQUARE / 3, None, "factor", "J is 0.333333 times the right one in every entry."),
        (11 * SQUARE, 11, "sum_for_mean", "J is 11 times too large: it is a mean over 11 samples, so 1/N is missing."),
        (SQUARE / 11, 11, "mean_twice", "J is 11 times too small: it is divided by N once too often."),
        (SQUARE.T, None, "transposed", "J has the right values in transposed places: swap rows and columns."),
        (
            np.repeat(SQUARE[1:2], 3, 0),
            None,
            "broadcast",
            "J has the same row throughout: an axis was summed or averaged and then broadcast.",
        ),
    ],
)
def test_of_a_value_that_is_no_gradient_nothing_is_said_about_a_loss(got, batch, code, sentence):
    verdict = check.value(got, SQUARE, name="J", batch=batch)
    assert (verdict.code, verdict.message, verdict.hints) == (code, sentence, ())


@pytest.mark.parametrize(
    ("got", "right", "code", "sentence"),
    [
        (
            SQUARE[:2].T,
            SQUARE[:2],
            "transposed",
            "It has the right values in transposed places: swap rows and columns.",
        ),
        (SQUARE[0], SQUARE[0].sum(), "unsummed", "Each of the 3 parts is right, but they still have to be added up."),
        (SQUARE[0, None], SQUARE[0], "shape", "The values are right and in order: only the shape has to change."),
        (SQUARE[:2].T + 1, SQUARE[:2], "shape", "J must have shape (2, 3), but has (3, 2)."),
    ],
)
def test_a_value_of_a_wrong_shape_is_told_what_fits(got, right, code, sentence):
    verdict = check.value(got, right, name="J")
    assert verdict.code == code
    assert verdict.message.startswith("J must have shape ")
    assert verdict.message.endswith(sentence)
    assert verdict.hints == ()


def test_a_rounded_value_keeps_its_hints():
    verdict = check.value(np.round(SQUARE + 0.25), SQUARE + 0.25, name="J")
    assert verdict.code == "rounded"
    assert len(verdict.hints) == 3
