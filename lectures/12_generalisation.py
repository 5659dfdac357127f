# %% [markdown]
# # 12 · Generalisation, difficulties, recipes and where to go next
#
# A network that fits its data has done half of the work. The other half is to be right about data that it has never
# seen. Today we watch training go too far and learn four ways to hold it back. Then we look at three difficulties: too
# few labels, gradients that fade on the way down, and starts from which training does not recover. A recipe and an
# outlook close the course.
#
# **Question of the day.** Two hidden ReLU units are enough to compute exclusive or (XOR) without any error; one can
# write down the weights. Now let gradient descent find them, from 40 different random starts. *How many of the 40 runs
# end without having learned XOR?* Write your number into the next cell before you run on.

# %%
my_guess = 0  # a number from 0 to 40

# %% [markdown]
# | | section | minutes |
# |---|---|---|
# | 1 | Set-up and a look back | 4 |
# | 2 | Overfitting, and when to stop | 15 |
# | 3 | Penalties | 13 |
# | 4 | Dropout, and the remedies side by side | 11 |
# | 5 | How much data? | 9 |
# | 6 | Gradients that fade | 8 |
# | 7 | Bad starts, and the answer to the question | 7 |
# | 8 | A recipe for regression | 8 |
# | 9 | A playground | at home, 20 |
# | 10 | Relatives of the network | at home, 15 |
# | 11 | Errata corner | at home, 20 |
# | 12 | Exercises | at home, 90 |
# | 13 | Check yourself, what to read, and a farewell | at home, 10 |
#
# ## 1 · Set-up and a look back
#
# Lecture 11 in two lines: the gradient of a small random batch is a cheap and unbiased estimate of the full one, and
# the learning rate decides whether its noise settles. Standardised inputs and random weights scaled to the number of
# inputs give training a fair start.

# %%
from functools import partial

import numpy as np

from coursekit import check, engine, figures, slides

np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(12)


def agrees(a, b):
    """Do two arrays of one shape agree to seven digits?"""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-7, atol=1e-9))


# %% [markdown]
# Three sets of data have three duties, and they must not be mixed. **Training** data change the parameters.
# **Validation** data are looked at while choices are made: when to stop, how strong a penalty is, how wide a layer.
# **Test** data are looked at once, at the end, and say how good the result is.
#
# ## 2 · Overfitting, and when to stop
#
# Twenty points of a sine wave, each with a good deal of noise. The network has two hidden layers of 40 units, which
# makes 1761 parameters. It could learn every point by heart. Does it?
#
# CEE616 warns that it does: deep networks overfit easily. **Overfitting** means that training improves the fit to the
# training data at the expense of new data. The experiment is repeated five times, with new data and a new start each
# time. The line is the median of the five runs, and the band reaches from the lowest to the highest.


# %% slides=["CEE616-C32"]
def noisy_points(N, rng, noise=0.5):
    """N points of sin(3x) for x between -1 and 1, with noise: X (N, 1), Y (N, 1)."""
    X = rng.uniform(-1, 1, (N, 1))
    return X, np.sin(3 * X) + noise * rng.normal(size=(N, 1))


def wide_network(seed):
    """A network with two hidden layers of 40 tanh units, started at random."""
    return engine.MLP([1, 40, 40, 1], activation=engine.tanh).initialize(np.random.default_rng(seed))


long_training = partial(engine.fit, optimizer=engine.adam(), lr=0.01, epochs=700)
data = [noisy_points(20, np.random.default_rng(seed)) for seed in range(5)]
validation = noisy_points(100, np.random.default_rng(100))
histories = [long_training(wide_network(seed), *data[seed], validation=validation) for seed in range(5)]
training_loss = np.array([history.loss for history in histories])
validation_loss = np.array([history.validation for history in histories])
best = int(np.median(validation_loss, axis=0).argmin()) + 1
for epoch in (best, 700):
    train, new = (np.median(losses[:, epoch - 1]) for losses in (training_loss, validation_loss))
    print(f"epoch {epoch:4}: training loss {train:.2f}, validation loss {new:.2f}")
figures.show(
    figures.learning_curves(
        {"training": training_loss, "validation": validation_loss},
        x="epoch",
        y="loss (half the mean squared error)",
        title="Twenty noisy points, 1761 parameters, five runs",
        best=best,
        log_y=True,
    ),
    alt="Loss against epochs on a logarithmic axis. The training loss falls and falls. The validation loss falls with it "
    "at first, has its lowest point early, marked by an upright dotted line, and then rises steadily.",
)

# %% [markdown]
# The two curves part early. From then on the network learns the noise.
#
# What does such a fit look like? Here is one of the five networks twice, at its best epoch and at the end.

# %%
X, Y = data[4]
stopped, overtrained = wide_network(4), wide_network(4)
history = long_training(stopped, X, Y, validation=validation)  # ends with the parameters of the best epoch
long_training(overtrained, X, Y)
grid = np.linspace(-1, 1, 81)[:, None]
truth = np.sin(3 * grid)
figures.show(
    figures.learning_curves(
        {"truth": truth[:, 0], "at the best epoch": stopped(grid)[:, 0], "after 700 epochs": overtrained(grid)[:, 0]},
        at=grid[:, 0],
        x="x",
        y="prediction",
        title="The same network, stopped in time and trained too long",
        points=(X, Y),
    ),
    alt="Three curves over x from -1 to 1 and twenty crosses, the data. The network at its best epoch is a smooth wave not "
    "far from the true sine wave. After 700 epochs the curve swings up and down to reach single noisy crosses.",
)

# %% [markdown]
# So stop in time. **Early stopping** watches a number after each epoch, keeps the best parameters so far, and ends when
# that number has not improved for `patience` epochs. Which number? The slide says *the objective*. It has to be the
# loss on validation data. The cell tries both. A validation set that consists of the training data watches the training
# objective.

# %% slides=["CEE616-C33"]
for name, watched in (("validation data", validation), ("training data", (X, Y))):
    net = wide_network(4)
    history = long_training(net, X, Y, validation=watched, patience=100)
    error = engine.squared_error(net(grid), truth)
    print(f"watching {name:16} {history.stopped:25} distance from the truth {error:.2f}")

# %% [markdown]
# The training loss goes on improving while the network becomes worse, and so it never calls for a stop.
#
# CSC561 ends its part of the course with three open questions: does training converge, does the result generalise, and
# what does the output mean? They are open in theory, but for a given network one can always ask them. The gradient at
# the end speaks about the first. The **generalisation gap**, the loss on new data minus the loss on training data,
# speaks about the second. For the third, train from five starts on the same points and compare what the networks say,
# inside and far outside of the region of the data.

# %% slides=["CSC561-C35"]
five = [wide_network(seed) for seed in range(5)]
for net in five:
    engine.fit(net, X, Y, optimizer=engine.adam(), lr=0.01, epochs=300)
at_start, at_end = (np.linalg.norm(net.loss_and_gradient(X, Y)[1]) for net in (wide_network(0), five[0]))
loss = five[0].loss(five[0](X), Y)
gap = five[0].loss(five[0](validation[0]), validation[1]) - loss
print(f"convergence:    the gradient shrank from {at_start:.1f} to {at_end:.3f}")
print(f"generalisation: training loss {loss:.2f}, gap {gap:.2f}")
for place in (0.5, 4.0):
    outputs = np.array([net(np.array([[place]]))[0, 0] for net in five])
    print(f"meaning:        five networks at x = {place}: from {outputs.min():.1f} to {outputs.max():.1f}")

# %% [markdown]
# Outside of its data a network has an answer like anywhere else, and the answer means little. Nothing in the number
# itself warns of that.
#
# ## 3 · Penalties
#
# A curve that swings needs large weights. So make large weights expensive: add a **penalty** to the loss,
# $$\mathcal L_\lambda = \mathcal L + \lambda R(W), \qquad R(W)=\sum w^2 .$$
#
# > **Translation box**
# >
# > | CEE616 (46) | house | remark |
# > |---|---|---|
# > | $C\leftarrow C+\lambda J$ | $\mathcal L_\lambda=\mathcal L+\lambda R$ | $J$ is the Jacobian everywhere else |
# > | $\sum w^2+\sum b^2$ | $\sum w^2$ | biases are left alone, see section 11 |
# > | no $\tfrac12$ | no $\tfrac12$ | so the gradient is $2\lambda w$; PyTorch's `weight_decay` is $2\lambda$ |
#
# The gradient of the penalty is $2\lambda w$: it pulls each weight back in proportion to its size. One step of plain
# gradient descent with learning rate $\eta$ becomes
# $$w \leftarrow (1-2\eta\lambda)\,w - \eta\,dW .$$
# The weight first shrinks by a fixed factor and then takes its usual step. Hence the name **weight decay**.

# %% slides=["CEE616-E46"]
lam, lr = 0.3, 0.1
net = engine.MLP([3, 4, 1], activation=engine.tanh).initialize(rng)
net.parameters.flat[:] = rng.normal(size=len(net.parameters))
batch, targets = rng.normal(size=(10, 3)), rng.normal(size=(10, 1))
W = net.parameters["W1"].copy()
print(check.gradient(2 * lam * W, lambda W: lam * np.sum(W**2), at=W, name="the gradient of the penalty"))

net.loss_and_gradient(batch, targets)
dW, db, b = (array.copy() for array in (net.gradient["W1"], net.gradient["b1"], net.parameters["b1"]))
engine.fit(net, batch, targets, optimizer=engine.gradient_descent, lr=lr, epochs=1, penalty=engine.l2(lam))
shrunk = (1 - 2 * lr * lam) * W
print(f"the weights shrink to {1 - 2 * lr * lam:.0%} and step:", agrees(net.parameters["W1"], shrunk - lr * dW))
print("the biases only step:             ", agrees(net.parameters["b1"], b - lr * db))

# %% [markdown]
# How strong should it be? With too small a $\lambda$ nothing changes, with too large a $\lambda$ the network becomes a
# constant. CEE616 chooses $\lambda$ by **cross-validation**. Divide the training data into $k$ parts, the *folds*.
# Train $k$ times, each time without one of the folds, and validate on the one that was left out. Every sample is
# validation data once, and none is wasted. Take the $\lambda$ with the smallest mean loss over the folds.

# %% slides=["CEE616-C34"]
parts = engine.folds(20, 5, np.random.default_rng(0))
print("validated:", np.sort(np.concatenate([held_out for _, held_out in parts])))
strengths = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]
choice = engine.choose_penalty(
    lambda: engine.MLP([1, 30, 30, 1], activation=engine.tanh).initialize(np.random.default_rng(1)),
    *data[0],
    strengths,
    k=5,
    rng=np.random.default_rng(2),
    optimizer=engine.adam(),
    lr=0.01,
    epochs=500,
)
for strength, losses in zip(strengths, choice.validation, strict=True):
    print(f"lambda {strength:7.5f}: mean validation loss {losses.mean():.2f}")
print("chosen:", choice.strength)
figures.show(
    figures.learning_curves(
        {"five folds": choice.validation.T},
        at=strengths,
        x="strength of the penalty, lambda",
        y="validation loss",
        title="Cross-validation: neither too little nor too much",
        best=choice.strength,
        log_x=True,
    ),
    alt="Validation loss of five folds against the strength of the penalty on a logarithmic axis. The band of folds is "
    "lowest in the middle, where an upright dotted line marks the chosen strength 0.01, and much higher for 0.1 and 1.",
)

# %% [markdown]
# The line of the figure is the median of the five folds; the choice is made by the printed means. Below 0.1 the folds
# differ more from each other than neighbouring strengths do. That is typical of small data, and a reason to
# try strengths that are a factor of ten apart and no finer.
#
# A second penalty has another character. $R(W)=\sum|w|$, the $\ell_1$ **penalty**, pulls at every weight equally hard,
# however small it is. A weight that the data do not need is pulled to zero and stays there, and can be taken out:
# CEE616 speaks of compressing the model. Pulling past zero would be wrong, so the step stops there:
# $w\leftarrow w-\operatorname{clip}(w,-\eta\lambda,\eta\lambda)$, called *soft threshold*.
#
# Twenty inputs, of which three matter. The first row of the picture was trained with $\ell_1$, the second with the
# squares, called $\ell_2$.

# %% slides=["CEE616-C35"]
inputs = rng.normal(size=(60, 20))
true_w = np.concatenate([[2.0, -1.5, 1.0], np.zeros(17)])
outputs = inputs @ true_w + 0.1 * rng.normal(size=60)
lam, lr = 0.2, 0.3
w_l1, w_l2 = np.zeros(20), np.zeros(20)
for _ in range(500):
    w_l1 = engine.soft_threshold(w_l1 - lr * inputs.T @ (inputs @ w_l1 - outputs) / 60, lr * lam)
    w_l2 = w_l2 - lr * (inputs.T @ (inputs @ w_l2 - outputs) / 60 + 2 * lam * w_l2)
print("weights that are exactly zero, of 17 useless ones:", np.sum(w_l1 == 0), "with l1,", np.sum(w_l2 == 0), "with l2")
figures.show(
    figures.heat_map(
        np.stack([w_l1, w_l2]),
        title="Twenty weights with the l1 penalty (row 0) and the l2 penalty (row 1)",
        rows="penalty",
    ),
    alt="Two rows of twenty weights. In both the first three are large. The other seventeen are zero in the first row "
    "and small but not zero in the second.",
)

# %% [markdown]
# Both penalties also shrink the three weights that matter. That is their price: the weights feel the noise less, and
# are a little too small.
#
# ## 4 · Dropout, and the remedies side by side
#
# **Dropout** makes it impossible to rely on a single unit. In each training step, each hidden unit is switched off with
# probability $p$, anew for each sample. The slide speaks of switching off *connections* of a neuron; the method of that
# name drops whole units, with all their outgoing connections together. Dropping single connections is another method,
# called *DropConnect*.
#
# One detail is needed to make it work. With a share $p$ of units gone, the next layer would receive sums that are too
# small by the factor $1-p$. So the units that are kept are divided by $1-p$. Then the mean is right, and after training
# nothing has to be changed. The cell tests all of it: the mean over 20 000 masks, evaluation, and what a dropped unit
# means for the layer above.

# %% slides=["CEE616-C36"]
p = 0.3
A = np.arange(1.0, 6.0)[None].repeat(20_000, axis=0)
dropped, mask = engine.dropout(A, p, rng)
print("share of units dropped:       ", round(1 - mask.mean(), 2))
print("mean of each unit is kept:    ", np.allclose(dropped.mean(axis=0), A[0], rtol=0.03), " for", A[0])
print("evaluation changes nothing:   ", np.array_equal(engine.dropout(A, p, rng, train=False)[0], A))
W = rng.normal(size=(3, 5))
without = W * mask[0]  # the columns of dropped units are zero
print("a dropped unit is a lost column:", agrees(dropped[:1] @ W.T, A[:1] @ without.T / (1 - p)))

# %% [markdown]
# Training with dropout is lecture 8 with two lines more. On the way up, the output of each hidden layer passes a mask.
# On the way down, the gradient passes **the same** mask.


# %%
def fit_with_dropout(net, X, Y, p, rng, lr=0.01, epochs=700, penalty=None):
    """Train with dropout after each hidden layer, on all samples at once; the training loss of each epoch."""
    optimizer, losses = engine.adam(), []
    state = optimizer.init(net.parameters.flat)
    for _ in range(epochs):
        A, memory = X, []
        for layer, (W, b, phi) in enumerate(zip(net.Ws, net.bs, net.activations, strict=True), start=1):
            Z = engine.affine(A, W, b)
            H = phi(Z)
            out, mask = engine.dropout(H, p, rng, train=layer < net.L)  # the output layer keeps all units
            memory.append((A, Z, H, mask))
            A = out
        loss, G = net.loss.value_and_gradient(A, Y)
        losses.append(loss)
        for layer in range(net.L, 0, -1):
            below, Z, H, mask = memory[layer - 1]
            dZ = net.activations[layer - 1].vjp(engine.dropout_vjp(G, mask, p), Z, H)
            G, net.gradient[f"W{layer}"], net.gradient[f"b{layer}"] = engine.affine_vjp(dZ, below, net.Ws[layer - 1])
        if penalty is not None:
            penalty.add_gradient(net.parameters, net.gradient)
        state = optimizer.update(net.parameters.flat, net.gradient.flat, state, lr)
    return np.array(losses)


net = engine.MLP([3, 4, 5, 2], activation=engine.tanh).initialize(rng)
batch, targets = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
_, expected = net.loss_and_gradient(batch, targets)
expected = expected.copy()
fit_with_dropout(net, batch, targets, p=0, rng=rng, epochs=1)
print("with p = 0 its gradient is the network's:", agrees(net.gradient.flat, expected))

# %% [markdown]
# Now three of the remedies on the five sets of twenty points, each with one fixed strength. The number is the mean
# squared distance from the true sine wave, which the network never saw.

# %%
remedies = {
    "none": lambda net, seed: long_training(net, *data[seed]),
    "early stopping": lambda net, seed: long_training(net, *data[seed], validation=validation, patience=100),
    "l2 penalty, 0.003": lambda net, seed: long_training(net, *data[seed], penalty=engine.l2(0.003)),
    "dropout, p = 0.3": lambda net, seed: fit_with_dropout(net, *data[seed], 0.3, np.random.default_rng(seed)),
}
for name, remedy in remedies.items():
    errors = []
    for seed in range(5):
        net = wide_network(seed)
        remedy(net, seed)
        errors.append(engine.squared_error(net(grid), truth))
    print(f"{name:18} median {np.median(errors):.2f}, worst {max(errors):.2f}")

# %% [markdown]
# Each of them cuts the error to half or less. Early stopping comes first here, but it alone had 100 more points to
# watch. On another problem the order may differ. The best remedy is not in the list, and it is the subject of the next
# section: more data.

# %% [markdown]
# ## 5 · How much data?
#
# EECS545 says that backpropagation needs many labelled samples. Here is a curved target in three dimensions,
# $y=\sin 3x_1\cos 2x_2+x_3^2$ with little noise, learned from 20 to 4000 samples. Beside the network stands a model that
# cannot bend: **ridge regression**, a linear model with an $\ell_2$ penalty. The error is measured without noise, at
# 500 new places, and three times with different samples. The network makes about 600 steps of training, and 2000 with
# the largest set, which it sees ten times.


# %% slides=["EECS545-C31"]
def curved(X):
    """A curved target (N, 1) of samples X (N, 3)."""
    return np.sin(3 * X[:, :1]) * np.cos(2 * X[:, 1:2]) + X[:, 2:] ** 2


def straight(X):
    """A straight target (N, 1) of samples X (N, 3)."""
    return X @ np.array([[1.0], [-1.0], [0.5]])


def test_errors(n, target, noise, seed):
    """Test errors of a network with two hidden layers and of ridge regression, trained on n noisy samples."""
    rng = np.random.default_rng(seed)
    X_test, X = rng.uniform(-1, 1, (500, 3)), rng.uniform(-1, 1, (n, 3))
    Y = target(X) + noise * rng.normal(size=(n, 1))
    net = engine.MLP([3, 30, 30, 1], activation=engine.tanh).initialize(rng)
    epochs = max(10, 12_000 // n)
    engine.fit(net, X, Y, optimizer=engine.adam(), lr=0.01, epochs=epochs, batch_size=20, rng=rng)
    A = engine.augment(X)
    w = np.linalg.solve(A.T @ A + 0.1 * np.diag([0, 1, 1, 1]), A.T @ Y)  # the bias is free
    return [
        engine.squared_error(prediction, target(X_test)) for prediction in (net(X_test), engine.augment(X_test) @ w)
    ]


counts = [20, 60, 200, 1000, 4000]
errors = np.array([[test_errors(n, curved, 0.05, seed) for n in counts] for seed in range(3)])  # (runs, counts, 2)
for n, (network, ridge) in zip(counts, np.median(errors, axis=0), strict=True):
    print(f"{n:4} samples: network {network:.3f}, ridge regression {ridge:.3f}")
figures.show(
    figures.learning_curves(
        {"network": errors[:, :, 0], "ridge regression": errors[:, :, 1]},
        at=counts,
        x="training samples",
        y="test error (squared)",
        title="A curved target: the network needs samples, and makes use of them",
        log_x=True,
        log_y=True,
    ),
    alt="Test error against the number of training samples, both axes logarithmic. The error of ridge regression stays near "
    "0.25. That of the network starts at the same height with 20 samples, is ten times smaller with 60 to 200 and "
    "about fifty times smaller with 4000.",
)

# %% [markdown]
# With 20 samples the network had no advantage. It can be worse than that: if the truth is simple, the freedom to bend
# is only a freedom to err. The same experiment with a straight target and more noise confirms the slide's warning that
# with few labels a deep network may lose against a shallow model.

# %% slides=["EECS545-C32"]
few = np.median([test_errors(20, straight, 0.3, seed) for seed in range(3)], axis=0)
print(f"20 samples of a straight target: network {few[0]:.2f}, ridge regression {few[1]:.2f}")
print("the network is more than twice as wrong:", few[0] > 2 * few[1])

# %% [markdown]
# At the other end the slide reports success: with very many labels, backpropagation works very well. Its example is
# ImageNet, about a million labelled images of 1000 kinds. That is a thousand images of each kind, and we only quote it.
# Our own largest experiment has 4000 samples, and the same thing to say.

# %% slides=["EECS545-C33"]
network, ridge = np.median(errors, axis=0)[-1]
print("with 4000 samples, error of the network below a fifth of that of ridge regression:", network < 0.2 * ridge)
print("below a twentieth: ", network < 0.05 * ridge)

# %% [markdown]
# ## 6 · Gradients that fade
#
# Recall the sweep of lecture 8. From layer to layer the error signal is multiplied by the slope of the activation and
# by the weights: $dZ^{(l-1)} = (dZ^{(l)}\,W^{(l)})\odot\varphi'(Z^{(l-1)})$. The slope of the sigmoid is at most
# $\tfrac14$. So each sigmoid layer passes on at most $\tfrac14\lVert W\rVert$ of what it received, where
# $\lVert W\rVert$ is the largest factor by which $W$ can stretch a vector. Ten such layers in a row leave next to
# nothing, unless the weights are large. EECS545 says that gradients get *diluted* below the top few layers.
#
# Is that a law of depth? The cell measures the gradient of each layer's weights in networks with ten hidden layers of
# 20 units. Only the activation and the size of the random weights differ.


# %% slides=["EECS545-C29"]
def gradient_by_layer(activation, initializer, factor=1.0):
    """The norm of the weights' gradient in each of 11 layers, for random data and random weights times a factor."""
    net = engine.MLP([20] * 11 + [5], activation=activation).initialize(np.random.default_rng(1), initializer)
    net.parameters.flat[:] *= factor
    data = np.random.default_rng(2)
    net.loss_and_gradient(data.normal(size=(50, 20)), data.normal(size=(50, 5)))
    return np.array([np.linalg.norm(net.gradient[f"W{layer}"]) for layer in range(1, 12)])


sizes = {
    "sigmoid": gradient_by_layer(engine.sigmoid, engine.lecun),
    "tanh": gradient_by_layer(engine.tanh, engine.lecun),
    "ReLU": gradient_by_layer(engine.relu, engine.he),
    "tanh, weights × 6": gradient_by_layer(engine.tanh, engine.lecun, factor=6),
}
print(
    "sigmoid: the first layer's gradient is below 1/10000 of the last:",
    sizes["sigmoid"][0] < 1e-4 * sizes["sigmoid"][-1],
)
figures.show(
    figures.gradient_sizes(sizes, title="Ten hidden layers: size of the gradient"),
    alt="The size of the gradient by layer on a logarithmic axis. For sigmoid it falls by more than six orders of magnitude "
    "from the last layer to the first. For tanh and ReLU it is nearly level. For tanh with weights six times "
    "larger it grows about a hundredfold towards the first layer.",
)

# %% [markdown]
# Depth alone is innocent. With tanh or ReLU, and weights scaled to the number of inputs (lecture 11), the signal keeps
# its size all the way down. With weights that are too large it explodes instead. The bound above is a fact for each
# layer, as the next cell confirms: the share that is passed on, beside the share that is allowed.

# %%
net = engine.MLP([20] * 11 + [5], activation=engine.sigmoid).initialize(np.random.default_rng(1))
probe, wanted = rng.normal(size=(50, 20)), rng.normal(size=(50, 5))
_, swept = engine.loss_and_gradients(probe, wanted, net.Ws, net.bs, net.activations)
signal = np.array([np.linalg.norm(dZ) for dZ in swept.dZs])
passed_on = signal[:-1] / signal[1:]
allowed = np.array([np.linalg.norm(W, 2) / 4 for W in net.Ws[1:]])
print("passed on:", np.round(passed_on, 2))
print("allowed:  ", np.round(allowed, 2))

# %% [markdown]
# ## 7 · Bad starts, and the answer to the question
#
# The last difficulty: training begins at random, and may end in a poor place. XOR is small enough to look at every run.
# Two hidden ReLU units, plain gradient descent on all four points, 40 starts. A run has failed if its mean squared
# error is above 0.02 at the end.

# %% slides=["EECS545-C30"]
XOR_X, XOR_Y = engine.xor()


def train_xor(hidden, seed, epochs=800):
    """A network with one hidden ReLU layer, trained on XOR from the start with this seed."""
    net = engine.MLP([2, hidden, 1], activation=engine.relu).initialize(np.random.default_rng(seed))
    engine.fit(net, XOR_X, XOR_Y, optimizer=engine.gradient_descent, lr=0.2, epochs=epochs)
    return net


ends = [train_xor(2, seed) for seed in range(40)]
final = np.array([engine.squared_error(net(XOR_X), XOR_Y) for net in ends])
failed = final > 0.02
print(f"{failed.sum()} of 40 runs failed; your guess was {my_guess}")
for value, count in zip(*np.unique(np.round(final, 3) + 0.0, return_counts=True), strict=True):
    print(f"{count:2} runs ended at a mean squared error of {value:.3f}")

# %% [markdown]
# Look at the values at which the failed runs end. They are no accident. At $\tfrac14$ the network answers $\tfrac12$ to
# everything. At $\tfrac16$ it has one point right and gives the mean of the other three to each of them. At $\tfrac18$
# it has two points right. Are these really dead ends? The gradient can tell.

# %%
slopes = [np.linalg.norm(net.loss_and_gradient(XOR_X, XOR_Y)[1]) for net in ends]
dead = [int(np.all(net.forward(XOR_X).A[1] == 0, axis=0).any()) for net in ends]
stuck = np.flatnonzero(failed)
print("largest gradient of a failed run is below 0.001:", max(slopes[n] for n in stuck) < 1e-3)
print("failed runs with a hidden unit that is 0 on all four points:", sum(dead[n] for n in stuck), "of", len(stuck))

# %% [markdown]
# The failed runs stand still. Often a hidden unit has died: its pre-activation is positive for no sample, so its slope
# is 0, and no gradient reaches its weights any more. How common is this in wider networks?

# %%
hidden_units = [2, 3, 4, 8]
runs = {hidden: [train_xor(hidden, seed) for seed in range(40)] for hidden in hidden_units[1:]}
counts_failed = [int(failed.sum())] + [
    sum(engine.squared_error(net(XOR_X), XOR_Y) > 0.02 for net in runs[hidden]) for hidden in hidden_units[1:]
]
print("failed runs of 40:", dict(zip(hidden_units, counts_failed, strict=True)))
figures.show(
    figures.learning_curves(
        {"failed runs": counts_failed},
        at=hidden_units,
        x="hidden ReLU units",
        y="runs of 40",
        title="XOR from random starts: a little more width than needed",
    ),
    alt="The number of failed runs out of 40 against the number of hidden units. It falls from 30 with two units over 15 "
    "with three and 8 with four to 1 with eight.",
)

# %% [markdown]
# With eight units instead of two, nearly every start succeeds. In wide networks poor minima are rare. What slows their
# training is mostly something else: plateaus and saddles, where the gradient is small, and curvature that differs much
# between directions (lecture 11).
#
# ## 8 · A recipe for regression
#
# CEE616 and CEE697M end with the same table: what one starts with when a network is to predict numbers. The values are
# habits, not laws.
#
# | | start with |
# |---|---|
# | inputs | one for each feature, standardised |
# | hidden layers | 1 to 5 |
# | units in each | 10 to 100 |
# | hidden activation | ReLU |
# | outputs | one for each number to be predicted |
# | output activation | none, if the target is unbounded |
# | loss | mean squared error; absolute error or Huber if there are outliers |
#
# The cell builds such a network and tests what the last two lines promise. **MSE** is the mean over samples and
# outputs, while CEE697M's own loss (14) is the sum: their gradients differ by the number of terms, and so does the
# learning rate that suits them. The **Huber loss** is squared near zero and straight beyond $\delta$. How hard does
# one outlier of 1000 pull?


# %% slides=["CEE616-T1", "CEE697M-T1"]
def regression_network(features, targets, hidden=(50, 50)):
    """A network by the recipe, with He's initialisation, which suits ReLU."""
    net = engine.MLP([features, *hidden, targets], activation=engine.relu, output=engine.identity)
    return net.initialize(np.random.default_rng(3), engine.he)


net = regression_network(6, 2)
samples, wanted = rng.normal(size=(40, 6)), 5 * rng.normal(size=(40, 2))
predicted = net(samples)
print("outputs of both signs and above 1:", bool(predicted.min() < -1 and predicted.max() > 1))
ratio = engine.squared_error(predicted, wanted, "sum") / engine.squared_error(predicted, wanted, "mean_entries")
print("sum of squares / mean of squares: ", round(ratio), "= 40 samples × 2 outputs")
spoiled = wanted.copy()
spoiled[0, 0] += 1000
for loss in (engine.squared_error, engine.absolute_error, engine.huber(1.0)):
    pull = np.abs(loss.gradient(predicted, spoiled, "sum"))
    print(f"{loss.name:15} the outlier pulls with {pull[0, 0]:4.0f}, a typical sample with {np.median(pull):.0f}")

# %% [markdown]
# The squared error lets one bad sample outvote all others. The robust losses give it one vote.
#
# The slide's drawing of such a network is lost; this one is drawn from the widths. It has a circle for each input and
# unit, and a line for each weight.

# %% slides=["CEE616-F5"]
widths = [6, 50, 50, 2]
print("circles: 6 inputs and", engine.n_neurons(widths), "units")
print("lines:  ", engine.n_parameters(widths) - engine.n_neurons(widths), "weights, and one bias for each unit")
figures.show(
    figures.network_diagram(widths),
    alt="A network from left to right: six inputs, two hidden layers of fifty units of which some are drawn, and two "
    "outputs. Every unit is joined by lines to all units of the next layer.",
)

# %% [markdown]
# ## 9 · A playground
#
# CEE697M points to a playground on the web, where one chooses data, features and layers and watches the boundary. Here
# is ours, with everything of this lecture in it. First the choices.


# %%
def choose_points(name, rng):
    """Points of a plane with labels 0 or 1: "disc", "moons", "spirals", "xor", or "noisy", 20 with some labels wrong."""
    if name == "noisy":
        X, Y = engine.disc(20, rng)
        return X, np.where(rng.random(Y.shape) < 0.2, 1 - Y, Y)
    made = {"disc": engine.disc, "moons": engine.two_moons, "spirals": engine.spirals}
    return engine.xor() if name == "xor" else made[name](300, rng)


ACTIVATIONS = {"sigmoid": engine.sigmoid, "tanh": engine.tanh, "relu": engine.relu}
FEATURES = {"raw": lambda X: X, "squares": lambda X: X**2}

# %% [markdown]
# Now change the numbers at the top of the next cell and run it again. It shows the boundary, the loss, and the size of
# the gradient in each layer before training. Three settings to begin with, and what to look for:
#
# | name | points | hidden_units | hidden_layers | activation | epochs | look for |
# |---|---|---|---|---|---|---|
# | ten sigmoid layers | disc | 20 | 10 | sigmoid | 300 | the loss stands still; the third figure tells why; then try tanh |
# | XOR with two units | xor | 2 | 1 | relu | 1200 | seeds 0 to 9: which boundaries do the failed runs have? |
# | twenty noisy points | noisy | 50 | 2 | tanh | 800 | which `penalty` (try 0.003), or which `drop` (try 0.3), makes the boundary calm? |

# %% slides=["CEE697M-F15"] tags=["interactive"]
points = "disc"
features = "raw"
hidden_units = 16
hidden_layers = 1
activation = "tanh"
penalty = 0.0
drop = 0.0
epochs = 300
seed = 2

P, T = choose_points(points, np.random.default_rng(0))
phi = FEATURES[features]
net = engine.MLP([2] + [hidden_units] * hidden_layers + [1], activation=ACTIVATIONS[activation])
net.initialize(np.random.default_rng(seed))
net.loss_and_gradient(phi(P), T)
at_the_start = [np.linalg.norm(net.gradient[f"W{layer}"]) for layer in range(1, net.L + 1)]
losses = fit_with_dropout(net, phi(P), T, drop, np.random.default_rng(1), 0.05, epochs, engine.l2(penalty))
print(f"{np.mean((net(phi(P)) > 0.5) == (T > 0.5)):.0%} of the {len(P)} points are on their side of the boundary")
figures.show(
    figures.decision_boundary(
        figures.Plane(P, lambda places: (net(phi(places))[:, 0] > 0.5).astype(int), "The network's boundary"),
        labels=T[:, 0].astype(int),
    ),
    alt="A square with 300 points of two classes, one of them in a disc. The boundary of the trained network is a closed "
    "curve close to the circle, with a few points on the wrong side.",
)
figures.show(
    figures.curves({"training loss": losses}, x="epoch", y="loss", title="Training", log=True),
    alt="The training loss against epochs on a logarithmic axis; with the settings above it falls by more than a factor "
    "of ten, quickly at first.",
)
figures.show(
    figures.gradient_sizes({activation: at_the_start}, title="Size of the gradient at the start"),
    alt="The size of the gradient of each layer before training; with one hidden layer there are two layers, and both "
    "sizes are of the same order.",
)

# %% [markdown]
# ## 10 · Relatives of the network
#
# CEE616 and CEE697M say that the multilayer perceptron is also called a feed-forward network. *Feed-forward* means that
# values flow in one direction: the graph of influences has no cycle. The name fits the whole family, though: a
# convolutional network is feed-forward too. We count paths in a small network, upwards and downwards.

# %% slides=["CEE616-C41", "CEE697M-C55"]
widths = [2, 3, 3, 1]
edges = [
    engine.Edge(f"a{layer}_{i}", f"a{layer + 1}_{j}", 1.0)
    for layer in range(3)
    for i in range(widths[layer])
    for j in range(widths[layer + 1])
]
graph = engine.InfluenceGraph(edges)
upwards = list(engine.paths(graph, "a0_0", "a3_0"))
print("paths from the first input to the output:", len(upwards), " each of length", {len(path) for path in upwards})
print("paths back from the output to the input: ", len(list(engine.paths(graph, "a3_0", "a0_0"))))

# %% [markdown]
# Both decks name three other kinds of networks: recurrent ones (RNN) for series in time, convolutional ones (CNN) for
# images, and LSTM (long short-term memory) for series and patterns. An LSTM is a kind of RNN, not a third family. Both
# families are closer relatives than they look.
#
# A **convolution** slides one small set of weights along the input. That is an affine layer whose matrix repeats the
# same few numbers along its diagonals, called a *Toeplitz matrix*. A **recurrent** network applies the same layer again
# at each time step. Unrolled in time it is a deep network whose layers share one weight matrix. So its gradient is
# found by the sweep of lecture 8, and because the weight is used at each step, the gradients of all steps are added.

# %% slides=["CEE616-C42", "CEE697M-C56"]
signal, kernel = rng.normal(size=9), np.array([1.0, -2.0, 1.0])
toeplitz = sum(kernel[k] * np.eye(7, 9, k=k) for k in range(3))
convolved = np.correlate(signal, kernel, "valid")
print("convolution is an affine layer:", agrees(engine.affine(signal[None], toeplitz)[0], convolved))

W, start = rng.normal(size=(3, 3)) / 2, rng.normal(size=(1, 3))


def unrolled(W):
    """The states of a recurrent network over four time steps."""
    states = [start]
    for _ in range(4):
        states.append(engine.tanh(engine.affine(states[-1], W)))
    return states


states = unrolled(W)
G, dW = 2 * states[-1], np.zeros_like(W)
for before, after in zip(states[-2::-1], states[:0:-1], strict=True):
    dZ = engine.tanh.vjp(G, engine.affine(before, W), after)
    G, share, _ = engine.affine_vjp(dZ, before, W)
    dW += share  # every time step adds its share
print(check.gradient(dW, lambda W: np.sum(unrolled(W)[-1] ** 2), at=W, name="the gradient through time"))
figures.show(
    figures.heat_map(toeplitz, title="A convolution as an affine layer: three weights, used seven times"),
    alt="A matrix of seven rows and nine columns. The same three numbers 1, -2, 1 stand in each row, moved by one column "
    "to the right from row to row; all other entries are zero.",
)

# %% [markdown]
# Seven outputs from nine inputs would cost 63 weights; here they cost three. Fewer free weights usually need fewer
# samples, too (section 5).
#
# ## 11 · Errata corner
#
# The classes are those of all lectures: **wrong** as printed; **notation**, symbols or shapes that disagree; **gap**,
# something needed is missing; **conditions**, true under conditions that are not stated; **extraction**, damage from
# turning slides into text. Nothing is plainly wrong in this lecture's rows, and most of them lack a condition: general
# advice is brief by nature.
#
# First (46), which puts the biases into the penalty. Take data with an offset, $y = 0.5\,x + 50$, and fit a straight
# line with both penalties. A penalised bias is pulled towards 0, and all predictions follow it.

# %%
x_offset = rng.normal(size=(50, 1))
y_offset = 0.5 * x_offset + 50
for name, biases in (("weights only", False), ("weights and biases, as printed", True)):
    line = engine.MLP([1, 1])
    ridge = engine.l2(0.1, biases=biases)
    engine.fit(line, x_offset, y_offset, optimizer=engine.gradient_descent, lr=0.1, epochs=500, penalty=ridge)
    print(f"{name:31} mean prediction {line(x_offset).mean():.1f} where the data have {y_offset.mean():.1f}")

# %% [markdown]
# Second, dropout as printed: units are switched off, and nothing is said about scaling the others. Then the next layer
# is trained on sums that are too small, and meets larger ones when dropout ends.

# %%
ones = np.ones((20_000, 5))
_, mask = engine.dropout(ones, 0.3, rng)
print(
    "mean without scaling:",
    np.round((ones * mask).mean(), 2),
    " with scaling:",
    np.round((ones * mask / 0.7).mean(), 2),
)
for row_id in ("CEE616-C36", "CEE616-C33", "CEE616-E46", "EECS545-C29", "EECS545-C30", "CEE697M-T1"):
    try:
        slides.verify_printed(row_id)
    except slides.Mismatch:
        print(f"{row_id}: the check refutes it as printed")

# %% [markdown]
# The full list for this lecture. The last column names the section that shows it.
#
# | row | class | what stands there | what is right | section |
# |---|---|---|---|---|
# | CEE616-C33 | conditions | stop when the objective does not improve | watch the objective on *validation* data; the one on training data goes on improving | 2 |
# | CEE616-E46 | notation | the penalty is called $J$, has no $\tfrac12$, and contains $\sum b^2$ | $J$ is the Jacobian elsewhere; the gradient is $2\lambda w$; biases are normally left out | 3, 11 |
# | CEE616-C36 | conditions | dropout switches off connections | it drops whole units (dropping connections is DropConnect), and what is kept is divided by $1-p$ | 4, 11 |
# | EECS545-C29 | conditions | gradients are diluted in the lower layers | with sigmoid, yes; tanh and ReLU with scaled weights keep their size, and too large weights make them explode | 6 |
# | EECS545-C30 | conditions | training ends in poor local minima | the share falls quickly with width and depends on the start; wide networks meet plateaus, saddles and bad conditioning | 7 |
# | CEE697M-T1 | notation | the recipe says MSE, the deck's loss (14) is a sum | say which; the gradients differ by the number of terms | 8 |
# | CEE616-C41, CEE697M-C55 | conditions | multilayer perceptron and feed-forward network as synonyms | it is one kind; convolutional networks are feed-forward too | 10 |
# | CEE616-C42, CEE697M-C56 | conditions | RNN, CNN and LSTM as three alternatives | an LSTM is a kind of RNN | 10 |
#
# ## 12 · Exercises
#
# Each cell below answers with the check's verdict. A function that returns nothing is told so; fill it in and run
# again.
#
# **1 · Stop in time** (★, 10 minutes). Write early stopping for a recorded curve of validation losses. Epochs count
# from 0. Return the epoch after which training ends and the best epoch. A loss that equals the best so far is no
# improvement. If patience never runs out, training ends with the last epoch.
#
# <details><summary>Hint 1</summary>Walk along the curve and remember the best epoch so far.</details>
#
# <details><summary>Hint 2</summary>Stop as soon as the present epoch is <code>patience</code> steps after the best
# one.</details>


# %%
def early_stop(losses, patience):
    """The epoch after which training ends, and the best epoch up to there, both counted from 0."""


scripted = [5.0, 4.0, 3.0, 3.1, 3.2, 3.3]
print(check.value(early_stop(scripted, patience=2), (4, 2), name="the scripted curve, patience 2"))
print(check.value(early_stop(scripted, patience=9), (5, 2), name="the scripted curve, patience 9"))
print(check.value(early_stop([3.0, 2.0, 2.0, 2.0, 1.0], patience=2), (3, 1), name="a plateau before a fall"))

# %% [markdown]
# **2 · The pull of a penalty** (★★, 15 minutes). (a) Write the gradient of $\lambda\sum w^2$ and of $\lambda\sum|w|$.
# (b) The smallest model of all has a bias only: it predicts $b$ for every sample. Minimise
# $\frac1N\sum_n\frac12(b-y_n)^2+\lambda b^2$ on paper. Where does it put $b$ for data around 50 and $\lambda=0.1$?
# Compare with the first cell of section 11.
#
# <details><summary>Hint 1</summary>The slope of |w| is the sign of w.</details>
#
# <details><summary>Hint 2</summary>Set the derivative by b to zero: mean of (b - y) plus 2λb.</details>


# %%
def l2_gradient(W, lam):
    """The gradient of lam times the sum of squares."""


def l1_gradient(W, lam):
    """The gradient of lam times the sum of sizes, where no weight is zero."""


def penalised_bias(y, lam):
    """The b that minimises half the mean squared error plus lam b²."""


W = rng.normal(size=(2, 3))
print(check.gradient(l2_gradient(W, 0.3), lambda W: 0.3 * np.sum(W**2), at=W, name="l2"))
print(check.gradient(l1_gradient(W, 0.3), lambda W: 0.3 * np.sum(np.abs(W)), at=W, name="l1"))
tried = np.linspace(0, 60, 60_001)
ys = 50 + np.array([-1.0, 0.0, 1.0])
cost = np.mean((tried[:, None] - ys) ** 2 / 2, axis=1) + 0.1 * tried**2
print(check.value(penalised_bias(ys, 0.1), tried[cost.argmin()], name="the bias", tolerance=1e-4))

# %% [markdown]
# **3 · Units or connections** (★★, 20 minutes). Write inverted dropout of units, and DropConnect, where each entry of
# the *weight matrix* is dropped on its own for each sample and the kept ones are divided by $1-p$. The check compares
# means: both keep them. Then compute on paper the covariance of two outputs of the layer under either method. Which
# method lets outputs fluctuate together, and why?
#
# <details><summary>Hint 1</summary>The mask of units has the shape of A; that of connections the shape (N, M, D), one
# matrix for each sample.</details>
#
# <details><summary>Hint 2</summary><code>np.einsum("nd,nmd->nm", A, masked)</code> multiplies each sample with a matrix
# of its own.</details>


# %%
def drop_units(A, W, p, rng):
    """A (N, D) with units dropped, times W (M, D) turned: (N, M)."""


def drop_connections(A, W, p, rng):
    """A (N, D) times W (M, D) turned, each connection dropped on its own: (N, M)."""


A, W = np.tile([1.0, 2.0, 3.0], (40_000, 1)), np.array([[1.0, 0.5, -1.0], [2.0, 1.0, 0.5]])
for method in (drop_units, drop_connections):
    out = method(A, W, 0.5, np.random.default_rng(7))
    if out is None:
        print(f"{method.__name__}: not yet")
        continue
    print(check.value(out.mean(axis=0), (A @ W.T)[0], name=f"the mean of {method.__name__}", tolerance=0.03))
    print(f"  covariance of the two outputs: {round(np.cov(out.T)[0, 1], 1) + 0.0}")

# %% [markdown]
# **4 · Rescue the sigmoid** (★★, 15 minutes). In section 6 the gradient of ten sigmoid layers faded by more than six
# orders of magnitude. Find a factor for the random weights such that the first layer's gradient is between a tenth and
# ten times the last one's. Then look at the activations of such a network. Would you want to train it?
#
# <details><summary>Hint 1</summary>A layer passes on about φ' times the weights' stretch. The slope is a quarter at
# best, and less where units are saturated.</details>
#
# <details><summary>Hint 2</summary>Try powers of two. In a saturated network a small change of the input flips units
# from 0 to 1.</details>

# %%
my_factor = 1.0

mine = gradient_by_layer(engine.sigmoid, engine.lecun, factor=my_factor)
within = 0.1 < mine[0] / mine[-1] < 10
print(f"first / last with factor {my_factor:g} is between 0.1 and 10:", "right" if within else "not yet")

# %% [markdown]
# **5 · Why do runs fail?** (★★, 20 minutes). (a) Write `dead_units`: how many hidden ReLU units are 0 on all samples.
# (b) In section 7, four failed runs had no dead unit. Look at their hidden layer and say what is wrong. (c) Count the
# failed runs with eight units and tanh instead of ReLU.
#
# <details><summary>Hint 1</summary>The hidden layer is <code>net.forward(XOR_X).A[1]</code>, one row for each
# sample.</details>
#
# <details><summary>Hint 2</summary>For (b), compare the columns: on which samples is each unit positive?</details>


# %%
def dead_units(net, X):
    """The number of units of the first hidden layer that are 0 on all samples X (N, D)."""


found = [dead_units(net, XOR_X) for net in ends[:8]]
found = None if None in found else np.array(found)
print(
    check.value(found, np.array([1, 0, 1, 0, 1, 1, 1, 1]), name="the number of dead units of runs 0 to 7", reveal=False)
)

# %% [markdown]
# **6 · Where the curves cross** (★★★, 25 minutes). Write ridge regression yourself, without a penalty on the bias. Then
# compare it with the network of section 5 at $n = 20, 300, 4000$ on both targets, and say for each target which model
# you would choose and how many samples you would ask for. What happens to the crossing if the noise is five times
# larger?
#
# <details><summary>Hint 1</summary>With A = [1 | X] the equations are (AᵀA + λ D) w = Aᵀy, where D is the unit matrix
# with a 0 in the corner of the bias.</details>
#
# <details><summary>Hint 2</summary><code>test_errors(n, curved, 0.05, seed)</code> gives the pair (network, ridge) for
# one seed.</details>


# %%
def ridge_predictions(X, Y, X_new, lam):
    """Predictions (M, 1) at X_new (M, D) of ridge regression trained on X (N, D), Y (N, 1); the bias is free."""


X_r, Y_r, X_test = rng.normal(size=(30, 3)), 50 + rng.normal(size=(30, 1)), rng.normal(size=(5, 3))
centred = X_r - X_r.mean(axis=0)  # another way to the same numbers: centre first, then no bias is needed
slope = np.linalg.solve(centred.T @ centred + 2.0 * np.eye(3), centred.T @ (Y_r - Y_r.mean()))
reference = Y_r.mean() + (X_test - X_r.mean(axis=0)) @ slope
print(check.value(ridge_predictions(X_r, Y_r, X_test, lam=2.0), reference, name="ridge regression"))

# %% [markdown]
# ## 13 · Check yourself, what to read, and a farewell
#
# For the last time, the numeric checks of all statements of this lecture.

# %% slides=["CEE697M-C57"]
print(slides.self_check("NB12"))

# %% [markdown]
# **To take home.** Judge a model by data that it has not seen, and keep validation and test apart. Stop in time, keep
# weights small, drop units; and where you can, get more data. Depth needs activations and starts that keep the signal's
# size. A few units more than needed make training safe. Begin with a recipe, and change one thing at a time.
#
# **To read.** CEE697M's list, with a few additions of ours (the list also names sections 8.3 and 9.4 of a book that it
# calls PML). *Probabilistic Machine Learning: An Introduction*, chapter 13, sections 13.1 to 13.3, and 13.5 on
# regularisation; *Deep Learning*, chapter 7 (regularisation) and chapter 8 (optimisation), chapter 11 (practical
# advice) and chapter 12 (applications); *The Elements of Statistical Learning*, chapter 11 (section 11.5 on starts,
# overfitting and scaling) and chapter 7 on validation. For the relatives, *Deep Learning*, chapters 9 and 10.
#
# **The end of the course.** You began with a line that could not enclose a disc. Since then you have built the neuron,
# the layer, the loss and the chain rule that joins them, checked each of them by number, and trained with them. The
# large networks that are in the news are made of the same parts: affine maps, bends, a loss, a sweep backwards, small
# steps. What you have learned to do with small ones, to write the shape under each factor, to test before you trust,
# and to ask new data for their opinion, is what large ones need as well. Thank you for the work that you put in.
