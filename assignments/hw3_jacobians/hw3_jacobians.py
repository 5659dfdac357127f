# %% [markdown]
# # Homework 3: Jacobians and the two modes
#
# **Goal.** Measure the Jacobian of any function, write down those of the layers of a network, and then learn to do
# without them: multiply with a Jacobian from the right or from the left and never build it. From such products you put
# whole Jacobians together in two ways, and count what each way costs.
#
# **Needs** lecture 7. **Time** about 150 minutes. **Difficulty** medium; exercise 3 is the hard one.
#
# | exercise | you write | points | slides |
# |---|---|---|---|
# | 1 | `num_jac` | 5 | CEE616-E07, CEE616-C2, CEE616-C3 |
# | 2 | `layer_jacs` | 5 | CEE616-E04 to E06, CEE616-E27, CEE616-E29, CEE616-E30, CEE616-E32 |
# | 3 | `jvp`, `vjp` | 4 + 4 | CEE616-E09, CEE616-E11, CEE616-E13, CEE616-E14, CEE616-C8, CEE616-C10 |
# | 4 | `jac_fwd`, `jac_rev` | 5 | CEE616-E10, CEE616-E12, CEE616-C4 to C6 |
# | 5 | `macs` | 4 | CEE616-C7, CEE616-C9 |
# | 6 | `affine_jac_theta` | 3 | CEE616-E28, CEE616-E33, CEE616-U3 |
# | 7 | a short text | 2 | CEE616-C8, CEE616-C10 to C12 |
# | | **together** | **30 + 2** | |
#
# Exercises 1 to 6 make 30 of the 200 points of the course. The 2 points of exercise 7 stand outside them.
#
# **How it is graded.** Below each of your cells stands a test cell. It shows at once what is right, what is wrong and
# often why. What you see there are the *visible* checks, and they are only part of the tests: hidden ones run with
# other numbers, other shapes and larger networks, and a part of an exercise earns its points only if both agree. The
# tests of an exercise never call what you wrote in another one, so a mistake in one does not spoil the next.
#
# **Rules for all exercises**
#
# * This homework looks at one sample at a time. `x` is a plain vector of shape (D,), and a weight `W` has the shape
#   (out, in). **A Jacobian has one row for each output and one column for each input**, so its shape is (out, in) too.
# * numpy and the standard library only. Loops are allowed. Leave the arrays you are given as they are.
# * A test cell may take 10 s. Large cases have a limit of 1.5 s. Plain Python loops over the formula stay well below
#   it; nudging one coordinate after the other does not.
# * Results count as right to five digits of the largest entry, so float32 is precise enough. Exercises 1 and 3 ask for
#   more digits, and therefore for float64, which is what numpy uses unless you say otherwise.
#
# The next cell is given and locked. `activation` returns an activation and its slope together; you wrote both in
# earlier homework. The other two functions draw examples at random, for the tests and for your own trials.

# %% grade_id="setup" role="setup"
from itertools import pairwise

import numpy as np


def activation(z, act):
    """Value and slope of an activation, entry by entry.

    z, an array of any shape; act: "sigmoid", "tanh" or "relu". Returns a and phi'(z), both in the shape of z. At the
    kink of ReLU the slope is 0.
    """
    if act == "sigmoid":
        a = 1 / (1 + np.exp(-z))
        return a, a * (1 - a)
    if act == "tanh":
        a = np.tanh(z)
        return a, 1 - a * a
    if act == "relu":
        return np.maximum(z, 0), 1.0 * (z > 0)
    raise ValueError(f"unknown activation {act!r}")


def draw_network(rng, sizes, act):
    """A network of these widths and an input, at random: x (n_0,), Ws[l-1] (n_l, n_{l-1}), bs[l-1] (n_l,).

    It is drawn anew until every hidden unit is away from ReLU's kink and from the flat ends of the other two.
    """
    while True:
        x = rng.normal(size=sizes[0])
        Ws = [rng.normal(size=(M, D)) / np.sqrt(D) for D, M in pairwise(sizes)]
        bs = [rng.normal(size=M) / 2 for M in sizes[1:]]
        a, zs = x, [np.ones(1)]
        for W, b in zip(Ws[:-1], bs[:-1], strict=True):
            zs.append(W @ a + b)
            a = activation(zs[-1], act)[0]
        if all(np.all((np.abs(z) > 0.05) & (np.abs(z) < 2)) for z in zs):
            return x, Ws, bs


def draw_seeds(rng, Ws):
    """Vectors to multiply a network's Jacobian with, at random: v (D,) from the right, u (M,) from the left.

    v is so long that the terms of u^T J v add up to at most 1000 in absolute value.
    """
    v, u = rng.normal(size=Ws[0].shape[1]), rng.normal(size=Ws[-1].shape[0])
    terms = np.abs(v)
    for W in Ws:
        terms = np.abs(W) @ terms
    return v * 1000 / (np.abs(u) @ terms), u


# %% [markdown]
# ## Exercise 1: measure a Jacobian (5 points, 20 minutes, easy)
#
# Let $f$ take a vector of $D$ numbers to a vector of $M$ numbers. Nudge input $j$ by $h$ to both sides. What all
# outputs answer is column $j$ of the Jacobian:
#
# $$J_{:,j} \approx \frac{f(x + h\,e_j) - f(x - h\,e_j)}{2h}, \qquad J\in\mathbb R^{M\times D}.$$
#
# Here $e_j$ is the one-hot vector with its 1 in place $j$. These are **central** differences: they use a point on
# either side. They are exact for lines and parabolas, and for a cubic they are off by just $h^2$ times the cubic
# coefficient. The tests use all of this, so use the `h` you are given, and float64.
#
# **In the decks:** CEE616 (7) sees the same table by columns $\partial f/\partial x_j$ and by rows $\nabla f_i^\top$.
# It prints its columns with bold $\mathbf x_1,\dots,\mathbf x_D$; the single entries of $x$ are meant. In CEE616 (8)
# $\nabla f$ is the *transposed* Jacobian, while EECS545 and CSC561 write $\nabla$ for the Jacobian itself. We return
# outputs × inputs.
#
# **Worked example.** $f(x) = (x_1x_2,\ x_1^2,\ x_2)$ at $x=(2,3)$ with $h=0.5$. Nudging $x_1$ gives $f(2.5, 3) =
# (7.5,\ 6.25,\ 3)$ and $f(1.5, 3)=(4.5,\ 2.25,\ 3)$; their difference divided by 1 is the first column:
#
# $$J=\begin{pmatrix}3&2\\4&0\\0&1\end{pmatrix}.$$
#
# A one-sided difference, $(f(x+h\,e_1)-f(x))/h$, has 4.5 in place of the 4.
#
# <details><summary>Hint 1</summary>Make a list of columns, one for each entry of x, and join them at the end.
# <code>np.stack</code> has an argument that says whether its arrays become rows or columns.</details>
#
# <details><summary>Hint 2</summary>The rows of <code>h * np.eye(D)</code> are the nudges. x plus a nudge is a new array,
# and x stays as it is. Adding h to an entry of x and taking it away again does not always give the same number back:
# rounding.</details>


# %% grade_id="num_jac" role="solution"
def num_jac(f, x, h):
    """The Jacobian of a function by central differences.

    f: takes an array (D,) and returns an array (M,); x (D,), floats; h, the step, above 0.
    Returns an array (M, D).
    """
    ### BEGIN SOLUTION
    nudges = h * np.eye(len(x))
    return np.stack([(f(x + nudge) - f(x - nudge)) / (2 * h) for nudge in nudges], axis=1)
    ### END SOLUTION


# %% grade_id="test_num_jac" role="test" points=5
from coursekit import check


def compare_power(power, data, D, M, h):
    """Your Jacobian of A x, A x^2 or A x^3 (powers entry by entry) against what central differences give exactly."""
    A, x = data.normal(size=(M, D)), data.normal(size=D)
    given = {"x": x.copy()}
    with check.unchanged(**given):
        J = num_jac(lambda t: A @ t**power, given["x"], h)
    central = A * ((x + h) ** power - (x - h) ** power) / (2 * h)
    one_sided = A * ((x + h) ** power - x**power) / h
    why = check.bugs.answers({"half_distance": 2 * central, "one_sided": one_sided}, tolerance=1e-9)
    check.value(J, central, name=f"J of A x^{power}" if power > 1 else "J of A x", tolerance=1e-9, explain=why)


with check.score(5) as s:
    with s.part(2, "a linear map"):
        compare_power(1, check.rng("hw3_jacobians", "num_jac"), D=3, M=2, h=0.001)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw3_jacobians", "num_jac", "hidden", "linear")
        for D, M in [(3, 5), (2, 1), (1, 3)]:
            compare_power(1, data, D, M, h=0.001)
        ### END HIDDEN TESTS
    with s.part(3, "curved maps"):
        compare_power(2, check.rng("hw3_jacobians", "num_jac"), D=3, M=2, h=0.5)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw3_jacobians", "num_jac", "hidden", "curved")
        compare_power(2, data, D=3, M=5, h=0.25)
        compare_power(3, data, D=2, M=3, h=0.5)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 2: the Jacobian of each layer (5 points, 25 minutes, medium)
#
# A network of $L$ weight layers. The hidden layers use the activation `act`, the last layer is linear:
#
# $$a^{(0)} = x, \qquad z^{(l)} = W^{(l)}a^{(l-1)} + b^{(l)}, \qquad a^{(l)}=\varphi(z^{(l)})\ \text{for } l<L, \qquad
# a^{(L)} = z^{(L)}.$$
#
# Layer $l$ takes $a^{(l-1)}$ to $a^{(l)}$, and its Jacobian has the shape $(n_l, n_{l-1})$ of its weights:
#
# $$J_l = \mathrm{diag}\bigl(\varphi'(z^{(l)})\bigr)\,W^{(l)} \ \text{for } l<L, \qquad J_L = W^{(L)}.$$
#
# The diagonal matrix multiplies row $i$ of $W^{(l)}$ by the number $\varphi'(z^{(l)}_i)$. The product
# $J_L\cdots J_2J_1$ is the Jacobian of the whole network. Return the list $[J_1,\dots,J_L]$, layer 1 first; for $L=1$
# it has one entry. `activation(z, act)` returns $\varphi(z)$ and $\varphi'(z)$.
#
# | argument | shape | result | shape |
# |---|---|---|---|
# | `x` | (n_0,) | `layer_jacs(...)[l-1]` | (n_l, n_{l-1}) |
# | `Ws[l-1]` | (n_l, n_{l-1}) | | |
# | `bs[l-1]` | (n_l,) | | |
#
# **In the decks:** CEE616 counts $x_1\to x_2=W_1x_1\to x_3=\varphi(x_2)\to x_4=W_2x_3$ as three steps with the
# Jacobians $W_1$ (32), $\mathrm{diag}(\varphi'(x_2))$ (30) and $W_2$ (27). Our first layer is its first two steps
# together. Two errata: slide 5 draws the table of *every* layer with $M$ rows and $D$ columns, but layer $l$ has $n_l$ and
# $n_{l-1}$; and (6) calls the product of the four Jacobians the gradient, which by (8) is its transpose.
#
# **Worked example**, used again in exercise 3. ReLU, $x=(1,2)$, $b^{(1)}=(0,1,-1)$, $b^{(2)}=(0,0)$ and
#
# $$W^{(1)}=\begin{pmatrix}1&-1\\2&0\\0&1\end{pmatrix},\quad W^{(2)}=\begin{pmatrix}1&2&3\\0&-1&1\end{pmatrix}.$$
#
# Then $z^{(1)}=(-1,3,1)$, the slopes are $(0,1,1)$ and
#
# $$J_1=\begin{pmatrix}0&0\\2&0\\0&1\end{pmatrix},\quad J_2=W^{(2)},\quad
# J_2J_1=\begin{pmatrix}4&3\\-2&1\end{pmatrix}.$$
#
# <details><summary>Hint 1</summary>Run the network forward. At each hidden layer you hold its z; store that layer's
# Jacobian there and then go on with a.</details>
#
# <details><summary>Hint 2</summary><code>slope[:, None]</code> has the shape (n_l, 1), so it scales rows. Without
# <code>None</code>, slopes meet columns.</details>


# %% grade_id="layer_jacs" role="solution"
def layer_jacs(x, Ws, bs, act):
    """The Jacobian of each layer of a network at the input x.

    x (n_0,); Ws[l-1] (n_l, n_{l-1}); bs[l-1] (n_l,); act: "sigmoid", "tanh" or "relu", used in the hidden layers, the
    last layer is linear. Returns the list [J_1, ..., J_L], J_l (n_l, n_{l-1}).
    """
    ### BEGIN SOLUTION
    a, Js = x, []
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        a, slope = activation(W @ a + b, act)
        Js.append(slope[:, None] * W)
    return [*Js, Ws[-1]]
    ### END SOLUTION


# %% grade_id="test_layer_jacs" role="test" points=5
from coursekit import check, engine


def wrong_jacobians(z, W, phi, hidden):
    """What common mistakes give in place of the Jacobian of a layer."""
    a = phi.fn(z)
    slope, slope_at_a = phi.derivative(z, a)[:, None], phi.derivative(a, phi.fn(a))[:, None]
    if not hidden:
        return {"output_derivative": slope * W}
    return {"derivative_dropped": W, "derivative_at_activation": slope_at_a * W, "derivative_twice": slope**2 * W}


def jacobian_case(net, act):
    """A network, its activation, and your list of Jacobians; every argument must come back as it was."""
    x, Ws, bs = net

    @check.once
    def answer():
        given = {"x": x.copy(), "Ws": [W.copy() for W in Ws], "bs": [b.copy() for b in bs]}
        with check.unchanged(**given):
            return layer_jacs(*given.values(), act)

    return net, getattr(engine, act), answer


def compare_layers(net, phi, answer, hidden):
    """The Jacobians of the hidden layers or of the last layer of a network, each against central differences."""
    (x, Ws, bs), Js = net, answer()
    if not check.value(len(Js), len(Ws), name="the number of Jacobians"):
        return
    L = len(Ws)
    run = engine.forward(x[None], Ws, bs, [phi] * (L - 1) + [engine.identity])
    for k in range(L - 1) if hidden else [L - 1]:
        W, b, z = Ws[k], bs[k], run.Z[k][0]
        layer = (lambda t, W=W, b=b: phi.fn(W @ t + b)) if hidden else (lambda t, W=W, b=b: W @ t + b)
        expected = check.numeric_jacobian(layer, run.A[k][0])
        why = check.bugs.answers(wrong_jacobians(z, W, phi, hidden), layer=f"layer {k + 1}")
        check.value(Js[k], expected, name=f"J_{k + 1} of {L}", explain=why)


cases = [jacobian_case(draw_network(check.rng("hw3_jacobians", "layer_jacs"), [3, 5, 2], "tanh"), "tanh")]

### BEGIN HIDDEN TESTS
data = check.rng("hw3_jacobians", "layer_jacs", "hidden")
for sizes, act in [([2, 5, 3, 7], "relu"), ([3, 1, 2], "tanh"), ([5, 2, 3, 1], "sigmoid"), ([5, 3], "tanh")]:
    cases.append(jacobian_case(draw_network(data, sizes, act), act))


def compare_at_kink():
    """At ReLU's kink every slope from 0 to 1 is right."""
    W = data.normal(size=(3, 5))
    J = layer_jacs(np.zeros(5), [W.copy(), np.ones((2, 3))], [np.zeros(3), np.zeros(2)], "relu")[0]
    if check.shape(J, W.shape, name="J_1 at the kink"):
        check.value(J, np.clip(J, np.minimum(W, 0), np.maximum(W, 0)), name="J_1 at the kink")


def compare_wide():
    """A first layer with too many inputs to nudge one after the other."""
    x, Ws, bs = draw_network(data, [80021, 2, 3], "tanh")
    with check.time_limit(1.5, "layer_jacs"):
        J = layer_jacs(x, Ws, bs, "tanh")[0]
    check.value(J, (1 - np.tanh(Ws[0] @ x + bs[0]) ** 2)[:, None] * Ws[0], name="J_1 of a wide network")


### END HIDDEN TESTS

with check.score(5) as s:
    with s.part(3, "the hidden layers"):
        for case in cases:
            compare_layers(*case, hidden=True)
        ### BEGIN HIDDEN TESTS
        compare_at_kink()
        compare_wide()
        ### END HIDDEN TESTS
    with s.part(2, "the last layer"):
        for case in cases:
            compare_layers(*case, hidden=False)
s

# %% [markdown]
# ## Exercise 3: products without the Jacobian (4 + 4 points, 45 minutes, hard)
#
# The network is that of exercise 2, with the Jacobian $J = J_L\cdots J_1$ of shape (M, D), where $D=n_0$ and $M=n_L$. Two
# questions can be answered without writing $J$ down.
#
# **From the right: the JVP** $Jv$, of shape (M,). How does the output respond when the input moves along $v$? Carry $a$
# and its change $\dot a$ forward together. Start from $a=x$ and $\dot a=v$; at every hidden layer
#
# $$z = Wa+b, \qquad \dot a \leftarrow \varphi'(z)\odot(W\dot a), \qquad a\leftarrow\varphi(z),$$
#
# and at the last layer the answer is $W^{(L)}\dot a$.
#
# **From the left: the VJP** $u^\top J$, of shape (D,). How does $u\cdot f(x)$, a weighted sum of the outputs, depend on
# each input? First run forward and keep the slopes $\varphi'(z^{(l)})$. Then go backward. Start from
# $g = u^\top W^{(L)}$, and for $l=L-1,\dots,1$
#
# $$g \leftarrow (g\odot\varphi'(z^{(l)}))\,W^{(l)}.$$
#
# Nothing larger than the weights is ever needed. This is the point of the exercise, and it is tested: a network of
# widths 24,007, 2 and 23,993 has only about 100,000 weights, but its Jacobian would fill 4.6 gigabytes. You get neither
# the memory nor the time for it.
#
# The other test is the **adjoint identity**. $u\cdot(Jv)$ and $(u^\top J)\cdot v$ are the same number. It is tested
# against our own product from the other side and has to hold to twelve digits. The slope between two nearby points of
# the network does not reach that. Since $Jv$ is linear in $v$, any length of $v$ is allowed.
#
# **In the decks:** CEE616 (13) is the first recursion, $J_4(J_3(J_2(J_1v)))$; the stray brackets in $J_f(x)(v)$ and the
# $m_\ell$ for $M_\ell$ mean nothing. CEE616 (14) is the second one, $((u^\top J_4)J_3)J_2J_1$. CEE616-C8 and C10 call
# them forward and reverse mode. In EECS545 and CSC561 $u$ is the gradient of the loss at the output, a column in the
# one and a row in the other.
#
# **Worked example**, the network of exercise 2. For $v=(1,-1)$ the hidden layer gives $\dot a=(0,1,1)\odot(2,2,-1)
# =(0,2,-1)$, and $Jv=(1,-3)$. For $u=(1,1)$ the last layer gives $g=(1,1,4)$, the slopes leave $(0,1,4)$, and
# $u^\top J=(2,4)$. Adjoint identity: $1\cdot1+1\cdot(-3) = -2 = 2\cdot1+4\cdot(-1)$.
#
# <details><summary>Hint 1 for jvp</summary>One loop over the hidden layers, with two vectors that both change in each
# round. Take care of the order: the old a is needed for z.</details>
#
# <details><summary>Hint 1 for vjp</summary>Two loops. The first runs forward and appends each slope to a list, the second
# reads this list from its end.</details>
#
# <details><summary>Hint 2 for vjp</summary>A vector times a matrix from the left is <code>g @ W</code>. No transpose is
# needed.</details>
#
# <details><summary>Hint for the large network</summary>The order of the brackets matters. (A @ B) @ v builds A @ B first;
# A @ (B @ v) only ever makes vectors.</details>


# %% grade_id="jvp" role="solution"
def jvp(x, v, Ws, bs, act):
    """The Jacobian of a network at x, times v from the right: J v.

    x (D,); v (D,), of any length; Ws[l-1] (n_l, n_{l-1}); bs[l-1] (n_l,); act: "sigmoid", "tanh" or "relu", used in
    the hidden layers, the last layer is linear. Returns an array (M,).
    """
    ### BEGIN SOLUTION
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        x, slope = activation(W @ x + b, act)
        v = slope * (W @ v)
    return Ws[-1] @ v
    ### END SOLUTION


# %% grade_id="test_jvp" role="test" points=4
from coursekit import check, engine


def chain_of(Ws, bs, phi, rule):
    """The network as the course's engine knows it, with another rule for the JVP of its hidden activations."""
    phi = phi._replace(jvp=rule)
    maps = [step for W, b in zip(Ws, bs, strict=True) for step in (engine.affine_map(W, b), phi)]
    return tuple(maps[:-1])


def wrong_jvp(x, v, Ws, bs, phi):
    """What common mistakes at the activations give in place of J v."""
    mistakes = {
        "derivative_dropped": lambda V, Z, A, out=None: V,
        "derivative_at_activation": lambda V, Z, A, out=None: phi.jvp(V, A, phi.fn(A)),
        "derivative_twice": lambda V, Z, A, out=None: phi.jvp(phi.jvp(V, Z, A), Z, A),
    }
    maps = {code: chain_of(Ws, bs, phi, rule) for code, rule in mistakes.items()}
    maps["output_derivative"] = (*chain_of(Ws, bs, phi, phi.jvp), phi)
    return {code: engine.jvp(wrong, x[None], v[None])[0] for code, wrong in maps.items()}


def answer_jvp(x, v, Ws, bs, act):
    """Your product; every argument must come back as it was."""
    given = {"x": x.copy(), "v": v.copy(), "Ws": [W.copy() for W in Ws], "bs": [b.copy() for b in bs]}
    with check.unchanged(**given):
        return jvp(*given.values(), act)


def compare_jvp(data, sizes, act):
    """Your J v against the measured Jacobian times v."""
    x, Ws, bs = draw_network(data, sizes, act)
    v, phi = data.normal(size=sizes[0]), getattr(engine, act)
    Jv = answer_jvp(x, v, Ws, bs, act)
    maps = chain_of(Ws, bs, phi, phi.jvp)
    J = check.numeric_jacobian(lambda t: engine.compose(*maps)(t[None])[0], x)
    why = check.bugs.answers(lambda: wrong_jvp(x, v, Ws, bs, phi), layer="every hidden layer")
    check.value(Jv, J @ v, name=f"J v for {act}", explain=why)


def compare_adjoint(data, sizes, act):
    """u . (J v), with your J v, against (u^T J) . v, with our u^T J, to twelve digits."""
    x, Ws, bs = draw_network(data, sizes, act)
    (v, u), phi = draw_seeds(data, Ws), getattr(engine, act)
    Jv = answer_jvp(x, v, Ws, bs, act)
    uJ = engine.vjp(chain_of(Ws, bs, phi, phi.jvp), x[None], u[None])[0]
    if check.shape(Jv, u.shape, name="J v"):
        check.value(u @ Jv, uJ @ v, name="u . (J v), with your J v,", tolerance=1e-12)


### BEGIN HIDDEN TESTS
def compare_huge(data):
    """Two products with a Jacobian that nobody can write down."""
    x, Ws, bs = draw_network(data, [24007, 2, 23993], "tanh")
    vs = data.normal(size=(2, 24007))
    with check.time_limit(1.5, "jvp, twice with a Jacobian of 4.6 GB,"):
        products = [jvp(x, v, Ws, bs, "tanh") for v in vs]
    slopes = 1 - np.tanh(Ws[0] @ x + bs[0]) ** 2
    for v, Jv in zip(vs, products, strict=True):
        check.value(Jv, Ws[1] @ (slopes * (Ws[0] @ v)), name="J v of a network with 24,007 inputs")


### END HIDDEN TESTS

with check.score(4) as s:
    with s.part(2, "J v"):
        compare_jvp(check.rng("hw3_jacobians", "jvp"), [3, 5, 2], "tanh")
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw3_jacobians", "jvp", "hidden", "values")
        for sizes, act in [([2, 5, 3, 7], "relu"), ([3, 1, 2], "tanh"), ([5, 2, 3, 1], "sigmoid"), ([5, 3], "tanh")]:
            compare_jvp(data, sizes, act)
        ### END HIDDEN TESTS
    with s.part(2, "exact, and without the Jacobian"):
        compare_adjoint(check.rng("hw3_jacobians", "jvp"), [3, 5, 2], "tanh")
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw3_jacobians", "jvp", "hidden", "adjoint")
        compare_adjoint(data, [3, 5, 7, 2], "tanh")
        compare_huge(data)
        ### END HIDDEN TESTS
s


# %% grade_id="vjp" role="solution"
def vjp(x, u, Ws, bs, act):
    """The Jacobian of a network at x, times u from the left: u^T J.

    x (D,); u (M,); Ws[l-1] (n_l, n_{l-1}); bs[l-1] (n_l,); act: "sigmoid", "tanh" or "relu", used in the hidden
    layers, the last layer is linear. Returns an array (D,).
    """
    ### BEGIN SOLUTION
    slopes = []
    for W, b in zip(Ws[:-1], bs[:-1], strict=True):
        x, slope = activation(W @ x + b, act)
        slopes.append(slope)
    u = u @ Ws[-1]
    for W, slope in zip(Ws[-2::-1], slopes[::-1], strict=True):
        u = (u * slope) @ W
    return u
    ### END SOLUTION


# %% grade_id="test_vjp" role="test" points=4
from coursekit import check, engine


def network_maps(Ws, bs, phi, rule):
    """The network as the course's engine knows it, with another rule for the VJP of its hidden activations."""
    phi = phi._replace(vjp=rule)
    maps = [step for W, b in zip(Ws, bs, strict=True) for step in (engine.affine_map(W, b), phi)]
    return tuple(maps[:-1])


def wrong_vjp(x, u, Ws, bs, phi):
    """What common mistakes at the activations give in place of u^T J."""
    mistakes = {
        "derivative_dropped": lambda G, Z, A, out=None: G,
        "derivative_at_activation": lambda G, Z, A, out=None: phi.vjp(G, A, phi.fn(A)),
        "derivative_twice": lambda G, Z, A, out=None: phi.vjp(phi.vjp(G, Z, A), Z, A),
    }
    maps = {code: network_maps(Ws, bs, phi, rule) for code, rule in mistakes.items()}
    maps["output_derivative"] = (*network_maps(Ws, bs, phi, phi.vjp), phi)
    return {code: engine.vjp(wrong, x[None], u[None])[0] for code, wrong in maps.items()}


def answer_vjp(x, u, Ws, bs, act):
    """Your product; every argument must come back as it was."""
    given = {"x": x.copy(), "u": u.copy(), "Ws": [W.copy() for W in Ws], "bs": [b.copy() for b in bs]}
    with check.unchanged(**given):
        return vjp(*given.values(), act)


def compare_vjp(data, sizes, act):
    """Your u^T J against u times the measured Jacobian."""
    x, Ws, bs = draw_network(data, sizes, act)
    u, phi = data.normal(size=sizes[-1]), getattr(engine, act)
    uJ = answer_vjp(x, u, Ws, bs, act)
    f = engine.compose(*network_maps(Ws, bs, phi, phi.vjp))
    J = check.numeric_jacobian(lambda t: f(t[None])[0], x)
    why = check.bugs.answers(lambda: wrong_vjp(x, u, Ws, bs, phi), layer="every hidden layer")
    check.value(uJ, u @ J, name=f"u^T J for {act}", explain=why)


def compare_adjoint_vjp(data, sizes, act):
    """(u^T J) . v, with your u^T J, against u . (J v), with our J v, to twelve digits."""
    x, Ws, bs = draw_network(data, sizes, act)
    (v, u), phi = draw_seeds(data, Ws), getattr(engine, act)
    uJ = answer_vjp(x, u, Ws, bs, act)
    Jv = engine.jvp(network_maps(Ws, bs, phi, phi.vjp), x[None], v[None])[0]
    if check.shape(uJ, v.shape, name="u^T J"):
        check.value(uJ @ v, u @ Jv, name="(u^T J) . v, with your u^T J,", tolerance=1e-12)


### BEGIN HIDDEN TESTS
def compare_huge_vjp(data):
    """Two products with a Jacobian that nobody can write down, and with too many inputs to nudge."""
    x, Ws, bs = draw_network(data, [24007, 2, 23993], "tanh")
    us = data.normal(size=(2, 23993))
    with check.time_limit(1.5, "vjp, twice with a Jacobian of 4.6 GB,"):
        products = [vjp(x, u, Ws, bs, "tanh") for u in us]
    slopes = 1 - np.tanh(Ws[0] @ x + bs[0]) ** 2
    for u, uJ in zip(us, products, strict=True):
        check.value(uJ, (slopes * (u @ Ws[1])) @ Ws[0], name="u^T J of a network with 24,007 inputs")


### END HIDDEN TESTS

with check.score(4) as s:
    with s.part(2, "u^T J"):
        compare_vjp(check.rng("hw3_jacobians", "vjp"), [3, 5, 2], "tanh")
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw3_jacobians", "vjp", "hidden", "values")
        for sizes, act in [([2, 5, 3, 7], "relu"), ([3, 1, 2], "tanh"), ([5, 2, 3, 1], "sigmoid"), ([5, 3], "tanh")]:
            compare_vjp(data, sizes, act)
        ### END HIDDEN TESTS
    with s.part(2, "exact, and without the Jacobian"):
        compare_adjoint_vjp(check.rng("hw3_jacobians", "vjp"), [3, 5, 2], "tanh")
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw3_jacobians", "vjp", "hidden", "adjoint")
        compare_adjoint_vjp(data, [3, 5, 7, 2], "tanh")
        compare_huge_vjp(data)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 4: a whole Jacobian in two ways (5 points, 15 minutes, easy)
#
# Sometimes one wants the whole table after all. A product with a one-hot vector picks out a part of it:
#
# $$J\,e_j = \text{column } j \ (j=1,\dots,D), \qquad e_i^\top J = \text{row } i \ (i=1,\dots,M).$$
#
# `jac_fwd(jvp, D)` gets a function `jvp`, which takes `v` (D,) and returns $Jv$ (M,). It returns $J$ (M, D), column by
# column. `jac_rev(vjp, M)` gets a function `vjp`, which takes `u` (M,) and returns $u^\top J$ (D,). It returns the same
# $J$, row by row. The tests hand in functions of their own, not yours, and they count: **exactly** $D$ calls of `jvp`, and
# exactly $M$ calls of `vjp`.
#
# **In the decks:** CEE616-C6 says that a full Jacobian takes $M$ JVPs or $D$ VJPs. It is the other way round, and the
# brackets on the same slide, one per input and one per output, are right. With two outputs and four inputs, two JVPs
# would leave two columns out.
#
# **Worked example.** For the network of exercise 2, `jvp` returns $(4,-2)$ for $(1,0)$ and $(3,1)$ for $(0,1)$; `vjp`
# returns $(4,3)$ for $(1,0)$ and $(-2,1)$ for $(0,1)$. Both ways make
#
# $$J=\begin{pmatrix}4&3\\-2&1\end{pmatrix}.$$
#
# <details><summary>Hint</summary>The rows of <code>np.eye(n)</code> are the one-hot vectors. Only one of the two
# functions has to put the answers into columns.</details>


# %% grade_id="both_modes" role="solution"
def jac_fwd(jvp, D):
    """A whole Jacobian from products from the right.

    jvp: takes v (D,) and returns J v (M,); D, the number of inputs. Returns J (M, D), after D calls.
    """
    ### BEGIN SOLUTION
    return np.stack([jvp(e) for e in np.eye(D)], axis=1)
    ### END SOLUTION


def jac_rev(vjp, M):
    """A whole Jacobian from products from the left.

    vjp: takes u (M,) and returns u^T J (D,); M, the number of outputs. Returns J (M, D), after M calls.
    """
    ### BEGIN SOLUTION
    return np.stack([vjp(e) for e in np.eye(M)])
    ### END SOLUTION


# %% grade_id="test_both_modes" role="test" points=5
from coursekit import check


def compare_fwd(data, D, M):
    """Your Jacobian from products J v, and the number of them."""
    J, calls = data.normal(size=(M, D)), []

    def product(v):
        """J v; the call is counted."""
        calls.append(v)
        return J @ v

    check.value(jac_fwd(product, D), J, name=f"J from columns, for D={D} and M={M}")
    # Whoever takes M products of these has asked once before, to learn what M is.
    why = check.bugs.answers({"passes_swapped": M + 1})
    check.value(len(calls), D, name=f"the number of calls of jvp, for D={D} and M={M}", explain=why)


def compare_rev(data, D, M):
    """Your Jacobian from products u^T J, and the number of them."""
    J, calls = data.normal(size=(M, D)), []

    def product(u):
        """u^T J; the call is counted."""
        calls.append(u)
        return u @ J

    check.value(jac_rev(product, M), J, name=f"J from rows, for D={D} and M={M}")
    # Whoever takes D products of these has asked once before, to learn what D is.
    why = check.bugs.answers({"passes_swapped": D + 1})
    check.value(len(calls), M, name=f"the number of calls of vjp, for D={D} and M={M}", explain=why)


with check.score(5) as s:
    with s.part(2.5, "jac_fwd"):
        compare_fwd(check.rng("hw3_jacobians", "jac_fwd"), D=3, M=2)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw3_jacobians", "jac_fwd", "hidden")
        for D, M in [(5, 3), (2, 5), (3, 1), (1, 2)]:
            compare_fwd(data, D, M)
        ### END HIDDEN TESTS
    with s.part(2.5, "jac_rev"):
        compare_rev(check.rng("hw3_jacobians", "jac_rev"), D=3, M=2)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw3_jacobians", "jac_rev", "hidden")
        for D, M in [(3, 5), (5, 2), (1, 3), (2, 1)]:
            compare_rev(data, D, M)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 5: what a whole Jacobian costs (4 points, 20 minutes, medium)
#
# Count multiply-adds, written MACs. A matrix of shape $(n_l, n_{l-1})$ times a vector takes $n_l\,n_{l-1}$ of them.
# Activations and the forward pass are not counted. With the widths $n_0=D,\ n_1,\dots,n_L=M$ a whole Jacobian takes
#
# $$\text{forward: } D\sum_{l=1}^{L} n_l\,n_{l-1}, \qquad \text{reverse: } M\sum_{l=1}^{L} n_l\,n_{l-1}.$$
#
# Each pass starts with a one-hot vector, its **seed**, and the first product of a pass only picks out a column or a
# row. If it is picked instead of multiplied, the seed is *free*, and one layer drops out of the sum: the one where the
# pass starts. This is layer 1 in forward mode and layer $L$ in reverse mode.
#
# `sizes` is the list of widths, input first. `mode` is `"forward"` or `"reverse"`. `free_seed` is `True` if the product
# with the seed costs nothing. Return one whole number.
#
# **In the decks:** CEE616-C7 says that $D<M$ makes JVPs cheaper, and C9 that $M<D$ makes VJPs cheaper. Both hold if every
# pass costs the same. With free seeds they can fail, as the second row below shows.
#
# **Worked example.**
#
# | widths | forward, charged | forward, free | reverse, charged | reverse, free |
# |---|---|---|---|---|
# | 4-8-6-4-2 | 448 | 320 | 224 | 208 |
# | 3-1-1-10-4 | 162 | 153 | 216 | 56 |
#
# First row: the layers cost 32, 48, 24 and 8, together 112. Four columns take 448, and without layer 1
# $4\cdot80=320$. Two rows take 224, and without layer 4 $2\cdot104=208$.
#
# <details><summary>Hint</summary>Make the list of the layers' costs first. A free seed shortens this list at one end;
# the mode says at which.</details>


# %% grade_id="macs" role="solution"
def macs(sizes, mode, free_seed):
    """The number of multiply-adds of the whole Jacobian of a network.

    sizes: list of the widths n_0, ..., n_L; mode: "forward" or "reverse"; free_seed: True if the products with the
    one-hot vectors cost nothing. Returns an int.
    """
    ### BEGIN SOLUTION
    layers = [D * M for D, M in pairwise(sizes)]
    if mode == "forward":
        return sizes[0] * sum(layers[1:] if free_seed else layers)
    return sizes[-1] * sum(layers[:-1] if free_seed else layers)
    ### END SOLUTION


# %% grade_id="test_macs" role="test" points=4
from coursekit import check, engine


def wrong_macs(sizes, mode, free_seed):
    """What common ways to count the multiply-adds give."""
    layers = [D * M for D, M in pairwise(sizes)]
    passes, others = (sizes[0], sizes[-1]) if mode == "forward" else (sizes[-1], sizes[0])
    start, end = (layers[0], layers[-1]) if mode == "forward" else (layers[-1], layers[0])
    free = start if free_seed else 0
    return [
        ("passes_swapped", others * (sum(layers) - free)),
        ("seed_charged", passes * sum(layers)),
        ("free_seed_elsewhere", passes * (sum(layers) - end)),
        ("one_seed_free", passes * sum(layers) - start),
    ]


def compare_macs(sizes, free_seed):
    """Your count for both modes."""
    for mode in ("forward", "reverse"):
        seeds = "free" if free_seed else "charged"
        expected = engine.multiply_adds(sizes, mode, charge_seed=not free_seed)
        name = f"the count for {'-'.join(map(str, sizes))} in {mode} mode, seeds {seeds},"
        why = check.bugs.answers(wrong_macs(sizes, mode, free_seed), tolerance=1e-9)
        check.value(macs(list(sizes), mode, free_seed), expected, name=name, explain=why, tolerance=0)


### BEGIN HIDDEN TESTS
def random_widths(data):
    """Widths of networks of one to five layers, all different within a network."""
    return [[int(width) for width in data.permutation(np.arange(2, 40))[: L + 1]] for L in (1, 2, 3, 5)]


### END HIDDEN TESTS

with check.score(4) as s:
    with s.part(2, "seeds charged"):
        compare_macs([4, 8, 6, 4, 2], free_seed=False)
        ### BEGIN HIDDEN TESTS
        for widths in random_widths(check.rng("hw3_jacobians", "macs", "hidden", "charged")):
            compare_macs(widths, free_seed=False)
        ### END HIDDEN TESTS
    with s.part(2, "seeds free"):
        compare_macs([4, 8, 6, 4, 2], free_seed=True)
        ### BEGIN HIDDEN TESTS
        for widths in random_widths(check.rng("hw3_jacobians", "macs", "hidden", "free")):
            compare_macs(widths, free_seed=True)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 6: the Jacobian with respect to the weights (3 points, 15 minutes, medium)
#
# So far the input moved. Now the weights of one layer $z=Wx$ move, and the input stays. To have a Jacobian, the $MD$
# weights must stand in one vector. We read $W$ row after row (row-major), so $\mathrm{vec}(W)$ is `W.ravel()`. Output $i$
# is row $i$ of $W$ times $x$. It feels the $D$ weights of its own row, each with the slope of its input, and no others:
#
# $$\frac{\partial z}{\partial\,\mathrm{vec}(W)} = I_M\otimes x^\top =
# \begin{pmatrix}x^\top&0&\cdots&0\\0&x^\top&\cdots&0\\ \vdots&&\ddots&\vdots\\0&0&\cdots&x^\top\end{pmatrix}
# \in\mathbb R^{M\times MD}.$$
#
# `affine_jac_theta(x, M)` takes the input `x` (D,) and the number of outputs. It does not need $W$: the layer is linear in
# its weights, so its slopes do not depend on them.
#
# **In the decks:** CEE616 (28) prints $\partial x_4/\partial\theta_3=x_3^\top$. That is the case $M=1$; with more outputs
# the shapes no longer fit. (33) leaves the same Jacobian of the first layer open. Slide row U3 then sets
# $u^\top J$, a row of $M D$ numbers, equal to the matrix $u\,x^\top$; the row is this matrix read row after row.
#
# **Worked example.** $x=(5,7)$ and $M=3$ give
#
# $$\begin{pmatrix}5&7&0&0&0&0\\0&0&5&7&0&0\\0&0&0&0&5&7\end{pmatrix}.$$
#
# <details><summary>Hint</summary>Start from zeros. In row i, where does the block with x begin, and where does it
# end?</details>


# %% grade_id="affine_jac_theta" role="solution"
def affine_jac_theta(x, M):
    """The Jacobian of z = W x with respect to the weights, W (M, D) read row after row.

    x (D,); M, the number of outputs. Returns an array (M, M D).
    """
    ### BEGIN SOLUTION
    return np.kron(np.eye(M), x)
    ### END SOLUTION


# %% grade_id="test_affine_jac_theta" role="test" points=3
from coursekit import check, engine


def compare_theta(data, D, M):
    """Your Jacobian of W x against central differences of all weights."""
    x, w = data.normal(size=D), data.normal(size=M * D)
    given = {"x": x.copy()}
    with check.unchanged(**given):
        J = affine_jac_theta(given["x"], M)
    expected = check.numeric_jacobian(lambda t: t.reshape(M, D) @ x, w)
    why = check.bugs.answers({"block_repeated": np.tile(x, (M, M)), "read_by_columns": np.kron(x, np.eye(M))})
    check.value(J, expected, name=f"the Jacobian for D={D} and M={M}", explain=why)


### BEGIN HIDDEN TESTS
def compare_many_weights(data, D, M):
    """More weights than one can nudge one after the other."""
    x = data.normal(size=D)
    with check.time_limit(1.5, "affine_jac_theta"):
        J = affine_jac_theta(x, M)
    check.value(J, engine.affine_jacobian_parameters(x[None], M)[0], name=f"the Jacobian for D={D} and M={M}")


### END HIDDEN TESTS

with check.score(3) as s:
    with s.part(3, "the Jacobian"):
        compare_theta(check.rng("hw3_jacobians", "affine_jac_theta"), D=3, M=2)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw3_jacobians", "affine_jac_theta", "hidden")
        for D, M in [(5, 7), (2, 3), (5, 1), (1, 3)]:
            compare_theta(data, D, M)
        compare_many_weights(data, D=42013, M=2)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 7: in your own words (2 points outside the 200, 10 minutes)
#
# A friend trains a network with 100,000 weights and one loss. "Forward mode", she says, "need not store the activations
# of all layers. So I shall take the slopes of the loss with JVPs and save the memory." In three to five sentences: is she
# right about the memory? What does it cost her to get all slopes? For which task would her idea be a good one?
#
# A person reads and grades this answer.

# %% [markdown] grade_id="explain_modes" role="explain" points=2
# ### BEGIN SOLUTION
# She is right about the memory: a JVP travels with the forward pass and needs only the layer at work, while reverse mode
# has to keep the slopes of all layers until it comes back. But a JVP answers for one direction only, so 100,000 slopes
# take 100,000 passes. Reverse mode takes one pass for each output, and the loss is a single output: one VJP, at about the
# price of another forward pass or two, gives all slopes. Her idea is good where there are few inputs and many outputs,
# or where one direction is all one wants to know, such as how the output changes along one given step.
# ### END SOLUTION
