# %% [markdown]
# # 6 · Backpropagation by hand: chains and small networks
#
# Last time we saw that a derivative is a sum over paths of products of labels. Today the labels get their formulas.
# First we take a network with a single path: a chain of single neurons. Each gradient is one product, and all
# products begin alike. Then we give the layers more neurons, and indices tell us what to add up. At the end we put one
# whole iteration together, and see that its order matters.
#
# **Question of the day.** A program trains a chain of three neurons. It goes back from the cost, layer by layer, and
# as soon as it has the gradient of a weight, it stores the new weight. All its formulas are correct, and the learning
# rate is a modest 0.1. In section 9 we look at the gradient that it computes for the *first* weight.
# *How much of the true gradient is it, in percent?* 100 means that it makes no difference. Write your number into
# the next cell before you run on.

# %%
my_guess = 0  # percent of the true gradient; 100 if storing early does no harm

# %% [markdown]
# | | section | minutes |
# |---|---|---|
# | 1 | Set-up and a look back | 3 |
# | 2 | A chain of neurons, forward | 8 |
# | 3 | The last neuron: three factors | 8 |
# | 4 | Further down: five, seven, 2L + 1 factors | 9 |
# | 5 | Both sweeps in one picture | 6 |
# | | *Break* | |
# | 6 | One hidden layer, with indices | 11 |
# | 7 | Two hidden layers | 11 |
# | 8 | The order of the sweep | 9 |
# | 9 | One iteration, and the answer | 10 |
# | 10 | Errata corner | at home, 20 |
# | 11 | Exercises | at home, 90 |
# | 12 | Check yourself, and what to read | at home, 10 |
#
# ## 1 · Set-up and a look back
#
# Lecture 5 in two lines: along a path multiply the labels, which are local derivatives; over all paths add. A sweep from
# the end does this with one multiplication for each arrow.

# %%
from functools import reduce
from math import prod

import numpy as np

from coursekit import check, engine, figures, slides

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(6)


def numeric(f, at):
    """The gradient of a function by central differences: the judge of this lecture."""
    return check.numeric_gradient(f, at).gradient


def agrees(a, b):
    """Do two arrays of one shape agree to seven digits?"""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-7, atol=1e-9))


def sigmoid(t):
    """1 / (1 + exp(-t)), of a number or an array."""
    return 1 / (1 + np.exp(-t))


def sigmoid_slope(t):
    """The derivative of the sigmoid."""
    return sigmoid(t) * (1 - sigmoid(t))


# %% [markdown]
# ## 2 · A chain of neurons, forward
#
# Put one neuron in each layer. Every quantity is then a number. Layer $\ell$ takes the **activation** $a^{(\ell-1)}$ from
# below, forms the **sum** (or pre-activation) $z^{(\ell)}$, and hands on its own activation $a^{(\ell)}$:
# $$z^{(\ell)} = w^{(\ell)}a^{(\ell-1)}+b^{(\ell)},\qquad a^{(\ell)}=\varphi_\ell\bigl(z^{(\ell)}\bigr),\qquad a^{(0)}=x .$$
# At the end stands the **cost** $C$, which compares $a^{(L)}$ with a target $y$.
#
# > **Translation box** (CEE697M, equations 18 to 64)
# >
# > | slide | house | remark |
# > |---|---|---|
# > | $z^{(l)}$, $a^{(l)}$ | $z^{(\ell)}$, $a^{(\ell)}$ | equations 5 to 7 of the same deck call them $a_l$ and $z_l$, the other way round |
# > | $\sigma$ | $\varphi_\ell$ | the slide has one letter for all layers |
# > | $C$, $\mathcal L$ | $C$ in the chain, $\mathcal L$ later | two names of one number |
# > | $w^{(l),0}$, $w^{(l),1}$ | old and new weight | the last superscript counts iterations |
# > | $\eta$ | learning rate $\eta$, `lr` | |
# > | $\partial C/\partial w^{(l)}$ | $dw^{(\ell)}$ | the derivative of the cost by $w^{(\ell)}$; likewise $db$, $da$, $dz$ |
#
# Our example has three neurons, and its numbers are chosen so that they come out even. Two of the neurons are **hidden**:
# they stand between the input and the output. They apply the sigmoid, the last one does not; the reason follows below.
# The deck writes the sum three times: (20) and (41) for the last layer, (39) for all layers. It is the same line.

# %% slides=["CEE697M-E20", "CEE697M-E39", "CEE697M-E41"]
x, y = 0.5, 6.0
w = np.array([2.0, 4.0, -0.5])
b = np.array([np.log(3) - 1, np.log(4) - 3, 1.4])

a, z = [x], []
for layer in (1, 2, 3):
    z.append(w[layer - 1] * a[layer - 1] + b[layer - 1])
    a.append(sigmoid(z[-1]) if layer < 3 else z[-1])

run = engine.scalar_forward(x, w, b, activation=engine.sigmoid)
print("sums z1, z2, z3:", np.array(z), " as the engine:", agrees(np.array(z), run.z))
print("log 3 and log 4:", np.log([3, 4]))

# %% [markdown]
# A hidden neuron applies the sigmoid $\sigma$, equation (40). At $\log 3$ and $\log 4$ one can do it without a
# computer: $\sigma(\log 3)=\frac{1}{1+1/3}=\frac34$, and $\sigma(\log 4)=\frac45$.

# %% slides=["CEE697M-E40"]
print("hidden activations a1, a2:", np.array(a[1:3]), " as the engine:", agrees(np.array(a), run.a))

# %% [markdown]
# The last neuron is different. This is a regression: the target may be any number, here 6. Equation (21) therefore lets
# the last neuron hand on its sum as it is, $a^{(L)}=z^{(L)}$; its $\varphi_L$ is the **identity**, with slope 1. In the
# summary (42) of the deck a $\sigma$ stands in this place. How close to 6 could a sigmoid come?

# %% slides=["CEE697M-E21", "CEE697M-E42"]
ways = {"identity": lambda bias: w[2] * a[2] + bias, "sigmoid": lambda bias: sigmoid(w[2] * a[2] + bias)}
for name, last in ways.items():
    print(f"{name:8}: output {last(1.4):.4f}; with the bias set to 6.4 it is {last(6.4):.4f}")
print("slope of the identity, by differences:", np.round(numeric(lambda t: t, z[2]), 9))

# %% [markdown]
# The identity reaches any target; the sigmoid stays below 1. So (21) is what we use.
#
# The cost of this one observation is the squared **residual**, $C=(a^{(L)}-y)^2$. Equations (22) and (43) both say so, for
# a single observation and without a factor $\tfrac12$. Hence its slope has a 2:
# $\frac{\partial C}{\partial a^{(L)}}=2(a^{(L)}-y)$.

# %% slides=["CEE697M-E22", "CEE697M-E43"]
C, dC_da = (a[3] - y) ** 2, 2 * (a[3] - y)
output, target = run.a[-1:, None], np.array([[y]])
print(f"cost {C:.4f}, as the engine: {agrees(engine.squared_error(output, target), C)}")
print(f"slope {dC_da:.4f}, as measured: {agrees(numeric(lambda t: (t - y) ** 2, a[3]), dC_da)}")
print(f"with the factor 1/2 both are half: {C / 2:.4f} and {dC_da / 2:.4f}")

# %% [markdown]
# Here is the chain with all its values. On each arrow stands its local derivative: a weight on the way into a sum, a
# slope on the way out of it, and $2(a-y)$ before the cost. The way back starts at the cost, with $dC=1$.

# %%
figures.show(
    figures.scalar_chain(x, w, b, y, steps=0),
    alt="A line of eight boxes from x over z1, a1, z2, a2, z3, a3 to the cost C, with the values 0.5, 1.0986, 0.75, "
    "1.3863, 0.8, 1, 1 and 25. The arrows carry 2, 0.1875, 4, 0.16, -0.5, 1 and -10.",
)

# %% [markdown]
# For layers with several neurons the deck puts sum and activation into one line, once as (18) and once as (61):
# $a^{(\ell)}=\varphi_\ell(W^{(\ell)}a^{(\ell-1)}+b^{(\ell)})$. A chain is the case where every $W^{(\ell)}$ has the shape
# $(1,1)$. The next cell tests the line on a network of widths 3, 4, 2, 2, entry by entry.

# %% slides=["CEE697M-E18", "CEE697M-E61"]
net = engine.MLP([3, 4, 2, 2], activation=engine.sigmoid).initialize(rng)
sample = rng.normal(size=(1, 3))
h = sample[0]
for layer, (W_l, b_l) in enumerate(zip(net.Ws, net.bs, strict=True), start=1):
    sums = np.array([sum(W_l[j, i] * h[i] for i in range(len(h))) + b_l[j] for j in range(len(b_l))])
    h = sigmoid(sums) if layer < 3 else sums
print("loop over entries:", h, " the network:", net(sample)[0])
as_network = engine.forward(
    np.array([[x]]), list(w[:, None, None]), list(b[:, None]), [engine.sigmoid] * 2 + [engine.identity]
)
print("our chain as a network of widths 1, 1, 1, 1:", as_network.A[-1][0, 0].round(9), " as before:", a[3].round(9))

# %% [markdown]
# ## 3 · The last neuron: three factors
#
# How does the cost feel $w^{(L)}$? The weight acts on the sum, the sum on the activation, the activation on the cost.
# That is a path of three arrows, so the gradient is a product of three local derivatives:
# $$\frac{\partial C}{\partial w^{(L)}}=\frac{\partial C}{\partial a^{(L)}}\;
# \frac{\partial a^{(L)}}{\partial z^{(L)}}\;\frac{\partial z^{(L)}}{\partial w^{(L)}} .$$
# This product, shorter or longer, is what 21 equations of CEE697M say. Where several are the same we take them together:
# (19), (44) and, for $L=3$, (62) are exactly this one. Our judge is a function that runs the rest of the chain from any activation on.


# %% slides=["CEE697M-E19", "CEE697M-E44", "CEE697M-E62"]
def cost_from(a, layer, w, b):
    """The cost that layers layer + 1, ..., L make of the activation a of this layer; layer 0 starts from x."""
    for above in range(layer, len(w)):
        z = w[above] * a + b[above]
        a = sigmoid(z) if above < len(w) - 1 else z
    return (a - y) ** 2


true_dw = numeric(lambda w: cost_from(x, 0, w, b), w)
true_db = numeric(lambda b: cost_from(x, 0, w, b), b)
three = [2 * (a[3] - y), 1.0, a[2]]
print("factors:", np.array(three), " product:", round(prod(three), 4))
print("as measured:", agrees(prod(three), true_dw[2]))

# %% [markdown]
# For the bias only the last factor changes. Since $z^{(L)}=w^{(L)}a^{(L-1)}+b^{(L)}$, it is 1. That is (45).

# %% slides=["CEE697M-E45"]
three = [2 * (a[3] - y), 1.0, 1.0]
print("factors:", np.array(three), " product:", round(prod(three), 4))
print("as measured:", agrees(prod(three), true_db[2]))

# %% [markdown]
# The deck then fills in the formulas, (23) and (24):
# $\frac{\partial C}{\partial w^{(L)}}=2(a^{(L)}-y)\,\sigma'(z^{(L)})\,a^{(L-1)}$, and the same without the last factor for
# the bias. The slope in the middle belongs to the *output* neuron. Where that one is a sigmoid, the formulas hold as
# printed. With the identity of (21) the slope is 1, and a $\sigma'$ left in place cuts the gradient to a quarter or less.

# %% slides=["CEE697M-E23", "CEE697M-E24"]
for name, output, own_slope in (("sigmoid", engine.sigmoid, sigmoid_slope(z[2])), ("identity", engine.identity, 1.0)):
    last = engine.scalar_forward(x, w, b, activation=engine.sigmoid, output=output).a[3]

    def cost_of_last(t, output=output):
        """The cost as a function of t, the weight and the bias of the last neuron."""
        return (output(t[:1] * a[2] + t[1:])[0] - y) ** 2

    dw_L, db_L = numeric(cost_of_last, np.array([w[2], b[2]]))
    with_own, with_sigma = 2 * (last - y) * own_slope * a[2], 2 * (last - y) * sigmoid_slope(z[2]) * a[2]
    print(f"{name:8} output: measured {dw_L:8.4f}   own slope {with_own:8.4f}   sigmoid's slope {with_sigma:8.4f}")
    print(f"{'':8}  bias: its own formula agrees: {agrees(db_L, with_own / a[2])}")

# %% [markdown]
# Compare the two gradients: the weight's is the bias's times $a^{(L-1)}$. So the weight gradient is **proportional to
# the activation below**. A neuron that is silent teaches nothing to the weights above it. In the experiment we change
# the activation and let the bias make up for it, so that the residual stays what it was.

# %% slides=["CEE697M-C49"]
print(" a below        dw          db   dw / db")
for below in (0.0, 0.2, 0.4, 0.8):
    bias = a[3] - w[2] * below
    dw_L, db_L = numeric(lambda t, below=below: (t[0] * below + t[1] - y) ** 2, np.array([w[2], bias]))
    print(f"{below:8.1f} {dw_L + 0.0:9.4f} {db_L:11.4f} {dw_L / db_L + 0.0:9.4f}")

# %% [markdown]
# ## 4 · Further down: five, seven, 2L + 1 factors
#
# The output neuron does not take its input from nowhere: $a^{(L-1)}$ is made by the layer below. To go on we need the
# derivative of the cost by $a^{(L-1)}$. Does this activation act on the cost in any other way than through $a^{(L)}$?
# In a chain it does not. The formula of $C$ contains $a^{(L)}$ and $y$, nothing else. Freeze $a^{(L)}$, and the cost
# does not move at all, whatever $a^{(L-1)}$ does.

# %% slides=["CEE697M-C50"]
for value in (a[2], 0.9, 0.1):
    frozen, following = cost_from(a[3], 3, w, b), cost_from(value, 2, w, b)
    print(f"a2 = {value:.1f}: C with a3 frozen {frozen:.4f}, C with a3 following {following:.4f}")

# %% [markdown]
# So there is one road: $C$ depends on $a^{(L)}$, that on $z^{(L)}$, and that on $a^{(L-1)}$. The slides (29) to (31) write
# the three steps with the sign $\propto$, which usually means *proportional*. Read it as "is a function of". A quantity
# that is proportional to another doubles with it. The test:

# %% slides=["CEE697M-E29", "CEE697M-E30", "CEE697M-E31"]
steps = {
    "C  of a3": (lambda t: (t - y) ** 2, a[3]),
    "a3 of z3, identity": (lambda t: t, z[2]),
    "a3 of z3, sigmoid": (sigmoid, z[2]),
    "z3 of a2": (lambda t: w[2] * t + b[2], a[2]),
    "z3 of a2, no bias": (lambda t: w[2] * t, a[2]),
}
for name, (step, at) in steps.items():
    print(f"{name:20} doubling the argument multiplies the value by {step(2 * at) / step(at):6.3f}")

# %% [markdown]
# The cost is a parabola and the sum is a straight line with an intercept. Only the identity, and a sum without bias, are
# proportional. For the chain rule that does not matter: it needs slopes, not proportions. Three slopes give (32),
# $$\frac{\partial C}{\partial a^{(L-1)}}=\frac{\partial C}{\partial a^{(L)}}\,\frac{\partial a^{(L)}}{\partial z^{(L)}}\,
# \frac{\partial z^{(L)}}{\partial a^{(L-1)}},$$
# and the last of them is the weight $w^{(L)}$.

# %% slides=["CEE697M-E32"]
da2 = 2 * (a[3] - y) * 1.0 * w[2]
print(
    f"da2 = {dC_da:.1f} x 1 x {w[2]} = {da2:.4f}, as measured:",
    agrees(da2, numeric(lambda t: cost_from(t, 2, w, b), a[2])),
)

# %% [markdown]
# With $da^{(2)}$ in hand, layer 2 is where the output layer was before. Its weight has three factors, and the first of
# them we just found. The deck prints this as (27) and again as (33).

# %% slides=["CEE697M-E27", "CEE697M-E33"]
dw2 = da2 * sigmoid_slope(z[1]) * a[1]
print(f"dw2 = {da2:.2f} x {sigmoid_slope(z[1]):.2f} x {a[1]:.2f} = {dw2:.4f}, as measured: {agrees(dw2, true_dw[1])}")

# %% [markdown]
# And its bias, (28) and again (35), has 1 as the last factor.

# %% slides=["CEE697M-E28", "CEE697M-E35"]
db2 = da2 * sigmoid_slope(z[1]) * 1
print(f"db2 = {da2:.2f} x {sigmoid_slope(z[1]):.2f} x 1 = {db2:.4f}, as measured: {agrees(db2, true_db[1])}")

# %% [markdown]
# Write $da^{(2)}$ out, and there are **five** factors. Each name below says which local derivative it is.
# (34) states this for $L$ layers and (63) for three.

# %% slides=["CEE697M-E34", "CEE697M-E63"]
local = engine.local_derivatives(run, w, activation=engine.sigmoid)
five = {"dC/da3": dC_da, "da3/dz3": 1.0, "dz3/da2": w[2], "da2/dz2": sigmoid_slope(z[1]), "dz2/dw2": a[1]}
for name, factor in five.items():
    print(f"{name:8} {factor:8.4f}")
print("product ", f"{prod(five.values()):8.4f}", " as measured:", agrees(prod(five.values()), true_dw[1]))
print("the engine's list is the same:", agrees(list(five.values()), engine.weight_factors(dC_da, local, 2)))

# %% [markdown]
# The five factors of the bias, (36), differ in the last one only. So the ratio of both gradients is the activation
# below.

# %% slides=["CEE697M-E36"]
for_bias = five | {"dz2/dw2": 1.0}
print("product:", round(prod(for_bias.values()), 4), " as measured:", agrees(prod(for_bias.values()), true_db[1]))
print("dw2 / db2:", round(true_dw[1] / true_db[1], 4), " a1:", round(a[1], 4))

# %% [markdown]
# One more layer down means two more factors: the weight $w^{(2)}$ in between, and the slope of the neuron that we reach.
# The last factor is again the activation below, here the input $x$. That makes **seven**. (52) says it for $w^{(L-2)}$, and (64) for $w^{(1)}$ in a chain of three, which is the same weight. Numbers
# may be multiplied in any order. Section 10 shows that for vectors the order of the seven matters.

# %% slides=["CEE697M-E52", "CEE697M-E64"]
seven = engine.weight_factors(dC_da, local, 1)
print(len(seven), "factors:", np.array(seven))
print("product:", round(prod(seven), 4), " as measured:", agrees(prod(seven), true_dw[0]))

# %% [markdown]
# For the bias, (53), the last factor is 1 again. The number (54) stands on the slide without a formula, so there is
# nothing to test. Skip it when you count.

# %% slides=["CEE697M-E53", "CEE697M-E54"]
print("product:", round(prod(seven[:-1]), 4), " as measured:", agrees(prod(seven[:-1]), true_db[0]))

# %% [markdown]
# The pattern is clear. From the cost down to $w^{(\ell)}$ there are $2(L-\ell)+3$ factors. For the first weight these are
# $2(L-1)+3=2L+1$: that is (57), printed with dots. The next cell tries it with chains of three to six neurons.

# %% slides=["CEE697M-E57"]
chains = {L: (rng.uniform(2, 4, L) * rng.choice([-1, 1], L), rng.uniform(-1, 1, L)) for L in (3, 4, 5, 6)}
print("  L   factors     product    measured")
for L, (w_L, b_L) in chains.items():
    run_L = engine.scalar_forward(x, w_L, b_L, activation=engine.sigmoid)
    labels = engine.local_derivatives(run_L, w_L, activation=engine.sigmoid)
    factors = engine.weight_factors(2 * (run_L.a[-1] - y), labels, 1)
    measured = numeric(lambda w, b=b_L: cost_from(x, 0, w, b), w_L)[0]
    print(f"{L:3} {len(factors):7} {prod(factors):13.6f} {measured:11.6f}")

# %% [markdown]
# And (58) for the first bias: all factors but the last, which was the input $x$.

# %% slides=["CEE697M-E58"]
for L, (w_L, b_L) in chains.items():
    dw_L = numeric(lambda w, b=b_L: cost_from(x, 0, w, b), w_L)[0]
    db_L = numeric(lambda b, w=w_L: cost_from(x, 0, w, b), b_L)[0]
    print(f"L = {L}: db1 {db_L:10.6f}   dw1 / db1 {dw_L / db_L:.6f}")

# %% [markdown]
# ## 5 · Both sweeps in one picture
#
# Three products, of 3, 5 and 7 factors: 15 local derivatives. But the second product begins like the first, and the
# third like the second. Compute from the *cost* downwards and keep the running product. Then each layer adds only
# three new local derivatives: the one that leads into it from above (at the top the slope of the cost, further down a
# weight), the slope of its own neuron, and the activation below. For three layers that is 9 instead of 15. The picture of
# the chain was lost from the slides; here it is, with the running product below. At each $z$ the product is the
# gradient of the bias; times the activation below it is the gradient of the weight.

# %% slides=["CEE697M-F14"]
for L in (3, 10, 100):
    shared, one_by_one = (engine.n_local_derivatives(L, shared=keep) for keep in (True, False))
    print(f"{L:4} layers: one product at a time {one_by_one:6} local derivatives, running product {shared:4}")
figures.show(
    figures.scalar_chain(x, w, b, y),
    alt="The chain of three neurons with both sweeps. Below, from right to left, the running product: dC = 1, da3 = -10, "
    "dz3 = -10, da2 = 5, dz2 = 0.8, da1 = 3.2, dz1 = 0.6, dx = 1.2. At each z hang the gradients of its weight and bias.",
)

# %% [markdown]
# This is **backpropagation**: a forward sweep that keeps every $z$ and $a$, then a backward sweep that multiplies. For a
# hundred layers it evaluates 300 local derivatives instead of 10,200. The engine does it in one call.

# %%
swept = engine.scalar_backward(dC_da, run, w, activation=engine.sigmoid)
print("dw:", swept.dw, " as measured:", agrees(swept.dw, true_dw))
print("db:", swept.db, " as measured:", agrees(swept.db, true_db))

# %% [markdown]
# The product in each box is itself a derivative: of the cost by this box. So each can be measured too.


# %%
def measure(node, w):
    """The derivative of the cost by a node such as "z2", by differences, in the chain with the weights w."""
    run, layer = engine.scalar_forward(x, w, b, activation=engine.sigmoid), int(node[1:] or 0)
    if node == "C":
        return 1.0
    if node[0] == "z" and layer < len(w):
        return float(numeric(lambda t: cost_from(sigmoid(t), layer, w, b), run.z[layer - 1]))
    return float(numeric(lambda t: cost_from(t, layer, w, b), run.a[layer]))


# %% [markdown]
# **Try it.** The deck's overview was an animation of both sweeps, also lost. Here is one that you turn by hand. The last
# weight is now 2.5, so that all products of the way back are new. Set `backward_steps` to 0, 1, 2 and so on up to 7 and
# run the cell each time. Before you run, say which factor comes next. The printed line measures the derivative that was
# just reached. Then try other weights: which ones make `dx` vanish? Last, set `update_in_place` to True and look for the
# first box that needs the word "true". Section 9 explains it.
#
# *After this experiment is a good place for the break.*

# %% slides=["CEE697M-F13"] tags=["interactive"]
backward_steps, update_in_place, learning_rate = 4, False, 0.1
chain_weights = np.array([2.0, 4.0, 2.5])

node = ("C", "a3", "z3", "a2", "z2", "a1", "z1", "x")[backward_steps]
print(f"after {backward_steps} steps back: d{node}, measured at the weights of the forward pass: ", end="")
print(f"{measure(node, chain_weights):.4f}")
figures.show(
    figures.scalar_chain(x, chain_weights, b, y, steps=backward_steps, lr=learning_rate if update_in_place else None),
    alt="The chain of three neurons with w3 = 2.5; of the backward sweep the first four steps are drawn, from the cost to "
    "dz2 = -2.08. Below, the running product is written with its four factors: -5.2, 1, 2.5 and 0.16.",
)

# %% [markdown]
# ## 6 · One hidden layer, with indices
#
# Now the layers become wider, and paths begin to meet. EECS545 works through a regression with two inputs, three hidden
# units and one output. The method stays: label each arrow, multiply along a path, add where paths meet. What is new are
# indices, and they have one rule. **An index on the left must appear on the right, unsummed; an index that appears only on
# the right is summed.**
#
# > **Translation box** (EECS545, regression)
# >
# > | slide | house | shape |
# > |---|---|---|
# > | $x_i$ (also $X$) | one row of $X$ | (2,) |
# > | $w_{ji}$, $b_j$: from $i$ to $j$ | $W^{(1)}$, $b^{(1)}$ | (3, 2), (3,) |
# > | $h_j$, $f$ | $a^{(1)}_j$, $\varphi$ | (3,) |
# > | $\theta_j$, $c$ | $W^{(2)}$, $b^{(2)}$ of the output layer | (1, 3), (1,) |
# > | $\hat y$, $y$ | prediction $a^{(L)}$, target | numbers |
# > | $\partial\mathcal L/\partial h_j$ | $dh_j$, an entry of $da^{(1)}$ | (3,) |
# >
# > Elsewhere in that deck $\theta$ means *all* parameters.
#
# Each hidden unit takes the weighted sum of all inputs, $h_j=f\bigl(\sum_i w_{ji}x_i+b_j\bigr)$. The index $j$ says
# which unit; $i$ is summed.

# %% slides=["EECS545-E16"]
inputs, goal = np.array([1.0, -2.0]), 2.0
W, bias = np.array([[0.5, -0.3], [-1.0, 0.4], [0.8, 0.7]]), np.array([0.1, -0.2, 0.3])
theta, c = np.array([1.5, -2.0, 1.0]), 0.5

sums = np.array([sum(W[j, i] * inputs[i] for i in range(2)) + bias[j] for j in range(3)])
hidden = sigmoid(sums)
print("h:", hidden, " as a layer:", agrees(hidden, engine.sigmoid(engine.affine(inputs[None], W, bias))[0]))

# %% [markdown]
# The prediction is one number, $\hat y=\sum_j\theta_jh_j+c$. The sum runs over the hidden units, so over $j$.

# %% slides=["EECS545-E17"]
prediction = sum(theta[j] * hidden[j] for j in range(3)) + c
net = engine.MLP([2, 3, 1], activation=engine.sigmoid, loss=engine.squared_error)
net.parameters.flat[:] = np.concatenate([W.ravel(), bias, theta, [c]])
print("prediction:", round(prediction, 4), " as the network:", agrees(prediction, net(inputs[None])[0, 0]))

# %% [markdown]
# The loss is $\mathcal L=(\hat y-y)^2$, without the factor $\tfrac12$ that CEE616 uses. It is worth a sentence in every
# text, because it puts a factor 2 into all gradients of this section.

# %% slides=["EECS545-E18"]
for loss in (engine.squared_error, engine.half_squared_error):
    there, wanted = np.array([[prediction]]), np.array([[goal]])
    slope_there = loss.gradient(there, wanted)[0, 0]
    print(f"{loss.name:20} loss {loss(there, wanted):.4f}   slope / residual {slope_there / (prediction - goal):.1f}")

# %% [markdown]
# The slides build their picture up node by node; it was lost, and here it is in its last state. In each node on the way
# to the prediction stands its value, on each arrow its local derivative, and above or below each node the derivative of
# the loss by it. The sum of a hidden unit has no node of its own. An arrow from $x_i$ to $h_j$ therefore carries two
# factors, the weight $w_{ji}$ and the slope of unit $j$. We now compute the derivatives, from right to left.

# %% slides=["EECS545-F14"]
d_prediction = 2 * (prediction - goal)
slopes = sigmoid_slope(sums)
edges = [(f"x_{i + 1}", f"h_{j + 1}", slopes[j] * W[j, i]) for i in range(2) for j in range(3)]
edges += [(f"h_{j + 1}", r"\hat{y}", theta[j]) for j in range(3)] + [(r"\hat{y}", r"\mathcal{L}", d_prediction)]
one_hidden = engine.InfluenceGraph(edges)
totals = engine.total_derivatives(one_hidden, r"\mathcal{L}")
print("derivatives by h1, h2, h3:", np.array([totals[f"h_{j}"] for j in (1, 2, 3)]))
figures.show(
    figures.influence_diagram(
        one_hidden,
        values={f"h_{j + 1}": hidden[j] for j in range(3)} | {"x_1": 1.0, "x_2": -2.0, r"\hat{y}": prediction},
        totals=totals,
        of=r"\mathcal{L}",
    ),
    alt="Two inputs, three hidden units, the prediction and the loss. Every input has an arrow to every hidden unit, each "
    "hidden unit one to the prediction. At every node stands the derivative of the loss by it.",
)

# %% [markdown]
# **First**, the prediction: $\frac{\partial\mathcal L}{\partial\hat y}=2(\hat y-y)$.

# %% slides=["EECS545-E19"]
print(f"{d_prediction:.4f}, as measured:", agrees(d_prediction, numeric(lambda t: (t - goal) ** 2, prediction)))

# %% [markdown]
# **Second**, the output weights. From $\theta_j$ one path leads to the loss, through $\hat y$, and its first label is
# $h_j$: $\frac{\partial\mathcal L}{\partial\theta_j}=h_j\,\frac{\partial\mathcal L}{\partial\hat y}$.


# %% slides=["EECS545-E20"]
def loss_of(W=W, bias=bias, theta=theta, c=c):
    """The loss of the example as a function of its parameters: the judge of this section."""
    return (theta @ sigmoid(W @ inputs + bias) + c - goal) ** 2


d_theta = np.array([hidden[j] * d_prediction for j in range(3)])
print(check.gradient(d_theta, lambda t: loss_of(theta=t), at=theta, name="d theta"))

# %% [markdown]
# **Third**, the hidden units. The label from $h_j$ to $\hat y$ is $\theta_j$, so
# $\frac{\partial\mathcal L}{\partial h_j}=\theta_j\,\frac{\partial\mathcal L}{\partial\hat y}$. Activation and weight have
# changed places: each is the other's local derivative.

# %% slides=["EECS545-E21"]
d_hidden = np.array([theta[j] * d_prediction for j in range(3)])
print(check.gradient(d_hidden, lambda h: (theta @ h + c - goal) ** 2, at=hidden, name="dh"))

# %% [markdown]
# **Fourth**, the weights of the hidden layer. From $w_{ji}$ there is again one path: first the sum of unit $j$, with the
# label $x_i$; then the slope of unit $j$; then what unit $j$ received,
# $$\frac{\partial\mathcal L}{\partial w_{ji}}=f'_j\;x_i\;\frac{\partial\mathcal L}{\partial h_j},
# \qquad f'_j=f'\Bigl(\sum_i w_{ji}x_i+b_j\Bigr).$$
# The second formula was its own line on the slide, with a bare $f'$. The index matters, for each unit has its own slope.

# %% slides=["EECS545-E22", "EECS545-E23"]
dW = np.array([[slopes[j] * inputs[i] * d_hidden[j] for i in range(2)] for j in range(3)])
print("slopes f'_j:", slopes)
print(check.gradient(dW, lambda T: loss_of(W=T), at=W, name="dW, each unit with its slope"))
print(
    "with the slope of unit 1 for all:", agrees(dW * (slopes[0] / slopes)[:, None], numeric(lambda T: loss_of(W=T), W))
)

# %% [markdown]
# The deck sets out to find the gradients of *all* parameters, $\{W, b, \theta, c\}$, and stops here. $b$ and $c$ are
# still missing. They follow from the same paths, with 1 in the place of the input:
# $$\frac{\partial\mathcal L}{\partial c}=\frac{\partial\mathcal L}{\partial\hat y},\qquad
# \frac{\partial\mathcal L}{\partial b_j}=f'_j\,\frac{\partial\mathcal L}{\partial h_j}.$$

# %% slides=["EECS545-C23"]
d_bias, d_c = slopes * d_hidden, d_prediction
print(check.gradient(d_bias, lambda t: loss_of(bias=t), at=bias, name="db"))
print(check.gradient(d_c, lambda t: loss_of(c=t), at=c, name="dc"))
_, flat = net.loss_and_gradient(inputs[None], np.array([[goal]]))
print("all 13 as the engine:", agrees(np.concatenate([dW.ravel(), d_bias, d_theta, [d_c]]), flat))

# %% [markdown]
# ## 7 · Two hidden layers
#
# Only one thing is new with a second hidden layer: a unit of the *first* layer acts through all units of the second, so
# its derivative is a sum. Our network has the widths 2, 3, 2, 1. We keep the first layer of section 6 and put a new layer
# on it. A superscript in brackets counts the layers, and $f$ is the sigmoid again.
#
# The first layer is the one from before. The deck has its sum,
# $z^{(1)}_i=\sum_kx_kw^{(1)}_{ik}+b^{(1)}_i$, and its output, $h^{(1)}_j=f\bigl(\sum_iw^{(1)}_{ji}x_i+b^{(1)}_j\bigr)$. The
# letters of the indices differ, the line is the same: letters of an index carry no meaning of their own.

# %% slides=["EECS545-E24", "EECS545-E34"]
W1, b1 = W, bias
z1 = np.array([sum(inputs[k] * W1[i, k] for k in range(2)) + b1[i] for i in range(3)])
h1 = sigmoid(z1)
print("z1:", z1, " h1:", h1, " as in section 6:", agrees(h1, hidden))

# %% [markdown]
# The second layer reads the first as its input: $z^{(2)}_j=\sum_ih^{(1)}_iw^{(2)}_{ji}+b^{(2)}_j$, and
# $h^{(2)}_j=f(z^{(2)}_j)$.

# %% slides=["EECS545-E25", "EECS545-E33"]
W2, b2 = np.array([[1.0, -2.0, 0.5], [0.8, 1.2, -1.5]]), np.array([0.2, -0.1])
z2 = np.array([sum(h1[i] * W2[j, i] for i in range(3)) + b2[j] for j in range(2)])
h2 = sigmoid(z2)
print("z2:", z2, " h2:", h2)

# %% [markdown]
# The output, $\hat y=\sum_j\theta_jh^{(2)}_j+c$, is as before, with $\theta$ now as long as the *second* layer is wide.

# %% slides=["EECS545-E26"]
theta, c = np.array([2.0, -1.0]), 0.5
prediction = sum(theta[j] * h2[j] for j in range(2)) + c
net = engine.MLP([2, 3, 2, 1], activation=engine.sigmoid, loss=engine.squared_error)
net.parameters.flat[:] = np.concatenate([W1.ravel(), b1, W2.ravel(), b2, theta, [c]])
print("prediction:", round(prediction, 4), " as the network:", agrees(prediction, net(inputs[None])[0, 0]))

# %% [markdown]
# The picture of this network was also built up on the slides, over about ten of them, and lost. The thick path is one
# of two that lead from $h^{(1)}_1$ to the loss, and one of six that lead there from $x_1$.

# %% slides=["EECS545-F15"]
s1, s2, d_prediction = sigmoid_slope(z1), sigmoid_slope(z2), 2 * (prediction - goal)
edges = [(f"x_{k + 1}", f"h^{{(1)}}_{i + 1}", s1[i] * W1[i, k]) for k in range(2) for i in range(3)]
edges += [(f"h^{{(1)}}_{i + 1}", f"h^{{(2)}}_{j + 1}", s2[j] * W2[j, i]) for i in range(3) for j in range(2)]
edges += [(f"h^{{(2)}}_{j + 1}", r"\hat{y}", theta[j]) for j in range(2)] + [(r"\hat{y}", r"\mathcal{L}", d_prediction)]
two_hidden = engine.InfluenceGraph(edges)
six = list(engine.paths(two_hidden, "x_1", r"\mathcal{L}"))
print(len(six), "paths from x1; the sum of their products:", round(sum(map(engine.path_derivative, six)), 4))
figures.show(
    figures.influence_diagram(
        two_hidden, totals=engine.total_derivatives(two_hidden, r"\mathcal{L}"), path=six[0], of=r"\mathcal{L}"
    ),
    alt="A network of 2 inputs, 3 and 2 hidden units, the prediction and the loss, full arrows between neighbouring layers. "
    "One path from x1 over the first unit of each layer is thick; at each node stands the derivative of the loss.",
)

# %% [markdown]
# At the top everything is as it was: $\frac{\partial\mathcal L}{\partial\hat y}=2(\hat y-y)$. The judge below can replace
# any parameter, and also the output of a hidden layer.


# %% slides=["EECS545-E27"]
def loss_with(**new):
    """The loss with some variables replaced; h1 or h2 replaces what the layers below would make."""
    now = {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "theta": theta, "c": c} | new
    h1 = now.get("h1", sigmoid(now["W1"] @ inputs + now["b1"]))
    h2 = now.get("h2", sigmoid(now["W2"] @ h1 + now["b2"]))
    return (now["theta"] @ h2 + now["c"] - goal) ** 2


print(f"{d_prediction:.4f}, as measured:", agrees(d_prediction, numeric(lambda t: (t - goal) ** 2, prediction)))

# %% [markdown]
# So are the output weights, $\frac{\partial\mathcal L}{\partial\theta_j}=h^{(2)}_j\frac{\partial\mathcal L}{\partial\hat y}$,

# %% slides=["EECS545-E28"]
d_theta = np.array([h2[j] * d_prediction for j in range(2)])
print(check.gradient(d_theta, lambda t: loss_with(theta=t), at=theta, name="d theta"))

# %% [markdown]
# and the units of the last hidden layer,
# $\frac{\partial\mathcal L}{\partial h^{(2)}_j}=\theta_j\frac{\partial\mathcal L}{\partial\hat y}$.

# %% slides=["EECS545-E29"]
d_h2 = np.array([theta[j] * d_prediction for j in range(2)])
print(check.gradient(d_h2, lambda h: loss_with(h2=h), at=h2, name="dh2"))

# %% [markdown]
# The weights of the second layer: slope of the unit, times what comes in, times what the unit received. What comes in
# is now $h^{(1)}_i$,
# $$\frac{\partial\mathcal L}{\partial w^{(2)}_{ji}}=f'(z^{(2)}_j)\;h^{(1)}_i\;\frac{\partial\mathcal L}{\partial h^{(2)}_j}.$$

# %% slides=["EECS545-E30"]
dW2 = np.array([[s2[j] * h1[i] * d_h2[j] for i in range(3)] for j in range(2)])
print(check.gradient(dW2, lambda T: loss_with(W2=T), at=W2, name="dW2"))

# %% [markdown]
# And here is the new thing. A unit of the first layer has a path through *each* unit of the second. Paths add:
# $$\frac{\partial\mathcal L}{\partial h^{(1)}_i}=\sum_j f'(z^{(2)}_j)\,w^{(2)}_{ji}\,
# \frac{\partial\mathcal L}{\partial h^{(2)}_j}.$$
# Check the rule for indices. $i$ stands on the left and is not summed; $j$ appears only on the right and is.

# %% slides=["EECS545-E31"]
d_h1 = np.array([sum(s2[j] * W2[j, i] * d_h2[j] for j in range(2)) for i in range(3)])
through = s2[:, None] * W2 * d_h2[:, None]
for name, row in (("through unit 1:", through[0]), ("through unit 2:", through[1]), ("together:", d_h1)):
    print(f"{name:15}", row)
print(check.gradient(d_h1, lambda h: loss_with(h1=h), at=h1, name="dh1"))

# %% [markdown]
# From there on it is section 6 again,
# $\frac{\partial\mathcal L}{\partial w^{(1)}_{ik}}=f'(z^{(1)}_i)\,x_k\,\frac{\partial\mathcal L}{\partial h^{(1)}_i}$.

# %% slides=["EECS545-E32"]
dW1 = np.array([[s1[i] * inputs[k] * d_h1[i] for k in range(2)] for i in range(3)])
print(check.gradient(dW1, lambda T: loss_with(W1=T), at=W1, name="dW1"))

# %% [markdown]
# The biases are announced and left out once more. The line is the same in each layer,
# $\frac{\partial\mathcal L}{\partial b^{(\ell)}_j}=f'(z^{(\ell)}_j)\frac{\partial\mathcal L}{\partial h^{(\ell)}_j}$, and
# $\frac{\partial\mathcal L}{\partial c}=\frac{\partial\mathcal L}{\partial\hat y}$. With it the list is complete.

# %%
_, flat = net.loss_and_gradient(inputs[None], np.array([[goal]]))
by_hand = [dW1.ravel(), s1 * d_h1, dW2.ravel(), s2 * d_h2, d_theta, [d_prediction]]
print(f"{len(flat)} parameters; all gradients as the engine: {agrees(np.concatenate(by_hand), flat)}")

# %% [markdown]
# ## 8 · The order of the sweep
#
# CSC561 does the same for a network of $N$ layers with any number of outputs. It calls the loss a *divergence*, Div.
# EECS545 went from output to output in one step. CSC561 stops at the sum in between, and so it arrives at three
# short rules: through the activation, into the weights, down to the layer below. They repeat, layer after layer.
#
# > **Translation box** (CSC561)
# >
# > | slide | house | here |
# > |---|---|---|
# > | $N$ | number of layers $L$ | 3 |
# > | $y^{(k)}$, also $Y^{(k)}$; $y^{(0)}=x$ | $a^{(k)}$ | widths 2, 2, 3, 2 |
# > | $z^{(k)}$ | $z^{(k)}$ | |
# > | $w^{(k)}_{ij}$: **from** $i$ **to** $j$ | $W^{(k)}_{ji}$ | `net.Ws[k - 1][j, i]` |
# > | $b^{(k)}_j$, or $w^{(k)}_{0j}$ with $y^{(k-1)}_0=1$ | $b^{(k)}_j$ | |
# > | $d$, $\mathrm{Div}$ (also div) | target, loss $\mathcal L$ | the slide leaves the Div open; ours is the squared error |
# > | $\nabla_{z^{(k)}}\mathrm{Div}$ | $dz^{(k)}$ | |
#
# Careful with the weights: EECS545's $w_{ji}$ and CSC561's $w_{ij}$ both go from $i$ to $j$.
#
# The picture comes first; the slides' own is lost. For one input the network ends in a *single* node, the
# divergence. Without such a node there would be nothing to take the derivative of. To save space, the upper number of a node
# is its layer without the brackets.

# %% slides=["CSC561-F10"]
net = engine.MLP([2, 2, 3, 2], activation=engine.sigmoid, output=engine.sigmoid, loss=engine.squared_error)
net.parameters.flat[:] = rng.normal(size=len(net.parameters))
v, d = np.array([1.0, -0.5]), np.array([1.0, 0.0])
run = net.forward(v[None])
y_of, z_of = {k: run.A[k][0] for k in range(4)}, {k: run.Z[k - 1][0] for k in (1, 2, 3)}
div = r"\mathrm{Div}"
edges = [(f"y^3_{i + 1}", div, 2 * (y_of[3] - d)[i]) for i in range(2)]
for k in (3, 2, 1):
    labels = sigmoid_slope(z_of[k])[:, None] * net.Ws[k - 1]
    edges += [(f"y^{k - 1}_{i + 1}", f"y^{k}_{j + 1}", labels[j, i]) for j, i in np.ndindex(*labels.shape)]
with_div = engine.InfluenceGraph(edges)
ends = set(with_div.nodes) - {edge.source for edge in with_div.edges}
print("Div is the only node without an arrow out of it:", ends == {div})
figures.show(
    figures.influence_diagram(with_div, totals=engine.total_derivatives(with_div, div), of=div),
    alt="Layers of 2, 2, 3 and 2 nodes y0 to y3 with full arrows between neighbours. Both outputs have an arrow to one last "
    "node, Div. At every node stands the derivative of Div by it.",
)

# %% [markdown]
# The labels contain slopes at $z$, and the gradients of the weights will contain outputs $y$. Both are values of the
# forward sweep. So that sweep must come **first**, and its values must be kept. What happens otherwise? If nothing is remembered, the engine refuses. If a value has been
# changed meanwhile, it cannot know that, and returns other gradients. We multiply $y^{(2)}$ by 1.5.

# %% slides=["CSC561-C11"]
dY = engine.squared_error.gradient(run.A[-1], d[None])
try:
    engine.backward(dY, engine.Pass([], []), net.Ws, net.activations)
except engine.ShapeError as error:
    print("without a forward sweep:", error)
right = engine.backward(dY, run, net.Ws, net.activations)
changed = engine.backward(dY, run._replace(A=[*run.A[:2], 1.5 * run.A[2], run.A[3]]), net.Ws, net.activations)
print("with y2 changed, dW3 is multiplied by:", np.unique((changed.dWs[2] / right.dWs[2]).round(4)))

# %% [markdown]
# Now the three rules. **Rule 1, through the activation.** Each unit multiplies what it received by its own slope:
# $$\frac{\partial\mathrm{Div}}{\partial z^{(N)}_i}=f'_N\bigl(z^{(N)}_i\bigr)\,\frac{\partial\mathrm{Div}}{\partial y^{(N)}_i}.$$
# A dozen slides showed how the derivatives fill the network. The figure does it with a whole layer in each box; $J$ stands
# for a Jacobian, as in lecture 5. **Try it:** set `steps_back` to 0, 1, and so on up to 7, and say before each run which
# of the three rules comes next. Look for the places where $dW$ and $db$ appear.

# %% slides=["CSC561-F11"] tags=["interactive"]
steps_back = 2

print("dz3:", sigmoid_slope(z_of[3]) * 2 * (y_of[3] - d), " as the engine:", right.dZs[2][0])
figures.show(
    figures.computational_graph(net, v[None], d[None], steps=steps_back),
    alt="The network as a line of boxes X, Z1, A1, Z2, A2, Z3, A3 and the loss, with the local Jacobians on the arrows. "
    "Below, the first two backward steps: dA3 and dZ3, with the gradients of W3 and b3 hanging at dZ3.",
)


# %% [markdown]
# The judge of this section puts a value in the place of any variable of any layer.


# %%
def div_with(kind, k, value):
    """The divergence with value in the place of y, z, W or b of layer k."""
    y = v
    for layer in (1, 2, 3):
        W_l = value if (kind, k) == ("W", layer) else net.Ws[layer - 1]
        b_l = value if (kind, k) == ("b", layer) else net.bs[layer - 1]
        z = value if (kind, k) == ("z", layer) else W_l @ y + b_l
        y = value if (kind, k) == ("y", layer) else sigmoid(z)
    return np.sum((y - d) ** 2)


def verdict(got, kind, k, at):
    """The check's sentence for a gradient that was worked out by hand."""
    return check.gradient(got, lambda T: div_with(kind, k, T), at=at, name=f"d{kind}{k}")


dz3 = sigmoid_slope(z_of[3]) * 2 * (y_of[3] - d)
print(verdict(dz3, "z", 3, z_of[3]))

# %% [markdown]
# **Rule 2, into the weights.** The weight from $i$ to $j$ multiplies $y_i$ and acts on $z_j$:
# $$\frac{\partial\mathrm{Div}}{\partial w^{(N)}_{ij}}=y^{(N-1)}_i\,\frac{\partial\mathrm{Div}}{\partial z^{(N)}_j}.$$
# As a table with row $i$ and column $j$ this has the shape (3, 2); $dW^{(3)}$, in the shape of $W^{(3)}$, is its transpose.

# %% slides=["CSC561-E14"]
table = np.array([[y_of[2][i] * dz3[j] for j in range(2)] for i in range(3)])
print("table (from, to):", table.shape, "  W3:", net.Ws[2].shape)
print(verdict(table.T, "W", 3, net.Ws[2]))

# %% [markdown]
# The bias needs no rule of its own. It is the weight of a unit $0$ with the constant output $y_0^{(N-1)}=1$. In the
# engine `augment` puts that 1 in front of $y$.

# %% slides=["CSC561-C13"]
extended = engine.augment(run.A[2])
print("y2 with its constant 1:", extended[0])
table = np.array([[extended[0, i] * dz3[j] for j in range(2)] for i in range(4)])
print("row 0 of the table:", table[0], " is dz3:", agrees(table[0], dz3))
print(verdict(table[0], "b", 3, net.bs[2]))

# %% [markdown]
# **Rule 3, down to the layer below.** The output $y_i^{(N-1)}$ acts on *all* sums of layer $N$, so it adds up:
# $$\frac{\partial\mathrm{Div}}{\partial y^{(N-1)}_i}
# =\sum_j\frac{\partial z^{(N)}_j}{\partial y^{(N-1)}_i}\frac{\partial\mathrm{Div}}{\partial z^{(N)}_j}
# =\sum_j w^{(N)}_{ij}\frac{\partial\mathrm{Div}}{\partial z^{(N)}_j}.$$
# Here $i$ starts at 1. The constant unit 0 has no layer below it, and nobody needs its derivative.

# %% slides=["CSC561-E15"]
dy2 = np.array([sum(net.Ws[2][j, i] * dz3[j] for j in range(2)) for i in range(3)])
print(verdict(dy2, "y", 2, y_of[2]))

# %% [markdown]
# That is the end of the new ideas. One layer down, rule 1 again, $\frac{\partial\mathrm{Div}}{\partial z^{(N-1)}_i}
# =f'_{N-1}(z^{(N-1)}_i)\frac{\partial\mathrm{Div}}{\partial y^{(N-1)}_i}$:

# %% slides=["CSC561-E16"]
dz2 = sigmoid_slope(z_of[2]) * dy2
print(verdict(dz2, "z", 2, z_of[2]))

# %% [markdown]
# rule 2 again, with $y_0^{(N-2)}=1$ for the bias, $\frac{\partial\mathrm{Div}}{\partial w^{(N-1)}_{ij}}
# =y^{(N-2)}_i\frac{\partial\mathrm{Div}}{\partial z^{(N-1)}_j}$:

# %% slides=["CSC561-E17"]
table = np.outer(engine.augment(run.A[1])[0], dz2)
print(verdict(table[1:].T, "W", 2, net.Ws[1]))
print(verdict(table[0], "b", 2, net.bs[1]))

# %% [markdown]
# rule 3 again, $\frac{\partial\mathrm{Div}}{\partial y^{(N-2)}_i}
# =\sum_jw^{(N-1)}_{ij}\frac{\partial\mathrm{Div}}{\partial z^{(N-1)}_j}$:

# %% slides=["CSC561-E18"]
dy1 = np.array([sum(net.Ws[1][j, i] * dz2[j] for j in range(3)) for i in range(2)])
print(verdict(dy1, "y", 1, y_of[1]))

# %% [markdown]
# and rule 1 once more, $\frac{\partial\mathrm{Div}}{\partial z^{(N-2)}_i}
# =f'_{N-2}(z^{(N-2)}_i)\frac{\partial\mathrm{Div}}{\partial y^{(N-2)}_i}$.

# %% slides=["CSC561-E19"]
dz1 = sigmoid_slope(z_of[1]) * dy1
print(verdict(dz1, "z", 1, z_of[1]))

# %% [markdown]
# The deck also gives the whole order as a list: from the output down, and in each layer first $y$, then $z$, then $W$.
# After $\nabla_{W^{(N)}}$ comes $\nabla_{Y^{(N-1)}}$, the derivative by the output of layer $N-1$, which has three entries
# here where layer $N$ has two. (The slide's comment says "$N$-th layer"; the list itself is right.) As a loop the three
# rules are three lines.

# %% slides=["CSC561-A2", "CSC561-C12"]
found = {"y3": 2 * (y_of[3] - d)}
for k in (3, 2, 1):
    found[f"z{k}"] = sigmoid_slope(z_of[k]) * found[f"y{k}"]
    found[f"W{k}"] = np.outer(found[f"z{k}"], y_of[k - 1])
    if k > 1:
        found[f"y{k - 1}"] = net.Ws[k - 1].T @ found[f"z{k}"]

print("order:", " ".join(found))
print("entries of y2 and y3:", len(found["y2"]), len(found["y3"]))
values = {f"y{k}": y_of[k] for k in (1, 2, 3)} | {f"z{k}": z_of[k] for k in (1, 2, 3)}
values |= {f"W{k}": net.Ws[k - 1] for k in (1, 2, 3)}
for name, got in found.items():
    true = numeric(lambda T, name=name: div_with(name[0], int(name[1]), T), values[name])
    print(f"  by {name} {got.shape!s:7} as measured: {agrees(got, true)}")

# %% [markdown]
# Could another order do? Within a layer, $y$ must come before $z$, and $z$ before $W$ and before the layer below. Whether
# $W^{(k)}$ or $y^{(k-1)}$ comes first is free, as long as no weight is *changed* on the way. The last section of the day
# changes one.
#
# ## 9 · One iteration, and the answer
#
# Back to the chain of three neurons. CEE697M describes training twice, once before and once after the details: fix initial
# weights, go forward, evaluate the cost, propagate back, repeat until the cost is small. Two things must be read between
# the lines. The **update** $w\leftarrow w-\eta\,dw$ is part of the loop, and the initialisation is not. Here is the loop
# with both in their places.


# %% slides=["CEE697M-A1", "CEE697M-A3"]
def one_iteration(w, b, lr, in_place=False):
    """New weights, new biases and the cost before: one forward sweep, one backward sweep, one update."""
    run = engine.scalar_forward(x, w, b, activation=engine.sigmoid)
    slopes = engine.local_derivatives(run, w, activation=engine.sigmoid).da_dz
    new_w, new_b, da = w.copy(), b.copy(), 2 * (run.a[-1] - y)
    for i in reversed(range(len(w))):
        dz = da * slopes[i]
        new_w[i] -= lr * dz * run.a[i]
        new_b[i] -= lr * dz
        da = dz * (new_w if in_place else w)[i]
    return new_w, new_b, (run.a[-1] - y) ** 2


weights, biases, costs = w, b, []  # initialised once
while not costs or costs[-1] > 0.01:
    weights, biases, cost = one_iteration(weights, biases, lr=0.1)
    costs.append(cost)
print("costs:", np.array(costs))
print("every one below the one before:", bool(np.all(np.diff(costs) < 0)))

# %% [markdown]
# The five slides of the summary, (39) to (60), go through one iteration step by step: forward, then for the layers
# $L$, $L-1$, …, 1: gradients of the layer, *update of the layer*. The order is worth a second look. The gradients of layer
# $L-1$ contain the weight $w^{(L)}$. By then there are two of them, the old $w^{(L),0}$ and the new $w^{(L),1}$. The
# deck tells them apart by its superscript, and asks for the old one in (48) and (49). A program has only one variable
# `w`. If it stores the new value there, it multiplies with the wrong one. What comes out is
# $\frac{w^{(L),1}}{w^{(L),0}}$ times the gradient.

# %% slides=["CEE697M-E48", "CEE697M-E49"]
new_w3 = w[2] - 0.1 * true_dw[2]
print(f"w3 before and after its update: {w[2]:.4f}, {new_w3:.4f}   ratio {new_w3 / w[2]:.4f}")
for name, factor in (("old", w[2]), ("new", new_w3)):
    by_bias = dC_da * 1.0 * factor * sigmoid_slope(z[1])
    print(f"with the {name} w3: dw2 = {by_bias * a[1]:7.4f}, db2 = {by_bias:7.4f}")
print(f"measured:        dw2 = {true_dw[1]:7.4f}, db2 = {true_db[1]:7.4f}")

# %% [markdown]
# The weight $w^{(3)}$ has changed its sign, so the gradient of everything below changes its sign too. On the
# way to the first weight the sweep also meets the new $w^{(2)}$. The function `one_iteration` has a switch for this:
# `in_place=True` makes it read the new weights on its way down. Here is the answer to the question of the day.

# %% slides=["CEE697M-A2"]
old_then_all = (w - one_iteration(w, b, lr=0.1)[0]) / 0.1
stored_early = (w - one_iteration(w, b, lr=0.1, in_place=True)[0]) / 0.1
print("dw, all gradients before any update:", old_then_all, " as measured:", agrees(old_then_all, true_dw))
print("dw, each weight stored at once:     ", stored_early, " as measured:", agrees(stored_early, true_dw))
answer = 100 * stored_early[0] / true_dw[0]
print(f"\nof the true gradient of w1 it computes {answer:.1f} percent; your guess was {my_guess}")
figures.show(
    figures.scalar_chain(x, w, b, y, lr=0.1),
    alt="The chain with updates in place. Below, w3 goes from -0.5 to 0.3, and from there to the left every product has "
    "the wrong sign: da2 is -3 instead of 5, dz1 is -0.3632 instead of 0.6.",
)

# %% [markdown]
# About $-60$ percent: the first weight is sent in the *wrong direction*, by formulas that are all correct. The cure is
# one rule. **Compute all gradients of an iteration before you change any parameter**, or keep the old weights.
#
# How much harm does it do? That is not easy to say beforehand, and this is the trouble. The next figure trains four
# times from the same start.

# %%
histories = {}
for rate in (0.1, 0.55):
    for name, early in (("all gradients first", False), ("stored at once", True)):
        weights, biases, costs = w, b, []
        for _ in range(7):
            weights, biases, cost = one_iteration(weights, biases, rate, in_place=early)
            costs.append(cost)
        histories[f"lr {rate}, {name}"] = costs
        print(f"lr {rate:4}, {name:20} cost after 1 iteration {costs[1]:8.4f}, after 5 {costs[5]:9.4f}")
figures.show(
    figures.curves(histories, x="iteration", y="cost", title="When are the weights stored?", log=True),
    alt="The cost over six iterations on a logarithmic axis. At rate 0.1 both ways of storing fall together. At rate 0.55 "
    "the cost falls quickly when all gradients come first and grows from the second iteration on when weights are stored at once.",
)

# %% [markdown]
# At the rate 0.1 nobody would notice: the last layer does most of the work, and the run that stores early is even a
# little quicker. At 0.55 gradient descent still settles, and the cost of the other loop grows and grows. Storing early is
# not gradient descent but another algorithm. **A cost that falls does not prove that a gradient is right.**
# The check against differences found it in the first iteration.
#
# ## 10 · Errata corner
#
# Of the 76 rows of this lecture, 34 carry a remark. Few touch the mathematics. Most are letters with two meanings, conditions
# that the speaker surely said aloud, and lines damaged on the way from slide to text. The classes: **wrong** as printed;
# **conditions**, true under conditions that are not stated; **gap**, something needed is missing; **notation**, symbols that
# disagree; **typo**; **extraction**, seen in the text version, to be compared with the original slide.
#
# Let us type three of them. First the last copy of EECS545's sum for $\partial\mathcal L/\partial h^{(1)}_i$, which runs over
# $i$ and ends in $\partial\mathcal L/\partial h^{(2)}_i$. Only $j$ is left free. For each $j$, numpy is asked for it:

# %% tags=["raises-exception"]
for j in range(2):
    print(sum(s2[j] * W2[j, i] * d_h2[i] for i in range(3)))

# %% [markdown]
# Three units below, two above, so `d_h2[2]` does not exist. Where both layers have two units there is no error, only
# wrong numbers. Leave out the third unit below, and only the check tells:

# %%
over_i = np.array([sum(s2[j] * W2[j, i] * d_h2[i] for i in range(2)) for j in range(2)])
over_j = np.array([sum(s2[j] * W2[j, i] * d_h2[j] for j in range(2)) for i in range(2)])
print(check.value(over_i, d_h1[:2], name="summed over i"))
print(check.value(over_j, d_h1[:2], name="summed over j"))

# %% [markdown]
# Second, the slope $\sigma'$ in CEE697M (23) with the identity output of (21). The check refuses the number, and the
# quotient gives the reason: it is the sigmoid's slope at $z^{(3)}$.

# %%
printed = 2 * (a[3] - y) * sigmoid_slope(z[2]) * a[2]
print(check.value(printed, true_dw[2], name="dw3 with the sigmoid's slope"))
print(f"printed / true: {printed / true_dw[2]:.4f}, slope of the sigmoid: {sigmoid_slope(z[2]):.4f}, never above 0.25")

# %% [markdown]
# Third, the seven factors of (64). For numbers any order will do. For layers of two neurons each, the factors are matrices.
# We multiply them in the order of the slide, and once more with the inner five turned round. Both products have the
# same shape.

# %%
x0, (V1, V2, V3) = rng.normal(size=2), rng.normal(size=(3, 2, 2))
A1 = np.tanh(V1 @ x0)
A2 = np.tanh(V2 @ A1)
A3 = np.tanh(V3 @ A2)
inner = [np.diag(1 - A3**2), V3, np.diag(1 - A2**2), V2, np.diag(1 - A1**2)]
first, last = 2 * A3[None], engine.affine_jacobian_parameters(x0[None], 2)[0]
true_dV1 = numeric(lambda T: np.sum(np.tanh(V3 @ np.tanh(V2 @ np.tanh(T @ x0))) ** 2), V1).ravel()
for name, factors in (("in order", inner), ("turned round", inner[::-1])):
    print(check.value(reduce(np.matmul, [first, *factors, last])[0], true_dV1, name=f"dV1, {name}"))

# %% [markdown]
# Last, the course's own checks. For 22 of the rows they can take what is printed literally, each on an example of its
# own. The other twelve are about letters, wording or damaged lines, and leave no number to compare.

# %%
refuted, accepted = {}, []
for row in slides.rows():
    if row.lecture == "NB06" and row.erratum:
        try:
            slides.verify_printed(row.id)
            accepted.append(row.id)
        except slides.Mismatch:
            slides.verify(row.id)  # and as corrected it holds
            refuted.setdefault(row.erratum.kind, []).append(row.id)
        except KeyError:
            continue  # no literal form that a number could test
for kind, ids in refuted.items():
    print(f"{kind:10} {len(ids):2} refuted as printed:", *ids)
print("accepted as printed:", len(accepted))

# %% [markdown]
# The full list:
#
# | row | class | what stands there | what is right | section |
# |---|---|---|---|---|
# | CEE697M-A1 | gap | the loop names no update | initialise once; then repeat forward, cost, backward, update | 9 |
# | CEE697M-A3 | gap | step 1 joins initialisation and forward sweep, step 4 repeats all | repeat everything but the initialisation | 9 |
# | CEE697M-A2 | conditions | a layer is updated before the gradients below it are computed | all gradients first, or keep $w^{(\ell),0}$; the slide tells old and new apart, code that updates in place does not | 9 |
# | CEE697M-E48, CEE697M-E49 | conditions | stands after the update (46) | uses $w^{(L),0}$, as its superscript says | 9 |
# | CEE697M-E18 | notation | $W$ without layer, $a^{l-1}$ without brackets, $\sigma$ on every layer | $\varphi_\ell$, the identity on the last layer of a regression | 2 |
# | CEE697M-E61 | notation | $\sigma$ on the output layer too | the identity of (21) | 2 |
# | CEE697M-E19 | notation | $z=Wa+b$ is what (6) calls $a$ | $z$ before, $a$ after the activation | 2, 3 |
# | CEE697M-E22 | notation | no factor $\tfrac12$; $C$ is $\mathcal L$ elsewhere | say the factor: with $\tfrac12$ all gradients are half as large | 2 |
# | CEE697M-E43 | notation | one observation, without saying so | (15) sums over $n$ | 2 |
# | CEE697M-E40 | typo | $a^{(l)}$ on the left | $a^{(l),0}$, like all other letters there | 2 |
# | CEE697M-E42 | wrong | $a^{(L),0}=\sigma(z^{(L),0})$ in a regression | $a^{(L),0}=z^{(L),0}$, as in (21) | 2 |
# | CEE697M-E23, CEE697M-E24 | conditions | the factor $\sigma'(z^{(L)})$ also in regression | the slope of the output neuron, 1 for the identity | 3 |
# | CEE697M-E29 | notation | $C\propto a^{(L)}$ | $C$ is a function of $a^{(L)}$, a parabola | 4 |
# | CEE697M-E30 | notation | $a^{(L)}\propto z^{(L)}$ | a function of it; proportional for the identity only | 4 |
# | CEE697M-E31 | notation | $z^{(L)}\propto a^{(L-1)}$ | a straight line in $a^{(L-1)}$; proportional without bias only | 4 |
# | CEE697M-E32 | typo | the sentence before it has $a^{(l-1)}$ | $a^{(L-1)}$ | 4 |
# | CEE697M-E54 | typo | a number without a formula | nothing is missing | 4 |
# | CEE697M-E64 | conditions | seven factors in a row | their order is free for numbers only; for vectors they are Jacobians | 4, 10 |
# | EECS545-E16 | notation | the input is a capital $X$ | $x$ for one sample, $X$ for a batch | 6 |
# | EECS545-E17 | notation | $\theta$ is the output weights here, all parameters elsewhere; some copies sum over $i$ | $\sum_j\theta_jh_j+c$ | 6 |
# | EECS545-E18 | notation | no factor $\tfrac12$ | say the factor: CEE616 (15) has $\tfrac12$ | 6 |
# | EECS545-E21 | extraction | $h_i$ on the left in one copy | $h_j$ | 6 |
# | EECS545-E23 | notation | $f'$ without an index | $f'_j$, one for each unit | 6 |
# | EECS545-C23 | gap | gradients of $b$ and $c$ are announced and not given; "chin rule" | $f'_j\,\partial\mathcal L/\partial h_j$ and $\partial\mathcal L/\partial\hat y$; chain rule | 6 |
# | EECS545-E26 | extraction | one copy sums over $i$ | over $j$ | 7 |
# | EECS545-E27 | extraction | nested fractions on the left in two copies | $\partial\mathcal L/\partial\hat y$ | 7 |
# | EECS545-E29 | extraction | one copy has an expression on the right that belongs to $w^{(2)}$ | $\theta_j\,\partial\mathcal L/\partial\hat y$ | 7 |
# | EECS545-E30 | extraction | $\partial\mathcal L/\partial h^{(2)}_i$ in the last copy | $\partial\mathcal L/\partial h^{(2)}_j$ | 7 |
# | EECS545-E31 | extraction | the last copy sums over the free index $i$ | sum over $j$ | 7, 10 |
# | EECS545-E34 | gap | gradients of $b^{(1)}$, $b^{(2)}$, $c$ are announced and not given | $f'(z^{(\ell)}_j)\,\partial\mathcal L/\partial h^{(\ell)}_j$ and $\partial\mathcal L/\partial\hat y$ | 7 |
# | CSC561-A2 | notation | $y$ and $Y$, $z$ and $Z$, div and Div are mixed | one case for each | 8 |
# | CSC561-C12 | wrong | "the derivative by the output of the $N$-th layer" | of layer $N-1$ | 8 |
#
# And one remark that is no erratum: EECS545 uses $i$ and $k$ in $z^{(1)}_i$ where $h^{(1)}_j$ has $j$ and $i$. That is
# allowed. An index means only the place that it holds within one formula.
#
# ## 11 · Exercises
#
# Each cell below runs as it stands and ends with the check's verdict. Fill it in and run again.
#
# **1 · A chain by hand** (★, 20 minutes). Take the chain with $x=0.5$, $w=(2,-4,10)$,
# $b=(\log 3-1,\;3-\log 4,\;1.5)$, sigmoids in both hidden neurons, the identity at the output, and the target $y=3$. Work
# out all $z$ and $a$, and then $dw$ and $db$ of all three layers. Use paper only; every number comes out even. Then
# type them in; the cell compares them with `engine.scalar_backward`.
#
# <details><summary>Hint 1</summary>The sums are $\log 3$, $-\log 4$ and 3.5. What is the sigmoid at $-\log 4$?</details>
#
# <details><summary>Hint 2</summary>The slope of the sigmoid is $a(1-a)$, so you never need $z$ on the way back. Keep the
# running product, and write $da$ and $dz$ of each layer below the chain.</details>

# %%
my_dw = [None, None, None]  # of layers 1, 2, 3
my_db = [None, None, None]

w_ex, b_ex, y_ex = np.array([2.0, -4.0, 10.0]), np.array([np.log(3) - 1, 3 - np.log(4), 1.5]), 3.0
run_ex = engine.scalar_forward(0.5, w_ex, b_ex, activation=engine.sigmoid)
right = engine.scalar_backward(2 * (run_ex.a[-1] - y_ex), run_ex, w_ex, activation=engine.sigmoid)
for name, mine, expected in (("dw", my_dw, right.dw), ("db", my_db, right.db)):
    for i in (2, 1, 0):
        label = f"{name} of layer {i + 1}"
        print(f"{label}: not yet" if mine[i] is None else check.value(mine[i], expected[i], name=label, reveal=False))

# %% [markdown]
# **2 · Count the local derivatives** (★★, 15 minutes). With one product at a time a chain of three layers needs
# $3+5+7=15$ local derivatives, with the running product 9. Find both formulas for $L$ layers, without a loop. How long
# must a chain be before the first way needs at least fifty times as many as the second?
#
# <details><summary>Hint 1</summary>The sum of the odd numbers $1+3+\dots+(2n-1)$ is a square.</details>
#
# <details><summary>Hint 2</summary>With the running product, ask what layer $\ell$ adds that the layers above it did not
# need.</details>


# %%
def one_at_a_time(L):
    """Local derivatives for all weights of a chain of L layers, each product on its own."""


def running_product(L):
    """The same with the running product."""


my_length = None  # the shortest chain in which the first count is at least fifty times the second

for name, mine, shared in (("one_at_a_time", one_at_a_time, False), ("running_product", running_product, True)):
    for L in (3, 20):
        count = engine.n_local_derivatives(L, shared=shared)
        print(f"{name}({L}): not yet" if mine(L) is None else check.value(mine(L), count, name=f"{name}({L})"))
counts = {L: [engine.n_local_derivatives(L, shared=keep) for keep in (False, True)] for L in range(1, 500)}
length = min(L for L, (one, running) in counts.items() if one >= 50 * running)
print("the length: not yet" if my_length is None else check.value(my_length, length, name="the length", reveal=False))

# %% [markdown]
# **3 · The missing biases, with a shortcut** (★★, 20 minutes). Give the network of section 7 a shortcut: the first hidden
# layer also acts on the prediction directly, $\hat y=\sum_j\theta_jh^{(2)}_j+\sum_i\psi_ih^{(1)}_i+c$. Write the gradients
# of $\psi$ and of all biases. Which of the three bias gradients needs a new formula?
#
# <details><summary>Hint 1</summary>How many paths lead from $h^{(1)}_i$ to the loss now? Which one is new, and what are its
# labels?</details>
#
# <details><summary>Hint 2</summary>Follow the path from $b^{(1)}_i$ to the loss. It joins all paths of
# $h^{(1)}_i$.</details>

# %%
psi = np.array([0.5, -1.0, 2.0])


def loss_with_shortcut(b1=b1, b2=b2, c=c, psi=psi):
    """The loss of the network with the shortcut psi (3,), as a function of its biases and of psi."""
    h1 = sigmoid(W1 @ inputs + b1)
    return (theta @ sigmoid(W2 @ h1 + b2) + psi @ h1 + c - goal) ** 2


def gradients_with_shortcut(h1, s1, s2, W2, theta, psi, d_prediction):
    """The gradients of b1 (3,), b2 (2,), c (a number) and psi (3,); s1 and s2 are the slopes of the units."""
    return None, None, None, None


d_prediction_now = 2 * (prediction + psi @ h1 - goal)
mine = gradients_with_shortcut(h1, s1, s2, W2, theta, psi, d_prediction_now)
for (name, at), got in zip({"b1": b1, "b2": b2, "c": c, "psi": psi}.items(), mine, strict=True):
    if got is None:
        print(f"d{name}: not yet")
    else:
        print(check.gradient(got, lambda t, name=name: loss_with_shortcut(**{name: t}), at=at, name=f"d{name}"))

# %% [markdown]
# **4 · A quarter at most** (★★, 10 minutes). Somebody keeps the sigmoid's slope in (23) though the output is the identity.
# Show that the result is never more than a quarter of the gradient, and find the $z$ where it is exactly a quarter. Then
# find the two $z$ where it is a tenth. Does such a program still go downhill?
#
# <details><summary>Hint 1</summary>Write the slope as $a(1-a)$ with $0&lt;a&lt;1$, and complete the square.</details>
#
# <details><summary>Hint 2</summary>Solve $a(1-a)=0.1$ for $a$ first, and then $a=\sigma(z)$ for $z$. For the last question
# look at the sign.</details>

# %%
z_of_a_quarter = None
z_of_a_tenth = None  # the positive one

tenth = np.log((1 + np.sqrt(0.6)) / (1 - np.sqrt(0.6)))
for name, mine, expected in (("z of a quarter", z_of_a_quarter, 0.0), ("z of a tenth", z_of_a_tenth, tenth)):
    if mine is None:
        print(f"{name}: not yet")
    else:
        print(check.value(mine, expected, name=name, tolerance=1e-3, reveal=False))

# %% [markdown]
# **5 · Which index?** (★★★, 20 minutes). Below are five copies of the formula for $\partial\mathcal L/\partial h^{(1)}_i$, as
# functions. Decide with pencil and paper which are right, by the rule of section 6, and say of each wrong one whether
# Python would stop it. Write `True` or `False` before you run them. Then write the whole gradient of $W^{(1)}$ in *one*
# formula, with indices $i$, $j$, $k$, and as a function.
#
# <details><summary>Hint 1</summary>For each copy list the free indices, on the left and on the right.</details>
#
# <details><summary>Hint 2</summary>A copy may be right though it uses other letters.</details>
#
# <details><summary>Hint 3</summary>For the formula, put $\partial\mathcal L/\partial h^{(2)}_j=\theta_j\cdot2(\hat y-y)$ into
# $\partial\mathcal L/\partial h^{(1)}_i$, and that into $\partial\mathcal L/\partial w^{(1)}_{ik}$.</details>

# %%
copies = {
    "sum over j of s_j w_ji dh_j": lambda s, w, dh, i: sum(s[j] * w[j, i] * dh[j] for j in range(len(dh))),
    "sum over j of s_i w_ji dh_j": lambda s, w, dh, i: sum(s[i] * w[j, i] * dh[j] for j in range(len(dh))),
    "sum over m of dh_m w_mi s_m": lambda s, w, dh, i: sum(dh[m] * w[m, i] * s[m] for m in range(len(dh))),
    "sum over j of s_j w_ij dh_j": lambda s, w, dh, i: sum(s[j] * w[i, j] * dh[j] for j in range(len(dh))),
    "sum over j of s_j w_ji, times sum over j of dh_j": lambda s, w, dh, i: (s @ w[:, i]) * dh.sum(),
}
my_answers = [None, None, None, None, None]  # True or False for each copy, from the top

for (name, copy), mine in zip(copies.items(), my_answers, strict=True):
    if mine is None:
        print(f"{name}: not yet answered")
        continue
    try:
        is_right, remark = agrees(np.array([copy(s2, W2, d_h2, i) for i in range(3)]), d_h1), "runs"
    except IndexError:
        is_right, remark = False, "stops with an IndexError"
    print(f"{name}: {f'your answer is right; Python {remark}' if mine == is_right else 'look again'}")


# %%
def dW1_in_one_formula(x, s1, s2, W2, theta, residual):
    """The gradient of W1 (3, 2) from x (2,), slopes s1 (3,), s2 (2,), W2 (2, 3), theta (2,) and the residual."""


mine = dW1_in_one_formula(inputs, s1, s2, W2, theta, prediction - goal)
print("dW1: not yet" if mine is None else check.gradient(mine, lambda T: loss_with(W1=T), at=W1, name="dW1"))

# %% [markdown]
# **6 · One line in the wrong place** (★★, 10 minutes). The function below trains the chain and stores early. Make it right
# without a second copy of the weights. It is enough to move one line.
#
# <details><summary>Hint</summary>Which line reads <code>w[i]</code>, and which one overwrites it?</details>


# %%
def iterate(w, b, lr):
    """One iteration; returns new weights and biases."""
    w, b = w.copy(), b.copy()
    run = engine.scalar_forward(x, w, b, activation=engine.sigmoid)
    da = 2 * (run.a[-1] - y)
    for i in reversed(range(len(w))):
        dz = da * (1 if i == len(w) - 1 else run.a[i + 1] * (1 - run.a[i + 1]))
        w[i] -= lr * dz * run.a[i]
        b[i] -= lr * dz
        da = dz * w[i]
    return w, b


my_w, my_b = iterate(w, b, lr=0.1)
print(check.value(my_w, w - 0.1 * true_dw, name="the new weights"))
print(check.value(my_b, b - 0.1 * true_db, name="the new biases"))

# %% [markdown]
# ## 12 · Check yourself, and what to read
#
# The numeric checks of the 76 rows of this lecture, on their own examples. One row is the number without a formula, so
# there are 75:

# %%
print(slides.self_check("NB06"))

# %% [markdown]
# **To take home.** In a chain each gradient is one product, of $2(L-\ell)+3$ local derivatives; all products begin alike,
# so keep the running product. In wider layers the same three rules repeat: through the activation with its slope, into
# the weights with the activation below, down to the layer below with a sum over all units above. An index on the left is
# never summed. Compute all gradients before you change any weight, and do not take a falling cost for a proof.
#
# **To read.** *Probabilistic Machine Learning: An Introduction*, chapter 13 (backpropagation, first for a chain of
# layers); *Deep Learning*, chapter 6 (backpropagation in a fully connected network); *The Elements of Statistical Learning*,
# chapter 11 (fitting neural networks: the two sweeps for one hidden layer, with indices). Next lecture: the factors
# become matrices, the Jacobians, and we ask from which end to multiply.
