"""Checks of lecture NB08, third part: backpropagation with whole vectors, from the divergence to the update."""

from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from coursekit.check.numeric import numeric_gradient, numeric_jacobian
from coursekit.engine import (
    MLP,
    Gradients,
    InfluenceGraph,
    Parameters,
    affine,
    affine_map,
    affine_vjp,
    compose,
    cross_entropy_from_logits,
    half_squared_error,
    jacobian,
    loss_and_gradients,
    mlp_shapes,
    path_derivative,
    paths,
    softmax,
    tanh,
    total_derivative,
)
from coursekit.engine.arrays import Array
from coursekit.slides.row_checks import Statement, agree, hold, row_check


def shares(z: Array) -> Array:
    """The softmax of one vector."""
    y: Array = np.exp(z) / np.exp(z).sum()
    return y


def tanh_layer(W: Array, z: Array) -> Array:
    """tanh of W z, for one vector."""
    y: Array = np.tanh(W @ z)
    return y


class Sample(NamedTuple):
    """One instance in a network of N layers: its vectors y[0..N] and z[1..N], its target d, the engine's gradients."""

    net: MLP
    y: list[Array]
    z: list[Array]
    d: Array
    gradients: Gradients

    def row(self, k: int) -> Array:
        """The derivative of the divergence by z_k, a row."""
        return self.gradients.dZs[k - 1]

    def weights(self, k: int) -> Array:
        """The weight matrix of layer k."""
        return self.net.Ws[k - 1]

    def activation_jacobian(self, k: int) -> Array:
        """The Jacobian of y_k by z_k."""
        J: Array = self.net.activations[k - 1].jacobian(self.z[k][None], self.y[k][None])[0]
        return J

    def divergence_from(self, k: int, y: Array) -> float:
        """The divergence where y_k is set and the layers above follow, in plain numpy."""
        for layer in range(k + 1, self.net.L + 1):
            y = self.activate(layer, self.weights(layer) @ y + self.net.bs[layer - 1])
        return float(sum(0.5 * (y[i] - self.d[i]) ** 2 for i in range(len(y))))

    def activate(self, k: int, z: Array) -> Array:
        """y_k from z_k: tanh in the hidden layers, a softmax at the top."""
        return shares(z) if k == self.net.L else np.tanh(z)

    def by_y(self, k: int) -> Array:
        """The derivative of the divergence by y_k, a row, by differences."""
        return numeric_gradient(lambda y: self.divergence_from(k, y), self.y[k]).gradient[None]

    def by_z(self, k: int) -> Array:
        """The derivative of the divergence by z_k, a row, by differences."""
        return numeric_gradient(lambda z: self.divergence_from(k, self.activate(k, z)), self.z[k]).gradient[None]

    def by_parameters(self, k: int) -> tuple[Array, Array]:
        """The gradients of the divergence by W_k and b_k, by differences."""

        def divergence(W: Array, b: Array) -> float:
            return self.divergence_from(k, self.activate(k, W @ self.y[k - 1] + b))

        W, b = self.weights(k), self.net.bs[k - 1]
        dW = numeric_gradient(lambda W: divergence(W, b), W).gradient
        return dW, numeric_gradient(lambda b: divergence(W, b), b).gradient


def data(T: int = 3) -> tuple[MLP, Array, Array]:
    """A network of widths 3-5-4-2 with a softmax at its end, and T instances with their targets."""
    rng = np.random.default_rng(1)
    net = MLP([3, 5, 4, 2], activation=tanh, output=softmax).initialize(rng)
    net.parameters.flat += 0.1 * rng.standard_normal(len(net.parameters))
    return net, rng.standard_normal((T, 3)), np.eye(2)[[t % 2 for t in range(T)]]


def sample(t: int = 0) -> Sample:
    """Instance t of the data, run through the network and back."""
    net, X, targets = data()
    run = net.forward(X[t : t + 1])
    gradients = loss_and_gradients(X[t : t + 1], targets[t : t + 1], net.Ws, net.bs, net.activations)[1]
    z = [np.empty(0), *(Z[0] for Z in run.Z)]
    return Sample(net, [A[0] for A in run.A], z, targets[t], gradients)


def affine_by_loops(X: Array, W: Array, b: Array) -> list[list[float]]:
    """Every entry of an affine layer by a loop over its inputs."""
    rows = []
    for x in X.tolist():
        row = []
        for weights, bias in zip(W.tolist(), b.tolist(), strict=True):
            total = bias
            for weight, entry in zip(weights, x, strict=True):
                total += weight * entry
            row.append(total)
        rows.append(row)
    return rows


def seconds(call: Callable[[], Any]) -> float:
    """The shortest of five runs."""
    times = []
    for _ in range(5):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return min(times)


@row_check("CSC561-C24")
def matrix_products_are_fast() -> None:
    """A layer as one matrix product gives what loops over its entries give, many times faster."""
    rng = np.random.default_rng(2)
    X, W, b = rng.standard_normal((16, 128)), rng.standard_normal((128, 128)), rng.standard_normal(128)
    agree(affine(X, W, b), affine_by_loops(X, W, b), within=1e-12)
    ratio = seconds(lambda: affine_by_loops(X, W, b)) / seconds(lambda: affine(X, W, b))
    hold(ratio > 20, "the matrix product is more than 20 times as fast as the loops")


@row_check("CSC561-F20")
def influence_diagram() -> None:
    """In the diagram of a whole network weights and activation slopes label the edges; all paths together count.

    For 2-3-2 with a softmax it has 13 nodes and 21 edges, and 12 paths lead from each input to the divergence.
    """
    rng = np.random.default_rng(3)
    W1, W2, x, d = rng.standard_normal((3, 2)), rng.standard_normal((2, 3)), rng.standard_normal(2), np.eye(2)[0]
    z1, y1 = W1 @ x, np.tanh(W1 @ x)
    z2, y2 = W2 @ y1, shares(W2 @ y1)
    links = {
        ("x", "z1"): W1,
        ("z1", "y1"): tanh.jacobian(z1[None], y1[None])[0],
        ("y1", "z2"): W2,
        ("z2", "y2"): softmax.jacobian(z2[None], y2[None])[0],
        ("y2", "Div"): half_squared_error.gradient(y2[None], d[None]),
    }
    graph = InfluenceGraph(
        (f"{source}_{j}", f"{target}_{i}", float(J[i, j]))
        for (source, target), J in links.items()
        for i, j in np.argwhere(J)
    )
    agree((len(graph.nodes), len(graph.edges)), (2 + 3 + 3 + 2 + 2 + 1, 6 + 3 + 6 + 4 + 2))
    numeric = numeric_gradient(lambda x: 0.5 * ((shares(W2 @ np.tanh(W1 @ x)) - d) ** 2).sum(), x).gradient
    for j in range(2):
        found = list(paths(graph, f"x_{j}", "Div_0"))
        agree(len(found), 3 * 2 * 2)
        agree(sum(path_derivative(path) for path in found), numeric[j])
        agree(total_derivative(graph, f"x_{j}", "Div_0"), numeric[j])


@row_check("CSC561-C31")
def shape_of_a_derivative() -> None:
    """A derivative dy/dz has one row per entry of y and one column per entry of z, also where these are numbers."""
    rng = np.random.default_rng(4)
    for inputs, outputs in ((5, 3), (1, 4), (4, 1), (1, 1)):
        W, z = rng.standard_normal((outputs, inputs)), rng.standard_normal((1, inputs))
        J = jacobian((affine_map(W), tanh), z)[0]
        agree(J.shape, (outputs, inputs))
        agree(J, numeric_jacobian(partial(tanh_layer, W), z[0]))


@row_check("CSC561-C32")
def base_case() -> None:
    """Where the sweep begins depends on the divergence: Y - d for half the squared error, P - d for classes."""
    Y, d = np.array([0.4, -1.0, 0.7]), np.array([0.0, 1.0, 0.0])
    agree(half_squared_error.gradient(Y[None], d[None])[0], Y - d)
    agree(cross_entropy_from_logits.gradient(Y[None], d[None])[0], shares(Y) - d)
    agree(Y - d, numeric_gradient(lambda Y: 0.5 * ((Y - d) ** 2).sum(), Y).gradient)
    agree(shares(Y) - d, numeric_gradient(lambda Y: -(d * np.log(shares(Y))).sum(), Y).gradient)


@row_check("CSC561-C33", printed={"CSC561-C33": lambda derivative: derivative})
def gradient_and_derivative(gradient: Statement = lambda derivative: derivative.T) -> None:
    """A gradient is a column in the shape of its variable; the derivative is its transpose, a row."""
    one = sample()
    for k in (1, 2, 3):
        agree(gradient(one.row(k)), one.by_z(k).reshape(-1, 1))


@row_check("CSC561-E47")
def derivative_by_the_last_affine_value() -> None:
    """The derivative by each z_N adds up, over all outputs, the divergence's slope times the output's slope."""
    one = sample()
    by_Y, dY_dz = one.y[3] - one.d, numeric_jacobian(shares, one.z[3])
    row = [[sum(by_Y[i] * dY_dz[i, j] for i in range(2)) for j in range(2)]]
    agree(row, one.by_z(3))
    agree(softmax.vjp(by_Y[None], one.z[3][None], one.y[3][None]), row)


@row_check("CSC561-E48")
def row_times_the_activation_jacobian() -> None:
    """The derivative by z_N is the row by Y times the Jacobian of the last activation, a full matrix for a softmax."""
    one = sample()
    row = half_squared_error.gradient(one.y[3][None], one.d[None]) @ one.activation_jacobian(3)
    agree(row, one.by_z(3))
    agree(one.row(3), row)


@row_check("CSC561-C34")
def activation_jacobian() -> None:
    """The derivative of Y by z_N is the Jacobian of the activation: full for the softmax, diagonal for tanh."""
    one = sample()
    agree(one.activation_jacobian(3), numeric_jacobian(shares, one.z[3]))
    agree(one.activation_jacobian(2), numeric_jacobian(np.tanh, one.z[2]))
    agree(np.count_nonzero(one.activation_jacobian(3)), 2 * 2)
    agree(np.count_nonzero(one.activation_jacobian(2)), 4)


@row_check("CSC561-E49")
def row_times_the_last_weights() -> None:
    """The derivative by y_{N-1} is the row by z_N times W_N, one entry per unit of layer N-1."""
    one = sample()
    agree(one.row(3) @ one.weights(3), one.by_y(2))
    agree(affine_vjp(one.row(3), one.y[2][None], one.weights(3)).dX, one.by_y(2))


@row_check("CSC561-E50")
def weights_as_a_jacobian() -> None:
    """The Jacobian of z_N by y_{N-1} is W_N."""
    one = sample()
    W, b = one.weights(3), one.net.bs[2]
    agree(W, numeric_jacobian(lambda y: [sum(W[i, j] * y[j] for j in range(4)) + b[i] for i in range(2)], one.y[2]))
    agree(compose(affine_map(W, b)).jacobian(one.y[2][None], one.z[3][None])[0], W)


@row_check("CSC561-F21")
def steps_of_the_sweep() -> None:
    """Step by step the sweep goes from z_N down to W_1: entry by entry it is the engine's."""
    one = sample()
    row = one.y[3] - one.d
    for k in (3, 2, 1):
        J, W = one.activation_jacobian(k), one.weights(k)
        outputs, inputs = range(len(one.y[k])), range(len(one.y[k - 1]))
        row = np.array([sum(row[i] * J[i, j] for i in outputs) for j in outputs])
        agree(one.gradients.dZs[k - 1], [row])
        agree(one.gradients.dWs[k - 1], [[row[i] * one.y[k - 1][j] for j in inputs] for i in outputs])
        agree(one.gradients.dbs[k - 1], row)
        row = np.array([sum(row[i] * W[i, j] for i in outputs) for j in inputs])
        agree(one.gradients.dX if k == 1 else one.gradients.dAs[k - 2], [row])


def _loss_of(net: MLP, X: Array, targets: Array) -> Callable[[Array], float]:
    """The mean divergence as a function of all parameters in one vector."""

    def loss(theta: Array) -> float:
        other = MLP(net.sizes, activation=tanh, output=softmax)
        other.parameters.flat[...] = theta
        return half_squared_error(other(X), targets)

    return loss


@row_check("CSC561-A6", printed={"CSC561-A6": lambda N: range(1, N + 1)})
def training_loop(layers: Statement = lambda N: range(N, 0, -1)) -> None:
    """One round sums the divergence and its derivatives over all instances, layer N first, and then takes one step."""
    (net, X, targets), lr = data(), 0.5
    T, N = len(X), net.L
    total = Parameters(mlp_shapes(net.sizes))
    loss = 0.0
    for x, d in zip(X, targets, strict=True):
        run = net.forward(x[None])
        loss += 0.5 * ((run.A[N][0] - d) ** 2).sum()
        by_y: dict[int, Array] = {k: np.zeros((1, net.sizes[k])) for k in range(N)}
        by_y[N] = (run.A[N][0] - d)[None]
        for k in layers(N):
            by_z = by_y[k] @ net.activations[k - 1].jacobian(run.Z[k - 1], run.A[k])[0]
            by_y[k - 1] = by_z @ net.Ws[k - 1]
            total[f"W{k}"] += (run.A[k - 1].T @ by_z).T
            total[f"b{k}"] += by_z[0]
    mean_loss = _loss_of(net, X, targets)
    theta = net.parameters.flat
    agree(loss / T, mean_loss(theta))
    agree(theta - lr / T * total.flat, theta - lr * numeric_gradient(mean_loss, theta).gradient)
    agree(net.loss_and_gradient(X, targets)[1], total.flat / T)


@row_check(
    "CSC561-E51",
    printed={"CSC561-E51": lambda base, above: sum(by_z @ W for by_z, W in above)},
)
def row_times_the_weights_above(
    by_output: Statement = lambda base, above: sum(by_z @ W for by_z, W in above) if above else base,
) -> None:
    """The derivative by y_k is the row by z_{k+1} times W_{k+1}; at the top, with none above, the base case."""
    one = sample()
    for k in (3, 2, 1):
        above = [(one.row(k + 1), one.weights(k + 1))] if k < one.net.L else []
        row = by_output((one.y[3] - one.d)[None], above)
        agree(row, one.by_y(k))
        agree(one.gradients.dAs[k - 1], row)


@row_check("CSC561-E52")
def row_times_each_activation_jacobian() -> None:
    """In every layer the derivative by z_k is the row by y_k times the Jacobian of that layer's activation."""
    one = sample()
    for k in (3, 2, 1):
        agree(one.by_y(k) @ one.activation_jacobian(k), one.by_z(k))
        agree(one.row(k), one.by_z(k))


@row_check("CSC561-E53", printed={"CSC561-E53": lambda y, k, t: y[t - 1]})
def derivative_by_the_weights(factor: Statement = lambda y, k, t: y[k - 1]) -> None:
    """The derivative by W_k is the column y_{k-1}, from the layer below, times the row by z_k: W_k's shape turned."""
    for t in (1, 2, 3):
        one = sample(t - 1)
        for k in (1, 2, 3):
            derivative = factor(one.y, k, t)[:, None] @ one.row(k)
            agree(derivative.T, one.by_parameters(k)[0])
            agree(affine_vjp(one.row(k), one.y[k - 1][None], one.weights(k)).dW, derivative.T)


@row_check("CSC561-E54")
def derivative_by_the_bias() -> None:
    """The derivative by b_k is the one by z_k."""
    one = sample()
    for k in (1, 2, 3):
        agree(one.row(k)[0], one.by_parameters(k)[1])
        agree(affine_vjp(one.row(k), one.y[k - 1][None], one.weights(k)).db, one.by_parameters(k)[1])


@row_check("CSC561-E55")
def update_of_a_layer() -> None:
    """W_k and b_k go by eta / T against the transposed sum of derivatives, which is eta against the mean gradient."""
    (net, X, targets), lr = data(), 0.5
    samples = [sample(t) for t in range(len(X))]
    stepped = Parameters(mlp_shapes(net.sizes))
    for k in (1, 2, 3):
        by_W = sum(one.y[k - 1][:, None] @ one.row(k) for one in samples)
        by_b = sum(one.row(k) for one in samples)
        stepped[f"W{k}"] = net.Ws[k - 1] - lr / len(X) * np.asarray(by_W).T
        stepped[f"b{k}"] = net.bs[k - 1] - lr / len(X) * np.asarray(by_b).T[:, 0]
    theta = net.parameters.flat
    numeric = numeric_gradient(_loss_of(net, X, targets), theta).gradient
    agree(stepped.flat, theta - lr * numeric)
    agree(stepped.flat, theta - lr * net.loss_and_gradient(X, targets)[1])
