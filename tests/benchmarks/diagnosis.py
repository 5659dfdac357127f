"""How long it takes to recognise a mistake on the probe network: all single ones, all pairs, a whole check."""

import statistics
import time
from collections.abc import Callable

import numpy as np

from coursekit import check
from coursekit.check.bugs.matching import Given, match
from coursekit.check.bugs.mutants import Network, gradients, mutants

ROUNDS = 9


def _milliseconds(action: Callable[[], object], times: int) -> float:
    durations = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        durations.append(time.perf_counter() - started)
    return 1e3 * statistics.median(durations)


def main() -> None:
    """Print milliseconds, medians of several rounds."""
    net = check.probe_network(strength=0.037)
    run, every = net.run(), mutants(net)
    unknown = Given({"dW1": np.ones_like(net.Ws[0])})

    def student(X: np.ndarray, T: np.ndarray, Ws: list[np.ndarray], bs: list[np.ndarray]) -> tuple[object, ...]:
        given = Network(X, T, Ws, bs, net.hidden, net.loss, net.strength)
        answer = gradients(given, given.run())
        return given.value(), answer.dWs, answer.dbs

    figures = {
        f"{len(every)} mutants computed": _milliseconds(lambda: [gradients(net, run, [m]) for m in every], ROUNDS),
        "matched with every single mistake": _milliseconds(lambda: match(net, unknown, pairs=False), ROUNDS),
        "matched with every pair of mistakes": _milliseconds(lambda: match(net, unknown), 3),
        "a right function checked": _milliseconds(lambda: check.backpropagation(student, strength=0.037), ROUNDS),
    }
    for what, milliseconds in figures.items():
        print(f"{what:40}{milliseconds:8.1f} ms")


if __name__ == "__main__":
    main()
