# %% [markdown]
# # 4 · Losses, empirical risk and gradient descent
#
# A network has parameters, and so far somebody chose them. Today the data choose them. We need three things: a number
# that says how wrong the network is, the slope of this number along every parameter, and a rule that walks downhill.
# This is how every network of this course learns.
#
# **Question of the day.** One hundred readings are fitted by a straight line. A colleague trains with the *mean* of
# half the squared errors and learning rate 0.1; ten steps bring this loss from about 14 to about 3. You write the same
# program, but you *add up* the squared errors, as one of the decks does. Learning rate and data are the same.
# *How many digits does your loss have before the decimal point after ten steps?* Write your number into the next cell
# before you run on.

# %%
my_guess = 0  # a number of digits; 250.1 has three

# %% [markdown]
# | | section | minutes |
# |---|---|---|
# | 1 | Set-up and a look back | 4 |
# | 2 | Pairs, a model, predictions | 8 |
# | 3 | How wrong is a prediction? | 15 |
# | 4 | The mean over the data | 8 |
# | 5 | Slopes, measured | 9 |
# | 6 | One step downhill, and many | 12 |
# | 7 | A factor in the loss is a factor in the step | 8 |
# | 8 | Layer by layer, and all at once | 11 |
# | 9 | Errata corner | at home, 15 |
# | 10 | Exercises | at home, 70 |
# | 11 | Check yourself, and what to read | at home, 10 |
#
# ## 1 · Set-up and a look back
#
# Lecture 3 in two lines: a layer is an affine map followed by an activation, $A=\varphi(XW^\top+b)$ for a batch. A
# network is a stack of layers, and all its weights and biases together fit into one flat vector $\theta$.

# %%
import numpy as np

from coursekit import check, engine, figures, slides

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(4)


def agrees(a, b):
    """Do two arrays of one shape agree to seven digits?"""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-7, atol=1e-9))


def numeric(f, at):
    """The gradient of a function with one number as its value, by small differences. Section 5 opens this box."""
    return check.numeric_gradient(f, at).gradient


# %% [markdown]
# ## 2 · Pairs, a model, predictions
#
# Our first example is small enough to draw. A candle burns. Between one hour before noon and two hours after noon we
# measure its height a hundred times. The **input** $x$ is the time in hours since noon, the **target** $y$ is the
# measured height in centimetres. A list of such pairs is a **training set**.
#
# > **Translation box**
# >
# > | | house | CEE697M | EECS545 | CSC561 |
# > |---|---|---|---|---|
# > | number of samples, index of one | $N$, $n$ | $N$, $n$ | one example | $T$, $i$ or $t$ |
# > | input of one sample | row $n$ of $X$ | $x_n$ | $\mathbf x$ | $X_i$ |
# > | target | row $n$ of $Y$ | $y_{nk}$ | $\mathbf y$ | $d_i$ |
# > | prediction | row $n$ of $\hat Y$ | $f_k(x_n)$, $\hat y_n$ | $\hat{\mathbf y}$ | $Y_i$ |
# > | all parameters | $\theta$ | $w$, $b$ | $\theta$ | $W$ |
#
# Look twice at the letter $Y$: it is the target in house notation and the prediction in CSC561.

# %%
N = 100
x = rng.uniform(-1, 2, size=(N, 1))
y = 6 - 1.5 * x + 0.3 * rng.normal(size=(N, 1))
print("inputs ", x.shape, " first three:", x[:3, 0])
print("targets", y.shape, " first three:", y[:3, 0])

# %% [markdown]
# The $N$ pairs belong together *as pairs*. Shuffle inputs and targets in the same order, and nothing has changed.
# Shuffle only one of them, and the data are destroyed, although every single number is still there. The cell measures
# this with the best straight line, which numpy can compute at once.


# %% slides=["CSC561-C1"]
def best_line(x, y):
    """Slope and intercept of the line with the smallest squared errors, and the mean of half these errors."""
    A = np.column_stack([x, np.ones(len(x))])
    line = np.linalg.lstsq(A, y, rcond=None)[0]
    return line[:, 0], 0.5 * np.mean((A @ line - y) ** 2)


order = rng.permutation(N)
print("as many targets as inputs:", len(x) == len(y) == N)
for words, inputs, targets in (
    ("as measured", x, y),
    ("shuffled together", x[order], y[order]),
    ("only targets shuffled", x, y[order]),
):
    (slope, height), error = best_line(inputs, targets)
    print(f"{words:22} slope {slope:7.3f}   height at noon {height:6.3f}   error {error:.3f}")

# %% [markdown]
# A **model** is a function of the inputs *and* of parameters. We write $\hat Y = f(X;\theta)$, where the hat says "as
# predicted" and the semicolon separates what is given from what is learned. CSC561 writes $Y_i=f(X_i;W)$ for the
# same thing, one instance at a time. For the candle a network with one input, one output and no hidden
# layer is enough: $\hat y = wx+b$. For later we also take a network with 3 inputs, 5 hidden units and 2 outputs.

# %% slides=["EECS545-E08"]
candle = engine.MLP([1, 1])  # all parameters are 0 at first
net = engine.MLP([3, 5, 2], activation=engine.tanh).initialize(rng)
X = rng.normal(size=(12, 3))
Y = np.column_stack([np.sin(X[:, 0] + X[:, 1]), X[:, 0] * X[:, 2]])

W1, W2 = net.Ws
b1, b2 = net.bs
by_hand = np.tanh(X @ W1.T + b1) @ W2.T + b2
print("candle:  ", len(candle.parameters), "parameters, predictions", candle(x).shape)
print("network:", len(net.parameters), "parameters, predictions", net(X).shape, " as by hand:", agrees(net(X), by_hand))

# %% [markdown]
# The prediction for one instance depends on this instance and on the parameters, on nothing else. So it makes no
# difference whether a sample comes alone or in a batch.

# %% slides=["CSC561-E01"]
alone = [net(X[n : n + 1])[0] for n in range(12)]
print("row n of the batch is sample n alone:", agrees(net(X), np.array(alone)))
changed = X.copy()
changed[0] += 1
print("rows that move when sample 0 moves:  ", np.flatnonzero(np.abs(net(changed) - net(X)).max(axis=1) > 1e-9))

# %% [markdown]
# ## 3 · How wrong is a prediction?
#
# A **loss** turns predictions and targets into one number: 0 when nothing could be better, large when the predictions
# are bad. For a sample with $K$ outputs the usual choice is a sum of squares. A miss upwards counts as much as a miss
# downwards, a miss that is twice as large counts four times, and the function is smooth everywhere. CEE697M adds up
# over all outputs and all samples:
# $$\mathcal L = \sum_{k=1}^K\sum_{n=1}^N\big(y_{nk}-f_k(x_n)\big)^2 .$$
# Its slope along one prediction is $2(f_k(x_n)-y_{nk})$: twice the **residual**, which is prediction minus target.

# %% slides=["CEE697M-E14"]
F = net(X)
total = sum((Y[n, k] - F[n, k]) ** 2 for k in range(2) for n in range(12))
print("sum of squared errors:", round(total, 6), " the engine's:", round(engine.squared_error(F, Y, "sum"), 6))
slopes = numeric(lambda F: np.sum((Y - F) ** 2), F)
print("slopes are 2(F - Y):  ", agrees(2 * (F - Y), slopes))
print("N K times the mean over all entries:", agrees(total, 12 * 2 * engine.squared_error(F, Y, "mean_entries")))

# %% [markdown]
# With one output the sum over $k$ disappears: $\mathcal L=\sum_n(y_n-\hat y_n)^2$. The formula is simpler, and in
# code it hides a famous trap. Predictions have the shape $(N, 1)$. Targets are often loaded with the shape $(N,)$.
# Numpy does not complain about the difference of the two. It **broadcasts**: each prediction meets *each* target.

# %% slides=["CEE697M-E15"]
perfect = y[:6]  # predictions that are exactly right, (6, 1)
targets = y[:6, 0]  # the same numbers without their column, (6,)
table = perfect - targets
print("loss with equal shapes:", np.sum((perfect - y[:6]) ** 2))
print("loss after the trap:   ", round(np.sum(table**2), 3), " from a table of shape", table.shape)
try:
    engine.squared_error(perfect, targets, "sum")
except engine.ShapeError as refusal:
    print("the engine:", refusal)
figures.show(
    figures.heat_map(
        table, title="prediction (6, 1) minus target (6,)", rows="prediction of sample", columns="target of sample"
    ),
    alt="A table of 6 by 6 numbers. The diagonal is zero: each prediction equals its own target. All other cells compare "
    "the prediction of one sample with the target of another and are not zero.",
)

# %% [markdown]
# The predictions were perfect, and the loss is not 0. Only the diagonal of this table is wanted. No error message tells
# you. Such a loss compares every prediction with every target, so training pulls all predictions to the mean of all
# targets. Therefore the house rule: targets always have two axes, $(N, K)$, and the engine refuses anything else.
#
# For **classification** the target is a class. We write it as a row with a 1 at the true class and 0 elsewhere; such a
# row is called **one-hot**. The last layer gives one number to each class, its **logit**, and softmax turns the logits
# into positive numbers with sum 1, the probabilities of the classes. A good network gives the true class a high
# probability. The **likelihood** is the product of the probabilities of the true classes over all samples. A product
# of many small numbers soon becomes 0 in a computer, so we take the logarithm, which makes a sum, and the minus sign,
# which makes it a loss. This is the **cross-entropy**:
# $$\mathcal L=-\sum_{n=1}^N\sum_{k=1}^Ky_{nk}\log f_k(x_n) .$$
# In the double sum only the true class has $y_{nk}=1$; all other terms are 0.

# %% slides=["CEE697M-E16"]
logits = rng.normal(size=(5, 3))  # five samples, three classes
P = engine.softmax(logits)
labels = np.array([2, 0, 1, 1, 2])
T = engine.one_hot(labels, 3)

likelihood = np.prod(P[np.arange(5), labels])
entropy = engine.cross_entropy(P, T, "sum")
print("probabilities of the true classes:", P[np.arange(5), labels])
print("minus log of their product:", round(-np.log(likelihood), 6), " cross-entropy:", round(entropy, 6))
slopes = numeric(lambda Z: engine.cross_entropy_from_logits(Z, T, "sum"), logits)
print("slopes along the logits are P - T:", agrees(P - T, slopes))

# %% [markdown]
# The slope is again "prediction minus target". Lecture 9 shows why. A word of caution: the slide puts *deviance* in
# brackets behind the name, as some textbooks do. In statistics the deviance of such targets is $-2\log$ of the
# likelihood, twice as much.

# %%
print("cross-entropy:", round(entropy, 4), "  deviance:", round(-2 * np.log(likelihood), 4))

# %% [markdown]
# ## 4 · The mean over the data
#
# The sum grows with the number of samples. Twice the data, twice the loss, though the model is no worse. A *mean* can
# be compared between data sets. CSC561 calls the loss of one instance its **divergence**, leaves its form open, and
# takes the mean, on two slides:
# $$\mathrm{Loss}(W)=\frac1T\sum_{i}\mathrm{div}(Y_i,d_i)\qquad\text{house:}\quad \mathcal L(\theta)=\frac1N\sum_{n=1}^N\ell_n(\theta) .$$
# Here $\ell_n$ is the loss of sample $n$. For regression the house takes *half* the squared error,
# $\ell_n=\tfrac12\lVert\hat y_n-y_n\rVert^2$: then the slope along a prediction is the residual itself, without a 2.
# The cell takes this divergence, and then the cross-entropy. In both cases the loss of each instance is taken alone, and
# the mean is the loss that the engine gives for the batch.

# %% slides=["CSC561-E02", "CSC561-E04"]
halves = [0.5 * np.sum((net(X[n : n + 1]) - Y[n : n + 1]) ** 2) for n in range(12)]
print("half squared error:", round(np.mean(halves), 6), " of the batch:", round(engine.half_squared_error(F, Y), 6))
logs = [-np.log(P[n, labels[n]]) for n in range(5)]
print("cross-entropy:     ", round(np.mean(logs), 6), " of the batch:", round(engine.cross_entropy(P, T), 6))

# %% [markdown]
# This mean has a name, the **empirical risk**: *risk* is the expected loss on a new sample, and *empirical* says that
# it is measured on the samples that we have. We would like to know the risk itself, but it would need infinitely many
# readings. Learning by making the empirical risk small is **empirical risk minimisation**. For the candle we know how
# the data were made, so for once the risk can be computed. We choose a line before any data come, take fresh data sets
# of different sizes, and look at how fast the mean settles. In the figure the solid line is the median of a hundred
# data sets, and its band reaches from the lowest to the highest.


# %%
def draw_candle(n, rng):
    """n fresh readings of the same candle."""
    x = rng.uniform(-1, 2, size=(n, 1))
    return x, 6 - 1.5 * x + 0.3 * rng.normal(size=(n, 1))


w, b = -1.0, 5.5  # some line that is not the best
offset, tilt = b - 6, w + 1.5
risk = 0.5 * (0.3**2 + offset**2 + 2 * offset * tilt * 0.5 + tilt**2 * 1.0)  # the mean of x is 0.5, of x^2 it is 1
sizes = np.array([3, 10, 30, 100, 300, 1000, 3000])
empirical = np.empty((100, len(sizes)))
fresh = np.random.default_rng(40)
for repeat, column in np.ndindex(empirical.shape):
    some_x, some_y = draw_candle(sizes[column], fresh)
    empirical[repeat, column] = 0.5 * np.mean((w * some_x + b - some_y) ** 2)
print("risk of the line:", round(risk, 4))
print("mean distance of the empirical risk from it, by N:", np.abs(empirical - risk).mean(axis=0).round(4))
figures.show(
    figures.learning_curves(
        {"empirical risk, 100 data sets each": empirical, "risk": np.full(len(sizes), risk)},
        at=sizes,
        x="number of samples N",
        y="mean loss",
        title="The empirical risk settles around the risk",
        log_x=True,
    ),
    alt="Mean loss of one line against the number of samples from 3 to 3000. The band of 100 data sets is wide on the left "
    "and closes around the dashed line of the true risk on the right.",
)

# %% [markdown]
# A hundred times the data make the distance about ten times smaller: it falls like $1/\sqrt N$. Lecture 12 returns to
# the gap between the two risks.
#
# The mean has another advantage. The derivative of a sum is the sum of the derivatives, so
# $$\frac{d\mathrm{Loss}}{dw^{(k)}_{ij}}=\frac1T\sum_t\frac{d\mathrm{Div}(Y_t,d_t)}{dw^{(k)}_{ij}} .$$
# CSC561 draws the conclusion: whoever can differentiate the loss of *one* instance can differentiate the loss of the
# whole training set. The lectures 5 to 8 will use this all the time. In the cell the engine differentiates; how it does
# that is their subject.

# %% slides=["CSC561-E06", "CSC561-C7"]
singles = [net.loss_and_gradient(X[n : n + 1], Y[n : n + 1])[1].copy() for n in range(12)]
whole = net.loss_and_gradient(X, Y)[1].copy()
print("gradients of", len(singles), "single samples, each with", singles[0].size, "entries")
print("their mean is the gradient of the mean loss:", agrees(np.mean(singles, axis=0), whole))

# %% [markdown]
# ## 5 · Slopes, measured
#
# The **gradient** of the loss, $\nabla_\theta\mathcal L$, holds one slope for each parameter. In house notation $dT$ is
# the gradient of the loss with respect to $T$, in the shape of $T$: $dw$, $db$, later $dW$. How do we get a slope? The
# plain way is to try: move the parameter by a small $h$, and see how the loss answers. There are two ways to try,
# $$\text{one-sided: }\frac{\mathcal L(w+h)-\mathcal L(w)}{h},\qquad
# \text{central: }\frac{\mathcal L(w+h)-\mathcal L(w-h)}{2h} .$$
# Theory says that the first is wrong by about $h$ times a constant, the second by $h^2$ times a constant. So a smaller
# $h$ should always be better. We test this on one weight of the small network, where the exact slope is known from the
# engine.


# %%
def loss_with(value):
    """The loss of the small network if one of its weights, W1[0, 0], had this value."""
    kept = W1[0, 0]
    W1[0, 0] = value
    loss = engine.half_squared_error(net(X), Y)
    W1[0, 0] = kept
    return loss


here, exact = W1[0, 0], whole[0]
steps = 10.0 ** -np.arange(1, 13)
one_sided = np.array([(loss_with(here + h) - loss_with(here)) / h for h in steps])
central = np.array([(loss_with(here + h) - loss_with(here - h)) / (2 * h) for h in steps])
print("h = 0.1:   one-sided", round(one_sided[0], 5), "  central", round(central[0], 5), "  exact", round(exact, 5))
print("h = 0.001: one-sided", round(one_sided[2], 5), "  central", round(central[2], 5))
figures.show(
    figures.learning_curves(
        {"one-sided": np.abs(one_sided - exact)[::-1], "central": np.abs(central - exact)[::-1]},
        at=steps[::-1],
        x="step h",
        y="error of the slope",
        title="A smaller step is better, until it is worse",
        log_x=True,
        log_y=True,
    ),
    alt="Error of the slope against the step on logarithmic axes. Coming from the right, the central error falls twice as "
    "steeply as the one-sided one and reaches a far lower bottom; for still smaller steps both rise again.",
)

# %% [markdown]
# From the right both errors fall as the theory says. Then they turn. A computer stores about 16 digits. For a tiny
# $h$ the two losses agree in nearly all of them, and their difference is made of rounding. The best central step lies
# near $h=10^{-5}$, and about ten digits are the best that one can hope for. The judge of this course,
# `check.numeric_gradient`, works with central differences and says how far it can be trusted.
#
# Measuring is simple and slow: two runs of the network for each parameter. Both CEE697M and EECS545 therefore compute
# the gradient by **backpropagation**, which gives *all* slopes at the price of about three runs. The lectures 5 to 8
# build it. Until then we use the engine's and let the slow way check it.


# %% slides=["CEE697M-C48"]
def loss_at(theta):
    """The mean loss of the small network, half the squared error, at the flat parameters theta."""
    kept = net.parameters.flat.copy()
    net.parameters.flat[:] = theta
    loss = engine.half_squared_error(net(X), Y)
    net.parameters.flat[:] = kept
    return loss


backpropagated = net.loss_and_gradient(X, Y)[1]
print("slopes:", backpropagated.size, " runs to measure them:", 2 * backpropagated.size)
print(check.gradient(backpropagated, loss_at, at=net.parameters.flat, name="the gradient by backpropagation"))

# %% [markdown]
# ## 6 · One step downhill, and many
#
# Now the rule. If the slope along $w$ is positive, the loss grows with $w$, so $w$ should become smaller. If it is
# negative, larger. Both are said by one line,
# $$w^{\text{new}}=w^{\text{old}}-\eta\,\frac{\partial\mathcal L}{\partial w^{\text{old}}} .$$
# The positive number $\eta$ is the **learning rate**. This is **gradient descent**.
#
# > **Translation box**
# >
# > | | house | CEE616 | CEE697M | EECS545 | CSC561 |
# > |---|---|---|---|---|---|
# > | loss to be made small | $\mathcal L$ | $\mathcal L$, $C$ | $\mathcal L$, $C$, $C^0$ | $\mathcal L$ | Loss |
# > | learning rate | $\eta$ | $\rho$ | $\eta$ | $\alpha$ | $\eta$ |
# > | number of the step | $t$ | $t$ | $r$; new, old | arrow | arrow |
# > | weight from unit $i$ to unit $j$ of layer $k$ | $W^{(k)}_{ji}$ | $W_k$ | $w^{(k)}$ | $w_{ji}$ | $w_{ij}^{(k)}$ |
#
# How much does a step gain? A step of $-\eta$ times the slope changes the loss by slope times step,
# $-\eta\,(\text{slope})^2$. For all parameters together that is $-\eta\lVert\nabla\mathcal L\rVert^2$, as long as the
# step is so short that the slope hardly changes on the way. The cell takes one step of the candle and compares.

# %% slides=["CEE697M-E17"]
w = b = 0.0
residual = w * x + b - y
dw, db = np.mean(residual * x), np.mean(residual)  # the slopes of the mean of half the squares
print(f"at w = 0, b = 0: slopes dw = {dw:.4f}, db = {db:.4f}")


def candle_loss(places):
    """The mean of half the squared errors of the lines (w, b) in the rows of places (M, 2)."""
    return 0.5 * np.mean((places @ np.vstack([x.T, np.ones((1, N))]) - y.T) ** 2, axis=1)


for eta in (0.1, 0.01, 0.001):
    new = np.array([[w - eta * dw, b - eta * db]])
    fall = candle_loss(np.zeros((1, 2)))[0] - candle_loss(new)[0]
    print(f"eta {eta:5}: the loss falls by {fall:8.5f}, by {fall / (eta * (dw**2 + db**2)):.4f} of what was promised")

# %% [markdown]
# The shorter the step, the better the promise is kept. The minus sign is also the best choice of direction: among all
# steps of one length, the one against the gradient lowers the loss most, to first order, because a scalar product of
# two vectors of given lengths is most negative when they point in opposite directions. That is why we do not step along
# each parameter by an equal amount, but in proportion to its slope.
#
# EECS545 writes the rule for all parameters at once, $\theta\leftarrow\theta-\alpha\nabla_\theta\mathcal L$. This is
# one line of code, however large the network is. The engine's `fit` does the same and counts **epochs**: an epoch is
# one pass over all training data. Here every step uses all data, so an epoch is one step.

# %% slides=["EECS545-E09"]
alpha = 0.2
theta = net.parameters.flat.copy()
for _ in range(2):
    theta = theta - alpha * numeric(loss_at, theta)  # by hand, with measured slopes

twin = engine.MLP([3, 5, 2], activation=engine.tanh)
twin.parameters.flat[:] = net.parameters.flat
engine.fit(twin, X, Y, optimizer=engine.gradient_descent, lr=alpha, epochs=2)
print("parameters in theta:", theta.size)
print("two steps by hand are two steps of the engine:", agrees(theta, twin.parameters.flat))

# %% [markdown]
# CSC561 writes it for a single weight,
# $$w_{ij}^{(k)}\leftarrow w_{ij}^{(k)}-\eta\,\frac{d\mathrm{Loss}}{dw_{ij}^{(k)}} .$$
# It is the same rule, seen through a magnifying glass. Mind the indices: their $w_{ij}$ leads *from* unit $i$ *to* unit
# $j$, so in our matrices, (out, in), it stands in row $j$ and column $i$.

# %% slides=["CSC561-E05"]
k, i, j = 2, 5, 1  # layer 2, from hidden unit 5 to output 1, counted from 1
old = W2[j - 1, i - 1]
change = np.zeros_like(W2)
change[j - 1, i - 1] = 1.0
hidden = np.tanh(X @ W1.T + b1)
slope = float(numeric(lambda v: engine.half_squared_error(hidden @ (W2 + (v - old) * change).T + b2, Y), old))
twin.parameters.flat[:] = net.parameters.flat
engine.fit(twin, X, Y, optimizer=engine.gradient_descent, lr=alpha, epochs=1)
print(f"w_51 of layer 2: {old:.6f} - {alpha} * {slope:.6f} = {old - alpha * slope:.6f}")
print(f"the engine's:    {twin.Ws[k - 1][j - 1, i - 1]:.6f}")

# %% [markdown]
# Many steps make a path. The candle has only two parameters, so the loss is a landscape over a plane, and we can draw
# it from above, like a hiking map. Three learning rates start at the same place.


# %%
def descend(eta, steps, factor=1 / N):
    """The places (w, b) visited from (0, 0): (steps + 1, 2). The gradient is factor times the sum over samples."""
    path = np.zeros((steps + 1, 2))
    for t in range(steps):
        w, b = path[t]
        residual = w * x + b - y
        path[t + 1] = path[t] - eta * factor * np.array([np.sum(residual * x), np.sum(residual)])
    return path


best, least = best_line(x, y)
window = ((-3.2, 2.8), (-0.8, 8.2))
figures.show(
    figures.loss_surface(
        candle_loss,
        {f"learning rate {eta}": descend(eta, 20) for eta in (0.05, 0.4, 1.1)},
        x="w, in cm per hour",
        y="b, in cm",
        title="Three learning rates on one landscape",
        window=window,
        minimum=best,
    ),
    alt="Contour lines of the loss over w and b, ellipses around a cross at w = -1.46, b = 6.02. From the start at 0, 0 "
    "the path with rate 0.05 stops half-way, the one with 0.4 bends towards the cross and ends close to it, the one with "
    "1.1 jumps from one side of the valley to the other and ends at the cross.",
)

# %% [markdown]
# After 20 steps rate 0.05 is still on its way and 0.4 has nearly arrived. Rate 1.1 leaps across the valley from side to
# side and comes close too. A little more and it would climb. The limit has a formula. In one dimension let the loss be
# a parabola with the second derivative $\mu$, its **curvature**. At distance $d$ from the bottom the slope is $\mu d$,
# so a step multiplies the distance by $1-\eta\mu$. The distance shrinks as long as $\eta<2/\mu$.
#
# Our valley has two such directions, the axes of the ellipses. Their curvatures are the eigenvalues of the matrix of
# second derivatives, which for the mean of half the squares is $A^\top A/N$, where $A$ has the columns $x$ and 1. The
# direction of *largest* curvature sets the limit, and the direction of *smallest* curvature then makes us wait.

# %%
A = np.column_stack([x, np.ones(N)])
curvatures = np.linalg.eigvalsh(A.T @ A / N)
print("curvatures of the valley:", curvatures)
print("limit 2 / largest:       ", round(2 / curvatures[-1], 4))
for eta in (1.19, 1.25):
    print(f"loss at rate {eta} after 20, 40, 80 steps:", candle_loss(descend(eta, 80)[[20, 40, 80]]).round(3))

# %% [markdown]
# Now we can say in one sentence what **training** is, and CEE697M and CSC561 say it alike: choose all weights and
# biases such that the loss becomes small, for example by gradient descent. CSC561 speaks of the minimum. For a single
# layer without activation and with a squared error the landscape is a bowl, and below the limit of the rate descent
# comes as close to the minimum, the least-squares line, as we like. For a network with hidden layers it is no bowl.
# There the loss falls, but nobody promises the lowest point of all.

# %% slides=["CEE697M-C47", "CSC561-C2"]
history = engine.fit(candle, x, y, optimizer=engine.gradient_descent, lr=0.4, epochs=150)
print("candle, after training:", candle.parameters.flat, " least squares:", best)
start = net.parameters.flat.copy()
losses = engine.fit(net, X, Y, optimizer=engine.gradient_descent, lr=0.1, epochs=300).loss
print(f"network: loss {losses[0]:.4f} -> {losses[-1]:.4f}, lower at each of the steps: {(np.diff(losses) < 0).all()}")
figures.show(
    figures.curves(
        {"candle, rate 0.4": history.loss, "network, rate 0.1": losses},
        x="step",
        y="mean loss",
        title="Training makes the loss fall",
        log=True,
    ),
    alt="Two falling curves of the mean loss on a logarithmic axis. The candle's falls within about 30 steps to a level "
    "of 0.04 and stays there; the network's falls more slowly over all 300 steps.",
)

# %% [markdown]
# The candle's loss does not reach 0: a straight line cannot follow the noise of the readings.
#
# ## 7 · A factor in the loss is a factor in the step
#
# Sum or mean, half or whole: the lowest point is the same for all of them, because a positive factor moves no minimum.
# The *gradient* carries the factor, and so does the step. That is the reason why a learning rate from one text fails in
# another.
#
# > **Translation box: four squared errors** ($N$ samples, $K$ outputs)
# >
# > | name in this course | formula | whose | gradient, in units of $\hat Y-Y$ |
# > |---|---|---|---|
# > | `half_se` | mean over $n$ of $\tfrac12\lVert\hat y_n-y_n\rVert^2$ | house, CEE616 | $1/N$ |
# > | `se` | mean over $n$ of $\lVert\hat y_n-y_n\rVert^2$ | EECS545, for one sample | $2/N$ |
# > | `sse` | sum over $n$ and $k$ of the squares | CEE697M | $2$ |
# > | `mse` | mean over $n$ and $k$ of the squares | most libraries | $2/(NK)$ |
#
# The engine knows the last column as `loss_factor`. For $K=2$ outputs `half_se` and `mse` happen to agree, and for
# $K=1$ `se` and `mse` do. No two of the four agree for all sizes.

# %%
for kind in ("half_se", "se", "sse", "mse"):
    factors = [engine.loss_factor(kind, n, k) for n, k in ((12, 2), (100, 1), (1000, 10))]
    print(
        f"{kind:8}", "  ".join(f"{factor:9.5f}" for factor in factors), "  for (N, K) = (12, 2), (100, 1), (1000, 10)"
    )

# %% [markdown]
# The quotient of two factors converts a learning rate. From the sum of squares to the mean of halves it is
# $2\,/\,(1/N)=2N$. With $N=100$ and one learning rate, the step of the sum is 200 times as long.
#
# The next figure compares two paths: the wide one descends the mean of halves, the narrow one the loss called `kind`.
# Change `kind` to `"se"`, `"sse"` or `"mse"`, `learning_rate` between 0.05 and 1.3, and `rescale` to `False`. With
# the rescaled rate both paths are one. Without it, the first step of `"sse"` leaves the map; read in the legend where
# the loss is after 20 steps.

# %% tags=["interactive"]
learning_rate = 0.4
kind = "sse"  # "half_se", "se", "sse" or "mse"
rescale = True
steps = 20

factor = engine.loss_factor(kind, N, 1)
its_rate = learning_rate * engine.loss_factor("half_se", N, 1) / factor if rescale else learning_rate
figures.show(
    figures.loss_surface(
        candle_loss,
        {
            f"mean of halves, rate {learning_rate:g}": descend(learning_rate, steps),
            f"{kind}, rate {its_rate:g}": descend(its_rate, steps, factor),
        },
        x="w, in cm per hour",
        y="b, in cm",
        title="Two losses on one landscape (heights: mean of halves)",
        window=window,
        minimum=best,
    ),
    alt="Contour lines of the loss over w and b with two paths from 0, 0 to the cross at the lowest point. The wide path "
    "of the mean of halves with rate 0.4 and the narrow one of the sum of squares with rate 0.002 are the same.",
)

# %% [markdown]
# Now the question of the day: learning rate 0.1 for both, ten steps.

# %%
colleague = candle_loss(descend(0.1, 10))
yours = 2 * N * candle_loss(descend(0.1, 10, factor=2))  # the sum of squares is 2 N times the mean of halves
print(f"colleague, mean of halves: {colleague[0]:.2f} -> {colleague[-1]:.2f}")
print(f"you, sum of squares:       {yours[0]:.1f} -> {yours[-1]:.1e}")
print("digits before the decimal point:", len(str(int(yours[-1]))), "  your guess:", my_guess)
print(
    "with rate 0.1 / 200:       ", f"{yours[0]:.1f} -> {2 * N * candle_loss(descend(0.1 / 200, 10, factor=2))[-1]:.1f}"
)

# %% [markdown]
# Every step multiplied the distance to the bottom by $1-\eta\mu$, where the curvature $\mu$ of the sum is $200$ times
# that of the mean: about $1-0.1\cdot200\cdot1.64\approx-32$. The loss is quadratic in the distance and grows a
# thousandfold with each step. Nothing was wrong with your loss, and nothing with the rate. They only did not belong
# together.
#
# ## 8 · Layer by layer, and all at once
#
# CEE697M writes the update for each layer of a network, from the last to the first: for the last two layers as a step
# from $r$ to $r+1$, and in its summary for all layers as the step from 0 to 1. To look at it closely take a chain: four
# layers with one neuron each, tanh in the first three and no activation in the last. The data are one pair, $x=0.7$ and
# $y=2$, and the loss is the deck's cost $(a^{(L)}-y)^2$.


# %%
def new_chain():
    """The chain of four neurons at its initial parameters w1, b1, ..., w4, b4."""
    chain = engine.MLP([1, 1, 1, 1, 1], activation=engine.tanh, loss=engine.squared_error)
    chain.parameters.flat[:] = [0.9, 0.2, -1.1, 0.3, 1.3, -0.2, 0.8, 0.1]
    return chain


def cost(parameters, x=0.7, y=2.0):
    """The cost of the chain, written out with eight plain numbers."""
    a = x
    for layer in range(4):
        z = parameters[2 * layer] * a + parameters[2 * layer + 1]
        a = np.tanh(z) if layer < 3 else z
    return (a - y) ** 2


def show_update(*names, r, eta=0.05):
    """Compare some parameters after step r + 1 with those at step r minus eta times their measured slope."""
    chain, one = new_chain(), (np.array([[0.7]]), np.array([[2.0]]))
    if r:
        engine.fit(chain, *one, optimizer=engine.gradient_descent, lr=eta, epochs=r)
    before, position = chain.parameters.flat.copy(), list(chain.parameters.shapes)
    slopes = numeric(cost, before)
    engine.fit(chain, *one, optimizer=engine.gradient_descent, lr=eta, epochs=1)
    for name in names:
        n = position.index(name)
        same = agrees(before[n] - eta * slopes[n], chain.parameters.flat[n])
        print(f"{name}, step {r} -> {r + 1}: {before[n]:8.5f} - {eta} * {slopes[n]:8.5f}   is the engine's: {same}")


# %% [markdown]
# **The last layer.** Equations (25) and (26) for any $r$, and (46) and (47) for $r=0$, are one rule for its weight and
# one for its bias. In (46) the upper indices 0 and 1 of the weight are steps, and we read $C^0$ as the cost at step 0.
# Each line of the output shows old value, learning rate and measured slope, and asks whether the engine's new value is
# their result.

# %% slides=["CEE697M-E25", "CEE697M-E46", "CEE697M-E26", "CEE697M-E47"]
show_update("W4", "b4", r=0)
show_update("W4", "b4", r=3)

# %% [markdown]
# **The layer before it.** Equations (37) and (38), and (50) and (51) in the summary, are the same two rules for layer
# $L-1$. Its slope depends on the weight of the last layer, because the effect of $w^{(L-1)}$ on the cost passes through
# it. The measured slopes that agree here were all taken *before* the last layer moved.

# %% slides=["CEE697M-E37", "CEE697M-E50", "CEE697M-E38", "CEE697M-E51"]
show_update("W3", "b3", r=0)
show_update("W3", "b3", r=3)

# %% [markdown]
# **Two layers down, and so on.** For layer $L-2$ the slide prints the first step only: (55) for the weight, (56) for
# the bias.

# %% slides=["CEE697M-E55", "CEE697M-E56"]
show_update("W2", "b2", r=0)

# %% [markdown]
# **The first layer** closes the round with (59) and (60). Its effect on the cost passes through all other layers. The
# rule does not notice.

# %% slides=["CEE697M-E59", "CEE697M-E60"]
show_update("W1", "b1", r=0)

# %% [markdown]
# Eight lines, one rule: *old value minus learning rate times own slope, all slopes taken at the old values*. The last
# part of this sentence is easily lost. CSC561's algorithm reads: initialise all weights and biases; then, for every
# layer and every weight in it, update; repeat until the loss has converged. Somebody who programs this literally may
# compute fresh slopes after each layer has moved. That is another algorithm. The cell makes one sweep over the small
# network both ways.


# %% slides=["CSC561-A1"]
def sweep_together(net, X, Y, eta):
    """All slopes first, then all layers step."""
    _, gradients = engine.loss_and_gradients(X, Y, net.Ws, net.bs, net.activations, net.loss)
    for W, b, dW, db in zip(net.Ws, net.bs, gradients.dWs, gradients.dbs, strict=True):
        W -= eta * dW
        b -= eta * db


def sweep_in_turn(net, X, Y, eta):
    """Layer by layer, each with slopes that see the layers already moved."""
    for layer in range(net.L):
        _, gradients = engine.loss_and_gradients(X, Y, net.Ws, net.bs, net.activations, net.loss)
        net.Ws[layer] -= eta * gradients.dWs[layer]
        net.bs[layer] -= eta * gradients.dbs[layer]


rule = start - 0.1 * numeric(loss_at, start)
for words, sweep in (("slopes of the old weights", sweep_together), ("fresh slopes each layer", sweep_in_turn)):
    net.parameters.flat[:] = start
    sweep(net, X, Y, 0.1)
    apart = np.linalg.norm(net.parameters.flat - rule) / np.linalg.norm(start - rule)
    print(f"{words:26} agrees with the rule: {agrees(net.parameters.flat, rule)!s:6} off by {apart:.3f} of the step")

# %% [markdown]
# Fresh slopes also go downhill, so the difference is hard to see in a loss curve. But they cost a whole gradient for
# each layer.
#
# "Until the loss has converged" needs a number: stop when a step lowers the loss by less than a threshold that you
# choose. EECS545 has the same loop with one idea more. It does not use all data for a step, but *samples* an example
# or a small group, a **mini-batch**: sample, predict, take the loss, send the gradient back, update, repeat. This is
# **stochastic gradient descent**. The engine shuffles the data and cuts them into mini-batches, so that each sample
# comes once in an epoch. Lecture 11 studies what that does. Here is one epoch by hand and with the engine, then 100
# more.

# %% slides=["EECS545-A1"]
net.parameters.flat[:] = twin.parameters.flat[:] = start
batches = list(engine.minibatches(12, 5, np.random.default_rng(1)))
print("mini-batches of one epoch:", [batch.tolist() for batch in batches])
for batch in batches:
    slopes = net.loss_and_gradient(X[batch], Y[batch])[1]  # predict, loss, backward
    net.parameters.flat[:] -= 0.1 * slopes
descent = engine.gradient_descent
engine.fit(twin, X, Y, optimizer=descent, lr=0.1, epochs=1, batch_size=5, rng=np.random.default_rng(1))
print("by hand as with the engine:", agrees(net.parameters.flat, twin.parameters.flat))
losses = engine.fit(twin, X, Y, optimizer=descent, lr=0.1, epochs=100, batch_size=5, rng=np.random.default_rng(2)).loss
print(f"loss over 100 more epochs: {losses[0]:.3f} -> {losses[-1]:.3f}")

# %% [markdown]
# ## 9 · Errata corner
#
# Every long text has its misprints, and these decks are careful ones. Each row below is a place where an attentive
# reader stops. The classes: **wrong** as printed; **notation**, symbols or shapes that disagree; **conditions**, true
# under conditions that are not stated. (Other lectures also have **typo**, **gap**, where something needed is missing,
# and **extraction**, most likely damage from turning the slides into text.) This lecture has notation and conditions
# only, and they are enough to spoil a program. Decide in each of the three cases before you run its cell.
#
# First the factor. Take CEE697M's sum (14) and keep the learning rate of a mean of halves. Is it the same step? The
# check prints the step for the mean of halves first, then the one for the sum.

# %%
try:
    slides.verify_printed("CEE697M-E14")
except slides.Mismatch as mismatch:
    print(mismatch)
ratio = engine.squared_error.gradient(F, Y, "sum") / engine.half_squared_error.gradient(F, Y)
print("on our 12 samples the gradients differ by a factor from", round(ratio.min(), 6), "to", round(ratio.max(), 6))

# %% [markdown]
# Both lists of numbers point in one direction, and only their size differs: by $2N$, which is 8 for the four samples of
# the check and 24 for our twelve.
#
# Second, "cross-entropy (deviance)" read as an equation. The check takes the cross-entropy of some samples as stated,
# computes minus twice the log-likelihood, and compares.

# %%
try:
    slides.verify_printed("CEE697M-E16")
except slides.Mismatch as mismatch:
    print(mismatch)

# %% [markdown]
# Third, the sweep that updates every layer in turn, with fresh slopes after each layer. From the step of each layer we
# compute the slope that it has used, and compare it with the slope at the old weights. Which layer is still right?

# %%
net.parameters.flat[:] = start
sweep_in_turn(net, X, Y, 0.1)
implied = engine.Parameters(dict(net.parameters.shapes))
implied.flat[:] = (start - net.parameters.flat) / 0.1  # the slopes that this sweep has used
net.parameters.flat[:] = start
true_slopes = net.loss_and_gradient(X, Y)[1]
for name in net.parameters.shapes:
    print(check.value(implied[name], net.gradient[name], name=f"the slope used for {name}"))

# %% [markdown]
# The first layer to move still saw the old weights. The second did not.
#
# The full list for this lecture.
#
# | row | class | what stands there | what is right | section |
# |---|---|---|---|---|
# | CEE697M-E14 | notation | the cost is announced as $C$ and written $\mathcal L$; a sum without $\tfrac12$ or $\tfrac1N$ | one letter; the gradient is $2N$ times that of a mean of halves, and learning rates differ by this factor | 3, 7 |
# | CEE697M-E16 | conditions | cross-entropy (deviance) | the deviance is twice the cross-entropy | 3 |
# | CEE697M-E17 | notation | $C$ here, $\mathcal L$ in (14) to (16) | one letter for the cost | 6 |
# | CEE697M-E46, CEE697M-E47 | notation | $C^0$ here, $\mathcal L$ in (50), (55) and (59) | one letter for the cost; the upper 0 is the number of the step | 8 |
# | CSC561-E01 | notation | $Y_i$ is the output for instance $i$; $y_i$ is component $i$ elsewhere | one index each: $n$ for samples, $i$ for components | 2 |
# | CSC561-E02 | notation | div and Div; the instance is $i$, later $t$ | one spelling, one index | 4 |
# | CSC561-A1 | conditions | the weights of every layer are updated in turn | all derivatives belong to the old weights | 8 |
#
# ## 10 · Exercises
#
# Each cell below answers with the check's verdict. A function that returns nothing is told so; fill it in and run
# again.
#
# **1 · A table of factors** (★, 15 minutes). Write the gradient of the four losses of section 7 with respect to the
# predictions `F`, for any $N$ and $K$, without the engine. Each is compared with measured slopes.
#
# <details><summary>Hint</summary>All four are a number times F - Y. For the number, differentiate one square, then ask
# whether it is halved and by what the sum is divided.</details>


# %%
def loss_gradient(kind, F, Y):
    """The gradient of "half_se", "se", "sse" or "mse" with respect to F. F, Y (N, K) -> (N, K)."""


formulas = {
    "half_se": lambda F: 0.5 * np.sum((F - Y) ** 2) / len(Y),
    "se": lambda F: np.sum((F - Y) ** 2) / len(Y),
    "sse": lambda F: np.sum((F - Y) ** 2),
    "mse": lambda F: np.mean((F - Y) ** 2),
}
for kind, formula in formulas.items():
    print(check.gradient(loss_gradient(kind, F, Y), formula, at=F, name=kind, batch=12))

# %% [markdown]
# **2 · The trap of the missing column** (★, 10 minutes). First make it happen: for `y` of shape (100, 1) from section
# 2, what is `np.mean((y - y[:, 0]) ** 2)`, and which well-known statistic of the targets is half of it? Then write a
# loss that cannot be trapped: where the shapes differ it raises a `ValueError` that names both.
#
# <details><summary>Hint 1</summary>The table holds all differences of two targets. Its mean square is twice a
# variance.</details>
#
# <details><summary>Hint 2</summary>Compare <code>F.shape</code> with <code>Y.shape</code> before you
# subtract.</details>


# %%
def guarded_mse(F, Y):
    """The mean over all entries of the squared errors; ValueError where the shapes differ."""


print(check.value(guarded_mse(y, y + 2.0), 4.0, name="the loss of a constant miss"))
try:
    guarded_mse(y, y[:, 0])
    print("not yet: targets of shape (100,) should be refused")
except ValueError as refusal:
    print("refused, well done:", refusal)

# %% [markdown]
# **3 · The first-order test** (★★, 15 minutes). Section 6 promised that a step with rate $\eta$ lowers the loss by
# $\eta\lVert\nabla\mathcal L\rVert^2$ plus an error of order $\eta^2$. Measure the error for the small network:
# return promise minus fall. If $\eta$ is halved, what happens to it? This is a quick test of any gradient: with a
# wrong one the error is only halved.
#
# <details><summary>Hint</summary><code>loss_at(theta)</code> and <code>net.loss_and_gradient(X, Y)[1]</code> are all
# you need. Copy the gradient before you compute anything else: the engine uses its memory again.</details>


# %%
def broken_promise(eta):
    """eta |gradient|^2 minus the fall of the loss in one step from the parameters `start`."""


for eta, error in ((0.2, 0.0779255), (0.1, 0.0198650), (0.05, 0.0050121)):
    print(check.value(broken_promise(eta), error, name=f"the error at eta {eta}", tolerance=1e-4))

# %% [markdown]
# **4 · All at once against in turn** (★★, 15 minutes). Let `sweep_together` and `sweep_in_turn` of section 8 start at
# the same parameters, and return the distance of their results. Then halve $\eta$ several times. With which power of
# $\eta$ does the distance shrink, and why?
#
# <details><summary>Hint 1</summary>Set <code>net.parameters.flat[:] = start</code> before each sweep, and copy the
# result of the first.</details>
#
# <details><summary>Hint 2</summary>The fresh slope differs from the old one by about the step that the other layers
# have made, and that is multiplied by eta once more.</details>


# %%
def sweep_distance(eta):
    """The length of the difference of both sweeps with learning rate eta, from the parameters `start`."""


mine = (sweep_distance(0.002), sweep_distance(0.001))
print(check.value(None if None in mine else mine[0] / mine[1], 3.9995, name="the ratio", reveal=False, tolerance=1e-3))

# %% [markdown]
# **5 · Where the step becomes too long** (★★★, 15 minutes). The candle is measured in minutes instead of hours: the
# inputs become 60 times as large. Find the largest learning rate that still settles. It is tested by training a little
# below and a little above it. Then find out how long the slow direction takes. The quotient largest / smallest
# curvature is called the **condition number**, and the number of steps grows in proportion to it. By which factor is
# it larger for minutes than for hours? Lecture 11 has the remedy.
#
# <details><summary>Hint 1</summary>Section 6 computes the curvatures for hours. For minutes A has the columns 60x and
# 1.</details>
#
# <details><summary>Hint 2</summary>The factor is not 3600. Scaling x turns the axes of the valley, and both curvatures
# change.</details>

# %%
my_limit = None  # the largest learning rate for x in minutes
my_ratio = None  # condition number for minutes, divided by that for hours


def settles(rate):
    """Does training with x in minutes end 400 steps later with a lower loss than it began with?"""
    minutes = engine.MLP([1, 1])
    try:
        loss = engine.fit(minutes, 60 * x, y, optimizer=engine.gradient_descent, lr=rate, epochs=400).loss
    except engine.Divergence:
        return False
    return bool(loss[-1] < loss[0])


if my_limit is None:
    print("not yet: my_limit is None")
else:
    print("settles a little below your limit:", settles(0.99 * my_limit), "  should be True")
    print("settles a little above your limit:", settles(1.01 * my_limit), "  should be False")
print(check.value(my_ratio, 1491.2, name="the ratio of condition numbers", reveal=False, tolerance=0.01))

# %% [markdown]
# ## 11 · Check yourself, and what to read
#
# The statements of all slide rows of this lecture once more, on other numbers. "Refuted as printed" counts the
# misprints that a check has caught.

# %%
print(slides.self_check("NB04"))

# %% [markdown]
# **To take home.** A loss is one number for a batch, and its mean over the training set is the empirical risk. Its
# gradient is the mean of the gradients of single samples. A step goes against the gradient, with all slopes taken at
# the old parameters. A learning rate has a meaning only together with the loss that it was chosen for. And the
# targets need their column.
#
# **To read.** *Probabilistic Machine Learning: An Introduction*, chapters 8 (optimisation, first-order methods) and
# 13; *Deep Learning*, section 4.3 (gradient-based optimisation) and chapter 6 (cost functions of networks), chapter 8
# for later; *The Elements of Statistical Learning*, chapter 11 (fitting neural networks). Next lecture: small changes
# and the chain rule, the first half of the answer to where the slopes come from.
