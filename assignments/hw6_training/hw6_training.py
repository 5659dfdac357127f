# %% [markdown]
# # Homework 6: Training
#
# **Goal.** Write the parts of a training run, each checked alone: scaling, initialisation, batches, the update, a
# schedule, a penalty, dropout and early stopping. Then train a network that tells the inside of a disc from its
# outside.
#
# **Needs** lectures 11 and 12, and homework 4. **Time** about 195 minutes. **Difficulty** medium; exercise 4 is the
# hard one.
#
# | exercise | you write | points | slides |
# |---|---|---|---|
# | 1 | `standardize` | 3 | CEE616-C28 |
# | 2 | `init_weights` | 4 | CEE616-C29 |
# | 3 | `minibatches` | 5 | CEE616-A2, CEE616-C18, CEE616-C21, CEE616-C26 |
# | 4 | `sgd_epoch` | 8 | CEE616-E42, CEE616-E43, CEE616-E45, CEE697M-A2, CSC561-A4, CSC561-E28 to E30 |
# | 5 | `lr_schedule` | 1 | CEE616-C27 |
# | 6 | `l2_penalty` | 4 | CEE616-E46 |
# | 7 | `dropout` | 5 | CEE616-C36 |
# | 8 | `EarlyStopping` | 4 | CEE616-C33 |
# | 9 | `train_disc` | 6 | EECS545-C1, EECS545-C2, CEE697M-F15 |
# | 10 | an answer in words | 2 | CEE616-C33 |
# | | **together** | **40 + 2** | |
#
# The 40 points of exercises 1 to 9 are among the 200 of the course; the 2 points of exercise 10 stand outside them.
#
# **How it is graded.** Below each of your cells stands a test cell. It shows at once what is right, what is wrong and
# often why. What you see there are the *visible* checks, and they are only part of the tests: hidden ones run with
# other numbers and other shapes, and a part of an exercise earns its points only if both agree. Every function has
# points of its own, so a mistake in one does not spoil the next.
#
# **Rules for all exercises**
#
# * A batch has one sample per row, a weight `W` has the shape (out, in), and every gradient has the shape of its
#   variable.
# * numpy and the standard library only. Loops are allowed. Leave the arrays you are given as they are.
# * Where a function is given `rng`, a `numpy.random.Generator`, draw every random number from it: `rng.random(...)`,
#   `rng.normal(...)`, `rng.permutation(...)`. Then a run can be repeated.
# * A test cell may take 10 s. Large cases have a limit of 1.5 s, and a training run has 3 s. Plain Python loops over
#   the formula stay well below it; measuring the slope of one coordinate after the other does not.
# * Results count as right to five digits of the largest entry, so float32 is precise enough. Means and variances of
#   random numbers have wider limits, chosen so that a right function fails less than once in a million runs.
#
# The cell below also makes the data of the last exercise.

# %% grade_id="setup" role="setup"
import numpy as np


def disc(N, rng):
    """Points spread evenly over the square [-1, 1]^2, labelled 1 inside the disc of area 2 about 0 and -1 outside.

    N, the number of points; rng, a numpy Generator. Returns X (N, 2) and T (N, 1).
    """
    X = rng.uniform(-1, 1, (N, 2))
    inside = np.sum(X**2, axis=1, keepdims=True) < 2 / np.pi
    return X, np.where(inside, 1.0, -1.0)


# %% [markdown]
# ## Exercise 1: standardised inputs (3 points, 10 minutes, easy)
#
# Every column gets mean 0 and standard deviation 1, **measured on the training data**. The same shift and the same
# factor are then used for all other data, because the network must see one world only:
#
# $$\tilde X_{nd} = \frac{X_{nd}-\mu_d}{s_d}, \qquad \mu_d = \frac1N\sum_{n} X^{\text{train}}_{nd}, \qquad
# s_d = \sqrt{\frac1N\sum_{n}\bigl(X^{\text{train}}_{nd}-\mu_d\bigr)^2}.$$
#
# A column that is constant in the training data has $s_d = 0$. Take $s_d = 1$ there, so that nothing is divided by 0.
#
# | array | `X_train` | `X` | result |
# |---|---|---|---|
# | shape | (N, D) | (N', D) | (N', D) |
#
# **In the decks:** CEE616 says *standardise the inputs* and leaves open whose mean is meant. It is that of the training
# data, for the test data as well.
#
# **Worked example.**
#
# $$X^{\text{train}}=\begin{pmatrix}1&10\\3&10\\5&10\end{pmatrix},\quad
# X=\begin{pmatrix}3&12\\7&10\end{pmatrix}\quad\text{give}\quad
# \tilde X=\begin{pmatrix}0&2\\2.44949&0\end{pmatrix},$$
#
# since $\mu=(3,\ 10)$ and $s=(1.63299,\ 0)$, where the 0 is replaced by 1.
#
# <details><summary>Hint</summary>np.std divides by N, as the formula does. np.where(s == 0, 1, s) replaces the
# zeros.</details>


# %% grade_id="standardize" role="solution"
def standardize(X_train, X):
    """X with every column shifted and scaled by the statistics of the training data.

    X_train (N, D); X (N', D). Returns an array (N', D). Columns that are constant in X_train are only shifted.
    """
    ### BEGIN SOLUTION
    s = X_train.std(axis=0)
    return (X - X_train.mean(axis=0)) / np.where(s == 0, 1, s)
    ### END SOLUTION


# %% grade_id="test_standardize" role="test" points=3
from coursekit import check, engine


def wrong_scaling(X_train, X):
    """What common mistakes give in place of the scaled X."""
    mu, s = X_train.mean(axis=0), X_train.std(axis=0)
    return {
        "own_statistics": (X - X.mean(axis=0)) / X.std(axis=0),
        "one_mean_for_all": (X - X_train.mean()) / s,
        "variance_for_deviation": (X - mu) / s**2,
        "sample_deviation": (X - mu) / X_train.std(axis=0, ddof=1),
        "not_centred": X / s,
        "not_scaled": X - mu,
    }


def compare_standardized(X_train, X, name):
    """Your scaled X against the engine's, and beside what common mistakes give."""
    given = {"X_train": X_train.copy(), "X": X.copy()}
    with check.unchanged(**given):
        got = standardize(*given.values())
    why = check.bugs.answers(lambda: wrong_scaling(X_train, X))
    check.value(got, engine.standardize(X_train).apply(X), name=name, explain=why)


def draw_columns(data, N, D):
    """Columns with means and spreads of their own, the last one shifted by 3."""
    return data.normal(size=(N, D)) * np.arange(1, D + 1) - 2 + 5 * (np.arange(D) == D - 1)


with check.score(3) as s:
    with s.part(1, "the training data"):
        X_train = draw_columns(check.rng("hw6_training", "standardize"), 7, 3)
        compare_standardized(X_train, X_train, "the scaled X_train")
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw6_training", "standardize", "hidden", "train")
        X_train = draw_columns(data, 11, 5)
        compare_standardized(X_train, X_train, "the scaled X_train")
        ### END HIDDEN TESTS
    with s.part(2, "other data"):
        data = check.rng("hw6_training", "standardize", "other")
        compare_standardized(draw_columns(data, 7, 3), draw_columns(data, 5, 3), "the scaled X")
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw6_training", "standardize", "hidden", "other")
        for N, M, D in [(11, 7, 5), (5, 1, 2), (3, 5, 1)]:
            compare_standardized(draw_columns(data, N, D), draw_columns(data, M, D), "the scaled X")
        X_train = draw_columns(data, 7, 3)
        X_train[:, 1] = 4
        compare_standardized(X_train, draw_columns(data, 5, 3), "the scaled X where a column of X_train is constant")
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 2: where training starts (4 points, 20 minutes, easy)
#
# A list with one weight matrix for each layer of a network with the widths `sizes` $= [n_0, \dots, n_L]$. Entry $l-1$
# has the shape $(n_l, n_{l-1})$. All entries have mean 0, and the variance depends on `kind`:
#
# | `kind` | variance of an entry of $W^{(l)}$ | distribution |
# |---|---|---|
# | `"zeros"` | 0 | none, all entries are 0 |
# | `"small_normal"` | $0.01^2$ | normal |
# | `"xavier"` | $2/(n_{l-1}+n_l)$ | normal or uniform |
# | `"he"` | $2/n_{l-1}$ | normal |
#
# Here $n_{l-1}$ is the *fan-in*, the number of inputs of a unit, and $n_l$ the *fan-out*. `rng` is the source of all
# random numbers. Biases start at 0 and are not asked for.
#
# **In the decks:** CEE616 says *small values near 0*. They must be small **random** values. Units that start equal get
# equal gradients and stay equal for ever, and with all weights 0 the first layer never learns. `"zeros"` is here to be
# tried, not to be used.
#
# **Worked example.** `sizes = [3, 4, 1]` has the matrices (4, 3) and (1, 4). Their variances are $2/7$ and $2/5$ for
# `"xavier"`, $2/3$ and $2/4$ for `"he"`. So the entries of the first matrix for `"he"` have the standard deviation
# $\sqrt{2/3}=0.816497$.
#
# <details><summary>Hint 1</summary>rng.normal(size=shape) has variance 1. A factor f in front makes it f
# squared.</details>
#
# <details><summary>Hint 2</summary>A uniform distribution on (-a, a) has the variance a²/3.</details>


# %% grade_id="init_weights" role="solution"
def init_weights(sizes, kind, rng):
    """The weight matrices at the start of a training.

    sizes: [n_0, ..., n_L]; kind: "zeros", "small_normal", "xavier" or "he"; rng: a numpy Generator.
    Returns a list of L arrays; entry l - 1 has the shape (n_l, n_{l-1}).
    """
    ### BEGIN SOLUTION
    Ws = []
    for l in range(1, len(sizes)):
        fan_in, fan_out = sizes[l - 1], sizes[l]
        variance = {"zeros": 0, "small_normal": 0.01**2, "xavier": 2 / (fan_in + fan_out), "he": 2 / fan_in}[kind]
        Ws.append(np.sqrt(variance) * rng.normal(size=(fan_out, fan_in)))
    return Ws
    ### END SOLUTION


# %% grade_id="test_init_weights" role="test" points=4
from coursekit import check


def compare_start(kind, data, sizes):
    """Shapes of all your matrices; mean and variance of the first one, which has many entries.

    The limits, six standard errors of the mean and 8 % of the variance, are crossed by chance less than once in 10^8
    runs for 17,000 entries.
    """
    Ws = init_weights(list(sizes), kind, data)
    if not check.value(len(Ws), len(sizes) - 1, name="the number of matrices"):
        return
    for k in range(len(Ws)):
        check.shape(Ws[k], (sizes[k + 1], sizes[k]), name=f"matrix {k}")
    W, n_in, n_out = np.asarray(Ws[0]), sizes[0], sizes[1]
    if kind == "zeros":
        check.value(W, np.zeros((n_out, n_in)), name="matrix 0")
        return
    variance = {"small_normal": 1e-4, "xavier": 2 / (n_in + n_out), "he": 2 / n_in}[kind]
    limit = 6 * np.sqrt(variance / W.size)
    sentence = f"The mean of matrix 0 is {W.mean():.2g}, but with so many entries it must be below {limit:.2g}."
    check.true(abs(W.mean()) <= limit, "value", sentence)
    # In units of the right variance, so that a small one is judged as strictly as a large one.
    check.value(W.var() / variance, 1, name="the variance of matrix 0, divided by the right one,", tolerance=0.08)
    ### BEGIN HIDDEN TESTS
    # Numbers of one digit less than float32 has repeat in a few entries of a thousand.
    check.true(np.unique(W).size > 0.9 * W.size, "units_alike", "In matrix 0 many entries are the same number.")
    ### END HIDDEN TESTS


### BEGIN HIDDEN TESTS
def compare_repetition(kind, *names):
    """One seed gives one start; the next draw, and the next layer, give other numbers."""
    data = check.rng(*names)
    first, again, later = (init_weights([5, 5, 5], kind, rng) for rng in (data, check.rng(*names), data))
    same_seed, next_call, next_layer = (np.array_equal(W, first[0]) for W in (again[0], later[0], first[1]))
    check.true(same_seed, "own_generator", "A second call with the same seed gives another matrix 0.")
    check.true(not next_call, "own_generator", "The next call with the same rng gives the same matrix 0 again.")
    check.true(not next_layer, "own_generator", "Matrix 1 holds the numbers of matrix 0.")


### END HIDDEN TESTS

with check.score(4) as s:
    for kind in ("zeros", "small_normal", "xavier", "he"):
        with s.part(1, kind):
            compare_start(kind, check.rng("hw6_training", "init_weights", kind), [211, 83, 3])
            ### BEGIN HIDDEN TESTS
            compare_start(kind, check.rng("hw6_training", "init_weights", "hidden", kind), [89, 197, 1, 2])
            if kind != "zeros":
                compare_repetition(kind, "hw6_training", "init_weights", "hidden", "again", kind)
            ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 3: mini-batches (5 points, 20 minutes, easy)
#
# One epoch is one sweep over all $N$ training samples. `minibatches(N, B, rng)` puts the numbers $0, \dots, N-1$ in
# random order and deals them out in groups of $B$. There are $\lceil N/B\rceil$ groups, and the last one takes what is
# left: it may be shorter. Each call draws a **fresh** order. The result is anything that a `for` loop can run over,
# such as a generator or a list, and each group is an integer array of the shape (B,).
#
# **In the decks:** CEE616-A2 repeats *step 2* after an update. It has to be steps 1 and 2, so that every update gets a
# new batch; who repeats step 2 alone trains on the same $B$ samples for ever. CEE616-C21 lets an epoch be $N$ random
# draws. Drawn with replacement, about 37 % of the samples would be missed in an epoch. A shuffled sweep misses none.
# And the size of a batch is $B$: the $M$ on the slide counts outputs.
#
# **Worked example.** `minibatches(7, 3, rng)` may give `[4, 0, 6]`, `[2, 5, 1]`, `[3]`.
#
# <details><summary>Hint</summary>order = rng.permutation(N), and then slices of order. A slice that reaches beyond the
# end is simply shorter.</details>


# %% grade_id="minibatches" role="solution"
def minibatches(N, B, rng):
    """The numbers 0..N-1 in a fresh random order, in ceil(N / B) groups.

    N, number of samples; B, size of a batch; rng, a numpy Generator.
    Returns an iterable of integer arrays (B,), the last of which may be shorter.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(N)
    return [order[start : start + B] for start in range(0, N, B)]
    ### END SOLUTION


# %% grade_id="test_minibatches" role="test" points=5
from coursekit import check


def epoch_case(data, N, B):
    """Your batches of one epoch, and what they were asked for."""

    @check.once
    def answer():
        with check.time_limit(1.5, "minibatches"):
            return [np.asarray(batch) for batch in minibatches(N, B, data)]

    return N, B, answer


def compare_partition(N, B, answer):
    """Does every sample come exactly once?"""
    order = np.concatenate([np.zeros(0, dtype=int), *answer()])
    if not check.true(order.dtype.kind in "iu", "type", "The batches must hold integers, the rows of the samples."):
        return
    counts = np.bincount(order, minlength=N)
    missed = int(np.sum(counts == 0))
    if missed and len(order) == N:
        sentence = "Some samples come more than once and others never: draw without replacement."
        check.true(False, "with_replacement", sentence)
    elif missed and len(order) + missed == N:
        sentence = f"In no batch: {missed} of {N} samples. Is the last batch dropped?"
        check.true(False, "samples_missed", sentence)
    else:
        check.value(counts, np.ones(N), name="how often each sample comes")


def compare_sizes(N, B, answer):
    """Has every batch B samples, but for the last?"""
    sizes = [len(batch) for batch in answer()]
    if check.value(len(sizes), -(-N // B), name=f"the number of batches for N = {N}, B = {B}"):
        check.value(sizes, [min(B, N - start) for start in range(0, N, B)], name="the sizes of the batches")


def compare_order(N, B, *names):
    """Do two epochs differ, and are numbers that follow each other seldom still side by side?

    In a random order of 211 numbers 1 pair is expected, 7 where the numbers of a batch are sorted; 40 pairs come by
    chance less than once in 10^12 runs.
    """
    first, second = (
        np.concatenate(epoch_case(check.rng(*names, epoch), N, B)[-1]()) for epoch in ("first epoch", "second epoch")
    )
    neighbours = int(np.sum(np.diff(first) == 1))
    sentence = f"{neighbours} of {N - 1} steps lead from n to n + 1, so this is no random order."
    if check.true(neighbours <= 40, "not_shuffled", sentence):
        repeated = np.array_equal(first, second)
        check.true(not repeated, "shuffled_once", "The second epoch has the order of the first: draw a fresh one.")


epochs = [epoch_case(check.rng("hw6_training", "minibatches"), 7, 3)]
### BEGIN HIDDEN TESTS
data = check.rng("hw6_training", "minibatches", "hidden")
epochs += [epoch_case(data, *case) for case in [(23, 5), (15, 5), (3, 7), (5, 1), (1, 2)]]
### END HIDDEN TESTS

with check.score(5) as s:
    with s.part(2, "every sample once"):
        for epoch in epochs:
            compare_partition(*epoch)
    with s.part(1, "the sizes"):
        for epoch in epochs:
            compare_sizes(*epoch)
    with s.part(2, "a fresh order"):
        compare_order(211, 5, "hw6_training", "minibatches", "order")
        ### BEGIN HIDDEN TESTS
        names = "hw6_training", "minibatches", "hidden", "order"
        compare_order(211, 7, *names)
        first, again = (np.concatenate(epoch_case(check.rng(*names), 101, 7)[-1]()) for _ in range(2))
        repeated = np.array_equal(first, again)
        check.true(repeated, "own_generator", "A second call with the same seed gives another order.")
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 4: one epoch of training (8 points, 45 minutes, hard)
#
# The network has one hidden layer of tanh units and a linear output. Its parameters are a list of four arrays,
# `params = [W1, b1, W2, b2]`. For the samples $X$ (B, D) and targets $T$ (B, K) of **one batch**
#
# $$Z = XW_1^\top + b_1,\quad A=\tanh Z,\quad Y = AW_2^\top+b_2,\qquad
# \mathcal L = \frac1B\sum_{n}\tfrac12\sum_k (Y_{nk}-T_{nk})^2 .$$
#
# The gradients are those of homework 4:
#
# $$dY=\tfrac1B(Y-T),\quad dW_2=dY^\top A,\quad db_2=\textstyle\sum_n dY_n,\quad
# dZ=(dY\,W_2)\odot(1-A^2),\quad dW_1=dZ^\top X,\quad db_1=\sum_n dZ_n .$$
#
# Then every parameter takes a step of length `lr`, $\theta\leftarrow\theta-\eta\,d\theta$, and **the next batch starts
# from the new parameters**. Return the parameters after the last batch, and the mean over the $R$ updates of the
# losses, each taken *before* its update: $\frac1R\sum_r\mathcal L_r$, where a short batch counts as much as a long one.
#
# | argument | what it is | shape |
# |---|---|---|
# | `params` | `[W1, b1, W2, b2]` | (H, D), (H,), (K, H), (K,) |
# | `data` | `(X, T)`, all samples | (N, D), (N, K) |
# | `batches` | list of integer arrays, the row numbers of each batch | (B,) each |
# | `lr` | $\eta$ | one number |
#
# The result is `(new_params, loss)`. The arrays in `params` stay as they are.
#
# **In the decks:**
#
# | deck | what it says | what to do |
# |---|---|---|
# | CEE616 (42), (43), (45) | $\rho$ is our $\eta$; all $N$ samples, one sample, a batch | three choices of `batches` |
# | CEE616 (42), CSC561-E30 | the derivative is a row, or transposed | our gradients have the shape of the variable |
# | CEE616 (45) | the summand is printed as $\mathcal L_m$ | it is $\mathcal L_n$, with the $n$ of the sum |
# | CSC561-A4 | the update stands inside the loop over instances $t$ | add up all, divide by $T$, then update |
# | CSC561-E28 | the text says the loss is a sum | the formula is a mean, and so is ours |
# | CEE697M-A2 | layer $L$ is updated before the gradients of layer $L-1$ | all gradients first, then all updates |
#
# **Worked example.** Width 1 throughout: $w_1=1,\ b_1=0,\ w_2=2,\ b_2=0$, one sample $x=0$ with target $1$, two batches
# that both contain it, $\eta=0.1$.
#
# | | loss before | $dw_1$ | $db_1$ | $dw_2$ | $db_2$ | after: $w_1,\ b_1,\ w_2,\ b_2$ |
# |---|---|---|---|---|---|---|
# | batch 1 | 0.5 | 0 | -2 | 0 | -1 | 1, 0.2, 2, 0.1 |
# | batch 2 | 0.127638 | 0 | -0.971131 | -0.099724 | -0.505249 | 1, 0.297113, 2.009972, 0.150525 |
#
# The mean of the losses is 0.313819.
#
# <details><summary>Hint 1</summary>X[batch] picks the rows of a batch; the targets need the same rows.</details>
#
# <details><summary>Hint 2</summary>W1 = W1 - lr * dW1 makes a new array. W1 -= lr * dW1 would write into the array of
# your caller.</details>
#
# <details><summary>Hint 3</summary>Compute all four gradients before the first of the four updates.</details>


# %% grade_id="sgd_epoch" role="solution"
def sgd_epoch(params, data, batches, lr):
    """One gradient step for each batch, on a network with a hidden layer of tanh units.

    params: [W1 (H, D), b1 (H,), W2 (K, H), b2 (K,)]; data: (X (N, D), T (N, K));
    batches: list of integer arrays, the rows of each batch; lr: length of a step.
    Returns the new parameters, a list of four arrays, and the mean of the losses before each update, a float.
    """
    ### BEGIN SOLUTION
    W1, b1, W2, b2 = params
    losses = []
    for batch in batches:
        X, T = data[0][batch], data[1][batch]
        A = np.tanh(X @ W1.T + b1)
        error = A @ W2.T + b2 - T
        losses.append(0.5 * np.sum(error**2) / len(batch))
        dY = error / len(batch)
        dZ = dY @ W2 * (1 - A**2)
        W1, b1 = W1 - lr * dZ.T @ X, b1 - lr * dZ.sum(axis=0)
        W2, b2 = W2 - lr * dY.T @ A, b2 - lr * dY.sum(axis=0)
    return [W1, b1, W2, b2], float(np.mean(losses))
    ### END SOLUTION


# %% grade_id="test_sgd_epoch" role="test" points=8
from coursekit import check, engine

NAMES = ("W1", "b1", "W2", "b2")


def loss_and_slopes(params, X, T):
    """The engine's loss, and its gradients in the order of params."""
    W1, b1, W2, b2 = params
    loss, found = engine.loss_and_gradients(X, T, [W1, W2], [b1, b2], [engine.tanh, engine.identity])
    return loss, [found.dWs[0], found.dbs[0], found.dWs[1], found.dbs[1]]


def training_case(data, sizes, batches, lr):
    """A network, samples and batches at random, with gradients that are not small, and your answer to them."""
    (D, H, K), N = sizes, 1 + max(map(max, batches))
    while True:
        X, T = data.normal(size=(N, D)), data.normal(size=(N, K))
        params = [data.normal(size=shape) / np.sqrt(shape[-1]) for shape in [(H, D), (H,), (K, H), (K,)]]
        rows = np.concatenate(batches)
        if all(np.abs(slope).max() > 0.02 for slope in loss_and_slopes(params, X[rows], T[rows])[1]):
            break

    @check.once
    def answer():
        given = {
            "params": [array.copy() for array in params],
            "data": (X.copy(), T.copy()),
            "batches": [np.array(batch) for batch in batches],
        }
        with check.unchanged(**given), check.time_limit(1.5, "sgd_epoch"):
            new, loss = sgd_epoch(*given.values(), lr)
        return new, loss

    return params, X, T, batches, lr, answer


def has_the_shapes(new, params):
    """Are there four arrays of the shapes of params?"""
    if not check.value(len(new), 4, name="the number of arrays in the new params"):
        return False
    arrays = zip(NAMES, new, params, strict=True)
    return all(check.shape(got, old.shape, name=f"the new {name}") for name, got, old in arrays)


def compare_step(params, X, T, batches, lr, answer):
    """What your one step took from each parameter, divided by lr, against central differences of the loss."""
    new = answer()[0]
    if not has_the_shapes(new, params):
        return
    X, T = X[batches[0]], T[batches[0]]
    steps = [(old - np.asarray(got)) / lr for old, got in zip(params, new, strict=True)]
    net = check.bugs.Network(X, T, params[::2], params[1::2], engine.tanh, engine.half_squared_error)
    why = check.bugs.network(net, steps[::2], steps[1::2])
    for k, name in enumerate(NAMES):
        check.gradient(
            steps[k],
            lambda V, k=k: loss_and_slopes([*params[:k], V, *params[k + 1 :]], X, T)[0],
            at=params[k],
            name=f"d{name} = ({name} - your {name}) / lr",
            batch=len(X),
            explain=why[f"d{name}"],
        )


def descend(params, X, T, batches, lr, gradients_at=None):
    """Parameters after one step for each batch, and the losses before; gradients_at holds them at other parameters."""
    losses = []
    for batch in batches:
        loss, slopes = loss_and_slopes(gradients_at or params, X[batch], T[batch])
        params = [array - lr * slope for array, slope in zip(params, slopes, strict=True)]
        losses.append(loss)
    return params, losses


def wrong_updates(params, X, T, batches, lr):
    """What common mistakes make of the parameters."""
    R, singles = len(batches), [[n] for batch in batches for n in batch]
    mistakes = {
        "same_batch": ([batches[0]] * R, lr),
        "all_samples": ([list(range(len(X)))] * R, lr),
        "one_update": (batches, lr / R, params),
        "old_gradients": (batches, lr, params),
        "not_carried_on": (batches[-1:], lr),
        "first_batch_only": (batches[:1], lr),
        "last_batch_missed": (batches[:-1], lr),
        "update_per_sample": (singles, lr),
    }
    return {code: descend(params, X, T, *how)[0] for code, how in mistakes.items()}


def compare_updates(params, X, T, batches, lr, answer):
    """Your parameters after several batches, and beside what common mistakes make of them."""
    new = answer()[0]
    if not has_the_shapes(new, params):
        return
    wrong = wrong_updates(params, X, T, batches, lr)
    for k, expected in enumerate(descend(params, X, T, batches, lr)[0]):
        why = check.bugs.answers({code: arrays[k] for code, arrays in wrong.items()})
        check.value(new[k], expected, name=f"{NAMES[k]} after {len(batches)} batches", explain=why)


data = check.rng("hw6_training", "sgd_epoch")
single = [training_case(data, (3, 5, 2), [list(range(7))], lr=2)]
several = [training_case(data, (3, 5, 2), [[4, 1, 6], [0, 2, 5], [3]], lr=0.5)]
### BEGIN HIDDEN TESTS
data = check.rng("hw6_training", "sgd_epoch", "hidden")
single += [
    training_case(data, (2, 3, 1), [[6, 1, 3, 4, 0]], lr=3),
    training_case(data, (3, 1, 2), [[0]], lr=2),
]
several += [
    training_case(data, (2, 3, 5), [[10, 4, 1, 7, 0], [6, 2, 9, 3, 8], [5]], lr=0.25),
    training_case(data, (3, 2, 1), [[1], [2], [0]], lr=0.5),
    training_case(data, (1, 2, 1), [[2, 1], [1, 0], [2, 0], [1, 2]], lr=0.5),
]
# More than 90,000 parameters: too many to difference one at a time.
large = training_case(data, (293, 307, 2), [[0, 1, 2]], lr=1)
large_step = loss_and_slopes(large[0], large[1], large[2])[1]
### END HIDDEN TESTS

with check.score(8) as s:
    with s.part(3, "one gradient step"):
        for case in single:
            compare_step(*case)
        ### BEGIN HIDDEN TESTS
        for k, name in enumerate(NAMES):
            check.value(large[0][k] - large[-1]()[0][k], large_step[k], name=f"the step of {name} in a large case")
        ### END HIDDEN TESTS
    with s.part(3, "one update for each batch"):
        for case in several:
            compare_updates(*case)
        ### BEGIN HIDDEN TESTS
        check.value(large[0][0] - large[-1]()[0][0], large_step[0], name="the step of W1 in a large case")
        ### END HIDDEN TESTS
    with s.part(2, "the mean loss"):
        for params, X, T, batches, lr, answer in [*single, *several]:
            losses = descend(params, X, T, batches, lr)[1]
            weighted = np.average(losses, weights=[len(batch) for batch in batches])
            why = check.bugs.answers({"loss_of_last_batch": losses[-1], "losses_weighted": weighted})
            check.value(answer()[1], np.mean(losses), name=f"the mean loss of {len(batches)} batches", explain=why)
s

# %% [markdown]
# ## Exercise 5: the length of a step (1 point, 5 minutes, easy)
#
# `lr_schedule(kind, r, c)` is the learning rate of update $r = 1, 2, 3, \dots$: the number $c$ at every update for
# `kind = "constant"`, and $c/r$ for `kind = "c/r"`.
#
# **In the decks:** CEE616 takes $\rho_r=1/r$, which is $c=1$, and says that it guarantees convergence. What is known is
# less. The steps $c/r$ add up without bound, so that every distance can be covered, while their squares do not, so that
# the noise of the batches dies out. For $c=1$ the first $10^4$ steps add up to 9.787606, their squares to 1.644834.
# This helps only with bounded gradients and a fitting $c$. Too small a $c$ is arbitrarily slow.
#
# **Worked example.** $c = 0.6$: at $r=3$ the rate is 0.6 if constant and 0.2 for `"c/r"`.


# %% grade_id="lr_schedule" role="solution"
def lr_schedule(kind, r, c):
    """The learning rate of update r.

    kind: "constant" or "c/r"; r, the number of the update, from 1; c, a positive number. Returns a float.
    """
    ### BEGIN SOLUTION
    return {"constant": c, "c/r": c / r}[kind]
    ### END SOLUTION


# %% grade_id="test_lr_schedule" role="test" points=1
from coursekit import check, engine

rates = [("constant", 1, 0.6), ("constant", 3, 0.6), ("c/r", 1, 0.6), ("c/r", 3, 0.6)]
### BEGIN HIDDEN TESTS
c = float(check.rng("hw6_training", "lr_schedule", "hidden").uniform(2, 3))
rates += [("constant", 7, c), ("c/r", 7, c), ("c/r", 10_007, c)]
### END HIDDEN TESTS

with check.score(1) as s:
    with s.part(1, "the rate"):
        for kind, r, c in rates:
            schedule = engine.constant(c) if kind == "constant" else engine.c_over_r(c)
            check.value(lr_schedule(kind, r, c), schedule(r), name=f'lr_schedule("{kind}", {r}, {c:g})')
s

# %% [markdown]
# ## Exercise 6: weight decay (4 points, 15 minutes, easy)
#
# The penalty and its gradient, to be added to those of the loss:
#
# $$R=\lambda\sum_l\sum_{m,k} \bigl(W^{(l)}_{mk}\bigr)^2, \qquad
# \frac{\partial R}{\partial W^{(l)}} = 2\lambda W^{(l)}.$$
#
# Biases are left out unless they are given as `bs`. Then their squares are added to the sum, and their gradients follow
# those of the weights in the list.
#
# | argument | what it is | result | what it is |
# |---|---|---|---|
# | `Ws` | list of weights | penalty | one number |
# | `lam` | $\lambda$ | gradients | list of arrays, one for each of `Ws`, then one for each of `bs` |
# | `bs` | list of biases, or `None` | | |
#
# **In the decks:** CEE616 (46) has no $\tfrac12$, so the 2 stays. The penalty is called $J$ there; the Jacobian keeps
# that letter here. The slide also includes $\sum b^2$. That is usually a bad idea: a penalised bias drags the
# predictions of data with an offset towards 0.
#
# **Worked example.** $W=\begin{pmatrix}1&-2\\0&3\end{pmatrix}$ and $\lambda=0.1$ give the penalty 1.4 and the gradient
# $\begin{pmatrix}0.2&-0.4\\0&0.6\end{pmatrix}$. With `bs` that holds the one array $b=(10)$ the penalty is 11.4, and a
# second array, $(2)$, follows in the list.
#
# <details><summary>Hint</summary>Put the arrays of both lists into one list first. Two lists are joined by +.</details>


# %% grade_id="l2_penalty" role="solution"
def l2_penalty(Ws, lam, bs=None):
    """lambda times the sum of all squared weights, and its gradients.

    Ws: list of arrays; lam: lambda; bs: list of arrays that are penalised too, or None.
    Returns the penalty, a float, and the list of gradients, in the order of Ws and then bs.
    """
    ### BEGIN SOLUTION
    arrays = [*Ws, *(bs or [])]
    return float(lam * sum(np.sum(V**2) for V in arrays)), [2 * lam * V for V in arrays]
    ### END SOLUTION


# %% grade_id="test_l2_penalty" role="test" points=4
from coursekit import check


def penalty_case(data, lam, weights, biases=()):
    """Arrays of these shapes, and your answer to them."""
    Ws, bs = ([data.normal(size=shape) for shape in shapes] for shapes in (weights, biases))

    @check.once
    def answer():
        given = {"Ws": [W.copy() for W in Ws], "bs": [b.copy() for b in bs]}
        with check.unchanged(**given), check.time_limit(1.5, "l2_penalty"):
            value, gradients = l2_penalty(given["Ws"], lam, given["bs"]) if bs else l2_penalty(given["Ws"], lam)
        return value, gradients

    return Ws + bs, lam, answer


def compare_penalty(arrays, lam, answer):
    """Your number against lambda times the sum of squares."""
    expected = lam * sum(np.vdot(array, array) for array in arrays)
    why = check.bugs.answers({"lambda_missing": expected / lam})
    check.value(answer()[0], expected, name=f"the penalty on {len(arrays)} arrays", explain=why)


def compare_slopes(arrays, lam, answer):
    """Your gradients against central differences."""
    found = answer()[1]
    if not check.value(len(found), len(arrays), name="the number of gradients"):
        return
    for k, V in enumerate(arrays):
        wrong = {
            "penalty_factor": lam * V,
            "penalty_l1": lam * np.sign(V),
            "lambda_missing": 2 * V,
            "forward_returned": lam * V**2,
        }
        why = check.bugs.answers(wrong)
        name = f"the gradient of array {k}"
        check.gradient(found[k], lambda V: lam * np.vdot(V, V), at=V, name=name, explain=why)


data = check.rng("hw6_training", "l2_penalty")
weights_alone = [penalty_case(data, 0.1, [(2, 3), (1, 2)])]
with_biases = [penalty_case(data, 0.3, [(3, 2)], [(3,)])]
### BEGIN HIDDEN TESTS
data = check.rng("hw6_training", "l2_penalty", "hidden")
weights_alone += [penalty_case(data, 0.7, [(5, 3), (2, 5), (1, 2)]), penalty_case(data, 1.3, [(1, 1)])]
with_biases += [penalty_case(data, 0.2, [(2, 5), (3, 2)], [(2,), (3,)])]
# 90,000 weights: too many to difference one at a time.
large = penalty_case(data, 0.1, [(293, 307)])
### END HIDDEN TESTS

with check.score(4) as s:
    with s.part(1, "the penalty"):
        for case in weights_alone:
            compare_penalty(*case)
    with s.part(2, "the gradients"):
        for case in weights_alone:
            compare_slopes(*case)
        ### BEGIN HIDDEN TESTS
        (W,), lam, answer = large
        check.value(answer()[1][0], 2 * lam * W, name="the gradient of a large array")
        ### END HIDDEN TESTS
    with s.part(1, "with biases"):
        for case in with_biases:
            compare_penalty(*case)
            compare_slopes(*case)
s

# %% [markdown]
# ## Exercise 7: dropout (5 points, 20 minutes, medium)
#
# In training, every unit of every sample is dropped with the probability $p$, on its own. What is kept grows by
# $1/(1-p)$, so that the mean stays what it was. In evaluation nothing happens:
#
# $$\tilde A_{nm} = \begin{cases} \dfrac{M_{nm}\,A_{nm}}{1-p} & \text{in training}\\[2mm] A_{nm} & \text{in evaluation}
# \end{cases}\qquad M_{nm} = \begin{cases}0 & \text{with probability } p\\ 1 & \text{with probability } 1-p\end{cases}$$
#
# `A` (N, M) are the activations of a layer, $0\le p\le 0.5$, `train` is `True` in training and `False` in evaluation.
# Return `(result, mask)`, both (N, M). The mask holds 0 and 1, or `False` and `True`; in evaluation it is 1
# everywhere.
#
# **In the decks:** CEE616 switches off *connections* of a neuron. Dropout drops whole **units**, and with a unit all
# its outgoing connections. Dropping single connections is another method, called DropConnect. The slide does not
# mention the factor $1/(1-p)$; without it the next layer gets smaller sums in training than in evaluation.
#
# **Worked example.** $p=0.2$, $A=(1,\ 2,\ 3,\ 4)$ and the mask $(1,\ 0,\ 0,\ 1)$ give $(1.25,\ 0,\ 0,\ 5)$. With
# `train=False` the result is $(1,\ 2,\ 3,\ 4)$ and the mask $(1,\ 1,\ 1,\ 1)$.
#
# <details><summary>Hint</summary>rng.random(A.shape) draws numbers evenly from [0, 1). A share p of them is smaller
# than p.</details>


# %% grade_id="dropout" role="solution"
def dropout(A, p, rng, train):
    """Inverted dropout of the units of a layer.

    A (N, M); p, the probability that a unit is dropped, 0 <= p <= 0.5; rng, a numpy Generator; train: True or False.
    Returns the result (N, M) and the mask (N, M), 1 where a unit is kept.
    """
    ### BEGIN SOLUTION
    if not train:
        return A, np.ones(A.shape)
    mask = rng.random(A.shape) >= p  # equivalent: comparison changed: hardly a number is exactly p
    return A * mask / (1 - p), mask
    ### END SOLUTION


# %% grade_id="test_dropout" role="test" points=5
from coursekit import check


def dropout_case(A, p, data, train=True):
    """Your result and your mask, as floats."""

    @check.once
    def answer():
        given = {"A": A.copy()}
        with check.unchanged(**given), check.time_limit(1.5, "dropout"):
            out, mask = dropout(given["A"], p, data, train)
        return out, mask

    return A, p, answer


def compare_scaling(A, p, answer):
    """Your result against the one that belongs to your mask, and beside what common mistakes give."""
    out, mask = answer()
    if not check.shape(mask, A.shape, name="the mask"):
        return
    kept = np.asarray(mask, dtype=float)
    check.value(kept, kept != 0, name="the mask, which holds 0 and 1,")
    wrong = {
        "dropout_unscaled": A * kept,
        "dropout_scaled_down": A * kept * (1 - p),
        "dropout_scaled_by_p": A * kept / max(p, 1e-9),
        "mask_reversed": A * (1 - kept) / (1 - p),
    }
    check.value(out, A * kept / (1 - p), name="the result", explain=check.bugs.answers(wrong))


def compare_share(A, p, answer):
    """Means over many samples of ones.

    The limits are seven standard errors for 20,011 samples: a right function crosses one less than once in 10^11 runs.
    """
    out, mask = answer()
    if check.shape(mask, A.shape, name="the mask") and check.shape(out, A.shape, name="the result"):
        kept, units = np.asarray(mask, dtype=float), np.ones(A.shape[1])
        why = check.bugs.answers({"mask_reversed": p * units}, tolerance=0.05)
        name = "the share of samples that keep each unit"
        check.value(kept.mean(axis=0), (1 - p) * units, name=name, explain=why, tolerance=0.05)
        check.value(np.mean(out, axis=0), units, name="the mean of each unit over all samples", tolerance=0.05)
        both = float(np.mean(kept[:, 0] * kept[:, 1]))
        check.value(both, (1 - p) ** 2, name="the share of samples that keep both of two units", tolerance=0.1)


def compare_evaluation(A, p, answer):
    """In evaluation the result is A and the mask is 1."""
    out, mask = answer()
    left = np.where(np.asarray(out) == 0, 0, A)
    why = check.bugs.answers([("dropout_in_evaluation", wrong) for wrong in (A * (1 - p), left, left / (1 - p))])
    check.value(out, A, name="the result in evaluation", explain=why)
    check.value(mask, np.ones(A.shape), name="the mask in evaluation")


data = check.rng("hw6_training", "dropout")
many = [dropout_case(np.ones((20011, 3)), 0.3, data)]
few = [dropout_case(data.normal(size=(7, 5)), 0.3, data)]
calm = [dropout_case(data.normal(size=(3, 5)), 0.3, data, train=False)]
### BEGIN HIDDEN TESTS
data = check.rng("hw6_training", "dropout", "hidden")
many += [dropout_case(np.ones((20011, 2)), 0.5, data)]
few += [dropout_case(data.normal(size=shape), p, data) for shape, p in [((5, 3), 0), ((1, 7), 0.4), ((11, 1), 0.25)]]
calm += [dropout_case(data.normal(size=(1, 7)), 0.5, data, train=False)]
### END HIDDEN TESTS

with check.score(5) as s:
    with s.part(2, "the mask"):
        for case in many:
            compare_share(*case)
        ### BEGIN HIDDEN TESTS
        names = "hw6_training", "dropout", "hidden", "again"
        data = check.rng(*names)
        first, again, later = (
            np.asarray(dropout(np.ones((7, 11)), 0.5, rng, True)[1]) for rng in (data, check.rng(*names), data)
        )
        same_seed, next_call = (np.array_equal(first, mask) for mask in (again, later))
        check.true(same_seed, "own_generator", "A second call with the same seed gives another mask.")
        check.true(not next_call, "own_generator", "The next call with the same rng gives the same mask again.")
        ### END HIDDEN TESTS
    with s.part(2, "the scaling"):
        for case in few:
            compare_scaling(*case)
    with s.part(1, "evaluation"):
        for case in calm:
            compare_evaluation(*case)
s

# %% [markdown]
# ## Exercise 8: early stopping (4 points, 20 minutes, medium)
#
# After each epoch somebody calls `stopper.update(v, params)` with the validation loss $v$ and the parameters of that
# epoch. The object remembers the best parameters so far in its attribute `best`, and the answer says whether it is time
# to stop: `True` as soon as `patience` epochs **in a row** were no better than the best one, else `False`.
#
# Better means strictly smaller. An equal loss is no improvement. The first epoch is always the best so far. After
# `True`, `update` is not called any more.
#
# **In the decks:** CEE616-C33 stops when *the objective* has not improved. It has to be the loss on validation data:
# the training objective goes on improving while the network overfits.
#
# **Worked example.** `EarlyStopping(patience=2)`, epochs counted from 0:
#
# | epoch | 0 | 1 | 2 | 3 | 4 |
# |---|---|---|---|---|---|
# | validation loss $v$ | 5 | 4 | 3 | 3.1 | 3.2 |
# | answer | False | False | False | False | **True** |
# | `best` is the `params` of epoch | 0 | 1 | 2 | 2 | 2 |
#
# `best` may be the very list that was given, without a copy, because `sgd_epoch` makes new arrays in every step. Where
# an optimiser changes its arrays in place, a copy would be needed.
#
# <details><summary>Hint 1</summary>The object needs to know three things between two calls: the best loss, the best
# parameters, and how many epochs have passed since.</details>
#
# <details><summary>Hint 2</summary>Start with a best loss of infinity, float("inf"). Then the first epoch needs no case
# of its own.</details>


# %% grade_id="early_stopping" role="solution"
class EarlyStopping:
    """Says when validation losses have stopped improving, and keeps the parameters of the best epoch in ``best``.

    patience: number of epochs in a row without improvement after which training stops, at least 1.
    """

    def __init__(self, patience):
        ### BEGIN SOLUTION
        # The first epoch is lower than this and sets the rest.
        self.patience, self.lowest = patience, float("inf")
        ### END SOLUTION

    def update(self, v, params):
        """Take note of an epoch and say whether to stop.

        v: validation loss, a float; params: list of arrays. Returns True or False.
        """
        ### BEGIN SOLUTION
        if v < self.lowest:
            self.lowest, self.best, self.misses = v, params, 0
        else:
            self.misses += 1
        return self.misses >= self.patience
        ### END SOLUTION


# %% grade_id="test_early_stopping" role="test" points=4
from coursekit import check


def stopping_case(losses, patience, stop, best, mistakes):
    """A scripted curve, the epoch that must stop (the length of the curve if none), the best one, and your answers.

    mistakes: the epochs at which common mistakes would stop.
    """

    @check.once
    def answer():
        stopper = EarlyStopping(patience)
        said = []
        for epoch, v in enumerate(losses):
            said.append(stopper.update(v, [np.full((2, 3), epoch + 1.0), np.full(2, epoch + 1.0)]))
            if said[-1]:
                break
        return said, stopper.best

    return losses, patience, stop, best, mistakes, answer


def compare_stop(losses, patience, stop, best, mistakes, answer):
    """The epoch at which you stop, and beside those at which common mistakes would."""
    said = answer()[0]
    if not check.true(isinstance(said[0], (bool, np.bool_)), "type", "update must answer with True or False."):
        return
    never = len(losses)
    curve = f"the losses {', '.join(f'{v:.3g}' for v in losses)} and patience {patience}"
    name = f"the epoch, counted from 1, at which you stop for {curve} ({never + 1} is never)"
    why = check.bugs.answers({code: epoch + 1 for code, epoch in mistakes.items()})
    check.value(len(said) if said[-1] else never + 1, stop + 1, name=name, explain=why)


def compare_best(losses, patience, stop, best, mistakes, answer):
    """The epoch, from 1, whose parameters you kept: all entries of both arrays are its number."""
    kept = answer()[1]
    if check.value(len(kept), 2, name="the number of arrays in best"):
        for k, shape in enumerate([(2, 3), (2,)]):
            if check.shape(kept[k], shape, name=f"best[{k}]"):
                check.value(np.mean(kept[k]), best + 1, name=f"the epoch, counted from 1, that best[{k}] comes from,")


curves = [
    stopping_case([5, 4, 3, 3.1, 3.2, 3.3], 2, stop=4, best=2, mistakes={"one_late": 5, "one_early": 3}),
    stopping_case([3, 2, 2, 2, 3], 2, stop=3, best=1, mistakes={"one_late": 4, "equal_improves": 5}),
]
### BEGIN HIDDEN TESTS
scale, offset = check.rng("hw6_training", "early_stopping", "hidden").uniform(0.5, 2, size=2).tolist()
for losses, *rest in [
    ([2, 1, 1.5, 1.7], 1, 2, 1, {"one_late": 3}),
    ([5, 6, 4, 5, 3, 4, 4, 5], 2, 6, 4, {"one_late": 7, "misses_in_total": 3}),
    ([1, 2, 3, 0.5, 0.5, 0.5, 0.6, 0.9], 3, 6, 3, {"one_late": 7, "equal_improves": 8, "misses_in_total": 4}),
    ([5, 4, 3, 2], 1, 4, 3, {}),
    ([5, 1, 4, 3, 2, 2.5], 3, 4, 1, {"compared_with_previous": 6}),
    ([7], 1, 1, 0, {"one_early": 0}),
]:
    curves.append(stopping_case([scale * v - offset for v in losses], *rest))
### END HIDDEN TESTS

with check.score(4) as s:
    with s.part(2, "when to stop"):
        for curve in curves:
            compare_stop(*curve)
    with s.part(2, "the best parameters"):
        for curve in curves:
            compare_best(*curve)
s

# %% [markdown]
# ## Exercise 9: learn the disc (6 points, 30 minutes, medium)
#
# Put the parts together. `train_disc(seed)` makes `rng = np.random.default_rng(seed)`, draws 2,000 points with
# `disc(2000, rng)` of the first cell, trains the network of exercise 4 on them, and returns its parameters
# `[W1, b1, W2, b2]` with the shapes (H, 2), (H,), (1, H), (1,). The number $H$ of hidden units is your choice, and so
# are the batches, the learning rate and the number of epochs.
#
# The network calls a point *inside* where its output $y$ is positive. The test trains with two seeds of its own, 3
# points each. It counts how many of 4,000 **new** points are on the right side: more than 90 % are needed. Different
# seeds must give different weights. A run has 3 s; a tenth of a second is enough.
#
# Aim higher than 90 %, because the last updates shake the result and the test uses other seeds than yours. Try ten
# seeds: if the worst of them reaches 93 %, you are on the safe side.
#
# The function may call yours from exercises 2 to 8. It may also be written in one go, and then earns its points
# whatever the others do.
#
# **In the decks:** EECS545-C1 shows that no straight line separates these points, and C2 asks whether good features can
# be learned from the raw coordinates. You answer it here. The playground to which CEE697M-F15 points has this disc
# among its data.
#
# **Worked example.** Starts from `"he"` and biases 0, sixteen hidden units, batches of 20 and a learning rate near 0.3
# are a good point to begin with. One pass over the data then makes 100 updates, and after one thousand the accuracy is
# near 95 %.
#
# <details><summary>Hint 1</summary>The skeleton is: draw the points, draw the weights, and for each epoch call
# sgd_epoch(params, (X, T), minibatches(2000, B, rng), lr).</details>
#
# <details><summary>Hint 2</summary>A rate that falls towards 0, such as 0.3 (1 - e/E) in epoch e = 0, 1, ..., E - 1,
# calms the last updates.</details>


# %% grade_id="train_disc" role="solution"
def train_disc(seed):
    """A network with one hidden layer of tanh units, trained to be positive inside the disc and negative outside.

    seed: an integer, from which all random numbers come. Returns [W1 (H, 2), b1 (H,), W2 (1, H), b2 (1,)].
    """
    ### BEGIN SOLUTION
    N, H, B, epochs = 2000, 16, 20, 12  # equivalent: constant changed: the exercise leaves them open
    rng = np.random.default_rng(seed)
    data = disc(N, rng)
    W1, W2 = init_weights([2, H, 1], "he", rng)
    params = [W1, np.zeros(H), W2, np.zeros(1)]  # equivalent: other function: biases may start anywhere near 0
    for lr in np.linspace(0.3, 0, epochs):  # equivalent: constant changed: rates near these will do
        params, _ = sgd_epoch(params, data, minibatches(N, B, rng), lr)
    return params
    ### END SOLUTION


# %% grade_id="test_train_disc" role="test" points=6
from coursekit import check, engine

seeds, new_points = [0, 1], check.rng("hw6_training", "train_disc")
### BEGIN HIDDEN TESTS
new_points = check.rng("hw6_training", "train_disc", "hidden")
seeds = new_points.choice(10**6, size=2, replace=False).tolist()
### END HIDDEN TESTS
X, inside = engine.disc(4000, new_points)

trained = []
with check.score(6) as s:
    for number, seed in enumerate(seeds, start=1):
        with s.part(3, f"seed {number}"):
            with check.time_limit(3, "train_disc"):
                params = train_disc(seed)
            W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in params)
            Y = engine.forward(X, [W1, W2], [b1, b2], [engine.tanh, engine.identity]).A[-1]
            if check.shape(Y, (4000, 1), name="the output for 4000 points"):
                accuracy = float(np.mean((Y > 0) == (inside == 1)))
                sentence = f"For seed {seed} {accuracy:.1%} of the new points are on the right side; more than 90 % are needed."
                check.true(accuracy > 0.9, "accuracy", sentence)
            repeated = any(np.array_equal(W1, other) for other in trained)
            check.true(not repeated, "own_generator", "Two seeds give the same W1.")
            trained.append(W1)
s

# %% [markdown]
# ## Exercise 10: in your own words (2 points outside the 200, 10 minutes)
#
# A network is trained with early stopping and keeps the parameters of the epoch with the lowest loss on the validation
# data. Answer in three or four sentences: why would the loss on the **training** data be of no use for the decision
# when to stop? And why is the lowest validation loss a little too good as an estimate of the loss on new data?
#
# A person reads and grades this answer.

# %% [markdown] grade_id="explain_stopping" role="explain" points=2
# ### BEGIN SOLUTION
# The training loss goes on falling while the network learns the noise of the training data, so it never says stop (1
# point). The validation loss at which we stopped is the smallest of many. It was chosen because it is small, and part
# of what made it small is chance in that one validation set. So it lies below the loss on new data, and an honest
# estimate needs a third set that took part in no decision (1 point).
# ### END SOLUTION
