# %% [markdown]
# # Homework 4: Layers and batches
#
# **Goal.** Write the backward rule of every layer of a network for a whole batch, check each rule alone, and put them
# together into one function that returns the loss and all its gradients.
#
# **Needs** lectures 8 and 9. **Time** about 170 minutes. **Difficulty** medium; exercise 5 is the hard one.
#
# | exercise | you write | points | slides |
# |---|---|---|---|
# | 1 | `affine_backward` | 10 | EECS545-E45, EECS545-E46, CSC561-E49, CSC561-E53, CSC561-E54 |
# | 2 | `act_backward` | 6 | EECS545-E48 to E54, CSC561-E52 |
# | 3 | `softmax_backward` | 4 | CEE616-E47, CSC561-E41 |
# | 4 | `half_se`, `softmax_ce` | 3 + 5 | CEE616-E20, CEE616-E26, CEE616-E48, EECS545-E38, EECS545-E39 |
# | 5 | `mlp_loss_and_grads` | 10 | CEE616-A1, CEE616-E37 to E41, EECS545-A2, CSC561-A6 |
# | 6 | `to_csc561`, `to_cee616_row` | 2 | CEE616-E24, CSC561-E53 |
# | 7 | an answer in words | 2 | EECS545-E45, EECS545-E46 |
# | | **together** | **40 + 2** | |
#
# A person reads exercise 7, and its 2 points stand outside the 200 of the course.
#
# **How it is graded.** Below each of your cells stands a test cell. It shows at once what is right, what is wrong and
# often why. What you see there are the *visible* checks, and they are only part of the tests: hidden ones run with
# other numbers, other shapes and larger batches, and a part of an exercise earns its points only if both agree. Every
# function has points of its own, so a mistake in one does not spoil the next.
#
# **Rules for all exercises**
#
# * A batch has one sample per row. A weight `W` has the shape (out, in). **Every gradient has the shape of its
#   variable**: `dW.shape == W.shape`.
# * numpy and the standard library only. Loops are allowed. Leave the arrays you are given as they are.
# * A test cell may take 10 s, and one call of your function 0.25 s. Plain Python loops over the formula stay well below
#   it, also in the large cases; measuring the slope of one coordinate after the other does not.
# * Results count as right to five digits of the largest entry, so float32 is precise enough.

# %% grade_id="setup" role="setup"
import numpy as np

# %% [markdown]
# ## Exercise 1: the affine layer (10 points, 25 minutes, easy)
#
# The layer computes $Z = X W^\top + b$. From above comes $G$, the gradient of the batch loss with respect to $Z$.
# Nothing else is needed to find the gradients of the layer's three variables:
#
# $$dX = G\,W, \qquad dW = G^\top X, \qquad db_m = \sum_{n=1}^{N} G_{nm}.$$
#
# | array | `G` | `X` | `W` | `dX` | `dW` | `db` |
# |---|---|---|---|---|---|---|
# | shape | (N, M) | (N, D) | (M, D) | (N, D) | (M, D) | (M,) |
#
# **In the decks** (one sample, N = 1):
#
# | house | EECS545 (columns) | CSC561 (rows) |
# |---|---|---|
# | $G$ | $\nabla_h\mathcal L$ | $\nabla_{z_k}\mathrm{Div}$ |
# | $dX$ | $W^\top\nabla_h\mathcal L$ | $\nabla_{z_k}\mathrm{Div}\,W_k$ |
# | $dW$ | $\nabla_h\mathcal L\,x^\top$ | transpose of $y_{k-1}\nabla_{z_k}\mathrm{Div}$ |
# | $db$ | not given: it is $\nabla_h\mathcal L$ | $\nabla_{z_k}\mathrm{Div}$ |
#
# **Worked example.** With two samples,
#
# $$X=\begin{pmatrix}1&2&3\\0&1&1\end{pmatrix},\quad W=\begin{pmatrix}1&0&-1\\2&1&0\end{pmatrix},\quad
# G=\begin{pmatrix}1&-2\\3&1\end{pmatrix}$$
#
# give
#
# $$dX=\begin{pmatrix}-3&-2&-1\\5&1&-3\end{pmatrix},\quad dW=\begin{pmatrix}1&5&6\\-2&-3&-5\end{pmatrix},\quad
# db=\begin{pmatrix}4&-1\end{pmatrix}.$$
#
# <details><summary>Hint 1</summary>Write down the shapes first. Only one order of the factors, with one of them
# transposed, gives (M, D) from (N, M) and (N, D).</details>
#
# <details><summary>Hint 2</summary>All samples use the same W and b, so their contributions are added. No sample uses
# the X of another, so nothing is added over n in dX. The 1/N of a mean is already inside G.</details>


# %% grade_id="affine_backward" role="solution"
def affine_backward(G, X, W):
    """Gradients of an affine layer Z = X W^T + b.

    G (N, M), gradient of the loss with respect to Z; X (N, D); W (M, D).
    Returns dX (N, D), dW (M, D), db (M,).
    """
    ### BEGIN SOLUTION
    return G @ W, G.T @ X, G.sum(axis=0)
    ### END SOLUTION


# %% grade_id="test_affine_backward" role="test" points=10
from coursekit import check, engine


def affine_case(data, N, D, M):
    """Arrays of these sizes, and your answer to them."""
    G, X, W, b = (data.normal(loc=2, size=size) for size in [(N, M), (N, D), (M, D), M])

    @check.once
    def answer():
        given = {"G": G.copy(), "X": X.copy(), "W": W.copy()}
        with check.unchanged(**given), check.time_limit(0.25, "affine_backward"):
            dX, dW, db = affine_backward(*given.values())
        return {"dX": dX, "dW": dW, "db": db}

    return G, X, W, b, answer


def compare_affine(name, G, X, W, b, answer):
    """One of your gradients of sum(G * Z), Z = X W^T + b, against central differences."""
    at, loss = {
        "dX": (X, lambda V: np.sum(G * engine.affine(V, W, b))),
        "dW": (W, lambda V: np.sum(G * engine.affine(X, V, b))),
        "db": (b, lambda V: np.sum(G * engine.affine(X, W, V))),
    }[name]
    why = check.bugs.affine(G, X, W)[name]
    check.gradient(answer()[name], loss, at=at, name=name, batch=len(G), explain=why)


affine_cases = [affine_case(check.rng("hw4_layers", "affine_backward"), N=3, D=5, M=2)]
### BEGIN HIDDEN TESTS
data = check.rng("hw4_layers", "affine_backward", "hidden")
affine_cases += [affine_case(data, *sizes) for sizes in [(5, 3, 2), (1, 3, 2), (3, 1, 2), (3, 2, 1)]]
# Too many entries to difference one at a time: of dX, of dW, of db.
large_affine = {"dX": affine_case(data, 227, 229, 1), "dW": affine_case(data, 1, 227, 229)}
large_affine["db"] = affine_case(data, 2, 1, 7801)
### END HIDDEN TESTS

with check.score(10) as s:
    for points, name in [(4, "dX"), (4, "dW"), (2, "db")]:
        with s.part(points, name):
            for case in affine_cases:
                compare_affine(name, *case)
            ### BEGIN HIDDEN TESTS
            G, X, W, b, answer = large_affine[name]
            check.value(answer()[name], engine.affine_vjp(G, X, W)._asdict()[name], name=f"{name} of a large case")
            ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 2: activation functions (6 points, 20 minutes, easy)
#
# The layer computes $A = \varphi(Z)$ entry by entry, so its backward rule is entry by entry as well:
#
# $$dZ = G \odot \varphi'(Z), \qquad \sigma' = \sigma(1-\sigma), \qquad \tanh' = 1-\tanh^2, \qquad
# \mathrm{ReLU}'(z) = \begin{cases}1 & z>0\\ 0 & z<0\end{cases}$$
#
# `G` (N, M) is the gradient with respect to the output $A$; `Z` (N, M) is the **input** of the function, the
# pre-activation; `name` is `"sigmoid"`, `"tanh"` or `"relu"`. The result has the shape (N, M). At $z = 0$ ReLU has a
# kink and any slope in $[0, 1]$ is accepted; the house value is 0. At every other $z$, however small, the slope is 0
# or 1.
#
# **In the decks:** EECS545 calls the input $x$ and the output $h$; CSC561 has $z_k$ and $y_k$ and writes the rule as
# a row times a diagonal Jacobian; CEE697M swaps its letters $a$ and $z$ between equations (7) and (11).
#
# **Worked example.** $Z = (0,\ 1,\ -1)$ and $G = (2,\ 2,\ 2)$ in one row give
#
# | `name` | result |
# |---|---|
# | `"sigmoid"` | 0.5, 0.393224, 0.393224 |
# | `"tanh"` | 2, 0.839949, 0.839949 |
# | `"relu"` | 0, 2, 0 |
#
# <details><summary>Hint 1</summary>Both smooth derivatives are cheapest from the output: compute A from Z first, then
# use A.</details>
#
# <details><summary>Hint 2</summary>The mask of ReLU depends on the sign of Z, never on the sign of G.</details>


# %% grade_id="act_backward" role="solution"
def act_backward(G, Z, name):
    """Gradient of an activation layer A = phi(Z) with respect to Z.

    G (N, M), gradient of the loss with respect to A; Z (N, M), the pre-activation;
    name: "sigmoid", "tanh" or "relu". Returns dZ (N, M).
    """
    ### BEGIN SOLUTION
    if name == "sigmoid":
        A = 1 / (1 + np.exp(-Z))  # equivalent: sign flipped: the slope of the sigmoid is the same at -Z
        return G * A * (1 - A)
    if name == "tanh":
        return G * (1 - np.tanh(Z) ** 2)
    return G * (Z > 0)  # equivalent: comparison changed: at 0 every slope in [0, 1] is right
    ### END SOLUTION


# %% grade_id="test_act_backward" role="test" points=6
from coursekit import check, engine

act_of_engine = {"sigmoid": engine.sigmoid, "tanh": engine.tanh, "relu": engine.relu}


def answer_act(G, Z, name):
    """Your gradient; both arguments must come back as they were."""
    given = {"G": G.copy(), "Z": Z.copy()}
    with check.unchanged(**given), check.time_limit(0.25, "act_backward"):
        return act_backward(*given.values(), name)


def draw_act(data, N, M):
    """A gradient from above and pre-activations away from the kink at 0."""
    G, Z = data.normal(size=(N, M)), 2 * data.normal(size=(N, M))
    return G, Z + np.where(Z < 0, -0.02, 0.02)


def compare_act(name, data, N, M):
    """Your gradient of sum(G * phi(Z)) against central differences."""
    G, Z = draw_act(data, N, M)
    phi = act_of_engine[name]
    why = check.bugs.activation(G, Z, phi)
    dZ = answer_act(G, Z, name)
    check.gradient(dZ, lambda V: np.sum(G * phi(V)), at=Z, name=f"dZ for {name}", batch=N, explain=why)


### BEGIN HIDDEN TESTS
def compare_relu_near_zero(data):
    """Entries so close to 0 that differences would straddle the kink; the slope there is still 0 or 1."""
    G = data.normal(size=(3, 5))
    Z = 10.0 ** -np.array([1, 3, 6, 9, 12]) * np.array([[1], [-1], [1]])
    check.value(answer_act(G, Z, "relu"), G * (Z > 0), name="dZ for relu next to 0")


def compare_relu_at_zero(data):
    """Exactly at 0 every slope in [0, 1] is right."""
    G = data.normal(size=(5, 3))
    dZ = answer_act(G, np.zeros((5, 3)), "relu")
    if check.shape(dZ, G.shape, name="dZ for relu at 0"):
        check.value(dZ, np.clip(dZ, np.minimum(G, 0), np.maximum(G, 0)), name="dZ for relu at 0")


### END HIDDEN TESTS

with check.score(6) as s:
    for name in act_of_engine:
        with s.part(2, name):
            compare_act(name, check.rng("hw4_layers", "act_backward"), N=3, M=2)
            ### BEGIN HIDDEN TESTS
            data = check.rng("hw4_layers", "act_backward", "hidden", name)
            for sizes in [(5, 3), (1, 3), (3, 1)]:
                compare_act(name, data, *sizes)
            if name == "relu":
                compare_relu_near_zero(data)
                compare_relu_at_zero(data)
            # Too many entries to difference one at a time.
            G, Z = draw_act(data, 149, 139)
            expected = act_of_engine[name].vjp(G, Z, act_of_engine[name](Z))
            check.value(answer_act(G, Z, name), expected, name=f"dZ for {name} of a large batch")
            ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 3: softmax as a layer (4 points, 20 minutes, medium)
#
# Softmax mixes the entries of a row, so its Jacobian is a full matrix, $J = \mathrm{diag}(p) - p\,p^\top$, one for each
# sample. A product with it does not need the matrix: in the row of one sample
#
# $$dz_k = p_k\Bigl(g_k - \sum_{j=1}^{K} g_j\,p_j\Bigr).$$
#
# `P` (N, K) are the probabilities, the **output** of the layer; `G` (N, K) is the gradient with respect to them; the
# result (N, K) is the gradient with respect to the logits.
#
# **In the decks:** CEE616 calls the probabilities $o_c$ or $p_c$ and the logits $a_c$; in CSC561 the product is
# $\nabla_{y}\mathrm{Div}\;J_y(z)$ with the full Jacobian of a vector activation.
#
# **Worked example.** $p = (0.5,\ 0.25,\ 0.25)$ and $g = (4,\ 0,\ -4)$ have $\sum_j g_j p_j = 1$, so
# $dz = (1.5,\ -0.25,\ -1.25)$. It sums to 0, as it must: adding one number to all logits of a row changes no
# probability.
#
# <details><summary>Hint</summary>The sum runs along a row. To subtract it from that row it has to keep the shape
# (N, 1).</details>


# %% grade_id="softmax_backward" role="solution"
def softmax_backward(G, P):
    """Gradient of a softmax layer with respect to its logits.

    G (N, K), gradient of the loss with respect to P; P (N, K), the probabilities, rows sum to 1.
    Returns dZ (N, K).
    """
    ### BEGIN SOLUTION
    return P * (G - (G * P).sum(axis=1, keepdims=True))
    ### END SOLUTION


# %% grade_id="test_softmax_backward" role="test" points=4
from coursekit import check, engine


def answer_softmax(G, P):
    """Your gradient; both arguments must come back as they were."""
    given = {"G": G.copy(), "P": P.copy()}
    with check.unchanged(**given), check.time_limit(0.25, "softmax_backward"):
        return softmax_backward(*given.values())


def compare_softmax(data, N, K):
    """Your gradient of sum(G * softmax(Z)) against central differences."""
    G, Z = data.normal(size=(N, K)), data.normal(size=(N, K))
    P = engine.softmax(Z)
    dZ = answer_softmax(G, P)
    why = check.bugs.softmax(G, P)
    check.gradient(dZ, lambda V: np.sum(G * engine.softmax(V)), at=Z, name="dZ", batch=N, explain=why)


def compare_zero_probabilities(data, Z):
    """Logits so far apart that some probabilities are exactly 0."""
    G, P = data.normal(size=Z.shape), engine.softmax(Z)
    check.value(answer_softmax(G, P), engine.softmax.vjp(G, Z, P), name="dZ where probabilities are 0")


with check.score(4) as s:
    with s.part(4, "dZ"):
        data = check.rng("hw4_layers", "softmax_backward")
        compare_softmax(data, N=2, K=3)
        compare_zero_probabilities(data, np.array([[0, 0, -1000], [0, 1000, 999], [0.5, -1000, 0.25]]))
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw4_layers", "softmax_backward", "hidden")
        for sizes in [(5, 3), (1, 3), (3, 1)]:
            compare_softmax(data, *sizes)
        Z = data.integers(-2, 3, size=(7, 5)) / 2.0
        Z[:, 1] -= 1000
        Z[2] = [1000, -1000, 0, 500, -500]
        compare_zero_probabilities(data, Z)
        # Too many entries to difference one at a time.
        G, Z = data.normal(size=(2, 1801, 3))
        P = engine.softmax(Z)
        check.value(answer_softmax(G, P), engine.softmax.vjp(G, Z, P), name="dZ of a large batch")
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 4: two losses (3 + 5 points, 35 minutes, medium)
#
# Both losses are a mean over the N samples and return `(loss, gradient)`: one number, and an array of the shape of the
# first argument. The gradient contains the $1/N$.
#
# $$\texttt{half\_se}(Y, T) = \frac1N\sum_{n}\frac12\sum_{k}(Y_{nk}-T_{nk})^2, \qquad
# dY = \frac1N\,(Y - T)$$
#
# $$\texttt{softmax\_ce}(Z, T) = -\frac1N\sum_{n}\sum_{k}T_{nk}\log P_{nk}, \quad P = \mathrm{softmax}(Z), \qquad
# dZ = \frac1N\,(P - T)$$
#
# `Y`, `Z` and `T` are (N, K). For `softmax_ce` the rows of `T` are not negative and sum to 1; they are one-hot (a
# single 1) or soft (any shares). The logits `Z` reach from -1000 to 1000, and both results must stay finite and right
# there.
#
# **In the decks:** half the squared error is the loss of CEE616; CEE697M and EECS545 have no 1/2, and CEE697M adds the
# samples instead of averaging. The cross-entropy is a sum over classes with a **minus** in front, so it is never
# negative; copies of slide EECS545-E37 lack it. What is called `T` here is $y$ in CEE616 and EECS545 and $d$ in
# CSC561.
#
# **Worked examples.**
#
# $$Y=\begin{pmatrix}1&2\\3&0\end{pmatrix},\ T=\begin{pmatrix}0&2\\1&1\end{pmatrix}:\quad
# \tfrac12\cdot\tfrac12\,(1+5)=1.5,\quad dY=\begin{pmatrix}0.5&0\\1&-0.5\end{pmatrix}$$
#
# Logits $(0, \log 3)$ in both rows have $p=(0.25,\ 0.75)$. With the targets $(0, 1)$ and $(0.5, 0.5)$ the two samples
# cost 0.287682 and 0.836988; the loss is 0.562335 and
#
# $$dZ=\begin{pmatrix}0.125&-0.125\\-0.125&0.125\end{pmatrix}.$$
#
# <details><summary>Hint 1</summary>Subtract from each row of logits its maximum before any exponential. The
# probabilities do not change and nothing overflows.</details>
#
# <details><summary>Hint 2</summary>A probability can become exactly 0, and then its logarithm is minus infinity. Do not
# take the logarithm of P: log P = z - log(sum of exp z), again after the shift.</details>


# %% grade_id="half_se" role="solution"
def half_se(Y, T):
    """Mean over the samples of half the squared error.

    Y (N, K), predictions; T (N, K), targets. Returns the loss, a float, and dY (N, K).
    """
    ### BEGIN SOLUTION
    N = len(Y)
    return float(0.5 * np.sum((Y - T) ** 2) / N), (Y - T) / N
    ### END SOLUTION


# %% grade_id="test_half_se" role="test" points=3
from coursekit import check, engine


def half_se_case(data, N, K):
    """Predictions and targets, and your answer to them."""
    Y, T = data.normal(size=(2, N, K))

    @check.once
    def answer():
        given = {"Y": Y.copy(), "T": T.copy()}
        with check.unchanged(**given), check.time_limit(0.25, "half_se"):
            value, dY = half_se(*given.values())
        return value, dY

    return Y, T, answer


half_se_cases = [half_se_case(check.rng("hw4_layers", "half_se"), N=3, K=5)]
### BEGIN HIDDEN TESTS
data = check.rng("hw4_layers", "half_se", "hidden")
half_se_cases += [half_se_case(data, *sizes) for sizes in [(5, 3), (1, 3), (3, 1)]]
large_half_se = half_se_case(data, 157, 151)
### END HIDDEN TESTS

with check.score(3) as s:
    with s.part(1, "the loss"):
        for Y, T, answer in half_se_cases:
            check.value(answer()[0], engine.half_squared_error(Y, T), name="the loss", batch=len(Y))
    with s.part(2, "dY"):
        for Y, T, answer in half_se_cases:
            why = check.bugs.half_squared_error(Y, T)
            check.gradient(
                answer()[1],
                lambda V, T=T: engine.half_squared_error(V, T),
                at=Y,
                name="dY",
                batch=len(Y),
                explain=why,
            )
        ### BEGIN HIDDEN TESTS
        Y, T, answer = large_half_se
        expected = engine.half_squared_error.gradient(Y, T)
        check.value(answer()[1], expected, name="dY of a large batch", batch=len(Y))
        ### END HIDDEN TESTS
s


# %% grade_id="softmax_ce" role="solution"
def softmax_ce(Z, T):
    """Mean over the samples of the cross-entropy between the targets and the softmax of the logits.

    Z (N, K), logits, each between -1000 and 1000; T (N, K), rows sum to 1.
    Returns the loss, a float, and dZ (N, K).
    """
    ### BEGIN SOLUTION
    N = len(Z)
    shifted = Z - Z.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    loss = -np.sum(T * (shifted - np.log(total))) / N
    return float(loss), (np.exp(shifted) / total - T) / N
    ### END SOLUTION


# %% grade_id="test_softmax_ce" role="test" points=5
from coursekit import check, engine


def soft_targets(data, N, K):
    """Rows of shares that sum to 1."""
    shares = data.random(size=(N, K))
    return shares / shares.sum(axis=1, keepdims=True)


def one_hot_targets(data, N, K):
    """Rows with a single 1."""
    return np.eye(K)[data.integers(K, size=N)]


def large_logits(data, N, K):
    """Logits near -1000, 0 and 1000 with steps of 1/8, which every float type holds exactly."""
    return 1000.0 * data.integers(-1, 2, size=(N, K)) - data.integers(0, 8, size=(N, K)) / 8


def softmax_ce_case(Z, T):
    """Logits and targets, and your answer to them."""

    @check.once
    def answer():
        given = {"Z": Z.copy(), "T": T.copy()}
        with check.unchanged(**given), check.time_limit(0.25, "softmax_ce"):
            value, dZ = softmax_ce(*given.values())
        return value, dZ

    return Z, T, answer


data = check.rng("hw4_layers", "softmax_ce")
ce_cases = [softmax_ce_case(data.normal(size=(2, 3)), draw(data, 2, 3)) for draw in (one_hot_targets, soft_targets)]
### BEGIN HIDDEN TESTS
data = check.rng("hw4_layers", "softmax_ce", "hidden")
extreme_ce_cases = []
for sizes in [(5, 3), (1, 3), (3, 2)]:
    for draw in (one_hot_targets, soft_targets):
        ce_cases.append(softmax_ce_case(data.normal(size=sizes), draw(data, *sizes)))
        extreme_ce_cases.append(softmax_ce_case(large_logits(data, *sizes), draw(data, *sizes)))
large_ce = softmax_ce_case(data.normal(size=(661, 11)), soft_targets(data, 661, 11))
### END HIDDEN TESTS

with check.score(5) as s:
    with s.part(2, "the loss"):
        for Z, T, answer in ce_cases:
            check.value(answer()[0], engine.cross_entropy_from_logits(Z, T), name="the loss", batch=len(Z))
        ### BEGIN HIDDEN TESTS
        for Z, T, answer in extreme_ce_cases:
            expected = engine.cross_entropy_from_logits(Z, T)
            check.value(answer()[0], expected, name="the loss of logits near 1000")
        ### END HIDDEN TESTS
    with s.part(3, "dZ"):
        for Z, T, answer in ce_cases:
            why = check.bugs.cross_entropy(Z, T)
            check.gradient(
                answer()[1],
                lambda V, T=T: engine.cross_entropy_from_logits(V, T),
                at=Z,
                name="dZ",
                batch=len(Z),
                explain=why,
            )
        ### BEGIN HIDDEN TESTS
        for Z, T, answer in extreme_ce_cases:
            expected = engine.cross_entropy_from_logits.gradient(Z, T)
            check.value(answer()[1], expected, name="dZ of logits near 1000")
        Z, T, answer = large_ce
        expected = engine.cross_entropy_from_logits.gradient(Z, T)
        check.value(answer()[1], expected, name="dZ of a large batch", batch=len(Z))
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 5: a whole network (10 points, 60 minutes, hard)
#
# A network of $L$ weight layers. The hidden layers use the activation `act` (`"sigmoid"`, `"tanh"` or `"relu"`), the
# last layer is linear, and `loss` is `"half_se"` or `"softmax_ce"` of exercise 4. Forward, with $A^{(0)} = X$:
#
# $$Z^{(l)} = A^{(l-1)}W^{(l)\top} + b^{(l)}, \qquad A^{(l)} = \varphi(Z^{(l)}) \ \text{for } l<L, \qquad
# A^{(L)} = Z^{(L)}.$$
#
# Backward, for $l = L, \dots, 1$. The start $dA^{(L)}$ is the gradient of the loss and holds the only $1/N$:
#
# $$dZ^{(l)} = dA^{(l)}\odot\varphi'(Z^{(l)}) \ \text{for } l<L,\quad dZ^{(L)} = dA^{(L)}, \qquad
# dW^{(l)} = dZ^{(l)\top}A^{(l-1)},\quad db^{(l)} = \textstyle\sum_n dZ^{(l)}_n,\quad dA^{(l-1)} = dZ^{(l)}W^{(l)}.$$
#
# | argument | shape | result | shape |
# |---|---|---|---|
# | `X` | (N, n_0) | `loss` | one number |
# | `T` | (N, n_L) | `dWs[l-1]` | (n_l, n_{l-1}) |
# | `Ws[l-1]` | (n_l, n_{l-1}) | `dbs[l-1]` | (n_l,) |
# | `bs[l-1]` | (n_l,) | `dX` | (N, n_0) |
#
# Lists are 0-based, layer 1 comes first. The function may call yours from exercises 1 to 4. It may also be
# written in one go, and then earns its points whatever the others do. `L` runs from 1 to 4; for $L=1$ there is no
# activation.
#
# **In the decks:** CEE616-A1 is this function. Its $u_2, u_1$ of slides E37 to E41 are $dZ^{(2)}, dZ^{(1)}$ of one
# sample; there the product must read $(W_2^\top u_2)\odot\varphi'(x_2)$ in columns, because a row times a column
# would spread into a matrix. In CSC561-A6 the start $\nabla_{y_N}\mathrm{Div} = \nabla_Y\mathrm{Div}$ has to be
# added, and E53 needs the activation of the layer below, $y_{k-1}$: $t$ counts samples there.
#
# **Worked example**, ReLU and `half_se`, one sample and width 1 throughout: $x=2$, $w_1=0.5$, $b_1=0$, $w_2=3$,
# $b_2=-1$, target 1. Forward: $z_1=1$, $a_1=1$, $z_2=2$, loss 0.5. Backward: $dz_2=1$, $dw_2=1$, $db_2=1$, $da_1=3$,
# $dz_1=3$, $dw_1=6$, $db_1=3$, $dx=1.5$.
#
# <details><summary>Hint 1</summary>Store every A and every Z of the forward pass in a list. The backward loop reads the
# lists from the end.</details>
#
# <details><summary>Hint 2</summary>Inside the backward loop: first dZ, then dW and db, then dA for the layer below. The
# weights stay as they are until every gradient is known.</details>


# %% grade_id="mlp_loss_and_grads" role="solution"
def mlp_loss_and_grads(X, T, Ws, bs, act, loss):
    """The mean loss of a network on a batch, and its gradients.

    X (N, n_0); T (N, n_L); Ws[l-1] (n_l, n_{l-1}); bs[l-1] (n_l,);
    act: "sigmoid", "tanh" or "relu", used in the hidden layers, the last layer is linear;
    loss: "half_se" or "softmax_ce".
    Returns the loss, a float; dWs and dbs, lists of arrays in the shapes of Ws and bs; dX (N, n_0).
    """
    ### BEGIN SOLUTION
    phi, dphi = {
        "sigmoid": (lambda Z: 1 / (1 + np.exp(-Z)), lambda A: A * (1 - A)),
        "tanh": (np.tanh, lambda A: 1 - A**2),
        "relu": (lambda Z: np.maximum(Z, 0), lambda A: A > 0),
    }[act]
    N, L = len(X), len(Ws)
    A = [X]
    for layer, (W, b) in enumerate(zip(Ws, bs, strict=True), start=1):
        Z = A[-1] @ W.T + b
        A.append(phi(Z) if layer < L else Z)

    if loss == "half_se":
        value = 0.5 * np.sum((A[L] - T) ** 2) / N
        dA = (A[L] - T) / N
    else:
        shifted = A[L] - A[L].max(axis=1, keepdims=True)
        total = np.exp(shifted).sum(axis=1, keepdims=True)
        value = -np.sum(T * (shifted - np.log(total))) / N
        dA = (np.exp(shifted) / total - T) / N

    dWs, dbs = [None] * L, [None] * L
    for layer in range(L, 0, -1):
        dZ = dA * dphi(A[layer]) if layer < L else dA
        dWs[layer - 1] = dZ.T @ A[layer - 1]
        dbs[layer - 1] = dZ.sum(axis=0)
        dA = dZ @ Ws[layer - 1]
    return float(value), dWs, dbs, dA
    ### END SOLUTION


# %% grade_id="test_mlp_loss_and_grads" role="test" points=10
from coursekit import check, engine


def draw_network(data, sizes, N, loss):
    """Inputs, targets (for softmax_ce one-hot in the first row, soft below), weights and biases at random."""
    shapes = [(sizes[k + 1], sizes[k]) for k in range(len(sizes) - 1)]
    Ws = [data.normal(size=shape) / np.sqrt(shape[1]) for shape in shapes]
    bs = [data.normal(size=m) / 2 for m in sizes[1:]]
    X, T = data.normal(size=(N, sizes[0])), data.normal(size=(N, sizes[-1]))
    if loss == "softmax_ce":
        T = np.abs(T)
        T[0] = np.arange(sizes[-1]) == 0
        T /= T.sum(axis=1, keepdims=True)
    return X, T, Ws, bs


def is_clear(X, T, Ws, bs, activations, cost):
    """Is no unit close to a kink, and no gradient so small a rest of larger terms that float32 would blur it?"""
    run = engine.forward(X, Ws, bs, activations)
    dY = cost.gradient(run.A[-1], T)
    back = engine.backward(dY, run, Ws, activations)
    if np.abs(dY).max() * len(X) < 0.05 or any(np.abs(Z).min() < 1e-2 for Z in run.Z[:-1]):
        return False
    for W, A, dZ, dW, db in zip(Ws, run.A[:-1], back.dZs, back.dWs, back.dbs, strict=True):
        sums = [(dW, np.abs(dZ).T @ np.abs(A)), (db, np.abs(dZ).sum(axis=0)), (dZ @ W, np.abs(dZ) @ np.abs(W))]
        if any(np.abs(result).max() <= 0.05 * terms.max() for result, terms in sums):
            return False
    return True


def network_case(draw, n_layers, act, loss, clear=True):
    """A network that is drawn, the same network as the course's engine knows it, and your answer to it."""
    hidden = {"sigmoid": engine.sigmoid, "tanh": engine.tanh, "relu": engine.relu}[act]
    activations = [hidden] * (n_layers - 1) + [engine.identity]
    cost = {"half_se": engine.half_squared_error, "softmax_ce": engine.cross_entropy_from_logits}[loss]
    X, T, Ws, bs = draw()
    while clear and not is_clear(X, T, Ws, bs, activations, cost):
        X, T, Ws, bs = draw()

    @check.once
    def answer():
        given = {"X": X.copy(), "T": T.copy(), "Ws": [W.copy() for W in Ws], "bs": [b.copy() for b in bs]}
        with check.unchanged(**given), check.time_limit(0.25, "mlp_loss_and_grads"):
            value, dWs, dbs, dX = mlp_loss_and_grads(*given.values(), act, loss)
        return {"the loss": value, "dWs": dWs, "dbs": dbs, "dX": dX}

    return check.bugs.Network(X, T, Ws, bs, hidden, cost), activations, answer


def random_case(data, sizes, N, act, loss, clear=True):
    """A case of these widths and N samples."""
    return network_case(lambda: draw_network(data, sizes, N, loss), len(sizes) - 1, act, loss, clear)


def compare_network(part, net, activations, answer):
    """One of your results on a small network against a reference or central differences."""

    def reference(X=net.X, Ws=net.Ws, bs=net.bs):
        return net.loss(engine.forward(X, Ws, bs, activations).A[-1], net.T)

    got, N = answer(), len(net.X)
    if part == "the loss":
        check.value(got["the loss"], reference(), name="the loss", batch=N)
        return
    why = check.bugs.network(net, got["dWs"], got["dbs"], got["dX"])
    if part == "dX":
        check.gradient(got["dX"], lambda V: reference(X=V), at=net.X, name="dX", batch=N, explain=why.get("dX"))
        return
    key, arrays = {"dWs": ("Ws", net.Ws), "dbs": ("bs", net.bs)}[part]
    if check.value(len(got[part]), len(arrays), name=f"the number of arrays in {part}"):
        for k, array in enumerate(arrays):
            check.gradient(
                got[part][k],
                lambda V, k=k: reference(**{key: [*arrays[:k], V, *arrays[k + 1 :]]}),
                at=array,
                name=f"{part}[{k}] of {len(arrays)}",
                batch=N,
                explain=why.get(f"{part[:-1]}{k + 1}"),
            )


### BEGIN HIDDEN TESTS
def draw_large_logits(data):
    """Logits near -1000, 0 and 1000, where every float type holds all numbers of the forward pass exactly."""
    W1, X = np.eye(3)[data.permutation(3)], np.eye(3)[[0, 1, 2, 0, 1]] * np.array([[1], [1], [1], [-1], [-1]])
    W2 = np.stack([data.permutation([-2000.0, 2000.0, 0.0, 2000.0, -2000.0]) for _ in range(3)], axis=1)
    T = data.random(size=(5, 5))
    T[:2] = np.eye(5)[data.integers(5, size=2)]
    T /= T.sum(axis=1, keepdims=True)
    return X, T, [W1, W2], [np.full(3, -0.5), data.integers(-8, 9, size=5) / 8]


def compare_with_engine(part, kind, net, activations, answer):
    """One of your results where differences would take too long, or would not be precise."""
    value, right = engine.loss_and_gradients(net.X, net.T, net.Ws, net.bs, activations, net.loss)
    got, expected = answer()[part], {"the loss": value, **right._asdict()}[part]
    pairs = zip(got, expected, strict=True) if part in ("dWs", "dbs") else [(got, expected)]
    for k, (array, right_array) in enumerate(pairs):
        check.value(array, right_array, name=f"array {k} of {part} of {kind}")


### END HIDDEN TESTS
data = check.rng("hw4_layers", "mlp_loss_and_grads")
networks = [random_case(data, [2, 3, 2], 5, "tanh", "half_se")]
networks += [random_case(data, [2, 3, 2], 5, "relu", "softmax_ce")]
### BEGIN HIDDEN TESTS
data = check.rng("hw4_layers", "mlp_loss_and_grads", "hidden")
networks += [
    random_case(data, *network)
    for network in [
        ([5, 3], 1, "relu", "softmax_ce"),
        ([3, 1, 2], 2, "sigmoid", "half_se"),
        ([1, 2, 3, 2], 3, "tanh", "softmax_ce"),
        ([3, 2, 3, 2, 1], 3, "relu", "half_se"),
    ]
]
extreme_network = network_case(lambda: draw_large_logits(data), 2, "relu", "softmax_ce", clear=False)
# Too many entries to difference one at a time: of dWs, of dbs, of dX.
large_networks = {
    "dWs": random_case(data, [173, 179, 3], 1, "tanh", "softmax_ce", clear=False),
    "dbs": random_case(data, [1, 4201, 1], 2, "sigmoid", "half_se", clear=False),
    "dX": random_case(data, [5003, 1, 2], 7, "tanh", "half_se", clear=False),
}
### END HIDDEN TESTS

with check.score(10) as s:
    for points, part in [(2, "the loss"), (4, "dWs"), (2, "dbs"), (2, "dX")]:
        with s.part(points, part):
            for network in networks:
                compare_network(part, *network)
            ### BEGIN HIDDEN TESTS
            compare_with_engine(part, "a network with logits near 1000", *extreme_network)
            if part in large_networks:
                compare_with_engine(part, "a large network", *large_networks[part])
            ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 6: the shapes of two decks (2 points, 10 minutes, easy)
#
# Two decks store the gradient of a weight matrix in another shape than we do. The numbers are the same.
#
# * CSC561 writes $\nabla_{W_k}\mathrm{Div}$ with the shape $(D_{k-1}, D_k)$, the **transpose** of $W_k$.
#   `to_csc561(dWs)` takes the list of our gradients, layer 1 first, and returns the list of theirs.
# * CEE616 (24) writes $d\mathcal L/d\theta_\ell$ as **one row** with an entry for each of the $d$ weights, row after
#   row of the matrix (row-major). `to_cee616_row(dW)` takes one gradient (M, D) and returns an array of shape (1, d),
#   $d = MD$.
#
# **Worked example.**
#
# $$dW=\begin{pmatrix}1&2&3\\4&5&6\end{pmatrix}\quad\text{is}\quad
# \begin{pmatrix}1&4\\2&5\\3&6\end{pmatrix}\ \text{in CSC561 and}\quad
# \begin{pmatrix}1&2&3&4&5&6\end{pmatrix}\ \text{in CEE616.}$$


# %% grade_id="translation" role="solution"
def to_csc561(dWs):
    """Gradients of weights in the shape of CSC561.

    dWs: list of arrays, dWs[k-1] (D_k, D_{k-1}). Returns the list of arrays (D_{k-1}, D_k).
    """
    ### BEGIN SOLUTION
    return [dW.T for dW in dWs]
    ### END SOLUTION


def to_cee616_row(dW):
    """The gradient of one weight matrix as the row of CEE616.

    dW (M, D). Returns an array of shape (1, M D), row-major.
    """
    ### BEGIN SOLUTION
    return dW.reshape(1, dW.size)
    ### END SOLUTION


# %% grade_id="test_translation" role="test" points=2
from coursekit import check


def compare_csc561(data, sizes):
    """Your list for a network of these widths, entry by entry."""
    dWs = [data.normal(size=(sizes[k + 1], sizes[k])) for k in range(len(sizes) - 1)]
    given = {"dWs": [dW.copy() for dW in dWs]}
    with check.unchanged(**given):
        got = to_csc561(*given.values())
    if check.value(len(got), len(dWs), name="the number of arrays"):
        for k, dW in enumerate(dWs):
            check.value(got[k], dW.T, name=f"entry {k} of the list")


def compare_row(data, M, D):
    """Your row for one weight matrix."""
    dW = data.normal(size=(M, D))
    given = {"dW": dW.copy()}
    with check.unchanged(**given):
        row = to_cee616_row(*given.values())
    check.value(row, np.concatenate(list(dW))[None], name="the row")


with check.score(2) as s:
    with s.part(1, "to_csc561"):
        compare_csc561(check.rng("hw4_layers", "to_csc561"), [3, 2, 5])
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw4_layers", "to_csc561", "hidden")
        for sizes in ([5, 3], [2, 7, 3, 5], [3, 1, 2]):
            compare_csc561(data, sizes)
        ### END HIDDEN TESTS
    with s.part(1, "to_cee616_row"):
        compare_row(check.rng("hw4_layers", "to_cee616_row"), M=2, D=3)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw4_layers", "to_cee616_row", "hidden")
        for sizes in [(7, 5), (1, 5), (5, 1)]:
            compare_row(data, *sizes)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 7: in your own words (2 points outside the 200, 10 minutes)
#
# A friend says: "The loss is a mean over the samples, so I divide by $N$ in every layer: in $dW$, in $db$ and in $dX$."
# She starts from the right $dA^{(L)}$ of exercise 5. In three to five sentences: by which factors are her gradients
# wrong in a network with three layers? Is that the same as training with a smaller step? And why does $dW$ add up over
# the samples, while $dX$ does not?
#
# A person reads and grades your answer.

# %% [markdown] grade_id="explain_mean" role="explain" points=2
# ### BEGIN SOLUTION
# The only $1/N$ of the loss is already in $dA^{(L)}$, and every rule below is linear, so it reaches all layers by itself.
# Her division in layer 3 makes $dW^{(3)}$ too small by a factor $N$. What she hands down is too small by $N$ as well, and
# each layer divides once more: $dW^{(2)}$ is too small by $N^2$ and $dW^{(1)}$ by $N^3$. No single step makes up for
# that, because the layers need different ones; with $N=32$ the first layer would hardly move at all.
# All samples use the same $W$, so the loss changes with $W$ through each of them, and these contributions add up. Each
# sample has its own row of $X$, which changes its own output alone, so there is nothing to add.
# ### END SOLUTION
