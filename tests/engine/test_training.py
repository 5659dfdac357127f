"""Training: batches, steps, early stopping, interruption, divergence, and bad data refused before the first step."""

from typing import Any

import numpy as np
import pytest

from coursekit.engine import MLP, ShapeError, relu
from coursekit.engine.training import Divergence, fit, minibatches


class Descent:
    """Plain gradient descent that counts its updates."""

    def __init__(self) -> None:
        self.updates = 0

    def init(self, theta: np.ndarray) -> None:
        return None

    def update(self, theta: np.ndarray, gradient: np.ndarray, state: Any, lr: float) -> None:
        theta -= lr * gradient
        self.updates += 1


def _line(N: int = 23) -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(1).normal(size=(N, 3))
    return X, X @ np.array([[1.0, -2.0, 0.5]]).T + 0.3


def _net(seed: int = 0) -> MLP:
    return MLP([3, 1]).initialize(np.random.default_rng(seed))


@pytest.mark.parametrize(("N", "B"), [(1, 1), (7, 7), (7, 3), (7, 1), (5, 11), (12, 4)])
def test_minibatches_are_a_partition_in_ceil_n_by_b_pieces(N: int, B: int) -> None:
    pieces = list(minibatches(N, B, np.random.default_rng(0)))
    assert len(pieces) == -(-N // B)
    assert sorted(np.concatenate(pieces).tolist()) == list(range(N))
    assert all(len(piece) == B for piece in pieces[:-1])


def test_minibatches_come_in_a_fresh_order() -> None:
    rng = np.random.default_rng(0)
    first, second = (np.concatenate(list(minibatches(50, 10, rng))) for _ in range(2))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize(("N", "B"), [(0, 1), (3, 0), (3, -1)])
def test_minibatches_of_nothing_are_refused(N: int, B: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        minibatches(N, B, np.random.default_rng(0))


@pytest.mark.parametrize(("batch_size", "steps"), [(None, 4), (23, 4), (1, 92), (5, 20)])
def test_an_epoch_has_as_many_steps_as_batches(batch_size: int | None, steps: int) -> None:
    X, Y = _line()
    optimizer = Descent()
    history = fit(
        _net(), X, Y, optimizer=optimizer, lr=0.01, epochs=4, batch_size=batch_size, rng=np.random.default_rng(0)
    )
    assert history.steps == optimizer.updates == steps
    assert len(history.loss) == 4


def test_one_batch_step_is_one_gradient_step() -> None:
    X, Y = _line()
    net, by_hand = _net(), _net()
    history = fit(net, X, Y, optimizer=Descent(), lr=0.1, epochs=1)
    loss, gradient = by_hand.loss_and_gradient(X, Y)
    np.testing.assert_array_equal(net.parameters.flat, by_hand.parameters.flat - 0.1 * gradient)
    assert history.loss[0] == pytest.approx(loss)


@pytest.mark.parametrize("batch_size", [None, 1, 5])
def test_a_line_is_learned(batch_size: int | None) -> None:
    X, Y = _line()
    net = _net()
    history = fit(
        net, X, Y, optimizer=Descent(), lr=0.05, epochs=600, batch_size=batch_size, rng=np.random.default_rng(0)
    )
    assert history.loss[-1] < 1e-6 < history.loss[0]
    np.testing.assert_allclose(net.Ws[0], [[1.0, -2.0, 0.5]], atol=1e-2)


def test_the_same_seed_gives_the_same_network_and_another_seed_another() -> None:
    X, Y = _line()
    nets = [_net() for _ in range(3)]
    for net, seed in zip(nets, (5, 5, 6), strict=True):
        fit(net, X, Y, optimizer=Descent(), lr=0.1, epochs=2, batch_size=4, rng=np.random.default_rng(seed))
    np.testing.assert_array_equal(nets[0].parameters.flat, nets[1].parameters.flat)
    assert not np.array_equal(nets[0].parameters.flat, nets[2].parameters.flat)


def test_a_schedule_is_asked_for_every_step_from_one() -> None:
    X, Y = _line()
    asked: list[int] = []

    def schedule(step: int) -> float:
        asked.append(step)
        return 0.0

    net = _net()
    before = net.parameters.flat.copy()
    fit(net, X, Y, optimizer=Descent(), lr=schedule, epochs=2, batch_size=12, rng=np.random.default_rng(0))
    assert asked == [1, 2, 3, 4]
    np.testing.assert_array_equal(net.parameters.flat, before)


def test_early_stopping_restores_the_best_epoch() -> None:
    """Training runs away from the validation data, so the first epochs are the best ones."""
    X, Y = _line()
    seen: list[np.ndarray] = []
    net = _net()

    class Recorded(Descent):
        def update(self, theta: np.ndarray, gradient: np.ndarray, state: Any, lr: float) -> None:
            super().update(theta, gradient, state, lr)
            seen.append(theta.copy())

    history = fit(net, X, Y, optimizer=Recorded(), lr=0.3, epochs=50, validation=(X, -Y), patience=3)
    best = int(np.argmin(history.validation))
    assert history.best_epoch == best + 1
    assert len(history.validation) == best + 1 + 3
    assert history.stopped == "no better epoch in 3"
    np.testing.assert_array_equal(net.parameters.flat, seen[best])


def test_an_equal_epoch_is_no_improvement() -> None:
    X, Y = _line()
    history = fit(_net(), X, Y, optimizer=Descent(), lr=0.0, epochs=50, validation=(X, Y), patience=2)
    assert history.best_epoch == 1
    assert len(history.loss) == 3


def test_ctrl_c_keeps_the_best_so_far() -> None:
    X, Y = _line()

    def interrupted(epochs: Any) -> Any:
        for epoch in epochs:
            if epoch == 3:
                raise KeyboardInterrupt
            yield epoch

    history = fit(_net(), X, Y, optimizer=Descent(), lr=0.1, epochs=50, validation=(X, Y), progress=interrupted)
    assert (history.stopped, len(history.loss), history.best_epoch) == ("interrupted", 3, 3)


@pytest.mark.parametrize("judged", [True, False])
def test_divergence_names_step_and_cause_and_leaves_finite_parameters(judged: bool) -> None:
    X, Y = _line()
    net = MLP([3, 8, 1], activation=relu).initialize(np.random.default_rng(0))
    with pytest.raises(Divergence, match=r"at step \d+ with learning rate 1e\+06: .*too long"):
        fit(net, X, Y, optimizer=Descent(), lr=1e6, epochs=200, validation=(X, Y) if judged else None)
    assert np.isfinite(net.parameters.flat).all()


X, Y = _line(5)
REFUSED = {
    "a wrong width": (
        X[:, :2],
        Y,
        {},
        ShapeError,
        r"X must have 3 columns for a network \[3, 1\], but has shape \(5, 2\)",
    ),
    "a wrong number of classes": (X, np.c_[Y, Y], {}, ShapeError, r"Y must have 1 columns"),
    "no batch size": (X, Y, {"batch_size": 0, "rng": np.random.default_rng(0)}, ValueError, "None for all.*but is 0"),
    "a learning rate below 0": (X, Y, {"lr": -0.1}, ValueError, "not negative, or a schedule, but is -0.1"),
    "targets without columns": (X, Y[:, 0], {}, ShapeError, r"shape \(N, D\), but has shape \(5,\)"),
    "different numbers of rows": (X, Y[:3], {}, ShapeError, "have 5 and 3"),
    "integers": (X.astype(int), Y, {}, ValueError, "X must hold floats, but has dtype int64"),
    "nan": (np.where(X > 0, np.nan, X), Y, {}, ValueError, "X must be finite"),
    "inf in the targets": (X, np.full_like(Y, np.inf), {}, ValueError, "Y must be finite, but 5 entries"),
    "no samples": (X[:0], Y[:0], {}, ValueError, "at least one sample"),
    "no epochs": (X, Y, {"epochs": 0}, ValueError, "epochs must be at least 1, but is 0"),
    "patience without validation": (X, Y, {"patience": 3}, ValueError, "patience needs validation data"),
    "small batches without a generator": (X, Y, {"batch_size": 2}, ValueError, "need a random order"),
    "bad validation data": (X, Y, {"validation": (X[:, :1], Y)}, ShapeError, "X must have 3 columns"),
}


@pytest.mark.parametrize(("inputs", "targets", "options", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_refused_before_the_first_step(
    inputs: np.ndarray, targets: np.ndarray, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    optimizer = Descent()
    with pytest.raises(error, match=message):
        fit(_net(), inputs, targets, **{"optimizer": optimizer, "lr": 0.1, "epochs": 1, **options})
    assert optimizer.updates == 0


def test_a_bar_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    fit(_net(), X, Y, optimizer=Descent(), lr=0.1, epochs=3, progress=True)
    assert "training" in capsys.readouterr().out
