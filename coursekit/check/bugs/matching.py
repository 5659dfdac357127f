"""From wrong gradients to the mistakes that make them: compute what each known mistake would give, and compare."""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from coursekit.check.bugs.mutants import KNOBS, Answer, Mutant, Network, gradients, mutants
from coursekit.engine import Pass
from coursekit.engine.arrays import Array

# Of the largest entry of each array: float32 inside the student's function leaves about 1e-6.
CLOSE = 2e-5
# Pairs of so many mistakes take a quarter of a second; a network of four layers has more.
LARGEST_FOR_PAIRS = 140
# Its step can have any length.
EARLY = next(knob for knob in KNOBS if knob.name == "updated_early")


class Given(NamedTuple):
    """What a student's function returned: the arrays of one network by name, each in the shape of its variable.

    Names are dW1, db1, ... and dX; not all need be there.
    """

    arrays: dict[str, Array]

    def agrees(self, answer: Answer) -> bool:
        """Is every array close to the one of an answer?"""
        return all(close(array, answer.named(name)) for name, array in self.arrays.items())


def match(net: Network, given: Given, *, pairs: bool = True) -> list[tuple[Mutant, ...]]:
    """All explanations of the student's gradients by one known mistake or, if none fits, by two of them.

    Empty where the gradients are right, where a shape is wrong, and where nothing known fits. Several explanations give
    the same gradients on this network, so that nothing in them tells the explanations apart.
    """
    run = net.run()
    right = gradients(net, run)
    if given.agrees(right) or any(array.shape != right.named(name).shape for name, array in given.arrays.items()):
        return []
    candidates = mutants(net)
    at_once = [mutant for mutant in candidates if mutant.knob is not EARLY]
    found = [mutant for mutant in at_once if given.agrees(gradients(net, run, [mutant]))]
    found += _early_updates(net, run, given)
    if found or not pairs or len(candidates) > LARGEST_FOR_PAIRS:
        return [(mutant,) for mutant in found]
    return [pair for pair in combinations(candidates, 2) if given.agrees(gradients(net, run, pair))]


def _early_updates(net: Network, run: Pass, given: Given) -> list[Mutant]:
    """Early updates of any length: below the layer that steps, gradients are linear in the length of its step.

    In a narrow network some step explains any wrong factor. So it has to be a learning rate that somebody would write,
    the same for all layers that step, and it must leave weights over.
    """
    layers = list(EARLY.layers(net))
    found = []
    for mutant in [Mutant(EARLY, layer) for layer in ([0, *layers] if len(layers) > 1 else layers)]:
        below = (mutant.layer or len(net.Ws)) - 1
        name = f"dW{below}" if below else "dX"
        if name not in given.arrays:
            continue
        still, moved = (gradients(net, run, [mutant], step=step).named(name) for step in (0.0, 1.0))
        slope = moved - still
        step = float(np.vdot(slope, given.arrays[name] - still) / max(float(np.vdot(slope, slope)), 1e-300))
        if not _is_a_learning_rate(step):
            continue
        answer = gradients(net, run, [mutant], step=step)
        stepping = [mutant.layer] if mutant.layer else layers
        emptied = any(close(step * answer.dWs[layer - 1], net.Ws[layer - 1]) for layer in stepping)
        if given.agrees(answer) and not emptied:
            found.append(mutant)
    return found


def _is_a_learning_rate(step: float) -> bool:
    """Is a number between 1e-6 and 10, and within 0.01 % of one of two digits, such as 0.1 or 0.025?"""
    return 1e-6 <= step <= 10 and abs(step - float(f"{step:.1e}")) <= 1e-4 * step


def close(a: Array, b: Array) -> bool:
    """Do two arrays agree to what float32 leaves of their largest entry?"""
    return a.shape == b.shape and float(np.abs(a - b).max(initial=0)) <= CLOSE * float(np.abs(b).max(initial=0)) + 1e-12
