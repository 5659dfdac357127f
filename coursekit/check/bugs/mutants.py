"""A backward pass with a knob for each known mistake, so that a wrong gradient can be recognised by computing it.

The right pass, line for line::

    dA = gradient of the loss at A[L]
    for l = L ... 1:
        dZ = dA * phi'(Z[l])                    (the last layer is linear: dZ = dA)
        dW[l] = dZ^T A[l-1] + 2 lambda W[l]
        db[l] = column sums of dZ
        dA = dZ W[l]
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from coursekit.engine import Loss, Map, Pass, cross_entropy_from_logits, forward, identity, softmax
from coursekit.engine.arrays import Array

STEP = 0.1


class Network(NamedTuple):
    """A network with data on which gradients are compared: X (N, n_0), T (N, n_L), the parameters of L layers.

    ``hidden`` is the activation of all layers but the last, which is linear; ``strength`` is lambda of the penalty
    lambda * sum of squared weights, 0 for none.
    """

    X: Array
    T: Array
    Ws: list[Array]
    bs: list[Array]
    hidden: Map
    loss: Loss
    strength: float = 0.0

    def run(self) -> Pass:
        """The remembered forward pass."""
        return forward(self.X, self.Ws, self.bs, [self.hidden] * (len(self.Ws) - 1) + [identity])

    def value(self) -> float:
        """The mean loss with the penalty."""
        return self.loss(self.run().A[-1], self.T) + self.strength * sum(float(np.vdot(W, W)) for W in self.Ws)


class Knob(NamedTuple):
    """A mistake as the pass below knows it: its name, the code of its bug, and the layers (from 1) that can have it."""

    name: str
    code: str
    layers: Callable[[Network], Iterable[int]]


class Mutant(NamedTuple):
    """A knob turned at one layer, or, as layer 0, at every layer that can have it."""

    knob: Knob
    layer: int


class Answer(NamedTuple):
    """The gradients of a network: dWs and dbs, layer 1 first, and dX (N, n_0)."""

    dWs: list[Array]
    dbs: list[Array]
    dX: Array

    def named(self, name: str) -> Array:
        """The array of this name: dW1, db1, ... or dX."""
        if name == "dX":
            return self.dX
        return (self.dWs if name.startswith("dW") else self.dbs)[int(name[2:]) - 1]


def _once(net: Network) -> Iterable[int]:
    return ()


def _all_layers(net: Network) -> Iterable[int]:
    return range(1, len(net.Ws) + 1)


def _hidden(net: Network) -> Iterable[int]:
    return range(1, len(net.Ws))


def _above_the_first(net: Network) -> Iterable[int]:
    return range(2, len(net.Ws) + 1)


def _square(net: Network) -> Iterable[int]:
    return [layer for layer in _all_layers(net) if net.Ws[layer - 1].shape[0] == net.Ws[layer - 1].shape[1]]


def _square_hidden(net: Network) -> Iterable[int]:
    return [layer for layer in _square(net) if layer < len(net.Ws)]


def _relu_only(net: Network) -> Iterable[int]:
    return _hidden(net) if net.hidden.name == "relu" else ()


def _with_penalty(net: Network) -> Iterable[int]:
    return _all_layers(net) if net.strength else ()


KNOBS = [
    Knob("sign", "sign", _once),
    Knob("twice", "factor", _once),
    Knob("half", "factor", _once),
    Knob("sum", "sum_for_mean", _once),
    Knob("mean_twice", "mean_twice", _once),
    Knob("mean_over_outputs", "mean_over_outputs", _once),
    Knob("target_forgotten", "target_forgotten", _once),
    Knob("output_derivative", "output_derivative", _once),
    Knob("output_activation", "output_derivative", _once),
    Knob("start_of_ones", "start_of_ones", _once),
    Knob("derivative_dropped", "derivative_dropped", _hidden),
    Knob("derivative_at_activation", "derivative_at_activation", _hidden),
    Knob("derivative_twice", "derivative_twice", _hidden),
    Knob("derivative_formula", "derivative_formula", _hidden),
    Knob("derivative_of_z", "derivative_of_z", _hidden),
    Knob("outer_for_elementwise", "outer_for_elementwise", _hidden),
    Knob("derivative_late", "derivative_late", _hidden),
    Knob("relu_mask_of_gradient", "relu_mask_of_gradient", _relu_only),
    Knob("weights_transposed", "weights_transposed", _square),
    Knob("updated_early", "updated_early", _all_layers),
    Knob("dW_sign", "sign", _all_layers),
    Knob("dW_twice", "factor", _all_layers),
    Knob("dW_half", "factor", _all_layers),
    Knob("dW_sum", "sum_for_mean", _all_layers),
    Knob("dW_mean", "mean_twice", _all_layers),
    Knob("dW_transposed", "transposed", _square),
    Knob("dW_reshaped", "reshaped", _all_layers),
    Knob("pre_activation", "pre_activation", _above_the_first),
    Knob("wrong_layer", "wrong_layer", _square_hidden),
    Knob("dW_last_sample", "one_sample", _all_layers),
    Knob("dW_sample_index", "sample_index", _all_layers),
    Knob("dW_zero", "zero", _all_layers),
    Knob("db_sign", "sign", _all_layers),
    Knob("db_twice", "factor", _all_layers),
    Knob("db_mean", "bias_mean", _all_layers),
    Knob("db_last_sample", "one_sample", _all_layers),
    Knob("db_zero", "zero", _all_layers),
    Knob("penalty_missing", "penalty_missing", _with_penalty),
    Knob("penalty_twice", "penalty_factor", _with_penalty),
    Knob("penalty_half", "penalty_factor", _with_penalty),
    Knob("penalty_over_N", "penalty_factor", _with_penalty),
    Knob("penalty_on_biases", "penalty_on_biases", _with_penalty),
    Knob("penalty_l1", "penalty_l1", _with_penalty),
]


def mutants(net: Network) -> list[Mutant]:
    """Every single mistake that this network can have: each knob at each of its layers, and at all of them."""
    found = []
    for knob in KNOBS:
        layers = list(knob.layers(net))
        if len(layers) > 1 or knob.layers is _once:
            found.append(Mutant(knob, 0))
        found += [Mutant(knob, layer) for layer in layers]
    return found


def gradients(net: Network, run: Pass, turned: Iterable[Mutant] = (), *, step: float = STEP) -> Answer:
    """The gradients that a program with these mistakes computes; without mistakes, the right ones.

    ``run`` is ``net.run()``, taken once for many mutants; ``step`` is the learning rate of a step taken too early.
    """
    L = len(net.Ws)
    Z, A = run
    at_layer: list[set[str]] = [set() for _ in range(L + 1)]
    for knob, layer in turned:
        for each in [layer] if layer or knob.layers is _once else knob.layers(net):
            at_layer[each].add(knob.name)
    dWs: list[Array] = [net.X] * L
    dbs: list[Array] = [net.X] * L
    dA = _start(net, Z[-1], A[-1], at_layer[0])
    for layer in range(L, 0, -1):
        W, on = net.Ws[layer - 1], at_layer[layer]
        dZ = dA if layer == L else dA * _derivative(net.hidden, dA, Z[layer - 1], A[layer], on)
        used = dA if "derivative_late" in on else dZ
        dWs[layer - 1] = _weights(net, layer, used, Z, A, on)
        dbs[layer - 1] = _bias(net, layer, used, on)
        if "updated_early" in on:
            W = W - step * dWs[layer - 1]
        dA = dZ.dot(W.T if "weights_transposed" in on else W)
    return Answer(dWs, dbs, dA)


def _start(net: Network, Z: Array, Y: Array, on: set[str]) -> Array:
    """The gradient of the loss at the output of the last layer."""
    N, K = Y.shape
    if "start_of_ones" in on:
        return np.ones_like(Y)
    T = np.zeros_like(net.T) if "target_forgotten" in on else net.T
    dZ: Array
    if net.loss is cross_entropy_from_logits:
        P = softmax.fn(Y)
        dZ = (P - T) / N
        if "output_derivative" in on:
            dZ = softmax.vjp(dZ, Y, P)
    else:
        dZ = net.loss.gradient(Y, T)
    other_loss = net.loss is not cross_entropy_from_logits
    if "output_activation" in on or ("output_derivative" in on and other_loss):
        dZ = net.hidden.vjp(dZ, Z, net.hidden.fn(Z))
    factors = {"sign": -1, "twice": 2, "half": 0.5, "sum": N, "mean_twice": 1 / N, "mean_over_outputs": 1 / K}
    for name in on & factors.keys():
        dZ = factors[name] * dZ
    return dZ


def _derivative(phi: Map, dA: Array, Z: Array, A: Array, on: set[str]) -> Array | float:
    """What a hidden layer multiplies dA with."""
    assert phi.derivative is not None
    if "derivative_dropped" in on:
        return 1.0
    if "relu_mask_of_gradient" in on:
        return np.greater(dA, 0).astype(dA.dtype)
    if "derivative_at_activation" in on:
        return phi.derivative(A, phi.fn(A))
    if "derivative_formula" in on:
        return {"tanh": A * (1 - A), "sigmoid": 1 - A * A}.get(phi.name, A)
    if "derivative_of_z" in on:
        return {"tanh": 1 - Z * Z, "sigmoid": Z * (1 - Z)}.get(phi.name, Z)
    D = phi.derivative(Z, A)
    if "outer_for_elementwise" in on:
        spread: Array = D.sum(axis=1, keepdims=True)
        return spread
    return D * D if "derivative_twice" in on else D


def _weights(net: Network, layer: int, dZ: Array, Z: list[Array], A: list[Array], on: set[str]) -> Array:
    """The gradient of the weights of a layer."""
    W, below = net.Ws[layer - 1], A[layer - 1]
    if "pre_activation" in on:
        below = Z[layer - 2]
    if "wrong_layer" in on:
        below = A[layer]
    if "dW_sample_index" in on:
        below = np.roll(below, 1, axis=0)
    dW = np.outer(dZ[-1], below[-1]) if "dW_last_sample" in on else dZ.T.dot(below)
    if "dW_zero" in on:
        dW = np.zeros_like(W)
    if net.strength and "penalty_missing" not in on:
        dW = dW + _penalty(net, W, on)
    if "dW_transposed" in on:
        dW = dW.T
    if "dW_reshaped" in on:
        dW = dW.T.reshape(W.shape)
    factors = {"dW_sign": -1, "dW_twice": 2, "dW_half": 0.5, "dW_sum": len(net.X), "dW_mean": 1 / len(net.X)}
    for name in on & factors.keys():
        dW = factors[name] * dW
    return dW


def _penalty(net: Network, W: Array, on: set[str]) -> Array:
    if "penalty_l1" in on:
        return net.strength * np.sign(W)
    slope: Array = 2 * net.strength * W
    factors = {"penalty_twice": 2, "penalty_half": 0.5, "penalty_over_N": 1 / len(net.X)}
    for name in on & factors.keys():
        slope = factors[name] * slope
    return slope


def _bias(net: Network, layer: int, dZ: Array, on: set[str]) -> Array:
    """The gradient of the biases of a layer."""
    db: Array = dZ[-1].copy() if "db_last_sample" in on else dZ.sum(axis=0)
    if "db_zero" in on:
        db = np.zeros_like(db)
    if "penalty_on_biases" in on:
        db = db + 2 * net.strength * net.bs[layer - 1]
    factors = {"db_sign": -1, "db_twice": 2, "db_mean": 1 / len(net.X)}
    for name in on & factors.keys():
        db = factors[name] * db
    return db
