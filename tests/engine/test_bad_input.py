"""Bad input is refused with one sentence that names what was expected and what came."""

from collections.abc import Callable

import numpy as np
import pytest

from coursekit import engine as e

INTEGERS = np.array([[1, -2, 3], [0, 5, 6]])
X = INTEGERS.astype(float)
NET = e.MLP([3, 4, 2]).initialize(np.random.default_rng(0))
ONE_HOT = np.eye(3)[[0, 2]]


def train(X: np.ndarray, Y: np.ndarray) -> object:
    return e.fit(NET, X, Y, optimizer=e.sgd, lr=0.1, epochs=1)


REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "integers for an activation": (
        lambda: e.softmax(INTEGERS),
        ValueError,
        r"^Z must hold floats, but has dtype int64; use Z\.astype\(float\)$",
    ),
    "complex numbers for an activation": (lambda: e.tanh(X * 1j), ValueError, "Z must hold floats, .* complex128"),
    "a list for an activation": (
        lambda: e.sigmoid([0.5]),  # type: ignore[arg-type]
        ValueError,
        "Z must be a numpy array of floats, but is a list",
    ),
    "integers for a layer": (lambda: e.affine(INTEGERS, INTEGERS), ValueError, "X must hold floats"),
    "a list for a layer": (
        lambda: e.affine([[1.0]], np.ones((1, 1))),  # type: ignore[arg-type]
        ValueError,
        "X must be a numpy array of floats, but is a list",
    ),
    "integers for a loss": (lambda: e.half_squared_error(INTEGERS, X), ValueError, "prediction must hold floats"),
    "integers for a loss gradient": (
        lambda: e.cross_entropy_from_logits.gradient(INTEGERS, ONE_HOT),
        ValueError,
        "prediction must hold floats",
    ),
    "integers for dropout": (
        lambda: e.dropout(INTEGERS, 0.5, np.random.default_rng(0)),
        ValueError,
        "A must hold floats",
    ),
    "integers for a Jacobian": (lambda: e.jacobian((e.tanh,), INTEGERS), ValueError, "X must hold floats"),
    "integers for a network": (lambda: NET(INTEGERS), ValueError, "X must hold floats"),
    "integer parameters": (lambda: e.MLP([2, 3], dtype=int), ValueError, "flat must hold floats, but has dtype int64"),
    "integers for training": (lambda: train(INTEGERS, X[:, :2]), ValueError, "X must hold floats"),
    "labels for training": (
        lambda: train(X, np.array([0, 1])),
        e.ShapeError,
        r"one column per output, but holds labels of shape \(2,\); write one_hot\(Y, 2\)",
    ),
    "nan for training": (lambda: train(np.full_like(X, np.nan), X[:, :2]), ValueError, "X must be finite, but 6"),
    "infinite targets": (lambda: train(X, np.full((2, 2), np.inf)), ValueError, "Y must be finite, but 4"),
    "another number of classes": (lambda: train(X, ONE_HOT), e.ShapeError, r"Y must have 2 columns .* \(2, 3\)"),
    "no samples": (lambda: train(X[:0], X[:0, :2]), ValueError, "at least one sample"),
    "an empty batch for a loss": (
        lambda: NET.loss_and_gradient(X[:0], X[:0, :2]),
        ValueError,
        r"at least one sample .* \(0, 2\)",
    ),
    "an input that does not conform": (lambda: NET(X[:, :2]), e.ShapeError, r"\(2, 2\), but has shape \(4, 3\)"),
    "a bias that does not conform": (
        lambda: e.affine(X, X, np.ones(3)),
        e.ShapeError,
        r"b must have one entry per row of W, shape \(2,\)",
    ),
    "a negative lambda": (lambda: e.l2(-1), ValueError, "strength must be .* not negative, but is -1"),
    "p of one": (lambda: e.dropout(X, 1.0, np.random.default_rng(0)), ValueError, r"below 1, but is 1\.0"),
    "a negative p": (lambda: e.dropout(X, -0.1, np.random.default_rng(0)), ValueError, r"at least 0 .* but is -0\.1"),
}


@pytest.mark.parametrize(("call", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_refused(call: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()
