# %% [markdown]
# # 5 · Small changes, influence diagrams and the chain rule
#
# To train a network we must know how its loss answers to a small change of each weight. Today we draw a network as
# nodes and arrows. Each arrow gets one number, its local derivative. Two rules then give the derivative of any node by
# any other: along a path multiply, over all paths add.
#
# **Question of the day.** An input acts on an output through eight layers of ten nodes, and each node acts on all
# nodes of the next layer. So a hundred million paths lead from the input to the output. The derivative of the output
# by the input is the sum of one product for each path. *How many multiplications are enough to get this sum,
# exactly?* Write your number into the next cell before you run on.

# %%
my_guess = 0  # a number of multiplications; the paths alone number 100_000_000

# %% [markdown]
# | | section | minutes |
# |---|---|---|
# | 1 | Set-up and a look back | 4 |
# | 2 | One arrow: a small change | 9 |
# | 3 | Several arrows into one node | 5 |
# | 4 | A chain: derivatives multiply | 8 |
# | 5 | A fan: paths add | 14 |
# | 6 | Vectors: all arrows in one matrix | 12 |
# | 7 | A hundred million paths, and the answer | 7 |
# | 8 | One layer, and the task ahead | 16 |
# | 9 | Errata corner | at home, 15 |
# | 10 | Exercises | at home, 75 |
# | 11 | Check yourself, and what to read | at home, 10 |
#
# ## 1 · Set-up and a look back
#
# Lecture 4 in two lines: gradient descent moves every parameter against its derivative. A numerical gradient finds
# these derivatives by nudging one parameter at a time, which is right but slow. To recall it: how many runs of a network
# with 54 parameters does a numerical gradient take, if it nudges each one up and down? Section 8 prints the number.

# %%
from functools import reduce
from itertools import pairwise

import numpy as np

from coursekit import check, engine, figures, slides

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(5)


def agrees(a, b):
    """Do two arrays of one shape agree to seven digits?"""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-7, atol=1e-9))


def measured(f, at):
    """The derivative of a function of one number by central differences: the judge of this lecture."""
    return float(check.numeric_gradient(f, at).gradient)


# %% [markdown]
# Two signs from the slides. $\Delta x$ is a change of $x$, of any size. $\frac{dy}{dx}$ is the derivative, one number
# at each $x$. The wave in $\approx$ will matter today: it says "nearly", and we shall measure how nearly.
#
# ## 2 · One arrow: a small change
#
# Near any point a differentiable function looks like a straight line, its tangent. So for a small step
# $$\Delta y \approx \frac{dy}{dx}\,\Delta x .$$
# How good is this? Take $y=\tanh x$ at $x=0.4$ and halve the step five times.

# %% slides=["CSC561-E07"]
x = 0.4
slope = 1 - np.tanh(x) ** 2  # the derivative of tanh
steps = 0.8 / 2 ** np.arange(6)
true = np.tanh(x + steps) - np.tanh(x)
error = np.abs(true - slope * steps)

print("slope as measured:", agrees(slope, measured(np.tanh, x)))
print("    step   predicted   true      error    error before / error")
for i, step in enumerate(steps):
    ratio = f"{error[i - 1] / error[i]:10.2f}" if i else ""
    print(f"{step:8.3f} {slope * step:10.5f} {true[i]:9.5f} {error[i]:9.5f} {ratio}")

# %% [markdown]
# Half the step leaves about a *quarter* of the error, and for small steps the ratio closes in on 4. The change itself is
# only halved, so the error becomes small *compared with the change*. This is an **error of second order**: it shrinks
# like $\Delta x^2$. The ratio 4 is also a sharp test of a derivative. With a wrong slope the ratio tends to 2.

# %%
figures.show(
    figures.linearisation(np.tanh, at=x, slope=slope, step=0.8, name="tanh x"),
    alt="Left: tanh and its tangent at x = 0.4; after a step of 0.8 the tangent lies clearly above the curve. Right: on "
    "logarithmic axes the error falls along a straight line, to a quarter each time the step is halved.",
)

# %% [markdown]
# Now draw it. CSC561 makes every quantity a **node** and every influence an **arrow**; such a drawing is an
# **influence diagram**. The text version of the slides has lost the drawings, so we make our own. An arrow has a
# direction: $x$ acts on $y$, not $y$ on $x$. So the diagram below answers 0 when asked for $\frac{dx}{dy}$: it knows no
# path from $y$ to $x$. (The inverse function is another diagram.)
#
# > **Translation box**
# >
# > | CSC561 | house | in the engine |
# > |---|---|---|
# > | node $x$, node $y$ | a quantity with a value | `graph.nodes` |
# > | edge $x\to y$ | arrow, with its local derivative $\frac{dy}{dx}$ as label | `engine.Edge(source, target, derivative)` |
# > | $\frac{dy}{dx}$ over several edges | total derivative | `engine.total_derivative(graph, "x", "y")` |
# > | $\Delta x$ | the change of a node | |

# %% slides=["CSC561-F2"]
one_arrow = engine.InfluenceGraph([("x", "y", slope)])
print("dy/dx in this diagram:", round(engine.total_derivative(one_arrow, "x", "y"), 4))
print("dx/dy in this diagram:", engine.total_derivative(one_arrow, "y", "x"))
figures.show(
    figures.influence_diagram(one_arrow, values={"x": x, "y": np.tanh(x)}),
    alt="Two nodes, x with the value 0.400 and y with the value 0.380, joined by one arrow from x to y that carries the "
    "derivative 0.856.",
)

# %% [markdown]
# The label on the arrow turns the drawing into a small calculator. Put a change on the node $x$, multiply by the label
# of the arrow, and read off the change of $y$. On a curve the result is a prediction. On a straight line it is exact,
# for a step of any size. The engine's `jvp` does the same: it sends a change forward, from the input to the output.

# %% slides=["CSC561-C8"]
dx = 0.2
label = one_arrow.edges[0].derivative
by_engine = engine.jvp((engine.tanh,), np.array([[x]]), np.array([[dx]]))[0, 0]
print(f"tanh, a step of 0.2:     {label * dx:+.4f} predicted, {np.tanh(x + dx) - np.tanh(x):+.4f} true")
print(f"1 - 3x, a step of 5:    {-3 * 5:+.4f} predicted, {(1 - 3 * (x + 5)) - (1 - 3 * x):+.4f} true")
print("label times change, as the engine:", agrees(label * dx, by_engine))

# %% [markdown]
# ## 3 · Several arrows into one node
#
# A neuron has more than one input. When several inputs change a little, each contributes its own label times its own
# change, and the contributions add up:
# $$\Delta y \approx \sum_{i=1}^M \frac{\partial y}{\partial x_i}\,\Delta x_i .$$
# The curly $\partial$ says **partial derivative**: this input moves, the others stand still. Here is a sigmoid neuron
# with three inputs, $y=\sigma(z)$ with $z=\sum_i w_ix_i+b$. Its labels are $w_i\,\sigma'(z)$.

# %% slides=["CSC561-E08"]
w, b = np.array([2.0, -1.0, 0.5]), 0.1
inputs = np.array([0.3, 0.8, -0.5])


def neuron(x):
    """A sigmoid neuron: inputs (3,) to one number."""
    return 1 / (1 + np.exp(-(w @ x + b)))


labels = w * neuron(inputs) * (1 - neuron(inputs))
changes = np.array([0.2, 0.1, -0.3])
print("labels are the partial derivatives:", agrees(labels, check.numeric_gradient(neuron, inputs).gradient))
for share in (1, 1 / 2, 1 / 4, 1 / 8):
    true = neuron(inputs + share * changes) - neuron(inputs)
    error = abs(true - labels @ (share * changes))
    print(f"{share:5.3f} of the change: predicted {labels @ (share * changes):.5f}, true {true:.5f}, error {error:.6f}")

# %% [markdown]
# Again the error falls to about a quarter when all changes are halved. The diagram shows who contributes what. Below
# each node stands its change, as the labels predict it and as it truly is.
# The second input has twice the label of the third, in size, and yet it contributes less. What counts is the label
# times the change.

# %% slides=["CSC561-F3"]
names = ("x_1", "x_2", "x_3")
neuron_graph = engine.InfluenceGraph((name, "y", label) for name, label in zip(names, labels, strict=True))
contributions = [edge.derivative * d for edge, d in zip(neuron_graph.into("y"), changes, strict=True)]
print("contributions:", np.array(contributions), " their sum:", round(sum(contributions), 4))
figures.show(
    figures.influence_diagram(
        neuron_graph,
        values=dict(zip(names, inputs, strict=True)) | {"y": neuron(inputs)},
        predicted=dict(zip(names, changes, strict=True)) | {"y": sum(contributions)},
        true=dict(zip(names, changes, strict=True)) | {"y": neuron(inputs + changes) - neuron(inputs)},
    ),
    alt="Three nodes x1, x2 and x3 on the left, each with an arrow to y. The labels are 0.485, -0.242 and 0.121. Below y "
    "stand the predicted and the true change, which nearly agree.",
)

# %% [markdown]
# ## 4 · A chain: derivatives multiply
#
# Next, put one function into another: $y=f(g(x))$. A change of $x$ first becomes a change of $g$, then of $y$. Each
# arrow multiplies by its label, so the chain multiplies by both:
# $$\frac{dy}{dx}=\frac{dy}{dg}\,\frac{dg}{dx} .$$
# This is the **chain rule**. One detail is easy to miss. The outer slope must be taken at $g(x)$, where the outer
# function acts, and not at $x$.

# %% slides=["CSC561-E09"]
x = 0.6
g = np.tanh(x)


def sigmoid(t):
    """1 / (1 + exp(-t)), of a number or an array."""
    return 1 / (1 + np.exp(-t))


def sigmoid_slope(t):
    """The derivative of the sigmoid."""
    return sigmoid(t) * (1 - sigmoid(t))


dg_dx, dy_dg = 1 - g**2, sigmoid_slope(g)
print(f"measured                   {measured(lambda t: sigmoid(np.tanh(t)), x):.6f}")
print(f"outer slope taken at g(x)  {dy_dg * dg_dx:.6f}")
print(f"outer slope taken at x     {sigmoid_slope(x) * dg_dx:.6f}")

# %% [markdown]
# In the diagram the chain is a **path**, and the derivative along a path is the product of its labels.

# %% slides=["CSC561-F4"]
chain = engine.InfluenceGraph([("x", "g", dg_dx), ("g", "y", dy_dg)])
(only_path,) = engine.paths(chain, "x", "y")
print("product along the path:", round(engine.path_derivative(only_path), 4))
figures.show(
    figures.influence_diagram(chain, values={"x": x, "g": g, "y": sigmoid(g)}, path=only_path),
    alt="Three nodes in a row, x to g to y. The arrows carry 0.712 and 0.233. Below, their product 0.1657 is written as "
    "the derivative along the path.",
)

# %% [markdown]
# For changes the same product appears: $\Delta y\approx\frac{dy}{dg}\frac{dg}{dx}\,\Delta x$. The slide prints an
# equals sign here. The derivative is exact, the change is not, and the last column shows by how much. The error,
# divided by $\Delta x^2$, settles at a fixed number. That is what an error of second order means.

# %% slides=["CSC561-E10"]
print("      dx   predicted      true   error / dx^2")
for dx in (0.4, 0.2, 0.1, 0.05, 0.025):
    true = sigmoid(np.tanh(x + dx)) - sigmoid(g)
    predicted = dy_dg * dg_dx * dx
    print(f"{dx:8.3f} {predicted:11.6f} {true:9.6f} {(true - predicted) / dx**2:14.4f}")

# %% [markdown]
# ## 5 · A fan: paths add
#
# Now let $x$ act on $y$ in several ways at once,
# $$y=f\bigl(g_1(x), g_2(x),\dots,g_M(x)\bigr) .$$
# This is no rare case. It is a network with one input and $M$ hidden units. We take three of them,
# $g_i=\tanh(s_ix+c_i)$, and a sigmoid on top.

# %% slides=["CSC561-E11"]
s, c, v = np.array([1.2, -0.7, 2.0]), np.array([0.1, 0.4, -0.3]), np.array([0.8, 1.5, 0.6])


def inner(x):
    """The three functions g_1, g_2, g_3 of one number x: shape (3,)."""
    return np.tanh(s * x + c)


def outer(g):
    """f(g_1, g_2, g_3): one number."""
    return sigmoid(v @ g)


run = engine.forward(np.array([[x]]), [s[:, None], v[None]], [c, np.zeros(1)], [engine.tanh, engine.sigmoid])
print(f"y by the formula    {outer(inner(x)):.6f}")
print(f"y by the network    {run.A[-1][0, 0]:.6f}")

# %% [markdown]
# A change of $x$ reaches $y$ through every $g_i$. To see one road alone, let only $g_i$ follow $x$ and **freeze** the
# others at their old values. What is left is the chain of section 4: the product of two labels. The next cell builds the
# diagram and the freezing; the cell after it compares each product with what is measured.


# %%
def fan(x):
    """The influence diagram x -> g_1, g_2, g_3 -> y, with its local derivatives at x."""
    g = inner(x)
    below, above = s * (1 - g**2), v * sigmoid_slope(v @ g)
    edges = [("x", f"g_{i + 1}", below[i]) for i in range(3)]
    return engine.InfluenceGraph(edges + [(f"g_{i + 1}", "y", above[i]) for i in range(3)])


def one_road(i, t, frozen_at):
    """y if g_i alone follows x to t, and the other two stay as they are at frozen_at."""
    return outer(np.where(np.arange(3) == i, inner(t), inner(frozen_at)))


# %% slides=["CSC561-C9"]
x = 0.4
roads = list(engine.paths(fan(x), "x", "y"))
for i, road in enumerate(roads):
    frozen = measured(lambda t, i=i: one_road(i, t, x), x)
    print(
        f"through g_{i + 1}: product {engine.path_derivative(road):+.4f}   measured with the others frozen {frozen:+.4f}"
    )
total, whole = sum(map(engine.path_derivative, roads)), measured(lambda t: outer(inner(t)), x)
print(f"all three:   sum     {total:+.4f}   measured with nothing frozen    {whole:+.4f}")

# %% [markdown]
# The three roads add up to the whole. CSC561 calls this the *distributed* chain rule, and the diagram shows it: three
# paths, one product for each, and their sum. Here the second path pulls against the two others.

# %% slides=["CSC561-F5"]
figures.show(
    figures.influence_diagram(
        fan(x), values={"x": x, "y": outer(inner(x))} | {f"g_{i + 1}": inner(x)[i] for i in range(3)}, path=roads[1]
    ),
    alt="A fan: x on the left, g1, g2, g3 in the middle, y on the right. The path through g2 is thick, the others dashed; "
    "below stands its product, -0.690 times 0.312 = -0.2150.",
)

# %% [markdown]
# **Try it.** Change `x`, `dx` and `highlight` (1, 2 or 3) below. The diagram shows at each node the change that the
# labels predict and the true one. Look for three things. How fast do the two drift apart when `dx` grows? What is the
# ratio in the printed line when the step is halved, again and again? And set `x = 0.623`: every path is strong, and yet
# the predicted change of $y$ is almost 0, because the paths cancel.

# %% tags=["interactive"]
x, dx, highlight = 0.4, 0.4, 1

graph = fan(x)
here = {"x": x, "y": outer(inner(x))} | {f"g_{i + 1}": inner(x)[i] for i in range(3)}
there = {"x": x + dx, "y": outer(inner(x + dx))} | {f"g_{i + 1}": inner(x + dx)[i] for i in range(3)}
predicted = {node: engine.total_derivative(graph, "x", node) * dx for node in graph.nodes}
steps = dx / 2 ** np.arange(5)
errors = [outer(inner(x + h)) - here["y"] - engine.total_derivative(graph, "x", "y") * h for h in steps]
print("halve the step; the error of y becomes smaller by", np.round(np.divide(errors[:-1], errors[1:]), 2))
figures.show(
    figures.influence_diagram(
        graph,
        values=here,
        predicted=predicted,
        true={node: there[node] - here[node] for node in graph.nodes},
        path=list(engine.paths(graph, "x", "y"))[highlight - 1],
    ),
    alt="The fan with a predicted and a true change at every node after a step of x. At y the prediction is 0.0504 and the "
    "true change 0.0068, because g1 and g3 bend away from their tangents. The path through g1 is thick, with its product.",
)

# %% [markdown]
# CSC561 sums up both rules, now with a loss $l$ at the end. For a chain $z\to y\to l$ the rule is
# $\frac{dl}{dz}=\frac{dl}{dy}\frac{dy}{dz}$. Read it backwards, from the loss to $z$. The node $y$ receives the
# derivative of the loss by $y$, multiplies by the label of its arrow, and returns the derivative of the loss by $z$. The
# engine calls this `vjp`; it sends a derivative back, where `jvp` sent a change forward.

# %% slides=["CSC561-E12"]
z, target = np.array([[0.6]]), np.array([[0.2]])  # batches of one sample
y = engine.sigmoid(z)
dl_dy = engine.half_squared_error.gradient(y, target)
dl_dz = engine.vjp((engine.sigmoid,), z, dl_dy)
print(f"received {dl_dy[0, 0]:.4f}, local {sigmoid_slope(0.6):.4f}, returned {dl_dz[0, 0]:.4f}")
print("as measured:", agrees(dl_dz[0, 0], measured(lambda t: (sigmoid(t) - 0.2) ** 2 / 2, 0.6)))

# %% [markdown]
# For a fan with $z_i=g_i(x)$ every $z_i$ returns its share, and $x$ adds them all up:
# $$\frac{dl}{dx}=\sum_{i=1}^M\frac{\partial l}{\partial z_i}\,\frac{dz_i}{dx} .$$
# "Add" is one character of code, the plus in `+=`. Without it each share overwrites the one before, and only the last
# survives. Nothing stops you: the program runs, and the answer is a number.

# %% slides=["CSC561-E13"]
x = 0.4
z = inner(x)
dl_dz = (outer(z) - 1) * sigmoid_slope(v @ z) * v  # the loss is half (y - 1)^2
dz_dx = s * (1 - z**2)

added = overwritten = 0.0
for i in range(3):
    added += dl_dz[i] * dz_dx[i]
    overwritten = dl_dz[i] * dz_dx[i]

below = [("x", f"z_{i + 1}", dz_dx[i]) for i in range(3)]
loss_fan = engine.InfluenceGraph(below + [(f"z_{i + 1}", "l", dl_dz[i]) for i in range(3)])
totals = engine.total_derivatives(loss_fan, "l")
print(f"measured       {measured(lambda t: (outer(inner(t)) - 1) ** 2 / 2, x):+.6f}")
print(f"with +=        {added:+.6f}   by the engine {totals['x']:+.6f}")
print(f"with = alone   {overwritten:+.6f}")

# %% [markdown]
# Here are both summary diagrams, since their drawings were lost. Under each node stands the derivative of the
# loss by that node. Check one by hand: multiply what stands at the head of an arrow by the label of the arrow, and add
# over all arrows that leave the node.

# %% slides=["CSC561-F6"]
two_links = engine.InfluenceGraph([("z", "y", sigmoid_slope(0.6)), ("y", "l", dl_dy[0, 0])])
values = {"z": 0.6, "y": sigmoid(0.6)}
figures.show(
    figures.influence_diagram(two_links, values=values, totals=engine.total_derivatives(two_links, "l"), of="l"),
    alt="A chain z, y, l with the labels 0.229 and 0.446. Below the nodes stand the derivatives of the loss: 0.1020 by z, "
    "0.4457 by y and 1 by l itself.",
)
figures.show(
    figures.influence_diagram(loss_fan, values={"x": x}, totals=engine.total_derivatives(loss_fan, "l"), of="l"),
    alt="A fan from x through z1, z2 and z3 to the loss l. At z1, z2, z3 stand the labels of their arrows to l, at x the "
    "sum of three products, -0.0371.",
)

# %% [markdown]
# ## 6 · Vectors: all arrows in one matrix
#
# A layer has many inputs and many outputs. Instead of naming them one by one we write the layer as one function of a
# vector, $y=f(z)$ with $z\in\mathbb R^D$ and $y\in\mathbb R^M$. Our example has $D=3$ and $M=2$.

# %% slides=["CSC561-E37"]
W, b = rng.normal(size=(2, 3)), rng.normal(size=2)
z = np.array([0.5, -0.3, 0.8])


def f(z):
    """A layer of two tanh units: (3,) -> (2,)."""
    return np.tanh(W @ z + b)


print("from shape", z.shape, "to shape", f(z).shape, " y =", f(z))
print("as the engine, which takes rows:", agrees(f(z), engine.forward(z[None], [W], [b], [engine.tanh]).A[-1][0]))

# %% [markdown]
# Six arrows lead from three inputs to two outputs, each with a partial derivative. Put them into a matrix: one row for
# each output, one column for each input. This is the **Jacobian**, the derivative of a vector by a vector:
# $$[J_y(z)]_{ij}=\frac{\partial y_i}{\partial z_j},\qquad J_y(z)\ \text{is}\ M\times D .$$
# So entry $(i,j)$ is the label on the arrow from $z_j$ to $y_i$. Code counts from 0, so row 0 belongs to $y_1$. CSC561
# gives the definition in words and as a formula; one cell shows both.
#
# > **Translation box**
# >
# > | deck | the Jacobian of $y=f(z)$ | the index names | shape |
# > |---|---|---|---|
# > | house | $J$ | (said in words) | outputs × inputs |
# > | CSC561 | $J_y(z)$, later also $\nabla_z y$ | the output $y$ | outputs × inputs |
# > | CEE616 | $J_f(z)$ | the function $f$ | outputs × inputs |
# > | EECS545 | $\frac{\partial h}{\partial x}$ or $\nabla_x h$ | | outputs × inputs |
# >
# > Only CEE616's $\nabla f$ differs: there it means $J^\top$.

# %% slides=["CSC561-E38", "CSC561-C26"]
layer = (engine.affine_map(W, b), engine.tanh)
J = engine.jacobian(layer, z[None])[0]
print("shape (outputs, inputs):", J.shape, " as measured:", agrees(J, check.numeric_jacobian(f, z)))
arrows = engine.InfluenceGraph((f"z_{j + 1}", f"y_{i + 1}", J[i, j]) for j in range(3) for i in range(2))
figures.show(
    figures.influence_diagram(arrows),
    alt="Three nodes z1, z2, z3 on the left, two nodes y1, y2 on the right, and six arrows between them, each with its "
    "partial derivative.",
)
figures.show(
    figures.heat_map(J, title="the same six labels as a Jacobian", rows="output y", columns="input z"),
    alt="A matrix of two rows and three columns. Entry i, j is the label on the arrow from input j to output i.",
)

# %% [markdown]
# The Jacobian does for vectors what the label does for numbers: $\Delta y\approx J_y(z)\,\Delta z$. Row $i$ of this
# product is the sum of section 3. The slide offers it as a check, with an equals sign. One step alone cannot pass such a
# check, since the two sides always differ a little. So halve the step and look for the ratio 4.

# %% slides=["CSC561-E39"]
dz = np.array([0.4, -0.2, 0.3])
errors = [np.linalg.norm(f(z + h * dz) - f(z) - J @ (h * dz)) for h in 0.5 ** np.arange(6)]
print("predicted", J @ dz, " true", f(z + dz) - f(z))
print("error before / error after halving:", np.round(np.divide(errors[:-1], errors[1:]), 2))
wrong = [np.linalg.norm(f(z + h * dz) - f(z) - 1.1 * J @ (h * dz)) for h in 0.5 ** np.arange(6)]
print("the same with a J 10 per cent off:  ", np.round(np.divide(wrong[:-1], wrong[1:]), 2))

# %% [markdown]
# Two layers: $x\to z\to y$. The chain rule now reads
# $$J_y(x)=J_y(z)\,J_z(x) .$$
# Why a matrix product? Look at one entry: $\sum_k\frac{\partial y_i}{\partial z_k}\frac{\partial z_k}{\partial x_j}$.
# That is one product for each path from $x_j$ to $y_i$, one path through each $z_k$, and their sum. **A matrix product
# is the sum over paths**, for all pairs of ends at once.

# %%
W1, W2 = rng.normal(size=(3, 2)), rng.normal(size=(2, 3))
x = np.array([0.7, -0.4])


def both(x):
    """Two layers of tanh units: (2,) -> (3,) -> (2,)."""
    return np.tanh(W2 @ np.tanh(W1 @ x))


# %% slides=["CSC561-E44"]
z = np.tanh(W1 @ x)
J_zx = engine.jacobian((engine.affine_map(W1), engine.tanh), x[None])[0]  # (3, 2)
J_yz = engine.jacobian((engine.affine_map(W2), engine.tanh), z[None])[0]  # (2, 3)
J_yx = J_yz @ J_zx
edges = [(f"x_{j + 1}", f"z_{k + 1}", J_zx[k, j]) for j in range(2) for k in range(3)]
two_layers = engine.InfluenceGraph(
    edges + [(f"z_{k + 1}", f"y_{i + 1}", J_yz[i, k]) for k in range(3) for i in range(2)]
)
by_paths = [[engine.total_derivative(two_layers, f"x_{j}", f"y_{i}") for j in (1, 2)] for i in (1, 2)]
print(J_yx)
print("as measured:", agrees(J_yx, check.numeric_jacobian(both, x)), " sums over paths:", agrees(J_yx, by_paths))
figures.show(
    figures.influence_diagram(two_layers, path=next(engine.paths(two_layers, "x_1", "y_2"))),
    alt="Two nodes x, three nodes z and two nodes y with arrows between neighbouring layers. One of the three paths from "
    "x1 to y2 is thick, and the product of its two labels is written below.",
)

# %% [markdown]
# The order matters: the derivative of the *outer* function stands first, on the left. What happens if you swap the
# factors depends on the widths. Only in the first of the three cases below does numpy object. In the last case even the
# shape is right.

# %% slides=["CSC561-C29"]
for D, H, M in ((3, 4, 2), (2, 3, 2), (3, 3, 3)):
    A, B = rng.normal(size=(H, D)), rng.normal(size=(M, H))
    point = rng.normal(size=D)
    first = engine.jacobian((engine.affine_map(A), engine.tanh), point[None])[0]
    second = engine.jacobian((engine.affine_map(B), engine.tanh), np.tanh(A @ point)[None])[0]
    true = check.numeric_jacobian(lambda t, A=A, B=B: np.tanh(B @ np.tanh(A @ t)), point)
    try:
        swapped = f"shape {(first @ second).shape}, equal: {agrees(first @ second, true)}"
    except ValueError:
        swapped = "numpy objects, the shapes do not fit"
    print(f"{D}-{H}-{M}: outer @ inner equal: {agrees(second @ first, true)};  swapped: {swapped}")

# %% [markdown]
# A change can also travel step by step: first $\Delta z\approx J_z(x)\,\Delta x$, then
# $\Delta y\approx J_y(z)\,\Delta z$. This is what `jvp` does (the name is short for Jacobian-vector product), and it
# never builds the product of the matrices. At both stations half the step leaves about a quarter of the error.

# %% slides=["CSC561-E45"]
stack = (engine.affine_map(W1), engine.tanh, engine.affine_map(W2), engine.tanh)
dx = np.array([0.2, -0.1])
dz = J_zx @ dx
print("step by step", J_yz @ dz, " by jvp", engine.jvp(stack, x[None], dx[None])[0], " by the product", J_yx @ dx)
for h in (1, 1 / 2, 1 / 4, 1 / 8):
    error_z = np.linalg.norm(np.tanh(W1 @ (x + h * dx)) - z - h * dz)
    error_y = np.linalg.norm(both(x + h * dx) - both(x) - h * J_yz @ dz)
    print(f"{h:5.3f} of the step: error at z {error_z:.6f}, error at y {error_y:.6f}")

# %% [markdown]
# ## 7 · A hundred million paths, and the answer
#
# "Add over all paths" is a correct rule and a bad recipe. Count them: a diagram of layers, where every node acts on
# every node of the next layer, has as many paths as the product of the widths. A small one first, with widths 1, 3, 3, 1.


# %%
def layered(widths, rng):
    """A diagram of full layers x, a, b, ..., y with random labels, and the labels as matrices of shape (to, from)."""
    layers = [
        ["x"],
        *([f"{name}_{i + 1}" for i in range(n)] for name, n in zip("abcdefgh", widths[1:-1], strict=False)),
        ["y"],
    ]
    matrices = [rng.normal(size=(n, m)) / np.sqrt(m) for m, n in pairwise(widths)]
    edges = [
        (source, target, M[j, i])
        for (below, above), M in zip(pairwise(layers), matrices, strict=True)
        for i, source in enumerate(below)
        for j, target in enumerate(above)
    ]
    return engine.InfluenceGraph(edges), matrices


small, _ = layered([1, 3, 3, 1], rng)
routes = list(engine.paths(small, "x", "y"))
print(len(routes), "paths,", len(small.edges), "arrows")
print(f"sum over all paths: {sum(map(engine.path_derivative, routes)):+.6f}")
figures.show(
    figures.influence_diagram(small, totals=engine.total_derivatives(small, "y")),
    alt="A diagram of layers: x, then a1 to a3, then b1 to b3, then y, with fifteen labelled arrows. Each node carries "
    "the derivative of y by it.",
)

# %% [markdown]
# Many paths share their last arrows. The product of these is the same each time, so work it out once and keep it. Where?
# At the node from which the shared part starts: it is the derivative of the end by that node. Now go through the
# diagram from the end to the start. Each arrow is used once: multiply what has arrived at its head by its label, and
# add the result at its tail. This is the **reverse sweep**. Backpropagation is this sweep on the diagram of a network.


# %%
def reverse_sweep(graph, end):
    """The derivative of end by every node, and how many multiplications this took."""
    totals = dict.fromkeys(graph.nodes, 0.0) | {end: 1.0}
    multiplications = 0
    for node in reversed(graph.nodes):
        for edge in graph.into(node):
            totals[edge.source] += totals[node] * edge.derivative
            multiplications += 1
    return totals, multiplications


totals, multiplications = reverse_sweep(small, "y")
print(f"path by path {2 * len(routes)} multiplications, one sweep {multiplications}")
print(f"derivative by the sweep: {totals['x']:+.6f}")
print("the engine's sweep gives the same at every node:", totals == engine.total_derivatives(small, "y"))

# %% [markdown]
# Now the diagram of the question. Its paths are too many to list, but the sweep can count them: give every arrow the
# label 1, and each path has the product 1. The judge of the derivative is section 6: the product of the Jacobians is the
# sum over all paths.

# %%
large, matrices = layered([1] + [10] * 8 + [1], rng)
ones = engine.InfluenceGraph((edge.source, edge.target, 1.0) for edge in large.edges)
n_paths = int(reverse_sweep(ones, "y")[0]["x"])
totals, multiplications = reverse_sweep(large, "y")
by_matrices = reduce(np.matmul, reversed(matrices))[0, 0]  # the outermost on the left

print(f"your guess               {my_guess:>13,}")
print(f"one sweep                {multiplications:>13,} multiplications")
print(f"path by path             {8 * n_paths:>13,} multiplications for {n_paths:,} paths")
print("the sweep's derivative is right:", agrees(totals["x"], by_matrices))
print("derivatives that came with it:  ", len(totals))

# %% [markdown]
# **720**, one for each arrow. (Ten of them multiply by the 1 at the end, so even 710 would do.) A sweep from the input
# to the output would cost as much for this one number; exercise 5 writes it. But the reverse sweep also gives the
# derivative of the output by *every* node. That is what training needs: one number at the end, the loss, and its
# derivative by everything before it.

# %% [markdown]
# ## 8 · One layer, and the task ahead
#
# A deep network is a function of a function of a function: layer 1 is innermost, the last layer outermost. So it is a
# chain, with one Jacobian for each layer.

# %% slides=["EECS545-C19"]
net = engine.MLP([3, 5, 4, 2], activation=engine.tanh).initialize(rng)
net.parameters.flat[:] += 0.1 * rng.normal(size=len(net.parameters))  # biases that are not zero
X = rng.normal(size=(6, 3))  # a batch: one sample in each row
layers = list(zip(net.Ws, net.bs, net.activations, strict=True))
nested = reduce(lambda A, layer: layer[2](engine.affine(A, layer[0], layer[1])), layers, X)
print(
    "layers (from, to):", [(W.shape[1], W.shape[0]) for W in net.Ws], " nested equals network:", agrees(nested, net(X))
)

# %% [markdown]
# Here is the task of the coming lectures. For one training instance with input $x$ and target $d$ we want
# $\frac{d\,\mathrm{Div}(Y,d)}{dw^{(k)}_{ij}}$ for *every* weight of *every* layer. Div is CSC561's word for the loss of
# one instance, $Y$ is the network's output. Careful: CSC561 writes $w_{ij}$ for the weight *from* $i$ *to* $j$; in
# house notation it is entry $(j, i)$ of $W^{(k)}$. Today we can nudge one weight at a time. The engine gets all of them
# from one sweep.

# %% slides=["CSC561-C10"]
instance, d = X[:1], np.array([[1.0, -0.5]])
div, gradients = engine.loss_and_gradients(instance, d, net.Ws, net.bs, net.activations)


def nudged(k, i, j, weight):
    """The loss of the instance if the weight from unit i to unit j of layer k had another value."""
    Ws = [W.copy() for W in net.Ws]
    Ws[k - 1][j - 1, i - 1] = weight
    return engine.half_squared_error(engine.forward(instance, Ws, net.bs, net.activations).A[-1], d)


for k, i, j in ((1, 2, 5), (2, 5, 1), (3, 4, 2)):
    by_nudging = measured(lambda weight, k=k, i=i, j=j: nudged(k, i, j, weight), net.Ws[k - 1][j - 1, i - 1])
    print(f"layer {k}, from {i} to {j}: nudged {by_nudging:+.6f}   sweep {gradients.dWs[k - 1][j - 1, i - 1]:+.6f}")
print("parameters:", len(net.parameters), " runs of the network to nudge each up and down:", 2 * len(net.parameters))

# %% [markdown]
# The way there is to look at one layer alone. EECS545 gives it an input $x\in\mathbb R^D$, an output
# $h\in\mathbb R^N$ and parameters $\theta\in\mathbb R^M$, all weights and biases in one long vector. Suppose
# the layer is told how the loss depends on its output. What must it work out?
#
# > **Translation box**
# >
# > | EECS545 | meaning | shape there | house |
# > |---|---|---|---|
# > | $x$, $h$ | input and output of one layer | columns, $D$ and $N$ | rows of $X$ and $H$ |
# > | $\theta$ | all parameters of the layer | $M$ | $W$ and $b$, two arrays |
# > | $\nabla_h\mathcal L=\frac{\partial\mathcal L}{\partial h}$ | gradient, given from above | $N\times 1$ | $dH$, the shape of $H$ |
# > | $\nabla_x\mathcal L$ | gradient, passed down | $D\times 1$ | $dX$, the shape of $X$ |
# > | $\nabla_\theta\mathcal L$ | gradient, kept for the update | $M\times 1$ | $dW$, $db$ |
# >
# > Two warnings. $N$ is the number of *samples* in our house notation. And $\frac{\partial\,\cdot}{\partial h}$ of a
# > scalar is a column here, while $\frac{\partial h}{\partial x}$ is a Jacobian with outputs as rows.
#
# We take a layer of tanh units with $D=3$ and $N=2$, so $M=2\cdot3+2=8$. All three numbers differ, which lets the
# shapes speak. First what is given: one derivative of the loss for each output.

# %% slides=["EECS545-E11"]
W, b = 0.5 * rng.normal(size=(2, 3)), 0.5 * rng.normal(size=2)
x, wish = X[0], np.array([0.0, 1.0])
h = np.tanh(W @ x + b)
g = h - wish  # the gradient of half the squared error
print("gradient by the outputs:", g, " entries:", g.size)
print(check.gradient(g, lambda h: 0.5 * np.sum((h - wish) ** 2), at=h, name="the gradient by h"))
batch = engine.half_squared_error.gradient(np.tanh(engine.affine(X, W, b)), np.zeros((6, 2)))
print("for a batch of six samples, one row each:", batch.shape)

# %% [markdown]
# Next come the layer's own derivatives. By the input there are $N\cdot D$ of them, the Jacobian
# $\bigl[\frac{\partial h}{\partial x}\bigr]_{ij}=\frac{\partial h_i}{\partial x_j}$, of shape $N\times D$.

# %% slides=["EECS545-E14"]
J_x = engine.jacobian((engine.affine_map(W, b), engine.tanh), x[None])[0]
print("by the input:", J_x.shape, " as measured:", agrees(J_x, check.numeric_jacobian(lambda t: np.tanh(W @ t + b), x)))

# %% [markdown]
# By the parameters there are $N\cdot M$:
# $\bigl[\frac{\partial h}{\partial\theta}\bigr]_{ij}=\frac{\partial h_i}{\partial\theta_j}$. Our $\theta$ holds the
# weights row by row and then the biases. Half of the entries are zero, since a unit does not depend on the weights and
# the bias of another unit.


# %% slides=["EECS545-E12"]
def of_parameters(theta):
    """The outputs of the layer as a function of all its parameters: (8,) -> (2,)."""
    return np.tanh(theta[:6].reshape(2, 3) @ x + theta[6:])


theta = np.concatenate([W.ravel(), b])
by = engine.jacobian_parameters(x[None], [W], [b], [engine.tanh], layer=1)
J_theta = np.hstack([by.W[0], by.b[0]])
print(
    "by the parameters:", J_theta.shape, " as measured:", agrees(J_theta, check.numeric_jacobian(of_parameters, theta))
)
figures.show(
    figures.heat_map(J_theta, title="each output by each parameter", columns="two rows of W, then b"),
    alt="A matrix of two rows and eight columns. Row 0 is zero at the weights and the bias of unit 1, and row 1 is zero "
    "at those of unit 0.",
)

# %% [markdown]
# Now the chain rule. The input $x_k$ acts on the loss through *all* outputs, so this is the fan of section 5:
# $$\frac{\partial\mathcal L}{\partial x_k}=\sum_i\frac{\partial h_i}{\partial x_k}\frac{\partial\mathcal L}{\partial h_i},
# \qquad \nabla_x\mathcal L=\Bigl[\frac{\partial h}{\partial x}\Bigr]^\top\nabla_h\mathcal L .$$
# Why the transpose? The sum runs over the outputs, which are the *rows* of the Jacobian.

# %% slides=["EECS545-E10"]
by_sum = np.array([sum(J_x[i, k] * g[i] for i in range(2)) for k in range(3)])
by_engine = engine.vjp((engine.affine_map(W, b), engine.tanh), x[None], g[None])[0]
print(by_sum)
print("the sum, J^T g and the engine's vjp agree:", agrees(by_sum, J_x.T @ g), agrees(by_sum, by_engine))

# %% [markdown]
# Its length is $D$, as many entries as the input has.

# %% slides=["EECS545-E15"]
dx = J_x.T @ g
print("gradient by the input:", dx.shape, " input:", x.shape)
print(check.gradient(dx, lambda t: 0.5 * np.sum((np.tanh(W @ t + b) - wish) ** 2), at=x, name="the gradient by x"))

# %% [markdown]
# The same formula with $\theta$ in place of $x$ gives the gradient of the parameters, with $M$ entries.

# %% slides=["EECS545-E13"]
dtheta = J_theta.T @ g
print("gradient by the parameters:", dtheta.shape, " parameters:", theta.shape)
verdict = check.gradient(
    dtheta, lambda t: 0.5 * np.sum((of_parameters(t) - wish) ** 2), at=theta, name="the gradient by theta"
)
print(verdict)

# %% [markdown]
# So one gradient comes in, and the chain rule makes two of it: one for the parameters, one for the input. Nothing else
# from above is needed. The engine's rule for the affine part gives both without building any Jacobian.

# %% slides=["EECS545-C21"]
dz = g * (1 - h**2)  # through tanh
single_dX, single_dW, single_db = engine.affine_vjp(dz[None], x[None], W)
print("by the input:     ", agrees(single_dX[0], dx))
print("by the parameters:", agrees(np.concatenate([single_dW.ravel(), single_db]), dtheta))

# %% [markdown]
# This is the picture to keep. A layer is a box with three gradients: one is given from above, one is passed down, and
# one stays for the update of its parameters. The last one has two parts here, $dW$ and $db$. We draw it for the batch of
# six samples. Under each array stand its shape and its largest size; each gradient has the shape of its variable.

# %% slides=["EECS545-F13"]
H = np.tanh(engine.affine(X, W, b))
dH = rng.normal(size=H.shape)
dX, dW, db = engine.affine_vjp(dH * (1 - H**2), X, W)
V = figures.Variable
box = figures.LayerBox(
    "layer of tanh units",
    r"H = \tanh(X W^\top + b)",
    r"dX = (dH \odot (1 - H \odot H))\,W",
    V("X", X, dX),
    V("H", H, dH),
    (V("W", W, dW), V("b", b, db)),
)
figures.show(
    figures.layer_box(box),
    alt="A layer as a box. Blue arrows bring X, W and b in and take H out. Orange arrows bring dH in from the right and "
    "take dX out to the left and dW and db out below, each in the shape of its variable.",
)

# %% [markdown]
# What one layer passes down is what the layer below is given. So repeat the step, down to the lowest layer. This is
# **backpropagation**, the reverse sweep of section 7 with a whole layer at each step. It takes five lines: a run, the
# gradient of the loss, and a loop. Lectures 6 to 8 take it slowly.

# %% slides=["EECS545-C22"]
Y = rng.normal(size=(6, 2))
run = net.forward(X)
dA, found = engine.half_squared_error.gradient(run.A[-1], Y), {}
for layer in (3, 2, 1):
    dZ = net.activations[layer - 1].vjp(dA, run.Z[layer - 1], run.A[layer])  # through the activation
    dA, found[f"W{layer}"], found[f"b{layer}"] = engine.affine_vjp(dZ, run.A[layer - 1], net.Ws[layer - 1])


def loss_with(name, value):
    """The loss of the batch if one parameter array of the network had another value."""
    kept = net.parameters[name].copy()
    net.parameters[name] = value
    result = net.loss(net(X), Y)
    net.parameters[name] = kept
    return result


for name, gradient in found.items():
    print(check.gradient(gradient, lambda T, n=name: loss_with(n, T), at=net.parameters[name], name=f"d{name}"))
print(check.gradient(dA, lambda T: net.loss(net(T), Y), at=X, name="dX"))

# %% [markdown]
# ## 9 · Errata corner
#
# Seven of the 32 rows of this lecture carry a remark. None of them is a mistake in the argument. Three are the same small
# thing, a sign $=$ where $\approx$ is meant; two are slips in the text version of a formula; two concern names only. The
# classes: **notation**, symbols or shapes that disagree; **extraction**, most likely damage from turning the slides into
# text, to be compared with the original. Before you run each cell, say what it will answer.
#
# First CSC561's $\Delta y = \frac{dy}{dg}\frac{dg}{dx}\Delta x$, as it stands, for the chain of section 4. The next cell
# is meant to stop with an error.

# %% tags=["raises-exception"]
at, step = 0.6, 0.1
delta_y = sigmoid(np.tanh(at + step)) - sigmoid(np.tanh(at))
assert delta_y == dy_dg * dg_dx * step, f"{delta_y:.6f} is not {dy_dg * dg_dx * step:.6f}"

# %% [markdown]
# Is that only a matter of taste? Take a large step. A sigmoid lies between 0 and 1, so it can never change by more than
# 1. With an equals sign it could:

# %%
for step in (0.1, 1.0, 10.0):
    print(
        f"from 0, a step of {step:4.1f}: by the equation {sigmoid_slope(0) * step:.5f}, truly {sigmoid(step) - 0.5:.5f}"
    )

# %% [markdown]
# Second, two formulas of EECS545. For the Jacobian by the parameters the text version has the shape $N\times N$ and the
# entry $\frac{\partial\theta_j}{\partial\theta_j}$. For the Jacobian by the input it has
# $\bigl[\frac{\partial x}{\partial x}\bigr]_{ij}$ on the left. Taken at its word, the first has the entry 1 everywhere,
# and the second is the identity. The check compares both with the Jacobians of section 8, and then the corrected ones.

# %%
print(check.value(np.ones((2, 2)), J_theta, name="the Jacobian by the parameters, as printed"))
print(check.value(np.eye(3), J_x, name="the Jacobian by the input, as printed"))
print("dh_i / dtheta_j, measured:", agrees(J_theta, check.numeric_jacobian(of_parameters, theta)))
print("dh_i / dx_j, measured:    ", agrees(J_x, check.numeric_jacobian(lambda t: np.tanh(W @ t + b), x)))

# %% [markdown]
# Last, the course's own checks run five of the seven rows as printed. The other two concern names only.

# %%
for row_id in ("EECS545-E12", "EECS545-E14", "CSC561-E10", "CSC561-E39", "CSC561-E45"):
    try:
        slides.verify_printed(row_id)
        print(f"{row_id:12} holds as printed")
    except slides.Mismatch:
        slides.verify(row_id)
        print(f"{row_id:12} refuted as printed, holds as corrected")

# %% [markdown]
# The full list for this lecture:
#
# | row | class | what stands there | what is right | section |
# |---|---|---|---|---|
# | EECS545-E11 | notation | $N, M, D$ are the sizes of one layer: outputs, parameters, inputs; $\frac{\partial}{\partial h}$ is a column for the scalar $\mathcal L$ and a Jacobian for a vector | nothing is wrong; in this course $N$ counts samples and a gradient has the shape of its variable | 8 |
# | EECS545-E12 | extraction | in one place the shape is $N\times N$ and the entry $\partial\theta_j/\partial\theta_j$; a later place is correct | $N\times M$ with the entry $\partial h_i/\partial\theta_j$ | 8 |
# | EECS545-E14 | extraction | $[\partial x/\partial x]_{ij}=\partial\mathcal H/\partial x_j$ in one place | $[\partial h/\partial x]_{ij}=\partial h_i/\partial x_j$ | 8 |
# | CSC561-E10 | notation | $\Delta y = \frac{dy}{dg}\frac{dg}{dx}\Delta x$ | $\approx$, to first order; the slides before it print $\approx$ | 4 |
# | CSC561-E38 | notation | the index of $J_y(z)$ names the output | nothing is wrong; CEE616's $J_f(x)$ names the function | 6 |
# | CSC561-E39 | notation | $\Delta y = J_y(z)\,\Delta z$ | $\approx$; equal for every step only if $f$ is affine | 6 |
# | CSC561-E45 | notation | $\Delta z = J_z(x)\,\Delta x$ and $\Delta y = J_y(z)\,\Delta z$ | $\approx$ in both | 6 |
#
# And one remark that is no erratum: CSC561 prints the sum over $z_i$ twice, once with $g_i$ and once with $z_i$. They are
# the same quantities, $z_i=g_i(x)$.
#
# ## 10 · Exercises
#
# Each cell below runs as it stands, and the check says what is missing. Fill in your answer and run it again.
#
# **1 · The order of an error** (★, 15 minutes). Write a function that measures the errors of the linear prediction at
# `at`, for a step that is halved again and again, and returns the ratios "error before / error". Then suppose that the
# prediction also has the term $\tfrac12 f''(x)\,\Delta x^2$. To which number does the ratio tend now, and why?
#
# <details><summary>Hint 1</summary>If the error is about $c\,\Delta x^2$, write down the same with half the
# step and divide.</details>
#
# <details><summary>Hint 2</summary>For $n$ ratios you need $n+1$ steps. The next term of the Taylor series decides the
# order.</details>


# %%
def error_ratios(f, slope, at, step, n):
    """The n ratios of the linear prediction's errors, for step, step / 2, step / 4, ...: shape (n,)."""


my_new_ratio = None  # the number to which the ratio tends with the second term

expected = np.array([4.14679, 4.13088, 4.08186])
my_ratios = error_ratios(np.tanh, 1 - np.tanh(0.4) ** 2, at=0.4, step=0.4, n=3)
print(check.value(my_ratios, expected, name="the array of ratios", reveal=False, tolerance=1e-4))
print(check.value(my_new_ratio, 2.0**3, name="the new ratio", reveal=False))

# %% [markdown]
# **2 · Three paths** (★★, 15 minutes). For the fan of section 5, write the three path products as formulas of $x$ (no
# engine, no differences) and their sum. The check compares each product with the derivative of $y$ when the other two
# $g$ are frozen. Then answer in one sentence: if a program visits $g_1, g_2, g_3$ in this order and writes `=` in place
# of `+=`, which of your four numbers does it return?
#
# <details><summary>Hint 1</summary>Each product has a factor from the inside, $s_i(1-g_i^2)$, and one from the
# outside.</details>
#
# <details><summary>Hint 2</summary>The slope of the sigmoid is $y(1-y)$ and the same in all three products.</details>


# %%
def path_products(x):
    """The products along x -> g_i -> y for i = 1, 2, 3: shape (3,)."""


at = -0.2
frozen = np.array([measured(lambda t, i=i: one_road(i, t, at), at) for i in range(3)])
products = path_products(at)
print(check.value(products, frozen, name="the array of products"))
total = None if products is None else np.sum(products)
print(check.value(total, measured(lambda t: outer(inner(t)), at), name="their sum"))

# %% [markdown]
# **3 · The product of two Jacobians** (★★, 15 minutes). A network takes $\mathbb R^3$ to $\mathbb R^2$ by
# $z=\tanh(Ax)$ and $y=\sigma(Bz)$, with four hidden units. Write its Jacobian as a product of matrices. Before you run
# it, write down the shapes. Then swap the order and explain the message of numpy.
#
# <details><summary>Hint 1</summary>The Jacobian of an activation that works entry by entry is a diagonal matrix, and
# a diagonal matrix from the left multiplies the rows.</details>
#
# <details><summary>Hint 2</summary>There are four factors. The outermost stands on the left.</details>


# %%
def network_jacobian(x, A, B):
    """The Jacobian (2, 3) of sigmoid(B tanh(A x)) at x (3,), with A (4, 3) and B (2, 4)."""


A, B, point = rng.normal(size=(4, 3)), rng.normal(size=(2, 4)), rng.normal(size=3)
reference = check.numeric_jacobian(lambda x: sigmoid(B @ np.tanh(A @ x)), point)
print(check.value(network_jacobian(point, A, B), reference, name="the Jacobian"))

# %% [markdown]
# **4 · Exactly or nearly?** (★, 10 minutes). Four equations with an equals sign are on the slides: the chain rule
# $\frac{dy}{dx}=\frac{dy}{dg}\frac{dg}{dx}$, the change $\Delta y=\frac{dy}{dg}\frac{dg}{dx}\Delta x$, the product
# $J_y(x)=J_y(z)J_z(x)$, and $\Delta y=J_y(z)\Delta z$. Two are exact, two are not. Say which, and why. Now the other
# way round: for which of the maps below is $\Delta y=J\,\Delta z$ exact, for *this* point and step? Write `True` or
# `False` for each.
#
# <details><summary>Hint</summary>Ask whether the map is a straight line along the whole step, not whether it is
# straight everywhere.</details>

# %%
my_answers = {
    "affine": None,
    "square of each entry": None,
    "ReLU": None,
    "two affine maps in a row": None,
    "softmax": None,
}

z, dz = np.array([1.0, -2.0, 0.5]), np.array([0.5, 1.0, 0.25])
A, B = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
maps = {
    "affine": lambda z: A @ z + 1,
    "square of each entry": lambda z: z**2,
    "ReLU": lambda z: np.maximum(z, 0),
    "two affine maps in a row": lambda z: B @ (A @ z + 1) - 2,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(),
}
for name, function in maps.items():
    exact = agrees(function(z + dz) - function(z), check.numeric_jacobian(function, z) @ dz)
    if my_answers[name] is None:
        verdict = "not yet answered"
    else:
        verdict = "right" if my_answers[name] == exact else "look again: is it straight from z to z + dz?"
    print(f"{name:26} {verdict}")

# %% [markdown]
# **5 · The sweep in the other direction** (★★★, 20 minutes). The reverse sweep gives the derivative of *one end* by
# every node. Write the forward sweep: the derivative of *every node* by one start, also with one multiplication for
# each arrow. When would you want which?
#
# <details><summary>Hint 1</summary>Walk through <code>graph.nodes</code> in their own order. When you come to a node, all
# nodes before it are finished.</details>
#
# <details><summary>Hint 2</summary>For each arrow into a node, what has arrived at its tail, and what does it add at its
# head?</details>


# %%
def forward_sweep(graph, start):
    """The derivative of every node by start: a dict from node to number."""


mine = forward_sweep(two_layers, "x_2")
nodes = ("x_1", "x_2", "z_1", "z_2", "z_3", "y_1", "y_2")
got = None if mine is None else np.array([mine.get(node, 0.0) for node in nodes])
right = np.array([engine.total_derivative(two_layers, "x_2", node) for node in nodes])
print(check.value(got, right, name="the derivatives by x_2"))

# %% [markdown]
# ## 11 · Check yourself, and what to read
#
# The numeric checks of all 32 rows of this lecture, on their own examples:

# %%
print(slides.self_check("NB05"))

# %% [markdown]
# **To take home.** A derivative predicts a small change, and half the step leaves a quarter of the error. Along a path
# multiply; over all paths add, with `+=`. A sweep backwards does this with one multiplication for each arrow, however
# many paths there are, and gives the derivative by every node. The same rules for vectors are products of Jacobians,
# with the outer one on the left. A layer is given one gradient and makes two of it.
#
# **To read.** *Probabilistic Machine Learning: An Introduction*, chapter 13 (computation graphs and backpropagation; the
# vector calculus is in chapter 7); *Deep Learning*, chapter 6, the part on backpropagation (chain rule and
# computational graphs); *The Elements of Statistical Learning*, chapter 11 (the two-pass algorithm). Next lecture:
# backpropagation by hand, where the diagrams are small networks and each label gets its formula.
