# %% [markdown]
# # 8 · Layer by layer, backwards
#
# A deep network is a stack of small layers. Today each layer learns one duty: to take the gradient of its output
# and hand back the gradients of its input and of its own parameters. Stack the layers, and the whole network
# knows its gradient.
#
# **Question of the day.** In section 8 we plant eight misprints, one at a time, into a correct backward
# pass for a network of widths 3, 4, 5, 2 and a batch of 6 samples. Numpy refuses a product whose shapes do not fit.
# *How many of the eight will it stop with an error?* Write your number into the next cell before you run on.

# %%
my_guess = 0  # a number from 0 to 8

# %% [markdown]
# | | section | minutes |
# |---|---|---|
# | 1 | Set-up and a look back | 5 |
# | 2 | The layer as a box with three gradients | 12 |
# | 3 | Four layers to practise on | 12 |
# | 4 | A network with one hidden layer, forward | 8 |
# | 5 | The recursion, and rows against columns | 12 |
# | 6 | The closed formulas | 8 |
# | 7 | The same sweep in rows | 8 |
# | 8 | Batches, and the answer to the question | 10 |
# | 9 | A training loop around the sweep | at home, 15 |
# | 10 | Errata corner | at home, 20 |
# | 11 | Exercises | at home, 75 |
# | 12 | Check yourself, and what to read | at home, 10 |
#
# ## 1 · Set-up and a look back
#
# Lecture 7 in two lines: the Jacobian $J$ of a map has one row for each output and one column for each input. A
# vector-Jacobian product $u^\top J$ costs about as much as the map itself and never needs the whole of $J$.

# %%
import time

import numpy as np

from coursekit import check, engine, figures, slides

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(8)


def numeric(f, at):
    """The gradient of a scalar function by central differences: the judge of this lecture."""
    return check.numeric_gradient(f, at).gradient


def agrees(a, b):
    """Do two arrays of one shape agree to seven digits?"""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-7, atol=1e-9))


# %% [markdown]
# House notation: samples are rows, so a batch $X$ has the shape $(N, D)$. A weight matrix $W$ has the shape
# (out, in). For any array $T$ we write $dT$ for the gradient of the loss with respect to $T$, and
# **$dT$ always has the shape of $T$**. A single sample is a batch of one.
#
# ## 2 · The layer as a box with three gradients
#
# A layer turns $X$ into $H$. On the way back it is told $dH$, and it owes two answers: $dX$, which goes down
# to the layer below, and the gradient of its parameters, which stays with it until the update. That makes three
# gradients at every box: one received, one passed on, one kept.
#
# > **Translation box**
# >
# > | deck | output and input | received | passed down | kept |
# > |---|---|---|---|---|
# > | house | $H$, $X$ | $dH$ | $dX$ | $dW$, $db$ |
# > | CEE616 | $x_{\ell+1}$, $x_\ell$ | $u_{\ell+1}$ | $u_\ell$ | $g_\ell$ |
# > | CEE697M | $z^{(\ell)}$, $a^{(\ell-1)}$ | $\partial L/\partial z^{(\ell)}$ | $\partial L/\partial a^{(\ell-1)}$ | $\partial L/\partial w^{(\ell)}$ |
# > | EECS545 | $h$, $x$ | $\nabla_h\mathcal{L}$ | $\nabla_x\mathcal{L}$ | $\nabla_W\mathcal{L}$ |
# > | CSC561 | $z_k$, $y_{k-1}$ | $\nabla_{z_k}\mathrm{Div}$ | $\nabla_{y_{k-1}}\mathrm{Div}$ | $\nabla_{W_k}\mathrm{Div}$ |

# %% slides=["EECS545-F18"]
X = rng.normal(size=(5, 3))
W = rng.normal(size=(4, 3))
b = rng.normal(size=4)
H = engine.affine(X, W, b)
dH = rng.normal(size=H.shape)
dX, dW, db = engine.affine_vjp(dH, X, W)

V = figures.Variable
box = figures.LayerBox(
    "affine layer", r"H = X W^\top + b", r"dX = dH\,W", V("X", X, dX), V("H", H, dH), (V("W", W, dW), V("b", b, db))
)
figures.show(
    figures.layer_box(box),
    alt="An affine layer as a box. Blue arrows bring X, W and b in and H out. Orange arrows bring dH in from the right "
    "and take dX out to the left and dW and db out below; each gradient has the shape of its variable.",
)

# %% [markdown]
# Where does the first $dH$ come from? From the loss. The sweep starts with the gradient of the loss with respect to the
# network's output, one component for each output. Both decks say so; CSC561 adds that the formula depends on which
# loss was chosen. For half the squared error it is prediction minus target. For cross-entropy on top of softmax,
# taken with respect to the logits, it is probability minus target.

# %% slides=["EECS545-E41", "CSC561-C32"]
prediction = rng.normal(size=(1, 3))
target = np.array([[0.0, 1.0, 0.0]])

for loss, formula in (
    (engine.half_squared_error, prediction - target),
    (engine.cross_entropy_from_logits, engine.softmax(prediction) - target),
):
    measured = numeric(lambda Y, loss=loss: loss(Y, target), prediction)
    print(f"{loss.name:26}", formula[0], agrees(loss.gradient(prediction, target), measured), agrees(formula, measured))

# %% [markdown]
# Now the two duties. The chain rule for a column of outputs reads
# $$\nabla_x\mathcal L = J_x^\top\,\nabla_h\mathcal L .$$
# The Jacobian has outputs as rows, so its transpose carries a gradient from the outputs to the inputs. For the affine
# layer $J_x$ is $W$ itself.

# %% slides=["EECS545-E43"]
x, g = X[0], dH[0]  # one sample and the gradient that it received
J_x = engine.affine_map(W, b).jacobian(X[:1], H[:1])[0]
measured = numeric(lambda t: g @ (W @ t + b), x)
print("Jacobian is W:    ", np.array_equal(J_x, W))
print("J_x^T g:          ", J_x.T @ g)
print("same as measured: ", agrees(J_x.T @ g, measured))

# %% [markdown]
# The same formula holds for the parameters, with one catch. $W$ is a matrix, so "the Jacobian with respect to $W$"
# would need three indices. Read $W$ row by row into one long vector, and it is an ordinary matrix again:
# $I_M \otimes x^\top$, one copy of $x^\top$ for each output.

# %% slides=["EECS545-E42"]
J_W = engine.affine_jacobian_parameters(x[None], M=4)[0]
measured = numeric(lambda w: g @ (w.reshape(W.shape) @ x + b), W.ravel())
print("shape of the Jacobian:", J_W.shape, " equal to kron(I, x):", np.array_equal(J_W, np.kron(np.eye(4), x[None])))
print("J_W^T g as measured:  ", agrees(J_W.T @ g, measured))
figures.show(
    figures.heat_map(
        J_W, title="Jacobian with respect to vec(W): mostly zeros", rows="output", columns="entry of vec(W)", blocks=3
    ),
    alt="A matrix with 4 rows and 12 columns in four blocks of three columns. Block i holds the entries of x in row i "
    "and zeros in all other rows.",
)

# %% [markdown]
# Twelve columns, and three quarters of them zero in each row. Nobody builds this matrix: the product
# $J_W^\top g$ is just an outer product, as section 3 shows.
#
# A Jacobian keeps one habit in all decks: as many rows as there are outputs, as many columns as inputs. CSC561
# uses the sign $\nabla_z y$ as shorthand for any derivative of $y$ by $z$, and when both are vectors, as for an
# activation, it means this matrix. The next cell measures it for softmax, whose outputs depend on *all* inputs.

# %% slides=["CSC561-C31", "CSC561-C34"]
z = np.array([0.5, -1.0, 2.0])
p = engine.softmax(z[None])
J = engine.softmax.jacobian(z[None], p)[0]
rows = [numeric(lambda t, i=i: engine.softmax(t[None])[0, i], z) for i in range(3)]
print(J)
print("shape (outputs, inputs):", J.shape, " as measured:", agrees(J, np.array(rows)))

# %% [markdown]
# **Row or column?** Two decks warn about this in the same way. The derivative of a scalar by a vector is a row. The
# gradient is the column that one gets by turning that row. CEE616 writes it for a layer's parameters,
# $\partial\mathcal L/\partial\theta_\ell = (\nabla_{\theta_\ell}\mathcal L)^\top$, and CSC561 for any variable. In
# code the question vanishes, because a gradient has the shape of its variable.

# %% slides=["CEE616-E24", "CSC561-C33"]
derivative = g[None] @ J_W  # a row, (1, 12)
gradient = J_W.T @ g[:, None]  # a column, (12, 1)
print(derivative.shape, gradient.shape, " transposes of each other:", agrees(derivative.T, gradient))
print("in the shape of W:", agrees(derivative.reshape(W.shape), np.outer(g, x)))

# %% [markdown]
# ## 3 · Four layers to practise on
#
# ### The affine layer
#
# EECS545 writes $h = Wx + b$ and, by entries, $h_i=\sum_j w_{ij}x_j + b_i$. The first index of $w$ is the output,
# the second the input. The loop and the matrix product are the same statement.

# %% slides=["EECS545-E44"]
h = np.array([sum(W[i, j] * x[j] for j in range(3)) + b[i] for i in range(4)])
print(h)
print("the loop equals W x + b:", agrees(h, W @ x + b))
print("and the engine's affine: ", agrees(h, engine.affine(x[None], W, b)[0]))

# %% [markdown]
# How does the loss feel $w_{ij}$? It touches only $h_i$, and with the factor $x_j$. So
# $$\frac{\partial\mathcal L}{\partial w_{ij}} = x_j\,\frac{\partial\mathcal L}{\partial h_i},
# \qquad \nabla_W\mathcal L = \nabla_h\mathcal L\;x^\top .$$
# The bias touches $h_i$ with the factor 1, so its gradient is $\nabla_h\mathcal L$ itself. The slide leaves that line
# out; we keep it.

# %% slides=["EECS545-E45"]
by_entries = np.array([[x[j] * g[i] for j in range(3)] for i in range(4)])
print("entries and outer product agree:", agrees(by_entries, np.outer(g, x)))
print(check.gradient(np.outer(g, x), lambda T: g @ (T @ x + b), at=W, name="dW"))
print(check.gradient(g, lambda t: g @ (W @ x + t), at=b, name="db"))

# %% [markdown]
# An input $x_j$ touches every output, so its gradient is a sum over them:
# $$\frac{\partial\mathcal L}{\partial x_j} = \sum_i w_{ij}\,\frac{\partial\mathcal L}{\partial h_i},
# \qquad \nabla_x\mathcal L = W^\top\nabla_h\mathcal L .$$
# The index on the left is $j$, the one that is not summed.

# %% slides=["EECS545-E46"]
by_entries = np.array([sum(W[i, j] * g[i] for i in range(4)) for j in range(3)])
print("entries and W^T g agree:", agrees(by_entries, W.T @ g))
print(check.gradient(W.T @ g, lambda t: g @ (W @ t + b), at=x, name="dx"))

# %% [markdown]
# Slides write a sample as a column, numpy and PyTorch keep samples in rows. Transpose everything and the two are
# one formula: $H^\top = WX^\top + b$. The deck speaks of column *major* and row *major*; those words usually describe
# how a matrix lies in memory, and that does not matter here. The cell shows it: the same numbers in either order of
# memory give the same product.

# %% slides=["EECS545-C27"]
columns = W @ X.T + b[:, None]  # one sample per column, (4, 5)
print("rows are the columns turned:", agrees(engine.affine(X, W, b), columns.T))
other_memory = np.asfortranarray(X)
print("memory order differs:", X.flags.c_contiguous, other_memory.flags.c_contiguous)
print("result does not:", agrees(engine.affine(other_memory, W, b), engine.affine(X, W, b)))

# %% [markdown]
# ### Sigmoid, tanh, ReLU
#
# The three activation layers say the same thing with three functions: apply $\varphi$ to each entry,
# $h_i=\varphi(x_i)$, with $\varphi(x) = 1/(1+e^{-x})$, $\tanh x$ or $\max(x, 0)$.

# %% slides=["EECS545-E47", "EECS545-E50", "EECS545-E53"]
t = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
formulas = {engine.sigmoid: 1 / (1 + np.exp(-t)), engine.tanh: np.tanh(t), engine.relu: np.maximum(t, 0)}
for activation, formula in formulas.items():
    print(f"{activation.name:8}", activation(t), " as the formula:", agrees(activation(t), formula))

# %% [markdown]
# On the way back each entry is multiplied by its own slope. For the sigmoid the slope is $h(1-h)$. The deck writes it
# once for an entry and once for the whole vector, $\nabla_x\mathcal L = \nabla_h\mathcal L\odot h\odot(1-h)$; it is
# the same formula.

# %% slides=["EECS545-E48", "EECS545-E49"]
g5 = np.array([1.0, -2.0, 0.5, 3.0, -1.0])
h = engine.sigmoid(t)
by_entries = np.array([g5[i] * h[i] * (1 - h[i]) for i in range(5)])
J = engine.sigmoid.jacobian(t[None], h[None])[0]
print("entries, vector and Jacobian agree:", agrees(by_entries, g5 * h * (1 - h)), agrees(by_entries, J.T @ g5))
print(check.gradient(g5 * h * (1 - h), lambda s: g5 @ engine.sigmoid(s), at=t, name="sigmoid dx"))

# %% [markdown]
# For the hyperbolic tangent the slope is $1-h^2$, again per entry and, with $\odot$, for the vector.

# %% slides=["EECS545-E51", "EECS545-E52"]
h = np.tanh(t)
by_entries = np.array([g5[i] * (1 - h[i] ** 2) for i in range(5)])
J = engine.tanh.jacobian(t[None], h[None])[0]
print("entries, vector and Jacobian agree:", agrees(by_entries, g5 * (1 - h * h)), agrees(by_entries, J.T @ g5))
print(check.gradient(g5 * (1 - h * h), lambda s: g5 @ np.tanh(s), at=t, name="tanh dx"))

# %% [markdown]
# ReLU lets the gradient through where the input was positive and blocks it where it was negative. At exactly zero the
# slide is silent, because there is no derivative. Any slope between 0 and 1 can be defended; this course uses 0. The
# check leaves that entry out of its judgement.

# %% slides=["EECS545-E54"]
got = engine.relu.vjp(g5[None], t[None], engine.relu(t)[None])[0]
estimate = check.numeric_gradient(lambda s: g5 @ engine.relu(s), t)
print("ours:    ", got + 0.0)
print("measured:", estimate.gradient)
print("kink:    ", estimate.kink)
print(check.gradient(got, lambda s: g5 @ engine.relu(s), at=t, name="relu dx"))

# %% [markdown]
# The practice slides had a picture of each layer, which the text version has lost. Here they are again, with arrays
# from the engine on the arrows. Compare the largest entries of $dH$ and $dX$: a sigmoid leaves at most a quarter of
# each entry.

# %% slides=["EECS545-F19"]
rules = {
    engine.sigmoid: r"dX = dH \odot H \odot (1 - H)",
    engine.tanh: r"dX = dH \odot (1 - H \odot H)",
    engine.relu: r"dX = dH \odot [X > 0]",
}
boxes = []
received = rng.normal(size=X.shape)
for activation, rule in rules.items():
    A = activation(X)
    ends = V("X", X, activation.vjp(received, X, A)), V("H", A, received)
    boxes.append(figures.LayerBox(activation.name, r"H = \varphi(X)", rule, *ends))
figures.show(
    figures.layer_box(*boxes),
    alt="Three boxes for sigmoid, tanh and ReLU. Each takes X to H in blue and dH to dX in orange, by multiplying dH with "
    "H(1-H), with 1-H squared, or with the mask X greater than zero. None has parameters.",
)

# %% [markdown]
# ## 4 · A network with one hidden layer, forward
#
# CEE616 works one example through: an affine layer without bias, an activation, a second affine layer, half the squared
# error. The deck counts each of these four steps as a function $f_\ell$, so its $L$ is 4 where a network drawing
# shows two layers of weights.
#
# > **Translation box** (CEE616, example 1, one sample)
# >
# > | slide | house | here |
# > |---|---|---|
# > | $x_1$, $x_2$, $x_3$, $x_4$ | $X$, $Z^{(1)}$, $A^{(1)}$, $Z^{(2)}$, one row each | 3, 4, 4, 2 numbers |
# > | $\theta_1=W_1$, $\theta_3=W_2$ | $W^{(1)}$, $W^{(2)}$ | (4, 3) and (2, 4) |
# > | $f_1$, $f_2$, $f_3$, $f_4$ | affine, activation, affine, loss | |
# > | $\rho$ | learning rate $\eta$ | |
#
# The two affine steps say the same of two layers: $x_2 = W_1x_1$ and $x_4 = W_2x_3$. Note the two numberings: the deck
# calls the second weight matrix $W_2$ and also $\theta_3$.

# %% slides=["CEE616-E17", "CEE616-E19"]
x1, y = rng.normal(size=3), rng.normal(size=2)
W1, W2 = rng.normal(size=(4, 3)), rng.normal(size=(2, 4))
phi = engine.tanh
x2 = W1 @ x1
x3 = phi(x2)
x4 = W2 @ x3
print("x2:", x2.shape, x2, " as a batch of one:", agrees(engine.affine(x1[None], W1), x2[None]))
print("x4:", x4.shape, x4, " as a batch of one:", agrees(engine.affine(x3[None], W2), x4[None]))

# %% [markdown]
# The step between them, $x_3=\varphi(x_2)$, works on each entry alone. A test for that: shuffle the inputs, and the
# outputs are shuffled in the same way.

# %% slides=["CEE616-E18"]
order = np.array([2, 0, 3, 1])
print("shuffled before:", phi(x2[order]))
print("shuffled after: ", x3[order])

# %% [markdown]
# The last step is the loss, $\mathcal L = \tfrac12\lVert y - x_4\rVert^2$. It does not care which of the two is called
# the target, and it is zero only where they are equal.

# %% slides=["CEE616-E20"]
half_se = engine.half_squared_error
loss = half_se(x4[None], y[None])
print("loss:   ", round(loss, 6))
print("swapped:", round(half_se(y[None], x4[None]), 6))
print("at y:   ", half_se(y[None], y[None]))

# %% [markdown]
# The deck writes the whole network twice: as one formula, $\tfrac12\lVert y - W_2\,\varphi(W_1x)\rVert^2$, and as the
# composition $f_4\circ f_3\circ f_2\circ f_1$. They are the same number. "Half the $\ell_2$ loss" here means half the
# *squared* norm.

# %% slides=["CEE616-E15", "CEE616-E16"]
steps = [lambda v: W1 @ v, phi, lambda v: W2 @ v, lambda v: 0.5 * np.sum((y - v) ** 2)]
value = x1
for step in steps:
    value = step(value)
print("composition:", round(value, 6))
print("one formula:", round(0.5 * np.sum((y - W2 @ phi(W1 @ x1)) ** 2), 6))

# %% [markdown]
# The deck calls this a map from $\mathbb R^D$ to $\mathbb R$. The output is a number, and for fixed weights and target
# that is right. Training, though, holds $x$ fixed and moves the weights, so the map that we differentiate starts in
# the space of *parameters*.

# %% slides=["CEE616-C13"]
print("axes of the loss:", np.ndim(loss))
print("numbers in x:", x1.size, " numbers in the parameters:", W1.size + W2.size)

# %% [markdown]
# ## 5 · The recursion, and rows against columns
#
# For the upper weights the chain rule has two factors,
# $\frac{\partial\mathcal L}{\partial\theta_3}=\frac{\partial\mathcal L}{\partial x_4}\frac{\partial x_4}{\partial\theta_3}$.
# The summary slide writes the same product as $J_{f_4}(x_4)\,J_{f_3}(\theta_3)$. Rows times matrices: $(1\times 2)$
# times $(2\times 8)$ gives a row of 8.


# %% slides=["CEE616-E21", "CEE616-E34"]
def of_weights(A, B):
    """The loss of the example as a function of both weight matrices."""
    return 0.5 * np.sum((y - B @ phi(A @ x1)) ** 2)


J_loss = (x4 - y)[None]  # (1, 2)
J_theta3 = engine.affine_jacobian_parameters(x3[None], M=2)[0]  # (2, 8)
dtheta3 = J_loss @ J_theta3
measured = numeric(lambda B: of_weights(W1, B), W2)
print(dtheta3.shape, "equals vec(dW2):", agrees(dtheta3, measured.reshape(1, -1)))

# %% [markdown]
# The activation is a layer too, and the deck gives it a $\theta_2$. Its three formulas for
# $\partial\mathcal L/\partial\theta_2$ (the chain rule, the product of Jacobians, and the result) all say that there
# is nothing to learn. The last prints "$=0$"; *empty* is the better word, because a parameter can be zero and still
# have a derivative. Give the activation a real parameter, such as the slope $a$ of a leaky ReLU, and the formula works.

# %% slides=["CEE616-E22", "CEE616-E35", "CEE616-E38"]
J_phi = phi.jacobian(x2[None], x3[None])[0]  # (4, 4)
print("no parameter: ", (J_loss @ W2 @ np.zeros((4, 0))).shape)


def leaky(v, a):
    return np.where(v > 0, v, a * v)


r = W2 @ leaky(x2, 0.1) - y
with_slope = r[None] @ W2 @ np.minimum(x2, 0)[:, None]  # the last factor is d x3 / d a, (4, 1)
measured = numeric(lambda a: 0.5 * np.sum((W2 @ leaky(x2, a) - y) ** 2), 0.1)
print("one parameter:", with_slope.shape, agrees(with_slope[0, 0], measured))

# %% [markdown]
# For the lower weights there are four factors, once more written by the deck both with $\partial$ and with $J$. Count
# the shapes before you run: $(1\times2)(2\times4)(4\times4)(4\times12)$.

# %% slides=["CEE616-E23", "CEE616-E36"]
J_theta1 = engine.affine_jacobian_parameters(x1[None], M=4)[0]
dtheta1 = J_loss @ W2 @ J_phi @ J_theta1
measured = numeric(lambda A: of_weights(A, W2), W1)
print(dtheta1.shape, "equals vec(dW1):", agrees(dtheta1, measured.reshape(1, -1)))

# %% [markdown]
# Each $\partial\mathcal L/\partial\theta_\ell$ is a row with one entry per parameter. Later slides show matrices of the
# shape of $W$ instead. Both are right, once the matrix is read row by row.

# %% slides=["CEE616-C14"]
shapes = {"theta1": W1.shape, "theta2": (0,), "theta3": W2.shape}
layout = engine.Parameters(shapes)
lengths = {name: layout[name].size for name in shapes}
print(lengths, " in all:", len(layout))
print("as long as the rows above:", lengths["theta1"] == dtheta1.size, lengths["theta3"] == dtheta3.size)

# %% [markdown]
# Look at the products again: the long one begins like the short one. So compute from the left and keep what is
# shared. Start with $u_5=1$ at the loss; a layer turns $u_{\ell+1}$ into $u_\ell$ by
# $$u_\ell^\top = u_{\ell+1}^\top\,\frac{\partial f_\ell}{\partial x_\ell} .$$
# Each $u_\ell$ is the gradient of the loss with respect to $x_\ell$. The cell tests that by running only the tail of
# the network from $x_\ell$ on.


# %% slides=["CEE616-U2"]
def tail(start, value):
    """The loss, if the network continued from x_start = value."""
    for step in steps[start - 1 :]:
        value = step(value)
    return value


xs = {1: x1, 2: x2, 3: x3, 4: x4}
jacobians = {1: W1, 2: J_phi, 3: W2, 4: J_loss}
u = {5: np.ones(1)}
for layer in (4, 3, 2, 1):
    u[layer] = u[layer + 1] @ jacobians[layer]
for layer, value in xs.items():
    measured = numeric(lambda v, layer=layer: tail(layer, v), value)
    print(f"u_{layer}", u[layer], "as measured:", agrees(u[layer], measured))

# %% [markdown]
# The parameters of layer $\ell$ need the $u$ from above, one number higher:
# $\partial\mathcal L/\partial\theta_\ell = u_{\ell+1}^\top\,\partial f_\ell/\partial\theta_\ell$.

# %% slides=["CEE616-E25"]
print("theta_3 needs u_4:", agrees(u[4] @ J_theta3, numeric(lambda B: of_weights(W1, B), W2).ravel()))
print("theta_1 needs u_2:", agrees(u[2] @ J_theta1, numeric(lambda A: of_weights(A, W2), W1).ravel()))
print("theta_3 with u_3 instead:", u[3].shape, "does not fit", J_theta3.shape)

# %% [markdown]
# That is the whole algorithm, and two decks give it: CEE616 as pseudo-code, EECS545 as a recap in words. Go up and
# remember, start at the loss, come down; at each layer take the parameter gradient and the input gradient from the
# gradient received. First two kinds of layers, each a pair of rules: forward, and backward from input and received
# gradient to what is passed down and what is kept.


# %%
def affine_layer(W):
    return (lambda v: W @ v), (lambda v, g: (W.T @ g, np.outer(g, v)))


def activation_layer(phi):
    return phi, (lambda v, g: (phi.vjp(g[None], v[None], phi(v)[None])[0], None))


# %% [markdown]
# Now the algorithm, for any list of layers. Each layer is visited once upwards and once downwards.


# %% slides=["CEE616-A1", "EECS545-A2"]
def backprop(layers, x, y):
    """Loss, gradient of the input, and for each layer the gradient of its parameters."""
    values = [x]
    for forward, _ in layers:
        values.append(forward(values[-1]))
    loss = 0.5 * np.sum((values[-1] - y) ** 2)
    g, kept = values[-1] - y, []
    for (_, backward), value in zip(reversed(layers), reversed(values[:-1]), strict=True):
        g, own = backward(value, g)
        kept.insert(0, own)
    return loss, g, kept


network = [affine_layer(W1), activation_layer(phi), affine_layer(W2)]
found, dx, (dW1, _, dW2) = backprop(network, x1, y)
print(check.gradient(dx, lambda v: tail(1, v), at=x1, name="dx", value=found))
print(check.gradient(dW1, lambda A: of_weights(A, W2), at=W1, name="dW1", value=found))
print(check.gradient(dW2, lambda B: of_weights(W1, B), at=W2, name="dW2", value=found))

# %% [markdown]
# The checks also compare `found` with the loss itself, because a wrong forward pass would agree with its own wrong
# gradient. The slide's last line hands $x_{L+1}$ back in the place of the gradients; it *is* the loss, and that is what
# our function returns first.
#
# ## 6 · The closed formulas
#
# For one hidden layer the sweep can be written out. The error at the output comes first. The slide writes it as a row,
# $u_2=(x_4-y)^\top$, and numbers it like the weights: its $u_2$ is the $u_4$ of the recursion. To keep the two apart
# we call it $\delta_2$.

# %% slides=["CEE616-E41"]
delta2 = x4 - y
print(delta2, " is u_4 of the recursion:", agrees(delta2, u[4]))
print(check.gradient(delta2, lambda v: tail(4, v), at=x4, name="delta_2"))

# %% [markdown]
# The upper weights take an outer product, $\partial\mathcal L/\partial\theta_3 = (x_4-y)\,x_3^\top$. Column times row:
# here $\delta_2$ must be a column.

# %% slides=["CEE616-E37"]
print(np.outer(delta2, x3))
print(check.gradient(np.outer(delta2, x3), lambda B: of_weights(W1, B), at=W2, name="dW2"))

# %% [markdown]
# The error at the hidden layer is sent down through $W_2$ and bent by the slope of the activation. In columns,
# $$\delta_1 = (W_2^\top\,\delta_2)\odot\varphi'(x_2) .$$
# The slide prints the product as $u_2^\top W_2\odot\varphi'(x_2)$, which mixes a row with a column; section 10 lets
# numpy show what happens then.

# %% slides=["CEE616-E40"]
slope = phi.derivative(x2, x3)
delta1 = (W2.T @ delta2) * slope
print(delta1, delta1.shape)
print(check.gradient(delta1, lambda v: tail(2, v), at=x2, name="delta_1"))

# %% [markdown]
# And the lower weights: again error times input, $\partial\mathcal L/\partial\theta_1=\delta_1\,x_1^\top$, written out
# $\big[(W_2^\top(x_4-y))\odot\varphi'(x_2)\big]\,x_1^\top$. The two formulas for the weights have one shape: *error of
# the layer, outer product, input of the layer*.

# %% slides=["CEE616-E39"]
dW1 = np.outer((W2.T @ (x4 - y)) * slope, x1)
print(check.gradient(dW1, lambda A: of_weights(A, W2), at=W1, name="dW1"))
figures.show(
    figures.gradient_report(dW1, numeric(lambda A: of_weights(A, W2), W1), name="dW1"),
    alt="Three heat maps of 4 by 3 cells. The gradient from the closed formula and the measured one look the same, and "
    "their difference is zero everywhere.",
)

# %% [markdown]
# What flows back has a name: *error signals*. With $\odot$ for the entry-by-entry product, the slide's $u_1$ and $u_2$
# are the gradients at the two pre-activations. The engine keeps exactly these, as `dZs`.

# %% slides=["CEE616-C16"]
Ws, bs = [W1, W2], [np.zeros(4), np.zeros(2)]
_, swept = engine.loss_and_gradients(x1[None], y[None], Ws, bs, [phi, engine.identity])
print("slide's u_1 = recursion's u_2 = dZ of layer 1:", agrees(delta1, u[2]), agrees(delta1, swept.dZs[0][0]))
print("slide's u_2 = recursion's u_4 = dZ of layer 2:", agrees(delta2, u[4]), agrees(delta2, swept.dZs[1][0]))

# %% [markdown]
# ## 7 · The same sweep in rows
#
# CSC561 tells the story with derivatives as rows. A row meets each Jacobian from the left, and no transpose is needed
# until the update. We take a network with tanh below and softmax on top, so that one activation has a full Jacobian.
#
# > **Translation box**
# >
# > | CSC561 | house | shape for one sample |
# > |---|---|---|
# > | $y_0=x$, $y_k$ | $X$, $A^{(k)}$ | $(1, D_k)$ |
# > | $z_k = W_ky_{k-1}+b_k$ | $Z^{(k)}$ | $(1, D_k)$ |
# > | $\nabla_{z_k}\mathrm{Div}$, $\nabla_{y_k}\mathrm{Div}$ (rows) | $dZ^{(k)}$, $dA^{(k)}$ | $(1, D_k)$ |
# > | $\nabla_{W_k}\mathrm{Div}$, $D_{k-1}\times D_k$ | $dW^{(k)}$ **transposed** | $(D_k, D_{k-1})$ |
# > | $N$ layers, $T$ instances, target $d$ | $L$, $N$, $Y$ | |

# %% slides=["CSC561-F20"]
small = engine.MLP([3, 4, 3], activation=engine.tanh, output=engine.softmax).initialize(rng)
small.parameters.flat[:] += 0.1 * rng.normal(size=len(small.parameters))  # biases that are not zero
sample, d = rng.normal(size=(1, 3)), np.array([[0.0, 0.0, 1.0]])
figures.show(
    figures.computational_graph(small, sample, d),
    alt="The network as a line of boxes X, Z1, A1, Z2, A2, loss. Blue arrows run right and are labelled W1, Jacobian of "
    "phi 1, W2, Jacobian of phi 2, Jacobian of the loss. Below, orange arrows run left with the same labels through the "
    "gradients, and dW and db leave at Z1 and Z2.",
)

# %% [markdown]
# One edge after the other, from the right. Through the activation of the last layer the row is multiplied by its
# Jacobian. The slide writes that factor first as $\nabla_{z_N}Y$ and then as $J_Y(z_N)$; it is one factor with two
# names.

# %% slides=["CSC561-E47", "CSC561-E48"]
run = small.forward(sample)
(z1, z2), (y0, y1, y2) = run.Z, run.A
W_N, b_N = small.Ws[-1], small.bs[-1]
J_Y = engine.softmax.jacobian(z2, y2)[0]
dz2 = (y2 - d) @ J_Y
print(dz2, " as the engine:", agrees(dz2, engine.softmax.vjp(y2 - d, z2, y2)))
print(check.gradient(dz2, lambda t: half_se(engine.softmax(t), d), at=z2, name="row at z_N"))

# %% [markdown]
# Next comes the affine part of layer $N$. Its Jacobian with respect to its input is the weight matrix.

# %% slides=["CSC561-E50"]
rows = [numeric(lambda t, i=i: (W_N @ t + b_N)[i], y1[0]) for i in range(3)]
print("measured Jacobian is W_N:", agrees(np.array(rows), W_N))
print("the engine's is W_N:     ", agrees(engine.affine_map(W_N, b_N).jacobian(y1, z2)[0], W_N))

# %% [markdown]
# So the row below it is $\nabla_{y_{N-1}}\mathrm{Div}=\nabla_{z_N}\mathrm{Div}\;W_N$. In columns this was
# $W^\top\nabla_h\mathcal L$.

# %% slides=["CSC561-E49"]
dy1 = dz2 @ W_N
print(dy1, dy1.shape)
print(check.gradient(dy1, lambda t: half_se(engine.softmax(t @ W_N.T + b_N), d), at=y1, name="row at y_(N-1)"))

# %% [markdown]
# The deck's further slides move one step down at a time. Their pictures are lost in the text version. Change `taken`
# from 0 to 5 and watch the sweep advance.

# %% slides=["CSC561-F21"] tags=["interactive"]
taken = 3
figures.show(
    figures.computational_graph(small, sample, d, steps=taken),
    alt="The same network with the backward sweep stopped after three steps: gradients are drawn at the loss, A2, Z2 and "
    "A1, and dW2 and db2 have been kept; nothing is drawn yet below Z1 and X.",
)

# %% [markdown]
# Now in a loop, in rows, for any number of layers. Two assignments make the sweep, and a base case starts it. Every
# intermediate row is kept so that we can test it.


# %%
def sweep(x, d, Ws, bs, maps):
    """Forward and backward for one instance in the rows of CSC561; lists of rows dy[k], dz[k] for k = 0..L."""
    L = len(Ws)
    y, z = [x], [None]
    for W, b, phi in zip(Ws, bs, maps, strict=True):
        z.append(y[-1] @ W.T + b)
        y.append(phi(z[-1]))
    dy, dz = [None] * (L + 1), [None] * (L + 1)
    dy[L] = y[L] - d  # the base case
    for k in range(L, 0, -1):
        dz[k] = dy[k] @ maps[k - 1].jacobian(z[k], y[k])[0]
        dy[k - 1] = dz[k] @ Ws[k - 1]
    return 0.5 * np.sum((y[L] - d) ** 2), y, z, dy, dz


# %%
def rest(k, value, part):
    """The loss if the network continued from z_k or y_k = value."""
    if part == "z":
        value = small.activations[k - 1](value)
    for W, b, phi in zip(small.Ws[k:], small.bs[k:], small.activations[k:], strict=True):
        value = phi(value @ W.T + b)
    return half_se(value, d)


div, ys, zs, dys, dzs = sweep(sample, d, small.Ws, small.bs, small.activations)
print("the sweep's loss is the network's:", agrees(div, half_se(small(sample), d)))

# %% [markdown]
# From pre-activation to the activation below: $\nabla_{y_k}\mathrm{Div}=\nabla_{z_{k+1}}\mathrm{Div}\,W_{k+1}$. It
# holds for $k<N$; at $k=N$ there is no layer above, which is why the base case is needed.

# %% slides=["CSC561-E51"]
for k in (0, 1):
    print(check.gradient(dzs[k + 1] @ small.Ws[k], lambda t, k=k: rest(k, t, "y"), at=ys[k], name=f"row at y_{k}"))

# %% [markdown]
# From activation to pre-activation: $\nabla_{z_k}\mathrm{Div}=\nabla_{y_k}\mathrm{Div}\,J_{y_k}(z_k)$.

# %% slides=["CSC561-E52"]
for k in (1, 2):
    print(check.gradient(dzs[k], lambda t, k=k: rest(k, t, "z"), at=zs[k], name=f"row at z_{k}"))

# %% [markdown]
# The weights: column $y_{k-1}$ times row $\nabla_{z_k}\mathrm{Div}$, a matrix of shape $D_{k-1}\times D_k$. That is the
# transpose of the shape of $W_k$; in house notation it is $dW^{(k)}$ turned. The slide prints $y_{t-1}$, but $t$
# counts instances; the layer below is $k-1$.


# %% slides=["CSC561-E53"]
def with_parameter(name, value):
    """The loss of the sample if one parameter had another value."""
    kept = small.parameters[name].copy()
    small.parameters[name] = value
    result = half_se(small(sample), d)
    small.parameters[name] = kept
    return result


for k in (1, 2):
    as_printed = ys[k - 1].T @ dzs[k]
    print("slide's shape", as_printed.shape, "and ours", as_printed.T.shape)
    print(check.gradient(as_printed.T, lambda T, k=k: with_parameter(f"W{k}", T), at=small.Ws[k - 1], name=f"dW{k}"))

# %% [markdown]
# The biases take the row as it is: $\nabla_{b_k}\mathrm{Div}=\nabla_{z_k}\mathrm{Div}$.

# %% slides=["CSC561-E54"]
for k in (1, 2):
    print(check.gradient(dzs[k][0], lambda t, k=k: with_parameter(f"b{k}", t), at=small.bs[k - 1], name=f"db{k}"))

# %% [markdown]
# ## 8 · Batches, and the answer to the question
#
# With many samples, stack them as rows and keep the same five lines:
#
# $$\begin{aligned}
# dA^{(L)} &= \text{gradient of the loss (it contains the } 1/N) \\
# dZ^{(l)} &= dA^{(l)}\odot\varphi_l'(Z^{(l)}) \\
# dW^{(l)} &= dZ^{(l)\top}A^{(l-1)} \\
# db^{(l)} &= \textstyle\sum_n dZ^{(l)}_n \\
# dA^{(l-1)} &= dZ^{(l)}\,W^{(l)}
# \end{aligned}$$
#
# > **Translation box: which loss?** Factors decide how far a step goes.
# >
# > | deck | loss of a batch | gradient at the output | for equal steps, house $\eta$ is |
# > |---|---|---|---|
# > | house, CEE616 | mean of $\tfrac12\lVert\cdot\rVert^2$ | $(\hat Y-Y)/N$ | $\rho$ |
# > | CEE697M | sum of $\lVert\cdot\rVert^2$ | $2(\hat Y-Y)$ | $2N\eta$ |
# > | EECS545 | $\lVert\cdot\rVert^2$ of one sample | $2(\hat y-y)$ | $2\alpha$ |
# > | CSC561 | mean of any Div | $\nabla_Y\mathrm{Div}/T$ | $\eta$ |
#
# The product $dZ^\top A$ adds up the outer products of all samples at one stroke, and the rows of $dA$ never mix.

# %% slides=["EECS545-C28"]
one_by_one = [engine.affine_vjp(dH[n : n + 1], X[n : n + 1], W) for n in range(len(X))]
print("dW is the sum of outer products:", agrees(dW, sum(np.outer(dH[n], X[n]) for n in range(len(X)))))
print("db is the sum of rows:          ", agrees(db, sum(single.db for single in one_by_one)))
print("dX is sample by sample:         ", agrees(dX, np.vstack([single.dX for single in one_by_one])))

# %% [markdown]
# Why take the trouble? Matrices are shorter to write, and a matrix library is far faster than a loop in Python. The
# cell measures a layer of 256 to 256 units on 32 samples. It prints only whether the factor exceeds 20, since the exact
# time depends on the machine.


# %% slides=["CSC561-C24"] tags=["nbval-ignore-output"]
def by_loops(X, W):
    """The affine layer as slides with indices would have it: three nested loops."""
    return [[sum(row[j] * x[j] for j in range(len(x))) for row in W] for x in X]


big_X, big_W = rng.normal(size=(32, 256)), rng.normal(size=(256, 256))
lists = big_X.tolist(), big_W.tolist()
start = time.perf_counter()
slow = by_loops(*lists)
loop_time = time.perf_counter() - start
engine.affine(big_X, big_W)
matrix_time = np.inf
for _ in range(20):
    start = time.perf_counter()
    fast = engine.affine(big_X, big_W)
    matrix_time = min(matrix_time, time.perf_counter() - start)
print("same numbers:", bool(np.allclose(slow, fast, rtol=1e-12, atol=1e-12)))
print("more than 20 times faster:", loop_time > 20 * matrix_time)

# %% [markdown]
# A whole network now, with every tensor checked. The flat vector of the engine and its named parts are the same memory.


# %%
def probe(sizes, N, seed):
    """A network with random weights and biases, and a batch."""
    rng = np.random.default_rng(seed)
    net = engine.MLP(sizes)
    net.parameters.flat[:] = 0.6 * rng.normal(size=len(net.parameters))
    return net, rng.normal(size=(N, sizes[0])), rng.normal(size=(N, sizes[-1]))


def loss_as_function_of(name, net, X, Y):
    """The loss of the network as a function of one of its parameters."""

    def loss(value):
        kept = net.parameters[name].copy()
        net.parameters[name] = value
        result = net.loss(net(X), Y)
        net.parameters[name] = kept
        return result

    return loss


# %% [markdown]
# The six tensors of the network of the question, each against central differences.

# %%
net, batch, targets = probe([3, 4, 5, 2], N=6, seed=1)
value, _ = net.loss_and_gradient(batch, targets)
for name in net.parameters.shapes:
    reference = loss_as_function_of(name, net, batch, targets)
    print(check.gradient(net.gradient[name], reference, at=net.parameters[name], name=f"d{name}", value=value))

# %% [markdown]
# ### Break it
#
# The backward pass in six small rules, and beside it eight ways to change one of them. Each change is a misprint of a
# deck, or a gap that a reader might fill wrongly, carried over to a batch. Choose one by its name and see which
# gradients turn red.

# %%
RIGHT = {
    "start": lambda A, Y: (A - Y) / len(Y),
    "dZ": lambda dA, slope: dA * slope,
    "dW": lambda dZ, A: dZ.T @ A,
    "db": lambda dZ: dZ.sum(axis=0),
    "dA": lambda dZ, W: dZ @ W,
    "result": lambda gradient, loss: gradient,
}
MISPRINTS = {
    "CEE616-E28: x3 for the Jacobian": {"dW": lambda dZ, A: dZ @ A},
    "CEE616-E39: row ⊙ column": {"dZ": lambda dA, slope: dA * slope.T},
    "CEE616-E40: row transposed again": {"dA": lambda dZ, W: dZ.T @ W},
    "EECS545-E46: sum over the other index": {"dA": lambda dZ, W: dZ @ W.T},
    "CSC561-E53: y of instance t-1": {"dW": lambda dZ, A: dZ.T @ np.roll(A, 1, axis=0)},
    "CSC561-A6: no base case": {"start": lambda A, Y: np.zeros_like(A)},
    "CEE616-A1: the loss as gradient": {"result": lambda gradient, loss: loss},
    "EECS545-E45: no bias gradient": {"db": lambda dZ: np.zeros(dZ.shape[1])},
}


# %%
def backward_with(misprint, net, X, Y):
    """All gradients of the network, with one rule changed."""
    rule = {**RIGHT, **MISPRINTS.get(misprint, {})}
    run = net.forward(X)
    gradients = {}
    dA = rule["start"](run.A[-1], Y)
    for layer in range(net.L, 0, -1):
        phi, Z, A = net.activations[layer - 1], run.Z[layer - 1], run.A[layer]
        dZ = rule["dZ"](dA, phi.derivative(Z, A))
        gradients[f"W{layer}"] = rule["dW"](dZ, run.A[layer - 1])
        gradients[f"b{layer}"] = rule["db"](dZ)
        dA = rule["dA"](dZ, net.Ws[layer - 1])
    loss = net.loss(run.A[-1], Y)
    return {name: rule["result"](gradients[name], loss) for name in net.parameters.shapes}


# %%
def judge(misprint, net, X, Y):
    """For each parameter: correct, wrong, or error where numpy refused a shape."""
    try:
        got = backward_with(misprint, net, X, Y)
    except ValueError:
        return {f"d{name}": "error" for name in net.parameters.shapes}
    verdicts = {}
    for name, tensor in got.items():
        reference = loss_as_function_of(name, net, X, Y)
        verdicts[f"d{name}"] = check.gradient(tensor, reference, at=net.parameters[name], name=f"d{name}").status
    return verdicts


# %% [markdown]
# Change the name on the first line of the next cell to any key of `MISPRINTS`, or to `"none"`.

# %% tags=["interactive"]
misprint = "CSC561-E53: y of instance t-1"

try:
    got = backward_with(misprint, net, batch, targets)
    for name in net.parameters.shapes:
        reference = loss_as_function_of(name, net, batch, targets)
        print(check.gradient(got[name], reference, at=net.parameters[name], name=f"d{name}"))
except ValueError:
    print("numpy refused the shapes")

# %% [markdown]
# Now all eight, and the answer to the question of the day.

# %%
table = {name: judge(name, net, batch, targets) for name in ["none", *MISPRINTS]}
stopped = sum("error" in row.values() for name, row in table.items())
caught = sum(set(row.values()) != {"correct"} for name, row in table.items())
print(f"numpy stopped {stopped} of {len(MISPRINTS)}; your number was {my_guess}")
print(f"the gradient check caught {caught} of {len(MISPRINTS)}")
figures.show(
    figures.verdict_grid(table),
    alt="A table of nine rows and six gradients. Without a misprint all are right. Four misprints raise an error. The "
    "other four run and give wrong gradients: the wrong instance spoils all weights, the missing base case and the loss "
    "as gradient spoil everything, the missing bias gradient spoils the biases.",
)

# %% [markdown]
# Half of the mistakes run without a murmur. And even that half was luck: the widths 3, 4, 5, 2 and the batch of 6 are
# all different, so shapes rarely fit by accident. Repeat it with every size equal to 4.

# %%
square = probe([4, 4, 4, 4], N=4, seed=2)
table = {name: judge(name, *square) for name in MISPRINTS}
print("stopped by numpy:     ", sum("error" in row.values() for row in table.values()), "of", len(table))
print("caught by the check:  ", sum(set(row.values()) != {"correct"} for row in table.values()), "of", len(table))

# %% [markdown]
# Two habits follow. Test with sizes that are all different. And do not let a run without errors stand for a proof: let
# a gradient check have the last word.
#
# ## 9 · A training loop around the sweep
#
# CSC561 puts the sweep into a loop: set loss and gradients to zero; for each instance go forward, add its loss, go
# backward, add its gradients; after the last instance, update; repeat until the loss settles. Here is one round, with the
# base case inside `sweep` and the update **after** the loop over instances. The judge is a step of $\eta$ times the
# measured gradient of the *mean* loss.


# %%
def loss_at(net, X, Y, flat):
    """The mean loss of the network at a flat vector of parameters."""
    kept = net.parameters.flat.copy()
    net.parameters.flat[:] = flat
    result = net.loss(net(X), Y)
    net.parameters.flat[:] = kept
    return result


# %% slides=["CSC561-A6"]
def iteration(net, X, D, lr):
    """One round of the vector training loop: accumulate over all instances, then update once. Returns the mean loss."""
    T, total = len(X), 0.0
    sum_W = [np.zeros(W.T.shape) for W in net.Ws]
    sum_b = [np.zeros((1, len(b))) for b in net.bs]
    for t in range(T):
        div, y, _, _, dz = sweep(X[t : t + 1], D[t : t + 1], net.Ws, net.bs, net.activations)
        total += div
        for k in range(net.L, 0, -1):
            sum_W[k - 1] += y[k - 1].T @ dz[k]
            sum_b[k - 1] += dz[k]
    for W, b, gradient_W, gradient_b in zip(net.Ws, net.bs, sum_W, sum_b, strict=True):
        W -= lr / T * gradient_W.T
        b -= lr / T * gradient_b[0]
    return total / T


net, batch, targets = probe([3, 4, 5, 2], N=6, seed=1)
before = net.parameters.flat.copy()
expected = before - 0.1 * numeric(lambda flat: loss_at(net, batch, targets, flat), before)
iteration(net, batch, targets, lr=0.1)
print("one round equals a step of lr times the mean gradient:", agrees(net.parameters.flat, expected))

# %% [markdown]
# The update of the slide is $W_k\leftarrow W_k-\frac{\eta}{T}(\nabla_{W_k}\mathrm{Loss})^\top$, and likewise for
# $b_k$. The transpose turns the row form back into the shape of the parameter, and $1/T$ makes a mean out of the sum.
# In house notation both are already inside $dW$, and the update is one line over the flat vector.

# %% slides=["CSC561-E55"]
net.parameters.flat[:] = before
instances = [(batch[n : n + 1], targets[n : n + 1]) for n in range(6)]
row_form = sum(x_t.T @ sweep(x_t, d_t, net.Ws, net.bs, net.activations)[4][1] for x_t, d_t in instances)
_, gradient = net.loss_and_gradient(batch, targets)
print("row form", row_form.shape, "for W1 of shape", net.Ws[0].shape)
print("(1/T) times the sum, turned, is dW1:", agrees(row_form.T / 6, net.gradient["W1"]))
net.parameters.flat[:] -= 0.1 * gradient
print("flat update equals the slide's:", agrees(net.parameters.flat, expected))

# %% [markdown]
# In the text version of the slide the update line stands *inside* the loop over instances. Then the sum so far is
# applied again and again, first one term, then two, up to $T$. The next figure compares both: same start, same
# learning rate.


# %%
def eager_iteration(net, X, D, lr):
    """The same round with the update inside the loop over instances, applying the running sum each time."""
    running = np.zeros(len(net.parameters))
    for t in range(len(X)):
        running += net.loss_and_gradient(X[t : t + 1], D[t : t + 1])[1]
        net.parameters.flat[:] -= lr / len(X) * running


# %%
rate = 0.5
losses = {}
for name, one_round in (("update after the loop", iteration), ("update inside the loop", eager_iteration)):
    net.parameters.flat[:] = before
    losses[name] = []
    for _ in range(40):
        losses[name].append(net.loss(net(batch), targets))
        one_round(net, batch, targets, lr=rate)
print({name: round(values[-1], 3) for name, values in losses.items()})
figures.show(
    figures.curves(losses, x="round over all instances", y="mean loss", title="Where the update stands", log=True),
    alt="Mean loss over 40 rounds on a logarithmic axis. With the update after the loop over instances the curve falls "
    "smoothly; with the update inside the loop it zigzags from the same start and ends lower.",
)

# %% [markdown]
# The second run is not gradient descent on the mean loss: its first round already differs from $\eta$ times the mean
# gradient, as the self-check at the end confirms. Here it even looks quicker, because it takes larger steps. Set `rate`
# to 0.8 and run the cell again: the first loop still settles, the second explodes. A loss that falls is no proof either.
#
# ## 10 · Errata corner
#
# Every long text has its misprints, and these four decks are careful ones. Each row below is a place where an attentive
# reader stops. The classes: **wrong** as printed; **notation**, symbols or shapes that disagree; **gap**, something
# needed is missing; **conditions**, true under conditions that are not stated; **extraction**, most likely
# damage from turning the slides into text, to be compared with the original.
#
# Let us type three of the errors exactly as they stand. First CEE616 (39), with $u_2=(x_4-y)^\top$ a row and
# $\varphi'(x_2)$ a column, as the deck defines them.

# %% tags=["raises-exception"]
row = (x4 - y)[None]  # (1, 2)
column_slope = slope[:, None]  # (4, 1)
row_x1 = x1[None]  # (1, 3)
(row @ W2 * column_slope) @ row_x1

# %% [markdown]
# The error message names the last product, but the damage was done before it. A row times a column, entry by entry, is
# broadcast to a full square, and numpy says nothing:

# %%
mixed = row @ W2 * column_slope
print("row ⊙ column:", mixed.shape, " wanted:", delta1.shape)
print(check.gradient(mixed, lambda v: tail(2, v), at=x2, name="u_1 of (40)"))
print(check.gradient((W2.T @ delta2) * slope, lambda v: tail(2, v), at=x2, name="u_1 corrected"))

# %% [markdown]
# Second, CSC561's $\nabla_{W_k}\mathrm{Div}=y_{t-1}\nabla_{z_k}\mathrm{Div}$. Read literally, it takes the output for the
# *previous training instance*. The picture shows that no entry survives.

# %%
net, batch, targets = probe([3, 4, 5, 2], N=6, seed=1)
got = backward_with("CSC561-E53: y of instance t-1", net, batch, targets)["W2"]
right = backward_with("none", net, batch, targets)["W2"]
reference = loss_as_function_of("W2", net, batch, targets)
print(check.gradient(got, reference, at=net.parameters["W2"], name="dW2 with y of t-1"))
print(check.gradient(right, reference, at=net.parameters["W2"], name="dW2 with y of k-1"))
figures.show(
    figures.gradient_report(got, right, name="dW2"),
    alt="Three heat maps of 5 by 4 cells: dW2 with the wrong instance, the right dW2, and their difference, which is not "
    "zero in any entry and largest in row 2, column 1.",
)

# %% [markdown]
# Third, EECS545's $\partial\mathcal L/\partial x_i=\sum_i\dots$: the index on the left is also the one that is summed.
# If the reader keeps $i$ on the left and sums over the other index, the result has one entry for each *output*.

# %%
literal = np.einsum("ij,i->i", W, g)
print(check.gradient(literal, lambda t: g @ (W @ t + b), at=x, name="dx with i kept"))
print(check.gradient(W.T @ g, lambda t: g @ (W @ t + b), at=x, name="dx with j kept"))

# %% [markdown]
# The full list for this lecture. The last column names the section that shows it;
# in section 8 it is one of the eight names to break.
#
# | row | class | what to know | section |
# |---|---|---|---|
# | CEE616-E15 | notation | the *loss* is the scalar, not the network's output; $\ell_2$ means the squared norm; no biases in this example | 4 |
# | CEE616-E16 | notation | $f_4$ was the output layer earlier and is the loss here; $L=4$ counts steps | 4 |
# | CEE616-E19 | notation | two numberings, $\theta_3=W_2$ | 4 |
# | CEE616-C13 | notation | training differentiates with respect to the parameters, not $x$ | 4 |
# | CEE616-E23 | extraction | one copy has $\partial x_2/\partial x_2$ as third factor; it is $\partial x_3/\partial x_2$ | 5 |
# | CEE616-C14 | notation | rows of length $d_\ell$ here, matrices in (37) and (39); equal after reading row by row | 5 |
# | CEE616-A1 | wrong | the return line sets the gradient to $x_{L+1}$, which is the loss; $g_\ell$ is a row; layers without parameters have an empty $g_\ell$ | 8 |
# | CEE616-E34, CEE616-E35, CEE616-E36 | notation | the gradient is set equal to the row, without the transpose of (24); $\theta_2$ is empty | 5 |
# | CEE616-E37 | notation | $u_2$ must be a column here, but (41) makes it a row | 6 |
# | CEE616-E38 | notation | empty, not 0 | 5 |
# | CEE616-E39, CEE616-E40 | wrong | transposes: $(W_2^\top\delta_2)\odot\varphi'(x_2)$ | 8 |
# | CEE616-C16 | notation | $u_1,u_2$ here are $u_2,u_4$ of the recursion: call them $\delta_1,\delta_2$ | 6 |
# | CEE616-E41 | notation | a row here, a column in (37) | 6 |
# | EECS545-E41 | notation | $y$ is the output here and was the target before | 2 |
# | EECS545-E42 | notation | holds for vec($W$); $\nabla_Wh$ alone would have three indices | 2 |
# | EECS545-E44 | notation | the output index is called $i$ here, $j$ in the examples | 3 |
# | EECS545-E45 | gap | the bias gradient is missing: $\nabla_b\mathcal L=\nabla_h\mathcal L$ | 8 |
# | EECS545-E46 | wrong | the left side must carry $j$ (perhaps extraction) | 8 |
# | EECS545-C27 | conditions | column and row *vectors*, not column and row *major* | 3 |
# | EECS545-E54 | gap | nothing is said at 0; we use slope 0 | 3 |
# | CSC561-C33 | notation | $\nabla$ stands for the row derivative throughout, and yet the gradient is its transpose | 2 |
# | CSC561-E47 | extraction | $\nabla$ came out as the letter V | 7 |
# | CSC561-A6 | gap | the base case $\nabla_{y_N}\mathrm{Div}=\nabla_Y\mathrm{Div}$ and the order $k=N,\dots,1$ are not written; the update appears inside the loop | 9 |
# | CSC561-E51 | gap | undefined for $k=N$ | 7 |
# | CSC561-E53 | wrong | $y_{k-1}$, not $y_{t-1}$ | 8 |
#
# ## 11 · Exercises
#
# Each cell below answers with the check's verdict. A function that returns nothing is told so; fill it in and run
# again.
#
# **1 · Four backward rules** (★, 15 minutes). Write the backward rules of the sigmoid, tanh and ReLU from input `Z`,
# output `A` and received gradient `G`, and that of the affine layer. Each is tested alone with a random `G`: a gradient
# of ones would hide mistakes.
#
# <details><summary>Hint 1</summary>An activation multiplies each entry of G by its own slope.</details>
#
# <details><summary>Hint 2</summary>All three slopes can be written with A alone; the affine layer needs three
# products, and the shapes leave only one order for each.</details>


# %%
def sigmoid_backward(G, Z, A):
    """The gradient of Z. All arrays (N, M)."""


def tanh_backward(G, Z, A):
    """The gradient of Z. All arrays (N, M)."""


def relu_backward(G, Z, A):
    """The gradient of Z. All arrays (N, M)."""


def affine_backward(G, X, W):
    """The gradients dX, dW, db. G (N, M), X (N, D), W (M, D)."""
    return None, None, None


Z, G = rng.normal(size=(5, 4)), rng.normal(size=(5, 4))  # X, W and b are those of section 2
mine = {engine.sigmoid: sigmoid_backward, engine.tanh: tanh_backward, engine.relu: relu_backward}
for activation, rule in mine.items():
    got = rule(G, Z, activation(Z))
    print(check.gradient(got, lambda T, f=activation: np.sum(G * f(T)), at=Z, name=f"dZ of {activation.name}"))

# %%
my_dX, my_dW, my_db = affine_backward(G, X, W)
print(check.gradient(my_dX, lambda T: np.sum(G * (T @ W.T + b)), at=X, name="dX"))
print(check.gradient(my_dW, lambda T: np.sum(G * (X @ T.T + b)), at=W, name="dW"))
print(check.gradient(my_db, lambda t: np.sum(G * (X @ W.T + t)), at=b, name="db"))

# %% [markdown]
# **2 · Put (39) to (41) right** (★★, 15 minutes). Return $\delta_1$, $\delta_2$, $dW_1$, $dW_2$ of the example as
# columns and matrices, and say in one sentence which $u$ of the recursion each $\delta$ is.
#
# <details><summary>Hint</summary>Write the shape below each factor first. Only one order of the factors fits, and each
# error signal is as long as the pre-activation that it belongs to.</details>


# %%
def example_gradients(x1, y, W1, W2):
    """delta_1 (4,), delta_2 (2,), dW1 (4, 3), dW2 (2, 4) of the CEE616 example with tanh."""
    return None, None, None, None


my_delta1, my_delta2, my_dW1, my_dW2 = example_gradients(x1, y, W1, W2)
print(check.gradient(my_delta1, lambda v: tail(2, v), at=x2, name="delta_1"))
print(check.gradient(my_delta2, lambda v: tail(4, v), at=x4, name="delta_2"))
print(check.gradient(my_dW1, lambda A: of_weights(A, W2), at=W1, name="dW1"))
print(check.gradient(my_dW2, lambda B: of_weights(W1, B), at=W2, name="dW2"))

# %% [markdown]
# **3 · One product for the whole batch** (★, 10 minutes). Show on paper that entry $(i,j)$ of $G^\top X$ is
# $\sum_n G_{ni}X_{nj}$, and so $G^\top X$ is the sum of the outer products of all samples. Then write both and compare.
#
# <details><summary>Hint</summary>Swap the sum over samples with the choice of an entry. In numpy, a loop over
# <code>zip(G, X)</code> and <code>np.outer</code> will do.</details>


# %%
def weight_gradient_by_samples(G, X):
    """The sum over samples of the outer product of a row of G (N, M) with a row of X (N, D): shape (M, D)."""


print(check.value(weight_gradient_by_samples(G, X), G.T @ X, name="the sum of outer products"))

# %% [markdown]
# **4 · The training loop, complete** (★★★, 20 minutes). Write one round of CSC561's loop for a network with one layer
# and tanh, without calling `sweep`: the base case, the order of the layers, and the update after the loop.
#
# <details><summary>Hint 1</summary>Three lines need a base: the loss, the gradients, and the row that starts the way
# back.</details>
#
# <details><summary>Hint 2</summary>Work out the row form first, then turn it once, at the update.</details>


# %%
def one_round(X, D, W, b, lr):
    """New W (M, D) and b (M,) after one round over all instances, mean half squared error, activation tanh."""
    return None, None


D = rng.normal(size=(5, 4))
new_W, new_b = one_round(X, D, W, b, lr=0.1)
step_W = 0.1 * numeric(lambda T: half_se(np.tanh(X @ T.T + b), D), W)
step_b = 0.1 * numeric(lambda t: half_se(np.tanh(X @ W.T + t), D), b)
print(check.value(new_W, W - step_W, name="the new W"))
print(check.value(new_b, b - step_b, name="the new b"))

# %% [markdown]
# **5 · Four languages** (★★, 15 minutes). Take one line of each deck: CEE616 (37), CEE697M's
# $\partial L/\partial w^{(l)}=\partial L/\partial z^{(l)}\,a^{(l-1)}$, EECS545's $\nabla_x\mathcal L=W^\top\nabla_h\mathcal L$,
# CSC561's $\nabla_{W_k}\mathrm{Div}=y_{k-1}\nabla_{z_k}\mathrm{Div}$. Write each in the notation of the other three and
# in house notation. Give every shape.
#
# <details><summary>Hint</summary>Use the translation boxes of sections 2, 4 and 7. Watch three traps: rows against
# columns, (to, from) against (from, to), and the two numberings of u.</details>
#
# ## 12 · Check yourself, and what to read
#
# The main statements once more, on fresh numbers.

# %%
net, batch, targets = probe([4, 6, 5, 3], N=7, seed=12)
value, flat = net.loss_and_gradient(batch, targets)
run = net.forward(batch)
swept = engine.backward(half_se.gradient(run.A[-1], targets), run, net.Ws, net.activations)
for layer in (1, 2, 3):
    dZ, A = swept.dZs[layer - 1], run.A[layer - 1]
    below = swept.dX if layer == 1 else swept.dZs[layer - 2] / (1 - A**2)
    assert agrees(net.gradient[f"W{layer}"], sum(np.outer(dZ[n], A[n]) for n in range(7))), "dW: sum of outer products"
    assert agrees(net.gradient[f"b{layer}"], dZ.sum(axis=0)), "db: column sums of dZ"
    assert agrees(below, dZ @ net.Ws[layer - 1]), "dA below: dZ W"
measured = numeric(lambda flat: loss_at(net, batch, targets, flat), net.parameters.flat)
assert agrees(flat, measured), "the whole gradient against central differences"
print("the backward pass: all identities hold")

# %%
start, step = net.parameters.flat.copy(), 0.1 * flat
iteration(net, batch, targets, lr=0.1)
assert agrees(net.parameters.flat, start - step), "update after the loop: the mean gradient"
net.parameters.flat[:] = start
eager_iteration(net, batch, targets, lr=0.1)
assert not agrees(net.parameters.flat, start - step), "update inside the loop: another step"
print("the training loop: all identities hold")

# %% [markdown]
# Last, every row of this lecture: the numeric check of each statement as it should read, and of each misprint as it
# stands on its slide.

# %%
print(slides.self_check("NB08"))

# %% [markdown]
# **To take home.** A layer is a forward rule with a backward rule. The gradient of any array has the shape of that
# array. Error of the layer times input of the layer gives the weights; error times weights gives the error below. And
# no run without errors replaces a gradient check.
#
# **To read.** *Probabilistic Machine Learning: An Introduction*, chapter 13 (neural networks for tabular data, with the
# layer-wise backward pass); *Deep Learning*, chapter 6 (deep feedforward networks); *The Elements of Statistical
# Learning*, chapter 11 (neural networks, in the notation of statistics). Next lecture: softmax and cross-entropy, where
# the base case of today's sweep becomes probability minus target.
