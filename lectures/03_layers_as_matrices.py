# %% [markdown]
# # 3 · Layers as matrices: forward pass and counting
#
# Neurons side by side form a layer, and layers one after another form a network. Today a layer becomes one matrix
# product, and a network becomes a loop of a few lines. Then we count how many numbers training may change.
#
# **Question of the day.** A network has four inputs, hidden layers of 8, 6 and 4 units, and two outputs. Make every
# hidden layer ten times as wide. *By what factor does the number of weights and biases grow?* Write your number into the
# next cell before you run on. Section 7 has the answer.

# %%
my_guess = 0  # the factor, such as 1.5 or 1000

# %% [markdown]
# | | section | minutes |
# |---|---|---|
# | 1 | Set-up and a look back | 4 |
# | 2 | A picture and its words | 10 |
# | 3 | A closer look: one neuron and its two indices | 15 |
# | 4 | One layer, one product | 14 |
# | 5 | Layer after layer | 12 |
# | 6 | The last layer | 10 |
# | 7 | Counting, and the answer to the question | 10 |
# | 8 | Softmax, a closer look | at home, 15 |
# | 9 | Errata corner | at home, 20 |
# | 10 | Exercises | at home, 85 |
# | 11 | Check yourself, and what to read | at home, 10 |
#
# ## 1 · Set-up and a look back
#
# Lecture 2 in two lines: a neuron multiplies each input by a weight, adds up the products and a bias, and bends the sum
# with an activation function $\varphi$. One neuron alone cannot compute exclusive-or; a hidden layer can.

# %%
from itertools import pairwise

import numpy as np

from coursekit import check, engine, figures, slides

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(3)


def agrees(a, b):
    """Do two arrays of one shape agree to ten digits?"""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-10, atol=1e-12))


def random_net(sizes, activation=engine.tanh, output=engine.identity):
    """A network of these widths; all weights and biases are random."""
    net = engine.MLP(sizes, activation=activation, output=output)
    net.parameters.flat[:] = rng.normal(size=len(net.parameters))
    return net


# %% [markdown]
# House notation: samples are rows, so a batch $X$ of $N$ samples with $D$ numbers each has the shape $(N, D)$. A single
# sample is a batch of one. A weight matrix $W$ has the shape (out, in): a row for each neuron of the layer. Section 4
# explains why.
#
# The engine's `MLP([3, 5, 2])` is a network with three inputs, five neurons above them and two outputs on top. `Ws` and
# `bs` are its weight matrices and biases, layer by layer. `net(X)` computes the outputs of a batch. `net.forward(X)` keeps
# what it meets on the way: the list `Z` holds the weighted sums of each layer, the list `A` the values of each layer,
# beginning with the input.
#
# ## 2 · A picture and its words
#
# Neurons that read the same numbers form a **layer**. The numbers from outside are called the *input layer*, although
# nothing is computed there. The last layer is the *output layer*, and the layers between are *hidden*. A neuron of a
# layer is also called a **unit**, and the number of units is the **width** of the layer. We write a network by its
# widths: 4-5-3. CEE697M and EECS545 both introduce a network by a drawing that is lost in the text versions. It may have
# looked like this: a circle for each unit, a line for each weight.

# %% slides=["CEE697M-F2", "EECS545-F11"]
print("circles in black (neurons):", engine.n_neurons([4, 5, 3]), "= 5 + 3")
print("lines (weights):           ", sum(W.size for W in engine.MLP([4, 5, 3]).Ws), "= 5·4 + 3·5")
figures.show(
    figures.network_diagram([4, 5, 3]),
    alt="A network drawn from left to right: four input circles in blue, five hidden circles and three output circles in "
    "black. A line joins every circle to every circle of the next column, 35 lines in all.",
)

# %% [markdown]
# *Organised in layers* means that a unit hears only the layer just before it. So units of one layer do not influence each
# other. Test it: change the bias of one unit in layer 2 and see which units of the network move.

# %% slides=["CEE697M-C9"]
net, X = random_net([3, 5, 4, 2]), rng.normal(size=(6, 3))
before = net.forward(X).A
net.bs[1][0] += 0.5  # the first unit of layer 2
after = net.forward(X).A
for layer, (old, new) in enumerate(zip(before, after, strict=True)):
    moved = np.any(old != new, axis=0).sum()
    print(f"layer {layer}: {moved} of {old.shape[1]} units moved")

# %% [markdown]
# A layer is **fully connected** if each of its units reads every unit of the layer before. This is the common case. Then
# each input has a way to each output. Measure the slope of each output by each input: with random weights none of
# them is zero. Remove the lines that leave the third input, and its column of slopes vanishes.

# %% slides=["CEE697M-C10"]
net, x = random_net([3, 5, 2]), rng.normal(size=3)
print("weights:", [W.size for W in net.Ws], " all of them in use:", all(np.all(W != 0) for W in net.Ws))
print("slope of each output (row) by each input (column):")
print(check.numeric_jacobian(lambda t: net(t[None])[0], x))
net.Ws[0][:, 2] = 0
print("without the lines of input 3:")
print(check.numeric_jacobian(lambda t: net(t[None])[0], x) + 0.0)

# %% [markdown]
# Nothing flows back. The lines form a directed graph without a cycle, and so there is an order in which everything can
# be computed. This is what *feed-forward* says. CEE697M states it for neural networks in general; it holds for the
# feed-forward ones. A *recurrent* network feeds its output back and has a cycle. The cycle disappears when the network
# is *unrolled*, that is, drawn once for each step in time. The engine's graph of influences takes lines (from, to,
# weight) and refuses a cycle.

# %% slides=["CEE697M-C8"]
lines = [("input", "hidden", 1.0), ("hidden", "output", 1.0)]
print("feed-forward:", engine.InfluenceGraph(lines).nodes)
try:
    engine.InfluenceGraph([*lines, ("output", "hidden", 1.0)])
except ValueError as error:
    print("recurrent:   ", error)
print("unrolled:    ", engine.InfluenceGraph([*lines, ("output", "hidden a step later", 1.0)]).nodes)

# %% [markdown]
# Such a network is also called a **multilayer perceptron**. The slide asks for several hidden layers, but the name is
# usual from one hidden layer on, and one already makes the difference. With two hidden threshold units, "at least one"
# and "both", a network computes exclusive-or as their difference. Without a hidden layer and a bend, only an affine
# function is left, and the best one by least squares answers 0.5 every time.

# %% slides=["CEE697M-C11"]
X_xor, Y_xor = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])
W1, b1 = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([-0.5, -1.5])  # "at least one" and "both"
W2, b2 = np.array([[1.0, -1.0]]), np.array([0.0])  # the first minus the second
output = engine.forward(X_xor, [W1, W2], [b1, b2], [engine.heaviside, engine.identity]).A[-1]
columns = np.column_stack([X_xor, np.ones(4)])
best = columns @ np.linalg.lstsq(columns, Y_xor, rcond=None)[0]
print("wanted:          ", Y_xor)
print("one hidden layer:", output[:, 0])
print("no hidden layer: ", best.round(3) + 0.0)

# %% [markdown]
# How many layers does a network have? The input is not counted: a network of $L$ layers has $L-1$ hidden ones and the
# output layer. CEE697M states the rule once, with $N$ for our $L$, and then applies it to three drawings: 3-4-2 has two
# layers, 3-4-3-2 has three, and a small network with two outputs has two. The widths of the last one are lost; we take
# 3-2-2. The last line below is the network of our question.

# %% slides=["CEE697M-C13", "CEE697M-C22", "CEE697M-C25", "CEE697M-C43"]
for sizes in ([3, 4, 2], [3, 4, 3, 2], [3, 2, 2], [4, 8, 6, 4, 2]):
    net = engine.MLP(sizes)
    print(f"{'-'.join(map(str, sizes)):10} layers: {net.L}   hidden: {len(sizes) - 2}   weight matrices: {len(net.Ws)}")

# %% [markdown]
# ## 3 · A closer look: one neuron and its two indices
#
# CSC561 draws a tiny network with two inputs, and then the same network with every single weight. Both pictures are
# lost; here is one for 2-3-2. A square with the constant 1 stands for the bias: each line from it carries the bias of
# the unit that it reaches. Seventeen lines, seventeen numbers to learn. We call these numbers, weights and biases
# together, the **parameters** of the network.

# %% slides=["CSC561-F7", "CSC561-F9"]
tiny = random_net([2, 3, 2])
print("input circles:", tiny.sizes[0])
print("lines:        ", "3·3 into the hidden units + 4·2 into the outputs =", 3 * 3 + 4 * 2)
print("parameters:   ", len(tiny.parameters))
figures.show(
    figures.network_diagram([2, 3, 2], bias_nodes=True, net=tiny),
    alt="The network 2-3-2 with a bias square below the inputs and one below the hidden units. Each of the 17 lines bears "
    "its weight; solid blue lines are positive, dashed orange ones negative, thick ones large.",
)

# %% [markdown]
# Each circle does two things: it adds up, and it bends the sum. The next drawing takes them apart. The weighted sum $z$
# is called the **pre-activation**, the value $y=\varphi(z)$ behind it the **activation** of the unit. Later lectures
# differentiate the two steps one by one.

# %% slides=["CSC561-F8"]
run = tiny.forward(np.array([[0.5, -1.0]]))
print("sums z of layer 1:       ", run.Z[0][0])
print("activations y of layer 1:", run.A[1][0], " equal to tanh(z):", agrees(run.A[1], np.tanh(run.Z[0])))
figures.show(
    figures.network_diagram([2, 3, 2], split=True, symbol="y"),
    alt="The network 2-3-2 with every neuron drawn as two circles joined by a thick line: z collects the lines from the "
    "layer below, and y, behind the activation function phi, sends its lines on to the next layer.",
)

# %% [markdown]
# In symbols, and in the letters of CEE697M: if the layer before has $m$ units with the activations
# $a_0,\dots,a_{m-1}$, the new neuron has the activation
# $$\sigma(w_0a_0+w_1a_1+\dots+w_{m-1}a_{m-1}+b)=\sigma\Big(\sum_i w_ia_i+b\Big),$$
# where $\sigma$ is the sigmoid of lecture 2. Weight $i$ meets neuron $i$. In the slide's long form the first indices of
# $a$ have slipped; section 9 comes back to it.

# %% slides=["CEE697M-E11"]
a, w, b = rng.normal(size=5), rng.normal(size=5), 0.3
total = sum(w[i] * a[i] for i in range(5)) + b
print("by hand:   ", np.array([1 / (1 + np.exp(-total))]))
print("the engine:", engine.sigmoid(engine.affine(a[None], w[None], np.array([b])))[0])

# %% [markdown]
# A network has many neurons, so each needs an address: its layer, and its number within the layer. Two decks say that
# **the input is layer 0**, so that layer 1 is computed like any other: CEE697M writes $x=a^{(0)}$, CSC561
# $y_i^{(0)}=x_i$. CSC561 adds that the last layer is the output of the network.

# %% slides=["CEE697M-E12", "CSC561-C3", "CSC561-E03"]
net, X = random_net([3, 4, 2]), rng.normal(size=(6, 3))
run = net.forward(X)
print("widths of A[0], A[1], A[2]:", [A.shape[1] for A in run.A])
print("A[0] is the input:         ", run.A[0] is X)
print("A[2] is the output:        ", np.array_equal(run.A[2], net(X)))

# %% [markdown]
# So $a^{(1)}_4$ is the fourth neuron of the first hidden layer. Numpy counts from 0, and a batch has one row for each
# sample: all values of this neuron are the column `A[1][:, 3]`. Its weights are the fourth row of the first weight
# matrix.

# %% slides=["CEE697M-C39"]
fourth = np.tanh(X @ net.Ws[0][3] + net.bs[0][3])
print("A[1][:, 3]:       ", run.A[1][:, 3])
print("from row 4 of W1: ", fourth)

# %% [markdown]
# > **Translation box: one layer.** Watch the order of the two indices of a weight.
# >
# > | deck | layer | sum | activation | weight from unit $j$ to unit $i$ | bias of unit $i$ |
# > |---|---|---|---|---|---|
# > | house | $(l)$ | $Z^{(l)}$ | $A^{(l)}$ | $W^{(l)}_{ij}$ | $b^{(l)}_i$ |
# > | CEE697M, (11) to (65) | $(l)$ | $z^{(l)}_i$ | $a^{(l)}_i$ | $w^{(l)}_{i,j}$ (to, from) | $b^{(l)}_i$ |
# > | CEE697M, (5) to (7) | $\ell$ | $a_\ell$ | $z_\ell$ | entry of $W_\ell$ | entry of $b_\ell$ |
# > | EECS545 | $(l)$ | $z_i$ | $h^{(l)}_i$ | $w^{(l)}_{ij}$ (to, from) | $b^{(l)}_i$ |
# > | CSC561 | $(k)$ | $z^{(k)}_i$ | $y^{(k)}_i$ | $w^{(k)}_{ji}$ (**from, to**) | $b^{(k)}_i$ |
# > | CEE616 | $\ell$ | none | $x_{\ell+1}$ | entry of $W_\ell$ | in $\theta_\ell$ |
#
# Letters can mislead, and so can the order of indices. An experiment decides: change one weight by $\delta$, and see
# which sum moves, and by how much.


# %%
def change_of_sums(net, X, layer, name, index, delta):
    """How the sums Z of a layer (N, n_l) change when one of its parameters changes by delta; then put it back."""
    before = net.forward(X).Z[layer - 1]
    parameters = net.parameters[f"{name}{layer}"]
    old = parameters[index]
    parameters[index] = old + delta
    change = net.forward(X).Z[layer - 1] - before
    parameters[index] = old
    return change


# %% [markdown]
# CEE697M writes $w_{\text{to},\text{from}}$. Its example $w^{(2)}_{2,3}$ leads from neuron 3 of layer 1 to neuron 2 of
# layer 2. If that is right, only the second sum of layer 2 moves, by $\delta\,a^{(1)}_3$.

# %% slides=["CEE697M-C40"]
change = change_of_sums(net, X, 2, "W", (1, 2), delta=0.5)  # to 2, from 3, counted from 0
print("change of the two sums of layer 2, three samples:")
print(change[:3] + 0.0)
print("column 2 is 0.5 times neuron 3 of layer 1:", agrees(change[:, 1], 0.5 * run.A[1][:, 2]))

# %% [markdown]
# The deck's annotated network is lost, so here is one with three lines named in this way.

# %% slides=["CEE697M-F10"]
names = {(layer, i, j): f"w^{{({layer})}}_{{{i},{j}}}" for layer, i, j in ((1, 1, 1), (1, 4, 3), (2, 2, 3))}
figures.show(
    figures.network_diagram([3, 4, 2], symbol="a", marked=names),
    alt="The network 3-4-2 with every unit labelled a, its layer above and its number below. Three thick edges have "
    "names: w 1,1 and w 4,3 of layer 1, and w 2,3 of layer 2, each as to, from.",
)

# %% [markdown]
# The superscript is often dropped, as the slide remarks. That works while one layer is under discussion. In the whole
# network the short name has several meanings:

# %% slides=["CEE697M-C41"]
for layer, W in enumerate(net.Ws, start=1):
    print(f"layer {layer}: w_1,2 = {W[0, 1]:+.4f}")

# %% [markdown]
# CSC561 puts the *from* index first: $w^{(k)}_{ij}$ leads from unit $i$ of layer $k-1$ to unit $j$ of layer $k$. The
# weight called $w_{2,3}$ above is called $w_{32}$ here. The *matrix* $W_k$ is the same in all four decks, a row for
# each unit it leads to. So $w^{(k)}_{ij}$ stands in row $j$ and column $i$. The same experiment confirms it.

# %% slides=["CSC561-C4"]
k, i, j = 2, 3, 2  # from unit 3 to unit 2
change = change_of_sums(net, X, k, "W", (j - 1, i - 1), delta=0.5)
print("sums that move:", np.flatnonzero(np.any(change != 0, axis=0)) + 1, " unit j is", j)
print("by delta times unit i below:", agrees(change[:, j - 1], 0.5 * run.A[k - 1][:, i - 1]))

# %% [markdown]
# A bias has one index, so there is no order to confuse: $b^{(k)}_j$ belongs to unit $j$ of layer $k$. A change of
# $\delta$ shifts that one sum by $\delta$ for every sample, whatever the input.

# %% slides=["CSC561-C5"]
change = change_of_sums(net, X, 1, "b", (3,), delta=-0.7)
print("change of the four sums of layer 1, three samples:")
print(change[:3] + 0.0)

# %% [markdown]
# The lost drawing of CSC561 belongs to these names. Compare the three thick lines with the drawing above: the same lines,
# with their indices turned around.

# %% slides=["CSC561-F1"]
names = {(k, j, i): f"w^{{({k})}}_{{{i}{j}}}" for k, j, i in ((1, 1, 1), (1, 4, 3), (2, 2, 3))}
figures.show(
    figures.network_diagram([3, 4, 2], symbol="y", marked=names),
    alt="The network 3-4-2 with every unit labelled y. The same three thick edges as before, now named w 11 and w 34 of "
    "layer 1 and w 32 of layer 2, each as from, to.",
)

# %% [markdown]
# ## 4 · One layer, one product
#
# Now all neurons of a layer at once. Take the weights of unit 1 as the first row of a matrix, those of unit 2 as the
# second, and so on. The matrix has one **row for each unit** and one **column for each input**. For a column $x$ of $D$ inputs
# and $M$ units,
# $$a^{(1)}=\sigma(W x+b),\qquad W\in\mathbb R^{M\times D},\quad b\in\mathbb R^M .$$
# This is (13) of CEE697M, which writes $a^{(0)}$ for $x$. A loop over units and inputs, or one line: both give the same
# numbers.

# %% slides=["CEE697M-E13"]
D, M = 4, 3
x, W, b = (rng.normal(size=shape).round(1) for shape in (D, (M, D), M))
loop = [1 / (1 + np.exp(-(sum(W[m, d] * x[d] for d in range(D)) + b[m]))) for m in range(M)]
print("loop over units:", np.array(loop))
print("matrix form:    ", engine.sigmoid(W @ x + b))

# %% [markdown]
# Hence a layer of two neurons has a matrix with two rows, however many inputs there are.

# %% slides=["CEE697M-C42"]
for D_in in (1, 3, 100):
    print(f"{D_in:3} inputs, 2 neurons: W has the shape {engine.mlp_shapes([D_in, 2])['W1']}")

# %% [markdown]
# CSC561 does the same for every layer $k$ of $D_k$ units, first in symbols and then in words: the sums go into a vector
# $z_k$, the outputs into $y_k$, the biases into $b_k$, all of length $D_k$, and the weights into the matrix $W_k$.

# %% slides=["CSC561-E31", "CSC561-C25"]
net = random_net([3, 5, 4])
run = net.forward(rng.normal(size=(1, 3)))
for k in (1, 2):
    z_k, y_k, y_below, W_k, b_k = run.Z[k - 1][0], run.A[k][0], run.A[k - 1][0], net.Ws[k - 1], net.bs[k - 1]
    print(f"layer {k}: z {z_k.shape}, y {y_k.shape}, b {b_k.shape}, W {W_k.shape}", end="")
    print("   z = W y + b:", agrees(z_k, W_k @ y_below + b_k))

# %% [markdown]
# One trap is left. CSC561 names weights (from, to), but the first index of a matrix entry is its row, and rows are *to*.
# So $W_k$ is the table of the $w^{(k)}_{ij}$ **transposed**: row $j$, column $i$ holds $w^{(k)}_{ij}$. The printed matrix
# forgets this at one place in its first row; exercise 3 asks which.

# %% slides=["CSC561-E32"]
table = np.array([[10 * i + j for j in range(1, 5)] for i in range(1, 4)])  # w_ij as the two-digit number ij
print("the table w_ij, from i (down) to j (across):")
print(table)
print("the matrix W_k, a row for each unit j:")
print(table.T)
w, y = rng.normal(size=(3, 4)), rng.normal(size=3)
z = np.array([sum(w[i, j] * y[i] for i in range(3)) for j in range(4)])
print("the sums over i are the product with the transposed table:", agrees(z, w.T @ y))

# %% [markdown]
# Slides write a sample as a column, code keeps samples as rows. Transpose $z=Wx+b$ and it reads
# $$z^\top = x^\top W^\top + b^\top .$$
# We store the same matrix $W$ in both cases; only the product transposes it. CSC561 has a picture of a layer with $z_k$,
# $y_k$ and $W_k$, which is lost. In its columns, $z_k$ has $D_k$ entries, $y_{k-1}$ has $D_{k-1}$, and the block $W_k$
# between them has $D_k$ rows and $D_{k-1}$ columns. Here are the same blocks with the sample as a row.

# %% slides=["CSC561-F17"]
print("W has", W.shape[0], "rows (units) and", W.shape[1], "columns (inputs)")
print("column form and row form agree:", agrees(W @ x + b, engine.affine(x[None], W, b)[0]))
figures.show(
    figures.matrix_product(x[None], W, b, sample=1),
    alt="Four blocks of numbers: a row X of 4 entries, times W transposed with 4 rows and 3 columns, plus a row b of 3 "
    "entries, is a row Z of 3 entries. All cells take part.",
)

# %% [markdown]
# Why rows? Because a second sample is simply a second row, and nothing else changes. A batch of $N$ samples goes through
# the layer in one product,
# $$Z = X\,W^\top + b ,$$
# with $Z$ of shape $(N, M)$; numpy adds $b$ to every row. The sigmoid of entry $(n, m)$ is what CEE697M writes for
# hidden unit $m$ and observation $n$,
# $$a^{(1)}_m=\sigma\Big(\sum_{d=1}^D w^{(1)}_{m,d}\,x_{nd}+b^{(1)}_m\Big),$$
# once the two misprinted indices of the slide are repaired. Three loops give the same as one product:

# %% slides=["CEE697M-U1"]
X = rng.normal(size=(5, D)).round(1)
Z = np.zeros((5, M))
for n in range(5):
    for m in range(M):
        Z[n, m] = b[m]
        for d in range(D):
            Z[n, m] += W[m, d] * X[n, d]
print("three loops and one product agree:", agrees(Z, X @ W.T + b))
hidden = engine.forward(X, [W], [b], [engine.sigmoid]).A[1]
print("activations, shape", hidden.shape, " from the loops:", agrees(hidden, 1 / (1 + np.exp(-Z))))

# %% [markdown]
# ### Step through a product
#
# Change `sample` (1 to 5) and `unit` (1 to 3) below and run the cell. One entry of $Z$ is a row of $X$ times a column of
# $W^\top$, plus one bias. Then set `unit = None`: one sample passes the whole layer, one row of $Z$. Then
# `sample = None` with a unit: one neuron looks at the whole batch, one column of $Z$. With both `None` you have the batch
# form.

# %% tags=["interactive"]
sample = 2
unit = 3

figures.show(
    figures.matrix_product(X, W, b, sample=sample, unit=unit),
    alt="X with 5 rows and 4 columns, times W transposed with 4 rows and 3 columns, plus b, is Z with 5 rows and 3 "
    "columns. Row 2 of X, column 3 of W transposed and entry 3 of b are framed, and so is entry 2, 3 of Z. The sum is "
    "written out below.",
)

# %% [markdown]
# ### The bias is a weight too
#
# The bias square of the drawings is a neuron that always says 1. Put this 1 in front of every sample and the biases in
# front of the weights, and the layer is a single product: $Z=[\,1\;|\;X\,]\,[\,b\;|\;W\,]^\top$. CSC561 calls this the
# extended notation and then speaks of weights only. We keep $b$ apart, because later lectures treat it differently: it
# starts at other values, and it is not penalised.

# %% slides=["CSC561-C6"]
extended = np.column_stack([b, W])
print("[b | W] has the shape", extended.shape)
print("one product gives the same Z:", agrees(engine.augment(X) @ extended.T, Z))
print("the engine has it as well:   ", agrees(engine.affine_augmented(X, extended), Z))

# %% [markdown]
# ## 5 · Layer after layer
#
# CEE616 opens with a deeper network: four inputs, hidden layers of 8, 6 and 4 units, two outputs. It is the network of
# our question of the day.

# %% slides=["CEE616-F1"]
sizes = [4, 8, 6, 4, 2]
deep = random_net(sizes)
print("shapes of the weights:", [W.shape for W in deep.Ws])
print("lines:                 32 + 48 + 24 + 8 =", sum(W.size for W in deep.Ws))
print("a batch of 5 gives:   ", deep(rng.normal(size=(5, 4))).shape)
figures.show(
    figures.network_diagram(sizes),
    alt="The network 4-8-6-4-2 in five columns of circles, fully connected by 112 lines. The caption counts 20 neurons "
    "and 132 parameters, biases included.",
)

# %% [markdown]
# A layer as a whole is one map. The deck counts values from the input on, $x=x_1$, and layer $\ell$ takes $x_\ell$ to
# $x_{\ell+1}=f_\ell(x_\ell)$:
# $$f_1:\mathbb R^4\to\mathbb R^8,\quad f_2:\mathbb R^8\to\mathbb R^6,\quad f_3:\mathbb R^6\to\mathbb R^4,\quad
# f_4:\mathbb R^4\to\mathbb R^2 .$$
# One slide calls $f_\ell$ a hidden unit, the next one lists these domains. The two fit together if $f_\ell$ is the
# *layer*; a unit gives a single entry of its output. Each $f_\ell$ is an affine map followed by an activation, and so
# we build it: `affine_map` makes the first, and `compose` chains maps in the order in which they act.

# %% slides=["CEE616-C1", "CEE616-U1"]
parts = zip(deep.Ws, deep.bs, deep.activations, strict=True)
f_1, f_2, f_3, f_4 = (engine.compose(engine.affine_map(W, b), phi) for W, b, phi in parts)
x = rng.normal(size=(1, 4))
values = engine.trace((f_1, f_2, f_3, f_4), x)
A = deep.forward(x).A
for layer in range(1, 5):
    widths = f"from {values[layer - 1].shape[1]} to {values[layer].shape[1]} numbers"
    print(f"f_{layer}: {widths}, as layer {layer} of the network: {agrees(values[layer], A[layer])}")

# %% [markdown]
# And the network as a whole is one function. The deck writes it in three ways, (1) to (3):
# $$o=f(x),\qquad f=f_4\circ f_3\circ f_2\circ f_1,\qquad o=f_4(f_3(f_2(f_1(x)))) .$$
# All three are the same function. The first gives it a name, the others take it apart. The circle $\circ$ is read from
# right to left, so layer 1 acts first. In the other order the shapes do not even fit.

# %% slides=["CEE616-E01", "CEE616-E02", "CEE616-E03"]
f = engine.compose(f_1, f_2, f_3, f_4)  # f_1 acts first
print("f(x):     ", f(x)[0])
print("nested:   ", f_4(f_3(f_2(f_1(x))))[0])
print("network:  ", deep(x)[0])
try:
    f_1(f_2(f_3(f_4(x))))
except engine.ShapeError as error:
    print("reversed: ", error)

# %% [markdown]
# Where are the weights? Drawn as a **computational graph**, each layer gets two things: a value from below and its own
# parameters $\theta_\ell$, the weights and biases of the layer. The value differs from sample to sample; the parameters
# are what training changes. All $\theta_\ell$ one after the other form one long vector $\theta$, here of 132 numbers. The
# engine keeps it in this form, and `Ws` and `bs` are windows into it.

# %% slides=["CEE616-F2"]
for layer, (W, b) in enumerate(zip(deep.Ws, deep.bs, strict=True), start=1):
    print(f"theta_{layer}: {W.size:2} weights + {b.size} biases = {W.size + b.size}")
print("theta has the shape", deep.parameters.flat.shape)
figures.show(
    figures.layer_chain(sizes),
    alt="A line of circles and boxes: x1 with 4 values, f1, x2 with 8, f2, x3 with 6, f3, x4 with 4, f4, and o with 2. "
    "From below, theta 1 to theta 4 with 40, 54, 28 and 10 numbers feed the boxes.",
)

# %% [markdown]
# > **Translation box: a network.** The same layers, counted in four other ways.
# >
# > | deck | number of layers | input | output of layer $l$ | output of the network |
# > |---|---|---|---|---|
# > | house | $L$ | $A^{(0)}=X$ | $A^{(l)}$, one row for each sample | $A^{(L)}$ |
# > | CEE616 | $L$ | $x=x_1$ | $x_{l+1}$ | $o$ |
# > | CEE697M | $N$, later $L$ | $x=a^{(0)}$ | $a^{(l)}$ | $\hat y$ or $a^{(L)}$ |
# > | EECS545 | not named | $x$ | $h^{(l)}$ | $\hat y$ |
# > | CSC561 | $N$ | $x=y_0$ | $y_l$ | $Y=y_N$ |
#
# CSC561 lets the formula grow from slide to slide, by one step each time. For $N$ layers,
# $$\begin{aligned}
# y_1 &= f_1(W_1x+b_1)\\
# y_2 &= f_2(W_2\,f_1(W_1x+b_1)+b_2)\\
# z_N &= W_N\,f_{N-1}(\cdots)+b_N\\
# Y &= f_N(W_N\,f_{N-1}(\cdots f_1(W_1x+b_1)\cdots)+b_N)
# \end{aligned}$$
# The dots stand for the layers between. Each line contains the one before, so the four slides are one computation. We
# take $N=3$, tanh in the hidden layers and the sigmoid at the end, and compare every line with the engine.

# %% slides=["CSC561-E33", "CSC561-E34", "CSC561-E35", "CSC561-E36"]
three = random_net([3, 5, 4, 2], output=engine.sigmoid)
(W_1, W_2, W_3), (b_1, b_2, b_3) = three.Ws, three.bs
x = rng.normal(size=3)
run = three.forward(x[None])
y_1 = np.tanh(W_1 @ x + b_1)
y_2 = np.tanh(W_2 @ np.tanh(W_1 @ x + b_1) + b_2)
z_3 = W_3 @ np.tanh(W_2 @ np.tanh(W_1 @ x + b_1) + b_2) + b_3
Y = engine.sigmoid(W_3 @ np.tanh(W_2 @ np.tanh(W_1 @ x + b_1) + b_2) + b_3)
for name, by_hand, stored in (
    ("y_1", y_1, run.A[1]),
    ("y_2", y_2, run.A[2]),
    ("z_3", z_3, run.Z[2]),
    ("Y", Y, run.A[3]),
):
    print(f"{name:4} {agrees(by_hand, stored[0])}  {by_hand}")

# %% [markdown]
# The written formula grows with every layer; the program does not. The **forward pass** keeps one value and repeats two
# lines for each layer: $z_k=W_ky_{k-1}+b_k$ and $y_k=f_k(z_k)$, starting from $y_0=x$. The last $y$ is the output $Y$.


# %% slides=["CSC561-A5"]
def forward_pass(x, Ws, bs, activations):
    """The output of a network for one sample x (n_0,)."""
    y = x
    for W, b, f in zip(Ws, bs, activations, strict=True):
        z = W @ y + b
        y = f(z)
    return y


found = forward_pass(x, three.Ws, three.bs, three.activations)
print("loop:          ", found)
print("nested formula:", Y, " same:", agrees(found, Y))

# %% [markdown]
# Replace `W @ y + b` by `Y @ W.T + b`, and the same loop takes a whole batch. The engine's `forward` does this, and it
# remembers every $Z$ and every $A$: lecture 8 needs them on the way back.
#
# CSC561 reveals the network layer by layer, in some seven pictures that are lost. Set `computed` to 0, 1, 2, 3 and 4 to
# turn the pages. Watch the numbers that are already there: they do not change when the next layer is added.

# %% slides=["CSC561-F18"] tags=["interactive"]
computed = 2

sample = np.random.default_rng(5).normal(size=(1, 4))
A = [values[0] for values in deep.forward(sample).A]
first = engine.forward(sample, deep.Ws[:computed], deep.bs[:computed], deep.activations[:computed])
print(f"the first {computed} layers alone give the same values: {agrees(first.A[-1][0], A[computed])}")
figures.show(
    figures.network_diagram(sizes, values=A[: computed + 1]),
    alt="The network 4-8-6-4-2 after two layers: the input, hidden 1 and hidden 2 show their numbers in the circles, the "
    "circles of hidden 3 and the output are dashed and empty.",
)

# %% [markdown]
# What defines a network, then? EECS545 answers: which units are connected, and which activation functions they have. The
# connections fix how *many* parameters there are; here, six neurons in two layers have 26, and in one layer 24. With equal
# connections and equal parameters, another activation still makes another function.

# %% slides=["EECS545-C17"]
for widths in ([3, 4, 2], [3, 6]):
    print(f"widths {widths}: {engine.n_parameters(widths)} parameters")
x, parameters = rng.normal(size=(1, 3)), rng.normal(size=engine.n_parameters([3, 4, 2]))
for activation in (engine.tanh, engine.sigmoid, engine.relu):
    net = engine.MLP([3, 4, 2], activation=activation)
    net.parameters.flat[:] = parameters
    print(f"3-4-2 with {activation.name:8} gives {net(x)[0]}")

# %% [markdown]
# ## 6 · The last layer
#
# Hidden layers may all be of one kind. The last layer depends on the task.
#
# **One number to predict.** This task is called regression. CEE697M's example has $D$ inputs, $M$ hidden units and one
# output. Its drawing is lost; we take $D=5$ and $M=3$.

# %% slides=["CEE697M-F12", "CEE697M-C44"]
D, M = 5, 3
regression = random_net([D, M, 1], activation=engine.sigmoid)
print("D inputs, M hidden units: W1 has the shape (M, D) =", regression.Ws[0].shape)
print("one output:               W2 has the shape (1, M) =", regression.Ws[1].shape)
figures.show(
    figures.network_diagram([D, M, 1], bias_nodes=True),
    alt="A regression network with five input circles, three hidden circles and one output circle, a bias square below "
    "the inputs and one below the hidden units.",
)

# %% [markdown]
# The output unit adds up the hidden values, each with its weight, and one bias. Its result for observation $n$ is the
# prediction $\hat y_n$:
# $$\hat y_n(x_n)=\sum_{m=1}^M w^{(2)}_{1,m}\,a^{(1)}_m+b^{(2)} .$$

# %% slides=["CEE697M-U2"]
X = rng.normal(size=(4, D))
hidden = regression.forward(X).A[1]  # a^(1) for every observation, (4, M)
w2, b2 = regression.Ws[1], regression.bs[1]
by_sum = [sum(w2[0, m] * hidden[n, m] for m in range(M)) + b2[0] for n in range(4)]
print("sum over hidden units:", np.array(by_sum))
print("the network:          ", regression(X)[:, 0])

# %% [markdown]
# No function bends the last sum. One can say that the output unit has no activation, or that its activation is the
# **identity**, $\varphi(z)=z$, with slope 1 everywhere. A prediction can then be any number: multiply the last layer's
# parameters by 1000, and every prediction is 1000 times as large.

# %% slides=["CEE697M-C46"]
run = regression.forward(X)
print("name of the last activation:", regression.activations[-1].name)
print("its slope at every output:  ", regression.activations[-1].derivative(run.Z[1], run.A[2])[:, 0])
w2 *= 1000
b2 *= 1000
print("predictions times 1000:     ", agrees(regression(X), 1000 * run.A[2]))

# %% [markdown]
# **Several numbers.** A second output is one more row in the last weight matrix, and both outputs share the hidden units.
# This is the small network 3-2-2 of section 2, drawn with its weights.

# %% slides=["CEE697M-F11"]
two = random_net([3, 2, 2])
X = rng.normal(size=(4, 3))
hidden = two.forward(X).A[1]
by_rows = np.column_stack([hidden @ two.Ws[1][k] + two.bs[1][k] for k in (0, 1)])
print("each output from its own row of W2:", agrees(two(X), by_rows))
figures.show(
    figures.network_diagram([3, 2, 2], bias_nodes=True, net=two),
    alt="The network 3-2-2 with two output circles. Both read the same two hidden circles and the bias square, each line "
    "with its own weight: solid blue positive, dashed orange negative.",
)

# %% [markdown]
# **One of several classes.** Then the outputs should be probabilities. EECS545 begins with an affine layer, one weight
# vector and one bias for each class $k$. It calls the pre-activation the *total input* of the unit and writes the class
# as a superscript. In house notation the class is the first index, the row of $W$:
# $$z_k=b_k+\sum_i x_i\,w_{ki} .$$

# %% slides=["EECS545-E06"]
x = rng.normal(size=4)
w_1, w_2, w_3 = rng.normal(size=(3, 4))  # a weight vector for each of three classes
biases = [0.1, -0.2, 0.3]
z = np.array([biases[k] + sum(x[i] * w_k[i] for i in range(4)) for k, w_k in enumerate((w_1, w_2, w_3))])
print("class by class: ", z)
print("one affine layer:", engine.affine(x[None], np.array([w_1, w_2, w_3]), np.array(biases))[0])

# %% [markdown]
# Then the **softmax** turns total inputs into probabilities, $h_j = e^{z_j}/\sum_k e^{z_k}$. The denominator contains *all*
# total inputs. So, unlike the units so far, a softmax unit is not a function of its own total input alone: raise one
# $z$, and every output moves. The engine subtracts the largest $z$ first, which changes nothing on paper and avoids
# $e^{1000}$ in the computer.

# %% slides=["EECS545-E07"]
h = np.exp(z) / np.exp(z).sum()
print("formula:        ", h, " as the engine:", agrees(h, engine.softmax(z[None])[0]))
print("z_1 raised by 1:", engine.softmax((z + np.array([1.0, 0, 0]))[None])[0])
print("large inputs:   ", engine.softmax(np.array([[1000.0, 1000.0 - np.log(3), -1000.0]]))[0])

# %% [markdown]
# The outputs of one sample are positive and add up to one. So they can be read as probabilities.

# %% slides=["EECS545-C14"]
H = engine.softmax(rng.normal(size=(3, 5)))
for row in H:
    print(row, " sum:", round(row.sum(), 12), " all positive:", bool(np.all(row > 0)))

# %% [markdown]
# So what is at the end of a network? CEE697M says that output units have no activation, only a last transformation. This
# is right for regression. For classes the deck itself ends in a softmax later on, and a softmax is an activation of the
# whole layer. Here are both on the same total inputs. The identity lets any number through; the softmax does not.

# %% slides=["CEE697M-C14"]
inputs = np.array([[120.0, 119.0, -40.0]])
for head in (engine.identity, engine.softmax):
    print(f"{head.name:9}", head(inputs)[0], " sum:", round(float(head(inputs).sum()), 10) + 0.0)

# %% [markdown]
# ## 7 · Counting, and the answer to the question
#
# Layer $l$ has $n_l$ units. Each has $n_{l-1}$ weights and one bias. So a network of widths $n_0,\dots,n_L$ has
# $$\sum_{l=1}^{L} n_l\,(n_{l-1}+1)\quad\text{parameters.}$$
# In a drawing with bias squares this is the number of lines. CEE697M counts two networks in this way. First
# 3-4-2: the factor $3+1=4$ stands for three inputs and the bias.

# %% slides=["CEE697M-F4", "CEE697M-C24"]
net = engine.MLP([3, 4, 2])
print("(3+1)·4 + (4+1)·2 = 4·4 + 5·2 =", 4 * 4 + 5 * 2)
weights, biases = sum(W.size for W in net.Ws), sum(b.size for b in net.bs)
print(f"in the engine's arrays: {weights} weights + {biases} biases = {len(net.parameters)}")
figures.show(
    figures.network_diagram([3, 4, 2], bias_nodes=True),
    alt="The network 3-4-2 with a bias square below the inputs and one below the hidden units. 16 lines lead to the "
    "hidden circles and 10 to the outputs, 26 in all.",
)

# %% [markdown]
# Then 3-4-3-2, with 39 parameters. The slide calls all 39 weights; in the drawing nine of these lines start at a bias
# square.

# %% slides=["CEE697M-F5", "CEE697M-C27"]
net = engine.MLP([3, 4, 3, 2])
print("4·4 + 5·3 + 4·2 =", 4 * 4 + 5 * 3 + 4 * 2)
weights, biases = sum(W.size for W in net.Ws), sum(b.size for b in net.bs)
print(f"in the engine's arrays: {weights} weights + {biases} biases = {len(net.parameters)}")
figures.show(
    figures.network_diagram([3, 4, 3, 2], bias_nodes=True),
    alt="The network 3-4-3-2 with three bias squares, one below each layer but the last. 16, 15 and 8 lines join the "
    "columns, 39 in all, nine of them from the squares.",
)

# %% [markdown]
# **Neurons** are the units that compute something: $n_1+\dots+n_L$. Inputs compute nothing, and neither do the bias
# squares. The deck counts nine for 3-4-3-2, and seven for 3-4-2. Only one of the two fits this rule.

# %% slides=["CEE697M-C23", "CEE697M-C26"]
for sizes, printed in (([3, 4, 2], 7), ([3, 4, 3, 2], 9)):
    print(f"{sizes}: {' + '.join(map(str, sizes[1:]))} = {engine.n_neurons(sizes)} neurons, the slide says {printed}")

# %% [markdown]
# For the regression network of section 6, with widths $D$, $M$, 1, the slide gives $M(D+1)$ weights and $D+1$ biases. The
# weights are right: $MD$ into the hidden units and $M$ into the output. The biases belong to units, not to inputs, so
# there are $M+1$ of them. Together that makes $M(D+2)+1$ parameters.

# %% slides=["CEE697M-C45"]
print("  D  M   weights  M(D+1)   biases  M+1  slide's D+1   parameters  M(D+2)+1")
for D, M in ((5, 3), (2, 7), (1, 1)):
    net = engine.MLP([D, M, 1])
    weights, biases = (sum(array.size for array in arrays) for arrays in (net.Ws, net.bs))
    counted = f"{D:3}{M:3}{weights:10}{M * (D + 1):8}{biases:9}{M + 1:5}{D + 1:13}"
    print(f"{counted}{engine.n_parameters([D, M, 1]):13}{M * (D + 2) + 1:10}")

# %% [markdown]
# ### Build a network
#
# Change `inputs`, `outputs` and `hidden`, which may be any list of widths, and run the cell. Compare the printed count of
# each layer with the lines that reach it. Then find widths that spend exactly 100 parameters. With `bias_nodes = False`
# the squares disappear. Of a layer with more than ten units only some are drawn.

# %% tags=["interactive"]
inputs, outputs = 3, 2
hidden = [5, 4]
bias_nodes = True

widths = [inputs, *hidden, outputs]
pairs = list(pairwise(widths))
print(" + ".join(f"{n_out}·({n_in}+1)" for n_in, n_out in pairs), "=", engine.n_parameters(widths))
figures.show(
    figures.network_diagram(widths, bias_nodes=bias_nodes),
    alt="The network 3-5-4-2 with bias squares below the inputs and both hidden layers. The caption counts 11 neurons, 43 "
    "weights and 11 biases, 54 parameters.",
)

# %% [markdown]
# ### The answer
#
# The hidden layers are ten times as wide. The parameters are neither ten times nor a hundred times as many:

# %%
narrow, wide = [4, 8, 6, 4, 2], [4, 80, 60, 40, 2]
for layer in range(1, 5):
    few, many = (s[layer] * (s[layer - 1] + 1) for s in (narrow, wide))
    print(f"layer {layer}: {few:3} -> {many:5}   factor {many / few:5.1f}")
few, many = engine.n_parameters(narrow), engine.n_parameters(wide)
print(f"network: {few:3} -> {many:5}   factor {many / few:5.1f}; your number was {my_guess}")
figures.show(
    figures.parameter_areas(narrow, wide),
    alt="The parameters of each layer as a rectangle, before as a small filled one, after as an outline around it. Layer 1 "
    "only gets taller, layer 4 only longer. Layers 2 and 3 grow in both directions and fill nearly all of the area.",
)

# %% [markdown]
# A layer's parameters are a product of *two* widths, like the area of a rectangle. Between two hidden layers both sides
# grow by ten, and the factor is nearly 100; it falls short of it because the one column for the biases stays one column.
# In the first and the last layer only one side grows, and the factor is 10 or a little less. So almost all parameters of
# a wide network lie between its hidden layers, and their number grows with the square of the width.
#
# ## 8 · Softmax, a closer look
#
# Three more remarks of EECS545, which lecture 9 takes up again.
#
# **It generalises the logistic function.** For two classes the softmax is the sigmoid of the difference of the two
# total inputs: divide numerator and denominator by $e^{z_1}$.

# %% slides=["EECS545-C16"]
Z = rng.normal(size=(4, 2))
print("softmax, class 1:  ", engine.softmax(Z)[:, 0])
print("sigmoid(z_1 - z_2):", engine.sigmoid(Z[:, 0] - Z[:, 1]))

# %% [markdown]
# **Its derivative is convenient.** From the values $h$ alone one gets the whole table of slopes,
# $\partial h_j/\partial z_k = h_j(\mathbb 1_{jk}-h_k)$, where $\mathbb 1_{jk}$ is 1 for $j=k$ and 0 otherwise. As a
# matrix it is $\mathrm{diag}(h)-hh^\top$. Each row adds up to zero, because a common shift of all total inputs changes
# nothing. That one direction is lost, and the rank is one less than the number of classes. A usual loss is the
# *cross-entropy*, $-\log h_c$ for the right class $c$ (lecture 4). Its slopes by the total inputs are as simple as can
# be: $h$ minus the target, which is 1 for the right class and 0 for the others.

# %% slides=["EECS545-C15"]
z, target = np.array([0.5, -1.0, 2.0]), np.array([0.0, 1.0, 0.0])
h = engine.softmax(z[None])[0]
formula = np.diag(h) - np.outer(h, h)
print(formula)
measured = check.numeric_jacobian(lambda t: engine.softmax(t[None])[0], z)
print("as measured:", bool(np.allclose(formula, measured, atol=1e-8)), "  rank:", np.linalg.matrix_rank(formula))
print(check.gradient(h - target, lambda t: -np.log(engine.softmax(t[None])[0, 1]), at=z, name="h - target"))

# %% [markdown]
# **A typical network has sigmoid hidden layers and a softmax output.** That was the typical choice for a long time. Today
# hidden layers more often have ReLU, as the other decks recommend. Either way the output is a probability for each class.

# %% slides=["EECS545-C18"]
X = rng.normal(size=(2, 3))
for activation in (engine.sigmoid, engine.relu):
    P = random_net([3, 5, 4], activation=activation, output=engine.softmax)(X)
    print(f"{activation.name:8}", P[0], " row sums:", P.sum(axis=1).round(12))

# %% [markdown]
# ## 9 · Errata corner
#
# Indices slip easily, and this lecture is full of them. Each row of the table below is a place where an attentive
# reader stops. The classes: **wrong**, the statement fails as printed; **notation**, symbols that disagree or
# mislead; **conditions**, true under a condition that is not stated; **typo**, a wrong word. Where the damage may
# come from turning the slides into text, the row says *perhaps extraction*.
#
# Let us type three of them as they stand. First CEE697M (11). The short form sums $w_ia_i$; the long form
# begins $w_0a_m+w_1a_2+\dots$ and ends $\dots+w_{m-1}a_{m-1}$. With $m$ neurons numbered from 0 there is no $a_m$:

# %% tags=["raises-exception"]
a, w = rng.normal(size=5), rng.normal(size=5)
m = len(a)
w[0] * a[m] + w[1] * a[2] + sum(w[i] * a[i] for i in range(2, m))

# %% [markdown]
# Second, the hidden unit of the regression network, printed as $\sigma(\sum_d w^{(1)}_{1,d}\,x_{nd}+b^{(1)}_d)$. The number
# of the unit, $m$, does not occur on the right. If the bias is read inside the sum, the code runs, and a layer of
# four units computes the same number four times.

# %%
W, X, b = rng.normal(size=(4, 3)), rng.normal(size=(5, 3)), rng.normal(size=4)
printed = [[sum(W[0, d] * X[n, d] + b[d] for d in range(3)) for m in range(4)] for n in range(5)]
right = [[sum(W[m, d] * X[n, d] for d in range(3)) + b[m] for m in range(4)] for n in range(5)]
for name, sums in (("as printed", printed), ("with w_md and b_m", right)):
    print(check.value(sums, X @ W.T + b, name=f"Z {name}"))
figures.show(
    figures.heat_map(printed, title="As printed: four units, one sum", rows="sample", columns="unit"),
    alt="A matrix of 5 samples by 4 units. In each row all four numbers are the same: the four hidden units cannot be told "
    "apart.",
)

# %% [markdown]
# Third, let the course's own checks read counts and shapes as printed. `verify_printed` runs the check of a row on what
# the slide says. *Stated* is the slide's number or shape, *found* the engine's. The first row takes $f_2$ for a single
# unit; the counts of the last two are weights and biases, in this order, or neurons.

# %%
for id in ("CEE616-C1", "CEE697M-C23", "CEE697M-C27", "CEE697M-E13", "CEE697M-C45"):
    try:
        slides.verify_printed(id)
        print(f"{id:12} passes")
    except (slides.Mismatch, engine.ShapeError) as refutation:
        print(f"{id:12} {refutation}")

# %% [markdown]
# The full list for this lecture. The last column names the section that shows it.
#
# | row | class | what to know | section |
# |---|---|---|---|
# | CEE616-C1 | notation | $f_\ell$ is a whole layer, a unit is one entry of it; $f_4$ is the output layer, not a hidden one | 5 |
# | CEE697M-C8 | conditions | holds for feed-forward networks; recurrent ones have cycles until they are unrolled | 2 |
# | CEE697M-C11 | conditions | one hidden layer is enough for the name | 2 |
# | CEE697M-C13 | notation | $N$ counts layers here and observations from (14) on; $L$ counts layers in (4) | 2 |
# | CEE697M-C14 | wrong | right for regression; the softmax of (65) and the sigmoid of (42) are output activations | 6 |
# | CEE697M-C23 | wrong | 6 neurons, not 7: the next slide counts no bias unit either | 7 |
# | CEE697M-C27 | notation | 39 parameters: 30 weights and 9 biases | 7 |
# | CEE697M-E11 | wrong | $w_0a_0+w_1a_1+\dots+w_{m-1}a_{m-1}$ (perhaps extraction) | 3 |
# | CEE697M-C40 | notation | $w^2_{2,3}$ and $a^0$ look like powers: $w^{(2)}_{2,3}$ | 3 |
# | CEE697M-E12 | notation | $a^{(0)}$ and $a^0$ are the same input | 3 |
# | CEE697M-E13 | wrong | the bias column has $M$ entries, $b_1,\dots,b_M$, and no $b_0$ | 4 |
# | CEE697M-C43 | typo | *output* layer, not "outer"; the sentence is cut off (perhaps extraction) | 2 |
# | CEE697M-U1 | wrong | $w_{m,d}$ and $b_m$, not $w_{1,d}$ and $b_d$ | 4 |
# | CEE697M-U2 | notation | observation $n$ on one line, $i$ on the next; $\hat y_n(x_n)$, since $y_n$ is the target later | 6 |
# | CEE697M-C45 | wrong | $M+1$ biases, in all $M(D+2)+1$ parameters | 7 |
# | EECS545-E06 | notation | $b^k$, $w_i^k$ look like powers: $b_k$, $w_{ki}$ | 6 |
# | EECS545-E07 | conditions | each $h_j$ depends on the total inputs of all units, not only on its own | 6 |
# | EECS545-C18 | conditions | the historical choice; the other decks recommend ReLU | 8 |
# | CSC561-E03 | notation | $N$ counts layers and $T$ samples; the house has $L$ and $N$ | 3 |
# | CSC561-C4 | notation | (from, to), the reverse of the other decks; the matrix is the table transposed | 3 |
# | CSC561-E31 | notation | the subscript of $z_k$ is a layer here and a component elsewhere | 4 |
# | CSC561-E32 | wrong | entry (1, 2) of $W_k$ is $w_{21}$, not $w_{12}$ | 4 |
#
# ## 10 · Exercises
#
# Each cell below runs as it stands and ends in the verdict of a check. At first it says that the answer is still missing.
# Fill in the function and run the cell again.
#
# **1 · Count** (★, 10 minutes). Count neurons, weights and biases from the widths alone, without the engine. The check
# uses 3-4-2, 3-4-3-2 and 4-8-6-4-2. By which way of counting could the slide have come to seven neurons for 3-4-2, and
# what would that way give for 3-4-3-2?
#
# <details><summary>Hint 1</summary>Neighbouring widths come in pairs: <code>pairwise(sizes)</code> lists them.</details>
#
# <details><summary>Hint 2</summary>Look at the drawing with bias squares, and at the circles on the left.</details>


# %%
def count(sizes):
    """Neurons, weights and biases of a network of widths [n_0, ..., n_L]."""


for sizes, parameters in (([3, 4, 2], 26), ([3, 4, 3, 2], 39), ([4, 8, 6, 4, 2], 132)):
    neurons = engine.n_neurons(sizes)
    print(check.value(count(sizes), [neurons, parameters - neurons, neurons], name=f"the count of {sizes}"))

# %% [markdown]
# **2 · Three loops** (★★, 15 minutes). Write the hidden layer of the regression network with three loops, over samples,
# units and inputs. Then replace your indices by the printed ones, $w_{1,d}$ and $b_d$, and add the bias after the inner
# loop. Which of the two mistakes does numpy notice when $D<M$, and which when $D>M$?
#
# <details><summary>Hint 1</summary>Start each sum with the bias of the unit.</details>
#
# <details><summary>Hint 2</summary>After the inner loop, <code>d</code> still has its last value.</details>


# %%
def hidden_layer(X, W, b):
    """The sigmoid values (N, M) of a hidden layer, by loops. X (N, D), W (M, D), b (M,)."""


print(check.value(hidden_layer(X, W, b), engine.sigmoid(engine.affine(X, W, b)), name="the hidden layer"))

# %% [markdown]
# **3 · From a table to a matrix** (★★, 15 minutes). CSC561 gives the weights as a table $w_{ij}$, from $i$ to $j$. Build
# $W_k$ entry by entry. Then use your function as a proofreader: below is the slide's matrix for $D_{k-1}=3$ and $D_k=4$,
# with the two-digit number $ij$ for $w_{ij}$. Return row and column, counted from 1, of the entry that is wrong. The
# check first spoils an entry of its own; the last line then shows what you find on the slide.
#
# <details><summary>Hint 1</summary>An empty matrix of the right shape first: one row for each unit j.</details>
#
# <details><summary>Hint 2</summary><code>np.argwhere</code> of two matrices that are compared with <code>!=</code> lists
# the places where they differ.</details>

# %%
as_printed = np.array([[11, 12, 31], [12, 22, 32], [13, 23, 33], [14, 24, 34]])
table = np.array([[10 * i + j for j in range(1, 5)] for i in range(1, 4)])


def weight_matrix(w):
    """W_k (D_k, D_below) from the table w (D_below, D_k), whose entry [i, j] leads from unit i to unit j."""


def wrong_entry(as_printed, table):
    """Row and column of the entry of the printed matrix that is wrong, counted from 1."""


w, y = rng.normal(size=(3, 4)), rng.normal(size=3)
turned = weight_matrix(w)
fits = np.shape(turned) == (4, 3)
if turned is not None and not fits:
    print(
        f"W_k needs a row for each of 4 units and a column for each of 3 inputs; yours has the shape {np.shape(turned)}"
    )
sums = turned @ y if fits else None
print(check.value(sums, [sum(w[i, j] * y[i] for i in range(3)) for j in range(4)], name="the product W_k y"))

spoiled, row, column = np.array([[10 * i + j for i in range(1, 4)] for j in range(1, 5)]), 2, 1
spoiled[row, column] += 7
print(check.value(wrong_entry(spoiled, table), [row + 1, column + 1], name="the place of our own misprint"))
print("in the slide's matrix:", wrong_entry(as_printed, table))

# %% [markdown]
# **4 · The bias as a weight** (★, 10 minutes). Write the affine layer with one matrix product and no addition.
#
# <details><summary>Hint</summary><code>np.column_stack</code> puts columns side by side; a column of ones has one entry
# for each sample.</details>


# %%
def affine_without_plus(X, W, b):
    """Z (N, M) as one product of an extended batch (N, D + 1) and an extended matrix (M, D + 1), transposed."""


print(check.value(affine_without_plus(X, W, b), X @ W.T + b, name="Z"))

# %% [markdown]
# **5 · A formula for all D and M** (★, 5 minutes). Repair the count of the regression network: weights and biases for
# general $D$ and $M$. For which $D$ and $M$ is the slide's number of biases right by accident?
#
# <details><summary>Hint</summary>Every unit that computes has one bias.</details>


# %%
def regression_counts(D, M):
    """The number of weights and the number of biases for widths D, M, 1."""


for D, M in ((5, 3), (2, 7), (30, 11)):
    expected = [sum(array.size for array in arrays) for arrays in (engine.MLP([D, M, 1]).Ws, engine.MLP([D, M, 1]).bs)]
    print(check.value(regression_counts(D, M), expected, name=f"the count for D = {D}, M = {M}"))

# %% [markdown]
# **6 · Renumber the hidden units** (★★, 15 minutes). Hidden units have no natural order. Swap two of them, $i$ and $j$, so
# that the network computes the same function as before: what happens to $W^{(1)}$, $b^{(1)}$ and $W^{(2)}$? How many
# orders of its hidden units has the network 4-8-6-4-2?
#
# <details><summary>Hint 1</summary>What stands in a row of the first matrix, and what in a column of the second?</details>
#
# <details><summary>Hint 2</summary>Make an array of numbers <code>order</code>, swap two of its entries, and index
# with it.</details>


# %%
def swap_units(W1, b1, W2, i, j):
    """New W1, b1, W2 with the hidden units i and j swapped (both from 0); the old arrays stay as they are."""
    return None, None, None


net = random_net([3, 5, 2])
W1, W2 = net.Ws
new_W1, new_b1, new_W2 = swap_units(W1, net.bs[0], W2, 1, 3)
moved = new_W1 is not None and agrees(new_W1[1], W1[3]) and agrees(new_W1[3], W1[1])
print("the units have changed places:", moved)
same = None
if new_W1 is not None:
    same = engine.forward(X, [new_W1, new_W2], [new_b1, net.bs[1]], net.activations).A[-1]
print(check.value(same, net(X), name="the output after the swap"))

# %% [markdown]
# **7 · Where to put eighteen neurons** (★★★, 15 minutes). Four inputs, two outputs, and eighteen hidden neurons to be
# arranged in layers. The arrangement 8-6-4 gives 132 parameters. Which arrangement gives the most? Show on paper that your
# widths are the best among two hidden layers.
#
# <details><summary>Hint 1</summary>Begin with one hidden layer, then two: with widths a and 18 - a the count is a
# quadratic in a.</details>
#
# <details><summary>Hint 2</summary>For three layers, a search over all widths takes a moment.</details>

# %%
best_hidden = None  # a list of widths that add up to 18, such as [8, 6, 4]

if best_hidden is None:
    print("not yet: put a list of widths into best_hidden")
elif sum(best_hidden) != 18:
    print(f"not yet: these layers have {sum(best_hidden)} hidden neurons, and eighteen are to be spent")
else:
    count_of_yours = engine.n_parameters([4, *best_hidden, 2])
    print(
        f"{best_hidden}: {count_of_yours} parameters;",
        "no arrangement has more" if count_of_yours == 156 else "there is more",
    )

# %% [markdown]
# ## 11 · Check yourself, and what to read
#
# This cell runs the numeric checks of all slide statements of the lecture, and says which misprints they refute. The one
# statement without a number is the remark on dropping superscripts.

# %%
print(slides.self_check("NB03"))

# %% [markdown]
# **To take home.** A layer is one product, $Z=XW^\top+b$: a row of $X$ for each sample, a row of $W$ for each unit. A
# network repeats it, layer after layer. When an index confuses you, change one weight and see which sum moves.
# Parameters are counted by pairs of neighbouring widths, so in a deep network they grow with the square of the width.
#
# **To read.** *Probabilistic Machine Learning: An Introduction*, chapter 13 (neural networks for tabular data, its
# sections on multilayer perceptrons); *Deep Learning*, chapter 6 (deep feedforward networks, with output units in 6.2);
# *The Elements of Statistical Learning*, chapter 11 (neural networks, where one hidden layer is drawn and counted). Next
# lecture: losses, which say how wrong the output is, and gradient descent, which uses that to change all these
# parameters.
