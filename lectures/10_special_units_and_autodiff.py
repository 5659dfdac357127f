# %% [markdown]
# # 10 · Special units, and an engine that differentiates them
#
# Not every unit adds up its inputs and bends the sum smoothly. Some multiply, some take the largest, and some have a kink
# where no slope exists. Today each of them gets its backward rule. Then we build a small engine that applies such rules by
# itself, to any program made of them.
#
# **Question of the day.** Take $f(z) = 10\,\mathrm{relu}(z) - 10\,\mathrm{relu}(-z) - 9z$. For $z>0$ this is $10z-9z$, for
# $z<0$ it is $10z-9z$ as well, and $f(0)=0$. So $f(z)=z$ everywhere, and its slope is 1. *An engine that takes 0 for
# the slope of relu at 0 differentiates $f$ at $z=0$. Which slope does it report?* Write it into the next cell before
# you run on.

# %%
my_guess = 0  # the slope that the engine reports at z = 0

# %% [markdown]
# | | section | minutes |
# |---|---|---|
# | 1 | Set-up and a look back | 4 |
# | 2 | Units that multiply | 13 |
# | 3 | Units that take the largest | 8 |
# | 4 | Slopes at a kink | 15 |
# | 5 | Local work on a graph | 8 |
# | 6 | A tape in sixty lines | 18 |
# | 7 | The answer to the question | 9 |
# | 8 | A network of nodes | at home, 20 |
# | 9 | Errata corner | at home, 15 |
# | 10 | Exercises | at home, 75 |
# | 11 | Check yourself, and what to read | at home, 10 |
#
# ## 1 · Set-up and a look back
#
# Lecture 9 in two lines: a vector activation such as the softmax sends back a sum over all its outputs,
# $\partial\mathcal L/\partial z_i=\sum_j \partial\mathcal L/\partial y_j\;\partial y_j/\partial z_i$. The units of today
# have the same rule, with Jacobians that are mostly zero.

# %%
import numpy as np

from coursekit import check, engine, figures, slides

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(10)


def numeric(f, at):
    """The gradient of a scalar function by central differences."""
    return check.numeric_gradient(f, at).gradient


def agrees(a, b):
    """Do two arrays of one shape agree to seven digits?"""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-7, atol=1e-9))


# %% [markdown]
# ## 2 · Units that multiply
#
# A **multiplicative unit** takes the product of two outputs of the layer below:
# $$o^{(k)}_i = y^{(k-1)}_j\,y^{(k-1)}_l .$$
#
# > **Translation box**
# >
# > | CSC561 | house | here |
# > |---|---|---|
# > | $y^{(k-1)}$, outputs of the layer below | a row of $A^{(k-1)}$ | `y` |
# > | $o^{(k)}$, products | a row of $A^{(k)}$ | `o` |
# > | $z^{(k+1)}$, $w^{(k+1)}_{ij}$ from $i$ to $j$ | a row of $Z^{(k+1)}$, entry $(j,i)$ of $W^{(k+1)}$ | `z`, `W[j, i]` |
# > | $\partial\mathrm{Div}/\partial o_i$ | an entry of $dA^{(k)}$ | `do[i]` |
# > | $j$ and $l$, the two factors; $j$ again, the units above | three letters: $j$, $l$ and $m$ | `j, l`; `m` |
#
# In the engine, a table names the two inputs of each product, counted from 0. Such a unit is linear in each factor
# alone: double one of them, and the product doubles.

# %% slides=["CSC561-E23"]
y = np.array([0.7, -1.2, 2.0, 0.4])
pairs = [[0, 1], [2, 3]]
products = engine.product_units(pairs)
o = products(y[None])[0]
print("o:                  ", o, " by hand:", [float(round(y[j] * y[l], 4)) for j, l in pairs])
print("with y_0 twice as big:", products((y * [2, 1, 1, 1])[None])[0])

# %% [markdown]
# What is the slope of $o=y_j\,y_l$ with respect to $y_j$? Hold $y_l$ still: it is $y_l$. So the arrow from $y_j$
# carries the *other* factor. The deck's picture of such a unit is lost; the next one is drawn from the Jacobian.

# %% slides=["CSC561-F13"]
J = engine.jacobian((products,), y[None])[0]
unit = engine.InfluenceGraph([("y_j", "o_i", J[0, 0]), ("y_l", "o_i", J[0, 1])])
figures.show(
    figures.influence_diagram(unit, values={"y_j": y[0], "y_l": y[1], "o_i": o[0]}),
    alt="Two nodes, y_j with value 0.7 and y_l with value -1.2, with arrows to one node o_i with value -0.84. The arrow "
    "from y_j carries -1.2, the value of y_l, and the arrow from y_l carries 0.7, the value of y_j.",
)

# %% [markdown]
# Why would one want this? Because a product can **gate**. Let $g=\sigma(s)$ lie between 0 and 1, and multiply a signal $h$
# by it. With $g$ near 0 the signal is shut off, with $g$ near 1 it passes. CSC561 names three places where such products
# occur: LSTMs and GRUs, two kinds of networks for sequences, and attention, where one part of a network decides how much
# it takes from each other part. On the way back the rule is symmetric: $dh = g\odot G$ and $dg = h\odot G$, where $G$ is
# the gradient that arrives. So a closed gate also shuts off the gradient of the signal. The number $s$ that sets the gate
# learns only while the gate is half open, since $ds = h\odot G\odot g\odot(1-g)$.

# %% slides=["CSC561-C16"]
s, h, G = np.array([-6.0, 0.0, 6.0]), np.array([1.5, 1.5, 1.5]), np.array([1.0, 1.0, 1.0])
g = engine.sigmoid(s)
print("gate:       ", g)
print("signal out: ", g * h)
print("dh = g G:   ", g * G)
print("ds:         ", h * G * g * (1 - g))
print(check.gradient(g * G, lambda t: np.sum(G * g * t), at=h, name="dh"))
print(check.gradient(h * G * g * (1 - g), lambda t: np.sum(G * engine.sigmoid(t) * h), at=s, name="ds"))

# %% [markdown]
# Now a whole path, as on the slide: outputs $y$, products $o$, an affine layer $z=Wo$ on top, and a loss. First down to the
# products. A product feeds all units $m$ of the layer above, so its gradient is a sum over them:
# $\frac{\partial\mathrm{Div}}{\partial o_i}=\sum_m w_{im}\frac{\partial\mathrm{Div}}{\partial z_m}$. This is the old
# rule for the input of an affine layer. The slide sums over $j$. We write $m$, since $j$ is the name of a factor.


# %% slides=["CSC561-E24"]
W, target = rng.normal(size=(3, 2)), rng.normal(size=3)


def div_of_products(o):
    """The loss as a function of the products: an affine layer, tanh, half the squared error."""
    return 0.5 * np.sum((np.tanh(W @ o) - target) ** 2)


a = np.tanh(W @ o)
dz = (a - target) * (1 - a**2)
do = np.array([sum(W[m, i] * dz[m] for m in range(3)) for i in range(2)])
print("the sum is the affine rule:", agrees(do, engine.affine_vjp(dz[None], o[None], W).dX[0]))
print(check.gradient(do, div_of_products, at=o, name="do"))

# %% [markdown]
# Then through the product. The first factor receives the second times what arrived:
# $\frac{\partial\mathrm{Div}}{\partial y_j}=y_l\,\frac{\partial\mathrm{Div}}{\partial o_i}$.


# %% slides=["CSC561-E25"]
def div_of_outputs(y, pairs=((0, 1), (2, 3))):
    """The loss as a function of the outputs below, for any table of two products."""
    return div_of_products(np.array([y[j] * y[l] for j, l in pairs]))


dy = np.zeros(4)
for i, (j, l) in enumerate(pairs):
    dy[j] = y[l] * do[i]
measured = numeric(div_of_outputs, y)
print("first factors, by the rule:", dy[[0, 2]], " as measured:", agrees(dy[[0, 2]], measured[[0, 2]]))

# %% [markdown]
# And the second factor receives the first times what arrived:
# $\frac{\partial\mathrm{Div}}{\partial y_l}=y_j\,\frac{\partial\mathrm{Div}}{\partial o_i}$. With both, the gradient is
# complete.

# %% slides=["CSC561-E26"]
for i, (j, l) in enumerate(pairs):
    dy[l] = y[j] * do[i]
print("all four:", dy)
print(check.gradient(dy, div_of_outputs, at=y, name="dy"))

# %% [markdown]
# So far each output fed one product. What if $y_0$ is a factor of *both*? Then the loss feels it along two paths, and the
# contributions **add up**. The two formulas of the slide give one path each. In code the difference is one sign: `+=` in
# place of `=`. With `=`, the second contribution overwrites the first. The same sign gives $y_0^2$ its factor 2, since
# there both factors are the same node.

# %%
shared = [[0, 1], [0, 0]]  # y_0 times y_1, and y_0 squared
o = np.array([y[j] * y[l] for j, l in shared])
a = np.tanh(W @ o)
do = W.T @ ((a - target) * (1 - a**2))
assigned, added = np.zeros(4), np.zeros(4)
for i, (j, l) in enumerate(shared):
    assigned[j] = y[l] * do[i]
    assigned[l] = y[j] * do[i]
    added[j] += y[l] * do[i]
    added[l] += y[j] * do[i]
print(check.gradient(assigned, lambda t: div_of_outputs(t, shared), at=y, name="dy with ="))
print(check.gradient(added, lambda t: div_of_outputs(t, shared), at=y, name="dy with +="))

# %% [markdown]
# Keep this `+=` in mind. It is the heart of the engine in section 6.
#
# ## 3 · Units that take the largest
#
# A **max unit** returns the largest of its inputs. Move that input a little, and the output moves with it. Move any other
# a little, and nothing happens. So the slope is 1 for the largest input and 0 for all others.

# %% slides=["CSC561-C22"]
z = np.array([0.3, -0.8, 1.7, 1.2])
largest = engine.max_units([[0, 1, 2, 3]])
by_hand = (z == z.max()).astype(float)
print("largest:", largest(z[None])[0], " slopes:", by_hand)
print("as the engine:", agrees(by_hand, largest.vjp(np.ones((1, 1)), z[None], largest(z[None]))[0]))
print(check.gradient(by_hand, np.max, at=z, name="the gradient of max"))

# %% [markdown]
# The lost picture showed such a unit with its active input. In ours, the thick arrow is the one that carries a change.

# %% slides=["CSC561-F16"]
J = engine.jacobian((largest,), z[None])[0]
unit = engine.InfluenceGraph([(f"z_{i}", "o", J[0, i]) for i in range(4)])
active = unit.into("o")[z.argmax()]
figures.show(
    figures.influence_diagram(unit, values={f"z_{i}": z[i] for i in range(4)} | {"o": z.max()}, path=[active]),
    alt="Four nodes z_0 to z_3 with the values 0.3, -0.8, 1.7 and 1.2 and arrows to one node o with the value 1.7. The arrow "
    "from z_2 is thick and carries 1, the other three are dashed and carry 0.",
)

# %% [markdown]
# What if two inputs share the first place? Then $\max$ has a kink. The engine gives the whole slope to the first of them. One
# may split it, too: half for each. What one may *not* do is give 1 to both. If both inputs grow by 0.1, the maximum
# grows by 0.1, not by 0.2: the weights must add up to 1. In the next cell the tested step moves all inputs together.

# %%
tied = np.array([0.3, 1.7, 1.7, 1.2])
step = 0.1 * np.ones(4)
change = np.max(tied + step) - np.max(tied)
choices = {"all to the first": [0, 1, 0, 0], "half to each": [0, 0.5, 0.5, 0], "1 to each": [0, 1, 1, 0]}
for name, weights in choices.items():
    print(f"{name:16} foretells {np.dot(weights, step):.1f}, true change {change:.1f}")

# %% [markdown]
# ## 4 · Slopes at a kink
#
# Four activations of the deck are not differentiable everywhere: relu, leaky relu, randomised leaky relu (whose slope on
# the left is drawn at random), and max. Each has a **kink**, a point where the slope from the left and the slope from the
# right differ. The last word of each line says whether the gradient check notices it.

# %% slides=["CSC561-C20"]
random_slope = rng.uniform(1 / 8, 1 / 3)
kinked = {
    "relu": lambda z: np.maximum(z, 0),
    "leaky relu, 0.1": lambda z: np.maximum(z, 0.1 * z),
    "randomised leaky relu": lambda z: np.maximum(z, random_slope * z),
    "max of z and 0": lambda z: np.max([z, 0]),
}
for name, f in kinked.items():
    left, right = (f(0.0) - f(-0.25)) / 0.25, (f(0.25) - f(0.0)) / 0.25
    print(f"{name:22} from the left {left:.3f}, from the right {right:.3f}, kink {check.numeric_gradient(f, 0.0).kink}")

# %% [markdown]
# The deck's plots of these curves are lost. Here are three of them with their slopes. A max unit with one input held at
# 0.5 bends where the other input overtakes it.


# %% slides=["CSC561-F15"]
larger = engine.elementwise(
    "max of z and 0.5",
    lambda Z, out=None: np.maximum(Z, 0.5, out=out),
    lambda Z, A, out=None: np.positive((Z > 0.5).astype(float), out=out),
    kink=lambda Z: np.isclose(Z, 0.5, rtol=0, atol=1e-9),
)
figures.show(
    figures.activation_curves(engine.relu, engine.leaky_relu(0.1), larger, span=(-2, 2)),
    alt="Left, three curves of two straight pieces each: relu and leaky relu bend at 0, the maximum of z and 0.5 bends at "
    "0.5. Right, their slopes: steps from 0 or 0.1 up to 1, with a bar at the step for every slope in between.",
)

# %% [markdown]
# Look closely at relu at 0, as CSC561 does with small steps $\Delta z$. The deck calls the slope there $\alpha$ and makes two
# claims. First: a step to the left changes nothing, so seen from the left the slope is $\alpha=0$. This is also the
# engine's choice.

# %% slides=["CSC561-C17"]
steps = np.array([0.5, 0.25, 0.0625])
relu = engine.relu
print("slopes of steps to the left: ", (relu(np.zeros(3)) - relu(-steps)) / steps)
print("the engine's slope at 0:     ", relu.derivative(np.zeros(1), relu(np.zeros(1)))[0])

# %% [markdown]
# Second: a step to the right changes relu by the whole step, so seen from the right the slope is $\alpha=1$.

# %% slides=["CSC561-C18"]
print("slopes of steps to the right:", (relu(steps) - relu(np.zeros(3))) / steps)

# %% [markdown]
# Which slope is *the* slope at 0? None. But some lines are better than others. A line through the kink **supports** the
# curve if it is nowhere above it:
# $$f(z)\;\ge\; f(0) + \alpha z\quad\text{for all } z .$$
# The slope of a supporting line is called a **subgradient**. The slide writes $\Delta f=\alpha\,\Delta z$. With the
# equality sign, an $\alpha$ serves one side of the kink at most. With "at least" in its place, one $\alpha$ serves both
# sides.

# %% slides=["CSC561-E27"]
both_sides = np.concatenate([-steps, steps])
change = relu(both_sides) - relu(np.zeros(6))
print("step:      ", both_sides)
print("change:    ", change)
for alpha in (0.0, 0.5, 1.0):
    equal, at_least = change == alpha * both_sides, change >= alpha * both_sides
    print(f"alpha {alpha}: equality for {equal.sum()} of 6 steps, at least for {at_least.sum()} of 6")

# %% [markdown]
# The deck's picture of a line that turns about the kink is lost. Turn it yourself: change `slopes`, or choose another
# name from `curves`. Solid lines are nowhere above the curve, dashed ones rise above it. Look for three things: the
# interval for the absolute value; the single slope that is left for relu(z) - relu(-z), which has no kink; and minus
# relu, whose kink points up and which has none.

# %% slides=["CSC561-F14"] tags=["interactive"]
slopes = [-0.3, 0.0, 0.5, 1.0, 1.4]
curve = "relu"

curves = {
    "relu": lambda z: np.maximum(z, 0),
    "leaky relu": lambda z: np.maximum(z, 0.25 * z),
    "absolute value": np.abs,
    "relu(z) - relu(-z)": lambda z: np.maximum(z, 0) - np.maximum(-z, 0),
    "minus relu": lambda z: -np.maximum(z, 0),
}
figures.show(
    figures.subgradients(curves[curve], slopes, title=f"Lines through the point at 0 of {curve}"),
    alt="The curve of relu with five lines through its kink at 0. The lines of slope 0, 0.5 and 1 are solid and never above the "
    "curve. Those of slope -0.3 and 1.4 are dashed and rise above it on one side. Below, the interval from 0 to 1.",
)

# %% [markdown]
# CSC561 concludes: any slope between 0 and 1 will do. For relu by itself this is exactly right, as a test on a grid shows.
# Section 7 shows what happens when relu is only a part of a larger function.

# %% slides=["CSC561-C19"]
grid = np.linspace(-2, 2, 401)
for alpha in (-0.1, 0.0, 0.25, 0.5, 1.0, 1.1):
    supports = bool(np.all(relu(grid) >= alpha * grid))
    print(f"slope {alpha:5.2f}: {'stays below' if supports else 'rises above the curve'}")

# %% [markdown]
# So the deck's advice for a kink is: use a subgradient or, where there is none, a **secant**, the slope of a straight line
# through two points of the curve. When is there a subgradient? A curve is **convex** if the line between any two of its
# points is nowhere below it. The four activations above are convex, and a convex curve has a supporting line at every
# point. The loss of a network as a function of its weights is not convex, though, and its kinks may point up.
#
# The cell compares relu with minus relu. At the kink that points up no line supports the curve. The engine still returns a
# slope, one of the two sides'. And a secant exists everywhere; on a straight piece it is the slope itself.

# %% slides=["CSC561-C21"]
for name, sign in (("relu", 1), ("minus relu", -1)):
    f = engine.compose(relu, engine.affine_map(np.array([[float(sign)]])))
    candidates = np.linspace(-2, 2, 81)
    supporting = [alpha for alpha in candidates if np.all(f(grid[:, None])[:, 0] >= alpha * grid - 1e-12)]
    chosen = engine.jacobian((f,), np.zeros((1, 1)))[0, 0, 0] + 0.0
    ends = f"from {min(supporting):.0f} to {max(supporting):.0f}" if supporting else "none"
    starts = np.array([[-1.0], [-0.125], [0.5]])
    secants = (f(starts + 0.25) - f(starts))[:, 0] / 0.25 + 0.0
    print(f"{name:10} subgradients at 0: {ends}; engine: {chosen:.0f}; secants left, across, right: {secants}")

# %% [markdown]
# ## 5 · Local work on a graph
#
# Affine layers, activations, softmax, products, maxima: each has a forward rule and a backward rule, and no rule knows of
# any other. EECS545 puts the whole of backpropagation into this one idea: it is the chain rule, organised as local
# computations on a graph. Local means that each rule can be tested alone. It is handed a random gradient $G$ and must
# return $G$ times its own Jacobian.

# %% slides=["EECS545-C20"]
X = rng.normal(size=(3, 4))
layers = [
    engine.affine_map(rng.normal(size=(5, 4)), rng.normal(size=5)),
    engine.tanh,
    engine.softmax,
    engine.product_units([[0, 1], [1, 3], [2, 2]]),
    engine.max_units([[0, 1], [2, 3]]),
]
for layer in layers:
    G = rng.normal(size=layer(X).shape)
    got = layer.vjp(G, X, layer(X))
    print(check.gradient(got, lambda T, layer=layer, G=G: np.sum(G * layer(T)), at=X, name=f"{layer.name:8} backward"))

# %% [markdown]
# A **computational graph** has a node for each value and an arrow from each value to those computed from it. The arrows
# carry local derivatives. There is no way back to an earlier node, since nothing is computed from its own future. EECS545
# shows such a graph three times; its pictures are lost in the text version. Ours is a single neuron with its loss,
# $\mathcal L=(\tanh(wx+b)-y)^2$. Parameters are nodes like all others. One sweep from the right gives the derivative of
# $\mathcal L$ by every node.

# %% slides=["EECS545-F12"]
x, w, b, y = 0.8, -1.5, 0.4, 0.5
z, a = w * x + b, np.tanh(w * x + b)
value_of = {"x": x, "w": w, "b": b, "z": z, "a": a, "L": (a - y) ** 2}
graph = engine.InfluenceGraph(
    [("x", "z", w), ("w", "z", x), ("b", "z", 1.0), ("z", "a", 1 - a**2), ("a", "L", 2 * (a - y))]
)
totals = engine.total_derivatives(graph, "L")
figures.show(
    figures.influence_diagram(graph, values=value_of, totals=totals, of="L"),
    alt="Three nodes x, w and b lead to z, z leads to a, and a to L. Arrows carry local derivatives; at each node stands the "
    "derivative of L by it.",
)

# %% [markdown]
# ## 6 · A tape in sixty lines
#
# Drawing the graph by hand is tedious, and so is writing a backward pass for each new network. Let the program do both. The
# idea: run the forward computation with special numbers that *remember how they were made*. The record of a run is
# called a **tape**. Played backwards, it gives all gradients.
#
# A `Node` holds a value, the nodes it was made from, and one rule for each of these. A rule takes the gradient of the node
# and returns the contribution to that parent. `grad` has the shape of `value`, as always in this course. A single number
# is an array with one entry.


# %%
class Node:
    """A value, the nodes that it was made from, and for each of these the rule that takes a gradient back to it."""

    __array_ufunc__ = None  # an array to the left of a node leaves the work to the node

    def __init__(self, value, parents=(), rules=()):
        self.value = np.atleast_1d(np.asarray(value, dtype=float))
        self.parents, self.rules = parents, rules
        self.grad = np.zeros_like(self.value)

    def __add__(self, other):
        return add(self, as_node(other))

    def __mul__(self, other):
        return multiply(self, other) if isinstance(other, Node) else scale(self, other)

    def __sub__(self, other):
        return self + as_node(other) * -1.0

    __radd__, __rmul__ = __add__, __mul__


def as_node(value):
    """The value itself if it is a node, else a node without parents."""
    return value if isinstance(value, Node) else Node(value)


# %% [markdown]
# Python calls `__add__` for `+` and `__mul__` for `*`. Now the operations. Sum and product are easy as long as both nodes
# have the same shape. The affine layer brings along the three rules of lecture 8, one for each of its parents.
#
# Why not build the layer from a matrix product and a sum? Because numpy **broadcasts**. It adds a bias of shape $(M,)$ to a
# batch of shape $(N,M)$ by using each entry of the bias $N$ times. An entry that is used $N$ times gets $N$ contributions,
# and they add up. The affine layer knows this: its $db$ is a sum over the samples. A sum of nodes of *any* two shapes would
# have to find out for itself what numpy repeated. Ours asks for equal shapes; homework 5 goes all the way.


# %%
def add(a, b):
    """The sum of two nodes of one shape."""
    return Node(a.value + b.value, (a, b), (lambda G: G, lambda G: G))


def multiply(a, b):
    """The product of two nodes of one shape, entry by entry."""
    return Node(a.value * b.value, (a, b), (lambda G: G * b.value, lambda G: G * a.value))


def scale(a, factor):
    """A number times a node."""
    return Node(factor * a.value, (a,), (lambda G: factor * G,))


def affine(X, W, b):
    """The affine layer of the nodes X (N, D), W (M, D) and b (M,)."""
    rules = (lambda G: G @ W.value, lambda G: G.T @ X.value, lambda G: G.sum(axis=0))
    return Node(engine.affine(X.value, W.value, b.value), (X, W, b), rules)


def total(a):
    """The sum of all entries of a node."""
    return Node(a.value.sum(), (a,), (lambda G: np.broadcast_to(G, a.value.shape),))


def apply(phi, a):
    """A node for any map of the engine: activations, softmax, product units, max units."""
    out = phi(a.value)
    return Node(out, (a,), (lambda G: phi.vjp(G, a.value, out),))


# %% [markdown]
# The product rule is the multiplicative unit of section 2: each factor receives the other times what arrived. And `apply`
# turns every map of the engine into a node, with the rules that we tested one by one.
#
# Two pieces are missing. A node may pass its gradient on only when the gradient is *complete*, that is, after all nodes that
# were made from it. A list with parents before children is called a **topological order**; we walk through it backwards.
# And each contribution is added with `+=`. (`visit` calls itself; a program of more than about a thousand steps in a row
# would need a loop in its place.)


# %%
def order(result):
    """The node and all nodes below it, each once, parents before children."""
    seen, listed = set(), []

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in node.parents:
                visit(parent)
            listed.append(node)

    visit(result)
    return listed


def backward(result):
    """Leave in every node below a single number the gradient of that number."""
    nodes = order(result)
    for node in nodes:
        node.grad = np.zeros_like(node.value)
    result.grad = np.ones_like(result.value)
    for node in reversed(nodes):
        for parent, rule in zip(node.parents, node.rules, strict=True):
            parent.grad += rule(node.grad)


# %% [markdown]
# That is a complete engine for reverse mode. Let us try it on an affine layer with a bias, a softmax, and a product unit on
# top. The check takes central differences of the same program.


# %%
def program(W, b):
    """Some number computed from a weight matrix (4, 3) and a bias (4,), arrays or nodes."""
    Z = affine(Node(inputs), as_node(W), as_node(b))
    return total(apply(engine.product_units([[0, 1], [1, 1]]), apply(engine.softmax, Z)))


inputs = rng.normal(size=(5, 3))
W, b = Node(rng.normal(size=(4, 3))), Node(rng.normal(size=4))
backward(program(W, b))
print("nodes on the tape:", len(order(program(W, b))))
print(check.gradient(W.grad, lambda T: program(T, b).value.item(), at=W.value, name="dW"))
print(check.gradient(b.grad, lambda t: program(W, t).value.item(), at=b.value, name="db"))

# %% [markdown]
# EECS545 repeats its computational graph after the practice slides. Now we need not draw it by hand. The tape *is* the
# graph: nodes, arrows, and local derivatives. The cell runs the neuron of section 5 on nodes and reads the tape, and
# `backward` supplies the totals. Compare them with the figure there.


# %% slides=["EECS545-F20"]
def operations(result, names):
    """The tape below a single number, for the figure; ``names`` gives each node its name and its operation."""
    listed = []
    for node in order(result):
        parents = tuple(names[parent][0] for parent in node.parents)
        local = tuple(rule(np.ones(1)).item() for rule in node.rules)
        listed.append(figures.Operation(*names[node], parents, local, node.value.item(), node.grad.item()))
    return listed


w, x, b, c = Node(-1.5), Node(0.8), Node(0.4), Node(-0.5)  # c is minus the target
p = w * x
z = p + b
a = apply(engine.tanh, z)
r = a + c
L = r * r
backward(L)
named = {"w": w, "x": x, "b": b, "z": z, "a": a}
print("same totals as by hand:", all(agrees(node.grad.item(), totals[name]) for name, node in named.items()))
names = {w: ("w", ""), x: ("x", ""), b: ("b", ""), c: ("c", "")}
names |= {p: ("p", "×"), z: ("z", "+"), a: ("a", "tanh"), r: ("r", "+"), L: ("L", "×")}
figures.show(
    figures.expression_graph(operations(L, names)),
    alt="The tape of the neuron as boxes: w times x is p, p plus b is z, tanh of z is a, a plus c is r, r times r is L. Two "
    "arrows lead from r to L. Arrows carry local derivatives, and below each box stands the derivative of L by it.",
)

# %% [markdown]
# The tape is finer than our drawing. It has a node for every single operation, and it sees that $r$ enters $r\cdot r$
# twice: two arrows, whose contributions `+=` adds up to $2r$.
#
# ### Why not follow the paths?
#
# The derivative is a sum over all paths, and one could walk down each path separately. Double a number 30 times, with
# `end = end + end`. How many paths lead from the start to the end, and how many nodes does the tape visit?

# %%
start = Node(1.0)
end = start
for _ in range(30):
    end = end + end
backward(end)
print("paths, and the derivative:", int(start.grad.item()))
print("nodes on the tape:        ", len(order(end)))

# %% [markdown]
# Each path contributes 1, and there are over a billion of them. The topological order visits each node once and still adds
# up all the paths.
#
# ### Break it
#
# Three details carry the engine: the order, the `+=`, and the clearing of old gradients before each sweep. The next cells
# leave out one of them at a time. Four small programs are the judges, and each is swept twice, so that gradients that were
# kept can do harm. Before you look at the table: which fault is found by which program?


# %%
def as_met(result):
    """The nodes in the order in which they are met from the result downwards, level by level."""
    met = [result]
    for node in met:
        met += [parent for parent in dict.fromkeys(node.parents) if parent not in met]
    return met


def faulty_backward(result, fault):
    """The backward sweep with one of its three details left out."""
    nodes = as_met(result) if fault == "order as met" else list(reversed(order(result)))
    for node in nodes:
        if fault != "old gradients kept":
            node.grad = np.zeros_like(node.value)
    result.grad = np.ones_like(result.value)
    for node in nodes:
        for parent, rule in zip(node.parents, node.rules, strict=True):
            parent.grad = rule(node.grad) + (0 if fault == "= for +=" else parent.grad)


def fork(t):
    """A program in which a value that is not an input is used twice."""
    square = t * t
    return total(square + apply(engine.tanh, square))


PROGRAMS = {
    "chain": lambda t: total(apply(engine.tanh, t * 3.0)),
    "square": lambda t: total(t * t),
    "detour": lambda t: total(t + apply(engine.tanh, t)),
    "fork": fork,
}


# %%
def judge(fault):
    """What the gradient check says of each program's input after two sweeps with a fault."""
    verdicts = {}
    for name, run in PROGRAMS.items():
        t = Node([0.3, -0.8, 1.1])
        result = run(t)
        faulty_backward(result, fault)
        faulty_backward(result, fault)
        verdicts[name] = check.gradient(t.grad, lambda v, run=run: run(Node(v)).value.item(), at=t.value).status
    return verdicts


table = {fault: judge(fault) for fault in ("none", "= for +=", "order as met", "old gradients kept")}
for fault, row in table.items():
    print(f"{fault:19} right in {list(row.values()).count('correct')} of {len(row)} programs")
figures.show(
    figures.verdict_grid(table),
    alt="A table of four rows and four programs. Without a fault all are right. With = for += only the chain is right. With "
    "the order as met only the fork is wrong. With old gradients kept all four are wrong.",
)

# %% [markdown]
# The chain finds nothing but kept gradients, since each value in it is used once. The order matters only for the fork: there
# a value *in the middle* is used twice, and it must wait for both contributions. So a good test of an engine shares values,
# at the inputs and in the middle.
#
# ## 7 · The answer to the question
#
# Now the riddle from the beginning, on our own tape.


# %%
def riddle(z):
    """10 relu(z) - 10 relu(-z) - 9 z, which is z."""
    return apply(engine.relu, z) * 10.0 - apply(engine.relu, z * -1.0) * 10.0 - z * 9.0


for point in (-1.0, -0.001, 0.0, 0.001, 1.0):
    z = Node(point)
    f = riddle(z)
    backward(f)
    print(f"z = {point:6.3f}   f(z) = {f.value.item() + 0.0:6.3f}   slope on the tape = {z.grad.item():5.1f}")
    if point == 0.0:
        answer = z.grad.item()
print(f"at 0 the engine reports {answer:.0f}; your number was {my_guess}")

# %% [markdown]
# Minus nine, where the slope is 1: not even the sign is right. What went wrong? No rule is false. Let $\alpha$ stand for
# the slope that the engine takes for relu at 0. The chain rule, term by term, gives
# $10\alpha + 10\alpha - 9 = 20\alpha-9$. With $\alpha=0$ this is $-9$, with $\alpha=1$ it is 11, and only
# $\alpha=\frac12$ gives 1. Each of these $\alpha$ is a subgradient of relu. But the second relu enters with a minus sign,
# and there it is a kink that points up. The two kinks cancel in $f$; the two choices of a slope do not.
#
# So this is the limit of "any slope between 0 and 1 will do". It holds for relu alone. In a larger function the chain rule
# gives a *set* of slopes, here everything from $-9$ to 11. The true slope is in the set, but the engine returns some
# element of it. The next cell lets the tape confirm this. It gives relu a rule of its own, with a free slope at 0.


# %%
def relu_with_slope(a, alpha):
    """The relu of a node, with alpha for its slope at 0."""
    slope = np.where(a.value == 0, alpha, a.value > 0)
    return Node(np.maximum(a.value, 0), (a,), (lambda G: G * slope,))


for alpha in (0.0, 0.5, 1.0):
    z = Node(0.0)
    backward(relu_with_slope(z, alpha) * 10.0 - relu_with_slope(z * -1.0, alpha) * 10.0 - z * 9.0)
    print(f"relu slope {alpha}: the tape gives {z.grad.item():5.1f}, and 20 alpha - 9 is {20 * alpha - 9:5.1f}")
figures.show(
    figures.subgradients(
        lambda z: 10 * np.maximum(z, 0) - 10 * np.maximum(-z, 0) - 9 * z, [-9, 1, 11], title="The riddle at z = 0"
    ),
    alt="The riddle is a straight line of slope 1 through 0. Lines of slope -9 and 11, which the chain rule gives for relu "
    "slopes 0 and 1, are dashed and rise above it on one side. Below: the only slope that stays below is 1.",
)

# %% [markdown]
# Does it matter in practice? A kink is hit only when a pre-activation is *exactly* zero. Random numbers hardly ever are, but
# zeros have their own ways into a network: an input of zeros, such as a black picture, together with biases that start at
# zero; or weights that start at zero. The next cell counts random points, and then the units of a fresh network.

# %%
points = Node(rng.normal(size=10_000))
backward(total(riddle(points)))
print("random points with slope 1:          ", int(np.sum(np.isclose(points.grad, 1))), "of 10000")
fresh = engine.MLP([8, 16, 1], activation=engine.relu).initialize(rng)
sample = rng.normal(size=(1, 8))
print("pre-activations at 0, random input:  ", int(np.sum(fresh.forward(sample).Z[0] == 0)), "of 16")
print("pre-activations at 0, input of zeros:", int(np.sum(fresh.forward(0 * sample).Z[0] == 0)), "of 16")

# %% [markdown]
# ## 8 · A network of nodes
#
# EECS545's recipe for deep networks is short: stack blocks of layers, and the gradients follow by backpropagation on the
# graph. First the stacking. A block of layers is a map like a single layer, so blocks may be stacked and nested in any way.
# The nested network and the flat one are the same.

# %% slides=["EECS545-C25"]
widths = [(3, 5), (5, 4), (4, 4), (4, 2)]
maps = [engine.affine_map(rng.normal(size=(m, n)) / 2, rng.normal(size=m)) for n, m in widths]
lower = engine.compose(maps[0], engine.tanh, maps[1], engine.sigmoid)
upper = engine.compose(maps[2], engine.tanh, maps[3])
nested = engine.compose(lower, upper)
flat = (maps[0], engine.tanh, maps[1], engine.sigmoid, maps[2], engine.tanh, maps[3])
X, G = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
print("same output:        ", agrees(nested(X), engine.trace(flat, X)[-1]))
print("same input gradient:", agrees(nested.vjp(G, X, nested(X)), engine.vjp(flat, X, G)))

# %% [markdown]
# The pictures of stacked layers with arrows in both directions are lost from the text version. In ours each box on the
# way back holds a gradient of the same shape as the box above it. The cell also compares four of them with our tape.


# %% slides=["EECS545-F17"]
def network(A, layers):
    """Affine layers with tanh between them, and all values on the way. Nodes A (N, n_0), W (out, in), b (out,)."""
    values = [A]
    for place, (W, b) in enumerate(layers, start=1):
        Z = affine(values[-1], W, b)
        values += [Z, Z if place == len(layers) else apply(engine.tanh, Z)]
    return values


def half_mean_square(A, Y):
    """The loss of the engine's regression networks on nodes: half the squared error, averaged over samples."""
    residual = A - Y
    return total(residual * residual) * (0.5 / len(Y))


net = engine.MLP([3, 4, 2]).initialize(rng)
net.parameters.flat[:] += 0.1 * rng.normal(size=len(net.parameters))
X, Y = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
layers = [(Node(W), Node(b)) for W, b in zip(net.Ws, net.bs, strict=True)]
values = network(Node(X), layers)
backward(half_mean_square(values[-1], Y))
run = net.forward(X)
swept = engine.backward(net.loss.gradient(run.A[-1], Y), run, net.Ws, net.activations)
by_engine = {"dX": swept.dX, "dZ1": swept.dZs[0], "dA1": swept.dAs[0], "dZ2": swept.dZs[1]}
for (name, gradient), node in zip(by_engine.items(), values[:4], strict=True):
    print(f"{name:4}", gradient.shape, "tape as engine:", agrees(node.grad, gradient))
figures.show(
    figures.computational_graph(net, X, Y),
    alt="Boxes X, Z1, A1, Z2, A2 and the loss in a line. Blue arrows run right through the values, orange arrows run left "
    "through the gradients below, and each gradient has the shape of the value above it.",
)

# %% [markdown]
# And the gradients follow, whatever the depth. From one layer to eight, the tape agrees with the engine and with central
# differences, without a new line of code.


# %% slides=["EECS545-C26"]
def loss_at(net, flat):
    """The loss of the network on X and Y at a flat vector of parameters."""
    kept = net.parameters.flat.copy()
    net.parameters.flat[:] = flat
    result = net.loss(net(X), Y)
    net.parameters.flat[:] = kept
    return result


for depth in range(1, 9):
    net = engine.MLP([3, *[4] * (depth - 1), 2]).initialize(rng)
    layers = [(Node(W), Node(b)) for W, b in zip(net.Ws, net.bs, strict=True)]
    loss = half_mean_square(network(Node(X), layers)[-1], Y)
    backward(loss)
    taped = np.concatenate([node.grad.ravel() for layer in layers for node in layer])
    same = agrees(taped, net.loss_and_gradient(X, Y)[1])
    verdict = check.gradient(taped, lambda v, net=net: loss_at(net, v), at=net.parameters.flat.copy(), name="all")
    print(
        f"depth {depth}: {len(order(loss)):3d} nodes, {taped.size:3d} parameters, engine {same}, check {verdict.status}"
    )

# %% [markdown]
# ## 9 · Errata corner
#
# CSC561's slides on special units are short, and most of what follows is a condition that a short slide leaves out. The
# classes of this course: **wrong** as printed; **notation**, symbols that disagree; **conditions**, true under conditions
# that are not stated; **gap**, something needed is missing; **typo**, a slip of a word or letter; **extraction**, damage
# from turning the slides into text. Today only *notation* and *conditions* occur.
#
# Three of them, taken literally. Before you run a cell, say what it will find. First the product rule for an output that
# feeds two products. The slide's formula takes one path.

# %%
for row in ("CSC561-E25", "CSC561-E26"):
    try:
        slides.verify_printed(row)
    except slides.Mismatch as mismatch:
        print(row, "as printed:", mismatch)
t = Node(3.0)
backward(t * t)
print("y squared at 3: one path gives", t.value.item(), ", both give", t.grad.item())

# %% [markdown]
# Second, the relation at the kink. Is there any $\alpha$ with which $\Delta f=\alpha\,\Delta z$ holds on both sides?

# %%
candidates = np.linspace(-1, 2, 301)
equal = [alpha for alpha in candidates if np.allclose(change, alpha * both_sides)]
at_least = [alpha for alpha in candidates if np.all(change >= alpha * both_sides - 1e-12)]
print("slopes with equality: ", len(equal), "of 301")
print(f"slopes with at least:  {len(at_least)} of 301, from {min(at_least):.2f} to {max(at_least):.2f}")

# %% [markdown]
# Third, the maximum at a tie. Here is a warning about our own tools as well. The check moves one entry at a time. At a tie it
# accepts every slope between those of both sides, for each entry by itself, and so it lets "1 to each" pass. A step that
# moves both entries tells the truth.

# %%
each = np.array([0.0, 1.0, 1.0, 0.0])
print(check.gradient(each, np.max, at=tied, name="1 to each"))
together = 0.1 * np.array([0, 1, 1, 0])
print(f"both up by 0.1: foretold {each @ together:.1f}, true {np.max(tied + together) - np.max(tied):.1f}")

# %% [markdown]
# The full list for this lecture. The last column names the section that shows it.
#
# | row | class | what stands there | what is right | section |
# |---|---|---|---|---|
# | CSC561-E23 | notation | called special case 2, without a case 1 | vector activations (lecture 9) are case 1 | 2 |
# | CSC561-E24 | notation | $j$ is summed here and names a factor on the next line | two letters, such as $m$ and $j$ | 2 |
# | CSC561-E25 | conditions | $\partial\mathrm{Div}/\partial y_j=y_l\,\partial\mathrm{Div}/\partial o_i$ | this is one path; all products that use $y_j$ contribute, and for $o=y_j^2$ the derivative is $2y_j$ | 2, 9 |
# | CSC561-E26 | conditions | $\partial\mathrm{Div}/\partial y_l=y_j\,\partial\mathrm{Div}/\partial o_i$ | one path, too; all products that use $y_l$ contribute | 2, 9 |
# | CSC561-E27 | notation | $\Delta f(z)=\alpha\,\Delta z$ at the kink | $f(z)\ge f(0)+\alpha z$; equality on one side at most | 4, 9 |
# | CSC561-C19 | conditions | any slope between 0 and 1 will do | for relu alone; $\mathrm{relu}(z)-\mathrm{relu}(-z)=z$ gets the slope $2\alpha$ | 4, 7 |
# | CSC561-C21 | conditions | then use subgradients | they exist for convex pieces; the loss of a network is not convex, and the chain rule then gives a set that contains the true slope | 4, 7 |
# | CSC561-C22 | conditions | 1 for the largest input | at a tie any weights from 0 to 1 that add up to 1; not 1 for every tied input | 3, 9 |
#
# ## 10 · Exercises
#
# Each cell below answers with the check's verdict. A function that returns nothing is told so; fill it in and run
# again.
#
# **1 · A product layer** (★★, 15 minutes). Write the backward rule of a layer of products for a whole batch, without a loop
# over samples. Inputs may be shared by several products, and one input may be both factors of a product.
#
# <details><summary>Hint 1</summary>Compute the contributions to all first factors at once, and those to all second factors.
# Their shape is (N, number of products).</details>
#
# <details><summary>Hint 2</summary>Beware of <code>dY[:, first] += ...</code>: if an index appears twice, numpy keeps only
# one of the contributions. <code>np.add.at</code> adds all of them.</details>


# %%
def product_backward(G, Y, pairs):
    """The gradient (N, D) of the inputs Y (N, D), from the gradient G (N, M) of the products; pairs (M, 2)."""


Y4, G3 = rng.normal(size=(5, 4)), rng.normal(size=(5, 3))
for title, table in (
    ("apart", [[0, 1], [2, 3], [1, 3]]),
    ("shared", [[0, 1], [0, 2], [0, 3]]),
    ("squared", [[0, 0]] * 3),
):
    layer = engine.product_units(table)
    got = product_backward(G3, Y4, np.array(table))
    print(check.gradient(got, lambda T, layer=layer: np.sum(G3 * layer(T)), at=Y4, name=f"dY, {title}"))

# %% [markdown]
# **2 · Which weights are subgradients of the maximum?** (★★, 15 minutes). Write a test that says for weights $g$ and inputs
# $z$ whether $\max(z')\ge\max(z)+g\cdot(z'-z)$ holds for all $z'$. No search is needed; three conditions on $g$ decide it.
#
# <details><summary>Hint 1</summary>Move all inputs up by the same amount, then down. What does that say about the sum of
# g?</details>
#
# <details><summary>Hint 2</summary>Move one input far down. What does that say about the sign of its weight? Then
# think of an input that is not the largest.</details>


# %%
def is_subgradient_of_max(g, z):
    """True where g (D,) is a subgradient of max at z (D,)."""


z_tied = np.array([0.3, 1.7, 1.7, 1.2])
candidates = [[0, 1, 0, 0], [0, 0.5, 0.5, 0], [0, 1, 1, 0], [0, 1.5, -0.5, 0], [0.1, 0.5, 0.4, 0], [0, 0.2, 0.8, 0]]
answers = [is_subgradient_of_max(np.array(g), z_tied) for g in candidates]
mine = None if None in answers else np.array(answers, dtype=float)
print(check.value(mine, np.array([1.0, 1.0, 0.0, 0.0, 0.0, 1.0]), name="the six answers", reveal=False))

# %% [markdown]
# **3 · Seven** (★★★, 15 minutes). On paper: where does an engine with $\alpha=0$ return 0, and one with $\alpha=1$ return 2,
# though the derivative is 1? Then write a program of nodes that equals $z$ for every $z$, and for which *our* tape reports
# the slope 7 at 0.
#
# <details><summary>Hint 1</summary>Look for a function that is z, but that the tape takes for flat at 0.</details>
#
# <details><summary>Hint 2</summary>Subtract it from z. The difference is zero everywhere, and its slope on the tape is
# not. Any multiple of it may be added.</details>


# %%
def seven(z):
    """A node with the value of the node z, and with the slope 7 on the tape at 0."""


z = Node(0.0)
result = seven(z)
if result is None:
    print("not yet: seven returns nothing")
else:
    backward(result)
    values = np.array([seven(Node(t)).value.item() for t in (-2.0, 0.5, 3.0)])
    print(check.value(values, np.array([-2.0, 0.5, 3.0]), name="the values"))
    print(check.value(z.grad, np.array([7.0]), name="the slope at 0"))

# %% [markdown]
# **4 · A gradient check that skips kinks** (★★★, 20 minutes). Write central differences that notice kinks. For each entry
# compare the slope of a step to the right with that of a step to the left, *for two sizes of the step*. On a smooth curve
# their difference shrinks with the step; at a kink it stays. Return the gradient and a mask of the kinks.
#
# <details><summary>Hint 1</summary>Halve the step. A difference that comes from curvature halves as well. One that
# comes from a kink does not change.</details>
#
# <details><summary>Hint 2</summary>Call an entry a kink if the difference at the half step is more than three quarters of
# that at the whole step, and larger than rounding could make it, say 1e-4.</details>


# %%
def gradient_and_kinks(f, x, h=1e-3):
    """Central differences (D,) of f at x (D,), and a mask (D,) that is True where f has a kink along an entry."""
    return None, None


def bent(x):
    """Kinks along entries 0 and 3 at the point below, smooth along the others."""
    return np.maximum(x[0], 0) + np.sin(3 * x[1]) + np.maximum(x[2], 0) ** 2 + np.abs(x[3] - 1) + 5 * x[1] * x[4] ** 2


at = np.array([0.0, 0.4, 0.7, 1.0, -0.2])
gradient, kinks = gradient_and_kinks(bent, at)
print(
    check.value(
        None if kinks is None else np.array(kinks, float), np.array([1.0, 0, 0, 1, 0]), name="the mask", reveal=False
    )
)
smooth = None if gradient is None else np.array(gradient)[[1, 2, 4]]
expected = np.array([3 * np.cos(1.2) + 5 * 0.04, 1.4, 10 * 0.4 * -0.2])
print(check.value(smooth, expected, name="the smooth entries", tolerance=1e-4))

# %% [markdown]
# **5 · A rule of your own** (★★, 10 minutes). Add the log-sum-exp of lecture 9 to the tape: one number for each row. Its
# backward rule is one line.
#
# <details><summary>Hint</summary>The derivative of the log-sum-exp by the logits has a name. Mind the shapes: the gradient
# that arrives is (N, 1).</details>


# %%
def log_sum_exp(a):
    """A node (N, 1) with the log-sum-exp of each row of the node a (N, K)."""


logits = Node(rng.normal(size=(4, 3)))
result = log_sum_exp(logits)
if result is None:
    print("not yet: log_sum_exp returns nothing")
else:
    print(check.value(result.value, engine.log_sum_exp(logits.value), name="the value"))
    backward(total(result * result))
    print(check.gradient(logits.grad, lambda T: np.sum(engine.log_sum_exp(T) ** 2), at=logits.value, name="the rule"))

# %% [markdown]
# ## 11 · Check yourself, and what to read
#
# The numeric checks of all statements of this lecture, on numbers of their own. Rows that fail *as printed* are listed
# too.

# %%
print(slides.self_check("NB10"))

# %% [markdown]
# **To take home.** Every operation needs two rules, forward and backward, and each can be tested alone. A tape, an order and
# `+=` make an engine of them. At a kink an engine returns one slope out of many; in a larger function even that slope may
# belong to nothing. And a test of an engine needs values that are used twice.
#
# **To read.** *Probabilistic Machine Learning: An Introduction*, chapter 13 (the section on backpropagation, with
# computation graphs) and chapter 8 (optimization, with subgradients); *Deep Learning*, chapter 6, the section on
# back-propagation and other differentiation algorithms; *The Elements of Statistical Learning*, chapter 11 (neural
# networks). Next lecture: training in practice, where the gradients of today take their steps.
