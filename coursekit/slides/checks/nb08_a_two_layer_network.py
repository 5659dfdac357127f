"""Checks of lecture NB08, first half: backpropagation derived for one sample, one hidden layer and no biases."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.check.numeric import numeric_gradient
from coursekit.engine import (
    Map,
    affine,
    affine_jacobian_parameters,
    affine_map,
    affine_vjp,
    compose,
    forward,
    half_squared_error,
    identity,
    leaky_relu,
    loss_and_gradients,
    mlp_shapes,
    tanh,
)
from coursekit.engine.arrays import Array
from coursekit.engine.mlp import Gradients
from coursekit.slides.examples import M1, D, M, TwoLayers, two_layers
from coursekit.slides.row_checks import Statement, agree, row_check


class Example(TwoLayers):
    """The two-layer example with its loss, and its derivatives by differences and by the engine."""

    def loss(self, theta: Array, x: Array | None = None) -> float:
        """Half the squared error as a function of all weights, W1 before W2 and row by row; x is x1 by default."""
        W1, W2 = theta[: M1 * D].reshape(M1, D), theta[M1 * D :].reshape(M, M1)
        x4 = W2 @ np.tanh(W1 @ (self.x1 if x is None else x))
        return float(sum(0.5 * (self.y[k] - x4[k]) ** 2 for k in range(M)))

    @property
    def theta(self) -> Array:
        """All weights in one vector."""
        return np.concatenate([self.W1.ravel(), self.W2.ravel()])

    def numeric(self) -> tuple[Array, Array]:
        """The gradient of the loss by W1 and by W2, by differences."""
        gradient = numeric_gradient(self.loss, self.theta).gradient
        return gradient[: M1 * D].reshape(M1, D), gradient[M1 * D :].reshape(M, M1)

    def engine(self) -> tuple[float, Gradients]:
        """The loss and all gradients by the engine, the biases held at zero."""
        biases = [np.zeros(M1), np.zeros(M)]
        return loss_and_gradients(self.x1[None], self.y[None], [self.W1, self.W2], biases, [tanh, identity])

    def by_W1(self) -> Array:
        """The Jacobian of x2 by the row-major vec of W1."""
        J: Array = affine_jacobian_parameters(self.x1[None], M1)[0]
        return J

    def by_W2(self) -> Array:
        """The Jacobian of x4 by the row-major vec of W2."""
        J: Array = affine_jacobian_parameters(self.x3[None], M)[0]
        return J

    def by_x2(self) -> Array:
        """The Jacobian of x3 by x2."""
        J: Array = tanh.jacobian(self.x2[None], self.x3[None])[0]
        return J

    def by_x4(self) -> Array:
        """The derivative of the loss by x4, a row."""
        return half_squared_error.gradient(self.x4[None], self.y[None])

    def cotangents(self) -> dict[int, Array]:
        """The recursion from u_5 = 1 down: the row u_l belongs to x_l, one product with a step's Jacobian each."""
        u: dict[int, Array] = {5: np.ones((1, 1))}
        u[4] = u[5] @ self.by_x4()
        u[3] = affine_map(self.W2).vjp(u[4], self.x3[None], self.x4[None])
        u[2] = tanh.vjp(u[3], self.x2[None], self.x3[None])
        u[1] = affine_map(self.W1).vjp(u[2], self.x1[None], self.x2[None])
        return u

    def numeric_cotangent(self, step: int) -> Array:
        """The gradient of the loss by x_l, by differences: the steps from f_l on are run again."""

        def tail(x: Array) -> float:
            steps: list[Callable[[Array], Array]] = [self.W1.dot, np.tanh, self.W2.dot]
            for f in steps[step - 1 :]:
                x = f(x)
            return float(0.5 * ((x - self.y) ** 2).sum())

        return numeric_gradient(tail, [self.x1, self.x2, self.x3, self.x4][step - 1]).gradient


def example(seed: int = 1) -> Example:
    """The example with weights, input and target drawn with this seed."""
    return Example(*two_layers(seed))


@row_check("CEE616-E15", printed={"CEE616-E15": lambda output, loss: output})
def half_squared_distance(scalar: Statement = lambda output, loss: loss) -> None:
    """The loss, not the output, is a single number: half the squared distance, 0 where the output is the target."""
    net = example()
    output = forward(net.x1[None], [net.W1, net.W2], [np.zeros(M1), np.zeros(M)], [tanh, identity]).A[-1]
    agree(scalar(output[0], half_squared_error(output, net.y[None])), net.loss(net.theta))
    agree(half_squared_error(output, output), 0)


@row_check("CEE616-E16")
def composition_of_four_steps() -> None:
    """The loss is four steps on one another: linear, activation, linear, loss."""
    net = example()
    f1_to_f3 = compose(affine_map(net.W1), tanh, affine_map(net.W2))
    agree(half_squared_error(f1_to_f3(net.x1[None]), net.y[None]), net.loss(net.theta))


@row_check("CEE616-E17")
def first_linear_step() -> None:
    """The first step is W1 x: M1 sums over the D inputs, and one such row for each sample of a batch."""
    net = example()
    batch = np.stack([net.x1, -2 * net.x1, net.x1**2])
    sums = [[sum(net.W1[i, j] * x[j] for j in range(D)) for i in range(M1)] for x in batch]
    agree(affine(batch, net.W1), sums)


@row_check("CEE616-E18")
def activation_step() -> None:
    """The second step works on every entry alone: what is exchanged below is exchanged above."""
    x2, order = example().x2, [2, 0, 3, 1]
    agree(tanh(x2[order][None])[0], tanh(x2[None])[0][order])
    agree(tanh(x2[None])[0], (np.exp(2 * x2) - 1) / (np.exp(2 * x2) + 1))


@row_check("CEE616-E19")
def second_linear_step() -> None:
    """The third step is W2 x3: M sums over the M1 units."""
    net = example()
    agree(affine(net.x3[None], net.W2)[0], [sum(net.W2[i, j] * net.x3[j] for j in range(M1)) for i in range(M)])


@row_check("CEE616-E20")
def loss_step() -> None:
    """The last step is half the squared distance of output and target, whichever of them comes first."""
    net = example()
    distance = np.linalg.norm(net.y - net.x4)
    agree(half_squared_error(net.x4[None], net.y[None]), distance**2 / 2)
    agree(half_squared_error(net.y[None], net.x4[None]), distance**2 / 2)


@row_check("CEE616-C13")
def loss_as_a_map() -> None:
    """For given weights the loss is a number for D inputs; for a given sample one for M1 D + M M1 weights."""
    net = example()
    loss, gradients = net.engine()
    agree(loss, net.loss(net.theta))
    agree(gradients.dX, numeric_gradient(lambda x: net.loss(net.theta, x), net.x1).gradient[None])
    agree(sum(dW.size for dW in gradients.dWs), numeric_gradient(net.loss, net.theta).gradient.size)


@row_check("CEE616-E21")
def chain_to_the_upper_weights() -> None:
    """The loss depends on W2 through x4 alone: a row of M entries times a Jacobian of M M1 columns."""
    net = example()
    agree(net.by_x4() @ net.by_W2(), net.numeric()[1].reshape(1, -1))


@row_check("CEE616-E22")
def chain_to_the_parameters_of_the_activation() -> None:
    """The same chain ends at the activation's parameters: none for tanh, one for a leaky ReLU of variable slope."""
    net = example()
    agree(net.by_x4() @ net.W2 @ np.empty((M1, 0)), np.empty((1, 0)))
    x2 = np.array([[-1.5, 0.4, -0.2, 2.0]])

    def loss(slope: Array) -> float:
        return half_squared_error(leaky_relu(float(slope[0]))(x2) @ net.W2.T, net.y[None])

    x4 = leaky_relu(0.2)(x2) @ net.W2.T
    by_slope = np.minimum(x2, 0).T
    row = half_squared_error.gradient(x4, net.y[None]) @ net.W2 @ by_slope
    agree(row[0], numeric_gradient(loss, np.array([0.2])).gradient)


@row_check("CEE616-E23")
def chain_to_the_lower_weights() -> None:
    """The loss depends on W1 through x2, x3 and x4: four derivatives in a row, one to each step."""
    net = example()
    agree(net.by_x4() @ net.W2 @ net.by_x2() @ net.by_W1(), net.numeric()[0].reshape(1, -1))


@row_check("CEE616-E24")
def row_of_a_layer() -> None:
    """A derivative by the weights is a row, the transposed column of the gradient, which in code is shaped like W."""
    net = example()
    for row, dW, numeric in zip(
        (net.cotangents()[2] @ net.by_W1(), net.cotangents()[4] @ net.by_W2()),
        net.engine()[1].dWs,
        net.numeric(),
        strict=True,
    ):
        agree(row.T, numeric.reshape(-1, 1))
        agree(dW, numeric)


@row_check("CEE616-C14", printed={"CEE616-C14": lambda u, x: np.outer(u, x)})
def length_of_a_row(derivative: Statement = lambda u, x: np.outer(u, x).reshape(1, -1)) -> None:
    """The derivative by a layer's weights is a row with one entry per weight: M1 D, none for tanh, and M M1."""
    net, u = example(), example().cotangents()
    shapes = mlp_shapes([D, M1, M])
    for above, x, jacobian_by_weights, name in ((u[2], net.x1, net.by_W1(), "W1"), (u[4], net.x3, net.by_W2(), "W2")):
        agree(derivative(above, x), above @ jacobian_by_weights)
        agree(derivative(above, x).shape[1], shapes[name][0] * shapes[name][1])


@row_check("CEE616-E25")
def gradient_from_the_cotangent_above() -> None:
    """The row that arrives from above a step, times the step's Jacobian by its weights, is the weights' derivative."""
    net = example()
    dW1, dW2 = net.numeric()
    agree(net.numeric_cotangent(2) @ net.by_W1(), dW1.ravel())
    agree(net.numeric_cotangent(4) @ net.by_W2(), dW2.ravel())
    agree(affine_vjp(net.numeric_cotangent(4)[None], net.x3[None], net.W2).dW, dW2)


@row_check("CEE616-U2")
def recursion_of_cotangents() -> None:
    """Values go up, and from u = 1 at the loss rows go down: u_l is the gradient by x_l and has its size."""
    net = example()
    u = net.cotangents()
    for step in (1, 2, 3, 4):
        agree(u[step][0], net.numeric_cotangent(step))


@row_check("CEE616-A1", printed={"CEE616-A1": lambda end, g: {"loss": None, "gradients": end}})
def backpropagation(returned: Statement = lambda end, g: {"loss": end, "gradients": g}) -> None:
    """The sweep returns the last value as the loss and the g_l as gradients; each step is visited once each way."""
    net = example()
    steps: list[Map] = [affine_map(net.W1), tanh, affine_map(net.W2)]
    x = [net.x1[None]]
    for f in steps:
        x.append(f(x[-1]))
    end = half_squared_error(x[3], net.y[None])
    u: Array = np.ones((1, 1)) @ half_squared_error.gradient(x[3], net.y[None])
    g: list[Any] = [None, np.empty((1, 0)), None]
    for step in (2, 1, 0):
        if step != 1:
            g[step] = u @ affine_jacobian_parameters(x[step], x[step + 1].shape[1])[0]
        u = steps[step].vjp(u, x[step], x[step + 1])
    answer = returned(end, np.hstack(g))
    agree(answer["gradients"], numeric_gradient(net.loss, net.theta).gradient[None])
    agree(answer["loss"], net.loss(net.theta))
    agree(u, numeric_gradient(lambda x: net.loss(net.theta, x), net.x1).gradient[None])
    loss, gradients = net.engine()
    agree(loss, answer["loss"])
    agree(np.concatenate([dW.ravel() for dW in gradients.dWs])[None], answer["gradients"])


@row_check("CEE616-E34", printed={"CEE616-E34": lambda row: row})
def gradient_of_the_upper_weights(gradient: Statement = lambda row: row.T) -> None:
    """The gradient by W2, as a column, is the transposed product of the loss's Jacobian and the layer's by W2."""
    net = example()
    agree(gradient(net.by_x4() @ net.by_W2()), net.numeric()[1].reshape(-1, 1))


@row_check("CEE616-E35", printed={"CEE616-E35": lambda row: row})
def gradient_of_no_parameters(gradient: Statement = lambda row: row.T) -> None:
    """The gradient by the activation's parameters is the transposed product of three: a column of no entries."""
    net = example()
    dW1, dW2 = (dW.reshape(-1, 1) for dW in net.engine()[1].dWs)
    whole = np.vstack([dW1, gradient(net.by_x4() @ net.W2 @ np.empty((M1, 0))), dW2])
    agree(whole, numeric_gradient(net.loss, net.theta).gradient[:, None])


@row_check("CEE616-E36", printed={"CEE616-E36": lambda row: row})
def gradient_of_the_lower_weights(gradient: Statement = lambda row: row.T) -> None:
    """The gradient by W1, as a column, is the transposed product of all four Jacobians."""
    net = example()
    agree(gradient(net.by_x4() @ net.W2 @ net.by_x2() @ net.by_W1()), net.numeric()[0].reshape(-1, 1))


@row_check("CEE616-E37", printed={"CEE616-E37": lambda residual: residual[None]})
def outer_product_with_the_residual(u_2: Statement = lambda residual: residual[:, None]) -> None:
    """The gradient by W2 is the outer product of the residual, which must be a column, and the row x3^T."""
    net = example()
    agree(u_2(net.x4 - net.y) @ net.x3[None], net.numeric()[1])
    agree(affine_vjp(u_2(net.x4 - net.y).T, net.x3[None], net.W2).dW, net.numeric()[1])


@row_check("CEE616-E38", printed={"CEE616-E38": lambda: np.zeros((M1, 1))})
def empty_block_of_the_gradient(by_theta_2: Statement = lambda: np.empty((M1, 0))) -> None:
    """The activation's block of the gradient is empty, not a zero: W1 and W2 alone make up the whole."""
    net = example()
    dW1, dW2 = net.engine()[1].dWs
    block = (net.x4 - net.y)[None] @ net.W2 @ by_theta_2()
    whole = np.hstack([dW1.reshape(1, -1), block, dW2.reshape(1, -1)])
    agree(whole[0], numeric_gradient(net.loss, net.theta).gradient)


@row_check(
    "CEE616-E39",
    printed={"CEE616-E39": lambda residual, W2, slopes, x: (residual.T @ W2 * slopes) @ x.T},
)
def outer_product_with_the_error_below(
    gradient: Statement = lambda residual, W2, slopes, x: (W2.T @ residual * slopes) @ x.T,
) -> None:
    """The gradient by W1 is the residual sent down through W2 and weighted by the slopes, times x1^T; all columns."""
    net = example()
    slopes = tanh.vjp(np.ones((1, M1)), net.x2[None], net.x3[None]).T
    agree(gradient((net.x4 - net.y)[:, None], net.W2, slopes, net.x1[:, None]), net.numeric()[0])
    agree(net.engine()[1].dWs[0], net.numeric()[0])


@row_check("CEE616-C16", printed={"CEE616-C16": lambda: {1: 1, 2: 2}})
def error_signals(in_the_recursion: Statement = lambda: {1: 2, 2: 4}) -> None:
    """The error signals at the two weight layers are gradients by pre-activations: u_2 and u_4 of the recursion."""
    net, number = example(), in_the_recursion()
    signals = dict(enumerate(net.engine()[1].dZs, start=1))
    for layer in (1, 2):
        agree(net.cotangents()[number[layer]], signals[layer])
        agree(signals[layer][0], net.numeric_cotangent({1: 2, 2: 4}[layer]))


@row_check(
    "CEE616-E40",
    printed={"CEE616-E40": lambda residual, W2, slopes: residual[None].T @ W2 * slopes[:, None]},
)
def error_one_layer_down(
    u_1: Statement = lambda residual, W2, slopes: W2.T @ residual[:, None] * slopes[:, None],
) -> None:
    """The error signal of the lower layer is the column W2^T u_2, weighted entry by entry with the slopes."""
    net = example()
    column = u_1(net.x4 - net.y, net.W2, 1 / np.cosh(net.x2) ** 2)
    agree(column, net.numeric_cotangent(2)[:, None])
    agree(column.T, net.engine()[1].dZs[0])


@row_check("CEE616-E41", printed={"CEE616-E41": lambda residual: residual[None]})
def error_of_the_output(u_2: Statement = lambda residual: residual[:, None]) -> None:
    """The error signal of the output is the residual as a column, the gradient by x4."""
    net = example()
    agree(u_2(net.x4 - net.y), net.numeric_cotangent(4)[:, None])
    agree(u_2(net.x4 - net.y).T, net.engine()[1].dZs[1])
