# %% [markdown]
# # Homework 5: A small automatic differentiation engine
#
# **Goal.** Write an engine that differentiates any program made of a dozen operations. Each operation gets its own
# backward rule, a list puts the operations in order, and one loop plays the rules backwards. Then train a network with
# the engine, and hunt for bugs in engines of others.
#
# **Needs** lecture 10, and `affine_backward` of homework 4 as an idea. **Time** about 200 minutes. **Difficulty**
# medium; exercises 1 and 3 are the heart, exercise 8 is the hard one.
#
# | exercise | you write | points | slides |
# |---|---|---|---|
# | 1 | `undo_broadcast`, and `+ * @ - /` of `Node` | 10 | EECS545-C20, EECS545-F12, CSC561-E23 |
# | 2 | `topo` | 4 | EECS545-F12, EECS545-F20 |
# | 3 | `backward` | 8 | CSC561-E13, CSC561-E25, CSC561-E26, EECS545-C20 |
# | 4 | `sigmoid`, `tanh`, `relu`, `exp`, `log`, `softmax`, `row_max`, `row_product` | 10 | CSC561-E23, CSC561-C20, CSC561-C22 |
# | 5 | `is_subgradient` | 2 | CSC561-E27, CSC561-C17 to C19, CSC561-C21 |
# | 6 | `mlp_loss` | 5 | EECS545-C25, EECS545-C26 |
# | 7 | `train_xor` | 1 | CSC561-C16 |
# | 8 | `find_bug` | 5 | EECS545-C20 |
# | 9 | an answer in words | 2 | CSC561-C20 |
# | | **together** | **45 + 2** | |
#
# A person reads exercise 9, and its 2 points stand outside the 200 of the course.
#
# **How it is graded.** Below each of your cells stands a test cell. It shows at once what is right, what is wrong and
# often why. What you see there are the *visible* checks, and they are only part of the tests: hidden ones run with
# other numbers, other shapes and larger arrays, and a part of an exercise earns its points only if both agree. Every
# exercise is tested by itself, so a mistake in one does not spoil the next.
#
# **Rules for all exercises**
#
# * Some cells hold finished lines beside the places where you write. Leave those lines as they are: the test cells use
#   them.
# * **Every gradient has the shape of its variable**: `node.grad.shape == node.value.shape`.
# * numpy and the standard library only. Loops are allowed. Leave the arrays you are given as they are.
# * A test cell may take 10 s. Large cases have a limit of 1.5 s of their own. Plain Python loops over the formula stay
#   well below it; measuring the slope of one coordinate after the other does not.
# * Results count as right to five digits of the largest entry, so float32 is precise enough.

# %% grade_id="setup" role="setup"
import numpy as np

# %% [markdown]
# ## Exercise 1: operations that remember (10 points, 50 minutes, medium)
#
# A `Node` holds a `value`, the nodes that it was made from, its `parents`, and for each parent one function, its
# **vjp**. Let $\mathcal L$ be the number at the end of the program. A vjp takes $G = \partial\mathcal L/\partial Z$,
# the gradient of the node, and returns what this node adds to the gradient of that parent. `G` has the shape of the
# node's value, and the result has the shape of the parent's value. A single number is kept as an array with one entry.
#
# For $Z$ computed from $A$ and $B$:
#
# | you write | $Z$ | to $A$ goes | to $B$ goes |
# |---|---|---|---|
# | `__add__` | $A + B$ | $G$ | $G$ |
# | `__mul__` | $A \odot B$ | $G \odot B$ | $G \odot A$ |
# | `__matmul__` | $A\,B$, with (N, D) and (D, M) | $G\,B^\top$ | $A^\top G$ |
# | `__sub__` | $A - B$ | $G$ | $-G$ |
# | `__truediv__` | $A / B$, entry by entry | $G / B$ | $-G \odot Z / B$ |
#
# Python calls these methods for `+`, `*`, `@`, `-` and `/`. The other operand may be a node, an array or a number;
# `as_node` makes a node of it. An operation may also be put together from other operations.
#
# **Broadcasting.** numpy lets a bias (M,) be added to a batch (N, M): each entry of the bias is used N times. What is
# used N times gets N contributions, and they add up. `undo_broadcast(G, shape)` adds `G` up over every axis along which
# numpy repeated an array of that shape. These are the axes in front that the shape does not have, and the axes where
# its length is 1.
#
# | `G` | `shape` | sum over | result |
# |---|---|---|---|
# | (N, M) | (M,) | axis 0 | (M,) |
# | (N, M) | (N, 1) | axis 1, which stays with length 1 | (N, 1) |
# | (N, M) | (1,) | both | (1,) |
# | (N, M) | (N, M) | nothing | (N, M) |
#
# **In the decks:** CSC561 calls the product of two outputs a multiplicative unit, $o_i = y_j\,y_l$, and $G$ is its
# $\partial\mathrm{Div}/\partial o_i$. Its two formulas, E25 and E26, are the second row of the table.
#
# **Worked example.** $A=\begin{pmatrix}1&2&3\\4&5&6\end{pmatrix}$ times $b=(2,\ 0,\ -1)$, with
# $G=\begin{pmatrix}1&1&1\\0&1&2\end{pmatrix}$, has the value $\begin{pmatrix}2&0&-3\\8&0&-6\end{pmatrix}$. To $A$ goes
# $\begin{pmatrix}2&0&-1\\0&0&-2\end{pmatrix}$. To $b$ goes $G\odot A=\begin{pmatrix}1&2&3\\0&5&12\end{pmatrix}$, summed
# over the rows: $(1,\ 7,\ 15)$.
#
# The methods `T` and `sum` are finished and show how an operation is written. Below the class stand three finished
# functions. `sum_over_paths` follows every path from a result down to a node and adds up what arrives. That is right for
# every program, but slow for long ones: exercise 3 replaces it. `try_rule(f, arrays, G)` runs `f` on nodes and returns
# its value and the gradients, for instance `try_rule(lambda a, b: a * b, [A, b], G)` for the example.
#
# <details><summary>Hint 1</summary>Write `__add__` for equal shapes first. It returns one new Node with two parents and
# two vjps, each a lambda of G.</details>
#
# <details><summary>Hint 2</summary>Then send each vjp's result through undo_broadcast with the shape of that parent's
# value. A matrix product does not need it.</details>
#
# <details><summary>Hint 3</summary>G.sum accepts a tuple of axes, also an empty one, and keepdims=True.</details>


# %% grade_id="node" role="solution"
def undo_broadcast(G, shape):
    """Add G up over the axes along which numpy repeated an array of this shape.

    G: array; shape: a tuple that broadcasts to G.shape. Returns an array of that shape.
    """
    ### BEGIN SOLUTION
    lengths = (1,) * (G.ndim - len(shape)) + shape
    return G.sum(axis=tuple(axis for axis in range(G.ndim) if lengths[axis] == 1)).reshape(shape)
    ### END SOLUTION


class Node:
    """A value that remembers how it was made.

    value: an array, or a number, which is kept with shape (1,); parents: the nodes it was computed from; vjps: for each
    parent a function from the gradient of this node to the contribution to that parent, in the shape of its value.
    grad has the shape of value and is zero until exercise 3 fills it.
    """

    __array_ufunc__ = None  # an array to the left of a node leaves the work to the node

    def __init__(self, value, parents=(), vjps=()):
        self.value = np.array(value, dtype=float, ndmin=1)
        self.parents, self.vjps = tuple(parents), tuple(vjps)
        self.grad = np.zeros(self.value.shape)

    @property
    def T(self):
        """Rows and columns exchanged."""
        return Node(self.value.T, (self,), (lambda G: G.T,))

    def sum(self):
        """The sum of all entries, with shape (1,)."""
        return Node(self.value.sum(), (self,), (lambda G: G * np.ones_like(self.value),))

    def __add__(self, other):
        """This node + other, with broadcasting."""
        ### BEGIN SOLUTION
        other = as_node(other)
        vjps = (lambda G: undo_broadcast(G, self.value.shape), lambda G: undo_broadcast(G, other.value.shape))
        return Node(self.value + other.value, (self, other), vjps)
        ### END SOLUTION

    def __mul__(self, other):
        """This node * other, entry by entry, with broadcasting."""
        ### BEGIN SOLUTION
        other = as_node(other)
        vjps = (
            lambda G: undo_broadcast(G * other.value, self.value.shape),
            lambda G: undo_broadcast(G * self.value, other.value.shape),
        )
        return Node(self.value * other.value, (self, other), vjps)
        ### END SOLUTION

    def __matmul__(self, other):
        """This node (N, D) @ other (D, M)."""
        ### BEGIN SOLUTION
        other = as_node(other)
        vjps = (lambda G: G @ other.value.T, lambda G: self.value.T @ G)
        return Node(self.value @ other.value, (self, other), vjps)
        ### END SOLUTION

    def __sub__(self, other):
        """This node - other, with broadcasting."""
        ### BEGIN SOLUTION
        return self + as_node(other) * -1.0
        ### END SOLUTION

    def __truediv__(self, other):
        """This node / other, entry by entry, with broadcasting."""
        ### BEGIN SOLUTION
        other = as_node(other)
        quotient = self.value / other.value
        vjps = (
            lambda G: undo_broadcast(G / other.value, self.value.shape),
            lambda G: undo_broadcast(-G * quotient / other.value, other.value.shape),
        )
        return Node(quotient, (self, other), vjps)
        ### END SOLUTION

    __radd__ = __add__
    __rmul__ = __mul__

    def __rmatmul__(self, other):
        return as_node(other) @ self

    def __rsub__(self, other):
        return as_node(other) - self

    def __rtruediv__(self, other):
        return as_node(other) / self


def as_node(value):
    """A node without parents; value: an array or a number, or a node, which is returned as it is."""
    return value if isinstance(value, Node) else Node(value)


def sum_over_paths(result, G, node):
    """The gradient of sum(G * result.value) with respect to a node: one contribution for each path, added up.

    result, node: nodes; G: an array of the shape of result.value.
    """
    if result is node:
        return G
    return sum(sum_over_paths(parent, vjp(G), node) for parent, vjp in zip(result.parents, result.vjps, strict=True))


def try_rule(f, arrays, G):
    """The value of f on nodes of these arrays, and a list with the gradient of sum(G * value) for each array.

    f: function of as many nodes as there are arrays, returns a node; G: an array of the shape of its value.
    """
    nodes = [Node(array) for array in arrays]
    result = f(*nodes)
    return result.value, [sum_over_paths(result, G, node) for node in nodes]


# %% grade_id="test_node" role="test" points=10
from coursekit import check


def answer_operation(f, arrays, G):
    """The value of f on your nodes, and the gradients of sum(G * value) for each of the arrays."""
    nodes = [Node(array) for array in arrays]
    result = f(*nodes)
    return result.value, [sum_over_paths(result, G, node) for node in nodes]


def compare_operation(name, f, arrays, data):
    """Value and gradients of f on your nodes; f works on arrays as well, and is differenced there."""
    expected = f(*arrays)
    G = data.normal(size=np.shape(expected))
    given = {f"operand {k}": array.copy() for k, array in enumerate(arrays, start=1)}
    with check.unchanged(**given, G=G):
        value, gradients = answer_operation(f, list(given.values()), G)
    check.value(value, expected, name=f"the value of {name}")
    for k, array in enumerate(arrays):

        def loss(V, k=k):
            return np.sum(G * f(*arrays[:k], V, *arrays[k + 1 :]))

        check.gradient(gradients[k], loss, at=array, name=f"the gradient of {name} for operand {k + 1}")


def away_from_zero(data, *shape):
    """Numbers of both signs between 0.5 and 2 in size, so that one may divide by them."""
    return data.uniform(0.5, 2, size=shape) * data.choice([-1.0, 1.0], size=shape)


def compare_undo(data, large, shape):
    """Your sum over the axes along which an array was repeated."""
    G = data.normal(size=large)
    with check.unchanged(G=G):
        got = undo_broadcast(G, shape)
    repeated = np.broadcast_to(np.arange(np.prod(shape)).reshape(shape), large)
    expected = np.bincount(repeated.ravel(), weights=G.ravel()).reshape(shape)
    check.value(got, expected, name=f"undo_broadcast from {large} to {shape}")


### BEGIN HIDDEN TESTS
def compare_large_operation(name, f, rule, arrays, data):
    """The same with too many entries to difference, against a formula."""
    expected = f(*arrays)
    G = data.uniform(-1, 1, size=expected.shape)
    with check.time_limit(1.5, name):
        value, gradients = answer_operation(f, arrays, G)
    check.value(value, expected, name=f"the value of {name} in a large case")
    for k, right in enumerate(rule(G, *arrays)):
        check.value(gradients[k], right, name=f"the gradient of {name} for operand {k + 1} in a large case")


### END HIDDEN TESTS

with check.score(10) as s:
    with s.part(2, "undo_broadcast"):
        data = check.rng("hw5_autodiff", "undo_broadcast")
        for shape in [(5,), (3, 1), (3, 5)]:
            compare_undo(data, (3, 5), shape)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "undo_broadcast", "hidden")
        for large, shape in [
            ((7, 3), (1,)),
            ((7, 3), (1, 3)),
            ((2, 5, 3), (5, 1)),
            ((2, 5, 3), (2, 1, 3)),
            ((1, 5), (5,)),
        ]:
            compare_undo(data, large, shape)
        ### END HIDDEN TESTS
    with s.part(1, "+"):
        data = check.rng("hw5_autodiff", "add")
        compare_operation("a + b", lambda a, b: a + b, [data.normal(size=(2, 3)), data.normal(size=(2, 3))], data)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "add", "hidden")
        compare_operation("a + (b + a)", lambda a, b: a + (b + a), list(data.normal(size=(2, 3, 2))), data)
        ### END HIDDEN TESTS
    with s.part(2, "*"):
        data = check.rng("hw5_autodiff", "mul")
        compare_operation("a * b", lambda a, b: a * b, [data.normal(size=(2, 3)), data.normal(size=(2, 3))], data)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "mul", "hidden")
        compare_operation("a * a * b", lambda a, b: a * a * b, list(data.normal(size=(2, 3, 2))), data)
        large = list(data.uniform(-1, 1, size=(2, 307, 211)))
        compare_large_operation("a * b", lambda a, b: a * b, lambda G, a, b: (G * b, G * a), large, data)
        ### END HIDDEN TESTS
    with s.part(1, "@"):
        data = check.rng("hw5_autodiff", "matmul")
        compare_operation("a @ b", lambda a, b: a @ b, [data.normal(size=(2, 3)), data.normal(size=(3, 2))], data)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "matmul", "hidden")
        compare_operation("a @ b", lambda a, b: a @ b, [data.normal(size=(3, 3)), data.normal(size=(3, 3))], data)
        compare_operation("a @ b", lambda a, b: a @ b, [data.normal(size=(1, 5)), data.normal(size=(5, 1))], data)
        large = [data.uniform(-1, 1, size=(307, 211)), data.normal(size=(211, 3))]
        compare_large_operation("a @ b", lambda a, b: a @ b, lambda G, a, b: (G @ b.T, a.T @ G), large, data)
        ### END HIDDEN TESTS
    with s.part(1, "-"):
        data = check.rng("hw5_autodiff", "sub")
        compare_operation("a - b", lambda a, b: a - b, [data.normal(size=(2, 3)), data.normal(size=(2, 3))], data)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "sub", "hidden")
        compare_operation("(a - b) - 3 * a", lambda a, b: (a - b) - 3 * a, list(data.normal(size=(2, 3, 2))), data)
        ### END HIDDEN TESTS
    with s.part(1, "/"):
        data = check.rng("hw5_autodiff", "truediv")
        compare_operation("a / b", lambda a, b: a / b, [away_from_zero(data, 2, 3), away_from_zero(data, 2, 3)], data)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "truediv", "hidden")
        compare_operation("a / b / b", lambda a, b: a / b / b, list(away_from_zero(data, 2, 3, 2)), data)
        ### END HIDDEN TESTS
    with s.part(2, "operands of different shapes, arrays and numbers"):
        data = check.rng("hw5_autodiff", "broadcast")
        compare_operation("a + b", lambda a, b: a + b, [data.normal(size=(3, 2)), data.normal(size=2)], data)
        compare_operation("2 * a", lambda a: 2.0 * a, [data.normal(size=(3, 2))], data)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "broadcast", "hidden")
        row, column, batch, one = (away_from_zero(data, *shape) for shape in [(3,), (2, 1), (2, 3), (1,)])
        compare_operation("a * b + c", lambda a, b, c: a * b + c, [one, batch, row], data)
        compare_operation("a + b", lambda a, b: a + b, [row, column], data)
        compare_operation("a - b", lambda a, b: a - b, [column, row], data)
        compare_operation("a / b", lambda a, b: a / b, [column, batch], data)
        compare_operation("a / b", lambda a, b: a / b, [batch, row], data)
        fixed = away_from_zero(data, 2, 3)
        compare_operation("array - a", lambda a: fixed - a, [row], data)
        compare_operation("array @ a / 2", lambda a: fixed @ a / 2.0, [data.normal(size=(3, 2))], data)
        compare_operation("a + 1", lambda a: a + 1.0, [row], data)
        compare_operation("a @ array", lambda a: a @ fixed, [data.normal(size=(3, 2))], data)
        compare_operation("1 / a", lambda a: 1.0 / a, [row], data)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 2: the order (4 points, 25 minutes, medium)
#
# On the way back a node may pass its gradient on only when the gradient is complete. So the nodes have to be put in a
# line. `topo(node)` returns a list of the node and all nodes that it was made from, directly or through others. Each
# node stands in it **once**, and **after all of its parents**. The node itself is the last. Nodes that do not lead to
# it are not in the list.
#
# There are several such orders, and each of them is right. A program may have thousands of steps in a row, so the
# function must not call itself once per step: Python stops at a depth of about 1000. The tests go down to 3011.
#
# **In the decks:** EECS545-F12 draws such a graph, without arrows that lead back. Its order is the forward pass.
#
# **Worked example.** For `a = Node(2); b = a * a; c = b + a`, the list `topo(c)` is `[a, b, c]`. Seen from `c`, the node
# `a` is found three times, and yet it is listed once. It comes before `b`, since `b` was made from it.
#
# `graph` and `order_of` are finished. `graph` builds nodes from a table, so that you can try any graph without
# operations: an arrow `(start, end, slope)` makes node `start` a parent of node `end`, with a vjp that multiplies by
# the slope.
#
# <details><summary>Hint 1</summary>Keep a list of nodes still to be looked at, and take the last one out again and
# again. This is what recursion does behind the scenes.</details>
#
# <details><summary>Hint 2</summary>Meet each node twice. The first time, put it back with a mark, and put its parents
# on top of it. The second time, all of its parents are listed, so list it, too.</details>


# %% grade_id="topo" role="solution"
def topo(node):
    """The node and all nodes it was made from, each once, parents first, itself last.

    node: a Node. Returns a list of nodes.
    """
    ### BEGIN SOLUTION
    listed, seen, waiting = [], set(), [(node, False)]
    while waiting:
        current, parents_are_listed = waiting.pop()
        if parents_are_listed:
            listed.append(current)
        elif current not in seen:
            seen.add(current)
            waiting.append((current, True))
            waiting += [(parent, False) for parent in current.parents]
    return listed
    ### END SOLUTION


def graph(values, arrows):
    """A list of nodes; values: their numbers; arrows: rows (start, end, slope) with start < end."""
    into = {}
    for start, end, slope in np.asarray(arrows, dtype=float).tolist():
        into.setdefault(int(end), []).append((int(start), slope))
    nodes = []
    for place, value in enumerate(values):
        parents = [nodes[start] for start, _ in into.get(place, [])]
        vjps = [lambda G, slope=slope: slope * G for _, slope in into.get(place, [])]
        nodes.append(Node(value, parents, vjps))
    return nodes


def order_of(values, arrows):
    """The values of the nodes in the order of topo, which is asked for the last node of the graph.

    values, arrows: as for graph.
    """
    return np.array([node.value[0] for node in topo(graph(values, arrows)[-1])])


# %% grade_id="test_topo" role="test" points=4
from coursekit import check


def compare_order(name, data, n_nodes, arrows):
    """Is your list an order of the graph below its last node? Values are random, so they tell nodes apart, no more."""
    values = data.permutation(n_nodes) + 1.0
    below = {n_nodes - 1}
    for start, end in reversed(arrows):
        if end in below:
            below.add(start)
    listed = order_of(values, np.array([(start, end, 1.0) for start, end in arrows]))
    if not check.shape(listed, (len(below),), name=f"the list of {name}"):
        return
    place_of = {value: place for place, value in enumerate(listed)}
    all_there = all(values[node] in place_of for node in below)
    check.value(all_there, True, name=f"each node once, in the list of {name} (1 for yes)")
    if all_there:
        in_order = all(place_of[values[start]] < place_of[values[end]] for start, end in arrows if end in below)
        check.value(in_order, True, name=f"parents first, in the list of {name} (1 for yes)")


with check.score(4) as s:
    with s.part(1, "shared nodes"):
        data = check.rng("hw5_autodiff", "topo")
        compare_order("a diamond", data, 4, [(0, 1), (0, 2), (1, 3), (2, 3)])
        compare_order("a * a + a", data, 3, [(0, 1), (0, 1), (0, 2), (1, 2)])
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "topo", "hidden", "shared")
        compare_order("two diamonds", data, 7, [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (3, 5), (4, 6), (5, 6)])
        compare_order("a node alone", data, 1, [])
        compare_order("a graph beside another", data, 6, [(0, 2), (1, 2), (0, 3), (2, 4), (1, 5), (2, 5)])
        ### END HIDDEN TESTS
    with s.part(2, "shortcuts"):
        data = check.rng("hw5_autodiff", "topo", "shortcuts")
        compare_order("a long way and a short one", data, 4, [(0, 1), (1, 2), (0, 3), (2, 3)])
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "topo", "hidden", "shortcuts")
        compare_order("a short way and a long one", data, 5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (1, 4)])
        for n_nodes in (7, 11):
            pairs = [(start, end) for end in range(n_nodes) for start in range(end) if data.random() < 0.4]
            compare_order("a graph at random", data, n_nodes, [*pairs, (0, n_nodes - 1), (n_nodes - 2, n_nodes - 1)])
        ### END HIDDEN TESTS
    with s.part(1, "large graphs"):
        data = check.rng("hw5_autodiff", "topo", "large")
        with check.time_limit(1.5, "topo"):
            compare_order("30 doublings", data, 31, [(k, k + 1) for k in range(30) for _ in "ab"])
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "topo", "hidden", "large")
        with check.time_limit(1.5, "topo"):
            compare_order("a chain of 3011 nodes", data, 3011, [(k, k + 1) for k in range(3010)])
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 3: backward (8 points, 30 minutes, medium)
#
# `backward(order)` gets the list that `topo` returns: parents first, the result last. The result is a single number,
# $\mathcal L$. Afterwards `node.grad` of each node in the list is $\partial\mathcal L/\partial\,\texttt{node}$, in the
# shape of its value. For a node $v$ with children $c$, the nodes made from it,
#
# $$\frac{\partial\mathcal L}{\partial v}=\sum_{\text{arrows } v\to c}\mathrm{vjp}_{v\to c}
# \Bigl(\frac{\partial\mathcal L}{\partial c}\Bigr), \qquad \frac{\partial\mathcal L}{\partial\mathcal L}=1 .$$
#
# | step | what happens |
# |---|---|
# | clear | every `grad` becomes zero, whatever an earlier call has left there |
# | start | the `grad` of the result becomes 1 |
# | sweep | from the end of the list to its front, each node **adds** a contribution to each of its parents |
#
# The function returns nothing. Node $y$ in $y\cdot y$ has two arrows to one child and gets both contributions.
#
# **In the decks:** CSC561-E25 and E26 give the contribution of *one* product to each of its factors. Read them with
# `+=`: all products that use $y_j$ contribute, as in the sum of CSC561-E13.
#
# **Worked example.** `a = Node(2); b = a * a; c = b + a` and then `backward([a, b, c])` leave `c.grad` 1, `b.grad` 1 and
# `a.grad` $1 + 2 + 2 = 5$: one from the sum, and two times two from the product. Indeed, $a^2+a$ has the slope $2a+1=5$.
#
# <details><summary>Hint 1</summary>Three loops, one for each step, in this order.</details>
#
# <details><summary>Hint 2</summary>zip(node.parents, node.vjps) pairs each parent with its rule. Write
# parent.grad = parent.grad + ..., which makes a new array and so cannot change one that is used elsewhere.</details>


# %% grade_id="backward" role="solution"
def backward(order):
    """Leave in the grad of each node the gradient of the last node, which is a single number.

    order: a list of nodes, parents first, as topo returns it.
    """
    ### BEGIN SOLUTION
    for node in order:
        node.grad = np.zeros_like(node.value)
    order[-1].grad = np.ones_like(order[-1].value)
    for node in reversed(order):
        for parent, vjp in zip(node.parents, node.vjps, strict=True):
            parent.grad = parent.grad + vjp(node.grad)
    ### END SOLUTION


def gradients_of(values, arrows, sweeps):
    """The gradients of all nodes of a graph as an array.

    values, arrows: as for graph; sweeps: how many calls of backward.
    """
    nodes = graph(values, arrows)
    for _ in range(sweeps):
        backward(nodes)
    return np.array([node.grad[0] for node in nodes])


# %% grade_id="test_backward" role="test" points=8
from coursekit import check


def swept(n_nodes, arrows, overwrite=False):
    """The gradients of all nodes by the formula above, or with `=` for `+=`."""
    grad = np.zeros(n_nodes)
    grad[-1] = 1.0
    for node in reversed(range(n_nodes)):
        for begin, end, slope in arrows:
            if end == node:
                grad[int(begin)] = slope * grad[node] + (0.0 if overwrite else grad[int(begin)])
    return grad


def explain_sweep(n_nodes, arrows):
    """Explain wrong gradients by contributions that were overwritten."""
    overwritten = swept(n_nodes, arrows, overwrite=True)

    def explain(name, got):
        if not np.allclose(got, overwritten, rtol=1e-5):
            return None
        hints = (
            "Look at the line that hands a contribution to a parent.",
            "A node that is used twice gets two contributions, and they add up.",
            "parent.grad = parent.grad + vjp(node.grad)",
        )
        return check.bugs.Explanation(
            "overwritten", f"In {name} a later contribution replaces the earlier ones: add them up.", hints
        )

    return explain


def compare_gradients(name, data, n_nodes, pairs):
    """The gradients of your sweep on a graph with random slopes on its arrows."""
    slopes = data.uniform(0.5, 1.5, size=len(pairs)) * data.choice([-1.0, 1.0], size=len(pairs))
    arrows = np.column_stack([np.array(pairs, dtype=float), slopes])
    got = gradients_of(data.normal(size=n_nodes), arrows, 1)
    why = explain_sweep(n_nodes, arrows)
    check.value(got, swept(n_nodes, arrows), name=f"the array of gradients of {name}", explain=why)


def compare_sweeps(data, n_nodes, pairs):
    """A second call must find what the first one found."""
    arrows = np.column_stack([np.array(pairs, dtype=float), data.uniform(0.5, 1.5, size=len(pairs))])
    values = data.normal(size=n_nodes)
    once, twice = (gradients_of(values, arrows, sweeps) for sweeps in (1, 2))
    right = swept(n_nodes, arrows)

    def explain(name, got):
        if not np.allclose(once, right, rtol=1e-5):
            return explain_sweep(n_nodes, arrows)(name, got)
        hints = (
            "Look at the first step of the table.",
            "Every call starts from zero gradients.",
            "for node in order: node.grad = np.zeros_like(node.value)",
        )
        return check.bugs.Explanation("accumulated", f"{name} still holds gradients of the call before.", hints)

    check.value(twice, right, name="the array of gradients after a second call", explain=explain)


### BEGIN HIDDEN TESTS
def compare_arrays(data):
    """Nodes that hold arrays: sum(B * A) + sum(A) + sum(A^2), with rules made here."""
    A, B = data.normal(size=(2, 3, 5))
    a, b = Node(A), Node(B)
    product = Node(A * B, (a, b), (lambda G: G * B, lambda G: G * A))
    square = Node(A * A, (a, a), (lambda G: G * A, lambda G: G * A))
    total = Node(
        np.sum(A * B + A + A * A), (product, a, square), [lambda G, shape=A.shape: G * np.ones(shape) for _ in "abc"]
    )
    backward([a, b, product, square, total])
    check.value(a.grad, B + 1 + 2 * A, name="the gradient of an array that is used four times")
    check.value(b.grad, A, name="the gradient of an array that is used once")
    check.value(product.grad, np.ones((3, 5)), name="the gradient of an array in the middle")
    check.value(total.grad, np.ones(1), name="the gradient of the result")


def compare_relus(data, z):
    """relu(z) - relu(-z) away from 0, where it is z."""
    up, down = float(z > 0), float(z < 0)
    arrows = np.array([(0, 1, up), (0, 2, -1.0), (2, 3, down), (1, 4, 1.0), (3, 4, -1.0)])
    got = gradients_of(np.array([z, max(z, 0.0), -z, max(-z, 0.0), z]), arrows, 1)
    check.value(
        got, swept(5, arrows), name="the array of gradients of relu(z) - relu(-z)", explain=explain_sweep(5, arrows)
    )


### END HIDDEN TESTS

with check.score(8) as s:
    with s.part(2, "each value used once"):
        data = check.rng("hw5_autodiff", "backward", "chain")
        compare_gradients("a chain", data, 4, [(0, 1), (1, 2), (2, 3)])
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "backward", "hidden", "chain")
        compare_gradients("a tree", data, 7, [(0, 4), (1, 4), (2, 5), (3, 5), (4, 6), (5, 6)])
        compare_gradients("a node with its parent", data, 2, [(0, 1)])
        ### END HIDDEN TESTS
    with s.part(3, "values used more than once"):
        data = check.rng("hw5_autodiff", "backward", "shared")
        compare_gradients("y * y", data, 2, [(0, 1), (0, 1)])
        compare_gradients("a diamond", data, 4, [(0, 1), (0, 2), (1, 3), (2, 3)])
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "backward", "hidden", "shared")
        compare_gradients("a fork in the middle", data, 5, [(0, 1), (1, 2), (1, 3), (2, 4), (3, 4), (1, 4)])
        compare_relus(data, 0.7)
        compare_relus(data, -1.3)
        with check.time_limit(1.5, "backward"):
            compare_gradients("30 doublings", data, 31, [(k, k + 1) for k in range(30) for _ in "ab"])
        ### END HIDDEN TESTS
    with s.part(1, "a second call"):
        data = check.rng("hw5_autodiff", "backward", "again")
        compare_sweeps(data, 3, [(0, 1), (0, 2), (1, 2)])
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "backward", "hidden", "again")
        compare_sweeps(data, 5, [(0, 1), (1, 2), (0, 3), (2, 4), (3, 4)])
        ### END HIDDEN TESTS
    with s.part(2, "arrays"):
        data = check.rng("hw5_autodiff", "backward", "arrays")
        A = data.normal(size=(2, 3))
        a = Node(A)
        total = Node(np.sum(A), (a,), (lambda G: G * np.ones((2, 3)),))
        backward([a, total])
        check.value(a.grad, np.ones((2, 3)), name="the gradient of an array for the sum of its entries")
        ### BEGIN HIDDEN TESTS
        compare_arrays(check.rng("hw5_autodiff", "backward", "hidden", "arrays"))
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 4: more operations (10 points, 40 minutes, medium)
#
# Each function takes one node and returns one node. The value of the new node and its vjp:
#
# | function | value, for `a.value` $= Z$ | vjp of $G$ | shapes |
# |---|---|---|---|
# | `sigmoid(a)` | $A=1/(1+e^{-Z})$ | $G\odot A\odot(1-A)$ | any, kept |
# | `tanh(a)` | $A=\tanh Z$ | $G\odot(1-A^2)$ | any, kept |
# | `relu(a)` | $\max(Z, 0)$ | $G$ where $Z>0$, 0 where $Z<0$ | any, kept |
# | `exp(a)` | $A=e^Z$ | $G\odot A$ | any, kept |
# | `log(a)` | $\log Z$, for $Z>0$ | $G/Z$ | any, kept |
# | `softmax(a)` | $P$, each row a softmax | $P_{nk}\,(G_{nk}-\sum_j G_{nj}P_{nj})$ | (N, K) to (N, K) |
# | `row_max(a)` | the largest entry of each row | $G_n$ to the largest entry, 0 to the others | (N, D) to (N, 1) |
# | `row_product(a)` | the product of each row | to entry $d$: $G_n$ times all *other* entries | (N, D) to (N, 1) |
#
# Four places need care.
#
# * `relu` has a kink at 0. Any slope in $[0, 1]$ is accepted there; the house value is 0.
# * `softmax` meets logits from -1000 to 1000 and must stay finite: subtract the largest of each row first.
# * `row_max` has a kink where entries tie. There the weights may be shared among the **tied** entries in any way, if
#   each is in $[0, 1]$ and they **sum to 1**.
# * `row_product` meets zeros. Do not divide the whole product by an entry.
#
# **In the decks:** CSC561-C22 says that max has the derivative 1 for the largest input. At a tie, 1 for every tied input
# is wrong: if two tied inputs both grow by 0.1, their maximum grows by 0.1 and not by 0.2. The units of CSC561-E23
# multiply two inputs; here a row may have any number of them.
#
# **Worked examples.** `row_max` of $(1,\ 3,\ 3)$ is 3. With $G=2$ the vjp gives $(0,\ 2,\ 0)$, or $(0,\ 1,\ 1)$, or
# $(0,\ 0,\ 2)$, but not $(0,\ 2,\ 2)$. `row_product` of $(2,\ 0,\ 5)$ is 0, and with $G=1$ the vjp gives
# $(0,\ 10,\ 0)$. `log` at 0.5 with $G=3$ gives 6. `softmax` of $(0,\ \log 3)$ is $(0.25,\ 0.75)$, and with $G=(4,\ 0)$
# the vjp gives $(0.75,\ -0.75)$.
#
# You can try each one: `try_rule(row_max, [np.array([[1.0, 3.0, 3.0]])], np.array([[2.0]]))`.
#
# <details><summary>Hint 1</summary>Compute the value first, give it a name, and let the lambda use that name: the
# forward pass remembers for the backward pass.</details>
#
# <details><summary>Hint 2</summary>argmax returns one place in each row, the first of those that tie. Compare
# np.arange(D) with it to get a mask.</details>
#
# <details><summary>Hint 3</summary>The product of all others: for each d, delete column d and take the product of the
# rest.</details>


# %% grade_id="operations" role="solution"
def sigmoid(a):
    """The sigmoid of each entry; a: a node of any shape."""
    ### BEGIN SOLUTION
    A = 1 / (1 + np.exp(-a.value))
    return Node(A, (a,), (lambda G: G * A * (1 - A),))
    ### END SOLUTION


def tanh(a):
    """The hyperbolic tangent of each entry; a: a node of any shape."""
    ### BEGIN SOLUTION
    A = np.tanh(a.value)
    return Node(A, (a,), (lambda G: G * (1 - A**2),))
    ### END SOLUTION


def relu(a):
    """The larger of each entry and 0; a: a node of any shape."""
    ### BEGIN SOLUTION
    above = a.value > 0  # equivalent: comparison changed: at 0 every slope in [0, 1] is right
    return Node(np.maximum(a.value, 0), (a,), (lambda G: G * above,))
    ### END SOLUTION


def exp(a):
    """The exponential of each entry; a: a node of any shape."""
    ### BEGIN SOLUTION
    A = np.exp(a.value)
    return Node(A, (a,), (lambda G: G * A,))
    ### END SOLUTION


def log(a):
    """The natural logarithm of each entry; a: a node of any shape, all entries positive."""
    ### BEGIN SOLUTION
    return Node(np.log(a.value), (a,), (lambda G: G / a.value,))
    ### END SOLUTION


def softmax(a):
    """The softmax of each row; a: a node (N, K), logits between -1000 and 1000."""
    ### BEGIN SOLUTION
    E = np.exp(a.value - a.value.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return Node(P, (a,), (lambda G: P * (G - (G * P).sum(axis=1, keepdims=True)),))
    ### END SOLUTION


def row_max(a):
    """The largest entry of each row, as a node (N, 1); a: a node (N, D)."""
    ### BEGIN SOLUTION
    first = np.arange(a.value.shape[1]) == a.value.argmax(axis=1)[:, None]
    return Node(a.value.max(axis=1, keepdims=True), (a,), (lambda G: G * first,))
    ### END SOLUTION


def row_product(a):
    """The product of the entries of each row, as a node (N, 1); a: a node (N, D)."""
    ### BEGIN SOLUTION
    others = [np.delete(a.value, d, axis=1).prod(axis=1) for d in range(a.value.shape[1])]
    return Node(a.value.prod(axis=1, keepdims=True), (a,), (lambda G: G * np.stack(others, axis=1),))
    ### END SOLUTION


# %% grade_id="test_operations" role="test" points=10
from coursekit import check, engine


def answer_rule(f, Z, G):
    """Value and gradient of your operation; both arguments must come back as they were."""
    given = Z.copy()
    with check.unchanged(Z=given, G=G):
        value, (dZ,) = try_rule(f, [given], G)
    return value, dZ


def compare_rule(name, f, reference, Z, data, why=None):
    """Your operation against a reference on arrays and its central differences."""
    expected = reference(Z)
    G = data.normal(size=expected.shape)
    value, dZ = answer_rule(f, Z, G)
    check.value(value, expected, name=f"the value of {name}")
    explain = why(G, Z) if why else None
    check.gradient(
        dZ, lambda V: np.sum(G * reference(V)), at=Z, name=f"the gradient of {name}", batch=len(Z), explain=explain
    )


def clear_of_zero(data, *shape):
    """Numbers of both signs, none closer to 0 than 0.02."""
    Z = data.normal(size=shape)
    return Z + np.where(Z < 0, -0.02, 0.02)


def clear_of_ties(data, N, D):
    """Rows whose entries are at least 0.25 apart."""
    return 0.5 * data.permuted(np.tile(np.arange(D), (N, 1)), axis=1) + data.uniform(-0.125, 0.125, size=(N, D))


def largest_of_rows(Z):
    """The largest entry of each row, (N, 1)."""
    return Z.max(axis=1, keepdims=True)


def product_of_rows(Z):
    """The product of each row, (N, 1)."""
    return Z.prod(axis=1, keepdims=True)


def explain_sigmoid(G, Z):
    """Explain a wrong gradient of sigmoid."""
    return check.bugs.activation(G, Z, engine.sigmoid)


def explain_tanh(G, Z):
    """Explain a wrong gradient of tanh."""
    return check.bugs.activation(G, Z, engine.tanh)


def explain_relu(G, Z):
    """Explain a wrong gradient of relu."""
    return check.bugs.activation(G, Z, engine.relu)


def explain_softmax(G, Z):
    """Explain a wrong gradient of softmax."""
    return check.bugs.softmax(G, engine.softmax(Z))


def explain_ties(G, Z):
    """Explain a wrong gradient of the maximum by the derivative 1 for every tied entry."""
    everyone = G * (largest_of_rows(Z) == Z)

    def explain(name, got):
        if got.shape != everyone.shape or not np.allclose(got, everyone, rtol=1e-5):
            return None
        hints = (
            "Look at what your rule gives to entries that share the first place.",
            "If all tied entries grow by 0.1, the maximum grows by 0.1: the weights have to sum to 1.",
            "let argmax choose one entry, or divide the mask by its sum along the row",
        )
        return check.bugs.Explanation(
            "tied_maximum", f"{name} gives the whole slope to every tied entry; their weights must sum to 1.", hints
        )

    return explain


def compare_ties(Z, data):
    """At a tie: weights in [0, 1] on the tied entries that sum to 1."""
    G = clear_of_zero(data, len(Z), 1)
    value, dZ = answer_rule(row_max, Z, G)
    check.value(value, largest_of_rows(Z), name="the value of row_max at ties")
    if check.shape(dZ, Z.shape, name="the gradient of row_max at ties"):
        weights = np.clip(dZ / G, 0, largest_of_rows(Z) == Z)
        right = G * weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
        check.value(dZ, right, name="the gradient of row_max at ties", explain=explain_ties(G, Z))


### BEGIN HIDDEN TESTS
def compare_large_rule(name, f, expected, rule, Z, data):
    """Too many entries to difference one at a time, against a formula."""
    G = data.uniform(-1, 1, size=expected.shape)
    with check.time_limit(1.5, name):
        value, (dZ,) = try_rule(f, [Z], G)
    check.value(value, expected, name=f"the value of {name} for a large array")
    check.value(dZ, rule(G), name=f"the gradient of {name} for a large array")


def compare_relu_near_zero(data):
    """So close to 0 that differences would straddle the kink; and exactly at 0, where any slope in [0, 1] is right."""
    Z, G = 10.0 ** -np.array([[3, 6, 9], [2, 5, 12]]) * np.array([[1], [-1]]), data.normal(size=(2, 3))
    check.value(answer_rule(relu, Z, G)[1], G * (Z > 0), name="the gradient of relu next to 0")
    dZ = answer_rule(relu, np.zeros((2, 3)), G)[1]
    if check.shape(dZ, G.shape, name="the gradient of relu at 0"):
        check.value(dZ, np.clip(dZ, np.minimum(G, 0), np.maximum(G, 0)), name="the gradient of relu at 0")


def hidden_data(name):
    """A generator for the hidden checks of one operation."""
    return check.rng("hw5_autodiff", "operations", "hidden", name)


### END HIDDEN TESTS

with check.score(10) as s:
    data = check.rng("hw5_autodiff", "operations")
    with s.part(1, "sigmoid"):
        compare_rule("sigmoid", sigmoid, engine.sigmoid, data.normal(size=(2, 3)), data, explain_sigmoid)
        ### BEGIN HIDDEN TESTS
        data = hidden_data("sigmoid")
        compare_rule("sigmoid", sigmoid, engine.sigmoid, 2 * data.normal(size=(5, 3)), data, explain_sigmoid)
        Z = data.uniform(-2, 2, size=(211, 151))
        A = engine.sigmoid(Z)
        compare_large_rule("sigmoid", sigmoid, A, lambda G: G * A * (1 - A), Z, data)
        ### END HIDDEN TESTS
    with s.part(1, "tanh"):
        compare_rule("tanh", tanh, np.tanh, data.normal(size=(2, 3)), data, explain_tanh)
        ### BEGIN HIDDEN TESTS
        data = hidden_data("tanh")
        compare_rule("tanh", tanh, np.tanh, data.normal(size=(1, 7)), data, explain_tanh)
        Z = data.uniform(-2, 2, size=(211, 151))
        compare_large_rule("tanh", tanh, np.tanh(Z), lambda G: G / np.cosh(Z) ** 2, Z, data)
        ### END HIDDEN TESTS
    with s.part(1, "relu"):
        compare_rule("relu", relu, engine.relu, clear_of_zero(data, 2, 3), data, explain_relu)
        ### BEGIN HIDDEN TESTS
        data = hidden_data("relu")
        compare_rule("relu", relu, engine.relu, clear_of_zero(data, 5, 3), data, explain_relu)
        compare_relu_near_zero(data)
        Z = data.uniform(0.02, 2, size=(307, 211)) * data.choice([-1.0, 1.0], size=211)
        compare_large_rule("relu", relu, engine.relu(Z), lambda G: G * (Z > 0), Z, data)
        ### END HIDDEN TESTS
    with s.part(1, "exp"):
        compare_rule("exp", exp, np.exp, data.normal(size=(2, 3)), data)
        ### BEGIN HIDDEN TESTS
        data = hidden_data("exp")
        compare_rule("exp", exp, np.exp, 2 * data.normal(size=(5, 3)), data)
        Z = data.uniform(-2, 2, size=(211, 151))
        compare_large_rule("exp", exp, np.exp(Z), lambda G: G * np.exp(Z), Z, data)
        ### END HIDDEN TESTS
    with s.part(1, "log"):
        compare_rule("log", log, np.log, data.uniform(0.5, 3, size=(2, 3)), data)
        ### BEGIN HIDDEN TESTS
        data = hidden_data("log")
        compare_rule("log", log, np.log, data.uniform(0.25, 5, size=(5, 3)), data)
        Z = data.uniform(0.25, 5, size=(211, 151))
        compare_large_rule("log", log, np.log(Z), lambda G: G / Z, Z, data)
        ### END HIDDEN TESTS
    with s.part(2, "softmax"):
        compare_rule("softmax", softmax, engine.softmax, data.normal(size=(2, 3)), data, explain_softmax)
        ### BEGIN HIDDEN TESTS
        data = hidden_data("softmax")
        for N, K in [(5, 3), (1, 5), (3, 1)]:
            compare_rule("softmax", softmax, engine.softmax, data.normal(size=(N, K)), data, explain_softmax)
        Z, G = np.array([[0.5, -1000.0, 0.25], [1000.0, 999.0, -1000.0]]), data.normal(size=(2, 3))
        P = engine.softmax(Z)
        value, dZ = answer_rule(softmax, Z, G)
        check.value(value, P, name="the value of softmax for logits near 1000")
        check.value(dZ, engine.softmax.vjp(G, Z, P), name="the gradient of softmax for logits near 1000")
        Z = data.uniform(-2, 2, size=(607, 47))
        P = engine.softmax(Z)
        compare_large_rule("softmax", softmax, P, lambda G: engine.softmax.vjp(G, Z, P), Z, data)
        ### END HIDDEN TESTS
    with s.part(2, "row_max"):
        compare_rule("row_max", row_max, largest_of_rows, clear_of_ties(data, 2, 3), data)
        compare_ties(np.array([[1.0, 3.0, 3.0], [2.0, 0.0, 1.0]]), data)
        ### BEGIN HIDDEN TESTS
        data = hidden_data("row_max")
        for N, D in [(5, 3), (1, 7), (3, 1)]:
            compare_rule("row_max", row_max, largest_of_rows, clear_of_ties(data, N, D), data)
        compare_ties(np.array([[-1.0, -1.0, -1.0, -2.0], [0.0, 5.0, 5.0, 5.0], [4.0, 1.0, 0.0, 4.0]]), data)
        Z = data.random(size=(1009, 53))
        compare_large_rule("row_max", row_max, largest_of_rows(Z), lambda G: G * (largest_of_rows(Z) == Z), Z, data)
        ### END HIDDEN TESTS
    with s.part(1, "row_product"):
        compare_rule("row_product", row_product, product_of_rows, clear_of_zero(data, 2, 3), data)
        ### BEGIN HIDDEN TESTS
        data = hidden_data("row_product")
        for N, D in [(5, 3), (1, 7), (3, 1)]:
            compare_rule("row_product", row_product, product_of_rows, clear_of_zero(data, N, D), data)
        Z = np.array([[2.0, 0.0, 5.0], [0.0, 0.0, 3.0], [1.5, -2.0, 0.5]])
        compare_rule("row_product with zeros", row_product, product_of_rows, Z, data)
        Z = data.uniform(0.8, 1.25, size=(1009, 29))
        products = product_of_rows(Z)
        compare_large_rule("row_product", row_product, products, lambda G: G * products / Z, Z, data)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 5: is it a subgradient? (2 points, 15 minutes, easy)
#
# A number $g$ is a **subgradient** of $f$ at $x$ if the line through $(x, f(x))$ with slope $g$ is nowhere above $f$:
#
# $$f(z)\ \ge\ f(x) + g\,(z-x)\qquad\text{for all } z .$$
#
# `is_subgradient(f, x, g)` returns `True` or `False`. `f` takes a number or an array of numbers, entry by entry; `x` and
# `g` are numbers. Here "all $z$" are the 601 points `np.linspace(-3, 3, 601)`. Call `f` once with the whole array. Let a
# point count as not above the curve if it exceeds it by no more than $10^{-9}$, for rounding.
#
# **In the decks:** CSC561-E27 writes $\Delta f(z)=\alpha\,\Delta z$ at the kink of ReLU. With the equality sign one
# $\alpha$ serves one side only; a subgradient needs "at least". CSC561-C19 says that any slope between 0 and 1 will
# do: true for ReLU alone. Where the curve bends downwards, as in $-|z|$, there is no subgradient at all.
#
# **Worked example.** $f(z)=|z|$ at $x=0$: $g=0.4$ is a subgradient, $g=1$ is one, $g=1.2$ is not, since at $z=1$ the line
# has the height 1.2 and the curve only 1. At $x=1$, $g=1$ is the only one.
#
# <details><summary>Hint</summary>Two arrays, one comparison, and np.all.</details>


# %% grade_id="is_subgradient" role="solution"
def is_subgradient(f, x, g):
    """Is the line of slope g through (x, f(x)) nowhere above f, at the 601 points of np.linspace(-3, 3, 601)?

    f: function of a number or an array, entry by entry; x, g: numbers. Returns True or False.
    """
    ### BEGIN SOLUTION
    z = np.linspace(-3, 3, 601)
    line = f(x) + g * (z - x)
    return bool(np.all(f(z) >= line - 1e-9))  # equivalent: comparison changed: the tolerance is there for rounding
    ### END SOLUTION


# %% grade_id="test_is_subgradient" role="test" points=2
from coursekit import check


def positive_part(z):
    """max(z, 0), which is relu."""
    return np.maximum(z, 0.0)


def compare_answers(name, f, x, answers):
    """Your answers for several slopes, given with the right ones."""
    for g, right in answers.items():
        got = is_subgradient(f, x, g)
        check.value(got, right, name=f"is {g} a subgradient of {name} at {x} (1 for yes)", reveal=False)


with check.score(2) as s:
    with s.part(1, "kinks that point down"):
        compare_answers("|z|", np.abs, 0.0, {0.4: True, 1.2: False})
        compare_answers("|z|", np.abs, 1.0, {1.0: True, 0.7: False})
        ### BEGIN HIDDEN TESTS
        compare_answers("relu(z)", positive_part, 0.0, {0.0: True, 0.3: True, -0.1: False, 1.1: False})
        compare_answers("relu(z)", positive_part, -0.5, {0.0: True, 0.1: False})
        compare_answers(
            "max(0.1 z, 0.7 z - 0.6)",
            lambda z: np.maximum(0.1 * z, 0.7 * z - 0.6),
            1.0,
            {0.1: True, 0.7: True, 0.05: False, 0.8: False},
        )
        ### END HIDDEN TESTS
    with s.part(1, "curves that are not convex"):
        compare_answers("-|z|", lambda z: -np.abs(z), 0.0, {0.0: False, 1.0: False})
        compare_answers(
            "z written as relu(z) - relu(-z)",
            lambda z: positive_part(z) - positive_part(-z),
            0.0,
            {1.0: True, 0.0: False},
        )
        ### BEGIN HIDDEN TESTS
        compare_answers("min(|z|, 1)", lambda z: np.minimum(np.abs(z), 1.0), 0.0, {0.3: True, 0.5: False, -0.5: False})
        compare_answers("min(|z|, |z - 2| + 1)", lambda z: np.minimum(np.abs(z), np.abs(z - 2) + 1), 2.0, {0.0: False})
        compare_answers("z^2 above -2.9, a pit below", lambda z: np.where(z < -2.9, -9.0, z * z), 0.0, {0.0: False})
        compare_answers("z^2 below 2.9, a pit above", lambda z: np.where(z > 2.9, -9.0, z * z), 0.0, {0.0: False})
        compare_answers(
            "z^2, with a pit beyond 3", lambda z: np.where(np.abs(z) > 3.005, -9.0, z * z), 0.0, {0.0: True}
        )
        for place, there, right in [(0.37, "at one of the points", False), (0.375, "between two of them", True)]:

            def narrow(z, place=place):
                return np.where(np.abs(z - place) < 1e-4, -9.0, z * z)

            compare_answers(f"z^2, with a narrow pit {there}", narrow, 0.0, {0.0: right})
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 6: a network of nodes (5 points, 20 minutes, easy)
#
# `mlp_loss(layers, X, T, tanh)` is the loss of a whole network, and now you write the forward pass only. `layers` is a
# list of pairs `(W, b)`, layer 1 first. Hidden layers bend with `tanh`, the last layer is linear:
#
# $$A^{(0)}=X,\qquad A^{(l)}=\tanh\bigl(A^{(l-1)}W^{(l)\top}+b^{(l)}\bigr)\ \text{for } l<L,\qquad
# Y=A^{(L-1)}W^{(L)\top}+b^{(L)},$$
#
# $$\mathcal L=\frac1N\sum_n\tfrac12\sum_k (Y_{nk}-T_{nk})^2 .$$
#
# | argument | what it is |
# |---|---|
# | `X`, `T` | arrays (N, n_0) and (N, n_L) |
# | `W`, `b` of layer $l$ | (n_l, n_{l-1}) and (n_l,), nodes **or** arrays |
# | `tanh` | the function to bend with, for nodes or for arrays |
#
# Use only operators, `.T`, `.sum()` and the `tanh` that you are handed. All of these work for nodes and for arrays alike, so
# your function does, too. With nodes it returns a node, and `backward` of exercise 3 then finds all gradients. With
# arrays and `np.tanh` it returns a number. The test calls it both ways.
#
# **In the decks:** EECS545-C25 stacks blocks of layers, EECS545-C26 says that the gradients follow by backpropagation on
# the graph. This is the same network as in exercise 5 of homework 4. There you wrote the gradients by hand.
#
# **Worked example.** One sample and width 1 throughout: $x=2$, $w_1=0.5$, $b_1=0$, $w_2=3$, $b_2=-1$, target 1. Then
# $a_1=\tanh 1=0.761594$, $y=1.284782$ and $\mathcal L=0.040550$. On nodes, the gradient of $w_2$ is
# $(y-1)\,a_1=0.216889$.
#
# <details><summary>Hint</summary>There is no power of nodes. A square is a node times itself.</details>


# %% grade_id="mlp_loss" role="solution"
def mlp_loss(layers, X, T, tanh):
    """The mean over the samples of half the squared error of a network, on nodes or on arrays.

    layers: list of pairs W (n_l, n_{l-1}), b (n_l,), nodes or arrays; X (N, n_0), T (N, n_L), arrays;
    tanh: function of a node or an array, used in all layers but the last.
    Returns a node with one entry, or a number.
    """
    ### BEGIN SOLUTION
    A = X
    for W, b in layers[:-1]:
        A = tanh(A @ W.T + b)
    W, b = layers[-1]
    error = A @ W.T + b - T  # equivalent: operands swapped: the sign is lost in the square
    return (error * error).sum() * (0.5 / len(X))
    ### END SOLUTION


# %% grade_id="test_mlp_loss" role="test" points=5
from itertools import pairwise

from coursekit import check, engine


def draw_layers(data, sizes):
    """Weights and biases at random, as arrays."""
    return [(data.normal(size=(m, n)) / np.sqrt(n), data.normal(size=m)) for n, m in pairwise(sizes)]


def compare_loss(data, sizes, N):
    """Your loss on arrays against the course's engine."""
    layers, X, T = draw_layers(data, sizes), data.normal(size=(N, sizes[0])), data.normal(size=(N, sizes[-1]))
    given = {"layers": [array.copy() for pair in layers for array in pair], "X": X.copy(), "T": T.copy()}
    with check.unchanged(**given):
        pairs = list(zip(given["layers"][::2], given["layers"][1::2], strict=True))
        value = mlp_loss(pairs, given["X"], given["T"], np.tanh)
    Ws, bs = ([pair[k] for pair in layers] for k in (0, 1))
    Y = engine.forward(X, Ws, bs, [engine.tanh] * (len(layers) - 1) + [engine.identity]).A[-1]
    check.value(value, engine.half_squared_error(Y, T), name="the loss on arrays", batch=N)


def bend(a):
    """tanh of a node of yours, with a rule made here."""
    A = np.tanh(a.value)
    return Node(A, (a,), (lambda G: G * (1 - A**2),))


def on_nodes(loss, layers, X, T):
    """Value and gradients of a loss on your nodes, layer after layer."""
    nodes = [(Node(W), Node(b)) for W, b in layers]
    result = loss(nodes, X, T, bend)
    return result.value, [sum_over_paths(result, np.ones(1), node) for pair in nodes for node in pair]


def loss_of_test(layers, X, T, tanh):
    """The same loss, written here: with it a mistake in your operations is not counted again."""
    A = X
    for W, b in layers[:-1]:
        A = tanh(A @ W.T + b)
    error = A @ layers[-1][0].T + layers[-1][1] - T
    return (error * error).sum() * (0.5 / len(X))


def compare_gradients_of_loss(data, sizes, N):
    """Your loss on your nodes: the same value and gradients as the test's own program has on them."""
    layers, X, T = draw_layers(data, sizes), data.normal(size=(N, sizes[0])), data.normal(size=(N, sizes[-1]))
    number = mlp_loss(layers, X, T, np.tanh)
    check.value(number, loss_of_test(layers, X, T, np.tanh), name="the loss on arrays", batch=N)
    try:
        expected, right = on_nodes(loss_of_test, layers, X, T)
    except Exception:
        return
    value, gradients = on_nodes(mlp_loss, layers, X, T)
    check.value(value, expected, name="the loss on nodes", batch=N)
    names = [f"the gradient of {name}{layer + 1}" for layer in range(len(layers)) for name in ("W", "b")]
    for name, got, gradient in zip(names, gradients, right, strict=True):
        check.value(got, gradient, name=name, batch=N)


with check.score(5) as s:
    with s.part(2, "the loss on arrays"):
        compare_loss(check.rng("hw5_autodiff", "mlp_loss"), [2, 5, 3], 7)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "mlp_loss", "hidden")
        for sizes, N in [([3, 2], 5), ([3, 7, 5, 2], 1), ([2, 1, 3, 5, 1], 11)]:
            compare_loss(data, sizes, N)
        ### END HIDDEN TESTS
    with s.part(3, "the gradients on nodes"):
        compare_gradients_of_loss(check.rng("hw5_autodiff", "mlp_loss", "nodes"), [2, 3, 1], 5)
        ### BEGIN HIDDEN TESTS
        data = check.rng("hw5_autodiff", "mlp_loss", "hidden", "nodes")
        compare_gradients_of_loss(data, [3, 5, 2, 2], 7)
        compare_gradients_of_loss(data, [2, 3], 1)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 7: learn XOR (1 point, 20 minutes, medium)
#
# Put everything together. `train_xor(seed)` starts from random numbers of `np.random.default_rng(seed)`, trains a network
# with tanh in its hidden layers by gradient descent, and returns its layers: a list of pairs `(W, b)` of **arrays**. For
# each of the four inputs the output must come within 0.2 of its target. The same seed must return the same network, and
# another seed another one.
#
# No single neuron can compute XOR, and a few hidden units with an unlucky start may get stuck on the way. Two remedies
# are simple: more hidden units, and a fresh start if the loss is still high after some steps. You may train with your
# engine, or in any other way with numpy: the point depends on the result alone. A seed must take less than 1.5 s.
#
# **In the decks:** a loss of this kind is not convex (CSC561-C21), so that gradient descent may end in different places
# from different starts.
#
# <details><summary>Hint 1</summary>One hidden layer of 8 units, a step length of 0.3, 300 steps. In each step:
# loss = mlp_loss(...), backward(topo(loss)), and then node.value = node.value - step * node.grad for the parameters.
# </details>
#
# <details><summary>Hint 2</summary>If the loss is below 0.005, every output is within 0.2: a half times a quarter times
# 0.2 squared is 0.005.</details>


# %% grade_id="train_xor" role="solution"
XOR_INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_TARGETS = np.array([[0.0], [1.0], [1.0], [0.0]])


def train_xor(seed):
    """Train a network with tanh in its hidden layers on XOR.

    seed: an integer. Returns a list of pairs W (n_l, n_{l-1}), b (n_l,) of arrays, layer 1 first.
    """
    ### BEGIN SOLUTION
    # So many random hidden units bend the plane in enough ways that the output layer alone has to learn.
    rng = np.random.default_rng(seed)
    W, b = rng.normal(size=(500, 2)), rng.normal(size=500)
    A = np.tanh(XOR_INPUTS @ W.T + b)
    V = np.zeros((1, 500))  # equivalent: other function: every start leads to the same outputs
    for _ in range(300):  # equivalent: off by one: one step more or less does not matter
        V -= 0.002 * (A @ V.T - XOR_TARGETS).T @ A
    return [(W, b), (V, np.zeros(1))]
    ### END SOLUTION


# %% grade_id="test_train_xor" role="test" points=1
from coursekit import check


def outputs(layers):
    """The outputs (4, 1) of the network that you returned."""
    A = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    for place, (W, b) in enumerate(layers, start=1):
        A = A @ np.asarray(W).T + np.asarray(b)
        A = A if place == len(layers) else np.tanh(A)
    return A


def trained(seed):
    """Your network for a seed, within its time, its outputs checked."""
    with check.time_limit(1.5, "train_xor"):
        layers = train_xor(seed)
    Y, T = outputs(layers), np.array([[0.0], [1.0], [1.0], [0.0]])
    if check.shape(Y, (4, 1), name="the array of outputs"):
        check.value(Y, np.clip(Y, T - 0.2, T + 0.2), name=f"the array of outputs for seed {seed}")
    return layers


with check.score(1) as s:
    with s.part(1, "XOR"):
        first = trained(0)
        ### BEGIN HIDDEN TESTS
        seed = int(check.rng("hw5_autodiff", "train_xor", "hidden").integers(1, 10**6))
        other = trained(seed)
        same = np.shape(first[0][0]) == np.shape(other[0][0]) and np.allclose(first[0][0], other[0][0])
        check.value(same, False, name="is W1 of another seed the same (1 for yes)", reveal=False)
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 8: find the bug (5 points, 35 minutes, hard)
#
# Somebody else wrote an engine with the eight operations of exercise 4, and **one** of its backward rules is wrong. You
# cannot read the code, but you can run it. `find_bug(run)` returns the name of the broken operation, one of `OPERATIONS`.
#
# `run(name, X, G)` takes the name of an operation and two arrays, and returns two arrays `(value, dX)`: the value of the
# operation for a node with the value `X`, and what its rule sends back for the gradient `G`. `X` has the shape (N, D),
# and `G` the shape of the value, which is (N, 1) for `row_max` and `row_product` and (N, D) for the others. All values
# are right. Only one rule is wrong, and it is wrong for almost every `X` with positive entries.
#
# The tool is the one that has judged all your gradients: compare with a difference quotient. It need not be taken for
# each coordinate. For a direction $V$ of the shape of `X` and a small $h$,
#
# $$\sum_{nd} dX_{nd}\,V_{nd}\ \approx\ \sum G\odot\frac{f(X+hV)-f(X-hV)}{2h} .$$
#
# Choose `X` with care: positive for `log`, no ties in a row. Choose `G` with care, too: an array of ones hides the faults of
# softmax, whose rows always sum to 1.
#
# **In the decks:** EECS545-C20 calls backpropagation a matter of local computations. So each rule can be tested alone.
#
# **Worked example.** Suppose that the rule of `exp` forgets its factor and returns `G`. At $X=1$, $G=1$, $V=1$ the left
# side is 1. The right side is $e=2.718282$. So the answer is `"exp"`.
#
# <details><summary>Hint 1</summary>Do not look for a threshold. Compute the error of all eight rules, and name the one with the
# largest.</details>
#
# <details><summary>Hint 2</summary>max(OPERATIONS, key=error) returns the name for which the function error is
# largest.</details>


# %% grade_id="find_bug" role="solution"
OPERATIONS = ("sigmoid", "tanh", "relu", "exp", "log", "softmax", "row_max", "row_product")


def find_bug(run):
    """The name of the operation whose backward rule is wrong, one of OPERATIONS.

    run: function of a name, X (N, D) and G, which returns the value and what the rule makes of G, (N, D).
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(5)  # equivalent: constant changed: every seed will do
    X = rng.uniform(0.5, 2, size=(3, 5))  # equivalent: constant changed: X has to be positive, no more
    V, G = rng.normal(size=(2, 3, 5))

    def error(name):
        weight = G[:, :1] if name.startswith("row") else G
        above, below = (run(name, X + h * V, weight)[0] for h in (1e-5, -1e-5))
        dX = run(name, X, weight)[1]
        return abs(np.sum(weight * (above - below)) / 2e-5 - np.sum(dX * V))  # equivalent: factor two: the order stays

    return max(OPERATIONS, key=error)
    ### END SOLUTION


# %% grade_id="test_find_bug" role="test" points=5
from coursekit import check, engine


# Values and right rules by name; the rules are functions of X, the value Y and the gradient G.
RIGHT = {
    "sigmoid": (engine.sigmoid, lambda X, Y, G: G * Y * (1 - Y)),
    "tanh": (np.tanh, lambda X, Y, G: G * (1 - Y**2)),
    "relu": (lambda X: np.maximum(X, 0), lambda X, Y, G: G * (X > 0)),
    "exp": (np.exp, lambda X, Y, G: G * Y),
    "log": (np.log, lambda X, Y, G: G / X),
    "softmax": (engine.softmax, lambda X, Y, G: engine.softmax.vjp(G, X, Y)),
    "row_max": (lambda X: X.max(axis=1, keepdims=True), lambda X, Y, G: G * (X == Y)),
    "row_product": (
        lambda X: X.prod(axis=1, keepdims=True),
        lambda X, Y, G: engine.product_units([range(X.shape[1])]).vjp(G, X, Y),
    ),
}
WRONG = {
    "sigmoid": [lambda X, Y, G: G * Y, lambda X, Y, G: G * X * (1 - X)],
    "tanh": [lambda X, Y, G: G * (1 - X**2), lambda X, Y, G: G * (1 - Y)],
    "relu": [lambda X, Y, G: G * (G > 0), lambda X, Y, G: G * X],
    "exp": [lambda X, Y, G: G, lambda X, Y, G: G * X],
    "log": [lambda X, Y, G: G / Y, lambda X, Y, G: G * X],
    "softmax": [lambda X, Y, G: G * Y * (1 - Y), lambda X, Y, G: Y * (G - G.sum(axis=1, keepdims=True))],
    "row_max": [lambda X, Y, G: G * (X[:, :1] == X), lambda X, Y, G: G * (X < Y)],
    "row_product": [lambda X, Y, G: G * Y, lambda X, Y, G: G * X],
}


def prepared(broken, kind):
    """An engine in which one rule is wrong."""

    def run(name, X, G):
        value, rule = RIGHT[name]
        Y = value(X)
        return Y, (WRONG[name][kind] if name == broken else rule)(X, Y, G)

    return run


def compare_answer(title, broken, kind):
    """Your answer for one engine."""
    answer = find_bug(prepared(broken, kind))
    if answer is None:
        check.value(None, 1, name=f"your answer for {title}")
    else:
        name = f"your answer {answer!r} for {title} (1 if it is the broken one)"
        check.value(answer == broken, True, name=name, reveal=False)


### BEGIN HIDDEN TESTS
# No engine of a part has the same fault as its visible one: the names are moved on by 1 to 7 places.
data = check.rng("hw5_autodiff", "find_bug", "hidden")
step, kinds = int(data.integers(1, 8)), data.integers(0, 2, size=5)
### END HIDDEN TESTS

with check.score(5) as s:
    with s.part(1, "engine 1"):
        compare_answer("engine 1", "exp", 0)
        ### BEGIN HIDDEN TESTS
        compare_answer("a hidden engine", OPERATIONS[(3 + step) % 8], kinds[0])
        ### END HIDDEN TESTS
    with s.part(1, "engine 2"):
        compare_answer("engine 2", "tanh", 0)
        ### BEGIN HIDDEN TESTS
        compare_answer("a hidden engine", OPERATIONS[(1 + step) % 8], kinds[1])
        ### END HIDDEN TESTS
    with s.part(1, "engine 3"):
        compare_answer("engine 3", "softmax", 0)
        ### BEGIN HIDDEN TESTS
        compare_answer("a hidden engine", OPERATIONS[(5 + step) % 8], kinds[2])
        ### END HIDDEN TESTS
    with s.part(1, "engine 4"):
        compare_answer("engine 4", "relu", 0)
        ### BEGIN HIDDEN TESTS
        compare_answer("a hidden engine", OPERATIONS[(2 + step) % 8], kinds[3])
        ### END HIDDEN TESTS
    with s.part(1, "engine 5"):
        compare_answer("engine 5", "row_product", 0)
        ### BEGIN HIDDEN TESTS
        compare_answer("a hidden engine", OPERATIONS[(7 + step) % 8], kinds[4])
        ### END HIDDEN TESTS
s

# %% [markdown]
# ## Exercise 9: in your own words (2 points outside the 200, 10 minutes)
#
# Answer in three to six sentences. A person reads and grades them.
#
# The program `relu(z) - relu(z * -1.0)` computes $z$ for every $z$, so its slope is 1 everywhere. Ask your engine for the
# slope at $z=0$. Why does it report another number, although no rule in it is wrong? What would it report if relu had the
# slope $\alpha$ at 0? And why does this hardly ever disturb the training of a network?

# %% [markdown] grade_id="explain_kink" role="explain" points=2
# ### BEGIN SOLUTION
# With the slope 0 for relu at its kink, both terms send back 0, so the engine reports 0. The chain rule multiplies and adds
# slopes, and it is exact only where each step has a slope. At $z=0$ both relus have a kink. Each rule returns one
# subgradient of its own function; but the second relu enters with a minus sign, where its kink points up, and a sum of
# such choices need not be the slope of the whole. With the slope $\alpha$ the engine reports
# $\alpha-(-1)\,\alpha=2\alpha$, which is right for $\alpha=\tfrac12$ only.
# In training, a pre-activation is exactly 0 with probability zero if inputs and weights are spread out like random real
# numbers. So kinks are hardly ever hit. The exceptions are zeros that were put there on purpose, such as inputs of zeros
# together with biases of zero.
# ### END SOLUTION
