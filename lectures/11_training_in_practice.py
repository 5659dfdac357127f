# %% [markdown]
# # 11 · Training in practice: batches, steps, scaling, initialisation
#
# We have the gradient of any network. What is left are the small decisions that make a training run succeed or fail:
# how many samples to look at before a step, how long the step should be, how to prepare the inputs, and where to
# start. None of them changes what the network can compute. All of them change how long you wait.
#
# **Question of the day.** We look for the minimum of $f(x)=0.05\,x^2$ by gradient descent from $x=1$. With the
# constant learning rate 1 it takes 22 steps until $x$ is below $0.1$. A slide says that the learning rate $1/r$ at
# step $r$ *can guarantee convergence*, and for this $f$ that is true. *How many steps does it take with $1/r$ until
# $x$ is below $0.1$?* Write your number into the next cell before you run on.

# %%
my_guess = 0  # a number of steps

# %% [markdown]
# | | section | minutes |
# |---|---|---|
# | 1 | Set-up and a look back | 4 |
# | 2 | Batch learning: all samples, one step | 13 |
# | 3 | One sample, one step | 9 |
# | 4 | Mini-batches | 8 |
# | 5 | How noisy is a batch? | 7 |
# | 6 | What an epoch buys | 9 |
# | 7 | Steps that shrink, and the answer to the question | 10 |
# | 8 | Inputs on one scale | 6 |
# | 9 | Where to start | 9 |
# | 10 | Other optimisers | at home, 10 |
# | 11 | Errata corner | at home, 15 |
# | 12 | Exercises | at home, 80 |
# | 13 | Check yourself, and what to read | at home, 10 |
#
# ## 1 · Set-up and a look back
#
# Lecture 10 in two lines: special units such as max, product and softmax are differentiated by the same rule as all
# others, and an engine that knows each unit's rule differentiates any network built from them.
#
# Two examples will serve us. One is the burning candle of lecture 4: a hundred readings of time $x$ and height $y$, a
# straight line with two parameters. The other is a small network with 3 inputs, 5 hidden units and 2 outputs.

# %%
import time
from itertools import combinations
from math import gamma

import numpy as np

from coursekit import check, engine, figures, slides

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(4)

N = 100
x = rng.uniform(-1, 2, size=(N, 1))  # hours since noon
y = 6 - 1.5 * x + 0.3 * rng.normal(size=(N, 1))  # height in cm

net = engine.MLP([3, 5, 2], activation=engine.tanh).initialize(rng)
start = net.parameters.flat.copy()
X = rng.normal(size=(12, 3))
Y = np.column_stack([np.sin(X[:, 0] + X[:, 1]), X[:, 0] * X[:, 2]])


def agrees(a, b):
    """Do two arrays of one shape agree to seven digits?"""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-7, atol=1e-9))


def gradient_of(samples):
    """The flat gradient of the mean loss of some samples of (X, Y), a copy."""
    return net.loss_and_gradient(X[samples], Y[samples])[1].copy()


def loss_at(theta):
    """The mean loss of the network on all samples at the flat parameters theta."""
    kept = net.parameters.flat.copy()
    net.parameters.flat[:] = theta
    loss = engine.half_squared_error(net(X), Y)
    net.parameters.flat[:] = kept
    return loss


# %% [markdown]
# ## 2 · Batch learning: all samples, one step
#
# The loss of a training set is the mean of the losses of its instances. CSC561 writes the set as $\{X\}$ and the
# number of its members as $|\{X\}|$.
#
# > **Translation box**
# >
# > | | house | CEE616 | CSC561 |
# > |---|---|---|---|
# > | samples, one of them | $N$, $n$ | $N$, $n$ | $T$ or $\lvert\{X\}\rvert$, $t$ |
# > | loss of one sample | $\ell_n$ | $\mathcal L_n$ | Div |
# > | its mean over the samples | $\mathcal L$ | $\mathcal L$, $C$ | Loss |
# > | learning rate, number of the step | $\eta$, $t$ | $\rho$, $t$; $r$ in $\rho_r$ | $\eta$ |
# > | size of a mini-batch, its samples | $B$ | $B$, once $M$; $\mathcal B_t$ | |
# > | gradient of the loss by $W$ | $dW$, shape of $W$ | $\partial\mathcal L/\partial\theta$, a row | $(\nabla_W\mathrm{Loss})^\top$ |
#
# Mind the letter $t$. It counts steps in the house and in CEE616, but samples in CSC561. Mini-batches come in section
# 4, the number $r$ in section 7.

# %% slides=["CSC561-E28"]
single = [engine.half_squared_error(net(X[t : t + 1]), Y[t : t + 1]) for t in range(12)]
print("mean of the single losses:", round(np.mean(single), 6))
print("loss of the batch:        ", round(engine.half_squared_error(net(X), Y), 6))

# %% [markdown]
# The sentence above this formula on the slide says that the loss is the *sum* of the divergences, its word for the
# losses of single instances, and that the gradient is the sum *or* the average. It is worth being strict here. Sum and
# mean have the same lowest point, but the gradient of the sum is $T$ times as long. Whoever uses the sum needs a $T$
# times smaller learning rate for the same step.

# %% slides=["CSC561-C23"]
F = net(X)
print("sum / mean, loss:    ", round(engine.half_squared_error(F, Y, "sum") / engine.half_squared_error(F, Y), 6))
by_sum = engine.half_squared_error.gradient(F, Y, "sum")
by_mean = engine.half_squared_error.gradient(F, Y)
print("sum / mean, gradient:", round(np.linalg.norm(by_sum) / np.linalg.norm(by_mean), 6))
print("rate 0.1 with the mean is rate 0.1 / 12 with the sum:", agrees(0.1 * by_mean, 0.1 / 12 * by_sum))

# %% [markdown]
# How is the gradient of the mean obtained? Both decks give the same recipe. CEE616: forward and backward pass for
# each observation, average the gradients, then update. CSC561: for each instance a forward pass that stores all
# intermediate values and a backward sweep; then $\nabla_W\mathrm{Loss}=\frac1{|\{X\}|}\sum_X\nabla_W\mathrm{Div}$.
# Our engine does it for all rows of the batch at once, and it is the same number.

# %% slides=["CEE616-C17", "CSC561-A3", "CSC561-E29"]
accumulated = np.zeros_like(start)
for t in range(12):
    accumulated += gradient_of([t])  # forward with everything stored, then backward
whole = gradient_of(range(12))
print("average of 12 single gradients is the batch gradient:", agrees(accumulated / 12, whole))
print(check.gradient(accumulated / 12, loss_at, at=start, name="the average"))

# %% [markdown]
# Then comes the step. For the parameters $\theta_\ell$ of layer $\ell$, at step $t$, CEE616 writes
# $$\theta_{\ell,t+1}=\theta_{\ell,t}-\rho\,\frac1N\sum_{n=1}^N\frac{\partial\mathcal L_n}{\partial\theta_\ell} .$$
# Because every step uses the whole batch, this is **batch learning**. On the slide the derivative is a row and
# $\theta_\ell$ a column; a row must be turned before it can be subtracted. Numpy does not always complain, so we look
# at the shapes once.

# %% slides=["CEE616-E42"]
column = start[:, None]  # (32, 1), as the slide has its parameters
row = (accumulated / 12)[None]  # (1, 32), as the slide has its derivatives
print("as printed, column minus row:", (column - 0.1 * row).shape)
print("with the transpose:          ", (column - 0.1 * row.T).shape)
engine.fit(net, X, Y, optimizer=engine.gradient_descent, lr=0.1, epochs=1)
print("the engine's step is that one:", agrees(net.parameters.flat, (column - 0.1 * row.T)[:, 0]))
net.parameters.flat[:] = start

# %% [markdown]
# CSC561 prints its transpose: $W\leftarrow W-\eta(\nabla_W\mathrm{Loss})^\top$. There the derivative of the loss by
# $W_k$ has the shape (in, out), that of $W_k$ turned. In house notation $dW$ has the shape of $W$, and the sign
# $\top$ disappears from the update.

# %% slides=["CSC561-E30"]
_, swept = engine.loss_and_gradients(X, Y, net.Ws, net.bs, net.activations)
nabla = X.T @ swept.dZs[0]  # the slide's derivative by W_1: columns of inputs times rows of errors
print("W1", net.Ws[0].shape, "  nabla", nabla.shape, "  turned", nabla.T.shape)
print("turned it is dW1:", agrees(nabla.T, swept.dWs[0]))
moved = [W - 0.1 * dW for W, dW in zip(net.Ws, swept.dWs, strict=True)]
after = engine.forward(X, moved, net.bs, net.activations).A[-1]
print(f"loss {engine.half_squared_error(F, Y):.4f} -> {engine.half_squared_error(after, Y):.4f}")

# %% [markdown]
# Now CSC561's whole program: set loss and derivatives to zero; for $t=1..T$ run forward, add the divergence to the
# loss, run backward, add the derivatives; then $w\leftarrow w-\frac\eta T\frac{d\mathrm{Loss}}{dw}$; repeat until the
# loss has converged. The loss is accumulated as a sum, and the $1/T$ that makes a mean of it appears in the update.
# In the text version the update stands inside the loop over $t$. It belongs behind it; lecture 8 showed what happens
# otherwise.


# %% slides=["CSC561-A4"]
def train(theta, eta, threshold, most=2000):
    """CSC561's loop: parameters, mean losses; ends where a round lowers the loss by less than the threshold."""
    theta, losses = theta.copy(), [np.inf]
    while len(losses) <= most:
        net.parameters.flat[:] = theta
        total, slopes = 0.0, np.zeros_like(theta)
        for t in range(len(X)):
            div, one = net.loss_and_gradient(X[t : t + 1], Y[t : t + 1])
            total += div
            slopes += one
        losses.append(total / len(X))
        if losses[-2] - losses[-1] < threshold:
            break
        theta -= eta / len(X) * slopes  # behind the loop
    return theta, losses[1:]


trained, losses = train(start, eta=0.2, threshold=1e-4)
net.parameters.flat[:] = start
engine.fit(net, X, Y, optimizer=engine.gradient_descent, lr=0.2, epochs=len(losses) - 1)
print(f"{len(losses) - 1} steps, loss {losses[0]:.4f} -> {losses[-1]:.4f}")
print("the engine's batch learning ends at the same parameters:", agrees(net.parameters.flat, trained))
net.parameters.flat[:] = start

# %% [markdown]
# Two words for counting. A **step** is one update. An **epoch** is one sweep over all training samples: each is used
# once.

# %% slides=["CEE616-C18"]
for size in (12, 5, 1):
    batches = list(engine.minibatches(12, size, np.random.default_rng(1)))
    order = np.concatenate(batches)
    print(f"size {size:2}: each sample once: {np.array_equal(np.sort(order), np.arange(12))}, in the order {order}")

# %% [markdown]
# In batch learning the two numbers are equal. All samples must be seen before an update, so an epoch has exactly one.

# %% slides=["CEE616-C19"]
for epochs in (1, 7):
    net.parameters.flat[:] = start
    history = engine.fit(net, X, Y, optimizer=engine.gradient_descent, lr=0.1, epochs=epochs)
    print(f"batch learning, epochs: {epochs}   steps: {history.steps}")
net.parameters.flat[:] = start

# %% [markdown]
# One step is rarely enough, so batch learning needs several epochs, often many. For the candle the lowest loss is
# known, and so is the limit of the learning rate, two divided by the largest curvature (lecture 4). The cell shows how
# far each number of steps leads.

# %% slides=["CEE616-C20"]
A = np.column_stack([x, np.ones(N)])
best = np.linalg.lstsq(A, y, rcond=None)[0][:, 0]
least = 0.5 * np.mean((A @ best - y[:, 0]) ** 2)
limit = 2 / np.linalg.eigvalsh(A.T @ A / N)[-1]
candle = engine.MLP([1, 1])
losses = engine.fit(candle, x, y, optimizer=engine.gradient_descent, lr=0.4, epochs=200).loss
print(f"lowest loss {least:.4f}, limit of the learning rate {limit:.3f}")
for epoch in (0, 1, 5, 20, 50):
    print(f"after {epoch:2} epochs of batch learning with rate 0.4: loss {losses[epoch]:8.4f}")
print("after 199 it is the lowest loss to ten digits:", abs(losses[-1] - least) < 1e-10)

# %% [markdown]
# ## 3 · One sample, one step
#
# A batch step looks at 100 readings and moves once. Could it move after each reading? **Stochastic gradient descent**
# (SGD) takes the gradient of a single sample $n$, drawn at random, in the place of the full one:
# $$\theta_{\ell,t+1}=\theta_{\ell,t}-\rho\,\frac{\partial\mathcal L_n}{\partial\theta_\ell} .$$
# Why may one sample stand in for all? Because it is right *on average*: the mean over all $n$ of the single gradients
# is the full gradient. Such an estimate is called **unbiased**. It is also noisy, and the cell measures how much.
# (The slide carries a second number, (44), without a formula. There is nothing to miss.)

# %% slides=["CEE616-E43", "CEE616-C23", "CEE616-E44"]
singles = np.array([gradient_of([n]) for n in range(12)])  # one row for each sample, (12, 32)
steps = []
for n in range(12):
    net.parameters.flat[:] = start
    engine.fit(net, X[n : n + 1], Y[n : n + 1], optimizer=engine.sgd, lr=0.1, epochs=1)
    steps.append(net.parameters.flat - start)
net.parameters.flat[:] = start
print("mean of the 12 possible steps is the batch step:", agrees(np.mean(steps, axis=0), -0.1 * whole))
distances = np.linalg.norm(singles - whole, axis=1)
print("length of the full gradient:              ", round(np.linalg.norm(whole), 3))
print("distance of single gradients from it, mean:", round(distances.mean(), 3))

# %% [markdown]
# The noise is larger than the signal, and nevertheless it works. Look at the candle. Each path may use the same number
# of single gradients, 200: two steps of batch learning, or 20 steps with ten samples each, or 200 with one. The
# noisier the gradient, the shorter the steps must be, so each path has its own learning rate. In the figure every mark
# is a step, a star is the end, and the numbers on the contour lines are losses.


# %%
def candle_loss(places):
    """The mean of half the squared errors of the lines (w, b) in the rows of places (M, 2)."""
    return 0.5 * np.mean((places @ A.T - y[:, 0]) ** 2, axis=1)


def walk(batch_size, schedule, epochs, rng, X=A, y=y[:, 0], theta=(0.0, 0.0)):
    """The parameters of a line after each step of mini-batch descent: (steps + 1, P)."""
    path = [np.array(theta)]
    for _ in range(epochs):
        for batch in engine.minibatches(len(X), batch_size, rng):
            slopes = X[batch].T @ (X[batch] @ path[-1] - y[batch]) / len(batch)
            path.append(path[-1] - schedule(len(path)) * slopes)
    return np.array(path)


paths = {
    f"batches of {size}, rate {rate}": walk(size, engine.constant(rate), 2, np.random.default_rng(3))
    for size, rate in ((100, 0.4), (10, 0.2), (1, 0.1))
}
two_steps = [walk(N, engine.constant(rate), 2, np.random.default_rng(3))[-1] for rate in np.linspace(0.1, 1.2, 23)]
print(f"two batch steps with the best constant rate: loss {candle_loss(np.array(two_steps)).min():.2f}")
figures.show(
    figures.loss_surface(
        candle_loss,
        paths,
        x="w, in cm per hour",
        y="b, in cm",
        title="Two epochs each: 200 single gradients",
        window=((-3.2, 2.8), (-0.8, 8.2)),
        minimum=best,
    ),
    alt="Contour lines of the candle's loss with three paths from 0, 0. Batch learning makes two long steps and is still far "
    "from the lowest point at w = -1.46, b = 6.02. Batches of 10 come nearer on a slightly trembling path. Single samples "
    "wander most, arrive, and keep moving around the lowest point.",
)

# %% [markdown]
# Two steps of batch learning cannot arrive, not even with their best rate. Two hundred noisy ones can.
#
# **How many updates?** If every observation triggers one, an epoch makes $N$ updates. In general it makes
# $\lceil N/B\rceil$ with $B$ samples for each. One condition hides in the words "sweep" and "randomly selected". If
# each of the $N$ samples is drawn *independently*, with replacement, some come twice and others not at all: a share of
# $(1-1/N)^N\approx e^{-1}\approx 37\,\%$ is missed. A sweep shuffles the samples and takes one after the other,
# without replacement. Then nobody is left out.

# %% slides=["CEE616-C21"]
for size in (1, 5, 12):
    history = engine.fit(
        net, X, Y, optimizer=engine.sgd, lr=0.01, epochs=2, batch_size=size, rng=np.random.default_rng(2)
    )
    print(f"12 samples in batches of {size:2}: {history.steps // 2:2} updates an epoch")
net.parameters.flat[:] = start
sweep = np.concatenate(list(engine.minibatches(1000, 1, rng)))
draws = rng.integers(1000, size=(200, 1000))
missed = np.mean([1000 - len(np.unique(some)) for some in draws])
print("of 1000 samples, missed by a shuffled sweep:   ", 1000 - len(np.unique(sweep)))
print(
    "missed by 1000 independent draws, on average:  ", round(missed), "  formula:", round(1000 * (1 - 1 / 1000) ** 1000)
)

# %% [markdown]
# The slide adds that this procedure is also called **online learning**. The update is the same, as the cell shows:
# samples that arrive one by one, in the order of the sweep, lead to the same network. Usually, though, *online* means
# more: a stream whose items are seen once and then gone. Here a fixed set is swept again and again.

# %% slides=["CEE616-C22"]
engine.fit(net, X, Y, optimizer=engine.sgd, lr=0.1, epochs=1, batch_size=1, rng=np.random.default_rng(7))
swept_once = net.parameters.flat.copy()
net.parameters.flat[:] = start
stream = np.concatenate(list(engine.minibatches(12, 1, np.random.default_rng(7))))
for n in stream:
    net.parameters.flat[:] -= 0.1 * gradient_of([n])
print("a stream of single samples gives the same network as SGD:", agrees(net.parameters.flat, swept_once))
net.parameters.flat[:] = start

# %% [markdown]
# ## 4 · Mini-batches
#
# Between one sample and all there is a middle way. Draw a **mini-batch** $\mathcal B_t$ of $B$ samples, with $B$ much
# smaller than $N$, and average over it:
# $$\theta_{\ell,t+1}=\theta_{\ell,t}-\rho\,\frac1{|\mathcal B_t|}\sum_{n\in\mathcal B_t}\frac{\partial\mathcal L_n}{\partial\theta_\ell} .$$
# (The slide prints $\mathcal L_m$ under the sum over $n$; section 11 types it in.) This estimate is unbiased too. To
# be sure, we do not draw at random but take *all* batches of three from twelve samples and average.

# %% slides=["CEE616-E45"]
batch = [1, 4, 6]
print("batch gradient is the mean of its single ones:", agrees(gradient_of(batch), singles[batch].mean(axis=0)))
every = np.array([gradient_of(list(some)) for some in combinations(range(12), 3)])
print("batches of 3 from 12:", len(every), "  their mean is the full gradient:", agrees(every.mean(axis=0), whole))

# %% [markdown]
# The loop around it has three numbered lines on the slide: (1) draw a mini-batch, (2) forward and backward through
# it, and update, (3) repeat step 2 until convergence. Read the third line once more. If only step 2 is repeated, the
# batch of the first draw stays for ever, and the network learns these few samples alone. Steps 1 *and* 2 must be
# repeated. The candle shows the difference.

# %% slides=["CEE616-A2"]
sizes = [len(batch) for batch in engine.minibatches(100, 8, rng)]
print("sizes of the batches of one epoch:", sizes, "that is", len(sizes), "updates")
fresh = walk(8, engine.constant(0.1), 40, np.random.default_rng(5))
first_batch = next(iter(engine.minibatches(N, 8, np.random.default_rng(5))))
stuck = walk(8, engine.constant(0.1), 13 * 40, np.random.default_rng(5), X=A[first_batch], y=y[first_batch, 0])
print(f"lowest loss on all readings:     {least:.4f}")
print(f"steps 1 and 2 repeated, loss:    {candle_loss(fresh[-1:])[0]:.4f} after {len(fresh) - 1} steps")
print(f"step 2 alone repeated, loss:     {candle_loss(stuck[-1:])[0]:.4f} after {len(stuck) - 1} steps")
print(
    "its line is the best line of that one batch:",
    np.allclose(stuck[-1], np.linalg.lstsq(A[first_batch], y[first_batch, 0])[0], atol=1e-4),
)

# %% [markdown]
# Which $B$? The slide names 16 and 32 as usual (it writes $M$, which elsewhere counts outputs). Two things speak for
# such numbers. An epoch still makes many updates. And the samples of a batch pass through a layer in *one* matrix
# product, which a computer does much faster than as many separate ones, because it works on many numbers at a time.

# %% slides=["CEE616-C26"] tags=["nbval-ignore-output"]
big = engine.MLP([256, 256, 10]).initialize(np.random.default_rng(6))
inputs = np.random.default_rng(7).normal(size=(32, 256))
together, apart = [], []
for _ in range(20):
    t0 = time.perf_counter()
    rows = big(inputs)
    t1 = time.perf_counter()
    one_by_one = np.vstack([big(inputs[n : n + 1]) for n in range(32)])
    apart.append(time.perf_counter() - t1)
    together.append(t1 - t0)
print("same outputs:", agrees(rows, one_by_one), "  a batch of 32 at once is faster:", min(together) < min(apart))
for size in (1, 16, 32, 5000):
    print(f"5000 samples in batches of {size:4}: {-(-5000 // size):4} updates an epoch")

# %% [markdown]
# ## 5 · How noisy is a batch?
#
# The slide says that averaging over a subset makes the updates steadier. How much steadier can be said exactly. Let
# $v$ be the mean squared distance of a single gradient from the full one, the **variance** of one sample. If the $B$
# samples are drawn independently, their mean has the variance $v/B$. If they are drawn without replacement, as in a
# shuffled sweep, it is even smaller:
# $$\frac vB\cdot\frac{N-B}{N-1} .$$
# The last factor is 1 for $B=1$ and 0 for $B=N$: the batch of all samples has no noise at all. With twelve samples we
# can check it on *all* batches of four.

# %% slides=["CEE616-C24"]
v = np.mean(np.sum((singles - whole) ** 2, axis=1))
every = np.array([gradient_of(list(some)) for some in combinations(range(12), 4)])
found = np.mean(np.sum((every - whole) ** 2, axis=1))
print("variance of a single gradient:    ", round(v, 6))
print("all", len(every), "batches of 4, variance:   ", round(found, 6))
print("v / B * (N - B) / (N - 1):        ", round(v / 4 * (12 - 4) / (12 - 1), 6))

# %% [markdown]
# For a hundred readings there are too many batches to list them all, so we draw a thousand of each size. The lines are
# foretold, the marks are measured.

# %%
readings = (A @ [-1.0, 5.5] - y[:, 0])[:, None] * A  # the gradients of single readings at one line, (100, 2)
batch_sizes = [1, 2, 4, 8, 16, 32, 64, 100]
order = rng.permuted(np.tile(np.arange(N), (1000, 1)), axis=1)  # a thousand shuffled sweeps
measured = {"with replacement": [], "without replacement": []}
for B in batch_sizes:
    for way, drawn in (("with replacement", rng.integers(N, size=(1000, B))), ("without replacement", order[:, :B])):
        means = readings[drawn].mean(axis=1)
        measured[way].append(np.mean(np.sum((means - readings.mean(axis=0)) ** 2, axis=1)))
print("B:                  ", batch_sizes)
for way, values in measured.items():
    print(f"{way:20}", np.round(values, 4))
figures.show(
    figures.gradient_noise(readings, batch_sizes, measured),
    alt="Variance of the gradient against the batch size from 1 to 100, both axes logarithmic. With replacement the marks "
    "follow a straight line of slope -1. Without replacement they follow it at first and bend down steeply as the batch "
    "comes near to all 100 samples.",
)

# %% [markdown]
# The lesson for practice is in the slope. Four times the work makes the noise of the gradient (the root of the
# variance) only half as large. So the first few samples of a batch buy much, the later ones little.
#
# ## 6 · What an epoch buys
#
# An epoch costs $N$ single gradients, whatever the batch size. What do we get for it? CEE616 says that online
# learning is more efficient for very large data sets. We take 5000 samples with four inputs of different sizes, so
# that the largest curvature is 26 times the smallest. Batch learning makes one step for its epoch, and we even search
# its best length. Single samples make 5000 short ones.

# %% slides=["CEE616-C25"]
many = np.random.default_rng(9)
inputs = many.normal(size=(5000, 4)) * [1.0, 0.7, 0.4, 0.2]
large_X = np.column_stack([inputs, np.ones(5000)])
large_y = inputs @ [1.0, -1.0, 2.0, 3.0] + 0.1 * many.normal(size=5000)
optimum = np.linalg.lstsq(large_X, large_y, rcond=None)[0]
curvatures = np.linalg.eigvalsh(large_X.T @ large_X / 5000)


def gap(places):
    """How far the mean loss at parameters (M, 5) is above the lowest: (M,)."""
    return 0.5 * np.mean(((places - optimum) @ large_X.T) ** 2, axis=1)


def run(batch_size, schedule, epochs, seed=1):
    """The path of mini-batch descent on the large data from all zeros."""
    return walk(batch_size, schedule, epochs, np.random.default_rng(seed), large_X, large_y, np.zeros(5))


one_step = min(gap(run(5000, engine.constant(rate), 1)[-1:])[0] for rate in np.linspace(0.5, 3, 26))
print(f"largest curvature / smallest: {curvatures[-1] / curvatures[0]:.1f}")
print(f"start:                                 {gap(np.zeros((1, 5)))[0]:.4f} above the lowest loss")
print(f"one epoch, the best single batch step: {one_step:.4f}")
print(f"one epoch, 5000 steps with rate 0.02:  {gap(run(1, engine.constant(0.02), 1)[-1:])[0]:.5f}")

# %% [markdown]
# The same work, and thousands of times closer. One reason is redundancy: among 5000 samples many say the same, and the
# full gradient hears all of them before it moves. The other is the unequal curvatures. Were all alike, a single batch
# step of the right length would come very close; section 8 shows how to make them so. And whoever wants to be closer
# still meets the noise: single samples tremble, the full gradient does not.
#
# The figure shows three runs against the number of single gradients. Two are there for comparison. The third is
# yours: change `batch_size` (1 to 5000), `learning_rate` (0.005 to 1) and `schedule`. Look for three things: where a
# run starts to move, how steeply it falls, and at which height its noise stops it. Try `batch_size = 1` with rate
# 0.1: it starts fast and trembles high. Then take the schedule `"c / r"`: it comes down. A run that flies away is drawn
# at the upper edge, at 1000.

# %% tags=["interactive"]
batch_size = 32
learning_rate = 0.3
schedule = "constant"  # "constant", "halved" or "c / r"
epochs = 20

menu = {
    "constant": engine.constant(learning_rate),
    "halved": engine.step_decay(learning_rate, every=4 * -(-5000 // batch_size)),  # after every fourth epoch
    "c / r": lambda r: min(learning_rate, 30 / r),  # constant at first, then 30 / r
}
counts = np.linspace(0, 5000 * epochs, 81).astype(int)
runs = {
    "all 5000 samples, rate 1": (5000, engine.constant(1.0)),
    "single samples, rate 0.02": (1, engine.constant(0.02)),
    f"batches of {batch_size}, rate {learning_rate:g}, {schedule}": (batch_size, menu[schedule]),
}
gaps = {}
for name, (size, rates) in runs.items():
    updates = -(-5000 // size)  # in one epoch
    done = counts // 5000 * updates + counts % 5000 // size
    with np.errstate(over="ignore", invalid="ignore"):  # a run may fly away
        distance = np.nan_to_num(gap(run(size, rates, epochs)[done]), nan=np.inf)
    gaps[name] = np.clip(distance, 1e-12, 1e3)
figures.show(
    figures.learning_curves(
        gaps,
        at=counts / 5000,
        x="epochs (5000 single gradients each)",
        y="distance to the lowest loss",
        title="Three runs for the same work",
        log_y=True,
    ),
    alt="Distance to the lowest loss, on a logarithmic axis, over 20 epochs. Batch learning falls slowly, one small stair each "
    "epoch. Single samples with rate 0.02 drop within one epoch and then tremble at one height. Batches of 32 need two "
    "epochs and tremble at a similar height.",
)

# %% [markdown]
# ## 7 · Steps that shrink, and the answer to the question
#
# With a constant learning rate the single samples never come to rest. Each of them pulls a little in its own
# direction, and the parameters tremble around the minimum. A smaller rate trembles less and travels slower. Why not
# begin with long steps and make them shorter and shorter? Such a plan, fixed before the start, is a **schedule**. The
# figure compares two constant rates with a schedule that is constant for 20 steps and then $4/r$. A line is the median
# of five runs, its band reaches from the best to the worst.

# %%
plans = {
    "constant 0.2": engine.constant(0.2),
    "constant 0.02": engine.constant(0.02),
    "0.2, later 4 / r": lambda r: min(0.2, 4 / r),
}
epochs = [1, 2, 3, 5, 10, 20, 30, 50, 100]
trembling = {
    name: [
        candle_loss(walk(1, plan, 100, np.random.default_rng(seed))[N * np.array(epochs)]) - least for seed in range(5)
    ]
    for name, plan in plans.items()
}
for name, runs_of_plan in trembling.items():
    print(f"{name:18} distance to the lowest loss after 100 epochs: {np.median(runs_of_plan, axis=0)[-1]:.0e}")
figures.show(
    figures.learning_curves(
        trembling,
        at=epochs,
        x="epoch",
        y="distance to the lowest loss",
        title="Single readings of the candle, five runs each",
        log_x=True,
        log_y=True,
    ),
    alt="Distance to the lowest loss against epochs on logarithmic axes, each with a band of five runs. The two constant "
    "rates fall to a height of their own and stay there, the smaller rate lower. The shrinking steps keep falling.",
)

# %% [markdown]
# Both constant rates stop at a height of their own. The shrinking steps go on falling. CEE616 gives $\rho_r=1/r$ as an
# example, where $r$ counts the steps. It calls the rate *adaptive*; but a plan fixed before the start adapts to
# nothing, it is a schedule. Behind it stands a theorem. Steps that shrink average out the noise, if
# $$\sum_r\rho_r=\infty\qquad\text{and}\qquad\sum_r\rho_r^2<\infty .$$
# The first says that the steps together reach any distance. The second says that the noise that they collect stays
# finite. Both hold for $c/r$, with any $c>0$. What does the guarantee say about time? We try a loss without any
# noise, $f(x)=\tfrac\mu2x^2$ with the curvature $\mu$. Its slope is $\mu x$, so a step multiplies $x$ by $1-\rho_r\mu$.


# %% slides=["CEE616-C27"]
def descend(slope, schedule, x, steps):
    """The places visited by gradient descent on a function of one number: (steps + 1,)."""
    places = [x]
    for r in range(1, steps + 1):
        places.append(places[-1] - schedule(r) * slope(places[-1]))
    return np.array(places)


rates = 1 / np.arange(1, 100_001)
print(
    f"100 000 rates 1/r add up to {rates.sum():.3f}, their squares to {np.sum(rates**2):.5f} (limit {np.pi**2 / 6:.5f})"
)
places = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300]
schedules = {"constant 1": engine.constant(1.0), "1 / r": engine.one_over_r(), "15 / r": engine.c_over_r(15.0)}
paths = {name: np.abs(descend(lambda x: 0.1 * x, plan, 1.0, 300))[places] for name, plan in schedules.items()}
for name, path in paths.items():
    print(f"{name:10} after 300 steps: |x| = {path[-1]:.2g}")
figures.show(
    figures.learning_curves(
        paths,
        at=places,
        x="step r",
        y="distance |x| to the minimum",
        title="The same guarantee, three speeds",
        log_x=True,
        log_y=True,
    ),
    alt="Distance to the minimum against the step on logarithmic axes. The constant rate bends down steeply, 15/r falls "
    "along a straight line, and 1/r hardly falls at all: after 300 steps it is still above 0.5.",
)

# %% [markdown]
# With $c/r$ the distance falls like $r^{-c\mu}$. On our loss $c\mu=0.1$, and $r^{-0.1}$ is a very slow function: to
# make it half as large takes $2^{10}$ times as many steps. More precisely, after $r$ steps
# $x\approx r^{-0.1}/\Gamma(0.9)$, with the gamma function. A million steps confirm it, and the formula answers the question of
# the day.

# %%
million = descend(lambda x: 0.1 * x, engine.one_over_r(), 1.0, 1_000_000)[-1]
print(f"x after a million steps with 1/r: {million:.6f}, by the formula {1e6**-0.1 / gamma(0.9):.6f}")
constant_steps = int(np.argmax(descend(lambda x: 0.1 * x, engine.constant(1.0), 1.0, 50) < 0.1))
needed = (0.1 * gamma(0.9)) ** -10
print(f"steps to x < 0.1: constant rate {constant_steps},  with 1/r about {needed:.3g},  your guess {my_guess}")
print(f"at a million steps a second: {needed / 1e6 / 60:.0f} minutes")

# %% [markdown]
# More than five *billion* steps, and the guarantee is kept. So the useful form is $c/r$ with a $c$ that suits the
# loss, $c\mu\ge1$ for the smallest curvature, after a phase of constant steps. Two more conditions are silent on the
# slide. Where the curvature is large, the first steps of $1/r$ are far too long; where it has no bound, the run may
# never come back. Exercise 4 shows one case of each. And for a network, whose loss is no bowl, the theorem promises a
# point with slope zero, not the lowest point.
#
# ## 8 · Inputs on one scale
#
# As in lecture 4, the limit of the learning rate comes from the largest curvature, the waiting time from the smallest.
# The quotient largest / smallest, the **condition number**, says how hard a valley is. Often it is only a matter of
# units. Let the candle's time be measured in minutes instead of hours.

# %%
minutes = 60 * x


def valley(inputs):
    """Smallest and largest curvature of the loss of a line through these inputs (N, 1)."""
    M = np.column_stack([inputs, np.ones(len(inputs))])
    return np.linalg.eigvalsh(M.T @ M / len(inputs))


scaler = engine.standardize(minutes)
for name, inputs in (("hours", x), ("minutes", minutes), ("standardised", scaler.apply(minutes))):
    low, high = valley(inputs)
    print(f"{name:13} largest learning rate {2 / high:.5f}   condition number {high / low:9.1f}")

# %% [markdown]
# To **standardise** an input is to subtract its mean and to divide by its standard deviation (SD). Then its mean is 0
# and its SD is 1. For the candle the valley becomes a round bowl, whatever the unit was. The slide has two more
# reasons: with all inputs on one scale, one rule for the first weights (section 9) and one strength of regularisation
# (lecture 12) suit them all.
#
# One rule goes with it. Mean and SD are measured on the *training* data and then used for all later data. New readings
# must be treated in exactly the same way, even if their own mean is then not quite 0.

# %% slides=["CEE616-C28"]
training, later = minutes[:80], minutes[80:]
scaler = engine.standardize(training)
ready = scaler.apply(training)
print(
    f"training: mean {abs(ready.mean()):.4f}, SD {ready.std():.4f}    later data: mean {scaler.apply(later).mean():.4f}"
)


def steps_needed(inputs, tolerance=1e-3, most=40_000):
    """Steps of batch learning at half the largest rate until the loss is that close to the lowest."""
    M = np.column_stack([inputs, np.ones(len(inputs))])
    target = y[: len(inputs), 0]
    optimum = np.linalg.lstsq(M, target, rcond=None)[0]
    theta, rate = np.zeros(2), 1 / valley(inputs)[-1]
    for step in range(most):
        if 0.5 * np.mean((M @ (theta - optimum)) ** 2) < tolerance:
            return step
        theta -= rate * M.T @ (M @ theta - target) / len(inputs)
    return most


print(
    "steps until within 0.001 of the lowest loss, minutes:",
    steps_needed(training),
    " standardised:",
    steps_needed(ready),
)

# %% [markdown]
# The next two figures show both landscapes, each with 200 steps at half its largest learning rate. In the first one,
# mind the axes: one unit of $w$ is drawn about a hundred times as long as one unit of $b$, otherwise the contours
# would be a ravine too narrow to see. Gradient descent does not know how we draw. The loss answers so strongly to $w$
# that the rate must be tiny, and with this tiny rate $b$ hardly moves.


# %%
def landscape(inputs):
    """The loss of a line through these inputs, the path of 200 steps of batch learning, and the lowest point."""
    M = np.column_stack([inputs, np.ones(len(inputs))])
    path = walk(N, engine.constant(1 / valley(inputs)[-1]), 200, rng, M)
    lowest = np.linalg.lstsq(M, y[:, 0], rcond=None)[0]
    return (lambda places: 0.5 * np.mean((places @ M.T - y[:, 0]) ** 2, axis=1)), {"batch learning": path}, lowest


heights, path, lowest = landscape(minutes)
figures.show(
    figures.loss_surface(
        heights,
        path,
        x="w, in cm per minute",
        y="b, in cm",
        title="Time in minutes",
        window=((-0.08, 0.1), (-1, 8)),
        minimum=lowest,
    ),
    alt="Elliptic contour lines around the lowest point near w = -0.02, b = 6. The path jumps level along w with its first "
    "step; after 200 steps it has hardly moved upwards along b and is still far below the lowest point.",
)

# %%
heights, path, lowest = landscape(engine.standardize(minutes).apply(minutes))
figures.show(
    figures.loss_surface(
        heights,
        path,
        x="w, in cm per SD",
        y="b, in cm",
        title="Time standardised, both axes to one scale",
        window=((-6, 6), (-1, 8)),
        minimum=lowest,
        square=True,
    ),
    alt="Circular contour lines around the lowest point at w = -1.2, b = 5.1. The path leads straight to it: its first step "
    "already arrives.",
)

# %% [markdown]
# ## 9 · Where to start
#
# The last decision is the first value of the parameters. The slide says: small values near 0. Two things should be
# added. For the first, try the smallest value of all, 0 itself. All hidden units then compute the same, get the same
# gradient, make the same step, and stay equal for ever. The same happens with any other *equal* values. The **rank**
# of $W^{(1)}$ counts how many different directions the hidden units look at; with equal units it is at most 1.


# %% slides=["CEE616-C29"]
def all_equal(parameters, rng):
    """An initialiser that gives every parameter the value 0.1."""
    parameters.flat[...] = 0.1


many_X = np.random.default_rng(2).normal(size=(40, 3))
many_Y = np.sin(many_X[:, :1] + many_X[:, 1:2])
starts = {
    "all zero": engine.zeros,
    "all 0.1": all_equal,
    "random, SD 0.1": engine.small_normal(0.1),
    "random, by fan-in": engine.lecun,
}
for name, initializer in starts.items():
    student = engine.MLP([3, 6, 1], activation=engine.tanh).initialize(np.random.default_rng(3), initializer)
    loss = engine.fit(student, many_X, many_Y, optimizer=engine.gradient_descent, lr=0.3, epochs=100).loss[-1]
    print(f"{name:18} rank of W1 after 100 steps: {np.linalg.matrix_rank(student.Ws[0], tol=1e-8)}   loss {loss:.4f}")

# %% [markdown]
# So the values must be *random*, to break the symmetry. (The biases may all be 0: different weights are enough.) The
# second addition is *how* small. A unit adds up as many terms as it has inputs, its **fan-in**. If the weights are
# independent with mean 0 and SD $\sigma$, and the inputs have mean 0 and SD 1, the sum has SD
# $\sigma\sqrt{\text{fan-in}}$. Much below 1, the signal shrinks from layer to layer; much above, it saturates tanh.
# With $\sigma=1/\sqrt{\text{fan-in}}$ the sum keeps the size of its inputs, and only tanh takes a little off in each
# layer. The figure follows the signal through twelve layers with 30 units each.

# %%
signals = {}
scales = {"SD 0.01": engine.small_normal(0.01), "SD 0.1": engine.small_normal(0.1), "SD 1/√fan-in": engine.lecun}
for name, initializer in scales.items():
    deep = engine.MLP([30] * 13, activation=engine.tanh).initialize(np.random.default_rng(4), initializer)
    signals[name] = [layer.std() for layer in deep.forward(np.random.default_rng(5).normal(size=(50, 30))).A]
    print(f"{name:13} signal after layer 1: {signals[name][1]:.4f}   after layer 12: {signals[name][-1]:.1e}")
figures.show(
    figures.curves(
        signals,
        x="layer (0 is the input)",
        y="SD of the activations",
        title="A signal on its way through twelve layers",
        log=True,
    ),
    alt="Size of the signal by layer on a logarithmic axis. With weights of SD 0.01 it falls along a straight line by many "
    "powers of ten, with SD 0.1 more slowly, with SD one over the root of fan-in only to about 0.2.",
)

# %% [markdown]
# Why does the start matter at all? Because the loss of a network is not convex. A function is **convex** if, between
# any two points of its graph, it never rises above the straight line that joins them. The loss of a network breaks
# this in a way that needs no search. Exchange its hidden units, together with their weights: the function is the same,
# so the loss is the same, at a different place in parameter space. Half-way between the two, the units are mixtures,
# and the loss is higher.

# %% slides=["CEE616-C30"]
points = np.random.default_rng(5).normal(size=(30, 2))
values = np.sin(2 * points[:, :1]) * points[:, 1:2]
model = engine.MLP([2, 5, 1], activation=engine.tanh).initialize(np.random.default_rng(6))
engine.fit(model, points, values, optimizer=engine.gradient_descent, lr=0.3, epochs=400)
here = model.parameters.flat.copy()
order = [1, 2, 3, 4, 0]
twin = engine.MLP([2, 5, 1], activation=engine.tanh)
for mine, theirs in (
    (twin.Ws[0], model.Ws[0][order]),
    (twin.bs[0], model.bs[0][order]),
    (twin.Ws[1], model.Ws[1][:, order]),
):
    mine[...] = theirs
twin.bs[1][...] = model.bs[1]
there = twin.parameters.flat.copy()

along = []
for share in np.linspace(0, 1, 41):
    twin.parameters.flat[:] = (1 - share) * here + share * there
    along.append(engine.half_squared_error(twin(points), values))
print(f"loss at one end {along[0]:.4f}, at the other {along[-1]:.4f}, half-way {along[20]:.4f}")
figures.show(
    figures.learning_curves(
        {"loss on the straight line": along, "the most that convexity allows": np.linspace(along[0], along[-1], 41)},
        at=np.linspace(0, 1, 41),
        x="share of the way from one network to its twin",
        y="mean loss",
        title="Two networks of equal loss and a hill between them",
    ),
    alt="Loss along the straight line between a trained network and its twin with exchanged hidden units. Both ends have the "
    "same low loss; between them the curve rises to a hill far above the dashed level line that joins the ends.",
)

# %% [markdown]
# ## 10 · Other optimisers
#
# Gradient descent looks only at the slope under its feet. CEE616 names **conjugate gradients** (CG) as an optimiser
# that can be faster. CG remembers its last direction and mixes it with the new gradient such that a later step does
# not spoil what earlier ones have gained. On a quadratic loss with $P$ parameters it arrives after $P$ steps, if
# nothing is rounded; in a computer a few more are needed. **Momentum** is a simpler improvement: it keeps a part of its
# speed from step to step. The cell builds a valley with 20 parameters and condition number 1000, and asks who has
# come near the minimum after how many steps.


# %% slides=["CEE616-C31"]
def conjugate_gradients(H, g, steps):
    """The places visited by CG on x H x / 2 - g x from 0: (steps + 1, P)."""
    x, residual = np.zeros(len(g)), g.copy()
    direction, places = residual, [x]
    for _ in range(steps):
        length = residual @ residual / (direction @ H @ direction)
        x = x + length * direction
        fresh = residual - length * (H @ direction)
        direction = fresh + fresh @ fresh / (residual @ residual) * direction
        residual = fresh
        places.append(x)
    return np.array(places)


turn = np.linalg.qr(np.random.default_rng(6).normal(size=(20, 20)))[0]
H = turn @ np.diag(np.geomspace(1, 1000, 20)) @ turn.T
goal = np.random.default_rng(7).normal(size=20)


def optimizer_path(optimizer, lr, steps):
    """The places visited by an optimiser of the engine on the same valley."""
    theta, places = np.zeros(20), [np.zeros(20)]
    state = optimizer.init(theta)
    for _ in range(steps):
        state = optimizer.update(theta, H @ (theta - goal), state, lr)
        places.append(theta.copy())
    return np.array(places)


rivals = {
    "gradient descent, best rate": optimizer_path(engine.gradient_descent, 2 / 1001, 10_000),
    "momentum 0.9": optimizer_path(engine.momentum(0.9), 3.5e-3, 10_000),
    "conjugate gradients": conjugate_gradients(H, H @ goal, 30),
}
print(f"{'less than 1e-6 of the distance left':36} after 30   after 300   after 10 000 steps")
for name, visited in rivals.items():
    error = np.linalg.norm(visited - goal, axis=1) / np.linalg.norm(goal)
    there = ["yes" if (error[: steps + 1] < 1e-6).any() else "no" for steps in (30, 300, 10_000)]
    print(f"{name:36} {there[0]:10} {there[1]:11} {there[2]}")

# %% [markdown]
# CG wins by far here, but it needs exact gradients of one fixed function. With mini-batches the function changes at
# every step, and what CG remembers is soon worthless. So networks on large data are trained by SGD with momentum and
# its relatives, of which `engine.adam` is one. Small problems, with all samples at once, are a field for CG and its
# cousin L-BFGS. On a network, whose loss is no bowl, there is no order of rank that always holds. Here is our small
# one, with about 90 gradients for each, and learning rates chosen by hand.

# %%
for name, optimizer, lr in (("gradient descent", engine.gradient_descent, 0.3), ("adam", engine.adam(), 0.05)):
    net.parameters.flat[:] = start
    loss = engine.fit(net, X, Y, optimizer=optimizer, lr=lr, epochs=90).loss[-1]
    print(f"{name:20} loss {loss:.3f}")
for name, method, iterations in (("conjugate gradients", "cg", 61), ("L-BFGS", "l-bfgs", 84)):
    net.parameters.flat[:] = start
    minimum = engine.minimize(net, X, Y, method=method, iterations=iterations)  # one to two gradients each
    print(f"{name:20} loss {minimum.loss[-1]:.3f}")
net.parameters.flat[:] = start

# %% [markdown]
# ## 11 · Errata corner
#
# The slides of this lecture are short, and a short sentence often leaves out its condition. The classes: **wrong** as
# printed; **notation**, symbols or shapes that disagree; **conditions**, true under conditions that are not stated;
# **typo**, a plain slip of the pen. Where the text version of a slide seems damaged, the table says so.
#
# Three finds as code. First CEE616 (45), as printed: the sum runs over $n$, the summand carries $m$. In a program $m$
# is then whatever it was before, the same sample again and again.

# %%
m, batch = 2, [1, 4, 6]
as_printed = sum(singles[m] for n in batch) / len(batch)
corrected = sum(singles[n] for n in batch) / len(batch)
print("as printed, it is the gradient of sample m alone:", agrees(as_printed, singles[m]))
print(check.value(as_printed, gradient_of(batch), name="the printed mean"))
print(check.value(corrected, gradient_of(batch), name="the corrected mean"))

# %% [markdown]
# Second, the loop of CSC561 with its update inside, as the text version has it. The sum of the derivatives so far is
# applied $T$ times. The first divergence would be subtracted $T$ times, the last one once.

# %%
theta, slopes = start.copy(), np.zeros_like(start)
for t in range(12):
    net.parameters.flat[:] = theta
    slopes += net.loss_and_gradient(X[t : t + 1], Y[t : t + 1])[1]
    theta -= 0.1 / 12 * slopes
net.parameters.flat[:] = start
print(check.value(theta - start, -0.1 * whole, name="one round with the update inside"))
print(
    "length of the round, compared with the batch step:",
    round(np.linalg.norm(theta - start) / np.linalg.norm(0.1 * whole), 2),
)

# %% [markdown]
# Third, four statements taken at their word. Three of them need a condition, and in the last one a sum should be a
# mean. Each check stops.

# %%
for row, words in (
    ("CEE616-C27", "1/r always arrives"),
    ("CEE616-C29", "any small start will do"),
    ("CEE616-C21", "N draws see every sample"),
    ("CSC561-C23", "the loss is the sum"),
):
    try:
        slides.verify_printed(row)
        print(f"{row} {words:26} holds")
    except slides.Mismatch as mismatch:
        print(f"{row} {words:26} {mismatch}")

# %% [markdown]
# In the first two lines 1 stands for "as said" and 0 for "not so". In the third, 0.367 is the share of samples that
# independent draws miss, and 0 what a sweep misses. In the last, the numbers are the sum and the mean of the same
# twelve losses. The full list for this lecture:
#
# | row | class | what stands there | what is right | section |
# |---|---|---|---|---|
# | CEE616-E42 | notation | a row $\partial\mathcal L/\partial\theta$ is subtracted from a column $\theta$ | subtract its transpose, the gradient | 2 |
# | CEE616-C19 | typo | the bracket before "batch learning" is never closed | close it at the end of the remark | 2 |
# | CEE616-E44 | typo | the number (44) without a formula | skip it in cross references | 3 |
# | CEE616-C21 | conditions | an epoch of randomly selected observations makes $N$ updates | $N$ draws with replacement miss 37 % of the data; a shuffled sweep misses none | 3 |
# | CEE616-C22 | conditions | SGD is also called online learning | online usually means a stream whose items are seen once | 3 |
# | CEE616-A2 | wrong | step 2 is repeated | repeat steps 1 and 2, with a new mini-batch each time | 4 |
# | CEE616-E45 | wrong | the summand is $\mathcal L_m$ | $\mathcal L_n$ | 4 |
# | CEE616-C26 | notation | $M=16$ or $M=32$ | the size of a mini-batch is $B$ | 4 |
# | CEE616-C27 | conditions | an adaptive rate $1/r$ can guarantee convergence (one text version has a damaged formula) | a schedule $c/r$; it needs a fitting $c$ and bounded gradients, and for a network it promises a stationary point | 7 |
# | CEE616-C29 | conditions | start at small values near 0 | small *random* values, scaled by the fan-in; biases may be 0 | 9 |
# | CEE616-C30 | notation | the cost is $C$ here and $\mathcal L$ before; $C$ also counts classes | one letter for the cost | 2, 9 |
# | CSC561-C23 | wrong | the loss is the sum of the divergences | the mean; the formula divides by the number of instances | 2 |
# | CSC561-E30 | notation | $W-\eta(\nabla_W\mathrm{Loss})^\top$ | the transpose is needed there because $\nabla$ is a row derivative; $dW$ needs none | 2 |
# | CSC561-A4 | notation | layers $k=1..K$, elsewhere $N$; the loss accumulated as a sum (in the text version the update stands inside the loop; look at the slide) | divide by $T$ once, after the loop over instances | 2 |
#
# ## 12 · Exercises
#
# Each cell below answers with the check's verdict. A function that returns nothing is told so; fill it in and run
# again.
#
# **1 · Mini-batches** (★, 10 minutes). Write a function that cuts an epoch into batches: a list of index arrays that
# holds each of $0..N-1$ exactly once, in random order, in pieces of $B$, the last perhaps shorter.
#
# <details><summary>Hint</summary><code>rng.permutation(N)</code>, then slices <code>order[start : start +
# B]</code>.</details>


# %%
def my_minibatches(N, B, rng):
    """A list of ceil(N / B) arrays of indices."""


made = my_minibatches(14, 4, np.random.default_rng(1))
pieces = None if made is None else list(made)
print(check.value(None if pieces is None else [len(piece) for piece in pieces], [4, 4, 4, 2], name="the list of sizes"))
order = None if pieces is None else np.concatenate(pieces)
print(check.value(None if order is None else np.sort(order), np.arange(14), name="the sorted list of all indices"))
print("in random order:", "not yet" if order is None or np.array_equal(order, np.arange(14)) else "yes")

# %% [markdown]
# **2 · All batches of one size** (★★, 15 minutes). From the single gradients `singles` (12, 32) compute the mean and
# the variance of the batch gradient over *all* batches of size $B$, by enumeration. Compare with the formula of
# section 5. Why is the variance for $B=11$ so small?
#
# <details><summary>Hint 1</summary><code>itertools.combinations(range(12), B)</code> lists them; the mean of
# <code>singles[list(some)]</code> over axis 0 is one batch gradient.</details>
#
# <details><summary>Hint 2</summary>A batch of 11 from 12 is known by the one sample that it leaves out.</details>


# %%
def mean_and_variance(singles, B):
    """Mean (P,) and variance (a number) of the batch gradient over all batches of size B."""
    return None, None


for B in (2, 6, 11):
    mean, variance = mean_and_variance(singles, B)
    print(check.value(mean, whole, name=f"the mean for B = {B}"))
    print(check.value(variance, v / B * (12 - B) / 11, name=f"the variance for B = {B}"))

# %% [markdown]
# **3 · Step 2 alone** (★★, 10 minutes). The loop of section 4 is run with its first batch for ever. Where does it
# end? Return the line (slope, height) without taking a single step. What would a batch of one reading give, from the
# start $(0, 0)$?
#
# <details><summary>Hint</summary>It minimises the squared errors of these readings. For one reading infinitely many
# lines have no error; descent can only move along one direction.</details>


# %%
def end_of_the_loop(inputs, targets):
    """Slope and height (2,) that descent on these readings alone, inputs and targets (B, 1), converges to."""


print(check.value(end_of_the_loop(x[first_batch], y[first_batch]), stuck[-1], name="the end", tolerance=1e-4))

# %% [markdown]
# **4 · Two ways to fly away** (★★, 15 minutes). Take $1/r$ on $f(x)=25x^2$ from $x=1$ and on $f(x)=x^4/4$ from $x=3$.
# First predict on paper: a step on the first function multiplies $x$ by $1-50/r$. At which step is $|x|$ largest, how
# large is it, and what happens at $r=50$? On the second, after how many steps is $|x|$ above a million? Then run
# `descend`, with few steps on the second. The peak is asked to three digits.
#
# <details><summary>Hint 1</summary>|x| grows while |1 - 50/r| is above 1, that is for r below 25.</details>
#
# <details><summary>Hint 2</summary>From 3 the first step of the second function leads to 3 - 27 = -24, the next
# multiplies by about 24²/2.</details>

# %%
my_peak = None  # the largest |x| on the way, first function
my_step = None  # the first step r after which |x| is above a million, second function

print(check.value(my_peak, 6.3205e13, name="the peak", tolerance=1e-3, reveal=False))
print(check.value(my_step, 3, name="the step", reveal=False))

# %% [markdown]
# **5 · A start of your own** (★★, 10 minutes). Write an initialiser for tanh networks: biases 0, weights random with
# variance $1/\text{fan-in}$. `parameters.shapes` holds the name and shape of each array, such as `"W1": (5, 3)`;
# write with `parameters[name][...] = `.
#
# <details><summary>Hint</summary>The fan-in of a weight matrix is its second axis. Names of weights start with
# W.</details>


# %%
def my_initializer(parameters, rng):
    """Fill the parameters in place."""


wide = engine.MLP([400, 300, 200])
wide.parameters.flat[:] = 1.0  # what your function leaves out stays 1
my_initializer(wide.parameters, np.random.default_rng(8))
for name, W, fan_in in (("W1", wide.Ws[0], 400), ("W2", wide.Ws[1], 300)):
    print(check.value(W.var() * fan_in, 1.0, name=f"fan-in times the variance of {name}", tolerance=0.03))
print(check.value(max(np.abs(b).max() for b in wide.bs), 0.0, name="the largest bias"))
print(check.value(np.linalg.matrix_rank(wide.Ws[0]), 300, name="the rank of W1"))

# %% [markdown]
# **6 · Standardise** (★★, 20 minutes). Write the two lines of section 8 yourself: mean and SD of the training inputs,
# applied to both sets. A column that is constant must not lead to a division by 0. Then answer on paper: why does the
# condition number of standardised inputs not always become 1? Try two inputs with the correlation 0.99.
#
# <details><summary>Hint 1</summary>Take the mean over axis 0; where the SD is 0, divide by 1.</details>
#
# <details><summary>Hint 2</summary>For two standardised inputs the curvatures are 1 plus and minus their
# correlation.</details>


# %%
def standardised(training, later):
    """Both sets, (N, D) and (M, D), after subtracting the training mean and dividing by the training SD."""
    return None, None


table = np.random.default_rng(9).normal(size=(50, 3)) * [1, 100, 0] + [5, -20, 7]
mine_training, mine_later = standardised(table[:40], table[40:])
scaler = engine.standardize(table[:40])
print(check.value(mine_training, scaler.apply(table[:40]), name="the training data"))
print(check.value(mine_later, scaler.apply(table[40:]), name="the later data"))

# %% [markdown]
# ## 13 · Check yourself, and what to read
#
# Last, every row of this lecture: the numeric check of each statement as it should read, and of each misprint as it
# stands on its slide. For CSC561-E30, whose slide prints the transpose, the second check leaves it out, to show that it
# is needed there.

# %%
print(slides.self_check("NB11"))

# %% [markdown]
# **To take home.** A step may use all samples, some or one; on average it points the same way, and its noise falls
# like $1/B$ in variance. Draw a new batch for every step. Noise stops the descent at a height that shrinks with the
# rate, so let the steps become shorter towards the end. Standardise the inputs with the numbers of the training data.
# Start with small random weights, scaled by the fan-in. And a guarantee of convergence says nothing about when.
#
# **To read.** *Probabilistic Machine Learning: An Introduction*, chapter 8 (section 8.4 on stochastic gradient
# descent) and chapter 13 (training, initialisation); *Deep Learning*, chapter 8 (optimization for training deep
# models) and section 7.8 for what comes next; *The Elements of Statistical Learning*, sections 11.4 and 11.5 (starting
# values, scaling of the inputs). Next lecture: why a network that fits its training data may fail on new data, and
# what can be done about it.
