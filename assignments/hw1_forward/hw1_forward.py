# %% [markdown]
# # Homework 1: The forward pass
#
# **Goal.** Write everything that turns a batch of inputs into the outputs of a network: activation functions, softmax,
# one layer, and all layers in a row. Then count what such a network holds.
#
# **Needs** lectures 2 and 3. **Time** about 110 minutes. **Difficulty** easy; exercise 4 is medium.
#
# | exercise | you write | points | slides |
# |---|---|---|---|
# | 1 | `sigmoid`, `tanh_from_sigmoid`, `relu` | 2 + 1 + 1 | CEE697M-E08 to E10, EECS545-E02 to E05 |
# | 2 | `softmax` | 4 | CEE616-E47, CEE697M-E65, EECS545-E07 |
# | 3 | `affine` | 4 | CEE697M-E13, CEE697M-U1, EECS545-E06, CSC561-E31, CSC561-E32 |
# | 4 | `mlp_forward` | 5 | CSC561-A5, CSC561-E33 to E36, CEE697M-C14 |
# | 5 | `n_params`, `n_neurons` | 2 + 1 | CEE697M-C23, CEE697M-C24, CEE697M-C26, CEE697M-C27, CEE697M-C45 |
# | 6 | an answer in words | 2 | CEE616-E03 |
# | | **together** | **20 + 2** | |
#
# The 20 points of exercises 1 to 5 are among the 200 of the course; the 2 points of exercise 6 stand outside them.
#
# **How it is graded.** Below each of your cells stands a test cell. It shows at once what is right, what is wrong and
# often why. What you see there are the *visible* checks, and they are only part of the tests: hidden ones run with
# other numbers and other shapes, and a part of an exercise earns its points only if both agree. Every function has
# points of its own, so a mistake in one does not spoil the next.
#
# **Rules for all exercises**
#
# * A batch has one sample per row. A weight `W` has the shape (out, in): one row for each unit of the layer.
# * numpy and the standard library only. Loops are allowed. Leave the arrays and lists you are given as they are.
# * A test cell may take 10 s, far more than plain Python loops over the formulas need.
# * Results count as right to five digits of the largest entry, so float32 is precise enough.
# * A warning of numpy costs no points, but `nan` and `inf` do.

# %% grade_id="setup" role="setup"
import numpy as np

# %% [markdown]
# ## Exercise 1: activation functions (2 + 1 + 1 points, 20 minutes, easy)
#
# Each function takes an array `z` of any shape, works on every entry alone, and returns an array of the same shape.
# The first is the **sigmoid**,
#
# $$\sigma(z) = \frac{1}{1+e^{-z}} .$$
#
# Entries reach from -1000 to 1000, and there the result must be right too: 0 and 1, not `nan`.
#
# **In the decks:** CEE697M (8) calls the argument $x$. EECS545 calls it $z$ and prints a second form,
# $e^z/(1+e^z)$. The two are equal on paper. In the computer $e^{1000}$ is infinite, and infinity divided by infinity
# is `nan`.
#
# **Worked example.** $z = (0,\ \log 3,\ -\log 3,\ 1000)$ gives $(0.5,\ 0.75,\ 0.25,\ 1)$.
#
# <details><summary>Hint 1</summary>1 divided by infinity is 0 in numpy, which is the right answer; numpy only
# warns.</details>
#
# <details><summary>Hint 2</summary>Without a warning: <code>np.logaddexp(0, -z)</code> is the logarithm of
# 1 + e^-z, computed so that nothing overflows.</details>


# %% grade_id="sigmoid" role="solution"
def sigmoid(z):
    """The logistic sigmoid 1 / (1 + e^-z) of each entry.

    z, array of any shape, entries between -1000 and 1000. Returns an array of the same shape.
    """
    ### BEGIN SOLUTION
    return np.exp(-np.logaddexp(0, -z))
    ### END SOLUTION


# %% grade_id="test_sigmoid" role="test" points=2
from coursekit import check, engine


def compare_sigmoid(z, name):
    """Your values against the engine's."""
    given = {"z": z.copy()}
    with check.unchanged(**given):
        got = sigmoid(*given.values())
    check.value(got, engine.sigmoid(z), name=name)


with check.score(2) as s:
    with s.part(1, "values"):
        compare_sigmoid(np.array([[0, 1, -1], [2, 0.5, -3]]), "sigmoid(z)")
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw1_forward", "sigmoid", "hidden", "values")
        for shape in [(7,), (5, 3), (2, 3, 5)]:
            compare_sigmoid(3 * data.normal(size=shape), f"sigmoid(z), z of shape {shape},")
        ### END HIDDEN TESTS
    with s.part(1, "far from 0"):
        compare_sigmoid(np.array([-1000.0, 0, 1000]), "sigmoid of (-1000, 0, 1000)")
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw1_forward", "sigmoid", "hidden", "far from 0")
        compare_sigmoid(data.uniform(-1000, 1000, size=(7, 5)), "sigmoid(z) far from 0")
        ### END HIDDEN TESTS
s

# %% [markdown]
# The second is the **hyperbolic tangent**. It is a sigmoid, stretched and shifted:
#
# $$\tanh z = \frac{e^z-e^{-z}}{e^z+e^{-z}} = 2\,\sigma(2z) - 1 .$$
#
# Write it with the formula on the right. You may call your `sigmoid`. If that one is still wrong, write the formula
# out here, and this exercise earns its point whatever the other does. Again entries reach from -1000 to 1000.
#
# **In the decks:** CEE697M (9) has both forms. EECS545 turns the identity around:
# $\sigma(z)=\frac12+\frac12\tanh\frac z2$.
#
# **Worked example.** $z = (0,\ \tfrac12\log 3,\ -1000)$ gives $(0,\ 0.5,\ -1)$, because $\sigma(\log 3) = 0.75$.


# %% grade_id="tanh_from_sigmoid" role="solution"
def tanh_from_sigmoid(z):
    """The hyperbolic tangent of each entry, as 2 sigmoid(2 z) - 1.

    z, array of any shape, entries between -1000 and 1000. Returns an array of the same shape.
    """
    ### BEGIN SOLUTION
    return 2 * sigmoid(2 * z) - 1
    ### END SOLUTION


# %% grade_id="test_tanh_from_sigmoid" role="test" points=1
from coursekit import check, engine


def compare_tanh(z, name):
    """Your values against the engine's."""
    given = {"z": z.copy()}
    with check.unchanged(**given):
        got = tanh_from_sigmoid(*given.values())
    check.value(got, engine.tanh(z), name=name)


with check.score(1) as s:
    with s.part(1, "values"):
        compare_tanh(np.array([[0, 1, -1], [2, 0.5, -1000]]), "tanh_from_sigmoid(z)")
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw1_forward", "tanh_from_sigmoid", "hidden")
        for shape in [(7,), (5, 3), (2, 3, 5)]:
            compare_tanh(data.normal(size=shape), f"tanh_from_sigmoid(z), z of shape {shape},")
        compare_tanh(data.uniform(-1000, 1000, size=(7, 5)), "tanh_from_sigmoid(z) far from 0")
        ### END HIDDEN TESTS
s

# %% [markdown]
# The third is the **rectified linear unit**, which lets positive numbers through and turns all others into 0:
#
# $$\mathrm{ReLU}(z) = \max(0, z) .$$
#
# **In the decks:** CEE697M (10) writes it in this way; EECS545 has $h=z$ if $z>0$, else 0.
#
# **Worked example.** $z = (1.5,\ -2,\ 0)$ gives $(1.5,\ 0,\ 0)$, and `z` itself is still $(1.5,\ -2,\ 0)$ afterwards.


# %% grade_id="relu" role="solution"
def relu(z):
    """The rectified linear unit max(0, z) of each entry.

    z, array of any shape. Returns an array of the same shape.
    """
    ### BEGIN SOLUTION
    return np.maximum(0, z)
    ### END SOLUTION


# %% grade_id="test_relu" role="test" points=1
from coursekit import check, engine


def compare_relu(z, name):
    """Your values against the engine's."""
    given = {"z": z.copy()}
    with check.unchanged(**given):
        got = relu(*given.values())
    check.value(got, engine.relu(z), name=name)


with check.score(1) as s:
    with s.part(1, "values"):
        compare_relu(np.array([[0, 1.5, -2], [0.25, -0.5, 1000]]), "relu(z)")
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw1_forward", "relu", "hidden")
        for shape in [(7,), (5, 3), (2, 3, 5)]:
            compare_relu(data.normal(size=shape), f"relu(z), z of shape {shape},")
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 2: softmax (4 points, 20 minutes, easy)
#
# Softmax turns the numbers of a row, the *logits*, into probabilities:
#
# $$P_{nk} = \frac{e^{Z_{nk}}}{\sum_{j=1}^{K} e^{Z_{nj}}} .$$
#
# `Z` has the shape (N, K), a row for each sample and a column for each class, and so has the result. Every row of $P$
# adds up to 1. A number added to all logits of a row cancels, so the probabilities stay the same. For $K = 2$ the first
# column is $\sigma(Z_{n1}-Z_{n2})$. The logits reach from -1000 to 1000, and the result must stay finite and right
# there.
#
# **In the decks:** CEE616 (47) prints $\mathcal S(a_c)$ and CEE697M (65) prints $\mathrm{softmax}(z_k)$, as if one
# logit were enough. It is not: the sum below the line runs over **all** logits of the sample. The softmax of one
# lonely number is always 1. In house notation $Z_{nk}$ is $a_c$ of CEE616 and $z_k$ of CEE697M, and the number of
# classes $K$ is $C$ in CEE616. EECS545 calls the probability $h_j$.
#
# **Worked example.**
#
# $$Z=\begin{pmatrix}0&\log 3\\1000&1000\\5&-1000\end{pmatrix}\quad\text{gives}\quad
# P=\begin{pmatrix}0.25&0.75\\0.5&0.5\\1&0\end{pmatrix}.$$
#
# <details><summary>Hint 1</summary>The sum runs along a row. To divide that row by it, the sums have to keep the shape
# (N, 1).</details>
#
# <details><summary>Hint 2</summary>Any number may be subtracted from a row before the exponential. Which one makes the
# largest exponent 0, so that nothing can overflow?</details>


# %% grade_id="softmax" role="solution"
def softmax(Z):
    """The probabilities of each row of logits: e^z_k divided by the sum of e^z_j over the row.

    Z (N, K), entries between -1000 and 1000. Returns P (N, K), whose rows add up to 1.
    """
    ### BEGIN SOLUTION
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% grade_id="test_softmax" role="test" points=4
from coursekit import check, engine


def wrong_softmax(Z):
    """What common mistakes give in place of the probabilities."""
    E = np.exp(Z - Z.max())
    return {
        "softmax_alone": np.ones(Z.shape),
        "softmax_axis": E / E.sum(axis=0),
        "softmax_total": E / E.sum(),
        "unnormalised": np.exp(Z),
    }


def compare_softmax(Z, name):
    """Your probabilities against the engine's."""
    given = {"Z": Z.copy()}
    with check.unchanged(**given):
        P = softmax(*given.values())
    check.value(P, engine.softmax(Z), name=name, explain=check.bugs.answers(lambda: wrong_softmax(Z)))


with check.score(4) as s:
    with s.part(2, "probabilities"):
        compare_softmax(np.array([[0, 1, -1], [0.5, 2, 1.5]]), "P")
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw1_forward", "softmax", "hidden", "probabilities")
        for N, K in [(7, 5), (1, 5), (5, 1), (3, 2)]:
            compare_softmax(data.normal(size=(N, K)), f"P of shape {(N, K)}")
        ### END HIDDEN TESTS
    with s.part(2, "large logits"):
        compare_softmax(np.array([[1000, 999, 998], [-999, -1000, -998.5]]), "P of logits near 1000 and -1000")
        ### BEGIN HIDDEN TESTS
        # Steps of 1/8, which every float type holds exactly.
        data = check.rng("hw1_forward", "softmax", "hidden", "large logits")
        for N, K in [(7, 5), (1, 5)]:
            Z = 990.0 * data.integers(-1, 2, size=(N, K)) + data.integers(-8, 9, size=(N, K)) / 8
            compare_softmax(Z, "P of logits near 1000, 0 and -1000")
            Z = 990.0 * data.choice([-1, 1], size=(N, 1)) + data.integers(-8, 9, size=(N, K)) / 8
            compare_softmax(Z, "P of shifted rows")
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 3: one layer (4 points, 15 minutes, easy)
#
# Unit $m$ of a layer multiplies each of the $D$ inputs with a weight, adds the products, and adds its bias. For all
# samples and all units at once:
#
# $$Z_{nm} = \sum_{d=1}^{D} W_{md}\,X_{nd} + b_m, \qquad Z = X W^\top + b .$$
#
# | array | `X` | `W` | `b` | `Z` |
# |---|---|---|---|---|
# | shape | (N, D) | (M, D) | (M,) | (N, M) |
#
# Three indices, three jobs: $n$ counts samples, $m$ counts units, and $d$ is summed over and disappears.
#
# **In the decks:** three misprints can lead you astray here.
#
# * CEE697M prints the hidden unit $m$ of its regression network (row U1) with $w_{1,d}$ and $b_d$. It must read
#   $w_{m,d}$ and $b_m$. With $w_{1,d}$ all units share the first row of $W$; and there is one bias for each unit, not
#   one for each input.
# * In CEE697M (13) the bias column begins with $b_0$. It has $M$ entries, $b_1$ to $b_M$.
# * CSC561 names weights (from, to): its $w_{ij}$ leads from $i$ to $j$ and stands in row $j$, column $i$ of $W$. The
#   matrix printed there (row E32) has $w_{12}$ in row 1, column 2. That entry must be $w_{21}$. The function below gets
#   the right matrix, so use $W$ as it is.
#
# The decks write one sample as a column $x$, hence $Wx+b$; we keep samples as rows. EECS545 writes $b^k$ and $w_i^k$
# for $b_m$ and $W_{md}$: the superscript is the number of the unit, not a power.
#
# **Worked example.**
#
# $$X=\begin{pmatrix}1&2&3\\0&1&1\end{pmatrix},\quad W=\begin{pmatrix}1&0&-1\\2&1&0\end{pmatrix},\quad
# b=\begin{pmatrix}1&-1\end{pmatrix}$$
#
# give
#
# $$XW^\top=\begin{pmatrix}-2&4\\-1&1\end{pmatrix},\qquad Z=\begin{pmatrix}-1&3\\0&0\end{pmatrix}.$$
#
# <details><summary>Hint 1</summary>Write down the shapes. Only one order of the factors, with one of them transposed,
# gives (N, M) from (N, D) and (M, D).</details>
#
# <details><summary>Hint 2</summary>numpy adds an array of shape (M,) to every row of an array of shape
# (N, M).</details>


# %% grade_id="affine" role="solution"
def affine(X, W, b):
    """The pre-activations of a layer, Z = X W^T + b.

    X (N, D); W (M, D); b (M,). Returns Z (N, M).
    """
    ### BEGIN SOLUTION
    return X @ W.T + b
    ### END SOLUTION


# %% grade_id="test_affine" role="test" points=4
from coursekit import check, engine


def wrong_affine(X, W, b):
    """What common mistakes give in place of Z."""
    D, products = X.shape[1], engine.affine(X, W)
    first = np.repeat(products[:, :1], len(W), axis=1)
    printed = W.copy()
    if min(W.shape) > 1:
        printed[0, 1] = W[1, 0]
    return [
        ("bias_forgotten", products),
        ("bias_repeated", products + D * b),
        ("bias_index", products + b[:D].sum()),
        ("bias_index", products + b[:D][-1]),
        ("first_row_reused", first + b),
        ("first_row_reused+bias_index", first + b[:D].sum()),
        ("entry_not_turned", engine.affine(X, printed, b)),
    ]


def compare_affine(data, N, D, M, bias=1.0):
    """Your Z against the engine's."""
    X, W, b = data.normal(size=(N, D)), data.normal(size=(M, D)), bias * data.normal(size=M)
    given = {"X": X.copy(), "W": W.copy(), "b": b.copy()}
    with check.unchanged(**given):
        Z = affine(*given.values())
    why = check.bugs.answers(lambda: wrong_affine(X, W, b))
    check.value(Z, engine.affine(X, W, b), name=f"Z for N={N}, D={D}, M={M}", explain=why)


with check.score(4) as s:
    with s.part(2, "the products, all biases 0"):
        compare_affine(check.rng("hw1_forward", "affine"), N=3, D=2, M=5, bias=0)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw1_forward", "affine", "hidden", "products")
        for sizes in [(7, 5, 3), (3, 2, 7)]:
            compare_affine(data, *sizes, bias=0)
        ### END HIDDEN TESTS
    with s.part(1, "with biases"):
        compare_affine(check.rng("hw1_forward", "affine"), N=3, D=2, M=5)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw1_forward", "affine", "hidden", "biases")
        for sizes in [(7, 5, 3), (3, 2, 7), (3, 5, 5)]:
            compare_affine(data, *sizes)
        ### END HIDDEN TESTS
    with s.part(1, "one sample, one input, one unit"):
        compare_affine(check.rng("hw1_forward", "affine"), N=1, D=2, M=5)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw1_forward", "affine", "hidden", "single")
        for sizes in [(1, 5, 7), (7, 1, 5), (7, 5, 1)]:
            compare_affine(data, *sizes)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 4: a whole network (5 points, 30 minutes, medium)
#
# A network of $L$ layers repeats two lines. With $A^{(0)} = X$ and for $l = 1, \dots, L$:
#
# $$Z^{(l)} = A^{(l-1)}\,W^{(l)\top} + b^{(l)}, \qquad A^{(l)} = \varphi_l(Z^{(l)}) .$$
#
# The hidden layers, $l < L$, have the activation function `act`, and the last layer has `out`. Both are handed to you
# as functions. Give each a whole array $Z^{(l)}$ and it returns the array $A^{(l)}$ of the same shape: `A = act(Z)`.
# `mlp_forward` returns the output and everything it met on the way, because homework 4 will need it on the way back.
#
# | argument | shape | result | shape |
# |---|---|---|---|
# | `X` | (N, n_0) | `Y`, the output $A^{(L)}$ | (N, n_L) |
# | `Ws[l-1]` | (n_l, n_{l-1}) | `Zs`, a list of $L$ arrays; `Zs[l-1]` is $Z^{(l)}$ | (N, n_l) |
# | `bs[l-1]` | (n_l,) | `As`, a list of $L+1$ arrays; `As[l]` is $A^{(l)}$ | (N, n_l) |
#
# `As` begins with `X` and has one array more than `Zs`. $L$ runs from 1 to 4. For $L=1$ there is no hidden layer, and
# `act` is not used. The function may call your `affine`. If that one is still wrong, write the product out here, and
# this exercise earns its points whatever the other does.
#
# **In the decks:** this is algorithm A5 of CSC561, where $A^{(l)}$ is $y_k$, $Z^{(l)}$ is $z_k$, $\varphi_l$ is $f_k$
# and the number of layers is $N$, our letter for the samples. CEE697M swaps its letters: in (5) to (7) $a_\ell$ is our
# $Z^{(l)}$ and $z_\ell$ our $A^{(l)}$, from (11) on it is the other way round. It also says that output units have no
# activation. That is right for regression, where `out` is the identity, and wrong for classes, where `out` is softmax.
#
# **Worked example**, widths 2-2-1, one sample, `act` is ReLU and `out` the identity:
#
# $$X=\begin{pmatrix}1&2\end{pmatrix},\quad W^{(1)}=\begin{pmatrix}1&-1\\2&1\end{pmatrix},\quad
# b^{(1)}=\begin{pmatrix}0&-1\end{pmatrix},\quad W^{(2)}=\begin{pmatrix}5&2\end{pmatrix},\quad b^{(2)}=(1)$$
#
# give $Z^{(1)}=(-1,\ 3)$, $A^{(1)}=(0,\ 3)$, $Z^{(2)}=A^{(2)}=(7)$. So `Zs` holds two arrays, `As` three, and `Y` is
# $7$ in the shape (1, 1).
#
# <details><summary>Hint 1</summary>Start with <code>As = [X]</code> and <code>Zs = []</code>. In each round, the last
# array of <code>As</code> is the input of the layer.</details>
#
# <details><summary>Hint 2</summary>Counted from 0, the last layer is number <code>len(Ws) - 1</code>. This round alone
# takes <code>out</code>.</details>


# %% grade_id="mlp_forward" role="solution"
def mlp_forward(X, Ws, bs, act, out):
    """The forward pass of a network on a batch, with all arrays on the way.

    X (N, n_0); Ws[l-1] (n_l, n_{l-1}); bs[l-1] (n_l,); act, out: functions of an array that return an array of its
    shape, act for the hidden layers and out for the last.
    Returns Y (N, n_L); Zs, the L pre-activations; As, the L + 1 activations, the first of them X.
    """
    ### BEGIN SOLUTION
    L = len(Ws)
    Zs, As = [], [X]
    for layer in range(L):
        Zs.append(As[layer] @ Ws[layer].T + bs[layer])
        As.append(act(Zs[layer]) if layer < L - 1 else out(Zs[layer]))
    return As[L], Zs, As
    ### END SOLUTION


# %% grade_id="test_mlp_forward" role="test" points=5
from coursekit import check, engine


def as_function(phi):
    """An activation of the engine as a function of arrays of any shape, and of numbers."""
    return lambda Z: phi(np.array(Z, dtype=float, ndmin=1)).reshape(np.shape(Z))


def network_case(kind, sizes, N, act, out):
    """A random network of these widths: its widths, your answer, the right lists Z and A, and what mistakes give."""
    data = check.rng("hw1_forward", "mlp_forward", kind, str(sizes))
    shapes = [(sizes[k + 1], sizes[k]) for k in range(len(sizes) - 1)]
    Ws = [data.normal(size=shape) / np.sqrt(shape[1]) for shape in shapes]
    net = data.normal(size=(N, sizes[0])), Ws, [data.normal(size=m) / 2 for m in sizes[1:]]
    hidden, last = getattr(engine, act), getattr(engine, out)
    right = engine.forward(*net, [hidden] * (len(Ws) - 1) + [last])

    @check.once
    def answer():
        given = {"X": net[0].copy(), "Ws": [W.copy() for W in Ws], "bs": [b.copy() for b in net[2]]}
        with check.unchanged(**given):
            Y, Zs, As = mlp_forward(*given.values(), as_function(hidden), as_function(last))
        return {"Y": Y, "Zs": Zs, "As": As}

    return sizes, answer, right, check.bugs.answers(lambda: wrong_output(net, right, hidden, last))


def wrong_output(net, right, hidden, last):
    """What common mistakes give in place of the output."""
    X, Ws, bs = net
    usual = [hidden] * (len(Ws) - 1) + [last]
    return [
        ("output_missing", right.Z[-1]),
        ("output_activation", hidden(right.Z[-1])),
        ("output_activation", last(hidden(right.Z[-1]))),
        ("activation_missing", engine.forward(X, Ws, bs, [engine.identity] * (len(Ws) - 1) + [last]).A[-1]),
        ("output_everywhere", engine.forward(X, Ws, bs, [last] * len(Ws)).A[-1]),
        ("activation_of_input", engine.forward(hidden(X), Ws, bs, usual).A[-1]),
        ("bias_forgotten", engine.forward(X, Ws, [0 * b for b in bs], usual).A[-1]),
    ]


def compare_list(name, sizes, got, expected):
    """Your list of arrays against the engine's."""
    if check.value(len(got), len(expected), name=f"the number of arrays in {name} of {sizes}"):
        for k, array in enumerate(expected):
            check.value(got[k], array, name=f"{name}[{k}] of {sizes}")


networks = [
    network_case("visible", (3, 5, 2), 7, "tanh", "softmax"),
    network_case("visible", (3, 5, 2), 7, "relu", "identity"),
]
### BEGIN HIDDEN TESTS
networks += [
    network_case("hidden", (5, 3), 7, "tanh", "sigmoid"),
    network_case("hidden", (3, 7, 5), 1, "relu", "softmax"),
    network_case("hidden", (5, 1, 3, 2), 7, "sigmoid", "identity"),
    network_case("hidden", (2, 5, 3, 7, 1), 11, "tanh", "identity"),
]
### END HIDDEN TESTS

with check.score(5) as s:
    with s.part(3, "the output Y"):
        for sizes, answer, right, why in networks:
            check.value(answer()["Y"], right.A[-1], name=f"Y of {sizes}", explain=why)
    with s.part(1, "the list Zs"):
        for sizes, answer, right, _ in networks:
            compare_list("Zs", sizes, answer()["Zs"], right.Z)
    with s.part(1, "the list As"):
        for sizes, answer, right, _ in networks:
            compare_list("As", sizes, answer()["As"], right.A)
s

# %% [markdown]
# ## Exercise 5: counting (2 + 1 points, 15 minutes, easy)
#
# A network is written by its widths, `sizes = [n_0, n_1, ..., n_L]`, the number of inputs first. **Parameters** are the
# numbers that training may change: each of the $n_l$ units of layer $l$ has $n_{l-1}$ weights and one bias. **Neurons**
# are the units that compute something; the inputs compute nothing.
#
# $$\texttt{n\_params} = \sum_{l=1}^{L} n_l\,(n_{l-1}+1), \qquad \texttt{n\_neurons} = \sum_{l=1}^{L} n_l .$$
#
# **In the decks:** CEE697M counts two of its drawings, 3-4-2 and 3-4-3-2, and a network of widths $D$, $M$, 1. Two of
# its numbers are wrong.
#
# * For 3-4-2 it counts seven neurons. There are $4+2=6$. The seventh is a bias unit, which always says 1 and computes
#   nothing. The next slide leaves bias units out as well, and rightly finds 9 neurons in 3-4-3-2.
# * For $D$, $M$, 1 it counts $D+1$ biases. Biases belong to units, not to inputs, so there are $M+1$. With the $M(D+1)$
#   weights, which are right, that makes $M(D+2)+1$ parameters.
#
# What it calls 39 *weights* in 3-4-3-2 are 30 weights and 9 biases, so 39 parameters.
#
# **Worked example.** 3-4-2 has $4\cdot(3+1)+2\cdot(4+1) = 26$ parameters and 6 neurons; 3-4-3-2 has 39 and 9;
# 4-8-6-4-2 has 132 and 20.
#
# <details><summary>Hint</summary>Neighbouring widths come in pairs. With L + 1 widths there are L pairs: the pair
# number k is <code>sizes[k], sizes[k + 1]</code>.</details>


# %% grade_id="n_params" role="solution"
def n_params(sizes):
    """The number of weights and biases of a network.

    sizes: list of the widths n_0, ..., n_L, L at least 1. Returns an int.
    """
    ### BEGIN SOLUTION
    return sum(sizes[k + 1] * (sizes[k] + 1) for k in range(len(sizes) - 1))
    ### END SOLUTION


# %% grade_id="test_n_params" role="test" points=2
from coursekit import check, engine


def wrong_params(sizes):
    """What common ways to count the parameters give."""
    L, right, biases = len(sizes) - 1, engine.n_parameters(sizes), engine.n_neurons(sizes)
    return [
        ("biases_forgotten", right - biases),
        ("biases_of_inputs", right - biases + sizes[0] + 1),
        ("biases_of_inputs", right + sizes[0] - sizes[-1]),
        ("bias_per_layer", right - biases + L),
    ]


def compare_params(*networks):
    """Your counts for these widths."""
    for sizes in networks:
        given = {"sizes": list(sizes)}
        with check.unchanged(**given):
            count = n_params(given["sizes"])
        why = check.bugs.answers(wrong_params(sizes), tolerance=1e-9)
        check.value(count, engine.n_parameters(sizes), name=f"n_params({sizes})", explain=why, tolerance=1e-9)


with check.score(2) as s:
    with s.part(1, "one hidden layer"):
        compare_params([3, 4, 2], [5, 3, 1])
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw1_forward", "n_params", "hidden", "one hidden layer")
        compare_params(*([int(D), int(M), 1] for D, M in data.integers(2, 30, size=(5, 2))))
        ### END HIDDEN TESTS
    with s.part(1, "any depth"):
        compare_params([3, 4, 3, 2], [4, 8, 6, 4, 2])
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw1_forward", "n_params", "hidden", "any depth")
        compare_params(*(data.integers(1, 30, size=length).tolist() for length in (2, 3, 5, 7)))
        ### END HIDDEN TESTS
s


# %% grade_id="n_neurons" role="solution"
def n_neurons(sizes):
    """The number of units that compute something: neither inputs nor bias units are neurons.

    sizes: list of the widths n_0, ..., n_L, L at least 1. Returns an int.
    """
    ### BEGIN SOLUTION
    return sum(sizes[1:])
    ### END SOLUTION


# %% grade_id="test_n_neurons" role="test" points=1
from coursekit import check, engine


def wrong_neurons(sizes):
    """What common ways to count the neurons give."""
    L, right = len(sizes) - 1, engine.n_neurons(sizes)
    return [
        ("inputs_counted", right + sizes[0]),
        ("bias_units_counted", right + L - 1),
        ("bias_units_counted", right + L),
        ("outputs_forgotten", right - sizes[-1]),
    ]


def compare_neurons(*networks):
    """Your counts for these widths."""
    for sizes in networks:
        given = {"sizes": list(sizes)}
        with check.unchanged(**given):
            count = n_neurons(given["sizes"])
        why = check.bugs.answers(wrong_neurons(sizes), tolerance=1e-9)
        check.value(count, engine.n_neurons(sizes), name=f"n_neurons({sizes})", explain=why, tolerance=1e-9)


with check.score(1) as s:
    with s.part(1, "neurons"):
        compare_neurons([3, 4, 2], [3, 4, 3, 2], [4, 8, 6, 4, 2])
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw1_forward", "n_neurons", "hidden")
        compare_neurons(*(data.integers(1, 30, size=length).tolist() for length in (2, 3, 5, 7)))
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 6: in your own words (2 points outside the 200, 10 minutes)
#
# Take the network 4-8-6-4-2 and replace every activation function, the one of the last layer too, by the identity
# $\varphi(z)=z$. Which functions can it still compute? With how many parameters could you compute the same ones, and
# why? Three sentences are enough. A person reads and grades them.

# %% [markdown] grade_id="explain_without_activation" role="explain" points=2
# ### BEGIN SOLUTION
# It computes affine functions of the four inputs and nothing else. An affine map of an affine map is affine:
# $W^{(2)}(W^{(1)}x+b^{(1)})+b^{(2)} = (W^{(2)}W^{(1)})\,x + (W^{(2)}b^{(1)}+b^{(2)})$, and so on up to layer 4. The
# four weight matrices multiply to a single one of shape (2, 4), and the biases add up to a single vector of length 2. A
# network 4-2 without hidden layers does the same with $2\cdot(4+1)=10$ parameters instead of 132. No affine function
# is lost, because no hidden layer is narrower than the output.
# ### END SOLUTION
