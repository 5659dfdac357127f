"""Checks of lecture NB07, second half: the Jacobian of every kind of layer, by its input and by its parameters."""

from functools import reduce
from typing import NamedTuple

import numpy as np

from coursekit.check.numeric import numeric_gradient, numeric_jacobian
from coursekit.engine import (
    MLP,
    Map,
    Parameters,
    affine_jacobian_parameters,
    affine_map,
    affine_vjp,
    backward,
    compose,
    half_squared_error,
    jacobian,
    maximum,
    n_neurons,
    n_parameters,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
    vjp,
)
from coursekit.engine.arrays import Array
from coursekit.slides.examples import M1, D, M, two_layers
from coursekit.slides.row_checks import Statement, agree, hold, row_check


def jacobian_of(f: Map, x: Array) -> Array:
    """The engine's Jacobian of one map at one vector."""
    J: Array = jacobian((f,), x[None])[0]
    return J


def by_differences(f: Map, x: Array) -> Array:
    """The Jacobian of one map at one vector, by differences."""
    return numeric_jacobian(lambda x: f(x[None])[0], x)


def jacobian_by_entries(W: Array, x: Array) -> Array:
    """The Jacobian of W x by the row-major vec of W, by differences."""
    return numeric_jacobian(lambda w: w.reshape(W.shape) @ x, W.ravel())


@row_check("CEE616-E26", printed={"CEE616-E26": lambda steps: steps["output layer"]})
def jacobian_of_the_loss(last: Statement = lambda steps: steps["loss"]) -> None:
    """The last of the four steps is the loss, not the output layer; its Jacobian is the row (x4 - y)^T, without a 2."""
    net = two_layers()
    steps = {
        "output layer": (net.x3, lambda x: net.W2 @ x),
        "loss": (net.x4, lambda x: np.array([0.5 * sum((x[k] - net.y[k]) ** 2 for k in range(M))])),
    }
    x, f = last(steps)
    agree((net.x4 - net.y)[None], numeric_jacobian(f, x))
    agree(half_squared_error.gradient(net.x4[None], net.y[None]), numeric_jacobian(f, x))


@row_check("CEE616-E27", "CEE616-E32")
def weights_as_a_jacobian() -> None:
    """The Jacobian of a layer W x by its input is W itself, in the upper layer as in the lower one."""
    net = two_layers()
    for W, x in ((net.W2, net.x3), (net.W1, net.x1)):
        agree(W, by_differences(affine_map(W), x), within=1e-9)
        agree(jacobian_of(affine_map(W), x), numeric_jacobian(W.dot, x), within=1e-9)


@row_check(
    "CEE616-E28",
    "CEE616-E33",
    printed={"CEE616-E28": lambda x, outputs: x[None], "CEE616-E33": lambda x, outputs: x[None]},
)
def jacobian_by_the_weights(by_weights: Statement = lambda x, outputs: np.kron(np.eye(outputs), x[None])) -> None:
    """By its weights, row by row in one vector, the Jacobian of W x holds x^T once per output: kron(I, x^T)."""
    net = two_layers()
    for W, x in ((net.W2, net.x3), (net.W1, net.x1), (net.W2[:1], net.x3)):
        agree(by_weights(x, len(W)), jacobian_by_entries(W, x))
        agree(affine_jacobian_parameters(x[None], len(W))[0], jacobian_by_entries(W, x))


@row_check("CEE616-E29")
def activation_entries() -> None:
    """Output i of an activation layer depends on input i alone, with the slope of the curve at that input."""
    x2 = two_layers().x2
    numeric = by_differences(tanh, x2)
    for i in range(M1):
        for j in range(M1):
            agree(numeric[i, j], 1 / np.cosh(x2[i]) ** 2 if i == j else 0)
    agree(jacobian_of(tanh, x2), numeric)


@row_check("CEE616-C15", printed={"CEE616-C15": lambda: np.zeros(1)})
def activation_without_parameters(theta_2: Statement = lambda: np.empty(0)) -> None:
    """An activation layer adds nothing to the parameters: all there are is M1 D + M M1 weights."""
    net = two_layers()
    theta = np.concatenate([net.W1.ravel(), theta_2(), net.W2.ravel()])
    agree(len(theta), n_parameters([D, M1, M]) - n_neurons([D, M1, M]))
    parameters = Parameters({"theta_1": (M1, D), "theta_2": (0,), "theta_3": (M, M1)}, theta)
    agree(parameters["theta_3"] @ np.tanh(parameters["theta_1"] @ net.x1), net.x4)


@row_check("CEE616-E30")
def diagonal_jacobian() -> None:
    """The Jacobian of an activation layer is diagonal, so that its product with a row is an elementwise one."""
    x2 = two_layers().x2
    u = np.array([0.5, -2.0, 1.5, 0.1])
    slopes = tanh.vjp(np.ones((1, M1)), x2[None], np.tanh(x2)[None])[0]
    agree(np.diag(slopes), by_differences(tanh, x2))
    agree(u @ np.diag(slopes), u * slopes, within=0)
    agree(vjp((tanh,), x2[None], u[None])[0], u @ by_differences(tanh, x2))


@row_check("CEE616-E31", printed={"CEE616-E31": lambda: np.zeros((M1, 1))})
def derivative_by_no_parameters(by_theta_2: Statement = lambda: np.empty((M1, 0))) -> None:
    """By the parameters an activation layer does not have its outputs have a derivative of no columns, not zero."""
    net = two_layers()

    def x3(theta: Array) -> Array:
        activations: Array = np.tanh(theta[: M1 * D].reshape(M1, D) @ net.x1)
        return activations

    by_theta_1 = jacobian_of(tanh, net.x2) @ affine_jacobian_parameters(net.x1[None], M1)[0]
    blocks = np.hstack([by_theta_1, by_theta_2(), np.zeros((M1, M * M1))])
    agree(blocks, numeric_jacobian(x3, np.concatenate([net.W1.ravel(), net.W2.ravel()])))


@row_check("CEE616-U3", printed={"CEE616-U3": lambda row: row})
def product_with_the_weight_jacobian(in_the_shape_of_W: Statement = lambda row: row.reshape(M1, D)) -> None:
    """A row u^T times the Jacobian by the weights is, put row by row into the shape of W, the outer product u x^T."""
    net = two_layers()
    u = np.array([0.5, -2.0, 1.5, 0.1])
    row = u @ affine_jacobian_parameters(net.x1[None], M1)[0]
    agree(row, numeric_gradient(lambda w: u @ (w.reshape(M1, D) @ net.x1), net.W1.ravel()).gradient)
    agree(in_the_shape_of_W(row), np.outer(u, net.x1), within=0)


@row_check("CEE616-F4")
def outer_product() -> None:
    """Row i of the outer product u x^T is u_i times x^T, and that grid is the gradient of the weights."""
    net = two_layers()
    u = np.array([0.5, -2.0, 1.5, 0.1])
    grid = affine_vjp(u[None], net.x1[None], net.W1).dW
    for i in range(M1):
        agree(grid[i], u[i] * net.x1, within=0)
    agree(grid, numeric_gradient(lambda W: sum(u[i] * (W[i] @ net.x1) for i in range(M1)), net.W1).gradient)


@row_check("CSC561-E40", "CSC561-C27")
def jacobian_of_scalar_activations() -> None:
    """Where each output comes from one input, the Jacobian is diagonal and holds the slopes of the units."""
    z = np.array([-1.5, 0.3, 2.0])
    s = 1 / (1 + np.exp(-z))
    closed = {sigmoid: s * (1 - s), tanh: 1 / np.cosh(z) ** 2, relu: np.array([0.0, 1.0, 1.0]), softplus: s}
    for f, slopes in closed.items():
        agree(np.diag(slopes), by_differences(f, z))
        agree(jacobian_of(f, z), np.diag(slopes))


@row_check("CSC561-E41")
def jacobian_of_a_vector_activation() -> None:
    """Where each output comes from all inputs, entry i, j is dy_i / dz_j; the softmax has diag(y) - y y^T."""
    z = np.array([0.4, -1.0, 2.0, 0.1])
    y = softmax(z[None])[0]
    agree(np.diag(y) - np.outer(y, y), by_differences(softmax, z))
    agree(jacobian_of(softmax, z), by_differences(softmax, z))


@row_check("CSC561-C28", printed={"CSC561-C28": lambda K: K})
def dense_jacobian(rank: Statement = lambda K: K - 1) -> None:
    """No entry of the softmax's Jacobian is zero, yet its rank is K - 1: a shift of all inputs changes nothing."""
    for K in (2, 3, 5):
        z = np.random.default_rng(K).standard_normal(K)
        J = jacobian_of(softmax, z)
        hold(bool(np.abs(by_differences(softmax, z)).min() > 1e-4), "all entries are other than zero")
        agree(rank(K), np.linalg.matrix_rank(J, tol=1e-10))
        agree(J.sum(axis=1), np.zeros(K))
    agree(np.count_nonzero(jacobian_of(maximum, z)), 1)


@row_check("CSC561-E42")
def jacobian_of_an_affine_layer() -> None:
    """The Jacobian of W y + b by y is W; the bias does not enter."""
    net, b = two_layers(2), np.array([3.0, -1.0, 0.5, 2.0])

    def z(y: Array) -> Array:
        return np.array([sum(net.W1[i, j] * y[j] for j in range(D)) + b[i] for i in range(M1)])

    agree(net.W1, numeric_jacobian(z, net.x1))
    agree(jacobian_of(affine_map(net.W1, b), net.x1), by_differences(affine_map(net.W1, b), net.x1))


@row_check("CSC561-E43")
def jacobian_by_the_bias() -> None:
    """The Jacobian of W y + b by b is the identity."""
    net, b = two_layers(2), np.array([3.0, -1.0, 0.5, 2.0])
    agree(np.eye(M1), numeric_jacobian(lambda b: affine_map(net.W1, b)(net.x1[None])[0], b), within=1e-9)
    agree(affine_vjp(np.eye(M1)[:1], net.x1[None], net.W1).db, np.eye(M1)[0])


class Chain(NamedTuple):
    """Two layers and a divergence, x -> z1 -> y1 -> z2 -> y2 -> D: each node's value and the map to the next."""

    net: MLP
    values: list[Array]
    edges: list[Map]
    target: Array

    def numeric_derivative(self, node: int) -> Array:
        """The derivative of the divergence by one node, by differences: all that comes behind it is run again."""

        def divergence(value: Array) -> float:
            y2 = reduce(lambda v, f: f(v), self.edges[node:], value[None])
            return float(0.5 * ((y2[0] - self.target) ** 2).sum())

        return numeric_gradient(divergence, self.values[node]).gradient


def chain() -> Chain:
    """The chain with a softmax at its end and unequal widths 3, 4, 2."""
    rng = np.random.default_rng(6)
    net = MLP([D, M1, M], activation=tanh, output=softmax).initialize(rng)
    edges = [affine_map(net.Ws[0], net.bs[0]), tanh, affine_map(net.Ws[1], net.bs[1]), softmax]
    x = rng.standard_normal(D)
    values: list[Array] = [x]
    for f in edges:
        values.append(f(values[-1][None])[0])
    return Chain(net, values, edges, np.array([1.0, 0.0]))


@row_check("CSC561-E46")
def derivatives_along_a_chain() -> None:
    """The derivative by each quantity of a chain is that by the next one times the Jacobian between them."""
    nodes = chain()
    derivative = nodes.values[-1] - nodes.target
    agree(derivative, nodes.numeric_derivative(4))
    for node in (3, 2, 1, 0):
        derivative = derivative @ jacobian_of(nodes.edges[node], nodes.values[node])
        agree(derivative, nodes.numeric_derivative(node))


@row_check("CSC561-F19")
def accumulating_products() -> None:
    """The products that gather from slide to slide are the gradients that the engine's backward pass returns."""
    nodes = chain()
    run = nodes.net.forward(nodes.values[0][None])
    dY = half_squared_error.gradient(run.A[-1], nodes.target[None])
    sweep = backward(dY, run, nodes.net.Ws, nodes.net.activations)
    engine = [sweep.dZs[1], sweep.dAs[0], sweep.dZs[0], sweep.dX]
    product = (nodes.values[-1] - nodes.target)[None]
    agree(sweep.dAs[1], product)
    for node, gradient in zip((3, 2, 1, 0), engine, strict=True):
        product = product @ by_differences(nodes.edges[node], nodes.values[node])
        agree(gradient, product)


@row_check("CSC561-C30")
def outer_function_first() -> None:
    """In a product of Jacobians the outer function's stands on the left; the other order fails or is wrong."""
    rng = np.random.default_rng(7)
    for widths in ((3, 5, 2), (3, 3, 3)):
        W_inner, W_outer = rng.standard_normal(widths[1::-1]), rng.standard_normal(widths[:0:-1])
        inner, outer = compose(affine_map(W_inner), tanh), compose(affine_map(W_outer), sigmoid)
        x = rng.standard_normal(3)
        J_inner, J_outer = jacobian_of(inner, x), jacobian_of(outer, inner(x[None])[0])
        numeric = by_differences(compose(inner, outer), x)
        agree(J_outer @ J_inner, numeric)
        swapped_conforms = J_inner.shape[1] == J_outer.shape[0]
        hold(not swapped_conforms or bool(np.abs(J_inner @ J_outer - numeric).max() > 0.01), "the order matters")
