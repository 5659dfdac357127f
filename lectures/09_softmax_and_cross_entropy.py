# %% [markdown]
# # 9 · Classification: softmax and cross-entropy
#
# A classifier does not answer with a number on a scale. It says how sure it is of each class. Today we turn scores into
# probabilities, choose a loss for them, and find that the gradient of the whole construction is as plain as it
# could be: probability minus target.
#
# **Question of the day.** A network has to tell ten classes apart. Its last layer has ten sigmoid units, and the softmax
# is applied directly to their outputs. You may train it as long as you like, on any data. *How sure, in percent, can
# this network ever be of a class?* Write your number into the next cell before you run on.

# %%
my_guess = 0  # a number from 0 to 100, in percent

# %% [markdown]
# | | section | minutes |
# |---|---|---|
# | 1 | Set-up and a look back | 5 |
# | 2 | From scores to probabilities | 14 |
# | 3 | One number or the whole vector | 14 |
# | 4 | What a probability is worth | 10 |
# | 5 | Probability minus target | 12 |
# | 6 | A classifier with a hidden layer | 12 |
# | 7 | The missing layer, and the answer to the question | 8 |
# | 8 | Errata corner | at home, 20 |
# | 9 | Exercises | at home, 85 |
# | 10 | Check yourself, and what to read | at home, 10 |
#
# ## 1 · Set-up and a look back
#
# Lecture 8 in two lines: a backward sweep starts with the gradient of the loss at the output, and each layer turns the
# gradient of its output into those of its input and its parameters. Today is about that start.

# %%
import numpy as np

from coursekit import check, engine, figures, slides

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(9)


def numeric(f, at):
    """The gradient of a scalar function by central differences."""
    return check.numeric_gradient(f, at).gradient


def agrees(a, b):
    """Do two arrays of one shape agree to seven digits?"""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-7, atol=1e-9))


# %% [markdown]
# House notation: samples are rows. With $K$ classes the network ends in a batch $Z$ of shape $(N, K)$, one row of
# scores for each sample. Such scores are called **logits**. The softmax makes them into probabilities $P$, and the
# targets $Y$ are **one-hot** rows: 1 in the column of the true class, 0 elsewhere.
#
# > **Translation box**
# >
# > | deck | logits | probabilities | target | number of classes |
# > |---|---|---|---|---|
# > | house | $Z$, one row $z$ | $P$, one row $p$ | $Y$, one row $y$ | $K$ |
# > | CEE616 | $a_c$ | $o_c$, later $p_c$ | $y_c$ | $C$ |
# > | CEE697M | $z_k$ | $\mathrm{softmax}(z)_k$, earlier $f_k(x_n)$ | $y_{nk}$ | $K$ |
# > | EECS545 | $h_i$ | $p_i$ | $y_i$ | no letter |
# > | CSC561 | $z^{(N)}_i$ | $y^{(N)}_i$ | $d_i$ | $D_N$ |
# >
# > CSC561's $N$ is the number of layers; ours is the number of samples.
#
# ## 2 · From scores to probabilities
#
# What do we want? Numbers that are positive, that add up to 1, and that keep the order of the scores. The exponential
# makes any number positive and keeps the order. Dividing by the sum does the rest:
# $$p_k = \frac{e^{z_k}}{\sum_{j} e^{z_j}} .$$
# This is the **softmax**, and three decks give it with three sets of letters. Each $p_k$ depends on *all* logits, because
# they all stand in the denominator.

# %% slides=["CEE616-E47", "CEE697M-E65", "EECS545-E36"]
z = np.array([2.0, 1.0, -1.0])
exponentials = np.exp(z)
p = exponentials / exponentials.sum()
print("logits:       ", z)
print("exponentials: ", exponentials)
print("probabilities:", p, " sum:", round(p.sum(), 12))
print("as the engine:", agrees(p, engine.softmax(z[None])[0]))

# %% [markdown]
# What does a logit mean? Take the logarithm: $\log p_k = z_k - \log\sum_j e^{z_j}$. So a logit is a log-probability up
# to a constant, and the constant is the same for all classes. CEE616 and CEE697M both call it an **unnormalised
# log-probability**. The
# constant is the **log-sum-exp** of the logits. It drops out of differences, and so a difference of two logits is a
# logarithm of odds: $z_j - z_k = \log(p_j/p_k)$.
#
# The next cell goes the other way. It starts from probabilities, takes logarithms, adds 7 to all, and gets the
# probabilities back.

# %% slides=["CEE616-C39", "CEE697M-C53"]
wanted = np.array([0.2, 0.3, 0.5])
made = np.log(wanted) + 7
print("logits:                    ", made)
print("their softmax:             ", engine.softmax(made[None])[0])
print("their log-sum-exp:         ", round(engine.log_sum_exp(made[None])[0, 0], 10))
print("logit minus log-sum-exp:   ", made - engine.log_sum_exp(made[None])[0])
print("log of the probabilities:  ", np.log(wanted))
print("difference of two logits:  ", round(made[2] - made[0], 6), " log of 0.5/0.2:", round(np.log(0.5 / 0.2), 6))

# %% [markdown]
# The constant is more than a curiosity. Adding the same number to all logits changes nothing, and this saves the softmax
# from large scores. $e^{1000}$ is too large for a computer, and infinity divided by infinity is not a number. Subtract
# the largest logit first: then the largest exponential is $e^0=1$, and nothing can overflow.

# %%
large = np.array([1000.0, 999.0, 997.0])
with np.errstate(over="ignore", invalid="ignore"):
    naive = np.exp(large) / np.exp(large).sum()
shifted = np.exp(large - large.max())
print("as the formula stands:    ", naive)
print("after the shift by the max:", shifted / shifted.sum())
print("the engine shifts too:     ", engine.softmax(large[None])[0])

# %% [markdown]
# With three classes we can draw all of this. Three positive numbers with the sum 1 are a point in a triangle. Each corner
# is certainty of one class; the middle is $(\frac13,\frac13,\frac13)$. Dashed lines part the regions in which each class
# leads.
#
# Change the numbers in the next cell and run it again. A `shift` must not move the point: the first two names in the
# legend share one marker. A `temperature` divides all logits: above 1 the point goes to the middle, and below 1 into
# the corner of the leading class, along the grey line. To the right is the Jacobian of the softmax at the divided logits:
# the slope of each probability (row) with respect to each of them (column). Look for two things: each of its rows and
# columns adds up to zero, and its entries fade when the point gets near a corner.

# %% tags=["interactive"]
logits = [2.0, 1.0, -1.0]
shift = 5.0
temperature = 2.0

z = np.array(logits)
points = {"the logits": z, f"shift by {shift:g}": z + shift, f"temperature {temperature:g}": z / temperature}
temperatures = np.geomspace(0.05, 500, 200)[:, None]
figures.show(
    figures.softmax_simplex(points, path=z / temperatures),
    alt="Left, a triangle whose corners are classes 0, 1 and 2. The logits and the shifted logits share one marker in the "
    "region of class 0. The marker for temperature 2 lies nearer to the middle, on a grey line from the corner of class 0 "
    "to the middle. Right, the 3 by 3 Jacobian: positive on the diagonal, negative elsewhere.",
)

# %% [markdown]
# ## 3 · One number or the whole vector
#
# A sigmoid layer and a softmax layer both turn $M$ numbers into $M$ numbers. CSC561 asks a good question: *which* input
# influences *which* output? A **scalar activation** such as the sigmoid works on each number alone: $z_i$ reaches $y_i$
# and nothing else. A **vector activation** such as the softmax takes the vector as a whole: each $z_i$ reaches all
# $y_1,\dots,y_M$. The deck's picture is lost in the text version. We rebuild it from the two Jacobians, with one arrow
# for each entry that is not zero.

# %% slides=["CSC561-F12"]
activation_of = {"sigmoid": engine.sigmoid, "softmax": engine.softmax}
z = np.array([0.5, -1.0, 2.0])
graphs = {}
for name, activation in activation_of.items():
    J = engine.jacobian((activation,), z[None])[0]
    nodes = [f"z_{i}" for i in (1, 2, 3)] + [f"y_{j}" for j in (1, 2, 3)]
    arrows = [(f"z_{i + 1}", f"y_{j + 1}", J[j, i]) for i in range(3) for j in range(3) if J[j, i] != 0]
    graphs[name] = engine.InfluenceGraph(arrows, nodes)
    print(f"{name}: {len(graphs[name].edges)} arrows")
figures.show(
    figures.influence_diagram(graphs["sigmoid"]),
    alt="Scalar activation: three arrows, from each z to the y of the same number, each with the slope of the sigmoid.",
)
figures.show(
    figures.influence_diagram(graphs["softmax"]),
    alt="Vector activation: nine arrows, from each of the three z to each of the three y. Those to the y of the same "
    "number are positive, the others negative.",
)

# %% [markdown]
# > **Translation box** (CSC561, this section)
# >
# > | slide | house |
# > |---|---|
# > | $z^{(k)}_i$, $y^{(k)}_j$ | one entry of $Z^{(k)}$, of $A^{(k)}$ |
# > | $\partial\mathrm{Div}/\partial y^{(k)}_j$, given from above | one entry of $dA^{(k)}$ |
# > | $\partial\mathrm{Div}/\partial z^{(k)}_i$, wanted | one entry of $dZ^{(k)}$ |
#
# For a scalar activation, all entries off the diagonal vanish: $\partial y_j/\partial z_i = 0$ for $i\ne j$.

# %% slides=["CSC561-E22"]
for activation in (engine.sigmoid, engine.tanh, engine.relu):
    rows = [numeric(lambda t, j=j, f=activation: f(t[None])[0, j], z) for j in range(3)]
    off_diagonal = np.array(rows)[~np.eye(3, dtype=bool)]
    print(f"{activation.name:8} largest entry off the diagonal:", np.abs(off_diagonal).max())

# %% [markdown]
# So the chain rule has one term for each entry,
# $$\frac{\partial\mathrm{Div}}{\partial z_i}=\frac{\partial\mathrm{Div}}{\partial y_i}\,
# \frac{\partial y_i}{\partial z_i} .$$
# The cell puts a made-up loss above the layer, the same for all cells of this section, and lets the check decide.


# %% slides=["CSC561-E20"]
def loss_of_outputs(y):
    """Some smooth loss of the outputs of a layer, whatever their number."""
    return np.sum(np.sin(3 * y)) + np.sum(y) ** 2


y = engine.sigmoid(z)
dy = numeric(loss_of_outputs, y)
dz = [dy[i] * y[i] * (1 - y[i]) for i in range(3)]
print(check.gradient(np.array(dz), lambda t: loss_of_outputs(engine.sigmoid(t)), at=z, name="dz of the sigmoid"))

# %% [markdown]
# The deck adds that this is just a product. In code, a row times a diagonal matrix is the entry-by-entry product, and
# the zeros need not be touched: $M$ multiplications instead of $M^2$.

# %% slides=["CSC561-C14"]
J = engine.jacobian((engine.sigmoid,), z[None])[0]
print("row times Jacobian:  ", dy @ J)
print("entry by entry:      ", dy * np.diag(J))
print("equal to the last bit:", np.array_equal(dy @ J, dy * np.diag(J)))

# %% [markdown]
# For a vector activation the loss feels $z_i$ along all arrows that leave it, and the contributions add up:
# $$\frac{\partial\mathrm{Div}}{\partial z_i}=\sum_j\frac{\partial\mathrm{Div}}{\partial y_j}\,
# \frac{\partial y_j}{\partial z_i} .$$
# For the softmax, the quotient rule gives $\partial p_j/\partial z_i = p_j\,([i=j]-p_i)$, where $[i=j]$ is 1 if $i=j$ and 0
# otherwise; as a matrix, $J=\mathrm{diag}(p)-p\,p^\top$. What if one forgot the sum and kept only the term $j=i$?


# %% slides=["CSC561-E21"]
def of_logits(t):
    """The same loss as a function of the logits below a softmax."""
    return loss_of_outputs(engine.softmax(t[None])[0])


p = engine.softmax(z[None])[0]
J = np.diag(p) - np.outer(p, p)
dp = numeric(loss_of_outputs, p)
summed = np.array([sum(dp[j] * J[j, i] for j in range(3)) for i in range(3)])
print("as the engine's vjp:", agrees(summed, engine.softmax.vjp(dp[None], z[None], p[None])[0]))
print(check.gradient(summed, of_logits, at=z, name="with the sum"))
print(check.gradient(dp * np.diag(J), of_logits, at=z, name="without the sum"))

# %% [markdown]
# The engine never builds $J$. It uses $dz = p\odot(dp - (p\cdot dp))$, which is the same sum.
#
# Does the layer need as many outputs as inputs? No. The deck states the rule for any number of outputs. A layer that takes
# the maximum of pairs turns four numbers into two or, if each pair is taken once, into six. The sum over $j$ always has
# as many terms as there are outputs.

# %% slides=["CSC561-C15"]
z4 = np.array([0.4, -1.3, 2.1, 0.9])
pairs = {2: [[0, 1], [2, 3]], 6: [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]}
for outputs, indices in pairs.items():
    layer = engine.max_units(indices)
    dy = numeric(loss_of_outputs, layer(z4[None])[0])
    J = engine.jacobian((layer,), z4[None])[0]
    dz = np.array([sum(dy[j] * J[j, i] for j in range(outputs)) for i in range(4)])
    print("Jacobian (outputs, inputs):", J.shape)
    print(check.gradient(dz, lambda t, f=layer: loss_of_outputs(f(t[None])[0]), at=z4, name=f"dz, {outputs} outputs"))

# %% [markdown]
# ## 4 · What a probability is worth
#
# A loss for classes must reward a high probability for the true class. The **categorical cross-entropy** takes the
# logarithm: for one sample,
# $$\mathcal L = -\sum_c y_c\log p_c .$$
# CEE616 and EECS545 both define it so. With a one-hot target a single term is left: minus the log-probability of
# the true class. It is never negative, and it is zero only for certainty. Look at the price of being wrong and sure.

# %% slides=["CEE616-E48", "EECS545-E37"]
y = np.array([0.0, 1.0, 0.0])
for p_true in (0.99, 0.9, 0.5, 0.1, 0.01, 0.0001):
    p = np.array([(1 - p_true) / 2, p_true, (1 - p_true) / 2])
    by_hand = -np.sum(y * np.log(p))
    same = agrees(by_hand, engine.cross_entropy(p[None], y[None]))
    print(f"probability of the true class {p_true:<6}  loss {by_hand:7.4f}  as the engine: {same}")

# %% [markdown]
# Why the logarithm? Suppose the network's probabilities were right, and the samples independent. Then the
# probability of all labels together, the **likelihood**, is a product with one factor for each sample. Minus its
# logarithm is the sum of the cross-entropies. To make the cross-entropy small is to make the observed labels as probable
# as possible. This is the loss that CEE616 prescribes for classification.
#
# There is a practical reason too. The product of many probabilities is too small for a computer; the sum of logarithms
# is a harmless number.

# %% slides=["CEE616-C40"]
Z = rng.normal(size=(2000, 4))
labels = rng.integers(4, size=2000)
Y = engine.one_hot(labels, 4)
of_true_class = engine.softmax(Z)[np.arange(2000), labels]
few = slice(0, 6)
print("6 labels, -log of the product:", round(-np.log(np.prod(of_true_class[few])), 6))
print("6 labels, sum of the losses:  ", round(engine.cross_entropy_from_logits(Z[few], Y[few], "sum"), 6))
print("2000 labels, the product:     ", np.prod(of_true_class))
print("2000 labels, sum of the losses:", round(engine.cross_entropy_from_logits(Z, Y, "sum"), 3))

# %% [markdown]
# ## 5 · Probability minus target
#
# Put softmax and cross-entropy together. With $\log p_i = z_i - \log\sum_k e^{z_k}$ the loss becomes
# $$\mathcal L = -\sum_i y_i z_i + \Big(\sum_i y_i\Big)\log\sum_k e^{z_k}
# = \log\sum_k e^{z_k} - \sum_k y_k z_k .$$
# EECS545 writes $h$ for $z$. The last step replaces $\sum_i y_i$ by 1. That is right for every one-hot target, and for
# every target that is a distribution. The cell computes all three forms, and the third target shows the condition at
# work.

# %% slides=["EECS545-E38"]
z = np.array([0.4, -1.3, 2.1])
p = engine.softmax(z[None])[0]
log_sum = np.log(np.sum(np.exp(z)))
for y in np.array([[0.0, 1.0, 0.0], [0.2, 0.3, 0.5], [1.0, 0.0, 1.0]]):
    definition = -np.sum(y * np.log(p))
    middle = -y @ z + y.sum() * log_sum
    last = log_sum - y @ z
    print(f"y = {y}, sum {y.sum():.0f}:  definition {definition:.4f}  middle {middle:.4f}  last {last:.4f}")

# %% [markdown]
# Now the gradient. The derivative of $\log\sum_k e^{z_k}$ by $z_j$ is $e^{z_j}/\sum_k e^{z_k}$, which is $p_j$ itself. So
# $$\frac{\partial\mathcal L}{\partial z_j} = p_j - y_j .$$
# **Probability minus target.** With a one-hot target it is positive for every wrong class and negative for the true one.
# Its entries add up to zero, since both parts add up to 1.
#
# There is a second way to it, with the sum of section 3: the gradient by the probabilities is $-y_j/p_j$, and the
# Jacobian of the softmax carries it down. A large number divided by $p$ meets a small factor $p$, and they cancel.

# %% slides=["EECS545-E39"]
y = np.array([0.0, 1.0, 0.0])
J = np.diag(p) - np.outer(p, p)
dp = -y / p
print("gradient by p:  ", dp + 0.0)
print("carried down:   ", dp @ J)
print("p - y:          ", p - y, " sum:", round(abs((p - y).sum()), 12))
print(check.gradient(p - y, lambda t: -np.sum(y * np.log(engine.softmax(t[None])[0])), at=z, name="p - y"))

# %% [markdown]
# CEE697M also takes the cross-entropy as the loss of its classifier. The gradient gives a reason beyond the likelihood.
# Compare with half the squared error on the probabilities, $\frac12\lVert p-y\rVert^2$. Its gradient at the logits is
# $J(p-y)$, and near a corner $J$ fades, as the triangle showed. A network that is wrong and sure would then learn almost
# nothing. In the next figure a wrong class leads the true one by 0 to 12 points.

# %% slides=["CEE697M-C54"]
lead = np.arange(13.0)
wrong_by = np.stack([lead, 0 * lead, 0 * lead], axis=1)  # class 0 leads, class 1 is true
truth = np.tile(y, (13, 1))
P = engine.softmax(wrong_by)
with_cross_entropy = P - truth
with_squares = engine.softmax.vjp(P - truth, wrong_by, P)
sizes = {
    "cross-entropy": np.abs(with_cross_entropy).max(axis=1),
    "half the squared error": np.abs(with_squares).max(axis=1),
}
print(
    "gradient of the batch is (P - Y)/N:",
    agrees(with_cross_entropy / 13, engine.cross_entropy_from_logits.gradient(wrong_by, truth)),
)
for name, size in sizes.items():
    print(f"{name:23} lead 0: {size[0]:.6f}  lead 6: {size[6]:.6f}  lead 12: {size[12]:.6f}")
figures.show(
    figures.curves(
        sizes,
        x="lead of a wrong class",
        y="largest entry of the gradient",
        title="How hard a mistake pulls at the logits",
        log=True,
    ),
    alt="Largest entry of the gradient at the logits against the lead of a wrong class, logarithmic. With cross-entropy it "
    "rises from 0.67 to 1 and stays there. With half the squared error it starts at 0.22 and soon falls along a straight line to about 0.00002.",
)

# %% [markdown]
# With cross-entropy the pull stays close to 1. With squares it ends up shrinking by a factor of $e$ for each point: the
# worse the mistake, the weaker the correction.
#
# ## 6 · A classifier with a hidden layer
#
# What changes when a network for regression becomes a classifier? CEE616 and CEE697M say the same in two points. First:
# input and hidden layers are chosen as before. Only the last layer and the loss are new. The cell copies all the
# parameters below the last layer from one network to the other, and both compute the same hidden units.

# %% slides=["CEE616-C37", "CEE697M-C51"]
regression = engine.MLP([2, 12, 1], activation=engine.tanh).initialize(rng)
classifier = engine.MLP([2, 12, 3], activation=engine.tanh, loss=engine.cross_entropy_from_logits).initialize(rng)
for name, shape in classifier.parameters.shapes.items():
    print(f"{name}: regression {regression.parameters[name].shape!s:8} classifier {shape}")
classifier.parameters["W1"] = regression.parameters["W1"]
classifier.parameters["b1"] = regression.parameters["b1"]
X = rng.normal(size=(5, 2))
print("same hidden units:", agrees(classifier.forward(X).A[1], regression.forward(X).A[1]))

# %% [markdown]
# Second: there is one output for each class. What the classes are *called* does not matter, and names are no quantities:
# a class called 9 is not three times a class called 3. So we count the different names and turn each label into a
# one-hot row.
#
# Our data are six round clouds of points on a circle, two for each of three kinds of trees.

# %% slides=["CEE616-C38", "CEE697M-C52"]
trees = np.array(["ash", "elm", "oak", "elm", "ash", "oak"])
angles = np.repeat(2 * np.pi * np.arange(6) / 6, 20)
X = np.stack([np.cos(angles), np.sin(angles)], axis=1) * 2 + 0.3 * rng.normal(size=(120, 2))
names, labels = np.unique(np.repeat(trees, 20), return_inverse=True)
Y = engine.one_hot(labels, len(names))
print("names:", [str(name) for name in names], " outputs needed:", len(names), " targets:", Y.shape)

# %% [markdown]
# EECS545 builds the same kind of network slide by slide. A unit adds up its weighted inputs and its bias and applies
# $f$: $h_j=f\big(\sum_i w_{ji}x_i+b_j\big)$. The first index of $w$ is the unit, the second the input, as in our $W$.

# %% slides=["EECS545-E35"]
x = X[0]
W, b = rng.normal(size=(3, 2)), rng.normal(size=3)
h = np.array([np.tanh(sum(W[j, i] * x[i] for i in range(2)) + b[j]) for j in range(3)])
print("unit by unit: ", h)
print("as one matrix:", engine.forward(x[None], [W], [b], [engine.tanh]).A[1][0])

# %% [markdown]
# The deck's pictures of this network are lost in the text version. It goes from the inputs to the units, and from the
# units by the softmax straight to the probabilities. Our picture carries the local derivatives. From the left each input
# reaches each unit, by its weight times the slope of the unit. On the right each unit reaches each probability, though
# no weights stand there: the softmax has no parameters, and the nine arrows are its Jacobian.

# %% slides=["EECS545-F16"]
to_units = engine.jacobian((engine.affine_map(W, b), engine.tanh), x[None])[0]
to_probabilities = engine.jacobian((engine.softmax,), h[None])[0]
arrows = [(f"x_{i + 1}", f"h_{j + 1}", to_units[j, i]) for j in range(3) for i in range(2)]
arrows += [(f"h_{j + 1}", f"p_{k + 1}", to_probabilities[k, j]) for k in range(3) for j in range(3)]
graph = engine.InfluenceGraph(arrows)
print("arrows:", len(graph.edges), " paths from x_1 to p_3:", len(list(engine.paths(graph, "x_1", "p_3"))))
print("parameters:", engine.n_parameters([2, 3]))
figures.show(
    figures.influence_diagram(graph),
    alt="Two inputs at the left, three units in the middle, three probabilities at the right. Six arrows lead from the "
    "inputs to the units and nine from the units to the probabilities, each with its local derivative.",
)

# %% [markdown]
# How does the loss feel $w_{ji}$? Through $h_j$ alone, which is a logit here. The slope of the loss with respect to $h_j$ is
# $p_j-y_j$, the slope of the unit is $f'_j$, and the weight is multiplied by $x_i$. So
# $$\frac{\partial\mathcal L}{\partial w_{ji}} = f'_j\,x_i\,\frac{\partial\mathcal L}{\partial h_j}
# = f'_j\,x_i\,(p_j-y_j) .$$
# For the bias the factor $x_i$ becomes 1; the slide leaves that line out.


# %% slides=["EECS545-E40"]
def loss_of_parameters(W, b):
    """The cross-entropy of the network on the slide for the sample x with the target y."""
    return engine.cross_entropy_from_logits(np.tanh(W @ x + b)[None], y[None])


y = Y[0]
slope = 1 - h**2
dh = engine.softmax(h[None])[0] - y
dW = np.array([[slope[j] * x[i] * dh[j] for i in range(2)] for j in range(3)])
print(check.gradient(dW, lambda T: loss_of_parameters(T, b), at=W, name="dW"))
print(check.gradient(slope * dh, lambda t: loss_of_parameters(W, t), at=b, name="db"))

# %% [markdown]
# Time to train. The `classifier` from above has tanh units, then a full layer with weights of its own, then the softmax
# inside the loss. Beside it stands a classifier without a hidden layer: its classes can only be parted by straight lines.


# %%
def descend(net, X, Y, lr, steps):
    """The mean loss before each step of gradient descent on the whole batch."""
    losses = []
    for _ in range(steps):
        loss, gradient = net.loss_and_gradient(X, Y)
        losses.append(loss)
        net.parameters.flat[:] -= lr * gradient
    return losses


straight = engine.MLP([2, 3], loss=engine.cross_entropy_from_logits).initialize(rng)
planes = []
for title, net in (("no hidden layer", straight), ("12 hidden units", classifier)):
    losses = descend(net, X, Y, lr=0.5, steps=400)
    right = np.mean(net(X).argmax(axis=1) == labels)
    print(f"{title}: loss {losses[0]:.2f} before, {losses[-1]:.2f} after, right {right:.0%}")
    planes.append(figures.Plane(X, lambda points, net=net: net(points).argmax(axis=1), title))
figures.show(
    figures.decision_boundary(*planes, labels=labels, names=[str(name) for name in names]),
    alt="Two planes with six clouds of points on a circle. Without a hidden layer the borders are straight, and two whole "
    "clouds of oaks lie in the regions of other trees. With 12 hidden units the borders bend, and all clouds lie in regions "
    "of their own kind.",
)

# %% [markdown]
# The first number of a run is worth knowing. A classifier that knows nothing gives $1/K$ to each class, and its loss is
# $\log K$: here $\log 3\approx 1.10$. A first loss far above that says that the network starts with large scores, and so
# with opinions that it has not learned.
#
# ## 7 · The missing layer, and the answer to the question
#
# Look at EECS545's network again. It is introduced as having one hidden layer. Its parameters are $W$ and $b$ only, and
# the softmax acts on the hidden units themselves. (The deck's network for regression, in lecture 6, does have an output
# layer.) So there must be as many hidden units as classes. With bounded units there is a worse consequence. Sigmoid
# outputs lie between 0 and 1. The best the network can do is 1 for the true class and 0 for all others, which gives
# $$p_{\max} = \frac{e^1}{e^1+(K-1)\,e^0} = \frac{e}{e+K-1},\qquad
# \mathcal L_{\min} = \log\Big(1+\frac{K-1}{e}\Big) .$$
# Training cannot pass this floor, because the softmax is never given more than one point of lead. For a second opinion
# we train two networks: the printed one, and one with the missing layer $o=Vh+c$ between the hidden units and the
# softmax. The data could hardly be simpler: the input is the one-hot row of the class itself, with a little noise.

# %%
K = 10
labels10 = np.repeat(np.arange(K), 15)
Y10 = engine.one_hot(labels10, K)
X10 = Y10 + 0.1 * rng.normal(size=Y10.shape)
loss = engine.cross_entropy_from_logits
as_printed = engine.MLP([K, K], output=engine.sigmoid, loss=loss).initialize(np.random.default_rng(5))
completed = engine.MLP([K, K, K], activation=engine.sigmoid, loss=loss).initialize(np.random.default_rng(5))
print(f"log K: {np.log(K):.2f}")
for name, net in (("as printed", as_printed), ("completed", completed)):
    print(f"{name:10} before training: loss {net.loss(net(X10), Y10):.2f}")

# %% [markdown]
# Both train for 400 steps with the same learning rate. Here is the answer.

# %% slides=["EECS545-C24"]
floor = np.log(1 + (K - 1) / np.e)
runs = {
    "softmax on the sigmoid units": descend(as_printed, X10, Y10, lr=5.0, steps=400),
    "with an output layer": descend(completed, X10, Y10, lr=5.0, steps=400),
    "the floor": np.full(400, floor),
}
for name, net in (("as printed", as_printed), ("completed", completed)):
    P = engine.softmax(net(X10))
    right = np.mean(P.argmax(axis=1) == labels10)
    print(f"{name:10} loss {net.loss(net(X10), Y10):.3f}, surest {P.max():.1%}, right {right:.0%}")
print(f"the floor of the loss: {floor:.3f}")
print(f"at most {np.e / (np.e + K - 1):.1%} sure; your number was {my_guess}")
figures.show(
    figures.curves(runs, x="step", y="mean cross-entropy", title="Ten classes, with and without an output layer"),
    alt="Mean cross-entropy over 400 steps for ten classes. With the softmax on the sigmoid units the curve flattens out "
    "just above the floor of 1.46. With an output layer it drops through the floor and goes on towards 0.",
)

# %% [markdown]
# Not even one in four. The printed network puts the right class first every time; only its probabilities are useless.
# That makes the mistake hard to see: the accuracy is perfect, no shape is wrong, and the gradient check of section 6
# passed. The sign to watch for is a loss that stops falling far above zero. When yours does, ask what the best possible
# loss of your network is. (With tanh units the lead is at most 2 and the floor is lower, but there is one.)

# %% [markdown]
# ## 8 · Errata corner
#
# The decks are careful texts, and most of what follows is a matter of one letter. The classes: **wrong** as printed;
# **notation**, symbols that disagree; **conditions**, true under conditions that are not stated; **gap**, something needed
# is missing; **typo**, a slip of a word or letter; **extraction**, most likely damage from turning the slides into text.
#
# Three of them we type as printed. Before you run a cell, say what it will find. First the softmax. CEE616 writes $\mathcal S(a_c)$ and CEE697M
# $\mathrm{softmax}(z_k)$, as if it took one number. Take that literally:

# %%
z = np.array([0.4, -1.3, 2.1])
print("of each number alone:", [float(engine.softmax(np.array([[number]]))[0, 0]) for number in z])
print("of the whole vector: ", engine.softmax(z[None])[0])
for row in ("CEE616-E47", "CEE697M-E65"):
    try:
        slides.verify_printed(row)
    except slides.Mismatch as mismatch:
        print(row, "as printed:", mismatch)

# %% [markdown]
# Second, the sign. Two of three copies of EECS545's loss read $\sum_i y_i\log p_i$, without the minus. Nothing breaks:
# the network runs, and the gradient of the printed loss passes its check. Only the direction is wrong. Descent now makes
# the probability of the true class as small as it can.


# %%
def printed_loss(t):
    """The cross-entropy without its minus sign, for a true class 1."""
    return np.log(engine.softmax(t[None])[0, 1])


y = np.array([0.0, 1.0, 0.0])
print(check.gradient(y - engine.softmax(z[None])[0], printed_loss, at=z, name="gradient of the printed loss"))
followed = {"as printed": 1.0, "with the minus": -1.0}
for name, sign in followed.items():
    t = z.copy()
    for _ in range(50):
        t -= 0.5 * sign * (y - engine.softmax(t[None])[0])
    print(f"{name:15} the true class after 50 steps: {engine.softmax(t[None])[0, 1]:.4f}")

# %% [markdown]
# Third, the condition in EECS545's derivation. With a target that does not add up to 1, such as a picture with two objects
# marked in it, the last form of section 5 is another function, and the gradient of the cross-entropy is not $p-y$.


# %%
def cross_entropy(t):
    """The cross-entropy of the logits t for the target y, as defined."""
    return -np.sum(y * np.log(engine.softmax(t[None])[0]))


y = np.array([1.0, 0.0, 1.0])
p = engine.softmax(z[None])[0]
print(check.gradient(p - y, cross_entropy, at=z, name="p - y"))
print(check.gradient(y.sum() * p - y, cross_entropy, at=z, name="(sum of y) p - y"))

# %% [markdown]
# The full list for this lecture. The last column names the section that shows it.
#
# | row | class | what stands there | what is right | section |
# |---|---|---|---|---|
# | CEE616-C38, CEE697M-C52 | typo | the number of outputs is the "name" of classes | the *number* of classes | 6 |
# | CEE616-E47 | notation | $\mathcal S(a_c)$ of one component | $\mathcal S(a)_c$ of the whole vector | 2, 8 |
# | CEE697M-E65 | notation | $\mathrm{softmax}(z_k)$ of one number | $\mathrm{softmax}(z)_k$ of the whole vector | 2, 8 |
# | CEE616-E48 | notation | the output was $o_c$ and is $p_c$ now, again as $\mathcal S(a_c)$ | one letter: $p=\mathcal S(a)$; the formula is for one sample | 4 |
# | EECS545-E36 | extraction | one copy has $e^{n_i}$ | $e^{h_i}$ | 2 |
# | EECS545-E37 | extraction | two of three copies lack the minus sign | $-\sum_i y_i\log p_i$ | 4, 8 |
# | EECS545-C24 | wrong | one hidden layer, with the softmax on the hidden units | an output layer $o=Vh+c$ before the softmax; without it there must be as many hidden units as classes, and for sigmoid units the loss has the floor $\log(1+(K-1)/e)$ | 7 |
# | EECS545-E38 | conditions | the last step drops $\sum_i y_i$ | it needs $\sum_i y_i=1$ | 5, 8 |
# | EECS545-E40 | gap | no gradient of the bias; $f'$ has no index | $\partial\mathcal L/\partial b_j=f'_j\,\partial\mathcal L/\partial h_j$ | 6 |
#
# ## 9 · Exercises
#
# Each cell below answers with the check's verdict. A function that returns nothing is told so; fill it in and run
# again.
#
# **1 · Softmax without overflow** (★, 15 minutes). Write the softmax and its logarithm for a batch of logits that may be as
# large as ±1000. The logarithm must stay finite too: $\log p$ of a hopeless class is $-2000$, not $-\infty$.
#
# <details><summary>Hint 1</summary>Subtract the largest logit of each row. Keep the axis, so that the shapes fit.</details>
#
# <details><summary>Hint 2</summary>Do not take the logarithm of the softmax: work out log p by hand first, and only then
# write it in numpy.</details>


# %%
def my_softmax(Z):
    """Probabilities (N, K) of logits (N, K) of any size."""


def my_log_softmax(Z):
    """The logarithms (N, K) of these probabilities."""


extreme = np.array([[1000.0, -1000.0, 0.0], [0.3, -0.2, 1.1], [-1000.0, -1000.0, -1000.0]])
print(check.value(my_softmax(extreme), engine.softmax(extreme), name="the softmax"))
print(check.value(my_log_softmax(extreme), engine.log_softmax(extreme), name="the log-softmax"))

# %% [markdown]
# **2 · Two classes** (★, 10 minutes). Show on paper that for $K=2$ the softmax is a sigmoid of one number, and say of which.
# Then write the probability of class 1 with `engine.sigmoid` alone. How many outputs does a classifier of two classes
# really need?
#
# <details><summary>Hint</summary>Divide the numerator and the denominator by the exponential of the logit of class
# 1.</details>


# %%
def probability_of_class_1(Z):
    """The second column of the softmax, (N,), of logits (N, 2)."""


Z = rng.normal(size=(6, 2))
print(check.value(probability_of_class_1(Z), engine.softmax(Z)[:, 1], name="the probability of class 1"))

# %% [markdown]
# **3 · Probability minus target, in general** (★★, 15 minutes). Write the gradient of the *mean* cross-entropy of a batch
# at its logits, for targets of any sum. Derive it before you write it.
#
# <details><summary>Hint 1</summary>Start from the middle form of section 5, where the sum of the targets still
# stands.</details>
#
# <details><summary>Hint 2</summary>Each row has its own sum of targets. And a mean has a factor.</details>


# %%
def logit_gradient(Z, Y):
    """The gradient (N, K) of the mean cross-entropy. Z (N, K), Y (N, K) with rows of any sum."""


Y_any = np.array([[0.0, 1.0, 0.0], [0.2, 0.3, 0.5], [1.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
Z = rng.normal(size=(4, 3))
print(
    check.gradient(
        logit_gradient(Z, Y_any), lambda T: engine.cross_entropy_from_logits(T, Y_any), at=Z, name="dZ", batch=4
    )
)

# %% [markdown]
# **4 · The missing layer** (★★★, 20 minutes). Complete EECS545's network with an output layer: $h=\sigma(Wx+b)$,
# $o=Vh+c$, $p=\mathrm{softmax}(o)$. Write the gradients of all four parameters for one sample.
#
# Then change `my_lr` and `my_steps` until the loss on two classes passes the floor of the printed network,
# $\log(1+1/e)=0.3133$.
#
# <details><summary>Hint 1</summary>Begin at the top. The gradient at o is the one of section 5; V and c stand above h, W
# and b below.</details>
#
# <details><summary>Hint 2</summary>Lecture 8: error times input gives the weights, error times weights gives the error
# below.</details>


# %%
def completed_gradients(x, y, W, b, V, c):
    """The gradients dW, db, dV, dc of the cross-entropy of one sample, each in the shape of its parameter."""
    return None, None, None, None


tensors = {"W": rng.normal(size=(4, 2)), "b": rng.normal(size=4), "V": rng.normal(size=(3, 4)), "c": rng.normal(size=3)}
x4, y4 = rng.normal(size=2), np.array([0.0, 0.0, 1.0])


def completed_loss(**changed):
    """The loss of the completed network with some of its parameters changed."""
    q = {**tensors, **changed}
    return loss((q["V"] @ engine.sigmoid(q["W"] @ x4 + q["b"]) + q["c"])[None], y4[None])


for name, got in zip(tensors, completed_gradients(x4, y4, **tensors), strict=True):
    print(check.gradient(got, lambda T, name=name: completed_loss(**{name: T}), at=tensors[name], name=f"d{name}"))

# %%
my_lr, my_steps = 0.01, 10

two = np.repeat([0, 1], 20)
X2 = np.stack([two, 1 - two], axis=1) + 0.2 * np.random.default_rng(2).normal(size=(40, 2))
net = engine.MLP([2, 4, 2], activation=engine.sigmoid, loss=loss).initialize(np.random.default_rng(3))
descend(net, X2, engine.one_hot(two, 2), my_lr, my_steps)
reached = net.loss(net(X2), engine.one_hot(two, 2))
print(f"loss {reached:.4f}, floor {np.log(1 + 1 / np.e):.4f}:", "passed" if reached < 0.3133 else "not yet")

# %% [markdown]
# **5 · The lost minus sign** (★, 10 minutes). You train with $\sum_i y_i\log p_i$ by mistake. Write *one* step of gradient
# descent on it for a row of logits. Then answer without running: where does the point go in the triangle of section 2, and
# does it ever stop?
#
# <details><summary>Hint</summary>The gradient of the printed loss is the gradient of section 5 with the other sign. What
# is its size when the true class has probability almost 0?</details>


# %%
def step_without_the_sign(z, y, lr):
    """The logits (K,) after one step of gradient descent on the sum of y log p."""


y = np.array([0.0, 1.0, 0.0])
expected = z - 0.5 * numeric(printed_loss, z)
print(check.value(step_without_the_sign(z, y, lr=0.5), expected, name="the step"))

# %% [markdown]
# **6 · A target that is never sure** (★★, 15 minutes). Suppose the target of a sample is $y=(0.9, 0.05, 0.05)$. At which
# probabilities is the gradient zero? What is the smallest loss that any network can reach on this sample? Give it as a
# function of $y$ and compute it.
#
# <details><summary>Hint</summary>Set the gradient of section 5 to zero, and put the result into the definition of the
# loss. The name of the number is entropy.</details>


# %%
def smallest_loss(y):
    """The smallest cross-entropy for a target y (K,) of positive numbers that add up to 1."""


soft = np.array([0.9, 0.05, 0.05])
print(check.value(smallest_loss(soft), engine.cross_entropy(soft[None], soft[None]), name="the smallest loss"))

# %% [markdown]
# ## 10 · Check yourself, and what to read
#
# The numeric checks of all statements of this lecture, on numbers of their own. Rows that fail *as printed* are listed
# too.

# %%
print(slides.self_check("NB09"))

# %% [markdown]
# **To take home.** Logits are log-probabilities up to a common constant; only their differences count. The softmax takes
# the whole vector, so its backward rule is a sum over all outputs. With the cross-entropy on top, all of it shrinks to
# probability minus target. And never put a softmax on bounded units.
#
# **To read.** *Probabilistic Machine Learning: An Introduction*, chapter 10 (logistic regression, with the softmax and its
# gradient) and chapter 13 (neural networks for tabular data); *Deep Learning*, chapter 6, the section on
# gradient-based learning (output units and why they go with the logarithm); *The Elements of Statistical Learning*,
# chapter 11 (neural networks). Next lecture: units that multiply or take a maximum, slopes at a kink, and an engine of
# your own that differentiates them all.
