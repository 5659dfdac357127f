"""Cross-validation: every sample is validation data once, and the strength of a penalty is chosen by what that says."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coursekit.engine import scaling
from coursekit.engine.arrays import Array, require_samples
from coursekit.engine.mlp import MLP
from coursekit.engine.penalties import l2
from coursekit.engine.training import Divergence, Indices, Regularizer, fit


class PenaltyChoice(NamedTuple):
    """The chosen strength (lambda), all S strengths, and the validation loss of each in each of k folds, (S, k).

    Source: CEE616-C34.
    """

    strength: float
    strengths: NDArray[np.float64]
    validation: NDArray[np.float64]


def folds(N: int, k: int, rng: np.random.Generator) -> list[tuple[Indices, Indices]]:
    """The numbers 0..N-1 in k random parts of nearly equal size, as k pairs (train, validation) of index arrays.

    Each part is validation once while the others train; both are in ascending order. Raises ValueError unless
    2 <= k <= N. Source: CEE616-C34.
    """
    if not 2 <= k <= N:
        raise ValueError(f"k, the number of folds, must be at least 2 and at most the {N} samples, but is {k}")
    parts = np.array_split(rng.permutation(N), k)
    return [(np.setdiff1d(np.arange(N), part), np.sort(part)) for part in parts]


def choose_penalty(
    make_net: Callable[[], MLP],
    X: Array,
    Y: Array,
    strengths: Sequence[float],
    *,
    k: int,
    rng: np.random.Generator,
    penalty: Callable[[float], Regularizer] = l2,
    standardize: bool = False,
    **fit_options: Any,
) -> PenaltyChoice:
    """Choose the strength whose validation loss, without the penalty, has the smallest mean over k folds.

    X (N, n_0), Y (N, n_L). ``make_net`` makes a network ready for training, ``penalty`` makes a penalty of a strength;
    ``standardize`` scales X by the training part of each fold; ``fit_options`` go to ``fit``. All start from the
    parameters of the first network made and see the same batches within a fold; of equal means the first wins. Ctrl-C
    ends the search without a choice.
    Raises ShapeError or ValueError before the first step; Divergence naming strength and fold. Source: CEE616-C34.
    """
    require_samples(X, Y)
    reserved = sorted({"validation", "patience"} & fit_options.keys())
    if reserved:
        raise ValueError(f"the folds are the validation data here: leave out {' and '.join(reserved)}")
    grid = np.array(strengths, np.float64)
    if grid.ndim != 1 or len(grid) == 0:
        raise ValueError(f"strengths must be a list of one number or more, but have shape {grid.shape}")
    penalties = [penalty(strength) for strength in grid.tolist()]
    parts = folds(len(X), k, rng)
    orders = rng.integers(2**63, size=k)
    start = make_net().parameters.flat.copy()
    losses = np.empty((len(grid), k))
    for fold, (train, validation) in enumerate(parts):
        scaled = scaling.standardize(X[train]).apply(X) if standardize else X
        for row, chosen in enumerate(penalties):
            net = make_net()
            net.parameters.flat[...] = start
            order = np.random.default_rng(orders[fold])
            try:
                history = fit(net, scaled[train], Y[train], penalty=chosen, rng=order, **fit_options)
                if history.stopped == "interrupted":
                    raise KeyboardInterrupt
                losses[row, fold] = _finite_loss(net, scaled[validation], Y[validation])
            except Divergence as error:
                raise Divergence(f"with strength {grid[row]:g} in fold {fold + 1} of {k}, {error}") from None
    return PenaltyChoice(float(grid[np.argmin(losses.mean(axis=1))]), grid, losses)


def _finite_loss(net: MLP, X: Array, Y: Array) -> float:
    loss = net.loss(net(X), Y)
    if not np.isfinite(loss):
        raise Divergence(f"the validation loss is {loss}: most likely the steps are too long, so divide lr by 10")
    return loss
