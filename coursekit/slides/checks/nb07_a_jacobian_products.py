"""Checks of lecture NB07, first half: the Jacobian of a chain of layers, its rows and columns, and what each costs."""

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import pairwise
from typing import NamedTuple
from weakref import ref

import numpy as np

from coursekit.check.numeric import numeric_gradient, numeric_jacobian
from coursekit.engine import (
    MLP,
    Map,
    ShapeError,
    affine_map,
    backward,
    compose,
    half_squared_error,
    jacobian,
    jvp,
    multiply_adds,
    n_parameters,
    n_passes,
    tanh,
    trace,
    vjp,
)
from coursekit.engine.arrays import Array
from coursekit.slides.row_checks import Statement, agree, hold, row_check

WIDTHS = [4, 8, 6, 4, 2]


class Network(NamedTuple):
    """A chain of tanh layers, one input as a batch of one, the weights, and the same function in plain numpy."""

    layers: tuple[Map, ...]
    X: Array
    Ws: list[Array]
    f: Callable[[Array], Array]


def network(sizes: Sequence[int] = WIDTHS, seed: int = 1) -> Network:
    """A network of these widths, its weights drawn with this seed."""
    rng = np.random.default_rng(seed)
    Ws = [rng.standard_normal((M, D)) / np.sqrt(D) for D, M in pairwise(sizes)]
    layers = tuple(compose(affine_map(W), tanh) for W in Ws)
    X = rng.standard_normal((1, sizes[0]))
    return Network(layers, X, Ws, lambda x: reduce(lambda value, W: np.tanh(W @ value), Ws, x))


def one_hot(n: int, at: int) -> Array:
    """The vector of n entries that has a 1 in one place and 0 elsewhere."""
    return np.array([1.0 if entry == at else 0.0 for entry in range(n)])


def layer_jacobians(net: Network) -> list[Array]:
    """The Jacobian of every layer at its own input, the lowest first: diag(1 - tanh^2) W."""
    values = trace(net.layers, net.X)
    return [(1 - after[0] ** 2)[:, None] * W for W, after in zip(net.Ws, values[1:], strict=True)]


def by_differences(f: Map, x: Array) -> Array:
    """The Jacobian of one map at one vector, by differences."""
    return numeric_jacobian(lambda x: f(x[None])[0], x)


def gradient_of_output(net: Network, i: int) -> Array:
    """The gradient of one output by the network's input, by differences."""
    return numeric_gradient(lambda x: net.f(x)[i], net.X[0]).gradient


def slope_along(net: Network, v: Array) -> Array:
    """The change of all outputs per step of the input along v, by differences."""
    slopes: Array = numeric_jacobian(lambda t: net.f(net.X[0] + t[0] * v), np.zeros(1))[:, 0]
    return slopes


def refuses(product: Callable[[tuple[Map, ...], Array, Array], Array], net: Network, seed: Array) -> bool:
    """Whether a product with the Jacobian does not accept a seed of this length."""
    try:
        product(net.layers, net.X, seed[None])
    except ShapeError:
        return True
    return False


def work_of(sizes: Sequence[int], order: str, *, charge_seed: bool) -> int:
    """Multiply-adds of a whole Jacobian, added up matrix product by matrix product from their shapes."""
    factors = [(M, D) for D, M in pairwise(sizes)]
    if not charge_seed:
        del factors[0 if order == "forward" else -1]
    seeds = sizes[0] if order == "forward" else sizes[-1]
    return sum(M * D * seeds for M, D in factors)


def values_alive(product: Callable[[tuple[Map, ...], Array, Array], Array], net: Network, seed: Array) -> list[int]:
    """How many values of the chain are still in memory each time a product asks a layer for its rule."""
    computed: list[ref[Array]] = []
    alive: list[int] = []

    def watched(layer: Map) -> Map:
        def fn(Z: Array, /, out: Array | None = None) -> Array:
            value = layer.fn(Z, out=out)
            computed.append(ref(value))
            return value

        def rule(G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
            alive.append(sum(value() is not None for value in computed))
            return (layer.jvp if product is jvp else layer.vjp)(G, Z, A, out=out)

        return layer._replace(fn=fn, jvp=rule, vjp=rule)

    product(tuple(watched(layer) for layer in net.layers), net.X, seed[None])
    return alive


@row_check("CEE616-E04")
def chain_of_layers() -> None:
    """The derivative of four layers on one another is the product of four derivatives, the last layer's first."""
    net = network()
    J1, J2, J3, J4 = layer_jacobians(net)
    agree(J4 @ J3 @ J2 @ J1, numeric_jacobian(net.f, net.X[0]))
    agree(jacobian(net.layers, net.X)[0], J4 @ J3 @ J2 @ J1)
    hold(J1.shape[1] != J2.shape[0], "in the opposite order the factors do not conform")


@row_check("CEE616-E05", printed={"CEE616-E05": lambda sizes, layer: (sizes[-1], sizes[0])})
def layer_jacobian(extent: Statement = lambda sizes, layer: (sizes[layer], sizes[layer - 1])) -> None:
    """Entry i, j of a layer's Jacobian is df_i / dx_j, one row per output and one column per input of that layer."""
    net = network()
    values = trace(net.layers, net.X)
    for layer, (f, W, x) in enumerate(zip(net.layers, net.Ws, values[:-1], strict=True), start=1):
        M, D = extent(WIDTHS, layer)
        entries = [
            [(1 - np.tanh(sum(W[i, k] * x[0, k] for k in range(W.shape[1]))) ** 2) * W[i, j] for j in range(D)]
            for i in range(M)
        ]
        agree(entries, by_differences(f, x[0]))
        agree(entries, jacobian((f,), x)[0])


@row_check("CEE616-E06", printed={"CEE616-E06": lambda product: product})
def gradient_of_the_product(gradient: Statement = lambda product: product.T) -> None:
    """The product of the four layer Jacobians is the network's Jacobian, M x D; its gradient is the transpose."""
    net = network()
    product = reduce(lambda J, J_next: J_next @ J, layer_jacobians(net))
    agree(product, numeric_jacobian(net.f, net.X[0]))
    gradients = [gradient_of_output(net, i) for i in range(2)]
    agree(gradient(product), np.column_stack(gradients))


@row_check("CEE616-E07")
def jacobian_by_rows_and_by_columns() -> None:
    """A Jacobian is the stack of its outputs' gradients as rows, and of its inputs' derivatives as columns."""
    net = network()
    rows = np.stack([gradient_of_output(net, i) for i in range(2)])
    columns = [slope_along(net, one_hot(4, j)) for j in range(4)]
    J = jacobian(net.layers, net.X)[0]
    agree(J, rows)
    agree(J, np.stack(columns, axis=1))


@row_check("CEE616-C2")
def row_of_a_jacobian() -> None:
    """Row i of the Jacobian is the gradient of output i: how much that output feels each input."""
    net = network()
    J = jacobian(net.layers, net.X, "forward")[0]
    for i in range(2):
        agree(J[i], gradient_of_output(net, i))


@row_check("CEE616-C3")
def column_of_a_jacobian() -> None:
    """Column j of the Jacobian is the answer of all outputs to a change of input j."""
    net = network()
    J = jacobian(net.layers, net.X, "reverse")[0]
    for j in range(4):
        agree(J[:, j], slope_along(net, one_hot(4, j)))


@row_check("CEE616-E08")
def gradient_of_a_vector_function() -> None:
    """The gradient of a function with M outputs is the transposed Jacobian: M gradients side by side, D x M."""
    net = network([3, 5, 2])
    J = jacobian(net.layers, net.X)[0]
    side_by_side = np.empty((3, 2))
    for i in range(2):
        side_by_side[:, i] = gradient_of_output(net, i)
    agree(J.T, side_by_side)


@row_check("CEE616-E09")
def vector_jacobian_product() -> None:
    """A vector from the left times the Jacobian has one entry per input; the product needs no Jacobian."""
    net = network()
    J = numeric_jacobian(net.f, net.X[0])
    for u in np.random.default_rng(2).standard_normal((10, 2)):
        agree(vjp(net.layers, net.X, u[None])[0], [sum(u[i] * J[i, j] for i in range(2)) for j in range(4)])


@row_check("CEE616-E10")
def one_hot_cotangent() -> None:
    """A seed for the left side has M entries; the one-hot one picks a single output of the network."""
    net = network()
    for i in range(2):
        u = one_hot(2, i)
        agree((u @ net.f(net.X[0]), u.sum()), (net.layers[-1](trace(net.layers, net.X)[-2])[0, i], 1))
    hold(refuses(vjp, net, one_hot(4, 0)), "a seed of a vector-Jacobian product has M entries, not D")


@row_check("CEE616-C4", "CEE616-F3")
def row_selection() -> None:
    """The one-hot vector e_i from the left selects row i of the Jacobian."""
    net = network()
    J = numeric_jacobian(net.f, net.X[0])
    for i in range(2):
        agree(vjp(net.layers, net.X, one_hot(2, i)[None])[0], J[i])


@row_check("CEE616-E11")
def jacobian_vector_product() -> None:
    """The Jacobian times a vector is the slope of all outputs along that direction, one entry per output."""
    net = network()
    u = np.array([0.7, -1.3])
    for v in np.random.default_rng(3).standard_normal((10, 4)):
        Jv = jvp(net.layers, net.X, v[None])[0]
        agree(Jv, slope_along(net, v))
        agree(u @ Jv, vjp(net.layers, net.X, u[None])[0] @ v, within=1e-12)


@row_check("CEE616-E12")
def one_hot_tangent() -> None:
    """A direction for the right side has D entries; the one-hot one changes a single input."""
    net = network()
    for j in range(4):
        moved = net.X[0].copy()
        moved[j] += 0.5
        agree(0.5 * jvp((affine_map(net.Ws[0]),), net.X, one_hot(4, j)[None])[0], net.Ws[0] @ (moved - net.X[0]))
    hold(refuses(jvp, net, one_hot(2, 0)), "a direction of a Jacobian-vector product has D entries, not M")


@row_check("CEE616-C5")
def column_selection() -> None:
    """The one-hot vector e_j from the right selects column j of the Jacobian."""
    net = network()
    J = numeric_jacobian(net.f, net.X[0])
    for j in range(4):
        agree(jvp(net.layers, net.X, one_hot(4, j)[None])[0], J[:, j])


@row_check("CEE616-C6", printed={"CEE616-C6": lambda D, M: {"jvp": M, "vjp": D}})
def passes_of_a_whole_jacobian(passes: Statement = lambda D, M: {"jvp": D, "vjp": M}) -> None:
    """A whole Jacobian takes one Jacobian-vector product per input, or one vector-Jacobian product per output."""
    for D, M in [(4, 2), (2, 7)]:
        sizes = [D, 5, M]
        net, count = network(sizes), passes(D, M)
        J = numeric_jacobian(net.f, net.X[0])
        columns = [jvp(net.layers, net.X, seed[None])[0] for seed in np.eye(D)[: count["jvp"]]]
        rows = [vjp(net.layers, net.X, seed[None])[0] for seed in np.eye(M)[: count["vjp"]]]
        agree(np.stack(columns, axis=1), J)
        agree(np.stack(rows), J)
        agree((count["jvp"], count["vjp"]), (n_passes(sizes, "forward"), n_passes(sizes, "reverse")))


def _forward_is_cheaper(sizes: Sequence[int], charge_seed: bool) -> bool:
    """Every pass costs the same where seeds are multiplied out; free seeds spare each mode its first layer."""
    D, M = sizes[0], sizes[-1]
    weights = [n * m for n, m in pairwise(sizes)]
    return D < M if charge_seed else D * sum(weights[1:]) < M * sum(weights[:-1])


def _reverse_is_cheaper(sizes: Sequence[int], charge_seed: bool) -> bool:
    """The mirror image: reverse mode is for a network what forward mode is for the one read backwards."""
    return _forward_is_cheaper(sizes[::-1], charge_seed)


def _counts(sizes: Sequence[int], charge_seed: bool) -> tuple[int, int]:
    """Multiply-adds in forward and in reverse mode by the engine, which must be those counted product by product."""
    forward = multiply_adds(sizes, "forward", charge_seed=charge_seed)
    reverse = multiply_adds(sizes, "reverse", charge_seed=charge_seed)
    agree(forward, work_of(sizes, "forward", charge_seed=charge_seed))
    agree(reverse, work_of(sizes, "reverse", charge_seed=charge_seed))
    return forward, reverse


@row_check("CEE616-C7", printed={"CEE616-C7": lambda sizes, charge_seed: sizes[0] < sizes[-1]})
def forward_mode_for_few_inputs(forward_is_cheaper: Statement = _forward_is_cheaper) -> None:
    """With fewer inputs than outputs columns are cheaper, if every pass costs the same; free seeds may turn it."""
    for sizes in ([2, 8, 6, 4, 7], [3, 1, 1, 10, 4]):
        for charge_seed in (True, False):
            forward, reverse = _counts(sizes, charge_seed)
            agree(forward_is_cheaper(sizes, charge_seed), forward < reverse)
    agree(_counts([3, 1, 1, 10, 4], False), (153, 56))


@row_check("CEE616-E13")
def forward_mode() -> None:
    """From right to left a tangent of D entries passes the widths M1, M2, M3 to M: 112 multiply-adds for 4-8-6-4-2."""
    net = network()
    v = np.array([0.3, -1.0, 2.0, 0.5])
    tangent, lengths, work = v, [], 0
    for J in layer_jacobians(net):
        tangent = J @ tangent
        lengths.append(len(tangent))
        work += J.size
    agree(lengths, [8, 6, 4, 2])
    agree(tangent, numeric_jacobian(net.f, net.X[0]) @ v)
    agree(tangent, jvp(net.layers, net.X, v[None])[0])
    agree((work, multiply_adds(WIDTHS, "forward") / n_passes(WIDTHS, "forward")), (112, 112))


@row_check("CEE616-C8")
def forward_mode_keeps_no_values() -> None:
    """From right to left the tangent goes up beside the values: at no time are more than two of them in memory."""
    net = network()
    v = np.array([0.3, -1.0, 2.0, 0.5])
    alive = values_alive(jvp, net, v)
    agree(len(alive), 4)
    hold(max(alive) <= 2, "forward mode keeps a layer's input and its output, nothing else")
    agree(jvp(net.layers, net.X, v[None])[0], slope_along(net, v))


@row_check("CEE616-C9", printed={"CEE616-C9": lambda sizes, charge_seed: sizes[-1] < sizes[0]})
def reverse_mode_for_few_outputs(reverse_is_cheaper: Statement = _reverse_is_cheaper) -> None:
    """With fewer outputs than inputs rows are cheaper, if every pass costs the same; free seeds may turn it."""
    for sizes in (WIDTHS, [4, 10, 1, 1, 3]):
        for charge_seed in (True, False):
            forward, reverse = _counts(sizes, charge_seed)
            agree(reverse_is_cheaper(sizes, charge_seed), reverse < forward)
    agree(_counts(WIDTHS, True), (448, 224))
    agree(_counts(WIDTHS, False), (320, 208))
    agree(_counts([4, 10, 1, 1, 3], False), (56, 153))


@row_check("CEE616-E14")
def reverse_mode() -> None:
    """From left to right a cotangent of M entries passes the widths M3, M2, M1 to D, for as many multiply-adds."""
    net = network()
    u = np.array([0.7, -1.3])
    cotangent, lengths, work = u, [], 0
    for J in reversed(layer_jacobians(net)):
        cotangent = cotangent @ J
        lengths.append(len(cotangent))
        work += J.size
    agree(lengths, [4, 6, 8, 4])
    agree(cotangent, numeric_gradient(lambda x: u @ net.f(x), net.X[0]).gradient)
    agree(cotangent, vjp(net.layers, net.X, u[None])[0])
    agree((work, multiply_adds(WIDTHS, "reverse") / n_passes(WIDTHS, "reverse")), (112, 112))


@row_check("CEE616-C10")
def reverse_mode_keeps_all_values() -> None:
    """From left to right the sweep begins at the output: when it does, the values of all layers are in memory."""
    net = network()
    u = np.array([0.7, -1.3])
    agree(values_alive(vjp, net, u)[0], len(net.layers))
    agree(vjp(net.layers, net.X, u[None])[0], numeric_gradient(lambda x: u @ net.f(x), net.X[0]).gradient)


@row_check("CEE616-C11")
def few_outputs_and_many_inputs() -> None:
    """A classifier of images has 10 outputs for 784 inputs, a loss a single one: reverse mode costs M/D of forward."""
    sizes = [784, 128, 10]
    one_pass = 784 * 128 + 128 * 10
    agree((multiply_adds(sizes, "forward"), multiply_adds(sizes, "reverse")), (784 * one_pass, 10 * one_pass))
    agree(multiply_adds(sizes, "reverse") / multiply_adds(sizes, "forward"), 10 / 784)
    agree(n_passes([*sizes, 1], "reverse"), 1)


@row_check("CEE616-C12")
def backpropagation_takes_one_product_a_layer() -> None:
    """One sweep of vector-Jacobian products from the loss, one a layer, yields the gradients of all parameters."""
    rng = np.random.default_rng(5)
    net = MLP([4, 5, 3, 2]).initialize(rng)
    X, Y = rng.standard_normal((1, 4)), rng.standard_normal((1, 2))
    calls: list[str] = []

    def counted(f: Map, layer: int) -> Map:
        def product(G: Array, Z: Array, A: Array, /, out: Array | None = None) -> Array:
            calls.append(f"layer {layer}")
            return f.vjp(G, Z, A, out=out)

        return f._replace(vjp=product)

    activations = [counted(f, layer) for layer, f in enumerate(net.activations, start=1)]
    run = net.forward(X)
    gradients = backward(half_squared_error.gradient(run.A[-1], Y), run, net.Ws, activations)
    hold(calls == ["layer 3", "layer 2", "layer 1"], "the sweep asks each layer once, from the top down")

    def loss(theta: Array) -> float:
        other = MLP(net.sizes)
        other.parameters.flat[...] = theta
        return half_squared_error(other(X), Y)

    numeric = numeric_gradient(loss, net.parameters.flat).gradient
    agree(len(numeric), n_parameters(net.sizes))
    by_layer = [np.append(dW, db) for dW, db in zip(gradients.dWs, gradients.dbs, strict=True)]
    agree(np.concatenate(by_layer), numeric)
