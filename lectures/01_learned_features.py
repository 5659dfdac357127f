# %% [markdown]
# # 1 · From a linear model to learned features
#
# A model sees the world through the numbers that it is given. Good numbers make a hard problem easy, and bad ones make
# an easy problem impossible. Today we first choose such numbers by hand, then let a model find them by itself. A model
# that does so in several steps is a neural network.
#
# **Question of the day.** Points fall evenly on a square. Half of the square is a disc around its centre, and each
# point is labelled *inside* or *outside* of the disc. You may draw one straight line and call one side of it inside and
# the other outside. *For how many percent of the points can the best of all lines be right?* Write your number into the
# next cell before you run on.

# %%
my_guess = 0  # a number from 0 to 100

# %% [markdown]
# | | section | minutes |
# |---|---|---|
# | 1 | How this course works | 6 |
# | 2 | The linear model, and what it is linear in | 13 |
# | 3 | A representation decides, and the answer to the question | 15 |
# | 4 | Features made by hand | 12 |
# | 5 | Learned features | 14 |
# | 6 | Layers upon layers | 11 |
# | 7 | Three representations to compare, and the question once more | 4 |
# | 8 | Features that serve again, and a map of methods | at home, 15 |
# | 9 | Errata corner | at home, 15 |
# | 10 | Exercises | at home, 75 |
# | 11 | Check yourself, and what to read | at home, 10 |
#
# ## 1 · How this course works
#
# This is the first of twelve lectures. You should know partial derivatives and the chain rule, the product of two
# matrices, and how to index an array in numpy. Nothing about learning machines is assumed.
#
# A lecture is a notebook. Put the cursor into a cell and press **Shift+Enter**: the cell runs and the next one is
# selected. Run the cells in order, from the top, and change whatever makes you curious; *Kernel, Restart* brings
# everything back. Where a question is asked, write down your guess first. A guess that turns out wrong is remembered
# longer than a sentence that was read.
#
# The lectures follow four decks of university slides, called CEE616, CEE697M, EECS545 and CSC561. Nearly every
# statement of theirs is computed here and not only quoted. Each deck has its own letters. We use one *house notation*,
# and a **translation box** leads from a deck's letters to ours.
#
# In the exercises your answer is judged at once, in words:

# %%
import numpy as np

from coursekit import check, engine, figures, slides

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(4)

print(check.value(np.array([1.0, 4.0, 9.0]), np.array([1, 2, 3]) ** 2, name="three squares"))
print(check.value(np.array([1.0, 4.0, 8.0]), np.array([1, 2, 3]) ** 2, name="with a slip"))

# %% [markdown]
# House notation in three lines. A **sample** is a row of $D$ numbers, its *inputs*. A **batch** of $N$ samples is a
# matrix $X$ of shape $(N, D)$. A weight matrix $W$ has the shape (out, in): one row for each output.
#
# ## 2 · The linear model, and what it is linear in
#
# The simplest model that deserves the name multiplies each input with a number of its own, adds up, and adds one number
# more:
# $$f(x;\theta) = w^\top x + b .$$
# The $w$ are the **weights**, $b$ is the **bias**, and together they are the **parameters** $\theta$: the numbers that
# learning may change. The semicolon keeps the two kinds of arguments apart. Inputs come from the world, parameters are
# ours.
#
# What do the parameters do? Ask the derivatives. Turn $w_j$ a little, and the output moves by $x_j$ times as much. Turn
# $b$, and it moves by just as much. The cell measures both: it moves one parameter after the other a little to both
# sides and divides the change of the output by the distance.

# %% slides=["CEE697M-E01"]
w, x, b = np.array([2.0, -1.0, 0.5]), np.array([1.0, 3.0, 4.0]), 0.7
by_w = check.numeric_gradient(lambda w: w @ x + b, w).gradient
by_b = check.numeric_gradient(lambda b: w @ x + b, b).gradient
print("f(x), one number:       ", round(w @ x + b, 4))
print("as a batch of one:      ", engine.affine(x[None], w[None], np.array([b])))
print("derivative by each w_j: ", by_w, " the inputs:", x)
print("derivative by b:        ", np.round(by_b, 4))

# %% [markdown]
# A linear model can follow a slope and nothing else. Let the truth be $y=x^2$ on the interval from $-1$ to $1$. The
# best line is flat: it explains nothing at all.
#
# The remedy is older than neural networks. Compute new numbers from the input, the **features** $\phi(x)$, and let the
# linear model see those:
# $$f(x;\theta) = W\phi(x) + b .$$
# With the features $x$ and $x^2$ the parabola is in reach. Note in what sense this model is still linear. The curve
# over $x$ is not a line, but the output is linear in the *parameters* $W$ and $b$. So the best parameters come from one
# system of linear equations, by least squares.
#
# > **Translation box**
# >
# > | CEE697M | house | shape |
# > |---|---|---|
# > | $x$, a column | a row of $X$ | $(N, D)$ for $N$ samples |
# > | $w^\top x + b$ | $X W^\top + b$ with one row in $W$ | $(N, 1)$ |
# > | $Wx+b$ | $XW^\top+b$ | $(N, M)$ for $M$ outputs |
# > | $\phi(x)$, features | $\Phi$, one row for each sample | $(N, M)$ for $M$ features |


# %% slides=["CEE697M-E02"]
def least_squares(features, y):
    """The predictions of the best affine model on features (N, M) for targets y (N, 1)."""
    with_ones = engine.augment(features)  # a column of ones in front carries the bias
    return with_ones @ np.linalg.lstsq(with_ones, y)[0]


x_grid = np.linspace(-1, 1, 41)[:, None]
y_grid = x_grid**2
fits = {"x alone": x_grid, "x and x²": np.hstack([x_grid, x_grid**2])}
fits = {name: least_squares(features, y_grid) for name, features in fits.items()}
for name, fit in fits.items():
    print(f"features {name:9} largest error {np.abs(fit - y_grid).max():.4f}")
figures.show(
    figures.learning_curves(
        {f"fit on {name}": fit[:, 0] for name, fit in fits.items()},
        at=x_grid[:, 0],
        x="x",
        y="prediction",
        title="The best affine model of y = x², on one feature and on two",
    ),
    alt="Two curves over x from -1 to 1. The fit on x alone is a flat line at 0.35. The fit on x and x squared is the "
    "parabola itself, from 1 down to 0 and up to 1 again.",
)

# %% [markdown]
# The model did not become cleverer. It was given a better **representation** of the same input.
#
# ## 3 · A representation decides, and the answer to the question
#
# Now the points on the square. Here are 300 to learn from and 4000 new ones to judge by. New points matter: a model may
# know those that it was trained on by heart. The label 1 means inside.

# %%
X, Y = engine.disc(300, rng)
X_new, Y_new = engine.disc(4000, rng)
labels, labels_new = Y[:, 0].astype(int), Y_new[:, 0].astype(int)
print("inputs:", X.shape, " labels:", labels.shape, " share of inside:", np.round(labels.mean(), 2))

# %% [markdown]
# A line has two numbers, its direction and its distance from the centre. There is no need for theory: try 180
# directions and, for each, every distance that changes anything. Sorted along the direction, the points of a class are
# counted with a running sum.


# %%
def best_line(X, labels, directions=180):
    """The largest share of points that a line can have on the right side, and the line: its normal and offset."""
    best = (0.0, None, None)
    for angle in np.linspace(0, np.pi, directions, endpoint=False):
        normal = np.array([np.cos(angle), np.sin(angle)])
        order = np.argsort(X @ normal)
        ones_below = np.concatenate([[0], np.cumsum(labels[order])])  # for 0, 1, ..., N points below the line
        right = np.arange(len(X) + 1) - ones_below + labels.sum() - ones_below  # below is outside, above is inside
        for sign, count in ((1, right), (-1, len(X) - right)):
            place = int(count.argmax())
            if count[place] / len(X) > best[0] and 0 < place < len(X):
                offset = (X @ normal)[order[place - 1 : place + 1]].mean()
                best = (count[place] / len(X), sign * normal, sign * offset)
    return best


share, normal, offset = best_line(X_new, labels_new)
print(f"the best of all lines is right for {share:.0%} of the points; your guess was {my_guess} %")
figures.show(
    figures.decision_boundary(
        figures.Plane(X_new[:600], lambda P: (P @ normal > offset).astype(int), "The best straight line"),
        labels=labels_new[:600],
        names=("outside", "inside"),
    ),
    alt="A square of points, those inside of a disc as orange triangles, those outside as blue circles. The best line "
    "cuts off a strip at one side of the square. Every point outside of the disc that is not in the strip is on the "
    "wrong side.",
)

# %% [markdown]
# The line gives up on the disc. It cuts off a strip where *outside* is in the majority and calls all the rest inside.
# Exercise 4 finds the exact share with a short integral.
#
# A machine does not try all lines. It sums up in one number, the **loss**, how wrong the model is. From random
# parameters on it follows the slope of the loss downhill, in many small steps. How that works is the subject of
# lectures 4 to 8; until then `train` below is a tool. It gives each class a score, here a linear function of the
# features, and the loss is small where the scores of the right classes are large. With linear scores this is called
# **logistic regression**.
#
# EECS545 claims that success depends on the representation of the data. The experiment changes nothing else: same
# points, same tool, once with the raw coordinates $x_1,x_2$ and once with the single feature $r^2 = x_1^2+x_2^2$.


# %% slides=["EECS545-C1"]
def train(sizes, features, labels, lr=0.1, epochs=400, seed=0):
    """A trained classifier with these widths: features first, two classes last, hidden units (if any) between."""
    net = engine.MLP(sizes, activation=engine.tanh, loss=engine.cross_entropy_from_logits)
    net.initialize(np.random.default_rng(seed))
    engine.fit(net, features, engine.one_hot(labels, 2), optimizer=engine.adam(), lr=lr, epochs=epochs)
    return net


def accuracy(net, features, labels):
    """The share of samples whose largest score is that of their class."""
    return np.mean(net(features).argmax(axis=1) == labels)


def squared_radius(X):
    """One feature for each point: its squared distance from the centre, (N, 1)."""
    return np.sum(X**2, axis=1, keepdims=True)


on_raw = train([2, 2], X, labels)
on_radius = train([1, 2], squared_radius(X), labels)
print(f"raw coordinates x1, x2:   {accuracy(on_raw, X_new, labels_new):.0%} of new points right")
print(f"squared radius:           {accuracy(on_radius, squared_radius(X_new), labels_new):.0%} of new points right")

# %% [markdown]
# From little better than a coin to nearly perfect, by a change of coordinates. (On the raw coordinates the best of
# all lines did better. Training makes the loss small and not the number of mistakes, and where no line fits, the two
# can part.)
#
# The slides had two pictures of this, which the text version has lost: the *input space* beside the *feature space*.
# Take the two features $x_1^2$ and $x_2^2$. A point is inside where their sum is small, and
# $\phi_1+\phi_2=\text{constant}$ is a straight line. In the input space the same boundary is a circle.


# %% slides=["EECS545-F1"]
def inside_by_line(features):
    """Below the line phi_1 + phi_2 = 2/pi: class 1, inside."""
    return (features.sum(axis=1) < 2 / np.pi).astype(int)


mistakes = int(np.sum(inside_by_line(X**2) != labels))
print(f"mistakes of the straight line in feature space: {mistakes} of {len(X)}")
figures.show(
    figures.decision_boundary(
        figures.Plane(X, lambda P: inside_by_line(P**2), "Input space"),
        figures.Plane(X**2, inside_by_line, "Feature space", r"$\phi_1 = x_1^2$", r"$\phi_2 = x_2^2$"),
        labels=labels,
        names=("outside", "inside"),
    ),
    alt="The same 300 points in two planes. On the left, in input space, a circle separates the two classes. On the "
    "right, with the squares of the coordinates as axes, a straight line from the upper left to the lower right does.",
)

# %% [markdown]
# ## 4 · Features made by hand
#
# For the disc we knew the answer: it is a question of distance. For pictures nobody knows the formula. For decades the
# answer was *feature engineering*: experts designed numbers that describe a patch of an image, and gave them names such
# as spin image, texton, SIFT (a description that survives turning and scaling) and HOG (a histogram of oriented
# gradients). The gallery of the slides is lost; here is a small HOG of our own.
#
# At each pixel take the change of brightness downwards and to the right. This little vector has a size and a direction.
# Sort the directions into four bins and add up the sizes in each bin: 0 for sideways, 2 for up and down, 1 and 3 for
# the two diagonals. No change is lost on the way: the four numbers add up to the total size of all changes.


# %% slides=["EECS545-F3"]
def direction_histogram(images):
    """How much change of brightness has each of four directions: images (N, S, S) -> (N, 4)."""
    down, right = np.gradient(images, axis=(1, 2))
    size = np.hypot(down, right)
    quarter = np.round(np.arctan2(down, right) % np.pi / (np.pi / 4)).astype(int) % 4
    return np.stack([np.sum(size * (quarter == k), axis=(1, 2)) for k in range(4)], axis=1)


def stripes(N, rng, size=8):
    """Images of stripes with a random phase (N, S, S); label 0 for upright stripes, 1 for level ones."""
    labels = rng.permutation(N) % 2
    wave = np.sin(np.pi / 4 * np.arange(size) + rng.uniform(0, 2 * np.pi, (N, 1)))
    images = np.repeat(wave[:, None, :], size, axis=1)  # (N, S, S), upright
    images[labels == 1] = images[labels == 1].transpose(0, 2, 1)
    return images, labels


images, orientation = stripes(200, rng)
down, right = np.gradient(images, axis=(1, 2))
total = np.hypot(down, right).sum(axis=(1, 2))
print("the four numbers add up to the total:", np.allclose(direction_histogram(images).sum(axis=1), total))
four = np.concatenate([np.flatnonzero(orientation == 0)[:2], np.flatnonzero(orientation == 1)[:2]])
figures.show(
    figures.heat_map(
        np.hstack(images[four]), title="Four pictures, 8×8 pixels each", rows="row", columns="column", blocks=8
    ),
    alt="Four framed pictures of 8 by 8 pixels side by side. The first two have upright stripes in different places, the "
    "last two have level stripes.",
)
figures.show(
    figures.heat_map(
        direction_histogram(images[four]),
        title="Their features: change of brightness by direction",
        rows="picture",
        columns="direction of the change",
    ),
    alt="A table of four pictures and four directions. The two pictures with upright stripes have all their change in "
    "direction 0, the two with level stripes have all of it in direction 2.",
)

# %% [markdown]
# Where the stripes lie no longer matters, only how they run. So the classical recipe for machine vision is a chain of
# three boxes: image, a fixed feature step, a learning algorithm. Only the last box learns. All its parameters act on
# the features, and their number does not grow with the picture.

# %% slides=["EECS545-F2"]
new_images, new_orientation = stripes(2000, rng)
steps = {
    "pixels -> learner": lambda images: images.reshape(len(images), -1),
    "pixels -> histogram -> learner": lambda images: direction_histogram(images) / 64,
}
for name, features in steps.items():
    width = features(images).shape[1]
    learner = train([width, 2], features(images), orientation)
    right = accuracy(learner, features(new_images), new_orientation)
    print(f"{name:31} {width:3} numbers, {len(learner.parameters):3} parameters, {right:.0%} right")

# %% [markdown]
# A linear learner on the raw pixels fails, since each pixel is bright in half of the pictures of either kind. On four
# good numbers it succeeds.
#
# EECS545 names the price of this recipe: it takes an expert, much time for tuning, and it limits how far the field can
# get. These are judgements, and no number tests them. But one reason behind them can be shown. A fixed feature decides
# beforehand what a learner will be able to see. Ask the same pictures another question: which of them are bright on
# average?

# %% slides=["EECS545-C3"]
bright, new_bright = rng.permutation(200) % 2, rng.permutation(2000) % 2
brightened = images + 0.5 * bright[:, None, None]
new_brightened = new_images + 0.5 * new_bright[:, None, None]
for name, features in steps.items():
    learner = train([features(images).shape[1], 2], features(brightened), bright)
    right = accuracy(learner, features(new_brightened), new_bright)
    print(f"{name:31} {right:.0%} right about brightness")

# %% [markdown]
# Now it is the other way round. The histogram looks at changes only, and adding light changes no change. A new question
# needs a new feature, and so a new expert. Can the features be learned as well?
#
# ## 5 · Learned features
#
# Give the feature map parameters of its own, $\theta_2$, and let learning choose them together with $W$ and $b$:
# $$f(x;\theta) = W\phi(x;\theta_2) + b, \qquad \theta = (\theta_1,\theta_2),\quad \theta_1=(W,b) .$$
# Which form should $\phi$ have? The plainest choice uses what we have: each feature is a linear model of the inputs,
# followed by a fixed bend $\varphi$, for instance the hyperbolic tangent,
# $$\phi(x;\theta_2) = \varphi(W_2x+b_2),\qquad \theta_2=(W_2,b_2) .$$
# The bend is called **activation**, each such feature a **hidden unit**, and all of them together a **hidden layer**.
# The two letters look alike and mean different things: $\phi$ is the whole feature map, $\varphi$ is the bend inside
# it.
#
# The engine's `MLP` with widths $[3, 5, 2]$ is this model: 3 inputs, 5 features, 2 outputs. The cell takes it apart,
# and compares its gradient by $\theta_2$ with a measured one. That such a gradient exists is the whole point: there is
# a slope to follow, also for the features.


# %% slides=["CEE697M-E03"]
net = engine.MLP([3, 5, 2], activation=engine.tanh).initialize(rng)
batch, targets = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
(W_2, W), (b_2, b) = net.Ws, net.bs
learned = np.tanh(batch @ W_2.T + b_2)  # the features, (6, 5)
print("features", learned.shape, " output", net(batch).shape)
print("linear model of learned features:", np.allclose(net(batch), learned @ W.T + b))


def loss_of_features(W_2):
    """The training loss as a function of the weights inside the features."""
    return engine.half_squared_error(np.tanh(batch @ W_2.T + b_2) @ W.T + b, targets)


net.loss_and_gradient(batch, targets)
print(check.gradient(net.gradient["W1"], loss_of_features, at=W_2, name="the gradient by W_2"))

# %% [markdown]
# > **Translation box**
# >
# > | CEE697M | house | remark |
# > |---|---|---|
# > | $\theta_2$ | $W^{(1)}, b^{(1)}$, `W1` and `b1` in the code | the slide counts from the output down |
# > | $\theta_1=(W,b)$ | $W^{(2)}, b^{(2)}$, `W2` and `b2` | the house counts layers from the input up |
#
# Back to the disc, with the **raw** coordinates and no hint about circles. EECS545 asks whether good features can be
# learned instead of designed. Sixteen hidden units try. The right panel shows their feature space. It has sixteen
# dimensions, so we look at it from the side: the horizontal axis is the direction that the last layer looks in, and the
# vertical axis is the direction in which the features vary most besides.


# %% slides=["EECS545-C2"]
def seen_from_the_side(net, X):
    """The last hidden layer of a classifier in two coordinates: distance from its boundary, and across (N, 2)."""
    hidden = net.forward(X).A[-2]
    (w_out, w_in), (b_out, b_in) = net.Ws[-1], net.bs[-1]
    normal = (w_in - w_out) / np.linalg.norm(w_in - w_out)
    distance = hidden @ normal + (b_in - b_out) / np.linalg.norm(w_in - w_out)
    rest = hidden - hidden.mean(axis=0)
    rest = rest - np.outer(rest @ normal, normal)
    across = np.linalg.svd(rest, full_matrices=False)[2][0]
    across = across * np.sign(across[np.abs(across).argmax()])  # of the two signs, always the same
    return np.stack([distance, rest @ across], axis=1)


sixteen = train([2, 16, 2], X, labels, lr=0.05)
print(f"learned features, raw inputs: {accuracy(sixteen, X_new, labels_new):.0%} of new points right")
figures.show(
    figures.decision_boundary(
        figures.Plane(X, lambda P: sixteen(P).argmax(axis=1), "Input space"),
        figures.Plane(
            seen_from_the_side(sixteen, X),
            lambda P: (P[:, 0] > 0).astype(int),
            "Learned feature space, from the side",
            "distance from the boundary",
            "across",
        ),
        labels=labels,
        names=("outside", "inside"),
    ),
    alt="Left: the network's boundary in input space is a closed round curve close to the circle. Right: in the space of "
    "the learned features the points inside lie to the right of an upright straight line and those outside to its left.",
)

# %% [markdown]
# Nobody told the network about distances. The hidden layer was bent until a flat cut suffices.
#
# How many features does it take? A single hidden unit still sees one direction only, so it can do no better than a
# line. Two can make a band. Three can make a triangle. Before you run: at which number does the curve become flat?

# %%
widths = [1, 2, 3, 4, 6, 8, 16]
shares = [
    [accuracy(train([2, M, 2], X, labels, lr=0.05, seed=seed), X_new, labels_new) for M in widths] for seed in range(10)
]
for M, column in zip(widths, np.transpose(shares), strict=True):
    print(f"{M:2} hidden units: median {np.median(column):.0%}, worst of ten starts {column.min():.0%}")
figures.show(
    figures.learning_curves(
        {"trained network": shares, "best straight line": np.full(len(widths), share)},
        at=widths,
        x="hidden units",
        y="share of new points right",
        title="How many learned features does a disc need?",
        log_x=True,
    ),
    alt="The share of new points that are right against the number of hidden units. It rises from 0.62 with one unit, the "
    "level of the best straight line, over 0.75 with two to 0.96 with three, and hardly any more after that.",
)

# %% [markdown]
# One unit reaches about what the best of all lines reached. The curve becomes flat at three: a triangle with soft
# corners encloses a disc quite well. Training starts from random numbers, so the cell repeats it from ten different
# starts; the pale band shows the worst and the best of them.
#
# ## 6 · Layers upon layers
#
# If features can be learned from inputs, features of features can be learned too. Write one layer as $f_\ell$, and put
# $L$ of them in a row:
# $$f(x;\theta) = f_L\big(\cdots f_2(f_1(x;\theta_1);\theta_2)\cdots;\theta_L\big) .$$
# Only the first layer sees $x$. Every other layer sees the output of the one below it. In code this is a loop, or one
# call of `reduce`.

# %% slides=["CEE697M-E04"]
from functools import reduce

deep = engine.MLP([3, 4, 5, 6, 2], activation=engine.tanh).initialize(rng)
layers = [
    engine.compose(engine.affine_map(W, b), bend) for W, b, bend in zip(deep.Ws, deep.bs, deep.activations, strict=True)
]
one_after_the_other = reduce(lambda value, layer: layer(value), layers, batch)
print("widths on the way:", [value.shape[1] for value in engine.trace(tuple(layers), batch)])
print("the loop is the network:", np.allclose(one_after_the_other, deep(batch)))

# %% [markdown]
# Such a chain is a **feed-forward network**, and $L$ is its number of layers. If every layer is an affine map and a
# bend, as here, it is also called *multilayer perceptron*, MLP for short. With many layers it is called *deep*. No
# number is given from which on a network is deep, and none is agreed; often people mean two hidden layers or more.
#
# "Layer" has a testable meaning. Move the parameters of layer $\ell$, and the outputs of layers $1$ to $\ell-1$ must
# stay as they are, while all from $\ell$ on change.

# %% slides=["CEE697M-C1", "CEE697M-C2", "CEE697M-C3"]
before = deep.forward(batch).A[1:]
changed = np.zeros((deep.L, deep.L))
for moved in range(deep.L):
    Ws = [W + 0.1 * (layer == moved) for layer, W in enumerate(deep.Ws)]
    after = engine.forward(batch, Ws, deep.bs, deep.activations).A[1:]
    changed[moved] = [not np.allclose(was, now) for was, now in zip(before, after, strict=True)]
print("layers L:", deep.L, " hidden layers:", deep.L - 1, " parameters:", len(deep.parameters))
figures.show(
    figures.heat_map(
        changed,
        title="Does the output of a layer change? (1 yes, 0 no)",
        rows="moved layer, from 0",
        columns="layer, from 0",
    ),
    alt="A table of four by four cells. Moving the first layer changes all four outputs, moving the last changes only "
    "the last: the cells on and right of the diagonal are 1, all others 0.",
)

# %% [markdown]
# Why several layers, if one hidden layer solves the disc? EECS545's answer: each level of representation is more
# abstract than the one below. We can ask each level how far it has come. Freeze a trained network with two hidden
# layers, take the numbers at each level, and train a new linear model on them alone. Such a model is called a
# **probe**. Its loss on new points says how plainly the answer can be read off.

# %% slides=["EECS545-C4"]
two_hidden = train([2, 8, 8, 2], X, labels, lr=0.05)
for level, name in enumerate(("raw inputs", "hidden layer 1", "hidden layer 2")):
    values, values_new = two_hidden.forward(X).A[level], two_hidden.forward(X_new).A[level]
    probe = train([values.shape[1], 2], values, labels)
    loss = probe.loss(probe(values_new), engine.one_hot(labels_new, 2))
    print(f"probe on the {name:15} loss {loss:.2f}, {accuracy(probe, values_new, labels_new):.0%} right")

# %% [markdown]
# In a network that looks at pictures the levels are often described like this: pixels, then edges, then parts of
# objects, then objects. The picture of that ladder is lost as well. We can rebuild its skeleton. Let each unit look at
# three neighbours in the layer below. The Jacobian, a table of the derivatives of all outputs by all inputs, tells
# which pixels a unit depends on.

# %% slides=["EECS545-F4"]
look_at_three = engine.affine_map(sum(np.eye(9, k=shift) for shift in (-1, 0, 1)))
pixels = rng.uniform(0.5, 1, size=(1, 9))
seen = []
for level in (1, 2, 3):
    J = engine.jacobian((look_at_three, engine.relu) * level, pixels)[0]
    seen.append((J != 0).astype(float))
print("levels, pixels included:", 1 + len(seen))
print("pixels seen by the middle unit of levels 1, 2, 3:", [int(level[4].sum()) for level in seen])
figures.show(
    figures.heat_map(
        np.hstack(seen),
        title="Which pixels does a unit see? Levels 1, 2 and 3",
        rows="unit",
        columns="the 9 pixels, three times",
        blocks=9,
    ),
    alt="Three framed tables of 9 units by 9 pixels. In each a band runs along the diagonal: three pixels wide on level "
    "1, five wide on level 2, seven wide on level 3.",
)

# %% [markdown]
# A unit high up can respond to a whole object because it stands on many units that respond to parts.
#
# ## 7 · Three representations to compare, and the question once more
#
# Change `representation` to `"raw"`, `"squares"` or `"learned"`, and for the learned one also `hidden` and `epochs`
# (the number of times that training sees all points). Look at two things: how the boundary in input space changes, and
# that the boundary in the right panel is always a straight line.

# %% tags=["interactive"]
representation = "learned"
hidden = 3
epochs = 400

feature_map = {"raw": lambda X: X, "squares": lambda X: X**2, "learned": lambda X: X}[representation]
shape = [2, hidden, 2] if representation == "learned" else [2, 2]
explored = train(shape, feature_map(X), labels, lr=0.05, epochs=epochs)
if representation == "learned":
    right_plane = figures.Plane(
        seen_from_the_side(explored, X), lambda P: (P[:, 0] > 0).astype(int), "Feature space", "distance", "across"
    )
else:
    right_plane = figures.Plane(
        feature_map(X), lambda P: explored(P).argmax(axis=1), "Feature space", r"$\phi_1$", r"$\phi_2$"
    )
print(f"{representation}: {accuracy(explored, feature_map(X_new), labels_new):.0%} of new points right")
figures.show(
    figures.decision_boundary(
        figures.Plane(X, lambda P: explored(feature_map(P)).argmax(axis=1), "Input space"),
        right_plane,
        labels=labels,
        names=("outside", "inside"),
    ),
    alt="Two panels for the chosen representation. Left, the boundary in input space: with three learned features an "
    "egg-shaped curve around the disc. Right, the feature space, cut by a straight line.",
)

# %% [markdown]
# Back to the question of the day. The points were the same throughout; only what the linear model was given has
# changed.

# %%
results = {
    "the best straight line": share,
    "one learned feature": np.median(shares, axis=0)[0],
    "three learned features": np.median(shares, axis=0)[2],
    "one feature made by hand": accuracy(on_radius, squared_radius(X_new), labels_new),
}
print(f"your guess for the line    {my_guess:3} %")
for name, value in results.items():
    print(f"{name:26} {100 * value:3.0f} %")

# %% [markdown]
# ## 8 · Features that serve again, and a map of methods
#
# Learned features can be used for another task than the one they were learned for. EECS545 says so, and adds that they
# can be learned with labels or without. Two short experiments.
#
# The new task: is a point inside of an *ellipse*? First we take the sixteen features that were learned for the disc,
# freeze them, and train a new last layer. Then we train sixteen features **without any labels**, by asking a network
# only to give back its own input. Such a network is called an **autoencoder**.

# %% slides=["EECS545-C5"]
ellipse, ellipse_new = ((P[:, 0] ** 2 + 2 * P[:, 1] ** 2 < 0.9).astype(int) for P in (X, X_new))
autoencoder = engine.MLP([2, 16, 2], activation=engine.tanh).initialize(np.random.default_rng(0))
engine.fit(autoencoder, X, X, optimizer=engine.adam(), lr=0.02, epochs=300)
representations = {
    "raw inputs": lambda X: X,
    "features learned without labels": lambda X: autoencoder.forward(X).A[1],
    "features learned for the disc": lambda X: sixteen.forward(X).A[1],
}
for name, features in representations.items():
    head = train([features(X).shape[1], 2], features(X), ellipse)
    print(f"new last layer on {name:32} {accuracy(head, features(X_new), ellipse_new):.0%} right")

# %% [markdown]
# The features without labels help although nobody asked for ellipses. Those from a related task help more.
#
# EECS545 closes with a map of methods: shallow or deep, supervised (with labels) or unsupervised (without). A star says
# that both versions exist. The layout of the table did not survive the way into text, and the place of some entries is
# uncertain. So the cell keeps to what can be read, and does with the stars what they mean: an entry with a star passes
# both filters. You need to know none of these methods today. The list is there to be met again.

# %% slides=["EECS545-T1"]
MAP = {
    ("shallow", "with labels"): "support vector machine, logistic regression, perceptron",
    ("shallow", "without"): "denoising autoencoder, restricted Boltzmann machine*, sparse coding*",
    ("deep", "with labels"): "deep neural network, convolutional network*, recurrent network*",
    ("deep", "without"): "variational autoencoder*, generative adversarial network, transformer*, diffusion model*, "
    "deep Boltzmann machine*",
}
entries = [(depth, kind, name) for (depth, kind), names in MAP.items() for name in names.split(", ")]
for kind in ("with labels", "without"):
    for depth in ("shallow", "deep"):
        chosen = [name for d, k, name in entries if d == depth and (k == kind or name.endswith("*"))]
        print(f"{depth:7} {kind:11} {len(chosen)} methods: {', '.join(chosen)}")

# %% [markdown]
# ## 9 · Errata corner
#
# Every long text has its misprints, and these four decks are careful ones. The last part of each lecture collects the
# places where an attentive reader stops, and how one can find them. The classes: **wrong** as printed; **notation**,
# symbols or shapes that disagree; **typo**, a slip of the pen; **gap**, something needed is missing; **conditions**,
# true under conditions that are not stated; **extraction**, most likely damage from turning the slides into text, to be
# compared with the original.
#
# First the linear model. The slide prints $w^\top x+\mathbf b$ with a bold $\mathbf b$, the sign for a vector. Type it
# as printed: numpy does not complain, it *broadcasts*, that is, it adds the number to every entry of the vector.

# %%
w, x = np.array([2.0, -1.0, 0.5]), np.array([1.0, 3.0, 4.0])
vector_b = np.array([0.7, 0.7, 0.7])
print("with a number:", np.shape(w @ x + 0.7), " with a vector:", np.shape(w @ x + vector_b))
try:
    slides.verify_printed("CEE697M-E01")
except slides.Mismatch as mismatch:
    print("the check of the row says:", mismatch)

# %% [markdown]
# Second, the chain of layers. The sentence beside the formula writes every layer as $f_\ell(x;\theta_\ell)$, as if each
# saw the input. Run it that way: layer 2 is given 3 numbers where it expects 4, and stops.

# %%
try:
    print([layer(batch).shape for layer in layers])
except engine.ShapeError as error:
    print("ShapeError:", error)

# %% [markdown]
# That was luck: all widths differ. With equal widths the same reading runs without a murmur, and returns something
# else. So test with sizes that are all different.

# %%
square = engine.MLP([4, 4, 4, 4], activation=engine.tanh).initialize(rng)
four_wide = rng.normal(size=(6, 4))
maps = [
    engine.compose(engine.affine_map(W, b), bend)
    for W, b, bend in zip(square.Ws, square.bs, square.activations, strict=True)
]
as_printed = [layer(four_wide) for layer in maps][-1]
print("shapes:", as_printed.shape, square(four_wide).shape)
print("same values:", np.allclose(as_printed, square(four_wide)))

# %% [markdown]
# The full list for this lecture. The last column names the section that shows it.
#
# | row | class | what stands there | what is right | section |
# |---|---|---|---|---|
# | CEE697M-E01 | notation | $w^\top x+\mathbf b$ with a bold bias | $w^\top x$ is a number, and so is $b$; with a matrix, $Wx+b$ has a vector $b$ | 2 |
# | CEE697M-E02 | notation | $\phi$ for the features, and from (5) on $\varphi$ for the activation | two clearly different letters would help; we say "features" and "activation" | 2, 5 |
# | CEE697M-E04 | notation | every layer is written $f_\ell(x;\theta_\ell)$ | only $f_1$ sees $x$; $f_\ell$ acts on the output of layer $\ell-1$ | 6 |
# | CEE697M-C2 | typo | multilayer *perception* | multilayer *perceptron* | 6 |
# | EECS545-T1 | extraction | the axes and the borders of the cells are lost | the place of some entries is uncertain (transformer, generative adversarial network, recurrent network), and so is the start of the last entry | 8 |
#
# ## 10 · Exercises
#
# Each cell below answers with the check's verdict. A function that returns nothing is told so; fill it in and run
# again.
#
# **1 · A parabola, with and without the basis** (★, 10 minutes). In section 2 a library function solved the least
# squares problem. Do it with calculus: where the mean squared error is smallest, its derivative is zero, and that gives
# the linear equations $A^\top A\,v = A^\top y$ with $A=[1\mid\Phi]$.
#
# <details><summary>Hint 1</summary>The squared error is the sum of (A v - y)², and its gradient is 2 Aᵀ(A v -
# y).</details>
#
# <details><summary>Hint 2</summary><code>np.linalg.solve</code> solves linear equations; <code>engine.augment</code>
# puts the column of ones in front.</details>


# %%
def predict_by_equations(features, y):
    """The predictions (N, 1) of the best affine model, from the linear equations. features (N, M), y (N, 1)."""


print(check.value(predict_by_equations(x_grid, y_grid), fits["x alone"], name="on x alone"))
print(check.value(predict_by_equations(np.hstack([x_grid, x_grid**2]), y_grid), y_grid, name="on x and x²"))

# %% [markdown]
# **2 · All products up to a degree** (★★, 15 minutes). Write `poly_features`: all products of the inputs up to a
# degree, the constant 1 included, ordered by degree. For two inputs and degree 3 these are
# $1, x_1, x_2, x_1^2, x_1x_2, x_2^2, x_1^3, x_1^2x_2, x_1x_2^2, x_2^3$. How many columns are there for $D$ inputs and
# degree $p$? What does that mean for a picture of 64 pixels?
#
# <details><summary>Hint 1</summary>A product of degree 2 is a choice of two inputs, with repetition, in which the order
# does not matter. <code>itertools.combinations_with_replacement</code> lists such choices in the order that is asked
# for.</details>
#
# <details><summary>Hint 2</summary><code>np.prod(X[:, list(choice)], axis=1)</code> is the column of a choice. The
# product of no column at all is 1.</details>


# %%
def poly_features(X, degree):
    """All products of the columns of X (N, D) up to this degree, constant first, ordered by degree."""


u, v = X[:5].T
by_hand = np.stack([u**0, u, v, u**2, u * v, v**2, u**3, u**2 * v, u * v**2, v**3], axis=1)
print(check.value(poly_features(X[:5], 3), by_hand, name="two inputs, degree 3"))

# %% [markdown]
# **3 · The bold bias** (★, 10 minutes). For a batch $X$ of shape $(6, 3)$ and weights $w$ of shape $(3,)$, which shape
# has `X @ w + b` if $b$ is a number, has the shape $(6,)$, has the shape $(3,)$, or has the shape $(6, 1)$? Write the
# four answers as tuples, `"error"` for an error, before you try. One of the four runs and is a trap that will cost you
# an hour some day.
#
# <details><summary>Hint</summary>numpy compares shapes from the right. Axes fit if they are equal or one of them is 1,
# and a missing axis counts as 1.</details>

# %%
my_shapes = {"()": None, "(6,)": None, "(3,)": None, "(6, 1)": None}

for name, bias in {"()": 0.7, "(6,)": np.ones(6), "(3,)": np.ones(3), "(6, 1)": np.ones((6, 1))}.items():
    try:
        found = np.shape(np.ones((6, 3)) @ np.ones(3) + bias)
    except ValueError:
        found = "error"
    answer = "not yet" if my_shapes[name] is None else "right" if my_shapes[name] == found else "not so"
    print(f"b of shape {name:7} {answer}")

# %% [markdown]
# **4 · The best line and the best band** (★★, 20 minutes). With paper: the square has the corners $(\pm1,\pm1)$, the
# disc the radius $R=\sqrt{2/\pi}$. (a) A line $x_1=c$ calls the strip to its right *outside*. Find the best $c$ and the
# share that is right. (b) A band $-c<x_1<c$ is called inside, the rest outside. Find the share again. (c) Compare (b)
# with two hidden units in section 5, and explain.
#
# <details><summary>Hint 1</summary>Move the line by a little dc. What is gained is the part of the line that runs
# outside of the disc, what is lost is the part inside. At the best place both are equally long.</details>
#
# <details><summary>Hint 2</summary>The area of the disc beyond the line is R² arccos(c/R) - c √(R² - c²). The second
# strip of the band gains just as much as the first.</details>

# %%
my_line, my_band = None, None  # two shares between 0 and 1, each as a number or a formula

R = np.sqrt(2 / np.pi)
spread = np.random.default_rng(0).uniform(-1, 1, size=(100_000, 2))
inside = np.sum(spread**2, axis=1) < R**2
places = np.linspace(0, 1, 101)
tried_line = max(np.mean((spread[:, 0] < c) == inside) for c in places)
tried_band = max(np.mean((np.abs(spread[:, 0]) < c) == inside) for c in places)
for name, mine, tried in (("(a) the line", my_line, tried_line), ("(b) the band", my_band, tried_band)):
    if mine is None:
        print(name, "not yet")
    elif not 0 <= mine <= 1:
        print(name, "not yet: a share lies between 0 and 1, and yours is", mine)
    else:
        print(name, "right" if abs(mine - tried) < 0.005 else f"not so: trying out many gives {tried:.2f}")

# %% [markdown]
# **5 · A feature for two spirals** (★★★, 20 minutes). Two spirals wind around each other one and a half times. Design a
# feature map with at most three columns on which a linear model is right for at least 95 % of new points. Then give the
# raw points to `train([2, 16, 16, 2], ...)` and compare the time that it took you with the time that it took the
# network.
#
# <details><summary>Hint 1</summary>On a spiral the angle grows with the radius: angle = 2π · 1.5 · r, half a circle
# more on the other one.</details>
#
# <details><summary>Hint 2</summary>Turn every point back by the angle that belongs to its radius. Where does each
# spiral go?</details>


# %%
def spiral_features(X):
    """At most three features of points (N, 2)."""


S, S_label = engine.spirals(300, np.random.default_rng(5))
S_new, S_label_new = engine.spirals(1000, np.random.default_rng(6))
made = spiral_features(S)
if made is None:
    print("not yet: spiral_features returns nothing")
elif made.ndim != 2 or made.shape[1] > 3:
    print("not yet: the features must have the shape (N, 3) or less, but have", made.shape)
else:
    linear = train([made.shape[1], 2], made, S_label[:, 0].astype(int))
    share = accuracy(linear, spiral_features(S_new), S_label_new[:, 0].astype(int))
    print(f"{share:.0%} of new points are right:", "well done" if share >= 0.95 else "not yet 95 %")

# %% [markdown]
# ## 11 · Check yourself, and what to read
#
# Every lecture ends with this cell. It runs the numeric checks of all statements of the slides that belong to the
# lecture, on fresh numbers, and says which misprints the checks refute. Where no number can test a statement, it says
# why.

# %%
print(slides.self_check("NB01"))

# %% [markdown]
# **To take home.** A linear model is linear in its parameters; what it can follow depends on the features that it is
# given. Features can be designed, at the price of knowing the answer in advance, or learned, if they have parameters
# and a slope to follow. A network is features of features, with a linear model on top.
#
# **To read.** *Probabilistic Machine Learning: An Introduction*, chapter 13 (its opening goes from basis functions to
# networks, as we did); *Deep Learning*, chapter 6 (deep feedforward networks, with the exclusive or as example); *The
# Elements of Statistical Learning*, chapter 11 (neural networks as a model of statistics), and chapter 5 for fixed
# basis functions. Next lecture: one hidden unit under the magnifying glass, and what its activation function does.
