"""A student's whole backpropagation on a probe network, whose sizes tell mistakes apart that other sizes confuse.

Widths are different primes but for one square layer, the batch is a prime that is no width, biases are not zero: what
is summed over the wrong axis, transposed or divided by the wrong number cannot agree by accident.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from coursekit.check.answers import as_numbers
from coursekit.check.bugs.catalogue import BUGS
from coursekit.check.bugs.explain import Explanation, explained
from coursekit.check.bugs.matching import CLOSE, Given, close, match
from coursekit.check.bugs.mutants import Mutant, Network, gradients
from coursekit.check.compare import value as check_value
from coursekit.check.limits import time_limit
from coursekit.check.preflight import repetition, unchanged
from coursekit.check.score import record
from coursekit.check.signatures import Comparison, diagnose_values
from coursekit.check.verdict import Verdict, correct, wrong
from coursekit.engine import Loss, Map, cross_entropy_from_logits, half_squared_error, tanh
from coursekit.engine.arrays import Array

SIZES, SAMPLES, STRENGTH = (3, 7, 7, 5), 11, 0.037
OTHER_SIZES, OTHER_SAMPLES = (5, 5, 3, 2), 7
Backward = Callable[[Any, Any, list[Any], list[Any]], Any]


def probe_network(
    hidden: Map = tanh,
    loss: Loss = half_squared_error,
    *,
    sizes: Sequence[int] = SIZES,
    N: int = SAMPLES,
    strength: float = 0.0,
    seed: int = 0,
) -> Network:
    """A network of these widths with random parameters, N inputs and targets; classes for cross-entropy, soft ones.

    No pre-activation lies near 0, where relu has its kink.
    """
    rng = np.random.default_rng(seed)
    while True:
        Ws: list[Array] = [rng.standard_normal((out, inn)) * 1.3 / np.sqrt(inn) for inn, out in pairwise(sizes)]
        bs: list[Array] = [rng.standard_normal(out) / 2 for out in sizes[1:]]
        X, T = rng.standard_normal((N, sizes[0])), rng.standard_normal((N, sizes[-1]))
        if loss is cross_entropy_from_logits:
            T = rng.dirichlet(np.ones(sizes[-1]), size=N)
        net = Network(X, T, Ws, bs, hidden, loss, strength)
        if all(float(np.abs(Z).min()) > 1e-3 for Z in net.run().Z[:-1]):
            return net


def backpropagation(
    f: Backward,
    *,
    hidden: Map = tanh,
    loss: Loss = half_squared_error,
    strength: float = 0.0,
    sizes: Sequence[int] = SIZES,
    N: int = SAMPLES,
    seed: int = 0,
    limit: float = 10.0,
) -> list[Verdict]:
    """Does ``f`` return the loss and the gradients of a network, and if not, which mistake does it make?

    ``f(X, T, Ws, bs)`` -> loss, dWs, dbs, or loss, dWs, dbs, dX: a network whose hidden layers have the activation
    ``hidden`` and whose last layer is linear, the mean ``loss``, and ``strength`` times the sum of squared weights. It
    is called twice on the same arrays and, to tell two mistakes apart, on a second network; a call that takes longer
    than ``limit`` seconds is stopped where it runs, which raises TimeLimitExceeded for the score block to report.
    Returns one Verdict for each array and adds them to the score block around it.
    """
    net = probe_network(hidden, loss, sizes=sizes, N=N, strength=strength, seed=seed)
    first, flaw = _answers(f, net, limit)
    if flaw is not None:
        return [record(flaw)]
    forward = check_value(first["the loss"], net.value(), name="the loss", batch=N)
    if not forward:
        return [forward]
    arrays = {name: array for name, array in first.items() if name != "the loss"}
    misfits = [_misfit(name, array, net) for name, array in arrays.items()]
    if any(misfit is not None for misfit in misfits):
        return [record(misfit) for misfit in misfits if misfit is not None]
    again = repetition(list(first.values()), list(_answers(f, net, limit)[0].values()))
    if not again:
        return [record(again)]
    found = match(net, Given(arrays))
    answer = gradients(net, net.run())
    right = {name: answer.named(name) for name in arrays}
    if len({_codes(explanation) for explanation in found}) > 1:
        found = _separated(f, net, found, limit)
    verdicts = [_verdict(name, array, right[name], found, N) for name, array in arrays.items()]
    return [forward, *map(record, _said_once(verdicts))]


def _answers(f: Backward, net: Network, limit: float) -> tuple[dict[str, Any], Verdict | None]:
    """What f returns for copies of the network's arrays, by name, or the verdict that says what is wrong with that."""
    given = net.X.copy(), net.T.copy(), [W.copy() for W in net.Ws], [b.copy() for b in net.bs]
    with unchanged(X=given[0], T=given[1], Ws=given[2], bs=given[3]), time_limit(limit, "your function"):
        result = f(*given)
    if not isinstance(result, (tuple, list)) or len(result) not in (3, 4):
        came = f"{len(result)} results" if isinstance(result, (tuple, list)) else type(result).__name__
        return {}, wrong(
            "the results", "results", f"Expected loss, dWs, dbs (and dX), but your function returned {came}."
        )
    answers: dict[str, Any] = {"the loss": result[0]}
    for name, arrays in (("dW", result[1]), ("db", result[2])):
        if len(arrays) != len(net.Ws):
            message = f"{name}s must hold one array for each of the {len(net.Ws)} layers, but holds {len(arrays)}."
            return {}, wrong(f"{name}s", "results", message)
        answers |= {f"{name}{layer}": array for layer, array in enumerate(arrays, start=1)}
    if len(result) == 4:
        answers["dX"] = result[3]
    for name, array in answers.items():
        numbers = as_numbers(array, name)
        if isinstance(numbers, Verdict):
            return {}, numbers
        if name != "the loss" and np.asarray(array).dtype.kind in "iub":
            bug = BUGS["rounded"]
            return {}, wrong(name, bug.code, bug.sentence.format(name=name), bug.hints)
        if any(np.may_share_memory(array, one) for one in (given[0], given[1], *given[2], *given[3])):
            message = f"{name} shares its memory with an argument: return a new array, or the next update changes both."
            return {}, wrong(name, "shared", message)
        answers[name] = numbers.copy()
    return answers, None


def _misfit(name: str, array: Any, net: Network) -> Verdict | None:
    number = int(name[2:]) - 1 if name != "dX" else 0
    variable = net.X if name == "dX" else net.Ws[number] if name.startswith("dW") else net.bs[number]
    if array.shape == variable.shape:
        return None
    if array.T.shape == variable.shape and array.ndim == 2:
        bug = BUGS["transposed"]
        message = f"{name} must have shape {variable.shape}, but has {array.shape}: swap the two factors' roles."
        return wrong(name, bug.code, message, bug.hints)
    message = f"{name} must have shape {variable.shape}, that of its variable, but has {array.shape}."
    return wrong(name, "shape", message)


def _codes(mutants: tuple[Mutant, ...]) -> tuple[str, ...]:
    return tuple(sorted(mutant.knob.code for mutant in mutants))


def _separated(f: Backward, net: Network, found: list[tuple[Mutant, ...]], limit: float) -> list[tuple[Mutant, ...]]:
    """Those explanations that also hold on another network; all of them if that tells nothing."""
    other = probe_network(
        net.hidden, net.loss, sizes=OTHER_SIZES, N=OTHER_SAMPLES, strength=net.strength, seed=len(found)
    )
    try:
        answers, flaw = _answers(f, other, limit)
    except Exception:
        return found
    if flaw is not None:
        return found
    given = Given({name: array for name, array in answers.items() if name != "the loss"})
    run = other.run()
    kept = [mutants for mutants in found if given.agrees(gradients(other, run, mutants))]
    return kept or found


def _said_once(verdicts: list[Verdict]) -> Iterator[Verdict]:
    """The verdicts, with a mistake explained where it shows first and only referred to afterwards."""
    explained_in: dict[str, str] = {}
    for verdict in verdicts:
        first = explained_in.setdefault(verdict.code, verdict.name)
        if verdict or verdict.code == "wrong" or first == verdict.name:
            yield verdict
        else:
            yield replace(verdict, message=f"{verdict.name} is wrong for the same reason as {first}.")


def _verdict(name: str, array: Array, right: Array, found: list[tuple[Mutant, ...]], N: int) -> Verdict:
    if close(array, right):
        return correct(name, f"{name} is right.")
    explanation = explained(name, found)
    if explanation is None:
        case = Comparison(array, right, CLOSE * float(np.abs(right).max(initial=0)), N)
        code, sentence = diagnose_values(name, case)
        explanation = Explanation(code, sentence, BUGS[code].hints if code in BUGS else ())
    return wrong(name, *explanation, got=array, expected=right)
