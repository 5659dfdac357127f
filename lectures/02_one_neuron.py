# %% [markdown]
# # 2 · One neuron and its activation function
#
# A neuron adds up what comes in and bends the sum. Today we look at one such unit closely. The sum draws a straight
# line through the space of its inputs. The bend, called the activation function, decides what happens on either side
# of that line, and whether the unit can learn at all.
#
# **Question of the day.** The four corners of a square are the inputs $(0,0)$, $(0,1)$, $(1,0)$ and $(1,1)$. Call each
# corner 0 or 1, as you like: there are 16 ways to do so. A single neuron answers 1 on one side of a straight line and
# 0 on the other. *For how many of the 16 ways is there a neuron that is right at all four corners?* Write your number
# into the next cell before you run on. A pencil helps.

# %%
my_guess = 0  # a number from 0 to 16

# %% [markdown]
# | | section | minutes |
# |---|---|---|
# | 1 | Set-up and a look back | 3 |
# | 2 | A cell, and its model | 14 |
# | 3 | One neuron draws a line, and the answer to the question | 12 |
# | 4 | Neurons in layers | 10 |
# | 5 | From the step to the sigmoid | 12 |
# | 6 | The hyperbolic tangent | 9 |
# | 7 | The rectifier | 8 |
# | 8 | Logistic regressions that learn together | 7 |
# | 9 | All curves on one panel | at home, 15 |
# | 10 | Errata corner | at home, 20 |
# | 11 | Exercises | at home, 80 |
# | 12 | Check yourself, and what to read | at home, 10 |
#
# ## 1 · Set-up and a look back
#
# Lecture 1 in two lines: what a linear model can follow depends on the features that it is given. A network learns its
# features, and each of them is a small formula with weights of its own, a *hidden unit*. Today's neuron is that
# formula.

# %%
from itertools import pairwise, product

import numpy as np

from coursekit import check, engine, figures, slides

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(2)


def agrees(a, b, within=1e-7):
    """Do two arrays of one shape agree, up to this relative or absolute difference?"""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=within, atol=within))


def slope(activation, z):
    """The slope of an activation at each of the inputs z, by the engine's rule."""
    return activation.derivative(z, activation(z))


def measured_slope(f, z):
    """The slope of a function of single numbers at each of the inputs z (P,), by central differences."""
    return np.diag(check.numeric_jacobian(f, z))


# %% [markdown]
# ## 2 · A cell, and its model
#
# The name comes from biology. A nerve cell receives signals on its *dendrites*, gathers them in the *cell body* and, if
# they are strong enough together, sends a pulse along its *axon*. The axon ends in *synapses*, the contacts with other
# cells. The text version of the slide has lost its picture. Here is a drawing with the same parts, and below each name
# what will become of it in the model.

# %% slides=["CEE697M-F1"]
figures.show(
    figures.nerve_cell(),
    alt="A nerve cell. Green dendrites branch on the left and meet in a blue cell body, the soma. An orange axon leaves it "
    "to the right and forks into five synapses in front of a dendrite of the next neuron.",
)

# %% [markdown]
# How many are there? About $86$ billion neurons, and $10^{14}$ to $10^{15}$ synapses between them. Divide, and you
# have the number of contacts of a typical cell. (The $86$ billion are a count for the *brain*. The slide says nervous
# system, which is a little more, of the same order.)

# %% slides=["CEE697M-C4", "CEE697M-C5"]
neurons = 86e9
for synapses in (1e14, 1e15):
    print(f"{synapses:.0e} synapses on {neurons:.1e} neurons: {synapses / neurons:6.0f} for each neuron")

# %% [markdown]
# Two facts about the wiring carry over to the model. First, a cell has *many inputs and one output*, for there are many
# dendrites but a single axon. A model neuron, then, is a function of $D$ numbers whose value is one number. An
# `engine.MLP` of widths 5 and 1 is such a unit; its bend, the sigmoid of section 5, is not important yet. The code asks
# how the output depends on each of the five inputs. The answer is one row of slopes, and none of them is zero.

# %% slides=["CEE697M-C6"]
unit = engine.MLP([5, 1], output=engine.sigmoid).initialize(rng)
slopes = check.numeric_jacobian(lambda x: unit(x[None])[0], rng.normal(size=5))
print("outputs x inputs:", slopes.shape)
print("slopes:          ", slopes[0])

# %% [markdown]
# Second, that one output goes to *many* receivers, through a synapse of its own at each. In a weight matrix $W$ of
# shape (out, in), the weights of one sender are a column. Below, unit 2 (counted from 0) of four senders raises its
# output by a half. All six receivers notice, each with a weight of its own.

# %% slides=["CEE697M-C7"]
A, W = rng.normal(size=(1, 4)), rng.normal(size=(6, 4))
louder = A.copy()
louder[0, 2] += 0.5
change = (engine.affine(louder, W) - engine.affine(A, W))[0]
print("change in the six receivers:", change)
print("half of column 2 of W:      ", 0.5 * W[:, 2])

# %% [markdown]
# ### The model neuron
#
# Now leave the cell and keep its arithmetic. The inputs are numbers $x_1,\dots,x_D$. Each is multiplied by a **weight**
# $w_i$, the strength of that synapse. The products are added, a **bias** $b$ is added too, and the sum, the
# **pre-activation** $z$, goes through an **activation function** $\varphi$:
# $$z = w_1x_1+\dots+w_Dx_D+b, \qquad a=\varphi(z).$$
# The output $a$ of a neuron is called its **activation**, after the function that made it. The neuron below has three
# inputs, and tanh for its $\varphi$.

# %% slides=["CEE697M-F3", "CEE697M-C20"]
x, w, b = np.array([0.5, -1.0, 2.0]), np.array([1.5, 0.3, -0.4]), 0.2
activation = np.tanh(w @ x + b)
run = engine.forward(x[None], [w[None]], [np.array([b])], [engine.tanh])
print(f"by hand: {activation:.4f}   by the engine: {run.A[1][0, 0]:.4f}")
figures.show(
    figures.neuron(x, w, b, engine.tanh),
    alt="A neuron with inputs 0.50, -1.00 and 2.00. Two solid blue arrows with weights 1.50 and 0.30 and one dashed one with "
    "weight -0.40 lead to a sum, which also gets the bias 0.20. The sum -0.15 passes tanh and comes out as -0.15.",
)

# %% [markdown]
# Solid arrows have positive weights, dashed ones negative, and a thicker arrow has a larger weight. (That the output
# looks like the sum is no accident: close to 0, tanh is nearly the identity. Section 6 returns to that.)
#
# Each deck has its own letters for this, and one deck changes them on the way. In the box, $\ell$ and $k$ count the
# layers of a network; a layer is a row of neurons that work side by side (section 4). Keep the box near.
#
# > **Translation box** (one neuron or one layer)
# >
# > | deck | inputs | pre-activation | activation function | output |
# > |---|---|---|---|---|
# > | house | $x$, or $a$ of the layer below | $z$ | $\varphi$ | $a$ |
# > | CEE697M, equations (5)–(7) | $z_{\ell-1}$ | $a_\ell$ | $\varphi_\ell$ (the text: $f_\ell$) | $z_\ell$ |
# > | CEE697M, from (11) on | $a^{(\ell-1)}$ | $z^{(\ell)}$ | $\sigma$ | $a^{(\ell)}$ |
# > | EECS545 | $x$ | $z$ | $f$, $\sigma$ | $h$ |
# > | CSC561 | $y^{(k-1)}$ | $z^{(k)}$ | $f_k$ | $y^{(k)}$ |
# > | CEE616 | $x_1$ | $x_2$ | $\varphi$ | $x_3$ |
#
# Back to the nerve cell for a moment: in CEE697M each dendrite carries one product $w_ix_i$, and the cell body adds
# them up. In numpy the sum of products is one sign, `@`.

# %% slides=["CEE697M-C17"]
signals = w * x
print("on the dendrites:", signals)
print("in the cell body:", round(signals.sum(), 4), " as one product w @ x:", round(w @ x, 4))

# %% [markdown]
# EECS545 writes the whole pre-activation, $z=b+\sum_ix_iw_i$, for each of its bent neurons. (Its $z$ is ours. In
# CEE697M (5)–(7) the same letter is the *output* of a unit.) For a batch, `engine.affine` computes a matrix $Z$ with
# one row per sample and one column per neuron.

# %% slides=["EECS545-E01"]
X, W, bias = rng.normal(size=(4, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)
Z = np.array([[bias[j] + sum(X[n, i] * W[j, i] for i in range(3)) for j in range(2)] for n in range(4)])
print("4 samples, 2 neurons:", Z.shape, " the engine agrees:", agrees(Z, engine.affine(X, W, bias)))

# %% [markdown]
# What is the bias for? Switch all inputs off: what is left is $b$. It is the neuron's opinion before it has heard
# anything.

# %% slides=["CEE697M-C21"]
silence = np.zeros((1, 3))
print("pre-activations without input:", engine.affine(silence, W, bias)[0])
print("the biases:                   ", bias)

# %% [markdown]
# The slide has one more letter: a neuron *fires* when $\sum_iw_ix_i+b>t$, with a **threshold** $t$. But $b$ and $t$ do
# the same job, with opposite signs: only $b-t$ matters. So the course drops $t$ and puts $b-t$ in the place of the
# bias. The code compares both rules on ten thousand random inputs. `engine.heaviside` answers 1 to a number above 0,
# else 0.

# %% slides=["CEE697M-C18"]
many, threshold = rng.normal(size=(10_000, 3)), 0.8
with_threshold = (many * w).sum(axis=1) + b > threshold
with_bias = engine.heaviside(engine.affine(many, w[None], np.array([b - threshold])))[:, 0]
print("same decision in", np.sum(with_threshold == with_bias), "of", len(many), "cases")

# %% [markdown]
# The sign of a weight has a meaning of its own. Where $w_i>0$, more of $x_i$ makes more output: the synapse is
# *excitatory*. Where $w_i<0$, more of $x_i$ makes less: it is *inhibitory*. This needs an activation that rises
# everywhere, because the slope of the output is $\varphi'(z)\,w_i$, and its sign is that of $w_i$ only while
# $\varphi'(z)>0$.

# %% slides=["CEE697M-C16"]
for phi in (engine.sigmoid, engine.tanh, engine.softplus):
    slopes = check.numeric_gradient(lambda x, phi=phi: phi(np.array([w @ x + b]))[0], x).gradient
    print(f"{phi.name:9} slopes {slopes}  signs as those of w: {agrees(np.sign(slopes), np.sign(w))}")

# %% [markdown]
# And which of these numbers learn? Not the inputs, they come from the world. The weights do, and the bias. Recall that
# the loss says how wrong an output is. Learning moves each weight a little against the slope of the loss. That slope
# carries the factor $x_i$: a synapse on which no signal came in is left alone. Lecture 4 makes a method of this.

# %% slides=["CEE697M-C15"]
signal, target = np.array([[0.8, 0.0, -1.6]]), np.array([[1.0]])
learner = engine.MLP([3, 1], output=engine.sigmoid).initialize(rng)
before, gradient = learner.loss_and_gradient(signal, target)
print("input:   ", signal[0])
print("slopes:  ", gradient[:3], " each the input times", round(gradient[0] / signal[0, 0], 4))
learner.parameters.flat -= gradient
after, _ = learner.loss_and_gradient(signal, target)
print("the loss:", round(before, 4), "before one step,", round(after, 4), "after")

# %% [markdown]
# ## 3 · One neuron draws a line, and the answer to the question
#
# Take the simplest activation that fires or does not: the **step**, also named after Heaviside, which is 1 for $z>0$
# and 0 otherwise. A neuron with a step is called a **perceptron**. With two inputs it fires where $w_1x_1+w_2x_2+b>0$.
# That is a *half-plane*: everything on one side of a straight line. The vector $w$ stands at a right angle to the line
# and points to the side that fires; $b$ shifts the line.
#
# Try it. The corners below ask for the **exclusive or**, XOR: answer 1 if exactly one input is 1. Change `w1`, `w2` and
# `b`, run the cell, and look for four points right. Then change `probe`, the input whose numbers the drawing shows.

# %% tags=["interactive"]
probe = (1.0, 0.0)  # any input
w1, w2, b = 1.0, 1.0, -0.5  # from -3 to 3
wanted = np.array([0, 1, 1, 0])  # XOR of the corners 00, 01, 10, 11

corners, _ = engine.xor()
figures.show(
    figures.neuron(probe, [w1, w2], b, engine.heaviside, points=corners, labels=wanted),
    alt="Left: a neuron with weights 1 and 1, bias -0.5 and a step. Right: the four corners of XOR; a line cuts off the "
    "corner 00, the neuron fires on the other side, and three of four are right, with the corner 11 ringed as wrong.",
)

# %% [markdown]
# Three are easy to get right. Does a fourth ever follow? Let the machine try all small whole weights, with all
# thresholds between the values of the sum, and collect every labelling of the corners that comes out.


# %%
def what_one_neuron_can(D, largest):
    """The set of all labellings of the 2^D corners that a step neuron with whole weights up to this size gives."""
    all_corners = np.array(list(product((0, 1), repeat=D)))
    weights = np.array(list(product(range(-largest, largest + 1), repeat=D)))
    sums = all_corners @ weights.T  # one column for each neuron
    found = set()
    for threshold in np.arange(-largest * D - 0.5, largest * D + 1):
        found |= {tuple(labels) for labels in np.unique(sums > threshold, axis=1).T.astype(int).tolist()}
    return found


possible = what_one_neuron_can(D=2, largest=1)
missing = sorted(set(product((0, 1), repeat=4)) - possible)
print("one neuron can do:", len(possible), "of 16   your guess:", my_guess)
print("it cannot do:     ", missing, "at the corners 00, 01, 10, 11")

# %% [markdown]
# Fourteen. Only two fail: XOR and its opposite, "both inputs are equal". The search shows that fourteen can be done.
# That the last two cannot, with *any* weights, takes three lines. XOR asks for
# $$b\le0,\qquad w_1+b>0,\qquad w_2+b>0,\qquad w_1+w_2+b\le0 .$$
# Add the two in the middle: $w_1+w_2+2b>0$. Add the first and the last: $w_1+w_2+2b\le0$. Both cannot be. For the
# opposite labelling turn all signs around.
#
# Fourteen of sixteen sounds like a strong machine. It is not. Give it more inputs:

# %%
for D, largest in ((1, 1), (2, 1), (3, 2), (4, 3)):
    n, total = len(what_one_neuron_can(D, largest)), 2 ** (2**D)
    print(f"D = {D}: {n:5} of {total:6} labellings, {n / total:.1%}")

# %% [markdown]
# The share shrinks quickly: with more inputs, hardly any task can be solved by one flat cut. A single neuron is not
# enough.
#
# ## 4 · Neurons in layers
#
# Put several neurons side by side, all looking at the same inputs: a **layer**. Put a second layer on top of the
# outputs of the first: now the line of an upper neuron is drawn in the space of the lower neurons' answers. Layers
# between the inputs and the output are called **hidden**.
#
# CEE697M says in three equations how layer number $\ell$ computes. The last one it prints first; let us build up to it.
# Equation (6) has the pre-activations: each neuron has a row of $W$ and an entry of $b$,
# $$\text{deck: } a_\ell = b_\ell + W_\ell z_{\ell-1} \qquad\qquad \text{house: } Z^{(\ell)} = A^{(\ell-1)}W^{(\ell)\top} + b^{(\ell)} .$$

# %% slides=["CEE697M-E06"]
layer_in, W, bias = rng.normal(size=(5, 3)), rng.normal(size=(4, 3)), rng.normal(size=4)
deck_a = bias + W @ layer_in[0]  # one sample, as on the slide
Z = engine.affine(layer_in, W, bias)  # five samples, one per row
print("one number for each of 4 neurons:", deck_a)
print("row 0 of the batch:              ", Z[0])

# %% [markdown]
# Equation (7) applies the activation, to each number by itself: $z_\ell=\varphi_\ell(a_\ell)$ in the deck,
# $A^{(\ell)}=\varphi(Z^{(\ell)})$ in the house.

# %% slides=["CEE697M-E07"]
one_by_one = np.array([np.tanh(number) for number in deck_a])
print("entry by entry:", one_by_one)
print("the engine:    ", engine.tanh(Z)[0])

# %% [markdown]
# And (5), the whole, does both at once, $z_\ell=f_\ell(z_{\ell-1})=\varphi_\ell(b_\ell+W_\ell z_{\ell-1})$. Here the
# deck's text calls $f_\ell$ the activation function. By its own equation, $f_\ell$ is the whole layer, and the
# activation is $\varphi_\ell$. The two do not even accept the same input: $f_\ell$ takes 3 numbers, $\varphi_\ell$
# takes 4.

# %% slides=["CEE697M-E05"]
whole_layer = np.tanh(bias + W @ layer_in[0])
run = engine.forward(layer_in, [W], [bias], [engine.tanh])
print("the layer, 3 numbers to 4:", layer_in[0].shape, "->", whole_layer.shape, agrees(whole_layer, run.A[1][0]))
print("the activation, 4 to 4:   ", deck_a.shape, "->", np.tanh(deck_a).shape)

# %% [markdown]
# Does a hidden layer save XOR? We try 1728 networks with two hidden steps and one step on top: all weights $\pm1$, all
# biases $-1.5$, $-0.5$ or $0.5$. (To find one such network by thinking is exercise 5.)
#
# A warning about words. A network with hidden layers is called a *multilayer perceptron*, whatever its bend; the name
# has outlived the step. One slide calls a network with one hidden layer a *single-layer perceptron*, as one of the
# books below does too. Most texts mean by that a network *without* a hidden layer, and so does the deck's own rule,
# which counts hidden layers and output layer. The difference matters: one of them solves XOR and the other never will.


# %% slides=["CEE697M-C12"]
def corners_right(sizes):
    """For each step network of these widths with weights of size 1: how many corners of XOR it has right."""
    choices = [
        (-1.0, 1.0) if name.startswith("W") else (-1.5, -0.5, 0.5)
        for name, shape in engine.mlp_shapes(sizes).items()
        for _ in range(np.prod(shape))
    ]
    net = engine.MLP(sizes, activation=engine.heaviside, output=engine.heaviside)
    counts = []
    for flat in product(*choices):
        net.parameters.flat[:] = flat
        counts.append(int(np.sum(net(corners)[:, 0] == wanted)))
    return np.array(counts)


for sizes in ([2, 1], [2, 2, 1]):
    counts = corners_right(sizes)
    print(f"{sizes!s:10} {len(counts):4} networks, best {counts.max()} of 4, reached by {np.sum(counts == 4)}")

# %% [markdown]
# ### Is the bend needed at all?
#
# The gentlest activation is none: $\varphi(z)=z$, a **linear neuron**, $h=b+\sum_ix_iw_i$. Its output against its total
# input is a line of slope 1.

# %% slides=["EECS545-F7"]
print("outputs at z = -2, 0, 3:", engine.identity(np.array([-2.0, 0.0, 3.0])))
figures.show(
    figures.activation_curves(engine.identity, span=(-3, 3), marked=(1.0,)),
    alt="Left: the output of a linear neuron against its total input z, a straight line through the origin. Right: its "
    "slope, which is 1 at every input.",
)

# %% [markdown]
# But a stack of linear layers is one linear layer in disguise:
# $$W_2(W_1x+b_1)+b_2 = (W_2W_1)\,x + (W_2b_1+b_2) .$$
# The slide says that the composition of linear layers is linear. With biases the exact word is *affine*: linear plus a
# constant. Either way, depth buys nothing without a bend. It can even cost something: the product has no higher rank
# than the narrowest layer.

# %% slides=["EECS545-C9"]
W1, W2, b1, b2 = rng.normal(size=(2, 5)), rng.normal(size=(4, 2)), rng.normal(size=2), rng.normal(size=4)
X = rng.normal(size=(6, 5))
stacked = engine.forward(X, [W1, W2], [b1, b2], [engine.identity, engine.identity]).A[-1]
print("two layers equal one:      ", agrees(stacked, engine.affine(X, W2 @ W1, W2 @ b1 + b2)))
print("output at input 0:         ", W2 @ b1 + b2)
print("rank of the 4 x 5 product: ", np.linalg.matrix_rank(W2 @ W1))

# %% [markdown]
# ## 5 · From the step to the sigmoid
#
# The first networks of this kind used the step, and they were hard to train. One slide says so right after it calls
# the step non-differentiable, and one is tempted to take the one for the reason of the other. Look more closely.
# Training asks each weight: if you move a little, how does the loss move? Here are the step's slopes, measured at
# random inputs, beside those of another function without a derivative at 0: $\max(0,z)$, the ReLU of section 7, which
# trains well. Then a network with steps in both hidden layers is asked for its gradients.

# %% slides=["CEE697M-C28"]
Z = rng.choice([-1, 1], 2000) * rng.uniform(0.01, 2, 2000)
h = 1e-3
for phi in (engine.heaviside, engine.relu):
    slopes = (phi(Z + h) - phi(Z - h)) / (2 * h)
    print(f"{phi.name:9} slope is zero at {np.mean(slopes == 0):.0%} of the inputs")

X, Y = rng.normal(size=(20, 3)), rng.normal(size=(20, 2))
net = engine.MLP([3, 6, 6, 2], activation=engine.heaviside).initialize(rng)
_, gradients = engine.loss_and_gradients(X, Y, net.Ws, net.bs, net.activations)
print("largest |dW| in layers 1, 2, 3:", [round(float(np.abs(dW).max()), 4) + 0.0 for dW in gradients.dWs])

# %% [markdown]
# The jump at 0 is not the obstacle: hardly any input ever meets it. The obstacle is that the step is *flat everywhere
# else*. Whoever asks "what if I move a little?" hears "nothing happens". Only the last layer, which has no step above
# it, gets an answer.
#
# So replace the step by a smooth ramp from 0 to 1, the **logistic sigmoid**,
# $$\sigma(x)=\frac1{1+e^{-x}} .$$
# Take XOR again, and the network of section 4 with two hidden units and one output: once with the step in the hidden
# layer and once with the sigmoid. The output unit is a sigmoid in both, and the loss is half the mean squared error. Both
# take 2000 training steps. In each, the parameters move against the gradient, by the gradient times `lr`, the **learning
# rate**.


# %% slides=["CEE697M-C29"]
def train(net, X, Y, lr, steps):
    """Move all parameters against their slopes, again and again; the loss before each step."""
    losses = []
    for _ in range(steps):
        loss, gradient = net.loss_and_gradient(X, Y)
        net.parameters.flat -= lr * gradient
        losses.append(loss)
    return losses


XOR = wanted[:, None].astype(float)
learned = {}
for phi in (engine.heaviside, engine.sigmoid):
    net = engine.MLP([2, 2, 1], activation=phi, output=engine.sigmoid).initialize(np.random.default_rng(0))
    start = net.Ws[0].copy()
    learned[f"hidden {phi.name}"] = train(net, corners, XOR, lr=4.0, steps=2000)
    moved = np.abs(net.Ws[0] - start).max()
    print(f"{phi.name:9} hidden weights moved by {moved:.1f}, outputs {net(corners)[:, 0].round(2)}")
figures.show(
    figures.curves(learned, x="training step", y="loss", title="Exclusive or: a step cannot learn, a sigmoid can"),
    alt="Two curves of the loss on XOR over 2000 steps. With hidden steps it falls at once to 0.06 and stays there; with hidden sigmoids it "
    "rests at 0.125 for some 400 steps and then falls to almost zero.",
)

# %% [markdown]
# The network with the step makes the best of two random half-planes, and there it ends: its hidden weights never moved.
# The other one learned.
#
# ### The sigmoid in detail
#
# Three facts to know by heart. At 0 it is one half. It is its own mirror image, $\sigma(-x)=1-\sigma(x)$. And its
# slope is $\sigma(x)\,(1-\sigma(x))$, at most a quarter.

# %% slides=["CEE697M-E08"]
x = np.linspace(-8, 8, 33)
s = engine.sigmoid(x)
print("at 0:                     ", s[16])
print("equals 1 / (1 + e^-x):    ", agrees(s, 1 / (1 + np.exp(-x)), within=1e-14))
print("mirror image:             ", agrees(engine.sigmoid(-x), 1 - s, within=1e-14))
print("slope is s (1 - s):       ", agrees(measured_slope(engine.sigmoid, x), s * (1 - s), within=1e-8))

# %% [markdown]
# EECS545 prints a second form of the same function, $h=\frac{e^z}{1+e^z}=\frac1{1+e^{-z}}$. On paper they are equal.
# On a computer each of them overflows at one end, because $e^{710}$ is larger than the largest float. The first then
# gives `nan`, not a number. The second divides 1 by infinity, which happens to be right, but numpy warns. The engine is
# right and silent at both ends. How would you do it? That is exercise 3.

# %% slides=["EECS545-E03"]
z = np.array([-1000.0, -30.0, 0.0, 30.0, 1000.0])
with np.errstate(over="ignore", invalid="ignore"):
    print("e^z / (1 + e^z): ", np.exp(z) / (1 + np.exp(z)))
    print("e^-z on the way: ", np.exp(-z))
print("the engine:      ", engine.sigmoid(z))

# %% [markdown]
# Both decks had a picture of the curve. Here it is, with its slope beside it and the tangents at three inputs. Where
# the slope is below 0.05 a pale band says **saturated**: there the unit hardly answers to a change of its input, and
# hardly lets an *error signal* pass, the news from above of how the loss reacts.

# %% slides=["CEE697M-F7", "EECS545-F9"]
points = np.array([-2.0, 0.0, 2.0])
print("height:", engine.sigmoid(points), " slope:", slope(engine.sigmoid, points))
figures.show(
    figures.activation_curves(engine.sigmoid, span=(-6, 6), marked=(-2, 0, 2), saturation=0.05),
    alt="Left: the sigmoid rises from 0 to 1 in the shape of an S, with tangents at -2, 0 and 2. Right: its slope, a hill "
    "with the top 0.25 at 0. Beyond about plus and minus 2.9 a pale band marks saturation.",
)

# %% [markdown]
# EECS545 praises two things. *Smooth and bounded*: the values stay between 0 and 1, and one can differentiate as often
# as one likes. Each derivative is a polynomial in $\sigma$ itself. The cell measures the first three.


# %% slides=["EECS545-C10"]
def second_of(z):
    """The second derivative of the sigmoid: s (1 - s) (1 - 2 s)."""
    s = engine.sigmoid(z)
    return s * (1 - s) * (1 - 2 * s)


z = np.linspace(-5, 5, 21)
s = engine.sigmoid(z)
first, second, third = s * (1 - s), second_of(z), s * (1 - s) * (1 - 6 * s + 6 * s**2)
print("values between", s.min().round(4), "and", s.max().round(4))
print("first derivative:  ", agrees(first, measured_slope(engine.sigmoid, z)))
print("second derivative: ", agrees(second, measured_slope(lambda t: slope(engine.sigmoid, t), z)))
print("third derivative:  ", agrees(third, measured_slope(second_of, z)))

# %% [markdown]
# And a *convenient derivative*: $h(1-h)$ needs only the output $h$, which the forward pass has stored anyway. No second
# exponential, and the input may be forgotten.

# %% slides=["EECS545-C11"]
h = engine.sigmoid(z)
forgotten = np.full_like(z, np.nan)  # the input, thrown away
print(
    "slope from the output alone:",
    agrees(engine.sigmoid.derivative(forgotten, h), measured_slope(engine.sigmoid, z), 1e-8),
)

# %% [markdown]
# ### Why this curve? A rate of firing
#
# Both history and biology have a story here: the activation function stands for the *firing rate* of the cell. Imagine
# a step neuron whose sum is disturbed by a random amount, different each time. It fires in some trials and not in
# others. How often? If the noise follows the logistic distribution, the share of trials is exactly $\sigma(z)$. The
# deck mentions the firing rate twice, as the meaning of an activation function and as the reason to choose the
# sigmoid.

# %% slides=["CEE697M-C19", "CEE697M-C31"]
sums = np.array([-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0])
noise = rng.logistic(size=(100_000, 1))
rate = np.mean(engine.heaviside(sums + noise), axis=0)
print("sum z:       ", sums)
print("firing rate: ", rate.round(2))
print("sigmoid:     ", engine.sigmoid(sums).round(2))

# %% [markdown]
# Never silent for sure, never certain to fire. That also settles the *range*. The slide says $[0,1]$. The ends are
# limits and are never reached, so the exact answer is the open interval $(0,1)$. Floats disagree, and that is worth
# knowing:

# %% slides=["CEE697M-C30"]
print("sigmoid(-700) > 0:    ", bool(engine.sigmoid(np.array([-700.0]))[0] > 0))
for x in (36.0, 37.0):
    print(f"sigmoid({x:.0f}) == 1 here: ", bool(engine.sigmoid(np.array([x]))[0] == 1))
print("from about            ", round(53 * np.log(2), 2), "on, e^-x is lost when it is added to 1")

# %% [markdown]
# In exact arithmetic $1-\sigma(37)$ is $8.5\cdot10^{-17}$. In floats it is 0, and its logarithm is $-\infty$. Lecture
# 9 needs that logarithm and takes care.
#
# ## 6 · The hyperbolic tangent
#
# The next curve is the **hyperbolic tangent**. Both decks print the quotient $\tanh x=\frac{e^x-e^{-x}}{e^x+e^{-x}}$,
# and CEE697M adds $2\sigma(2x)-1$. As with the sigmoid, the quotient as it stands breaks for large inputs.

# %% slides=["CEE697M-E09", "EECS545-E04"]
x = np.linspace(-20, 20, 161)
quotient = (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))
print("quotient:       ", agrees(quotient, engine.tanh(x), within=1e-14))
print("2 sigma(2x) - 1:", agrees(2 * engine.sigmoid(2 * x) - 1, engine.tanh(x), within=1e-14))
print("slope 1 - a^2:  ", agrees(1 - engine.tanh(x) ** 2, measured_slope(np.tanh, x), within=1e-8))
with np.errstate(over="ignore", invalid="ignore"):
    print(
        "quotient at 1000:",
        (np.exp(1000.0) - np.exp(-1000.0)) / (np.exp(1000.0) + np.exp(-1000.0)),
        " tanh:",
        np.tanh(1000.0),
    )

# %% [markdown]
# So tanh is a sigmoid, stretched to twice the height, squeezed to half the width and shifted down. EECS545 writes it
# in both directions: $\sigma(z)=\frac12+\frac12\tanh\frac z2$ and $\tanh z=2\sigma(2z)-1$. (Exercise 2 asks for the
# proof.)

# %% slides=["EECS545-E05"]
print("sigma from tanh:", agrees(0.5 + 0.5 * np.tanh(x / 2), engine.sigmoid(x), within=1e-14))
print("tanh from sigma:", agrees(2 * engine.sigmoid(2 * x) - 1, np.tanh(x), within=1e-14))
print("slopes:         ", agrees(slope(engine.tanh, x), 4 * slope(engine.sigmoid, 2 * x), within=1e-12))

# %% [markdown]
# The last line is the one to remember: $\tanh'(z)=4\,\sigma'(2z)$. Four times the height, half the width. At 0 this
# makes a slope of 1, which is why the neuron of section 2 returned its small sum almost unchanged. Here is the curve
# that both decks showed.

# %% slides=["CEE697M-F8", "EECS545-F10"]
points = np.array([-1.0, 0.0, 1.0])
print("height:", engine.tanh(points), " slope:", slope(engine.tanh, points))
figures.show(
    figures.activation_curves(engine.tanh, span=(-6, 6), marked=(-1, 0, 1), saturation=0.05),
    alt="Left: tanh rises from -1 through the origin to 1, with tangents at -1, 0 and 1. Right: its slope, a narrow hill "
    "with the top 1 at 0. Beyond about plus and minus 2.2 a pale band marks saturation.",
)

# %% [markdown]
# Its range is the open interval $(-1,1)$, as EECS545 says. CEE697M prints $[-1,1]$, with the ends. In floats the end is
# reached somewhat past 19, half as far out as for the sigmoid.

# %% slides=["CEE697M-C33", "EECS545-C12"]
x = np.linspace(-18, 18, 1001)
print("largest |tanh| up to 18 is below 1:", bool(np.abs(engine.tanh(x)).max() < 1))
print("tanh(20) == 1 in floats:           ", bool(np.tanh(20.0) == 1))
print("1 - tanh(20) by 2 sigma(-40):      ", f"{2 * engine.sigmoid(np.array([-40.0]))[0]:.1e}")

# %% [markdown]
# EECS545 says that tanh has a *larger gradient* than the sigmoid. Look at the two slopes first, then at the ratio.

# %% slides=["EECS545-C13"]
print("     z  sigmoid'     tanh'   ratio")
for z in (0.0, 0.5, 1.0, 1.6629, 2.0, 3.0, 5.0):
    by_sigmoid, by_tanh = (slope(phi, np.array([z]))[0] for phi in (engine.sigmoid, engine.tanh))
    print(f"{z:6.4f}  {by_sigmoid:8.5f}  {by_tanh:8.5f}  {by_tanh / by_sigmoid:6.3f}")

# %% [markdown]
# True at 0, with a factor of four. False at 5, where the sigmoid is about 37 times as steep. They are equal
# at $|z|\approx1.6629$ (exercise 4). So the sentence holds for units whose sums stay small.
#
# CEE697M gives two reasons why tanh took the place of the sigmoid: the sigmoid saturates, and its outputs are not
# centred on 0. Half of this is right. A saturated unit is one on a flat part of its curve. How wide is the part that is
# *not* flat?

# %% slides=["CEE697M-C32"]
z = np.linspace(-10, 10, 200_001)
for phi in (engine.sigmoid, engine.tanh):
    awake = z[slope(phi, z) > 0.05]
    print(f"{phi.name:8} slope above 0.05 for |z| < {awake.max():.2f}, mean output {phi(z).mean() + 0.0:.2f}")
print("slopes at 5:", slope(engine.sigmoid, np.array([5.0])).round(4), slope(engine.tanh, np.array([5.0])).round(4))

# %% [markdown]
# Tanh saturates as well, and *sooner*. What it does cure is the second: its outputs are centred on 0. Why should that
# matter? For one sample, the slope of the loss by the weights of a unit is (error signal of the unit) × (its inputs),
# as in section 2. If the inputs come from sigmoid units, all of them are positive. Then all weights of a unit must
# rise together or fall together, and a path that needs one up and another down has to zigzag. The figure shows these
# slopes, $dW$, of four units above seven sigmoid units, and below them those of four units above seven tanh units.
# Each block is divided by the size of its largest entry. A row is a unit.

# %% slides=["CEE697M-C34"]
blocks = []
X, Y = rng.normal(size=(1, 3)), rng.normal(size=(1, 1))
for phi in (engine.sigmoid, engine.tanh):
    net = engine.MLP([3, 7, 4, 1], activation=phi).initialize(rng)
    dW = engine.loss_and_gradients(X, Y, net.Ws, net.bs, net.activations)[1].dWs[1]
    blocks.append(dW / np.abs(dW).max())
    print(f"above {phi.name:8} rows with one sign only: {sum(np.unique(np.sign(row)).size == 1 for row in dW)} of 4")
figures.show(
    figures.heat_map(
        np.vstack(blocks),
        title="dW above sigmoid units (rows 0–3), above tanh units (4–7)",
        rows="unit",
        columns="unit below",
    ),
    alt="A heat map of 8 by 7 cells. In each of the upper four rows, above sigmoid units, all cells have one sign. In the lower "
    "four rows, above tanh units, positive and negative cells are mixed.",
)

# %% [markdown]
# ## 7 · The rectifier
#
# One of the most common activations today is also the simplest. The **rectified linear unit**, short ReLU, is
# $$\mathrm{ReLU}(x)=\max(0,x) .$$
# It keeps the scale of its input: twice the input, twice the output.

# %% slides=["CEE697M-E10"]
x = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
print("relu:           ", engine.relu(x))
print("scales with x:  ", agrees(engine.relu(3.5 * x), 3.5 * engine.relu(x)))
print("slope:          ", slope(engine.relu, x))

# %% [markdown]
# In words: *threshold the input at 0*. EECS545 writes the cases out, $h=z$ if $z>0$ and $0$ otherwise, and calls it a
# linear threshold neuron. It is the step times the identity.

# %% slides=["CEE697M-C35", "EECS545-E02"]
cases = np.where(x > 0, x, 0.0)
print("by cases:        ", cases, agrees(cases, engine.relu(x)))
print("step times input:", engine.heaviside(x) * x + 0.0)

# %% [markdown]
# Both pictures of the curve are lost; here it is again. At 0 there is a **kink**: the slope from the left is 0, the
# slope from the right is 1. Any number between is a possible choice there, and the bar in the right panel shows them
# all. Such a number is called a *subgradient*. This course takes 0.

# %% slides=["CEE697M-F9", "EECS545-F8"]
estimate = check.numeric_gradient(lambda x: engine.relu(x).sum(), np.array([-1.0, 0.0, 1.0]))
print("kink at -1, 0, 1:", estimate.kink)
print("slopes at 0 from", round(estimate.low[1], 4) + 0.0, "to", round(estimate.high[1], 4))
figures.show(
    figures.activation_curves(engine.relu, span=(-3, 3), marked=(-2, 2)),
    alt="Left: the ReLU, zero left of the origin and a line of slope 1 right of it. Right: its slope, 0 on the left and 1 on the "
    "right, with a vertical bar from 0 to 1 at the kink.",
)

# %% [markdown]
# Why is it popular? Think of an error signal on its way down through a deep network. Each unit that it passes
# multiplies it by the slope there. A positive ReLU lets it pass *undiminished*, with slope 1, where a sigmoid leaves a
# quarter at most. The code multiplies ten such slopes. (The slide says popular for deep *convolutional* networks, the
# kind that is used for images. Popularity is history, and no number tests it.)

# %% slides=["CEE697M-C37"]
for phi in (engine.relu, engine.tanh, engine.sigmoid):
    print(f"{phi.name:8} slope at z = 1 to the power of ten: {slope(phi, np.array([1.0]))[0] ** 10:.0e}")

# %% [markdown]
# The slide also says that ReLU networks *converge faster* than the other two. Here is a race: 200 points on a square,
# inside or outside of a disc, 32 hidden units, the same learning rate for all three. The loss is the cross-entropy, the
# usual one for classes. Lecture 9 derives it; today it is enough that small is good.

# %% slides=["CEE697M-C36"]
X, inside = engine.disc(200, np.random.default_rng(0))
Y = np.hstack([1 - inside, inside])
race = {}
for phi in (engine.relu, engine.tanh, engine.sigmoid):
    net = engine.MLP([2, 32, 2], activation=phi, loss=engine.cross_entropy_from_logits)
    race[phi.name] = train(net.initialize(np.random.default_rng(0)), X, Y, lr=0.3, steps=1000)
    print(f"{phi.name:8} loss after 1000 steps {race[phi.name][-1]:.2f}")
figures.show(
    figures.curves(race, x="training step", y="loss", title="Inside or outside of the disc", log=True),
    alt="Three falling curves of the loss on a logarithmic axis over 1000 steps. ReLU is lowest all the way, tanh follows, and the "
    "sigmoid stays far above both.",
)

# %% [markdown]
# ReLU wins. Is that a law? Change the task. The target is now a smooth curve of one input, $y=\tanh(1.5\,x)$, eight
# hidden units, again one learning rate for all.

# %%
t = np.linspace(-2, 2, 100)[:, None]
for phi in (engine.relu, engine.tanh, engine.sigmoid):
    losses = []
    for seed in range(3):
        net = engine.MLP([1, 8, 1], activation=phi).initialize(np.random.default_rng(seed))
        losses.append(train(net, t, np.tanh(1.5 * t), lr=0.3, steps=300)[-1])
    print(f"{phi.name:8} median loss after 300 steps: {np.median(losses):.4f}")

# %% [markdown]
# Here tanh wins easily, for the target is one of its own curves, and a ReLU network must imitate it with eight corners.
# "Faster" is an experience from many tasks, in deep networks above all. It is not a theorem, and it depends on the
# learning rates.
#
# The last sentence on the slide is a warning: ReLU units are *fragile*, take care with the learning rate. A long step
# can push a unit so far that its sum is negative for every sample. Then its output and its slope are 0 on
# all of them, and no error signal reaches its weights again, unless layers below change its inputs. Such a unit is
# called **dead**. The code takes 60 training steps, each shortened if the gradient is longer than 5, and counts.

# %% slides=["CEE697M-C38"]
shifted, heights = X + 0.5, 2 + 2 * inside
for lr in (0.05, 0.2, 0.5, 1.0):
    net = engine.MLP([2, 50, 1], activation=engine.relu).initialize(np.random.default_rng(0))
    for _ in range(60):
        gradient = net.loss_and_gradient(shifted, heights)[1]
        net.parameters.flat -= lr * min(1.0, 5 / np.linalg.norm(gradient)) * gradient
    dead = (net.forward(shifted).A[1] == 0).all(axis=0)
    net.loss_and_gradient(shifted, heights)
    silent = f", all their slopes 0: {not net.gradient['W1'][dead].any()}" if dead.any() else ""
    print(f"learning rate {lr:4}: {dead.sum():2} of 50 units dead{silent}")

# %% [markdown]
# ## 8 · Logistic regressions that learn together
#
# A linear model with a sigmoid behind it is a **logistic regression**: it turns a weighted sum into a number between 0
# and 1, to be read as a probability. EECS545 introduces a layer as *several logistic regressions side by side* on the
# same input. That is exactly right for sigmoid units, and for no others.

# %% slides=["EECS545-C6"]
X, W, bias = rng.normal(size=(5, 3)), rng.normal(size=(4, 3)), rng.normal(size=4)
regressions = np.array([[1 / (1 + np.exp(-(W[k] @ x + bias[k]))) for k in range(4)] for x in X])
for phi in (engine.sigmoid, engine.tanh, engine.relu):
    outputs = engine.forward(X, [W], [bias], [phi]).A[-1]
    print(f"a layer of {phi.name:8} units is four logistic regressions: {agrees(outputs, regressions)}")

# %% [markdown]
# The lost picture showed such a layer. Every input is joined to every unit: $3\times4$ lines, one weight each.

# %% slides=["EECS545-F5"]
print("lines:", W.size)
figures.show(
    figures.network_diagram([3, 4]),
    alt="Three inputs on the left, four units on the right, and a line from every input to every unit, twelve in all.",
)

# %% [markdown]
# Their four answers can feed a further logistic regression: two levels, and $3\times4+4\times1$ lines. Or another
# level comes between. The slides showed both. Here is the larger one; leave out the column *hidden 2*, and you have
# the other.

# %% slides=["EECS545-F6"]
for sizes in ([3, 4, 1], [3, 4, 5, 1]):
    print(sizes, "lines:", sum(n * m for n, m in pairwise(sizes)))
figures.show(
    figures.network_diagram([3, 4, 5, 1]),
    alt="Three levels: three inputs, four and then five hidden units, and one output, with thirty-seven lines between them.",
)

# %% [markdown]
# And who tells the regressions in the middle what to predict? *Nobody*. Only the last output has a target. The training
# criterion, our loss, decides what the hidden units come to mean. We train the XOR network again, with sigmoids, from
# two starts, and compare with one logistic regression alone.

# %% slides=["EECS545-C8"]
nets = {}
for name, sizes, seed in (("one level", [2, 1], 0), ("two levels", [2, 2, 1], 0), ("another start", [2, 2, 1], 3)):
    net = engine.MLP(sizes, activation=engine.sigmoid, output=engine.sigmoid).initialize(np.random.default_rng(seed))
    loss = train(net, corners, XOR, lr=4.0, steps=2000)[-1]
    nets[name] = net
    print(f"{name:14} loss {loss:.4f}, outputs {net(corners)[:, 0].round(2)}")

# %% [markdown]
# One logistic regression ends at one half for every corner: it has learned to say "I do not know". Two levels answer.
# What did the hidden units choose? Draw the corners once by their inputs, once by the two hidden answers. In the
# second picture a straight line is enough.

# %%
net = nets["two levels"]
hidden = net.forward(corners).A[1]


def top_unit(H):
    """Whether the output unit fires at hidden answers (M, 2)."""
    return engine.affine(H, net.Ws[1], net.bs[1])[:, 0] > 0


by_inputs = figures.Plane(corners, lambda X: net(X)[:, 0] > 0.5, "the inputs")
by_hidden = figures.Plane(hidden, top_unit, "what the hidden units say", "hidden unit 1", "hidden unit 2")
figures.show(
    figures.decision_boundary(by_inputs, by_hidden, labels=wanted, names=("XOR is 0", "XOR is 1")),
    alt="Left: the corners of XOR, with a band from 01 to 10 as the region of class 1. Right: the same points by the two "
    "hidden outputs; both points of class 1 coincide in one corner, and one straight line cuts it off.",
)

# %% [markdown]
# And the other start? Read the rows below as answers to the corners. In the first network unit 1 has become an AND and
# unit 2 an OR. In the second, unit 1 is silent for 01 alone, and unit 2 speaks for 10 alone. Both pairs
# solve the task, and nobody had to choose in advance. Even within one solution the units may change places, as long as
# the weights above follow.

# %% slides=["EECS545-C7"]
print("hidden answers at the corners 00, 01, 10, 11")
for name in ("two levels", "another start"):
    first, second = nets[name].forward(corners).A[1].round(2).T
    print(f"{name:14} unit 1 {first}  unit 2 {second}")
swapped = [net.Ws[0][::-1], net.Ws[1][:, ::-1]], [net.bs[0][::-1], net.bs[1]]
same = engine.forward(corners, *swapped, net.activations).A[-1]
print("units swapped, same outputs:", agrees(same, net(corners)))

# %% [markdown]
# Not every start ends well. With seed 1 this small network rests at a loss of 0.06, and two corners stay at 0.50. With
# seed 4 it rests at 0.08, and three corners stay near 0.67. Try it, and then try three hidden units in place of two.
#
# ## 9 · All curves on one panel
#
# CEE697M had a slide with several activation functions side by side, another lost picture. Here are the four of today
# on one pair of axes. In the right panel the step is the flat line at 0 with an arrow at its jump.

# %% slides=["CEE697M-F6"]
four = (engine.heaviside, engine.sigmoid, engine.tanh, engine.relu)
z = np.array([-2.0, -0.5, 0.5, 2.0])
for phi in four:
    print(f"{phi.name:9} outputs {phi(z).round(3)}  slopes {slope(phi, z).round(3)}")
figures.show(
    figures.activation_curves(*four, span=(-4, 4), height=(-1.2, 2.2)),
    alt="Step, sigmoid, tanh and ReLU with their slopes. The step jumps from 0 to 1 and has slope 0 elsewhere; the slopes of "
    "sigmoid and tanh are hills of height 0.25 and 1; that of ReLU is 0, then 1, with a bar at the kink.",
)

# %% [markdown]
# Now compare on your own. `shown` names the curves; there are also `engine.softplus`, `engine.gelu`, `engine.identity`
# and `engine.leaky_relu(0.1)`. `marked` are inputs with a tangent, here the two at which sigmoid and tanh are equally
# steep. Change `saturation`, and watch how the pale bands of the two curves grow and shrink. Which of the six have no
# band at all, for a saturation of 0.05?

# %% tags=["interactive"]
shown = (engine.sigmoid, engine.tanh)
marked = (-1.6629, 1.6629)
saturation = 0.05  # from 0.01 to 0.25
widest = 5.0  # the panel runs from minus this to this

for phi in shown:
    z = np.linspace(-widest, widest, 10_001)
    print(f"{phi.name:9} saturated on {np.mean(np.abs(slope(phi, z)) < saturation):.0%} of the panel")
figures.show(
    figures.activation_curves(*shown, span=(-widest, widest), marked=marked, saturation=saturation),
    alt="Sigmoid and tanh with their slopes. At plus and minus 1.6629, marked by dotted lines, both have the same slope; "
    "between the marks tanh is steeper, outside the sigmoid is. Pale bands show where each is saturated.",
)

# %% [markdown]
# ## 10 · Errata corner
#
# Slides are short, and short sentences leave things out. Each row of the table below is a place where an attentive
# reader stops. The classes: **wrong**, false as it stands; **typo**, a slip of the pen; **notation**, symbols or words
# that disagree; **conditions**, true under a condition that is not stated.
#
# A check finds many of them. CEE697M says in words that the neuron compares a *sum* with its threshold, but the formula
# has lost the sign: $w_ix_i+b>t$. Type it as printed.

# %% tags=["raises-exception"]
x, w, b, t = np.array([0.5, -1.0, 2.0]), np.array([1.5, 0.3, -0.4]), 0.2, 0.0
if w * x + b > t:
    print("the neuron fires")

# %% [markdown]
# Numpy sees three answers where one was wanted: each dendrite has been asked on its own, and the bias has been added
# three times. The cell body is missing.

# %%
print("three answers:", w * x + b > t)
print("one answer:   ", bool((w * x).sum() + b > t))

# %% [markdown]
# Second, the remark that composed linear layers are linear, for layers with biases. If they were, two layers would be
# one matrix:

# %%
x = rng.normal(size=5)
two_layers = W2 @ (W1 @ x + b1) + b2
print(check.value((W2 @ W1) @ x, two_layers, name="the linear form"))
print(check.value((W2 @ W1) @ x + (W2 @ b1 + b2), two_layers, name="the affine form"))

# %% [markdown]
# Third, EECS545's remark that tanh has the larger gradient. Ask at every input of a grid:

# %%
z = np.linspace(-6, 6, 1201)
larger = slope(engine.tanh, z) > slope(engine.sigmoid, z)
print(f"larger at {larger.mean():.0%} of the inputs from -6 to 6, all of them within {np.abs(z[larger]).max():.2f}")

# %% [markdown]
# The course keeps a check of each statement, and runs it on the printed form as well. Here are four that were refuted.
# *Stated* 1 means "yes", or in the first row all corners; *found* is what the check computed.

# %%
questions = {
    "CEE697M-C12": "a single-layer perceptron does XOR: share of corners",
    "CEE697M-C30": "the sigmoid reaches 0",
    "CEE697M-C32": "tanh cures saturation",
    "EECS545-C6": "a layer of tanh units is a set of logistic regressions",
}
for row_id, question in questions.items():
    try:
        slides.verify_printed(row_id)
    except slides.Mismatch as refutation:
        print(f"{row_id}: {question}\n    {refutation}")

# %% [markdown]
# The full list for this lecture. The last column names the section that shows it.
#
# | row | class | what stands there, and what is right | section |
# |---|---|---|---|
# | CEE697M-C4 | conditions | 86 billion neurons in the *nervous system*; the number is an estimate for the brain, the order is the same | 2 |
# | CEE697M-C12 | notation | a network with one hidden layer is called a *single-layer* perceptron; by the deck's own rule it has two layers. One of the books below uses the word as the slide does, others mean no hidden layer | 4 |
# | CEE697M-C16 | typo | *excitory*; the word is excitatory | 2 |
# | CEE697M-C18 | typo | the sum sign is missing in the firing rule, $\sum_iw_ix_i+b>t$; and $b$ and $t$ do one job, so $t=0$ loses nothing | 2, 10 |
# | CEE697M-C21 | notation | the footnote on the bias is attached to the threshold $t$; the bias is $b$, and $t$ acts like $-b$ | 2 |
# | CEE697M-E05 | notation | the text calls $f_\ell$ the activation function; by the equation $f_\ell$ is the layer and $\varphi_\ell$ the activation. And $z$ is the output here, the pre-activation from (19) on | 2, 4 |
# | CEE697M-E06, CEE697M-E07 | notation | here $a$ is before and $z$ after the activation; later $a$ is after it, from (11) on, and $z$ before it, from (19) on | 2, 4 |
# | CEE697M-C28 | conditions | reads as if the jump made the step hard to train; what blocks learning is that it is *flat* everywhere else | 5 |
# | CEE697M-C30 | conditions | range $[0,1]$; it is $(0,1)$, the ends are limits | 5 |
# | CEE697M-C32 | wrong | tanh is said to cure saturation and centring; it cures the centring, and saturates sooner | 6 |
# | CEE697M-C33 | conditions | range $[-1,1]$; it is $(-1,1)$ | 6 |
# | CEE697M-C36 | conditions | *faster* is an experience with deep networks; on a smooth target tanh was faster | 7 |
# | EECS545-C6 | conditions | logistic regressions side by side: true of sigmoid units only | 8 |
# | EECS545-C9 | conditions | composed linear layers are linear: without biases; with them, *affine* | 4, 10 |
# | EECS545-E01 | notation | $z$ is the pre-activation here and the output of a unit in CEE697M (5)–(7) | 2 |
# | EECS545-C13 | conditions | larger gradient than the sigmoid: only for $\lvert z\rvert<1.6629$ | 6, 10 |
#
# ## 11 · Exercises
#
# Each cell below answers with a verdict. An answer that is not there yet is told so; fill it in and run again.
#
# **1 · Gates by hand** (★, 15 minutes). Choose weights and a bias for a step neuron that computes each of these: AND,
# OR, NAND (not both), "the first but not the second", and the majority of three inputs. Draw the line first.
#
# <details><summary>Hint</summary>The bias says how much must come together before the neuron fires. For OR one active
# input must be enough, for AND it must not.</details>

# %%
my_gates = {
    "AND": None,  # write ([w1, w2], b)
    "OR": None,
    "NAND": None,
    "first but not second": None,
    "majority of three": None,  # ([w1, w2, w3], b)
}

cube = np.array(list(product((0.0, 1.0), repeat=3)))
tasks = {
    "AND": (corners, corners.min(axis=1)),
    "OR": (corners, corners.max(axis=1)),
    "NAND": (corners, 1 - corners.min(axis=1)),
    "first but not second": (corners, corners[:, 0] * (1 - corners[:, 1])),
    "majority of three": (cube, cube.sum(axis=1) >= 2),
}
for name, (points, expected) in tasks.items():
    gate, D = my_gates[name], points.shape[1]
    if gate is None:
        print(f"{name}: not yet")
    elif len(gate) != 2 or np.shape(gate[0]) != (D,) or np.shape(gate[1]) != ():
        print(f"{name}: please write a list of {D} weights, then the bias, in one pair of brackets")
    else:
        fires = engine.heaviside(points @ np.array(gate[0], dtype=float) + gate[1])
        print(check.value(fires, expected, name=f"the gate {name}"))

# %% [markdown]
# **2 · One curve from the other** (★, 10 minutes). Prove on paper that $\sigma(z)=\frac12+\frac12\tanh\frac z2$. Then
# write the right side as a function; it should agree with the sigmoid to $10^{-14}$.
#
# <details><summary>Hint</summary>Start from the quotient for tanh of z/2 and multiply above and below by e to the
# power of −z/2.</details>


# %%
def sigmoid_from_tanh(z):
    """The sigmoid of each entry of z, computed with np.tanh."""


z = np.linspace(-30, 30, 601)
got = sigmoid_from_tanh(z)
if got is None:
    print("not yet: sigmoid_from_tanh returns nothing")
else:
    print(check.value(got, engine.sigmoid(z), name="the sigmoid from tanh"))
    print("to 14 digits:", bool(np.abs(got - engine.sigmoid(z)).max() < 1e-14))

# %% [markdown]
# **3 · A sigmoid that never overflows** (★★, 15 minutes). Write the sigmoid with `np.exp` so that no exponential
# overflows, for inputs of any size and either sign. Suppressing the warning does not count, and neither does cutting
# off large inputs: at $-100$ the answer is about $e^{-100}$, a tiny number that lecture 9 will need.
#
# <details><summary>Hint 1</summary>Each of the two forms in section 5 is safe for one sign of z.</details>
#
# <details><summary>Hint 2</summary>np.where computes both of its branches. The exponential of −|z| is safe for every
# z.</details>


# %%
def stable_sigmoid(z):
    """The sigmoid of each entry of z, without overflow."""


z = np.array([-1000.0, -100.0, -1.0, 0.0, 1.0, 1000.0])
right = [0, np.exp(-100.0), 0.2689414213699951, 0.5, 0.7310585786300049, 1]
try:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        got = stable_sigmoid(z)
    print(check.value(got, right, name="the sigmoid"))
    if got is not None:
        print("the tiny value at -100 is kept:", bool(np.isclose(got[1], right[1], rtol=1e-9, atol=0)))
except FloatingPointError as why:
    print("not yet:", why)

# %% [markdown]
# **4 · Where the slopes cross** (★★, 10 minutes). Find the positive $z$ at which $\tanh'(z)=\sigma'(z)$ by bisection:
# start with an interval at whose ends the difference has different signs, and halve it, keeping the half with the
# change of sign. Then judge two sentences in one line each: "tanh has a larger gradient than the sigmoid"
# (EECS545-C13) and "tanh replaced the sigmoid because the sigmoid saturates" (CEE697M-C32). For the brave: show that
# $\cosh\frac z2=\frac{1+\sqrt3}2$ there.
#
# <details><summary>Hint 1</summary>The difference is 3/4 at 0 and negative at 5. Fifty halvings are plenty.</details>
#
# <details><summary>Hint 2</summary>For the brave: write both slopes with cosh, and use cosh z = 2 cosh²(z/2) −
# 1.</details>


# %%
def crossing():
    """The positive input at which tanh and the sigmoid are equally steep."""


print(check.value(crossing(), 2 * np.arccosh((1 + np.sqrt(3)) / 2), name="the crossing", reveal=False, tolerance=1e-9))

# %% [markdown]
# **5 · Exclusive or, twice** (★★, 20 minutes). (a) Draw $10^5$ random half-planes, that is, random $w_1$, $w_2$ and
# $b$, and return the largest share of the corners of XOR that any of them has right. (b) Give the weights of a network
# with two hidden steps and one step on top that has all four right. Do not search; think of XOR as "at least one, but
# not both".
#
# <details><summary>Hint for (a)</summary>engine.affine takes all half-planes at once, as the rows of W.</details>
#
# <details><summary>Hint for (b)</summary>Exercise 1 has the three gates that you need.</details>


# %%
def best_half_plane(n, rng):
    """The largest share of the corners of XOR that one of n random half-planes has right."""


my_W1, my_b1 = None, None  # (2, 2) and (2,)
my_W2, my_b2 = None, None  # (1, 2) and (1,)

print(check.value(best_half_plane(100_000, np.random.default_rng(5)), 0.75, name="the best share", reveal=False))
if any(part is None for part in (my_W1, my_b1, my_W2, my_b2)):
    print("not yet: a weight matrix or a bias is missing")
else:
    Ws, bs = ([np.array(part, dtype=float) for part in pair] for pair in ((my_W1, my_W2), (my_b1, my_b2)))
    print(check.value(engine.forward(corners, Ws, bs, [engine.heaviside] * 2).A[-1], XOR, name="the network's answer"))

# %% [markdown]
# **6 · The silent gradient** (★★, 10 minutes). A network of widths 2, 3, 3, 1 has steps in both hidden layers and a
# sigmoid at the output. Which of its six gradients are zero in every entry? Predict first: write `True` for zero and
# `False` for not. Then explain each answer in one sentence. What changes if only the *first* hidden layer has steps?
#
# <details><summary>Hint</summary>Follow the way from a weight up to the loss. Where does it pass a step?</details>

# %%
my_zero = {"W1": None, "b1": None, "W2": None, "b2": None, "W3": None, "b3": None}

net = engine.MLP([2, 3, 3, 1], activation=engine.heaviside, output=engine.sigmoid).initialize(np.random.default_rng(6))
net.loss_and_gradient(corners, XOR)
for name, answer in my_zero.items():
    if answer is None:
        print(f"d{name}: not yet")
    else:
        print(
            f"d{name}:",
            "right" if answer == (not net.gradient[name].any()) else "not so; follow its way up to the loss",
        )

# %% [markdown]
# ## 12 · Check yourself, and what to read
#
# This cell runs the numeric checks of all statements of the slides that belong to the lecture, and says which
# misprints they refute.

# %%
print(slides.self_check("NB02"))

# %% [markdown]
# **To take home.** A neuron is a weighted sum, a bias and a bend. The sum draws a straight line, and a line solves
# fourteen of sixteen tasks on four corners, but an ever smaller share as inputs are added. Layers need the bend, and
# training needs a bend with a slope. The sigmoid has one. Tanh is the same curve, centred on 0 and twice as narrow.
# ReLU keeps its slope at 1 wherever it is active.
#
# **To read.** *Probabilistic Machine Learning: An Introduction*, chapter 13 (its section on activation functions);
# *Deep Learning*, chapter 6 (the exclusive or as first example, and hidden units); *The Elements of Statistical
# Learning*, chapter 11 (the sigmoid unit in statistics, and that other meaning of "single layer perceptron"). Next
# lecture: many neurons at once, as matrices, and how to count what a network contains.
