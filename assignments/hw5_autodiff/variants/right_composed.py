# %% [markdown]
# Puts operations together from others where that is possible, and shares ties equally.

# %% grade_id="node"
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
        """This node + other, with broadcasting."""
        other = as_node(other)
        vjps = (lambda G: undo_broadcast(G, self.value.shape), lambda G: undo_broadcast(G, other.value.shape))
        return Node(self.value + other.value, (self, other), vjps)

    def __mul__(self, other):
        """This node * other, entry by entry, with broadcasting."""
        other = as_node(other)
        vjps = (
            lambda G: undo_broadcast(G * other.value, self.value.shape),
            lambda G: undo_broadcast(G * self.value, other.value.shape),
        )
        return Node(self.value * other.value, (self, other), vjps)

    def __matmul__(self, other):
        """This node (N, D) @ other (D, M)."""
        other = as_node(other)
        vjps = (lambda G: G @ other.value.T, lambda G: self.value.T @ G)
        return Node(self.value @ other.value, (self, other), vjps)

    def __sub__(self, other):
        return self + (-1) * as_node(other)

    def __truediv__(self, other):
        other = as_node(other)
        inverse = Node(1 / other.value, (other,), (lambda G: -G / other.value**2,))
        return self * inverse

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
    return 1.0 / (1.0 + exp(-1.0 * a))


def tanh(a):
    return 2.0 * sigmoid(2.0 * a) - 1.0


def relu(a):
    return a * (np.sign(a.value) + 1) * 0.5


def exp(a):
    """The exponential of a node, entry by entry."""
    A = np.exp(a.value)
    return Node(A, (a,), (lambda G: G * A,))


def log(a):
    """The natural logarithm of a node with positive entries, entry by entry."""
    return Node(np.log(a.value), (a,), (lambda G: G / a.value,))


def softmax(a):
    E = exp(a - a.value.max(axis=1, keepdims=True))
    return E / (E @ np.ones((a.value.shape[1], 1)))


def row_max(a):
    largest = a.value.max(axis=1, keepdims=True)
    tied = a.value == largest
    weights = tied / tied.sum(axis=1, keepdims=True)
    return Node(largest, (a,), (lambda G: G * weights,))


def row_product(a):
    """The product of the entries of each row of a node (N, D), as a node (N, 1)."""
    others = [np.delete(a.value, d, axis=1).prod(axis=1) for d in range(a.value.shape[1])]
    return Node(a.value.prod(axis=1, keepdims=True), (a,), (lambda G: G * np.stack(others, axis=1),))
