# %% [markdown]
# # 7 · Jacobians, JVP and VJP: forward and reverse mode
#
# A layer has many inputs and many outputs, so it has many slopes. Today they are put into one table, the Jacobian. A
# network is then a product of Jacobians. Such a product can be worked out from either end, and the choice of the end
# decides what training costs.
#
# **Question of the day.** A network of widths 784, 128, 10 reads small images. It has 101,770 weights and biases. One
# can learn how its loss responds to each of them by nudging one after the other, which takes 101,770 more forward
# passes. *How many forward passes' worth of multiply-adds does reverse mode need for the same 101,770 slopes, once the
# forward pass itself is done?* Write your number into the next cell before you run on.

# %%
my_guess = 0  # a number of forward passes

# %% [markdown]
# | | section | minutes |
# |---|---|---|
# | 1 | Set-up and a look back | 4 |
# | 2 | A table of slopes, by rows and by columns | 9 |
# | 3 | The Jacobian of each kind of layer | 12 |
# | 4 | A chain of layers is a product of Jacobians | 10 |
# | 5 | A question from the left, a question from the right | 11 |
# | 6 | Two orders of multiplication | 10 |
# | 7 | What a whole Jacobian costs | 7 |
# | 8 | The parameters have Jacobians too | 6 |
# | 9 | Why training runs backwards, and the answer | 6 |
# | 10 | Errata corner | at home, 20 |
# | 11 | Exercises | at home, 90 |
# | 12 | Check yourself, and what to read | at home, 10 |
#
# ## 1 · Set-up and a look back
#
# Lecture 6 in two lines: along a chain of numbers, each derivative of the loss is the next one, nearer to the loss,
# times one local derivative. Whoever walks backwards computes each local derivative once and uses it for all that lies
# below.

# %%
from itertools import pairwise
from weakref import ref

import numpy as np

from coursekit import check, engine, figures, slides

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(7)


measured = check.numeric_jacobian  # by central differences, without any formula: the judge of this lecture


def on_vector(layer):
    """Make a layer, which takes batches, a function of one vector."""
    return lambda x: layer(x[None])[0]


def agrees(a, b):
    """Do two arrays of one shape agree to seven digits?"""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-7, atol=1e-9))


# %% [markdown]
# House notation: samples are rows, a weight matrix $W$ has the shape (out, in), and $dT$ has the shape of $T$. Today we
# mostly look at a single sample $x$ with $D$ entries, a row of a batch, and write it as a plain vector. To the engine
# it is a batch of one, `x[None]`. Indices in code count from 0, as numpy does; in formulas they count from 1.
#
# Our main example is a chain of four layers of widths 4, 8, 6, 4, 2. Each is a matrix product followed by tanh.

# %%
widths = [4, 8, 6, 4, 2]
Ws = [1.5 * rng.normal(size=(M, D)) / np.sqrt(D) for D, M in pairwise(widths)]
layers = tuple(engine.compose(engine.affine_map(W), engine.tanh) for W in Ws)
f = on_vector(engine.compose(*layers))
x = rng.normal(size=4)
print("input  x    ", x)
print("output f(x) ", f(x))

# %% [markdown]
# ## 2 · A table of slopes, by rows and by columns
#
# One input and one output have one slope. Four inputs and two outputs have eight, one for each pair. How shall we
# collect them? There are two natural ways, and both will matter all day.
#
# **Nudge an input.** Move input $j$ a little, leave the others alone, and see how *all outputs* respond. With $M$
# outputs the answer has $M$ entries: $\partial f/\partial x_j\in\mathbb R^M$.

# %% slides=["CEE616-C3"]
h = 1e-5
responses = []
for j in range(4):
    nudge = h * np.eye(4)[j]
    responses.append((f(x + nudge) - f(x - nudge)) / (2 * h))
    print(f"nudge input {j}: the two outputs respond with", responses[-1])

# %% [markdown]
# **Ask an output.** Take output $i$ alone. It is one number that depends on $D$ inputs, so it has a gradient
# $\nabla f_i(x)$ with $D$ entries. It says how sensitive this output is to *all inputs*.

# %% slides=["CEE616-C2"]
gradients = []
for i in range(2):
    gradients.append(check.numeric_gradient(lambda t, i=i: f(t)[i], x).gradient)
    print(f"output {i}: its gradient is", gradients[-1])

# %% [markdown]
# Both are the same eight numbers. Put the gradients into rows, or the responses into columns, and the same table
# appears. It is the **Jacobian** of lecture 5:
# $$J = \frac{\partial f}{\partial x} =
# \begin{pmatrix}\nabla f_1(x)^\top\\ \vdots\\ \nabla f_M(x)^\top\end{pmatrix} =
# \Big(\frac{\partial f}{\partial x_1},\dots,\frac{\partial f}{\partial x_D}\Big)
# \in\mathbb R^{M\times D},\qquad J_{ij}=\frac{\partial f_i}{\partial x_j}.$$
# One row for each output, one column for each input: a row says what one output feels, a column says what one input
# does. A small step $\Delta x$ changes the output by about $J\,\Delta x$.

# %% slides=["CEE616-E07"]
J = engine.jacobian(layers, x[None])[0]
print("shape (outputs, inputs):         ", J.shape)
print("gradients as rows make J:        ", agrees(np.stack(gradients), J))
print("responses as columns make J:     ", agrees(np.stack(responses, axis=1), J))
figures.show(
    figures.heat_map(J, title="Jacobian of the network 4-8-6-4-2"),
    alt="The Jacobian as a table of coloured cells with numbers: two rows, one for each output, and four columns, one "
    "for each input. Red cells are positive slopes, blue cells negative ones.",
)

# %% [markdown]
# And the gradient? For one output the gradient is a vector in the shape of $x$, which is a row of $J$ turned into a
# column. CEE616 extends the word to several outputs: the gradient of a vector function stands the $M$ gradients side
# by side, so it is the *transposed* Jacobian, $\nabla f(x) = J^\top\in\mathbb R^{D\times M}$.

# %% slides=["CEE616-E08"]
side_by_side = np.column_stack(gradients)
print(side_by_side)
print("shape (inputs, outputs):", side_by_side.shape, " equal to the transposed Jacobian:", agrees(side_by_side, J.T))

# %% [markdown]
# Here the decks part ways, and this is worth a box. The table $J$ is the same in all of them. The sign $\nabla$ is not.
#
# > **Translation box**
# >
# > | deck | the table, outputs × inputs | what $\nabla$ means for a vector function | derivative of the loss |
# > |---|---|---|---|
# > | house | $J$, shape $(M, D)$ | not used: $\nabla$ is kept for gradients of one number | $dT$, in the shape of $T$ |
# > | CEE616 | $\mathbf J_f(x)$ | $\nabla f = J^\top$ | a row; its transpose is the gradient |
# > | EECS545 | $\partial h/\partial x$ | $\nabla_x h = J$ | $\nabla_h\mathcal L$, a column |
# > | CSC561 | $J_y(z)$ | $\nabla_z y = J$ | $\nabla_z\mathrm{Div}$, a row |
# > | CEE697M | no table; single entries | – | $\partial L/\partial w_{1,2}$, a number |
#
# ## 3 · The Jacobian of each kind of layer
#
# Networks are built from few kinds of layers. If we know the Jacobian of each kind, we know the parts of every network.
# Our example for this section is CEE616's: $x_1\to x_2=W_1x_1\to x_3=\varphi(x_2)\to x_4=W_2x_3\to$ loss, with three
# inputs, four hidden units and two outputs. Its four steps are called $f_1$ to $f_4$; $f_4$ is the loss. Mind the
# subscript: here it counts steps. $x_1$ is the whole input vector and no longer its first entry; entry $i$ of $x_2$ is
# $x_{2,i}$.

# %%
W1, W2 = rng.normal(size=(4, 3)) / 2, rng.normal(size=(2, 4))
x1, y = np.array([1.0, -2.0, 0.5]), rng.normal(size=2)
x2 = W1 @ x1
x3 = np.tanh(x2)
x4 = W2 @ x3
print("x1", x1, " x2", x2)
print("x3", x3, " x4", x4)

# %% [markdown]
# ### The affine layer
#
# Output $i$ of $z = Wy+b$ is $z_i=\sum_j w_{ij}y_j+b_i$. Its slope with respect to $y_j$ is $w_{ij}$. So the Jacobian is
# the weight matrix itself. CSC561 states it for any affine map, CEE616 for its upper layer, $J_{f_3}(x_3)=W_2$, and for
# its lower one, $J_{f_1}(x_1)=W_1$. This is why (out, in) is a good shape for weights: it is the shape of a Jacobian.

# %% slides=["CSC561-E42", "CEE616-E27", "CEE616-E32"]
b = rng.normal(size=2)
print("lower layer, measured Jacobian is W1:", agrees(measured(lambda t: W1 @ t, x1), W1))
print("upper layer, measured Jacobian is W2:", agrees(measured(lambda t: W2 @ t, x3), W2))
print("with a bias it is still W2:          ", agrees(measured(lambda t: W2 @ t + b, x3), W2))
print("the engine's affine map agrees:      ", agrees(engine.jacobian((engine.affine_map(W2, b),), x3[None])[0], W2))

# %% [markdown]
# With respect to the bias the slope of $z_i$ is 1 for its own $b_i$ and 0 for all others. The Jacobian is the identity.

# %% slides=["CSC561-E43"]
J_b = measured(lambda t: W2 @ x3 + t, b)
print(np.round(J_b, 6))
print("the identity:", agrees(J_b, np.eye(2)))

# %% [markdown]
# ### The activation layer
#
# An activation such as tanh acts on each entry alone, $x_{3,i}=\varphi(x_{2,i})$. Output $i$ does not feel input $j\ne i$:
# $$\frac{\partial x_{3,i}}{\partial x_{2,j}} = \begin{cases}\varphi'(x_{2,i}) & i=j\\ 0 & \text{otherwise.}\end{cases}$$

# %% slides=["CEE616-E29"]
J_phi = measured(np.tanh, x2)
own = np.array([J_phi[i, i] for i in range(4)])
others = np.array([J_phi[i, j] for i in range(4) for j in range(4) if i != j])
print("own input:      ", own, " as 1 - tanh^2:", agrees(own, 1 - np.tanh(x2) ** 2))
print("any other input:", "exactly zero" if not others.any() else others)

# %% [markdown]
# As a matrix this is $\mathrm{diag}(\varphi'(x_2))$: slopes on the diagonal, zeros elsewhere. Storing it would waste
# memory, and multiplying with it would waste time. A row $u^\top$ times a diagonal matrix is just an entry-by-entry
# product, $u\odot\varphi'(x_2)$.

# %% slides=["CEE616-E30"]
slopes = engine.tanh.derivative(x2, x3)
u = rng.normal(size=4)
print("u^T diag(slopes) equals u * slopes:", np.array_equal(u @ np.diag(slopes), u * slopes))
figures.show(
    figures.heat_map(J_phi, title="Jacobian of the tanh layer"),
    alt="A table of four rows and four columns. The four cells on the diagonal hold the slopes of tanh at the four "
    "pre-activations; all other cells are white and hold zero.",
)

# %% [markdown]
# CSC561 says the same of every *scalar activation*, a function that is applied to one number at a time: the Jacobian is
# diagonal, and its entries are the units' own derivatives.

# %% slides=["CSC561-E40", "CSC561-C27"]
z = np.array([-1.5, 0.3, 2.0])
s = 1 / (1 + np.exp(-z))
by_hand = {
    engine.sigmoid: s * (1 - s),
    engine.tanh: 1 - np.tanh(z) ** 2,
    engine.relu: np.array([0.0, 1.0, 1.0]),
    engine.softplus: s,
}
for phi, slope in by_hand.items():
    print(f"{phi.name:9}", slope, " diag(slopes) as measured:", agrees(np.diag(slope), measured(on_vector(phi), z)))

# %% [markdown]
# ### The vector activation
#
# Softmax turns $K$ numbers into $K$ positive numbers of sum 1, $y_i = e^{z_i}/\sum_k e^{z_k}$. Every output depends on
# every input, through the sum. CSC561 calls such a function a *vector activation*. Its Jacobian has an entry
# $\partial y_i/\partial z_j$ in every place. For softmax the entries are $y_i(1-y_i)$ on the diagonal and $-y_iy_j$
# elsewhere, or $J=\mathrm{diag}(y)-y\,y^\top$.

# %% slides=["CSC561-E41"]
z = np.array([0.4, -0.5, 1.0, 0.1])
y_soft = engine.softmax(z[None])[0]
J_soft = np.diag(y_soft) - np.outer(y_soft, y_soft)
print("the formula as measured:", agrees(J_soft, measured(on_vector(engine.softmax), z)))
print("and as in the engine:   ", agrees(J_soft, engine.jacobian((engine.softmax,), z[None])[0]))

# %% [markdown]
# The slide calls this a *full* matrix. Full here means dense: no entry is zero. It does not mean full rank. Add the same
# number to all inputs and softmax does not change, so $J$ sends the vector of ones to zero, and the rank is $K-1$. Nor is
# every vector activation dense: the maximum of four numbers feels only the largest one.

# %% slides=["CSC561-C28"]
print("softmax, entries that are zero:", np.sum(J_soft == 0), "of", J_soft.size)
print("softmax, rank:                 ", np.linalg.matrix_rank(J_soft, tol=1e-10), "of", len(z))
print("J times a vector of ones is zero:", agrees(J_soft @ np.ones(4), np.zeros(4)))
print("maximum, Jacobian:             ", engine.jacobian((engine.maximum,), z[None])[0])
figures.show(
    figures.heat_map(J_soft, title="Jacobian of softmax: dense, rank 3"),
    alt="A table of four rows and four columns for softmax. The diagonal is positive, every other cell is negative, none "
    "is zero, and each row adds up to zero.",
)

# %% [markdown]
# ### The loss
#
# The last step of the example takes two numbers and returns one, $\mathcal L=\tfrac12\lVert x_4-y\rVert^2$. One output
# makes one row: $J_{f_4}(x_4)=(x_4-y)^\top$. The factor $\tfrac12$ cancels the 2 of the square. The slide heads this
# line "output layer, $\ell=L=4$". The output layer of the network is $f_3$; $f_4$ is the loss, a step of its own.

# %% slides=["CEE616-E26"]
J_loss = measured(lambda t: np.array([0.5 * np.sum((t - y) ** 2)]), x4)
print(J_loss, J_loss.shape)
print("the row (x4 - y)^T:        ", agrees(J_loss, (x4 - y)[None]))
print("the engine's loss gradient:", agrees(engine.half_squared_error.gradient(x4[None], y[None]), J_loss))

# %% [markdown]
# Four kinds, four shapes to remember: affine, the weights; scalar activation, a diagonal; vector activation, a dense
# square; loss, a row.
#
# ## 4 · A chain of layers is a product of Jacobians
#
# Back to the network 4-8-6-4-2. First each layer for itself. Layer $\ell$ has $M_{\ell-1}$ inputs and $M_\ell$ outputs,
# with $M_0=D$ and $M_L=M$, so its Jacobian
# $$\big[J_\ell\big]_{ij} = \frac{\partial f_{\ell,i}}{\partial x_{\ell,j}}$$
# has the shape $M_\ell\times M_{\ell-1}$. The slide draws every layer's table with $M$ rows and $D$ columns, the sizes of
# the whole network. Only with a shape of its own for each layer do the factors below fit together.

# %% slides=["CEE616-E05"]
values = engine.trace(layers, x[None])  # x_1, x_2, ..., x_5, each a batch of one
Js = []
for number, (layer, W, (before, after)) in enumerate(zip(layers, Ws, pairwise(values), strict=True), start=1):
    Js.append((1 - after[0] ** 2)[:, None] * W)  # diag(slopes) W, without building the diagonal matrix
    fits = agrees(Js[-1], measured(on_vector(layer), before[0]))
    print(f"J_{number}: {Js[-1].shape[0]} outputs, {Js[-1].shape[1]} inputs; as measured: {fits}")

# %% [markdown]
# Now chain them. A small step $\Delta x$ of the input becomes $J_1\Delta x$ behind the first layer, $J_2J_1\Delta x$
# behind the second, and so on to the output $o=f(x)$:
# $$\frac{\partial o}{\partial x} =
# \frac{\partial f_4}{\partial x_4}\,\frac{\partial f_3}{\partial x_3}\,\frac{\partial f_2}{\partial x_2}\,
# \frac{\partial f_1}{\partial x_1}.$$
# The last layer stands first, because it acts last.

# %% slides=["CEE616-E04"]
J1, J2, J3, J4 = Js
print(J4 @ J3 @ J2 @ J1)
print("the product as measured on the whole network:", agrees(J4 @ J3 @ J2 @ J1, measured(f, x)))

# %% [markdown]
# The deck writes the same once more as $J_f(x_4)J_f(x_3)J_f(x_2)J_f(x_1)$ and calls it the gradient. By its own
# definition of section 2 the product is the Jacobian, 2×4, and the gradient is its transpose, 4×2.

# %% slides=["CEE616-E06"]
product = J4 @ J3 @ J2 @ J1
print("product:  ", product.shape, " equal to the Jacobian: ", agrees(product, J))
print("transpose:", product.T.shape, " gradients side by side:", agrees(product.T, np.column_stack(gradients)))

# %% [markdown]
# The order matters, as CSC561 stresses: in such a product the outer function stands on the left. In the wrong order,
# unequal widths make numpy refuse. Equal widths are worse: everything fits and the numbers are wrong.

# %% slides=["CSC561-C30"]
for D, H, M in ((3, 5, 2), (3, 3, 3)):
    inner = engine.compose(engine.affine_map(rng.normal(size=(H, D))), engine.tanh)
    outer = engine.compose(engine.affine_map(rng.normal(size=(M, H))), engine.sigmoid)
    t = rng.normal(size=D)
    J_inner = engine.jacobian((inner,), t[None])[0]
    J_outer = engine.jacobian((outer,), inner(t[None]))[0]
    truth = measured(on_vector(engine.compose(inner, outer)), t)
    print(f"widths {D}-{H}-{M}, outer first:", agrees(J_outer @ J_inner, truth), end="   inner first: ")
    print(agrees(J_inner @ J_outer, truth) if D == M else f"{J_inner.shape} times {J_outer.shape} does not fit")

# %% [markdown]
# ### The chain that ends in a loss
#
# CSC561 draws a two-layer network as a chain with a local derivative on each edge,
# $$x\to z_1\to y_1\to z_2\to y_2\to \mathrm{Div},$$
# and asks for the derivative of the divergence, its word for the loss, with respect to every node. (The slide writes $D$
# for it, a letter that is a width elsewhere.) All derivatives are rows. Each is the row of the node to its right times the
# Jacobian on the edge between. Multiply from the right end and every row on the way is one that we wanted anyway.
#
# > **Translation box**
# >
# > | CSC561, here | CEE616's four steps | house |
# > |---|---|---|
# > | $x$, $z_1$, $y_1$, $z_2$, $y_2$ | $x_1$, $x_2$, $x_3$, $x_4$ (no activation on top) | $X$, $Z^{(1)}$, $A^{(1)}$, $Z^{(2)}$, $A^{(2)}$ |
# > | $\nabla_xz_1=W_1$, $\nabla_{z_1}y_1$ | $J_{f_1}(x_1)$, $J_{f_2}(x_2)$ | $W^{(1)}$, $J_{\varphi_1}$ |
# > | $D$ or Div | $\mathcal L=f_4(x_4,y)$ | $\mathcal L$ |
# > | $\nabla_{z_1}D$, a row | $\partial\mathcal L/\partial x_2$, a row | $dZ^{(1)}$ for a batch of one |

# %% slides=["CSC561-E46"]
net = engine.MLP([3, 4, 2], activation=engine.tanh, output=engine.softmax).initialize(rng)
sample, d = rng.normal(size=3), np.array([1.0, 0.0])
edges = [engine.affine_map(net.Ws[0], net.bs[0]), engine.tanh, engine.affine_map(net.Ws[1], net.bs[1]), engine.softmax]
nodes = [sample]
for edge in edges:
    nodes.append(edge(nodes[-1][None])[0])
row = {"y2": nodes[4] - d}  # the loss is half the squared error
for name, place in (("z2", 3), ("y1", 2), ("z1", 1), ("x", 0)):
    J_edge = engine.jacobian((edges[place],), nodes[place][None])[0]
    row[name] = list(row.values())[-1] @ J_edge
    rest = on_vector(engine.compose(*edges[place:]))
    truth = measured(lambda t, rest=rest: np.array([0.5 * np.sum((rest(t) - d) ** 2)]), nodes[place])[0]
    print(f"row at {name:2}", row[name], " as measured:", agrees(row[name], truth))

# %% [markdown]
# Five slides of the deck show this product growing; their pictures are lost in the text version. Here is the chain with
# the rows below, in house letters. Change `taken` from 0 to 5, and one more factor is multiplied at each step. The
# engine's backward pass visits the same nodes and returns the same rows. The arrows that point down belong to weights and
# biases; section 8 comes to them.

# %% slides=["CSC561-F19"]
taken = 5
run = net.forward(sample[None])
swept = engine.backward((nodes[4] - d)[None], run, net.Ws, net.activations)
pairs = {"y2": swept.dAs[1], "z2": swept.dZs[1], "y1": swept.dAs[0], "z1": swept.dZs[0], "x": swept.dX}
print("rows as in the engine:", {name: agrees(row[name], gradient[0]) for name, gradient in pairs.items()})
figures.show(
    figures.computational_graph(net, sample[None], d[None], steps=taken),
    alt="A line of boxes X, Z1, A1, Z2, A2 and the loss. Blue arrows run right, each labelled with its local derivative: "
    "W1, the Jacobian of tanh, W2, the Jacobian of softmax, the Jacobian of the loss. In a second line "
    "below, orange arrows run back left through the gradients dA2, dZ2, dA1, dZ1 and dX, with the same derivatives as "
    "labels. Below dZ2 and dZ1 arrows lead down to the gradients of weights and biases.",
)

# %% [markdown]
# ## 5 · A question from the left, a question from the right
#
# Often nobody wants the whole table. One wants to know what a certain combination of the outputs feels, or what a certain
# step of the input does. Both are products with one vector.
#
# ### From the left: the vector-Jacobian product
#
# Weigh the outputs with a vector $u$ of $M$ entries. The **vector-Jacobian product** (VJP) is the row
# $$u^\top J\in\mathbb R^{1\times D}.$$
# It is the gradient of the single number $u^\top f(x)$. For a layer $\tanh(Wx)$ it needs no table at all. By section 3,
# $u^\top\,\mathrm{diag}(\varphi')\,W$ is an entry-by-entry product followed by one product with $W$. The cell does it by
# hand for the first layer, and lets the engine do it for the whole chain, for ten random $u$.

# %% slides=["CEE616-E09"]
u = rng.normal(size=8)
by_hand = (u * (1 - values[1][0] ** 2)) @ Ws[0]
print("first layer by hand:", by_hand)
print("equal to u^T J_1:   ", agrees(by_hand, u @ J1))
several = rng.normal(size=(10, 2))
answers = [engine.vjp(layers, x[None], u[None])[0] for u in several]
truths = [check.numeric_gradient(lambda t, u=u: u @ f(t), x).gradient for u in several]
print("whole chain, entries of the answer:", answers[0].shape)
print("equal to u^T J:                    ", agrees(np.array(answers), several @ J))
print("equal to the gradient of u^T f:    ", agrees(np.array(answers), np.array(truths)))

# %% [markdown]
# The simplest weights pick one output and ignore the rest: $u=e_i$, a vector with 1 in place $i$ and 0 elsewhere. It is
# called *one-hot*. It must have $M$ entries, one for each output; the engine refuses any other length.

# %% slides=["CEE616-E10"]
for i in range(2):
    e_i = np.eye(2)[i]
    print("e_i =", e_i, " picks output", i, "of f(x):", e_i @ f(x) == f(x)[i])
try:
    engine.vjp(layers, x[None], np.eye(4)[:1])
except engine.ShapeError as refusal:
    print(refusal)

# %% [markdown]
# With this weight the answer is row $i$ of the table, the gradient of output $i$: $e_i^\top J=\nabla f_i(x)^\top$. The
# deck states it in words and drew it in a picture that is lost; in our picture the chosen row stands out.

# %% slides=["CEE616-C4", "CEE616-F3"]
for i in range(2):
    answer = engine.vjp(layers, x[None], np.eye(2)[i : i + 1])[0]
    print(f"e_{i}^T J =", answer, " row of J:", agrees(answer, J[i]), " gradient:", agrees(answer, gradients[i]))
figures.show(
    figures.heat_map(J, title="a one-hot vector from the left selects a row", row=1),
    alt="The Jacobian with two rows and four columns. The second row, output 1, is framed in black and in full colour; "
    "the first row has faded.",
)

# %% [markdown]
# ### From the right: the Jacobian-vector product
#
# Choose a direction $v$ of $D$ entries and walk that way. The **Jacobian-vector product** (JVP)
# $$J v\in\mathbb R^{M}$$
# is the slope of all outputs along $v$. In other words, it is the derivative of $f(x+tv)$ by $t$ at $t=0$. It needs no
# table either: for the first layer it is $\varphi'\odot(Wv)$.

# %% slides=["CEE616-E11"]
v = rng.normal(size=4)
by_hand = (1 - values[1][0] ** 2) * (Ws[0] @ v)
print("first layer by hand equals J_1 v:", agrees(by_hand, J1 @ v))
Jv = engine.jvp(layers, x[None], v[None])[0]
along = measured(lambda t: f(x + t[0] * v), np.zeros(1))[:, 0]
print("whole chain, J v =", Jv, " as a product:", agrees(Jv, J @ v), " as measured:", agrees(Jv, along))
u = rng.normal(size=2)
uJ = engine.vjp(layers, x[None], u[None])[0]
print("u (J v) and (u J) v are one number:", np.isclose(u @ Jv, uJ @ v, rtol=1e-12, atol=1e-14))

# %% [markdown]
# The last line is the *adjoint test*: both products belong to one matrix, so the brackets in $u^\top J v$ do not matter.
# It needs no differences and no small step, and it holds to the last digits. Exercise 2 makes a tool of it.
#
# Again the simplest choice is one-hot, this time with $D$ entries: $v=e_j$ moves input $j$ and nothing else.

# %% slides=["CEE616-E12"]
for j in range(4):
    e_j = np.eye(4)[j]
    print("e_j =", e_j, " inputs that x + e_j has moved:", np.flatnonzero(x + e_j != x))
try:
    engine.jvp(layers, x[None], np.eye(2)[:1])
except engine.ShapeError as refusal:
    print(refusal)

# %% [markdown]
# And the answer is column $j$ of the table: $J e_j=\partial f/\partial x_j$.

# %% slides=["CEE616-C5"]
for j in range(4):
    answer = engine.jvp(layers, x[None], np.eye(4)[j : j + 1])[0]
    print(f"J e_{j} =", answer, " column of J:", agrees(answer, J[:, j]), " response:", agrees(answer, responses[j]))

# %% [markdown]
# Try it. Set `side` to `"left"` or `"right"` and `entry` to a place in the one-hot vector. Look for the row or column that
# lights up, for the length of the vector that is sent, and for the length of the answer.

# %% tags=["interactive"]
side = "right"  # "left" for e_i^T J, "right" for J e_j
entry = 2  # 0 or 1 from the left, 0 to 3 from the right

if side == "left":
    sent = np.eye(2)[entry]
    answer = engine.vjp(layers, x[None], sent[None])[0]
    chosen = {"row": entry, "title": f"from the left, entry {entry}: row {entry}"}
else:
    sent = np.eye(4)[entry]
    answer = engine.jvp(layers, x[None], sent[None])[0]
    chosen = {"column": entry, "title": f"from the right, entry {entry}: column {entry}"}
print("sent:  ", sent)
print("answer:", answer)
figures.show(
    figures.heat_map(J, **chosen),
    alt="The Jacobian with two rows and four columns. The row or column that the chosen one-hot vector selects is framed "
    "and in full colour; all other cells have faded.",
)

# %% [markdown]
# > **Translation box**
# >
# > | | from the left | from the right |
# > |---|---|---|
# > | CEE616 | $u^\top J_f(x)$, a row of $D$ entries | $J_f(x)\,v$, a column of $M$ entries |
# > | EECS545 | $J^\top\nabla_h\mathcal L$, the same turned into a column | – |
# > | CSC561 | $\nabla_y\mathrm{Div}\;J_y(z)$, a row | $J_y(z)\,\Delta z$ |
# > | house, a batch | `vjp(layers, X, U)`: row $n$ is $u_n^\top J(x_n)$ | `jvp(layers, X, V)`: row $n$ is $J(x_n)\,v_n$ |
# > | other books | cotangent $u$, pullback, reverse mode | tangent $v$, pushforward, forward mode |
#
# ## 6 · Two orders of multiplication
#
# For a chain, both products are products of many matrices and one vector. Brackets decide what they cost. Start at the
# vector, and every step is a matrix times a vector. Start elsewhere, and matrices get multiplied by matrices.
#
# **Right to left.** For $Jv$ the vector stands on the right:
# $$J v = J_4\big(J_3\big(J_2\,(J_1\,v)\big)\big),\qquad
# \underbrace{J_4}_{M\times M_3}\;\underbrace{J_3}_{M_3\times M_2}\;\underbrace{J_2}_{M_2\times M_1}\;
# \underbrace{J_1}_{M_1\times D}\;\underbrace{v}_{D\times1}.$$
# The vector travels from the input to the output and changes its length from layer to layer. The product of $J_\ell$ with
# a vector takes $M_\ell M_{\ell-1}$ *multiply-adds*, one for each entry of $J_\ell$. That is our unit of cost today. We
# leave out the slopes of the activations, which add a little, and the forward pass, which both orders need.

# %% slides=["CEE616-E13"]
tangent, cost = v, 0
print("input of layer 1: length", len(tangent))
for number, J_layer in enumerate(Js, start=1):
    tangent = J_layer @ tangent
    cost += J_layer.size
    print(f"behind layer {number}:   length {len(tangent)}, multiply-adds so far {cost}")
print("equal to the engine's J v:", agrees(tangent, engine.jvp(layers, x[None], v[None])[0]))
print("the engine's count for one pass:", engine.multiply_adds(widths, "forward") // 4)

# %% [markdown]
# **Left to right.** For $u^\top J$ the vector stands on the left, and the same factors are taken from the other end:
# $$u^\top J = \Big(\big((u^\top J_4)\,J_3\big)\,J_2\Big)\,J_1 .$$
# Now it travels from the output to the input. One pass costs exactly as much.

# %% slides=["CEE616-E14"]
cotangent, cost = u, 0
print("output of layer 4: length", len(cotangent))
for number, J_layer in reversed(list(enumerate(Js, start=1))):
    cotangent = cotangent @ J_layer
    cost += J_layer.size
    print(f"below layer {number}:     length {len(cotangent)}, multiply-adds so far {cost}")
print("equal to the engine's u^T J:", agrees(cotangent, engine.vjp(layers, x[None], u[None])[0]))
print("the engine's count for one pass:", engine.multiply_adds(widths, "reverse") // 2)

# %% [markdown]
# The first order has the name **forward mode**. It runs in the same direction as the network, so the tangent can travel
# beside the values. When a layer has been passed, its input is not needed any more. We can watch this. The first cell
# below is mere book-keeping: it counts how many layer outputs are in memory whenever a layer applies its rule. The second
# runs a chain of 20 layers through the engine.


# %%
def most_in_memory(product, layers, X, seed):
    """The largest number of layer outputs in memory while the engine takes this product of the chain."""
    outputs, alive = [], []

    def watched(layer):
        def fn(Z, out=None):
            value = layer.fn(Z, out=out)
            outputs.append(ref(value))  # a weak reference does not keep the array alive
            return value

        def rule(G, Z, A, out=None):
            alive.append(sum(output() is not None for output in outputs))
            return (layer.jvp if product is engine.jvp else layer.vjp)(G, Z, A, out=out)

        return layer._replace(fn=fn, jvp=rule, vjp=rule)

    product(tuple(watched(layer) for layer in layers), X, seed)
    return max(alive)


# %% slides=["CEE616-C8"]
deep = tuple(engine.compose(engine.affine_map(rng.normal(size=(5, 5)) / 2), engine.tanh) for _ in range(20))
X5, direction = rng.normal(size=(1, 5)), rng.normal(size=(1, 5))
print("forward mode, 20 layers, most outputs in memory at once:", most_in_memory(engine.jvp, deep, X5, direction))

# %% [markdown]
# Two: the input of the layer at work, and its output.
#
# The second order is **reverse mode**. It runs against the network: the first factor is that of the *last* layer, and its
# slopes are known only when the whole forward pass is done. Until then the values of all layers must be kept, or else be
# computed a second time. The engine keeps them.

# %% slides=["CEE616-C10"]
weights = rng.normal(size=(1, 5))
print("reverse mode, 20 layers, most outputs in memory at once:", most_in_memory(engine.vjp, deep, X5, weights))

# %% [markdown]
# So reverse mode pays in memory. What does it buy? Count the passes that a *whole* Jacobian takes. A JVP with $e_j$ gives a
# column, and there are as many columns as inputs: $D$ JVPs. A VJP with $e_i$ gives a row, and there are as many rows as
# outputs: $M$ VJPs. The slide has the two letters the other way round, although its own remarks in brackets, one per input
# and one per output, are right.


# %% slides=["CEE616-C6"]
def passes_for_a_whole_jacobian(D, M):
    """Build a Jacobian by columns and by rows, one product at a time; return how many each took."""
    chain = tuple(engine.compose(engine.affine_map(rng.normal(size=s)), engine.tanh) for s in ((5, D), (M, 5)))
    at = rng.normal(size=(1, D))
    truth = measured(on_vector(engine.compose(*chain)), at[0])
    columns = [engine.jvp(chain, at, e_j[None])[0] for e_j in np.eye(D)]
    rows = [engine.vjp(chain, at, e_i[None])[0] for e_i in np.eye(M)]
    assert agrees(np.stack(columns, axis=1), truth), "the columns do not make the Jacobian"
    assert agrees(np.stack(rows), truth), "the rows do not make the Jacobian"
    return len(columns), len(rows)


for D, M in ((4, 2), (2, 7)):
    n_columns, n_rows = passes_for_a_whole_jacobian(D, M)
    counts = [engine.n_passes([D, 5, M], mode) for mode in ("forward", "reverse")]
    print(f"D={D} inputs, M={M} outputs: {n_columns} JVPs or {n_rows} VJPs; the engine counts {counts}")

# %% [markdown]
# ## 7 · What a whole Jacobian costs
#
# If every pass costs the same, the mode with fewer passes wins. Our network has more inputs than outputs, $M<D$. Forward
# mode makes four passes of 112 multiply-adds, reverse mode two. *Few outputs favour rows.*


# %% slides=["CEE616-C9"]
def pass_cost(widths):
    """Multiply-adds of one vector sent through the whole chain."""
    return sum(inputs * outputs for inputs, outputs in pairwise(widths))


print("forward: 4 columns of", pass_cost(widths), "make", 4 * pass_cost(widths), end="; ")
print("the engine counts", engine.multiply_adds(widths, "forward"))
print("reverse: 2 rows of   ", pass_cost(widths), "make", 2 * pass_cost(widths), end="; ")
print("the engine counts", engine.multiply_adds(widths, "reverse"))
figures.show(
    figures.mode_cost(widths),
    alt="Pairs of bars for the four layers of the network 4-8-6-4-2. In every layer the forward bar is twice the reverse "
    "bar: 128 and 64, 192 and 96, 96 and 48, 32 and 16. In total 448 against 224 multiply-adds.",
)

# %% [markdown]
# Turn it round: with fewer inputs than outputs, $D<M$, columns are cheaper. That is the slide's other rule.
#
# Both rules carry a condition that the slides leave unsaid: a pass of either mode must cost the same. Does it? The vector
# that a pass starts with is its *seed*; here it is one-hot. The first product of a forward pass is $J_1e_j$, and that is
# merely column $j$ of $J_1$. Whoever picks the column instead of multiplying pays nothing at the first layer; in reverse
# mode, nothing at the last. We call these seeds *free*, and the others *charged*. With free seeds the modes no longer pay
# for the same layers, and the rule can fail.

# %% slides=["CEE616-C7"]
for sizes in ([2, 8, 6, 4, 7], [3, 1, 1, 10, 4], [4, 10, 1, 1, 3]):
    D, M, layer_costs = sizes[0], sizes[-1], [n * m for n, m in pairwise(sizes)]
    charged = D * sum(layer_costs), M * sum(layer_costs)
    free = D * sum(layer_costs[1:]), M * sum(layer_costs[:-1])
    print("widths", "-".join(map(str, sizes)), "with", "D < M" if D < M else "M < D")
    for name, charge, (forward, reverse) in (("seeds charged", True, charged), ("seeds free", False, free)):
        counts = tuple(engine.multiply_adds(sizes, mode, charge_seed=charge) for mode in ("forward", "reverse"))
        winner = "forward" if forward < reverse else "reverse"
        print(f"   {name:13}  forward {forward:3}, reverse {reverse:3}: {winner} is cheaper;", end=" ")
        print("the engine counts the same:", counts == (forward, reverse))

# %% [markdown]
# In 3-1-1-10-4 most of a pass, 40 of its 54 multiply-adds, lies in the last layer. Reverse mode starts there, and for
# free. The mirror image 4-10-1-1-3 has $M<D$ and favours forward mode.
#
# Play with it. Change the list of widths, and `charge_seed` to `True` or `False`. Look for networks with $D<M$ in which
# reverse mode still wins, and see which layer decides.

# %% tags=["interactive"]
sizes = [3, 1, 1, 10, 4]  # two or more widths, from the input to the output
charge_seed = False  # True: also count the product with the one-hot seed

figures.show(
    figures.mode_cost(sizes, charge_seed=charge_seed),
    alt="Bars for four layers of the chosen widths. With 3-1-1-10-4 and free seeds forward mode pays nothing in layer 1 and "
    "120 in layer 4, reverse mode 40 in layer 3 and nothing in layer 4; in total 153 against 56 multiply-adds.",
)

# %% [markdown]
# With only two layers and free seeds, both modes are left with the one product $J_2J_1$, and tie. So the rule of thumb is a
# good one, and still a rule about cost holds only for the costs that it counts.
#
# ## 8 · The parameters have Jacobians too
#
# So far we differentiated with respect to inputs. Training needs the parameters. CEE616's example has three steps with
# parameter slots $\theta_1=W_1$, $\theta_2$ for the activation, and $\theta_3=W_2$.
#
# A weight matrix is not a vector, so read it row by row into one: $\mathrm{vec}(W)$. Output $i$ of $Wx$ is row $i$ of $W$
# times $x$. It feels the entries of its own row, with slopes $x$, and no others. So the Jacobian has one copy of $x^\top$
# for each output, set out like stairs: $I\otimes x^\top$. The sign $\otimes$ is the *Kronecker product*: each entry of
# the left matrix is replaced by itself times the whole right matrix. The slide gives $x_3^\top$ for the upper layer, which
# is the case of one output, and leaves the lower layer open. Both have the same form.

# %% slides=["CEE616-E28", "CEE616-E33"]
for name, W, before in (("upper, theta_3", W2, x3), ("lower, theta_1", W1, x1)):
    J_W = measured(lambda w, W=W, before=before: w.reshape(W.shape) @ before, W.ravel())
    kron = np.kron(np.eye(len(W)), before[None])
    same = agrees(engine.affine_jacobian_parameters(before[None], len(W))[0], kron)
    print(f"{name}: shape {J_W.shape}, kron(I, x^T): {agrees(J_W, kron)}, as in the engine: {same}")
print(engine.affine_jacobian_parameters(x3[None], 2)[0])
one_output = measured(lambda w: w.reshape(1, 4) @ x3, W2[0])
print("with one output it is x3^T alone:", agrees(one_output, x3[None]))

# %% [markdown]
# A table with so many zeros should not be built, and for a VJP it need not be. In $u^\top(I\otimes x^\top)$ block $i$ is
# $u_i\,x^\top$. Fold the blocks back into rows, and they form the **outer product** $u\,x_1^\top$, a column times a row, in
# the shape of $W_1$. (The slide puts an equals sign between the long row and the matrix; one is the other, read row by row.)

# %% slides=["CEE616-U3"]
u = np.array([0.5, -2.0, 1.5, 0.1])
long_row = u @ engine.affine_jacobian_parameters(x1[None], 4)[0]
folded = long_row.reshape(4, 3)
print("long row:", long_row.shape, " folded:", folded.shape, " outer product:", agrees(folded, np.outer(u, x1)))
print(check.gradient(np.outer(u, x1), lambda T: u @ (T @ x1), at=W1, name="the outer product"))

# %% [markdown]
# The slide's picture of this is lost. Ours shows it as it grows: row $i$ is the input, scaled by $u_i$.

# %% slides=["CEE616-F4"]
outer = engine.affine_vjp(u[None], x1[None], W1).dW
for i in range(4):
    print(f"row {i}: {u[i]:4.1f} times {x1} =", outer[i], np.array_equal(outer[i], u[i] * x1))
figures.show(
    figures.heat_map(outer, title="outer product: row 1 is -2 times the input", rows="output", columns="input", row=1),
    alt="A table of four rows and three columns. Row i holds the input 1, -2, 0.5 times u_i. Row 1, framed, is minus two "
    "times the input: -2, 4, -1.",
)

# %% [markdown]
# And $\theta_2$? The activation has no parameters. The slide writes $\theta_2=0$ and $\partial x_3/\partial\theta_2=0$.
# *Empty* is the better word. A parameter that happens to be 0 still has a place in the list, and a derivative. An empty
# set has no place, and its derivative is a block with four rows and no columns. The first cell counts the parameters. The
# second puts the blocks side by side and compares them with the measured Jacobian of $x_3$ by all parameters.

# %% slides=["CEE616-C15"]
theta_2 = np.empty(0)
theta = np.concatenate([W1.ravel(), theta_2, W2.ravel()])
weights_only = engine.n_parameters([3, 4, 2]) - engine.n_neurons([3, 4, 2])  # the example has no biases
print("parameters of the three steps:", W1.size, theta_2.size, W2.size)
print("all together:", len(theta), " as the engine counts weights:", weights_only)

# %% slides=["CEE616-E31"]
block_1 = np.diag(slopes) @ engine.affine_jacobian_parameters(x1[None], 4)[0]
block_2 = np.empty((4, 0))
block_3 = np.zeros((4, W2.size))  # x3 does not feel the weights above it: here 0 is right
blocks = np.hstack([block_1, block_2, block_3])
print("blocks:", block_1.shape, block_2.shape, block_3.shape, " together", blocks.shape)
print("as measured:", agrees(blocks, measured(lambda t: np.tanh(t[:12].reshape(4, 3) @ x1), theta)))

# %% [markdown]
# ## 9 · Why training runs backwards, and the answer
#
# In networks the number of outputs $M$ is usually far smaller than the number of inputs $D$. A classifier of images has
# 784 pixels and 10 classes. If each pass is run as it stands, which is what software does, reverse mode costs 10/784 of
# forward mode. And training is more extreme still. The loss is one more step with a single output, so $M=1$: the whole
# Jacobian is one row, and one pass is enough.

# %% slides=["CEE616-C11"]
image_net = [784, 128, 10]
for title, sizes in (("ten outputs", image_net), ("the loss", [*image_net, 1])):
    print(f"{title}: passes forward {engine.n_passes(sizes, 'forward')}, reverse {engine.n_passes(sizes, 'reverse')}")
    for name, charge in (("seeds charged", True), ("seeds free", False)):
        forward, reverse = (engine.multiply_adds(sizes, mode, charge_seed=charge) for mode in ("forward", "reverse"))
        print(f"   {name:13}  forward {forward:10,}  reverse {reverse:9,}  ratio {forward / reverse:5.1f}")

# %% [markdown]
# The ten outputs with free seeds are the tie of section 7. With the loss on top reverse mode is ahead in either count.
#
# Hence backpropagation uses VJPs: one sweep down from the loss, with one VJP at each layer and an outer product on the
# side for its weights. The next two cells note which layer is asked when, and check the slope of every parameter.


# %%
def noted(phi, number, calls):
    """An activation that notes each call of its vector-Jacobian product."""

    def vjp(G, Z, A, out=None):
        calls.append(f"layer {number}")
        return phi.vjp(G, Z, A, out=out)

    return phi._replace(vjp=vjp)


def loss_at(flat):
    """The loss of the probe network at a flat vector of parameters."""
    other = engine.MLP(probe.sizes)
    other.parameters.flat[:] = flat
    return engine.half_squared_error(other(X), Y)


# %% slides=["CEE616-C12"]
probe = engine.MLP([4, 5, 3, 2]).initialize(rng)
X, Y, calls = rng.normal(size=(1, 4)), rng.normal(size=(1, 2)), []
run = probe.forward(X)
start = engine.half_squared_error.gradient(run.A[-1], Y)
maps = [noted(phi, number, calls) for number, phi in enumerate(probe.activations, start=1)]
swept = engine.backward(start, run, probe.Ws, maps)
found = np.concatenate([np.append(dW, db) for dW, db in zip(swept.dWs, swept.dbs, strict=True)])
print("layers asked, in this order:", calls)
print(check.gradient(found, loss_at, at=probe.parameters.flat, name=f"the gradient of all {len(found)} parameters"))

# %% [markdown]
# Now the question of the day. We write the sweep for the network 784-128-10 by hand, with half the squared error as loss,
# and note the multiply-adds of every product. There are two kinds on the way back. The outer products $dW$ together cost
# as much as the forward pass. The products that carry the gradient down to the next layer would cost as much again. But
# the lowest of them would give $dX$, and training does not ask for the slopes of the pixels, so it is left out.

# %%
big = engine.MLP(image_net).initialize(rng)
(big_W1, big_W2), (big_b1, big_b2) = big.Ws, big.bs
pixels, label = rng.uniform(size=(1, 784)), np.eye(10)[3:4]
work = {"forward": 0, "backward": 0}


def times(direction, A, B):
    """The product of two matrices; its multiply-adds are noted."""
    work[direction] += A.shape[0] * A.shape[1] * B.shape[1]
    return A @ B


hidden = np.tanh(times("forward", pixels, big_W1.T) + big_b1)
dZ2 = times("forward", hidden, big_W2.T) + big_b2 - label
dW2 = times("backward", dZ2.T, hidden)
dZ1 = times("backward", dZ2, big_W2) * (1 - hidden**2)
dW1 = times("backward", dZ1.T, pixels)

# %%
_, flat = big.loss_and_gradient(pixels, label)
by_hand = [dW1, dZ1[0], dW2, dZ2[0]]
print("all slopes as in the engine:", agrees(np.concatenate([part.ravel() for part in by_hand]), flat))
print(f"slopes found:             {len(flat):,}")
print(f"forward pass:             {work['forward']:,} multiply-adds")
print(f"reverse mode, after that: {work['backward']:,} multiply-adds")
answer = work["backward"] / work["forward"]
print(f"in forward passes:        {answer:.2f}; your number was {my_guess}")
print(f"with dX as well:          {(work['backward'] + 784 * 128) / work['forward']:.2f}")

# %% [markdown]
# For all 101,770 slopes, reverse mode takes about as much as one more forward pass. Nudging the parameters would take
# 101,770 forward passes, and the answer would be less exact. Forward mode would be exact, but it too needs a pass for each
# parameter. In a deeper network the first layer is a smaller part of the whole, and the price of reverse mode comes closer
# to two forward passes. Either way the price of all slopes is a small constant times the price of the function. On this
# fact all training of networks rests.
#
# ## 10 · Errata corner
#
# The decks are careful, and this topic is full of traps: rows and columns, inputs and outputs, matrices read as vectors.
# The classes: **wrong** as printed; **notation**, symbols or shapes that disagree; **gap**, something needed is missing;
# **conditions**, true under conditions that are not stated; **extraction**, most likely damage from turning the slides
# into text. We have the text of CEE616 in two versions; where only one of them is damaged, the table says so.
#
# Find the first two yourself. Read each statement, say what the check should answer, and only then look at the output.
#
# First the letters of CEE616-C6: a whole Jacobian takes $M$ JVPs or $D$ VJPs. Our network has $D=4$ and $M=2$. Take two
# JVPs, as printed, and for comparison two VJPs.

# %%
M, D = J.shape
columns = [engine.jvp(layers, x[None], e_j[None])[0] for e_j in np.eye(D)[:M]]
rows = [engine.vjp(layers, x[None], e_i[None])[0] for e_i in np.eye(M)]
print(check.value(np.stack(columns, axis=1), J, name="the Jacobian from M JVPs"))
print(check.value(np.stack(rows), J, name="the Jacobian from M VJPs"))

# %% [markdown]
# Second, CEE616 (28) as printed, $\partial x_4/\partial\theta_3=x_3^\top$, put to the use that the deck has for it: the
# row $\partial\mathcal L/\partial x_4$ times this Jacobian should be the derivative of the loss by $\theta_3$.

# %% tags=["raises-exception"]
row_at_x4 = (x4 - y)[None]  # (1, 2)
printed_jacobian = x3[None]  # (1, 4)
row_at_x4 @ printed_jacobian

# %% [markdown]
# A row of two entries does not fit a matrix with one row; this is what the last line of the error says. With
# $I\otimes x_3^\top$ in its place the product fits, and the answer is right.

# %%
derivative = row_at_x4 @ np.kron(np.eye(2), x3[None])
print(check.gradient(derivative.reshape(2, 4), lambda T: 0.5 * np.sum((T @ x3 - y) ** 2), at=W2, name="dW2"))

# %% [markdown]
# The course keeps a small check for each statement of the slides. Where a slide prints something else, the same check can
# be run on the printed form, and it should complain. Most errata of this lecture are shapes, so the complaint often names
# the mistake: "stated" is what follows from the printed form, "found" is what it was compared with.

# %%
for id in ("CEE616-E05", "CEE616-E06", "CEE616-C6", "CEE616-E28", "CEE616-E31", "CEE616-U3"):
    try:
        slides.verify_printed(id)
        print(id, "holds as printed")
    except slides.Mismatch as mismatch:
        print(f"{id}: {mismatch}")

# %% [markdown]
# The full list for this lecture. The last column names the section that shows it.
#
# | row | class | what to know | section |
# |---|---|---|---|
# | CEE616-E05 | notation | every layer's Jacobian is drawn as $M\times D$; layer $\ell$ has $M_\ell\times M_{\ell-1}$; the left side lacks the layer index | 4 |
# | CEE616-E06 | notation | the product is the Jacobian; the gradient is its transpose | 4 |
# | CEE616-E07 | notation | the columns carry bold $\mathbf x_1,\dots,\mathbf x_D$, elsewhere the inputs of layers; the scalar entries $x_1,\dots,x_D$ are meant | 2 |
# | CEE616-C5 | extraction | one version has $x_i$ in the derivative of column $j$; it is $x_j$ | 5 |
# | CEE616-C6 | wrong | $D$ JVPs or $M$ VJPs, not $M$ and $D$ | 6 |
# | CEE616-C7 | conditions | $D<M$ favours forward mode if every pass costs the same; 3-1-1-10-4 with free seeds does not | 7 |
# | CEE616-C9 | conditions | the same for $M<D$ and reverse mode; 4-10-1-1-3 with free seeds favours forward mode | 7 |
# | CEE616-E13 | notation | $J_f(x)(v)$, $J_f(x)_4$ and $m_\ell$ are elsewhere $J_f(x)v$, $J_f(x_4)$ and $M_\ell$; moreover one version has $D\times1$ below $J_1$, which is $M_1\times D$ | 6 |
# | CEE616-E26 | notation | headed output layer, but $f_4$ is the loss; the output layer of the network is $f_3$ | 3 |
# | CEE616-E27 | extraction | one version lost the number (27) and has (28) twice | 3 |
# | CEE616-E28 | wrong | printed as $x_3^\top$, which is the case $M=1$; it is $I_M\otimes x_3^\top$ | 8, 10 |
# | CEE616-C15 | notation | printed as $\theta_2=0$; it is empty | 8 |
# | CEE616-E31 | notation | printed as 0; it is a block of shape $M_1\times0$ | 8 |
# | CEE616-E33 | gap | not worked out; it is $I_{M_1}\otimes x_1^\top$ | 8 |
# | CEE616-U3 | notation | a row of length $M_1D$ on the left, a matrix on the right; equal when read row by row | 8 |
# | CSC561-C28 | conditions | full means dense, not of full rank; the maximum is not even dense | 3 |
# | CSC561-E46 | notation | $D$ is the divergence here and a width elsewhere | 4 |
#
# ## 11 · Exercises
#
# Each cell below runs as it stands. A function that returns nothing yet is told so; fill it in and run again.
#
# **1 · Two ways to a Jacobian** (★, 15 minutes). Write `jac_fwd`, which may only call JVPs, and `jac_rev`, which may only
# call VJPs. The cell counts your calls. Then correct the sentence of CEE616-C6 in your own words.
#
# <details><summary>Hint 1</summary>Send in one-hot vectors, one after the other. The rows of <code>np.eye(n)</code> are
# one-hot.</details>
#
# <details><summary>Hint 2</summary>One function collects columns, the other rows; <code>np.stack</code> has an argument
# for that.</details>


# %%
def jac_fwd(jvp, D):
    """The Jacobian (M, D) from a function jvp: v (D,) -> J v (M,)."""


def jac_rev(vjp, M):
    """The Jacobian (M, D) from a function vjp: u (M,) -> u^T J (D,)."""


calls = {"JVP": 0, "VJP": 0}


def my_jvp(v):
    """J v of the network 4-8-6-4-2; the call is counted."""
    calls["JVP"] += 1
    return engine.jvp(layers, x[None], v[None])[0]


def my_vjp(u):
    """u^T J of the network 4-8-6-4-2; the call is counted."""
    calls["VJP"] += 1
    return engine.vjp(layers, x[None], u[None])[0]


print(check.value(jac_fwd(my_jvp, 4), J, name="the Jacobian by columns"))
print(check.value(jac_rev(my_vjp, 2), J, name="the Jacobian by rows"))
print("your calls:", calls, " enough would be 4 and 2")

# %% [markdown]
# **2 · The adjoint test** (★★, 15 minutes). For random $u$ and $v$ compare $u^\top(Jv)$, from the layer's `jvp`, with
# $(u^\top J)\,v$, from its `vjp`. Return the distance of the two numbers. Right layers pass to about $10^{-15}$; one layer
# in the list is broken and must fail. Then answer on paper: which mistake can this test never find?
#
# <details><summary>Hint 1</summary>A layer takes batches: <code>Z = x[None]</code>, <code>A = layer(Z)</code>, and the two
# rules are <code>layer.jvp(V, Z, A)</code> and <code>layer.vjp(U, Z, A)</code>.</details>
#
# <details><summary>Hint 2</summary>For the question on paper: the test asks whether both products belong to one matrix. It
# does not ask which matrix.</details>


# %%
def adjoint_gap(layer, x, rng):
    """The distance |u (J v) - (u J) v| of a layer at a vector x (D,), for random u and v."""


under_test = {
    "tanh": engine.tanh,
    "softmax": engine.softmax,
    "affine": engine.affine_map(rng.normal(size=(3, 5)), rng.normal(size=3)),
    "the whole chain": engine.compose(engine.affine_map(rng.normal(size=(4, 5))), *layers),
    "softmax, broken": engine.softmax._replace(vjp=lambda G, Z, A, out=None: G * A * (1 - A)),
}
at = rng.normal(size=5)
for name, layer in under_test.items():
    gap = adjoint_gap(layer, at, np.random.default_rng(1))
    print(f"{name:16}", "not yet" if gap is None else "passes" if abs(gap) < 1e-12 else f"fails by {gap:.4f}")

# %% [markdown]
# **3 · Count multiply-adds** (★★, 15 minutes). Return the costs of both modes for any list of widths, with and without the
# seeds. Then find four layers of your own, with $D<M$, for which reverse mode is cheaper when the seeds are free.
#
# <details><summary>Hint 1</summary>A pass through layer $\ell$ costs the product of the widths on both its sides. How many
# passes are there, and which layer is free?</details>
#
# <details><summary>Hint 2</summary>Make one layer expensive, and put it where only one of the two modes has to pay
# for it.</details>


# %%
def costs_of_both_modes(widths, charge_seed):
    """Multiply-adds (forward, reverse) of the whole Jacobian of a network of these widths."""


for sizes in ([4, 8, 6, 4, 2], [3, 1, 1, 10, 4]):
    for charge in (True, False):
        right = [engine.multiply_adds(sizes, mode, charge_seed=charge) for mode in ("forward", "reverse")]
        name = f"the pair for {'-'.join(map(str, sizes))}, seeds {'charged' if charge else 'free'},"
        print(check.value(costs_of_both_modes(sizes, charge), right, name=name))

# %%
my_widths = [2, 2, 2, 2, 3]  # four layers have five widths; D < M; not those of the lecture

forward, reverse = (engine.multiply_adds(my_widths, mode, charge_seed=False) for mode in ("forward", "reverse"))
print("forward", forward, " reverse", reverse)
if len(my_widths) != 5 or my_widths[0] >= my_widths[-1] or my_widths == [3, 1, 1, 10, 4]:
    print("not yet: please five widths with D < M, and other ones than in the lecture")
else:
    print("found one" if reverse < forward else "not yet: reverse mode should be the cheaper one")

# %% [markdown]
# **4 · The rank of softmax** (★, 10 minutes). Measure the Jacobian of softmax by differences and return its rank. The rank
# is $K-1$, but a measured matrix is never exact. What does `matrix_rank` say without a tolerance, and why?
#
# <details><summary>Hint</summary>Rounding fills the missing direction with a singular value between 1e-15 and 1e-12, tiny
# but not zero. Print <code>np.linalg.svd(J, compute_uv=False)</code> and choose a tolerance between the real values and
# this one.</details>


# %%
def rank_of_softmax(z):
    """The rank of the measured Jacobian of softmax at z (K,)."""


for K in (2, 3, 5):
    z = np.random.default_rng(K).normal(size=K)
    print(check.value(rank_of_softmax(z), K - 1, name=f"the rank for K = {K}", reveal=False))

# %% [markdown]
# **5 · The stairs** (★★, 15 minutes). Build the Jacobian of $Wx$ with respect to $\mathrm{vec}(W)$, rows read one after the
# other, without `np.kron`. Then do it on paper for columns read one after the other. Which Kronecker product is that?
#
# <details><summary>Hint 1</summary>Row $i$ is zero but for one block of length $D$. Where does the block start?</details>
#
# <details><summary>Hint 2</summary>Read by columns, all weights of one input stand together; each input then has a block
# that is a multiple of the identity.</details>


# %%
def weight_jacobian(x, M):
    """The Jacobian (M, M*D) of W x by the row-major vec of W, for x (D,) and M outputs."""


for M in (1, 4):
    truth = measured(lambda w, M=M: w.reshape(M, 3) @ x1, np.zeros(3 * M))
    print(check.value(weight_jacobian(x1, M), truth, name=f"the Jacobian for {M} output{'s' if M > 1 else ''}"))

# %% [markdown]
# **6 · Neither forward nor reverse** (★★★, 20 minutes). Matrix products may be bracketed in any order, not only from one
# end. Find the least number of multiply-adds for $J_L\cdots J_1$, the factors given. For widths 6-1-6-1-6 forward and
# reverse mode both take 108 with free seeds. The best order takes 48.
#
# <details><summary>Hint 1</summary>Some product is done last. It splits the chain into two shorter chains, at one of the
# inner widths.</details>
#
# <details><summary>Hint 2</summary>Write a function of the two ends of a stretch; a single factor costs nothing. Try all
# places to split.</details>


# %%
def cheapest(widths):
    """The least number of multiply-adds that turn the factors of a chain of these widths into one matrix."""


for sizes, least in (([4, 8, 6, 4, 2], 208), ([3, 1, 1, 10, 4], 55), ([6, 1, 6, 1, 6], 48)):
    print(check.value(cheapest(sizes), least, name=f"the best order for {'-'.join(map(str, sizes))}"))

# %% [markdown]
# ## 12 · Check yourself, and what to read
#
# Every statement of the slides in this lecture has a numeric check. The next cell runs them all. Then it runs
# the printed form of those errata that a number can judge, and names the ones it refutes.

# %%
print(slides.self_check("NB07"))

# %% [markdown]
# **To take home.** The Jacobian has a row for each output and a column for each input. A row comes from one product from
# the left, a column from one product from the right, and neither needs the table. Forward mode takes one pass for each
# input and remembers nothing. Reverse mode takes one pass for each output and remembers everything. A loss has one
# output, so all its slopes together cost about one or two forward passes.
#
# **To read.** *Probabilistic Machine Learning: An Introduction*, chapter 13 (forward and reverse mode, vector-Jacobian
# products, the example of section 3) and chapter 7 (linear algebra, with the rules of matrix calculus); *Deep Learning*,
# chapter 6 (back-propagation as an order of computing); *The Elements of Statistical Learning*, chapter 11 (the same sweep
# in the notation of statistics). Next lecture: each layer becomes a box with a forward and a backward rule, and the sweep
# of today is stacked from such boxes.
