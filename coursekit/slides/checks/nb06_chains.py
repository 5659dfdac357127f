"""Checks of lecture NB06, first half: a network of one neuron a layer, where every gradient is a product of numbers."""

import math
from functools import partial, reduce

import numpy as np

from coursekit.check.numeric import numeric_gradient
from coursekit.engine import (
    InfluenceGraph,
    Map,
    affine_jacobian_parameters,
    forward,
    identity,
    local_derivatives,
    n_local_derivatives,
    path_derivative,
    paths,
    scalar_backward,
    scalar_forward,
    sigmoid,
    squared_error,
    tanh,
    total_derivative,
    total_derivatives,
    weight_factors,
)
from coursekit.engine.arrays import Array
from coursekit.engine.scalar_chain import LocalDerivatives, ScalarGradients, ScalarPass
from coursekit.slides.row_checks import Statement, agree, hold, row_check

# One observation; no logistic neuron can reach the target.
X, TARGET = 0.8, 3.0


def logistic(z: float) -> float:
    """1 / (1 + e^-z)."""
    return 1 / (1 + math.exp(-z))


def logistic_slope(z: float) -> float:
    """The derivative of the logistic function."""
    return logistic(z) * (1 - logistic(z))


def chain(L: int) -> tuple[Array, Array]:
    """Weights and biases of a chain of L neurons, steep and not saturated, so that no gradient vanishes."""
    rng = np.random.default_rng(L)
    w = rng.choice([-1.0, 1.0], L) * rng.uniform(2, 4, L)
    return w, rng.uniform(-0.5, 0.5, L) - w / 2


def cost_above(a: float, layer: int, w: Array, b: Array, *, top: Map = identity) -> float:
    """The squared error of what layers l + 1 to L make of a = a^(l), by a loop over plain numbers."""
    for above in range(layer, len(w)):
        z = float(w[above]) * a + float(b[above])
        a = z if above == len(w) - 1 and top is identity else logistic(z)
    return (a - TARGET) ** 2


def numeric_by_weights(w: Array, b: Array, *, top: Map = identity) -> Array:
    """The cost's derivatives by all weights, by differences."""
    return numeric_gradient(lambda w: cost_above(X, 0, w, b, top=top), w).gradient


def numeric_by_biases(w: Array, b: Array, *, top: Map = identity) -> Array:
    """The cost's derivatives by all biases, by differences."""
    return numeric_gradient(lambda b: cost_above(X, 0, w, b, top=top), b).gradient


def swept(w: Array, b: Array, *, top: Map = identity) -> tuple[ScalarPass, float, ScalarGradients]:
    """The engine's forward sweep, the derivative of the cost by the output, and the backward sweep."""
    run = scalar_forward(X, w, b, activation=sigmoid, output=top)
    dC_da = float(squared_error.gradient(run.a[-1:, None], np.array([[TARGET]]))[0, 0])
    return run, dC_da, scalar_backward(dC_da, run, w, activation=sigmoid, output=top)


def labels(w: Array, b: Array) -> tuple[float, LocalDerivatives]:
    """The derivative of the cost by the output, and the engine's local derivatives below it."""
    run, dC_da, _ = swept(w, b)
    return dC_da, local_derivatives(run, w, activation=sigmoid)


def check_weight_chain(L: int, below: int) -> None:
    """The 2 * below + 3 local derivatives down to the weight ``below`` layers under the output make its gradient."""
    w, b = chain(L)
    factors = weight_factors(*labels(w, b), L - below)
    numeric = numeric_by_weights(w, b)[L - below - 1]
    agree(len(factors), 2 * below + 3)
    agree(math.prod(factors), numeric)
    agree(swept(w, b)[2].dw[L - below - 1], numeric)
    hold(abs(numeric) > 1e-3, "the gradient is large enough to be told from 0")


def check_bias_chain(L: int, below: int) -> None:
    """The same local derivatives with dz/db = 1 at the end make the gradient of the bias."""
    w, b = chain(L)
    *factors, _ = weight_factors(*labels(w, b), L - below)
    numeric = numeric_by_biases(w, b)[L - below - 1]
    agree(math.prod([*factors, 1.0]), numeric)
    agree(swept(w, b)[2].db[L - below - 1], numeric)
    hold(abs(numeric) > 1e-3, "the gradient is large enough to be told from 0")


@row_check("CEE697M-F13")
def forward_and_backward_sweep() -> None:
    """The forward sweep leaves z and a at every layer, and the backward sweep the derivative by each of them."""
    w, b = chain(4)
    run, _, gradients = swept(w, b)
    a = X
    for layer in range(4):
        z = float(w[layer] * a + b[layer])
        a = z if layer == 3 else logistic(z)
        agree([run.z[layer], run.a[layer + 1]], [z, a])
        by_a = numeric_gradient(partial(cost_above, layer=layer + 1, w=w, b=b), a).gradient
        agree(gradients.da[layer + 1], by_a)
        agree(gradients.dz[layer], float(by_a) * (1 if layer == 3 else logistic_slope(z)))


@row_check("CEE697M-E19", "CEE697M-E44", "CEE697M-E62")
def chain_of_the_last_weight() -> None:
    """The gradient of the last weight is the product of three local derivatives, whatever the number of layers."""
    for L in (2, 3, 4):
        check_weight_chain(L, 0)


def by_numbers() -> ScalarPass:
    """A chain of three neurons with z = log 3, -log 4, 3.5 and outputs 3/4, 1/5, 3.5."""
    w, b = np.array([2.0, -4.0, 10.0]), np.array([math.log(3) - 1, 3 - math.log(4), 1.5])
    return scalar_forward(0.5, w, b, activation=sigmoid)


@row_check("CEE697M-E20", "CEE697M-E41")
def output_pre_activation() -> None:
    """The output neuron's sum is its weight times the activation below, plus its bias: 10 times 1/5 plus 1.5."""
    agree(by_numbers().z[-1], 3.5)


@row_check("CEE697M-E21")
def identity_output() -> None:
    """The output neuron hands on its sum as it is, with slope 1."""
    w, b = chain(3)
    run = scalar_forward(X, w, b, activation=sigmoid)
    agree(run.a[-1], w[2] * logistic(float(run.z[1])) + b[2])
    agree(local_derivatives(run, w, activation=sigmoid).da_dz[-1], 1)


@row_check("CEE697M-E22", "CEE697M-E43")
def squared_cost() -> None:
    """The cost of one observation is the squared residual without a factor 1/2, so its slope is twice the residual."""
    a, y = np.array([[1.5]]), np.array([[3.0]])
    agree(squared_error(a, y), 2.25)
    agree(squared_error.gradient(a, y), numeric_gradient(lambda a: (a[0, 0] - 3) ** 2, a).gradient)
    agree(squared_error.gradient(a, y), [[-3.0]])


def own_slope(output: Map, z: float) -> float:
    """The slope of the map that the output neuron has: 1 for the identity."""
    return 1.0 if output is identity else logistic_slope(z)


def _always_logistic_slope(output: Map, z: float) -> float:
    return logistic_slope(z)


@row_check("CEE697M-E23", printed={"CEE697M-E23": _always_logistic_slope})
def last_weight_gradient(slope: Statement = own_slope) -> None:
    """By the last weight: twice the residual, times the slope of the output neuron, times the activation below."""
    w, b = chain(2)
    for output in (sigmoid, identity):
        run, _, gradients = swept(w, b, top=output)
        stated = 2 * (run.a[2] - TARGET) * slope(output, float(run.z[1])) * run.a[1]
        agree(stated, numeric_by_weights(w, b, top=output)[1])
        agree(stated, gradients.dw[1])


@row_check("CEE697M-E24", printed={"CEE697M-E24": _always_logistic_slope})
def last_bias_gradient(slope: Statement = own_slope) -> None:
    """By the last bias: twice the residual times the slope of the output neuron."""
    w, b = chain(2)
    for output in (sigmoid, identity):
        run, _, gradients = swept(w, b, top=output)
        stated = 2 * (run.a[2] - TARGET) * slope(output, float(run.z[1]))
        agree(stated, numeric_by_biases(w, b, top=output)[1])
        agree(stated, gradients.db[1])


@row_check("CEE697M-C49")
def activation_below_scales_the_weight_gradient() -> None:
    """A weight's gradient is its bias's gradient times the activation below, and 0 where that one is silent."""
    w, b = chain(3)
    run, _, gradients = swept(w, b)
    agree(gradients.db * run.a[:-1], numeric_by_weights(w, b))
    sum_kept = [scalar_forward(a, np.array([2.0]), np.array([1.0 - 2 * a])) for a in (0.0, 0.3, 0.6)]
    by_weight = [scalar_backward(-4.0, run, np.array([2.0])).dw[0] for run in sum_kept]
    agree(by_weight, [0.0, -1.2, -2.4])


@row_check("CEE697M-E27", "CEE697M-E33")
def hidden_weight_gradient() -> None:
    """By the last hidden weight: the derivative by its neuron's output, times the slope, times the activation below."""
    w, b = chain(3)
    run, _, gradients = swept(w, b)
    factors = gradients.da[2], logistic_slope(float(run.z[1])), run.a[1]
    agree(math.prod(map(float, factors)), numeric_by_weights(w, b)[1])


@row_check("CEE697M-E28", "CEE697M-E35")
def hidden_bias_gradient() -> None:
    """By the last hidden bias: the derivative by its neuron's output, times the slope, times 1."""
    w, b = chain(3)
    run, _, gradients = swept(w, b)
    agree(gradients.da[2] * logistic_slope(float(run.z[1])) * 1, numeric_by_biases(w, b)[1])


def chain_graph(L: int) -> InfluenceGraph:
    """The diagram x, w1, b1 -> z1 -> a1 -> ... -> C, its labels the engine's local derivatives."""
    dC_da, local = labels(*chain(L))
    edges = [(f"a{L}", "C", dC_da)]
    for layer in range(1, L + 1):
        z, da_dz, dz_dw, dz_da = f"z{layer}", *(float(label[layer - 1]) for label in local)
        edges += [(f"a{layer - 1}", z, dz_da), (f"w{layer}", z, dz_dw), (f"b{layer}", z, 1.0), (z, f"a{layer}", da_dz)]
    return InfluenceGraph(edges)


@row_check("CEE697M-C50")
def influence_through_the_output() -> None:
    """An inner activation reaches the cost through the output alone: without that edge its influence is 0."""
    graph, (w, b) = chain_graph(3), chain(3)
    a_2 = swept(w, b)[0].a[2]
    agree(total_derivative(graph, "a2", "C"), numeric_gradient(partial(cost_above, layer=2, w=w, b=b), a_2).gradient)
    hold(all("a3" in [edge.target for edge in path] for path in paths(graph, "a2", "C")), "every path meets the output")
    frozen = InfluenceGraph([edge for edge in graph.edges if edge.target != "a3"], graph.nodes)
    agree(total_derivative(frozen, "a2", "C"), 0)


def _proportional(at: float, there: float, argument: float) -> float:
    """The value that proportionality predicts from the value at one known argument."""
    return there / at * argument


@row_check("CEE697M-E29", printed={"CEE697M-E29": _proportional})
def cost_depends_on_the_output(cost: Statement = lambda at, there, a: (a - TARGET) ** 2) -> None:
    """The cost is a function of the output, a parabola; it does not double with it."""
    costs = {a: squared_error(np.array([[a]]), np.array([[TARGET]])) for a in (1.0, 2.0, 5.0)}
    agree([cost(1.0, costs[1.0], a) for a in costs], list(costs.values()))


@row_check("CEE697M-E30", printed={"CEE697M-E30": lambda f, at, there, z: _proportional(at, there, z)})
def output_depends_on_its_sum(
    output: Statement = lambda f, at, there, z: z if f is identity else logistic(z),
) -> None:
    """The output is a function of its sum, and proportional to it for the identity only."""
    for f in (identity, sigmoid):
        outputs = {z: float(scalar_forward(z, np.ones(1), np.zeros(1), output=f).a[1]) for z in (1.0, 2.0, -3.0)}
        agree([output(f, 1.0, outputs[1.0], z) for z in outputs], list(outputs.values()))


@row_check("CEE697M-E31", printed={"CEE697M-E31": lambda b, at, there, a: _proportional(at, there, a)})
def sum_depends_on_the_activation_below(weighted_sum: Statement = lambda b, at, there, a: 1.7 * a + b) -> None:
    """The sum is a function of the activation below, a straight line, through the origin only without a bias."""
    for b in (0.0, -0.6):
        sums = {a: float(scalar_forward(a, np.array([1.7]), np.array([b])).z[0]) for a in (0.4, 0.8, 0.1)}
        agree([weighted_sum(b, 0.4, sums[0.4], a) for a in sums], list(sums.values()))


@row_check("CEE697M-E32")
def gradient_by_the_activation_below() -> None:
    """By the activation below the output: the cost's slope, times the output neuron's, times its weight."""
    w, b = chain(3)
    run, dC_da, gradients = swept(w, b)
    numeric = numeric_gradient(partial(cost_above, layer=2, w=w, b=b), run.a[2]).gradient
    agree(dC_da * 1 * w[2], numeric)
    agree(gradients.da[2], numeric)


@row_check("CEE697M-E34", "CEE697M-E63")
def chain_of_the_second_last_weight() -> None:
    """One layer below the output five local derivatives make the gradient of the weight."""
    for L in (2, 3, 4):
        check_weight_chain(L, 1)


@row_check("CEE697M-E36")
def chain_of_the_second_last_bias() -> None:
    """One layer below the output the bias has the same factors as the weight but for the last, which is 1."""
    check_bias_chain(3, 1)
    w, b = chain(3)
    agree(numeric_by_weights(w, b)[1] / numeric_by_biases(w, b)[1], swept(w, b)[0].a[1])


@row_check("CEE697M-E39")
def pre_activations() -> None:
    """Each neuron's sum is its weight times the activation below, plus its bias."""
    agree(by_numbers().z, [math.log(3), -math.log(4), 3.5])


@row_check("CEE697M-E40")
def hidden_activations() -> None:
    """Each hidden neuron's output is the logistic function of its sum: 3/4 at log 3, 1/5 at -log 4."""
    agree(by_numbers().a[1:3], [3 / 4, 1 / 5])


@row_check("CEE697M-E42", printed={"CEE697M-E42": lambda: sigmoid})
def output_that_reaches_any_target(output: Statement = lambda: identity) -> None:
    """The output neuron of a regression can take any value: its bias alone moves it onto the target."""
    w, b = chain(3)
    b[2] += TARGET - swept(w, b)[0].z[2]
    agree(scalar_forward(X, w, b, activation=sigmoid, output=output()).a[3], TARGET)


@row_check("CEE697M-E45")
def chain_of_the_last_bias() -> None:
    """The gradient of the last bias is the product of the cost's slope, the output neuron's and 1."""
    for L in (2, 3):
        check_bias_chain(L, 0)


@row_check("CEE697M-E52")
def chain_of_the_third_last_weight() -> None:
    """Two layers below the output seven local derivatives make the gradient of the weight."""
    for L in (3, 4):
        check_weight_chain(L, 2)


@row_check("CEE697M-E53")
def chain_of_the_third_last_bias() -> None:
    """Two layers below the output the bias has the same factors but for the last, which is 1."""
    for L in (3, 4):
        check_bias_chain(L, 2)


@row_check("CEE697M-E57")
def chain_of_the_first_weight() -> None:
    """Through all L layers 2 (L - 1) + 3 local derivatives make the gradient of the first weight."""
    for L in (3, 4, 5, 6):
        check_weight_chain(L, L - 1)


@row_check("CEE697M-E58")
def chain_of_the_first_bias() -> None:
    """The first bias has the first weight's factors but for the last, which is 1 in place of the input."""
    for L in (3, 4, 5, 6):
        check_bias_chain(L, L - 1)
    w, b = chain(4)
    agree(numeric_by_weights(w, b)[0] / numeric_by_biases(w, b)[0], X)


@row_check("CEE697M-F14")
def three_layer_diagram() -> None:
    """In the diagram of three layers the paths from the weights to the cost have 7, 5 and 3 edges with one product."""
    graph, (w, b) = chain_graph(3), chain(3)
    agree([len(graph.nodes), len(graph.edges)], [14, 13])
    routes = [list(paths(graph, f"w{layer}", "C")) for layer in (1, 2, 3)]
    agree([[len(route) for route in found] for found in routes], [[7], [5], [3]])
    agree([path_derivative(found[0]) for found in routes], numeric_by_weights(w, b))
    totals = total_derivatives(graph, "C")
    agree([totals[f"b{layer}"] for layer in (1, 2, 3)], numeric_by_biases(w, b))


def in_order(jacobians: list[Array]) -> Array:
    """The product of the Jacobians as the row convention has it, the outermost first."""
    return reduce(np.matmul, jacobians)


def _inner_ones_reversed(jacobians: list[Array]) -> Array:
    """The product in another order, as if the factors were numbers."""
    first, *inner, last = jacobians
    return reduce(np.matmul, [first, *reversed(inner), last])


def _squared_output(W_1: Array, W_2: Array, W_3: Array, x: Array) -> float:
    a = np.tanh(W_3 @ np.tanh(W_2 @ np.tanh(W_1 @ x)))
    return float(a @ a)


@row_check("CEE697M-E64", printed={"CEE697M-E64": _inner_ones_reversed})
def chain_of_three_layers(multiply: Statement = in_order) -> None:
    """Seven factors make the gradient of the first of three weights; for vectors they are matrices, kept in order."""
    check_weight_chain(3, 2)
    agree([n_local_derivatives(3, shared=True), n_local_derivatives(3, shared=False)], [3 + 3 + 3, 3 + 5 + 7])
    for width in (1, 2):
        x, *Ws = np.random.default_rng(5).standard_normal((4, width, width))
        run = forward(x[:1], Ws, [np.zeros(width)] * 3, [tanh] * 3)
        slopes = [tanh.jacobian(Z, A)[0] for Z, A in zip(run.Z, run.A[1:], strict=True)]
        dC_da, dz_dW = 2 * run.A[3], affine_jacobian_parameters(x[:1], width)[0]
        factors = [dC_da, slopes[2], Ws[2], slopes[1], Ws[1], slopes[0], dz_dW]
        cost = partial(_squared_output, W_2=Ws[1], W_3=Ws[2], x=x[0])
        agree(multiply(factors)[0], numeric_gradient(cost, Ws[0]).gradient.ravel())
