"""Training: batches, epochs, early stopping, and what happened on the way.

An epoch is one pass over the data, a step is one update. With ``batch_size=None`` both are the same (batch learning),
with 1 there are N steps an epoch (online learning), with B there are ceil(N / B) (mini-batches).
"""

from collections.abc import Callable, Iterable, Iterator
from math import inf, isfinite
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from coursekit.engine.arrays import Array, require_samples
from coursekit.engine.errors import ShapeError
from coursekit.engine.mlp import MLP

Indices = NDArray[np.intp]
Progress = Callable[[Iterable[int]], Iterable[int]]


class Stepper(Protocol):
    """What ``fit`` needs of an optimizer: a state made once, and an update of theta in place."""

    def init(self, theta: Array, /) -> Any: ...

    def update(self, theta: Array, gradient: Array, state: Any, lr: float, /) -> Any: ...


class Regularizer(Protocol):
    """What ``fit`` needs of a penalty: its value, and its gradient added to that of the loss."""

    def value(self, parameters: Any, /) -> float: ...

    def add_gradient(self, parameters: Any, gradient: Any, /) -> None: ...


class Divergence(ArithmeticError):
    """The loss became infinite or not a number; the message names the step and the likely cause."""


class History(NamedTuple):
    """What happened in each epoch: mean training loss before each update, validation loss, both (epochs,).

    Without validation data ``validation`` is empty. ``best_epoch`` (from 1) is the one whose parameters the network
    has now; ``steps`` counts updates; ``stopped`` says why training ended.
    """

    loss: NDArray[np.float64]
    validation: NDArray[np.float64]
    best_epoch: int
    steps: int
    stopped: str


def minibatches(N: int, batch_size: int, rng: np.random.Generator) -> Iterator[Indices]:
    """The numbers 0..N-1 in a fresh random order, in ceil(N / batch_size) pieces; the last may be shorter.

    Raises ValueError unless 1 <= batch_size and 1 <= N. Source: CEE616-A2, CEE616-E45.
    """
    if N < 1 or batch_size < 1:
        raise ValueError(f"N and batch_size must be at least 1, but are {N} and {batch_size}")
    order = rng.permutation(N)
    return (order[start : start + batch_size] for start in range(0, N, batch_size))


def objective(net: MLP, X: Array, Y: Array, penalty: Regularizer | None) -> tuple[float, Array]:
    """What training makes small: the mean loss of a batch, with the penalty if there is one, and its flat gradient."""
    loss, gradient = net.loss_and_gradient(X, Y)
    if penalty is not None:
        loss += penalty.value(net.parameters)
        penalty.add_gradient(net.parameters, net.gradient)
    return loss, gradient


def fit(
    net: MLP,
    X: Array,
    Y: Array,
    *,
    optimizer: Stepper,
    lr: float | Callable[[int], float],
    epochs: int,
    batch_size: int | None = None,
    rng: np.random.Generator | None = None,
    penalty: Regularizer | None = None,
    validation: tuple[Array, Array] | None = None,
    patience: int | None = None,
    progress: bool | Progress = False,
) -> History:
    """Train a network in place and say what happened.

    X (N, n_0), Y (N, n_L), floats without nan or inf. ``lr``: a number or a schedule, step r = 1, 2, ... -> number.
    ``rng`` orders the samples and is needed for batches smaller than the data. With ``validation`` the network ends
    with the parameters of its best epoch, and ``patience`` epochs without a better one end the training. ``progress``:
    True for a bar, or a function that wraps the epochs. Ctrl-C ends training and keeps the best so far.
    Raises ShapeError or ValueError before the first step; Divergence, with the best parameters restored or, without
    validation, sound ones of at most an epoch, or 10 steps, before.
    Source: CSC561-A4, CEE616-E42, CEE616-E43, CEE616-C33.
    """
    require_training_data(net, X, Y)
    if validation is not None:
        require_training_data(net, *validation)
    elif patience is not None:
        raise ValueError("patience needs validation data: give validation=(X, Y) or leave patience out")
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, but is {epochs}")
    if not callable(lr) and not 0 <= lr < inf:
        raise ValueError(f"lr must be a finite number that is not negative, or a schedule, but is {lr}")
    size = len(X) if batch_size is None else batch_size
    if size < 1:
        raise ValueError(f"batch_size must be at least 1, or None for all samples at once, but is {batch_size}")
    if size < len(X) and rng is None:
        raise ValueError("batches smaller than the data need a random order: give rng=np.random.default_rng(seed)")
    run = _Run(net, optimizer, lr if callable(lr) else lambda step: lr, penalty, copy_every=max(10, len(X) // size))
    best = _Best(net, patience)
    losses: list[float] = []
    validations: list[float] = []
    stopped = "all epochs done"
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in _wrapped(progress)(range(epochs)):
                losses.append(run.epoch(X, Y, size, rng))
                if validation is None:
                    continue
                validations.append(net.loss(net(validation[0]), validation[1]))
                best.see(validations[-1])
                if best.exhausted:
                    stopped = f"no better epoch in {patience}"
                    break
    except KeyboardInterrupt:
        stopped = "interrupted"
    except Divergence:
        best.restore()
        raise
    best.restore()
    return History(
        loss=np.array(losses),
        validation=np.array(validations),
        best_epoch=best.epoch if validation is not None else len(losses),
        steps=run.step,
        stopped=stopped,
    )


class _Run:
    """The updates of one training: the optimizer's state and the number of steps so far."""

    def __init__(
        self,
        net: MLP,
        optimizer: Stepper,
        schedule: Callable[[int], float],
        penalty: Regularizer | None,
        *,
        copy_every: int,
    ) -> None:
        self.net, self.optimizer, self.schedule, self.penalty = net, optimizer, schedule, penalty
        self.theta = net.parameters.flat
        self.state = optimizer.init(self.theta)
        self.step = 0
        self.sound, self.copy_every = self.theta.copy(), copy_every

    def epoch(self, X: Array, Y: Array, size: int, rng: np.random.Generator | None) -> float:
        """One update for each batch; the mean of the losses before each update, weighted by batch size."""
        if size >= len(X) or rng is None:
            return self._update(X, Y)
        return sum(self._update(X[batch], Y[batch]) * len(batch) for batch in minibatches(len(X), size, rng)) / len(X)

    def _update(self, X: Array, Y: Array) -> float:
        """One step on a batch; the loss before it."""
        self.step += 1
        loss, gradient = objective(self.net, X, Y, self.penalty)
        lr = self.schedule(self.step)
        if not isfinite(loss):
            self.theta[...] = self.sound
            raise Divergence(
                f"the loss is {loss} at step {self.step} with learning rate {lr:g}: most likely the steps are too "
                "long, so divide the learning rate by 10, or the inputs are not standardised"
            )
        if self.step % self.copy_every == 0:
            self.sound[...] = self.theta
        self.state = self.optimizer.update(self.theta, gradient, self.state, lr)
        return loss


class _Best:
    """The parameters of the best epoch by validation loss, and how many epochs have passed since."""

    def __init__(self, net: MLP, patience: int | None) -> None:
        self.net, self.patience = net, patience
        self.kept: Array | None = None
        self.value, self.epoch, self.seen = inf, 0, 0

    def see(self, value: float) -> None:
        """Look at the validation loss of one more epoch; equal is no improvement."""
        self.seen += 1
        if value < self.value:
            self.value, self.epoch = value, self.seen
            self.kept = self.net.parameters.flat.copy()

    @property
    def exhausted(self) -> bool:
        """Have ``patience`` epochs passed without a better one?"""
        return self.patience is not None and self.seen - self.epoch >= self.patience

    def restore(self) -> None:
        """Give the network the best parameters, if any epoch was judged."""
        if self.kept is not None:
            self.net.parameters.flat[...] = self.kept


def _wrapped(progress: bool | Progress) -> Progress:
    if progress is True:
        from rich.progress import track

        return lambda epochs: track(epochs, description="training")
    return progress if callable(progress) else lambda epochs: epochs


def require_training_data(net: MLP, X: Array, Y: Array) -> None:
    """Raise ShapeError or ValueError unless the samples are sound and as wide as the network's input and output."""
    if Y.ndim == 1 and Y.dtype.kind in "iu":
        raise ShapeError(
            f"Y must have one column per output, but holds labels of shape {Y.shape}; write one_hot(Y, {net.sizes[-1]})"
        )
    require_samples(X, Y)
    for name, given, width in (("X", X, net.sizes[0]), ("Y", Y, net.sizes[-1])):
        if given.shape[1] != width:
            raise ShapeError(f"{name} must have {width} columns for a network {net.sizes}, but has shape {given.shape}")
