# %% [markdown]
# Writes every rule as plain loops over the formula, with one number at a time.

# %% grade_id="node"
def undo_broadcast(G, shape):
    total = np.zeros(shape)
    extra = G.ndim - len(shape)
    for index in np.ndindex(G.shape):
        place = tuple(0 if length == 1 else i for i, length in zip(index[extra:], shape))
        total[place] += G[index]
    return total


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
        other = as_node(other)
        vjps = (lambda G: undo_broadcast(G, self.value.shape), lambda G: undo_broadcast(G, other.value.shape))
        return Node(self.value + other.value, (self, other), vjps)

    def __mul__(self, other):
        other = as_node(other)
        vjps = (
            lambda G: undo_broadcast(G * other.value, self.value.shape),
            lambda G: undo_broadcast(G * self.value, other.value.shape),
        )
        return Node(self.value * other.value, (self, other), vjps)

    def __matmul__(self, other):
        other = as_node(other)

        def product(P, Q):
            P, Q = P.tolist(), list(zip(*Q.tolist()))
            return np.array([[sum(p * q for p, q in zip(row, column)) for column in Q] for row in P])

        vjps = (lambda G: product(G, other.value.T), lambda G: product(self.value.T, G))
        return Node(product(self.value, other.value), (self, other), vjps)

    def __sub__(self, other):
        """This node - other, with broadcasting."""
        return self + as_node(other) * -1.0

    def __truediv__(self, other):
        """This node / other, entry by entry, with broadcasting."""
        other = as_node(other)
        quotient = self.value / other.value
        vjps = (
            lambda G: undo_broadcast(G / other.value, self.value.shape),
            lambda G: undo_broadcast(-G * quotient / other.value, other.value.shape),
        )
        return Node(quotient, (self, other), vjps)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rmatmul__(self, other):
        return as_node(other) @ self

    def __rsub__(self, other):
        return as_node(other) - self

    def __rtruediv__(self, other):
        return as_node(other) / self


def as_node(value):
    """The value itself if it is a node, else a node without parents."""
    return value if isinstance(value, Node) else Node(value)


def sum_over_paths(result, G, node):
    """The gradient of sum(G * result.value) with respect to a node: one contribution for each path, added up."""
    if result is node:
        return G
    return sum(sum_over_paths(parent, vjp(G), node) for parent, vjp in zip(result.parents, result.vjps, strict=True))


def try_rule(f, arrays, G):
    """The value of f on nodes of these arrays, and a list with the gradient of sum(G * value) for each array."""
    nodes = [Node(array) for array in arrays]
    result = f(*nodes)
    return result.value, [sum_over_paths(result, G, node) for node in nodes]


# %% grade_id="operations"
def sigmoid(a):
    """The sigmoid of a node, entry by entry."""
    A = 1 / (1 + np.exp(-a.value))
    return Node(A, (a,), (lambda G: G * A * (1 - A),))


def tanh(a):
    """The hyperbolic tangent of a node, entry by entry."""
    A = np.tanh(a.value)
    return Node(A, (a,), (lambda G: G * (1 - A**2),))


def relu(a):
    """The larger of each entry of a node and 0."""
    return Node(np.maximum(a.value, 0), (a,), (lambda G: G * (a.value > 0),))


def exp(a):
    """The exponential of a node, entry by entry."""
    A = np.exp(a.value)
    return Node(A, (a,), (lambda G: G * A,))


def log(a):
    """The natural logarithm of a node with positive entries, entry by entry."""
    return Node(np.log(a.value), (a,), (lambda G: G / a.value,))


def softmax(a):
    P = np.zeros(a.value.shape)
    for n, row in enumerate(a.value):
        weights = np.exp(row - max(row))
        P[n] = weights / sum(weights)

    def back(G):
        dZ = np.zeros(P.shape)
        for n in range(len(P)):
            mean = sum(g * p for g, p in zip(G[n], P[n]))
            for k in range(P.shape[1]):
                dZ[n, k] = P[n, k] * (G[n, k] - mean)
        return dZ

    return Node(P, (a,), (back,))


def row_max(a):
    places = [list(row).index(max(row)) for row in a.value.tolist()]

    def back(G):
        dZ = np.zeros(a.value.shape)
        for n, place in enumerate(places):
            dZ[n, place] = G[n, 0]
        return dZ

    return Node([[a.value[n, place]] for n, place in enumerate(places)], (a,), (back,))


def row_product(a):
    rows = a.value.tolist()

    def product(numbers):
        result = 1.0
        for number in numbers:
            result *= number
        return result

    def back(G):
        return np.array(
            [[g * product(row[:d] + row[d + 1 :]) for d in range(len(row))] for g, row in zip(G[:, 0].tolist(), rows)]
        )

    return Node([[product(row)] for row in rows], (a,), (back,))


# %% grade_id="is_subgradient"
def is_subgradient(f, x, g):
    grid = np.linspace(-3, 3, 601)
    start = f(x)
    for z, height in zip(grid, f(grid)):
        if height < start + g * (z - x) - 1e-9:
            return False
    return True
