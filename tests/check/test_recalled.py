"""A numeric gradient is found once for all submissions, and never taken from another function or point."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coursekit import memory
from coursekit.check import recalled
from coursekit.check.numeric import numeric_gradient
from coursekit.check.recalled import recalled_gradient

AT = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, 1.0]])


class Counted:
    """A function that counts its calls."""

    def __init__(self, function: Callable[[Any], float]) -> None:
        self.function, self.calls = function, 0

    def __call__(self, x: Any) -> float:
        self.calls += 1
        return self.function(x)


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> memory.Memory:
    """A memory of its own, switched on."""
    own = memory.Memory()
    own.on = True
    monkeypatch.setattr(recalled, "memory", own)
    return own


def _calls(function: Callable[[Any], float], at: Any = AT) -> int:
    counted = Counted(function)
    found, right = recalled_gradient(counted, at), numeric_gradient(function, at)
    for part, expected in zip(found, right, strict=True):
        np.testing.assert_array_equal(part, expected)
    return counted.calls


def _squares(x: Any) -> float:
    return float((x**2).sum())


def test_without_a_memory_every_gradient_is_found_anew() -> None:
    assert _calls(_squares) == _calls(_squares) == 1 + 4 * AT.size


def test_the_second_time_is_three_calls_whoever_asks(remembered: memory.Memory) -> None:
    assert _calls(_squares) == 3 + 1 + 4 * AT.size
    assert _calls(lambda x: float((x**2).sum())) == 3
    later = memory.Memory()
    later.learn(remembered.new)
    assert later.new == {}
    assert all(later.recall(key) is not None for key in remembered.new)


@pytest.mark.parametrize(
    "other",
    [
        lambda x: float((x**2).sum()) + 1e-9 * x[1, 2],
        lambda x: float((x**2).sum()) + max(0.0, float(x[0, 0]) - 1.000001),
        lambda x: float((x**2).sum()) + 1e-7 * float(np.abs(x - AT).max()),
    ],
    ids=["a slope more", "a kink beside the point", "a kink at the point"],
)
def test_another_function_is_differenced_itself(remembered: memory.Memory, other: Callable[[Any], float]) -> None:
    _calls(_squares)
    assert _calls(other) > 3


@pytest.mark.parametrize("at", [AT + 1e-12, AT.T, AT.reshape(-1)], ids=["beside", "transposed", "flat"])
def test_another_point_is_differenced_itself(remembered: memory.Memory, at: Any) -> None:
    _calls(_squares)
    assert _calls(_squares, at) > 3


def test_what_a_students_code_had_a_part_in_is_not_remembered(remembered: memory.Memory) -> None:
    def asks(x: Any) -> float:
        remembered.asked += 1
        return _squares(x)

    assert _calls(asks) == _calls(asks) > 3
    assert remembered.new == {}
    assert _calls(_squares) == 3 + 1 + 4 * AT.size
    assert _calls(asks) > 3


def test_a_function_without_a_number_raises_as_it_does_without_a_memory(remembered: memory.Memory) -> None:
    with pytest.raises(ZeroDivisionError):
        recalled_gradient(lambda x: 1 / 0, AT)
    with pytest.raises(TypeError, match="must return one number"):
        recalled_gradient(lambda x: x, AT)
    assert remembered.new == {}


def test_a_memory_forgets_the_oldest_first() -> None:
    full = memory.Memory()
    for number in range(6):
        full.keep(bytes([number]), (np.zeros(1 << 20), 1.0))
    assert [number for number in range(6) if full.recall(bytes([number]))] == [3, 4, 5]
