"""The ladder of hints: one step more each time, free by default, and paid for where the block has a price."""

import numpy as np
import pytest

from coursekit import check

G = np.random.default_rng(0).standard_normal((4, 3))


def failed(points=4, **options):
    """A block whose one part returns minus the right gradient of sum(G * W)."""
    with check.score(points, **options) as s, s.part(points, "dW"):
        check.gradient(-G, lambda W: np.sum(G * W), at=np.ones_like(G), name="dW")
    return s


def test_each_call_shows_one_hint_more_and_then_says_that_there_are_none(capsys):
    failed()
    shown = []
    for _ in range(4):
        capsys.readouterr()
        check.hint()
        shown.append(capsys.readouterr().out)
    assert [text.split(":")[0] for text in shown[:3]] == [f"dW, hint {n} of 3" for n in (1, 2, 3)]
    assert "first line of the backward pass" in shown[0]
    assert "(Y - T) / N" in shown[2]
    assert shown[3] == "There are no further hints.\n"


def test_a_new_block_starts_the_ladder_again(capsys):
    for _ in range(2):
        failed()
        check.hint()
    assert capsys.readouterr().out.count("hint 1 of 3") == 2


def test_after_a_block_that_passed_there_is_nothing_to_hint_at(capsys):
    with check.score(1) as s, s.part(1, "the value"):
        check.value(1.0, 1.0)
    capsys.readouterr()
    check.hint()
    assert capsys.readouterr().out == "Nothing failed in the last test cell that ran.\n"


def test_hints_of_a_block_are_shown_with_it_and_cost_nothing_without_a_price(capsys):
    with check.score(4, hints=2) as s:
        with s.part(1, "dW"):
            check.gradient(-G, lambda W: np.sum(G * W), at=np.ones_like(G), name="dW")
        with s.part(3, "the value"):
            check.value(1.0, 1.0)
    text = capsys.readouterr().out
    assert "hint 1 of 3" in text
    assert "hint 2 of 3" in text
    assert "hint 3 of 3" not in text
    assert float(s) == 3


def test_a_price_is_taken_off_and_never_below_zero():
    with check.score(4, hints=2, hint_price=0.5) as s, s.part(4, "the value"):
        check.value(1.0, 1.0)
    assert float(s) == 3
    assert float(failed(hints=3, hint_price=2)) == 0


def test_where_hints_have_a_price_the_free_ladder_says_so(capsys):
    failed(hint_price=0.5)
    capsys.readouterr()
    check.hint()
    assert capsys.readouterr().out.startswith("Hints cost 0.5 points each here")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hints": 4}, "hints must be 0, 1, 2 or 3, but is 4"),
        ({"hints": -1}, "hints must be 0, 1, 2 or 3, but is -1"),
        ({"hint_price": -1}, "hint_price must be .* not negative, but is -1"),
        ({"hint_price": float("nan")}, "hint_price must be .* but is nan"),
    ],
)
def test_what_makes_no_ladder_is_named(options, message):
    with pytest.raises(ValueError, match=message):
        check.score(4, **options)
