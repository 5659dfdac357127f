# %% [markdown]
# # Homework 2: Derivatives and chains
#
# **Goal.** Measure slopes, add up paths, and write the forward sweep, the backward sweep and one training step of a
# chain of neurons. The chain is the smallest network in which backpropagation has something to do.
#
# **Needs** lecture 5 for exercises 1 to 4 and lecture 6 for exercises 5 to 7. **Time** about 150 minutes.
# **Difficulty** easy to medium; exercise 6 is the hard one.
#
# | exercise | you write | points | slides |
# |---|---|---|---|
# | 1 | `num_grad` | 5 | CSC561-E07, CSC561-E08, CEE616-E24 |
# | 2 | `linearize` | 2 | CSC561-E10, CSC561-E39, CSC561-E45, CSC561-C8 |
# | 3 | `loss_factors` | 2 | CEE616-E15, CEE697M-E14, CEE697M-E22, EECS545-E18, CEE616-T1 |
# | 4 | `path_sum` | 2 | CSC561-E11, CSC561-E12, CSC561-E13 |
# | 5 | `chain_forward` | 4 | CEE697M-E18, CEE697M-E20, CEE697M-E21, CEE697M-E39 to E42 |
# | 6 | `chain_grads` | 7 | CEE697M-E19, CEE697M-E22 to E24, CEE697M-E27, CEE697M-E34, CEE697M-E57, CEE697M-E58, CEE697M-C49 |
# | 7 | `chain_step` | 3 | CEE697M-E17, CEE697M-E48, CEE697M-E49, CEE697M-A1, CEE697M-A2 |
# | 8 | an answer in words | 2 | CEE697M-A2 |
# | | **together** | **25 + 2** | |
#
# Exercises 1 to 4 are due after lecture 5, the others after lecture 6. The answer in words is read by a person, and its
# 2 points stand outside the 200 of the course.
#
# **How it is graded.** Below each of your cells stands a test cell. It shows at once what is right, what is wrong and
# often why. What you see there are the *visible* checks, and they are only part of the tests: hidden ones run with
# other numbers, other sizes and longer chains, and a part of an exercise earns its points only if both agree. Every
# function has points of its own, and no test hands the result of one of your functions to another.
#
# **Rules for all exercises**
#
# * A gradient has the shape of its variable. A Jacobian has one row for each output and one column for each input.
# * numpy and the standard library only. Loops are allowed. Leave the arrays you are given as they are.
# * A test cell may take 10 s. The long chains of exercises 6 and 7 have a limit of 1.5 s. One sweep in plain Python takes
#   a small part of that; measuring the slope of one weight after the other takes more than a minute.
# * Results count as right to five digits of the largest entry, so float32 is precise enough. Exercises 1 and 2 are about
#   small differences and need float64, which is what numpy uses unless told otherwise.
#
# The next cell holds the three activation functions of this homework and their slopes. A slope is written in terms of
# the **output** $a=\varphi(z)$. For the sigmoid it is $a(1-a)$, which equals $\sigma'(z)$.

# %% grade_id="setup" role="setup"
import numpy as np

PHI = {"identity": lambda z: z, "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh}
SLOPE = {"identity": lambda a: 1.0, "sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a**2}

# %% [markdown]
# ## Exercise 1: measure a gradient (5 points, 25 minutes, easy)
#
# `f` takes an array and returns one number. To find the slope in the direction of one entry $x_i$, move that entry by
# $h$ to both sides and leave all others where they are:
#
# $$g_i = \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h}, \qquad e_i \text{ is 1 at entry } i \text{ and 0 elsewhere}.$$
#
# This is the **central difference**. `num_grad(f, x, h)` returns all $g_i$, in the shape of `x`.
#
# | argument | what it is | result | shape |
# |---|---|---|---|
# | `f` | function: array of the shape of `x` to a number | `g` | that of `x`, float64 |
# | `x` | array of **any** shape, also (), of floats or of whole numbers | | |
# | `h` | the step, a positive number | | |
#
# **In the decks:** CSC561 calls the slope $\frac{\partial y}{\partial x_i}$, the label of one arrow. CEE616 (24) has both
# forms of the result: the gradient $\nabla_\theta\mathcal L$ is a column, the derivative
# $\frac{d\mathcal L}{d\theta}$ a row. Here it is an array of the shape of `x`.
#
# **Worked example.** $f(x)=x_1^2x_2$ at $x=(1,\ 2)$ with $h=0.1$:
#
# $$g_1=\frac{1.1^2\cdot 2-0.9^2\cdot 2}{0.2}=4,\qquad g_2=\frac{2.1-1.9}{0.2}=1 .$$
#
# Both are exact, because $f$ is at most quadratic in each entry. For $f(x)=x^3$ at $x=2$ with $h=0.5$ the formula gives
# 12.25. The slope is 12, and the rest is $h^2$. So use the `h` that you are given.
#
# <details><summary>Hint 1</summary><code>np.ndindex(x.shape)</code> goes through the indices of an array of any shape. For
# shape () it yields the empty index (), and <code>g[()] = ...</code> stores a number there.</details>
#
# <details><summary>Hint 2</summary>Make an array of zeros of the shape of x, put h at one index, and add it to x or
# subtract it from x. Then x itself never changes. Going forth and back with <code>+=</code> and <code>-=</code> does change
# it, in the last digit.</details>
#
# <details><summary>Hint 3</summary>An array of whole numbers stays one: <code>x[i] += 0.1</code> loses the 0.1 or stops with an
# error. <code>np.zeros(x.shape)</code> holds floats, and so does its sum with x.</details>


# %% grade_id="num_grad" role="solution"
def num_grad(f, x, h):
    """The gradient of f at x by central differences with step h.

    f: array of the shape of x -> one number; x: array of any shape, of floats or whole numbers;
    h: the step, a positive number.
    Returns an array of floats of the shape of x.
    """
    ### BEGIN SOLUTION
    g = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        g[i] = (f(x + step) - f(x - step)) / (2 * h)
    return g
    ### END SOLUTION


# %% grade_id="test_num_grad" role="test" points=5
from coursekit import check


def wrong_slopes(f, x, h, right):
    """What common mistakes give in place of the gradient."""
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    one_sided = np.reshape([(f(x + step) - f(x)) / h for step in steps], x.shape)
    return {"half_distance": 2 * right, "one_sided": one_sided}


def compare_slopes(f, x, h, expected):
    """Your gradient of f at x, which must come back as it was, to nine digits."""
    given = {"x": x.copy()}
    with check.unchanged(**given):
        g = num_grad(f, given["x"], h)
    why = check.bugs.answers(lambda: wrong_slopes(f, x, h, expected), tolerance=1e-9)
    check.value(g, expected, name=f"the gradient at x of shape {x.shape}", explain=why, tolerance=1e-9)


def compare_quadratic(data, D):
    """A quadratic form, for which central differences are exact with any step."""
    A, c, x = data.normal(size=(D, D)), data.normal(size=D), data.normal(size=D)
    compare_slopes(lambda v: v @ A @ v + c @ v, x, 0.01, (A + A.T) @ x + c)


def compare_cubes(data, x, h):
    """The sum of c x^3 over all entries: the central difference is c (3 x^2 + h^2), in the shape of x."""
    c = data.uniform(1, 2, size=x.shape)
    compare_slopes(lambda v: np.sum(c * v**3), x, h, c * (3 * x**2 + h**2))


with check.score(5) as s:
    with s.part(2, "a vector"):
        compare_quadratic(check.rng("hw2_chains", "num_grad"), D=3)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw2_chains", "num_grad", "hidden", "vector")
        for D in (7, 1):
            compare_quadratic(data, D)
        ### END HIDDEN TESTS
    with s.part(1, "the step h"):
        compare_cubes(check.rng("hw2_chains", "num_grad", "step"), np.array([2.0, -1.0]), h=0.5)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw2_chains", "num_grad", "hidden", "step")
        for h in (0.25, 0.125):
            compare_cubes(data, data.normal(size=5), h)
        ### END HIDDEN TESTS
    with s.part(1, "any shape"):
        data = check.rng("hw2_chains", "num_grad", "shape")
        compare_cubes(data, data.normal(size=(2, 3)), h=0.1)
        compare_cubes(data, np.array(0.7), h=0.1)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw2_chains", "num_grad", "hidden", "shape")
        for size in [(5, 3), (1, 7), (3, 2, 2), ()]:
            compare_cubes(data, np.array(data.normal(size=size)), h=0.1)
        ### END HIDDEN TESTS
    with s.part(1, "whole numbers"):
        compare_cubes(check.rng("hw2_chains", "num_grad", "whole"), np.array([2, -1, 3]), h=0.5)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw2_chains", "num_grad", "hidden", "whole")
        compare_cubes(data, data.integers(1, 5, size=(2, 3)), h=0.25)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 2: predict a small change (2 points, 20 minutes, easy)
#
# Now `f` takes a vector `x` (D,) and returns a vector (M,). Near `x` it is almost a straight map:
#
# $$f(x + v) \approx f(x) + J\,v, \qquad J_{md} = \frac{\partial f_m}{\partial x_d}.$$
#
# `linearize(f, x)` returns the pair `(f(x), J)`, of shapes (M,) and (M, D). You choose how to measure: four right digits
# of `J` are enough.
#
# How good is the prediction? What is missing is quadratic in `v`. So **half the step leaves a quarter of the error**, and
# the ratio "error before / error after" is 4. With a wrong `J` there is a linear rest, and the ratio falls towards 2.
# The test measures it.
#
# **In the decks:** CSC561 writes $\Delta y\approx J_y(z)\,\Delta z$. Two of its slides print an equals sign there. It is
# right only where $f$ is straight.
#
# **Worked example.** $f(x)=(x_1x_2,\ x_1^2)$ at $x=(1,\ 2)$:
#
# $$f(x)=\begin{pmatrix}2&1\end{pmatrix},\qquad J=\begin{pmatrix}2&1\\2&0\end{pmatrix}.$$
#
# | step $v$ | true value | prediction | error |
# |---|---|---|---|
# | (0.1, 0.1) | (2.31, 1.21) | (2.3, 1.2) | (0.01, 0.01) |
# | (0.05, 0.05) | (2.1525, 1.1025) | (2.15, 1.1) | (0.0025, 0.0025) |
#
# <details><summary>Hint 1</summary>The central difference of exercise 1 also works for a function with several outputs. Moving
# entry d gives the whole column d of J at once.</details>
#
# <details><summary>Hint 2</summary>A step near 1e-5 is a good one for central differences. <code>np.eye(len(x))</code> has the
# directions as its rows; <code>np.stack(columns, axis=1)</code> puts vectors side by side as columns.</details>


# %% grade_id="linearize" role="solution"
def linearize(f, x):
    """The value and the Jacobian of f at x, for the prediction f(x + v) = f(x) + J v of a small step v.

    f: array (D,) -> array (M,); x (D,). Returns f(x) (M,) and J (M, D), outputs by inputs.
    """
    ### BEGIN SOLUTION
    h = 1e-5  # equivalent: constant changed: every small step is right
    columns = [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))]
    return f(x), np.stack(columns, axis=1)
    ### END SOLUTION


# %% grade_id="test_linearize" role="test" points=2
from coursekit import check


def answer_linearize(f, x):
    """Your value and your Jacobian of f at x, which must come back as it was."""
    given = {"x": x.copy()}
    with check.unchanged(**given):
        value, J = linearize(f, given["x"])
    return value, J


def compare_jacobian(data, M, D):
    """A layer of tanh units: your value and your Jacobian against the exact ones."""
    W, x = data.normal(size=(M, D)) / 2, data.uniform(-1, 1, size=D)
    y = np.tanh(W @ x)
    value, J = answer_linearize(lambda v: np.tanh(W @ v), x)
    check.value(value, y, name="f(x)")
    check.value(J, (1 - y**2)[:, None] * W, name="J", tolerance=1e-4)


def compare_ratio(data, M, D):
    """By how much does the error of your prediction fall when the step is halved? The function is quadratic."""
    A, x = data.normal(size=(M, D)), data.normal(size=D)
    B, v = data.uniform(0.5, 1.5, size=(M, D)), data.uniform(0.005, 0.015, size=D)

    def f(v):
        return A @ v + (B @ v) ** 2

    value, J = answer_linearize(f, x)
    if check.shape(J, (M, D), name="J"):
        far, near = (np.linalg.norm(f(x + step) - np.asarray(value) - np.asarray(J) @ step) for step in (v, v / 2))
        check.value(far / near, 4, name="the error before / the error after halving the step", tolerance=1e-2)


with check.score(2) as s:
    with s.part(1, "f(x) and J"):
        compare_jacobian(check.rng("hw2_chains", "linearize"), M=2, D=3)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw2_chains", "linearize", "hidden", "J")
        for M, D in [(5, 3), (1, 3), (3, 1)]:
            compare_jacobian(data, M, D)
        ### END HIDDEN TESTS
    with s.part(1, "half the step, a quarter of the error"):
        compare_ratio(check.rng("hw2_chains", "linearize", "ratio"), M=2, D=3)
        ### BEGIN HIDDEN TESTS
        compare_ratio(check.rng("hw2_chains", "linearize", "hidden", "ratio"), M=3, D=5)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 3: four squared errors (2 points, 10 minutes, easy)
#
# $\hat Y$ (N, K) are the predictions for N samples with K outputs, $Y$ (N, K) the targets. The decks and the libraries
# sum the same squares with four different factors in front:
#
# | `kind` | the loss | who |
# |---|---|---|
# | `"half_se"` | $\frac1N\sum_n\frac12\sum_k(\hat Y_{nk}-Y_{nk})^2$ | this course; CEE616 (15) for one sample |
# | `"se"` | $\frac1N\sum_n\sum_k(\hat Y_{nk}-Y_{nk})^2$ | EECS545 and CEE697M (22) for one sample |
# | `"sse"` | $\sum_n\sum_k(\hat Y_{nk}-Y_{nk})^2$ | CEE697M (14) |
# | `"mse"` | $\frac1{NK}\sum_n\sum_k(\hat Y_{nk}-Y_{nk})^2$ | most libraries; the "MSE" of CEE616's table |
#
# The gradient of each with respect to $\hat Y$ is a number times the plain difference $\hat Y-Y$.
# `loss_factors(kind, N, K)` returns this number.
#
# **In the decks** the factor is often left unsaid, and a learning rate that works with one of them fails with another.
#
# **Worked example.** For $N=4$ and $K=5$ the four numbers are 0.25, 0.5, 2 and 0.1, in the order of the table.
#
# <details><summary>Hint</summary>The derivative of a square brings down a 2. Then collect everything that stands in front of
# the sum.</details>


# %% grade_id="loss_factors" role="solution"
def loss_factors(kind, N, K):
    """How many times the plain difference, prediction minus target, the gradient of a squared error is.

    kind: "half_se", "se", "sse" or "mse"; N, K: numbers of samples and of outputs. Returns a number.
    """
    ### BEGIN SOLUTION
    return {"half_se": 1 / N, "se": 2 / N, "sse": 2, "mse": 2 / (N * K)}[kind]
    ### END SOLUTION


# %% grade_id="test_loss_factors" role="test" points=2
from coursekit import check, engine


def compare_factor(kind, N, K):
    """Your factor against the gradient of the loss, divided by the plain difference."""
    expected = engine.loss_factor(kind, N, K)
    why = check.bugs.answers([("factor", expected / 2), ("factor", expected * 2)])
    name = f"the factor of {kind} for N = {N}, K = {K}"
    check.value(loss_factors(kind, N, K), expected, name=name, batch=None if kind == "sse" else N, explain=why)


with check.score(2) as s:
    with s.part(1, "half_se and se"):
        compare_factor("half_se", N=3, K=5)
        compare_factor("se", N=3, K=5)
        ### BEGIN HIDDEN TESTS
        for N, K in [(7, 3), (1, 5), (11, 1)]:
            compare_factor("half_se", N, K)
            compare_factor("se", N, K)
        ### END HIDDEN TESTS
    with s.part(1, "sse and mse"):
        compare_factor("sse", N=3, K=5)
        compare_factor("mse", N=3, K=5)
        ### BEGIN HIDDEN TESTS
        for N, K in [(7, 3), (1, 5), (11, 1)]:
            compare_factor("sse", N, K)
            compare_factor("mse", N, K)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 4: paths add (2 points, 10 minutes, easy)
#
# A number $x$ acts on a loss $l$ through $M$ numbers $z_1,\dots,z_M$. Each $z_i$ is one path from $x$ to $l$. Along a
# path multiply, over all paths add:
#
# $$\frac{dl}{dx}=\sum_{i=1}^{M}\frac{\partial l}{\partial z_i}\,\frac{dz_i}{dx}.$$
#
# `path_sum(dl_dz, dz_dx)` takes the two lists of labels, arrays of shape (M,), and returns one number.
#
# **In the decks:** CSC561 prints this sum twice, once with $g_i$ and once with $z_i=g_i(x)$. They are the same
# quantities.
#
# **Worked example.** `dl_dz` = (2, -1, 3) and `dz_dx` = (0.5, 4, 2) give $1-4+6=3$.
#
# <details><summary>Hint</summary>In a loop it is <code>+=</code>. With a plain <code>=</code> each path overwrites the one
# before, and only the last one is left: 6 in the example.</details>


# %% grade_id="path_sum" role="solution"
def path_sum(dl_dz, dz_dx):
    """The derivative of a loss l by one number x that acts on it through z_1, ..., z_M.

    dl_dz (M,), the derivatives of l by each z; dz_dx (M,), those of each z by x. Returns a number.
    """
    ### BEGIN SOLUTION
    return np.sum(dl_dz * dz_dx)
    ### END SOLUTION


# %% grade_id="test_path_sum" role="test" points=2
from coursekit import check, engine


def compare_paths(data, M):
    """Your sum against the derivative of l by x in an influence diagram with M paths."""
    dl_dz = dz_dx = np.zeros(M)
    while abs(dl_dz @ dz_dx) < 1:
        dl_dz, dz_dx = data.uniform(0.5, 2, size=(2, M)) * data.choice([-1, 1], size=(2, M))
    up = [("x", f"z_{i}", label) for i, label in enumerate(dz_dx)]
    down = [(f"z_{i}", "l", label) for i, label in enumerate(dl_dz)]
    given = {"dl_dz": dl_dz.copy(), "dz_dx": dz_dx.copy()}
    with check.unchanged(**given):
        total = path_sum(*given.values())
    expected = engine.total_derivative(engine.InfluenceGraph(up + down), "x", "l")
    why = check.bugs.answers({"overwritten": dl_dz[-1] * dz_dx[-1], "paths_crossed": dl_dz.sum() * dz_dx.sum()})
    check.value(total, expected, name=f"dl/dx over {M} paths", explain=why)


with check.score(2) as s:
    with s.part(2, "dl/dx"):
        compare_paths(check.rng("hw2_chains", "path_sum"), M=3)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw2_chains", "path_sum", "hidden")
        for M in (7, 2, 1):
            compare_paths(data, M)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 5: a chain, forward (4 points, 15 minutes, easy)
#
# From here on: lecture 6. A **chain** has $L$ layers with a single neuron in each, so every quantity is a number. With
# $a_0=x$,
#
# $$z_l = w_l\,a_{l-1}+b_l, \qquad a_l=\varphi_l(z_l), \qquad l=1,\dots,L.$$
#
# The layers $1,\dots,L-1$ have the activation `act`, `"sigmoid"` or `"tanh"`. The last layer has `out`, `"identity"` or
# `"sigmoid"`. For $L=1$ there is only the last one. `chain_forward` returns **all** values, because the way back needs
# them.
#
# | argument | shape | result | shape |
# |---|---|---|---|
# | `x` | a number | `z`, with `z[0]` $=z_1$ | (L,) |
# | `w`, `b`, with `w[0]` $=w_1$ | (L,) | `a`, with `a[0]` $=x$ and `a[L]` the output | (L+1,) |
#
# Python counts from 0, so layer $l$ has `w[l-1]`, `b[l-1]`, `z[l-1]`, and takes `a[l-1]` to `a[l]`.
#
# **In the decks:** CEE697M writes $z^{(l)}$ and $a^{(l)}$ for $z_l$ and $a_l$, and in equations (5) to (7) it swaps the
# two letters. Its equation (21) gives the output of a regression the identity. The summary (42) has a $\sigma$ in this
# place, which would keep every prediction between 0 and 1.
#
# **Worked example.** $x=2$, $w=(1,\ 4)$, $b=(\log 3-2,\ -1)$, `act` sigmoid and `out` identity:
# $z_1=\log 3=1.098612$, $a_1=0.75$, $z_2=2$, $a_2=2$. With `out` sigmoid $a_2=0.880797$.
#
# <details><summary>Hint</summary>Make <code>z = np.zeros(L)</code> and <code>a = np.zeros(L + 1)</code> and fill them in a loop over
# k = 0, ..., L-1. <code>PHI[act]</code> is the function, <code>k == L - 1</code> the last layer.</details>


# %% grade_id="chain_forward" role="solution"
def chain_forward(x, w, b, act, out):
    """All values of a chain of L neurons.

    x: a number; w, b (L,); act: activation of the layers 1, ..., L-1, "sigmoid" or "tanh";
    out: activation of layer L, "identity" or "sigmoid".
    Returns z (L,) and a (L+1,), with a[0] = x.
    """
    ### BEGIN SOLUTION
    L = len(w)
    z, a = np.empty(L), np.empty(L + 1)
    a[0] = x
    for k in range(L):
        z[k] = w[k] * a[k] + b[k]
        a[k + 1] = PHI[act if k < L - 1 else out](z[k])
    return z, a
    ### END SOLUTION


# %% grade_id="test_chain_forward" role="test" points=4
from coursekit import check, engine

maps = {"identity": engine.identity, "sigmoid": engine.sigmoid, "tanh": engine.tanh}


def forward_case(L, act, out, kind):
    """A random chain: what it is called, your z and a, those of the course's engine, and what mistakes give."""
    data = check.rng("hw2_chains", "chain_forward", kind, f"{L} {act} {out}")
    w, b = data.uniform(0.7, 1.5, size=L) * data.choice([-1, 1], size=L), data.normal(size=L) / 2
    x, b[0] = float(data.uniform(0.5, 1)), np.copysign(b[0], w[0])

    @check.once
    def answer():
        given = {"w": w.copy(), "b": b.copy()}
        with check.unchanged(**given):
            z, a = chain_forward(x, *given.values(), act, out)
        return {"z": z, "a": a}

    def run(b=b, act=act, out=out):
        return engine.scalar_forward(x, w, b, activation=maps[act], output=maps[out])._asdict()

    wrong = {
        "activation_missing": run(act="identity"),
        "output_activation": run(out=act),
        "output_everywhere": run(act=out),
        "bias_forgotten": run(b=0 * b),
    }
    return f"L = {L}, {act}, {out}", answer, run(), wrong


chains = [forward_case(3, "sigmoid", "identity", "visible"), forward_case(2, "tanh", "sigmoid", "visible")]
### BEGIN HIDDEN TESTS
chains += [forward_case(1, "tanh", "identity", "hidden"), forward_case(1, "tanh", "sigmoid", "hidden")]
chains += [forward_case(4, "sigmoid", "sigmoid", "hidden"), forward_case(6, "tanh", "identity", "hidden")]
### END HIDDEN TESTS

with check.score(4) as s:
    for name in ("z", "a"):
        with s.part(2, name):
            for chain, answer, right, wrong in chains:
                why = check.bugs.answers({code: values[name] for code, values in wrong.items()})
                check.value(answer()[name], right[name], name=f"{name} for {chain}", explain=why)
s

# %% [markdown]
# ## Exercise 6: a chain, backward (7 points, 40 minutes, hard)
#
# The **cost** of the chain is the squared error of its one output, without a factor $\tfrac12$:
#
# $$C=(a_L-y)^2, \qquad da_L=\frac{\partial C}{\partial a_L}=2\,(a_L-y).$$
#
# As in the lecture, $dv$ stands for the derivative of the cost by $v$. Three rules take us down, for $l=L,\dots,1$:
#
# $$dz_l=da_l\,\varphi_l'(z_l), \qquad dw_l=dz_l\,a_{l-1},\quad db_l=dz_l, \qquad da_{l-1}=dz_l\,w_l .$$
#
# So $dw_L$ is a product of three factors, $dw_{L-1}$ one of five, and $dw_1$ one of $2L+1$. The products begin alike,
# and one running product serves them all. `chain_grads(x, y, w, b, act, out)` returns `dw` (L,) and `db` (L,); the other
# arguments are those of exercise 5. It may call your `chain_forward` or hold a forward sweep of its own.
#
# **In the decks** (CEE697M):
#
# | slide | house | mind |
# |---|---|---|
# | (22) $C=(a^{(L)}-y)^2$ | $C$ | no $\tfrac12$ here; CEE616 (15) has one, and its gradients are half as large |
# | (23) $2(a^{(L)}-y)\,\sigma'(z^{(L)})\,a^{(L-1)}$ | $dw_L$ | holds for a sigmoid output; with the identity of (21) the factor $\sigma'$ is 1 |
# | (24) the same without $a^{(L-1)}$ | $db_L$ | so $dw_l=db_l\,a_{l-1}$: the weight's gradient is proportional to the activation below |
# | (57), (58) the long products | $dw_1$, $db_1$ | $2L+1$ factors; for $db_1$ the last one is 1 |
#
# **Worked example.** The chain of exercise 5 with the identity as output and the target $y=1$, so $C=1$:
#
# | | $da$ | slope | $dz=db$ | $dw$ |
# |---|---|---|---|---|
# | layer 2 | 2 | 1 | 2 | 1.5 |
# | layer 1 | 8 | 0.1875 | 1.5 | 3 |
#
# <details><summary>Hint 1</summary>Run forward first and keep every activation. Then start with <code>da = 2 * (a[L] - y)</code> and
# go down with <code>for k in reversed(range(L))</code>.</details>
#
# <details><summary>Hint 2</summary>Four lines inside the loop: dz from da, dw[k] and db[k] from dz, and at the end the da of the
# layer below. Layer k takes a[k] to a[k + 1]: its slope needs one of them, its dw the other.</details>
#
# <details><summary>Hint 3</summary><code>SLOPE</code> takes the output a, not z. The last layer has the slope of
# <code>out</code>.</details>


# %% grade_id="chain_grads" role="solution"
def chain_grads(x, y, w, b, act, out):
    """The gradients of the cost C = (a_L - y)^2 of a chain of L neurons.

    x, y: numbers; w, b (L,); act, out: activations of the layers 1, ..., L-1 and of layer L, as in chain_forward.
    Returns dw (L,) and db (L,).
    """
    ### BEGIN SOLUTION
    L = len(w)
    kinds = [act] * (L - 1) + [out]
    a = [x]
    for k in range(L):
        a.append(PHI[kinds[k]](w[k] * a[k] + b[k]))

    dw, db = np.empty(L), np.empty(L)
    da = 2 * (a[L] - y)
    for k in reversed(range(L)):
        db[k] = da * SLOPE[kinds[k]](a[k + 1])
        dw[k] = db[k] * a[k]
        da = db[k] * w[k]
    return dw, db
    ### END SOLUTION


# %% grade_id="test_chain_grads" role="test" points=7
from coursekit import check, engine

maps = {"identity": engine.identity, "sigmoid": engine.sigmoid, "tanh": engine.tanh}


def named_mistake(net, dw, db):
    """What explains a wrong dw or db: the known mistake that gives just these two, in a chain with a linear output."""
    found = check.bugs.network(net, list(np.reshape(dw, (-1, 1, 1))), list(np.reshape(db, (-1, 1))))
    return found.get("dW1")


def small_case(L, act, out, kind):
    """A random chain: what it is called, your dw and db with their explanation, their variables, and the cost."""
    data = check.rng("hw2_chains", "chain_grads", kind, f"{L} {act} {out}")
    w, b = data.uniform(0.7, 1.5, size=L) * data.choice([-1, 1], size=L), data.normal(size=L) / 2
    x, phi, last = float(data.uniform(0.5, 1)), maps[act], maps[out]
    y = float(engine.scalar_forward(x, w, b, activation=phi, output=last).a[-1] - (-1) ** L * data.uniform(0.5, 1.5))
    net = check.bugs.Network(
        np.array([[x]]), np.array([[y]]), list(w[:, None, None]), list(b[:, None]), phi, engine.squared_error
    )

    @check.once
    def answer():
        given = {"w": w.copy(), "b": b.copy()}
        with check.unchanged(**given):
            dw, db = chain_grads(x, y, *given.values(), act, out)
        why = named_mistake(net, dw, db) if (out, kind) == ("identity", "visible") else None
        return {"dw": dw, "db": db}, why

    def cost(w=w, b=b):
        return (engine.scalar_forward(x, w, b, activation=phi, output=last).a[-1] - y) ** 2

    of_each = {"dw": (w, lambda v: cost(w=v)), "db": (b, lambda v: cost(b=v))}
    return f"L = {L}, {act}, {out}", answer, of_each


def compare_small(name, chain, answer, of_each):
    """Your dw or your db against central differences of the cost."""
    (got, why), (at, cost) = answer(), of_each[name]
    check.gradient(got[name], cost, at=at, name=f"{name} for {chain}", explain=why)


chains = {out: [small_case(3, "tanh", out, "visible")] for out in ("identity", "sigmoid")}
### BEGIN HIDDEN TESTS
for out in chains:
    chains[out] += [small_case(L, ("sigmoid", "tanh")[L % 2], out, "hidden") for L in (1, 2, 4, 5, 6)]


def long_case(act, out):
    """A chain too long to difference: your dw and db, and the right ones as running products.

    The sums z are drawn first and the biases follow from them, so that no value of the chain runs away.
    """
    data = check.rng("hw2_chains", "chain_grads", "hidden", "long", f"{act} {out}")
    L = 4001
    x, z = 1.5, data.uniform(0.3, 1, size=L) * data.choice([-1, 1], size=L)
    phi, last = maps[act], maps[out]
    a = np.concatenate([[x], phi(z[:-1]), last(z[-1:])])
    slopes = np.concatenate([phi.derivative(z[:-1], a[1:-1]), last.derivative(z[-1:], a[-1:])])
    shrink = data.uniform(0.7, 0.9, size=L - 1) * data.choice([-1, 1], size=L - 1)
    w = np.concatenate([[1.0], shrink / slopes[:-1]])
    b = z - w * a[:-1]

    @check.once
    def answer():
        given = {"w": w.copy(), "b": b.copy()}
        with check.unchanged(**given), check.time_limit(1.5, "chain_grads"):
            dw, db = chain_grads(x, float(a[-1]) - 1.5, *given.values(), act, out)
        return {"dw": dw, "db": db}

    db = 3 * slopes[-1] * np.cumprod(np.concatenate([[1], shrink[::-1]]))[::-1]
    return answer, {"dw": db * a[:-1], "db": db}


long_chains = {"identity": long_case("tanh", "identity"), "sigmoid": long_case("sigmoid", "sigmoid")}
### END HIDDEN TESTS

with check.score(7) as s:
    for points, name, out in [(2, "dw", "identity"), (2, "db", "identity"), (2, "dw", "sigmoid"), (1, "db", "sigmoid")]:
        with s.part(points, f"{name}, output {out}"):
            for case in chains[out]:
                compare_small(name, *case)
            ### BEGIN HIDDEN TESTS
            answer, right = long_chains[out]
            check.value(answer()[name], right[name], name=f"{name} of a long chain")
            ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 7: one step of training (3 points, 20 minutes, medium)
#
# Gradient descent moves every parameter against its gradient, all in one step of the rate $\eta$:
#
# $$w_l^{\text{new}}=w_l-\eta\,dw_l, \qquad b_l^{\text{new}}=b_l-\eta\,db_l, \qquad l=1,\dots,L.$$
#
# Every $dw_l$ and $db_l$ is the gradient at the **old** weights. Here the forward sweep is done already, and
# `chain_step(y, z, a, w, b, act, out, lr)` gets its values `z` (L,) and `a` (L+1,) besides the parameters `w`, `b` (L,).
# The cost is $C=(a_L-y)^2$ as before and `lr` is $\eta$. Write the backward sweep with the updates in it, and return the
# new `w` (L,) and the new `b` (L,). The arrays that you are given stay as they are.
#
# **In the decks:** CEE697M goes down layer by layer and updates each layer before it computes the next gradients. Its
# superscripts keep old and new weights apart, $w^{(L),0}$ and $w^{(L),1}$, and (48) asks for the old one. A program that
# stores the new weight in the same variable multiplies with the wrong one.
#
# **Worked example.** The chain of exercise 6, with `lr` $=0.1$: the new $w$ is $(0.7,\ 3.85)$ and the new $b$ is
# $(-1.051388,\ -1.2)$. With the new $w_2=3.85$ on the way down, $dw_1$ would be 2.8875 instead of 3.
#
# <details><summary>Hint 1</summary>Start from the backward loop of exercise 6. Only two lines become others: store a new weight
# where you stored a gradient.</details>
#
# <details><summary>Hint 2</summary>Keep the new values in arrays of their own. Then <code>w[k]</code> is still the old weight
# when da is sent down through it.</details>


# %% grade_id="chain_step" role="solution"
def chain_step(y, z, a, w, b, act, out, lr):
    """One step of gradient descent on the cost C = (a_L - y)^2 of a chain of L neurons.

    y: a number; z (L,) and a (L+1,), the values of the forward sweep; w, b (L,); act, out: activations of the layers
    1, ..., L-1 and of layer L, as in chain_forward; lr: the learning rate.
    Returns the new w (L,) and the new b (L,), both from the gradients at the old parameters.
    """
    ### BEGIN SOLUTION
    L = len(w)
    new_w, new_b = np.empty(L), np.empty(L)
    da = 2 * (a[L] - y)
    for k in reversed(range(L)):
        dz = da * SLOPE[act if k < L - 1 else out](a[k + 1])
        new_w[k] = w[k] - lr * dz * a[k]
        new_b[k] = b[k] - lr * dz
        da = dz * w[k]
    return new_w, new_b
    ### END SOLUTION


# %% grade_id="test_chain_step" role="test" points=3
from coursekit import check, engine

maps = {"identity": engine.identity, "sigmoid": engine.sigmoid, "tanh": engine.tanh}


def named_mistake(net, dw, db):
    """What explains a wrong step: the known mistake whose gradients have just these two."""
    explain = check.bugs.network(net, list(np.reshape(dw, (-1, 1, 1))), list(np.reshape(db, (-1, 1)))).get("dW1")
    return explain and (lambda name, got: explain(f"the gradient in {name}", got))


def step_case(L, act, out, lr, kind):
    """A random chain: your new w and b with their explanation, and the right ones."""
    data = check.rng("hw2_chains", "chain_step", kind, f"{L} {act} {out}")
    w, b = data.uniform(0.7, 1.5, size=L) * data.choice([-1, 1], size=L), data.normal(size=L) / 2
    x, phi, last = float(data.uniform(0.5, 1)), maps[act], maps[out]
    run = engine.scalar_forward(x, w, b, activation=phi, output=last)
    y = float(run.a[-1] - (-1) ** L * data.uniform(0.5, 1.5))
    grads = engine.scalar_backward(2 * (run.a[-1] - y), run, w, activation=phi, output=last)
    net = check.bugs.Network(
        np.array([[x]]), np.array([[y]]), list(w[:, None, None]), list(b[:, None]), phi, engine.squared_error
    )

    @check.once
    def answer():
        given = {"z": run.z.copy(), "a": run.a.copy(), "w": w.copy(), "b": b.copy()}
        with check.unchanged(**given):
            new_w, new_b = chain_step(y, *given.values(), act, out, lr)
        same_shape = np.shape(new_w) == np.shape(new_b) == w.shape
        why = named_mistake(net, (w - new_w) / lr, (b - new_b) / lr) if kind == "visible" and same_shape else None
        return {"w": new_w, "b": new_b}, why

    return answer, {"w": w - lr * grads.dw, "b": b - lr * grads.db}


steps = [step_case(3, "tanh", "identity", 0.1, "visible")]
### BEGIN HIDDEN TESTS
steps += [step_case(1, "tanh", "identity", 0.2, "hidden"), step_case(5, "tanh", "sigmoid", 0.7, "hidden")]
steps += [step_case(4, "sigmoid", "identity", 0.05, "hidden")]


def long_step():
    """A step of a chain too long to difference: your new w and b, and the right ones from running products."""
    data = check.rng("hw2_chains", "chain_step", "hidden", "long")
    L, lr = 4001, 0.1
    z = data.uniform(0.3, 1, size=L) * data.choice([-1, 1], size=L)
    a = np.concatenate([[1.5], np.tanh(z[:-1]), z[-1:]])
    shrink = data.uniform(0.7, 0.9, size=L - 1) * data.choice([-1, 1], size=L - 1)
    w = np.concatenate([[1.0], shrink / (1 - a[1:-1] ** 2)])
    b = z - w * a[:-1]

    @check.once
    def answer():
        given = {"z": z.copy(), "a": a.copy(), "w": w.copy(), "b": b.copy()}
        with check.unchanged(**given), check.time_limit(1.5, "chain_step"):
            new_w, new_b = chain_step(float(a[-1]) - 1.5, *given.values(), "tanh", "identity", lr)
        return {"w": new_w, "b": new_b}

    db = 3 * np.cumprod(np.concatenate([[1], shrink[::-1]]))[::-1]
    return answer, {"w": w - lr * db * a[:-1], "b": b - lr * db}


long_answer, long_right = long_step()
### END HIDDEN TESTS

with check.score(3) as s:
    for points, name in [(2, "w"), (1, "b")]:
        with s.part(points, f"the new {name}"):
            for answer, right in steps:
                got, why = answer()
                check.value(got[name], right[name], name=f"the new {name}", explain=why)
            ### BEGIN HIDDEN TESTS
            check.value(long_answer()[name], long_right[name], name=f"the new {name} of a long chain")
            ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 8: in your own words (2 points outside the 200, 10 minutes)
#
# A friend trains a chain with `act` sigmoid. Her program stores each new weight as soon as it has its gradient, and uses
# it at once on the way down. You tell her that this is a mistake. She answers: "The cost falls at every step, so my
# gradients must be right." In three to six sentences: why can the cost fall although gradients are wrong? Which layer
# has the right gradient all the same? How could she find the mistake within one iteration?

# %% [markdown] grade_id="explain_order" role="explain" points=2
# ### BEGIN SOLUTION
# The gradient of the last layer comes before any weight has changed, so the last layer has the right gradient. Its step
# alone can make the cost fall, and for a small learning rate old and new weights are nearly equal, so the other gradients
# are nearly right too. But below the last layer every gradient holds factors $w^{\text{new}}/w^{\text{old}}$ that do not
# belong there. With a larger rate a weight may change its sign, and then all layers below are sent the wrong way. A
# falling cost only shows that the step goes downhill, not that it follows the gradient. She should compare the
# gradients of one iteration with central differences at the old weights: they disagree at once.
#
# One point for why the cost can fall and for the last layer, one for the comparison with differences at the old weights.
# ### END SOLUTION
